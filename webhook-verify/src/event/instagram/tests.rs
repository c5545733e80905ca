use std::{collections::HashSet, sync::Arc};

use proptest::prelude::*;
use serde_json::{Value, json, value::to_raw_value};

use super::{InstagramComment, MediaProductType};
use crate::{Event, EventKind, EventTime, Provider, Strength, event::Origin};

fn event(field: &str, value: &Value, sent_at: i64) -> Event {
    let origin = Origin {
        provider: Provider::Meta,
        object: Arc::from("instagram"),
        account: Some(Arc::from("17841405822304914")),
        sent_at: EventTime::guess(sent_at),
    };
    Event::read(origin, field, &to_raw_value(&json!({"field": field, "value": value})).unwrap())
}

fn comment(event: &Event) -> &InstagramComment {
    match event.kind() {
        EventKind::InstagramComment(comment) => comment,
        other => panic!("{other:?}"),
    }
}

fn a_comment() -> Value {
    json!({"id": "17865799348089039", "parent_id": 1_231_231_234, "text": "This is an example.",
        "from": {"id": "232323232", "username": "test"},
        "media": {"id": "123123123", "media_product_type": "FEED", "ad_id": 5, "ad_title": "Cups",
            "original_media_id": "6"}})
}

#[test]
fn a_comment_is_read() {
    let event = event("comments", &a_comment(), 1_712_000_000);
    let read = comment(&event);
    assert_eq!((event.kind().name(), event.subject()), ("instagram_comment", Some("123123123")));
    assert_eq!(
        (read.id.as_deref(), read.parent_id.as_deref()),
        (Some("17865799348089039"), Some("1231231234"))
    );
    assert_eq!((read.text.as_deref(), read.live, read.is_own()), (Some("This is an example."), false, false));
    let (from, media) = (read.from.as_ref().unwrap(), read.media.as_ref().unwrap());
    assert_eq!((from.id.as_deref(), from.username.as_deref()), (Some("232323232"), Some("test")));
    assert_eq!(media.media_product_type, Some(MediaProductType::Feed));
    assert_eq!((media.ad_id.as_deref(), media.ad_title.as_deref()), (Some("5"), Some("Cups")));
    assert_eq!(media.original_media_id.as_deref(), Some("6"));
    assert_eq!((event.occurred_at(), event.time()), (None, event.sent_at()));
}

#[test]
fn the_accounts_own_comment_is_told_apart() {
    let mut value = a_comment();
    value["from"]["self_ig_scoped_id"] = json!("998");
    let event = event("live_comments", &value, 1);
    assert_eq!(event.kind().name(), "instagram_live_comment");
    assert!(comment(&event).live && comment(&event).is_own());
}

#[test]
fn mentions_and_figures_are_read() {
    let mention = event("mentions", &json!({"comment_id": "178", "media_id": "179"}), 1);
    let EventKind::InstagramMention(read) = mention.kind() else { panic!("{mention:?}") };
    assert_eq!((read.media_id.as_deref(), read.comment_id.as_deref()), (Some("179"), Some("178")));
    assert_eq!((mention.kind().name(), mention.subject()), ("instagram_mention", Some("179")));
    let value = json!({"media_id": "18023345989012587", "exits": 1, "replies": 0, "reach": "17", "taps_forward": 12,
        "taps_back": 0, "impressions": 28});
    let insights = event("story_insights", &value, 1);
    let EventKind::InstagramStoryInsights(read) = insights.kind() else { panic!("{insights:?}") };
    let figures = [read.exits, read.replies, read.reach, read.taps_forward, read.taps_back, read.impressions];
    assert_eq!(figures.map(Option::unwrap), [1, 0, 17, 12, 0, 28]);
    assert_eq!(
        (insights.kind().name(), insights.subject()),
        ("instagram_story_insights", read.media_id.as_deref())
    );
}

#[test]
fn ids_make_exact_keys_and_no_two_events_share_one() {
    let all = [
        ("comments", json!({"id": "1"})),
        ("comments", json!({"id": "2"})),
        ("live_comments", json!({"id": "1"})),
        ("mentions", json!({"media_id": "1"})),
        ("mentions", json!({"media_id": "1", "comment_id": "2"})),
        ("mentions", json!({"media_id": "1", "comment_id": "3"})),
        ("mentions", json!({"media_id": "2", "comment_id": "3"})),
        ("story_insights", json!({"media_id": "1"})),
        ("story_insights", json!({"media_id": "2"})),
    ];
    let mut keys = HashSet::new();
    for (field, value) in &all {
        let first = event(field, value, 1);
        assert_eq!(first.strength(), Strength::Exact, "{field} {value}");
        assert!(keys.insert(first.key()), "{field} {value}");
        let mut repeat = value.clone();
        repeat["text"] = json!("rendered anew");
        assert_eq!(event(field, &repeat, 2).key(), first.key(), "{field} {value}");
    }
    for (field, value) in [
        ("comments", json!({"text": "a"})),
        ("mentions", json!({"comment_id": "1"})),
        ("story_insights", json!({"reach": 5})),
    ] {
        assert_eq!(event(field, &value, 1).strength(), Strength::BestEffort, "{field}");
        assert_ne!(event(field, &value, 1).key(), event(field, &value, 2).key(), "{field}");
    }
}

#[test]
fn members_of_another_type_are_absent_and_the_rest_stays() {
    let odd = event("comments", &json!({"id": {}, "from": 5, "media": [], "text": "a", "parent_id": 1.5}), 1);
    let wanted = InstagramComment { text: Some("a".to_owned()), ..InstagramComment::default() };
    assert_eq!(comment(&odd), &wanted);
    let new = event("comments", &json!({"media": {"media_product_type": "HOLOGRAM"}}), 1);
    let kind = comment(&new).media.as_ref().unwrap().media_product_type.clone();
    assert_eq!(kind, Some(MediaProductType::Unknown("HOLOGRAM".into())));
}

proptest! {
    #[test]
    fn every_value_is_read_and_survives_storage(
        field in "comments|live_comments|mentions|story_insights",
        name in "id|from|media|media_id|comment_id|reach",
        number: i64,
        text in "\\PC{0,8}",
    ) {
        for member in [json!(number), json!(text), json!([text]), json!({"id": text, "username": number}), Value::Null] {
            let event = event(&field, &json!({&name: member}), 1);
            let again: Event = serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap();
            prop_assert_eq!(format!("{:?}", again.kind()), format!("{:?}", event.kind()));
            prop_assert_eq!(again.key(), event.key());
        }
    }
}
