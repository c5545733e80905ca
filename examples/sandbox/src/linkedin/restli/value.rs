//! Values of the query that have structure: lists and records.

use std::collections::BTreeMap;

use super::percent_decode;

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 32;

/// A well-formed value, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Element {
    Text(String),
    List(Vec<Self>),
    Record(BTreeMap<String, Self>),
}

impl Element {
    /// `None` when the text is not exactly one element, or repeats a key.
    pub(crate) fn parse(raw: &str) -> Option<Self> {
        let (value, rest) = take(raw, MAX_DEPTH)?;
        rest.is_empty().then_some(value)
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(elements) = self { Some(elements) } else { None }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Self> {
        if let Self::Record(fields) = self { fields.get(name) } else { None }
    }

    /// The texts of a record that has exactly these members.
    pub(crate) fn texts_of<const N: usize>(&self, names: [&str; N]) -> Option<[String; N]> {
        let Self::Record(fields) = self else { return None };
        let texts: Vec<String> =
            names.iter().filter_map(|name| Some(fields.get(*name)?.as_text()?.to_owned())).collect();
        if fields.len() == N { texts.try_into().ok() } else { None }
    }

    /// The one member of a union.
    pub(crate) fn union(&self) -> Option<(&str, &Self)> {
        let Self::Record(fields) = self else { return None };
        let mut fields = fields.iter();
        let (name, value) = fields.next()?;
        fields.next().is_none().then_some((name.as_str(), value))
    }
}

fn take(raw: &str, depth: usize) -> Option<(Element, &str)> {
    let depth = depth.checked_sub(1)?;
    if let Some(rest) = raw.strip_prefix("List(") {
        let (elements, rest) = sequence(rest, |raw| take(raw, depth))?;
        return Some((Element::List(elements), rest));
    }
    if let Some(rest) = raw.strip_prefix('(') {
        let (members, rest) = sequence(rest, |raw| {
            let (name, rest) = text(raw)?;
            let (value, rest) = take(rest.strip_prefix(':')?, depth)?;
            Some(((name, value), rest))
        })?;
        let sent = members.len();
        let fields: BTreeMap<String, Element> = members.into_iter().collect();
        return (fields.len() == sent).then_some((Element::Record(fields), rest));
    }
    let (text, rest) = text(raw)?;
    Some((Element::Text(text), rest))
}

/// Parts with commas between them, up to the closing parenthesis.
fn sequence<'a, T>(
    raw: &'a str,
    part: impl Fn(&'a str) -> Option<(T, &'a str)>,
) -> Option<(Vec<T>, &'a str)> {
    let mut parts = Vec::new();
    if let Some(rest) = raw.strip_prefix(')') {
        return Some((parts, rest));
    }
    let mut rest = raw;
    loop {
        let (next, after) = part(rest)?;
        parts.push(next);
        if let Some(end) = after.strip_prefix(')') {
            return Some((parts, end));
        }
        rest = after.strip_prefix(',')?;
    }
}

fn text(raw: &str) -> Option<(String, &str)> {
    if let Some(rest) = raw.strip_prefix("''") {
        return Some((String::new(), rest));
    }
    let (text, rest) = raw.split_at_checked(raw.find(['(', ')', ',', ':', '\'']).unwrap_or(raw.len()))?;
    if text.is_empty() {
        return None;
    }
    Some((percent_decode(text)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Element {
        Element::Text(text.to_owned())
    }

    #[test]
    fn structure_is_read_and_text_is_decoded() {
        let value =
            Element::parse("(owner:(account:urn%3Ali%3Aa%3A1),list:List(a%2Cb,'',List()),n:1)").unwrap();
        let owner = value.field("owner").unwrap().union().unwrap();
        assert_eq!(owner, ("account", &text("urn:li:a:1")));
        let list = value.field("list").unwrap().as_list().unwrap();
        assert_eq!(list, [text("a,b"), text(""), Element::List(Vec::new())]);
        assert_eq!(value.field("n").and_then(Element::as_text), Some("1"));
        assert_eq!(value.union(), None);
        assert_eq!(Element::parse("()"), Some(Element::Record(BTreeMap::new())));
    }

    #[test]
    fn what_is_not_one_element_is_refused() {
        for bad in ["", "a:b", "List(a", "(a:1,a:2)", "(a:1)b", "urn:li:a:1", "%zz", "List(a,)"] {
            assert_eq!(Element::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn compound_keys_have_exactly_their_members() {
        let key = Element::parse("(entity:urn%3Ali%3Aactivity%3A1,actor:urn%3Ali%3Aperson%3Aa)").unwrap();
        let texts = key.texts_of(["actor", "entity"]).unwrap();
        assert_eq!(texts, ["urn:li:person:a", "urn:li:activity:1"]);
        assert!(key.texts_of(["entity"]).is_none());
        assert!(Element::parse("(a:List(b))").unwrap().texts_of(["a"]).is_none());
    }

    #[test]
    fn nesting_has_an_end() {
        let deep = |levels: usize| format!("{}{}", "List(".repeat(levels), ")".repeat(levels));
        assert!(Element::parse(&deep(MAX_DEPTH)).is_some());
        assert!(Element::parse(&deep(100_000)).is_none());
    }
}
