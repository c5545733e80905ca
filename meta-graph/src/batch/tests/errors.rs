//! What fails, and what that says of the others.

use async_trait::async_trait;
use sociogram_api_core::http::{BudgetKey, RetryPolicy};
use sociogram_api_core::testing::{CapturedLogs, canary};
use sociogram_oauth_core::{TokenError, TokenSource};

use super::*;
use crate::client::Client;
use crate::pages::ListAccounts;

#[tokio::test]
async fn an_item_that_fails_leaves_the_others_alone() {
    let mut refused = answer(403, &error(200, 0));
    let headers = refused["headers"].as_array_mut().unwrap();
    headers.push(json!({"name": "x-fb-trace-id", "value": "Trace1"}));
    let transport = ScriptedTransport::new().json(answers(&[
        answer(200, &json!({"id": "1"})),
        refused,
        answer(404, &error(100, 33)),
    ]));
    let mut batch = Batch::new();
    let read = batch.add(node(1));
    let created = batch.add(post());
    let gone = batch.add(node(2));
    let answers = client(&transport).send_batch(batch).await.unwrap();
    assert_eq!(answers.take(read).unwrap()["id"], "1");
    let error = answers.take(created.clone()).unwrap_err();
    assert_eq!((error.operation(), error.kind()), ("page.posts.create", ErrorKind::Permission));
    assert_eq!((error.class(), error.status()), (Some(ErrorClass::PermissionMissing), Some(403)));
    assert_eq!((error.code(), error.request_id(), error.attempts()), (Some(200), Some("Trace1"), 1));
    assert_eq!(error.missing_scopes(), ["pages_manage_posts", "pages_read_engagement", "pages_show_list"]);
    assert!(!error.may_have_been_applied());
    let error = answers.take(gone).unwrap_err();
    assert_eq!((error.kind(), error.request_id()), (ErrorKind::NotFound, Some("AbC1")));
    let failed: Vec<usize> = answers.failures().map(|(index, _)| index).collect();
    assert_eq!((failed, created.index()), (vec![1, 2], 1));
}

#[tokio::test]
async fn an_error_at_200_is_an_error_in_an_item_too() {
    let transport = ScriptedTransport::new().json(answers(&[answer(200, &error(506, 0))]));
    let mut batch = Batch::new();
    let created = batch.add(post());
    let answers = client(&transport).send_batch(batch).await.unwrap();
    assert_eq!(answers.take(created).unwrap_err().class(), Some(ErrorClass::Duplicate));
}

#[tokio::test]
async fn odd_items_are_read_as_far_as_they_go() {
    let odd = json!([
        {"code": "200", "headers": null, "body": {"id": "1"}},
        {"code": 200, "body": "{\"id\":\"2\"}", "headers": [{"name": "b a d", "value": "x"}, 7, {"name": "x-n", "value": 5}]},
        {"headers": [], "body": "{\"id\":\"3\"}"},
        {"code": 200, "body": "<html>"},
    ]);
    let transport = ScriptedTransport::new().json(odd.to_string());
    let builder =
        Client::builder().transport(Arc::new(transport)).access_token("T").retry(RetryPolicy::none());
    let mut batch = Batch::new();
    let handles: Vec<_> = (0..4).map(|id| batch.add(node(id))).collect();
    let answers = builder.build().unwrap().send_batch(batch).await.unwrap();
    let read: Vec<_> = handles.into_iter().map(|handle| answers.take(handle)).collect();
    assert_eq!(read[0].as_ref().unwrap()["id"], "1");
    assert_eq!(read[1].as_ref().unwrap()["id"], "2");
    assert!(read[2].is_err(), "without a status nothing can be trusted");
    assert_eq!(read[3].as_ref().unwrap_err().kind(), ErrorKind::Decode);
}

#[tokio::test(start_paused = true)]
async fn an_item_without_an_answer_is_sent_again_if_it_may_be() {
    let transport = ScriptedTransport::new()
        .json(answers(&[
            Value::Null,
            answer(200, &json!({"id": "2"})),
            Value::Null,
            answer(500, &error(2, 0)),
        ]))
        .json(answers(&[answer(200, &json!({"id": "1"})), answer(200, &json!({"id": "4"}))]));
    let mut batch = Batch::new();
    let lost = batch.add(node(1));
    batch.add(node(2));
    let created = batch.add(post());
    let failed = batch.add(node(4));
    let answers = client(&transport).send_batch(batch).await.unwrap();
    assert_eq!(answers.take(lost).unwrap()["id"], "1");
    assert_eq!(answers.take(failed).unwrap()["id"], "4");
    let error = answers.take(created).unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::InDoubt, true), "it may exist");
    let again = items(&transport.requests()[1]);
    let urls: Vec<&str> = again.iter().map(|item| item["relative_url"].as_str().unwrap()).collect();
    assert_eq!(urls, ["1?fields=id", "4?fields=id"], "only what failed and may be repeated");
    assert_eq!(answers.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_item_that_never_gets_an_answer_is_a_retryable_error() {
    let none = answers(&[Value::Null]);
    let transport =
        ScriptedTransport::new().json(none.clone()).json(none.clone()).json(none.clone()).json(none);
    let mut batch = Batch::new();
    let lost = batch.add(node(1));
    let answers = client(&transport).send_batch(batch).await.unwrap();
    let error = answers.take(lost).unwrap_err();
    assert!(error.is_retryable() && !error.may_have_been_applied(), "{error}");
    assert!(error.to_string().contains("not finished in the time"), "{error}");
    assert_eq!((transport.requests().len(), error.attempts()), (3, 3), "as often as the retry policy says");
    let transport = ScriptedTransport::new().json("[]");
    let mut batch = Batch::new();
    let created = batch.add(post());
    let answers = client(&transport).send_batch(batch).await.unwrap();
    assert_eq!(answers.take(created).unwrap_err().kind(), ErrorKind::InDoubt, "a list that is too short");
}

#[tokio::test(start_paused = true)]
async fn what_depends_on_a_failed_item_was_not_run() {
    let transport =
        ScriptedTransport::new().json(answers(&[answer(400, &error(100, 0)), Value::Null, Value::Null]));
    let mut batch = Batch::new();
    batch.add_item(BatchItem::new(post()).name("first"));
    let second = batch.add_item(BatchItem::new(post()).name("second").depends_on("first"));
    let third = batch.add_silent(BatchItem::new(post()).depends_on("second"));
    let answers = client(&transport).send_batch(batch).await.unwrap();
    for error in [answers.take(second).unwrap_err(), answers.take(third).unwrap_err()] {
        assert!(error.is_retryable() && !error.may_have_been_applied(), "{error}");
        assert!(error.to_string().contains("an item it depends on failed"), "{error}");
    }
    assert_eq!(transport.requests().len(), 1, "repeating it alone would be no help");
}

#[tokio::test(start_paused = true)]
async fn an_answer_left_out_is_told_from_a_lost_one_by_those_that_needed_it() {
    for (second, done) in [(answer(200, &json!({"id": "2"})), true), (Value::Null, false)] {
        let transport = ScriptedTransport::new().json(answers(&[Value::Null, second]));
        let mut batch = Batch::new();
        let first = batch.add_silent(BatchItem::new(post()).name("first"));
        batch.add_item(BatchItem::new(post()).depends_on("first"));
        let answers = client(&transport).send_batch(batch).await.unwrap();
        assert_eq!(answers.take(first).is_ok(), done);
    }
}

#[tokio::test]
async fn the_error_of_the_whole_call_is_an_error_object_and_no_list() {
    let transport =
        ScriptedTransport::new().respond(400, &[], error_body(100, 0)).respond(200, &[], error_body(1, 99));
    let client = client(&transport);
    for code in [100, 1] {
        let mut batch = Batch::new();
        batch.add(post());
        let error = client.send_batch(batch).await.unwrap_err();
        assert_eq!((error.operation(), error.code()), ("batch.send", Some(code)));
    }
    let transport = ScriptedTransport::new().json(r#"{"data":[]}"#);
    let mut batch = Batch::new();
    batch.add(post());
    let error = self::client(&transport).send_batch(batch).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Decode, true));
}

#[tokio::test(start_paused = true)]
async fn a_later_call_that_fails_costs_only_its_own_items() {
    let ok = answers(&vec![answer(200, &json!({"id": "1"})); 50]);
    let transport =
        ScriptedTransport::new().json(ok.clone()).fail(TransportErrorKind::Timeout).json(ok.clone());
    let mut batch = Batch::new();
    let handles: Vec<_> = (0..150).map(|_| batch.add(post())).collect();
    let answers = client(&transport).send_batch(batch).await.unwrap();
    for (index, handle) in handles.into_iter().enumerate() {
        let result = answers.take(handle);
        if (50..100).contains(&index) {
            let error = result.unwrap_err();
            assert_eq!(
                (error.kind(), error.operation()),
                (ErrorKind::InDoubt, "page.posts.create"),
                "{index}"
            );
        } else {
            assert!(result.is_ok(), "{index}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_lasting_refusal_nothing_more_is_sent() {
    let ok = answers(&vec![answer(200, &json!({"id": "1"})); 50]);
    let refused = || error_body(190, 460);
    let transport = ScriptedTransport::new()
        .json(ok.clone())
        .respond(400, &[], refused())
        .respond(400, &[], refused())
        .json(ok);
    let mut batch = Batch::new();
    let handles: Vec<_> = (0..150).map(|_| batch.add(post())).collect();
    let answers = client(&transport).send_batch(batch).await.unwrap();
    assert_eq!(transport.requests().len(), 3, "the token was renewed once");
    let error = answers.take(handles[149].clone()).unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Reauthorize, false));
    assert!(answers.take(handles[0].clone()).is_ok());
}

#[derive(Debug, Default)]
struct Renewing(std::sync::atomic::AtomicUsize);

#[async_trait]
impl TokenSource for Renewing {
    async fn token(&self) -> Result<Arc<AccessToken>, TokenError> {
        Ok(Arc::new(AccessToken::new(format!("TOKEN{}", self.0.load(std::sync::atomic::Ordering::SeqCst)))))
    }

    async fn reject(&self, _used: &AccessToken) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    }
}

#[tokio::test]
async fn items_that_are_all_refused_for_the_token_are_sent_once_more_with_another() {
    let refused = || answer(401, &error(190, 463));
    let ok = answers(&[answer(200, &json!({"id": "1"})), answer(200, &json!({"id": "2"}))]);
    let transport = ScriptedTransport::new().json(answers(&[refused(), refused()])).json(ok);
    let renewing = client(&transport).with_token(Arc::new(Renewing::default()));
    let mut batch = Batch::new();
    batch.add(node(1));
    let created = batch.add(post());
    let read = renewing.send_batch(batch).await.unwrap();
    assert_eq!(read.take(created).unwrap().id.as_str(), "2");
    let sent = transport.requests();
    assert_eq!(
        [sent[0].header("authorization"), sent[1].header("authorization")],
        ["Bearer TOKEN0", "Bearer TOKEN1"]
    );

    // One that succeeded must not be done again.
    let transport = ScriptedTransport::new().json(answers(&[answer(200, &json!({"id": "1"})), refused()]));
    let renewing = client(&transport).with_token(Arc::new(Renewing::default()));
    let mut batch = Batch::new();
    batch.add(post());
    let second = batch.add_item(BatchItem::new(post()).token("PAGE"));
    let read = renewing.send_batch(batch).await.unwrap();
    assert_eq!(read.take(second).unwrap_err().kind(), ErrorKind::Reauthorize);
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn usage_throttles_and_drift_of_each_item_count() {
    let logs = CapturedLogs::start();
    let mut used = answer(200, &json!({"id": "1"}));
    let usage = r#"{"7":[{"type":"pages","call_count":96}]}"#;
    used["headers"] = json!([
        {"name": "X-Business-Use-Case-Usage", "value": usage},
        {"name": "facebook-api-version", "value": "v27.0"},
    ]);
    let transport = ScriptedTransport::new().json(answers(&[
        used,
        answer(400, &error(32, 0)),
        answer(400, &error(80_001, 0)),
    ]));
    let client = client(&transport);
    let mut batch = Batch::new();
    batch.add(node(7));
    batch.add(RawRequest::get("8").named("page.read").subject("8"));
    let throttled = batch.add(RawRequest::get("9").named("page.posts.read").subject("9"));
    let answers = client.send_batch(batch).await.unwrap();
    let error = answers.take(throttled).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert!(error.retry_after().is_some());
    let now = client.pipeline.timer().monotonic();
    let state = |id| client.budget().usage(&BudgetKey::new("pages", id), now).unwrap();
    assert!((state("7").percent - 96.0).abs() < f64::EPSILON);
    assert!(!state("8").blocked_for.is_zero() && !state("9").blocked_for.is_zero());
    assert!(state("7").blocked_for.is_zero(), "the others' limits are their own");
    assert!(client.usage().limits.iter().any(|limit| limit.id == "7"));
    assert!(logs.text().contains("version_drift") && logs.text().contains("v27.0"), "{}", logs.text());
}

/// Canaries in tokens, bodies and answers: nothing printable shows one.
#[tokio::test(start_paused = true)]
async fn no_secret_of_a_batch_is_ever_printed() {
    let logs = CapturedLogs::start();
    let secret = json!({"data": [{"access_token": "CANARYpage", "id": 1.5}]});
    for body in [
        answers(&[answer(400, &error(190, 463)), answer(200, &secret)]),
        answers(&[answer(200, &json!("CANARYtext")), answer(400, &error(100, 0))]),
        "CANARYtext".to_owned(),
        error_body(100, 0),
    ] {
        let transport = ScriptedTransport::new().json(body);
        let builder = Client::builder().transport(Arc::new(transport)).app_secret(canary::secret("secret"));
        let client =
            builder.access_token(canary::secret("token")).retry(RetryPolicy::none()).build().unwrap();
        let mut batch = Batch::new();
        let created =
            batch.add_item(BatchItem::new(post().message(canary::secret("text"))).token("CANARYitem"));
        let accounts = batch.add(ListAccounts::new());
        let mut printed = vec![format!("{batch:?}")];
        match client.send_batch(batch).await {
            Ok(answers) => {
                printed.push(format!("{answers:?}"));
                if let Err(error) = answers.take(created) {
                    printed.push(canary::printed(&error));
                }
                match answers.take(accounts) {
                    Ok(page) => printed.push(format!("{page:?}")),
                    Err(error) => {
                        printed.push(canary::printed(&error));
                        assert_eq!(error.raw_body(), None, "an answer that may hold a token is not kept");
                    }
                }
            }
            Err(error) => {
                printed.push(canary::printed(&error));
                assert_eq!(error.raw_body(), None, "one of its items may hold a token");
            }
        }
        assert_eq!(canary::leaks(&printed.join(" ")), [""; 0]);
    }
    assert_eq!(canary::leaks(&logs.text()), [""; 0]);
    assert!(logs.text().contains("batch.send"), "the logs were captured");
}
