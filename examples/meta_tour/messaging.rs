//! Messenger: answering people, files, templates, and reading what was said.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use sociogram::{
    api_core::{Clock as _, Severity, SystemClock},
    meta_graph::{
        CommentId, Error, MessageId, ObjectId, PostId, ScopedUserId,
        messaging::{
            Attachment, AttachmentFile, AttachmentKind, Button, ButtonTemplate, CouponTemplate, Element,
            GenericTemplate, GetConversation, GetMessage, GetPerson, ListConversations, ListMessages,
            MediaTemplate, Message, NotificationType, OptInRequest, OptInToken, OutgoingMessage, Platform,
            PostalAddress, ProductTemplate, QuickReply, ReceiptItem, ReceiptTemplate, SendAction,
            SendMessage, SenderAction, SentMessage, UploadAttachment,
        },
    },
};

use crate::{Outcome, expect, stage::Stage};

/// Wrote to the Page an hour ago.
const PERSON: &str = "7700000000000101";
/// Wrote to the Page three days ago.
const LATE_PERSON: &str = "7700000000000102";
/// A comment on a post of the Page.
const COMMENT: &str = "122000000000000000_901";
/// A post that a visitor left on the Page.
const VISITOR_POST: &str = "102030405060701_122000000000000903";
/// The token of a person who opted in to marketing messages, as its webhook brings it.
const OPT_IN_TOKEN: &str = "sandbox-opt-in";
/// A picture: the beginning of a PNG file.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    answers(stage).await?;
    private_replies(stage).await?;
    files(stage).await?;
    structured(stage).await?;
    orders(stage).await?;
    actions(stage).await?;
    conversations(stage).await
}

/// One message of the Page.
async fn send(stage: &Stage, message: OutgoingMessage) -> Result<SentMessage, Error> {
    stage.page.send(SendMessage::new(stage.page_id.clone(), message)).await
}

/// The same, in answer to the person who wrote an hour ago.
async fn answer(stage: &Stage, message: Message) -> Outcome<MessageId> {
    let person = ScopedUserId::new(PERSON)?;
    let sent = send(stage, OutgoingMessage::response(person.clone(), message)).await?;
    expect(sent.recipient_id == Some(person), "the message to go to the person")?;
    Ok(sent.message_id.ok_or("the message has no id")?)
}

/// Within the window of 24 hours, and what a human may do after it.
async fn answers(stage: &Stage) -> Outcome {
    let question = Message::text("Which size?").quick_replies([
        QuickReply::text("S", "SIZE_S"),
        QuickReply::text("M", "SIZE_M"),
        QuickReply::email(),
        QuickReply::phone_number(),
    ]);
    let question = answer(stage, question).await?;
    let person = ScopedUserId::new(PERSON)?;
    let hint = OutgoingMessage::update(person, Message::text("Most people take M.").metadata("hint-1"))
        .reply_to(question.clone())
        .notification(NotificationType::Silent);
    let hint = send(stage, hint).await?.message_id.ok_or("the hint has no id")?;
    let read = stage.page.send(GetMessage::new(hint)).await?;
    expect(read.message.as_deref() == Some("Most people take M."), "the hint to be read as it was sent")?;

    let late = ScopedUserId::new(LATE_PERSON)?;
    let now = SystemClock::new().now();
    let wrote = now.saturating_sub(Duration::from_secs(3 * 86_400));
    let too_late = OutgoingMessage::response(late.clone(), Message::text("Still there?"));
    let findings = too_late.check_window(Some(wrote), now);
    let is_error = findings.iter().any(|finding| finding.severity() == Severity::Error);
    expect(is_error, "the window to be closed after three days")?;
    let refused = send(stage, too_late).await;
    expect(refused.is_err(), "a message outside of the window to be refused")?;
    let human = OutgoingMessage::human_agent(late, Message::text("This is Ada from the shop."));
    expect(send(stage, human).await?.message_id.is_some(), "a human to be let through")
}

/// To those who commented, posted, or opted in.
async fn private_replies(stage: &Stage) -> Outcome {
    let comment = CommentId::new(COMMENT)?;
    let reply = OutgoingMessage::response(comment.clone(), Message::text("The price is in your inbox."));
    let sent = send(stage, reply.clone()).await?;
    expect(sent.recipient_id.is_some(), "the reply to name the person")?;
    expect(send(stage, reply).await.is_err(), "only one reply to a comment")?;

    let post = OutgoingMessage::response(PostId::new(VISITOR_POST)?, Message::text("Thanks for your post!"));
    expect(send(stage, post).await?.message_id.is_some(), "the reply to a post to be sent")?;

    let request = OptInRequest::new("News of the shop").payload("NEWS").button("SIGN_UP");
    answer(stage, Message::template(request)).await?;
    let news = OutgoingMessage::marketing(OptInToken::new(OPT_IN_TOKEN), Message::text("Spring is here."));
    expect(send(stage, news).await?.message_id.is_some(), "the news to be sent")
}

/// By address, uploaded before, and sent along.
async fn files(stage: &Stage) -> Outcome {
    let page = stage.page_id.clone();
    let picture = || AttachmentFile::new("shirt.png", "image/png", PICTURE.to_vec());
    let upload = Attachment::upload(AttachmentKind::Image, picture());
    let kept = stage.page.send(UploadAttachment::new(page.clone(), Platform::Messenger, upload)).await?;
    let again = Attachment::id(AttachmentKind::Image, kept.attachment_id.clone());
    answer(stage, Message::attachment(again)).await?;
    let shown = MediaTemplate::image(kept.attachment_id).buttons([Button::postback("More", "MORE")]);
    answer(stage, Message::template(shown)).await?;

    let film = Attachment::url(AttachmentKind::Video, "https://example.com/film.mp4");
    let film = stage.page.send(UploadAttachment::new(page, Platform::Messenger, film)).await?;
    answer(stage, Message::attachment(Attachment::id(AttachmentKind::Video, film.attachment_id))).await?;

    let person = ScopedUserId::new(PERSON)?;
    let along = Attachment::upload(AttachmentKind::Image, picture()).reusable();
    let sent = send(stage, OutgoingMessage::response(person, Message::attachment(along))).await?;
    let kept = sent.attachment_id.ok_or("the picture was not kept")?;
    answer(stage, Message::attachment(Attachment::id(AttachmentKind::Image, kept))).await?;

    let pictures = ["https://example.com/a.jpg", "https://example.com/b.jpg"]
        .map(|address| Attachment::url(AttachmentKind::Image, address));
    answer(stage, Message::images(pictures)).await?;
    answer(
        stage,
        Message::attachment(Attachment::url(AttachmentKind::File, "https://example.com/manual.pdf")),
    )
    .await?;
    Ok(())
}

/// Elements and buttons.
async fn structured(stage: &Stage) -> Outcome {
    let shirts = ["Blue shirt", "Red shirt"].map(|title| {
        Element::new(title)
            .subtitle("Made of linen")
            .image("https://example.com/shirt.jpg")
            .opens("https://example.com/shirts")
            .buttons([Button::link("Look", "https://example.com/shirts"), Button::postback("Buy", "BUY")])
    });
    answer(stage, Message::template(GenericTemplate::new(shirts))).await?;
    let buttons = [
        Button::call("Call us", "+15105551234"),
        Button::log_in("https://example.com/login"),
        Button::log_out(),
    ];
    answer(stage, Message::template(ButtonTemplate::new("How can we help?", buttons))).await?;
    let products = ProductTemplate::new([ObjectId::from(9_001), ObjectId::from(9_002)]);
    answer(stage, Message::template(products)).await?;
    Ok(())
}

/// Receipts and coupons.
async fn orders(stage: &Stage) -> Outcome {
    let receipt = ReceiptTemplate::new("Grace Visitor", "order-1", "EUR", "Visa 2345", 47.5)
        .subtotal(40.0)
        .shipping(7.5)
        .order_url("https://example.com/orders/1")
        .ordered_at(SystemClock::new().now())
        .address(PostalAddress::new("1 Main St", "Springfield", "12345", "IL", "US"))
        .adjustment("Welcome", -2.5)
        .items([ReceiptItem::new("Blue shirt", 20.0).quantity(2).currency("EUR")]);
    answer(stage, Message::template(receipt)).await?;
    let coupon = CouponTemplate::code("10 % off", "SPRING10")
        .subtitle("Until June")
        .shop("To the shop", "https://example.com");
    answer(stage, Message::template(coupon)).await?;
    Ok(())
}

/// Seen, typing, reactions.
async fn actions(stage: &Stage) -> Outcome {
    let person = ScopedUserId::new(PERSON)?;
    let newest = newest(stage).await?;
    for action in [
        SenderAction::MarkSeen,
        SenderAction::TypingOn,
        SenderAction::TypingOff,
        SenderAction::React { message: newest.clone(), reaction: "love".to_owned() },
    ] {
        let action = SendAction::new(stage.page_id.clone(), person.clone(), action);
        let shown = stage.page.send(action).await?;
        expect(shown.recipient_id.as_ref() == Some(&person), "the person to see it")?;
    }
    let read = stage.page.send(GetMessage::new(newest.clone())).await?;
    expect(read.reactions.len() == 1, "the message to have the reaction")?;
    let taken_back = SenderAction::Unreact { message: newest.clone() };
    stage.page.send(SendAction::new(stage.page_id.clone(), person, taken_back)).await?;
    let read = stage.page.send(GetMessage::new(newest)).await?;
    expect(read.reactions.is_empty(), "the reaction to be gone")
}

/// The id of the newest message of the conversation with the person.
async fn newest(stage: &Stage) -> Outcome<MessageId> {
    let mine = ListConversations::new(stage.page_id.clone()).user_id(ScopedUserId::new(PERSON)?);
    let list = stage.page.send(mine).await?;
    let conversation = list.items.into_iter().next().ok_or("there is no conversation")?;
    let list = stage.page.send(ListMessages::new(conversation.id).limit(1)).await?;
    Ok(list.items.into_iter().next().ok_or("there is no message")?.id)
}

/// The inbox, one conversation, its messages, and who wrote them.
async fn conversations(stage: &Stage) -> Outcome {
    let all = ListConversations::new(stage.page_id.clone()).platform(Platform::Messenger).limit(2);
    let inbox: Vec<_> = stage.page.items(all).try_collect().await?;
    let is_with = |person: &ScopedUserId| person.as_str() == PERSON;
    let conversation = inbox
        .iter()
        .find(|conversation| conversation.participants.iter().any(|person| is_with(&person.id)))
        .ok_or("the person is not in the inbox")?;
    expect(conversation.can_reply == Some(true), "the person to be answered")?;
    let conversation = stage.page.send(GetConversation::new(conversation.id.clone())).await?;

    let messages: Vec<_> =
        stage.page.items(ListMessages::new(conversation.id).limit(12)).try_collect().await?;
    expect(messages.len() == 20, "the 20 newest messages, over two pages")?;
    let person = stage.page.send(GetPerson::new(ScopedUserId::new(PERSON)?)).await?;
    expect(person.first_name.as_deref() == Some("Grace"), "the person's name")
}
