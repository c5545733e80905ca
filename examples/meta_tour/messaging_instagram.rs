//! Direct messages of Instagram, for both logins: through the Page, and with Instagram Login.

use futures_util::TryStreamExt as _;
use sociogram::meta_graph::{
    Client, CommentId, MediaId, MessageId, ScopedUserId,
    messaging::{
        Attachment, AttachmentFile, AttachmentKind, Button, ButtonTemplate, Element, GenericTemplate,
        GetInstagramConversation, GetInstagramMessage, GetInstagramPerson, ListInstagramConversations,
        ListInstagramMessages, Message, OutgoingMessage, Platform, QuickReply, SendInstagramAction,
        SendInstagramMessage, SenderAction, UploadAttachment,
    },
};

use crate::{Outcome, expect, stage::Stage};

/// Wrote to the account an hour ago.
const PERSON: &str = "8800000000000201";
/// Wrote to the account three days ago.
const LATE_PERSON: &str = "8800000000000202";
/// A comment on a post of the account.
const COMMENT: &str = "17900000000000901";
/// A post of the account.
const POST: &str = "17910000000000801";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    through_the_page(stage).await?;
    with_instagram_login(stage).await?;
    files(stage).await?;
    let of_page = ListInstagramConversations::of_page(stage.page_id.clone());
    conversations(&stage.page, of_page).await?;
    let of_account = ListInstagramConversations::of_account(stage.instagram_id.clone());
    conversations(&stage.instagram, of_account).await
}

/// With the token of the Page that the account is linked to.
async fn through_the_page(stage: &Stage) -> Outcome {
    let person = ScopedUserId::new(PERSON)?;
    let page = || stage.page_id.clone();
    let question = Message::text("Which colour?").quick_replies([QuickReply::text("Blue", "BLUE")]);
    let question = OutgoingMessage::response(person.clone(), question);
    let sent = stage.page.send(SendInstagramMessage::from_page(page(), question)).await?;
    let id = sent.message_id.ok_or("the question has no id")?;
    let react = SenderAction::React { message: id.clone(), reaction: "love".to_owned() };
    for action in [SenderAction::MarkSeen, SenderAction::TypingOn, react] {
        stage.page.send(SendInstagramAction::from_page(page(), person.clone(), action)).await?;
    }
    let read = stage.page.send(GetInstagramMessage::new(id)).await?;
    expect(read.reactions.len() == 1, "the question to have the reaction")?;

    let reply = OutgoingMessage::response(CommentId::new(COMMENT)?, Message::text("See your inbox."));
    let reply = stage.page.send(SendInstagramMessage::from_page(page(), reply)).await?;
    expect(reply.message_id.is_some(), "the private reply to be sent")?;
    let human = OutgoingMessage::human_agent(ScopedUserId::new(LATE_PERSON)?, Message::text("Ada here."));
    let human = stage.page.send(SendInstagramMessage::from_page(page(), human)).await?;
    expect(human.message_id.is_some(), "a human to be let through after three days")
}

/// With the account's own token, at `graph.instagram.com`.
async fn with_instagram_login(stage: &Stage) -> Outcome {
    let person = ScopedUserId::new(PERSON)?;
    let account = || stage.instagram_id.clone();
    let shirt = Element::new("Blue shirt")
        .subtitle("Made of linen")
        .buttons([Button::link("Look", "https://example.com/shirts")]);
    let buttons = ButtonTemplate::new("More?", [Button::postback("Yes", "MORE")]);
    let pictures = ["https://example.com/a.jpg", "https://example.com/b.png"]
        .map(|address| Attachment::url(AttachmentKind::Image, address));
    let mut last: Option<MessageId> = None;
    for message in [
        Message::text("Here it is:"),
        Message::template(GenericTemplate::new([shirt])),
        Message::template(buttons),
        Message::images(pictures),
        Message::attachment(Attachment::share(MediaId::new(POST)?)),
        Message::attachment(Attachment::heart()),
    ] {
        let message = OutgoingMessage::response(person.clone(), message);
        let sent = stage.instagram.send(SendInstagramMessage::from_account(account(), message)).await?;
        last = sent.message_id;
    }
    let heart = last.ok_or("the heart has no id")?;
    for action in [
        SenderAction::TypingOff,
        SenderAction::React { message: heart.clone(), reaction: "love".to_owned() },
        SenderAction::Unreact { message: heart.clone() },
    ] {
        let action = SendInstagramAction::from_account(account(), person.clone(), action);
        let shown = stage.instagram.send(action).await?;
        expect(shown.recipient_id.as_ref() == Some(&person), "the person to see it")?;
    }
    let read = stage.instagram.send(GetInstagramMessage::new(heart)).await?;
    expect(read.reactions.is_empty(), "the reaction to be gone")
}

/// A file that is uploaded once, and sent.
async fn files(stage: &Stage) -> Outcome {
    let leaflet = AttachmentFile::new("leaflet.pdf", "application/pdf", b"%PDF-1.7".to_vec());
    let leaflet = Attachment::upload(AttachmentKind::File, leaflet);
    let upload = UploadAttachment::new(stage.page_id.clone(), Platform::Instagram, leaflet);
    let kept = stage.page.send(upload).await?.attachment_id;
    let message = Message::attachment(Attachment::id(AttachmentKind::File, kept));
    let message = OutgoingMessage::response(ScopedUserId::new(PERSON)?, message);
    let sent = stage.page.send(SendInstagramMessage::from_page(stage.page_id.clone(), message)).await?;
    expect(sent.message_id.is_some(), "the leaflet to be sent")
}

/// What was said, and by whom.
async fn conversations(client: &Client, list: ListInstagramConversations) -> Outcome {
    let inbox: Vec<_> = client.items(list.clone().limit(1)).try_collect().await?;
    expect(inbox.len() > 1, "an inbox of several pages")?;
    let person = ScopedUserId::new(PERSON)?;
    let mine = client.send(list.user_id(person.clone())).await?;
    let id = mine.items.into_iter().next().ok_or("there is no conversation with the person")?.id;
    let conversation = client.send(GetInstagramConversation::new(id)).await?;
    let messages: Vec<_> =
        client.items(ListInstagramMessages::new(conversation.id).limit(3)).try_collect().await?;
    let first = messages.last().ok_or("there is no message")?;
    expect(first.from.as_ref().is_some_and(|from| from.id == person), "the person to have written first")?;
    let person = client.send(GetInstagramPerson::new(person)).await?;
    expect(person.username.as_deref() == Some("lena.visits"), "the person's user name")
}
