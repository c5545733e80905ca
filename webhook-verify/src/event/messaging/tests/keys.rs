use std::collections::HashMap;

use serde_json::{Value, json};

use super::{ACCOUNT, AT, anonymous, deliver, item, listed, own, samples, with};
use crate::Strength;

fn message(members: &Value) -> Value {
    item(&json!({"message": members}))
}

/// Items that resemble each other, no two of them the same event.
fn near_misses() -> Vec<Value> {
    let later = |item: &Value| with(item, "/timestamp", json!(AT + 1));
    let stranger = |item: &Value| with(item, "/sender/id", json!("999"));
    let delivery =
        |watermark: i64, mids: Value| item(&json!({"delivery": {"watermark": watermark, "mids": mids}}));
    let react = |action: &str, name: &str| {
        item(&json!({"reaction": {"mid": "m", "action": action, "reaction": name, "emoji": name}}))
    };
    let press = |payload: &str| item(&json!({"postback": {"payload": payload}}));
    let control = |member: &str, app: &str| item(&json!({member: {"new_owner_app_id": app}}));
    let referral = |members: Value| item(&json!({"referral": members}));
    let optin = |members: Value| item(&json!({"optin": members}));
    let roles = |roles: Value| anonymous(&json!({"app_roles": roles}));
    let policy = |members: Value| anonymous(&json!({"policy-enforcement": members}));
    vec![
        message(&json!({"mid": "m"})),
        message(&json!({"mid": "m2"})),
        message(&json!({"mid": "m", "is_deleted": true})),
        own(&json!({"message": {"mid": "m", "is_echo": true}})),
        own(&json!({"message": {"mid": "m", "is_echo": true, "is_deleted": true}})),
        item(&json!({"message": {"mid": "m"}, "referral": {"ref": "a"}})),
        item(&json!({"message_edit": {"mid": "m", "num_edit": 1}})),
        item(&json!({"message_edit": {"mid": "m", "num_edit": 2}})),
        item(&json!({"message_edit": {"mid": "m2", "num_edit": 1}})),
        delivery(AT, json!(["m"])),
        delivery(AT, json!(["m2"])),
        delivery(AT, json!(["m", "m2"])),
        delivery(AT, json!([])),
        delivery(AT + 1, json!(["m"])),
        stranger(&delivery(AT, json!(["m"]))),
        item(&json!({"read": {"watermark": AT}})),
        item(&json!({"read": {"watermark": AT + 1}})),
        item(&json!({"read": {"mid": "m"}})),
        item(&json!({"read": {"mid": "m2"}})),
        stranger(&item(&json!({"read": {"mid": "m"}}))),
        react("react", "love"),
        react("react", "haha"),
        react("unreact", "love"),
        later(&react("react", "love")),
        stranger(&react("react", "love")),
        with(&react("react", "love"), "/reaction/mid", json!("m2")),
        item(&json!({"postback": {"mid": "m", "payload": "A"}})),
        item(&json!({"postback": {"mid": "m2", "payload": "A"}})),
        press("A"),
        press("B"),
        later(&press("A")),
        stranger(&press("A")),
        control("pass_thread_control", "1"),
        control("pass_thread_control", "2"),
        control("take_thread_control", "1"),
        item(&json!({"request_thread_control": {"requested_owner_app_id": "1"}})),
        item(&json!({"request_thread_control": {"requested_owner_app_id": "2"}})),
        later(&control("pass_thread_control", "1")),
        stranger(&control("pass_thread_control", "1")),
        referral(json!({"ref": "a"})),
        referral(json!({"ref": "b"})),
        referral(json!({"ad_id": "a"})),
        later(&referral(json!({"ref": "a"}))),
        optin(json!({"ref": "a"})),
        optin(json!({"payload": "a"})),
        optin(json!({"payload": "a", "type": "notification_messages"})),
        optin(json!({"payload": "a", "notification_messages_status": "STOP_NOTIFICATIONS"})),
        optin(json!({"payload": "a", "notification_messages_status": "RESUME_NOTIFICATIONS"})),
        anonymous(&json!({"optin": {"ref": "a", "user_ref": "1254459154682919"}})),
        anonymous(&json!({"optin": {"ref": "a", "user_ref": "box"}})),
        item(&json!({"account_linking": {"status": "linked"}})),
        item(&json!({"account_linking": {"status": "unlinked"}})),
        roles(json!({"1": ["primary_receiver"]})),
        roles(json!({"1": ["secondary_receiver"]})),
        roles(json!({"1": []})),
        roles(json!({"2": ["primary_receiver"]})),
        policy(json!({"action": "block"})),
        policy(json!({"action": "unblock"})),
        policy(json!({"action": "block", "reason": "spam"})),
        later(&policy(json!({"action": "block"}))),
        item(&json!({"payment": {"payload": "A"}})),
        item(&json!({"payment": {"payload": "B"}})),
        item(&json!({"checkout_update": {"payload": "A"}})),
        item(&json!({"game_play": {"payload": "A"}})),
        item(&json!({"prior_message": {"payload": "A"}})),
    ]
}

#[test]
fn two_different_events_never_share_an_exact_key() {
    let mut seen = HashMap::new();
    for item in near_misses() {
        for (object, list) in [("page", "messaging"), ("page", "standby"), ("instagram", "messaging")] {
            let event = listed(object, list, &item, AT);
            assert_eq!(event.strength(), Strength::Exact, "{item}");
            if let Some(other) = seen.insert(event.key(), (object, list, item.clone())) {
                panic!("{object} {list} {item} has the key of {other:?}");
            }
        }
    }
}

#[test]
fn a_repeat_counts_once_however_it_is_rendered() {
    let message = message(&json!({"mid": "m", "text": "a"}));
    let read = item(&json!({"read": {"watermark": AT, "seq": 5}}));
    let press = item(&json!({"postback": {"mid": "m", "payload": "A"}}));
    let roles = anonymous(&json!({"app_roles": {"1": ["a", "b"], "2": ["a"]}}));
    for (first, repeat) in [
        (&message, with(&message, "/message/text", json!("a, with another preview"))),
        (&message, with(&message, "/message/attachments", json!([{"type": "image"}]))),
        (&message, with(&message, "/message/is_echo", json!(false))),
        (&message, with(&message, "/timestamp", json!(AT / 1000))),
        (&read, with(&read, "/read/seq", json!(6))),
        (&read, with(&read, "/read/watermark", json!(AT.to_string()))),
        (&read, with(&read, "/timestamp", json!(AT + 5))),
        (&press, with(&press, "/postback/title", json!("Start"))),
        (&roles, anonymous(&json!({"app_roles": {"2": ["a"], "1": ["b", "a"]}}))),
    ] {
        let key = |item: &Value, sent_at| listed("page", "messaging", item, sent_at).key();
        assert_eq!(key(&repeat, AT + 60_000), key(first, AT), "{repeat}");
    }
}

#[test]
fn without_its_identifiers_an_item_has_no_exact_key() {
    for missing in [
        message(&json!({"text": "a"})),
        item(&json!({"message_edit": {"mid": "m"}})),
        item(&json!({"message_edit": {"num_edit": 1}})),
        item(&json!({"delivery": {"mids": ["m"]}})),
        anonymous(&json!({"delivery": {"watermark": AT}})),
        item(&json!({"read": {"seq": 5}})),
        anonymous(&json!({"read": {"mid": "m"}})),
        with(&item(&json!({"read": {"mid": "m"}})), "/recipient/id", Value::Null),
        item(&json!({"reaction": {"action": "react"}})),
        item(&json!({"reaction": {"mid": "m"}})),
        anonymous(&json!({"reaction": {"mid": "m", "action": "react"}})),
        with(&item(&json!({"reaction": {"mid": "m", "action": "react"}})), "/timestamp", Value::Null),
        item(&json!({"postback": {"title": "Start"}})),
        anonymous(&json!({"postback": {"payload": "A"}})),
        anonymous(&json!({"optin": {"ref": "a"}})),
        with(&item(&json!({"account_linking": {"status": "linked"}})), "/timestamp", Value::Null),
        anonymous(&json!({"pass_thread_control": {"new_owner_app_id": "1"}})),
        anonymous(&json!({"referral": {"ref": "a"}})),
        with(&anonymous(&json!({"app_roles": {"1": []}})), "/timestamp", Value::Null),
        with(&anonymous(&json!({"app_roles": {"1": []}})), "/recipient/id", Value::Null),
        anonymous(&json!({"policy-enforcement": {"reason": "spam"}})),
        anonymous(&json!({"payment": {"payload": "A"}})),
    ] {
        let event = listed("page", "messaging", &missing, AT);
        assert_eq!(event.strength(), Strength::BestEffort, "{missing}");
        assert_ne!(listed("page", "messaging", &missing, AT + 1).key(), event.key(), "{missing}");
    }
}

#[test]
fn keys_do_not_depend_on_batching() {
    let items: Vec<_> =
        samples::all().into_iter().filter(|one| one.object == "page").map(|one| one.item).collect();
    let alone: Vec<_> = items.iter().map(|item| listed("page", "messaging", item, AT).key()).collect();
    for size in [1, 2, 5, items.len()] {
        let entries: Vec<_> =
            items.chunks(size).map(|part| json!({"id": ACCOUNT, "time": AT, "messaging": part})).collect();
        let events = deliver(&json!({"object": "page", "entry": entries}));
        assert_eq!(events.iter().map(crate::Event::key).collect::<Vec<_>>(), alone, "{size}");
    }
}

#[test]
fn the_account_belongs_into_the_key() {
    let item = message(&json!({"mid": "m"}));
    let of = |account: &str| {
        let entry = json!({"id": account, "time": AT, "messaging": [item]});
        deliver(&json!({"object": "page", "entry": [entry]})).remove(0).key()
    };
    assert_ne!(of("1"), of("2"));
}
