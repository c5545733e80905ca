//! Leads of a Page's instant forms (Webhooks reference: Page, `leadgen`).

use super::content::{Content, exact};
use crate::{DedupeKey, EventTime, Strength, dedupe::KeyParts, fields::Fields};

/// Someone filled in an instant form. Holds no personal data: fetch the lead by its id with the Page's token
/// (permission `leads_retrieval`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeadgenChange {
    /// The lead to fetch.
    pub leadgen_id: Option<String>,
    /// The Page.
    pub page_id: Option<String>,
    /// The form.
    pub form_id: Option<String>,
    /// The ad, for paid leads.
    pub ad_id: Option<String>,
    /// The ad set (its older name is ad group), for paid leads.
    pub adgroup_id: Option<String>,
    /// When the form was submitted.
    pub created_time: Option<EventTime>,
}

impl LeadgenChange {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self {
            leadgen_id: value.id("leadgen_id"),
            page_id: value.id("page_id"),
            form_id: value.id("form_id"),
            ad_id: value.id("ad_id"),
            adgroup_id: value.id("adgroup_id"),
            created_time: value.time("created_time"),
        }
    }

    fn identity(&self, parts: KeyParts) -> Option<KeyParts> {
        Some(parts.part("leadgen").part(self.leadgen_id.as_ref()?))
    }
}

impl Content for LeadgenChange {
    fn name(&self) -> &'static str {
        "page_leadgen"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        self.created_time
    }

    fn subject(&self) -> Option<&str> {
        self.leadgen_id.as_deref()
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        self.identity(parts).map(exact)
    }
}
