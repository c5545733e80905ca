//! Sending to LinkedIn's Conversions API (feature `linkedin`).
//!
//! Events are counted under conversion rules. A rule is made and joined with campaigns by
//! [`CreateConversionRule`](sociogram_linkedin_api::conversions::CreateConversionRule) and
//! [`LinkCampaign`](sociogram_linkedin_api::conversions::LinkCampaign); events of rules without campaigns are taken and
//! attributed to nothing. Then [`LinkedInEvent`]s go out through a [`LinkedInConversionsClient`], prepared from the same
//! [`UserData`](crate::UserData) as Meta's events.
//!
//! **Scopes**: `rw_conversions` and `r_ads`. **Roles**: on the ad account billing admin, account manager, campaign manager
//! or creative manager.

mod client;
mod endpoint;
mod event;
mod person;
mod prepare;
mod refusals;
#[cfg(test)]
mod tests;

pub use client::LinkedInConversionsClient;
pub use event::LinkedInEvent;
pub use prepare::{MAX_LINKEDIN_EVENTS, MAX_RULES, prepare_linkedin};
