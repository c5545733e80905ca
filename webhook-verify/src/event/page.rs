//! Changes of a Page other than its feed and leads (Webhooks reference: Page, `mention`, `ratings`, `live_videos`).

use super::{
    content::{Content, best_effort, exact},
    feed::{FeedActor, FeedItem, FeedVerb, ReactionType, actor},
};
use crate::{DedupeKey, EventTime, Strength, dedupe::KeyParts, fields::Fields, open_enum::open_enum};

/// A Page was mentioned in a post or comment (subscribing takes `pages_manage_metadata`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageMention {
    /// What mentions the Page: a post or a comment.
    pub item: Option<FeedItem>,
    /// What happened to it.
    pub verb: Option<FeedVerb>,
    /// The post, or the post that was commented.
    pub post_id: Option<String>,
    /// The comment. Absent when a post mentions the Page.
    pub comment_id: Option<String>,
    /// Who wrote it. Absent when the person is not exposed to your app.
    pub from: Option<FeedActor>,
    /// The text.
    pub message: Option<String>,
    /// When it was written.
    pub created_time: Option<EventTime>,
}

impl PageMention {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self {
            item: value.text("item").as_deref().map(FeedItem::from),
            verb: value.text("verb").as_deref().map(FeedVerb::from),
            post_id: value.id("post_id"),
            comment_id: value.id("comment_id"),
            from: actor(value),
            message: value.text("message"),
            created_time: value.time("created_time"),
        }
    }

    /// As on a feed: what is edited can be edited again.
    fn identity(&self, parts: KeyParts) -> Option<KeyParts> {
        let item = self.item.as_ref().filter(|item| item.is_known())?;
        let verb = self.verb.as_ref().filter(|verb| matches!(verb, FeedVerb::Add | FeedVerb::Remove))?;
        let created = self.created_time?;
        self.post_id.as_ref().or(self.comment_id.as_ref())?;
        let parts = parts.part("mention").part(item.as_str()).part(verb.as_str());
        let parts = parts.maybe(self.post_id.as_ref()).maybe(self.comment_id.as_ref());
        Some(parts.time(Some(created)))
    }
}

impl Content for PageMention {
    fn name(&self) -> &'static str {
        "page_mention"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        self.created_time
    }

    fn subject(&self) -> Option<&str> {
        self.post_id.as_deref()
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        self.identity(parts).map(exact)
    }
}

open_enum! {
    /// What was added, changed or removed.
    pub enum RatingItem {
        /// The recommendation itself.
        Rating = "rating",
        /// A comment below it.
        Comment = "comment",
        /// A like of it or of a comment.
        Like = "like",
        /// A reaction to it or to a comment.
        Reaction = "reaction",
    }
}

open_enum! {
    /// Whether a person recommends the Page.
    pub enum RecommendationType {
        /// The person does.
        Positive = "positive",
        /// The person does not.
        Negative = "negative",
    }
}

/// A Page was recommended, or something happened to a recommendation (subscribing takes `pages_manage_metadata`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RatingChange {
    /// What was added, changed or removed.
    pub item: Option<RatingItem>,
    /// What happened to it.
    pub verb: Option<FeedVerb>,
    /// The recommendation. Some likes and reactions name the post only.
    pub open_graph_story_id: Option<String>,
    /// Who recommends.
    pub reviewer: Option<FeedActor>,
    /// Whether the person recommends the Page.
    pub recommendation_type: Option<RecommendationType>,
    /// The text of the recommendation.
    pub review_text: Option<String>,
    /// Stars from 1 to 5, of ratings that are older than recommendations.
    pub rating: Option<u8>,
    /// The post of the recommendation.
    pub post_id: Option<String>,
    /// The comment.
    pub comment_id: Option<String>,
    /// What was commented or reacted on.
    pub parent_id: Option<String>,
    /// Who commented, liked or reacted: `from`, or `sender_id` and `sender_name`.
    pub from: Option<FeedActor>,
    /// The text of the comment.
    pub message: Option<String>,
    /// Which reaction.
    pub reaction_type: Option<ReactionType>,
    /// When it happened.
    pub created_time: Option<EventTime>,
}

impl RatingChange {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self {
            item: value.text("item").as_deref().map(RatingItem::from),
            verb: value.text("verb").as_deref().map(FeedVerb::from),
            open_graph_story_id: value.id("open_graph_story_id"),
            reviewer: reviewer(value),
            recommendation_type: value.text("recommendation_type").as_deref().map(RecommendationType::from),
            review_text: value.text("review_text"),
            rating: value.number("rating"),
            post_id: value.id("post_id"),
            comment_id: value.id("comment_id"),
            parent_id: value.id("parent_id"),
            from: actor(value),
            message: value.text("message"),
            reaction_type: value.text("reaction_type").as_deref().map(ReactionType::from),
            created_time: value.time("created_time"),
        }
    }

    /// As on a feed: what is edited can be edited again, and people who are not exposed cannot be told apart.
    fn identity(&self, parts: KeyParts) -> Option<KeyParts> {
        let item = self.item.as_ref().filter(|item| item.is_known())?;
        let verb = self.verb.as_ref().filter(|verb| matches!(verb, FeedVerb::Add | FeedVerb::Remove))?;
        let created = self.created_time?;
        let actor = self.from.as_ref().and_then(|from| from.id.as_ref());
        if actor.is_none() && matches!(item, RatingItem::Like | RatingItem::Reaction) {
            return None;
        }
        let subject = [&self.open_graph_story_id, &self.comment_id, &self.post_id, &self.parent_id];
        subject.iter().find(|id| id.is_some())?;
        let reviewer = self.reviewer.as_ref().and_then(|reviewer| reviewer.id.as_ref());
        let reaction = self.reaction_type.as_ref().map(ReactionType::as_str);
        let parts = parts.part("rating").part(item.as_str()).part(verb.as_str());
        let parts = subject.into_iter().fold(parts, |parts, id| parts.maybe(id.as_ref()));
        Some(parts.maybe(reviewer).maybe(actor).maybe(reaction).time(Some(created)))
    }
}

impl Content for RatingChange {
    fn name(&self) -> &'static str {
        "page_rating"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        self.created_time
    }

    fn subject(&self) -> Option<&str> {
        self.open_graph_story_id.as_deref()
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        self.identity(parts).map(exact)
    }
}

/// `reviewer_id` and `reviewer_name`, or both in one object.
fn reviewer(value: &Fields<'_>) -> Option<FeedActor> {
    let reviewer = value.object("reviewer");
    let actor = FeedActor {
        id: value.id("reviewer_id").or_else(|| reviewer.as_ref()?.id("id")),
        name: value.text("reviewer_name").or_else(|| reviewer.as_ref()?.text("name")),
    };
    (actor != FeedActor::default()).then_some(actor)
}

open_enum! {
    /// The state of a live video. Any case of the letters is understood.
    pub enum LiveVideoStatus {
        /// Not published.
        Unpublished = "unpublished",
        /// Live now.
        Live = "live",
        /// No longer live.
        LiveStopped = "live_stopped",
        /// Being made into a video on demand.
        Processing = "processing",
        /// A video on demand.
        Vod = "vod",
        /// Planned, not announced.
        ScheduledUnpublished = "scheduled_unpublished",
        /// Planned and announced.
        ScheduledLive = "scheduled_live",
        /// Planned, and the time has passed.
        ScheduledExpired = "scheduled_expired",
        /// Planned and cancelled.
        ScheduledCanceled = "scheduled_canceled",
    }
}

impl LiveVideoStatus {
    fn read(text: &str) -> Self {
        let known = Self::from(&*text.to_ascii_lowercase());
        if known.is_known() { known } else { Self::from(text) }
    }
}

/// The state of a live video of a Page changed (subscribing takes `pages_manage_metadata`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LiveVideoChange {
    /// The live video.
    pub id: Option<String>,
    /// Its state now.
    pub status: Option<LiveVideoStatus>,
}

impl LiveVideoChange {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self { id: value.id("id"), status: value.text("status").as_deref().map(LiveVideoStatus::read) }
    }
}

impl Content for LiveVideoChange {
    fn name(&self) -> &'static str {
        "page_live_video"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// A video can come to a state twice, and nothing but the time of sending tells them apart.
    fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let (id, status) = (self.id.as_ref()?, self.status.as_ref()?);
        Some(best_effort(parts.part("live_video").part(id).part(status.as_str()), sent_at))
    }
}

#[cfg(test)]
mod tests;
