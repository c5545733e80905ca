//! Lead forms, the leads they bring, and notifications of leads (LinkedIn: Lead Sync).
//!
//! What a lead holds is personal data: no error keeps any of it, and no `Debug` here shows what a person entered.
//! LinkedIn tells of new leads by webhook ([`CreateLeadNotification`]), with ids alone; [`GetLeadResponse`] fetches the rest.
//! [`ListLeadResponses`] makes up for what was missed.
//!
//! **Scopes**: `r_marketing_leadgen_automation` and `r_ads`. **Roles**: for leads of ads a role on the ad account and one
//! on a page; for all others a role on the page, and for those of events the one of administrator or content
//! administrator.
//!
//! How long leads stay readable is not settled: fetch them soon.

mod contact;
mod form;
mod list;
mod notification;
mod owner;
mod response;

pub use contact::{LeadContact, OtherAnswer};
pub use form::{
    FormConsent, FormQuestion, HiddenField, LeadForm, LeadFormContent, LeadFormState, LegalInfo,
    PostSubmission, PredefinedField, QuestionKind, QuestionOption, ReviewInfo,
};
pub use list::{
    BatchGetLeadForms, GetLeadForm, GetLeadResponse, LeadFormIds, ListLeadForms, ListLeadResponses,
};
pub use notification::{
    CreateLeadNotification, DeleteLeadNotification, GetLeadNotification, LeadNotification,
    ListLeadNotifications, OwnerCriterion,
};
pub use owner::{LeadOwner, LeadType};
pub use response::{AnswerValue, ConsentResponse, LeadAnswer, LeadResponse};
