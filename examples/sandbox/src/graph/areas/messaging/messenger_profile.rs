//! `/{page}/messenger_profile`: what conversations show around the messages.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    Channel,
    content::{PAYLOAD_CHARS, objects, short_text},
    door::Door,
};

const PARTS: [&str; 7] = [
    "get_started",
    "greeting",
    "ice_breakers",
    "persistent_menu",
    "commands",
    "whitelisted_domains",
    "account_linking_url",
];
const INSTAGRAM_PARTS: [&str; 2] = ["ice_breakers", "persistent_menu"];
/// Longest greeting, in characters.
const GREETING_CHARS: usize = 160;
const ICE_BREAKERS: usize = 4;
const MENU_ITEMS: usize = 3;
const DOMAINS: usize = 50;

fn key(call: &Call<'_>, door: &Door) -> Result<(String, Channel), GraphError> {
    let channel = match door {
        Door::Page { .. } => Channel::of(call.params)?,
        Door::Account { .. } => Channel::Instagram,
    };
    door.allow(call, channel, &[])?;
    Ok((door.id().to_owned(), channel))
}

fn parts(channel: Channel) -> &'static [&'static str] {
    match channel {
        Channel::Messenger => &PARTS,
        Channel::Instagram => &INSTAGRAM_PARTS,
    }
}

/// The parts that `fields` names.
fn named(call: &Call<'_>, channel: Channel) -> Result<Vec<String>, GraphError> {
    let names = call.params.list("fields")?.unwrap_or_default();
    match names.iter().find(|name| !parts(channel).contains(&name.as_str())) {
        Some(name) => Err(GraphError::parameter(format!("Param fields has an unknown part: {name}"))),
        None if names.is_empty() => Err(GraphError::parameter("The parameter fields is required.")),
        None => Ok(names),
    }
}

pub(super) fn read(call: &Call<'_>, door: &Door) -> Outcome {
    let key = key(call, door)?;
    let names = named(call, key.1)?;
    let mut found = Map::new();
    if let Some(profile) = call.state.areas.messaging.profiles.get(&key) {
        for name in names {
            if let Some(value) = profile.get(&name) {
                found.insert(name, value.clone());
            }
        }
    }
    let data = if found.is_empty() { json!([]) } else { json!([found]) };
    Ok(json!({ "data": data }))
}

pub(super) fn change(call: &mut Call<'_>, door: &Door) -> Outcome {
    let key = key(call, door)?;
    let mut known = parts(key.1).to_vec();
    known.push("platform");
    call.params.only(&known)?;
    let mut changes = Map::new();
    for name in parts(key.1) {
        let value = match *name {
            "account_linking_url" => call.params.text(name)?.map(Value::String),
            "whitelisted_domains" => call.params.list(name)?.map(|domains| json!(domains)),
            _ => call.params.structure(name)?,
        };
        if let Some(value) = value {
            check(key.1, name, &value)?;
            changes.insert((*name).to_owned(), value);
        }
    }
    if changes.is_empty() {
        return Err(GraphError::parameter("There is nothing to change."));
    }
    let profile = call.state.areas.messaging.profiles.entry(key.clone()).or_default();
    let starts = profile.contains_key("get_started") || changes.contains_key("get_started");
    if key.1 == Channel::Messenger && changes.contains_key("persistent_menu") && !starts {
        let message = "You must set a Get Started button if you also wish to use persistent menu.";
        return Err(GraphError::parameter(message));
    }
    profile.extend(changes);
    Ok(json!({"result": "success"}))
}

pub(super) fn remove(call: &mut Call<'_>, door: &Door) -> Outcome {
    let key = key(call, door)?;
    call.params.only(&["platform"])?;
    let names = named(call, key.1)?;
    let gone = |name: &str| names.iter().any(|known| known == name);
    if let Some(profile) = call.state.areas.messaging.profiles.get_mut(&key) {
        if gone("get_started") && profile.contains_key("persistent_menu") && !gone("persistent_menu") {
            let message = "You must remove the persistent menu before the Get Started button.";
            return Err(GraphError::parameter(message));
        }
        profile.retain(|name, _| !gone(name));
    }
    Ok(json!({"result": "success"}))
}

fn check(channel: Channel, name: &str, value: &Value) -> Result<(), GraphError> {
    let wrong = |what: &str| GraphError::parameter(format!("Param {name} {what}"));
    let mut whole = Map::new();
    whole.insert(name.to_owned(), value.clone());
    match name {
        "get_started" => {
            let object = value.as_object().ok_or_else(|| wrong("must be an object."))?;
            short_text(object, "payload", PAYLOAD_CHARS).map(|_| ())
        }
        "greeting" => {
            let entries = objects(&whole, name, 1..=100)?;
            for entry in &entries {
                short_text(entry, "text", GREETING_CHARS)?;
            }
            has_default(&entries).then_some(()).ok_or_else(|| wrong("must have the locale default."))
        }
        "ice_breakers" => {
            for entry in objects(&whole, name, 1..=ICE_BREAKERS)? {
                if entry.contains_key("call_to_actions") {
                    let actions = objects(entry, "call_to_actions", 1..=ICE_BREAKERS)?;
                    actions.into_iter().try_for_each(ice_breaker)?;
                } else {
                    ice_breaker(entry)?;
                }
            }
            Ok(())
        }
        "persistent_menu" => {
            let entries = objects(&whole, name, 1..=100)?;
            for entry in &entries {
                for item in objects(entry, "call_to_actions", 0..=MENU_ITEMS)? {
                    menu_item(channel, item)?;
                }
            }
            has_default(&entries).then_some(()).ok_or_else(|| wrong("must have the locale default."))
        }
        "commands" => {
            for entry in objects(&whole, name, 1..=100)? {
                for command in objects(entry, "commands", 1..=100)? {
                    short_text(command, "name", 32)?;
                    short_text(command, "description", 64)?;
                }
            }
            Ok(())
        }
        "whitelisted_domains" => {
            let domains = value.as_array().map(Vec::as_slice).unwrap_or_default();
            let secure =
                domains.iter().filter_map(Value::as_str).all(|domain| domain.starts_with("https://"));
            let right = secure && (1..=DOMAINS).contains(&domains.len());
            right.then_some(()).ok_or_else(|| wrong("must be up to 50 domains with https."))
        }
        _ => {
            let secure = value.as_str().is_some_and(|url| url.starts_with("https://"));
            secure.then_some(()).ok_or_else(|| wrong("must be an address with https."))
        }
    }
}

fn has_default(entries: &[&Map<String, Value>]) -> bool {
    entries.iter().any(|entry| entry.get("locale").and_then(Value::as_str) == Some("default"))
}

fn ice_breaker(entry: &Map<String, Value>) -> Result<(), GraphError> {
    short_text(entry, "question", 80)?;
    short_text(entry, "payload", PAYLOAD_CHARS).map(|_| ())
}

fn menu_item(channel: Channel, item: &Map<String, Value>) -> Result<(), GraphError> {
    short_text(item, "title", 30)?;
    match item.get("type").and_then(Value::as_str) {
        Some("web_url") => short_text(item, "url", 2_000).map(|_| ()),
        Some("postback") => short_text(item, "payload", PAYLOAD_CHARS).map(|_| ()),
        Some("nested") if channel == Channel::Messenger => {
            for inner in objects(item, "call_to_actions", 1..=20)? {
                menu_item(channel, inner)?;
            }
            Ok(())
        }
        _ => Err(GraphError::parameter("Param persistent_menu has an item of an unknown type.")),
    }
}
