//! What becomes of refusals, and what is never printed.

use sociogram_api_core::http::{Timeouts, TransportErrorKind};
use sociogram_api_core::testing::{CapturedLogs, ManualClock};

use super::*;
use crate::organizations::ListOrganizationAcls;
use crate::posts::{CreatePost, DeletePost};
use crate::{PostUrn, ThrottleScope, VersionProblem};

fn post() -> CreatePost {
    CreatePost::new(person(), "hi")
}

#[tokio::test]
async fn a_refused_token_is_reported_and_the_next_one_used() {
    let refusal = r#"{"status":401,"serviceErrorCode":65601,"code":"REVOKED_ACCESS_TOKEN"}"#;
    let transport = ScriptedTransport::new().respond(401, &[], refusal).respond(
        201,
        &[("x-restli-id", "urn:li:share:1")],
        "",
    );
    let source = Arc::new(Rotating::default());
    let client = client(&transport).with_token(Arc::clone(&source) as _);
    client.send(post()).await.unwrap();
    assert_eq!(source.rejected(), ["token-1"]);
    let tokens: Vec<_> = transport.requests().iter().map(|r| r.header("authorization").to_owned()).collect();
    assert_eq!(tokens, ["Bearer token-1", "Bearer token-2"]);

    let transport = ScriptedTransport::new().respond(401, &[], refusal).respond(401, &[], refusal);
    let error = super::client(&transport).send(post()).await.unwrap_err();
    assert_eq!((error.kind(), error.code(), error.attempts()), (ErrorKind::Reauthorize, Some(65601), 2));
    assert!(!error.may_have_been_applied());
}

#[tokio::test]
async fn an_unusable_token_is_never_sent() {
    let transport = ScriptedTransport::new();
    for token in ["", "line\nbreak"] {
        let client = client(&transport).with_token(Arc::new(sociogram_oauth_core::StaticToken::new(token)));
        let error = client.send(post()).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Reauthorize, 0));
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_duplicate_gives_the_existing_post() {
    let transport = ScriptedTransport::new().respond(
        422,
        &[("x-li-uuid", "AAYX"), ("x-li-fabric", "prod-lva1")],
        r#"{"status":422,"code":"UNPROCESSABLE_ENTITY","message":"Content is a duplicate of urn:li:share:7","errorDetails":{"inputErrors":[{"code":"DUPLICATE_POST"}]}}"#,
    );
    let error = client(&transport).send(post()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.request_id()), (ErrorKind::Conflict, 1, Some("AAYX")));
    assert!(error.is_duplicate() && !error.may_have_been_applied());
    assert_eq!(error.existing_post().map(PostUrn::as_str), Some("urn:li:share:7"));
    let api = error.api().unwrap();
    assert_eq!((api.status(), api.trace().fabric()), (422, Some("prod-lva1")));
    assert_eq!(api.message(), Some("Content is a duplicate of urn:li:share:7"));
    assert_eq!(
        error.to_string(),
        "linkedin.posts.create failed: the provider already holds something that clashes (status 422, request AAYX, \
         1 attempt); the same author posted the same text: use the existing post, change the text or wait 10 minutes"
    );
}

#[tokio::test]
async fn a_post_in_doubt_is_not_repeated_and_a_delete_is() {
    for transport in [
        ScriptedTransport::new().respond(503, &[], "<html>"),
        ScriptedTransport::new().fail(TransportErrorKind::Interrupted),
    ] {
        let error = client(&transport).send(post()).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InDoubt, 1));
        assert!(error.may_have_been_applied() && !error.is_retryable());
    }
    let transport = ScriptedTransport::new().respond(503, &[], "").fail(TransportErrorKind::Timeout).respond(
        204,
        &[],
        "",
    );
    let urn = PostUrn::parse("urn:li:share:7").unwrap();
    client(&transport).send(DeletePost::new(urn)).await.unwrap();
    assert_eq!(transport.requests().len(), 3);
}

#[tokio::test]
async fn a_created_post_without_an_id_may_exist() {
    let transport = ScriptedTransport::new().respond(201, &[("x-restli-id", "17")], "");
    let error = client(&transport).send(post()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.may_have_been_applied());
}

#[tokio::test]
async fn a_dead_version_is_not_retried() {
    let body =
        r#"{"status":426,"code":"NONEXISTENT_VERSION","message":"Requested version 20250401 is not active"}"#;
    let transport = ScriptedTransport::new().respond(426, &[], body);
    let error = client(&transport).send(ListOrganizationAcls::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Misconfigured, 1));
    assert!(error.user_action().contains("LinkedIn-Version"));
    assert_eq!(error.version_problem(), Some(VersionProblem::NotActive(Some("202504".parse().unwrap()))));
}

#[tokio::test]
async fn what_is_wrong_with_a_version_is_typed() {
    for (status, body, problem) in [
        (
            400,
            r#"{"code":"VERSION_MISSING","message":"A version must be present."}"#,
            Some(VersionProblem::Missing),
        ),
        (426, "", Some(VersionProblem::NotActive(None))),
        (
            426,
            r#"{"message":"Requested version 202504.01 is not active"}"#,
            Some(VersionProblem::NotActive(Some("202504.01".parse().unwrap()))),
        ),
        (404, r#"{"message":"No virtual resource found"}"#, Some(VersionProblem::LacksResource)),
        (404, r#"{"code":"NOT_FOUND","message":"Not found"}"#, None),
        (400, r#"{"code":"ILLEGAL_ARGUMENT","message":"version 202504"}"#, None),
    ] {
        let transport = ScriptedTransport::new().respond(status, &[], body);
        let error = client(&transport).send(ListOrganizationAcls::new()).await.unwrap_err();
        assert_eq!(error.version_problem(), problem, "{status} {body}");
    }
}

#[tokio::test]
async fn a_denied_access_names_what_was_denied() {
    let body = r#"{"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED","message":"Not enough permissions to access: partnerApiPostsExternal.CREATE.20260901"}"#;
    let transport =
        ScriptedTransport::new().respond(403, &[("x-li-request-id", "R"), ("x-li-uuid", "U")], body);
    let error = client(&transport).send(post()).await.unwrap_err();
    let denied = error.denied_access().unwrap();
    assert_eq!((denied.resource(), denied.method()), ("partnerApiPostsExternal", "CREATE"));
    assert_eq!(denied.likely_scopes(), ["w_member_social", "w_organization_social"]);
    let trace = error.trace().unwrap();
    assert_eq!((trace.uuid(), trace.request_id(), error.request_id()), (Some("U"), Some("R"), Some("U")));
}

#[tokio::test]
async fn a_member_throttle_stops_that_member_only() {
    let body = r#"{"status":429,"serviceErrorCode":101,"code":"TOO_MANY_REQUESTS","message":"Resource level throttle MEMBER DAY limit for calls to this resource is reached."}"#;
    let created =
        |transport: ScriptedTransport| transport.respond(201, &[("x-restli-id", "urn:li:share:1")], "");
    let transport = created(created(ScriptedTransport::new().respond(429, &[], body)));
    // 2026-11-20T21:00:00Z.
    let clock = ManualClock::at(sociogram_api_core::Timestamp::from_unix_seconds(1_795_208_400));
    let ada = builder(&transport).timer(Arc::new(clock.clone())).member("ada").build().unwrap();
    let error = ada.send(post()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry_after()),
        (ErrorKind::Throttled, Some(Duration::from_secs(3 * 3600)))
    );
    assert_eq!(error.api().unwrap().throttle().unwrap().scope(), Some(ThrottleScope::Member));

    let again =
        ada.with_token(Arc::new(Rotating::default())).with_member("ada").send(post()).await.unwrap_err();
    assert_eq!((again.kind(), again.attempts()), (ErrorKind::Throttled, 0), "not sent");
    ada.with_token(Arc::new(Rotating::default())).send(post()).await.unwrap();
    clock.advance(Duration::from_secs(3 * 3600));
    ada.send(post()).await.unwrap();
}

#[tokio::test]
async fn an_app_throttle_stops_every_member() {
    let body = r#"{"status":429,"message":"Resource level throttle APPLICATION DAY limit for calls to this resource is reached."}"#;
    let transport = ScriptedTransport::new().respond(429, &[], body).respond(204, &[], "");
    let ada = client(&transport);
    let bob = ada.with_token(Arc::new(Rotating::default()));
    ada.send(post()).await.unwrap_err();
    assert_eq!(bob.send(post()).await.unwrap_err().attempts(), 0);
    let other_endpoint = DeletePost::new(PostUrn::parse("urn:li:share:7").unwrap());
    bob.send(other_endpoint).await.unwrap();
}

#[tokio::test]
async fn neither_token_nor_provider_words_are_printed() {
    let logs = CapturedLogs::start();
    let words = canary::secret("WORDS");
    let body =
        format!(r#"{{"message":"{words}","errorDetails":{{"inputErrors":[{{"description":"{words}"}}]}}}}"#);
    let transport = ScriptedTransport::new()
        .respond(403, &[], body.clone())
        .respond(401, &[], body.clone())
        .respond(401, &[], body);
    let client = client(&transport);
    let call = client.send(post());
    let mut printed =
        format!("{client:?} {client:#?} {:?} {call:?} {:?}", builder(&transport), client.pipeline());
    for _ in 0..2 {
        let error = client.send(post()).await.unwrap_err();
        printed += &canary::printed(&error);
        assert_eq!(error.api().unwrap().message(), Some(words.as_str()));
    }
    printed += &logs.text();
    assert_eq!(canary::leaks(&printed), Vec::<String>::new());
    assert!(logs.text().contains("linkedin.posts.create"));
    for request in transport.requests() {
        assert!(!request.uri.to_string().contains("CANARY") && !request.text().contains("CANARY"));
    }
}

#[tokio::test]
async fn a_slow_answer_is_cut_off() {
    let transport = ScriptedTransport::new().hang();
    let short = Timeouts::new(Duration::from_millis(5), Duration::from_millis(20));
    let client = builder(&transport).timeouts(short).build().unwrap();
    let error = client.send(post()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InDoubt);
}

#[tokio::test]
async fn a_client_without_token_sends_nothing() {
    let transport = ScriptedTransport::new();
    let client = Client::builder().transport(Arc::new(transport.clone())).build().unwrap();
    let error = client.send(post()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Misconfigured, 0));
    assert!(error.to_string().contains("with_token"), "{error}");
    assert!(transport.requests().is_empty());
    #[cfg(not(feature = "reqwest"))]
    assert!(Client::builder().access_token("t").build().is_err(), "there is no transport");
}

#[test]
fn an_old_version_is_logged() {
    let logs = CapturedLogs::start();
    let clock = ManualClock::at(sociogram_api_core::Timestamp::from_unix_seconds(1_795_208_400));
    let build = |version: &str| {
        builder(&ScriptedTransport::new())
            .timer(Arc::new(clock.clone()))
            .version(version.parse().unwrap())
            .build()
            .unwrap()
    };
    build("202512");
    assert!(!logs.text().contains("version"));
    build("202511");
    assert!(logs.text().contains("202511"));
}
