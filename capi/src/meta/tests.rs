use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::{RetryPolicy, TransportErrorKind};
use sociogram_api_core::testing::{CapturedLogs, ScriptedTransport, canary};
use sociogram_meta_graph::{Client, DatasetId};
use sociogram_oauth_core::StaticToken;

use super::ConversionsClient;
use crate::{
    ActionSource, Event, Hashed, InDoubtPolicy, Outcome, PrepareOptions, Prepared, Rejection, SendReport,
    SendRequest, Timestamp, UserData, prepare,
};

fn graph(transport: &ScriptedTransport) -> Client {
    Client::builder()
        .transport(Arc::new(transport.clone()))
        .access_token(canary::secret("TOKEN"))
        .retry(RetryPolicy::none())
        .build()
        .unwrap()
}

fn client(transport: &ScriptedTransport) -> ConversionsClient {
    ConversionsClient::new(graph(transport), DatasetId::from(1_234_567_890))
}

fn events(count: usize) -> Vec<Event> {
    let event = |number: usize| {
        Event::builder("Lead", Timestamp::from_unix_seconds(1))
            .event_id(number.to_string())
            .action_source(ActionSource::Other)
            .user_data(UserData::new().external_id("5"))
            .build()
    };
    (0..count).map(event).collect()
}

fn options() -> PrepareOptions {
    PrepareOptions::without_clock()
}

async fn send(transport: &ScriptedTransport, count: usize) -> SendReport {
    client(transport).send(&events(count), &options()).await
}

fn error(code: i64, subcode: i64) -> String {
    format!(
        r#"{{"error":{{"message":"canary@example.com","code":{code},"error_subcode":{subcode},"fbtrace_id":"T9"}}}}"#
    )
}

/// The fates in a few letters: sent, rejected, in doubt, not sent.
fn fates(report: &SendReport) -> String {
    let letter = |outcome: &Outcome| match outcome {
        Outcome::Sent { .. } => 's',
        Outcome::Rejected(_) => 'r',
        Outcome::InDoubt { .. } => 'd',
        Outcome::NotSent { .. } => 'n',
    };
    assert!(report.outcomes.iter().map(|(index, _)| *index).eq(0..report.outcomes.len()));
    let counts = report.counts();
    assert_eq!(counts.accepted(), report.outcomes.len() as u64);
    let fates: String = report.outcomes.iter().map(|(_, outcome)| letter(outcome)).collect();
    let count = |letter| fates.matches(letter).count() as u64;
    assert_eq!((counts.sent, counts.rejected), (count('s'), count('r')));
    assert_eq!((counts.in_doubt, counts.not_sent), (count('d'), count('n')));
    fates
}

fn event_ids(body: &str) -> Vec<String> {
    let body: Value = serde_json::from_str(body).unwrap();
    let id = |event: &Value| event["event_id"].as_str().unwrap().to_owned();
    body["data"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn a_request_carries_the_body_and_the_token_travels_in_a_header() {
    let transport =
        ScriptedTransport::new().json(r#"{"events_received":2,"messages":["careful"],"fbtrace_id":"AbC"}"#);
    let options = options().test_event_code("TEST1").partner_agent("shop_v1").unwrap();
    let report = client(&transport).send(&events(2), &options).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("ss", 1));
    assert!(report.all_sent() && report.stopped.is_none());
    assert_eq!(report.messages, ["careful"]);
    assert_eq!(report.outcomes[0].1, Outcome::Sent { trace: Some("AbC".to_owned()) });

    let requests = transport.requests();
    let [request] = requests.as_slice() else { panic!("one request") };
    assert_eq!(request.method, http::Method::POST);
    assert_eq!(request.uri.host(), Some("graph.facebook.com"));
    assert!(request.uri.path().ends_with("/1234567890/events"), "{}", request.uri.path());
    assert_eq!(request.uri.query(), None);
    let event = |id: &str| {
        format!(
            r#"{{"event_name":"Lead","event_time":1,"event_id":"{id}","action_source":"other","user_data":{{"external_id":["5"]}}}}"#
        )
    };
    let expected = format!(
        r#"{{"data":[{},{}],"test_event_code":"TEST1","partner_agent":"shop_v1"}}"#,
        event("0"),
        event("1")
    );
    assert_eq!(request.text(), expected);
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("content-length"), expected.len().to_string());
    assert_eq!(request.header("authorization"), format!("Bearer {}", canary::secret("TOKEN")));
    assert!(canary::leaks(&request.uri.to_string()).is_empty());
}

#[tokio::test]
async fn a_client_sends_with_the_token_it_is_given() {
    let transport = ScriptedTransport::new().json("{}");
    let other = client(&transport).with_token(Arc::new(StaticToken::new("other")));
    assert!(other.send(&events(1), &options()).await.all_sent());
    assert_eq!(transport.requests()[0].header("authorization"), "Bearer other");
}

#[tokio::test]
async fn a_bad_event_is_found_by_halving() {
    let refused = error(100, 2_804_003);
    let transport = ScriptedTransport::new()
        .respond(400, &[], refused.clone()) // 0 1 2 3
        .json(r#"{"events_received":2}"#) // 0 1
        .respond(400, &[], refused.clone()) // 2 3
        .respond(400, &[], refused) // 2
        .json(r#"{"events_received":1}"#); // 3
    let report = send(&transport, 4).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("ssrs", 5));
    let Outcome::Rejected(Rejection::Platform(why)) = &report.outcomes[2].1 else { panic!("rejected") };
    assert_eq!((why.code, why.subcode, why.trace.as_deref()), (Some(100), Some(2_804_003), Some("T9")));
    assert_eq!(why.field.as_deref(), Some("event_time"));
    assert!(why.to_string().starts_with(
        "event_time: the event is too old, or its time is not one (code 100/2804003): send events within 7 days"
    ));
    assert!(report.stopped.is_none());
    let sent: Vec<Vec<String>> =
        transport.requests().iter().map(|request| event_ids(request.text())).collect();
    assert_eq!(sent, [vec!["0", "1", "2", "3"], vec!["0", "1"], vec!["2", "3"], vec!["2"], vec!["3"]]);
}

#[tokio::test]
async fn one_invalid_event_of_1000_costs_only_itself() {
    // Plays Meta: answers each request by whether the event is in it.
    let bad = 617;
    let (mut low, mut high) = (0, 1000);
    let mut transport = ScriptedTransport::new().respond(400, &[], error(100, 2_804_003));
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        let refused = error(100, 2_804_003);
        if bad < middle {
            // The second half follows when the first one is settled.
            transport = transport.respond(400, &[], refused);
            high = middle;
        } else {
            transport = transport.json("{}").respond(400, &[], refused);
            low = middle;
        }
    }
    // The halves that were left behind.
    for _ in 0..10 {
        transport = transport.json("{}");
    }
    let report = send(&transport, 1000).await;
    assert_eq!(fates(&report), format!("{}r{}", "s".repeat(617), "s".repeat(382)));
    assert!(report.calls <= 21, "{}", report.calls);
    let requests = transport.requests();
    let taken: Vec<String> = requests.iter().flat_map(|request| event_ids(request.text())).collect();
    assert!(taken.len() > 1000 && taken.iter().any(|id| id == "617"));
}

#[tokio::test]
async fn events_that_meta_names_cost_one_call_and_the_member_is_told_without_its_value() {
    let named = json!({"error": {"code": 100, "error_data": {
        "blame_field_specs": [["data[1]", "user_data", "em", "canary@example.com"]]
    }}});
    let transport = ScriptedTransport::new().respond(400, &[], named.to_string()).json("{}");
    let report = send(&transport, 3).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("srs", 2));
    assert_eq!(event_ids(transport.requests()[1].text()), ["0", "2"]);
    let Outcome::Rejected(Rejection::Platform(why)) = &report.outcomes[1].1 else { panic!("rejected") };
    assert_eq!(why.field.as_deref(), Some("user_data.em"));
    assert!(!format!("{report:?} {why}").contains("canary"));
}

#[tokio::test]
async fn an_unknown_outcome_is_never_repeated() {
    for kind in [TransportErrorKind::Timeout, TransportErrorKind::Interrupted, TransportErrorKind::Other] {
        let transport = ScriptedTransport::new().fail(kind);
        let report = send(&transport, 1001).await;
        assert_eq!(fates(&report), format!("{}n", "d".repeat(1000)), "{kind:?}");
        assert_eq!((report.calls, transport.requests().len()), (1, 1));
        assert_eq!(report.stopped.as_ref().unwrap().kind, ErrorKind::InDoubt);
        assert!(matches!(report.outcomes[0].1, Outcome::InDoubt { reason: "no_answer", .. }));
    }
    for (status, body, word) in [
        (500, "", "server_error"),
        (503, "busy", "server_error"),
        (502, "<html>", "server_error"),
        (500, r#"{"error":{"code":2}}"#, "server_error"),
        (400, r#"{"error":{"code":100,"is_transient":true}}"#, "server_error"),
        (200, "<html>", "unreadable_answer"),
        (200, "[]", "unreadable_answer"),
    ] {
        let transport = ScriptedTransport::new().respond(status, &[], body);
        // Retries allowed: they must not be used.
        let graph =
            Client::builder().transport(Arc::new(transport.clone())).access_token("t").build().unwrap();
        let client = ConversionsClient::new(graph, DatasetId::from(1));
        let report = client.send(&events(2), &options()).await;
        assert_eq!((fates(&report).as_str(), transport.requests().len()), ("dd", 1), "{status} {body}");
        let Outcome::InDoubt { reason, .. } = report.outcomes[0].1 else { panic!("in doubt") };
        assert_eq!(reason, word, "{status} {body}");
    }
}

#[tokio::test]
async fn the_policy_repeats_once_and_only_with_ids() {
    let retry = |transport: &ScriptedTransport| client(transport).in_doubt(InDoubtPolicy::RetryOnce);
    let transport = ScriptedTransport::new().fail(TransportErrorKind::Interrupted).json("{}").json("{}");
    let report = retry(&transport).send(&events(1001), &options()).await;
    assert_eq!((fates(&report), report.calls), ("s".repeat(1001), 3));
    let requests = transport.requests();
    assert_eq!(requests[0].text(), requests[1].text(), "the same bytes");

    for second in [
        ScriptedTransport::new().fail(TransportErrorKind::Timeout).respond(503, &[], ""),
        ScriptedTransport::new().fail(TransportErrorKind::Timeout).fail(TransportErrorKind::Connect),
        ScriptedTransport::new().fail(TransportErrorKind::Timeout).respond(400, &[], error(100, 2_804_003)),
    ] {
        let report = retry(&second).send(&events(2), &options()).await;
        assert_eq!((fates(&report).as_str(), second.requests().len()), ("dd", 2), "nothing else settles it");
        assert!(matches!(report.outcomes[0].1, Outcome::InDoubt { reason: "no_answer", .. }));
    }

    for id in [None, Some("")] {
        let mut mixed = events(2);
        mixed[1].id = id.map(str::to_owned);
        let transport = ScriptedTransport::new().fail(TransportErrorKind::Interrupted).json("{}");
        let report = retry(&transport).send(&mixed, &options()).await;
        assert_eq!((fates(&report).as_str(), transport.requests().len()), ("dd", 1), "{id:?}");
    }

    let few = ScriptedTransport::new().json(r#"{"events_received":1}"#).json("{}");
    let report = retry(&few).send(&events(2), &options()).await;
    assert_eq!((fates(&report).as_str(), few.requests().len()), ("dd", 1), "one of them was counted");
}

#[tokio::test]
async fn fewer_events_than_sent_are_in_doubt_and_sending_goes_on() {
    let transport =
        ScriptedTransport::new().json(r#"{"events_received":999}"#).json(r#"{"events_received":1}"#);
    let report = send(&transport, 1001).await;
    assert_eq!(fates(&report), format!("{}s", "d".repeat(1000)));
    assert!(matches!(report.outcomes[0].1, Outcome::InDoubt { reason: "fewer_taken", .. }));
}

#[tokio::test]
async fn errors_that_would_meet_every_request_stop_the_send() {
    for (status, body, kind, reason) in [
        (401, error(190, 463), ErrorKind::Reauthorize, "the token is not accepted"),
        (403, error(200, 0), ErrorKind::Permission, "the token lacks a permission"),
        (400, error(100, 33), ErrorKind::NotFound, "the dataset does not exist"),
        (400, error(2635, 0), ErrorKind::Misconfigured, "the API version is no longer served"),
        (400, error(100, 2_804_030), ErrorKind::Invalid, "offline events need a choice"),
        (400, error(4, 0), ErrorKind::Throttled, "the app has made too many calls"),
    ] {
        let transport =
            ScriptedTransport::new().respond(status, &[], body.clone()).respond(status, &[], body.clone());
        let report = send(&transport, 1001).await;
        assert_eq!(fates(&report), "n".repeat(1001), "{body}");
        assert_eq!(report.calls, 1);
        let stopped = report.stopped.unwrap();
        assert_eq!(stopped.kind, kind, "{body}");
        assert!(stopped.reason.starts_with(reason), "{stopped}");
        assert!(!format!("{stopped:?}").contains("canary@"), "{stopped:?}");
    }
}

#[tokio::test]
async fn a_throttle_tells_how_long_to_wait() {
    let transport = ScriptedTransport::new().respond(400, &[("retry-after", "42")], error(80_004, 0));
    let report = send(&transport, 1).await;
    let wait = Some(Duration::from_secs(42));
    assert_eq!(report.outcomes[0].1, Outcome::NotSent { kind: ErrorKind::Throttled, retry_after: wait });
    assert_eq!(report.stopped.unwrap().retry_after, wait);
}

#[tokio::test]
async fn what_never_left_is_not_sent() {
    let transport = ScriptedTransport::new().fail(TransportErrorKind::Connect);
    let report = send(&transport, 2).await;
    assert_eq!(fates(&report), "nn");
    assert_eq!(report.outcomes[0].1, Outcome::NotSent { kind: ErrorKind::Connect, retry_after: None });

    let transport = ScriptedTransport::new();
    let tokenless = Client::builder().transport(Arc::new(transport.clone())).build().unwrap();
    let report = ConversionsClient::new(tokenless, DatasetId::from(1)).send(&events(2), &options()).await;
    assert_eq!((fates(&report).as_str(), transport.requests().len()), ("nn", 0));
}

#[tokio::test]
async fn events_refused_beforehand_are_in_the_report() {
    let mut all = events(3);
    all[1].user_data = UserData::new();
    all[2].user_data = UserData::new().external_id("5").country("Atlantis");
    let transport = ScriptedTransport::new().json("{}");
    let report = client(&transport).send(&all, &options()).await;
    assert_eq!(fates(&report), "srs");
    let Outcome::Rejected(why) = &report.outcomes[1].1 else { panic!("rejected") };
    assert_eq!((why.findings()[0].rule(), why.refusal()), ("capi.match_keys", None));
    assert!(why.to_string().starts_with("user_data: not enough customer information"), "{why}");
    assert_eq!(event_ids(transport.requests()[0].text()), ["0", "2"]);
    let warned: Vec<usize> = report.warnings.iter().map(|warning| warning.index).collect();
    assert_eq!(warned, [2]);

    let nothing = client(&transport).send_prepared(Prepared::default()).await;
    assert_eq!((nothing.calls, nothing.outcomes.len()), (0, 0));
}

#[tokio::test]
async fn neither_tokens_nor_customer_values_are_shown() {
    let mut all = events(2);
    all[0].user_data = UserData::new().email("canary@example.com").client_ip_address("198.51.100.77");
    let logs = CapturedLogs::start();
    let transport =
        ScriptedTransport::new().respond(400, &[], error(100, 1)).respond(400, &[], error(190, 1));
    let client = client(&transport);
    let body = prepare(&all, &options()).bodies()[0].clone();
    let outcome = client.send_request(&body).await;
    let report = client.send(&all, &options()).await;
    let shown = format!("{client:?} {body:?} {outcome:?} {report:?} {}", logs.text());
    assert!(canary::leaks(&shown).is_empty(), "{shown}");
    let hash = Hashed::digest("canary@example.com");
    for value in ["canary@example.com", hash.as_str(), "198.51.100.77"] {
        assert!(!shown.contains(value), "{shown}");
    }
}
