//! JSON, lists and CSV.

use sociogram::capi::Hashed;

use super::{Scratch, data, program};

const EVENT: &str = r#"{"event_name":"Lead","event_time":1795000000,"action_source":"email","user_data":{"em":"a@example.com"}}"#;

#[tokio::test]
async fn the_demo_events_make_one_body_and_some_are_refused() {
    let outcome = program(&[&data("events.ndjson")]).await;
    assert_eq!(outcome.status, 1);
    assert_eq!(outcome.out.lines().count(), 1);
    let read = std::fs::read_to_string(data("events.ndjson")).unwrap().lines().count();
    assert_eq!(outcome.events().len() + outcome.err.lines().count(), read);
    assert!(!outcome.err.is_empty() && outcome.err.lines().all(|line| line.starts_with("line ")));
}

#[tokio::test]
async fn a_list_is_read_event_by_event_with_its_lines() {
    let outcome = program(&[&data("list.json")]).await;
    assert_eq!((outcome.status, outcome.events().len()), (1, 1));
    let lines: Vec<&str> = outcome.err.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(lines, ["line 3", "line 4", "line 5"], "{}", outcome.err);
    let outcome = program(&["--set", "action_source=email", &data("list.json")]).await;
    assert_eq!(outcome.events().len(), 2);
    let broken = Scratch::new("broken.json", format!("\n[{EVENT},\n{{\"em\":canary}}]"));
    let outcome = program(&[broken.path()]).await;
    assert_eq!((outcome.status, outcome.out.as_str()), (2, ""));
    assert!(outcome.err.contains("line 3, column") && !outcome.err.contains("canary"), "{}", outcome.err);
}

#[tokio::test]
async fn constants_fill_what_an_event_does_not_have() {
    let file = Scratch::new("constants.ndjson", EVENT.replace("}}", r#"},"custom_data":{"value":24.90}}"#));
    let set =
        ["--set", "custom_data.currency=EUR", "--set", "action_source=website", "--set", "em=b@example.com"];
    let outcome =
        program(&[set.as_slice(), &["--set", "data_processing_options=LDU", file.path()]].concat()).await;
    let [event] = outcome.events().try_into().unwrap();
    assert_eq!(event["action_source"], "email", "the event has it");
    assert_eq!(event["user_data"]["em"][0], Hashed::digest("a@example.com").as_str());
    assert_eq!(event["custom_data"]["currency"], "EUR");
    assert!(outcome.out.contains(r#""value":24.90"#), "digits are kept: {}", outcome.out);
    assert_eq!(event["data_processing_options"][0], "LDU");
}

#[tokio::test]
async fn rows_of_csv_become_events() {
    let words = ["--csv", "--map", "Second mail=em", "--set", "action_source=physical_store"];
    let words = [words.as_slice(), &["--time", "milliseconds"]].concat();
    let file = data("orders.csv");
    let outcome = program(&[words.as_slice(), &[&file]].concat()).await;
    assert_eq!(outcome.status, 1);
    let events = outcome.events();
    assert_eq!(events.len(), 3, "{}", outcome.err);
    let mails = [Hashed::digest("maria.silva@example.com"), Hashed::digest("m.silva@example.org")];
    assert_eq!(events[0]["user_data"]["em"], serde_json::json!(mails.each_ref().map(Hashed::as_str)));
    assert_eq!(events[0]["event_time"], 1_795_000_000);
    assert!(outcome.out.contains(r#""value":129.90,"currency":"EUR""#), "{}", outcome.out);
    assert_eq!(events[1]["event_time"], 1_794_999_999 + 2);
    assert_eq!(events[1]["custom_data"]["order_id"], "1002");
    assert_eq!(events[1]["user_data"]["ln"][0], Hashed::digest("oconnor").as_str());
    assert!(events[1]["user_data"].get("em").is_none(), "no address was in that column");
    assert_eq!(events[2]["event_name"], "Lead");
    let reasons: Vec<&str> = outcome.err.lines().collect();
    assert!(reasons[0].starts_with("line 6: custom_data.value: "), "{}", outcome.err);
    assert!(reasons[1].starts_with("line 7: event_time: not a time"), "{}", outcome.err);
    assert!(reasons[2].starts_with("line 8: has 5 columns and the header 13"), "{}", outcome.err);
    assert!(!outcome.err.contains("yesterday"));
}

#[tokio::test]
async fn columns_are_mapped_unmapped_and_doubted() {
    let row =
        "event_name,event_time,Mail,user_data.ph,Shade\nLead,1795000000,a@example.com,+351210000142,red\n";
    let file = Scratch::new("columns.csv", row);
    let run = async |words: &[&str]| {
        program(&[&["--csv", "--set", "action_source=email"], words, &[file.path()]].concat()).await
    };
    let outcome = run(&["--map", "Mail=,Shade=custom_data.shade"]).await;
    let [event] = outcome.events().try_into().unwrap();
    assert!(event["user_data"].get("em").is_none() && event["user_data"].get("ph").is_some());
    assert_eq!(event["custom_data"]["shade"], "red");
    for (words, reason) in [
        (["--map", "Colour=em"], "there is no column \"Colour\""),
        (["--map", "Mail=event_name"], "two columns are event_name"),
        (["--map", "Mail=user_data.mail"], "an event has no member"),
        (["--map", "Mail"], "--map takes COLUMN=MEMBER"),
        (["--delimiter", "xy"], "--delimiter takes one character"),
        (["--delimiter", "|"], "no column has a name that is understood"),
    ] {
        let outcome = run(&words).await;
        assert_eq!(outcome.status, 2, "{words:?}");
        assert!(outcome.err.contains(reason), "{words:?}: {}", outcome.err);
    }
}

#[tokio::test]
async fn a_missing_quote_costs_its_rows_only_up_to_a_limit() {
    let row = "Lead,1795000000,\"a@example.com\n";
    let mut table = String::from("event,time,mail\n");
    table.push_str("Lead,1795000000,a@example.com\n");
    table.push_str(row);
    table.push_str(&"x".repeat(1024 * 1024));
    let file = Scratch::new("quote.csv", table);
    let outcome = program(&["--csv", "--set", "action_source=email", file.path()]).await;
    assert_eq!((outcome.status, outcome.events().len()), (1, 1));
    assert!(
        outcome.err.contains("line 3: longer than 1048576 bytes; is a quote missing?"),
        "{}",
        outcome.err
    );
}

#[tokio::test]
async fn lines_that_are_no_events_are_refused_one_by_one() {
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    bytes.extend_from_slice(EVENT.as_bytes());
    bytes.extend_from_slice(b"\n\n\xff\xfe\n{\n");
    let file = Scratch::new("lines.ndjson", bytes);
    let outcome = program(&[file.path()]).await;
    assert_eq!((outcome.status, outcome.events().len()), (1, 1));
    let lines: Vec<&str> = outcome.err.lines().collect();
    assert_eq!(lines[0], "line 3: not UTF-8 text");
    assert!(lines[1].starts_with("line 4: ") && lines.len() == 2, "{lines:?}");
}

#[tokio::test]
async fn wrong_options_are_explained() {
    for (words, reason) in [
        (vec!["--mode", "x"], "--mode is canonical or python-compat"),
        (vec!["--policy", "x"], "--policy is drop, strict or compat"),
        (vec!["--now", "soon"], "--now takes seconds"),
        (vec!["--now"], "--now needs a value"),
        (vec!["--csv=1"], "--csv takes no value"),
        (vec!["--map", "a=em"], "--map is for CSV"),
        (vec!["--show-values"], "--show-values belongs to --explain"),
        (vec!["--graph-url", "http://127.0.0.1:1"], "--graph-url belongs to --send"),
        (vec!["--send", "a b"], "--send takes the id of a dataset"),
        (vec!["--partner-agent", "1"], "--partner-agent: "),
        (vec!["--calling-code", "+49"], "--calling-code: "),
        (vec!["--set", "colour=red"], "an event has no member"),
        (vec!["--platform", "linkedin"], "needs --conversion"),
        (vec!["a", "b"], "give one file"),
        (vec!["--frobnicate"], "unknown option --frobnicate"),
        (vec!["/nowhere/at/all"], "cannot read /nowhere/at/all"),
    ] {
        let outcome = program(&words).await;
        assert_eq!((outcome.status, outcome.out.as_str()), (2, ""), "{words:?}");
        assert!(outcome.err.contains(reason), "{words:?}: {}", outcome.err);
    }
    let help = program(&["--help"]).await;
    assert_eq!(help.status, 0);
    assert!(help.out.contains("user_data.em") && help.out.contains("emailaddress"), "{}", help.out);
}

#[tokio::test]
async fn options_reach_the_body() {
    let file = Scratch::new(
        "options.ndjson",
        EVENT.replace(r#""em":"a@example.com""#, r#""ph":"0151 2345678","db":"x""#),
    );
    let words =
        ["--calling-code", "49", "--test-event-code", "TEST1", "--partner-agent", "shop-1.0", file.path()];
    let outcome = program(&words).await;
    assert_eq!(outcome.status, 0);
    assert!(
        outcome.out.contains(r#""test_event_code":"TEST1","partner_agent":"shop-1.0""#),
        "{}",
        outcome.out
    );
    assert_eq!(outcome.events()[0]["user_data"]["ph"][0], Hashed::digest("491512345678").as_str());
    let strict = program(&["--policy", "strict", "--calling-code=49", file.path()]).await;
    assert!(strict.err.contains("user_data.db"), "{}", strict.err);
    let old = program(&["--now", "2027-01-01T00:00:00Z", "--calling-code=49", file.path()]).await;
    assert!(old.err.contains("too long ago"), "{}", old.err);
    let warned = program(&["--warnings", "--calling-code=49", file.path()]).await;
    assert!(warned.err.starts_with("warning: line 1: user_data.db"), "{}", warned.err);
}

#[tokio::test]
async fn the_same_events_make_bodies_for_linkedin() {
    let file = data("events.ndjson");
    let outcome = program(&["--platform", "linkedin", "--conversion", "123", &file]).await;
    let body: serde_json::Value = serde_json::from_str(outcome.out.lines().next().unwrap()).unwrap();
    let event = &body["elements"][0];
    assert_eq!(event["conversion"], "urn:lla:llaPartnerConversion:123");
    assert_eq!(event["user"]["userIds"][0]["idValue"], Hashed::digest("maria.silva@example.com").as_str());
}
