//! The member behind a token, by the versioned API.

use std::fmt;

use http::Method;
use serde::Deserialize;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_oauth_core::scope;

use super::lenient_text;
use crate::urn::{PersonUrn, UrnError};

/// Reads the profile of the token's member (LinkedIn: Profile API).
///
/// Needs `r_basicprofile`, which apps with Community Management or Advertising get. An app with Community
/// Management can have no other product, so this is its only way to learn who the member is.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct GetMe;

impl GetMe {
    /// For the token's member.
    pub const fn new() -> Self {
        Self
    }
}

impl Endpoint for GetMe {
    type Output = Me;

    const NAME: &'static str = "linkedin.me.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/rest/me";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::R_BASICPROFILE];

    fn write(&self, _parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError> {
        response.json()
    }
}

/// A member's profile, in the member's own language. `Debug` shows the id only.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Me {
    /// The member's id for this app; another app sees another one.
    pub id: String,
    /// The first name.
    #[serde(default, rename = "localizedFirstName", deserialize_with = "lenient_text")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default, rename = "localizedLastName", deserialize_with = "lenient_text")]
    pub last_name: Option<String>,
    /// The line under the name.
    #[serde(default, rename = "localizedHeadline", deserialize_with = "lenient_text")]
    pub headline: Option<String>,
    /// The last part of the profile's address: `linkedin.com/in/…`.
    #[serde(default, rename = "vanityName", deserialize_with = "lenient_text")]
    pub vanity_name: Option<String>,
}

impl Me {
    /// First and last name, as far as there are any.
    pub fn name(&self) -> Option<String> {
        let names: Vec<_> =
            [&self.first_name, &self.last_name].into_iter().flatten().map(String::as_str).collect();
        Some(names.join(" ")).filter(|name| !name.is_empty())
    }

    /// The member as an author of posts.
    ///
    /// # Errors
    /// When the id has a form that this version does not know.
    pub fn person_urn(&self) -> Result<PersonUrn, UrnError> {
        PersonUrn::from_id(&self.id)
    }
}

impl fmt::Debug for Me {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Me").field("id", &self.id).finish_non_exhaustive()
    }
}
