//! What a provider does its own way.

use std::fmt;

use async_trait::async_trait;
use serde_json::Value;

use crate::{
    AccessToken, Grant, Identity, OAuthError, OAuthErrorClass, Permissions, Refusal, RefusedAnswer,
    TokenFacts, TokenSet,
};

/// What a provider does its own way: how it refuses, and where it tells about tokens. The crate that knows the
/// provider's API implements it once (`meta_graph::oauth`, `linkedin_api::oauth`).
///
/// Every method but [`refusal`](Self::refusal) may answer `None`: then the standard endpoint is asked, where the
/// provider has one (RFC 7662, RFC 7009, OpenID Connect's userinfo).
#[async_trait]
pub trait ProviderHooks: fmt::Debug + Send + Sync + 'static {
    /// Reads a refusal of the token endpoint. Takes codes out of it, never text.
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal;

    /// What the provider says about a token.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider could not be asked. A token that is not good is no error, but
    /// [`TokenFacts::active`] is `false`.
    async fn inspect(&self, _token: &AccessToken) -> Result<Option<TokenFacts>, OAuthError> {
        Ok(None)
    }

    /// Whose token it is.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider could not be asked or refused the token.
    async fn identify(&self, _token: &AccessToken) -> Result<Option<Identity>, OAuthError> {
        Ok(None)
    }

    /// What the person answered for each scope.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider could not be asked or refused the token.
    async fn permissions(&self, _token: &AccessToken) -> Result<Option<Permissions>, OAuthError> {
        Ok(None)
    }

    /// Withdraws everything the person granted the app with this token. `false` if this provider has no way of
    /// its own.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider did not confirm. Whoever stores the token must stop using it anyway.
    async fn revoke(&self, _tokens: &TokenSet) -> Result<bool, OAuthError> {
        Ok(false)
    }
}

/// The built-in reading: RFC 6749 section 5.2, and the ways in which Meta and LinkedIn differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandardHooks(Style);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Rfc6749,
    Facebook,
    LinkedIn,
}

impl StandardHooks {
    /// RFC 6749 alone.
    pub const fn rfc6749() -> Self {
        Self(Style::Rfc6749)
    }

    /// Graph API errors (`{"error":{"code":…}}`).
    pub const fn facebook() -> Self {
        Self(Style::Facebook)
    }

    /// LinkedIn, which says `invalid_request` or `invalid_redirect_uri` where the RFC has `invalid_grant`.
    pub const fn linkedin() -> Self {
        Self(Style::LinkedIn)
    }
}

impl ProviderHooks for StandardHooks {
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        let told = Told::read(answer.body);
        let class = match self.0 {
            Style::Facebook => graph_class(answer, &told),
            Style::LinkedIn => linkedin_class(answer, &told),
            Style::Rfc6749 => None,
        };
        let class = class.unwrap_or_else(|| rfc6749_class(answer.status, told.error.as_deref()));
        Refusal::new(class)
            .with_error(told.error.as_deref().unwrap_or_default())
            .with_code(told.code, told.subcode)
    }
}

/// What the body says, in either shape. The message is looked at and dropped.
#[derive(Default)]
struct Told {
    error: Option<String>,
    code: Option<i64>,
    subcode: Option<i64>,
    transient: bool,
    about_secret: bool,
}

impl Told {
    fn read(body: &[u8]) -> Self {
        let Ok(body) = serde_json::from_slice::<Value>(body) else { return Self::default() };
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(ToOwned::to_owned);
        match body.get("error") {
            Some(Value::Object(graph)) => Self {
                error: text(graph.get("type")),
                code: graph.get("code").and_then(number),
                subcode: graph.get("error_subcode").or(graph.get("subcode")).and_then(number),
                transient: graph.get("is_transient").and_then(Value::as_bool).unwrap_or(false),
                about_secret: graph
                    .get("message")
                    .and_then(Value::as_str)
                    .is_some_and(|message| message.to_ascii_lowercase().contains("secret")),
            },
            error => Self { error: text(error), ..Self::default() },
        }
    }
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn graph_class(answer: &RefusedAnswer<'_>, told: &Told) -> Option<OAuthErrorClass> {
    use OAuthErrorClass as Class;
    Some(match (told.code?, told.subcode) {
        (1, _) if told.about_secret => Class::Misconfigured,
        (4 | 17 | 32 | 341 | 613, _) => Class::Throttled,
        (1 | 2, _) => Class::Transient,
        _ if told.transient => Class::Transient,
        (100, Some(36008)) | (101 | 191, _) => Class::Misconfigured,
        // 36007 expired, 36009 used; without a subcode the code or token is malformed.
        (100, Some(36007 | 36009) | None) | (102 | 190, _) => Class::Reauthorize,
        (10 | 200..=299, _) => Class::Permission,
        _ if answer.status == 429 => Class::Throttled,
        _ if answer.status >= 500 => Class::Transient,
        _ => Class::Rejected,
    })
}

fn linkedin_class(answer: &RefusedAnswer<'_>, told: &Told) -> Option<OAuthErrorClass> {
    let dead_grant = matches!(told.error.as_deref(), Some("invalid_request" | "invalid_redirect_uri"))
        && matches!(answer.status, 400 | 401)
        && matches!(answer.grant, Grant::Code | Grant::Refresh);
    match told.error.as_deref() {
        _ if dead_grant => Some(OAuthErrorClass::Reauthorize),
        Some("invalid_client_id") => Some(OAuthErrorClass::Misconfigured),
        _ => None,
    }
}

fn rfc6749_class(status: u16, error: Option<&str>) -> OAuthErrorClass {
    match (status, error) {
        (429, _) => OAuthErrorClass::Throttled,
        (500.., _) | (_, Some("server_error" | "temporarily_unavailable")) => OAuthErrorClass::Transient,
        (_, Some("invalid_grant")) => OAuthErrorClass::Reauthorize,
        (_, Some("access_denied")) => OAuthErrorClass::Permission,
        (
            _,
            Some(
                "invalid_client"
                | "unauthorized_client"
                | "unsupported_grant_type"
                | "invalid_scope"
                | "invalid_request"
                | "redirect_uri_mismatch",
            ),
        ) => OAuthErrorClass::Misconfigured,
        _ => OAuthErrorClass::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use OAuthErrorClass::{Misconfigured, Permission, Reauthorize, Rejected, Throttled, Transient};
    use proptest::prelude::*;

    use super::*;

    fn read(hooks: StandardHooks, grant: Grant, status: u16, body: &str) -> Refusal {
        hooks.refusal(&RefusedAnswer::new(grant, status, body.as_bytes()))
    }

    #[test]
    fn facebook_answers() {
        let cases = [
            (
                400,
                r#"{"error":{"message":"x","type":"OAuthException","code":100,"error_subcode":36007}}"#,
                Reauthorize,
            ),
            (400, r#"{"error":{"type":"OAuthException","code":100,"error_subcode":36008}}"#, Misconfigured),
            (400, r#"{"error":{"type":"OAuthException","code":"100","error_subcode":"36009"}}"#, Reauthorize),
            (400, r#"{"error":{"message":"Invalid verification code format.","code":100}}"#, Reauthorize),
            (400, r#"{"error":{"code":100,"error_subcode":33}}"#, Rejected),
            (400, r#"{"error":{"message":"Error validating client secret.","code":1}}"#, Misconfigured),
            (400, r#"{"error":{"message":"An unknown error occurred","code":1}}"#, Transient),
            (500, r#"{"error":{"code":2,"is_transient":true}}"#, Transient),
            (400, r#"{"error":{"code":190,"error_subcode":463}}"#, Reauthorize),
            (400, r#"{"error":{"code":190,"error_subcode":460}}"#, Reauthorize),
            (400, r#"{"error":{"code":101}}"#, Misconfigured),
            (400, r#"{"error":{"code":191}}"#, Misconfigured),
            (400, r#"{"error":{"code":4}}"#, Throttled),
            (400, r#"{"error":{"code":613,"is_transient":false}}"#, Throttled),
            (403, r#"{"error":{"code":200}}"#, Permission),
            (400, r#"{"error":{"code":9999,"is_transient":true}}"#, Transient),
            (503, r#"{"error":{"code":9999}}"#, Transient),
            (429, r#"{"error":{"code":9999}}"#, Throttled),
            (400, r#"{"error":{"code":9999}}"#, Rejected),
            (400, r#"{"error":{"message":"no code"}}"#, Rejected),
            (502, "<html>", Transient),
            (400, r#"{"error":"invalid_grant"}"#, Reauthorize),
        ];
        for (status, body, class) in cases {
            assert_eq!(
                read(StandardHooks::facebook(), Grant::Code, status, body).class(),
                class,
                "{status} {body}"
            );
        }
    }

    #[test]
    fn linkedin_answers() {
        let cases = [
            (400, Grant::Code, "invalid_request", Reauthorize),
            (401, Grant::Code, "invalid_request", Reauthorize),
            (400, Grant::Code, "invalid_redirect_uri", Reauthorize),
            (400, Grant::Refresh, "invalid_request", Reauthorize),
            (400, Grant::LongLived, "invalid_request", Misconfigured),
            (401, Grant::Code, "invalid_client", Misconfigured),
            (401, Grant::Refresh, "invalid_client_id", Misconfigured),
            (401, Grant::Code, "access_denied", Permission),
            (429, Grant::Code, "QUOTA_EXCEEDED", Throttled),
            (500, Grant::Code, "invalid_request", Transient),
            (503, Grant::Refresh, "server_error", Transient),
            (400, Grant::Code, "something_new", Rejected),
        ];
        for (status, grant, error, class) in cases {
            let body = format!(r#"{{"error":"{error}","error_description":"CANARY"}}"#);
            let refusal = read(StandardHooks::linkedin(), grant, status, &body);
            assert_eq!(
                (refusal.class(), refusal.error()),
                (class, Some(error)),
                "{status} {grant:?} {error}"
            );
            assert!(!format!("{refusal:?}").contains("CANARY"));
        }
    }

    #[test]
    fn rfc_6749_answers() {
        let cases = [
            (400, r#"{"error":"invalid_grant"}"#, Reauthorize),
            (400, r#"{"error":"invalid_request"}"#, Misconfigured),
            (401, r#"{"error":"invalid_client"}"#, Misconfigured),
            (400, r#"{"error":"temporarily_unavailable"}"#, Transient),
            (400, "", Rejected),
            (400, "[]", Rejected),
            (404, "not json", Rejected),
        ];
        for (status, body, class) in cases {
            assert_eq!(
                read(StandardHooks::rfc6749(), Grant::Code, status, body).class(),
                class,
                "{status} {body}"
            );
        }
    }

    #[test]
    fn only_plain_words_are_kept_of_what_the_provider_says() {
        for error in ["has space", "EAAB<script>", &"x".repeat(65), "ä", "a\nb"] {
            let body = serde_json::json!({ "error": error }).to_string();
            assert_eq!(read(StandardHooks::rfc6749(), Grant::Code, 400, &body).error(), None, "{error:?}");
        }
        let refusal = read(
            StandardHooks::facebook(),
            Grant::LongLived,
            400,
            r#"{"error":{"type":"OAuthException","code":190,"error_subcode":460,"message":"Malformed token CANARY"}}"#,
        );
        assert_eq!(
            (refusal.error(), refusal.code(), refusal.subcode()),
            (Some("OAuthException"), Some(190), Some(460))
        );
        assert!(!format!("{refusal:?}").contains("CANARY"));
    }

    proptest! {
        #[test]
        fn reading_never_panics(body in proptest::collection::vec(any::<u8>(), 0..200), status: u16) {
            for hooks in [StandardHooks::rfc6749(), StandardHooks::facebook(), StandardHooks::linkedin()] {
                let _ = hooks.refusal(&RefusedAnswer::new(Grant::Code, status, &body));
            }
        }
    }
}
