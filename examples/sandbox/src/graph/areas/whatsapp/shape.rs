//! Reading a nested object strictly: unknown members, missing ones, lengths.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::{
    super::super::answer::GraphError,
    refusal::{invalid, missing},
};

/// An object inside the body, with the name Meta's errors call it by: `interactive['action']`.
#[derive(Debug)]
pub(super) struct Shape<'v> {
    at: String,
    map: &'v Map<String, Value>,
    /// Whether a wrong value is 131009, as inside interactive messages, or a plain 100.
    own_code: bool,
}

type Read<T> = Result<T, GraphError>;

impl<'v> Shape<'v> {
    /// The object of a plain kind; its wrong values are error 100.
    pub(super) fn plain(value: &'v Value, at: &str) -> Read<Self> {
        Self::of(value, at.to_owned(), false)
    }

    /// The object of an interactive kind; its wrong values are error 131009.
    pub(super) fn strict(value: &'v Value, at: &str) -> Read<Self> {
        Self::of(value, at.to_owned(), true)
    }

    fn of(value: &'v Value, at: String, own_code: bool) -> Read<Self> {
        let Some(map) = value.as_object() else {
            return Err(GraphError::parameter(format!("Param {at} must be a JSON object.")));
        };
        Ok(Self { at, map, own_code })
    }

    fn path(&self, name: &str) -> String {
        format!("{}['{name}']", self.at)
    }

    /// This member has a wrong value.
    pub(super) fn wrong(&self, name: &str, what: &str) -> GraphError {
        let text = format!("Param {} {what}.", self.path(name));
        if self.own_code { invalid(text) } else { GraphError::parameter(text) }
    }

    pub(super) fn missing(&self, name: &str) -> GraphError {
        missing(format!("The parameter {} is required.", self.path(name)))
    }

    /// Refuses members that do not exist.
    pub(super) fn only(&self, known: &[&str]) -> Read<()> {
        match self.map.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => {
                let at = &self.at;
                Err(GraphError::parameter(format!("Unexpected key \"{key}\" on param \"{at}\".")))
            }
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'v Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Text of at most this many characters; empty text is allowed.
    pub(super) fn any_text(&self, name: &str, most: usize) -> Read<Option<&'v str>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.chars().count() <= most => Ok(Some(text)),
            Some(Value::String(_)) => {
                Err(self.wrong(name, &format!("must be at most {most} characters long")))
            }
            Some(_) => Err(GraphError::parameter(format!("Param {} must be a string.", self.path(name)))),
        }
    }

    /// Text of one to this many characters.
    pub(super) fn text(&self, name: &str, most: usize) -> Read<Option<&'v str>> {
        match self.any_text(name, most)? {
            Some(text) if text.trim().is_empty() => Err(self.wrong(name, "must not be empty")),
            other => Ok(other),
        }
    }

    pub(super) fn need_text(&self, name: &str, most: usize) -> Read<&'v str> {
        self.text(name, most)?.ok_or_else(|| self.missing(name))
    }

    /// One of these words.
    pub(super) fn word(&self, name: &str, known: &[&str]) -> Read<&'v str> {
        let text = self.need_text(name, usize::MAX)?;
        if known.contains(&text) {
            return Ok(text);
        }
        Err(self.wrong(name, &format!("must be one of {{{}}}", known.join(", "))))
    }

    pub(super) fn object(&self, name: &str) -> Read<Option<Self>> {
        self.get(name).map(|value| Self::of(value, self.path(name), self.own_code)).transpose()
    }

    pub(super) fn need_object(&self, name: &str) -> Read<Self> {
        self.object(name)?.ok_or_else(|| self.missing(name))
    }

    /// A list of objects; none counts as empty.
    pub(super) fn objects(&self, name: &str, many: &RangeInclusive<usize>) -> Read<Vec<Self>> {
        let entries = self.entries(name, many)?.iter().enumerate();
        entries
            .map(|(index, entry)| Self::of(entry, format!("{}[{index}]", self.path(name)), self.own_code))
            .collect()
    }

    /// A list of texts; none counts as empty.
    pub(super) fn texts(&self, name: &str, many: &RangeInclusive<usize>) -> Read<Vec<&'v str>> {
        let entries = self.entries(name, many)?.iter();
        let wrong = || self.wrong(name, "must be an array of strings");
        entries.map(|entry| entry.as_str().ok_or_else(wrong)).collect()
    }

    fn entries(&self, name: &str, many: &RangeInclusive<usize>) -> Read<&'v [Value]> {
        let entries = match self.get(name) {
            None if *many.start() > 0 => return Err(self.missing(name)),
            None => return Ok(&[]),
            Some(Value::Array(entries)) => entries,
            Some(_) => return Err(self.wrong(name, "must be an array")),
        };
        if many.contains(&entries.len()) {
            return Ok(entries);
        }
        Err(self.wrong(name, &format!("must have {} to {} entries", many.start(), many.end())))
    }

    pub(super) fn boolean(&self, name: &str) -> Read<Option<bool>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(GraphError::parameter(format!("Param {} must be a boolean.", self.path(name)))),
        }
    }

    /// A number, or text of one.
    pub(super) fn number(&self, name: &str) -> Read<Option<f64>> {
        let number = match self.get(name) {
            None => return Ok(None),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(value) => value.as_f64(),
        };
        number.map(Some).ok_or_else(|| self.wrong(name, "must be a number"))
    }

    /// A whole number, or text of one.
    pub(super) fn integer(&self, name: &str) -> Read<Option<i64>> {
        let number = match self.get(name) {
            None => return Ok(None),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(value) => value.as_i64(),
        };
        number.map(Some).ok_or_else(|| self.wrong(name, "must be an integer"))
    }
}
