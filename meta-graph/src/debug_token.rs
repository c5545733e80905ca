//! Inspecting a token (Graph API: Debug Token).

use http::Method;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};
use sociogram_oauth_core::{AccessToken, Expiry, Scope, ScopeSet};

use crate::graph_error::GraphError;
use crate::id::{AppId, PageId, UserId};
use crate::lenient;
use sociogram_api_core::open_enum;

/// Asks Meta what a token is, whose it is and what it may do: `GET /debug_token`.
///
/// Send it with the app's own token ([`AppToken`](crate::oauth::AppToken)), or that of one of the app's
/// developers. Needs no permission. The inspected token travels in the query, because Meta documents no
/// other place; no error, log or trace shows it.
#[derive(Clone, Debug)]
pub struct DebugToken {
    input: AccessToken,
}

impl DebugToken {
    /// Inspects this token.
    pub fn new(input: impl Into<AccessToken>) -> Self {
        Self { input: input.into() }
    }
}

impl Endpoint for DebugToken {
    type Output = TokenInfo;

    const NAME: &'static str = "token.debug";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/debug_token";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if self.input.is_empty() {
            return Err(
                Finding::error("token.debug.empty", "input_token", "the token to inspect is empty").into()
            );
        }
        parts.query("input_token", self.input.expose());
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<TokenInfo, DecodeError> {
        let envelope: Envelope = response.json()?;
        match envelope.data {
            // Meta answers so for some tokens it does not know.
            Value::Array(data) if data.is_empty() => Ok(TokenInfo::default()),
            data @ Value::Object(_) => {
                TokenInfo::deserialize(data).map_err(|_| DecodeError::new("data", "a field is not readable"))
            }
            _ => Err(DecodeError::new("data", "neither an object nor an empty list")),
        }
    }
}

#[derive(Deserialize)]
struct Envelope {
    data: Value,
}

/// What Meta says about a token. Fields that are missing or of an unexpected shape are `None`.
#[non_exhaustive]
#[derive(Clone, Debug, Deserialize)]
pub struct TokenInfo {
    /// The app the token belongs to. It must be your own, or someone passes you a foreign token.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub app_id: Option<AppId>,
    /// Name of the app.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub application: Option<String>,
    /// What sort of token it is.
    #[serde(rename = "type", default, deserialize_with = "lenient::or_none")]
    pub token_type: Option<TokenType>,
    /// Whether the token is accepted now. `false` where Meta does not say.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub is_valid: bool,
    /// When the token ends.
    #[serde(default = "unknown", deserialize_with = "expiry")]
    pub expires_at: Expiry,
    /// When the app loses the person's data unless they come back (90 days); may be in the past while the
    /// token is valid. [`Expiry::Never`] for tokens without that rule.
    #[serde(default = "never", deserialize_with = "expiry")]
    pub data_access_expires_at: Expiry,
    /// When the token was made; missing for short-lived ones.
    #[serde(default, deserialize_with = "lenient::unix_seconds")]
    pub issued_at: Option<Timestamp>,
    /// The person (an id for this app only) or system user.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub user_id: Option<UserId>,
    /// The Page of a Page token.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_id: Option<PageId>,
    /// The granted permissions.
    #[serde(default, deserialize_with = "scopes")]
    pub scopes: ScopeSet,
    /// The permissions with the objects they are limited to.
    #[serde(default, deserialize_with = "lenient::list")]
    pub granular_scopes: Vec<GranularScope>,
    /// How the login went (`sso`, `auth_type`, `auth_nonce`), as Meta sent it.
    #[serde(default, deserialize_with = "raw")]
    pub metadata: Option<Box<RawValue>>,
    /// Why the token is not valid. Meta's texts are left out of it.
    #[serde(default, deserialize_with = "error")]
    pub error: Option<GraphError>,
}

impl TokenInfo {
    /// Whether `scope` was granted and is not limited to objects other than `target` (the id of a Page,
    /// account or business).
    pub fn allows(&self, scope: &str, target: &str) -> bool {
        let limits = self.granular_scopes.iter().find(|granular| granular.scope == scope);
        match limits.map(|granular| &granular.target_ids) {
            Some(Some(targets)) => targets.iter().any(|allowed| allowed == target),
            Some(None) => true,
            None => self.scopes.contains(scope),
        }
    }
}

impl Default for TokenInfo {
    /// Nothing known, and not valid.
    fn default() -> Self {
        Self {
            app_id: None,
            application: None,
            token_type: None,
            is_valid: false,
            expires_at: unknown(),
            data_access_expires_at: unknown(),
            issued_at: None,
            user_id: None,
            profile_id: None,
            scopes: ScopeSet::new(),
            granular_scopes: Vec::new(),
            metadata: None,
            error: None,
        }
    }
}

open_enum! {
    /// What sort of token Debug Token found.
    pub enum TokenType {
        /// Of a person.
        User = "USER",
        /// Of a Page.
        Page = "PAGE",
        /// Of a system user.
        SystemUser = "SYSTEM_USER",
        /// Of the app itself.
        App = "APP",
    }
}

/// A permission and what it is limited to.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct GranularScope {
    /// The permission.
    pub scope: String,
    /// Ids of the objects it is limited to; `None` for all of them.
    #[serde(default, deserialize_with = "targets")]
    pub target_ids: Option<Vec<String>>,
}

const fn unknown() -> Expiry {
    Expiry::Unknown
}

const fn never() -> Expiry {
    Expiry::Never
}

/// Unix seconds, where 0 means that there is no end.
fn expiry<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Expiry, D::Error> {
    Ok(match lenient::unix_seconds(from)? {
        Some(Timestamp::UNIX_EPOCH) => Expiry::Never,
        Some(end) => Expiry::At(end),
        None => Expiry::Unknown,
    })
}

fn scopes<'de, D: serde::Deserializer<'de>>(from: D) -> Result<ScopeSet, D::Error> {
    Ok(lenient::list::<_, String>(from)?.into_iter().map(Scope::new).collect())
}

/// Ids of any shape; a limit that cannot be read still is one, so it becomes an empty list.
fn targets<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Vec<String>>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Null => None,
        Value::Array(ids) => Some(ids.iter().filter_map(lenient::text_of).collect()),
        _ => Some(Vec::new()),
    })
}

fn raw<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Box<RawValue>>, D::Error> {
    let value = Value::deserialize(from)?;
    Ok(if value.is_null() { None } else { serde_json::value::to_raw_value(&value).ok() })
}

fn error<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<GraphError>, D::Error> {
    let object: Option<Map<String, Value>> = lenient::or_none(from)?;
    Ok(object.map(|object| GraphError::from_object(&object).without_texts()))
}

#[cfg(test)]
mod tests;
