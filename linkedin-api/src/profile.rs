//! The member behind a token (LinkedIn: Sign In with LinkedIn using OpenID Connect; Profile API).

use std::fmt;

use serde::{Deserialize, Deserializer};
use sociogram_oauth_core::scope;

use crate::endpoint::endpoint;
use crate::lenient;
use crate::urn::{PersonUrn, UrnError};

mod person;

pub use person::{BatchGetPeople, GetConnectionsSize, GetMe, GetPerson, Me, Person, ProfilePicture};

endpoint! {
    /// Reads the claims about the token's member: `GET /v2/userinfo` (LinkedIn: Sign In with LinkedIn using OpenID
    /// Connect).
    ///
    /// Needs `openid`, for names and picture `profile`, for the address `email`. It counts against a daily
    /// limit of the app: keep the answer, do not ask before every post.
    pub struct GetUserInfo -> UserInfo;
    "linkedin.userinfo.get": Get "/v2/userinfo", Safe, [scope::OPENID, scope::PROFILE, scope::EMAIL];
}

/// Claims about a member. `Debug` shows the id only.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct UserInfo {
    /// The member's id for this app; another app sees another one.
    pub sub: String,
    /// The whole name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// The first name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub given_name: Option<String>,
    /// The last name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub family_name: Option<String>,
    /// The address of the picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub picture: Option<String>,
    /// The primary e-mail address, with the scope `email`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub email: Option<String>,
    /// Whether the address was confirmed.
    #[serde(default, deserialize_with = "lenient::boolean")]
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
