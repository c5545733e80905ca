use std::sync::Arc;

use serde_json::{Value, json, value::to_raw_value};

use super::{
    AccountEvent, CallDirection, CallEvent, CallStatus, Choice, Contact, InteractiveReply, Media,
    MessageContent, MessageStatus, PreferenceValue, PricingCategory, PricingModel, PricingType,
    ReviewDecision, SystemEventType, TemplateEvent, WhatsAppCall, WhatsAppMessage, WhatsAppStatus,
};
use crate::{Event, EventKind, EventTime, Provider, Strength, event::Origin};

mod messages;

/// The event of a change with this value, sent at this second.
fn event(field: &str, value: &Value, sent_at: Option<i64>) -> Event {
    let origin = Origin {
        provider: Provider::Meta,
        object: Arc::from("whatsapp_business_account"),
        account: Some(Arc::from("102290129340398")),
        sent_at: sent_at.and_then(EventTime::guess),
    };
    Event::read(origin, field, &to_raw_value(&json!({"field": field, "value": value})).unwrap())
}

/// The value of a change with this one item.
fn with_item(list: &str, item: &Value) -> Value {
    json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"},
        "contacts": [{"profile": {"name": "Sheena Nelson", "username": "@sheena"}, "wa_id": "16505551234",
            "user_id": "US.13491208655302741918", "parent_user_id": "US.ENT.11815799212886844830",
            "identity_key_hash": "DF2lS5v2W6x="}],
        list: [item],
    })
}

fn message(item: &Value) -> WhatsAppMessage {
    match event("messages", &with_item("messages", item), None).into_kind() {
        EventKind::WhatsAppMessage(message) => *message,
        other => panic!("{other:?}"),
    }
}

fn status(item: &Value) -> WhatsAppStatus {
    match event("messages", &with_item("statuses", item), None).into_kind() {
        EventKind::WhatsAppStatus(status) => *status,
        other => panic!("{other:?}"),
    }
}

fn call(list: &str, item: &Value) -> WhatsAppCall {
    match event("calls", &with_item(list, item), None).into_kind() {
        EventKind::WhatsAppCall(call) => *call,
        other => panic!("{other:?}"),
    }
}

/// The value with one member replaced.
fn with(value: &Value, name: &str, member: Value) -> Value {
    let mut value = value.clone();
    value[name] = member;
    value
}

fn sheena() -> Contact {
    Contact {
        wa_id: Some("16505551234".to_owned()),
        user_id: Some("US.13491208655302741918".to_owned()),
        parent_user_id: Some("US.ENT.11815799212886844830".to_owned()),
        name: Some("Sheena Nelson".to_owned()),
        username: Some("@sheena".to_owned()),
        identity_key_hash: Some("DF2lS5v2W6x=".to_owned()),
    }
}

fn delivered() -> Value {
    json!({"id": "wamid.1", "status": "delivered", "timestamp": "1750263773", "recipient_id": "16505551234",
        "conversation": {"id": "6ceb9d929c9bdc4f90967a32f8639b42", "origin": {"type": "referral_conversion"},
            "expiration_timestamp": "1750350173"},
        "pricing": {"billable": true, "pricing_model": "PMP", "type": "free_entry_point", "category": "utility"},
        "biz_opaque_callback_data": "order-7"})
}

#[test]
fn a_status_tells_price_and_person() {
    let read = status(&delivered());
    assert_eq!(
        (read.id.as_deref(), read.status.as_ref()),
        (Some("wamid.1"), Some(&MessageStatus::Delivered))
    );
    assert_eq!(read.timestamp.unwrap().as_unix_seconds(), 1_750_263_773);
    let pricing = read.pricing.unwrap();
    assert_eq!(pricing.billable, Some(true));
    assert_eq!(pricing.pricing_model, Some(PricingModel::Message));
    assert_eq!(pricing.pricing_type, Some(PricingType::FreeEntryPoint));
    assert_eq!(pricing.category, Some(PricingCategory::Utility));
    let conversation = read.conversation.unwrap();
    assert_eq!(conversation.origin, Some(PricingCategory::ReferralConversion));
    assert_eq!(conversation.expiration_timestamp.unwrap().as_unix_seconds(), 1_750_350_173);
    assert_eq!(read.biz_opaque_callback_data.as_deref(), Some("order-7"));
    assert_eq!(read.contact, Some(sheena()));
    assert_eq!(read.phone_number_id.as_deref(), Some("106540352242922"));
    assert_eq!(read.display_phone_number.as_deref(), Some("15550783881"));
}

#[test]
fn a_failed_status_tells_why() {
    let read = status(&json!({"id": "wamid.1", "status": "failed", "timestamp": 1_750_263_773,
        "recipient_user_id": "US.13491208655302741918",
        "errors": [{"code": 131_026, "title": "Message undeliverable", "message": "Message undeliverable",
            "error_data": {"details": "Message Undeliverable."}, "href": "https://example.com/codes"}, 5]}));
    let [error] = &*read.errors else { panic!("{:?}", read.errors) };
    assert_eq!(error.code, Some(131_026));
    assert_eq!(error.details.as_deref(), Some("Message Undeliverable."));
    assert_eq!(error.href.as_deref(), Some("https://example.com/codes"));
    assert_eq!(read.contact, Some(sheena()));
}

#[test]
fn later_statuses_supersede_earlier_ones_in_any_order() {
    let order = ["brand_new", "sent", "delivered", "read", "played", "failed"].map(MessageStatus::from);
    for (left_place, left) in order.iter().enumerate() {
        for (right_place, right) in order.iter().enumerate() {
            assert_eq!(left.supersedes(right), left_place > right_place, "{left} {right}");
        }
    }
    assert!(!MessageStatus::from("other").supersedes(&MessageStatus::from("brand_new")));
}

#[test]
fn a_status_is_known_by_message_status_participant_and_time() {
    let of = |item: &Value| event("messages", &with_item("statuses", item), Some(1));
    let base = with(&delivered(), "recipient_participant_id", json!("16505550000"));
    let first = of(&base);
    assert_eq!((first.strength(), first.subject()), (Strength::Exact, Some("16505551234")));
    for repeat in [with(&base, "timestamp", json!(1_750_263_773)), with(&base, "pricing", Value::Null)] {
        let repeat = event("messages", &with_item("statuses", &repeat), Some(9));
        assert_eq!(repeat.key(), first.key());
    }
    for (name, other) in [
        ("id", "wamid.2"),
        ("status", "read"),
        ("timestamp", "1750263774"),
        ("recipient_participant_id", "1"),
    ] {
        assert_ne!(of(&with(&base, name, json!(other))).key(), first.key(), "{name}");
    }
    for missing in ["id", "status", "timestamp"] {
        assert_eq!(of(&with(&base, missing, Value::Null)).strength(), Strength::BestEffort, "{missing}");
    }
    assert_eq!(of(&with(&base, "type", json!("payment"))).strength(), Strength::BestEffort);
}

#[test]
fn calls_are_read() {
    let connect = json!({"id": "wacid.1", "from": "16505551234", "to": "15550783881", "event": "connect",
        "timestamp": "1750000000", "direction": "USER_INITIATED", "session": {"sdp": "v=0", "sdp_type": "offer"}});
    let read = call("calls", &connect);
    assert_eq!((read.event, read.direction), (Some(CallEvent::Connect), Some(CallDirection::UserInitiated)));
    assert_eq!((read.sdp.as_deref(), read.sdp_type.as_deref()), (Some("v=0"), Some("offer")));
    assert_eq!(read.contact, Some(sheena()));

    let terminate = json!({"id": "wacid.1", "from": "15550783881", "to": "16505551234", "event": "terminate",
        "timestamp": "1750000060", "direction": "BUSINESS_INITIATED", "status": "COMPLETED", "duration": 58,
        "start_time": "1750000002", "end_time": "1750000060"});
    let read = call("calls", &terminate);
    assert_eq!((read.status, read.duration), (Some(CallStatus::Completed), Some(58)));
    assert_eq!(read.start_time.unwrap().as_unix_seconds(), 1_750_000_002);
    assert_eq!(read.contact, Some(sheena()));

    let ringing = json!({"id": "wacid.1", "type": "call", "status": "RINGING", "timestamp": "1750000001",
        "recipient_id": "16505551234"});
    let read = call("statuses", &ringing);
    assert_eq!(
        (read.event, read.status, read.to.as_deref()),
        (None, Some(CallStatus::Ringing), Some("16505551234"))
    );

    let of = |list: &str, item: &Value| event("calls", &with_item(list, item), Some(1));
    let events = [
        of("calls", &connect),
        of("calls", &terminate),
        of("statuses", &ringing),
        of("statuses", &with(&ringing, "status", json!("ACCEPTED"))),
        of("calls", &with(&connect, "event", json!("hold"))),
        of("calls", &with(&connect, "id", json!("wacid.2"))),
    ];
    for (place, event) in events.iter().enumerate() {
        assert_eq!((event.strength(), event.subject()), (Strength::Exact, Some("16505551234")), "{place}");
        assert!(events.iter().skip(place + 1).all(|other| other.key() != event.key()), "{place}");
    }
    let later = of("calls", &with(&connect, "timestamp", json!("1750000009")));
    assert_eq!(later.key(), events[0].key());
}

#[test]
fn preferences_are_read_from_a_list_or_alone() {
    let stop = json!({"wa_id": "16505551234", "category": "marketing_messages", "value": "stop",
        "detail": "User requested to stop marketing messages", "timestamp": 1_731_705_721});
    let (listed, alone) = (
        event("user_preferences", &with_item("user_preferences", &stop), None),
        event("user_preferences", &stop, None),
    );
    for event in [&listed, &alone] {
        let EventKind::WhatsAppPreference(read) = event.kind() else { panic!("{event:?}") };
        assert_eq!(
            (read.value.as_ref(), event.subject()),
            (Some(&PreferenceValue::Stop), Some("16505551234"))
        );
        assert_eq!((event.kind().name(), event.strength()), ("whatsapp_preference", Strength::Exact));
    }
    let resume = event("user_preferences", &with(&stop, "value", json!("resume")), None);
    assert_ne!(resume.key(), alone.key());
    assert_eq!(event("user_preferences", &stop, Some(5)).key(), alone.key());
}

#[test]
fn a_new_user_id_is_read() {
    let item = json!({"wa_id": "16505551234", "user_id": {"previous": "US.1", "current": "US.2"},
        "parent_user_id": {"previous": "US.ENT.1", "current": "US.ENT.2"}, "timestamp": "1731705721"});
    let read = event("user_id_update", &with_item("user_id_update", &item), None);
    let EventKind::WhatsAppUserId(change) = read.kind() else { panic!("{read:?}") };
    let ids = [&change.previous, &change.current, &change.previous_parent, &change.current_parent];
    assert_eq!(ids.map(|id| id.as_deref().unwrap()), ["US.1", "US.2", "US.ENT.1", "US.ENT.2"]);
    assert_eq!((read.kind().name(), read.strength()), ("whatsapp_user_id", Strength::Exact));
    let other = with(&item, "user_id", json!("US.3"));
    assert_ne!(event("user_id_update", &with_item("user_id_update", &other), None).key(), read.key());
}

#[test]
fn an_error_of_the_account_is_read() {
    let value = with_item(
        "errors",
        &json!({"code": 131_000, "title": "Something went wrong",
        "error_data": {"details": "Try again"}}),
    );
    let read = event("messages", &value, Some(1));
    let EventKind::WhatsAppError(error) = read.kind() else { panic!("{read:?}") };
    assert_eq!((error.error.code, error.error.details.as_deref()), (Some(131_000), Some("Try again")));
    assert_eq!((read.kind().name(), read.strength()), ("whatsapp_error", Strength::BestEffort));
    assert_eq!(event("messages", &value, Some(1)).key(), read.key());
    assert_ne!(event("messages", &value, Some(2)).key(), read.key());
}

/// (field, name, subject, value) of each administrative change.
fn admin() -> Vec<(&'static str, &'static str, Option<&'static str>, Value)> {
    let template = json!({"message_template_id": 1_689_556_908_129_832_i64, "message_template_name": "order",
        "message_template_language": "en-US"});
    let of = |more: Value| {
        let mut value = template.clone();
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    };
    let id = Some("1689556908129832");
    let number = Some("15550783881");
    vec![
        (
            "message_template_status_update",
            "whatsapp_template_status",
            id,
            of(json!({"event": "REJECTED",
            "reason": "INCORRECT_CATEGORY", "disable_info": {"disable_date": 1_750_000_000},
            "other_info": {"title": "FIRST_PAUSE", "description": "d"}})),
        ),
        (
            "message_template_quality_update",
            "whatsapp_template_quality",
            id,
            of(json!({"previous_quality_score": "GREEN", "new_quality_score": "YELLOW"})),
        ),
        (
            "template_category_update",
            "whatsapp_template_category",
            id,
            of(json!({"previous_category": "MARKETING", "new_category": "UTILITY"})),
        ),
        (
            "account_update",
            "whatsapp_account_update",
            number,
            json!({"event": "ACCOUNT_RESTRICTION",
            "phone_number": "15550783881", "ban_info": {"waba_ban_state": ["DISABLE"], "waba_ban_date": "May 1"},
            "restriction_info": [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1_750_000_000}],
            "violation_info": {"violation_type": "ADULT"}, "waba_info": {"waba_id": "9", "owner_business_id": "8"}}),
        ),
        ("account_review_update", "whatsapp_account_review", None, json!({"decision": "APPROVED"})),
        (
            "business_capability_update",
            "whatsapp_capability",
            None,
            json!({"max_daily_conversation_per_phone": 100_000, "max_phone_numbers_per_business": 25}),
        ),
        (
            "phone_number_quality_update",
            "whatsapp_phone_number_quality",
            number,
            json!({"display_phone_number": "15550783881", "event": "UPGRADE", "current_limit": "TIER_10K"}),
        ),
        (
            "phone_number_name_update",
            "whatsapp_phone_number_name",
            number,
            json!({"display_phone_number": "15550783881",
            "decision": "REJECTED", "requested_verified_name": "Lucky", "rejection_reason": "NAME_EMPLOYEE_ISSUE"}),
        ),
        (
            "security",
            "whatsapp_security",
            number,
            json!({"display_phone_number": "15550783881", "event": "PIN_CHANGED", "requester": "61555822107539"}),
        ),
    ]
}

#[test]
fn administrative_changes_are_typed_and_keyed_by_the_time_of_sending() {
    let mut keys = Vec::new();
    for (field, name, subject, value) in admin() {
        let first = event(field, &value, Some(1));
        assert_eq!((first.kind().name(), first.subject()), (name, subject), "{field}");
        assert_eq!(first.strength(), Strength::BestEffort, "{field}");
        assert_eq!(event(field, &with(&value, "brand_new", json!(1)), Some(1)).key(), first.key(), "{field}");
        assert_ne!(event(field, &value, Some(2)).key(), first.key(), "{field}");
        assert!(!keys.contains(&first.key()), "{field}");
        keys.push(first.key());
        // Without a time of sending only the whole content tells two apart.
        assert_ne!(
            event(field, &with(&value, "brand_new", json!(1)), None).key(),
            event(field, &value, None).key()
        );
        let odd = event(field, &json!({"event": 5, "decision": {}, "message_template_id": null}), Some(1));
        assert_eq!(odd.kind().name(), name, "{field}");
        assert_eq!(event(field, &json!("text"), Some(1)).kind().name(), "unreadable", "{field}");
    }
}

#[test]
fn administrative_changes_tell_their_members() {
    for (field, _, _, value) in admin() {
        match event(field, &value, None).into_kind() {
            EventKind::WhatsAppTemplateStatus(read) => {
                assert_eq!(read.event, Some(TemplateEvent::Rejected));
                assert_eq!((read.name.as_deref(), read.language.as_deref()), (Some("order"), Some("en-US")));
                assert_eq!(read.reason.as_deref(), Some("INCORRECT_CATEGORY"));
                assert_eq!(read.disable_date.unwrap().as_unix_seconds(), 1_750_000_000);
                assert_eq!(read.other_title.as_deref(), Some("FIRST_PAUSE"));
            }
            EventKind::WhatsAppTemplateQuality(read) => {
                let scores = (read.previous_quality_score.as_deref(), read.new_quality_score.as_deref());
                assert_eq!(scores, (Some("GREEN"), Some("YELLOW")));
            }
            EventKind::WhatsAppTemplateCategory(read) => {
                let categories = (read.previous_category.as_deref(), read.new_category.as_deref());
                assert_eq!(categories, (Some("MARKETING"), Some("UTILITY")));
            }
            EventKind::WhatsAppAccountUpdate(read) => {
                assert_eq!(read.event, Some(AccountEvent::AccountRestriction));
                assert_eq!(
                    (read.waba_id.as_deref(), read.ban_state.as_deref()),
                    (Some("9"), Some("DISABLE"))
                );
                assert_eq!(read.restrictions, ["RESTRICTED_BIZ_INITIATED_MESSAGING"]);
                assert_eq!(read.restricted_until.unwrap().as_unix_seconds(), 1_750_000_000);
                assert_eq!(read.violation_type.as_deref(), Some("ADULT"));
            }
            EventKind::WhatsAppAccountReview(read) => {
                assert_eq!(read.decision, Some(ReviewDecision::Approved));
            }
            EventKind::WhatsAppCapability(read) => {
                assert_eq!(read.max_daily_conversation_per_phone.as_deref(), Some("100000"));
                assert_eq!(read.max_phone_numbers_per_business, Some(25));
            }
            EventKind::WhatsAppPhoneNumberQuality(read) => {
                assert_eq!(read.current_limit.as_deref(), Some("TIER_10K"));
            }
            EventKind::WhatsAppPhoneNumberName(read) => {
                assert_eq!(read.requested_verified_name.as_deref(), Some("Lucky"));
                assert_eq!(read.rejection_reason.as_deref(), Some("NAME_EMPLOYEE_ISSUE"));
            }
            EventKind::WhatsAppSecurity(read) => {
                assert_eq!(read.requester.as_deref(), Some("61555822107539"));
            }
            other => panic!("{field}: {other:?}"),
        }
    }
}
