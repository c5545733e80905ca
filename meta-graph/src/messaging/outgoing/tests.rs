mod limits;

use serde_json::json;
use sociogram_api_core::ErrorKind;
use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::id::{CommentId, MediaId, PageId, PostId};
use crate::messaging::{
    Attachment, AttachmentFile, AttachmentKind, Button, ButtonTemplate, CouponTemplate, Element,
    GenericTemplate, ImageRatio, MediaTemplate, OptInRequest, PostalAddress, ProductTemplate, QuickReply,
    ReceiptItem, ReceiptTemplate, SendMessage, UtilityParameter, WebviewHeight,
};
use crate::scripted::{client, error_body, exchange};

const MESSENGER: Platform = Platform::Messenger;
const INSTAGRAM: Platform = Platform::Instagram;

fn person() -> ScopedUserId {
    ScopedUserId::from(7)
}

fn id(text: &str) -> ObjectId {
    ObjectId::new(text).unwrap()
}

fn response(message: Message) -> OutgoingMessage {
    OutgoingMessage::response(person(), message)
}

fn body(message: &OutgoingMessage, platform: &Platform) -> Value {
    Value::Object(message.fields(platform).unwrap())
}

fn content(message: Message) -> Value {
    body(&response(message), &MESSENGER)["message"].take()
}

fn payload(template: impl Into<crate::messaging::Template>) -> Value {
    let content = content(Message::template(template));
    assert_eq!(content["attachment"]["type"], "template");
    content["attachment"]["payload"].clone()
}

fn found(message: &OutgoingMessage, platform: &Platform) -> Vec<&'static str> {
    message.check(platform).iter().map(Finding::rule).collect()
}

fn file(bytes: usize, content_type: &str) -> AttachmentFile {
    AttachmentFile::new("a", content_type, vec![0_u8; bytes])
}

#[test]
fn the_purpose_is_the_type_and_the_only_tag_is_a_humans() {
    let text = || Message::text("x");
    let utility = UtilityMessage::new("order", "en");
    for (message, kind, tag) in [
        (response(text()), json!("RESPONSE"), json!(null)),
        (OutgoingMessage::update(person(), text()), json!("UPDATE"), json!(null)),
        (OutgoingMessage::human_agent(person(), text()), json!("MESSAGE_TAG"), json!("HUMAN_AGENT")),
        (OutgoingMessage::utility(person(), utility), json!("UTILITY"), json!(null)),
        (OutgoingMessage::marketing(OptInToken::new("T"), text()), json!(null), json!(null)),
    ] {
        let body = body(&message, &MESSENGER);
        assert_eq!((&body["messaging_type"], &body["tag"]), (&kind, &tag), "{message:?}");
    }
    assert_eq!(body(&response(text()), &INSTAGRAM)["messaging_type"], json!(null));
    let human = OutgoingMessage::human_agent(person(), text());
    assert_eq!(body(&human, &INSTAGRAM)["tag"], "HUMAN_AGENT");
}

#[test]
fn recipients_are_named_as_meta_wants() {
    let phone = Recipient::Phone {
        number: "+1(212)555-2368".to_owned(),
        name: Some(("Ada".to_owned(), "Lovelace".to_owned())),
    };
    for (recipient, expected) in [
        (Recipient::from(person()), json!({"id": "7"})),
        (CommentId::from(8).into(), json!({"comment_id": "8"})),
        (PostId::new("42_9").unwrap().into(), json!({"post_id": "42_9"})),
        (Recipient::UserRef("R".to_owned()), json!({"user_ref": "R"})),
        (
            phone,
            json!({"phone_number": "+1(212)555-2368", "name": {"first_name": "Ada", "last_name": "Lovelace"}}),
        ),
        (OptInToken::new("T").into(), json!({"notification_messages_token": "T"})),
    ] {
        assert_eq!(serde_json::to_value(&recipient).unwrap(), expected, "{recipient:?}");
    }
}

#[test]
fn tokens_and_phone_numbers_are_not_printed() {
    let phone = Recipient::Phone { number: "+4917".to_owned(), name: None };
    for recipient in
        [Recipient::OptIn(OptInToken::new("+4917")), phone, Recipient::UserRef("+4917".to_owned())]
    {
        let message = OutgoingMessage::response(recipient, Message::text("x"));
        let shown = format!("{:?}", SendMessage::new(PageId::from(42), message));
        assert!(!shown.contains("+4917") && shown.contains("redacted"), "{shown}");
    }
}

#[test]
fn attachments_name_an_address_an_id_or_a_file() {
    let url = "https://example.com/a.png";
    for (attachment, expected) in [
        (
            Attachment::url(AttachmentKind::Image, url).reusable(),
            json!({"type": "image", "payload": {"url": url, "is_reusable": true}}),
        ),
        (
            Attachment::id(AttachmentKind::Video, id("99")),
            json!({"type": "video", "payload": {"attachment_id": "99"}}),
        ),
        (
            Attachment::upload(AttachmentKind::File, file(1, "application/pdf")),
            json!({"type": "file", "payload": {}}),
        ),
        (Attachment::heart(), json!({"type": "like_heart"})),
        (Attachment::share(MediaId::from(5)), json!({"type": "MEDIA_SHARE", "payload": {"id": "5"}})),
    ] {
        assert_eq!(content(Message::attachment(attachment)), json!({"attachment": expected}));
    }
    let images = [url, "https://example.com/b.png"].map(|url| Attachment::url(AttachmentKind::Image, url));
    let sent = content(Message::images(images));
    assert_eq!(
        sent["attachments"][1],
        json!({"type": "image", "payload": {"url": "https://example.com/b.png"}})
    );
}

#[test]
fn what_comes_with_a_message_stands_beside_it() {
    let replies = [
        QuickReply::text("Yes", "y").image("https://example.com/y.png"),
        QuickReply::phone_number(),
        QuickReply::email(),
    ];
    let message = response(Message::text("?").quick_replies(replies).metadata("m"))
        .reply_to(MessageId::new("m_1").unwrap())
        .persona(id("3"))
        .notification(NotificationType::Silent)
        .partnership();
    let expected = json!({
        "recipient": {"id": "7"},
        "message": {"text": "?", "metadata": "m", "quick_replies": [
            {"content_type": "text", "title": "Yes", "payload": "y", "image_url": "https://example.com/y.png"},
            {"content_type": "user_phone_number"},
            {"content_type": "user_email"},
        ]},
        "messaging_type": "RESPONSE",
        "reply_to": {"mid": "m_1"},
        "persona_id": "3",
        "notification_type": "SILENT_PUSH",
        "folder": "PARTNERSHIP",
    });
    assert_eq!(body(&message, &MESSENGER), expected);
}

#[test]
fn templates_have_the_documented_shape() {
    let element = Element::new("T")
        .subtitle("S")
        .image("https://example.com/i.png")
        .opens("https://example.com")
        .buttons([
            Button::link("L", "https://example.com").webview(WebviewHeight::Tall),
            Button::postback("P", "p"),
        ]);
    let generic = GenericTemplate::new([element]).image_ratio(ImageRatio::Square).sharable(true);
    assert_eq!(
        payload(generic),
        json!({"template_type": "generic", "image_aspect_ratio": "square", "sharable": true, "elements": [{
            "title": "T", "subtitle": "S", "image_url": "https://example.com/i.png",
            "default_action": {"type": "web_url", "url": "https://example.com"},
            "buttons": [
                {"type": "web_url", "title": "L", "url": "https://example.com", "webview_height_ratio": "tall"},
                {"type": "postback", "title": "P", "payload": "p"},
            ],
        }]})
    );
    let buttons =
        [Button::call("C", "+4917"), Button::log_in("https://example.com/in"), Button::play("G", "g")];
    assert_eq!(
        payload(ButtonTemplate::new("t", buttons)),
        json!({"template_type": "button", "text": "t", "buttons": [
            {"type": "phone_number", "title": "C", "payload": "+4917"},
            {"type": "account_link", "url": "https://example.com/in"},
            {"type": "game_play", "title": "G", "payload": "g"},
        ]})
    );
    assert_eq!(
        payload(MediaTemplate::video(id("9")).buttons([Button::log_out()]).sharable(false)),
        json!({"template_type": "media", "sharable": false, "elements": [
            {"media_type": "video", "attachment_id": "9", "buttons": [{"type": "account_unlink"}]}
        ]})
    );
    assert_eq!(
        payload(MediaTemplate::facebook_image("https://www.facebook.com/photo")),
        json!({"template_type": "media", "elements": [
            {"media_type": "image", "url": "https://www.facebook.com/photo"}
        ]})
    );
    assert_eq!(
        payload(ProductTemplate::new([id("1"), id("2")])),
        json!({"template_type": "product", "elements": [{"id": "1"}, {"id": "2"}]})
    );
    let coupon = CouponTemplate::code("10% off", "10OFF")
        .subtitle("Terms may apply")
        .shop("Shop now", "https://example.com")
        .before("News")
        .image("https://example.com/i.png")
        .payload("p");
    assert_eq!(
        payload(coupon),
        json!({"template_type": "coupon", "title": "10% off", "subtitle": "Terms may apply", "coupon_code": "10OFF",
            "coupon_url": "https://example.com", "coupon_url_button_title": "Shop now", "coupon_pre_message": "News",
            "image_url": "https://example.com/i.png", "payload": "p"})
    );
    let opt_in =
        OptInRequest::new("News").image("https://example.com/i.png").payload("p").time_zone("Europe/Berlin");
    assert_eq!(
        payload(opt_in.button("GET_UPDATES")),
        json!({"template_type": "notification_messages", "title": "News", "image_url": "https://example.com/i.png",
            "payload": "p", "notification_messages_timezone": "Europe/Berlin",
            "notification_messages_cta_text": "GET_UPDATES"})
    );
}

#[test]
fn a_receipt_has_the_documented_shape() {
    let address = PostalAddress::new("1 Hacker Way", "Menlo Park", "94025", "CA", "US").street_2("B");
    let item =
        ReceiptItem::new("Shirt", 50.0).subtitle("Soft").quantity(2).currency("USD").image("https://e.com/i");
    let receipt = ReceiptTemplate::new("Ada", "123", "USD", "Visa 2345", 56.14)
        .subtotal(75.0)
        .shipping(4.95)
        .tax(6.19)
        .merchant("M")
        .order_url("https://e.com/o")
        .ordered_at(Timestamp::from_unix_seconds(1_428_444_852))
        .address(address)
        .adjustment("Coupon", 10.0)
        .items([item])
        .sharable(true);
    assert_eq!(
        payload(receipt),
        json!({"template_type": "receipt", "recipient_name": "Ada", "order_number": "123", "currency": "USD",
            "payment_method": "Visa 2345", "merchant_name": "M", "order_url": "https://e.com/o",
            "timestamp": "1428444852", "sharable": true,
            "address": {"street_1": "1 Hacker Way", "street_2": "B", "city": "Menlo Park", "postal_code": "94025",
                "state": "CA", "country": "US"},
            "summary": {"subtotal": 75.0, "shipping_cost": 4.95, "total_tax": 6.19, "total_cost": 56.14},
            "adjustments": [{"name": "Coupon", "amount": 10.0}],
            "elements": [{"title": "Shirt", "subtitle": "Soft", "quantity": 2, "price": 50.0, "currency": "USD",
                "image_url": "https://e.com/i"}]})
    );
}

#[test]
fn a_utility_message_is_a_template_of_the_message() {
    let message = UtilityMessage::new("order_update", "en")
        .header([UtilityParameter::text("Order")])
        .body([UtilityParameter::named("order_id", "566701")])
        .buttons([UtilityParameter::payload("12345"), UtilityParameter::url_end("1234")]);
    let message = OutgoingMessage::utility(person(), message);
    assert_eq!(
        body(&message, &MESSENGER)["message"],
        json!({"template": {"name": "order_update", "language": {"code": "en"}, "components": [
            {"type": "header", "parameters": [{"type": "text", "text": "Order"}]},
            {"type": "body", "parameters": [{"type": "text", "parameter_name": "order_id", "text": "566701"}]},
            {"type": "buttons", "parameters": [
                {"type": "POSTBACK", "payload": "12345"}, {"type": "URL", "url": "1234"},
            ]},
        ]}})
    );
    assert_eq!(found(&message, &INSTAGRAM), ["messaging.platform"]);
}

#[tokio::test]
async fn a_refused_message_is_not_sent_and_a_lost_answer_stays_in_doubt() {
    let transport = ScriptedTransport::new();
    let send = |text: &str| SendMessage::new(PageId::from(42), response(Message::text(text)));
    let error = client(&transport).send(send("")).await.unwrap_err();
    assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "messenger.text.length"));
    assert!(transport.requests().is_empty());

    // Meta's example of an error after the message arrived.
    let transport = ScriptedTransport::new().respond(400, &[], error_body(1, 1_357_046));
    let error = client(&transport).send(send("x")).await.unwrap_err();
    assert_eq!(transport.requests().len(), 1, "{error}");
    assert!(!error.to_string().contains("CANARY"), "{error}");
}

#[tokio::test]
async fn an_answer_may_leave_out_everything() {
    for (answer, message, recipient) in [
        (r#"{"recipient_id":"7","message_id":"m_1"}"#, Some("m_1"), Some("7")),
        (r#"{"message_id":"m_1"}"#, Some("m_1"), None),
        (r#"{"recipient_id":7}"#, None, Some("7")),
        (r#"{"recipient":{"id":"7","message_id":"m_1"}}"#, None, None),
    ] {
        let endpoint = SendMessage::new(PageId::from(42), response(Message::text("x")));
        let (sent, _) = exchange(endpoint, answer).await;
        let sent = sent.unwrap();
        assert_eq!(sent.message_id.as_ref().map(MessageId::as_str), message, "{answer}");
        assert_eq!(sent.recipient_id.as_ref().map(ScopedUserId::as_str), recipient, "{answer}");
    }
}
