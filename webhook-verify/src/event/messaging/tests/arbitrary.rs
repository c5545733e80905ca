use proptest::prelude::*;
use serde_json::{Value, json};

use super::{AT, changed, deliver, item, listed, samples};
use crate::{Event, event::messaging::MEMBERS};

/// Any value, with names that occur in conversations.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z_\\\\é\"]{0,6}".prop_map(Value::from),
        Just(json!(AT)),
    ];
    let names = vec![
        "id",
        "mid",
        "text",
        "attachments",
        "type",
        "payload",
        "url",
        "coordinates",
        "lat",
        "long",
        "quick_reply",
        "reply_to",
        "story",
        "is_echo",
        "is_deleted",
        "app_id",
        "referral",
        "ref",
        "ads_context_data",
        "product",
        "watermark",
        "mids",
        "action",
        "reaction",
        "user_ref",
        "status",
        "num_edit",
        "commands",
        "name",
        "nlp",
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let name = prop_oneof![prop::sample::select(names.clone()).prop_map(str::to_owned), "[0-9a-z]{0,3}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..7)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_item() -> impl Strategy<Value = Value> {
    let common = ["sender", "recipient", "timestamp", "is_self"];
    let members = [MEMBERS, &common[..]].concat();
    prop::collection::btree_map(prop::sample::select(members), any_value(), 0..6)
        .prop_map(|members| json!(members))
}

fn survives_storage(event: &Event) -> Result<(), TestCaseError> {
    let stored = serde_json::to_string(event).unwrap();
    let again: Event = serde_json::from_str(&stored).unwrap();
    prop_assert_eq!(format!("{:?}", again.kind()), format!("{:?}", event.kind()));
    prop_assert_eq!((again.key(), again.subject()), (event.key(), event.subject()));
    let printed = format!("{event:?}");
    prop_assert!(!printed.contains("canary"), "{}", printed);
    Ok(())
}

proptest! {
    #[test]
    fn every_item_is_read_and_survives_storage(value in any_item(), object in "page|instagram|other",
        list in "messaging|standby", field in "messages|messaging_seen|standby") {
        survives_storage(&listed(&object, &list, &value, AT))?;
        survives_storage(&changed(&object, &field, &value))?;
    }

    #[test]
    fn every_value_of_a_member_is_read(value in any_value(), member in prop::sample::select(MEMBERS.to_vec())) {
        let event = listed("page", "messaging", &item(&json!({member: value, "text": "canary"})), AT);
        survives_storage(&event)?;
        prop_assert_eq!(event.occurred_at().unwrap().as_unix_millis(), AT);
    }

    #[test]
    fn an_odd_item_leaves_its_neighbours(odd in any_value(), place in 0_usize..3) {
        let good = samples::all().remove(0).item;
        let mut items = vec![good.clone(), good.clone()];
        items.insert(place.min(2), odd);
        let events = deliver(&json!({"object": "page", "entry": [{"id": "1", "messaging": items}]}));
        let typed = events.iter().filter(|event| event.kind().name() == "messenger_message").count();
        prop_assert!(events.len() == 3 && typed >= 2);
    }
}
