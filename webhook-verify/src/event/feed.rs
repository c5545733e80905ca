//! Changes on a Page's feed (Webhooks reference: Page, `feed`).

use super::content::{Content, exact};
use crate::{DedupeKey, EventTime, Strength, dedupe::KeyParts, fields::Fields, open_enum::open_enum};

open_enum! {
    /// What was added, changed or removed.
    pub enum FeedItem {
        /// A post by a visitor.
        Post = "post",
        /// A post of the Page itself.
        Status = "status",
        /// A photo.
        Photo = "photo",
        /// A video.
        Video = "video",
        /// A link or a shared post.
        Share = "share",
        /// An album.
        Album = "album",
        /// An event.
        Event = "event",
        /// A comment or a reply to one.
        Comment = "comment",
        /// A like.
        Like = "like",
        /// A reaction.
        Reaction = "reaction",
    }
}

open_enum! {
    /// What happened to the item.
    pub enum FeedVerb {
        /// It is new.
        Add = "add",
        /// It was changed. Posts, comments and reactions use this word in some deliveries.
        Edit = "edit",
        /// It was changed. The same as `edit`; both are on the wire.
        Edited = "edited",
        /// It was hidden.
        Hide = "hide",
        /// It is shown again.
        Unhide = "unhide",
        /// It was removed.
        Remove = "remove",
        /// The sound of a video was muted, see [`FeedChange::video_flag_reason`].
        Mute = "mute",
        /// A video was blocked, see [`FeedChange::video_flag_reason`].
        Block = "block",
        /// A video is no longer blocked.
        Unblock = "unblock",
    }
}

open_enum! {
    /// A reaction.
    pub enum ReactionType {
        /// Like.
        Like = "like",
        /// Love.
        Love = "love",
        /// Care.
        Care = "care",
        /// Haha.
        Haha = "haha",
        /// Wow.
        Wow = "wow",
        /// Sad.
        Sad = "sad",
        /// Angry.
        Angry = "angry",
    }
}

/// A change on a Page's feed. The Page's own activity is reported too.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FeedChange {
    /// What was added, changed or removed.
    pub item: Option<FeedItem>,
    /// What happened to it.
    pub verb: Option<FeedVerb>,
    /// The post, `<page id>_<post id>`.
    pub post_id: Option<String>,
    /// The comment.
    pub comment_id: Option<String>,
    /// What was commented or reacted on: the post for a top-level comment, else the comment above.
    pub parent_id: Option<String>,
    /// The photo.
    pub photo_id: Option<String>,
    /// The photos of an album.
    pub photo_ids: Vec<String>,
    /// The video.
    pub video_id: Option<String>,
    /// The share.
    pub share_id: Option<String>,
    /// The album.
    pub album_id: Option<String>,
    /// The event.
    pub event_id: Option<String>,
    /// On whose feed it was posted.
    pub recipient_id: Option<String>,
    /// Who did it: `from`, or `sender_id`, `user_id` and `sender_name` of older deliveries. Absent when the
    /// person is not exposed to your app.
    pub from: Option<FeedActor>,
    /// The text.
    pub message: Option<String>,
    /// A sentence that describes the change.
    pub story: Option<String>,
    /// The link of a share, photo or video.
    pub link: Option<String>,
    /// Links to the photos of a status.
    pub photos: Vec<String>,
    /// Link to the photo of a comment.
    pub photo: Option<String>,
    /// Link to the video of a comment.
    pub video: Option<String>,
    /// Which reaction.
    pub reaction_type: Option<ReactionType>,
    /// Whether the post is hidden.
    pub is_hidden: Option<bool>,
    /// Whether the post is published (`1`) or a draft or scheduled (`0`).
    pub published: Option<bool>,
    /// Why a video was muted or blocked, as the platform words it.
    pub video_flag_reason: Option<String>,
    /// When it happened. Never sent with `hide`, `unhide` and the removal of a comment.
    pub created_time: Option<EventTime>,
}

/// Who caused a change on a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FeedActor {
    /// Page-scoped id of the person, or id of the Page.
    pub id: Option<String>,
    /// Name.
    pub name: Option<String>,
}

impl FeedChange {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self {
            item: value.text("item").as_deref().map(FeedItem::from),
            verb: value.text("verb").as_deref().map(FeedVerb::from),
            post_id: value.id("post_id"),
            comment_id: value.id("comment_id"),
            parent_id: value.id("parent_id"),
            photo_id: value.id("photo_id"),
            photo_ids: value.ids("photo_ids"),
            video_id: value.id("video_id"),
            share_id: value.id("share_id"),
            album_id: value.id("album_id"),
            event_id: value.id("event_id"),
            recipient_id: value.id("recipient_id"),
            from: actor(value),
            message: value.text("message"),
            story: value.text("story"),
            link: value.text("link"),
            photos: value.ids("photos"),
            photo: value.text("photo"),
            video: value.text("video"),
            reaction_type: value.text("reaction_type").as_deref().map(ReactionType::from),
            is_hidden: value.flag("is_hidden"),
            published: value.flag("published"),
            video_flag_reason: value.id("video_flag_reason"),
            created_time: value.time("created_time"),
        }
    }

    /// Only an addition or removal that names its time and its subject is identified by them: an edit or a
    /// change of visibility can happen again to the same subject.
    fn identity(&self, parts: KeyParts) -> Option<KeyParts> {
        let item = self.item.as_ref().filter(|item| item.is_known())?;
        let verb = self.verb.as_ref().filter(|verb| matches!(verb, FeedVerb::Add | FeedVerb::Remove))?;
        let created = self.created_time?;
        let actor = self.from.as_ref().and_then(|from| from.id.as_ref());
        // People whom the platform does not expose cannot be told apart.
        if actor.is_none() && matches!(item, FeedItem::Like | FeedItem::Reaction) {
            return None;
        }
        let subject = [
            &self.comment_id,
            &self.post_id,
            &self.parent_id,
            &self.photo_id,
            &self.video_id,
            &self.share_id,
            &self.album_id,
            &self.event_id,
        ];
        subject.iter().find(|id| id.is_some())?;
        let parts = parts.part("feed").part(item.as_str()).part(verb.as_str());
        // All of them: several photos of one post share its id and its second.
        let parts = subject.into_iter().fold(parts, |parts, id| parts.maybe(id.as_ref()));
        let reaction = self.reaction_type.as_ref().map(ReactionType::as_str);
        Some(parts.maybe(reaction).maybe(actor).time(Some(created)))
    }
}

impl Content for FeedChange {
    fn name(&self) -> &'static str {
        "page_feed"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        self.created_time
    }

    fn subject(&self) -> Option<&str> {
        self.post_id.as_deref().or(self.parent_id.as_deref())
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        self.identity(parts).map(exact)
    }
}

/// `from`, or the members of older deliveries.
pub(super) fn actor(value: &Fields<'_>) -> Option<FeedActor> {
    let from = value.object("from");
    let id = from.as_ref().and_then(|from| from.id("id"));
    let name = from.as_ref().and_then(|from| from.text("name"));
    let actor = FeedActor {
        id: id.or_else(|| value.id("sender_id")).or_else(|| value.id("user_id")),
        name: name.or_else(|| value.text("sender_name")),
    };
    (actor != FeedActor::default()).then_some(actor)
}

#[cfg(test)]
mod tests;
