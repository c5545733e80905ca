//! A comment as it was read.

use serde::Deserialize;
use serde_json::Value;

use super::CommentText;
use crate::audit::AuditStamp;
use crate::lenient;
use crate::urn::{ActorUrn, CommentUrn, ImageUrn, SocialTarget, Urn};

/// A comment as it was read (LinkedIn: Comments API, "Comment schema"). `Debug` does not show its text.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Comment {
    /// Its own id below the post.
    #[serde(default, deserialize_with = "lenient::text_or_number")]
    pub id: Option<String>,
    /// Its whole id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub comment_urn: Option<CommentUrn>,
    /// Who wrote it; see [`author`](Self::author).
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub actor: Option<Urn>,
    /// The member who wrote it in the name of an organization.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub agent: Option<Urn>,
    /// To what it was written; usually an activity, whatever the request named.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub object: Option<SocialTarget>,
    /// The text, mentions taken apart.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message: Option<CommentText>,
    /// What it shows besides the text.
    #[serde(default, deserialize_with = "lenient::readable")]
    pub content: Vec<CommentContent>,
    /// To which comment it replies.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub parent_comment: Option<CommentUrn>,
    /// Who wrote it, and when.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub created: Option<AuditStamp>,
    /// Who changed it last, and when.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub last_modified: Option<AuditStamp>,
    /// How many like it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub likes_summary: Option<LikesSummary>,
    /// How many reply to it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub comments_summary: Option<CommentsSummary>,
}

impl Comment {
    /// Who wrote it: a member or an organization. It decides
    /// [how long](crate::retention::social_activity) the comment may be kept.
    pub fn author(&self) -> Option<ActorUrn> {
        self.actor.clone()?.try_into().ok()
    }

    /// Its whole id, put together where the answer leaves it out.
    pub fn urn(&self) -> Option<CommentUrn> {
        let built = || CommentUrn::new(self.object.as_ref()?, self.id.as_deref()?).ok();
        self.comment_urn.clone().or_else(built)
    }
}

/// Something that a comment shows besides its text.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct CommentContent {
    /// What kind it is, such as `IMAGE`, as it came.
    #[serde(default, rename = "type", deserialize_with = "lenient::or_none")]
    pub kind: Option<String>,
    /// What it is, as it came.
    #[serde(default)]
    pub entity: Option<Value>,
    /// Its address, which expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub url: Option<String>,
}

impl CommentContent {
    /// The image, if it is one.
    pub fn image(&self) -> Option<ImageUrn> {
        ImageUrn::parse(self.entity.as_ref()?.get("image")?.as_str()?).ok()
    }
}

/// How many like something.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LikesSummary {
    /// How many, of those that can be listed.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub total_likes: Option<i64>,
    /// How many, reshares included.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub aggregated_total_likes: Option<i64>,
    /// Whether the token's member is one of them.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub liked_by_current_user: Option<bool>,
    /// Some of the likes.
    #[serde(default, deserialize_with = "lenient::readable")]
    pub selected_likes: Vec<Urn>,
}

/// How many comment on something.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommentsSummary {
    /// How many, without replies.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub total_first_level_comments: Option<i64>,
    /// How many, replies and reshares included.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub aggregated_total_comments: Option<i64>,
    /// Some of the comments.
    #[serde(default, deserialize_with = "lenient::readable")]
    pub selected_comments: Vec<Urn>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Comment {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_comment_is_read_with_whatever_it_holds() {
        let comment = read(
            r#"{"id":"6636062862760562688","actor":"urn:li:organization:5","agent":"urn:li:person:a",
                "commentUrn":"urn:li:comment:(urn:li:activity:6631349431612559360,6636062862760562688)",
                "object":"urn:li:activity:6631349431612559360","$URN":"urn:li:comment:(urn:li:activity:1,2)",
                "created":{"actor":"urn:li:organization:5","impersonator":"urn:li:person:a","time":1582160678569},
                "message":{"text":"Hi Ada","attributes":[
                    {"start":3,"length":3,"value":{"person":{"person":"urn:li:person:b"}}}]},
                "content":[{"type":"IMAGE","entity":{"image":"urn:li:image:C1"},"url":"https://example.com"},7],
                "parentComment":"urn:li:comment:(urn:li:activity:6631349431612559360,1)",
                "likesSummary":{"totalLikes":1,"aggregatedTotalLikes":2,"likedByCurrentUser":false,
                    "selectedLikes":["urn:li:like:(urn:li:person:b,urn:li:comment:(urn:li:activity:1,2))"]},
                "commentsSummary":{"totalFirstLevelComments":3,"aggregatedTotalComments":4}}"#,
        );
        assert!(matches!(comment.author(), Some(ActorUrn::Organization(_))));
        assert_eq!(comment.message.as_ref().unwrap().mentions().count(), 1);
        assert_eq!(comment.content.len(), 1);
        assert_eq!(comment.content[0].image().unwrap().id(), "C1");
        assert_eq!(comment.urn().unwrap().comment_id(), "6636062862760562688");
        assert_eq!(comment.likes_summary.unwrap().aggregated_total_likes, Some(2));
        assert_eq!(comment.comments_summary.unwrap().total_first_level_comments, Some(3));
        assert_eq!(comment.parent_comment.unwrap().comment_id(), "1");
    }

    #[test]
    fn the_whole_id_is_put_together_where_it_is_missing() {
        let comment = read(r#"{"id":7,"object":"urn:li:ugcPost:1"}"#);
        assert_eq!(comment.urn().unwrap().as_str(), "urn:li:comment:(urn:li:ugcPost:1,7)");
        assert_eq!(read(r#"{"id":"7"}"#).urn(), None);
    }

    #[test]
    fn a_surprise_costs_the_member_only() {
        assert_eq!(read("{}"), Comment::default());
        let odd = r#"{"id":{},"commentUrn":"x","actor":7,"object":"urn:li:person:a","message":"x","content":{},
            "created":1,"likesSummary":7,"commentsSummary":"x","parentComment":{}}"#;
        assert_eq!(read(odd), Comment::default());
    }

    #[test]
    fn the_text_is_not_printed() {
        let comment = read(r#"{"id":"7","message":{"text":"SEKRET"}}"#);
        assert!(!format!("{comment:?}").contains("SEKRET"));
    }
}
