use std::sync::Arc;

use serde_json::{Value, json, value::to_raw_value};

use super::{FeedChange, FeedItem, FeedVerb, ReactionType};
use crate::{Event, EventKind, EventTime, Provider, Strength, event::Origin};

/// The event of a change with this value on Page 10, sent at this second.
fn event(value: &Value, sent_at: i64) -> Event {
    let origin = Origin {
        provider: Provider::Meta,
        object: Arc::from("page"),
        account: Some(Arc::from("10")),
        sent_at: EventTime::guess(sent_at),
    };
    Event::read(origin, "feed", &to_raw_value(&json!({"field": "feed", "value": value})).unwrap())
}

fn change(value: &Value) -> FeedChange {
    match event(value, 1).into_kind() {
        EventKind::PageFeed(change) => *change,
        other => panic!("{other:?}"),
    }
}

/// The value with one member replaced.
fn with(value: &Value, name: &str, member: Value) -> Value {
    let mut value = value.clone();
    value[name] = member;
    value
}

#[test]
fn every_documented_pair_of_item_and_verb_is_known() {
    for (item, verbs) in [
        ("post", "add edit edited remove hide unhide"),
        ("status", "add edited hide unhide"),
        ("photo", "add edited hide remove"),
        ("video", "add edited hide remove mute block unblock"),
        ("share", "add hide unhide"),
        ("album", "add edited"),
        ("event", "add"),
        ("comment", "add edited hide unhide remove"),
        ("like", "add remove"),
        ("reaction", "add edit remove"),
    ] {
        for verb in verbs.split(' ') {
            let change = change(&json!({"item": item, "verb": verb}));
            let (read_item, read_verb) = (change.item.unwrap(), change.verb.unwrap());
            assert!(read_item.is_known() && read_verb.is_known(), "{item} {verb}");
            assert_eq!((read_item.as_str(), read_verb.as_str()), (item, verb));
        }
    }
    let new = change(&json!({"item": "reel", "verb": "pin", "reaction_type": "hug"}));
    assert_eq!(new.item, Some(FeedItem::Unknown("reel".into())));
    assert_eq!(new.verb, Some(FeedVerb::Unknown("pin".into())));
    assert_eq!(new.reaction_type, Some(ReactionType::Unknown("hug".into())));
}

#[test]
fn a_comment_of_today_is_read() {
    let change = change(&json!({
        "item": "comment", "verb": "add", "comment_id": "2_3", "post_id": "10_2", "parent_id": "10_2",
        "from": {"id": 77, "name": "Ada"}, "message": "hello", "photo": "https://example.com/p.jpg",
        "created_time": 1_712_000_000,
    }));
    assert_eq!((change.item, change.verb), (Some(FeedItem::Comment), Some(FeedVerb::Add)));
    assert_eq!(change.comment_id.as_deref(), Some("2_3"));
    assert_eq!(change.parent_id, change.post_id);
    let from = change.from.unwrap();
    assert_eq!((from.id.as_deref(), from.name.as_deref()), (Some("77"), Some("Ada")));
    assert_eq!(change.message.as_deref(), Some("hello"));
    assert_eq!(change.photo.as_deref(), Some("https://example.com/p.jpg"));
    assert_eq!(change.created_time.unwrap().as_unix_seconds(), 1_712_000_000);
}

#[test]
fn an_old_photo_is_read() {
    let change = change(&json!({
        "item": "photo", "verb": "add", "photo_id": 5, "post_id": "10_2", "published": 1, "is_hidden": "false",
        "sender_id": 77, "sender_name": "Ada", "link": "https://example.com/p.jpg", "created_time": "1712000000",
        "photos": ["https://example.com/1.jpg", "https://example.com/2.jpg"], "photo_ids": [5, "6"],
    }));
    assert_eq!(change.photo_id.as_deref(), Some("5"));
    assert_eq!((change.published, change.is_hidden), (Some(true), Some(false)));
    assert_eq!(change.from.unwrap().id.as_deref(), Some("77"));
    assert_eq!(change.photos.len(), 2);
    assert_eq!(change.photo_ids, ["5", "6"]);
    assert_eq!(change.created_time.unwrap().as_unix_seconds(), 1_712_000_000);
}

#[test]
fn members_of_another_type_are_absent_and_the_rest_stays() {
    let odd = change(&json!({
        "item": 5, "verb": null, "post_id": {}, "comment_id": "2_3", "from": "someone", "message": 7,
        "is_hidden": "perhaps", "photos": "none", "created_time": "yesterday",
    }));
    assert_eq!(odd, FeedChange { comment_id: Some("2_3".to_owned()), ..FeedChange::default() });
}

#[test]
fn an_addition_with_a_time_has_an_exact_key() {
    let base = json!({"item": "comment", "verb": "add", "comment_id": "2_3", "post_id": "10_2",
        "from": {"id": "77"}, "created_time": 1_712_000_000, "message": "hello"});
    let first = event(&base, 1);
    assert_eq!(first.strength(), Strength::Exact);
    // A repeat may be sent later and rendered anew.
    for repeat in [
        base.clone(),
        with(&base, "message", json!("hello, edited meanwhile")),
        with(&base, "created_time", json!("1712000000")),
        with(&base, "from", json!({"id": 77, "name": "Ada"})),
    ] {
        assert_eq!(event(&repeat, 2).key(), first.key(), "{repeat}");
    }
    for other in [
        with(&base, "comment_id", json!("2_4")),
        with(&base, "post_id", json!("10_3")),
        with(&base, "verb", json!("remove")),
        with(&base, "item", json!("post")),
        with(&base, "created_time", json!(1_712_000_001)),
        with(&base, "from", json!({"id": "78"})),
        with(&base, "photo_id", json!("9")),
    ] {
        assert_eq!(event(&other, 1).strength(), Strength::Exact, "{other}");
        assert_ne!(event(&other, 1).key(), first.key(), "{other}");
    }
}

#[test]
fn reactions_differ_by_person_and_type() {
    let base = json!({"item": "reaction", "verb": "add", "post_id": "10_2", "reaction_type": "love",
        "from": {"id": "77"}, "created_time": 1_712_000_000});
    let first = event(&base, 1);
    assert_eq!(first.strength(), Strength::Exact);
    assert_ne!(event(&with(&base, "reaction_type", json!("haha")), 1).key(), first.key());
    assert_ne!(event(&with(&base, "from", json!({"id": "78"})), 1).key(), first.key());
    let anonymous = event(&with(&base, "from", Value::Null), 1);
    assert_eq!(anonymous.strength(), Strength::BestEffort);
}

#[test]
fn what_can_happen_again_is_keyed_by_content_and_sending() {
    let base = json!({"item": "post", "verb": "add", "post_id": "10_2", "created_time": 1_712_000_000, "message": "a"});
    let mut untimed = base.clone();
    untimed.as_object_mut().unwrap().remove("created_time");
    for value in [
        untimed,
        with(&base, "verb", json!("edited")),
        with(&base, "verb", json!("edit")),
        with(&base, "verb", json!("hide")),
        with(&base, "verb", json!("pin")),
        with(&base, "item", json!("reel")),
        with(&base, "post_id", Value::Null),
    ] {
        let first = event(&value, 1);
        assert_eq!(first.strength(), Strength::BestEffort, "{value}");
        assert_eq!(event(&value, 1).key(), first.key(), "{value}");
        assert_ne!(event(&value, 2).key(), first.key(), "{value}");
        assert_ne!(event(&with(&value, "message", json!("b")), 1).key(), first.key(), "{value}");
    }
}

#[test]
fn a_name_without_a_value_tells_that_the_field_changed() {
    for raw in [json!("feed"), json!({"field": "feed"}), json!({"field": "feed", "value": null})] {
        let origin =
            Origin { provider: Provider::Meta, object: Arc::from("page"), account: None, sent_at: None };
        let event = Event::read(origin, "feed", &to_raw_value(&raw).unwrap());
        assert!(matches!(event.kind(), EventKind::Changed { field } if &**field == "feed"), "{event:?}");
    }
}

#[test]
fn every_member_of_the_documented_values_is_read() {
    let FeedChange {
        item,
        verb,
        post_id,
        comment_id,
        parent_id,
        photo_id,
        photo_ids,
        video_id,
        share_id,
        album_id,
        event_id,
        recipient_id,
        from,
        message,
        story,
        link,
        photos,
        photo,
        video,
        reaction_type,
        is_hidden,
        published,
        video_flag_reason,
        created_time,
    } = change(&json!({
        "item": "video", "verb": "mute", "post_id": "10_1", "comment_id": "1_2", "parent_id": "10_3", "photo_id": 4,
        "photo_ids": ["5"], "video_id": 6, "share_id": 7, "album_id": 8, "event_id": "9", "recipient_id": 10,
        "user_id": 11, "sender_name": "Ada", "message": "m", "story": "s", "link": "l", "photos": ["p"], "photo": "o",
        "video": "v", "reaction_type": "care", "is_hidden": true, "published": 0, "video_flag_reason": 1,
        "created_time": 1_712_000_000,
    }));
    let ids =
        [post_id, comment_id, parent_id, photo_id, video_id, share_id, album_id, event_id, recipient_id];
    let expected = ["10_1", "1_2", "10_3", "4", "6", "7", "8", "9", "10"];
    assert_eq!(ids.map(Option::unwrap), expected);
    assert_eq!((photo_ids, photos), (vec!["5".to_owned()], vec!["p".to_owned()]));
    let texts = [message, story, link, photo, video, video_flag_reason];
    assert_eq!(texts.map(Option::unwrap), ["m", "s", "l", "o", "v", "1"]);
    let from = from.unwrap();
    assert_eq!((from.id.as_deref(), from.name.as_deref()), (Some("11"), Some("Ada")));
    assert_eq!((item, verb), (Some(FeedItem::Video), Some(FeedVerb::Mute)));
    assert_eq!((reaction_type, is_hidden, published), (Some(ReactionType::Care), Some(true), Some(false)));
    assert!(created_time.is_some());
}

#[test]
fn the_subject_is_the_post() {
    let about = |value: Value| event(&value, 1).subject().map(str::to_owned);
    assert_eq!(
        about(json!({"item": "comment", "comment_id": "1_2", "post_id": "10_1"})).as_deref(),
        Some("10_1")
    );
    assert_eq!(about(json!({"item": "like", "parent_id": "10_1"})).as_deref(), Some("10_1"));
    assert_eq!(about(json!({"item": "album", "album_id": 8})), None);
}
