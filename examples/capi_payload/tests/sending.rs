//! Sending to the sandbox.

use sociogram_sandbox::{Sandbox, SandboxConfig};

use super::{Scratch, data, program, program_with};
use crate::arguments::Secrets;

async fn sandbox() -> (Sandbox, Secrets, String, String) {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let secrets = Secrets {
        token: Some(sandbox.meta_user_token(&["ads_management"])),
        app_secret: Some(sandbox.config().meta.secret.clone()),
    };
    let (url, dataset) = (sandbox.endpoints().graph, sandbox.world().datasets[0].clone());
    (sandbox, secrets, url, dataset)
}

/// The seconds of the machine: the sandbox judges the age of events by it.
fn now() -> String {
    use sociogram::api_core::Clock as _;
    sociogram::api_core::SystemClock::new().now().as_unix_seconds().to_string()
}

fn event(id: &str, time: &str, user: &str) -> String {
    format!(
        r#"{{"event_name":"Lead","event_time":{time},"event_id":"{id}","action_source":"email","user_data":{{{user}}}}}"#
    )
}

#[tokio::test]
async fn each_event_has_one_fate() {
    let (sandbox, secrets, url, dataset) = sandbox().await;
    let now = now();
    let good = event("good", &now, r#""em":"maria@example.com""#);
    // Taken by the checks and refused by the sandbox, which knows no such source.
    let strange =
        event("strange", &now, r#""em":"john@example.com""#).replace(r#""email""#, r#""in_a_dream""#);
    let weak = event("weak", &now, r#""ct":"Porto""#);
    let file = Scratch::new("fates.ndjson", format!("{good}\n{strange}\n{weak}\n{{\"event_name\":1}}\n"));
    let words = ["--now", &now, "--graph-url", &url, "--send", &dataset, file.path()];
    let outcome = program_with(&words, &secrets).await;
    assert_eq!((outcome.status, outcome.err.as_str()), (1, ""), "{}", outcome.out);
    let lines: Vec<&str> = outcome.out.lines().collect();
    assert!(lines[0].starts_with("line 2: refused: ") && lines[0].contains("code 100"), "{}", outcome.out);
    assert!(
        lines[1].starts_with("line 3: refused: user_data: not enough customer information"),
        "{}",
        outcome.out
    );
    assert!(lines[2].starts_with("line 4: refused: "), "{}", outcome.out);
    let summary = "accepted 4 = sent 1 + rejected 3 + in doubt 0 + not sent 0; requests: ";
    assert!(lines[3].starts_with(summary), "{}", outcome.out);
    let received = sandbox.received();
    let [one] = received.events.as_slice() else { panic!("one event") };
    assert_eq!((one.dataset_id.as_str(), &one.event["event_id"]), (dataset.as_str(), &"good".into()));
    assert!(received.violations.is_empty(), "{:?}", received.violations);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn all_sent_is_told_by_the_status() {
    let (sandbox, secrets, url, dataset) = sandbox().await;
    let now = now();
    let file = Scratch::new(
        "all.csv",
        format!("event,time,mail\nLead,{now},a@example.com\nLead,{now},b@example.com\n"),
    );
    let set = ["--csv", "--set", "action_source=email", "--test-event-code", "TEST1", "--now", &now];
    let words = [set.as_slice(), &["--graph-url", &url, "--send", &dataset, file.path()]].concat();
    let outcome = program_with(&words, &secrets).await;
    let summary = "accepted 2 = sent 2 + rejected 0 + in doubt 0 + not sent 0; requests: 1\n";
    assert_eq!((outcome.status, outcome.out.as_str()), (0, summary));
    assert!(sandbox.received().events.iter().all(|event| event.test_event_code.as_deref() == Some("TEST1")));
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_token_without_rights_leaves_all_unsent() {
    let (sandbox, mut secrets, url, dataset) = sandbox().await;
    secrets.token = Some(sandbox.meta_user_token(&["public_profile"]));
    let now = now();
    let lines: Vec<String> =
        (0..1001).map(|id| event(&id.to_string(), &now, r#""em":"a@example.com""#)).collect();
    let file = Scratch::new("unsent.ndjson", lines.join("\n"));
    let words = ["--now", &now, "--graph-url", &url, "--send", &dataset, file.path()];
    let outcome = program_with(&words, &secrets).await;
    assert_eq!(outcome.status, 1);
    let last = outcome.out.lines().last().unwrap();
    assert_eq!(last, "accepted 1001 = sent 0 + rejected 0 + in doubt 0 + not sent 1001; requests: 1");
    assert_eq!(outcome.out.matches("it was not counted, send it again").count(), 1001);
    assert!(outcome.out.contains("sending stopped: "), "{}", outcome.out);
    let token = secrets.token.as_deref().unwrap();
    assert!(!outcome.out.contains(token));
    sandbox.shutdown().await;
}

#[tokio::test]
async fn sending_needs_a_token() {
    let outcome = program(&["--send", "1234567890", &data("events.ndjson")]).await;
    assert_eq!((outcome.status, outcome.out.as_str()), (2, ""));
    assert!(outcome.err.contains("META_ACCESS_TOKEN"), "{}", outcome.err);
}
