//! Objects with lists in them, read in one go.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::fields::{Fields, Name, items};

mod entries;

pub(super) use entries::entries;

/// The members of an object as they were sent.
pub(super) type Members<'a> = Vec<(Cow<'a, str>, Member<'a>)>;

/// The value of a member.
pub(super) enum Member<'a> {
    /// Unread.
    One(&'a RawValue),
    /// The items of one of the lists that were asked for, each unread.
    List(Vec<&'a RawValue>),
}

/// Reads an object, and splits the members with these names into items. `None` when it is no object.
pub(super) fn members<'a>(raw: &'a RawValue, lists: &'static [&'static str]) -> Option<Members<'a>> {
    let mut json = serde_json::Deserializer::from_str(raw.get());
    // One look at every byte where each list is one; another one where a list turns out to be something else.
    Object { lists }.deserialize(&mut json).ok().or_else(|| {
        let each = |(name, value): (&str, &'a RawValue)| {
            let is_list = lists.contains(&name);
            (
                Cow::Owned(name.to_owned()),
                if is_list { Member::List(items(value)) } else { Member::One(value) },
            )
        };
        Some(Fields::of(raw)?.iter().map(each).collect())
    })
}

/// An object whose members with these names are lists.
#[derive(Clone, Copy)]
struct Object {
    lists: &'static [&'static str],
}

impl<'de> DeserializeSeed<'de> for Object {
    type Value = Members<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Members<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::with_capacity(8);
        while let Some(Name(name)) = map.next_key()? {
            let value = if self.lists.contains(&&*name) {
                Member::List(map.next_value()?)
            } else {
                Member::One(map.next_value()?)
            };
            members.push((name, value));
        }
        Ok(members)
    }
}

/// The body of a delivery whose shape is the usual one.
pub(super) struct Envelope<'a> {
    /// The members other than `entry`.
    pub(super) members: Vec<(Cow<'a, str>, &'a RawValue)>,
    pub(super) entries: Vec<Members<'a>>,
}

/// Reads a whole body in one go: a list `entry` of objects, in which the members with these names are lists. `None`
/// when the shape is another one.
pub(super) fn envelope<'a>(raw: &'a RawValue, lists: &'static [&'static str]) -> Option<Envelope<'a>> {
    let mut json = serde_json::Deserializer::from_str(raw.get());
    json.deserialize_map(Body { lists }).ok().filter(|envelope| !envelope.entries.is_empty())
}

struct Body {
    lists: &'static [&'static str],
}

impl<'de> Visitor<'de> for Body {
    type Value = Envelope<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope<'de>, A::Error> {
        let mut envelope = Envelope { members: Vec::new(), entries: Vec::new() };
        while let Some(Name(name)) = map.next_key()? {
            if name == "entry" {
                envelope.entries = map.next_value_seed(Entries { lists: self.lists })?;
            } else {
                envelope.members.push((name, map.next_value()?));
            }
        }
        Ok(envelope)
    }
}

struct Entries {
    lists: &'static [&'static str],
}

impl<'de> DeserializeSeed<'de> for Entries {
    type Value = Vec<Members<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<Members<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element_seed(Object { lists: self.lists })? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

/// A change whose value is an object.
pub(super) struct Change<'a> {
    pub(super) field: Cow<'a, str>,
    /// The members other than `field` and `value`.
    pub(super) beside: Vec<(Cow<'a, str>, &'a RawValue)>,
    pub(super) value: Members<'a>,
    /// Whether a list is none.
    pub(super) is_odd: bool,
}

/// Reads a change with the lists of its value. `None` when its value is no object, or what matters stands in it twice: such a
/// change must stay in one piece.
pub(super) fn change<'a>(raw: &'a RawValue, lists: &'static [&'static str]) -> Option<Change<'a>> {
    let mut json = serde_json::Deserializer::from_str(raw.get());
    // One look at every byte, and more where a list turns out to be something else.
    let read = OneChange { lists }.deserialize(&mut json).ok().flatten();
    read.or_else(|| odd_change(raw, lists)).filter(Change::is_plain)
}

impl Change<'_> {
    /// Whether no list of the value is there twice.
    fn is_plain(&self) -> bool {
        self.value.iter().enumerate().all(|(place, (name, value))| match value {
            Member::List(_) => self.value.iter().skip(place + 1).all(|(other, _)| other != name),
            Member::One(_) => true,
        })
    }
}

/// The same, where a list may be something else, which then counts as its own only item; `null` is no list.
fn odd_change<'a>(raw: &'a RawValue, lists: &[&str]) -> Option<Change<'a>> {
    let owned = |name: &str| Cow::Owned(name.to_owned());
    let change = Fields::of(raw)?;
    let of = |wanted: &str| change.iter().filter(|(name, _)| *name == wanted).count();
    if of("field") != 1 || of("value") != 1 {
        return None;
    }
    let value = Fields::of(change.raw("value")?)?;
    let each = |(name, value): (&str, &'a RawValue)| {
        let is_list = lists.contains(&name) && value.get() != "null";
        (owned(name), if is_list { Member::List(items(value)) } else { Member::One(value) })
    };
    let beside = change.iter().filter(|(name, _)| !matches!(*name, "field" | "value"));
    Some(Change {
        field: owned(&change.text("field")?),
        beside: beside.map(|(name, value)| (owned(name), value)).collect(),
        value: value.iter().map(each).collect(),
        is_odd: true,
    })
}

struct OneChange {
    lists: &'static [&'static str],
}

impl<'de> DeserializeSeed<'de> for OneChange {
    type Value = Option<Change<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneChange {
    type Value = Option<Change<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a change")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Change<'de>>, A::Error> {
        let (mut field, mut value, mut beside) = (None, None, Vec::new());
        while let Some(Name(name)) = map.next_key()? {
            match &*name {
                // The first one would be lost.
                "field" if field.is_some() => return Ok(None),
                "value" if value.is_some() => return Ok(None),
                "field" => field = Some(map.next_value::<Name<'_>>()?.0),
                "value" => value = Some(map.next_value_seed(Object { lists: self.lists })?),
                _ => beside.push((name, map.next_value()?)),
            }
        }
        Ok(field.zip(value).map(|(field, value)| Change { field, beside, value, is_odd: false }))
    }
}
