//! Conversion rules and the events that are counted under them (LinkedIn: Conversions API).
//!
//! First a rule ([`CreateConversionRule`]), then its campaigns ([`LinkCampaign`]), then events
//! ([`SendConversionEvents`]). Only events of linked campaigns are attributed.
//!
//! **Scopes**: `rw_conversions` and `r_ads`. **Roles**: on the ad account billing admin, account manager, campaign manager
//! or creative manager.
//!
//! **Rate**: LinkedIn's partners name 300 to 600 calls a minute and 300,000 to 500,000 a day; LinkedIn itself names none.
//!
//! Events hold personal data, hashed or not: no `Debug` here shows it, and no error keeps any of an answer to events.
//! Nothing here hashes or normalises.

mod event;
mod link;
mod rule;
mod send;
mod user;

pub use event::ConversionEvent;
pub use link::{CampaignConversion, GetCampaignLink, LinkCampaign, LinkedCampaign, UnlinkCampaign};
pub use rule::{
    AttributionType, ConversionMethod, ConversionRule, ConversionType, ConversionValueType,
    CreateConversionRule, GetConversionRule, ListConversionRules, UpdateConversionRule,
};
pub use send::{SendConversionEvent, SendConversionEvents};
pub use user::{ConversionUser, ConversionUserInfo, UserId, UserIdType};
