use serde_json::{Value, json};
use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::scripted::{client, error_body, exchange, line};
use crate::whatsapp::{BusinessScopedUserId, MediaSource, Sticker};
use crate::{ErrorClass, ErrorKind};

const ANSWER: &str = r#"{"messaging_product":"whatsapp","contacts":[{"input":"+16505551234","wa_id":"16505551234"}],
    "messages":[{"id":"wamid.HBgLMTY1MDUwNzY1MjAVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA==","message_status":"accepted"}]}"#;

fn wamid(text: &str) -> WhatsAppMessageId {
    WhatsAppMessageId::new(text).unwrap()
}

fn text() -> SendMessage {
    SendMessage::new(106, Recipient::phone("+16505551234"), Message::text("hello"))
}

fn sent(request: &sociogram_api_core::testing::RecordedRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

#[tokio::test]
async fn a_message_is_one_json_object() {
    let send =
        text().reply_to(wamid("wamid.ABC=")).callback_data("order-5").identity_key_hash("DF2lS5v2W6x=");
    let (answer, request) = exchange(send, ANSWER).await;
    assert_eq!(line(&request), "POST /v26.0/106/messages");
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(
        sent(&request),
        json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+16505551234",
            "type": "text", "text": {"body": "hello"}, "context": {"message_id": "wamid.ABC="},
            "biz_opaque_callback_data": "order-5", "recipient_identity_key_hash": "DF2lS5v2W6x="})
    );
    let answer = answer.unwrap();
    assert_eq!(answer.id(), Some(&wamid("wamid.HBgLMTY1MDUwNzY1MjAVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA==")));
    assert_eq!(answer.messages[0].message_status, Some(MessageStatus::Accepted));
    assert_eq!(answer.contacts[0].wa_id.as_deref(), Some("16505551234"));
}

#[tokio::test]
async fn a_person_without_a_number_is_named_by_the_user_id_only() {
    let user = BusinessScopedUserId::new("US.13491208655302741918").unwrap();
    let body = r#"{"contacts":[{"input":"US.13491208655302741918","user_id":"US.13491208655302741918"}],
        "messages":[{"id":"wamid.A","message_status":"brand_new"}]}"#;
    let (answer, request) = exchange(SendMessage::new(106, user.clone(), Message::text("hello")), body).await;
    let sent = sent(&request);
    assert_eq!((sent.get("to"), &sent["recipient"]), (None, &json!("US.13491208655302741918")));
    let answer = answer.unwrap();
    assert_eq!((answer.contacts[0].wa_id.as_ref(), answer.contacts[0].user_id.as_ref()), (None, Some(&user)));
    assert_eq!(answer.messages[0].message_status.as_ref().unwrap().as_str(), "brand_new");
}

#[tokio::test]
async fn an_answer_needs_the_id_of_the_message_and_nothing_else() {
    for body in
        [r#"{"messages":[{"id":"wamid.A"}]}"#, r#"{"contacts":[7,{}],"messages":[{"id":"wamid.A"}],"new":1}"#]
    {
        assert!(exchange(text(), body).await.0.is_ok(), "{body}");
    }
    let error = exchange(text(), r#"{"ok":true}"#).await.0.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Decode, true));
}

#[tokio::test]
async fn what_is_wrong_is_not_sent_and_does_not_show_the_person() {
    let transport = ScriptedTransport::new();
    let pin = Pin::Unpin { message_id: wamid("wamid.A") };
    let link = MediaSource::link("https://scontent.whatsapp.net/v/CANARY.jpg");
    for (send, rule) in [
        (SendMessage::new(106, Recipient::phone("CANARY"), Message::text("hi")), "whatsapp.recipient"),
        (
            SendMessage::new(106, Recipient::phone("1650555"), Message::text("CANARY".repeat(1_000))),
            rules::W1.name,
        ),
        (text().callback_data("CANARY".repeat(86)), rules::W15.name),
        (SendMessage::new(106, Recipient::phone("+16505551234"), pin), "whatsapp.pin.recipient"),
        (
            SendMessage::new(106, Recipient::phone("+16505551234"), Sticker::new(link)),
            "whatsapp.media.example_link",
        ),
    ] {
        let error = client(&transport).send(send).await.unwrap_err();
        assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, rule));
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("CANARY") && !shown.contains("6505551234"), "{shown}");
    }
    assert!(transport.requests().is_empty());
    assert!(text().callback_data("x".repeat(512)).check().is_empty());
}

#[tokio::test]
async fn a_lost_answer_is_not_sent_again() {
    let transport = ScriptedTransport::new().fail(sociogram_api_core::http::TransportErrorKind::Interrupted);
    let error = client(&transport).send(text()).await.unwrap_err();
    assert!(error.may_have_been_applied());
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn errors_keep_what_whatsapp_says_and_show_none_of_it() {
    let body = r#"{"error":{"message":"(#131047) Re-engagement message","type":"OAuthException","code":131047,
        "error_data":{"messaging_product":"whatsapp","details":"CANARY +16505551234"},"fbtrace_id":"A"}}"#;
    for (body, class) in [
        (body.to_owned(), ErrorClass::WindowClosed),
        (error_body(132_000, 0), ErrorClass::TemplateProblem),
        (error_body(131_026, 0), ErrorClass::RecipientUnavailable),
    ] {
        let transport = ScriptedTransport::new().respond(400, &[], body);
        let error = client(&transport).send(text()).await.unwrap_err();
        assert_eq!(error.class(), Some(class));
        assert!(!format!("{error} {error:?}").contains("CANARY"));
    }
    let transport = ScriptedTransport::new().respond(400, &[], body);
    let error = client(&transport).send(text()).await.unwrap_err();
    assert_eq!(error.api().unwrap().details(), Some("CANARY +16505551234"));
}

#[tokio::test]
async fn reading_may_show_that_an_answer_is_being_written() {
    for (mark, expected) in [
        (
            MarkMessageRead::new(106, wamid("wamid.A==")),
            json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.A=="}),
        ),
        (
            MarkMessageRead::new(106, wamid("wamid.A==")).typing(),
            json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.A==",
                "typing_indicator": {"type": "text"}}),
        ),
    ] {
        let (done, request) = exchange(mark, r#"{"success":true}"#).await;
        done.unwrap();
        assert_eq!(sent(&request), expected);
    }
}

#[tokio::test]
async fn a_marketing_message_is_a_template_with_a_policy() {
    let send = SendMarketingMessage::new(
        106,
        Recipient::phone("16505551234"),
        TemplateMessage::new("offer", "en_US"),
    )
    .product_policy(ProductPolicy::Strict)
    .message_activity_sharing(false)
    .callback_data("campaign-5");
    let (answer, request) = exchange(send, ANSWER).await;
    answer.unwrap();
    assert_eq!(line(&request), "POST /v26.0/106/marketing_messages");
    assert_eq!(
        sent(&request),
        json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "16505551234",
            "type": "template", "template": {"name": "offer", "language": {"code": "en_US"}},
            "product_policy": "STRICT", "message_activity_sharing": false,
            "biz_opaque_callback_data": "campaign-5"})
    );
    let bad = SendMarketingMessage::new(106, Recipient::phone("x"), TemplateMessage::new("", ""));
    assert_eq!(bad.check().len(), 2);
}
