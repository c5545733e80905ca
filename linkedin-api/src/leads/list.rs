//! Reading forms and leads.

use sociogram_api_core::Finding;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_oauth_core::scope;

use super::form::LeadForm;
use super::owner::{LeadOwner, LeadType};
use super::response::LeadResponse;
use crate::bare_id::{BareId, bare};
use crate::batch::BatchResults;
use crate::endpoint::{endpoint, list_endpoint};
use crate::guard::rules;
use crate::restli::{Query, RestliValue};
use crate::time_range::TimeRange;
use crate::urn::{LeadFormUrn, LeadUrn, VersionedLeadFormUrn};

/// A lead and what of its form says what the answers mean.
const WITH_FORM: &str = "id,owner,submitter,leadType,leadMetadata,versionedLeadGenFormUrn,submittedAt,testLead,\
    associatedEntity,formResponse,form:(hiddenFields,creationLocale,name,id,content)";

list_endpoint! {
    /// The forms of an ad account or organization: `GET /rest/leadForms?q=owner` (LinkedIn: Lead Forms).
    ///
    /// Scopes and roles stand at the [module](super).
    pub struct ListLeadForms -> LeadForm;
    "linkedin.lead_forms.list": Finder "/rest/leadForms", [scope::R_MARKETING_LEADGEN_AUTOMATION, scope::R_ADS],
        offset 50 to 100;
    fixed { q: "owner" }
    new { owner: LeadOwner }
    projection;
    subject owner;
}

endpoint! {
    /// One form: `GET /rest/leadForms/{id}` (LinkedIn: Lead Forms). Scopes and roles stand at the [module](super).
    pub struct GetLeadForm -> LeadForm;
    "linkedin.lead_forms.get": Get "/rest/leadForms/{form}", Safe, [scope::R_MARKETING_LEADGEN_AUTOMATION, scope::R_ADS];
    new { form: BareId<LeadFormUrn> }
    projection;
    subject form;
}

endpoint! {
    /// Several forms: `GET /rest/leadForms?ids=List(…)` (LinkedIn: Lead Forms, "Batch get").
    ///
    /// The answer knows each form by its number. One that does not exist or may not be read is a failure and costs the
    /// others nothing. Scopes and roles stand at the [module](super).
    pub struct BatchGetLeadForms -> BatchResults<LeadForm>;
    "linkedin.lead_forms.batch_get": BatchGet "/rest/leadForms", Safe, [scope::R_MARKETING_LEADGEN_AUTOMATION, scope::R_ADS];
    new { forms as "ids": LeadFormIds }
    projection;
    checked by check;
    read by Self::read;
}

impl BatchGetLeadForms {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        if self.forms.0.is_empty() { vec![rules::LEAD_FORMS_NONE.finding("ids")] } else { Vec::new() }
    }

    fn read(&self, response: &RawResponse) -> Result<BatchResults<LeadForm>, DecodeError> {
        BatchResults::read(response, self.forms.0.iter().map(bare))
    }
}

/// Several forms, named by their numbers.
#[derive(Clone, Debug)]
pub struct LeadFormIds(Vec<LeadFormUrn>);

impl From<Vec<LeadFormUrn>> for LeadFormIds {
    fn from(forms: Vec<LeadFormUrn>) -> Self {
        Self(forms)
    }
}

impl From<&LeadFormIds> for RestliValue {
    fn from(forms: &LeadFormIds) -> Self {
        Self::list(forms.0.iter().map(bare))
    }
}

list_endpoint! {
    /// The leads of an ad account or organization: `GET /rest/leadFormResponses?q=owner` (LinkedIn: Lead Form Responses).
    ///
    /// Leads of one kind only. Look at [`LeadResponse::test_lead`]: tests may be among them. Scopes and roles stand at the
    /// [module](super). No error keeps anything of the answer.
    pub struct ListLeadResponses -> LeadResponse;
    "linkedin.lead_responses.list": Finder "/rest/leadFormResponses", [scope::R_MARKETING_LEADGEN_AUTOMATION, scope::R_ADS],
        offset 50 to 100;
    fixed { q: "owner" }
    new { owner: LeadOwner, lead_type as "leadType": LeadType }
    with {
        /// Tests only, instead of all.
        only_tests as "limitedToTestLeads": bool,
        /// Given in this time.
        submitted as "submittedAtTimeRange": TimeRange,
        /// Of this version of a form.
        form as "versionedLeadGenFormUrn": VersionedLeadFormUrn,
    }
    projection;
    subject owner;
    sensitive true;
    checked by check;
    query by complete;
}

impl ListLeadResponses {
    /// With the form of each lead, so that [`LeadResponse::contact`] can name the answers.
    pub fn with_form(self) -> Self {
        self.fields(WITH_FORM)
    }

    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        self.submitted.as_ref().and_then(|range| range.check("submittedAtTimeRange")).into_iter().collect()
    }

    /// LinkedIn's examples always say whether tests are meant.
    fn complete(&self, query: Query) -> Query {
        query.param("limitedToTestLeads", self.only_tests.unwrap_or(false))
    }
}

endpoint! {
    /// One lead, as a webhook names it: `GET /rest/leadFormResponses/{id}` (LinkedIn: Lead Form Responses).
    ///
    /// Scopes and roles stand at the [module](super). No error keeps anything of the answer.
    ///
    /// ```
    /// use sociogram_linkedin_api::LeadUrn;
    /// use sociogram_linkedin_api::leads::GetLeadResponse;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // `leadGenFormResponse` of the webhook.
    /// let named: LeadUrn = "urn:li:leadGenFormResponse:1a2b3c-4".parse()?;
    /// let endpoint = GetLeadResponse::new(named).with_form();
    /// # let _ = endpoint;
    /// # Ok(())
    /// # }
    /// ```
    pub struct GetLeadResponse -> LeadResponse;
    "linkedin.lead_responses.get": Get "/rest/leadFormResponses/{lead}", Safe,
        [scope::R_MARKETING_LEADGEN_AUTOMATION, scope::R_ADS];
    new { lead: BareId<LeadUrn> }
    projection;
    subject lead;
    sensitive true;
}

impl GetLeadResponse {
    /// With its form, so that [`LeadResponse::contact`] can name the answers.
    pub fn with_form(self) -> Self {
        self.fields(WITH_FORM)
    }
}
