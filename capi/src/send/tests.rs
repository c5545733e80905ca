use std::sync::Arc;

use serde_json::Value;
use sociogram_api_core::http::{RetryPolicy, TransportErrorKind};
use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::{ActionSource, Event, PrepareOptions, Timestamp, UserData, prepare};

fn dataset() -> DatasetId {
    DatasetId::from(1_234_567_890)
}

fn client(transport: &ScriptedTransport) -> Client {
    Client::builder()
        .transport(Arc::new(transport.clone()))
        .access_token("CANARYtoken")
        .retry(RetryPolicy::none())
        .build()
        .unwrap()
}

fn events(count: usize) -> Vec<Event> {
    (0..count)
        .map(|number| {
            Event::builder("Lead", Timestamp::from_unix_seconds(1))
                .event_id(number.to_string())
                .action_source(ActionSource::Other)
                .user_data(UserData::new().external_id("5"))
                .build()
        })
        .collect()
}

fn prepared(count: usize) -> Prepared {
    prepare(&events(count), &PrepareOptions::without_clock())
}

fn error(code: i64, subcode: i64) -> String {
    format!(r#"{{"error":{{"message":"m","code":{code},"error_subcode":{subcode},"fbtrace_id":"T9"}}}}"#)
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
    report.outcomes.iter().map(|(_, outcome)| letter(outcome)).collect()
}

fn event_ids(body: &str) -> Vec<String> {
    let body: Value = serde_json::from_str(body).unwrap();
    body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["event_id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_request_carries_the_body_and_the_token_travels_in_a_header() {
    let transport =
        ScriptedTransport::new().json(r#"{"events_received":2,"messages":["careful"],"fbtrace_id":"AbC"}"#);
    let prepared = prepared(2);
    let json = prepared.bodies()[0].to_json();
    let report = send(&client(&transport), &dataset(), prepared).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("ss", 1));
    assert!(report.all_sent() && report.stopped.is_none());
    assert_eq!(report.messages, ["careful"]);
    assert_eq!(report.outcomes[0].1, Outcome::Sent { fbtrace_id: Some("AbC".to_owned()) });

    let requests = transport.requests();
    let [request] = requests.as_slice() else { panic!("one request") };
    assert_eq!(request.method, http::Method::POST);
    assert!(request.uri.path().ends_with("/1234567890/events"), "{}", request.uri.path());
    assert_eq!(request.text(), json);
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("authorization"), "Bearer CANARYtoken");
    assert!(!request.uri.to_string().contains("CANARY"));
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
    let report = send(&client(&transport), &dataset(), prepared(4)).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("ssrs", 5));
    let Outcome::Rejected(why) = &report.outcomes[2].1 else { panic!("rejected") };
    assert_eq!((why.code, why.subcode, why.fbtrace_id.as_deref()), (Some(100), Some(2_804_003), Some("T9")));
    assert!(report.stopped.is_none());
    let sent: Vec<Vec<String>> =
        transport.requests().iter().map(|request| event_ids(request.text())).collect();
    assert_eq!(sent, [vec!["0", "1", "2", "3"], vec!["0", "1"], vec!["2", "3"], vec!["2"], vec!["3"]]);
}

#[tokio::test]
async fn a_bad_event_that_meta_names_costs_one_call() {
    let named = r#"{"error":{"code":100,"error_data":{"blame_field_specs":[["data[1]","user_data"]]}}}"#;
    let transport = ScriptedTransport::new().respond(400, &[], named).json("{}");
    let report = send(&client(&transport), &dataset(), prepared(3)).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("srs", 2));
    assert_eq!(event_ids(transport.requests()[1].text()), ["0", "2"]);
}

#[tokio::test]
async fn an_unknown_outcome_is_never_repeated() {
    for kind in [TransportErrorKind::Timeout, TransportErrorKind::Interrupted, TransportErrorKind::Other] {
        let transport = ScriptedTransport::new().fail(kind);
        let report = send(&client(&transport), &dataset(), prepared(1001)).await;
        assert_eq!(fates(&report), format!("{}n", "d".repeat(1000)), "{kind:?}");
        assert_eq!((report.calls, transport.requests().len()), (1, 1));
        assert_eq!(report.stopped.unwrap().kind(), ErrorKind::InDoubt);
    }
    for (status, body) in
        [(500, ""), (503, "busy"), (502, "<html>"), (500, r#"{"error":{"code":2}}"#), (200, "<html>")]
    {
        let transport = ScriptedTransport::new().respond(status, &[], body);
        // Retries allowed: they must not be used.
        let client =
            Client::builder().transport(Arc::new(transport.clone())).access_token("t").build().unwrap();
        let report = send(&client, &dataset(), prepared(2)).await;
        assert_eq!((fates(&report).as_str(), transport.requests().len()), ("dd", 1), "{status} {body}");
    }
}

#[tokio::test]
async fn fewer_events_than_sent_are_in_doubt_and_sending_goes_on() {
    let transport =
        ScriptedTransport::new().json(r#"{"events_received":999}"#).json(r#"{"events_received":1}"#);
    let report = send(&client(&transport), &dataset(), prepared(1001)).await;
    assert_eq!(fates(&report), format!("{}s", "d".repeat(1000)));
}

#[tokio::test]
async fn errors_that_would_meet_every_request_stop_the_send() {
    for (status, body, kind) in [
        (401, error(190, 463), ErrorKind::Reauthorize),
        (403, error(200, 0), ErrorKind::Permission),
        (400, error(100, 33), ErrorKind::NotFound),
        (400, error(2635, 0), ErrorKind::Misconfigured),
        (400, error(100, 2_804_030), ErrorKind::Invalid),
    ] {
        let transport =
            ScriptedTransport::new().respond(status, &[], body.clone()).respond(status, &[], body.clone());
        let report = send(&client(&transport), &dataset(), prepared(1001)).await;
        assert_eq!(fates(&report), "n".repeat(1001), "{body}");
        assert_eq!(report.calls, 1);
        assert_eq!(report.stopped.unwrap().kind(), kind, "{body}");
    }
    let transport = ScriptedTransport::new().fail(TransportErrorKind::Connect);
    let report = send(&client(&transport), &dataset(), prepared(2)).await;
    assert_eq!(fates(&report), "nn");
    assert_eq!(report.outcomes[0].1, Outcome::NotSent { kind: ErrorKind::Connect });

    let transport = ScriptedTransport::new();
    let tokenless = Client::builder().transport(Arc::new(transport.clone())).build().unwrap();
    let report = send(&tokenless, &dataset(), prepared(2)).await;
    assert_eq!((fates(&report).as_str(), transport.requests().len()), ("nn", 0));
}

#[tokio::test]
async fn events_refused_beforehand_are_in_the_report() {
    let mut all = events(3);
    all[1].user_data = UserData::new();
    let transport = ScriptedTransport::new().json("{}");
    let prepared = prepare(&all, &PrepareOptions::without_clock());
    let report = send(&client(&transport), &dataset(), prepared).await;
    assert_eq!(fates(&report), "srs");
    let Outcome::Rejected(why) = &report.outcomes[1].1 else { panic!("rejected") };
    assert_eq!(why.findings[0].rule(), "capi.match_keys");
    assert_eq!(event_ids(transport.requests()[0].text()), ["0", "2"]);

    let nothing = send(&client(&transport), &dataset(), Prepared::default()).await;
    assert_eq!((nothing.calls, nothing.outcomes.len()), (0, 0));
}
