//! Reading what a provider says about a token.

use crate::{Expiry, OAuthError, Reason, ReauthReason, TokenFacts, reply::Reply};

/// Reads an introspection (RFC 7662 section 2.2; LinkedIn: Token Introspection).
pub(crate) fn token_facts(reply: &Reply) -> Result<TokenFacts, OAuthError> {
    let status = reply.text("status").map(str::to_ascii_lowercase);
    let named_active = status.as_deref().map(|status| status == "active");
    let active = reply.flag("active").or(named_active).ok_or_else(|| {
        OAuthError::because(Reason::AnswerNotReadable)
            .with_message("the answer does not say whether the token is active")
    })?;
    let ended = match status.as_deref() {
        Some("expired") => Some(ReauthReason::GrantExpired),
        Some("revoked") => Some(ReauthReason::GrantRevoked),
        _ => None,
    };
    if !active || ended.is_some() {
        // What the rest says may be about anybody's token.
        let mut facts = TokenFacts::new(false);
        facts.reauth_reason = ended;
        return Ok(facts);
    }
    let time = |names: &[&str]| names.iter().find_map(|name| reply.time(name));
    let mut facts = TokenFacts::new(true);
    facts.client_id = reply.id("client_id");
    facts.subject = reply.id("sub");
    facts.username = reply.id("username");
    facts.expiry = time(&["exp", "expires_at"]).map_or(Expiry::Unknown, Expiry::At);
    facts.issued_at = time(&["iat", "created_at", "authorized_at"]);
    facts.scopes = reply.scopes("scope");
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sociogram_api_core::Timestamp;

    use super::*;
    use crate::ScopeSet;

    fn read(json: &str) -> Result<TokenFacts, OAuthError> {
        token_facts(&Reply::read(json.as_bytes())?)
    }

    #[test]
    fn the_example_of_rfc_7662_is_read() {
        let facts = read(
            r#"{"active":true,"client_id":"l238j323ds-23ij4","username":"jdoe","scope":"read write dolphin",
                "sub":"Z5O3upPC88QrAjx00dis","aud":"https://protected.example.net/resource",
                "iss":"https://server.example.com/","exp":1419356238,"iat":1419350238,"extension_field":"x"}"#,
        )
        .unwrap();
        assert!(facts.active);
        assert_eq!(facts.client_id.as_deref(), Some("l238j323ds-23ij4"));
        assert_eq!(facts.subject.as_deref(), Some("Z5O3upPC88QrAjx00dis"));
        assert_eq!(facts.username.as_deref(), Some("jdoe"));
        assert_eq!(facts.expiry, Expiry::At(Timestamp::from_unix_seconds(1_419_356_238)));
        assert_eq!(facts.issued_at, Some(Timestamp::from_unix_seconds(1_419_350_238)));
        assert_eq!(facts.scopes, Some(ScopeSet::parse("read write dolphin")));
    }

    #[test]
    fn linkedins_answer_is_read() {
        let facts = read(
            r#"{"active":true,"client_id":"861hhm46p48to5","authorized_at":1493055596,"created_at":1493055597,
                "status":"active","expires_at":1497497620,"scope":"r_basicprofile,email","auth_type":"3L"}"#,
        )
        .unwrap();
        assert_eq!(facts.client_id.as_deref(), Some("861hhm46p48to5"));
        assert_eq!(facts.expiry, Expiry::At(Timestamp::from_unix_seconds(1_497_497_620)));
        assert_eq!(facts.issued_at, Some(Timestamp::from_unix_seconds(1_493_055_597)));
        assert_eq!(facts.scopes, Some(ScopeSet::parse("r_basicprofile email")));
        assert_eq!((facts.subject, facts.data_access_expiry), (None, Expiry::Unknown));
    }

    #[test]
    fn values_come_in_every_spelling() {
        let facts = read(
            r#"{"active":"true","exp":"1419356238","client_id":42,"sub":9007199254740993,"scope":["a","b,c"]}"#,
        )
        .unwrap();
        assert_eq!(facts.expiry, Expiry::At(Timestamp::from_unix_seconds(1_419_356_238)));
        assert_eq!(facts.client_id.as_deref(), Some("42"));
        assert_eq!(facts.subject.as_deref(), Some("9007199254740993"));
        assert_eq!(facts.scopes, Some(ScopeSet::parse("a b c")));
        for silent in [r#""exp":0"#, r#""exp":-5"#, r#""exp":"soon""#, r#""exp":null"#, r#""exp":{}"#] {
            let facts = read(&format!(r#"{{"active":true,{silent}}}"#)).unwrap();
            assert_eq!((facts.active, facts.expiry), (true, Expiry::Unknown), "{silent}");
        }
    }

    #[test]
    fn a_token_that_is_not_active_is_no_error_and_has_no_facts_but_the_reason() {
        use ReauthReason::{GrantExpired, GrantRevoked};
        for (json, reason) in [
            (r#"{"active":false}"#, None),
            (r#"{"active":"false","client_id":"someone"}"#, None),
            (r#"{"active":false,"scope":"a","exp":1419356238}"#, None),
            (r#"{"active":false,"status":"something new"}"#, None),
            (r#"{"active":false,"status":"active"}"#, None),
            (r#"{"active":false,"status":"revoked","exp":1419356238}"#, Some(GrantRevoked)),
            (r#"{"active":true,"status":"revoked"}"#, Some(GrantRevoked)),
            (r#"{"active":true,"status":"EXPIRED"}"#, Some(GrantExpired)),
            (r#"{"status":"expired"}"#, Some(GrantExpired)),
        ] {
            let mut expected = TokenFacts::new(false);
            expected.reauth_reason = reason;
            assert_eq!(read(json).unwrap(), expected, "{json}");
        }
        assert!(read(r#"{"status":"active"}"#).unwrap().active);
    }

    #[test]
    fn an_answer_that_does_not_say_is_refused() {
        for json in [r"{}", r#"{"active":null}"#, r#"{"active":"maybe"}"#, r#"{"scope":"a"}"#] {
            assert_eq!(read(json).unwrap_err().reason(), Reason::AnswerNotReadable, "{json}");
        }
    }

    proptest! {
        #[test]
        fn only_a_clear_yes_makes_a_token_active(active in "true|false|null|\"\\PC{0,6}\"|-?[0-9]{1,3}|\\[\\]") {
            let result = read(&format!(r#"{{"active":{active}}}"#));
            if result.is_ok_and(|facts| facts.active) {
                let told = active.trim_matches('"').trim().to_lowercase();
                prop_assert!(told == "true" || told.parse::<i64>().is_ok_and(|number| number != 0), "{}", active);
            }
        }
    }
}
