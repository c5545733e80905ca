//! Created and deleted LinkedIn leads (LinkedIn: Lead Sync API, webhooks).

use super::content::{Content, exact};
use crate::{
    DedupeKey, EventTime, Strength,
    dedupe::KeyParts,
    fields::{Fields, text},
    open_enum::open_enum,
};

open_enum! {
    /// What happened to the lead.
    pub enum LeadActionType {
        /// Someone submitted the form: fetch the response.
        Created = "CREATED",
        /// The person withdrew: erase what you stored of the lead.
        Deleted = "DELETED",
    }
}

open_enum! {
    /// Where the form was shown.
    pub enum LeadType {
        /// In an ad.
        Sponsored = "SPONSORED",
        /// On an event.
        Event = "EVENT",
        /// On an organization's page.
        Company = "COMPANY",
        /// On a product page.
        OrganizationProduct = "ORGANIZATION_PRODUCT",
    }
}

/// A LinkedIn lead was created or deleted. Holds no personal data: fetch the response with the owner's token
/// (permission `r_marketing_leadgen_automation`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeadAction {
    /// URN of the response to fetch or erase.
    pub response: Option<String>,
    /// URN of the form.
    pub form: Option<String>,
    /// Whose lead it is: an ad account (`sponsoredAccount`) or an `organization`.
    pub owner: Option<NamedUrn>,
    /// What the form was shown with, such as an `event`.
    pub associated_entity: Option<NamedUrn>,
    /// Where the form was shown.
    pub lead_type: Option<LeadType>,
    /// What happened.
    pub action: Option<LeadActionType>,
    /// When it happened. Documented in milliseconds and seen in seconds: both are read.
    pub occurred_at: Option<EventTime>,
}

/// A URN and the name of the union member it was sent under.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedUrn {
    /// The member's name, such as `sponsoredAccount`, or the kind that the URN itself names.
    pub kind: String,
    /// The URN.
    pub urn: String,
}

impl NamedUrn {
    /// Reads `{"<kind>": "<urn>"}` or a plain URN.
    pub(crate) fn read(lead: &Fields<'_>, name: &str) -> Option<Self> {
        if let Some(urn) = lead.text(name) {
            let kind = urn.split(':').nth(2).unwrap_or_default().to_owned();
            return Some(Self { kind, urn });
        }
        let union = lead.object(name)?;
        union.iter().find_map(|(kind, value)| Some(Self { kind: kind.to_owned(), urn: text(value)? }))
    }
}

impl LeadAction {
    pub(crate) fn read(lead: &Fields<'_>) -> Self {
        Self {
            response: lead.text("leadGenFormResponse"),
            form: lead.text("leadGenForm"),
            owner: NamedUrn::read(lead, "owner"),
            associated_entity: NamedUrn::read(lead, "associatedEntity"),
            lead_type: lead.text("leadType").as_deref().map(LeadType::from),
            action: lead.text("leadAction").as_deref().map(LeadActionType::from),
            occurred_at: lead.time("occurredAt"),
        }
    }

    /// A response is created once and deleted once; an action we do not know may happen again.
    fn identity(&self, parts: KeyParts) -> Option<KeyParts> {
        let (response, action) = (self.response.as_ref()?, self.action.as_ref()?);
        let parts = parts.part("lead").part(response).part(action.as_str());
        match action {
            LeadActionType::Created | LeadActionType::Deleted => Some(parts),
            LeadActionType::Unknown(_) => Some(parts.time(Some(self.occurred_at?))),
        }
    }
}

impl Content for LeadAction {
    fn name(&self) -> &'static str {
        "linkedin_lead_action"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        self.occurred_at
    }

    fn subject(&self) -> Option<&str> {
        self.response.as_deref()
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        self.identity(parts).map(exact)
    }
}
