use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{Event, EventKind, parse::tests::meta_signed, parse_meta};

fn parse(body: &str) -> Vec<Event> {
    parse_meta(&meta_signed(body.as_bytes())).unwrap().into_events()
}

/// The events of one entry with these changes. The platform sends the object first.
fn events(changes: &[Value]) -> Vec<Event> {
    parse(&body(changes, ""))
}

fn body(changes: &[Value], more: &str) -> String {
    let changes = Value::from(changes.to_vec());
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"9","time":1712000000,"changes":{changes}}}{more}]}}"#
    )
}

fn change(value: &Value) -> Value {
    json!({"field": "messages", "value": value})
}

fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.kind().name()).collect()
}

/// The event as it comes out of a queue.
fn stored(event: &Event) -> Event {
    serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap()
}

fn value(event: &Event) -> Value {
    serde_json::from_str::<Value>(event.raw()).unwrap()["value"].take()
}

fn several() -> Value {
    json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "1065"},
        "contacts": [
            {"wa_id": "1", "profile": {"name": "One"}}, {"wa_id": "2", "profile": {"name": "Two"}},
            {"wa_id": "3", "profile": {"name": "Nobody's"}},
        ],
        "messages": [
            {"id": "wamid.1", "from": "2", "timestamp": "1712000000", "type": "text", "text": {"body": "a"}},
            {"id": "wamid.2", "from": "1", "timestamp": "1712000001", "type": "brand_new", "brand_new": {}},
        ],
        "statuses": [{"id": "wamid.3", "status": "read", "timestamp": "1712000002", "recipient_id": "2"}],
        "errors": [{"code": 131_000}],
    })
}

#[test]
fn each_message_and_status_is_an_event_with_its_person() {
    let events = events(&[change(&several())]);
    assert_eq!(names(&events), ["whatsapp_message", "whatsapp_message", "whatsapp_status", "whatsapp_error"]);
    let people: Vec<_> = events
        .iter()
        .map(|event| match event.kind() {
            EventKind::WhatsAppMessage(message) => message.contact.clone(),
            EventKind::WhatsAppStatus(status) => status.contact.clone(),
            _ => None,
        })
        .map(|person| person.and_then(|person| person.name))
        .collect();
    assert_eq!(people, [Some("Two".to_owned()), Some("One".to_owned()), Some("Two".to_owned()), None]);
    assert!(events.iter().all(|event| event.field() == "messages" && event.account() == Some("9")));
    assert!(events.iter().all(|event| event.sent_at().unwrap().as_unix_seconds() == 1_712_000_000));
    assert_eq!(events[2].time().unwrap().as_unix_seconds(), 1_712_000_002);
}

#[test]
fn the_raw_of_an_event_has_one_item_and_what_all_share() {
    let events = events(&[change(&several())]);
    let whole = several();
    let (metadata, people) = (&whole["metadata"], &whole["contacts"]);
    let expected = [
        // The person whom no item names goes with the first.
        json!({"metadata": metadata, "messaging_product": "whatsapp", "contacts": [people[1], people[2]],
            "messages": [whole["messages"][0]]}),
        json!({"metadata": metadata, "messaging_product": "whatsapp", "contacts": [people[0]], "messages": [whole["messages"][1]]}),
        json!({"metadata": metadata, "messaging_product": "whatsapp", "contacts": [people[1]], "statuses": [whole["statuses"][0]]}),
        json!({"metadata": metadata, "messaging_product": "whatsapp", "errors": [whole["errors"][0]]}),
    ];
    for (event, expected) in events.iter().zip(expected) {
        assert_eq!(value(event), expected);
        assert_eq!(format!("{:?}", stored(event).kind()), format!("{:?}", event.kind()));
    }
}

#[test]
fn lists_of_another_field_stay_with_every_event() {
    let events = events(&[json!({"field": "smb_message_echoes", "extra": "\u{e9}\"", "value": {
        "message_echoes": [{"id": "1", "to": "4"}, {"id": "2", "to": "4"}], "messages": [{"id": "3"}, 4]}})]);
    assert_eq!(names(&events), ["whatsapp_message_echo"; 2]);
    for event in &events {
        assert_eq!(value(event)["messages"], json!([{"id": "3"}, 4]));
        let raw: Value = serde_json::from_str(event.raw()).unwrap();
        assert_eq!(raw["extra"], "\u{e9}\"");
        assert_eq!(stored(event).kind().name(), "whatsapp_message_echo");
    }
}

#[test]
fn an_item_that_cannot_be_read_leaves_its_neighbours() {
    let good = json!({"id": "wamid.1", "type": "text", "text": {"body": "a"}});
    for (value, expected) in [
        (
            json!({"messages": [5, good, null, good]}),
            vec!["unreadable", "whatsapp_message", "unreadable", "whatsapp_message"],
        ),
        (json!({"messages": 5, "statuses": [{"id": "1"}]}), vec!["unreadable", "whatsapp_status"]),
        (json!({"messages": good, "errors": null, "contacts": 7}), vec!["whatsapp_message"]),
        (json!({"messages": [], "statuses": [{"id": "1"}]}), vec!["whatsapp_status"]),
        (json!({"messages": []}), vec!["unknown"]),
        (json!({}), vec!["unknown"]),
        (json!([1]), vec!["unreadable"]),
    ] {
        let events = events(&[change(&value), change(&json!({"statuses": [{"id": "2"}]}))]);
        let (last, first) = events.split_last().unwrap();
        assert_eq!(last.kind().name(), "whatsapp_status", "{value}");
        assert_eq!(names(first), expected, "{value}");
        for event in first {
            assert_eq!(format!("{:?}", stored(event).kind()), format!("{:?}", event.kind()), "{value}");
        }
    }
}

#[test]
fn what_stands_in_a_change_twice_is_not_lost() {
    for twice in [
        r#"{"field":"messages","value":{"messages":[{"id":"first"}],"messages":[{"id":"second"}]}}"#,
        r#"{"field":"messages","value":{"messages":[{"id":"first"}]},"value":{"messages":[{"id":"second"}]}}"#,
    ] {
        let body =
            format!(r#"{{"object":"whatsapp_business_account","entry":[{{"id":"9","changes":[{twice}]}}]}}"#);
        let events = parse(&body);
        assert_eq!(events.iter().map(Event::raw).collect::<Vec<_>>(), [twice]);
    }
}

#[test]
fn a_broken_surrogate_in_one_message_leaves_the_others() {
    let body = r#"{"object":"whatsapp_business_account","entry":[{"id":"9","changes":[{"value":{"messages":[
        {"id":"1","type":"text","text":{"body":"\ud83d"}},{"id":"2","\ud83d":1},{"id":"3"}]},"field":"messages"}]}]}"#;
    assert_eq!(names(&parse(body)), ["whatsapp_message", "unreadable", "whatsapp_message"]);
}

#[test]
fn many_people_are_found_as_few_are() {
    let people: Vec<_> =
        (0..40).map(|id| json!({"wa_id": id.to_string(), "profile": {"name": format!("n{id}")}})).collect();
    let messages: Vec<_> =
        (0..40).rev().map(|id| json!({"id": format!("m{id}"), "from": id.to_string()})).collect();
    let events = events(&[change(&json!({"contacts": people, "messages": messages}))]);
    assert_eq!(events.len(), 40);
    for event in events {
        let EventKind::WhatsAppMessage(message) = event.kind() else { panic!("{event:?}") };
        let expected = format!("n{}", message.from.as_ref().unwrap());
        assert_eq!(message.contact.as_ref().unwrap().name.as_deref(), Some(&*expected));
        assert_eq!(format!("{:?}", stored(&event).kind()), format!("{:?}", event.kind()));
    }
}

#[test]
fn of_two_people_with_one_id_the_first_counts() {
    let people =
        json!([{"wa_id": "1", "profile": {"name": "first"}}, {"wa_id": "1", "profile": {"name": "second"}}]);
    let events =
        events(&[change(&json!({"contacts": people, "messages": [{"id": "m", "from": "1"}, {"id": "n"}]}))]);
    for event in [&events[0], &stored(&events[0])] {
        let EventKind::WhatsAppMessage(message) = event.kind() else { panic!("{event:?}") };
        assert_eq!(message.contact.as_ref().unwrap().name.as_deref(), Some("first"));
    }
    assert!(events[0].raw().contains("second"));
}

fn arbitrary_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z_é\"\\\\]{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["1", "2", "text", "edit", "sent", "connect", "1712000000"])
            .prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "messages",
        "statuses",
        "errors",
        "contacts",
        "metadata",
        "message_echoes",
        "calls",
        "user_preferences",
        "user_id_update",
        "id",
        "from",
        "to",
        "wa_id",
        "user_id",
        "type",
        "text",
        "edit",
        "message",
        "status",
        "timestamp",
        "event",
        "profile",
        "code",
        "x\"y",
        "",
    ]);
    leaf.prop_recursive(5, 48, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(name.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

const FIELD: &str =
    "messages|standby|smb_message_echoes|calls|user_preferences|user_id_update|account_update|other";

/// How many events a change must give.
fn expected(field: &str, value: &Value) -> usize {
    let count = |list: &&str| match value.get(*list) {
        None | Some(Value::Null) => 0,
        Some(Value::Array(items)) => items.len(),
        Some(_) => 1,
    };
    super::whatsapp_lists(field).iter().map(count).sum::<usize>().max(1)
}

proptest! {
    #[test]
    fn no_item_is_lost_and_each_survives_storage(
        changes in prop::collection::vec((FIELD, arbitrary_json()), 1..4),
    ) {
        let values: Vec<_> = changes.iter().map(|(field, value)| json!({"field": field, "value": value})).collect();
        let events = events(&values);
        let count: usize = changes.iter().map(|(field, value)| expected(field, value)).sum();
        prop_assert_eq!(events.len(), count);
        for event in events {
            let again = stored(&event);
            prop_assert_eq!(format!("{:?}", again.kind()), format!("{:?}", event.kind()));
            // Typed again from its own JSON in a delivery of its own.
            let raw: Value = serde_json::from_str(event.raw()).unwrap();
            let [alone] = &*self::events(&[raw]) else { panic!("{event:?} {}", event.raw()) };
            prop_assert_eq!(format!("{:?}", alone.kind()), format!("{:?}", event.kind()));
            prop_assert_eq!(alone.key(), event.key());
        }
    }

    #[test]
    fn keys_depend_neither_on_batching_nor_on_the_way_of_reading(
        changes in prop::collection::vec((FIELD, arbitrary_json()), 1..5),
        cut: prop::sample::Index,
    ) {
        let values: Vec<_> = changes.iter().map(|(field, value)| json!({"field": field, "value": value})).collect();
        let keys = |events: Vec<Event>| events.iter().map(|event| (event.key(), event.raw().to_owned())).collect::<Vec<_>>();
        let whole = keys(events(&values));
        let (first, second) = values.split_at(cut.index(values.len()));
        let apart = [keys(events(first)), keys(events(second))].concat();
        prop_assert_eq!(&apart, &whole);
        // An odd neighbour makes the delivery one that is not read in one go.
        let mut beside = keys(parse(&body(&values, ",7")));
        beside.pop();
        prop_assert_eq!(&beside, &whole);
    }
}
