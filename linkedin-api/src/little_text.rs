//! Little text: the markup of a post's commentary (LinkedIn: little Text Format).
//!
//! Fifteen characters are reserved. One that stands unescaped is not refused: the post is created and
//! silently cut there, usually at a `(`. So text is escaped by default, and mentions and hashtags are
//! segments of their own. Only a commentary is little text; comments, titles and descriptions are plain.

mod read;

use std::fmt;

use sociogram_api_core::Finding;

use crate::urn::{ActorUrn, Urn};

/// The reserved characters; each needs a backslash to stand for itself.
pub const RESERVED: [char; 15] = ['\\', '|', '{', '}', '@', '[', ']', '(', ')', '<', '>', '#', '*', '_', '~'];

/// One piece of a [`LittleText`].
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Text as it is displayed; never escaped by hand.
    Text(String),
    /// A mention. It becomes a link only if `name` matches: the full page name of an organization, the
    /// first, last or full name of a person, case included. Otherwise it shows as plain text.
    Mention {
        /// The name as it is displayed.
        name: String,
        /// Who is mentioned.
        target: Urn,
    },
    /// A hashtag, without the `#`.
    Hashtag(String),
}

/// A commentary in segments.
///
/// ```
/// use sociogram_linkedin_api::{LittleText, OrganizationUrn};
///
/// let page: OrganizationUrn = "urn:li:organization:2414183".parse().unwrap();
/// let text = LittleText::text("Thanks (again) to ").mention("Devtestco", page).then(" ").hashtag("rust");
/// assert_eq!(text.to_wire(), r"Thanks \(again\) to @[Devtestco](urn:li:organization:2414183) {hashtag|\#|rust}");
/// assert_eq!(text.to_string(), "Thanks (again) to Devtestco #rust");
/// assert_eq!(LittleText::parse(&text.to_wire()), text);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LittleText {
    segments: Vec<Segment>,
}

impl LittleText {
    /// Empty.
    pub const fn new() -> Self {
        Self { segments: Vec::new() }
    }

    /// Starts with text as it shall be displayed.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new().then(text)
    }

    /// Starts with text as it shall be displayed, in which each `#word` becomes a hashtag. A `#` inside a
    /// word, or before digits only, stays text.
    pub fn with_hashtags(text: &str) -> Self {
        let mut out = Self::new();
        let (mut done, mut before) = (0, ' ');
        for (at, c) in text.char_indices() {
            let tail = text.get(at + c.len_utf8()..).unwrap_or_default();
            let tag = tail.split(|c: char| !is_tag_char(c)).next().unwrap_or_default();
            if c == '#' && !is_tag_char(before) && tag.chars().any(char::is_alphabetic) {
                out = out.then(text.get(done..at).unwrap_or_default()).hashtag(tag);
                done = at + 1 + tag.len();
            }
            before = c;
        }
        out.then(text.get(done..).unwrap_or_default())
    }

    /// Reads the wire form, as LinkedIn gives it back. Never fails: what is not a mention, a hashtag or an
    /// escape is text.
    pub fn parse(wire: &str) -> Self {
        read::read(wire)
    }

    /// Adds text as it shall be displayed.
    pub fn then(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        match self.segments.last_mut() {
            Some(Segment::Text(last)) => last.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.segments.push(Segment::Text(text)),
        }
        self
    }

    /// Adds a mention of a person or an organization under this name.
    pub fn mention(self, name: impl Into<String>, target: impl Into<ActorUrn>) -> Self {
        self.mention_urn(name.into(), target.into().into())
    }

    /// Adds a hashtag, with or without its `#`.
    pub fn hashtag(mut self, tag: &str) -> Self {
        self.segments.push(Segment::Hashtag(tag.strip_prefix('#').unwrap_or(tag).to_owned()));
        self
    }

    /// The segments in order; neighbouring texts are one.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The text for the request, escaped.
    pub fn to_wire(&self) -> String {
        let mut out = String::new();
        for segment in &self.segments {
            match segment {
                Segment::Text(text) => escape(text, &mut out),
                Segment::Mention { name, target } => {
                    out.push_str("@[");
                    escape(name, &mut out);
                    out.push_str("](");
                    out.push_str(target.as_str());
                    out.push(')');
                }
                Segment::Hashtag(tag) => {
                    out.push_str(r"{hashtag|\#|");
                    escape(tag, &mut out);
                    out.push('}');
                }
            }
        }
        out
    }

    /// The length of the displayed text in UTF-16 units, as LinkedIn counts: 😀 is 2.
    pub fn utf16_len(&self) -> usize {
        let utf16 = |text: &str| text.encode_utf16().count();
        let length = |segment: &Segment| match segment {
            Segment::Text(text) => utf16(text),
            Segment::Mention { name, .. } => utf16(name),
            Segment::Hashtag(tag) => 1 + utf16(tag),
        };
        self.segments.iter().map(length).sum()
    }

    /// Whether nothing but white space would be displayed.
    pub fn is_blank(&self) -> bool {
        self.segments.iter().all(|segment| matches!(segment, Segment::Text(text) if text.trim().is_empty()))
    }

    /// What is wrong with the segments themselves; `field` is the path put into the findings.
    pub fn check(&self, field: &'static str) -> Vec<Finding> {
        self.segments.iter().filter_map(|segment| check(segment, field)).collect()
    }

    pub(crate) fn mention_urn(mut self, name: String, target: Urn) -> Self {
        self.segments.push(Segment::Mention { name, target });
        self
    }
}

fn check(segment: &Segment, field: &'static str) -> Option<Finding> {
    match segment {
        Segment::Text(text) if looks_escaped(text) => Some(
            Finding::warning("little_text.escaped", field, "the text seems to be escaped already")
                .advice("pass the text as it shall be displayed; it is escaped when it is sent"),
        ),
        Segment::Text(_) => None,
        Segment::Mention { name, .. } if name.trim().is_empty() => Some(
            Finding::error("little_text.mention", field, "a mention has no name")
                .advice("give the name exactly as LinkedIn shows it"),
        ),
        Segment::Mention { target, .. } => ActorUrn::try_from(target.clone()).is_err().then(|| {
            Finding::warning("little_text.mention_target", field, "a mention of this kind becomes no link")
                .allowed("a person or an organization")
                .advice("mention the person or the organization")
        }),
        Segment::Hashtag(tag) => {
            let word = !tag.is_empty() && tag.chars().all(is_tag_char);
            (!word).then(|| {
                Finding::error("little_text.hashtag", field, "a hashtag is not one word")
                    .advice("use letters, digits and underscores only")
            })
        }
    }
}

fn is_tag_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A backslash before a reserved character is rare in prose and typical of text escaped twice.
pub(crate) fn looks_escaped(text: &str) -> bool {
    text.as_bytes()
        .windows(2)
        .any(|pair| matches!(pair, [b'\\', after] if RESERVED.contains(&char::from(*after))))
}

/// One pass over the input, the backslash included, so that nothing is escaped twice.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        if RESERVED.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
}

/// The text as it is displayed.
impl fmt::Display for LittleText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            match segment {
                Segment::Text(text) => f.write_str(text)?,
                Segment::Mention { name, .. } => f.write_str(name)?,
                Segment::Hashtag(tag) => write!(f, "#{tag}")?,
            }
        }
        Ok(())
    }
}

impl From<&str> for LittleText {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for LittleText {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

#[cfg(test)]
mod tests;
