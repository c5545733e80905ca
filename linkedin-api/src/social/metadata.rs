//! How many react and comment, and whether one may (LinkedIn: Reactions and Social Metadata, "Social Metadata").

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use super::ReactionType;
use super::read_comments::acting;
use crate::batch::BatchResults;
use crate::created;
use crate::endpoint::endpoint;
use crate::guard::rules;
use crate::lenient;
use crate::patch::Patch;
use crate::restli::{Query, restli_words};
use crate::urn::{ActorUrn, SocialTarget};

open_enum! {
    /// Whether one may comment.
    pub enum CommentsState {
        /// One may.
        Open = "OPEN",
        /// Nobody may.
        Closed = "CLOSED",
    }
}

restli_words!(CommentsState);

endpoint! {
    /// Counts reactions and comments: `GET /rest/socialMetadata/{entity}` (LinkedIn: Reactions and Social Metadata).
    ///
    /// Scopes and roles as for [`ListComments`](super::ListComments).
    pub struct GetSocialMetadata -> SocialMetadata;
    "linkedin.social_metadata.get": Get "/rest/socialMetadata/{entity}", Safe,
        [scope::R_ORGANIZATION_SOCIAL_FEED, scope::R_MEMBER_SOCIAL_FEED];
    new { entity: SocialTarget }
    projection;
    subject entity;
}

endpoint! {
    /// Counts reactions and comments of several posts, activities or comments: `GET /rest/socialMetadata?ids=List(…)`
    /// (LinkedIn: Reactions and Social Metadata). Scopes and roles as for [`ListComments`](super::ListComments).
    pub struct BatchGetSocialMetadata -> BatchResults<SocialMetadata>;
    "linkedin.social_metadata.batch_get": BatchGet "/rest/socialMetadata", Safe,
        [scope::R_ORGANIZATION_SOCIAL_FEED, scope::R_MEMBER_SOCIAL_FEED];
    new { ids: Vec<SocialTarget> }
    projection;
    checked by check;
    read by Self::read;
}

impl BatchGetSocialMetadata {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        if self.ids.is_empty() { vec![rules::KEYS_EMPTY.finding("ids")] } else { Vec::new() }
    }

    fn read(&self, response: &RawResponse) -> Result<BatchResults<SocialMetadata>, DecodeError> {
        BatchResults::read(response, self.ids.iter().map(SocialTarget::as_str))
    }
}

endpoint! {
    /// Opens or closes the comments of a post: `POST /rest/socialMetadata/{entity}?actor=…` with
    /// `X-RestLi-Method: PARTIAL_UPDATE` (LinkedIn: Reactions and Social Metadata).
    ///
    /// **Closing deletes the comments that are there**, and opening does not bring them back. The actor is the author of the
    /// post. Scopes and roles as for [`CreateComment`](super::CreateComment). Sending it again has no further effect.
    pub struct SetCommentsState -> ();
    "linkedin.social_metadata.set_comments_state": PartialUpdate "/rest/socialMetadata/{entity}", Safe,
        [scope::W_MEMBER_SOCIAL_FEED, scope::W_ORGANIZATION_SOCIAL_FEED];
    new { entity: SocialTarget, actor: ActorUrn, state: CommentsState }
    subject entity;
    checked by check;
    body by body;
    query by query;
    read by created::nothing;
}

impl SetCommentsState {
    /// Lets people comment.
    pub fn open(entity: impl Into<SocialTarget>, actor: impl Into<ActorUrn>) -> Self {
        Self::new(entity, actor, CommentsState::Open)
    }

    /// Lets nobody comment, and deletes the comments that are there.
    pub fn close_and_delete_comments(entity: impl Into<SocialTarget>, actor: impl Into<ActorUrn>) -> Self {
        Self::new(entity, actor, CommentsState::Closed)
    }

    /// Everything a local check has to say. Closing gives a warning.
    pub fn check(&self) -> Vec<Finding> {
        if self.state == CommentsState::Closed {
            vec![rules::COMMENTS_CLOSING.finding("commentsState")]
        } else {
            Vec::new()
        }
    }

    fn body(&self) -> Patch {
        Patch::new().set("commentsState", self.state.as_str())
    }

    fn query(&self, query: Query) -> Query {
        acting(query, &self.actor)
    }
}

/// How many react and comment.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SocialMetadata {
    /// What it is about; usually an activity, whatever the request named.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub entity: Option<SocialTarget>,
    /// How many react in which way.
    #[serde(default, deserialize_with = "summaries")]
    pub reaction_summaries: Vec<ReactionCount>,
    /// How many comment.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub comment_summary: Option<CommentCounts>,
    /// Whether one may comment.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub comments_state: Option<CommentsState>,
}

impl SocialMetadata {
    /// How many react in this way; 0 when LinkedIn does not say.
    pub fn reactions(&self, reaction: &ReactionType) -> i64 {
        let summaries = self.reaction_summaries.iter();
        summaries
            .filter(|summary| summary.reaction_type.as_ref() == Some(reaction))
            .map(ReactionCount::known)
            .sum()
    }

    /// How many react in any way.
    pub fn total_reactions(&self) -> i64 {
        self.reaction_summaries.iter().map(ReactionCount::known).sum()
    }
}

/// How many react in one way.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReactionCount {
    /// How they react.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub reaction_type: Option<ReactionType>,
    /// How many.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub count: Option<i64>,
}

impl ReactionCount {
    fn known(&self) -> i64 {
        self.count.unwrap_or_default()
    }
}

/// How many comment.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommentCounts {
    /// How many, replies included.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub count: Option<i64>,
    /// How many, without replies.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub top_level_count: Option<i64>,
}

/// By type, or as a list.
fn summaries<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ReactionCount>, D::Error> {
    let all: Option<Value> = lenient::or_none(deserializer)?;
    let read = |(key, value): (Option<String>, Value)| {
        let mut summary: ReactionCount = serde_json::from_value(value).ok()?;
        summary.reaction_type = summary.reaction_type.or_else(|| Some(key?.as_str().into()));
        Some(summary)
    };
    Ok(match all {
        Some(Value::Object(by_type)) => {
            let by_type: BTreeMap<String, Value> = by_type.into_iter().collect();
            by_type.into_iter().filter_map(|(key, value)| read((Some(key), value))).collect()
        }
        Some(Value::Array(list)) => list.into_iter().filter_map(|value| read((None, value))).collect(),
        _ => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> SocialMetadata {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn reactions_are_read_by_type_and_as_a_list() {
        for json in [
            r#"{"reactionSummaries":{"LIKE":{"reactionType":"LIKE","count":3},"PRAISE":{"count":"2"},"EMPATHY":7}}"#,
            r#"{"reactionSummaries":[{"reactionType":"PRAISE","count":2},{"reactionType":"LIKE","count":3},"x"]}"#,
        ] {
            let metadata = read(json);
            assert_eq!(metadata.reactions(&ReactionType::Like), 3, "{json}");
            assert_eq!(metadata.reactions(&ReactionType::Praise), 2, "{json}");
            assert_eq!(metadata.reactions(&ReactionType::Empathy), 0, "{json}");
            assert_eq!(metadata.total_reactions(), 5, "{json}");
        }
    }

    #[test]
    fn a_surprise_costs_the_member_only() {
        assert_eq!(read("{}"), SocialMetadata::default());
        let odd = r#"{"entity":"x","reactionSummaries":"x","commentSummary":7,"commentsState":{}}"#;
        assert_eq!(read(odd), SocialMetadata::default());
        let metadata = read(r#"{"commentSummary":{"count":4,"topLevelCount":"3"},"commentsState":"CLOSED"}"#);
        assert_eq!(metadata.comment_summary.unwrap().top_level_count, Some(3));
        assert_eq!(metadata.comments_state, Some(CommentsState::Closed));
    }

    #[test]
    fn closing_warns_that_it_deletes() {
        let [entity, actor] = ["urn:li:activity:1", "urn:li:person:a"];
        let entity = || SocialTarget::parse(entity).unwrap();
        let actor = || ActorUrn::parse(actor).unwrap();
        let close = SetCommentsState::close_and_delete_comments(entity(), actor()).check();
        assert_eq!(close[0].rule(), "linkedin.comments.closing");
        assert!(!crate::guard::blocks(&close));
        assert!(SetCommentsState::open(entity(), actor()).check().is_empty());
    }
}
