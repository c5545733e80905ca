//! Templates of utility messages.

use serde::Deserialize;
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use super::utility_components::{LibraryBodyInput, LibraryButtonInput, UtilityComponent};
use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{MessageTemplateId, PageId};
use crate::lenient;

const MAX_BUTTONS: usize = 3;

open_enum! {
    /// How a template names its placeholders.
    pub enum ParameterFormat {
        /// By names.
        Named = "NAMED",
        /// By numbers, as usual.
        Positional = "POSITIONAL",
    }
}

open_enum! {
    /// Where a template stands.
    pub enum UtilityTemplateStatus {
        /// It may be used.
        Approved = "APPROVED",
        /// It was put away.
        Archived = "ARCHIVED",
        /// It is gone.
        Deleted = "DELETED",
        /// Meta switched it off.
        Disabled = "DISABLED",
        /// Its refusal is looked at again.
        InAppeal = "IN_APPEAL",
        /// There are too many.
        LimitExceeded = "LIMIT_EXCEEDED",
        /// Meta paused it.
        Paused = "PAUSED",
        /// It waits for the review.
        Pending = "PENDING",
        /// It is about to go.
        PendingDeletion = "PENDING_DELETION",
        /// The review refused it.
        Rejected = "REJECTED",
    }
}

list_endpoint! {
    /// The utility templates of a Page: `GET /{page_id}/message_templates` (Graph API: Page Message Templates). Needs the
    /// Page's token and `pages_utility_messaging`.
    pub struct ListUtilityTemplates -> UtilityTemplate;
    "messenger.templates.list": "/{page_id}/message_templates", [scope::PAGES_UTILITY_MESSAGING], limit 100;
    new { page_id: PageId }
    with {
        /// With this name.
        name: String,
        /// With this in their text.
        content: String,
        /// With this in their name or text.
        name_or_content: String,
        /// In these languages, such as `en`.
        language: Vec<String>,
        /// In one of these states.
        status: Vec<UtilityTemplateStatus>,
    }
    fields "id,name,language,category,status,components,parameter_format,library_template_name,rejected_reason";
    subject page_id;
}

endpoint! {
    /// Makes a utility template: `POST /{page_id}/message_templates` (Messenger Platform: Send a utility message), from
    /// parts of one's own or from Meta's library. The review takes seconds; look at the status of the answer.
    ///
    /// Needs the Page's token and `pages_utility_messaging`. At most 3 buttons. In which countries people get such
    /// messages is Meta's decision.
    pub struct CreateUtilityTemplate -> CreatedUtilityTemplate;
    "messenger.templates.create": POST "/{page_id}/message_templates", Never, [scope::PAGES_UTILITY_MESSAGING], Json;
    fixed { category: "UTILITY" }
    new { page_id: PageId, name: String, language: String }
    with {
        /// The parts.
        components: Vec<UtilityComponent>,
        /// How placeholders are named; numbers unless set.
        parameter_format: ParameterFormat,
        /// The template of Meta's library that it copies.
        library_template_name: String,
        /// The text in place of the library's.
        library_template_body_inputs: Vec<LibraryBodyInput>,
        /// The buttons of the library's template.
        library_template_button_inputs: Vec<LibraryButtonInput>,
    }
    subject page_id;
    checked by check;
}

impl CreateUtilityTemplate {
    /// What is wrong with it. Sending checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let buttons: usize = self.components.iter().flatten().map(UtilityComponent::button_count).sum();
        if buttons > MAX_BUTTONS {
            findings.push(
                Finding::error(
                    "messenger.template.buttons",
                    "components",
                    "the template has too many buttons",
                )
                .measured(buttons)
                .allowed(format_args!("at most {MAX_BUTTONS}"))
                .advice("leave some out"),
            );
        }
        if self.components.as_ref().is_none_or(Vec::is_empty) && self.library_template_name.is_none() {
            findings.push(
                Finding::error("messenger.template.empty", "components", "the template has no content")
                    .advice("add a body, or name a template of Meta's library"),
            );
        }
        findings
    }
}

endpoint! {
    /// Deletes all templates of a name, or one of them: `DELETE /{page_id}/message_templates` (Graph API: Page Message
    /// Templates). Permissions as for [`CreateUtilityTemplate`]. Repeating it changes nothing.
    pub struct DeleteUtilityTemplate -> ();
    "messenger.templates.delete": DELETE "/{page_id}/message_templates", Safe, [scope::PAGES_UTILITY_MESSAGING];
    new { page_id: PageId, name: String }
    with {
        /// This one only.
        template_id: MessageTemplateId,
    }
    subject page_id;
    decode acknowledged::read;
}

list_endpoint! {
    /// Templates that Meta approved for everybody: `GET /message_template_library` (Messenger Platform: Send a utility
    /// message). Needs `pages_utility_messaging`.
    pub struct ListLibraryTemplates -> LibraryTemplate;
    "messenger.template_library.list": "/message_template_library", [scope::PAGES_UTILITY_MESSAGING], limit 100;
    with {
        /// With this in their name or text.
        name_or_content: String,
        /// In this language, such as `en`.
        language: String,
    }
}

/// A template that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedUtilityTemplate {
    /// Its id.
    pub id: MessageTemplateId,
    /// Whether it may be used.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<UtilityTemplateStatus>,
    /// Its category, `UTILITY`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub category: Option<String>,
}

/// A utility template of a Page.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct UtilityTemplate {
    /// Its id.
    pub id: MessageTemplateId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its language.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub language: Option<String>,
    /// Its category.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub category: Option<String>,
    /// Where it stands.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<UtilityTemplateStatus>,
    /// Its parts.
    #[serde(default, deserialize_with = "lenient::list")]
    pub components: Vec<UtilityComponent>,
    /// How it names its placeholders.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub parameter_format: Option<ParameterFormat>,
    /// The template of Meta's library that it copies.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub library_template_name: Option<String>,
    /// Why the review refused it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub rejected_reason: Option<String>,
}

/// A template of Meta's library.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LibraryTemplate {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<MessageTemplateId>,
    /// Its name, for [`CreateUtilityTemplate::library_template_name`].
    pub name: String,
    /// Its language.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub language: Option<String>,
    /// Its category.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub category: Option<String>,
    /// What it is about, such as `ORDER_MANAGEMENT`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub topic: Option<String>,
    /// What it is for, such as `DELIVERY_CONFIRMATION`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub usecase: Option<String>,
    /// Its text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub body: Option<String>,
    /// Examples for its placeholders.
    #[serde(default, deserialize_with = "lenient::list")]
    pub body_params: Vec<String>,
}
