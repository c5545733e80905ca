//! Rest.li 2.0 encoding, read strictly: keys of the path and values of the query.

use super::answer::ApiError;

/// Percent-encodes everything but RFC 3986 unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            let _infallible = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// A simple string: no structure, everything reserved is escaped. `''` is the empty string.
pub(crate) fn decode_text(raw: &str) -> Option<String> {
    if raw == "''" {
        return Some(String::new());
    }
    if raw.is_empty() || raw.contains(['(', ')', ',', ':', '\'']) {
        return None;
    }
    percent_decode(raw)
}

fn percent_decode(raw: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'%' {
            let (high, low) = (*tail.first()?, *tail.get(1)?);
            let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            bytes.push((digit(high)? << 4) | digit(low)?);
            rest = tail.get(2..)?;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// Whether the text is one well-formed element: a string, a `List(…)` or a record.
pub(crate) fn is_element(raw: &str) -> bool {
    element(raw).is_some_and(str::is_empty)
}

/// What follows one element.
fn element(raw: &str) -> Option<&str> {
    if let Some(rest) = raw.strip_prefix("List(") {
        return sequence(rest, element);
    }
    if let Some(rest) = raw.strip_prefix('(') {
        return sequence(rest, member);
    }
    string(raw)
}

fn member(raw: &str) -> Option<&str> {
    element(string(raw)?.strip_prefix(':')?)
}

fn sequence<'a>(raw: &'a str, part: fn(&'a str) -> Option<&'a str>) -> Option<&'a str> {
    if let Some(rest) = raw.strip_prefix(')') {
        return Some(rest);
    }
    let mut rest = part(raw)?;
    loop {
        if let Some(end) = rest.strip_prefix(')') {
            return Some(end);
        }
        rest = part(rest.strip_prefix(',')?)?;
    }
}

fn string(raw: &str) -> Option<&str> {
    if let Some(rest) = raw.strip_prefix("''") {
        return Some(rest);
    }
    let end = raw.find(['(', ')', ',', ':', '\'']).unwrap_or(raw.len());
    let (text, rest) = raw.split_at_checked(end)?;
    (!text.is_empty() && percent_decode(text).is_some()).then_some(rest)
}

/// A query: names once each, values well-formed.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn read(raw: &str) -> Result<Self, ApiError> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for part in raw.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let invalid = || ApiError::illegal_argument(format!("Parameter '{name}' is invalid"));
            // A projection is written raw and follows a grammar of its own.
            let projection = matches!(name, "fields" | "metadataFields" | "pagingFields");
            if !projection && !is_element(value) {
                return Err(invalid());
            }
            if fields.iter().any(|(known, _)| known == name) {
                return Err(ApiError::illegal_argument(format!(
                    "Parameter '{name}' was sent more than once"
                )));
            }
            fields.push((name.to_owned(), value.to_owned()));
        }
        Ok(Self(fields))
    }

    /// A simple string.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, ApiError> {
        let Some((_, raw)) = self.0.iter().find(|(known, _)| known == name) else { return Ok(None) };
        let text = decode_text(raw);
        text.map(Some).ok_or_else(|| ApiError::illegal_argument(format!("Parameter '{name}' is invalid")))
    }

    /// A count or an offset.
    pub(crate) fn number(&self, name: &str) -> Result<Option<usize>, ApiError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let invalid = |_| ApiError::illegal_argument(format!("Parameter '{name}' is invalid"));
        text.parse().map(Some).map_err(invalid)
    }

    /// Refuses a query with a parameter the resource does not know.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        match self.0.iter().find(|(name, _)| name != "fields" && !known.contains(&name.as_str())) {
            Some((name, _)) => Err(ApiError::new(
                403,
                format!(
                    "Unpermitted fields present in PARAMETER: Data Processing Exception while processing fields [/{name}]"
                ),
            )
            .code("ACCESS_DENIED")
            .service_code(100)),
            None => Ok(()),
        }
    }

    /// The fields as sent, except for these.
    pub(crate) fn without<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = String> + 'a {
        let kept = self.0.iter().filter(move |(name, _)| !names.contains(&name.as_str()));
        kept.map(|(name, value)| format!("{name}={value}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_protocols_elements() {
        for good in [
            "a",
            "''",
            "%27%27",
            "a%2Bb",
            "List()",
            "List(List(),List())",
            "List(1,a,true,2.5)",
            "List(a,'',b)",
            "()",
            "(k:'')",
            "('':v)",
            "(k%3Acolon:v)",
            "(%2C:List(%27,%28,%29,%3A))",
            "List((k1:v1),List(v2,%20t%3F))",
            "(end:(day:6,month:5),start:(day:4,month:5))",
            "urn%3Ali%3Ashare%3A1",
            "a+b",
        ] {
            assert!(is_element(good), "{good}");
        }
    }

    #[test]
    fn refuses_what_the_protocol_refuses() {
        for bad in [
            "",
            "hello:",
            "(a:)",
            "List(a,,b)",
            "List(a,b,)",
            "List(,)",
            "List(a:b)",
            "(a:b:c)",
            "(a,b)",
            "(a:b",
            "List(a",
            "a)",
            "List(a)b",
            "urn:li:share:1",
            "%",
            "%2",
            "%zz",
            "%ff",
            "a'b",
            "(k:)",
        ] {
            assert!(!is_element(bad), "{bad}");
        }
    }

    #[test]
    fn a_written_text_is_read_back() {
        for text in
            ["urn:li:person:-f_Ut43FoQ", "hello world", "100%", "List(a,b)", "''", "こんにちは", "a'b"]
        {
            assert_eq!(decode_text(&encode(text)).as_deref(), Some(text));
        }
        assert_eq!(
            encode("urn:li:comment:(urn:li:activity:1,2)"),
            "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A1%2C2%29"
        );
    }

    #[test]
    fn a_repeated_parameter_is_refused() {
        assert!(Query::read("ids=1&ids=2").is_err());
        assert!(Query::read("q=author&fields=a:(b,c)").is_ok());
        assert!(Query::read("author=urn:li:person:1").is_err());
    }
}
