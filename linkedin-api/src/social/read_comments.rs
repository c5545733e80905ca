//! Reading and deleting comments.

use sociogram_api_core::Finding;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_oauth_core::scope;

use super::Comment;
use crate::batch::BatchResults;
use crate::created;
use crate::endpoint::{endpoint, list_endpoint};
use crate::guard::rules;
use crate::restli::Query;
use crate::urn::{ActorUrn, CommentUrn, SocialTarget};

list_endpoint! {
    /// Lists the comments on a post or an activity, or the replies to a comment:
    /// `GET /rest/socialActions/{target}/comments` (LinkedIn: Comments API).
    ///
    /// Needs `r_organization_social_feed` and the role of administrator or direct sponsored content poster for what
    /// organizations posted; for what members posted `r_member_social_feed`, which only some developers get.
    pub struct ListComments -> Comment;
    "linkedin.comments.list": GetAll "/rest/socialActions/{target}/comments",
        [scope::R_ORGANIZATION_SOCIAL_FEED, scope::R_MEMBER_SOCIAL_FEED], offset 50 to 100;
    new { target: SocialTarget }
    projection;
    subject target;
}

endpoint! {
    /// Reads a comment: `GET /rest/socialActions/{target}/comments/{id}` (LinkedIn: Comments API). Scopes and roles as for
    /// [`ListComments`].
    pub struct GetComment -> Comment;
    "linkedin.comments.get": Get "/rest/socialActions/{target}/comments/{id}", Safe,
        [scope::R_ORGANIZATION_SOCIAL_FEED, scope::R_MEMBER_SOCIAL_FEED];
    new { target: SocialTarget, id: String }
    projection;
    subject target;
}

impl GetComment {
    /// By its whole id.
    pub fn of(comment: &CommentUrn) -> Self {
        Self::new(comment.parent(), comment.comment_id())
    }
}

endpoint! {
    /// Reads several comments of one post: `GET /rest/socialActions/{target}/comments?ids=List(…)` (LinkedIn: Comments
    /// API).
    ///
    /// The keys are the comments' own ids. Scopes and roles as for [`ListComments`].
    pub struct BatchGetComments -> BatchResults<Comment>;
    "linkedin.comments.batch_get": BatchGet "/rest/socialActions/{target}/comments", Safe,
        [scope::R_ORGANIZATION_SOCIAL_FEED, scope::R_MEMBER_SOCIAL_FEED];
    new { target: SocialTarget, ids: Vec<String> }
    projection;
    subject target;
    checked by check;
    read by Self::read;
}

impl BatchGetComments {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        if self.ids.is_empty() { vec![rules::KEYS_EMPTY.finding("ids")] } else { Vec::new() }
    }

    fn read(&self, response: &RawResponse) -> Result<BatchResults<Comment>, DecodeError> {
        BatchResults::read(response, self.ids.iter().map(String::as_str))
    }
}

endpoint! {
    /// Deletes a comment: `DELETE /rest/socialActions/{target}/comments/{id}?actor=…` (LinkedIn: Comments API). Deleting it
    /// again has no further effect.
    ///
    /// The actor is who wrote it. Scopes and roles as for [`CreateComment`](super::CreateComment).
    pub struct DeleteComment -> ();
    "linkedin.comments.delete": Delete "/rest/socialActions/{target}/comments/{id}", Safe,
        [scope::W_MEMBER_SOCIAL_FEED, scope::W_ORGANIZATION_SOCIAL_FEED];
    new { target: SocialTarget, id: String, actor: ActorUrn }
    subject target;
    read by created::nothing;
}

impl DeleteComment {
    /// By its whole id.
    pub fn of(comment: &CommentUrn, actor: impl Into<ActorUrn>) -> Self {
        Self::new(comment.parent(), comment.comment_id(), actor)
    }
}

/// Into the query, where the body has all the rest.
pub(super) fn acting(query: Query, actor: &ActorUrn) -> Query {
    query.param("actor", actor)
}
