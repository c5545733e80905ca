//! `/socialActions/{urn}/likes`: what was there before reactions. A like is a reaction of the kind `LIKE`.

use axum::response::Response;
use http::Method;
use serde_json::{Value, json};

use super::{
    super::super::{
        answer::{ApiError, created_entity, entity, no_content},
        api::{Call, collection, expect_method, json_object, urn},
        post_rules::{known_only, required_text, wrong},
        restli::encode,
    },
    ACTIONS, may_listen, may_speak,
    reactions::{Reaction, react},
    thread::{self, Thread},
};

pub(super) fn route(call: &mut Call<'_>, target: &str, key: &[&str]) -> Result<Response, ApiError> {
    let thread = thread::find(call.state, target)?;
    match (key, call.request.method.clone()) {
        ([], Method::GET) => {
            expect_method(call, "get_all")?;
            call.query.only(&["start", "count"])?;
            may_listen(call, &thread.post.author, (ACTIONS, "GET_ALL"))?;
            let likes = call.state.linkedin.social.reactions.iter().filter(|like| is_like(like, &thread));
            let elements: Vec<Value> = likes.map(|like| represent(like, &thread)).collect();
            collection(call, &elements)
        }
        ([], Method::POST) => {
            expect_method(call, "create")?;
            create(call, &thread, target)
        }
        ([key], Method::GET) => {
            call.query.only(&[])?;
            may_listen(call, &thread.post.author, (ACTIONS, "GET"))?;
            let like = find(call, &thread, &urn(key)?)?;
            let value = represent(&like, &thread);
            Ok(entity(call.state, &value))
        }
        ([key], Method::DELETE) => {
            call.query.only(&["actor"])?;
            let actor = urn(key)?;
            if call.query.text("actor")?.is_some_and(|named| named != actor) {
                return Err(ApiError::illegal_argument("Parameter 'actor' is invalid"));
            }
            may_speak(call, &actor, (ACTIONS, "DELETE"), "/actor")?;
            let like = find(call, &thread, &actor)?;
            call.state.linkedin.social.reactions.retain(|reaction| *reaction != like);
            Ok(no_content(call.state))
        }
        ([] | [_], _) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

fn is_like(reaction: &Reaction, thread: &Thread) -> bool {
    reaction.kind == "LIKE" && reaction.is_on(thread)
}

fn find(call: &Call<'_>, thread: &Thread, actor: &str) -> Result<Reaction, ApiError> {
    let mut likes = call.state.linkedin.social.reactions.iter();
    let found = likes.find(|like| is_like(like, thread) && like.actor == actor);
    found.cloned().ok_or_else(ApiError::not_found)
}

fn represent(like: &Reaction, thread: &Thread) -> Value {
    let stamp = json!({"actor": like.actor, "time": like.at});
    json!({
        "$URN": format!("urn:li:like:({},{})", like.actor, thread.urn()),
        "actor": like.actor,
        "object": thread.urn(),
        "created": stamp,
        "lastModified": stamp,
    })
}

fn create(call: &mut Call<'_>, thread: &Thread, target: &str) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    let body = json_object(call)?;
    known_only(&body, &["actor", "object"], "")?;
    let actor = required_text(&body, "actor", "/actor")?;
    may_speak(call, &actor, (ACTIONS, "CREATE"), "/actor")?;
    let object = required_text(&body, "object", "/object")?;
    if thread::find(call.state, &object)? != *thread {
        return Err(wrong("/object", "is not what the address names"));
    }
    let like = react(call.state, thread, &actor, "LIKE");
    let value = represent(&like, thread);
    let place = format!("/socialActions/{}/likes/{}", encode(target), encode(&actor));
    let first_protocol = call.request.header("x-restli-protocol-version") != Some("2.0.0");
    let header = if first_protocol { "x-linkedin-id" } else { "x-restli-id" };
    Ok(created_entity(call.state, header, &actor, &place, &value))
}
