//! The member behind a token (LinkedIn: Sign In with LinkedIn using OpenID Connect; Profile API).

use std::fmt;

use http::Method;
use serde::{Deserialize, Deserializer};
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_oauth_core::scope;

use crate::urn::{PersonUrn, UrnError};

mod me;

pub use me::{GetMe, Me};

/// Reads the claims about the token's member.
///
/// Needs `openid`, for names and picture `profile`, for the address `email`. It counts against a daily
/// limit of the app: keep the answer, do not ask before every post.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct GetUserInfo;

impl GetUserInfo {
    /// For the token's member.
    pub const fn new() -> Self {
        Self
    }
}

impl Endpoint for GetUserInfo {
    type Output = UserInfo;

    const NAME: &'static str = "linkedin.userinfo.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v2/userinfo";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::OPENID, scope::PROFILE, scope::EMAIL];

    fn write(&self, _parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError> {
        response.json()
    }
}

/// Claims about a member. `Debug` shows the id only.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct UserInfo {
    /// The member's id for this app; another app sees another one.
    pub sub: String,
    /// The whole name.
    #[serde(default, deserialize_with = "lenient_text")]
    pub name: Option<String>,
    /// The first name.
    #[serde(default, deserialize_with = "lenient_text")]
    pub given_name: Option<String>,
    /// The last name.
    #[serde(default, deserialize_with = "lenient_text")]
    pub family_name: Option<String>,
    /// The address of the picture; it expires.
    #[serde(default, deserialize_with = "lenient_text")]
    pub picture: Option<String>,
    /// The primary e-mail address, with the scope `email`.
    #[serde(default, deserialize_with = "lenient_text")]
    pub email: Option<String>,
    /// Whether the address was confirmed.
    #[serde(default, deserialize_with = "lenient_bool")]
    pub email_verified: Option<bool>,
    /// Language and country, such as `en-US`.
    #[serde(default, deserialize_with = "lenient_locale")]
    pub locale: Option<String>,
}

impl UserInfo {
    /// The member as an author of posts.
    ///
    /// # Errors
    /// When the id has a form that this version does not know.
    pub fn person_urn(&self) -> Result<PersonUrn, UrnError> {
        PersonUrn::from_id(&self.sub)
    }
}

impl fmt::Debug for UserInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserInfo").field("sub", &self.sub).finish_non_exhaustive()
    }
}

/// A text; anything else is not known.
fn lenient_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Other(serde::de::IgnoredAny),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Text(text) => Some(text),
        Either::Other(_) => None,
    })
}

/// A boolean, or one written as text; anything else is not known.
fn lenient_bool<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Bool(bool),
        Text(String),
        Other(serde::de::IgnoredAny),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Bool(value) => Some(value),
        Either::Text(text) => text.trim().to_ascii_lowercase().parse().ok(),
        Either::Other(_) => None,
    })
}

/// `"en-US"`, or `{"language":"en","country":"US"}`; anything else is not known.
fn lenient_locale<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Parts { language: String, country: Option<String> },
        Other(serde::de::IgnoredAny),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Text(text) => Some(text),
        Either::Parts { language, country: Some(country) } => Some(format!("{language}-{country}")),
        Either::Parts { language, country: None } => Some(language),
        Either::Other(_) => None,
    })
}

#[cfg(test)]
mod tests;
