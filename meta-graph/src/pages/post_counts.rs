//! How many comments, reactions and shares a post has, in one call (Graph API: Field Expansion).

use serde::Deserialize;
use sociogram_oauth_core::scope;

use super::post::{CommentsSummary, ReactionsSummary, Shares};
use crate::endpoint::endpoint;
use crate::id::PostId;
use crate::lenient;

endpoint! {
    /// Counts comments, shares and the reactions of each kind: `GET /{post_id}`, with nothing of their contents.
    ///
    /// Needs the Page's token and `pages_read_engagement`.
    pub struct GetPostCounts -> PostCounts;
    "page.post_counts.get": GET "/{post_id}", Safe, [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { post_id: PostId }
    fields "id,shares,comments.limit(0).summary(true),reactions.limit(0).summary(total_count),\
        reactions.type(LIKE).limit(0).summary(total_count).as(like),\
        reactions.type(LOVE).limit(0).summary(total_count).as(love),\
        reactions.type(CARE).limit(0).summary(total_count).as(care),\
        reactions.type(HAHA).limit(0).summary(total_count).as(haha),\
        reactions.type(WOW).limit(0).summary(total_count).as(wow),\
        reactions.type(SAD).limit(0).summary(total_count).as(sad),\
        reactions.type(ANGRY).limit(0).summary(total_count).as(angry)";
    subject post_id;
}

/// How many there are of each. `None` where Meta did not say.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PostCounts {
    /// The post.
    pub id: PostId,
    /// Shares; Meta leaves them out while there are none.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub shares: Option<Shares>,
    /// Comments.
    #[serde(default, deserialize_with = "lenient::summary")]
    pub comments: Option<CommentsSummary>,
    /// Reactions of all kinds.
    #[serde(default, deserialize_with = "lenient::summary")]
    pub reactions: Option<ReactionsSummary>,
    /// "Like".
    #[serde(default, deserialize_with = "lenient::summary")]
    pub like: Option<ReactionsSummary>,
    /// "Love".
    #[serde(default, deserialize_with = "lenient::summary")]
    pub love: Option<ReactionsSummary>,
    /// "Care".
    #[serde(default, deserialize_with = "lenient::summary")]
    pub care: Option<ReactionsSummary>,
    /// "Haha".
    #[serde(default, deserialize_with = "lenient::summary")]
    pub haha: Option<ReactionsSummary>,
    /// "Wow".
    #[serde(default, deserialize_with = "lenient::summary")]
    pub wow: Option<ReactionsSummary>,
    /// "Sad".
    #[serde(default, deserialize_with = "lenient::summary")]
    pub sad: Option<ReactionsSummary>,
    /// "Angry".
    #[serde(default, deserialize_with = "lenient::summary")]
    pub angry: Option<ReactionsSummary>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[tokio::test]
    async fn counts_of_odd_shapes_are_missing() {
        let (counts, _) = exchange(
            GetPostCounts::new(7),
            r#"{"id":"7","comments":{"summary":{"total_count":"12"}},"love":{"data":[],"summary":{"total_count":3}},
                "wow":{"data":[]},"sad":5,"angry":{"summary":{"total_count":-1}}}"#,
        )
        .await;
        let counts = counts.unwrap();
        assert_eq!(
            (counts.comments.unwrap().total_count, counts.love.unwrap().total_count),
            (Some(12), Some(3))
        );
        assert_eq!(
            (counts.shares, counts.wow, counts.sad, counts.angry.unwrap().total_count),
            (None, None, None, None)
        );
    }
}
