//! WhatsApp: messages, media, templates, numbers.

mod account;
mod analytics;
mod blocks;
mod compliance;
mod content;
pub(crate) mod download;
mod flows;
mod groups;
pub(crate) mod inbound;
mod interactive;
mod kinds;
mod media;
mod numbers;
mod people;
mod profile;
mod qr;
mod refusal;
mod registration;
mod send;
mod settings;
mod shape;
mod template_fit;
mod template_list;
mod template_rules;
mod templates;

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use self::{
    account::Account, flows::Flow, groups::Group, media::Media, numbers::Number, send::Sent,
    templates::Template,
};
use super::super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted},
};
use crate::{state::State, world::Business};

/// Sending, media, profile and what concerns single people.
const MESSAGING: &str = "whatsapp_business_messaging";
/// The account with its numbers and templates.
const MANAGEMENT: &str = "whatsapp_business_management";

/// What the platform holds of it.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// When the people of this world wrote to the business, in seconds: the first call to the Graph API.
    since: Option<i64>,
    account: Account,
    numbers: BTreeMap<String, Number>,
    templates: Vec<Template>,
    media: BTreeMap<String, Media>,
    groups: BTreeMap<String, Group>,
    flows: BTreeMap<String, Flow>,
    /// Messages that were accepted, oldest first.
    sent: Vec<Sent>,
    /// What people have written since the sandbox began.
    written: Vec<inbound::Written>,
    /// Inbound messages the business has read.
    read: Vec<String>,
    /// Names of templates deleted when approved, and until when they are blocked.
    blocked_names: Vec<(String, i64)>,
}

/// Answers the call if it is one of these.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    let (id, rest) = path.split_first()?;
    settle(&call.shared.config.world.business, call.state);
    let held = &call.state.areas.whatsapp;
    if *id == call.shared.config.world.business.whatsapp_account {
        return Some(account::route(call, rest));
    }
    if held.numbers.contains_key(*id) {
        return Some(numbers::route(call, id, rest));
    }
    if held.templates.iter().any(|template| template.id == *id) {
        return Some(templates::route(call, id, rest));
    }
    if held.media.contains_key(*id) {
        return Some(media::route(call, id, rest));
    }
    if held.groups.contains_key(*id) {
        return Some(groups::route(call, id, rest));
    }
    held.flows.contains_key(*id).then(|| flows::route(call, id, rest))
}

/// Furnishes the account when the first call comes, for only then there is a clock.
fn settle(business: &Business, state: &mut State) {
    let now = state.now_seconds();
    let held = &mut state.areas.whatsapp;
    if held.since.is_none() {
        held.since = Some(now);
        held.numbers.insert(business.phone_number.clone(), Number::of_the_world());
        held.templates.push(Template::hello_world(now));
    }
}

impl Held {
    fn number(&self, id: &str) -> Result<&Number, GraphError> {
        self.numbers.get(id).ok_or_else(|| GraphError::unsupported(&Method::GET, id))
    }

    fn number_mut(&mut self, id: &str) -> Result<&mut Number, GraphError> {
        self.numbers.get_mut(id).ok_or_else(|| GraphError::unsupported(&Method::POST, id))
    }
}

/// Somebody of the business with one of these permissions.
fn permitted(call: &mut Call<'_>, id: &str, any_of: &[&str]) -> Result<(), GraphError> {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    let claims = match &caller {
        Caller::User(claims) if call.shared.config.world.has_pages(&claims.person) => claims,
        // A Page's or the app's token sees nothing of the account, and neither does a stranger's.
        _ => return Err(GraphError::unsupported(&call.request.method, id)),
    };
    if any_of.iter().any(|permission| granted(call, claims, permission)) {
        return Ok(());
    }
    let wanted = any_of.join(" or ");
    Err(GraphError::permission(format!("Requires {wanted} permission to manage the object")))
}

/// These edges are made for JSON alone: their nested values have no form.
fn json_only(call: &Call<'_>) -> Result<(), GraphError> {
    if call.params.is_json() {
        return Ok(());
    }
    Err(GraphError::parameter("The body must be JSON with Content-Type: application/json."))
}

/// `messaging_product` names WhatsApp.
fn product(call: &Call<'_>) -> Result<(), GraphError> {
    if call.params.required("messaging_product")? == "whatsapp" {
        return Ok(());
    }
    Err(GraphError::parameter("Param messaging_product must be one of {WHATSAPP}."))
}

/// An id no other object has.
fn new_id(call: &mut Call<'_>) -> String {
    let number = call.state.number();
    1_390_000_000_000_000_u64.saturating_add(number).to_string()
}

fn success() -> Value {
    json!({"success": true})
}
