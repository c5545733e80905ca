use proptest::prelude::*;
use serde_json::json;
use sociogram_api_core::Timestamp;

use super::*;

#[test]
fn every_modifier_is_written_in_metas_syntax() {
    let at = Timestamp::from_unix_seconds(1_767_225_600);
    let edge = Edge::new("comments")
        .limit(5)
        .order("chronological")
        .since(at)
        .until(at)
        .after("QVFI=")
        .filter("stream")
        .summary(true)
        .alias("x")
        .with("metric", "a,b")
        .with_json("time_range", json!({"since": "2026-01-01", "until": "2026-01-31"}))
        .fields(["id", "message"]);
    assert_eq!(
        Fields::new().edge(edge).to_string(),
        "comments.limit(5).order(chronological).since(1767225600).until(1767225600).after(QVFI=).filter(stream)\
         .summary(true).as(x).metric(a,b).time_range({\"since\":\"2026-01-01\",\"until\":\"2026-01-31\"})\
         {id,message}"
    );
}

#[test]
fn edges_nest_and_the_last_value_of_a_modifier_stands() {
    let replies = Edge::new("comments").limit(1).limit(2).field("id");
    let comments = Edge::new("comments").fields(Fields::new().field("id").edge(replies)).field("from");
    let fields = Fields::new().field("id").edge(comments).edge(Edge::new("from")).field("message");
    assert_eq!(fields.as_str(), "id,comments{id,comments.limit(2){id},from},from,message");
    assert_eq!(fields.check(), []);
    assert_eq!(Cow::<'static, str>::from(fields.clone()), fields.to_string());
    assert_eq!(Fields::new().as_str(), "");
}

#[test]
fn what_would_break_out_is_neither_sent_nor_silent() {
    for (fields, expected) in [
        (Fields::new().field("id,access_token"), "id_access_token"),
        (Fields::new().field("id{name}"), "id_name_"),
        (Fields::new().field("a.limit(5)"), "a_limit_5_"),
        (Fields::new().field(""), "_"),
        (Fields::new().edge(Edge::new("a").alias("b),access_token")), "a.as(b__access_token)"),
        (Fields::new().edge(Edge::new("a").after("b),access_token,c(")), "a.after(b_,access_token,c_)"),
        (Fields::new().edge(Edge::new("a").with("limit(5)", "1")), "a.limit_5_(1)"),
        (Fields::new().edge(Edge::new("a").with_json("f", json!([{"b}": "c)"}]))), "a.f([{\"b_\":\"c_\"}])"),
    ] {
        assert_eq!(fields.as_str(), expected);
        let rules: Vec<_> = fields.check().iter().map(Finding::rule).collect();
        assert!(
            !rules.is_empty() && rules.iter().all(|rule| *rule == "fields.name"),
            "{expected}: {rules:?}"
        );
    }
}

/// Splits at the commas outside of everything; `None` if a bracket does not close.
fn outermost(text: &str) -> Option<Vec<&str>> {
    let (mut open, mut start, mut parts) = (Vec::new(), 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' | '{' => open.push(c),
            ')' if open.pop() != Some('(') => return None,
            '}' if open.pop() != Some('{') => return None,
            ',' if open.is_empty() => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    open.is_empty().then_some(parts)
}

proptest! {
    #[test]
    fn brackets_are_balanced_and_nothing_escapes(
        names in prop::collection::vec("\\PC{0,8}", 1..5),
        edge in "[a-z,(){}.]{0,8}",
        argument in "[a-z,(){}\"\\\\]{0,12}",
        nested in "[a-z,(){}]{0,8}",
    ) {
        let inner = Edge::new(&nested).with(&edge, &argument).alias(&nested).field(&nested);
        let edge = Edge::new(&edge)
            .after(&argument)
            .with(&nested, &argument)
            .with_json("json", json!({ argument.clone(): [argument.clone()] }))
            .fields(Fields::new().field(&nested).edge(inner));
        let fields = Fields::new().fields(&names).edge(edge).field("last");
        let parts = outermost(fields.as_str());
        prop_assert!(parts.is_some(), "{}", fields);
        let parts = parts.unwrap();
        prop_assert_eq!(parts.len(), names.len() + 2, "{}", &fields);
        prop_assert_eq!(parts.last(), Some(&"last"));
        for name in &parts[..names.len()] {
            prop_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'), "{}", name);
        }
    }
}
