use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ParseError, parse_linkedin, parse_meta};
use crate::{
    Delivery, Event, EventKind, LinkedInVerifier, MetaVerifier, Provider, Secret, Strength, Verified,
    testing::{sign_linkedin, sign_meta},
};

fn secret() -> Secret {
    Secret::new("secret").unwrap()
}

pub(super) fn meta_signed(body: &[u8]) -> Verified<Bytes> {
    let verifier = MetaVerifier::builder().secret("main", secret()).build().unwrap();
    verifier.verify([sign_meta(&secret(), body)], Bytes::copy_from_slice(body)).unwrap()
}

pub(super) fn linkedin_signed(body: &[u8]) -> Verified<Bytes> {
    let verifier = LinkedInVerifier::builder().secret("main", secret()).build().unwrap();
    verifier.verify([sign_linkedin(&secret(), body)], Bytes::copy_from_slice(body)).unwrap()
}

fn meta(body: &Value) -> Vec<Event> {
    let delivery = parse_meta(&meta_signed(body.to_string().as_bytes())).unwrap();
    assert_eq!(delivery.provider(), Provider::Meta);
    delivery.into_events()
}

fn linkedin(body: &Value) -> Vec<Event> {
    let delivery = parse_linkedin(&linkedin_signed(body.to_string().as_bytes())).unwrap();
    assert_eq!(delivery.provider(), Provider::LinkedIn);
    delivery.into_events()
}

/// (field, kind, account) of each event.
fn shapes(events: &[Event]) -> Vec<(&str, &str, Option<&str>)> {
    events.iter().map(|event| (event.field(), event.kind().name(), event.account())).collect()
}

/// One event of a Page.
fn page(field: &str, value: &Value, time: i64) -> Event {
    let entry = json!({"id": "10", "time": time, "changes": [{"field": field, "value": value}]});
    meta(&json!({"object": "page", "entry": [entry]})).remove(0)
}

#[test]
fn one_unreadable_item_never_loses_its_neighbours() {
    let lead = json!({"field": "leadgen", "value": {"leadgen_id": "5"}});
    let events = meta(&json!({"object": "page", "entry": [
        7,
        {"id": 10, "time": "1712000000", "changes": [
            lead, null, 1, "text", [], {}, {"field": 5}, {"field": "feed", "value": "text"},
            {"field": "feed"}, {"field": "brand_new", "value": 1}, lead,
        ]},
        {"id": "11", "changes": lead},
        {"id": "12"},
    ]}));
    assert_eq!(
        shapes(&events),
        [
            ("entry", "unreadable", None),
            ("leadgen", "page_leadgen", Some("10")),
            ("", "unreadable", Some("10")),
            ("", "unreadable", Some("10")),
            ("", "unreadable", Some("10")),
            ("", "unreadable", Some("10")),
            ("", "unreadable", Some("10")),
            ("", "unreadable", Some("10")),
            ("feed", "unreadable", Some("10")),
            ("feed", "unknown", Some("10")),
            ("brand_new", "unknown", Some("10")),
            ("leadgen", "page_leadgen", Some("10")),
            ("leadgen", "page_leadgen", Some("11")),
            ("entry", "unknown", Some("12")),
        ]
    );
    assert_eq!(events[8].raw().get(), r#"{"field":"feed","value":"text"}"#);
    let EventKind::Unreadable { reason } = events[8].kind() else { panic!("{:?}", events[8]) };
    assert_eq!(*reason, "the value of the change is not a JSON object");
    assert_eq!(events[0].raw().get(), "7");
    assert_eq!(events[1].sent_at().unwrap().as_unix_seconds(), 1_712_000_000);
}

#[test]
fn a_broken_surrogate_in_one_change_leaves_the_others() {
    let body = br#"{"object":"page","entry":[{"id":"1","time":1,"changes":[
        {"field":"feed","value":{"item":"post","verb":"add","post_id":"1_2","message":"\ud83d"}},
        {"field":"\ud83d","value":{}},
        {"field":"leadgen","value":{"leadgen_id":1}}]}]}"#;
    let events = parse_meta(&meta_signed(body)).unwrap().into_events();
    assert_eq!(
        shapes(&events),
        [
            ("feed", "page_feed", Some("1")),
            ("", "unreadable", Some("1")),
            ("leadgen", "page_leadgen", Some("1"))
        ]
    );
    let EventKind::PageFeed(change) = events[0].kind() else { panic!("{:?}", events[0]) };
    assert_eq!((change.post_id.as_deref(), change.message.as_deref()), (Some("1_2"), None));
}

#[test]
fn every_list_of_an_entry_is_split() {
    let events = meta(&json!({"object": "page", "entry": [{
        "id": "1", "time": 1_712_000_000_000_i64, "hop_context": [{"app_id": 1}],
        "changes": [{"field": "mention", "value": {"post_id": "1_2"}}],
        "changed_fields": ["feed", "parking"],
        "messaging": [
            {"sender": {"id": "2"}, "timestamp": 1_712_000_000_123_i64, "message": {"mid": "m"}, "referral": {}},
            {"recipient": {"id": "1"}, "policy-enforcement": {"action": "block"}},
            {"sender": {"id": "2"}, "brand_new": {}}, {"sender": {"id": "2"}}, {"referral": {}}, 5,
        ],
        "standby": [{"read": {"watermark": 1}}],
        "future_list": [1, 2], "future_flag": true,
    }]}));
    let unknown = |field| (field, "unknown", Some("1"));
    assert_eq!(
        shapes(&events),
        [
            unknown("feed"),
            unknown("parking"),
            unknown("mention"),
            unknown("future_list"),
            unknown("messaging.message"),
            unknown("messaging.policy-enforcement"),
            unknown("messaging.brand_new"),
            unknown("messaging"),
            unknown("messaging.referral"),
            ("messaging", "unreadable", Some("1")),
            unknown("standby.read"),
        ]
    );
    assert_eq!(events[4].occurred_at().unwrap().as_unix_millis(), 1_712_000_000_123);
    assert_eq!(events[5].time(), events[5].sent_at());
    assert_eq!(events[0].raw().get(), "\"feed\"");
}

#[test]
fn other_envelopes_are_kept() {
    assert!(meta(&json!({"object": "page", "entry": []})).is_empty());
    assert!(meta(&json!({"object": "page", "entry": [{"id": "1", "time": 1, "messaging": []}]})).is_empty());
    let threads = meta(&json!({"app_id": "1", "topic": "moderate", "values": {"field": "replies"}}));
    assert_eq!(shapes(&threads), [("body", "unknown", None)]);
    assert!(threads[0].raw().get().contains("moderate"));
    assert_eq!(shapes(&meta(&json!({"object": "page", "entry": {}}))), [("body", "unreadable", None)]);
    let user = json!({"object": "user", "entry": [{"uid": 9, "time": 1, "changes": [{"field": "email", "value": "a"}]}]});
    assert_eq!(shapes(&meta(&user)), [("email", "unknown", Some("9"))]);
    // `feed` and `leadgen` have these shapes on a Page only.
    let other =
        json!({"object": "group", "entry": [{"id": "1", "changes": [{"field": "feed", "value": "x"}]}]});
    assert_eq!(shapes(&meta(&other)), [("feed", "unknown", Some("1"))]);
}

#[test]
fn what_whatsapp_tells_of_a_message_is_kept_whatever_it_is() {
    for value in [
        json!({"statuses": [{"id": "wamid.1", "status": "failed", "recipient_id": "4915",
            "errors": [{"code": 131_026, "title": "Message undeliverable"}]}]}),
        json!({"messages": [{"from": "4915", "type": "brand_new", "brand_new": {}}]}),
        json!({"contacts": [{"user_id": "US.1"}], "messages": [{"type": "contacts", "contacts": [{}]}]}),
    ] {
        let change = json!({"field": "messages", "value": value});
        let body =
            json!({"object": "whatsapp_business_account", "entry": [{"id": "9", "changes": [change]}]});
        let events = meta(&body);
        assert_eq!(shapes(&events), [("messages", "unknown", Some("9"))]);
        assert_eq!(serde_json::from_str::<Value>(events[0].raw().get()).unwrap()["value"], value);
    }
}

#[test]
fn leads_are_typed() {
    let value = json!({"leadgen_id": 444, "page_id": "10", "form_id": 555, "ad_id": "6", "adgroup_id": 7,
        "created_time": 1_712_000_000});
    let event = page("leadgen", &value, 1_712_000_009);
    let EventKind::PageLeadgen(lead) = event.kind() else { panic!("{event:?}") };
    let ids = [&lead.leadgen_id, &lead.page_id, &lead.form_id, &lead.ad_id, &lead.adgroup_id];
    assert_eq!(ids.map(|id| id.as_deref().unwrap()), ["444", "10", "555", "6", "7"]);
    assert_eq!(event.time().unwrap().as_unix_seconds(), 1_712_000_000);
    assert_eq!((event.object(), event.account(), event.strength()), ("page", Some("10"), Strength::Exact));

    // Length-prefixed parts, computed by another program.
    assert_eq!(event.key().to_string(), "389c8e2729d1843dedb7041c08386c34f61926f9fea5147400088b90730a085a");

    let text_ids = json!({"leadgen_id": "444", "created_time": "1712000000"});
    assert_eq!(page("leadgen", &text_ids, 1).key(), event.key());
    assert_ne!(page("leadgen", &json!({"leadgen_id": "445"}), 1).key(), event.key());
    assert_eq!(page("leadgen", &json!({"form_id": "5"}), 1).strength(), Strength::BestEffort);
}

#[test]
fn the_other_platforms_body_is_refused() {
    let (meta, linkedin) = (meta_signed(b"{}"), linkedin_signed(b"{}"));
    let signed_by = Provider::LinkedIn;
    assert_eq!(parse_meta(&linkedin).unwrap_err(), ParseError::OtherProvider { signed_by });
    let signed_by = Provider::Meta;
    assert_eq!(parse_linkedin(&meta).unwrap_err(), ParseError::OtherProvider { signed_by });
}

#[test]
fn what_is_no_json_is_an_error() {
    assert_eq!(
        parse_meta(&meta_signed(b"{\"a\":\n1,}")).unwrap_err(),
        ParseError::NotJson { line: 2, column: 3 }
    );
    assert_eq!(parse_meta(&meta_signed(b"{}{}")).unwrap_err(), ParseError::NotJson { line: 1, column: 3 });
    assert_eq!(parse_linkedin(&linkedin_signed(b"{\"a\":\"\xff\"}")).unwrap_err(), ParseError::NotUtf8);
}

#[test]
fn social_actions_are_typed() {
    let one = |id: Value| {
        json!({"notificationId": id, "organizationalEntity": "urn:li:organization:1", "action": "COMMENT",
        "sourcePost": "urn:li:share:2", "generatedActivity": "urn:li:comment:(activity:2,3)",
        "subscriber": "urn:li:person:4", "lastModifiedAt": 1_712_000_000_123_i64})
    };
    let body =
        |list: Value| json!({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": list});
    let events =
        linkedin(&body(json!([one(json!(-5)), 1, {"action": "LIKE"}, one(json!("-5")), one(json!(6))])));
    let account = Some("urn:li:organization:1");
    let kinds: Vec<_> = shapes(&events).into_iter().map(|(_, kind, account)| (kind, account)).collect();
    assert_eq!(
        kinds,
        [
            ("linkedin_social_action", account),
            ("unreadable", None),
            ("linkedin_social_action", None),
            ("linkedin_social_action", account),
            ("linkedin_social_action", account),
        ]
    );
    let EventKind::LinkedInSocialAction(action) = events[0].kind() else { panic!("{:?}", events[0]) };
    assert_eq!(action.notification_id.as_deref(), Some("-5"));
    assert_eq!(action.action.as_ref().unwrap().as_str(), "COMMENT");
    assert_eq!(action.generated_activity.as_deref(), Some("urn:li:comment:(activity:2,3)"));
    assert_eq!(events[0].occurred_at().unwrap().as_unix_millis(), 1_712_000_000_123);
    assert_eq!(events[0].strength(), Strength::Exact);
    assert_eq!(events[2].strength(), Strength::BestEffort);
    assert_eq!(events[0].key(), events[3].key());
    assert_ne!(events[0].key(), events[4].key());

    assert_eq!(shapes(&linkedin(&body(json!({})))), [("body", "unreadable", None)]);
    assert!(linkedin(&body(json!([]))).is_empty());
}

#[test]
fn lead_actions_are_typed() {
    let lead = |action: &str, occurred_at: Value, owner: Value| {
        let body = json!({"type": "LEAD_ACTION", "leadGenFormResponse": "urn:li:leadGenFormResponse:1",
            "leadGenForm": "urn:li:leadGenForm:2", "owner": owner, "associatedEntity": "urn:li:event:3",
            "leadType": "EVENT", "leadAction": action, "occurredAt": occurred_at});
        linkedin(&body).remove(0)
    };
    let owner = json!({"sponsoredAccount": "urn:li:sponsoredAccount:7"});
    let event = lead("CREATED", json!(1_712_000_000_000_i64), owner.clone());
    let EventKind::LinkedInLeadAction(action) = event.kind() else { panic!("{event:?}") };
    assert_eq!(action.response.as_deref(), Some("urn:li:leadGenFormResponse:1"));
    assert_eq!(action.owner.as_ref().unwrap().kind, "sponsoredAccount");
    let entity = action.associated_entity.as_ref().unwrap();
    assert_eq!((entity.kind.as_str(), entity.urn.as_str()), ("event", "urn:li:event:3"));
    assert_eq!(event.account(), Some("urn:li:sponsoredAccount:7"));
    assert_eq!(event.time().unwrap().as_unix_seconds(), 1_712_000_000);

    // The unit of `occurredAt` is uncertain and must not matter.
    assert_eq!(lead("CREATED", json!(1_712_000_000), owner.clone()).key(), event.key());
    assert_ne!(lead("DELETED", json!(1_712_000_000), owner.clone()).key(), event.key());
    let (one, two) = (lead("EDITED", json!(1), owner.clone()), lead("EDITED", json!(2), owner));
    assert_ne!(one.key(), two.key());
    assert_eq!(shapes(&[lead("CREATED", json!(1), json!({"organization": 5}))])[0].2, None);
}

#[test]
fn other_linkedin_types_are_kept() {
    let raw = json!({"type": "SOMETHING_NEW", "notifications": [1]});
    assert_eq!(shapes(&linkedin(&raw)), [("SOMETHING_NEW", "unknown", None)]);
    assert_eq!(shapes(&linkedin(&json!({"hello": 1}))), [("body", "unknown", None)]);
    assert_eq!(shapes(&linkedin(&json!({"notifications": []}))), [("body", "unreadable", None)]);
}

#[test]
fn debug_shows_no_content() {
    let event =
        page("feed", &json!({"item": "post", "verb": "add", "post_id": "1_2", "message": "canary"}), 1);
    assert!(event.raw().get().contains("canary"));
    let printed = format!("{event:?} {event:#?}");
    assert!(printed.contains("page_feed") && !printed.contains("canary"), "{printed}");
}

fn arbitrary_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z_é\"\\\\]{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["feed", "leadgen", "add", "comment", "1712000000"]).prop_map(Value::from),
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
    fn every_object_is_read_and_survives_storage(value in arbitrary_json(), kind in "page|user|[a-z]{0,3}") {
        for body in [json!({"object": kind, "entry": value}), json!({"type": "LEAD_ACTION", "owner": value}),
            json!({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": value})] {
            for event in meta(&body).into_iter().chain(linkedin(&body)) {
                let stored = serde_json::to_string(&event).unwrap();
                let again: Event = serde_json::from_str(&stored).unwrap();
                prop_assert_eq!(format!("{:?}", &again), format!("{:?}", &event));
                prop_assert_eq!(format!("{:?}", again.kind()), format!("{:?}", event.kind()));
                prop_assert_eq!(again.raw().get(), event.raw().get());
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
}
