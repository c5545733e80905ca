//! Splits a change of WhatsApp into its messages, statuses and so on.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::value::RawValue;

use super::members::{Change, Member, change, entries};
use crate::{
    Event, EventKind, Provider, Verified,
    event::{
        Origin,
        kind::{NO_ITEM, WHATSAPP, read_whatsapp, whatsapp_lists},
        whatsapp::{Contacts, Shared},
    },
    fields::{Fields, id_text, time},
};

/// Every list of single events, and the people they are from or for.
const LISTS: &[&str] = &[
    "messages",
    "statuses",
    "errors",
    "message_echoes",
    "calls",
    "user_preferences",
    "user_id_update",
    CONTACTS,
];
const CONTACTS: &str = "contacts";

/// One item of a list of a change.
struct Item<'c, 'a> {
    list: &'c str,
    raw: &'a RawValue,
    fields: Option<Fields<'a>>,
    /// Where the person it is from or for is among the contacts.
    person: Option<usize>,
}

/// Splits a change: `push` gets the field, the kind, and the JSON of a change with that item alone. `false` when the
/// change has no items, or another shape than it should.
pub(super) fn split(raw: &RawValue, push: impl FnMut(&str, EventKind, Box<str>)) -> bool {
    change(raw, LISTS).is_some_and(|change| split_change(&change, push))
}

/// The events of a whole body of WhatsApp that holds nothing but such changes.
pub(super) fn whole(verified: &Verified<Bytes>) -> Option<Vec<Event>> {
    if verified.scheme().provider() != Provider::Meta {
        return None;
    }
    let entries = entries(std::str::from_utf8(verified.body()).ok()?, WHATSAPP, LISTS)?;
    let object: Arc<str> = WHATSAPP.into();
    let mut events = Vec::new();
    for entry in entries {
        let account: Option<Arc<str>> = entry.id.and_then(id_text).map(|id| (&*id).into());
        let sent_at = entry.time.and_then(time);
        for change in &entry.changes {
            let is_split = split_change(change, |field, kind, json| {
                let (object, account) = (Arc::clone(&object), account.clone());
                let origin = Origin { provider: Provider::Meta, object, account, sent_at };
                let occurred_at = kind.occurred_at();
                events.push(Event::of(origin, field, kind, occurred_at, json));
            });
            if !is_split {
                return None;
            }
        }
    }
    (!events.is_empty()).then_some(events)
}

fn split_change(change: &Change<'_>, mut push: impl FnMut(&str, EventKind, Box<str>)) -> bool {
    let wanted = whatsapp_lists(&change.field);
    let mut count = 0;
    let mut people: &[&RawValue] = &[];
    for (name, value) in &change.value {
        let Member::List(list) = value else { continue };
        if wanted.contains(&&**name) {
            count += list.len();
        } else if name == CONTACTS {
            people = list;
        }
    }
    // An odd change of one item stays as it was sent.
    if count == 0 || (change.is_odd && count == 1) {
        return false;
    }
    let contacts = Contacts::read(people);
    let metadata = change.value.iter().rev().find_map(|(name, value)| match value {
        Member::One(metadata) if name == "metadata" => Some(Fields::of(metadata)),
        _ => None,
    });
    let shared = Shared::read(metadata.flatten().as_ref());
    let mut items = Vec::with_capacity(count);
    for name in wanted {
        for raw in list(change, name).unwrap_or_default() {
            let fields = Fields::of(raw);
            let person = fields.as_ref().and_then(|item| contacts.place(item));
            items.push(Item { list: name, raw, fields, person });
        }
    }
    let read = |item: &Item<'_, '_>| match &item.fields {
        Some(fields) => {
            let person = item.person.and_then(|place| contacts.fields(place));
            read_whatsapp(&change.field, item.list, fields, &shared, person)
        }
        None => EventKind::Unreadable { reason: NO_ITEM },
    };
    let frame = Frame::new(change, wanted);
    // People whom no item names go with the first one, so that nothing is lost.
    let mut unnamed: Vec<_> = people.iter().copied().map(Some).collect();
    for place in items.iter().filter_map(|item| item.person) {
        if let Some(person) = unnamed.get_mut(place) {
            *person = None;
        }
    }
    unnamed.retain(Option::is_some);
    for item in items {
        let person = item.person.and_then(|place| people.get(place).copied());
        let json = frame.around(&item, person, &unnamed);
        unnamed.clear();
        push(&change.field, read(&item), json);
    }
    true
}

fn list<'c, 'a>(change: &'c Change<'a>, wanted: &str) -> Option<&'c [&'a RawValue]> {
    change.value.iter().find_map(|(name, value)| match value {
        Member::List(items) if name == wanted => Some(&**items),
        _ => None,
    })
}

/// What all items of a change share, as JSON before and after the item.
struct Frame {
    before: String,
    after: String,
}

impl Frame {
    fn new(change: &Change<'_>, wanted: &[&str]) -> Self {
        let mut before = String::with_capacity(256);
        before.push_str("{\"field\":");
        quote(&mut before, &change.field);
        before.push_str(",\"value\":{");
        for (name, value) in &change.value {
            match value {
                Member::One(value) => {
                    member(&mut before, name, value.get());
                    before.push(',');
                }
                // A list that is none of this field's belongs to all.
                Member::List(items) if name != CONTACTS && !wanted.contains(&&**name) => {
                    quote(&mut before, name);
                    before.push(':');
                    array(&mut before, items.iter().copied());
                    before.push(',');
                }
                Member::List(_) => {}
            }
        }
        let mut after = String::from("]}");
        for (name, value) in &change.beside {
            after.push(',');
            member(&mut after, name, value.get());
        }
        after.push('}');
        Self { before, after }
    }

    /// The JSON of a change with this item alone, the person it is from or for, and others.
    fn around(
        &self,
        item: &Item<'_, '_>,
        person: Option<&RawValue>,
        others: &[Option<&RawValue>],
    ) -> Box<str> {
        let people = || person.into_iter().chain(others.iter().copied().flatten());
        let frame =
            self.before.len() + self.after.len() + item.list.len() + item.raw.get().len() + "\"\":[".len();
        let length = people().map(|person| person.get().len() + 1).sum::<usize>();
        let around = if length == 0 { 0 } else { "\"contacts\":[],".len() - 1 };
        // The exact size, so that nothing is moved when the text is boxed.
        let mut json = String::with_capacity(frame + length + around);
        json.push_str(&self.before);
        if length > 0 {
            json.push_str("\"contacts\":");
            array(&mut json, people());
            json.push(',');
        }
        json.push('"');
        json.push_str(item.list);
        json.push_str("\":[");
        json.push_str(item.raw.get());
        json.push_str(&self.after);
        json.into_boxed_str()
    }
}

fn array<'a>(json: &mut String, items: impl Iterator<Item = &'a RawValue>) {
    json.push('[');
    for (place, item) in items.enumerate() {
        if place > 0 {
            json.push(',');
        }
        json.push_str(item.get());
    }
    json.push(']');
}

fn member(json: &mut String, name: &str, value: &str) {
    quote(json, name);
    json.push(':');
    json.push_str(value);
}

/// Writes a JSON string.
fn quote(json: &mut String, text: &str) {
    if text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        // `Value` writes any text.
        json.push_str(&serde_json::Value::from(text).to_string());
    } else {
        json.push('"');
        json.push_str(text);
        json.push('"');
    }
}

#[cfg(test)]
mod tests;
