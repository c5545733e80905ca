use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt};
use sociogram_api_core::http::{BudgetKey, RetryPolicy, TransportErrorKind};
use sociogram_api_core::testing::{CapturedLogs, ManualClock, ScriptedTransport, canary};
use sociogram_api_core::{ErrorKind, Timestamp};
use sociogram_oauth_core::{AccessToken, StaticToken, TokenError};

use super::*;
use crate::BaseUrl;
use crate::me::GetMe;
use crate::pages::CreatePagePost;
use crate::pages::ListAccounts;
use crate::scripted::{client, error_body, line};
use crate::{AppId, ErrorClass, PageId, ProofMode, TokenInvalidReason};

const ME: &str = r#"{"id":"17","name":"Ada"}"#;

fn post() -> CreatePagePost {
    CreatePagePost::new(PageId::from(42)).message("hello")
}

/// Gives token 1, then the next one after each rejection.
#[derive(Debug, Default)]
struct Renewing {
    rejected: AtomicUsize,
}

#[async_trait]
impl TokenSource for Renewing {
    async fn token(&self) -> Result<Arc<AccessToken>, TokenError> {
        let number = self.rejected.load(Ordering::SeqCst) + 1;
        Ok(Arc::new(AccessToken::new(format!("TOKEN{number}"))))
    }

    async fn reject(&self, used: &AccessToken) {
        let number = self.rejected.fetch_add(1, Ordering::SeqCst) + 1;
        assert_eq!(used.expose(), format!("TOKEN{number}"), "the token that was used is the one refused");
    }
}

#[tokio::test]
async fn a_request_goes_to_the_version_with_the_token_in_a_sensitive_header() {
    let transport = ScriptedTransport::new().json(ME);
    client(&transport).send(GetMe::new()).await.unwrap();
    let sent = &transport.requests()[0];
    assert_eq!(sent.uri, "https://graph.facebook.com/v26.0/me?fields=id%2Cname");
    assert_eq!(sent.header("authorization"), "Bearer TOKEN");
    assert!(sent.headers.get("authorization").unwrap().is_sensitive());
    assert_eq!(sent.header("accept"), "application/json");
    assert!(sent.header("user-agent").starts_with("sociogram/"), "{}", sent.header("user-agent"));
}

#[tokio::test]
async fn the_proof_stands_in_the_query_and_the_token_does_not() {
    let transport = ScriptedTransport::new().json(ME).json(ME);
    let clock = ManualClock::at(Timestamp::from_unix_seconds(1_700_000_000));
    let builder = || Client::builder().transport(Arc::new(transport.clone())).access_token("token");
    let classic = builder().app_secret("test_app_secret").build().unwrap();
    classic.send(GetMe::new()).await.unwrap();
    let timed = builder().app_secret("test_app_secret").proof_mode(ProofMode::Timestamped);
    timed.timer(Arc::new(clock)).build().unwrap().send(GetMe::new()).await.unwrap();
    let sent = transport.requests();
    assert_eq!(
        line(&sent[0]),
        "GET /v26.0/me?fields=id%2Cname&appsecret_proof=\
         cba9e453fa12ccc0fc0c7298bf2e0b060de40286cdacaaa8958ad9383fdcc1af"
    );
    assert!(line(&sent[1]).ends_with("&appsecret_time=1700000000"), "{}", sent[1].uri);
    assert!(!line(&sent[1]).contains("cba9e453"), "{}", sent[1].uri);
    assert!(sent.iter().all(|request| !request.uri.to_string().contains("token")));
}

#[tokio::test]
async fn versions_are_per_client_and_per_call() {
    let transport = ScriptedTransport::new().json(ME).json(ME).json(ME);
    let client = client(&transport);
    let older = client.with_version(ApiVersion::new(24, 0));
    older.send(GetMe::new()).await.unwrap();
    older.send(GetMe::new()).with(ApiVersion::new(25, 0)).await.unwrap();
    client.send(GetMe::new()).await.unwrap();
    let paths: Vec<String> =
        transport.requests().iter().map(|request| request.uri.path().to_owned()).collect();
    assert_eq!(paths, ["/v24.0/me", "/v25.0/me", "/v26.0/me"]);
}

#[tokio::test]
async fn the_base_url_may_be_a_sandbox_below_a_path() {
    let transport = ScriptedTransport::new().json(ME);
    let client = Client::builder()
        .transport(Arc::new(transport.clone()))
        .access_token("TOKEN")
        .base_url(BaseUrl::parse("http://127.0.0.1:8080/graph").unwrap())
        .user_agent("product/1.2")
        .build()
        .unwrap();
    client.send(GetMe::new()).await.unwrap();
    let sent = &transport.requests()[0];
    assert_eq!(sent.uri, "http://127.0.0.1:8080/graph/v26.0/me?fields=id%2Cname");
    assert!(sent.header("user-agent").ends_with(" product/1.2"));
}

#[tokio::test]
async fn another_version_answering_is_logged_with_both() {
    let logs = CapturedLogs::start();
    let header = [("facebook-api-version", "v27.0")];
    let transport = ScriptedTransport::new().respond(200, &header, ME).json(ME);
    let client = client(&transport);
    client.send(GetMe::new()).await.unwrap();
    let text = logs.text();
    assert!(text.contains("version_drift") && text.contains("v26.0") && text.contains("v27.0"), "{text}");
    client.send(GetMe::new()).await.unwrap();
    assert_eq!(logs.text().matches("version_drift").count(), text.matches("version_drift").count());
}

#[tokio::test]
async fn a_refused_token_is_reported_once_and_the_call_made_once_more() {
    let refused = error_body(190, 463);
    let transport = ScriptedTransport::new().respond(400, &[], refused.clone()).json(r#"{"id":"42_1"}"#);
    let tokens = Arc::new(Renewing::default());
    let renewing = client(&transport).with_token(Arc::<Renewing>::clone(&tokens));
    renewing.send(post()).await.unwrap();
    let sent = transport.requests();
    assert_eq!(
        [sent[0].header("authorization"), sent[1].header("authorization")],
        ["Bearer TOKEN1", "Bearer TOKEN2"]
    );
    assert_eq!(tokens.rejected.load(Ordering::SeqCst), 1);

    let transport =
        ScriptedTransport::new().respond(400, &[], refused.clone()).respond(400, &[], refused).json(ME);
    let tokens = Arc::new(Renewing::default());
    let error =
        client(&transport).with_token(Arc::<Renewing>::clone(&tokens)).send(GetMe::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Reauthorize, 2));
    assert_eq!(error.class(), Some(ErrorClass::TokenInvalid(TokenInvalidReason::Expired)));
    assert_eq!(tokens.rejected.load(Ordering::SeqCst), 1, "the second refusal is final");
}

#[tokio::test]
async fn a_token_that_is_not_at_fault_is_kept() {
    for (code, subcode) in [(104, 0), (101, 0), (200, 0), (2635, 0)] {
        let transport = ScriptedTransport::new().respond(400, &[], error_body(code, subcode));
        let tokens = Arc::new(Renewing::default());
        let client = client(&transport).with_token(Arc::<Renewing>::clone(&tokens));
        let error = client.send(GetMe::new()).await.unwrap_err();
        assert_eq!((error.attempts(), tokens.rejected.load(Ordering::SeqCst)), (1, 0), "{code}");
    }
}

/// What the family's retry table makes of Meta's numbers: code, subcode, then kind and number of attempts of
/// a post and of a read.
#[tokio::test(start_paused = true)]
async fn numbers_meet_the_retry_table() {
    for (code, subcode, of_post, of_read) in [
        (506, 0, (ErrorKind::Conflict, 1), (ErrorKind::Conflict, 1)),
        (1, 0, (ErrorKind::InDoubt, 1), (ErrorKind::Server, 3)),
        (2, 1_504_041, (ErrorKind::Invalid, 1), (ErrorKind::Invalid, 1)),
        (4, 0, (ErrorKind::Throttled, 1), (ErrorKind::Throttled, 1)),
        (4, 2_207_051, (ErrorKind::Rejected, 1), (ErrorKind::Rejected, 1)),
        (9, 2_207_042, (ErrorKind::Throttled, 1), (ErrorKind::Throttled, 1)),
        (613, 5_044_001, (ErrorKind::Throttled, 3), (ErrorKind::Throttled, 3)),
        (613, 1_893_016, (ErrorKind::Rejected, 1), (ErrorKind::Rejected, 1)),
        (190, 460, (ErrorKind::Reauthorize, 2), (ErrorKind::Reauthorize, 2)),
        (104, 0, (ErrorKind::Misconfigured, 1), (ErrorKind::Misconfigured, 1)),
        (100, 33, (ErrorKind::NotFound, 1), (ErrorKind::NotFound, 1)),
        (200, 0, (ErrorKind::Permission, 1), (ErrorKind::Permission, 1)),
        (368, 0, (ErrorKind::Rejected, 1), (ErrorKind::Rejected, 1)),
        (9007, 2_207_027, (ErrorKind::Conflict, 1), (ErrorKind::Conflict, 1)),
    ] {
        let script =
            || (0..4).fold(ScriptedTransport::new(), |s, _| s.respond(400, &[], error_body(code, subcode)));
        let error = client(&script()).send(post()).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), of_post, "post {code}/{subcode}");
        assert_eq!(error.code(), Some(code));
        assert_eq!(error.may_have_been_applied(), of_post.0 == ErrorKind::InDoubt, "{code}/{subcode}");
        let error = client(&script()).send(GetMe::new()).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), of_read, "read {code}/{subcode}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_that_may_have_arrived_is_not_repeated() {
    for kind in [TransportErrorKind::Timeout, TransportErrorKind::Interrupted] {
        let transport = ScriptedTransport::new().fail(kind).json(r#"{"id":"42_1"}"#);
        let error = client(&transport).send(post()).await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::InDoubt, true));
        assert!(!error.is_retryable());
        assert_eq!(transport.requests().len(), 1);
    }
    let transport = ScriptedTransport::new().fail(TransportErrorKind::Connect).json(r#"{"id":"42_1"}"#);
    client(&transport).send(post()).await.unwrap();
    assert_eq!(transport.requests().len(), 2, "it never arrived");
}

#[tokio::test]
async fn an_error_at_200_is_an_error() {
    let transport = ScriptedTransport::new().json(error_body(506, 0));
    let error = client(&transport).send(post()).await.unwrap_err();
    assert_eq!((error.status(), error.class()), (Some(200), Some(ErrorClass::Duplicate)));
    assert_eq!(error.request_id(), Some("AbC1"));
}

#[tokio::test]
async fn a_missing_permission_lists_what_the_endpoint_needs() {
    let transport =
        ScriptedTransport::new().respond(403, &[], error_body(200, 0)).respond(400, &[], error_body(100, 0));
    let client = client(&transport);
    let error = client.send(post()).await.unwrap_err();
    assert_eq!(error.missing_scopes(), ["pages_manage_posts", "pages_read_engagement", "pages_show_list"]);
    assert_eq!(error.user_action(), ErrorClass::PermissionMissing.advice());
    let error = client.send(post()).await.unwrap_err();
    assert_eq!(error.missing_scopes(), [""; 0]);
}

#[tokio::test]
async fn a_permission_that_meta_names_is_told_instead_of_all() {
    let body = r#"{"error":{"code":200,"message":"(#200) Requires pages_manage_posts permission"}}"#;
    let transport = ScriptedTransport::new().respond(403, &[], body);
    let error = client(&transport).send(post()).await.unwrap_err();
    assert_eq!(error.missing_scopes(), ["pages_manage_posts"]);
}

#[tokio::test]
async fn one_persons_throttle_stops_that_person_only() {
    let transport = ScriptedTransport::new().respond(400, &[], error_body(17, 0)).json(ME).json(ME);
    let client = client(&transport);
    let ada = client.acting_for(&UserId::from(1));
    let error = ada.send(GetMe::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Throttled, Some(Duration::from_secs(300))));
    let error = ada.send(GetMe::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 0), "it is not even sent");
    client.acting_for(&UserId::from(2)).send(GetMe::new()).await.unwrap();
    client.send(GetMe::new()).await.unwrap();
}

#[tokio::test]
async fn usage_headers_reach_the_budget_of_all_clones() {
    let usage = r#"{"42":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":7}]}"#;
    let header = [("x-business-use-case-usage", usage), ("x-app-usage", r#"{"call_count":80}"#)];
    let transport = ScriptedTransport::new().respond(200, &header, r#"{"id":"42_1"}"#).json(ME);
    let client = Client::builder()
        .transport(Arc::new(transport.clone()))
        .access_token("TOKEN")
        .app_id(AppId::from(7))
        .build()
        .unwrap();
    client.send(post()).await.unwrap();
    let other = client.with_token(Arc::new(StaticToken::new("OTHER")));
    let error = other.send(post()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 0));
    assert!(error.retry_after().unwrap() > Duration::from_secs(7 * 60 - 5), "{:?}", error.retry_after());
    let now = client.pipeline.timer().monotonic();
    let app = client.budget().usage(&BudgetKey::new("app", "7"), now).unwrap();
    assert!((app.percent - 80.0).abs() < f64::EPSILON);
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let transport = ScriptedTransport::new();
    let client = Client::builder().transport(Arc::new(transport.clone())).build().unwrap();
    let error = client.send(GetMe::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Misconfigured, 0));
    assert!(error.to_string().contains("with_token"), "{error}");
    let odd = client.with_token(Arc::new(StaticToken::new("CANARY\ntoken")));
    let error = odd.send(GetMe::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
    assert_eq!(canary::leaks(&canary::printed(&error)), [""; 0]);
    assert!(transport.requests().is_empty());
}

fn page(ids: &[u32], after: &str, more: bool) -> String {
    let data: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    let next = format!("https://graph.facebook.com/v26.0/me/accounts?access_token=CANARYtoken&after={after}");
    let next = if more { format!(r#","next":"{next}""#) } else { String::new() };
    format!(
        r#"{{"data":[{}],"paging":{{"cursors":{{"before":"x","after":"{after}"}}{next}}}}}"#,
        data.join(",")
    )
}

#[tokio::test]
async fn a_list_goes_on_through_an_empty_page_and_ends_without_next() {
    let transport = ScriptedTransport::new()
        .json(page(&[1, 2], "A", true))
        .json(page(&[], "B", true))
        .json(page(&[3], "C", false));
    let client = Client::builder()
        .transport(Arc::new(transport.clone()))
        .access_token("TOKEN")
        .app_secret("secret")
        .build()
        .unwrap();
    let ids: Vec<String> = client
        .items(ListAccounts::new().limit(2))
        .map_ok(|account| account.id.to_string())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids, ["1", "2", "3"]);
    let sent = transport.requests();
    let targets: Vec<String> = sent.iter().map(line).collect();
    let first =
        "GET /v26.0/me/accounts?fields=id%2Cname%2Cusername%2Ccategory%2Ctasks%2Caccess_token&limit=2";
    let proof = AccessToken::new("TOKEN");
    let proof = crate::AppSecret::new("secret").proof(&proof);
    assert_eq!(
        targets,
        [
            format!("{first}&appsecret_proof={proof}"),
            format!("{first}&after=A&appsecret_proof={proof}"),
            format!("{first}&after=B&appsecret_proof={proof}"),
        ],
        "each page is a request of our own, with its own proof and without the token of `next`"
    );
}

#[tokio::test]
async fn a_repeated_cursor_ends_in_an_error() {
    let transport = ScriptedTransport::new().json(page(&[1], "A", true)).json(page(&[2], "A", true));
    let client = client(&transport);
    let found: Vec<_> = client.items(ListAccounts::new()).collect().await;
    let kinds: Vec<_> = found.iter().map(Result::is_ok).collect();
    assert_eq!(kinds, [true, true, false], "{found:?}");
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test]
async fn a_malformed_item_is_set_aside() {
    let body = r#"{"data":[{"id":"1"},{"name":"CANARYname"},{"id":2}]}"#;
    let transport = ScriptedTransport::new().json(body);
    let page = client(&transport).send(ListAccounts::new()).await.unwrap();
    assert_eq!(page.items.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(page.malformed.len(), 1);
    assert_eq!(page.malformed[0].index, 1);
    assert_eq!(canary::leaks(&format!("{:?}", page.malformed)), [""; 0]);
}

/// Canaries in the token, the secret, the body we send and the body Meta sends: nothing printable shows one.
#[tokio::test(start_paused = true)]
async fn no_secret_is_ever_printed() {
    let logs = CapturedLogs::start();
    let answers = [
        (400, error_body(190, 463)),
        (400, error_body(100, 0)),
        (500, "CANARYhtml".to_owned()),
        (200, r#"{"CANARYkey":"CANARYvalue"}"#.to_owned()),
        (200, "CANARYtext".to_owned()),
        (200, r#"{"data":[{"access_token":"CANARYpage","id":"1"}]}"#.to_owned()),
    ];
    for (status, body) in answers {
        let script =
            || (0..4).fold(ScriptedTransport::new(), |script, _| script.respond(status, &[], body.clone()));
        let client = |transport| {
            Client::builder()
                .transport(Arc::new(transport))
                .access_token(canary::secret("token"))
                .app_secret(canary::secret("secret"))
                .retry(RetryPolicy::none())
                .build()
                .unwrap()
        };
        let mut printed = String::new();
        let post = CreatePagePost::new(PageId::from(1)).message(canary::secret("message"));
        for error in
            [client(script()).send(post).await.err(), client(script()).send(GetMe::new()).await.err()]
        {
            printed.push_str(&error.map(|error| canary::printed(&error)).unwrap_or_default());
        }
        let debug = client(script()).send(crate::debug_token::DebugToken::new(canary::secret("input"))).await;
        if let Err(error) = &debug {
            printed.push_str(&canary::printed(error));
            assert_eq!(error.raw_body(), None, "an answer about a token is not kept");
            assert_eq!(error.api().and_then(|api| api.message()), None);
        }
        let accounts = client(script()).send(ListAccounts::new()).await;
        printed.extend([format!("{accounts:?}"), format!("{:?}", client(script()))]);
        assert_eq!(canary::leaks(&printed), [""; 0]);
    }
    assert_eq!(canary::leaks(&logs.text()), [""; 0]);
    assert!(logs.text().contains("page.posts.create"), "the logs were captured");
}
