//! Messages of a conversation.

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::Value;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::scope;

use super::conversations::Participant;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{ConversationId, MessageId};
use crate::lenient;

/// What is read of messages.
const FIELDS: &str =
    "id,created_time,from,to,message,attachments,shares,sticker,tags,reactions,reply_to,is_unsupported";

list_endpoint! {
    /// The messages of a conversation of Messenger, the newest first: `GET /{conversation_id}/messages` (Messenger
    /// Platform: Conversations API).
    ///
    /// **Only the 20 newest messages of a conversation can be read;** older ones come without content or as deleted.
    /// Permissions as for [`ListConversations`](super::ListConversations).
    pub struct ListMessages -> ConversationMessage;
    "messenger.messages.list": "/{conversation_id}/messages", [scope::PAGES_MESSAGING, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_MANAGE_METADATA], limit 500;
    new { conversation_id: ConversationId }
    fields FIELDS;
}

endpoint! {
    /// One message of Messenger: `GET /{message_id}` (Messenger Platform: Conversations API).
    ///
    /// **Only the 20 newest messages of a conversation can be read;** an older one is refused as deleted
    /// ([`ErrorClass::NotFoundOrHidden`](crate::ErrorClass::NotFoundOrHidden)). Permissions as for [`ListMessages`].
    pub struct GetMessage -> ConversationMessage;
    "messenger.messages.get": GET "/{message_id}", Safe, [scope::PAGES_MESSAGING, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_MANAGE_METADATA];
    new { message_id: MessageId }
    fields FIELDS;
}

list_endpoint! {
    /// The messages of a conversation of Instagram, the newest first: `GET /{conversation_id}/messages` (Instagram Platform:
    /// Conversations API), for both logins.
    ///
    /// **Only the 20 newest messages of a conversation can be read;** older ones come without content or as deleted.
    /// Permissions as for [`ListInstagramConversations`](super::ListInstagramConversations).
    pub struct ListInstagramMessages -> ConversationMessage;
    "instagram.message.messages.list": "/{conversation_id}/messages", [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_MESSAGES, scope::PAGES_MANAGE_METADATA], limit 500;
    new { conversation_id: ConversationId }
    fields FIELDS;
}

endpoint! {
    /// One message of Instagram: `GET /{message_id}` (Instagram Platform: Conversations API), for both logins.
    ///
    /// **Only the 20 newest messages of a conversation can be read;** an older one is refused as deleted
    /// ([`ErrorClass::NotFoundOrHidden`](crate::ErrorClass::NotFoundOrHidden)). Permissions as for
    /// [`ListInstagramMessages`].
    pub struct GetInstagramMessage -> ConversationMessage;
    "instagram.message.messages.get": GET "/{message_id}", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_MESSAGES, scope::PAGES_MANAGE_METADATA];
    new { message_id: MessageId }
    fields FIELDS;
}

/// A message of a conversation. Everything but its id may be missing.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ConversationMessage {
    /// Its id.
    pub id: MessageId,
    /// When it was written.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
    /// Who wrote it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub from: Option<Participant>,
    /// Who got it.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub to: Vec<Participant>,
    /// Its text; empty if it is something else.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message: Option<String>,
    /// Its files.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub attachments: Vec<MessageAttachment>,
    /// What it passes on.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub shares: Vec<MessageShare>,
    /// The address of its sticker.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub sticker: Option<String>,
    /// Meta's tags, such as `inbox` or `sent`.
    #[serde(default, deserialize_with = "tags")]
    pub tags: Vec<String>,
    /// The reactions to it.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub reactions: Vec<MessageReaction>,
    /// The message that it answers.
    #[serde(default, deserialize_with = "replied")]
    pub reply_to: Option<MessageId>,
    /// Whether it is of a kind that the API does not show.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_unsupported: Option<bool>,
}

/// A file of a message. The addresses end after some days.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct MessageAttachment {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<String>,
    /// Its content type.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub mime_type: Option<String>,
    /// Its file name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its length in bytes.
    #[serde(default, deserialize_with = "lenient::count")]
    pub size: Option<u64>,
    /// Where an image is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub image_data: Option<MessageMedia>,
    /// Where a video is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub video_data: Option<MessageMedia>,
    /// Where any other file is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub file_url: Option<String>,
    /// A structured message, as Meta shows it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub generic_template: Option<Value>,
}

/// An image or video of a message.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MessageMedia {
    /// Where it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub url: Option<String>,
    /// Where a smaller picture of it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub preview_url: Option<String>,
    /// Its width in pixels.
    #[serde(default, deserialize_with = "lenient::count")]
    pub width: Option<u64>,
    /// Its height in pixels.
    #[serde(default, deserialize_with = "lenient::count")]
    pub height: Option<u64>,
}

/// Something passed on in a message.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MessageShare {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<String>,
    /// Its address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub link: Option<String>,
    /// Its title.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its description.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub description: Option<String>,
}

/// A reaction to a message.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MessageReaction {
    /// Which one, such as an emoji.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub reaction: Option<String>,
    /// Whose.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub users: Vec<Participant>,
}

fn tags<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let tags: Vec<Value> = lenient::edge(from)?;
    Ok(tags.iter().filter_map(|tag| lenient::text_of(tag.get("name").unwrap_or(tag))).collect())
}

fn replied<'de, D: Deserializer<'de>>(from: D) -> Result<Option<MessageId>, D::Error> {
    let value = Value::deserialize(from)?;
    let id = value.get("mid").or_else(|| value.get("id")).unwrap_or(&value);
    Ok(MessageId::deserialize(id).ok())
}
