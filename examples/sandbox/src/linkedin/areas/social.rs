//! Comments, likes, reactions and their summaries.

mod comment;
mod comment_body;
mod comments;
mod likes;
mod metadata;
mod reactions;
mod thread;

use std::collections::HashSet;

use axum::response::Response;
use http::Method;

use self::{comment::Comment, reactions::Reaction};
use super::super::{
    access::{self, TALK_READING, TALK_WRITING},
    answer::ApiError,
    api::{Call, urn},
    post_rules::Author,
};
use crate::{received::LinkedInPost, state::State};

/// The names of the resources in messages about permissions.
const ACTIONS: &str = "partnerApiSocialActions";
const REACTIONS: &str = "partnerApiReactions";
const METADATA: &str = "partnerApiSocialMetadata";

/// What the platform holds here.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// Oldest first.
    comments: Vec<Comment>,
    /// Oldest first; one of each actor on each thing.
    reactions: Vec<Reaction>,
    /// Numbers of the posts whose comments are closed.
    closed: HashSet<String>,
}

/// Answers what is its own. Without a version there are comments and likes only.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Result<Response, ApiError>> {
    match path {
        ["socialActions", rest @ ..] => Some(actions(call, rest)),
        _ if call.is_unversioned() => None,
        ["reactions", rest @ ..] => Some(reactions::route(call, rest)),
        ["socialMetadata", rest @ ..] => Some(metadata::route(call, rest)),
        _ => None,
    }
}

fn actions(call: &mut Call<'_>, rest: &[&str]) -> Result<Response, ApiError> {
    match rest {
        [target, "comments", key @ ..] => comments::route(call, &urn(target)?, key),
        [target, "likes", key @ ..] => likes::route(call, &urn(target)?, key),
        [] if call.request.method == Method::GET && call.query.has("ids") => metadata::summaries(call),
        [target] if call.request.method == Method::GET => metadata::summary(call, &urn(target)?),
        [] | [_] => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

/// Whether the token may say something in the name of the actor, who stands in this field.
fn may_speak(call: &Call<'_>, actor: &str, what: (&str, &str), field: &str) -> Result<(), ApiError> {
    let actor = Author::read(actor.to_owned(), field)?;
    let (scope, before_versions) = match actor {
        Author::Person(_) => ("w_member_social_feed", "w_member_social"),
        Author::Organization(_) => ("w_organization_social_feed", "w_organization_social"),
    };
    // The API without versions takes the scopes of self-serve apps.
    let scoped =
        call.claims.has_scope(scope) || (call.is_unversioned() && call.claims.has_scope(before_versions));
    if !scoped {
        return Err(ApiError::denied(what.0, what.1, Some(&call.version)));
    }
    if access::acts_for(call, actor.urn(), &TALK_WRITING) { Ok(()) } else { Err(access::not_yours(field)) }
}

/// Whether the token may read what is said under the posts of this author.
fn may_listen(call: &Call<'_>, author: &str, (resource, method): (&str, &str)) -> Result<(), ApiError> {
    let scope =
        if access::is_organization(author) { "r_organization_social_feed" } else { "r_member_social_feed" };
    if call.claims.has_scope(scope) && access::acts_for(call, author, &TALK_READING) {
        return Ok(());
    }
    Err(ApiError::denied(resource, method, Some(&call.version)))
}

/// Somebody comments on a post; the URN of the comment.
pub(crate) fn visitor_comments(state: &mut State, post: &LinkedInPost, actor: &str, text: &str) -> String {
    let number = post.urn.rsplit(':').next().unwrap_or_default();
    let comment = Comment::new(state, number, None, actor, None, text);
    let urn = comment.urn();
    state.linkedin.social.comments.push(comment);
    urn
}
