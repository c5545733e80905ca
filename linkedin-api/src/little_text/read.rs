//! The wire form of little text back into segments.

use super::{LittleText, RESERVED};
use crate::urn::Urn;

pub(super) fn read(wire: &str) -> LittleText {
    let mut out = LittleText::new();
    let mut text = String::new();
    let mut rest = wire;
    while let Some(c) = rest.chars().next() {
        let element = match c {
            '@' => mention(rest),
            '{' => hashtag_template(rest),
            '#' => hashtag(rest),
            _ => None,
        };
        if let Some((element, tail)) = element {
            out = out.then(std::mem::take(&mut text));
            out = match element {
                Element::Mention { name, target } => out.mention_urn(name, target),
                Element::Hashtag(tag) => out.hashtag(&tag),
            };
            rest = tail;
            continue;
        }
        let (literal, tail) = literal(rest, c);
        text.push(literal);
        rest = tail;
    }
    out.then(text)
}

enum Element {
    Mention { name: String, target: Urn },
    Hashtag(String),
}

/// `@[name](urn)`.
fn mention(rest: &str) -> Option<(Element, &str)> {
    let (name, tail) = until(rest.strip_prefix("@[")?, ']')?;
    let tail = tail.strip_prefix('(')?;
    let (target, tail) = urn(tail)?;
    Some((Element::Mention { name, target }, tail))
}

/// `{hashtag|\#|tag}`, the form LinkedIn gives back.
fn hashtag_template(rest: &str) -> Option<(Element, &str)> {
    let rest = rest.strip_prefix("{hashtag|")?;
    let (tag, tail) = until(rest.strip_prefix(r"\#|").or_else(|| rest.strip_prefix("#|"))?, '}')?;
    (!tag.is_empty()).then_some((Element::Hashtag(tag), tail))
}

/// `#tag`, as many clients write it.
fn hashtag(rest: &str) -> Option<(Element, &str)> {
    let tail = rest.strip_prefix('#')?;
    let end = tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len());
    let (tag, tail) = tail.split_at(end);
    (!tag.is_empty()).then(|| (Element::Hashtag(tag.to_owned()), tail))
}

/// Unescaped text up to a bare `end`, and what follows it.
fn until(mut rest: &str, end: char) -> Option<(String, &str)> {
    let mut out = String::new();
    loop {
        let c = rest.chars().next()?;
        if c == end {
            return Some((out, rest.get(c.len_utf8()..)?));
        }
        let (literal, tail) = literal(rest, c);
        out.push(literal);
        rest = tail;
    }
}

/// The URN up to the parenthesis that closes the mention; a URN may hold parentheses itself.
fn urn(rest: &str) -> Option<(Urn, &str)> {
    let mut depth = 0u32;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some((Urn::parse(rest.get(..at)?).ok()?, rest.get(at + 1..)?)),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The next displayed character, its escape resolved.
fn literal(rest: &str, c: char) -> (char, &str) {
    let tail = rest.get(c.len_utf8()..).unwrap_or_default();
    match tail.chars().next() {
        Some(escaped) if c == '\\' && RESERVED.contains(&escaped) => {
            (escaped, tail.get(escaped.len_utf8()..).unwrap_or_default())
        }
        _ => (c, tail),
    }
}
