//! Lead forms and their leads.
//!
//! A lead is personal data: no error, and no `Debug` of this module, shows what a person entered, and errors of calls about
//! leads keep neither the answer nor Meta's texts, only the numbers. Meta forgets leads after 90 days, so fetch them when the webhook `leadgen` names them, and catch up with [`LeadSync`].
//!
//! **Permissions** (Lead Ads: Retrieving): `leads_retrieval`, `pages_manage_ads`, `pages_show_list`,
//! `pages_read_engagement`, for the names of ads and campaigns `ads_management`; the Page's token of somebody whom the
//! Leads Access Manager lets in. [`GetLeadAccess`] tells beforehand who is kept out and why.
//!
//! **Rate**: 4800 calls in 24 hours for each lead of the last 90 days of a Page (80005).

mod access;
mod contact;
mod create_form;
mod form;
mod form_parts;
mod lead;
mod normalized;
mod question;
mod sync;
mod test_leads;

pub use access::{GetLeadAccess, GetLeadTerms, LeadAccess, LeadTerms};
pub use contact::{LeadAnswer, LeadContact, NationalId};
pub use create_form::{CreateLeadForm, CreatedLeadForm, GatedFile};
pub use form::{
    DisclaimerCheckbox, GetLeadForm, LeadForm, LeadFormStatus, LegalContent, ListLeadForms, UpdateLeadForm,
};
pub use form_parts::{
    ContextCard, CustomDisclaimer, DisclaimerLink, FormCheckbox, PrivacyPolicy, ThankYouButton, ThankYouPage,
};
pub use lead::{
    DisclaimerResponse, FieldData, GetLead, Lead, LeadPlatform, LeadTimes, ListAdLeads, ListFormLeads,
};
pub use normalized::{iso_date, plain_phone_number};
pub use question::{Question, QuestionOption, QuestionType};
pub use sync::{LeadSource, LeadSync, NewLeads};
pub use test_leads::{CreateTestLead, CreatedTestLead, DeleteLead, ListTestLeads};
