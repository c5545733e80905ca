//! Sending on Messenger and Instagram, and reading conversations.

use serde_json::json;
use sociogram_meta_graph::messaging::{
    Attachment, AttachmentFile, AttachmentKind, Button, ButtonTemplate, GetConversation,
    GetInstagramConversation, GetInstagramMessage, GetInstagramPerson, GetMessage, GetPerson,
    ListConversations, ListInstagramConversations, ListInstagramMessages, ListMessages, Message, OptInToken,
    OutgoingMessage, Platform, QuickReply, SendAction, SendInstagramAction, SendInstagramMessage,
    SendMessage, SenderAction, UploadAttachment, UtilityMessage, UtilityParameter,
};
use sociogram_meta_graph::{
    CommentId, ConversationId, GraphHost, InstagramAccountId, MediaId, MessageId, ObjectId, PageId,
    ScopedUserId,
};

use crate::table::Table;

const MESSAGE: &str = "id%2Ccreated_time%2Cfrom%2Cto%2Cmessage%2Cattachments%2Cshares%2Csticker%2Ctags%2Creactions%2C\
                       reply_to%2Cis_unsupported";

fn page() -> PageId {
    PageId::from(42)
}

fn person() -> ScopedUserId {
    ScopedUserId::from(24_107_563)
}

fn account() -> InstagramAccountId {
    InstagramAccountId::from(17_841)
}

fn sent() -> serde_json::Value {
    json!({"recipient_id": "24107563", "message_id": "m_AG5Hz2U"})
}

#[tokio::test]
async fn messages_of_messenger() {
    let table = Table::new().await;
    let send = |message| SendMessage::new(page(), message);
    let text = Message::text("hello, world").quick_replies([QuickReply::text("Yes", "YES")]);
    table
        .row(
            send(OutgoingMessage::response(person(), text)),
            "POST /v26.0/42/messages\njson {\"message\":{\"quick_replies\":[{\"content_type\":\"text\",\
             \"payload\":\"YES\",\"title\":\"Yes\"}],\"text\":\"hello, world\"},\"messaging_type\":\"RESPONSE\",\
             \"recipient\":{\"id\":\"24107563\"}}",
            sent(),
            |sent| {
                assert_eq!(sent.message_id, Some(MessageId::new("m_AG5Hz2U").unwrap()));
                assert_eq!(sent.recipient_id, Some(person()));
            },
        )
        .await;
    table
        .row(
            send(OutgoingMessage::human_agent(person(), Message::text("Hi"))),
            "POST /v26.0/42/messages\njson {\"message\":{\"text\":\"Hi\"},\"messaging_type\":\"MESSAGE_TAG\",\
             \"recipient\":{\"id\":\"24107563\"},\"tag\":\"HUMAN_AGENT\"}",
            sent(),
            |_| {},
        )
        .await;
    table
        .row(
            send(OutgoingMessage::response(CommentId::new("1_2").unwrap(), Message::text("See your inbox"))),
            "POST /v26.0/42/messages\njson {\"message\":{\"text\":\"See your inbox\"},\"messaging_type\":\"RESPONSE\",\
             \"recipient\":{\"comment_id\":\"1_2\"}}",
            sent(),
            |_| {},
        )
        .await;
    let utility = UtilityMessage::new("order_update", "en").body([UtilityParameter::text("566701")]);
    table
        .row(
            send(OutgoingMessage::utility(person(), utility)),
            "POST /v26.0/42/messages\njson {\"message\":{\"template\":{\"components\":[{\"parameters\":[{\"text\":\
             \"566701\",\"type\":\"text\"}],\"type\":\"body\"}],\"language\":{\"code\":\"en\"},\"name\":\
             \"order_update\"}},\"messaging_type\":\"UTILITY\",\"recipient\":{\"id\":\"24107563\"}}",
            sent(),
            |_| {},
        )
        .await;
    table
        .row(
            send(OutgoingMessage::marketing(OptInToken::new("T1"), Message::text("Sale"))),
            "POST /v26.0/42/messages\njson {\"message\":{\"text\":\"Sale\"},\"recipient\":\
             {\"notification_messages_token\":\"T1\"}}",
            json!({"message_id": "m_1"}),
            |sent| assert_eq!(sent.recipient_id, None),
        )
        .await;
    let file = AttachmentFile::new("shirt.png", "image/png", vec![1, 2, 3]);
    let attachment = Attachment::upload(AttachmentKind::Image, file).reusable();
    table
        .row(
            send(OutgoingMessage::response(person(), Message::attachment(attachment))),
            "POST /v26.0/42/messages\nmultipart message={\"attachment\":{\"payload\":{\"is_reusable\":true},\"type\":\
             \"image\"}} messaging_type=RESPONSE recipient={\"id\":\"24107563\"} filedata=@shirt.png;image/png",
            json!({"recipient_id": "24107563", "message_id": "m_1", "attachment_id": "1857777774821032"}),
            |sent| assert_eq!(sent.attachment_id, Some(ObjectId::new("1857777774821032").unwrap())),
        )
        .await;
}

#[tokio::test]
async fn messages_of_instagram() {
    let table = Table::new().await;
    let buttons = ButtonTemplate::new("More?", [Button::postback("Yes", "MORE")]);
    let message = OutgoingMessage::response(person(), Message::template(buttons));
    table
        .row(
            SendInstagramMessage::from_page(page(), message),
            "POST /v26.0/42/messages\njson {\"message\":{\"attachment\":{\"payload\":{\"buttons\":[{\"payload\":\
             \"MORE\",\"title\":\"Yes\",\"type\":\"postback\"}],\"template_type\":\"button\",\"text\":\"More?\"},\
             \"type\":\"template\"}},\"recipient\":{\"id\":\"24107563\"}}",
            sent(),
            |_| {},
        )
        .await;
    table
        .row(
            SendInstagramAction::from_page(page(), person(), SenderAction::MarkSeen),
            "POST /v26.0/42/messages\njson {\"recipient\":{\"id\":\"24107563\"},\"sender_action\":\"mark_seen\"}",
            json!({"recipient_id": "24107563"}),
            |_| {},
        )
        .await;

    let table = Table::of(GraphHost::Instagram).await;
    let images = ["a", "b"]
        .map(|name| Attachment::url(AttachmentKind::Image, format!("https://example.com/{name}.jpg")));
    let send =
        |message| SendInstagramMessage::from_account(account(), OutgoingMessage::response(person(), message));
    table
        .row(
            send(Message::images(images)),
            "POST /v26.0/17841/messages\njson {\"message\":{\"attachments\":[{\"payload\":{\"url\":\
             \"https://example.com/a.jpg\"},\"type\":\"image\"},{\"payload\":{\"url\":\"https://example.com/b.jpg\"},\
             \"type\":\"image\"}]},\"recipient\":{\"id\":\"24107563\"}}",
            sent(),
            |sent| assert_eq!(sent.recipient_id, Some(person())),
        )
        .await;
    table
        .row(
            send(Message::attachment(Attachment::share(MediaId::from(99)))),
            "POST /v26.0/17841/messages\njson {\"message\":{\"attachment\":{\"payload\":{\"id\":\"99\"},\"type\":\
             \"MEDIA_SHARE\"}},\"recipient\":{\"id\":\"24107563\"}}",
            sent(),
            |_| {},
        )
        .await;
    let love = SenderAction::React { message: MessageId::new("aWdf1").unwrap(), reaction: "love".to_owned() };
    table
        .row(
            SendInstagramAction::from_account(account(), person(), love),
            "POST /v26.0/17841/messages\njson {\"payload\":{\"message_id\":\"aWdf1\",\"reaction\":\"love\"},\
             \"recipient\":{\"id\":\"24107563\"},\"sender_action\":\"react\"}",
            json!({"recipient_id": "24107563"}),
            |_| {},
        )
        .await;
    table
        .row(
            ListInstagramConversations::of_account(account()).user_id(person()).limit(10),
            "GET /v26.0/17841/conversations?platform=instagram&user_id=24107563&fields=id%2Cupdated_time%2C\
             participants&limit=10",
            json!({"data": [{"id": "aWdf2", "updated_time": "2026-01-02T03:04:05+0000"}]}),
            |list| assert_eq!(list.items[0].id, ConversationId::new("aWdf2").unwrap()),
        )
        .await;
    table
        .row(
            GetInstagramConversation::new(ConversationId::new("aWdf2").unwrap()),
            "GET /v26.0/aWdf2?fields=id%2Cupdated_time%2Cparticipants",
            json!({"id": "aWdf2", "participants": {"data": [{"id": "24107563", "username": "ada"}]}}),
            |conversation| assert_eq!(conversation.participants[0].username.as_deref(), Some("ada")),
        )
        .await;
    table
        .row(
            ListInstagramMessages::new(ConversationId::new("aWdf2").unwrap()).limit(5),
            &format!("GET /v26.0/aWdf2/messages?fields={MESSAGE}&limit=5"),
            json!({"data": [{"id": "aWdf3", "message": "Hi", "from": {"id": "24107563", "username": "ada"}}]}),
            |list| assert_eq!(list.items[0].from.as_ref().unwrap().id, person()),
        )
        .await;
    table
        .row(
            GetInstagramMessage::new(MessageId::new("aWdf3").unwrap()),
            &format!("GET /v26.0/aWdf3?fields={MESSAGE}"),
            json!({"id": "aWdf3", "message": "Hi"}),
            |message| assert_eq!(message.message.as_deref(), Some("Hi")),
        )
        .await;
    table
        .row(
            GetInstagramPerson::new(person()),
            "GET /v26.0/24107563?fields=name%2Cusername%2Cprofile_pic%2Cfollower_count%2Cis_user_follow_business%2C\
             is_business_follow_user%2Cis_verified_user",
            json!({"name": "Ada", "username": "ada", "follower_count": 5, "is_user_follow_business": true, "id": "24107563"}),
            |person| assert_eq!((person.username.as_deref(), person.follower_count), (Some("ada"), Some(5))),
        )
        .await;
}

#[tokio::test]
async fn actions_and_uploads() {
    let table = Table::new().await;
    let sent = || json!({"recipient_id": "24107563"});
    table
        .row(
            SendAction::new(page(), person(), SenderAction::TypingOn).persona(ObjectId::new("5").unwrap()),
            "POST /v26.0/42/messages\njson {\"persona_id\":\"5\",\"recipient\":{\"id\":\"24107563\"},\
             \"sender_action\":\"typing_on\"}",
            sent(),
            |sent| assert_eq!(sent.recipient_id, Some(person())),
        )
        .await;
    let unreact = SenderAction::Unreact { message: MessageId::new("m_1").unwrap() };
    table
        .row(
            SendAction::new(page(), person(), unreact),
            "POST /v26.0/42/messages\njson {\"payload\":{\"message_id\":\"m_1\"},\"recipient\":{\"id\":\"24107563\"},\
             \"sender_action\":\"unreact\"}",
            sent(),
            |_| {},
        )
        .await;
    let url = Attachment::url(AttachmentKind::Video, "https://example.com/v.mp4");
    table
        .row(
            UploadAttachment::new(page(), Platform::Messenger, url),
            "POST /v26.0/42/message_attachments\njson {\"message\":{\"attachment\":{\"payload\":{\"is_reusable\":true,\
             \"url\":\"https://example.com/v.mp4\"},\"type\":\"video\"}},\"platform\":\"messenger\"}",
            json!({"attachment_id": "1857777774821032"}),
            |uploaded| assert_eq!(uploaded.attachment_id.as_str(), "1857777774821032"),
        )
        .await;
    let file = AttachmentFile::new("a.pdf", "application/pdf", vec![1, 2, 3]);
    table
        .row(
            UploadAttachment::new(page(), Platform::Instagram, Attachment::upload(AttachmentKind::File, file)),
            "POST /v26.0/42/message_attachments\nmultipart platform=instagram message={\"attachment\":{\"payload\":\
             {\"is_reusable\":true},\"type\":\"file\"}} filedata=@a.pdf;application/pdf",
            json!({"attachment_id": "7"}),
            |_| {},
        )
        .await;
}

#[tokio::test]
async fn conversations() {
    let table = Table::new().await;
    table
        .row(
            ListConversations::new(page())
                .platform(Platform::Messenger)
                .user_id(person())
                .folder("inbox")
                .tags(vec!["vip".to_owned()])
                .limit(20),
            "GET /v26.0/42/conversations?platform=messenger&user_id=24107563&folder=inbox&tags=%5B%22vip%22%5D&fields=\
             id%2Cupdated_time%2Cparticipants%2Cunread_count%2Cmessage_count%2Ccan_reply%2Csnippet%2Clink&limit=20",
            json!({"data": [{"id": "t_1", "link": "/42/inbox/1", "updated_time": "2026-01-02T03:04:05+0000",
                "participants": {"data": [{"name": "Ada", "email": "1@facebook.com", "id": "24107563"}]}}]}),
            |list| assert_eq!(list.items[0].participants[0].id, person()),
        )
        .await;
    table
        .row(
            ListInstagramConversations::of_page(page()),
            "GET /v26.0/42/conversations?platform=instagram&fields=id%2Cupdated_time%2Cparticipants",
            json!({"data": []}),
            |list| assert!(list.items.is_empty()),
        )
        .await;
    table
        .row(
            GetConversation::new(ConversationId::new("t_1").unwrap()).fields("id,can_reply"),
            "GET /v26.0/t_1?fields=id%2Ccan_reply",
            json!({"id": "t_1", "can_reply": true}),
            |conversation| assert_eq!(conversation.can_reply, Some(true)),
        )
        .await;
    table
        .row(
            ListMessages::new(ConversationId::new("t_1").unwrap()).limit(20),
            &format!("GET /v26.0/t_1/messages?fields={MESSAGE}&limit=20"),
            json!({"data": [{"id": "m_1", "message": "Hi", "created_time": "2026-01-02T03:04:05+0000",
                "from": {"id": "24107563", "name": "Ada"}, "to": {"data": [{"id": "42", "name": "Shop"}]}}]}),
            |list| assert_eq!(list.items[0].message.as_deref(), Some("Hi")),
        )
        .await;
    table
        .row(
            GetMessage::new(MessageId::new("m_1").unwrap()),
            &format!("GET /v26.0/m_1?fields={MESSAGE}"),
            json!({"id": "m_1", "message": "Hi"}),
            |message| assert_eq!(message.message.as_deref(), Some("Hi")),
        )
        .await;
    table
        .row(
            GetPerson::new(person()),
            "GET /v26.0/24107563?fields=id%2Cname%2Cfirst_name%2Clast_name%2Cprofile_pic",
            json!({"first_name": "Ada", "last_name": "Lovelace", "profile_pic": "https://e.com/p", "id": "24107563"}),
            |person| assert_eq!(person.last_name.as_deref(), Some("Lovelace")),
        )
        .await;
}
