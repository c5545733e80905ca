//! Making and changing templates.

use serde_json::Value;
use sociogram_api_core::Finding;
use sociogram_oauth_core::scope;

use super::answers::{CreatedTemplate, UpsertedTemplates};
use super::component::TemplateComponent;
use super::limits;
use super::{ParameterFormat, TemplateCategory};
use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::{MessageTemplateId, WhatsAppAccountId};

endpoint! {
    /// Makes a template, or takes one from Meta's library: `POST /{waba_id}/message_templates`.
    ///
    /// It can be sent once Meta has approved it. Meta may give it another category than asked for. The name is made
    /// of `a-z`, `0-9` and `_`; an account has 250 templates before the business is verified and 6,000 after.
    /// Needs `whatsapp_business_management`. (Message Templates: Create)
    pub struct CreateTemplate -> CreatedTemplate;
    "whatsapp.templates.create": POST "/{waba_id}/message_templates", Never, [scope::WHATSAPP_BUSINESS_MANAGEMENT], Json;
    new { waba_id: WhatsAppAccountId, name: String, language: String, category: TemplateCategory }
    with {
        /// The parts. Left out for a template of the library.
        components: Vec<TemplateComponent>,
        /// Whether the variables have numbers (as unless set) or names.
        parameter_format: ParameterFormat,
        /// For how many seconds Meta tries to deliver it: 30 to 900 for passwords, up to 43,200 for the others.
        message_send_ttl_seconds: i64,
        /// What it is for, in more detail: `ORDER_DETAILS`, `ORDER_STATUS`.
        sub_category: String,
        /// Whether Meta counts the clicks on its links.
        cta_url_link_tracking_opted_out: bool,
        /// Takes this template of Meta's library; it is approved at once.
        library_template_name: String,
        /// What the library's template needs for its buttons, as the library's documentation has it.
        library_template_button_inputs: Vec<Value>,
        /// What the library's template needs for its body, as the library's documentation has it.
        library_template_body_inputs: Value,
        /// Whether Meta may adapt the template, as its documentation has it.
        degrees_of_freedom_spec: Value,
    }
    subject waba_id;
    checked by check;
}

impl CreateTemplate {
    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut found: Vec<Finding> = limits::check_name(&self.name).into_iter().collect();
        match &self.components {
            Some(components) => found.extend(limits::check_components(components, false)),
            None if self.library_template_name.is_none() => found.push(
                Finding::error("whatsapp.template.empty", "components", "the template has no parts")
                    .advice("add a body, or name a template of the library"),
            ),
            None => {}
        }
        found
    }
}

endpoint! {
    /// Changes a template: `POST /{template_id}`.
    ///
    /// **The parts are replaced as a whole.** It is reviewed again. An approved template can be changed once in 24
    /// hours and 10 times in 30 days; its category cannot be changed. Needs `whatsapp_business_management`.
    /// (Message Templates: Edit)
    pub struct EditTemplate -> ();
    "whatsapp.templates.update": POST "/{template_id}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT], Json;
    new { template_id: MessageTemplateId }
    with {
        /// All parts anew.
        components: Vec<TemplateComponent>,
        /// Another category; not of an approved template.
        category: TemplateCategory,
        /// For how many seconds Meta tries to deliver it.
        message_send_ttl_seconds: i64,
        /// Whether the variables have numbers or names.
        parameter_format: ParameterFormat,
    }
    subject template_id;
    checked by check;
    decode acknowledged::read;
}

impl EditTemplate {
    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        self.components.iter().flat_map(|components| limits::check_components(components, false)).collect()
    }
}

endpoint! {
    /// Makes a template for one-time passwords in several languages, or changes it where it is there:
    /// `POST /{waba_id}/upsert_message_templates`.
    ///
    /// Meta writes the texts; the parts say only what is in them. Needs `whatsapp_business_management`.
    /// (Authentication Templates: Bulk Management)
    pub struct UpsertAuthenticationTemplates -> UpsertedTemplates;
    "whatsapp.templates.upsert": POST "/{waba_id}/upsert_message_templates", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT], Json;
    fixed { category: "AUTHENTICATION" }
    new { waba_id: WhatsAppAccountId, name: String, languages: Vec<String>, components: Vec<TemplateComponent> }
    with {
        /// For how many seconds Meta tries to deliver it: 30 to 900.
        message_send_ttl_seconds: i64,
    }
    subject waba_id;
    checked by check;
}

impl UpsertAuthenticationTemplates {
    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut found: Vec<Finding> = limits::check_name(&self.name).into_iter().collect();
        if self.languages.is_empty() {
            found.push(Finding::error("whatsapp.template.languages", "languages", "there is no language"));
        }
        found.extend(limits::check_components(&self.components, false));
        found
    }
}
