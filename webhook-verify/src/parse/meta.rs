//! Splits Meta's envelope.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::value::RawValue;

use super::{ParseError, body};
use crate::{
    Delivery, Event, EventTime, Provider, Verified,
    event::{
        Origin,
        kind::{BODY, ENTRY},
    },
    fields::{Fields, list, text},
};

/// Splits a verified Meta delivery into its events (Graph API: Webhooks, "Event notifications").
///
/// Nothing is lost: a change that cannot be read becomes [`EventKind::Unreadable`](crate::EventKind), one
/// that has no type becomes [`EventKind::Unknown`](crate::EventKind), and both keep their JSON. An entry or body
/// of an unfamiliar shape is kept as one event. Only `hop_context`, routing data that comes beside
/// messages, is left out.
///
/// # Errors
///
/// When the body is not valid JSON, or LinkedIn signed it.
pub fn parse_meta(verified: &Verified<Bytes>) -> Result<Delivery, ParseError> {
    let raw = body(verified, Provider::Meta)?;
    let envelope = Fields::of(raw);
    let object = envelope.as_ref().and_then(|envelope| envelope.text("object")).unwrap_or_default();
    let mut split = Split { object: object.into(), events: Vec::new() };
    match envelope.as_ref().and_then(|envelope| list(envelope.raw("entry")?)) {
        Some(entries) => entries.into_iter().for_each(|entry| split.entry(entry)),
        None => split.push(&Whose::default(), BODY, raw),
    }
    Ok(Delivery::new(Provider::Meta, split.events))
}

/// What the events of one entry share.
#[derive(Default)]
struct Whose {
    account: Option<Arc<str>>,
    sent_at: Option<EventTime>,
}

struct Split {
    object: Arc<str>,
    events: Vec<Event>,
}

impl Split {
    fn entry(&mut self, raw: &RawValue) {
        let Some(entry) = Fields::of(raw) else { return self.push(&Whose::default(), ENTRY, raw) };
        let account = entry.id("id").or_else(|| entry.id("uid")).map(Arc::from);
        let whose = Whose { account, sent_at: entry.time("time") };
        let mut familiar = false;
        for (name, value) in entry.iter() {
            match name {
                "id" | "uid" | "time" | "hop_context" => continue,
                "changes" => {
                    for change in items(value) {
                        let field = Fields::of(change).and_then(|change| change.text("field"));
                        self.push(&whose, &field.unwrap_or_default(), change);
                    }
                }
                "changed_fields" => {
                    for field in items(value) {
                        self.push(&whose, &text(field).unwrap_or_default(), field);
                    }
                }
                "messaging" | "standby" => {
                    for item in items(value) {
                        self.push(&whose, &message_field(name, item), item);
                    }
                }
                // A list that later versions of the platform may add.
                _ if list(value).is_some() => self.push(&whose, name, value),
                _ => continue,
            }
            familiar = true;
        }
        if !familiar {
            self.push(&whose, ENTRY, raw);
        }
    }

    fn push(&mut self, whose: &Whose, field: &str, raw: &RawValue) {
        let origin = Origin {
            provider: Provider::Meta,
            object: self.object.clone(),
            account: whose.account.clone(),
            sent_at: whose.sent_at,
        };
        self.events.push(Event::read(origin, field, raw));
    }
}

/// The items of a list; anything else counts as its own only item, to be judged like one.
fn items(value: &RawValue) -> Vec<&RawValue> {
    list(value).unwrap_or_else(|| vec![value])
}

/// `messaging.message`, `standby.read` and so on; without a member just the name of the list.
fn message_field(name: &str, item: &RawValue) -> String {
    let Some(item) = Fields::of(item) else { return name.to_owned() };
    let known = MEMBERS.into_iter().find(|member| item.raw(member).is_some());
    let other = || item.iter().map(|(member, _)| member).find(|member| !COMPANIONS.contains(member));
    match known.or_else(other) {
        Some(member) => format!("{name}.{member}"),
        None => name.to_owned(),
    }
}

/// The members that name what a messaging item is. The last two also accompany others, so they come last.
const MEMBERS: [&str; 18] = [
    "message",
    "message_edit",
    "delivery",
    "read",
    "reaction",
    "postback",
    "optin",
    "account_linking",
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "app_roles",
    "policy-enforcement",
    "checkout_update",
    "payment",
    "game_play",
    "referral",
    "prior_message",
];

/// Members that say nothing about the kind of an item.
const COMPANIONS: [&str; 4] = ["sender", "recipient", "timestamp", "hop_context"];
