use proptest::prelude::*;
use serde_json::json;

use super::*;

fn person(id: &str) -> PersonUrn {
    PersonUrn::from_id(id).unwrap()
}

fn wire(text: &CommentText) -> Value {
    serde_json::to_value(text).unwrap()
}

fn rules(text: &CommentText, most: usize) -> Vec<&'static str> {
    text.check(most).iter().map(Finding::rule).collect()
}

#[test]
fn nothing_is_escaped() {
    let text = CommentText::text("Thanks (again) #1 @ home_\\o/ ").then("{x}");
    assert_eq!(wire(&text), json!({"text": "Thanks (again) #1 @ home_\\o/ {x}"}));
    assert_eq!(text.parts().len(), 1);
}

#[test]
fn places_are_counted_in_utf16_units() {
    let page = OrganizationUrn::from_id("5").unwrap();
    let text = CommentText::new()
        .mention("Zo\u{eb}", person("a"))
        .then(" \u{1F600}\u{1F600} ")
        .mention("Dev\u{1F600}", page);
    assert_eq!(
        wire(&text),
        json!({
            "text": "Zo\u{eb} \u{1F600}\u{1F600} Dev\u{1F600}",
            "attributes": [
                {"start": 0, "length": 3, "value": {"person": {"person": "urn:li:person:a"}}},
                {"start": 9, "length": 5, "value": {"organization": {"organization": "urn:li:organization:5"}}},
            ],
        })
    );
    assert_eq!(text.utf16_len(), 14);
}

#[test]
fn attributes_that_do_not_fit_stay_text() {
    let mention = |start: i64, length: i64| json!({"start": start, "length": length, "value": {"person": {"person": "urn:li:person:a"}}});
    for attributes in [
        json!([mention(0, 99)]),
        json!([mention(1, 1)]),
        json!([mention(0, 1)]),
        json!([mention(2, 0)]),
        json!([mention(-1, 2)]),
        json!([mention(i64::MAX, i64::MAX)]),
        json!([{"start": 3, "length": 3, "value": {"hashtag": {"hashtag": "urn:li:hashtag:x"}}}]),
        json!([{"start": 3, "length": 3, "value": {}}, {"start": 3}, 7]),
        json!("x"),
        json!(null),
    ] {
        let read: CommentText =
            serde_json::from_value(json!({"text": "\u{1F600} Ada", "attributes": attributes})).unwrap();
        assert_eq!(read, CommentText::text("\u{1F600} Ada"), "{attributes}");
    }
    let overlapping = json!({"text": "\u{1F600} Ada", "attributes": [mention(3, 3), mention(4, 2)]});
    let read: CommentText = serde_json::from_value(overlapping).unwrap();
    assert_eq!(read, CommentText::text("\u{1F600} ").mention("Ada", person("a")));
}

#[test]
fn older_names_of_mentions_are_read() {
    let old = json!({"text": "Hi Ada", "attributes": [
        {"start": 3, "length": 3, "value": {"com.linkedin.common.MemberAttributedEntity": {"member": "urn:li:person:a"}}},
    ]});
    let read: CommentText = serde_json::from_value(old).unwrap();
    assert_eq!(read, CommentText::text("Hi ").mention("Ada", person("a")));
    assert_eq!(serde_json::from_value::<CommentText>(json!({"text": 7})).unwrap(), CommentText::new());
}

#[test]
fn length_and_markup_are_looked_at() {
    assert!(rules(&"x".repeat(1250).into(), 1250).is_empty());
    assert_eq!(rules(&"x".repeat(1251).into(), 1250), ["linkedin.comment.length"]);
    assert!(rules(&"x".repeat(1251).into(), 3000).is_empty());
    assert_eq!(rules(&"\u{1F600}".repeat(3).into(), 5), ["linkedin.comment.length"]);
    assert_eq!(rules(&r"Thanks \(again\)".into(), 99), ["linkedin.comment.markup"]);
    assert_eq!(rules(&"@[Ada](urn:li:person:a)".into(), 99), ["linkedin.comment.markup"]);
    assert_eq!(rules(&CommentText::text("Hi ").mention(" ", person("a")), 99), ["linkedin.comment.mention"]);
    assert!(rules(&CommentText::text("C:\\dir (x)").mention("Ada", person("a")), 99).is_empty());
}

#[test]
fn the_text_is_not_printed() {
    let text = CommentText::text("SEKRET").mention("SEKRET", person("a"));
    assert!(!format!("{text:?} {:?}", text.parts()).contains("SEKRET"));
}

proptest! {
    #[test]
    fn what_was_written_is_read_back(parts in prop::collection::vec((any::<bool>(), "\\PC{1,8}"), 0..8)) {
        let text = parts.iter().fold(CommentText::new(), |text, (mention, part)| {
            if *mention { text.mention(part.as_str(), person("a")) } else { text.then(part.as_str()) }
        });
        prop_assert_eq!(serde_json::from_value::<CommentText>(wire(&text)).unwrap(), text);
    }

    #[test]
    fn reading_never_fails(text in "\\PC{0,12}", spans in prop::collection::vec((0_usize..20, 0_usize..20), 0..6)) {
        let attributes: Vec<Value> = spans.iter().map(|(start, length)| json!({
            "start": start, "length": length, "value": {"person": {"person": "urn:li:person:a"}},
        })).collect();
        let read: CommentText = serde_json::from_value(json!({"text": text, "attributes": attributes})).unwrap();
        prop_assert_eq!(read.to_string(), text);
    }
}
