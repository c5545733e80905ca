//! Splits Meta's envelope.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::value::RawValue;

use super::{ParseError, body};
use crate::{
    Delivery, Event, EventTime, Provider, Verified,
    event::{
        Origin,
        kind::{BODY, ENTRY, THREADS, WHATSAPP},
        messaging,
        threads::owner_of,
    },
    fields::{Fields, id, list, text, time},
};

use super::{
    members::{Member, Members, envelope, members},
    whatsapp,
};

/// Splits a verified Meta delivery into its events (Graph API: Webhooks, "Event notifications").
///
/// Nothing is lost: a change that cannot be read becomes [`EventKind::Unreadable`](crate::EventKind), one
/// that has no type becomes [`EventKind::Unknown`](crate::EventKind), and both keep their JSON. A WhatsApp change with several
/// messages or statuses becomes as many events, and so does a delivery of Threads with a list. An entry or body
/// of an unfamiliar shape is kept as one event. Only `hop_context`, routing data that comes beside
/// messages, is left out.
///
/// # Errors
///
/// When the body is not valid JSON, or LinkedIn signed it.
pub fn parse_meta(verified: &Verified<Bytes>) -> Result<Delivery, ParseError> {
    if let Some(events) = whatsapp::whole(verified) {
        return Ok(Delivery::new(Provider::Meta, events));
    }
    let raw = body(verified, Provider::Meta)?;
    let mut split = Split { object: "".into(), events: Vec::new() };
    match envelope(raw, LISTS) {
        Some(envelope) if envelope.entries.iter().all(is_familiar) => {
            let object = envelope.members.iter().rev().find(|(name, _)| name == "object");
            split.object = object.and_then(|(_, object)| text(object)).unwrap_or_default().into();
            envelope.entries.iter().for_each(|entry| split.entry(entry, None));
        }
        _ => split.body(raw),
    }
    Ok(Delivery::new(Provider::Meta, split.events))
}

/// The lists of an entry whose items are events.
const LISTS: &[&str] = &["changes", "changed_fields", "messaging", "standby"];

/// Whether an entry has a list that is one, or may have.
fn is_familiar(entry: &Members<'_>) -> bool {
    entry.iter().any(|(_, value)| matches!(value, Member::List(_)))
}

/// What the events of one entry share.
#[derive(Clone, Default)]
struct Whose {
    account: Option<Arc<str>>,
    sent_at: Option<EventTime>,
}

struct Split {
    object: Arc<str>,
    events: Vec<Event>,
}

impl Split {
    /// A body of any shape.
    fn body(&mut self, raw: &RawValue) {
        let Some(envelope) = Fields::of(raw) else { return self.push(&Whose::default(), BODY, raw) };
        if envelope.raw("entry").is_none() && self.threads(raw, &envelope) {
            return;
        }
        self.object = envelope.text("object").unwrap_or_default().into();
        let Some(entries) = envelope.raw("entry").and_then(list) else {
            return self.push(&Whose::default(), BODY, raw);
        };
        for entry in entries {
            match members(entry, LISTS) {
                Some(members) => self.entry(&members, Some(entry)),
                None => self.push(&Whose::default(), ENTRY, entry),
            }
        }
    }

    /// The envelope of Threads: one event, or a list of them. `false` when it is another envelope.
    fn threads(&mut self, raw: &RawValue, envelope: &Fields<'_>) -> bool {
        let Some(values) = envelope.raw("values") else { return false };
        let Some(each) = list(values) else {
            let Some(values) = Fields::of(values) else { return false };
            self.threads_event(raw, envelope, &values);
            return true;
        };
        // Each event gets what all of them share.
        let mut shared = String::from("{");
        for (name, value) in envelope.iter().filter(|(name, _)| *name != "values") {
            shared.push_str(&serde_json::Value::from(name).to_string());
            shared.push(':');
            shared.push_str(value.get());
            shared.push(',');
        }
        for one in each {
            let json = format!("{shared}\"values\":{}}}", one.get());
            if let (Ok(raw), Some(values)) = (RawValue::from_string(json), Fields::of(one)) {
                self.threads_event(&raw, envelope, &values);
            } else {
                self.object = THREADS.into();
                self.push(&Whose::default(), "", one);
            }
        }
        true
    }

    fn threads_event(&mut self, raw: &RawValue, envelope: &Fields<'_>, values: &Fields<'_>) {
        self.object = THREADS.into();
        let field = values.text("field").unwrap_or_default();
        // For a removal `target_id` may name the post; for the others it is the best there is.
        let owner = || values.object("value").and_then(|value| owner_of(&value));
        let owner = if field == "delete" { owner() } else { None };
        let account = owner.or_else(|| envelope.id("target_id"));
        let whose = Whose { account: account.map(Arc::from), sent_at: envelope.time("time") };
        self.push(&whose, &field, raw);
    }

    /// An entry; `raw` is the whole of it where it may be of an unfamiliar shape.
    fn entry(&mut self, entry: &Members<'_>, raw: Option<&RawValue>) {
        let one = |wanted: &str| {
            entry.iter().rev().find_map(|(name, value)| match value {
                Member::One(value) if name == wanted => Some(*value),
                _ => None,
            })
        };
        let account = one("id").and_then(id).or_else(|| one("uid").and_then(id)).map(Arc::from);
        let whose = Whose { account, sent_at: one("time").and_then(time) };
        let mut familiar = false;
        for (name, value) in entry {
            match (&**name, value) {
                ("id" | "uid" | "time" | "hop_context", _) => continue,
                ("changes", Member::List(changes)) => {
                    for change in changes {
                        self.change(&whose, change);
                    }
                }
                ("changed_fields", Member::List(fields)) => {
                    for field in fields {
                        self.push(&whose, &text(field).unwrap_or_default(), field);
                    }
                }
                (list, Member::List(items)) => {
                    for item in items {
                        self.push(&whose, &message_field(list, item), item);
                    }
                }
                // A list that later versions of the platform may add.
                (name, Member::One(value)) if list(value).is_some() => self.push(&whose, name, value),
                _ => continue,
            }
            familiar = true;
        }
        if let Some(raw) = raw.filter(|_| !familiar) {
            // Examples of Instagram Login have the change itself in place of a list of changes.
            if one("field").and_then(text).is_some() {
                self.change(&whose, raw);
            } else {
                self.push(&whose, ENTRY, raw);
            }
        }
    }

    fn change(&mut self, whose: &Whose, change: &RawValue) {
        if &*self.object == WHATSAPP {
            let (object, events) = (&self.object, &mut self.events);
            let is_split = whatsapp::split(change, |field, kind, json| {
                let occurred_at = kind.occurred_at();
                events.push(Event::of(origin(object, whose), field, kind, occurred_at, json));
            });
            if is_split {
                return;
            }
        }
        let field = Fields::of(change).and_then(|change| change.text("field"));
        self.push(whose, &field.unwrap_or_default(), change);
    }

    fn push(&mut self, whose: &Whose, field: &str, raw: &RawValue) {
        self.events.push(Event::read(origin(&self.object, whose), field, raw));
    }
}

fn origin(object: &Arc<str>, whose: &Whose) -> Origin {
    let Whose { account, sent_at } = whose.clone();
    Origin { provider: Provider::Meta, object: Arc::clone(object), account, sent_at }
}

/// `messaging.message`, `standby.read` and so on; without a member just the name of the list.
fn message_field(name: &str, item: &RawValue) -> String {
    let Some(item) = Fields::of(item) else { return name.to_owned() };
    let known = messaging::MEMBERS.iter().copied().find(|member| item.raw(member).is_some());
    let other = || item.iter().map(|(member, _)| member).find(|member| !COMPANIONS.contains(member));
    match known.or_else(other) {
        Some(member) => format!("{name}.{member}"),
        None => name.to_owned(),
    }
}

/// Members that say nothing about the kind of an item.
const COMPANIONS: [&str; 5] = ["sender", "recipient", "timestamp", "hop_context", "is_self"];
