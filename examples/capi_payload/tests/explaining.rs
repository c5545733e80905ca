//! What `--explain` says, and what it keeps to itself.

use super::{Scratch, data, program};

const EVENT: &str = r#"{"event_name":"Canary Party","event_time":1795000000,"event_id":"canary-7","action_source":"website","event_source_url":"https://canary.example.com/?q=canary","user_data":{"em":[" Canary.Bird@Example.com ","no address"],"ph":"+351 210 000 142","zp":"3700-121","country":"Portugal","fbp":"fb.1.1794900007919.1098220126","external_id":"canary-1001"},"custom_data":{"value":12.50,"currency":"eur","canary_note":"canary"}}"#;

#[tokio::test]
async fn every_value_is_explained_by_its_form() {
    let file = Scratch::new("explain.ndjson", EVENT);
    let outcome = program(&["--explain", file.path()]).await;
    assert_eq!((outcome.status, outcome.err.as_str()), (0, ""));
    let text = &outcome.out;
    for line in [
        "line 1: Aaaaaa␣Aaaaa at 2026-11-18T11:06:40Z, website: accepted",
        "user_data.em[0]              ␣Aaaaaa.Aaaa@Aaaaaaa.aaa␣ -> aaaaaa.aaaa@aaaaaaa.aaa -> ",
        "user_data.em[1]              aa␣aaaaaaa -> does not fit",
        "user_data.ph[0]              +999␣999␣999␣999 -> 999999999999 -> ",
        "user_data.country[0]         Aaaaaaaa -> aa -> ",
        "user_data.external_id[0]     aaaaaa-9999 -> sent as it is",
        "custom_data.value            99.99",
        "custom_data.currency         aaa -> AAA, not hashed",
        "warning  user_data.em[1]: ",
        "warning  user_data.client_user_agent: a website event should have it: pass the browser's",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    for value in ["Canary", "canary.", "canary-", "Bird", "210", "Portugal", "1098220126", "12.50"] {
        assert!(!text.contains(value), "{value}\n{text}");
    }
    let shown = program(&["--explain", "--show-values", file.path()]).await.out;
    assert!(shown.contains("\"canary.bird@example.com\"") && shown.contains("Canary Party"), "{shown}");
}

#[tokio::test]
async fn explained_digests_are_those_that_are_sent() {
    for mode in ["canonical", "python-compat"] {
        for file in [data("python_compat/events.ndjson"), data("events.ndjson")] {
            let explained = program(&["--explain", "--mode", mode, &file]).await;
            let sent = program(&["--mode", mode, &file]).await;
            assert_eq!(explained.status, sent.status);
            let refused = explained.out.lines().filter(|line| line.ends_with("refused")).count();
            assert_eq!(refused, sent.err.lines().count(), "{}", sent.err);
            for event in sent.events() {
                for digest in event["user_data"]["em"].as_array().into_iter().flatten() {
                    let digest = digest.as_str().unwrap();
                    assert!(explained.out.contains(digest) || digest.len() != 64, "{mode}: {digest}");
                }
            }
        }
    }
}

#[tokio::test]
async fn columns_are_explained_first() {
    let outcome = program(&["--csv", "--explain", &data("orders.csv")]).await;
    assert_eq!(outcome.status, 1);
    let columns: Vec<&str> = outcome.out.lines().take_while(|line| line.starts_with("column ")).collect();
    assert_eq!(columns.len(), 13);
    assert_eq!(columns[0], "column \"Order Number\" -> custom_data.order_id");
    assert_eq!(columns[12], "column \"Notes\" is not used");
}
