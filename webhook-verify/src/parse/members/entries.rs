//! A whole body of changes, read in one go.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Change, OneChange};
use crate::fields::Name;

/// What the events of one entry share, and its changes.
pub(in crate::parse) struct Entry<'a> {
    pub(in crate::parse) id: Option<&'a RawValue>,
    pub(in crate::parse) time: Option<&'a RawValue>,
    pub(in crate::parse) changes: Vec<Change<'a>>,
}

/// Reads a whole body of this object in one go, down to the lists of the values of its changes. `None` when anything has
/// another shape than the usual one; then nothing is said about the body.
pub(in crate::parse) fn entries<'a>(
    body: &'a str,
    object: &'static str,
    lists: &'static [&'static str],
) -> Option<Vec<Entry<'a>>> {
    let mut json = serde_json::Deserializer::from_str(body);
    let entries = json.deserialize_map(Body { object, lists }).ok()?;
    json.end().ok().map(|()| entries)
}

/// The body. Its object stands in front, as the platform sends it: what follows is not read where it is another one.
struct Body {
    object: &'static str,
    lists: &'static [&'static str],
}

impl<'de> Visitor<'de> for Body {
    type Value = Vec<Entry<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a body")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let object = map.next_entry::<Name<'_>, Name<'_>>()?;
        let entry = object.filter(|(name, object)| name.0 == "object" && object.0 == self.object);
        let entry = entry.map(|_| map.next_key::<Name<'_>>()).transpose()?.flatten();
        if entry.is_none_or(|entry| entry.0 != "entry") {
            return Err(Error::custom("another body"));
        }
        let entries = map.next_value_seed(Each(OneEntry { lists: self.lists }))?;
        // A third member makes it another body: the end of the object is expected here.
        match map.next_key::<Name<'_>>()? {
            None => Ok(entries),
            Some(_) => Err(Error::custom("another body")),
        }
    }
}

/// A list of what the seed reads.
struct Each<S>(S);

impl<'de, S: DeserializeSeed<'de> + Copy> DeserializeSeed<'de> for Each<S> {
    type Value = Vec<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, S: DeserializeSeed<'de> + Copy> Visitor<'de> for Each<S> {
    type Value = Vec<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut read = Vec::new();
        while let Some(one) = list.next_element_seed(self.0)? {
            read.push(one);
        }
        Ok(read)
    }
}

#[derive(Clone, Copy)]
struct OneEntry {
    lists: &'static [&'static str],
}

impl<'de> DeserializeSeed<'de> for OneEntry {
    type Value = Entry<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneEntry {
    type Value = Entry<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entry")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut id, mut time, mut changes) = (None, None, None);
        while let Some(Name(name)) = map.next_key()? {
            match &*name {
                "id" if id.is_none() => id = Some(map.next_value()?),
                "time" if time.is_none() => time = Some(map.next_value()?),
                "changes" if changes.is_none() => {
                    changes = Some(map.next_value_seed(Each(PlainChange { lists: self.lists }))?);
                }
                _ => return Err(Error::custom("another entry")),
            }
        }
        let changes = changes.ok_or_else(|| Error::custom("another entry"))?;
        Ok(Entry { id, time, changes })
    }
}

#[derive(Clone, Copy)]
struct PlainChange {
    lists: &'static [&'static str],
}

impl<'de> DeserializeSeed<'de> for PlainChange {
    type Value = Change<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let change = OneChange { lists: self.lists }.deserialize(deserializer)?;
        change.filter(Change::is_plain).ok_or_else(|| Error::custom("another change"))
    }
}
