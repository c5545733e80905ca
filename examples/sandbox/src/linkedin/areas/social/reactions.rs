//! `/rest/reactions`: one of each actor on each post or comment.

use axum::response::Response;
use http::Method;
use serde_json::{Value, json};

use super::{
    super::super::{
        answer::{ApiError, batch, created_at, entity, no_content},
        api::{Call, collection, expect_method, json_object},
        post_rules::{known_only, required_text, wrong},
        restli::{Element, encode, reduce},
    },
    REACTIONS, may_listen, may_speak,
    thread::{self, Thread},
};
use crate::state::State;

/// The kinds there are. `MAYBE` was taken away in 202307.
pub(super) const KINDS: [&str; 6] =
    ["LIKE", "PRAISE", "EMPATHY", "INTEREST", "APPRECIATION", "ENTERTAINMENT"];
const ORDERS: [&str; 3] = ["CHRONOLOGICAL", "REVERSE_CHRONOLOGICAL", "RELEVANCE"];

/// What somebody feels about a post or comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reaction {
    /// The number of the post.
    pub(super) post: String,
    /// The comment, when it is about one.
    pub(super) comment: Option<String>,
    pub(super) actor: String,
    pub(super) kind: String,
    pub(super) at: i64,
}

impl Reaction {
    pub(super) fn is_on(&self, thread: &Thread) -> bool {
        self.post == thread.post.number && self.comment == thread.comment
    }

    fn represent(&self, thread: &Thread) -> Value {
        let stamp = json!({"actor": self.actor, "time": self.at});
        json!({
            "id": format!("urn:li:reaction:({},{})", self.actor, thread.urn()),
            "reactionType": self.kind,
            "root": thread.urn(),
            "created": stamp,
            "lastModified": stamp,
        })
    }
}

/// Takes the place of what the actor felt before.
pub(super) fn react(state: &mut State, thread: &Thread, actor: &str, kind: &str) -> Reaction {
    let reaction = Reaction {
        post: thread.post.number.clone(),
        comment: thread.comment.clone(),
        actor: actor.to_owned(),
        kind: kind.to_owned(),
        at: state.now(),
    };
    let reactions = &mut state.linkedin.social.reactions;
    reactions.retain(|old| !(old.is_on(thread) && old.actor == actor));
    reactions.push(reaction.clone());
    reaction
}

pub(super) fn route(call: &mut Call<'_>, key: &[&str]) -> Result<Response, ApiError> {
    match (key, call.request.method.clone()) {
        ([], Method::POST) => {
            expect_method(call, "create")?;
            create(call)
        }
        ([], Method::GET) if call.query.has("ids") => several(call),
        ([key], Method::GET) if call.query.has("q") => about(call, &key_of(key, ["entity"])?),
        ([key], Method::GET) => {
            expect_method(call, "get")?;
            call.query.only(&[])?;
            let value = read(call, &key_of(key, ["actor", "entity"])?, "GET")?;
            Ok(entity(call.state, &value))
        }
        ([key], Method::DELETE) => {
            call.query.only(&[])?;
            let [actor, about] = key_of(key, ["actor", "entity"])?;
            may_speak(call, &actor, (REACTIONS, "DELETE"), "/actor")?;
            let thread = thread::find(call.state, &about)?;
            let gone = find(call, &thread, &actor)?;
            call.state.linkedin.social.reactions.retain(|reaction| *reaction != gone);
            Ok(no_content(call.state))
        }
        ([] | [_], _) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

/// A key of several parts: bare parentheses, colons and commas around encoded values.
fn key_of<const N: usize>(key: &str, names: [&str; N]) -> Result<[String; N], ApiError> {
    let texts = Element::parse(key).and_then(|element| element.texts_of(names));
    let texts = texts.filter(|texts| texts.iter().all(|text| text.starts_with("urn:li:")));
    texts.ok_or_else(|| ApiError::illegal_argument("Syntax exception in path variables"))
}

fn find(call: &Call<'_>, thread: &Thread, actor: &str) -> Result<Reaction, ApiError> {
    let mut reactions = call.state.linkedin.social.reactions.iter();
    let found = reactions.find(|reaction| reaction.is_on(thread) && reaction.actor == actor);
    found.cloned().ok_or_else(ApiError::not_found)
}

fn read(call: &Call<'_>, [actor, about]: &[String; 2], method: &str) -> Result<Value, ApiError> {
    let thread = thread::find(call.state, about)?;
    may_listen(call, &thread.post.author, (REACTIONS, method))?;
    Ok(find(call, &thread, actor)?.represent(&thread))
}

fn several(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&["ids"])?;
    let invalid = || ApiError::illegal_argument("Parameter 'ids' is invalid");
    let ids = call.query.element("ids")?;
    let ids = ids.as_ref().and_then(Element::as_list).filter(|ids| !ids.is_empty()).ok_or_else(invalid)?;
    let keys: Option<Vec<[String; 2]>> = ids.iter().map(|id| id.texts_of(["actor", "entity"])).collect();
    let keys = keys.ok_or_else(invalid)?;
    let fates = keys.into_iter().map(|key| {
        let fate = read(call, &key, "BATCH_GET");
        (written(&key, reduce), fate)
    });
    let fates = fates.collect();
    Ok(batch(call.state, fates))
}

/// The key as text, its values in this encoding.
fn written([actor, about]: &[String; 2], encoding: fn(&str) -> String) -> String {
    format!("(actor:{},entity:{})", encoding(actor), encoding(about))
}

fn about(call: &mut Call<'_>, [about]: &[String; 1]) -> Result<Response, ApiError> {
    if call.query.text("q")?.as_deref() != Some("entity") {
        return Err(ApiError::illegal_argument("Parameter 'q' is invalid: it must be entity"));
    }
    call.query.only(&["q", "sort", "start", "count"])?;
    let thread = thread::find(call.state, about)?;
    may_listen(call, &thread.post.author, (REACTIONS, "FINDER-entity"))?;
    let oldest_first = match call.query.element("sort")? {
        None => false,
        Some(sort) => match sort.texts_of(["value"]) {
            Some([order]) if ORDERS.contains(&order.as_str()) => order == "CHRONOLOGICAL",
            _ => return Err(ApiError::illegal_argument("Parameter 'sort' is invalid")),
        },
    };
    let reactions = call.state.linkedin.social.reactions.iter().filter(|reaction| reaction.is_on(&thread));
    let mut elements: Vec<Value> = reactions.map(|reaction| reaction.represent(&thread)).collect();
    if !oldest_first {
        elements.reverse();
    }
    collection(call, &elements)
}

fn create(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&["actor"])?;
    let actor = call.query.required("actor")?;
    may_speak(call, &actor, (REACTIONS, "CREATE"), "/actor")?;
    let body = json_object(call)?;
    known_only(&body, &["root", "reactionType"], "")?;
    let root = required_text(&body, "root", "/root")?;
    let kind = required_text(&body, "reactionType", "/reactionType")?;
    if !KINDS.contains(&kind.as_str()) {
        return Err(wrong("/reactionType", "is not one of the known values"));
    }
    let thread = thread::find(call.state, &root)?;
    react(call.state, &thread, &actor, &kind);
    let key = [actor, root];
    let place = format!("/reactions/{}", written(&key, encode));
    Ok(created_at(call.state, &written(&key, reduce), &place))
}
