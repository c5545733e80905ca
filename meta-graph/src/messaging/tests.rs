use serde_json::json;
use sociogram_api_core::{Finding, Timestamp};

use super::*;
use crate::id::{AppId, MessageId, ObjectId, PageId, ScopedUserId};
use crate::scripted::exchange;

fn page() -> PageId {
    PageId::from(42)
}

fn person() -> ScopedUserId {
    ScopedUserId::from(7)
}

fn names(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(Finding::rule).collect()
}

#[tokio::test]
async fn odd_conversations_and_messages_lose_only_what_is_odd() {
    let answer = json!({"data": [
        {"id": "t_1", "updated_time": "2026-01-02T03:04:05+0000", "unread_count": "2", "message_count": 5,
         "can_reply": "true", "participants": {"data": [{"id": 7, "name": "Ada"}, {"no": "id"}]},
         "senders": [{"id": "8"}], "link": 5},
        {"no": "id"},
    ], "paging": {"cursors": {"after": "A"}, "next": "https://graph.facebook.com/v26.0/42/conversations?after=A"}});
    let (list, _) = exchange(ListConversations::new(page()), &answer.to_string()).await;
    let list = list.unwrap();
    assert_eq!((list.items.len(), list.malformed.len()), (1, 1));
    let conversation = &list.items[0];
    assert_eq!(conversation.updated_time, Some(Timestamp::from_unix_seconds(1_767_323_045)));
    assert_eq!((conversation.unread_count, conversation.message_count), (Some(2), Some(5)));
    assert_eq!((conversation.can_reply, conversation.link.as_deref()), (Some(true), None));
    assert_eq!((conversation.participants.len(), conversation.senders.len()), (1, 1));
    assert_eq!(conversation.participants[0].name.as_deref(), Some("Ada"));

    let answer = json!({"id": "m_1", "message": "", "from": {"id": "7", "username": "ada"}, "to": {"data": "?"},
        "tags": {"data": [{"name": "inbox"}, {"name": "sent"}]}, "sticker": null,
        "attachments": {"data": [{"id": "9", "size": "10", "image_data": {"url": "https://e.com/i", "width": 5}}]},
        "reactions": {"data": [{"reaction": "😊", "users": [{"id": "7"}]}]},
        "reply_to": {"mid": "m_0"}, "is_unsupported": 0});
    let (message, _) = exchange(GetMessage::new(MessageId::new("m_1").unwrap()), &answer.to_string()).await;
    let message = message.unwrap();
    assert_eq!(message.tags, ["inbox", "sent"]);
    assert_eq!(message.reply_to.as_ref().map(MessageId::as_str), Some("m_0"));
    assert_eq!((message.is_unsupported, message.to.len()), (Some(false), 0));
    assert_eq!(message.attachments[0].size, Some(10));
    assert_eq!(message.attachments[0].image_data.as_ref().and_then(|image| image.width), Some(5));
    assert_eq!((message.reactions[0].reaction.as_deref(), message.reactions[0].users.len()), (Some("😊"), 1));
}

#[tokio::test]
async fn people_may_be_without_a_name() {
    let answer = r#"{"id":"7","name":null,"profile_pic":null,"timezone":"-7","first_name":"Ada"}"#;
    let (known, _) = exchange(GetPerson::new(person()), answer).await;
    let known = known.unwrap();
    assert_eq!((known.name, known.timezone, known.first_name.as_deref()), (None, Some(-7.0), Some("Ada")));
    let answer = r#"{"username":"ada","name":null,"follower_count":"12","is_verified_user":"false"}"#;
    let (known, _) = exchange(GetInstagramPerson::new(person()), answer).await;
    let known = known.unwrap();
    assert_eq!((known.name, known.follower_count, known.is_verified_user), (None, Some(12), Some(false)));
}

#[tokio::test]
async fn nobody_may_own_a_conversation() {
    let get = || GetThreadOwner::new(page(), person());
    let (owner, _) = exchange(get(), r#"{"data":[]}"#).await;
    assert_eq!(owner.unwrap(), None);
    let answer = r#"{"data":[{"thread_owner":{"app_id":263902037430900,"expiration":"1767323045"}}]}"#;
    let (owner, _) = exchange(get(), answer).await;
    let owner = owner.unwrap().unwrap();
    assert_eq!(owner.app_id, AppId::from(PAGE_INBOX_APP));
    assert_eq!(owner.expiration, Some(Timestamp::from_unix_seconds(1_767_323_045)));
}

#[tokio::test]
async fn a_profile_that_was_never_set_is_empty() {
    let get = || GetMessengerProfile::new(page());
    let (profile, _) = exchange(get(), r#"{"data":[]}"#).await;
    assert_eq!(profile.unwrap(), MessengerProfile::default());
    let answer = json!({"data": [{"get_started": {"payload": "go"}, "greeting": "?",
        "ice_breakers": [{"call_to_actions": [{"question": "Q", "payload": "q"}, {"odd": 1}], "locale": "default"}],
        "persistent_menu": [{"locale": "default", "composer_input_disabled": "true", "call_to_actions": [
            {"type": "postback", "title": "T", "payload": "p"}, {"type": "nested_new", "title": "N"}]}]}]});
    let (profile, _) = exchange(get(), &answer.to_string()).await;
    let profile = profile.unwrap();
    assert_eq!(profile.get_started, Some(GetStarted::from("go")));
    assert_eq!((profile.greeting.len(), profile.ice_breakers[0].call_to_actions.len()), (0, 1));
    let menu = &profile.persistent_menu[0];
    assert!(menu.composer_input_disabled);
    let kinds: Vec<&str> = menu.call_to_actions.iter().map(|item| item.kind.as_str()).collect();
    assert_eq!(kinds, ["postback", "nested_new"]);
}

#[test]
fn the_profile_has_limits() {
    let set = || SetMessengerProfile::new(page());
    let breakers = |count: usize| vec![IceBreakers::new((0..count).map(|_| IceBreaker::new("q", "p")))];
    let menu = |count: usize| vec![PersistentMenu::new((0..count).map(|_| Button::postback("t", "p")))];
    let domains = |count: usize| vec!["https://example.com".to_owned(); count];
    for (set, rules) in [
        (set().ice_breakers(breakers(4)), &[][..]),
        (set().ice_breakers(breakers(5)), &["messenger.profile.count"]),
        (set().persistent_menu(menu(3)), &[]),
        (set().persistent_menu(menu(4)), &["messenger.profile.count"]),
        (set().whitelisted_domains(domains(50)), &[]),
        (set().whitelisted_domains(domains(51)), &["messenger.profile.count"]),
        (set().greeting(vec![Greeting::new("x".repeat(161))]), &["messenger.profile.greeting"]),
        (set().platform(Platform::Instagram).ice_breakers(breakers(1)).persistent_menu(menu(1)), &[]),
        (set().platform(Platform::Instagram).get_started("go"), &["messaging.platform"]),
    ] {
        assert_eq!(names(&set.check()), rules, "{set:?}");
    }
}

#[test]
fn what_is_managed_is_checked() {
    let create = |name: String| CreatePersona::new(page(), name, "https://example.com/i.png");
    assert!(create("ä".repeat(50)).check().is_empty());
    assert_eq!(names(&create("ä".repeat(51)).check()), ["messenger.persona.name"]);
    assert_eq!(names(&create(String::new()).check()), ["messenger.persona.name"]);

    let people = |count: u64| (0..count).map(ScopedUserId::from).collect::<Vec<_>>();
    let moderate =
        |count: u64| ModerateConversations::new(page(), people(count), [ModerationAction::BlockUser]);
    assert!(moderate(10).check().is_empty());
    assert_eq!(names(&moderate(11).check()), ["instagram.message.moderate.people"]);
    assert_eq!(names(&moderate(0).check()), ["instagram.message.moderate.people"]);
    let nothing = ModerateConversations::new(page(), people(1), Vec::new());
    assert_eq!(names(&nothing.check()), ["instagram.message.moderate.actions"]);
    let both = [ModerationAction::BlockUser, ModerationAction::UnblockUser];
    let both = ModerateConversations::new(page(), people(1), both);
    assert_eq!(names(&both.check()), ["instagram.message.moderate.actions"]);

    let extend = |seconds: u32| ExtendThreadControl::new(page(), person()).duration(seconds);
    assert!(extend(604_800).check().is_empty());
    assert_eq!(names(&extend(604_801).check()), ["messenger.thread_control.duration"]);

    let none: [&str; 0] = [];
    let body = || UtilityComponent::body("Hi", none);
    let buttons =
        |count: usize| UtilityComponent::buttons((0..count).map(|_| TemplateButton::postback("a", "b")));
    let create = |components| CreateUtilityTemplate::new(page(), "n", "en").components(components);
    assert!(create(vec![body(), buttons(3)]).check().is_empty());
    assert_eq!(names(&create(vec![body(), buttons(4)]).check()), ["messenger.template.buttons"]);
    assert_eq!(names(&create(Vec::new()).check()), ["messenger.template.empty"]);
    let copy = CreateUtilityTemplate::new(page(), "n", "en").library_template_name("order_confirmation_1");
    assert!(copy.check().is_empty());

    let upload = |attachment| UploadAttachment::new(page(), Platform::Messenger, attachment);
    assert!(upload(Attachment::url(AttachmentKind::Image, "https://e.com/i.png")).check().is_empty());
    let again = upload(Attachment::id(AttachmentKind::Image, ObjectId::from(page())));
    assert_eq!(names(&again.check()), ["messaging.attachment.upload"]);
    assert_eq!(
        names(&upload(Attachment::heart()).check()),
        ["messaging.attachment.upload", "messaging.platform"]
    );
}

#[tokio::test]
async fn an_unknown_state_of_a_template_survives() {
    let answer = json!({"data": [{"id": "1", "name": "n", "status": "ON_HOLD", "components": [
        {"type": "BODY", "text": "Hi"}, "?"]}]});
    let (list, _) = exchange(ListUtilityTemplates::new(page()), &answer.to_string()).await;
    let template = list.unwrap().items.remove(0);
    assert_eq!(template.status.unwrap().as_str(), "ON_HOLD");
    assert_eq!((template.components.len(), template.components[0].kind()), (1, Some("BODY")));
    assert_eq!(template.components[0].text(), Some("Hi"));
}
