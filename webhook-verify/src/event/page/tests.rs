use std::sync::Arc;

use serde_json::{Value, json, value::to_raw_value};

use super::{LiveVideoChange, LiveVideoStatus, PageMention, RatingChange, RatingItem, RecommendationType};
use crate::{
    Event, EventKind, EventTime, FeedItem, FeedVerb, Provider, ReactionType, Strength, event::Origin,
};

/// The event of a change with this value on Page 10, sent at this second.
fn event(field: &str, value: &Value, sent_at: i64) -> Event {
    let origin = Origin {
        provider: Provider::Meta,
        object: Arc::from("page"),
        account: Some(Arc::from("10")),
        sent_at: EventTime::guess(sent_at),
    };
    Event::read(origin, field, &to_raw_value(&json!({"field": field, "value": value})).unwrap())
}

fn mention(value: &Value) -> PageMention {
    let EventKind::PageMention(mention) = event("mention", value, 1).into_kind() else { panic!("{value}") };
    *mention
}

fn rating(value: &Value) -> RatingChange {
    let EventKind::PageRating(rating) = event("ratings", value, 1).into_kind() else { panic!("{value}") };
    *rating
}

fn live(value: &Value) -> LiveVideoChange {
    let EventKind::PageLiveVideo(live) = event("live_videos", value, 1).into_kind() else {
        panic!("{value}")
    };
    *live
}

/// The value with one member replaced; `null` is as good as absent.
fn with(value: &Value, name: &str, member: Value) -> Value {
    let mut value = value.clone();
    value[name] = member;
    value
}

/// Repeats sent later have the key of the first; these others have keys of their own, and are as sure.
fn told_apart(field: &str, base: &Value, repeats: &[Value], others: &[Value]) {
    let first = event(field, base, 1);
    assert_eq!(first.strength(), Strength::Exact, "{base}");
    for repeat in repeats {
        assert_eq!(event(field, repeat, 2).key(), first.key(), "{repeat}");
    }
    for other in others {
        let other_event = event(field, other, 1);
        assert_eq!(other_event.strength(), Strength::Exact, "{other}");
        assert_ne!(other_event.key(), first.key(), "{other}");
    }
}

#[test]
fn a_mention_in_a_comment_is_read() {
    let value = json!({"message": "Look here", "post_id": "10_700", "comment_id": "700_900",
        "created_time": 1_614_340_862, "item": "comment", "verb": "add", "sender_id": 77, "sender_name": "Ada"});
    let read = mention(&value);
    assert_eq!((read.item, read.verb), (Some(FeedItem::Comment), Some(FeedVerb::Add)));
    assert_eq!((read.post_id.as_deref(), read.comment_id.as_deref()), (Some("10_700"), Some("700_900")));
    assert_eq!(read.message.as_deref(), Some("Look here"));
    let from = read.from.unwrap();
    assert_eq!((from.id.as_deref(), from.name.as_deref()), (Some("77"), Some("Ada")));
    let event = event("mention", &value, 1);
    assert_eq!((event.kind().name(), event.subject()), ("page_mention", Some("10_700")));
    assert_eq!(event.occurred_at().unwrap().as_unix_seconds(), 1_614_340_862);
}

#[test]
fn a_repeated_mention_counts_once() {
    let base = json!({"message": "a", "post_id": "10_700", "created_time": 1_614_340_562, "item": "post", "verb": "add"});
    told_apart(
        "mention",
        &base,
        &[base.clone(), with(&base, "message", json!("b")), with(&base, "created_time", json!("1614340562"))],
        &[
            with(&base, "post_id", json!("10_701")),
            with(&base, "comment_id", json!("700_900")),
            with(&base, "verb", json!("remove")),
            with(&base, "item", json!("comment")),
            with(&base, "created_time", json!(1_614_340_563)),
        ],
    );
    for unsure in [
        with(&base, "verb", json!("edited")),
        with(&base, "item", json!("reel")),
        with(&base, "created_time", Value::Null),
        with(&base, "post_id", Value::Null),
    ] {
        assert_eq!(event("mention", &unsure, 1).strength(), Strength::BestEffort, "{unsure}");
        assert_ne!(event("mention", &unsure, 1).key(), event("mention", &unsure, 2).key(), "{unsure}");
    }
}

#[test]
fn a_recommendation_is_read() {
    let value = json!({"item": "rating", "verb": "add", "open_graph_story_id": 501, "reviewer_id": 77,
        "reviewer_name": "Ada", "recommendation_type": "positive", "review_text": "Good bread", "rating": "5",
        "created_time": 1_712_000_000});
    let read = rating(&value);
    assert_eq!((read.item, read.verb), (Some(RatingItem::Rating), Some(FeedVerb::Add)));
    assert_eq!(read.open_graph_story_id.as_deref(), Some("501"));
    assert_eq!(read.recommendation_type, Some(RecommendationType::Positive));
    assert_eq!((read.review_text.as_deref(), read.rating), (Some("Good bread"), Some(5)));
    let reviewer = read.reviewer.unwrap();
    assert_eq!((reviewer.id.as_deref(), reviewer.name.as_deref()), (Some("77"), Some("Ada")));
    let event = event("ratings", &value, 1);
    assert_eq!((event.kind().name(), event.subject()), ("page_rating", Some("501")));
    assert_eq!(event.occurred_at().unwrap().as_unix_seconds(), 1_712_000_000);
    let nested = rating(&json!({"reviewer": {"id": "77", "name": "Ada"}, "recommendation_type": "maybe"}));
    assert_eq!(nested.reviewer.unwrap(), reviewer);
    assert_eq!(nested.recommendation_type.unwrap().as_str(), "maybe");
}

#[test]
fn a_comment_and_a_like_of_a_recommendation_are_read() {
    let comment = rating(
        &json!({"item": "comment", "verb": "add", "comment_id": "501_502", "post_id": "88_501",
        "parent_id": "88_501", "sender_id": 77, "sender_name": "Ada", "message": "Thanks", "created_time": 1_448_795_386,
        "open_graph_story_id": "501"}),
    );
    assert_eq!((comment.item, comment.comment_id.as_deref()), (Some(RatingItem::Comment), Some("501_502")));
    assert_eq!((comment.post_id.as_deref(), comment.parent_id.as_deref()), (Some("88_501"), Some("88_501")));
    assert_eq!(comment.message.as_deref(), Some("Thanks"));
    assert_eq!(comment.from.unwrap().id.as_deref(), Some("77"));
    assert_eq!(comment.reviewer, None);
    let reaction =
        rating(&json!({"item": "reaction", "verb": "add", "reaction_type": "love", "from": {"id": "77"}}));
    assert_eq!(
        (reaction.item, reaction.reaction_type),
        (Some(RatingItem::Reaction), Some(ReactionType::Love))
    );
}

#[test]
fn a_repeated_rating_counts_once() {
    let base = json!({"item": "like", "verb": "add", "post_id": "88_501", "parent_id": "88_501",
        "created_time": 1_451_775_296, "from": {"id": "77", "name": "Ada"}});
    told_apart(
        "ratings",
        &base,
        &[base.clone(), with(&base, "from", json!({"id": 77}))],
        &[
            with(&base, "from", json!({"id": "78"})),
            with(&base, "item", json!("reaction")),
            with(&base, "reaction_type", json!("love")),
            with(&base, "verb", json!("remove")),
            with(&base, "post_id", json!("88_502")),
            with(&base, "comment_id", json!("501_502")),
            with(&base, "open_graph_story_id", json!("501")),
            with(&base, "reviewer_id", json!("79")),
            with(&base, "created_time", json!(1_451_775_297)),
        ],
    );
    for unsure in [
        with(&base, "from", Value::Null),
        with(&base, "verb", json!("edit")),
        with(&base, "item", json!("something")),
        with(&base, "created_time", Value::Null),
    ] {
        assert_eq!(event("ratings", &unsure, 1).strength(), Strength::BestEffort, "{unsure}");
    }
}

#[test]
fn the_state_of_a_live_video_is_read() {
    for (text, status) in [
        ("live", LiveVideoStatus::Live),
        ("LIVE_STOPPED", LiveVideoStatus::LiveStopped),
        ("vod", LiveVideoStatus::Vod),
        ("Paused", LiveVideoStatus::Unknown("Paused".into())),
    ] {
        assert_eq!(live(&json!({"id": 5, "status": text})).status, Some(status), "{text}");
    }
    let stopped = json!({"id": "5", "status": "live_stopped"});
    let first = event("live_videos", &stopped, 1);
    assert_eq!((first.kind().name(), first.subject()), ("page_live_video", Some("5")));
    assert_eq!(first.strength(), Strength::BestEffort);
    assert_eq!(event("live_videos", &with(&stopped, "id", json!(5)), 1).key(), first.key());
    for other in [with(&stopped, "id", json!("6")), with(&stopped, "status", json!("live"))] {
        assert_ne!(event("live_videos", &other, 1).key(), first.key(), "{other}");
    }
    // A second stop of the same video.
    assert_ne!(event("live_videos", &stopped, 2).key(), first.key());
}

#[test]
fn members_of_another_type_are_absent_and_the_rest_stays() {
    let odd =
        mention(&json!({"item": 5, "verb": {}, "post_id": "10_1", "message": [], "created_time": "now"}));
    assert_eq!(odd, PageMention { post_id: Some("10_1".to_owned()), ..PageMention::default() });
    let odd = rating(&json!({"open_graph_story_id": "5", "rating": 4.5, "reviewer": [], "reviewer_id": {}}));
    assert_eq!(odd, RatingChange { open_graph_story_id: Some("5".to_owned()), ..RatingChange::default() });
    let odd = live(&json!({"id": [], "status": 1}));
    assert_eq!(odd, LiveVideoChange::default());
    // Two that name nothing must not be taken for one.
    let (one, two) = (json!({"status": "live", "n": 1}), json!({"status": "live", "n": 2}));
    assert_ne!(event("live_videos", &one, 1).key(), event("live_videos", &two, 1).key());
}

#[test]
fn fields_without_a_documented_shape_have_no_type() {
    for field in ["leadgen_update", "leadgen_fat", "videos"] {
        let event = event(field, &json!({"leadgen_id": "5"}), 1);
        assert!(
            matches!(event.kind(), EventKind::Unknown { field: named } if **named == *field),
            "{event:?}"
        );
    }
}
