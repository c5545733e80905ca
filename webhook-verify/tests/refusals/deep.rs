//! Nesting of any depth must not take the stack.

use bytes::Bytes;
use sociogram_webhook_verify::{Event, parse_linkedin, parse_meta, testing};

use super::{linkedin, meta, secret};

/// Deep enough to end a thread of tests that calls itself once for each level.
const DEPTH: usize = 10_000;

fn lists(depth: usize) -> String {
    format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
}

fn objects(depth: usize) -> String {
    format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth))
}

/// What happens to an event later: stored, read again, shown.
fn use_all(events: &[Event]) {
    for event in events {
        let again: Event = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
        assert_eq!((again.key(), again.raw()), (event.key(), event.raw()));
        assert!(!format!("{event:?} {:?}", event.kind()).is_empty());
    }
}

#[test]
fn deep_values_in_every_place_of_a_meta_delivery_are_read() {
    for deep in [lists(DEPTH), objects(DEPTH)] {
        for body in [
            r#"{"object":DEEP,"entry":DEEP}"#.to_owned(),
            r#"{"object":"page","entry":[DEEP]}"#.to_owned(),
            r#"{"object":"page","entry":[{"id":DEEP,"time":DEEP,"changes":DEEP}]}"#.to_owned(),
            r#"{"object":"page","entry":[{"id":"1","changes":[DEEP]}]}"#.to_owned(),
            r#"{"object":"user","entry":[{"id":"1","changed_fields":[DEEP]}]}"#.to_owned(),
            r#"{"object":"page","entry":[{"id":"1","messaging":[DEEP,{"message":DEEP,"sender":DEEP}]}]}"#.to_owned(),
            r#"{"object":"instagram","entry":[{"id":"1","standby":[{"reaction":DEEP,"timestamp":DEEP}]}]}"#.to_owned(),
            r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":DEEP,
                "messages":[DEEP,{"id":"x","type":"text","text":DEEP}],"statuses":DEEP,"errors":[DEEP]}}]}]}"#.to_owned(),
            r#"{"app_id":"1","target_id":"2","time":DEEP,"values":{"field":"replies","value":DEEP}}"#.to_owned(),
            r#"{"values":DEEP}"#.to_owned(),
        ]
        .into_iter()
        .chain(["feed", "leadgen", "mention", "ratings", "comments", "x"].map(|field| {
            format!(r#"{{"object":"page","entry":[{{"id":"1","changes":[{{"field":"{field}","value":DEEP}},{{"field":"{field}","value":{{"from":DEEP,"item":DEEP}}}}]}}]}}"#)
        })) {
            let body = Bytes::from(body.replace("DEEP", &deep));
            let verified = meta().verify([testing::sign_meta(&secret(), &body)], body).unwrap();
            let events = parse_meta(&verified).unwrap().into_events();
            assert!(!events.is_empty());
            use_all(&events);
        }
    }
}

#[test]
fn deep_values_in_every_place_of_a_linkedin_delivery_are_read() {
    for deep in [lists(DEPTH), objects(DEPTH)] {
        for body in [
            r#"{"type":DEEP}"#,
            r#"{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":DEEP}"#,
            r#"{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":[DEEP,{"action":DEEP,"decoratedSourcePost":DEEP}]}"#,
            r#"{"type":"LEAD_ACTION","leadAction":DEEP,"owner":DEEP,"associatedEntity":DEEP}"#,
            r#"{"type":"NEW","x":DEEP}"#,
        ] {
            let body = Bytes::from(body.replace("DEEP", &deep));
            let verified = linkedin().verify([testing::sign_linkedin(&secret(), &body)], body).unwrap();
            let events = parse_linkedin(&verified).unwrap().into_events();
            assert!(!events.is_empty());
            use_all(&events);
        }
    }
}

#[test]
fn a_hundred_thousand_levels_are_read() {
    for deep in [lists(100_000), objects(100_000)] {
        let body = Bytes::from(format!(r#"{{"object":"page","entry":[{{"id":"1","changes":[{deep}]}}]}}"#));
        let verified = meta().verify([testing::sign_meta(&secret(), &body)], body).unwrap();
        use_all(parse_meta(&verified).unwrap().events());
        let body = Bytes::from(format!(r#"{{"type":"NEW","notifications":{deep}}}"#));
        let verified = linkedin().verify([testing::sign_linkedin(&secret(), &body)], body).unwrap();
        use_all(parse_linkedin(&verified).unwrap().events());
    }
}
