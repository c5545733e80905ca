//! Debug Token's answer in the login's terms.

use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::FaultClass;
use sociogram_oauth_core::{OAuthError, Scope, ScopeLimit, TokenFacts};

use super::reauth_reason;
use crate::debug_token::{TokenInfo, TokenType};
use crate::error_class::ErrorClass;
use crate::graph_error::GraphError;

/// What Debug Token says about a token. Where it names trouble of the app or of Meta instead, that is no word about
/// the token.
pub(super) fn read(info: &TokenInfo) -> Result<TokenFacts, OAuthError> {
    let said = info.error.as_ref().filter(|_| !info.is_valid);
    let kind = match said.map(GraphError::class) {
        Some(ErrorClass::CapabilityMissing) => ErrorKind::Misconfigured,
        Some(class) => match class.fault_class() {
            FaultClass::Misconfigured => ErrorKind::Misconfigured,
            FaultClass::Throttled => ErrorKind::Throttled,
            FaultClass::Transient => ErrorKind::Server,
            _ => return Ok(TokenFacts::from(info)),
        },
        None => return Ok(TokenFacts::from(info)),
    };
    let code = said.and_then(GraphError::code).unwrap_or_default();
    Err(OAuthError::new(kind, format!("token.debug did not judge the token: {kind} (code {code})")))
}

impl From<&TokenInfo> for TokenFacts {
    /// Of a Page token the subject is the Page, else the person or system user. A token that is not valid has no
    /// scopes; a valid one without any has an empty set, which is not the same as not knowing.
    fn from(info: &TokenInfo) -> Self {
        let user = info.user_id.as_ref().map(ToString::to_string);
        let profile = info.profile_id.as_ref().map(ToString::to_string);
        let is_page = info.token_type == Some(TokenType::Page);
        let mut facts = Self::new(info.is_valid);
        let said = info.error.as_ref().filter(|_| !info.is_valid);
        facts.reauth_reason = said.and_then(reauth_reason::read);
        facts.client_id = info.app_id.as_ref().map(ToString::to_string);
        facts.subject = if is_page { profile.or(user) } else { user.or(profile) };
        facts.expiry = info.expires_at;
        facts.data_access_expiry = info.data_access_expires_at;
        facts.issued_at = info.issued_at;
        facts.scopes = info.is_valid.then(|| info.scopes.clone());
        let limits = info.granular_scopes.iter().filter_map(|granular| {
            Some(ScopeLimit::new(Scope::new(granular.scope.clone()), granular.target_ids.clone()?))
        });
        facts.limits = limits.collect();
        facts
    }
}

#[cfg(test)]
mod tests {
    use sociogram_api_core::Timestamp;
    use sociogram_oauth_core::{Expiry, ReauthReason, ScopeSet};

    use super::*;
    use crate::debug_token::DebugToken;
    use crate::scripted::exchange;

    async fn facts(data: &str) -> TokenFacts {
        let info = exchange(DebugToken::new("INPUT"), &format!(r#"{{"data":{data}}}"#)).await.0.unwrap();
        TokenFacts::from(&info)
    }

    #[tokio::test]
    async fn every_fact_is_taken_over() {
        let facts = facts(
            r#"{"app_id":"7","type":"USER","is_valid":true,"expires_at":1800000000,"issued_at":1700000000,
                "data_access_expires_at":1790000000,"user_id":"17","scopes":["email","pages_show_list"],
                "granular_scopes":[{"scope":"pages_show_list","target_ids":["42",43]},{"scope":"email"},
                    {"scope":"ads_read","target_ids":[]}]}"#,
        )
        .await;
        let at = |seconds| Expiry::At(Timestamp::from_unix_seconds(seconds));
        let mut expected = TokenFacts::new(true);
        expected.client_id = Some("7".to_owned());
        expected.subject = Some("17".to_owned());
        expected.expiry = at(1_800_000_000);
        expected.data_access_expiry = at(1_790_000_000);
        expected.issued_at = Some(Timestamp::from_unix_seconds(1_700_000_000));
        expected.scopes = Some(ScopeSet::parse("email pages_show_list"));
        expected.limits = vec![
            ScopeLimit::new("pages_show_list".into(), vec!["42".to_owned(), "43".to_owned()]),
            ScopeLimit::new("ads_read".into(), Vec::new()),
        ];
        assert_eq!(facts, expected);
    }

    #[tokio::test]
    async fn the_subject_of_a_page_token_is_the_page() {
        for (data, subject) in [
            (r#"{"type":"PAGE","user_id":"17","profile_id":"42"}"#, Some("42")),
            (r#"{"type":"PAGE","user_id":"17"}"#, Some("17")),
            (r#"{"type":"SYSTEM_USER","user_id":"17"}"#, Some("17")),
            (r#"{"profile_id":"42"}"#, Some("42")),
            (r#"{"type":"APP"}"#, None),
        ] {
            assert_eq!(facts(data).await.subject.as_deref(), subject, "{data}");
        }
    }

    #[tokio::test]
    async fn no_end_is_not_the_same_as_an_unknown_end() {
        let endless = facts(r#"{"is_valid":true,"expires_at":0,"scopes":[]}"#).await;
        assert_eq!((endless.expiry, endless.data_access_expiry), (Expiry::Never, Expiry::Never));
        assert_eq!(endless.scopes, Some(ScopeSet::new()), "nothing is granted, and that is known");
        let unknown = facts(r#"{"is_valid":true}"#).await;
        assert_eq!(unknown.expiry, Expiry::Unknown);
    }

    #[tokio::test]
    async fn a_token_that_is_not_valid_allows_nothing_and_says_why() {
        let expired = r#"{"is_valid":false,"app_id":"7","error":{"code":190,"subcode":463}}"#;
        for (data, reason) in [(expired, Some(ReauthReason::GrantExpired)), ("[]", None)] {
            let facts = facts(data).await;
            assert_eq!((facts.active, facts.scopes), (false, None), "{data}");
            assert_eq!(facts.reauth_reason, reason, "{data}");
        }
        // Of a valid token an error says nothing.
        let valid = facts(r#"{"is_valid":true,"error":{"code":190,"subcode":463}}"#).await;
        assert_eq!((valid.active, valid.reauth_reason), (true, None));
    }
}
