use sociogram_api_core::ErrorKind;
use sociogram_api_core::Timestamp;
use sociogram_api_core::http::{RetryPolicy, TransportErrorKind};
use sociogram_api_core::testing::{CapturedLogs, ManualClock, RecordedRequest, ScriptedTransport, canary};
use sociogram_oauth_core::{Expiry, Grant, OAuthErrorClass, ScopeLimit, ScopeSet};

use super::*;
use crate::ProofMode;
use crate::scripted::{error_body, line};

mod vault;

const DONE: &str = r#"{"success":true}"#;

fn hooks(transport: &ScriptedTransport) -> FacebookHooks {
    let client = Client::builder().transport(Arc::new(transport.clone())).build().unwrap();
    FacebookHooks::new(&client, AppId::from(7), AppSecret::new("secret"))
}

/// The proof that the calls of `token` carry.
fn proof(token: &str) -> String {
    AppSecret::new("secret").proof(&token.into())
}

fn lines(transport: &ScriptedTransport) -> Vec<String> {
    transport.requests().iter().map(line).collect()
}

fn bearers(transport: &ScriptedTransport) -> Vec<String> {
    let bearer = |request: &RecordedRequest| request.header("authorization").to_owned();
    transport.requests().iter().map(bearer).collect()
}

fn tokens(kind: TokenKind) -> TokenSet {
    TokenSet::new("TOKEN".into(), kind)
}

fn debugged(sort: &str) -> String {
    format!(r#"{{"data":{{"app_id":"7","type":"{sort}","is_valid":true,"user_id":"17"}}}}"#)
}

#[tokio::test]
async fn a_token_is_inspected_with_the_apps_own_token() {
    let transport = ScriptedTransport::new().json(
        r#"{"data":{"app_id":"7","type":"USER","is_valid":true,"expires_at":0,"user_id":"17",
            "data_access_expires_at":1790000000,"scopes":["pages_show_list","public_profile"],
            "granular_scopes":[{"scope":"pages_show_list","target_ids":["42"]}]}}"#,
    );
    let facts = hooks(&transport).inspect(&"EAAB|x".into()).await.unwrap().unwrap();
    assert!(facts.active);
    assert_eq!((facts.client_id.as_deref(), facts.subject.as_deref()), (Some("7"), Some("17")));
    assert_eq!(facts.expiry, Expiry::Never);
    assert_eq!(facts.data_access_expiry, Expiry::At(Timestamp::from_unix_seconds(1_790_000_000)));
    assert_eq!(facts.scopes, Some(ScopeSet::parse("pages_show_list public_profile")));
    assert_eq!(facts.limits, [ScopeLimit::new("pages_show_list".into(), vec!["42".to_owned()])]);
    assert_eq!(
        lines(&transport),
        [format!("GET /v26.0/debug_token?input_token=EAAB%7Cx&appsecret_proof={}", proof("7|secret"))]
    );
    assert_eq!(bearers(&transport), ["Bearer 7|secret"]);
}

#[tokio::test]
async fn a_token_that_is_not_good_is_an_answer_whatever_the_status() {
    let body = r#"{"data":{"app_id":"7","is_valid":false,"scopes":[],
        "error":{"code":190,"message":"CANARY","subcode":463}}}"#;
    for status in [200, 400] {
        let transport = ScriptedTransport::new().respond(status, &[], body);
        let facts = hooks(&transport).inspect(&"EAAB".into()).await.unwrap().unwrap();
        assert_eq!((facts.active, facts.client_id.as_deref()), (false, Some("7")), "{status}");
    }
}

#[tokio::test]
async fn an_app_token_that_is_refused_says_nothing_about_the_persons() {
    let transport =
        ScriptedTransport::new().respond(400, &[], error_body(190, 0)).respond(400, &[], error_body(190, 0));
    let error = hooks(&transport).inspect(&"EAAB".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert!(error.user_action().contains("secret"), "{}", error.user_action());
}

#[tokio::test]
async fn whoever_it_is_has_an_id_and_perhaps_a_name() {
    let transport = ScriptedTransport::new().json(r#"{"id":"17","name":"Ada"}"#).json(r#"{"id":"18"}"#);
    let hooks = hooks(&transport);
    let person = hooks.identify(&"EAAB".into()).await.unwrap().unwrap();
    assert_eq!((person.id.as_str(), person.name.as_deref()), ("17", Some("Ada")));
    let system_user = hooks.identify(&"EAAS".into()).await.unwrap().unwrap();
    assert_eq!((system_user.id.as_str(), system_user.name), ("18", None));
    assert_eq!(
        lines(&transport),
        ["EAAB", "EAAS"]
            .map(|token| { format!("GET /v26.0/me?fields=id%2Cname&appsecret_proof={}", proof(token)) })
    );
    assert_eq!(bearers(&transport), ["Bearer EAAB", "Bearer EAAS"]);
}

#[tokio::test]
async fn a_persons_answers_are_read_from_all_pages() {
    let next = "https://graph.facebook.com/v26.0/me/permissions?access_token=CANARY&after=A";
    let first = format!(
        r#"{{"data":[{{"permission":"email","status":"granted"}},{{"permission":"ads_read","status":"declined"}},
            {{"status":"granted"}}],"paging":{{"cursors":{{"after":"A"}},"next":"{next}"}}}}"#
    );
    let second = r#"{"data":[{"permission":"pages_show_list","status":"granted"},
        {"permission":"user_link","status":"expired"},{"permission":"odd","status":"paused"}]}"#;
    let transport = ScriptedTransport::new().json(debugged("USER")).json(first).json(second);
    let answers = hooks(&transport).permissions(&"EAAB".into()).await.unwrap().unwrap();
    assert_eq!(answers.granted, ScopeSet::parse("email pages_show_list"));
    assert_eq!(answers.declined, ScopeSet::parse("ads_read"));
    assert_eq!(answers.expired, ScopeSet::parse("user_link"));
    let proof = proof("EAAB");
    assert_eq!(
        lines(&transport)[1..],
        [
            format!("GET /v26.0/me/permissions?appsecret_proof={proof}"),
            format!("GET /v26.0/me/permissions?after=A&appsecret_proof={proof}"),
        ]
    );
}

#[tokio::test]
async fn only_a_person_has_answers() {
    for sort in ["SYSTEM_USER", "PAGE", "APP", "SOMETHING_NEW"] {
        let transport = ScriptedTransport::new().json(debugged(sort));
        assert_eq!(hooks(&transport).permissions(&"EAAB".into()).await.unwrap(), None, "{sort}");
        assert_eq!(transport.requests().len(), 1, "{sort}");
    }
    // Of a token that Meta does not know, the list tells what is wrong.
    let refused = error_body(190, 460);
    let transport = ScriptedTransport::new()
        .json(r#"{"data":[]}"#)
        .respond(400, &[], refused.clone())
        .respond(400, &[], refused);
    let error = hooks(&transport).permissions(&"EAAB".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
}

#[tokio::test]
async fn a_page_of_answers_that_is_missing_is_no_consent() {
    let next = "https://graph.facebook.com/v26.0/me/permissions?after=A";
    let first = format!(
        r#"{{"data":[{{"permission":"email","status":"granted"}}],
            "paging":{{"cursors":{{"after":"A"}},"next":"{next}"}}}}"#
    );
    let transport =
        ScriptedTransport::new().json(debugged("USER")).json(first).respond(400, &[], error_body(4, 0));
    let error = hooks(&transport).permissions(&"EAAB".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert!(error.retry_after().is_some());
}

#[tokio::test]
async fn revoking_a_user_token_removes_the_app_for_the_person() {
    for kind in [TokenKind::MetaUserShort, TokenKind::MetaUserLong] {
        let transport = ScriptedTransport::new().json(DONE);
        assert!(hooks(&transport).revoke(&tokens(kind)).await.unwrap());
        assert_eq!(
            lines(&transport),
            [format!("DELETE /v26.0/me/permissions?appsecret_proof={}", proof("TOKEN"))]
        );
        assert_eq!(bearers(&transport), ["Bearer TOKEN"]);
    }
}

#[tokio::test]
async fn revoking_a_system_users_token_ends_this_token_only() {
    for kind in [TokenKind::MetaSystemUser, TokenKind::WhatsAppBusiness] {
        let transport = ScriptedTransport::new().json(DONE);
        assert!(hooks(&transport).revoke(&tokens(kind)).await.unwrap());
        assert_eq!(
            lines(&transport),
            [format!(
                "GET /v26.0/oauth/revoke?client_id=7&client_secret=secret&revoke_token=TOKEN&appsecret_proof={}",
                proof("TOKEN")
            )]
        );
        assert_eq!(bearers(&transport), ["Bearer TOKEN"]);
    }
}

#[tokio::test]
async fn what_cannot_be_revoked_on_its_own_is_left_alone() {
    for kind in [TokenKind::MetaPage, TokenKind::MetaApp, TokenKind::InstagramUser, TokenKind::Generic] {
        let transport = ScriptedTransport::new();
        assert!(!hooks(&transport).revoke(&tokens(kind)).await.unwrap(), "{kind}");
        assert!(transport.requests().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_grant_that_is_gone_counts_as_revoked_and_any_other_refusal_does_not() {
    for (kind, subcode, gone) in [
        (TokenKind::MetaUserLong, 458, true),
        (TokenKind::MetaUserLong, 463, false),
        (TokenKind::MetaUserLong, 460, false),
        (TokenKind::MetaUserLong, 0, false),
        (TokenKind::MetaSystemUser, 458, true),
        (TokenKind::MetaSystemUser, 463, true),
        (TokenKind::MetaSystemUser, 467, true),
        (TokenKind::MetaSystemUser, 459, false),
        (TokenKind::MetaSystemUser, 0, false),
    ] {
        // The first answer is lost, the repeat meets what the first one left.
        let refused = error_body(190, subcode);
        let transport = ScriptedTransport::new()
            .fail(TransportErrorKind::Interrupted)
            .respond(400, &[], refused.clone())
            .respond(400, &[], refused);
        match hooks(&transport).revoke(&tokens(kind)).await {
            Ok(revoked) => assert!(revoked && gone, "{kind} {subcode}"),
            Err(error) => {
                assert_eq!((error.kind(), gone), (ErrorKind::Reauthorize, false), "{kind} {subcode}");
            }
        }
    }
    let transport = ScriptedTransport::new().json("{}");
    let error = hooks(&transport).revoke(&tokens(TokenKind::MetaUserLong)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "an answer that does not confirm is no confirmation");
}

#[tokio::test]
async fn the_clients_form_of_the_proof_stays() {
    let transport = ScriptedTransport::new().json(r#"{"id":"17"}"#);
    let clock = ManualClock::at(Timestamp::from_unix_seconds(1_700_000_000));
    let client = Client::builder()
        .transport(Arc::new(transport.clone()))
        .timer(Arc::new(clock))
        .app_secret("of the client")
        .proof_mode(ProofMode::Timestamped)
        .build()
        .unwrap();
    let hooks = FacebookHooks::new(&client, AppId::from(7), AppSecret::new("secret"));
    hooks.identify(&"EAAB".into()).await.unwrap();
    let time = Timestamp::from_unix_seconds(1_700_000_000);
    let proof = AppSecret::new("secret").proof_at(&"EAAB".into(), time);
    assert_eq!(
        lines(&transport),
        [format!("GET /v26.0/me?fields=id%2Cname&appsecret_proof={proof}&appsecret_time=1700000000")]
    );
}

#[tokio::test]
async fn a_client_of_another_host_gets_no_token() {
    let transport = ScriptedTransport::new();
    let client = Client::builder().host(GraphHost::Threads).transport(Arc::new(transport.clone()));
    let hooks = FacebookHooks::new(&client.build().unwrap(), AppId::from(7), AppSecret::new("secret"));
    let token = AccessToken::new("EAAB");
    for error in [
        hooks.inspect(&token).await.map(|_| ()).unwrap_err(),
        hooks.identify(&token).await.map(|_| ()).unwrap_err(),
        hooks.revoke(&tokens(TokenKind::MetaUserLong)).await.map(|_| ()).unwrap_err(),
        hooks.derive(&tokens(TokenKind::MetaUserLong), "42").await.map(|_| ()).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
    }
    assert!(transport.requests().is_empty());
}

#[test]
fn refusals_are_read_by_the_error_table() {
    let body = br#"{"error":{"code":100,"error_subcode":36008}}"#;
    let refusal = hooks(&ScriptedTransport::new()).refusal(&RefusedAnswer::new(Grant::Code, 400, body));
    assert_eq!(refusal.class(), OAuthErrorClass::Misconfigured);
}

/// Canaries in the token, the secret and everything Meta answers: nothing printable shows one.
#[tokio::test(start_paused = true)]
async fn no_secret_is_ever_printed() {
    let logs = CapturedLogs::start();
    let quoting = r#"{"error":{"message":"Malformed token CANARY","type":"CANARY","code":190,
        "error_user_title":"CANARY","error_user_msg":"CANARY"}}"#;
    for (status, body) in [
        (400, quoting),
        (403, r#"{"error":{"message":"CANARY","code":200}}"#),
        (500, "CANARYhtml"),
        (200, r#"{"CANARYkey":"CANARYvalue"}"#),
        (200, "CANARYtext"),
        (200, r#"{"data":"CANARY"}"#),
        (200, r#"{"data":{"type":"USER","is_valid":true,"error":{"message":"CANARY","code":190}}}"#),
    ] {
        let transport =
            (0..9).fold(ScriptedTransport::new(), |script, _| script.respond(status, &[], body.to_owned()));
        let client =
            Client::builder().transport(Arc::new(transport)).retry(RetryPolicy::none()).build().unwrap();
        let secret = AppSecret::new(canary::secret("secret"));
        let hooks = FacebookHooks::new(&client, AppId::from(7), secret);
        let token = AccessToken::new(canary::secret("token"));
        let user = TokenSet::new(token.clone(), TokenKind::MetaUserLong);
        let system_user = TokenSet::new(token.clone(), TokenKind::MetaSystemUser);
        let (facts, identity) = (hooks.inspect(&token).await, hooks.identify(&token).await);
        let answers = hooks.permissions(&token).await;
        let page = hooks.derive(&user, "42").await;
        let (user, system_user) = (hooks.revoke(&user).await, hooks.revoke(&system_user).await);
        let mut printed = format!("{hooks:?} {hooks:#?} {facts:?} {identity:?} {answers:?}");
        let errors = [facts.err(), identity.err(), answers.err(), page.err(), user.err(), system_user.err()];
        assert!(errors.iter().flatten().count() > 2, "{status} {body}");
        printed.extend(errors.iter().flatten().map(|error| canary::printed(error)));
        assert_eq!(canary::leaks(&printed), [""; 0]);
    }
    assert_eq!(canary::leaks(&logs.text()), [""; 0]);
    for operation in ["token.debug", "user.read", "user.permissions", "token.revoke", "page.token.read"] {
        assert!(logs.text().contains(operation), "{operation} was logged");
    }
}
