//! Whose leads they are, and where they come from.

use serde::{Deserialize, Serialize};
use sociogram_api_core::open_enum;

use crate::restli::RestliValue;
use crate::urn::{AdAccountUrn, OrganizationUrn, Urn};

/// Whose forms and leads they are.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LeadOwner {
    /// An ad account: leads of ads.
    SponsoredAccount(AdAccountUrn),
    /// An organization: leads of its page, products and events.
    Organization(OrganizationUrn),
}

impl LeadOwner {
    /// The URN of either.
    pub const fn as_urn(&self) -> &Urn {
        match self {
            Self::SponsoredAccount(urn) => urn.as_urn(),
            Self::Organization(urn) => urn.as_urn(),
        }
    }
}

impl AsRef<str> for LeadOwner {
    fn as_ref(&self) -> &str {
        self.as_urn().as_str()
    }
}

impl From<AdAccountUrn> for LeadOwner {
    fn from(account: AdAccountUrn) -> Self {
        Self::SponsoredAccount(account)
    }
}

impl From<OrganizationUrn> for LeadOwner {
    fn from(organization: OrganizationUrn) -> Self {
        Self::Organization(organization)
    }
}

/// A union: `(organization:urn%3A…)`.
impl From<&LeadOwner> for RestliValue {
    fn from(owner: &LeadOwner) -> Self {
        let kind = match owner {
            LeadOwner::SponsoredAccount(_) => "sponsoredAccount",
            LeadOwner::Organization(_) => "organization",
        };
        Self::record([(kind, owner.as_ref())])
    }
}

open_enum! {
    /// Where leads come from.
    pub enum LeadType {
        /// Ads.
        Sponsored = "SPONSORED",
        /// An event's page.
        Event = "EVENT",
        /// An organization's page.
        Company = "COMPANY",
        /// The page of an organization's product.
        OrganizationProduct = "ORGANIZATION_PRODUCT",
    }
}

/// A union whose one member has the name of the parameter: `(leadType:SPONSORED)`.
impl From<&LeadType> for RestliValue {
    fn from(lead_type: &LeadType) -> Self {
        Self::record([("leadType", lead_type.as_str())])
    }
}
