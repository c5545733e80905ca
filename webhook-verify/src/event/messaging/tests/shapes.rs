use std::collections::HashSet;

use serde_json::{Value, json};

use super::{ACCOUNT, AT, PERSON, anonymous, changed, deliver, item, listed, of, own, samples};
use crate::{
    Event, EventKind, Strength,
    event::messaging::{
        AppRole, AttachmentType, MEMBERS, Message, MessageOrigin, MessageReaction, MessagingBody,
        MessagingPlatform, NotificationStatus, PolicyAction, ReactionAction, ReferralSource,
    },
};

fn message(members: &Value) -> Message {
    let event = listed("page", "messaging", &item(&json!({"message": members})), AT);
    of(&event).message().unwrap().clone()
}

fn sample(object: &str, label: &str) -> Event {
    let found = samples::all().into_iter().find(|one| (one.object, one.label) == (object, label)).unwrap();
    listed(object, "messaging", &found.item, AT)
}

#[test]
fn every_member_of_the_tables_is_typed_named_and_told_apart() {
    let mut keys = HashSet::new();
    for sample in samples::all() {
        for list in ["messaging", "standby"] {
            let event = listed(sample.object, list, &sample.item, AT + 900);
            let platform = if sample.object == "page" { "messenger" } else { "instagram" };
            let read = of(&event);
            assert_eq!(event.kind().name(), format!("{platform}_{}", sample.label));
            assert_eq!((event.subject(), read.person()), (sample.person, sample.person), "{}", sample.item);
            assert_eq!(read.business(), Some(ACCOUNT), "{}", sample.item);
            assert_eq!(
                (read.standby, event.strength()),
                (list == "standby", Strength::Exact),
                "{}",
                sample.item
            );
            assert_eq!(event.field(), format!("{list}.{}", read.body.member()));
            assert_eq!(event.occurred_at().unwrap().as_unix_millis(), AT);
            assert!(read.beside.is_empty(), "{}", sample.item);
            assert!(keys.insert(event.key()), "{}", sample.item);

            let again: Event = serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap();
            assert_eq!(of(&again), read);
            assert_eq!(again.key(), event.key());
        }
    }
    let seen: HashSet<_> = samples::all()
        .iter()
        .map(|one| of(&listed(one.object, "messaging", &one.item, AT)).body.member())
        .collect();
    assert_eq!(seen, MEMBERS.iter().copied().collect());
}

#[test]
fn a_message_is_read_with_all_that_is_attached() {
    let event = sample("page", "message");
    let text = of(&event).message().unwrap();
    assert_eq!(of(&event).platform, MessagingPlatform::Messenger);
    assert_eq!((text.mid.as_deref(), text.text.as_deref()), (Some("m_text"), Some("hello, world!")));
    assert_eq!((text.quick_reply.as_deref(), text.nlp.as_deref()), (Some("RED"), Some(r#"{"intents":[]}"#)));
    let reply = text.reply_to.as_ref().unwrap();
    assert_eq!((reply.mid.as_deref(), reply.is_self_reply), (Some("m_before"), Some(false)));

    let media = &samples::all()[1];
    let event = listed("page", "messaging", &media.item, AT);
    let message = of(&event).message().unwrap();
    let [image, place, link, product, reel] = message.attachments.as_slice() else { panic!("{message:?}") };
    assert_eq!(message.seq, Some(73));
    assert_eq!(
        (&image.kind, image.sticker_id.as_deref()),
        (&Some(AttachmentType::Image), Some("369239263222822"))
    );
    assert_eq!(image.url.as_deref(), Some("https://scontent.xx.fbcdn.net/a.png"));
    let at = place.coordinates.unwrap();
    assert_eq!((at.latitude, at.longitude), (Some(38.8951), Some(-77.0364)));
    assert_eq!((link.url.as_deref(), link.title.as_deref()), (Some("https://example.com/"), Some("A page")));
    assert_eq!((&link.kind, &link.payload), (&Some(AttachmentType::Fallback), &None));
    assert!(product.payload.as_ref().unwrap().contains("retailer_id"));
    assert_eq!((reel.reel_video_id.as_deref(), reel.title.as_deref()), (Some("7"), Some("Reel")));
}

#[test]
fn what_instagram_attaches_is_known() {
    let found = samples::all().into_iter().find(|one| one.item["message"]["mid"] == "aWdfM").unwrap();
    let event = listed("instagram", "messaging", &found.item, AT);
    let kinds: Vec<_> =
        of(&event).message().unwrap().attachments.iter().map(|one| one.kind.clone().unwrap()).collect();
    let wanted = [
        AttachmentType::StoryMention,
        AttachmentType::InstagramReel,
        AttachmentType::Share,
        AttachmentType::Ephemeral,
    ];
    assert_eq!(kinds, wanted);
    let event = sample("instagram", "message");
    let reply = of(&event).message().unwrap().reply_to.clone().unwrap();
    assert_eq!((reply.mid, reply.story_id.as_deref()), (None, Some("17899")));
    assert_eq!(reply.story_url.as_deref(), Some("https://lookaside.fbsbx.com/s"));
    let new = message(&json!({"attachments": {"type": "hologram", "payload": 5}}));
    assert_eq!(new.attachments[0].kind, Some(AttachmentType::Unknown("hologram".into())));
    assert_eq!(new.attachments[0].payload.as_deref(), Some("5"));
}

#[test]
fn an_echo_tells_who_wrote_it() {
    for (members, origin) in [
        (json!({"mid": "m"}), MessageOrigin::Person),
        (json!({"mid": "m", "app_id": 5, "is_echo": false}), MessageOrigin::Person),
        (json!({"mid": "m", "is_echo": true, "app_id": 5}), MessageOrigin::OwnApp),
        (json!({"mid": "m", "is_echo": true, "app_id": "5"}), MessageOrigin::OwnApp),
        (json!({"mid": "m", "is_echo": true, "app_id": 55}), MessageOrigin::OtherApp),
        (json!({"mid": "m", "is_echo": true}), MessageOrigin::Inbox),
    ] {
        assert_eq!(message(&members).origin("5"), origin, "{members}");
    }
}

#[test]
fn both_sides_of_a_conversation_have_one_subject() {
    let said = listed("page", "messaging", &item(&json!({"message": {"mid": "m_1"}})), AT);
    let answered =
        listed("page", "messaging", &own(&json!({"message": {"mid": "m_2", "is_echo": true}})), AT);
    assert_eq!((said.subject(), answered.subject()), (Some(PERSON), Some(PERSON)));
    assert_eq!((of(&said).is_from_business(), of(&answered).is_from_business()), (false, true));
    for label in ["message_delivery", "message_read", "message_reaction", "postback", "pass_thread_control"] {
        let event = sample("page", label);
        assert_eq!((event.subject(), of(&event).is_from_business()), (Some(PERSON), false), "{label}");
    }
    let checkbox = anonymous(&json!({"optin": {"user_ref": "box"}}));
    assert_eq!(listed("page", "messaging", &checkbox, AT).subject(), Some("box"));
}

#[test]
fn what_is_beside_the_body_is_kept() {
    let both = item(&json!({"message": {"mid": "m_1"}, "referral": {"ref": "door", "source": "ADS"},
        "prior_message": {"source": "checkbox_plugin", "identifier": "box"}, "brand_new": {}}));
    let event = listed("page", "messaging", &both, AT);
    let read = of(&event);
    assert_eq!(event.kind().name(), "messenger_message");
    assert_eq!(read.referral().unwrap().reference.as_deref(), Some("door"));
    assert_eq!(read.referral().unwrap().source, Some(ReferralSource::Ads));
    let beside: Vec<_> = read.beside.iter().map(MessagingBody::member).collect();
    assert_eq!(beside, ["referral", "prior_message"]);
    assert_eq!(read.bodies().count(), 3);

    let ad = message(&json!({"mid": "m", "referral": {"ad_id": 5, "ads_context_data": {"post_id": "1_2"}}}));
    let ad = ad.referral.unwrap();
    assert_eq!(ad.ad_id.as_deref(), Some("5"));
    assert_eq!(ad.ads_context_data.unwrap().post_id.as_deref(), Some("1_2"));
    assert_eq!(of(&sample("page", "postback")).referral().unwrap().reference.as_deref(), Some("door"));
    assert_eq!(of(&sample("page", "referral")).referral().unwrap().is_guest_user, Some(true));
    assert!(of(&sample("page", "message_read")).referral().is_none());
}

#[test]
fn receipts_reactions_and_opt_ins_are_read() {
    let MessagingBody::Delivery(delivery) = &of(&sample("page", "message_delivery")).body.clone() else {
        panic!()
    };
    assert_eq!(delivery.mids, ["m_echo"]);
    assert_eq!(delivery.watermark.unwrap().as_unix_seconds(), 1_712_000_000);
    let MessagingBody::Read(read) = &of(&sample("instagram", "message_read")).body.clone() else { panic!() };
    assert_eq!((read.mid.as_deref(), read.watermark), (Some("aWdfE"), None));
    let MessagingBody::Edit(edit) = &of(&sample("instagram", "message_edit")).body.clone() else { panic!() };
    assert_eq!((edit.text.as_deref(), edit.num_edit), (Some("Nice"), Some(2)));
    let MessagingBody::Reaction(reaction) = &of(&sample("page", "message_reaction")).body.clone() else {
        panic!()
    };
    assert_eq!(reaction.action, Some(ReactionAction::React));
    assert_eq!(
        (&reaction.reaction, reaction.emoji.as_deref()),
        (&Some(MessageReaction::Love), Some("\u{2764}"))
    );
    let MessagingBody::Optin(optin) = &of(&sample("page", "optin")).body.clone() else { panic!() };
    assert_eq!(optin.notification_messages_status, Some(NotificationStatus::Stop));
    assert_eq!(optin.token_expiry_timestamp.unwrap().as_unix_seconds(), 1_743_536_000);
    assert_eq!((optin.topic.as_deref(), optin.payload.as_deref()), (Some("News"), Some("NEWS")));
    let MessagingBody::Payment(json) = &of(&sample("page", "payment")).body.clone() else { panic!() };
    assert_eq!(serde_json::from_str::<Value>(json).unwrap()["amount"]["amount"], "29.62");
}

#[test]
fn handovers_roles_and_policies_are_read() {
    let MessagingBody::PassThreadControl(pass) = &of(&sample("page", "pass_thread_control")).body.clone()
    else {
        panic!()
    };
    assert_eq!(pass.previous_owner_app_id.as_deref(), Some("111"));
    assert_eq!(
        (pass.new_owner_app_id.as_deref(), pass.metadata.as_deref()),
        (Some("222"), Some("your turn"))
    );
    let MessagingBody::AppRoles(roles) = &of(&sample("page", "app_roles")).body.clone() else { panic!() };
    let primary = AppRole { app_id: "111".to_owned(), roles: vec!["primary_receiver".to_owned()] };
    assert_eq!(roles.apps, [primary, AppRole { app_id: "222".to_owned(), roles: Vec::new() }]);
    let event = sample("page", "policy_enforcement");
    let MessagingBody::PolicyEnforcement(policy) = &of(&event).body else { panic!() };
    assert_eq!((&policy.action, policy.reason.as_deref()), (&Some(PolicyAction::Block), Some("spam")));
    assert_eq!((event.subject(), of(&event).sender_id.as_deref()), (None, None));
}

#[test]
fn a_conversation_that_comes_as_changes_is_typed_alike() {
    for (field, sample) in [
        ("messages", "message"),
        ("message_edit", "message_edit"),
        ("message_reactions", "message_reaction"),
        ("messaging_postbacks", "postback"),
        ("messaging_seen", "message_read"),
        ("messaging_handover", "pass_thread_control"),
        ("messaging_optins", "optin"),
        ("messaging_referral", "referral"),
        ("standby", "message"),
    ] {
        let wanted = samples::all()
            .into_iter()
            .find(|one| one.object == "instagram" && one.label == sample && one.person == Some(PERSON))
            .unwrap();
        for object in ["instagram", "page"] {
            let list = if field == "standby" { "standby" } else { "messaging" };
            let (in_list, change) =
                (listed(object, list, &wanted.item, AT), changed(object, field, &wanted.item));
            assert_eq!(of(&change), of(&in_list), "{object} {field}");
            assert_eq!((change.key(), change.field()), (in_list.key(), field), "{object}");
            let again: Event = serde_json::from_str(&serde_json::to_string(&change).unwrap()).unwrap();
            assert_eq!(of(&again), of(&change));
        }
    }
}

#[test]
fn what_is_no_item_of_a_conversation_stays_unknown() {
    let unknown = |event: &Event| matches!(event.kind(), EventKind::Unknown { .. });
    for odd in [
        item(&json!({})),
        item(&json!({"brand_new": {}})),
        item(&json!({"message": "text"})),
        item(&json!({"is_self": true})),
        json!({}),
    ] {
        assert!(unknown(&listed("page", "messaging", &odd, AT)), "{odd}");
    }
    let item = item(&json!({"message": {"mid": "m"}}));
    assert_eq!(
        listed("page", "messaging", &super::item(&json!({"is_self": true, "new": 1})), AT).field(),
        "messaging.new"
    );
    assert!(unknown(&listed("group", "messaging", &item, AT)));
    assert!(unknown(&changed("group", "messages", &item)));
    for object in ["page", "instagram"] {
        assert!(unknown(&changed(object, "messages", &json!({"sender": {"id": "1"}, "message": {}}))));
        assert!(unknown(&changed(object, "standby", &json!(5))));
        assert!(unknown(&changed(object, "messaging_feedback", &json!("text"))));
        assert!(unknown(&changed(object, "message_template_status_update", &json!({"event": "APPROVED"}))));
    }
    let neighbours = deliver(&json!({"object": "page", "entry": [{"id": "1", "messaging": [5, item, {}]}]}));
    assert!(matches!(neighbours[0].kind(), EventKind::Unreadable { .. }));
    assert_eq!(of(&neighbours[1]).message().unwrap().mid.as_deref(), Some("m"));
    assert!(unknown(&neighbours[2]));
}

#[test]
fn members_of_another_type_are_absent_and_the_rest_stays() {
    let odd = json!({"sender": 5, "recipient": {"id": {}}, "timestamp": "soon", "message": {"mid": 7, "text": {},
        "attachments": [1, "two", {"payload": {"coordinates": {"lat": "north", "long": "1e999"}}}], "is_echo": "perhaps",
        "quick_reply": "RED", "reply_to": [], "seq": -1, "referral": 0, "commands": [{"name": "go"}, {}]}});
    let event = listed("page", "messaging", &odd, AT);
    let read = of(&event);
    assert_eq!(
        (&read.sender_id, &read.recipient_id, read.timestamp, read.person()),
        (&None, &None, None, None)
    );
    let message = read.message().unwrap();
    assert_eq!((message.mid.as_deref(), &message.text, message.is_echo), (Some("7"), &None, None));
    assert_eq!((&message.quick_reply, &message.reply_to, message.seq), (&None, &None, None));
    assert_eq!((message.attachments.len(), &message.commands[..]), (1, &["go".to_owned()][..]));
    let place = message.attachments[0].coordinates.unwrap();
    assert_eq!((place.latitude, place.longitude), (None, None));
    assert_eq!(event.strength(), Strength::Exact);
}
