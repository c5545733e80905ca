//! Reading a token answer leniently where providers are sloppy and strictly where it matters.

use std::{fmt, time::Duration};

use oauth2::basic::BasicTokenType;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;
use sociogram_api_core::Timestamp;

use crate::{AccessToken, Expiry, OAuthError, RefreshToken, ScopeSet, TokenKind, TokenSet};

/// Longer lives are a mistake of the sender: a hundred years.
const MAX_SECONDS: u64 = 100 * 365 * 24 * 3600;

/// A token answer as it came (RFC 6749 section 5.1). The values are judged by [`into_token_set`], because an
/// error of the reader could quote them.
///
/// [`into_token_set`]: Self::into_token_set
#[derive(Deserialize)]
pub(crate) struct TokenReply {
    #[serde(default = "no_token", deserialize_with = "token")]
    access_token: oauth2::AccessToken,
    #[serde(default)]
    token_type: Option<Value>,
    #[serde(default)]
    expires_in: Option<Value>,
    #[serde(default)]
    expires: Option<Value>,
    #[serde(default)]
    refresh_token: Option<oauth2::RefreshToken>,
    #[serde(default)]
    refresh_token_expires_in: Option<Value>,
    #[serde(default)]
    scope: Option<Value>,
}

fn no_token() -> oauth2::AccessToken {
    oauth2::AccessToken::new(String::new())
}

fn token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<oauth2::AccessToken, D::Error> {
    let text = Option::<String>::deserialize(deserializer).map_err(|_| de::Error::custom("not a text"))?;
    Ok(oauth2::AccessToken::new(text.unwrap_or_default()))
}

impl TokenReply {
    /// The token set, with ends counted from `sent_at`: the moment before the request left.
    pub(crate) fn into_token_set(self, kind: TokenKind, sent_at: Timestamp) -> Result<TokenSet, OAuthError> {
        let access = self.access_token.into_secret();
        if !is_token(&access) {
            return Err(OAuthError::unreadable("the access token is missing, empty or holds spaces"));
        }
        if !is_bearer(self.token_type.as_ref()) {
            return Err(OAuthError::unreadable("the token is not a bearer token"));
        }
        let expires_in = self.expires_in.or(self.expires);
        let expiry =
            end(expires_in.as_ref(), sent_at, "the access token's life is not a sensible number of seconds")?;
        let refresh_expiry = end(
            self.refresh_token_expires_in.as_ref(),
            sent_at,
            "the refresh token's life is not a sensible number of seconds",
        )?;

        let mut tokens =
            TokenSet::new(AccessToken::new(access), kind).with_expiry(expiry).with_issued_at(sent_at);
        if let Some(refresh) =
            self.refresh_token.map(oauth2::RefreshToken::into_secret).filter(|text| is_token(text))
        {
            tokens = tokens.with_refresh(RefreshToken::new(refresh), refresh_expiry);
        }
        if let Some(scopes) = scopes(self.scope.as_ref()) {
            tokens = tokens.with_scopes(scopes);
        }
        Ok(tokens)
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| c.is_ascii_graphic())
}

fn is_bearer(token_type: Option<&Value>) -> bool {
    match token_type {
        None | Some(Value::Null) => true,
        Some(Value::String(name)) => name.is_empty() || name.eq_ignore_ascii_case("bearer"),
        Some(_) => false,
    }
}

fn end(life: Option<&Value>, sent_at: Timestamp, problem: &'static str) -> Result<Expiry, OAuthError> {
    let life = seconds(life).map_err(|()| OAuthError::unreadable(problem))?;
    Ok(life.map_or(Expiry::Unknown, |life| Expiry::At(sent_at.saturating_add(life))))
}

/// A number or a text holding one. Zero and nothing mean that the provider does not say.
fn seconds(value: Option<&Value>) -> Result<Option<Duration>, ()> {
    let seconds = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => {
            number.as_u64().or_else(|| number.as_f64().filter(|n| n.fract() == 0.0).and_then(whole))
        }
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    match seconds {
        Some(0) => Ok(None),
        Some(seconds) if seconds <= MAX_SECONDS => Ok(Some(Duration::from_secs(seconds))),
        _ => Err(()),
    }
}

/// `5184000.0` is what some JSON writers make of a whole number.
fn whole(number: f64) -> Option<u64> {
    Duration::try_from_secs_f64(number).ok().map(|duration| duration.as_secs())
}

fn scopes(scope: Option<&Value>) -> Option<ScopeSet> {
    match scope? {
        Value::String(list) => Some(ScopeSet::parse(list)),
        Value::Array(list) => Some(list.iter().filter_map(Value::as_str).flat_map(ScopeSet::parse).collect()),
        _ => None,
    }
}

impl fmt::Debug for TokenReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenReply([redacted])")
    }
}

/// The `oauth2` crate wants answers to be writable; ours are not.
impl Serialize for TokenReply {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("a token answer is never written"))
    }
}

impl oauth2::TokenResponse for TokenReply {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &oauth2::AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &BasicTokenType::Bearer
    }

    fn expires_in(&self) -> Option<Duration> {
        seconds(self.expires_in.as_ref()).ok().flatten()
    }

    fn refresh_token(&self) -> Option<&oauth2::RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<oauth2::Scope>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sociogram_api_core::ErrorKind;

    use super::*;

    const SENT: Timestamp = Timestamp::from_unix_seconds(1_000);

    fn read(json: &str) -> Result<TokenSet, OAuthError> {
        let reply: TokenReply = serde_json::from_str(json).map_err(|_| OAuthError::unreadable("shape"))?;
        reply.into_token_set(TokenKind::Generic, SENT)
    }

    fn end(json: &str) -> Expiry {
        read(json).unwrap().expiry()
    }

    #[test]
    fn lives_are_read_in_every_spelling_and_count_from_before_the_request() {
        let sixty_days = Expiry::At(Timestamp::from_unix_seconds(1_000 + 5_184_000));
        for life in ["5184000", "\"5184000\"", "\" 5184000 \"", "5184000.0"] {
            assert_eq!(end(&format!(r#"{{"access_token":"t","expires_in":{life}}}"#)), sixty_days, "{life}");
            assert_eq!(end(&format!(r#"{{"access_token":"t","expires":{life}}}"#)), sixty_days, "{life}");
        }
        for silent in ["null", "0", "\"\"", "\"0\""] {
            assert_eq!(
                end(&format!(r#"{{"access_token":"t","expires_in":{silent}}}"#)),
                Expiry::Unknown,
                "{silent}"
            );
        }
        let tokens = read(r#"{"access_token":"t"}"#).unwrap();
        assert_eq!((tokens.expiry(), tokens.issued_at()), (Expiry::Unknown, Some(SENT)));
    }

    #[test]
    fn senseless_answers_are_refused_without_repeating_them() {
        for json in [
            r"{}",
            r#"{"access_token":""}"#,
            r#"{"access_token":null}"#,
            r#"{"access_token":"   "}"#,
            r#"{"access_token":"CANARY token"}"#,
            r#"{"access_token":"CANARY\n"}"#,
            r#"{"access_token":["CANARY"]}"#,
            r#"{"access_token":"CANARY","token_type":"mac"}"#,
            r#"{"access_token":"CANARY","token_type":7}"#,
            r#"{"access_token":"CANARY","expires_in":-1}"#,
            r#"{"access_token":"CANARY","expires_in":"-5"}"#,
            r#"{"access_token":"CANARY","expires_in":1.5}"#,
            r#"{"access_token":"CANARY","expires_in":1e300}"#,
            r#"{"access_token":"CANARY","expires_in":99999999999999}"#,
            r#"{"access_token":"CANARY","expires_in":"soon"}"#,
            r#"{"access_token":"CANARY","expires_in":true}"#,
            r#"{"access_token":"CANARY","expires_in":[1]}"#,
            r#"{"access_token":"CANARY","refresh_token_expires_in":-1}"#,
            "[]",
            "\"CANARY\"",
        ] {
            let error = read(json).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{json}");
            assert!(!format!("{error} {error:?}").contains("CANARY"), "{json}");
        }
    }

    #[test]
    fn token_types_scopes_and_refresh_tokens_are_read_leniently() {
        for kind in ["\"bearer\"", "\"Bearer\"", "\"BEARER\"", "\"\"", "null"] {
            assert!(read(&format!(r#"{{"access_token":"t","token_type":{kind}}}"#)).is_ok(), "{kind}");
        }
        let expected = ScopeSet::parse("email openid");
        for scope in
            ["\"email,openid\"", "\"openid email\"", "[\"email\",\"openid\"]", "[\"email,openid\",7]"]
        {
            let tokens = read(&format!(r#"{{"access_token":"t","scope":{scope}}}"#)).unwrap();
            assert_eq!(tokens.scopes(), Some(&expected), "{scope}");
        }
        assert_eq!(read(r#"{"access_token":"t"}"#).unwrap().scopes(), None);

        let tokens =
            read(r#"{"access_token":"t","refresh_token":"r","refresh_token_expires_in":"31536000"}"#)
                .unwrap();
        assert_eq!(tokens.refresh().unwrap().expose(), "r");
        assert_eq!(tokens.refresh_expiry(), Expiry::At(Timestamp::from_unix_seconds(1_000 + 31_536_000)));
        assert!(read(r#"{"access_token":"t","refresh_token":""}"#).unwrap().refresh().is_none());
    }

    #[test]
    fn a_reply_is_neither_printed_nor_written() {
        let reply: TokenReply = serde_json::from_str(r#"{"access_token":"CANARY"}"#).unwrap();
        assert_eq!(format!("{reply:?}"), "TokenReply([redacted])");
        assert!(serde_json::to_string(&reply).is_err());
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_never_yields_an_empty_token(
            life in "-?[0-9]{0,25}(\\.[0-9]{1,3})?|\"\\PC{0,12}\"|null",
            token in "\\PC{0,12}",
        ) {
            let token = serde_json::to_string(&token).unwrap();
            if let Ok(tokens) = read(&format!(r#"{{"access_token":{token},"expires_in":{life}}}"#)) {
                prop_assert!(!tokens.access().is_empty());
                prop_assert!(tokens.expiry().at().is_none_or(|end| end > SENT));
            }
        }
    }
}
