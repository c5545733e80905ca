//! `/rest/socialMetadata`: how many comments and reactions there are, and whether comments are open; and the summary
//! that came before it, `/socialActions/{urn}`.

use axum::response::Response;
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{
    super::super::{
        access,
        answer::{ApiError, bare, batch, entity},
        api::{Call, demand_method, expect_method, json_object, urn},
        post_rules::{known_only, missing, object, required_text, wrong},
        post_update::{patch_of, unpermitted},
    },
    ACTIONS, METADATA, may_listen, may_speak,
    reactions::KINDS,
    thread::{self, Thread},
};

pub(super) fn route(call: &mut Call<'_>, key: &[&str]) -> Result<Response, ApiError> {
    match (key, call.request.method.clone()) {
        ([], Method::GET) if call.query.has("ids") => several(call, METADATA, metadata),
        ([key], Method::GET) => {
            expect_method(call, "get")?;
            one(call, &urn(key)?, METADATA, metadata)
        }
        ([key], Method::POST) => {
            let target = urn(key)?;
            demand_method(call, "partial_update")?;
            update(call, &target)
        }
        ([] | [_], _) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

/// GET of `/socialActions/{urn}`.
pub(super) fn summary(call: &mut Call<'_>, target: &str) -> Result<Response, ApiError> {
    expect_method(call, "get")?;
    one(call, target, ACTIONS, social_action)
}

/// BATCH_GET of `/socialActions`.
pub(super) fn summaries(call: &mut Call<'_>) -> Result<Response, ApiError> {
    several(call, ACTIONS, social_action)
}

/// Writes a summary of a thread.
type Writer = fn(&Call<'_>, &Thread) -> Value;

fn one(call: &mut Call<'_>, target: &str, resource: &str, write: Writer) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    let value = read(call, target, (resource, "GET"), write)?;
    Ok(entity(call.state, &value))
}

fn several(call: &mut Call<'_>, resource: &str, write: Writer) -> Result<Response, ApiError> {
    call.query.only(&["ids"])?;
    let ids = call.query.texts("ids")?.unwrap_or_default();
    if ids.is_empty() || ids.iter().any(|id| !id.starts_with("urn:li:")) {
        return Err(ApiError::illegal_argument("Parameter 'ids' is invalid"));
    }
    let fates = ids.into_iter().map(|id| {
        let fate = read(call, &id, (resource, "BATCH_GET"), write);
        (id, fate)
    });
    let fates = fates.collect();
    Ok(batch(call.state, fates))
}

fn read(call: &Call<'_>, target: &str, what: (&str, &str), write: Writer) -> Result<Value, ApiError> {
    let thread = thread::find(call.state, target)?;
    may_listen(call, &thread.post.author, what)?;
    Ok(write(call, &thread))
}

/// All comments, and those that answer the thread itself.
fn comments(call: &Call<'_>, thread: &Thread) -> (usize, usize) {
    let of_post = || {
        let comments = call.state.linkedin.social.comments.iter();
        comments.filter(|comment| comment.post == thread.post.number)
    };
    let direct = of_post().filter(|comment| comment.parent == thread.comment).count();
    let all = if thread.comment.is_some() { direct } else { of_post().count() };
    (all, direct)
}

fn metadata(call: &Call<'_>, thread: &Thread) -> Value {
    let held = &call.state.linkedin.social;
    let mut reactions = Map::new();
    for kind in KINDS {
        let count =
            held.reactions.iter().filter(|reaction| reaction.is_on(thread) && reaction.kind == kind).count();
        if count > 0 {
            reactions.insert(kind.to_owned(), json!({"reactionType": kind, "count": count}));
        }
    }
    let (count, top) = comments(call, thread);
    let state = if held.closed.contains(&thread.post.number) { "CLOSED" } else { "OPEN" };
    json!({
        "entity": thread.urn(),
        "reactionSummaries": reactions,
        "commentSummary": {"count": count, "topLevelCount": top},
        "commentsState": state,
    })
}

fn social_action(call: &Call<'_>, thread: &Thread) -> Value {
    let member = call.member.urn();
    let likes = || call.state.linkedin.social.reactions.iter().filter(|reaction| reaction.is_on(thread));
    let (all, direct) = comments(call, thread);
    json!({
        "$URN": thread.urn(),
        "target": thread.urn(),
        "likesSummary": {
            "totalLikes": likes().count(),
            "aggregatedTotalLikes": likes().count(),
            "likedByCurrentUser": likes().any(|like| like.actor == member),
            "selectedLikes": [],
        },
        "commentsSummary": {
            "totalFirstLevelComments": direct,
            "aggregatedTotalComments": all,
            "selectedComments": [],
        },
    })
}

/// Opens or closes comments. Closing deletes those that are there.
fn update(call: &mut Call<'_>, target: &str) -> Result<Response, ApiError> {
    call.query.only(&["actor"])?;
    let actor = call.query.required("actor")?;
    let thread = thread::find(call.state, target)?;
    may_speak(call, &actor, (METADATA, "PARTIAL_UPDATE"), "/actor")?;
    if thread.post.author != actor {
        return Err(access::not_yours("/actor"));
    }
    if thread.comment.is_some() {
        return Err(ApiError::illegal_argument("Comments are opened and closed on posts"));
    }
    let body = json_object(call)?;
    let patch = patch_of(&body)?;
    known_only(patch, &["$set"], "/patch")?;
    let set = object(patch.get("$set").ok_or_else(|| missing("/patch/$set"))?, "/patch/$set")?;
    if let Some(name) = set.keys().find(|name| *name != "commentsState") {
        return Err(unpermitted(&format!("/patch/$set/{name}")));
    }
    let field = "/patch/$set/commentsState";
    let held = &mut call.state.linkedin.social;
    match required_text(set, "commentsState", field)?.as_str() {
        "CLOSED" => {
            held.comments.retain(|comment| comment.post != thread.post.number);
            held.reactions
                .retain(|reaction| reaction.post != thread.post.number || reaction.comment.is_none());
            held.closed.insert(thread.post.number);
        }
        "OPEN" => drop(held.closed.remove(&thread.post.number)),
        _ => return Err(wrong(field, "must be OPEN or CLOSED")),
    }
    Ok(bare(call.state, StatusCode::ACCEPTED))
}
