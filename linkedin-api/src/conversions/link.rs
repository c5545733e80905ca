//! The campaigns of a rule.

use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::scope;

use crate::created;
use crate::endpoint::endpoint;
use crate::lenient;
use crate::restli::RestliValue;
use crate::urn::{CampaignUrn, ConversionUrn};

/// A campaign and a rule: the key of their link.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CampaignConversion {
    /// The campaign.
    pub campaign: CampaignUrn,
    /// The rule.
    pub conversion: ConversionUrn,
}

impl From<(CampaignUrn, ConversionUrn)> for CampaignConversion {
    fn from((campaign, conversion): (CampaignUrn, ConversionUrn)) -> Self {
        Self { campaign, conversion }
    }
}

impl AsRef<str> for CampaignConversion {
    /// The campaign.
    fn as_ref(&self) -> &str {
        self.campaign.as_str()
    }
}

impl From<&CampaignConversion> for RestliValue {
    fn from(link: &CampaignConversion) -> Self {
        Self::record([("campaign", link.campaign.as_str()), ("conversion", link.conversion.as_str())])
    }
}

endpoint! {
    /// Counts events of a rule for a campaign: `PUT /rest/campaignConversions/(campaign:…,conversion:…)` (LinkedIn:
    /// Conversions API, "Associate campaigns").
    ///
    /// Doing it again changes nothing. Scopes and roles stand at the [module](super).
    ///
    /// ```
    /// use sociogram_linkedin_api::conversions::LinkCampaign;
    /// use sociogram_linkedin_api::{CampaignUrn, ConversionUrn};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let endpoint = LinkCampaign::new((CampaignUrn::from_id("337643194")?, ConversionUrn::from_id("104012")?));
    /// # let _ = endpoint;
    /// # Ok(())
    /// # }
    /// ```
    pub struct LinkCampaign -> ();
    "linkedin.campaign_conversions.update": Update "/rest/campaignConversions/{link}", Safe,
        [scope::RW_CONVERSIONS, scope::R_ADS];
    new { link: CampaignConversion }
    subject link;
    body by body;
    read by created::nothing;
}

impl LinkCampaign {
    const fn body(&self) -> &CampaignConversion {
        &self.link
    }
}

endpoint! {
    /// Whether a campaign is linked to a rule: `GET /rest/campaignConversions/(campaign:…,conversion:…)` (LinkedIn:
    /// Conversion Tracking). 404 when it is not. Scopes and roles stand at the [module](super).
    pub struct GetCampaignLink -> LinkedCampaign;
    "linkedin.campaign_conversions.get": Get "/rest/campaignConversions/{link}", Safe,
        [scope::RW_CONVERSIONS, scope::R_ADS];
    new { link: CampaignConversion }
    subject link;
}

endpoint! {
    /// Stops counting events of a rule for a campaign: `DELETE /rest/campaignConversions/(campaign:…,conversion:…)`
    /// (LinkedIn: Conversion Tracking). Scopes and roles stand at the [module](super).
    pub struct UnlinkCampaign -> ();
    "linkedin.campaign_conversions.delete": Delete "/rest/campaignConversions/{link}", Safe,
        [scope::RW_CONVERSIONS, scope::R_ADS];
    new { link: CampaignConversion }
    subject link;
    read by created::nothing;
}

/// The link of a campaign and a rule.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LinkedCampaign {
    /// The campaign.
    #[serde(deserialize_with = "lenient::or_none")]
    pub campaign: Option<CampaignUrn>,
    /// The rule.
    #[serde(deserialize_with = "lenient::or_none")]
    pub conversion: Option<ConversionUrn>,
    /// Since when.
    #[serde(deserialize_with = "lenient::millis")]
    pub associated_at: Option<Timestamp>,
}
