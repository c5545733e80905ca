use std::time::Duration;

use super::*;
use crate::guard::rules;

#[test]
fn texts_are_counted_as_each_platform_does() {
    for (text, messenger, instagram) in [
        ("x".to_owned(), &[][..], &[][..]),
        (" \n".to_owned(), &["messenger.text.length"], &["instagram.message.text.length"]),
        ("ä".repeat(500), &[], &[]),
        ("ä".repeat(501), &[], &["instagram.message.text.length"]),
        ("ä".repeat(rules::M1_MAX_CHARS), &[], &["instagram.message.text.length"]),
        ("ä".repeat(2000), &["messenger.text.length"], &["instagram.message.text.length"]),
    ] {
        let message = response(Message::text(text.clone()));
        assert_eq!(found(&message, &MESSENGER), messenger, "{}", text.len());
        assert_eq!(found(&message, &INSTAGRAM), instagram, "{}", text.len());
    }
    let finding = response(Message::text("ä".repeat(501))).check(&INSTAGRAM).remove(0);
    assert_eq!(finding.measured_value(), Some("1002 bytes"));
}

#[test]
fn limits_of_templates_and_replies_name_the_field() {
    let long = |chars: usize| "x".repeat(chars);
    let replies =
        |count: usize| Message::text("x").quick_replies((0..count).map(|_| QuickReply::text("a", "b")));
    let element = || Element::new("t");
    let generic = |element: Element| Message::template(GenericTemplate::new([element]));
    let button = |button: Button| Message::template(ButtonTemplate::new("t", [button]));
    let four = || (0..4).map(|_| Button::postback("a", "b"));
    for (message, rules) in [
        (replies(13), &[][..]),
        (replies(14), &["messenger.quick_replies.count"]),
        (
            Message::text("x").quick_replies([QuickReply::text(long(21), "b")]),
            &["messenger.quick_replies.title"],
        ),
        (Message::text("x").quick_replies([QuickReply::text("", "b")]), &["messenger.quick_replies.title"]),
        (
            Message::text("x").quick_replies([QuickReply::text("a", long(1001))]),
            &["messenger.quick_replies.payload"],
        ),
        (Message::text("x").metadata(long(1000)), &[]),
        (Message::text("x").metadata(long(1001)), &["messaging.metadata"]),
        (generic(element()), &[]),
        (Message::template(GenericTemplate::new([])), &["messenger.generic.elements"]),
        (
            Message::template(GenericTemplate::new((0..11).map(|_| element()))),
            &["messenger.generic.elements"],
        ),
        (generic(Element::new(long(81))), &["messenger.generic.title"]),
        (generic(element().subtitle(long(81))), &["messenger.generic.subtitle"]),
        (generic(element().buttons(four())), &["messenger.generic.buttons"]),
        (button(Button::postback("a", "b")), &[]),
        (
            Message::template(ButtonTemplate::new(long(641), [Button::postback("a", "b")])),
            &["messenger.buttons.text"],
        ),
        (Message::template(ButtonTemplate::new("t", [])), &["messenger.buttons.count"]),
        (Message::template(ButtonTemplate::new("t", four())), &["messenger.buttons.count"]),
        (button(Button::postback(long(21), "b")), &["messenger.buttons.title"]),
        (button(Button::postback("a", long(1001))), &["messenger.buttons.payload"]),
        (button(Button::log_out()), &[]),
        (Message::template(ProductTemplate::new([])), &["messenger.generic.elements"]),
        (Message::template(CouponTemplate::code(" ", "c")), &["messenger.coupon.title"]),
        (
            Message::template(ReceiptTemplate::new("a", "1", "USD", "v", 1.0).tax(f64::NAN)),
            &["messenger.receipt.amount"],
        ),
        (Message::images([Attachment::heart()]), &["messaging.images", "messaging.platform"]),
        (Message::images([]), &["messaging.images"]),
        (Message::attachment(Attachment::url(AttachmentKind::File, "a.pdf")), &["messaging.attachment.url"]),
    ] {
        assert_eq!(found(&response(message.clone()), &MESSENGER), rules, "{message:?}");
    }
    let message = generic(element().buttons([Button::postback("a", "b"), Button::postback("", "b")]));
    let finding = response(message).check(&MESSENGER).remove(0);
    assert_eq!(finding.field(), "message.attachment.payload.elements[0].buttons[1].title");
}

#[test]
fn files_are_measured_before_they_are_sent() {
    const MB: usize = 1024 * 1024;
    let send = |kind, bytes, content_type| {
        response(Message::attachment(Attachment::upload(kind, file(bytes, content_type))))
    };
    let upload = "instagram.message.upload";
    for (message, platform, rules) in [
        (send(AttachmentKind::Image, 25 * MB, "image/png"), &MESSENGER, &[][..]),
        (send(AttachmentKind::Image, 25 * MB + 1, "image/png"), &MESSENGER, &["messenger.attachment.size"]),
        (send(AttachmentKind::Image, 8 * MB, "image/jpeg"), &INSTAGRAM, &[upload]),
        (
            send(AttachmentKind::Image, 8 * MB + 1, "image/jpeg"),
            &INSTAGRAM,
            &["instagram.message.image.size", upload],
        ),
        (
            send(AttachmentKind::Image, 1, "image/webp"),
            &INSTAGRAM,
            &["instagram.message.image.format", upload],
        ),
        (send(AttachmentKind::File, 1, "application/pdf"), &INSTAGRAM, &[upload]),
        (
            send(AttachmentKind::File, 1, "application/zip"),
            &INSTAGRAM,
            &["instagram.message.attachment.format", upload],
        ),
        (
            send(AttachmentKind::Video, 25 * MB + 1, "video/mp4"),
            &INSTAGRAM,
            &["instagram.message.attachment.size", upload],
        ),
    ] {
        assert_eq!(found(&message, platform), rules, "{message:?}");
    }
}

#[test]
fn what_a_platform_does_not_have_is_refused() {
    let text = || Message::text("x");
    let call = ButtonTemplate::new("t", [Button::call("c", "+4917")]);
    let images = |count: usize| {
        let url = "https://example.com/a.png";
        response(Message::images((0..count).map(|_| Attachment::url(AttachmentKind::Image, url))))
    };
    let platform = &["messaging.platform"][..];
    for (message, on, rules) in [
        (response(text()).persona(id("1")), &INSTAGRAM, platform),
        (response(text()).notification(NotificationType::None), &INSTAGRAM, platform),
        (OutgoingMessage::response(PostId::new("1_2").unwrap(), text()), &INSTAGRAM, platform),
        (OutgoingMessage::marketing(OptInToken::new("T"), text()), &INSTAGRAM, platform),
        (OutgoingMessage::response(CommentId::from(1), text()), &INSTAGRAM, &[]),
        (response(Message::template(CouponTemplate::code("c", "1"))), &INSTAGRAM, platform),
        (response(Message::template(call)), &INSTAGRAM, platform),
        (response(Message::template(ProductTemplate::new([id("1")]))), &INSTAGRAM, &[]),
        (response(Message::attachment(Attachment::heart())), &INSTAGRAM, &[]),
        (response(Message::attachment(Attachment::heart())), &MESSENGER, platform),
        (response(Message::attachment(Attachment::share(MediaId::from(1)))), &MESSENGER, platform),
        (images(10), &INSTAGRAM, &[]),
        (images(11), &INSTAGRAM, &["instagram.message.image.count"]),
        (
            response(text().quick_replies([QuickReply::email()])),
            &INSTAGRAM,
            &["instagram.message.quick_reply"],
        ),
        (response(text().quick_replies([QuickReply::email()])), &MESSENGER, &[]),
    ] {
        assert_eq!(found(&message, on), rules, "{message:?}");
    }
}

#[test]
fn the_window_depends_on_the_purpose() {
    let now = Timestamp::from_unix_seconds(1_800_000_000);
    let hours = |hours: u64| Some(now.saturating_sub(Duration::from_secs(hours * 3600)));
    let text = || Message::text("x");
    let human = || OutgoingMessage::human_agent(person(), text());
    let utility = || OutgoingMessage::utility(person(), UtilityMessage::new("n", "en"));
    for (message, last, open) in [
        (response(text()), hours(24), true),
        (response(text()), hours(25), false),
        (OutgoingMessage::update(person(), text()), hours(25), false),
        (response(text()), None, false),
        (human(), hours(7 * 24), true),
        (human(), hours(7 * 24 + 1), false),
        (utility(), None, true),
        (OutgoingMessage::response(CommentId::from(1), text()), None, true),
    ] {
        assert_eq!(message.check_window(last, now).is_empty(), open, "{message:?} {last:?}");
    }
}
