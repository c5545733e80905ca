use bytes::Bytes;
use serde_json::{Value, json};

use super::{ParseError, parse_linkedin, parse_meta};
use crate::{
    Event, EventKind, LeadType, LinkedInVerifier, MetaVerifier, Provider, Secret, SocialActionType, Strength,
    Verified,
    testing::{sign_linkedin, sign_meta},
};

mod envelopes;
mod properties;

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
            ("feed", "changed", Some("10")),
            ("brand_new", "unknown", Some("10")),
            ("leadgen", "page_leadgen", Some("10")),
            ("leadgen", "page_leadgen", Some("11")),
            ("entry", "unknown", Some("12")),
        ]
    );
    assert_eq!(events[8].raw(), r#"{"field":"feed","value":"text"}"#);
    let EventKind::Unreadable { reason } = events[8].kind() else { panic!("{:?}", events[8]) };
    assert_eq!(*reason, "the value of the change is not a JSON object");
    assert_eq!(events[0].raw(), "7");
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
fn a_like_without_an_activity_and_decorations_are_read() {
    let like = json!({"notificationId": 7, "organizationalEntity": "urn:li:organizationBrand:1", "action": "LIKE",
        "sourcePost": "urn:li:share:2", "decoratedSourcePost": {"text": "a", "number": 12_345_678_901_234_567_890_u64},
        "lastModifiedAt": 1_712_000_000_123_i64});
    let shared = json!({"notificationId": 8, "action": "SHARE_MENTION", "decoratedGeneratedActivity": {"share": {"text": "b"}},
        "decoratedSourcePost": null});
    let body = json!({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [like, shared]});
    let events = linkedin(&body);
    let EventKind::LinkedInSocialAction(action) = events[0].kind() else { panic!("{:?}", events[0]) };
    assert_eq!(
        (action.generated_activity.as_deref(), action.action.as_ref()),
        (None, Some(&SocialActionType::Like))
    );
    let decorated: Value = serde_json::from_str(action.decorated_source_post.as_ref().unwrap()).unwrap();
    assert_eq!(decorated, like["decoratedSourcePost"]);
    assert_eq!(action.decorated_generated_activity, None);
    assert_eq!((events[0].subject(), events[0].strength()), (Some("urn:li:share:2"), Strength::Exact));
    let EventKind::LinkedInSocialAction(action) = events[1].kind() else { panic!("{:?}", events[1]) };
    assert_eq!(action.action, Some(SocialActionType::ShareMention));
    assert_eq!(action.decorated_generated_activity.as_deref(), Some(r#"{"share":{"text":"b"}}"#));
    assert_eq!(action.decorated_source_post, None);
}

#[test]
fn every_documented_action_of_linkedin_is_known() {
    for action in
        ["LIKE", "COMMENT", "SHARE", "SHARE_MENTION", "ADMIN_COMMENT", "COMMENT_EDIT", "COMMENT_DELETE"]
    {
        assert!(SocialActionType::from(action).is_known(), "{action}");
    }
    for lead_type in ["SPONSORED", "EVENT", "COMPANY", "ORGANIZATION_PRODUCT"] {
        assert!(LeadType::from(lead_type).is_known(), "{lead_type}");
    }
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
    assert_eq!(event.subject(), Some("urn:li:leadGenFormResponse:1"));
    let in_seconds = lead("DELETED", json!(1_712_000_000), json!({"organization": "urn:li:organization:1"}));
    assert_eq!(in_seconds.occurred_at(), event.occurred_at());
    assert_eq!(in_seconds.account(), Some("urn:li:organization:1"));
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
    assert!(event.raw().contains("canary"));
    let printed = format!("{event:?} {event:#?}");
    assert!(printed.contains("page_feed") && !printed.contains("canary"), "{printed}");
}
