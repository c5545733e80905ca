//! Counting as the platforms count.
//!
//! ```
//! use sociogram_meta_graph::guard::text;
//!
//! assert_eq!(text::chars("Grüße 🎉"), 7);
//! assert_eq!(text::utf8_bytes("Grüße 🎉"), 12);
//! assert_eq!(text::threads_length("Grüße 🎉"), 10);
//! let tags: Vec<&str> = text::hashtags("#rust is #größer, isn't it?").collect();
//! assert_eq!(tags, ["#rust", "#größer"]);
//! ```

use std::collections::BTreeSet;

use sociogram_api_core::Finding;

use super::rules;

mod emoji;

pub use emoji::threads_length;

/// The number of characters (Unicode scalar values), as posts, captions and messages of WhatsApp and Messenger
/// are counted.
pub fn chars(text: &str) -> usize {
    text.chars().count()
}

/// The number of UTF-8 bytes, as messages of Instagram are counted.
pub const fn utf8_bytes(text: &str) -> usize {
    text.len()
}

/// The number of UTF-16 units, as text fields of browsers and phones count.
pub fn utf16_units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The hashtags of a caption with their `#`. `#a#b` are two, `a#b` is none, and letters of every script belong
/// to one.
pub fn hashtags(text: &str) -> impl Iterator<Item = &str> {
    let (mut at, mut in_tag) = (0, false);
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let hash = at + rest.find('#')?;
            let begins = (in_tag && hash == at)
                || !text
                    .get(..hash)?
                    .chars()
                    .next_back()
                    .is_some_and(|before| is_word(before) || before == '&');
            let body = text.get(hash + 1..)?;
            let length = body.find(|sign| !is_word(sign)).unwrap_or(body.len());
            at = hash + 1 + length;
            in_tag = begins && length > 0;
            if in_tag {
                return text.get(hash..at);
            }
        }
    })
}

/// The user names that a caption mentions with their `@`. `a@b` is an address of mail and no mention.
pub fn mentions(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let sign = at + text.get(at..)?.find('@')?;
            let inside = text.get(..sign)?.chars().next_back().is_some_and(is_word);
            let body = text.get(sign + 1..)?;
            let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.');
            let name = body.get(..body.find(|letter| !is_name(letter)).unwrap_or(body.len()))?;
            // A full stop behind it ends the sentence.
            let name = name.trim_end_matches('.');
            at = sign + 1 + name.len();
            if !inside && !name.is_empty() {
                return text.get(sign..at);
            }
        }
    })
}

/// The web addresses in a text, from `http://` or `https://` to the next space, without the punctuation behind.
pub fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| sign.is_whitespace() || matches!(sign, '<' | '>' | '"')).filter_map(|word| {
        let scheme = |name: &'static str| {
            let begins = |at: &usize| {
                word.get(*at..*at + name.len()).is_some_and(|part| part.eq_ignore_ascii_case(name))
            };
            word.char_indices().map(|(at, _)| at).find(begins).map(|at| (at, at + name.len()))
        };
        let (start, body) = [scheme("https://"), scheme("http://")].into_iter().flatten().min()?;
        let closing =
            |sign: char| matches!(sign, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '\'' | '…');
        let link = word.get(start..)?.trim_end_matches(closing);
        (start + link.len() > body).then_some(link)
    })
}

/// Whether Instagram takes this caption: its length, hashtags and mentions (IG User Media, `caption`).
pub fn instagram_caption(caption: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let counts = [
        (rules::I2, chars(caption), rules::I2_MAX_CHARS, "characters"),
        (rules::I3, hashtags(caption).count(), rules::I3_MAX_HASHTAGS, "hashtags"),
        (rules::I4, mentions(caption).count(), rules::I4_MAX_MENTIONS, "mentions"),
    ];
    for (rule, found, most, unit) in counts {
        if found > most {
            findings.push(rule.finding("caption").measured(format_args!("{found} {unit}")));
        }
    }
    findings
}

/// Whether Threads takes this text: its length and its different links (Threads API: Posts, `text`).
pub fn threads_text(text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let length = threads_length(text);
    if length > rules::T1_MAX_LENGTH {
        findings.push(rules::T1.finding("text").measured(length));
    }
    let links = links(text).collect::<BTreeSet<_>>().len();
    if links > rules::T2_MAX_LINKS {
        findings.push(rules::T2.finding("text").measured(format_args!("{links} links")));
    }
    findings
}

/// What belongs to a word: letters and digits of every script with the signs above and below them.
fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_' || emoji::is_emoji(sign) || is_mark(sign)
}

/// Combining signs, of which the standard library counts only some as letters.
fn is_mark(sign: char) -> bool {
    matches!(sign,
        '\u{0300}'..='\u{036f}' // over Latin, Greek and Cyrillic
        | '\u{0591}'..='\u{05bd}' // Hebrew
        | '\u{064b}'..='\u{065f}' // Arabic
        | '\u{200c}' | '\u{200d}' // joiners
        | '\u{fe0e}' | '\u{fe0f}' // forms of emoji
        | '\u{20d0}'..='\u{20ff}' // around symbols
    ) || is_indic_mark(sign)
}

/// Signs that mute or change the vowel, in the scripts of India and its neighbours.
fn is_indic_mark(sign: char) -> bool {
    let code = u32::from(sign);
    let of_block = (0x0900..0x0e00).contains(&code) && matches!(code & 0x7f, 0x3c | 0x4d);
    of_block
        || matches!(sign,
            '\u{0dca}' // Sinhala
            | '\u{0e3a}' | '\u{0e47}'..='\u{0e4e}' // Thai
            | '\u{0eba}' | '\u{0ec8}'..='\u{0ecd}' // Lao
            | '\u{0f84}' // Tibetan
            | '\u{1037}' | '\u{1039}' | '\u{103a}' // Burmese
            | '\u{17c9}'..='\u{17d3}' // Khmer
        )
}

#[cfg(test)]
mod tests;
