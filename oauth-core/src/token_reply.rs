//! Reading a token answer leniently where providers are sloppy and strictly where it matters.

use serde_json::Value;
use sociogram_api_core::{Secret, Timestamp};

use crate::{AccessToken, OAuthError, Reason, RefreshToken, TokenKind, TokenSet, reply::Reply};

/// What a token endpoint gave.
#[derive(Debug)]
pub(crate) struct TokenAnswer {
    pub(crate) tokens: TokenSet,
    /// Whose token it is, where the answer says so (Instagram, Threads).
    pub(crate) user_id: Option<String>,
    /// OpenID Connect's id token, unread.
    pub(crate) id_token: Option<Secret>,
}

impl TokenAnswer {
    /// Reads a token answer (RFC 6749 section 5.1, OpenID Connect Core 3.1.3.3, and Meta's own shapes). Ends are
    /// counted from `sent_at`: the moment before the request left.
    pub(crate) fn from_reply(reply: &Reply, kind: TokenKind, sent_at: Timestamp) -> Result<Self, OAuthError> {
        let access = reply.text("access_token").filter(|text| is_token(text));
        let access = access.ok_or_else(|| OAuthError::because(Reason::TokenMissing))?;
        if !is_bearer(reply.get("token_type")) {
            return Err(OAuthError::because(Reason::NotBearer));
        }
        let expiry = reply.end(first(reply, ["expires_in", "expires"]), sent_at)?;
        let mut tokens =
            TokenSet::new(AccessToken::new(access), kind).with_expiry(expiry).with_issued_at(sent_at);
        if let Some(refresh) = refresh_token(reply)? {
            // Keycloak's spelling is the shorter one.
            let life = first(reply, ["refresh_token_expires_in", "refresh_expires_in"]);
            tokens = tokens.with_refresh(refresh, reply.end(life, sent_at)?);
        }
        if let Some(scopes) = reply.scopes(first(reply, ["scope", "permissions"])) {
            tokens = tokens.with_scopes(scopes);
        }
        let id_token = reply.text("id_token").filter(|text| is_token(text)).map(Secret::new);
        Ok(Self { tokens, user_id: reply.id("user_id"), id_token })
    }
}

/// The first name that is there.
fn first(reply: &Reply, [usual, other]: [&'static str; 2]) -> &'static str {
    if reply.get(usual).is_some() { usual } else { other }
}

fn refresh_token(reply: &Reply) -> Result<Option<RefreshToken>, OAuthError> {
    match reply.get("refresh_token") {
        None => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) if is_token(text) => Ok(Some(RefreshToken::new(text))),
        // Going on without it would end the connection silently, weeks later.
        Some(_) => Err(OAuthError::unreadable("the refresh token is no text, or holds spaces")),
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| c.is_ascii_graphic())
}

fn is_bearer(token_type: Option<&Value>) -> bool {
    match token_type {
        None => true,
        Some(Value::String(name)) => name.is_empty() || name.eq_ignore_ascii_case("bearer"),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests;
