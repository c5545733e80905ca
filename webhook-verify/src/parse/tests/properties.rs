//! What holds whatever is delivered.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{linkedin, linkedin_signed, meta, meta_signed};
use crate::{Delivery, Event, parse_linkedin, parse_meta};

/// Objects with types of their own, and others.
const KINDS: &str = "page|instagram|user|permissions|threads|whatsapp_business_account|[a-z]{0,3}";

fn arbitrary_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z_é\"\\\\]{0,8}".prop_map(Value::from),
        prop::sample::select(vec![
            "feed",
            "leadgen",
            "mention",
            "messages",
            "comments",
            "replies",
            "add",
            "comment",
            "1712000000"
        ])
        .prop_map(Value::from),
    ];
    let name = prop_oneof![
        prop::sample::select(vec![
            "object",
            "entry",
            "id",
            "time",
            "changes",
            "changed_fields",
            "messaging",
            "standby",
            "message",
            "sender",
            "recipient",
            "messages",
            "statuses",
            "contacts",
            "metadata",
            "values",
            "target_id",
            "field",
            "value",
            "item",
            "verb",
            "post_id",
            "from",
            "type",
            "notifications",
            "owner",
        ])
        .prop_map(str::to_owned),
        "[a-z]{0,4}",
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn keys(delivery: Delivery) -> Vec<String> {
    delivery.into_iter().map(|event| event.key().to_string()).collect()
}

proptest! {
    #[test]
    fn no_body_panics(inside in "[\\[\\]{}\",:a-z0-9\\\\ ]{0,60}") {
        let body = format!("{{{inside}}}");
        let _ = (parse_meta(&meta_signed(body.as_bytes())), parse_linkedin(&linkedin_signed(body.as_bytes())));
    }

    #[test]
    fn every_object_is_read_and_survives_storage(value in arbitrary_json(), kind in KINDS) {
        for body in [json!({"object": kind, "entry": value}), json!({"object": kind, "entry": [{"id": 1, "changes": [value]}]}),
            json!({"values": value, "target_id": 1}), json!({"type": "LEAD_ACTION", "owner": value}),
            json!({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": value})] {
            for event in meta(&body).into_iter().chain(linkedin(&body)) {
                let stored = serde_json::to_string(&event).unwrap();
                let again: Event = serde_json::from_str(&stored).unwrap();
                prop_assert_eq!(format!("{:?}", &again), format!("{:?}", &event));
                prop_assert_eq!(format!("{:?}", again.kind()), format!("{:?}", event.kind()));
                prop_assert_eq!(again.raw(), event.raw());
                prop_assert_eq!(serde_json::to_string(&again).unwrap(), stored);
            }
        }
    }

    #[test]
    fn keys_do_not_depend_on_batching(
        changes in prop::collection::vec(("feed|leadgen|other", arbitrary_json()), 1..6),
        cut: prop::sample::Index,
        time in 1_i64..2_000_000_000,
    ) {
        let entry = |part: &[(String, Value)]| {
            let changes: Vec<_> = part.iter().map(|(field, value)| json!({"field": field, "value": value})).collect();
            json!({"id": "1", "time": time, "changes": changes})
        };
        let parse = |entries: Vec<Value>, pretty: bool| {
            let body = json!({"object": "page", "entry": entries});
            let body = if pretty { serde_json::to_string_pretty(&body).unwrap() } else { body.to_string() };
            keys(parse_meta(&meta_signed(body.as_bytes())).unwrap())
        };
        let (first, second) = changes.split_at(cut.index(changes.len()));
        let whole = parse(vec![entry(&changes)], false);
        prop_assert_eq!(whole.len(), changes.len());
        prop_assert_eq!(&parse(vec![entry(first), entry(second)], true), &whole);
        let apart = [parse(vec![entry(first)], false), parse(vec![entry(second)], true)].concat();
        prop_assert_eq!(apart, whole);
    }

    #[test]
    fn splitting_a_change_of_whatsapp_loses_nothing_and_doubles_nothing(
        counts in prop::collection::vec(0_usize..4, 3),
        people in prop::collection::vec(0_usize..5, 0..6),
        strangers in 0_usize..3,
    ) {
        let mut total = 0;
        let mut items = |name: &str, count: usize| -> Vec<Value> {
            let from = |place: usize| people.get(place).map_or_else(|| "0".to_owned(), usize::to_string);
            total += count;
            (0..count).map(|place| json!({"id": format!("<{name}-{place}>"), "from": from(place), "recipient_id": from(place)})).collect()
        };
        let mut value = json!({"messaging_product": "whatsapp", "metadata": {"phone_number_id": "5"}});
        for (name, count) in ["messages", "statuses", "errors"].into_iter().zip(counts) {
            value[name] = items(name, count).into();
        }
        let contacts: Vec<_> = (0..people.len() + strangers).map(|place| json!({"wa_id": place.to_string(), "mark": format!("<contact-{place}>")})).collect();
        value["contacts"] = contacts.into();
        let text = value.to_string();
        let change = json!({"field": "messages", "value": value, "beside": 1});
        let events = meta(&json!({"object": "whatsapp_business_account", "entry": [{"id": "9", "changes": [change]}]}));
        prop_assert_eq!(events.len(), total.max(1));
        for mark in text.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            let holding = events.iter().filter(|event| event.raw().contains(&format!("<{mark}>"))).count();
            prop_assert!(holding == 1 || mark.starts_with("contact") && holding > 1, "{} in {}", mark, holding);
        }
        for event in &events {
            let raw: Value = serde_json::from_str(event.raw()).unwrap();
            prop_assert_eq!((&raw["value"]["metadata"]["phone_number_id"], &raw["beside"]), (&json!("5"), &json!(1)));
        }
    }
}
