//! What a vault learns through the client: every number of Meta in a renewal, a check, a derivation and a revocation.

use sociogram_api_core::testing::ManualClock;
use sociogram_oauth_core::{
    MemorySessionStore, OAuthClient, RedirectUri, Refresh, RefreshError, RefreshErrorKind, TokenCheck,
};

use super::*;
use crate::oauth::reauth_reason::tests::{NUMBERS, body};

fn vault_client(transport: &ScriptedTransport) -> OAuthClient {
    let graph = Client::builder().transport(Arc::new(transport.clone())).build().unwrap();
    let provider = crate::oauth::facebook(&graph, AppId::from(7), AppSecret::new("secret"));
    OAuthClient::builder(provider, "7")
        .client_secret("secret".into())
        .redirect_uri(RedirectUri::parse("https://app.example.com/cb").unwrap())
        .transport(Arc::new(transport.clone()))
        .sessions(Arc::new(MemorySessionStore::new()))
        .build()
        .unwrap()
}

fn always(status: u16, body: &str) -> ScriptedTransport {
    (0..10).fold(ScriptedTransport::new(), |script, _| script.respond(status, &[], body.to_owned()))
}

fn told(error: &RefreshError) -> (RefreshErrorKind, Option<ReauthReason>) {
    assert_eq!(canary::leaks(&canary::printed(error)), [""; 0]);
    (error.kind(), error.reauth_reason())
}

/// Of the numbers that are not about the person: in a renewal, and in a call of the hooks.
fn other_kinds(code: i64) -> (RefreshErrorKind, RefreshErrorKind) {
    use RefreshErrorKind::{Defect, Misconfigured, Refused, Throttled, Transient};
    match code {
        1 => (Transient, Transient),
        3 | 101 | 104 => (Misconfigured, Misconfigured),
        4 => (Throttled, Throttled),
        100 => (Refused, Defect),
        368 => (Refused, Refused),
        _ => panic!("{code} needs a kind"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_renewal_says_why() {
    for (code, subcode, reason) in NUMBERS {
        let transport = always(400, &body(code, subcode));
        let error = vault_client(&transport).refresh(&tokens(TokenKind::MetaUserLong)).await.unwrap_err();
        let kind = reason.map_or_else(|| other_kinds(code).0, |_| RefreshErrorKind::Revoked);
        assert_eq!(told(&error), (kind, reason), "{code}/{subcode:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_derivation_says_why() {
    for (code, subcode, reason) in NUMBERS {
        let transport = always(400, &body(code, subcode));
        let parent = tokens(TokenKind::MetaUserLong);
        let error = vault_client(&transport).derive(&parent, "42").await.unwrap_err();
        let kind = reason.map_or_else(|| other_kinds(code).1, |_| RefreshErrorKind::Revoked);
        assert_eq!(told(&error), (kind, reason), "{code}/{subcode:?}");
    }
    // The Page is hidden from the parent, or its alias is unknown.
    for (code, subcode) in [(100, Some(33)), (803, None)] {
        let transport = always(400, &body(code, subcode));
        let error =
            vault_client(&transport).derive(&tokens(TokenKind::MetaSystemUser), "42").await.unwrap_err();
        assert_eq!(told(&error), (RefreshErrorKind::Revoked, Some(ReauthReason::PermissionsLost)));
    }
}

#[tokio::test]
async fn a_token_that_is_not_valid_says_why() {
    for (code, subcode, reason) in NUMBERS {
        let error = serde_json::json!({ "code": code, "message": "CANARY", "subcode": subcode });
        let data = serde_json::json!({ "app_id": "7", "is_valid": false, "scopes": [], "error": error });
        let transport = always(200, &serde_json::json!({ "data": data }).to_string());
        let check = vault_client(&transport).check(&tokens(TokenKind::MetaUserLong)).await;
        let about_the_token = reason.is_some() || matches!(code, 100 | 368);
        match check {
            Ok(check) => {
                let reason = reason.unwrap_or(ReauthReason::TokenRejected);
                assert_eq!(check, TokenCheck::Dead(reason), "{code}/{subcode:?}");
                assert!(about_the_token, "{code}/{subcode:?}");
            }
            Err(error) => {
                assert_eq!(told(&error), (other_kinds(code).1, None), "{code}/{subcode:?}");
                assert!(!about_the_token, "{code}/{subcode:?}");
            }
        }
        assert_eq!(transport.requests().len(), 1, "{code}/{subcode:?}");
    }
}

#[tokio::test]
async fn a_check_looks_at_the_token_and_at_whose_app_it_is() {
    let data = |app: &str, valid: bool, end: i64| {
        format!(r#"{{"data":{{"app_id":"{app}","is_valid":{valid},"expires_at":{end},"user_id":"17"}}}}"#)
    };
    let long = tokens(TokenKind::MetaUserLong);
    let good = always(200, &data("7", true, 0));
    let TokenCheck::Good(facts) = vault_client(&good).check(&long).await.unwrap() else {
        panic!("it is good")
    };
    assert_eq!((facts.subject.as_deref(), facts.expiry), (Some("17"), Expiry::Never));
    assert_eq!(lines(&good).len(), 1);
    for (answer, reason) in [
        (data("8", true, 0), ReauthReason::LegacyToken),
        (data("7", false, 1_000), ReauthReason::GrantExpired),
        (data("7", false, 0), ReauthReason::TokenRejected),
        (r#"{"data":[]}"#.to_owned(), ReauthReason::TokenRejected),
    ] {
        let check = vault_client(&always(200, &answer)).check(&long).await.unwrap();
        assert_eq!(check, TokenCheck::Dead(reason), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_app_that_may_not_ask_says_nothing_about_the_token() {
    for (status, text, kind) in [
        (400, body(190, None), Some(RefreshErrorKind::Misconfigured)),
        (400, body(190, Some(460)), Some(RefreshErrorKind::Misconfigured)),
        (400, body(101, None), Some(RefreshErrorKind::Misconfigured)),
        (400, body(4, None), Some(RefreshErrorKind::Throttled)),
        (503, "<html>".to_owned(), Some(RefreshErrorKind::Transient)),
        // Whoever these come from, it is not the Graph API.
        (401, "<html>".to_owned(), Some(RefreshErrorKind::Refused)),
        (403, "<html>".to_owned(), Some(RefreshErrorKind::Refused)),
        (404, "<html>".to_owned(), Some(RefreshErrorKind::Refused)),
        (400, body(200, None), None),
    ] {
        let check = vault_client(&always(status, &text)).check(&tokens(TokenKind::MetaUserLong)).await;
        match kind {
            Some(kind) => assert_eq!(told(&check.unwrap_err()), (kind, None), "{status} {text}"),
            None => assert_eq!(check.unwrap(), TokenCheck::NotOffered),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_proxys_status_costs_neither_a_renewal_nor_a_page_nor_confirms_a_revocation() {
    for status in [401, 403, 404] {
        for text in ["<html>", r#"{"error":{"message":"no"}}"#, r#"{"error":{"code":98765}}"#] {
            let long = tokens(TokenKind::MetaUserLong);
            let refused = (RefreshErrorKind::Refused, None);
            let error = vault_client(&always(status, text)).refresh(&long).await.unwrap_err();
            assert_eq!(told(&error), refused, "{status} {text}");
            let error = vault_client(&always(status, text)).derive(&long, "42").await.unwrap_err();
            assert_eq!(told(&error), refused, "{status} {text}");
            let error = Refresh::revoke(&vault_client(&always(status, text)), &long).await.unwrap_err();
            assert_eq!(told(&error), refused, "{status} {text}");
        }
    }
}

#[tokio::test]
async fn a_pages_token_comes_from_a_person_or_a_system_user() {
    let at = Expiry::At(Timestamp::from_unix_seconds(1_800_000_000));
    let scopes = ScopeSet::parse("pages_manage_posts pages_show_list");
    for (kind, end, expected) in [
        (TokenKind::MetaUserLong, at, Expiry::Never),
        (TokenKind::MetaUserLong, Expiry::Unknown, Expiry::Never),
        (TokenKind::MetaUserShort, at, at),
        (TokenKind::MetaUserShort, Expiry::Unknown, Expiry::Unknown),
        (TokenKind::MetaSystemUser, at, at),
        (TokenKind::MetaSystemUser, Expiry::Never, Expiry::Never),
    ] {
        let transport = ScriptedTransport::new().json(r#"{"access_token":"PAGE","id":"42"}"#);
        let clock = ManualClock::at(Timestamp::from_unix_seconds(1_700_000_000));
        let client = Client::builder().transport(Arc::new(transport.clone())).timer(Arc::new(clock.clone()));
        let hooks = FacebookHooks::new(&client.build().unwrap(), AppId::from(7), AppSecret::new("secret"));
        let parent = tokens(kind).with_expiry(end).with_scopes(scopes.clone());
        let page = hooks.derive(&parent, "42").await.unwrap().unwrap();
        assert_eq!(
            (page.access().expose(), page.kind(), page.expiry()),
            ("PAGE", TokenKind::MetaPage, expected)
        );
        assert_eq!(page.scopes(), Some(&scopes));
        assert_eq!(page.issued_at(), Some(Timestamp::from_unix_seconds(1_700_000_000)));
        assert!(page.refresh().is_none());
        assert_eq!(
            lines(&transport),
            [format!("GET /v26.0/42?fields=access_token&appsecret_proof={}", proof("TOKEN"))]
        );
        assert_eq!(bearers(&transport), ["Bearer TOKEN"]);
    }
    // What is not known of the parent is not known of the Page.
    let transport = ScriptedTransport::new().json(r#"{"access_token":"PAGE"}"#);
    let page = hooks(&transport).derive(&tokens(TokenKind::MetaUserLong), "42").await.unwrap().unwrap();
    assert_eq!(page.scopes(), None);
}

#[tokio::test]
async fn no_other_token_gives_one() {
    let transport = ScriptedTransport::new();
    for kind in TokenKind::ALL {
        let parent =
            matches!(kind, TokenKind::MetaUserLong | TokenKind::MetaUserShort | TokenKind::MetaSystemUser);
        if !parent {
            assert!(hooks(&transport).derive(&tokens(*kind), "42").await.unwrap().is_none(), "{kind}");
        }
    }
    for id in ["", "../me", "4 2"] {
        let error = vault_client(&transport).derive(&tokens(TokenKind::MetaUserLong), id).await.unwrap_err();
        assert_eq!(told(&error), (RefreshErrorKind::Defect, None), "{id:?}");
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn an_answer_without_the_pages_token_is_a_lost_permission_and_another_page_is_not_taken() {
    let long = tokens(TokenKind::MetaUserLong);
    for text in [r#"{"id":"42"}"#, r#"{"id":"42","access_token":""}"#] {
        let error = vault_client(&always(200, text)).derive(&long, "42").await.unwrap_err();
        assert_eq!(told(&error), (RefreshErrorKind::Revoked, Some(ReauthReason::PermissionsLost)), "{text}");
    }
    let other = r#"{"id":"43","access_token":"CANARYpage"}"#;
    let error = vault_client(&always(200, other)).derive(&long, "42").await.unwrap_err();
    assert_eq!(told(&error), (RefreshErrorKind::Refused, None));
}

#[tokio::test(start_paused = true)]
async fn a_vault_is_told_what_became_of_a_revocation() {
    use ReauthReason::{GrantExpired, PasswordChanged, TokenRejected};
    use RefreshErrorKind::{Misconfigured, Refused, Revoked};
    for (kind, code, subcode, outcome) in [
        (TokenKind::MetaUserLong, 190, Some(458), Ok(true)),
        (TokenKind::MetaUserLong, 190, Some(466), Ok(true)),
        (TokenKind::MetaUserLong, 190, Some(460), Err((Revoked, Some(PasswordChanged)))),
        (TokenKind::MetaUserLong, 190, Some(463), Err((Revoked, Some(GrantExpired)))),
        (TokenKind::MetaUserLong, 190, None, Err((Revoked, Some(TokenRejected)))),
        // The token may come back to life, and the grant with it.
        (TokenKind::MetaUserLong, 190, Some(459), Err((Refused, None))),
        (TokenKind::MetaUserLong, 200, None, Err((Refused, None))),
        (TokenKind::MetaUserLong, 104, None, Err((Misconfigured, None))),
        (TokenKind::MetaSystemUser, 190, Some(467), Ok(true)),
        (TokenKind::MetaSystemUser, 190, Some(463), Ok(true)),
    ] {
        let client = vault_client(&always(400, &body(code, subcode)));
        let revoked = Refresh::revoke(&client, &tokens(kind)).await;
        assert_eq!(revoked.map_err(|error| told(&error)), outcome, "{kind} {code}/{subcode:?}");
    }
    let page = tokens(TokenKind::MetaPage);
    assert!(!Refresh::revoke(&vault_client(&ScriptedTransport::new()), &page).await.unwrap());
}
