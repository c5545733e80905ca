//! Little text: what a reader sees of a post's commentary.
//!
//! LinkedIn never refuses a commentary for its markup. At the first reserved character that is neither escaped nor
//! part of a template it silently cuts the text off.

/// Characters that must be escaped with a backslash to stand for themselves.
const RESERVED: &str = "\\|{}@[]()<>#*_~";

/// A mention template in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) name: String,
    pub(crate) urn: String,
}

/// A commentary as LinkedIn reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// What a reader sees.
    pub(crate) visible: String,
    /// The little text that was kept, hashtags in their template form.
    pub(crate) kept: String,
    /// Whether the text was cut off.
    pub(crate) truncated: bool,
    pub(crate) mentions: Vec<Mention>,
}

pub(crate) fn read(text: &str) -> Reading {
    let mut reading = Reading::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '\\' => escaped(rest, &mut reading),
            '@' => mention(rest, &mut reading),
            '#' => hashtag(rest, &mut reading),
            '{' => hashtag_template(rest, &mut reading),
            other if RESERVED.contains(other) => None,
            other => {
                reading.visible.push(other);
                reading.kept.push(other);
                rest.get(other.len_utf8()..)
            }
        };
        let Some(after) = taken else {
            reading.truncated = true;
            break;
        };
        rest = after;
    }
    reading
}

fn escaped<'a>(text: &'a str, reading: &mut Reading) -> Option<&'a str> {
    let literal = text.chars().nth(1).filter(|c| RESERVED.contains(*c))?;
    reading.visible.push(literal);
    reading.kept.push('\\');
    reading.kept.push(literal);
    text.get(2..)
}

/// `@[Name](urn:li:person:…)` or `(urn:li:organization:…)`.
fn mention<'a>(text: &'a str, reading: &mut Reading) -> Option<&'a str> {
    let (name, after) = escaped_until(text.strip_prefix("@[")?, ']')?;
    let (urn, after) = after.strip_prefix('(')?.split_once(')')?;
    let id = urn.strip_prefix("urn:li:person:").or_else(|| urn.strip_prefix("urn:li:organization:"))?;
    let id_fits = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if name.is_empty() || !id_fits {
        return None;
    }
    reading.visible.push_str(&name);
    reading.kept.push_str(text.strip_suffix(after)?);
    reading.mentions.push(Mention { name, urn: urn.to_owned() });
    Some(after)
}

/// `#tag`: a hash directly followed by letters or digits.
fn hashtag<'a>(text: &'a str, reading: &mut Reading) -> Option<&'a str> {
    let body = text.strip_prefix('#')?;
    let end = body.find(|c: char| !c.is_alphanumeric()).unwrap_or(body.len());
    let (tag, after) = body.split_at_checked(end)?;
    push_tag(tag, reading)?;
    Some(after)
}

/// `{hashtag|\#|tag}`.
fn hashtag_template<'a>(text: &'a str, reading: &mut Reading) -> Option<&'a str> {
    let (tag, after) = escaped_until(text.strip_prefix("{hashtag|\\#|")?, '}')?;
    push_tag(&tag, reading)?;
    Some(after)
}

fn push_tag(tag: &str, reading: &mut Reading) -> Option<()> {
    if tag.is_empty() {
        return None;
    }
    reading.visible.push('#');
    reading.visible.push_str(tag);
    reading.kept.push_str("{hashtag|\\#|");
    for c in tag.chars() {
        if RESERVED.contains(c) {
            reading.kept.push('\\');
        }
        reading.kept.push(c);
    }
    reading.kept.push('}');
    Some(())
}

/// Text up to an unescaped end character, with its escapes taken off; nothing else reserved may be bare.
fn escaped_until(text: &str, end: char) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((position, c)) = chars.next() {
        if c == end {
            return Some((out, text.get(position + c.len_utf8()..)?));
        }
        match c {
            '\\' => out.push(chars.next().map(|(_, c)| c).filter(|c| RESERVED.contains(*c))?),
            bare if RESERVED.contains(bare) => return None,
            plain => out.push(plain),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_a_reader_sees() {
        // Text sent, text seen, whether it was cut.
        let cases = [
            ("hello", "hello", false),
            ("", "", false),
            ("a (b) c", "a ", true),
            ("a \\(b\\) c", "a (b) c", false),
            ("50\\% off", "50", true),
            ("ends with \\", "ends with ", true),
            ("back\\\\slash", "back\\slash", false),
            ("snake_case", "snake", true),
            ("snake\\_case", "snake_case", false),
            ("#rust2026 rocks", "#rust2026 rocks", false),
            ("# not a tag", "", true),
            ("\\# not a tag", "# not a tag", false),
            ("{hashtag|\\#|rust} rocks", "#rust rocks", false),
            ("{hashtag|#|rust}", "", true),
            ("hi @[Sandbox Bakery](urn:li:organization:5000001)!", "hi Sandbox Bakery!", false),
            ("hi @[A \\(B\\)](urn:li:person:x-_1)", "hi A (B)", false),
            ("hi @[A (B)](urn:li:person:x)", "hi ", true),
            ("hi @[A](urn:li:share:1)", "hi ", true),
            ("hi @[](urn:li:person:x)", "hi ", true),
            ("mail me@example.com", "mail me", true),
            ("schöne Grüße 🎉 \\~", "schöne Grüße 🎉 ~", false),
        ];
        for (sent, seen, cut) in cases {
            let reading = read(sent);
            assert_eq!((reading.visible.as_str(), reading.truncated), (seen, cut), "{sent}");
        }
    }

    #[test]
    fn every_reserved_character_cuts_when_bare_and_stands_when_escaped() {
        for reserved in RESERVED.chars() {
            let bare = read(&format!("x{reserved} y"));
            assert!(bare.truncated && bare.visible == "x", "{reserved}");
            let escaped = read(&format!("x\\{reserved} y"));
            assert!(!escaped.truncated && escaped.visible == format!("x{reserved} y"), "{reserved}");
        }
    }

    #[test]
    fn the_kept_text_reads_the_same_again() {
        for sent in ["a \\(b\\) #tag @[N\\_x](urn:li:person:1) c", "{hashtag|\\#|a\\_b}", "cut (here)"] {
            let first = read(sent);
            let again = read(&first.kept);
            assert_eq!((&again.visible, &again.kept), (&first.visible, &first.kept), "{sent}");
            assert!(!again.truncated, "{sent}");
        }
    }
}
