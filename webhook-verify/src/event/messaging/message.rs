//! Messages (Messenger Platform: `messages`, `message_echoes`, `message_edits`; Instagram Platform: `messages`).

use super::{Attachment, Referral};
use crate::fields::Fields;

/// A message of a person, or the echo of one that the business sent.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Message {
    /// Id of the message.
    pub mid: Option<String>,
    /// The text.
    pub text: Option<String>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// The payload of the quick reply that was pressed; its title is the text.
    pub quick_reply: Option<String>,
    /// What it answers.
    pub reply_to: Option<ReplyTo>,
    /// Whether the business sent it. Who exactly tells [`origin`](Self::origin).
    pub is_echo: Option<bool>,
    /// Whether it was unsent: `mid` is all that is left.
    pub is_deleted: Option<bool>,
    /// Whether the platform cannot show what was sent.
    pub is_unsupported: Option<bool>,
    /// Whether the business wrote to itself (Instagram).
    pub is_self: Option<bool>,
    /// The app that sent an echo.
    pub app_id: Option<String>,
    /// What the app that sent an echo wrote into its `metadata`.
    pub metadata: Option<String>,
    /// Which sticker it is, where it is one.
    pub sticker_id: Option<String>,
    /// A running number; old deliveries only.
    pub seq: Option<u64>,
    /// What brought the person here: an ad, a product.
    pub referral: Option<Referral>,
    /// Commands that the text holds.
    pub commands: Vec<String>,
    /// The JSON of what the built-in language processing found, as it was sent.
    pub nlp: Option<Box<str>>,
}

/// What a message answers: another message, or a story of the business (Instagram).
///
/// Every field may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplyTo {
    /// The message.
    pub mid: Option<String>,
    /// The story.
    pub story_id: Option<String>,
    /// Link to the media of the story; expires with it.
    pub story_url: Option<String>,
    /// Whether the sender answers itself.
    pub is_self_reply: Option<bool>,
}

/// Who wrote a message, see [`Message::origin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageOrigin {
    /// The person.
    Person,
    /// The business, through your app.
    OwnApp,
    /// The business, through another app.
    OtherApp,
    /// The business, by hand in the inbox: the echo names no app.
    Inbox,
}

impl Message {
    pub(super) fn read(message: &Fields<'_>) -> Self {
        Self {
            mid: message.id("mid"),
            text: message.text("text"),
            attachments: message.objects("attachments").map(|one| Attachment::read(&one)).collect(),
            quick_reply: message.object("quick_reply").and_then(|reply| reply.text("payload")),
            reply_to: message.object("reply_to").map(|reply| ReplyTo::read(&reply)),
            is_echo: message.flag("is_echo"),
            is_deleted: message.flag("is_deleted"),
            is_unsupported: message.flag("is_unsupported"),
            is_self: message.flag("is_self"),
            app_id: message.id("app_id"),
            metadata: message.text("metadata"),
            sticker_id: message.id("sticker_id"),
            seq: message.number("seq"),
            referral: message.object("referral").map(|referral| Referral::read(&referral)),
            commands: message.objects("commands").filter_map(|command| command.text("name")).collect(),
            nlp: message.json("nlp"),
        }
    }

    /// Who wrote it, as far as the platform tells: an echo with the id of your app is what your app sent, one with
    /// another id is another app's, and one without any was written by a human in the inbox.
    pub fn origin(&self, own_app_id: &str) -> MessageOrigin {
        match (self.is_echo, self.app_id.as_deref()) {
            (Some(true), Some(id)) if id == own_app_id => MessageOrigin::OwnApp,
            (Some(true), Some(_)) => MessageOrigin::OtherApp,
            (Some(true), None) => MessageOrigin::Inbox,
            _ => MessageOrigin::Person,
        }
    }
}

impl ReplyTo {
    fn read(reply: &Fields<'_>) -> Self {
        let story = reply.object("story");
        Self {
            mid: reply.id("mid"),
            story_id: story.as_ref().and_then(|story| story.id("id")),
            story_url: story.as_ref().and_then(|story| story.text("url")),
            is_self_reply: reply.flag("is_self_reply"),
        }
    }
}

/// A message was edited.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageEdit {
    /// Id of the message, the same as before.
    pub mid: Option<String>,
    /// The text as it is now.
    pub text: Option<String>,
    /// How often it was edited.
    pub num_edit: Option<u64>,
}

impl MessageEdit {
    pub(super) fn read(edit: &Fields<'_>) -> Self {
        Self { mid: edit.id("mid"), text: edit.text("text"), num_edit: edit.number("num_edit") }
    }
}
