use std::sync::Arc;

use serde_json::{Value, json, value::to_raw_value};

use super::{PermissionChange, PermissionVerb, UserChange, UserVerb};
use crate::{Event, EventKind, EventTime, Provider, Strength, event::Origin};

/// The event of a change of person 9, sent at this second.
fn event(object: &str, field: &str, change: &Value, sent_at: i64) -> Event {
    let origin = Origin {
        provider: Provider::Meta,
        object: Arc::from(object),
        account: Some(Arc::from("9")),
        sent_at: EventTime::guess(sent_at),
    };
    Event::read(origin, field, &to_raw_value(change).unwrap())
}

fn user(change: &Value) -> UserChange {
    let field = change["field"].as_str().unwrap();
    let EventKind::UserChange(user) = event("user", field, change, 1).into_kind() else { panic!("{change}") };
    *user
}

fn permission(change: &Value) -> PermissionChange {
    let field = change["field"].as_str().unwrap();
    let kind = event("permissions", field, change, 1).into_kind();
    let EventKind::Permission(permission) = kind else { panic!("{change}") };
    *permission
}

#[test]
fn a_value_of_any_type_is_read() {
    let email = user(&json!({"field": "email", "value": "ada@example.com"}));
    assert_eq!((email.field.as_str(), email.text.as_deref()), ("email", Some("ada@example.com")));
    let work = user(&json!({"field": "work_history", "value": [{"employer": 1}]}));
    assert_eq!((work.value.as_deref(), work.text), (Some(r#"[{"employer":1}]"#), None));
    let like = user(&json!({"field": "likes", "value": {"page": 55}, "verb": "add"}));
    assert_eq!((like.verb, like.page.as_deref()), (Some(UserVerb::Add), Some("55")));
    let inside = user(&json!({"field": "likes", "value": {"page": "55", "verb": "remove"}}));
    assert_eq!(inside.verb, Some(UserVerb::Remove));
    let bare = user(&json!({"field": "friends", "verb": "shuffled"}));
    assert_eq!((bare.verb.unwrap().as_str(), bare.value), ("shuffled", None));
    assert_eq!(
        event("user", "email", &json!({"field": "email", "value": 5}), 1).kind().name(),
        "user_change"
    );
}

#[test]
fn both_forms_of_a_permission_are_read() {
    let beside = permission(&json!({"field": "connected", "verb": "granted"}));
    assert_eq!((beside.permission.as_str(), beside.verb), ("connected", Some(PermissionVerb::Granted)));
    assert!(beside.target_ids.is_empty());
    let change =
        json!({"field": "pages_messaging", "value": {"verb": "revoked", "target_ids": ["123", 321, null]}});
    let inside = permission(&change);
    assert_eq!(
        (inside.verb, inside.target_ids),
        (Some(PermissionVerb::Revoked), vec!["123".into(), "321".into()])
    );
    let event = event("permissions", "pages_messaging", &change, 1);
    assert_eq!((event.kind().name(), event.subject(), event.account()), ("permission", None, Some("9")));
    let odd = permission(&json!({"field": "email", "value": "granted"}));
    assert_eq!((odd.verb, odd.target_ids.len()), (None, 0));
}

#[test]
fn a_name_without_a_value_tells_that_the_field_changed() {
    for object in ["user", "permissions"] {
        for change in [json!("email"), json!({"field": "email"}), json!({"field": "email", "value": null})] {
            let event = event(object, "email", &change, 1);
            assert!(matches!(event.kind(), EventKind::Changed { .. }), "{event:?}");
        }
    }
}

#[test]
fn changes_in_one_second_are_told_apart_by_their_content() {
    let like = |page: u32, verb: &str, sent_at| {
        let change = json!({"field": "likes", "value": {"page": page}, "verb": verb});
        event("user", "likes", &change, sent_at)
    };
    let first = like(1, "add", 1);
    assert_eq!((first.strength(), first.key()), (Strength::BestEffort, like(1, "add", 1).key()));
    for other in [like(2, "add", 1), like(1, "remove", 1), like(1, "add", 2)] {
        assert_ne!(other.key(), first.key(), "{}", other.raw());
    }
    let revoked = |target: &str, sent_at| {
        let change =
            json!({"field": "pages_messaging", "value": {"verb": "revoked", "target_ids": [target]}});
        event("permissions", "pages_messaging", &change, sent_at)
    };
    assert_ne!(revoked("1", 1).key(), revoked("2", 1).key());
    assert_ne!(revoked("1", 1).key(), revoked("1", 2).key());
}
