//! `/socialActions/{urn}/comments`.

use axum::response::Response;
use http::Method;
use serde_json::{Value, json};

use super::{
    super::super::{
        answer::{ApiError, batch, created_entity, entity, no_content},
        api::{Call, collection, demand_method, expect_method, json_object},
        post_rules::{known_only, missing, object, required_text, wrong},
        post_update::{patch_of, unpermitted},
        restli::{decode_text, encode},
    },
    ACTIONS,
    comment::Comment,
    comment_body::{self, Message},
    may_listen, may_speak,
    thread::{self, Thread},
};
use crate::linkedin::areas::media;

pub(super) fn route(call: &mut Call<'_>, target: &str, key: &[&str]) -> Result<Response, ApiError> {
    let thread = thread::find(call.state, target)?;
    match (key, call.request.method.clone()) {
        ([], Method::GET) if call.query.has("ids") => several(call, &thread),
        ([], Method::GET) => {
            expect_method(call, "get_all")?;
            list(call, &thread)
        }
        ([], Method::POST) => {
            expect_method(call, "create")?;
            create(call, &thread, target)
        }
        ([key], Method::GET) => {
            expect_method(call, "get")?;
            call.query.only(&[])?;
            may_listen(call, &thread.post.author, (ACTIONS, "GET"))?;
            let comment = find(call, &thread, &id(key)?)?;
            let value = represent(call, &comment);
            Ok(entity(call.state, &value))
        }
        ([key], Method::POST) => {
            demand_method(call, "partial_update")?;
            edit(call, &thread, &id(key)?)
        }
        ([key], Method::DELETE) => delete(call, &thread, &id(key)?),
        ([] | [_], _) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

/// Comments are known by their number alone.
fn id(key: &str) -> Result<String, ApiError> {
    let text =
        decode_text(key).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty());
    text.ok_or_else(|| ApiError::illegal_argument("Syntax exception in path variables"))
}

/// A comment on the post of the thread, answers included.
fn find(call: &Call<'_>, thread: &Thread, id: &str) -> Result<Comment, ApiError> {
    let mut comments = call.state.linkedin.social.comments.iter();
    let found = comments.find(|comment| comment.post == thread.post.number && comment.id == id);
    found.cloned().ok_or_else(ApiError::not_found)
}

fn represent(call: &Call<'_>, comment: &Comment) -> Value {
    comment.represent(&call.state.linkedin.social, &call.member.urn())
}

fn list(call: &mut Call<'_>, thread: &Thread) -> Result<Response, ApiError> {
    call.query.only(&["start", "count"])?;
    may_listen(call, &thread.post.author, (ACTIONS, "GET_ALL"))?;
    let comments = call.state.linkedin.social.comments.iter();
    let of_thread =
        comments.filter(|comment| comment.post == thread.post.number && comment.parent == thread.comment);
    let elements: Vec<Value> = of_thread.map(|comment| represent(call, comment)).collect();
    collection(call, &elements)
}

fn several(call: &mut Call<'_>, thread: &Thread) -> Result<Response, ApiError> {
    call.query.only(&["ids"])?;
    may_listen(call, &thread.post.author, (ACTIONS, "BATCH_GET"))?;
    let ids = call.query.texts("ids")?.unwrap_or_default();
    if ids.is_empty() || ids.iter().any(|id| !id.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(ApiError::illegal_argument("Parameter 'ids' is invalid"));
    }
    let fates = ids.into_iter().map(|id| {
        let fate = find(call, thread, &id).map(|comment| represent(call, &comment));
        (id, fate)
    });
    let fates = fates.collect();
    Ok(batch(call.state, fates))
}

fn create(call: &mut Call<'_>, thread: &Thread, target: &str) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    let body = json_object(call)?;
    known_only(&body, &["actor", "object", "message", "content", "parentComment"], "")?;
    let actor = required_text(&body, "actor", "/actor")?;
    may_speak(call, &actor, (ACTIONS, "CREATE"), "/actor")?;
    if body.contains_key("object") {
        let named = thread::find(call.state, &required_text(&body, "object", "/object")?)?;
        if named.post != thread.post {
            return Err(wrong("/object", "is not what the address names"));
        }
    }
    let parent = match body.get("parentComment") {
        None if thread.comment.is_some() => return Err(missing("/parentComment")),
        None => None,
        Some(_) => {
            let named = required_text(&body, "parentComment", "/parentComment")?;
            if thread::find(call.state, &named)? != *thread {
                return Err(wrong("/parentComment", "is not the comment that the address names"));
            }
            thread.comment.clone()
        }
    };
    let content = body.get("content").cloned().unwrap_or_else(|| json!([]));
    let has_image = content.as_array().is_none_or(|content| !content.is_empty());
    if has_image {
        let image = comment_body::image(&content)?;
        media::usable(call.state, &image, &actor, "/content/0/entity/image")?;
    }
    let message = object(body.get("message").ok_or_else(|| missing("/message"))?, "/message")?;
    let message = comment_body::message(message, "/message", has_image)?;
    if call.state.linkedin.social.closed.contains(&thread.post.number) {
        return Err(ApiError::new(403, "Comments are closed on this post").code("ACCESS_DENIED"));
    }

    let agent = (actor != call.member.urn()).then(|| call.member.urn());
    let mut comment = Comment::new(call.state, &thread.post.number, parent, &actor, agent, &message.text);
    comment.attributes = message.attributes;
    comment.content = content;
    let value = represent(call, &comment);
    let place = format!("/socialActions/{}/comments/{}", encode(target), comment.id);
    let id = comment.id.clone();
    call.state.linkedin.social.comments.push(comment);
    // Protocol 1 has another header for the id.
    let first_protocol = call.request.header("x-restli-protocol-version") != Some("2.0.0");
    let header = if first_protocol { "x-linkedin-id" } else { "x-restli-id" };
    Ok(created_entity(call.state, header, &id, &place, &value))
}

/// The actor of the query, in whose name the comment is changed.
fn actor(call: &Call<'_>, method: &str) -> Result<String, ApiError> {
    call.query.only(&["actor"])?;
    let actor = call.query.required("actor")?;
    may_speak(call, &actor, (ACTIONS, method), "/actor")?;
    Ok(actor)
}

fn edit(call: &mut Call<'_>, thread: &Thread, id: &str) -> Result<Response, ApiError> {
    let actor = actor(call, "PARTIAL_UPDATE")?;
    let comment = find(call, thread, id)?;
    if comment.actor != actor {
        return Err(ApiError::denied(ACTIONS, "PARTIAL_UPDATE", Some(&call.version)));
    }
    let body = json_object(call)?;
    let patch = patch_of(&body)?;
    if let Some(name) = patch.keys().find(|name| *name != "message") {
        return Err(unpermitted(&format!("/patch/{name}")));
    }
    let field = "/patch/message";
    let change = object(patch.get("message").ok_or_else(|| missing(field))?, field)?;
    known_only(change, &["$set"], field)?;
    let field = "/patch/message/$set";
    let set = object(change.get("$set").ok_or_else(|| missing(field))?, field)?;
    let has_image = comment.content.as_array().is_some_and(|content| !content.is_empty());
    let Message { text, attributes } = comment_body::message(set, field, has_image)?;
    let now = call.state.now();
    let mut comments = call.state.linkedin.social.comments.iter_mut();
    if let Some(kept) = comments.find(|kept| kept.id == comment.id) {
        (kept.text, kept.attributes, kept.modified) = (text, attributes, now);
    }
    Ok(no_content(call.state))
}

/// The author of the comment may delete it, and so may the author of the post. The answers go with it.
fn delete(call: &mut Call<'_>, thread: &Thread, id: &str) -> Result<Response, ApiError> {
    let actor = actor(call, "DELETE")?;
    let comment = find(call, thread, id)?;
    if comment.actor != actor && thread.post.author != actor {
        return Err(ApiError::denied(ACTIONS, "DELETE", Some(&call.version)));
    }
    let held = &mut call.state.linkedin.social;
    let mut gone = vec![comment.id];
    // Answers to answers too: they stand behind what they answer.
    for comment in &held.comments {
        if comment.parent.as_ref().is_some_and(|parent| gone.contains(parent)) {
            gone.push(comment.id.clone());
        }
    }
    held.comments.retain(|comment| !gone.contains(&comment.id));
    held.reactions.retain(|reaction| reaction.comment.as_ref().is_none_or(|id| !gone.contains(id)));
    Ok(no_content(call.state))
}
