//! Why a signature that should match does not: guesses for a person, made only after the refusal.

use crate::Provider;

/// What probably went wrong when a signature did not match.
///
/// A hint reads the body's outer shape only. It never depends on a secret and never holds a MAC or content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Hint {
    /// There is no body.
    #[error("the body is empty: something read it before the verifier did")]
    EmptyBody,
    /// The body is still compressed.
    #[error(
        "the body is compressed: verify the bytes that were signed, before or after the proxy changed them"
    )]
    CompressedBody,
    /// The body is no JSON object, such as a form or a quoted string.
    #[error("the body is not a JSON object: pass the raw request body")]
    NotJsonBody,
    /// Meta writes every non-ASCII character as `\uXXXX`; this body holds raw ones.
    #[error(
        "the body was parsed and written again: Meta sends non-ASCII characters as \\uXXXX, these are raw; pass the bytes as received"
    )]
    UnescapedText,
    /// The platforms send compact JSON; this body is indented or spaced.
    #[error(
        "the body was parsed and written again, or a line break was added: it holds whitespace that the sender leaves out; pass the bytes as received"
    )]
    AddedWhitespace,
    /// The body looks as sent.
    #[error(
        "the body looks as sent, so the secret is probably that of another app, or an old one (Instagram Login and Threads apps have their own)"
    )]
    OtherSecret,
}

/// All hints for a body whose signature did not match; never empty.
pub(crate) fn hints(provider: Provider, body: &[u8]) -> Vec<Hint> {
    if body.is_empty() {
        return vec![Hint::EmptyBody];
    }
    // gzip, zstd, and zlib with its two usual levels.
    if [&[0x1f, 0x8b][..], &[0x28, 0xb5, 0x2f, 0xfd], &[0x78, 0x9c], &[0x78, 0xda]]
        .iter()
        .any(|magic| body.starts_with(magic))
    {
        return vec![Hint::CompressedBody];
    }
    if !is_json_object(body) {
        return vec![Hint::NotJsonBody];
    }
    let mut hints = Vec::new();
    if provider == Provider::Meta && !body.is_ascii() {
        hints.push(Hint::UnescapedText);
    }
    if has_added_whitespace(body) {
        hints.push(Hint::AddedWhitespace);
    }
    if hints.is_empty() {
        hints.push(Hint::OtherSecret);
    }
    hints
}

/// Whether the first and the last byte that are not whitespace are `{` and `}`.
pub(crate) fn is_json_object(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    body.len() >= 2 && body.starts_with(b"{") && body.ends_with(b"}")
}

/// Looks at the ends, and behind the first brace and the first colon.
fn has_added_whitespace(body: &[u8]) -> bool {
    let after = |mark: u8| body.iter().skip_while(|byte| **byte != mark).nth(1);
    body.trim_ascii().len() != body.len()
        || [after(b'{'), after(b':')].into_iter().flatten().any(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_body_gets_its_hints() {
        for (body, expected) in [
            (&b""[..], &[Hint::EmptyBody][..]),
            (b"\x1f\x8b\x08{}", &[Hint::CompressedBody]),
            (b"hub=1&a=2", &[Hint::NotJsonBody]),
            (b"\"{}\"", &[Hint::NotJsonBody]),
            (b"[{}]", &[Hint::NotJsonBody]),
            (b"  ", &[Hint::NotJsonBody]),
            ("{\"a\":\"ä\"}".as_bytes(), &[Hint::UnescapedText]),
            ("{\n  \"a\": \"ä\"\n}".as_bytes(), &[Hint::UnescapedText, Hint::AddedWhitespace]),
            (b"{\"a\": 1}", &[Hint::AddedWhitespace]),
            (b"{ \"a\":1}", &[Hint::AddedWhitespace]),
            (b"{\"a\":1}\n", &[Hint::AddedWhitespace]),
            (b"{\"a\":\"b: c\"}", &[Hint::OtherSecret]),
            (b"{}", &[Hint::OtherSecret]),
        ] {
            assert_eq!(hints(Provider::Meta, body), expected, "{}", String::from_utf8_lossy(body));
        }
        assert_eq!(hints(Provider::LinkedIn, "{\"a\":\"ä\"}".as_bytes()), [Hint::OtherSecret]);
    }

    #[test]
    fn only_braces_on_both_ends_make_an_object() {
        for body in ["{}", " {\n} ", "{\"a\":[1]}", "{ not json }"] {
            assert!(is_json_object(body.as_bytes()), "{body}");
        }
        for body in ["", "{", "}", "}{", "[]", "null", "hmacsha256={}", "\u{feff}{}"] {
            assert!(!is_json_object(body.as_bytes()), "{body}");
        }
    }
}
