//! Leads for testing.

use serde::Deserialize;
use sociogram_oauth_core::scope;

use super::lead::{DisclaimerResponse, FieldData, Lead};
use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{LeadFormId, LeadId};

list_endpoint! {
    /// The test leads of a form: `GET /{form_id}/test_leads` (Lead Ads: Testing). Permissions as for
    /// [`ListFormLeads`](super::ListFormLeads).
    pub struct ListTestLeads -> Lead;
    "lead.test_leads.list": "/{form_id}/test_leads", [scope::LEADS_RETRIEVAL, scope::PAGES_MANAGE_ADS], limit 100;
    new { form_id: LeadFormId }
    fields "id,created_time,form_id,field_data,custom_disclaimer_responses";
    sensitive true;
}

endpoint! {
    /// Makes a test lead, which also comes as a webhook: `POST /{form_id}/test_leads` (Lead Ads: Testing).
    ///
    /// A form has one at a time: delete the old one before ([`DeleteLead`]). Without answers Meta makes some up. Needs the
    /// Page's token, `leads_retrieval` and `pages_manage_ads`.
    pub struct CreateTestLead -> CreatedTestLead;
    "lead.test_leads.create": POST "/{form_id}/test_leads", Never, [scope::LEADS_RETRIEVAL, scope::PAGES_MANAGE_ADS];
    new { form_id: LeadFormId }
    with {
        /// The answers, by the keys of the questions.
        field_data: Vec<FieldData>,
        /// The boxes of the disclaimer.
        custom_disclaimer_responses: Vec<DisclaimerResponse>,
    }
    sensitive true;
}

endpoint! {
    /// Deletes a test lead: `DELETE /{lead_id}` (Lead Ads: Testing). Permissions as for [`CreateTestLead`]. Repeating it
    /// changes nothing.
    pub struct DeleteLead -> ();
    "lead.leads.delete": DELETE "/{lead_id}", Safe, [scope::LEADS_RETRIEVAL, scope::PAGES_MANAGE_ADS];
    new { lead_id: LeadId }
    decode acknowledged::read;
}

/// A test lead that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedTestLead {
    /// Its id.
    pub id: LeadId,
}
