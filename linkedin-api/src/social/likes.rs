//! Likes, as there were before reactions (LinkedIn: Network Update Social Actions).

use serde::{Deserialize, Serialize};
use sociogram_oauth_core::scope;

use super::read_comments::acting;
use crate::audit::AuditStamp;
use crate::created;
use crate::endpoint::{endpoint, list_endpoint};
use crate::lenient;
use crate::restli::Query;
use crate::urn::{ActorUrn, SocialTarget, Urn};

list_endpoint! {
    /// Lists the likes of a post, an activity or a comment: `GET /rest/socialActions/{target}/likes` (LinkedIn: Network
    /// Update Social Actions). All other reactions are missing; prefer [`ListReactions`](super::ListReactions).
    ///
    /// Scopes and roles as for [`ListComments`](super::ListComments).
    pub struct ListLikes -> Like;
    "linkedin.likes.list": GetAll "/rest/socialActions/{target}/likes",
        [scope::R_ORGANIZATION_SOCIAL_FEED, scope::R_MEMBER_SOCIAL_FEED], offset 50 to 100;
    new { target: SocialTarget }
    projection;
    subject target;
}

endpoint! {
    /// Likes a post, an activity or a comment: `POST /rest/socialActions/{target}/likes` (LinkedIn: Network Update Social
    /// Actions). Prefer [`CreateReaction`](super::CreateReaction).
    ///
    /// Scopes and roles as for [`CreateComment`](super::CreateComment). Never repeated once it may have reached LinkedIn.
    pub struct CreateLike -> ();
    "linkedin.likes.create": Create "/rest/socialActions/{target}/likes", Never,
        [scope::W_MEMBER_SOCIAL_FEED, scope::W_ORGANIZATION_SOCIAL_FEED];
    new { target: SocialTarget, actor: ActorUrn }
    subject target;
    body by body;
    read by created::nothing;
}

impl CreateLike {
    fn body(&self) -> impl Serialize {
        #[derive(Serialize)]
        struct Body<'b> {
            actor: &'b ActorUrn,
            object: &'b SocialTarget,
        }
        Body { actor: &self.actor, object: &self.target }
    }
}

endpoint! {
    /// Takes a like back: `DELETE /rest/socialActions/{target}/likes/{actor}?actor=…` (LinkedIn: Network Update Social
    /// Actions). Deleting it again has no further effect.
    ///
    /// Scopes and roles as for [`CreateComment`](super::CreateComment).
    pub struct DeleteLike -> ();
    "linkedin.likes.delete": Delete "/rest/socialActions/{target}/likes/{actor}", Safe,
        [scope::W_MEMBER_SOCIAL_FEED, scope::W_ORGANIZATION_SOCIAL_FEED];
    new { target: SocialTarget, actor: ActorUrn }
    subject target;
    query by query;
    read by created::nothing;
}

impl DeleteLike {
    fn query(&self, query: Query) -> Query {
        acting(query, &self.actor)
    }
}

/// A like as it was read.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Like {
    /// Who likes.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub actor: Option<Urn>,
    /// The member who likes in the name of an organization.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub agent: Option<Urn>,
    /// What is liked.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub object: Option<SocialTarget>,
    /// When.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub created: Option<AuditStamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub last_modified: Option<AuditStamp>,
}

impl Like {
    /// Who likes: a member or an organization.
    pub fn author(&self) -> Option<ActorUrn> {
        self.actor.clone()?.try_into().ok()
    }
}
