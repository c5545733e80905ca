//! Envelopes of every shape: nothing is lost.

use serde_json::{Value, json};

use super::{meta, meta_signed, shapes};
use crate::{Event, EventKind, parse_meta};

/// The events of a body written out, for what `json!` cannot say.
fn written(body: &str) -> Vec<Event> {
    parse_meta(&meta_signed(body.as_bytes())).unwrap().into_events()
}

/// (object, field, account) of each event.
fn places(events: &[Event]) -> Vec<(&str, &str, Option<&str>)> {
    events.iter().map(|event| (event.object(), event.field(), event.account())).collect()
}

fn json_of(event: &Event) -> Value {
    serde_json::from_str(event.raw()).unwrap()
}

#[test]
fn every_list_of_an_entry_is_split() {
    let messaging = json!([
        {"sender": {"id": "2"}, "timestamp": 1_712_000_000_123_i64, "message": {"mid": "m"}, "referral": {}},
        {"recipient": {"id": "1"}, "policy-enforcement": {"action": "block"}},
        {"sender": {"id": "2"}, "timestamp": 1_712_000_000_124_i64, "brand_new": {}}, {"sender": {"id": "2"}},
        {"referral": {}}, 5,
    ]);
    let events = meta(&json!({"object": "page", "entry": [{
        "id": "1", "time": 1_712_000_000_000_i64, "hop_context": [{"app_id": 1}],
        "changes": [{"field": "mention", "value": {"post_id": "1_2"}}],
        "changed_fields": ["feed", "parking"],
        "messaging": messaging,
        "standby": [{"read": {"watermark": 1}}],
        "future_list": [1, 2], "future_flag": true,
    }]}));
    let fields: Vec<_> = events.iter().map(Event::field).collect();
    assert_eq!(
        fields,
        [
            "feed",
            "parking",
            "mention",
            "future_list",
            "messaging.message",
            "messaging.policy-enforcement",
            "messaging.brand_new",
            "messaging",
            "messaging.referral",
            "messaging",
            "standby.read",
        ]
    );
    assert!(events.iter().all(|event| event.account() == Some("1") && event.sent_at().is_some()));
    for changed in &events[..2] {
        assert!(
            matches!(changed.kind(), EventKind::Changed { field } if **field == *changed.field()),
            "{changed:?}"
        );
    }
    assert_eq!(events[2].kind().name(), "page_mention");
    assert_eq!((events[3].kind().name(), events[3].raw()), ("unknown", "[1,2]"));
    assert_eq!((events[6].kind().name(), events[9].kind().name()), ("unknown", "unreadable"));
    assert_eq!(events[0].raw(), "\"feed\"");
    for (event, sent) in events[4..10].iter().zip(messaging.as_array().unwrap()) {
        assert_eq!(json_of(event), *sent);
    }
    // Whether it has a type or not, an item of a conversation says when it happened.
    assert_eq!(events[4].occurred_at().unwrap().as_unix_millis(), 1_712_000_000_123);
    assert_eq!(events[6].occurred_at().unwrap().as_unix_millis(), 1_712_000_000_124);
    assert_eq!(events[5].time(), events[5].sent_at());
}

#[test]
fn an_entry_with_messages_and_changes_gives_both() {
    let lead = json!({"field": "leadgen", "value": {"leadgen_id": "5"}});
    let message =
        json!({"sender": {"id": "2"}, "recipient": {"id": "1"}, "timestamp": 1, "message": {"mid": "m"}});
    let events = meta(
        &json!({"object": "page", "entry": [{"id": "1", "time": 1, "messaging": [message], "changes": [lead]}]}),
    );
    let mut raw: Vec<_> = events.iter().map(json_of).collect();
    raw.sort_by_key(|value| value.get("field").is_none());
    assert_eq!(raw, [lead, message]);
}

#[test]
fn names_without_values_tell_that_fields_changed() {
    let entry = json!({"uid": 9, "id": "9", "time": 1, "changed_fields": ["email", "picture", "", 5, null]});
    for object in ["user", "page", "permissions", "instagram", "whatsapp_business_account", "group"] {
        let events = meta(&json!({"object": object, "entry": [entry]}));
        let kinds: Vec<_> = shapes(&events).into_iter().map(|(field, kind, _)| (field, kind)).collect();
        let nameless = ("", "unreadable");
        let expected = [("email", "changed"), ("picture", "changed"), nameless, nameless, nameless];
        assert_eq!(kinds, expected, "{object}");
    }
    let bare = meta(
        &json!({"object": "page", "entry": [{"id": "1", "changes": [{"field": "parking"}, {"field": "feed"}]}]}),
    );
    assert_eq!(shapes(&bare), [("parking", "changed", Some("1")), ("feed", "changed", Some("1"))]);
    // Something beside the name: no longer a name alone.
    let more = meta(
        &json!({"object": "page", "entry": [{"id": "1", "changes": [{"field": "parking", "verb": "update"}]}]}),
    );
    assert_eq!(shapes(&more), [("parking", "unknown", Some("1"))]);
}

#[test]
fn other_envelopes_are_kept() {
    assert!(meta(&json!({"object": "page", "entry": []})).is_empty());
    assert!(meta(&json!({"object": "page", "entry": [{"id": "1", "time": 1, "messaging": []}]})).is_empty());
    for odd in [json!({}), json!("text"), json!(7), json!({"id": "1", "changes": []})] {
        let body = json!({"object": "page", "entry": odd});
        let events = meta(&body);
        assert_eq!(shapes(&events), [("body", "unreadable", None)]);
        assert_eq!(json_of(&events[0]), body);
    }
    assert_eq!(shapes(&meta(&json!({"object": "page", "entry": null}))), [("body", "unknown", None)]);
    assert_eq!(places(&meta(&json!({"object": 5, "hello": 1}))), [("", "body", None)]);
    assert_eq!(shapes(&meta(&json!({}))), [("body", "unknown", None)]);
    // `feed` and `leadgen` have these shapes on a Page only.
    let other =
        json!({"object": "group", "entry": [{"id": "1", "changes": [{"field": "feed", "value": "x"}]}]});
    assert_eq!(shapes(&meta(&other)), [("feed", "unknown", Some("1"))]);
    let user = json!({"object": "user", "entry": [{"uid": 9, "time": 1, "changes": [{"field": "email", "value": "a"}]}]});
    assert_eq!(shapes(&meta(&user)), [("email", "user_change", Some("9"))]);
}

#[test]
fn the_envelope_of_threads_is_one_event() {
    let body = json!({"app_id": "1", "topic": "moderate", "target_id": "7", "time": 1_712_000_000, "values":
        {"field": "replies", "value": {"id": "8"}}});
    let events = meta(&body);
    assert_eq!(places(&events), [("threads", "replies", Some("7"))]);
    assert_eq!(events[0].sent_at().unwrap().as_unix_seconds(), 1_712_000_000);
    assert_eq!(json_of(&events[0]), body);
    // Not the envelope of Threads, whatever else it holds.
    let usual = json!({"object": "page", "entry": [{"id": "1", "changes": [{"field": "feed", "value": {}}]}],
        "values": {"field": "replies"}});
    assert_eq!(places(&meta(&usual)), [("page", "feed", Some("1"))]);
    for odd in [json!("text"), json!(5), Value::Null] {
        let body = json!({"target_id": "7", "values": odd});
        assert_eq!((places(&meta(&body)), json_of(&meta(&body)[0])), (vec![("", "body", None)], body));
    }
}

#[test]
fn null_and_other_values_in_place_of_lists_are_kept() {
    for list in ["changes", "changed_fields", "messaging", "standby"] {
        let empty = json!({"object": "page", "entry": [{"id": "1", "time": 1, list: []}]});
        assert!(meta(&empty).is_empty(), "{list}");
        for odd in [Value::Null, json!("text"), json!({"field": "feed"}), json!(5)] {
            let body = json!({"object": "page", "entry": [{"id": "1", "time": 1, list: odd}, {"id": "2", "changed_fields": ["x"]}]});
            let events = meta(&body);
            assert_eq!(events.len(), 2, "{body}");
            assert_eq!((json_of(&events[0]), events[0].account()), (odd, Some("1")), "{body}");
            assert_eq!((events[1].field(), events[1].account()), ("x", Some("2")));
        }
    }
    let nulls = json!({"object": "page", "entry": [null, {"id": null, "time": null, "changes": [{"field": "feed", "value": null}]}]});
    assert_eq!(shapes(&meta(&nulls)), [("entry", "unreadable", None), ("feed", "changed", None)]);
}

#[test]
fn of_a_name_that_comes_twice_the_last_value_counts() {
    let lead = |id: u32| format!(r#"{{"field":"leadgen","value":{{"leadgen_id":{id}}}}}"#);
    for odd in ["", ",7"] {
        // The second body takes the way of unfamiliar shapes: both must read it alike.
        let body = format!(
            r#"{{"object":"user","object":"page","entry":[{{"id":"1","id":"2","time":1,"time":2,"changes":[{}]}}{odd}]}}"#,
            lead(1)
        );
        let events = written(&body);
        assert_eq!(places(&events)[0], ("page", "leadgen", Some("2")));
        assert_eq!(events[0].sent_at().unwrap().as_unix_seconds(), 2);
        // Lists are all read.
        let body = format!(
            r#"{{"object":"page","entry":[{{"id":"1","changes":[{}],"changes":[{}]}}{odd}]}}"#,
            lead(1),
            lead(2)
        );
        let events = written(&body);
        let leads: Vec<_> = events.iter().filter_map(Event::subject).collect();
        assert_eq!(leads, ["1", "2"]);
    }
    let value = r#"{"object":"page","entry":[{"id":"1","changes":[{"field":"feed","field":"leadgen","value":1,"value":{"leadgen_id":1,"leadgen_id":2}}]}]}"#;
    let events = written(value);
    assert_eq!((events[0].field(), events[0].subject()), ("leadgen", Some("2")));
}

#[test]
fn escaped_names_are_the_same_names() {
    let plain = r#"{"object":"page","entry":[{"id":"1","time":1,"changes":[{"field":"leadgen","value":{"leadgen_id":"5"}}],
        "messaging":[{"sender":{"id":"2"},"message":{"mid":"m"}}]}]}"#;
    let escaped = plain
        .replace("\"entry\"", r#""\u0065ntry""#)
        .replace("\"changes\"", r#""ch\u0061nges""#)
        .replace("\"messaging\"", r#""messagin\u0067""#)
        .replace("\"field\"", r#""\u0066ield""#)
        .replace("\"value\"", r#""valu\u0065""#)
        .replace("\"leadgen_id\"", r#""leadgen\u005fid""#)
        .replace("\"page\"", r#""p\u0061ge""#)
        .replace("\"message\"", r#""m\u0065ssage""#);
    let (plain, escaped) = (written(plain), written(&escaped));
    assert_eq!(places(&plain).len(), 2);
    assert_eq!(places(&escaped), places(&plain));
    for (escaped, plain) in escaped.iter().zip(&plain) {
        assert_eq!((escaped.key(), escaped.kind().name()), (plain.key(), plain.kind().name()));
    }
}

#[test]
fn a_thousand_entries_are_a_thousand_events() {
    let entry = |number: u32| {
        let value = json!({"leadgen_id": number, "created_time": 1_712_000_000});
        json!({"id": "10", "time": 1, "changes": [{"field": "leadgen", "value": value}]})
    };
    let mut entries: Vec<_> = (0..1000).map(entry).collect();
    for odd in [None, Some(json!("odd"))] {
        entries.extend(odd);
        let events = meta(&json!({"object": "page", "entry": entries}));
        assert_eq!(events.len(), entries.len());
        for (number, event) in events.iter().take(1000).enumerate() {
            assert_eq!(event.subject().unwrap(), number.to_string());
        }
        let keys: std::collections::HashSet<_> = events.iter().map(Event::key).collect();
        assert_eq!(keys.len(), entries.len());
    }
}

#[test]
fn what_whatsapp_tells_of_a_message_is_kept_whatever_it_is() {
    for value in [
        json!({"statuses": [{"id": "wamid.1", "status": "failed", "recipient_id": "4915",
            "errors": [{"code": 131_026, "title": "Message undeliverable"}]}]}),
        json!({"messages": [{"from": "4915", "type": "brand_new", "brand_new": {}}]}),
        json!({"contacts": [{"user_id": "US.1"}], "messages": [{"type": "contacts", "contacts": [{}]}]}),
        json!({"contacts": [{"user_id": "US.1"}]}),
        json!({"messages": [null]}),
        json!({"messages": 5, "metadata": {"phone_number_id": "1"}}),
        json!("text"),
    ] {
        let change = json!({"field": "messages", "value": value});
        let body =
            json!({"object": "whatsapp_business_account", "entry": [{"id": "9", "changes": [change]}]});
        let events = meta(&body);
        assert_eq!(places(&events), [("whatsapp_business_account", "messages", Some("9"))]);
        assert_eq!(json_of(&events[0])["value"], value);
    }
}

#[test]
fn an_entry_that_is_a_change_itself_is_read_as_one() {
    let entry = json!({"id": "17", "time": 1_712_000_000, "field": "comments", "value": {"id": "5", "text": "hello"}});
    let events = meta(&json!({"object": "instagram", "entry": [entry]}));
    assert_eq!(shapes(&events), [("comments", "instagram_comment", Some("17"))]);
    // The same comment in a list of changes is the same event.
    let change = json!({"field": "comments", "value": {"id": "5", "text": "hello"}});
    let entry = json!({"id": "17", "time": 1_712_000_009, "changes": [change]});
    assert_eq!(meta(&json!({"object": "instagram", "entry": [entry]}))[0].key(), events[0].key());
}
