//! Messenger and Instagram Direct.

mod attachments;
mod content;
mod conversations;
mod door;
mod inbox;
mod labels;
mod messenger_profile;
mod moderation;
mod people;
mod personas;
mod recipient;
mod send;
mod template;
mod thread_control;
mod utility_templates;
pub(crate) mod written;

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use serde_json::{Map, Value, json};

use self::{
    attachments::Attachment, door::Door, inbox::Thread, labels::Label, personas::Persona,
    utility_templates::Template,
};
use super::super::{Call, Outcome, answer::GraphError, caller::Caller, paging, params::Params};
use crate::{
    clock::wall_millis,
    request::Incoming,
    state::{Shared, State},
    token::Claims,
};

/// Wrote on Messenger an hour before the sandbox started: may be answered.
pub(crate) const PERSON: &str = "7700000000000101";
/// Wrote on Messenger three days ago: only a human may answer.
pub(crate) const LATE_PERSON: &str = "7700000000000102";
/// Wrote on Messenger 40 days ago.
pub(crate) const LOST_PERSON: &str = "7700000000000103";
/// Has blocked the Page on Messenger.
pub(crate) const BLOCKING_PERSON: &str = "7700000000000104";
/// Has no profile on Messenger, and is there with a phone number only. Wrote an hour ago.
pub(crate) const PHONE_PERSON: &str = "7700000000000105";
/// Comments on posts of the Page and has never written.
pub(crate) const COMMENTER: &str = "7700000000000001";
/// Wrote on Instagram an hour ago.
pub(crate) const INSTAGRAM_PERSON: &str = "8800000000000201";
/// Wrote on Instagram three days ago.
pub(crate) const LATE_INSTAGRAM_PERSON: &str = "8800000000000202";
/// Asked on Instagram 40 days ago, and nobody accepted the request.
pub(crate) const LOST_INSTAGRAM_PERSON: &str = "8800000000000203";
/// Comments on Instagram and has never written.
pub(crate) const INSTAGRAM_COMMENTER: &str = "8800000000000204";
/// A comment on a post of the first Page, an hour old.
pub(crate) const COMMENT: &str = "122000000000000000_901";
/// A comment that is too old for a private reply: eight days.
pub(crate) const OLD_COMMENT: &str = "122000000000000000_902";
/// A visitor's post on the first Page, an hour old.
pub(crate) const VISITOR_POST: &str = "102030405060701_122000000000000903";
/// A comment on the Instagram account, an hour old.
pub(crate) const INSTAGRAM_COMMENT: &str = "17900000000000901";
/// Allows marketing messages to [`LOST_PERSON`].
pub(crate) const OPT_IN_TOKEN: &str = "sandbox-opt-in";
/// The app that is the Page's own inbox.
const PAGE_INBOX: &str = "263902037430900";

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Edges of a Page that are answered here.
const PAGE_EDGES: [&str; 15] = [
    "conversations",
    "custom_labels",
    "extend_thread_control",
    "message_attachments",
    "message_templates",
    "messages",
    "messenger_profile",
    "moderate_conversations",
    "pass_thread_control",
    "personas",
    "release_thread_control",
    "request_thread_control",
    "take_thread_control",
    "thread_owner",
    "welcome_message_flows",
];

/// The two kinds of inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Channel {
    Messenger,
    Instagram,
}

impl Channel {
    /// The parameter `platform`; Messenger unless it is sent.
    fn of(params: &Params) -> Result<Self, GraphError> {
        match params.text("platform")?.map(|text| text.to_ascii_lowercase()).as_deref() {
            None | Some("messenger") => Ok(Self::Messenger),
            Some("instagram") => Ok(Self::Instagram),
            Some(_) => Err(GraphError::parameter("Param platform must be one of {messenger, instagram}.")),
        }
    }
}

/// What the platform holds of it.
#[derive(Debug)]
pub(crate) struct Held {
    threads: BTreeMap<&'static str, Thread>,
    attachments: BTreeMap<String, Attachment>,
    /// When each comment or post that can be answered in private was made.
    comments: BTreeMap<&'static str, i64>,
    replied: BTreeSet<String>,
    personas: BTreeMap<String, Persona>,
    labels: BTreeMap<String, Label>,
    profiles: BTreeMap<(String, Channel), Map<String, Value>>,
    templates: Vec<Template>,
}

impl Default for Held {
    /// Made when the sandbox starts: what was written before counts from then.
    fn default() -> Self {
        let now = wall_millis().div_euclid(1000);
        let comments = [
            (COMMENT, now - HOUR),
            (OLD_COMMENT, now - 8 * DAY),
            (VISITOR_POST, now - HOUR),
            (INSTAGRAM_COMMENT, now - HOUR),
        ];
        Self {
            threads: inbox::furnished(now),
            attachments: BTreeMap::new(),
            comments: comments.into(),
            replied: BTreeSet::new(),
            personas: BTreeMap::new(),
            labels: BTreeMap::new(),
            profiles: BTreeMap::new(),
            templates: Vec::new(),
        }
    }
}

/// Answers the call if it is one of these.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    let world = &call.shared.config.world;
    match path {
        // Messages of Messenger are moderated with the comments of the Page.
        [_, "moderate_conversations"] if !moderation::is_of_instagram(call) => None,
        ["me", edge] if PAGE_EDGES.contains(edge) => Some(as_page(call, None, edge)),
        [page, edge] if PAGE_EDGES.contains(edge) && world.pages.iter().any(|known| known.id == *page) => {
            Some(as_page(call, Some(page), edge))
        }
        [account, edge @ ("welcome_message_flows" | "moderate_conversations")]
            if world.instagram.iter().any(|known| known.user_id == *account) =>
        {
            Some(as_linked_account(call, account, edge))
        }
        ["message_template_library"] => Some(utility_templates::library(call)),
        [id, rest @ ..] if is_ours(call, id) => Some(as_any_page(call, id, rest)),
        _ => None,
    }
}

/// Answers a call to the messages of an Instagram account at `graph.instagram.com`, made with that site's own token;
/// `None` when it is no such call. The path has no version.
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
    let own = shared.config.world.instagram.iter().find(|account| account.id == claims.person)?;
    let is_own = |id: &str| id == "me" || id == own.user_id || id == own.id;
    let door = Door::Account { account: own.user_id.clone(), claims: claims.clone() };
    let to_owner = match path {
        [id, "messages" | "conversations" | "message_attachments" | "messenger_profile"] if is_own(id) => {
            true
        }
        [id, ..] if is_ours(&call, id) => false,
        _ => return None,
    };
    if let Err(error) = door.allow(&call, Channel::Instagram, &[]) {
        return Some(Err(error));
    }
    Some(match path {
        [_, edge] if to_owner => about_owner(&mut call, &door, edge),
        [id, rest @ ..] => about_object(&mut call, &door, id, rest),
        [] => return None,
    })
}

/// Whether an id is of something held here. Conversations and messages are told by their form.
fn is_ours(call: &Call<'_>, id: &str) -> bool {
    let held = &call.state.areas.messaging;
    inbox::looks_like_conversation(id)
        || inbox::looks_like_message(id)
        || held.threads.contains_key(id)
        || held.personas.contains_key(id)
        || held.labels.contains_key(id)
}

/// A call to an edge of a Page, or to `/me` with the Page's token.
fn as_page(call: &mut Call<'_>, page: Option<&str>, edge: &str) -> Outcome {
    let caller = Caller::of(call)?;
    let door = match (page, caller) {
        (Some(page), Some(caller)) => Door::page(page, caller),
        (Some(_), None) => return Err(GraphError::no_token()),
        (None, Some(Caller::Page { page, claims })) => {
            Door::page(&page, Caller::Page { page: page.clone(), claims })
        }
        (None, Some(Caller::User(_))) => {
            return Err(GraphError::permission("A page access token is required to request this resource."));
        }
        (None, _) => return Err(GraphError::no_token_for_me()),
    };
    about_owner(call, &door, edge)
}

/// A call about something whose Page is told by the token only.
fn as_any_page(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Outcome {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    let page = match &caller {
        Caller::Page { page, .. } => page.clone(),
        _ => return Err(GraphError::unsupported(&call.request.method, id)),
    };
    about_object(call, &Door::page(&page, caller), id, rest)
}

/// A call to the Instagram account that is linked to the first Page, with the Page's token.
fn as_linked_account(call: &mut Call<'_>, account: &str, edge: &str) -> Outcome {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    let page = match &caller {
        Caller::Page { page, .. } if door::has_inbox(call, page) && door::is_linked(call, account) => {
            page.clone()
        }
        _ => return Err(GraphError::unsupported(&call.request.method, account)),
    };
    about_owner(call, &Door::page(&page, caller), edge)
}

fn about_owner(call: &mut Call<'_>, door: &Door, edge: &str) -> Outcome {
    match (edge, call.request.method.clone()) {
        ("messages", Method::POST) => send::send(call, door),
        ("conversations", Method::GET) => conversations::list(call, door),
        ("message_attachments", Method::POST) => attachments::upload(call, door),
        ("messenger_profile", Method::GET) => messenger_profile::read(call, door),
        ("messenger_profile", Method::POST) => messenger_profile::change(call, door),
        ("messenger_profile", Method::DELETE) => messenger_profile::remove(call, door),
        ("personas", Method::GET) => personas::list(call, door),
        ("personas", Method::POST) => personas::create(call, door),
        ("custom_labels", Method::GET) => labels::list(call, door),
        ("custom_labels", Method::POST) => labels::create(call, door),
        ("message_templates", Method::GET) => utility_templates::list(call, door),
        ("message_templates", Method::POST) => utility_templates::create(call, door),
        ("message_templates", Method::DELETE) => utility_templates::delete(call, door),
        ("moderate_conversations", Method::POST) => moderation::moderate(call, door),
        ("thread_owner", Method::GET) => thread_control::owner(call, door),
        ("pass_thread_control", Method::POST) => thread_control::pass(call, door),
        ("take_thread_control", Method::POST) => thread_control::take(call, door),
        ("request_thread_control", Method::POST) => thread_control::request(call, door),
        ("release_thread_control", Method::POST) => thread_control::release(call, door),
        ("extend_thread_control", Method::POST) => thread_control::extend(call, door),
        ("welcome_message_flows", Method::GET) => {
            door.allow(call, Channel::Messenger, &[])?;
            paging::page(call, &format!("{}/{edge}", door.id()), &[])
        }
        (_, method) => Err(GraphError::unsupported(&method, door.id())),
    }
}

fn about_object(call: &mut Call<'_>, door: &Door, id: &str, rest: &[&str]) -> Outcome {
    let method = call.request.method.clone();
    let held = &call.state.areas.messaging;
    let is_person = held.threads.contains_key(id);
    let is_label = held.labels.contains_key(id);
    let is_persona = held.personas.contains_key(id);
    match (rest, &method) {
        ([], &Method::GET) if is_person => people::profile(call, door, id),
        (["custom_labels"], &Method::GET) if is_person => labels::of_person(call, door, id),
        ([], &Method::GET) if is_label => labels::read(call, door, id),
        ([], &Method::DELETE) if is_label => labels::delete(call, door, id),
        (["label"], &Method::POST | &Method::DELETE) if is_label => labels::assign(call, door, id),
        ([], &Method::GET) if is_persona => personas::read(call, door, id),
        ([], &Method::DELETE) if is_persona => personas::delete(call, door, id),
        ([], &Method::GET) if inbox::looks_like_conversation(id) => conversations::read(call, door, id),
        (["messages"], &Method::GET) if inbox::looks_like_conversation(id) => {
            conversations::messages(call, door, id)
        }
        ([], &Method::GET) if inbox::looks_like_message(id) => conversations::message(call, door, id),
        ([] | ["custom_labels" | "label" | "messages"], _) => Err(GraphError::unsupported(&method, id)),
        _ => Err(GraphError::unknown_path(rest)),
    }
}

/// `{"success": true}`
fn success() -> Value {
    json!({"success": true})
}
