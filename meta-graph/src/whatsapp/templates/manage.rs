//! Reading, deleting and moving templates.

use sociogram_api_core::Finding;
use sociogram_oauth_core::scope;

use super::answers::{MigratedTemplates, TemplateComparison};
use super::{FIELDS, Template, TemplateCategory, TemplateQuality, TemplateStatus};
use crate::acknowledged;
use crate::endpoint::{Joined, UnixTime, endpoint, list_endpoint};
use crate::id::{MessageTemplateId, WhatsAppAccountId};

list_endpoint! {
    /// The templates of an account: `GET /{waba_id}/message_templates`. Needs `whatsapp_business_management`.
    /// (Message Templates: Get)
    pub struct ListTemplates -> Template;
    "whatsapp.templates.list": "/{waba_id}/message_templates", [scope::WHATSAPP_BUSINESS_MANAGEMENT], limit 250;
    new { waba_id: WhatsAppAccountId }
    with {
        /// Only of this name, in all languages.
        name: String,
        /// Only where the name or the text holds this.
        name_or_content: String,
        /// Only where the text holds this.
        content: String,
        /// Only of these categories.
        category: Vec<TemplateCategory>,
        /// Only in these languages.
        language: Vec<String>,
        /// Only where they stand like this.
        status: Vec<TemplateStatus>,
        /// Only of this quality.
        quality_score: Vec<TemplateQuality>,
        /// Only from then on.
        since: UnixTime,
        /// Only until then.
        until: UnixTime,
    }
    fields FIELDS;
    subject waba_id;
}

endpoint! {
    /// One template: `GET /{template_id}`. Needs `whatsapp_business_management`. (WhatsApp Message Template)
    pub struct GetTemplate -> Template;
    "whatsapp.templates.get": GET "/{template_id}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { template_id: MessageTemplateId }
    fields FIELDS;
    subject template_id;
}

endpoint! {
    /// Deletes a template: `DELETE /{waba_id}/message_templates`.
    ///
    /// **Without an id it goes in all languages.** The name of an approved one cannot be used again for 30 days.
    /// Needs `whatsapp_business_management`. (Message Templates: Delete)
    pub struct DeleteTemplate -> ();
    "whatsapp.templates.delete": DELETE "/{waba_id}/message_templates", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId, name: String }
    with {
        /// Only the language with this id.
        hsm_id: MessageTemplateId,
    }
    subject waba_id;
    decode acknowledged::read;
}

endpoint! {
    /// Deletes templates by their ids: `DELETE /{waba_id}/message_templates`, at most 100 at once.
    /// Needs `whatsapp_business_management`. (Message Templates: Delete)
    pub struct DeleteTemplates -> ();
    "whatsapp.templates.delete_many": DELETE "/{waba_id}/message_templates", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId, hsm_ids: Vec<MessageTemplateId> }
    subject waba_id;
    checked by check;
    decode acknowledged::read;
}

impl DeleteTemplates {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let field = "hsm_ids";
        crate::whatsapp::measure::amount("whatsapp.templates.ids", field, self.hsm_ids.len(), 1..=100)
            .into_iter()
            .collect()
    }
}

endpoint! {
    /// Copies templates from another account of the same business: `POST /{waba_id}/migrate_message_templates`.
    ///
    /// What is there under the same name is not copied again. Needs `whatsapp_business_management`.
    /// (Template Migration)
    pub struct MigrateTemplates -> MigratedTemplates;
    "whatsapp.templates.migrate": POST "/{waba_id}/migrate_message_templates", Never, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId, source_waba_id: WhatsAppAccountId }
    with {
        /// Which 500 of them, from 0 on.
        page_number: u32,
        /// How many at once, at most 500.
        count: u32,
        /// Only these.
        template_ids: Vec<MessageTemplateId>,
    }
    subject waba_id;
}

endpoint! {
    /// Compares a template with another one: `GET /{template_id}/compare`.
    ///
    /// Of the last 7, 30, 60 or 90 days, and only where both were sent 1,000 times. Needs
    /// `whatsapp_business_management`. (Template Comparison)
    pub struct CompareTemplates -> TemplateComparison;
    "whatsapp.templates.compare": GET "/{template_id}/compare", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { template_id: MessageTemplateId, template_ids: Joined, start: UnixTime, end: UnixTime }
    subject template_id;
}

endpoint! {
    /// Takes a pause away: `POST /{template_id}/unpause`. A template that Meta paused for its quality cannot be sent
    /// on before the pause ends. Needs `whatsapp_business_management`. (WhatsApp Message Template: Unpause)
    pub struct UnpauseTemplate -> ();
    "whatsapp.templates.unpause": POST "/{template_id}/unpause", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { template_id: MessageTemplateId }
    subject template_id;
    decode acknowledged::read;
}
