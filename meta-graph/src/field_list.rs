//! Field expansion, put together (Graph API: Field Expansion).

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;
use sociogram_api_core::Finding;

use crate::endpoint::UnixTime;

/// What would end a name or an argument, or begin another.
const SYNTAX: [char; 5] = [',', '(', ')', '{', '}'];

/// The parameter `fields`: names, and edges with the fields of what they lead to.
///
/// Names and arguments cannot break out of their place: a character that means something in Meta's syntax is
/// written as `_`, which Meta then refuses as an unknown field. [`check`](Self::check) says so beforehand, for
/// names that come from elsewhere.
///
/// ```
/// use sociogram_meta_graph::{Edge, Fields};
///
/// let fields = Fields::new()
///     .fields(["id", "message"])
///     .edge(Edge::new("comments").limit(5).order("reverse_chronological").field("id"))
///     .edge(Edge::new("likes").limit(0).summary(true).alias("hearts"));
/// assert_eq!(
///     fields.to_string(),
///     "id,message,comments.limit(5).order(reverse_chronological){id},likes.limit(0).summary(true).as(hearts)"
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    text: String,
    findings: Vec<Finding>,
}

impl Fields {
    /// No fields yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more field.
    pub fn field(mut self, name: impl AsRef<str>) -> Self {
        let name = self.name(name.as_ref());
        self.push(&name);
        self
    }

    /// More fields.
    pub fn fields<S: AsRef<str>>(self, names: impl IntoIterator<Item = S>) -> Self {
        names.into_iter().fold(self, Self::field)
    }

    /// An edge, or a field that is an object, with what is wanted of it.
    pub fn edge(mut self, edge: Edge) -> Self {
        let Edge { name, modifiers, fields, findings } = edge;
        self.findings.extend(findings);
        let mut text = name;
        for (modifier, argument) in modifiers {
            text.extend([".", &modifier, "(", &argument, ")"]);
        }
        if !fields.text.is_empty() {
            text.extend(["{", &fields.text, "}"]);
        }
        self.findings.extend(fields.findings);
        self.push(&text);
        self
    }

    /// The text so far, in Meta's syntax.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The names and arguments that had to be changed.
    pub fn check(&self) -> Vec<Finding> {
        self.findings.clone()
    }

    fn push(&mut self, text: &str) {
        if !text.is_empty() {
            if !self.text.is_empty() {
                self.text.push(',');
            }
            self.text.push_str(text);
        }
    }

    fn name(&mut self, name: &str) -> String {
        checked_name(name, &mut self.findings)
    }
}

impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Fields> for Cow<'static, str> {
    fn from(fields: Fields) -> Self {
        Self::Owned(fields.text)
    }
}

impl From<Fields> for String {
    fn from(fields: Fields) -> Self {
        fields.text
    }
}

impl<S: AsRef<str>> FromIterator<S> for Fields {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        Self::new().fields(names)
    }
}

/// An edge inside [`Fields`], with its modifiers. A modifier that is set twice has its last value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    name: String,
    modifiers: Vec<(String, String)>,
    fields: Fields,
    findings: Vec<Finding>,
}

impl Edge {
    /// Without modifiers; Meta gives its default fields of at most 25 objects.
    pub fn new(name: impl AsRef<str>) -> Self {
        let mut findings = Vec::new();
        let name = checked_name(name.as_ref(), &mut findings);
        Self { name, modifiers: Vec::new(), fields: Fields::new(), findings }
    }

    /// How many objects; 0 together with [`summary`](Self::summary) only counts them.
    pub fn limit(self, limit: u32) -> Self {
        self.set("limit", limit.to_string())
    }

    /// The order, such as `chronological` or `reverse_chronological`.
    pub fn order(self, order: impl AsRef<str>) -> Self {
        self.with("order", order)
    }

    /// Only what is newer.
    pub fn since(self, since: impl Into<UnixTime>) -> Self {
        self.set("since", since.into().timestamp().as_unix_seconds().to_string())
    }

    /// Only what is older.
    pub fn until(self, until: impl Into<UnixTime>) -> Self {
        self.set("until", until.into().timestamp().as_unix_seconds().to_string())
    }

    /// What follows this cursor: `paging.cursors.after` of the edge in an earlier answer.
    pub fn after(self, cursor: impl AsRef<str>) -> Self {
        self.with("after", cursor)
    }

    /// Which objects, such as `stream` for all comments and `toplevel` for those that answer none.
    pub fn filter(self, filter: impl AsRef<str>) -> Self {
        self.with("filter", filter)
    }

    /// Also counts them all. Not every edge can.
    pub fn summary(self, summary: bool) -> Self {
        self.set("summary", summary.to_string())
    }

    /// Another name in the answer, so that one edge can be asked for twice.
    pub fn alias(mut self, alias: impl AsRef<str>) -> Self {
        let alias = checked_name(alias.as_ref(), &mut self.findings);
        self.set("as", alias)
    }

    /// Any other modifier with its argument: `metric(page_views_total,page_fans)`.
    pub fn with(mut self, modifier: impl AsRef<str>, argument: impl AsRef<str>) -> Self {
        let modifier = checked_name(modifier.as_ref(), &mut self.findings);
        // Commas stay inside the parentheses, so lists can be given.
        let argument = checked(argument.as_ref(), |c| c == ',' || is_plain(c), &mut self.findings);
        self.set(modifier, argument)
    }

    /// Any other modifier whose argument is JSON: `time_range({"since":"2026-01-01","until":"2026-01-31"})`.
    pub fn with_json(mut self, modifier: impl AsRef<str>, mut argument: Value) -> Self {
        let modifier = checked_name(modifier.as_ref(), &mut self.findings);
        plain_texts(&mut argument, &mut self.findings);
        self.set(modifier, argument.to_string())
    }

    /// One field of the objects.
    pub fn field(mut self, name: impl AsRef<str>) -> Self {
        self.fields = self.fields.field(name);
        self
    }

    /// The fields of the objects, edges included; they come after those named before.
    pub fn fields(mut self, fields: impl Into<Fields>) -> Self {
        let Fields { text, findings } = fields.into();
        self.fields.push(&text);
        self.fields.findings.extend(findings);
        self
    }

    fn set(mut self, modifier: impl Into<String>, argument: String) -> Self {
        let modifier = modifier.into();
        match self.modifiers.iter_mut().find(|(name, _)| *name == modifier) {
            Some((_, value)) => *value = argument,
            None => self.modifiers.push((modifier, argument)),
        }
        self
    }
}

impl<S: AsRef<str>, const N: usize> From<[S; N]> for Fields {
    fn from(names: [S; N]) -> Self {
        names.into_iter().collect()
    }
}

/// Field names are letters, digits and `_`.
fn checked_name(name: &str, findings: &mut Vec<Finding>) -> String {
    if name.is_empty() {
        findings.push(Finding::error("fields.name", "fields", "a name is empty").advice("name a field"));
        return "_".to_owned();
    }
    checked(name, |c| c.is_ascii_alphanumeric() || c == '_', findings)
}

fn is_plain(c: char) -> bool {
    !SYNTAX.contains(&c) && !c.is_control()
}

fn checked(text: &str, allowed: impl Fn(char) -> bool, findings: &mut Vec<Finding>) -> String {
    if !text.chars().all(&allowed) {
        findings.push(
            Finding::error(
                "fields.name",
                "fields",
                "a name or argument holds characters that have a meaning of their own",
            )
            .allowed("letters, digits and _ in names; no ( ) { } in arguments")
            .advice("name the fields one by one, and put edges together with `Edge`"),
        );
    }
    text.chars().map(|c| if allowed(c) { c } else { '_' }).collect()
}

/// Braces and parentheses inside a JSON text would be counted as if they were syntax.
fn plain_texts(value: &mut Value, findings: &mut Vec<Finding>) {
    let allowed = |c| c == ',' || is_plain(c);
    match value {
        Value::String(text) => *text = checked(text, allowed, findings),
        Value::Array(items) => items.iter_mut().for_each(|item| plain_texts(item, findings)),
        Value::Object(members) => {
            let taken = std::mem::take(members);
            for (name, mut member) in taken {
                plain_texts(&mut member, findings);
                members.insert(checked(&name, allowed, findings), member);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
