//! The text of a comment (LinkedIn: Comments API, "Mentions").

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use sociogram_api_core::Finding;

use crate::guard::{rules, utf16};
use crate::lenient;
use crate::little_text::looks_escaped;
use crate::urn::{ActorUrn, OrganizationUrn, PersonUrn};

/// One piece of a [`CommentText`].
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq)]
pub enum CommentPart {
    /// Text as it is displayed.
    Text(String),
    /// A mention.
    Mention {
        /// The name as it is displayed.
        name: String,
        /// Who is mentioned.
        target: ActorUrn,
    },
}

impl CommentPart {
    /// What is displayed.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) | Self::Mention { name: text, .. } => text,
        }
    }
}

/// The text of a comment, in parts. It is plain: unlike a post's commentary nothing in it is escaped, and a mention is
/// part of the text and marked beside it, by its place in UTF-16 units. The places are counted when it is sent.
///
/// LinkedIn does not document the unit of the places; UTF-16 is what its own clients count in.
///
/// ```
/// use sociogram_linkedin_api::{PersonUrn, social::CommentText};
///
/// let ada = PersonUrn::from_id("a1").unwrap();
/// let text = CommentText::text("\u{1F600} Thanks, ").mention("Ada", ada).then("!");
/// assert_eq!(text.to_string(), "\u{1F600} Thanks, Ada!");
/// let wire = serde_json::to_value(&text).unwrap();
/// assert_eq!((&wire["attributes"][0]["start"], &wire["attributes"][0]["length"]), (&11.into(), &3.into()));
/// ```
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct CommentText {
    parts: Vec<CommentPart>,
}

impl CommentText {
    /// Empty.
    pub const fn new() -> Self {
        Self { parts: Vec::new() }
    }

    /// Starts with text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new().then(text)
    }

    /// Adds text as it shall be displayed.
    pub fn then(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        match self.parts.last_mut() {
            Some(CommentPart::Text(last)) => last.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.parts.push(CommentPart::Text(text)),
        }
        self
    }

    /// Adds a mention of a member or an organization under this name.
    pub fn mention(mut self, name: impl Into<String>, target: impl Into<ActorUrn>) -> Self {
        self.parts.push(CommentPart::Mention { name: name.into(), target: target.into() });
        self
    }

    /// The parts in order; neighbouring texts are one.
    pub fn parts(&self) -> &[CommentPart] {
        &self.parts
    }

    /// Who is mentioned.
    pub fn mentions(&self) -> impl Iterator<Item = &ActorUrn> {
        self.parts.iter().filter_map(|part| match part {
            CommentPart::Mention { target, .. } => Some(target),
            CommentPart::Text(_) => None,
        })
    }

    /// The length in UTF-16 units: 😀 is 2.
    pub fn utf16_len(&self) -> usize {
        self.parts.iter().map(|part| utf16(part.as_str())).sum()
    }

    /// Whether nothing but white space would be displayed.
    pub fn is_blank(&self) -> bool {
        self.parts.iter().all(|part| part.as_str().trim().is_empty())
    }

    /// What is wrong with it; `most` is the longest text that is taken without a warning, in UTF-16 units.
    pub(super) fn check(&self, most: usize) -> Vec<Finding> {
        const FIELD: &str = "message.text";
        let mut findings = Vec::new();
        let length = self.utf16_len();
        if length > most {
            findings.push(
                rules::COMMENT_LENGTH
                    .finding(FIELD)
                    .measured(format_args!("{length} UTF-16 units"))
                    .allowed(format_args!("at most {most} UTF-16 units")),
            );
        }
        for part in &self.parts {
            match part {
                CommentPart::Text(text) if looks_escaped(text) || text.contains("](urn:li:") => {
                    findings.push(rules::COMMENT_MARKUP.finding(FIELD));
                }
                CommentPart::Mention { name, .. } if name.trim().is_empty() => {
                    findings.push(rules::COMMENT_MENTION.finding("message.attributes"));
                }
                _ => {}
            }
        }
        findings
    }

    /// The mentions with their places.
    pub(super) fn attributes(&self) -> Vec<Attribute<'_>> {
        let mut start = 0;
        let mut attributes = Vec::new();
        for part in &self.parts {
            let length = utf16(part.as_str());
            if let CommentPart::Mention { target, .. } = part {
                attributes.push(Attribute { start, length, value: target.into() });
            }
            start += length;
        }
        attributes
    }
}

impl fmt::Display for CommentText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| f.write_str(part.as_str()))
    }
}

/// Without the text: it is somebody's.
impl fmt::Debug for CommentText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommentText")
            .field("utf16_len", &self.utf16_len())
            .field("mentions", &self.mentions().count())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CommentPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(..)",
            Self::Mention { .. } => "Mention(..)",
        })
    }
}

impl From<&str> for CommentText {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for CommentText {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

/// A part of the text that means somebody.
#[derive(Debug, Serialize)]
pub(super) struct Attribute<'t> {
    start: usize,
    length: usize,
    value: Meant<'t>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Meant<'t> {
    Person { person: &'t PersonUrn },
    Organization { organization: &'t OrganizationUrn },
}

impl<'t> From<&'t ActorUrn> for Meant<'t> {
    fn from(actor: &'t ActorUrn) -> Self {
        match actor {
            ActorUrn::Person(person) => Self::Person { person },
            ActorUrn::Organization(organization) => Self::Organization { organization },
        }
    }
}

impl Serialize for CommentText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Message<'t> {
            #[serde(skip_serializing_if = "Vec::is_empty")]
            attributes: Vec<Attribute<'t>>,
            text: String,
        }
        Message { attributes: self.attributes(), text: self.to_string() }.serialize(serializer)
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::or_none")]
    text: Option<String>,
    #[serde(default, deserialize_with = "lenient::readable")]
    attributes: Vec<WireAttribute>,
}

#[derive(Deserialize)]
struct WireAttribute {
    start: usize,
    length: usize,
    value: Value,
}

impl From<Wire> for CommentText {
    /// An attribute that does not fit the text, or means neither a member nor an organization, stays plain text.
    fn from(wire: Wire) -> Self {
        let text = wire.text.unwrap_or_default();
        let mut spans: Vec<(Range<usize>, ActorUrn)> =
            wire.attributes.iter().filter_map(|attribute| attribute.read(&text)).collect();
        spans.sort_by_key(|(span, _)| span.start);
        let (mut out, mut done) = (Self::new(), 0);
        for (span, target) in spans {
            // One that overlaps the last has no text between them.
            if let (Some(before), Some(name)) = (text.get(done..span.start), text.get(span.clone())) {
                out = out.then(before).mention(name, target);
                done = span.end;
            }
        }
        out.then(text.get(done..).unwrap_or_default())
    }
}

impl WireAttribute {
    fn read(&self, text: &str) -> Option<(Range<usize>, ActorUrn)> {
        let span = byte_at(text, self.start)?..byte_at(text, self.start.checked_add(self.length)?)?;
        (!span.is_empty()).then_some(())?;
        // `{"person":{"person":"urn:…"}}`, or the same with older names of classes and members.
        let inner = self.value.as_object()?.values().next()?.as_object()?;
        let target = inner.values().find_map(|urn| ActorUrn::parse(urn.as_str()?).ok())?;
        Some((span, target))
    }
}

/// Where a UTF-16 unit begins in the text, in bytes; `None` beyond the end and inside a character.
fn byte_at(text: &str, unit: usize) -> Option<usize> {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units >= unit {
            return (units == unit).then_some(at);
        }
        units += c.len_utf16();
    }
    (units == unit).then_some(text.len())
}

#[cfg(test)]
mod tests;
