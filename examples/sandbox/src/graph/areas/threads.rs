//! Threads content: containers, posts, replies, search. It lives at `graph.threads.net` only.

mod attachments;
mod create;
mod neighbours;
mod posts;
mod publish;
mod replies;
mod search;

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value};

#[cfg(test)]
pub(crate) use self::neighbours::{FOREIGN_POST, REPLY_AFTER};
use self::{create::Container, posts::Post};
use super::{
    super::{Call, Outcome, answer::GraphError, params::Params},
    instagram::{media_address, page_links, selection},
};
use crate::{
    request::Incoming,
    state::{Shared, State},
    token::Claims,
};

/// What the platform holds of it.
#[derive(Debug, Default)]
pub(crate) struct Held {
    containers: BTreeMap<String, Container>,
    /// In the order of publication.
    posts: Vec<Post>,
    /// What each profile did that counts towards a limit: profile, what, when in seconds.
    used: Vec<(String, Used, i64)>,
    /// Whether the posts of other people are there.
    furnished: bool,
}

/// What is counted for 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Used {
    Post,
    Reply,
    Delete,
    LocationSearch,
    KeywordSearch,
    Lookup,
}

impl Used {
    /// How often within 24 hours.
    fn limit(self) -> usize {
        match self {
            Self::Post => 250,
            Self::Reply | Self::Lookup => 1_000,
            Self::Delete => 100,
            Self::LocationSearch => 500,
            Self::KeywordSearch => 2_200,
        }
    }
}

/// Seconds for which something counts.
const DAY: i64 = 86_400;

/// Fields of an object.
type Object = Map<String, Value>;

/// There is nothing of Threads at `graph.facebook.com`.
pub(crate) fn route(_call: &mut Call<'_>, _path: &[&str]) -> Option<Outcome> {
    None
}

/// The profile whose token is used.
#[derive(Debug)]
struct Access {
    claims: Claims,
    profile: String,
    username: String,
}

impl Access {
    /// Refuses a call without one of the permissions.
    fn needs(&self, permissions: &[&str]) -> Result<(), GraphError> {
        match permissions.iter().find(|permission| !self.claims.has_scope(permission)) {
            None => Ok(()),
            Some(permission) => {
                let message =
                    format!("(#10) Application does not have permission for this action: {permission}");
                Err(GraphError::new(403, 10, message))
            }
        }
    }
}

/// A call to `graph.threads.net`, made with that site's own token.
pub(crate) fn serve_site(
    shared: &Shared,
    state: &mut State,
    request: &Incoming,
    params: &Params,
    version: &str,
    claims: &Claims,
    path: &[&str],
) -> Option<Outcome> {
    let mut call = Call { shared, state, request, version, params };
    let call = &mut call;
    let own = shared.config.world.threads.iter().find(|profile| profile.id == claims.person)?;
    let access = Access { claims: claims.clone(), profile: own.id.clone(), username: own.username.clone() };
    if params.is_json() {
        // Threads takes JSON and silently leaves out some of it.
        call.state.violation("json-at-threads", request);
    }
    neighbours::furnish(call);
    let get = request.method == Method::GET;
    match path {
        ["keyword_search"] if get => return Some(search::keywords(call, &access)),
        ["profile_lookup"] if get => return Some(search::lookup(call, &access)),
        ["location_search"] if get => return Some(search::locations(call, &access)),
        ["profile_posts"] if get => return Some(search::profile_posts(call, &access)),
        [search::PLACE] if get => return Some(search::location(call, &access)),
        _ => {}
    }
    let [id, rest @ ..] = path else { return None };
    if *id == "me" || *id == own.id {
        return about_profile(call, &access, rest);
    }
    Some(about_object(call, &access, id, rest))
}

fn about_profile(call: &mut Call<'_>, access: &Access, rest: &[&str]) -> Option<Outcome> {
    let method = &call.request.method;
    let refused = GraphError::unsupported(method, &access.profile);
    let outcome = match (rest, method) {
        (["threads"], &Method::POST) => create::container(call, access),
        (["threads"], &Method::GET) => posts::list(call, access),
        (["threads_publish"], &Method::POST) => publish::publish(call, access),
        (["threads_publishing_limit"], &Method::GET) => publish::limit(call, access),
        (["threads_insights"], &Method::GET) => figures(call, access, &access.profile, "threads_insights"),
        (["replies"], &Method::GET) => replies::of_profile(call, access),
        (["mentions"], &Method::GET) => search::mentions(call, access),
        (
            [
                "threads"
                | "threads_publish"
                | "threads_publishing_limit"
                | "threads_insights"
                | "replies"
                | "mentions",
            ],
            _,
        ) => Err(refused),
        _ => return None,
    };
    Some(outcome)
}

fn about_object(call: &mut Call<'_>, access: &Access, id: &str, rest: &[&str]) -> Outcome {
    let method = &call.request.method;
    let refused = GraphError::unsupported(method, id);
    let held = &call.state.areas.threads;
    if held.containers.get(id).is_some_and(|container| container.profile == access.profile) {
        return match (rest, method) {
            ([], &Method::GET) => create::read(call, id),
            _ => Err(refused),
        };
    }
    let now = call.state.now_seconds();
    if !held.posts.iter().any(|post| post.id == id && post.is_there(now)) {
        return Err(refused);
    }
    match (rest, method) {
        ([], &Method::GET) => posts::read(call, access, id),
        ([], &Method::DELETE) => posts::delete(call, access, id),
        (["repost"], &Method::POST) => posts::repost(call, access, id),
        (["replies"], &Method::GET) => replies::direct(call, access, id),
        (["conversation"], &Method::GET) => replies::conversation(call, access, id),
        (["pending_replies"], &Method::GET) => replies::pending(call, access, id),
        (["manage_reply"], &Method::POST) => replies::manage(call, access, id),
        (["manage_pending_reply"], &Method::POST) => replies::approve(call, access, id),
        (["insights"], &Method::GET) => figures(call, access, id, "insights"),
        _ => Err(refused),
    }
}

/// The figures of the profile or of one of its posts.
fn figures(call: &mut Call<'_>, access: &Access, id: &str, edge: &str) -> Outcome {
    access.needs(&["threads_basic", "threads_manage_insights"])?;
    let refused = GraphError::unsupported(&call.request.method, id);
    if id != access.profile && posts::find(call, id)?.profile != access.profile {
        return Err(refused);
    }
    super::insights::route(call, &[id, edge]).unwrap_or(Err(refused))
}

/// How often the profile did this within the last 24 hours.
fn usage(call: &Call<'_>, profile: &str, what: Used) -> usize {
    let begin = call.state.now_seconds().saturating_sub(DAY);
    let used = call.state.areas.threads.used.iter();
    used.filter(|(who, kind, at)| who == profile && *kind == what && *at > begin).count()
}

/// Refuses what the limit does not allow any more.
fn may_spend(call: &Call<'_>, profile: &str, what: Used) -> Result<(), GraphError> {
    if usage(call, profile, what) >= what.limit() {
        return Err(GraphError::new(400, 9, "The limit of this profile for 24 hours is reached."));
    }
    Ok(())
}

/// Counts something, unless the limit is reached.
fn spend(call: &mut Call<'_>, profile: &str, what: Used) -> Result<(), GraphError> {
    may_spend(call, profile, what)?;
    let now = call.state.now_seconds();
    call.state.areas.threads.used.push((profile.to_owned(), what, now));
    Ok(())
}
