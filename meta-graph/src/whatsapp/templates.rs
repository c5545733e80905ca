//! Message templates (WhatsApp Business Management API: Message Templates).

mod answers;
mod button;
mod component;
mod create;
mod limits;
mod manage;

use serde::Deserialize;
use sociogram_api_core::{Timestamp, open_enum};

pub use answers::{
    CreatedTemplate, MigratedTemplates, NotMigrated, TemplateComparison, UpsertedTemplate, UpsertedTemplates,
};
pub use component::{
    ButtonKind, ButtonSpec, CardSpec, ComponentKind, ExampleHandles, HeaderFormat, NamedExample, OfferSpec,
    OtpType, SupportedApp, TemplateComponent, TemplateExample,
};
pub use create::{CreateTemplate, EditTemplate, UpsertAuthenticationTemplates};
pub(in crate::whatsapp) use limits::variables;
pub use manage::{
    CompareTemplates, DeleteTemplate, DeleteTemplates, GetTemplate, ListTemplates, MigrateTemplates,
    UnpauseTemplate,
};

use crate::id::MessageTemplateId;
use crate::lenient;

/// The fields that are read unless told otherwise.
const FIELDS: &str = "id,name,language,status,category,sub_category,parameter_format,components,quality_score,\
                      rejected_reason,message_send_ttl_seconds,previous_category,library_template_name,last_updated_time";

/// A template as Meta has it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Template {
    /// Its id: of one name in one language.
    pub id: MessageTemplateId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its language, such as `en_US`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub language: Option<String>,
    /// Whether it may be sent.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<TemplateStatus>,
    /// What it is for, and so what it costs.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub category: Option<TemplateCategory>,
    /// What it is for, in more detail.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub sub_category: Option<String>,
    /// The category before Meta changed it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub previous_category: Option<TemplateCategory>,
    /// Whether its parameters have numbers or names.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub parameter_format: Option<ParameterFormat>,
    /// Its parts. Parts of an unknown form are left out.
    #[serde(default, deserialize_with = "lenient::list")]
    pub components: Vec<TemplateComponent>,
    /// How people take it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub quality_score: Option<QualityScore>,
    /// Why it was rejected.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub rejected_reason: Option<String>,
    /// For how many seconds Meta tries to deliver it.
    #[serde(default, deserialize_with = "lenient::count")]
    pub message_send_ttl_seconds: Option<u64>,
    /// The library's template that it was made of.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub library_template_name: Option<String>,
    /// When it changed.
    #[serde(default, deserialize_with = "lenient::time")]
    pub last_updated_time: Option<Timestamp>,
}

/// How people take a template.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct QualityScore {
    /// The score.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub score: Option<TemplateQuality>,
    /// When it was set.
    #[serde(default, deserialize_with = "lenient::time")]
    pub date: Option<Timestamp>,
    /// Why.
    #[serde(default, deserialize_with = "lenient::list")]
    pub reasons: Vec<String>,
}

open_enum! {
    /// Whether a template may be sent: only an approved one.
    pub enum TemplateStatus {
        /// It may be sent.
        Approved = "APPROVED",
        /// Put away.
        Archived = "ARCHIVED",
        /// Deleted.
        Deleted = "DELETED",
        /// Switched off for low quality.
        Disabled = "DISABLED",
        /// Being looked at again.
        InAppeal = "IN_APPEAL",
        /// The account has too many.
        LimitExceeded = "LIMIT_EXCEEDED",
        /// Paused for low quality.
        Paused = "PAUSED",
        /// Being reviewed.
        Pending = "PENDING",
        /// About to be deleted.
        PendingDeletion = "PENDING_DELETION",
        /// Refused.
        Rejected = "REJECTED",
    }
}

open_enum! {
    /// What a template is for, and so what it costs.
    pub enum TemplateCategory {
        /// One-time passwords.
        Authentication = "AUTHENTICATION",
        /// Advertising.
        Marketing = "MARKETING",
        /// What belongs to an order or an account.
        Utility = "UTILITY",
    }
}

open_enum! {
    /// Whether the parameters of a template have numbers or names.
    pub enum ParameterFormat {
        /// `{{1}}`, `{{2}}`.
        Positional = "POSITIONAL",
        /// `{{first_name}}`.
        Named = "NAMED",
    }
}

open_enum! {
    /// How people take a template.
    pub enum TemplateQuality {
        /// Well.
        Green = "GREEN",
        /// Not so well.
        Yellow = "YELLOW",
        /// Badly.
        Red = "RED",
        /// Not known yet.
        Unrated = "UNKNOWN",
    }
}

#[cfg(test)]
mod tests;
