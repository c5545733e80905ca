//! Events of Threads (Threads API: Webhooks). They come in an envelope of their own, without `object` and `entry`.

use super::content::{Content, best_effort, exact};
use crate::{DedupeKey, EventTime, Strength, dedupe::KeyParts, fields::Fields, open_enum::open_enum};

open_enum! {
    /// What happened.
    pub enum ThreadsField {
        /// Somebody replied to a post (`threads_basic`, `threads_read_replies`).
        Replies = "replies",
        /// Somebody mentioned the person (`threads_basic`, `threads_manage_mentions`).
        Mentions = "mentions",
        /// The person published a post or reply (`threads_basic`).
        Publish = "publish",
        /// The person deleted a post or reply (`threads_basic`, `threads_delete`).
        Delete = "delete",
    }
}

open_enum! {
    /// What a post is made of.
    pub enum ThreadsMediaType {
        /// Text.
        TextPost = "TEXT_POST",
        /// An image.
        Image = "IMAGE",
        /// A video.
        Video = "VIDEO",
        /// Several images and videos.
        CarouselAlbum = "CAROUSEL_ALBUM",
        /// A voice message.
        Audio = "AUDIO",
        /// Somebody else's post, shown again.
        RepostFacade = "REPOST_FACADE",
    }
}

/// A reply, mention, post or removal on Threads.
///
/// Every field may be absent; a removal names little more than the post. A member of another type than expected counts
/// as absent. Polls and what is attached otherwise stay in [`Event::raw`](crate::Event::raw).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ThreadsEvent {
    /// What happened.
    pub field: Option<ThreadsField>,
    /// The Threads app that is subscribed.
    pub app_id: Option<String>,
    /// The topic of the subscription: `moderate` or `interaction`.
    pub topic: Option<String>,
    /// For a mention the person who was mentioned; for a reply or removal the platform documents the id of a post, while
    /// its own samples show a person's.
    pub target_id: Option<String>,
    /// The subscription for the person whose event this is.
    pub subscription_id: Option<String>,
    /// The post: the reply, what mentions the person, what was published or deleted.
    pub id: Option<String>,
    /// Who wrote it.
    pub username: Option<String>,
    /// Id of who wrote it; sent with removals.
    pub owner_id: Option<String>,
    /// The text.
    pub text: Option<String>,
    /// What it is made of.
    pub media_type: Option<ThreadsMediaType>,
    /// Link to the image or video.
    pub media_url: Option<String>,
    /// Its description for those who cannot see it.
    pub alt_text: Option<String>,
    /// Link to the GIF.
    pub gif_url: Option<String>,
    /// Link to the post.
    pub permalink: Option<String>,
    /// The last part of the link.
    pub shortcode: Option<String>,
    /// When it was published, as sent: ISO 8601 text such as `2024-08-07T10:33:16+0000`, or a number.
    pub timestamp: Option<String>,
    /// When it was published, where a number says so.
    pub published_at: Option<EventTime>,
    /// When it was deleted, as sent.
    pub deleted_at_text: Option<String>,
    /// When it was deleted, where a number says so.
    pub deleted_at: Option<EventTime>,
    /// The post that was replied to.
    pub replied_to: Option<String>,
    /// The post that the conversation began with.
    pub root_post: Option<ThreadsRootPost>,
    /// The post that is quoted.
    pub quoted_post: Option<String>,
    /// The post that is shown again.
    pub reposted_post: Option<String>,
    /// Whether there are replies to it.
    pub has_replies: Option<bool>,
    /// Whether it quotes another post.
    pub is_quote_post: Option<bool>,
    /// Whether it is a reply.
    pub is_reply: Option<bool>,
    /// Whether who wrote it has a badge.
    pub is_verified: Option<bool>,
}

/// The post that a conversation began with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ThreadsRootPost {
    /// Its id.
    pub id: Option<String>,
    /// Id of who wrote it.
    pub owner_id: Option<String>,
    /// Who wrote it.
    pub username: Option<String>,
}

impl ThreadsEvent {
    /// Reads a whole delivery with one event, or a change of the usual envelope.
    pub(crate) fn read(body: &Fields<'_>) -> Self {
        let event = Self {
            app_id: body.id("app_id"),
            topic: body.text("topic"),
            target_id: body.id("target_id"),
            subscription_id: body.id("subscription_id"),
            ..Self::default()
        };
        let own = body.object("values");
        let values = own.as_ref().unwrap_or(body);
        let event = Self { field: values.text("field").as_deref().map(ThreadsField::from), ..event };
        let Some(value) = values.object("value") else { return event };
        Self {
            id: value.id("id"),
            username: value.text("username"),
            owner_id: owner_of(&value),
            text: value.text("text"),
            media_type: value.text("media_type").as_deref().map(ThreadsMediaType::from),
            media_url: value.text("media_url"),
            alt_text: value.text("alt_text"),
            gif_url: value.text("gif_url"),
            permalink: value.text("permalink"),
            shortcode: value.text("shortcode"),
            timestamp: value.id("timestamp"),
            published_at: value.time("timestamp"),
            deleted_at_text: value.id("deleted_at"),
            deleted_at: value.time("deleted_at"),
            replied_to: id_of(&value, "replied_to"),
            root_post: value.object("root_post").map(|post| ThreadsRootPost {
                id: post.id("id"),
                owner_id: owner_of(&post),
                username: post.text("username"),
            }),
            quoted_post: id_of(&value, "quoted_post"),
            reposted_post: id_of(&value, "reposted_post"),
            has_replies: value.flag("has_replies"),
            is_quote_post: value.flag("is_quote_post"),
            is_reply: value.flag("is_reply"),
            is_verified: value.flag("is_verified"),
            ..event
        }
    }
}

/// `owner_id`, or the id in `owner`.
pub(crate) fn owner_of(post: &Fields<'_>) -> Option<String> {
    post.id("owner_id").or_else(|| {
        let owner = post.object("owner")?;
        owner.id("owner_id").or_else(|| owner.id("id"))
    })
}

/// `{"<name>": {"id": …}}` or `{"<name>": …}`.
fn id_of(value: &Fields<'_>, name: &str) -> Option<String> {
    value.object(name).map_or_else(|| value.id(name), |post| post.id("id"))
}

impl Content for ThreadsEvent {
    fn name(&self) -> &'static str {
        match self.field {
            Some(ThreadsField::Replies) => "threads_reply",
            Some(ThreadsField::Mentions) => "threads_mention",
            Some(ThreadsField::Publish) => "threads_publish",
            Some(ThreadsField::Delete) => "threads_delete",
            Some(ThreadsField::Unknown(_)) | None => "threads_other",
        }
    }

    fn occurred_at(&self) -> Option<EventTime> {
        match self.field {
            Some(ThreadsField::Delete) => self.deleted_at,
            _ => self.published_at,
        }
    }

    /// The conversation, as far as it is named.
    fn subject(&self) -> Option<&str> {
        let root = self.root_post.as_ref().and_then(|post| post.id.as_deref());
        root.or(self.replied_to.as_deref()).or(self.id.as_deref())
    }

    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let (field, id) = (self.field.as_ref()?, self.id.as_ref()?);
        let parts = parts.part("threads").maybe(self.subscription_id.as_ref()).part(field.as_str()).part(id);
        match (field, &self.deleted_at_text) {
            (ThreadsField::Replies | ThreadsField::Mentions, _) => Some(exact(parts)),
            (ThreadsField::Delete, Some(deleted_at)) => Some(exact(parts.part(deleted_at))),
            // Whether a post can be published or deleted twice, as by an archive, is not documented.
            (ThreadsField::Publish | ThreadsField::Delete, _) => Some(best_effort(parts, sent_at)),
            (ThreadsField::Unknown(_), _) => None,
        }
    }
}

#[cfg(test)]
mod tests;
