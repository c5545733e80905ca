use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::{RetryPolicy, TransportErrorKind};
use sociogram_api_core::testing::{CapturedLogs, ScriptedTransport, canary};
use sociogram_linkedin_api::Client;
use sociogram_oauth_core::StaticToken;

use super::{NOW, event, events};
use crate::linkedin::{LinkedInConversionsClient, LinkedInEvent, prepare_linkedin};
use crate::{Hashed, InDoubtPolicy, Outcome, Refusal, Rejection, SendReport, SendRequest, UserData};

fn client(transport: &ScriptedTransport) -> LinkedInConversionsClient {
    let client = Client::builder()
        .transport(Arc::new(transport.clone()))
        .access_token(canary::secret("TOKEN"))
        .version("202609".parse().unwrap())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    LinkedInConversionsClient::new(client)
}

async fn send(transport: &ScriptedTransport, events: &[LinkedInEvent]) -> SendReport {
    client(transport).send(events, NOW).await
}

fn fates(report: &SendReport) -> String {
    let letter = |outcome: &Outcome| match outcome {
        Outcome::Sent { .. } => 's',
        Outcome::Rejected(_) => 'r',
        Outcome::InDoubt { .. } => 'd',
        Outcome::NotSent { .. } => 'n',
    };
    assert!(report.outcomes.iter().map(|(index, _)| *index).eq(0..report.outcomes.len()));
    assert_eq!(report.counts().accepted(), report.outcomes.len() as u64);
    report.outcomes.iter().map(|(_, outcome)| letter(outcome)).collect()
}

fn refusal(report: &SendReport, index: usize) -> &Refusal {
    match &report.outcomes[index].1 {
        Outcome::Rejected(Rejection::Platform(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// The ids of the events of each request.
fn sent(transport: &ScriptedTransport) -> Vec<String> {
    let ids = |text: &str| {
        let body: Value = serde_json::from_str(text).unwrap();
        let ids = body["elements"].as_array().unwrap().iter().map(|event| event["eventId"].as_str().unwrap());
        ids.collect::<Vec<_>>().join(" ")
    };
    transport.requests().iter().map(|request| ids(request.text())).collect()
}

fn failure(status: u16, message: &str) -> String {
    json!({"status": status, "serviceErrorCode": 77, "code": "X", "message": message}).to_string()
}

fn taken(count: usize) -> String {
    json!({"elements": vec![json!({"status": 201}); count]}).to_string()
}

#[tokio::test]
async fn a_request_is_a_batch_with_linkedins_headers_and_the_token_in_one() {
    let transport = ScriptedTransport::new().respond(200, &[("x-li-uuid", "U1")], taken(2));
    let report = send(&transport, &events(2)).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("ss", 1));
    assert_eq!(report.outcomes[0].1, Outcome::Sent { trace: Some("U1".to_owned()) });

    let requests = transport.requests();
    let [request] = requests.as_slice() else { panic!("one request") };
    assert_eq!(request.method, http::Method::POST);
    assert_eq!(request.uri, "https://api.linkedin.com/rest/conversionEvents");
    let event = |number: usize| {
        format!(
            r#"{{"conversion":"urn:lla:llaPartnerConversion:7","conversionHappenedAt":1795000000000,"user":{{"userIds":[{{"idType":"SHA256_EMAIL","idValue":"{}"}}]}},"eventId":"{number}"}}"#,
            Hashed::digest(&format!("person{number}@example.com")).as_str(),
        )
    };
    let expected = format!(r#"{{"elements":[{},{}]}}"#, event(0), event(1));
    assert_eq!(request.text(), expected);
    for (name, value) in [
        ("content-type", "application/json"),
        ("content-length", expected.len().to_string().as_str()),
        ("x-restli-method", "batch_create"),
        ("x-restli-protocol-version", "2.0.0"),
        ("linkedin-version", "202609"),
        ("authorization", format!("Bearer {}", canary::secret("TOKEN")).as_str()),
    ] {
        assert_eq!(request.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn a_client_sends_with_the_token_it_is_given() {
    let transport = ScriptedTransport::new().respond(201, &[], "");
    let other = client(&transport).with_token(Arc::new(StaticToken::new("other")));
    assert!(other.send(&events(1), NOW).await.all_sent());
    assert_eq!(transport.requests()[0].header("authorization"), "Bearer other");
}

#[tokio::test]
async fn the_status_of_each_element_is_the_fate_of_its_event() {
    let answer = json!({"elements": [
        {"status": 201},
        {"status": 422, "error": {"serviceErrorCode": 9, "message": "canary@example.com"}},
        {"status": 500},
        {},
        {"status": 201},
    ]});
    let transport = ScriptedTransport::new().respond(200, &[("x-li-uuid", "U1")], answer.to_string());
    let report = send(&transport, &events(7)).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("srddsdd", 1), "what it does not reach is in doubt");
    let why = refusal(&report, 1);
    assert_eq!((why.code, why.subcode, why.trace.as_deref()), (Some(422), Some(9), Some("U1")));
    assert!(matches!(report.outcomes[6].1, Outcome::InDoubt { reason: "not_mentioned", .. }));
    assert!(report.stopped.is_none());
    assert!(!format!("{report:?}").contains("canary"));
}

#[tokio::test]
async fn an_empty_answer_takes_all_and_an_unreadable_one_nothing() {
    for (status, body, fate) in [
        (201, "", "ss"),
        (200, " \n", "ss"),
        (204, "", "dd"),
        (200, "{}", "dd"),
        (201, "<html>", "dd"),
        (200, r#"{"elements":{}}"#, "dd"),
    ] {
        let transport = ScriptedTransport::new().respond(status, &[], body);
        let report = send(&transport, &events(2)).await;
        assert_eq!((fates(&report).as_str(), transport.requests().len()), (fate, 1), "{status} {body}");
    }
}

#[tokio::test]
async fn events_that_linkedin_names_are_set_apart() {
    for (status, message, field) in [
        (400, "conversionHappenedAt is out of range at indices [1, 3]", Some("conversionHappenedAt")),
        (
            422,
            "ERROR :: /elements/1/user/userIds/0/idType :: \"canary\" is not an enum symbol\nERROR :: /elements/3/user/userIds/0/idType :: x",
            Some("user.userIds[0].idType"),
        ),
        (422, "ERROR :: /elements/1/colour :: unrecognized field found but not allowed, indices [3]", None),
    ] {
        let transport = ScriptedTransport::new().respond(status, &[], failure(status, message)).respond(
            200,
            &[],
            taken(2),
        );
        let report = send(&transport, &events(4)).await;
        assert_eq!((fates(&report).as_str(), report.calls), ("srsr", 2), "{message}");
        assert_eq!(sent(&transport), ["0 1 2 3", "0 2"]);
        let why = refusal(&report, 3);
        assert_eq!((why.code, why.subcode), (Some(i64::from(status)), Some(77)));
        assert_eq!(why.field.as_deref(), field, "{message}");
        assert!(!format!("{report:?} {why}").contains("canary"), "{why}");
    }
}

#[tokio::test]
async fn one_invalid_event_that_is_not_named_is_found_by_halving() {
    let refused = || failure(422, "canary@example.com cannot be coerced to String");
    let transport = ScriptedTransport::new()
        .respond(422, &[], refused()) // 0 1 2 3
        .respond(422, &[], refused()) // 0 1
        .respond(201, &[], "") // 0
        .respond(422, &[], refused()) // 1
        .respond(201, &[], ""); // 2 3
    let report = send(&transport, &events(4)).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("srss", 5));
    assert_eq!(sent(&transport), ["0 1 2 3", "0 1", "0", "1", "2 3"]);
    assert_eq!(refusal(&report, 1).reason, "a value has another type than LinkedIn takes");
}

#[tokio::test]
async fn a_request_that_is_too_large_is_sent_in_parts() {
    let transport =
        ScriptedTransport::new().respond(413, &[], "").respond(201, &[], "").respond(201, &[], "");
    let report = send(&transport, &events(3)).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("sss", 3));
}

#[tokio::test]
async fn an_unknown_rule_costs_its_own_events_only() {
    let unknown = || failure(403, "No ad accounts found");
    let all: Vec<LinkedInEvent> = (0..6).map(|number| event(number, number % 2)).collect();
    let transport = ScriptedTransport::new()
        .respond(403, &[], unknown()) // 0 2 4 1 3 5
        .respond(201, &[], "") // rule 0
        .respond(403, &[], unknown()); // rule 1
    let report = send(&transport, &all).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("srsrsr", 3));
    assert_eq!(sent(&transport), ["0 2 4 1 3 5", "0 2 4", "1 3 5"]);
    let why = refusal(&report, 1);
    assert_eq!((why.code, why.field.as_deref()), (Some(403), Some("conversion")));
    assert!(why.to_string().contains("check the id of the rule"), "{why}");
}

#[tokio::test]
async fn errors_that_would_meet_every_request_stop_the_send() {
    for (status, message, kind, reason) in [
        (401, "Invalid access token", ErrorKind::Reauthorize, "the token is not accepted"),
        (403, "Not enough permissions", ErrorKind::Permission, "the token may not send events"),
        (426, "Requested version 20250101 is not active", ErrorKind::Misconfigured, "the LinkedIn-Version"),
        (404, "No virtual resource found", ErrorKind::NotFound, "linkedin.conversion_events.batch_create"),
    ] {
        // A refused token is asked for once more.
        let answer = failure(status, message);
        let transport =
            ScriptedTransport::new().respond(status, &[], answer.clone()).respond(status, &[], answer);
        let report = send(&transport, &events(5001)).await;
        assert!(fates(&report).bytes().all(|fate| fate == b'n'), "{message}");
        assert_eq!(report.calls, 1);
        let stopped = report.stopped.unwrap();
        assert_eq!(stopped.kind, kind, "{message}");
        assert!(stopped.reason.starts_with(reason), "{stopped}");
    }
    let missing = r#"{"status":400,"code":"VERSION_MISSING","message":"A version must be present."}"#;
    let transport = ScriptedTransport::new().respond(400, &[], missing);
    let report = send(&transport, &events(2)).await;
    assert_eq!((fates(&report).as_str(), report.stopped.unwrap().kind), ("nn", ErrorKind::Misconfigured));
}

#[tokio::test]
async fn a_throttle_tells_how_long_to_wait() {
    let transport =
        ScriptedTransport::new().respond(429, &[("retry-after", "42")], failure(429, "TOO_MANY_REQUESTS"));
    let report = send(&transport, &events(1)).await;
    let wait = Some(Duration::from_secs(42));
    assert_eq!(report.outcomes[0].1, Outcome::NotSent { kind: ErrorKind::Throttled, retry_after: wait });
    assert_eq!(report.stopped.unwrap().retry_after, wait);
}

#[tokio::test]
async fn an_unknown_outcome_is_never_repeated() {
    for kind in [TransportErrorKind::Timeout, TransportErrorKind::Interrupted, TransportErrorKind::Other] {
        let transport = ScriptedTransport::new().fail(kind);
        let report = send(&transport, &events(5001)).await;
        assert_eq!(fates(&report), format!("{}n", "d".repeat(5000)), "{kind:?}");
        assert!(matches!(report.outcomes[0].1, Outcome::InDoubt { reason: "no_answer", .. }));
    }
    for status in [500, 502, 503, 504, 408] {
        let transport = ScriptedTransport::new().respond(status, &[], "");
        let report = send(&transport, &events(2)).await;
        assert_eq!((fates(&report).as_str(), transport.requests().len()), ("dd", 1), "{status}");
        assert!(matches!(report.outcomes[0].1, Outcome::InDoubt { reason: "server_error", .. }));
    }
    let transport = ScriptedTransport::new().fail(TransportErrorKind::Connect);
    let report = send(&transport, &events(2)).await;
    assert_eq!((fates(&report).as_str(), report.stopped.unwrap().kind), ("nn", ErrorKind::Connect));
}

#[tokio::test]
async fn the_policy_repeats_once_and_only_with_ids() {
    let retry = |transport: &ScriptedTransport| client(transport).in_doubt(InDoubtPolicy::RetryOnce);
    let transport = ScriptedTransport::new().respond(503, &[], "").respond(201, &[], "");
    let report = retry(&transport).send(&events(2), NOW).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("ss", 2));
    assert_eq!(sent(&transport), ["0 1", "0 1"]);

    let mut mixed = events(2);
    mixed[1].event_id = None;
    let transport = ScriptedTransport::new().respond(503, &[], "").respond(201, &[], "");
    let report = retry(&transport).send(&mixed, NOW).await;
    assert_eq!((fates(&report).as_str(), transport.requests().len()), ("dd", 1));

    let partly = json!({"elements": [{"status": 201}, {"status": 422}]}).to_string();
    let transport = ScriptedTransport::new().respond(503, &[], "").respond(200, &[], partly);
    let report = retry(&transport).send(&events(2), NOW).await;
    assert_eq!((fates(&report).as_str(), report.calls), ("sd", 2), "the first one may have taken it");
}

#[tokio::test]
async fn neither_tokens_nor_customer_values_are_shown() {
    let user = UserData::new()
        .email("canary@example.com")
        .first_name("Canaryfirst")
        .last_name("Canarylast")
        .client_ip_address("198.51.100.77");
    let all = [LinkedInEvent::from_parts(super::rule(7), NOW, user)];
    let logs = CapturedLogs::start();
    let told = "/elements/0/user/userInfo/firstName :: Canaryfirst, 198.51.100.77";
    let transport = ScriptedTransport::new()
        .respond(422, &[], failure(422, told))
        .respond(403, &[], failure(403, told))
        .respond(500, &[], failure(500, told));
    let client = client(&transport);
    let body = prepare_linkedin(&all, NOW).bodies()[0].clone();
    let (first, second) = (client.send(&all, NOW).await, client.send(&all, NOW).await);
    let third = client.send_request(&body).await;
    let shown = format!("{client:?} {body:?} {:?} {first:?} {second:?} {third:?} {}", all[0], logs.text());
    assert_eq!(transport.requests().len(), 3);
    assert!(canary::leaks(&shown).is_empty(), "{shown}");
    let hash = Hashed::digest("canary@example.com");
    for value in ["canary@example.com", "Canaryfirst", "Canarylast", hash.as_str(), "198.51.100.77"] {
        assert!(!shown.contains(value), "{shown}");
    }
}
