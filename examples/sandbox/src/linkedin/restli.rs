//! Rest.li 2.0 encoding, read strictly: keys of the path and values of the query.

mod value;

use super::answer::ApiError;

pub(crate) use value::Element;

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

/// Escapes what the reduced mode escapes: ids in headers and keys of maps in bodies.
pub(crate) fn reduce(text: &str) -> String {
    use std::fmt::Write as _;
    text.chars().fold(String::new(), |mut out, c| {
        if matches!(c, ',' | '(' | ')' | '\'' | ':') {
            let _infallible = write!(out, "%{:02X}", u32::from(c));
        } else {
            out.push(c);
        }
        out
    })
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
            let well_formed = if projection {
                !value.is_empty() && !value.contains(['%', '\'']) && !value.contains("List(")
            } else {
                Element::parse(value).is_some()
            };
            if !well_formed {
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

    /// A value with structure: a list, a record, a union.
    pub(crate) fn element(&self, name: &str) -> Result<Option<Element>, ApiError> {
        let Some((_, raw)) = self.0.iter().find(|(known, _)| known == name) else { return Ok(None) };
        let element = Element::parse(raw);
        element.map(Some).ok_or_else(|| ApiError::illegal_argument(format!("Parameter '{name}' is invalid")))
    }

    /// A simple string that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<String, ApiError> {
        self.text(name)?.ok_or_else(|| ApiError::illegal_argument(format!("Parameter '{name}' is required")))
    }

    /// A list of simple strings.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, ApiError> {
        let Some(element) = self.element(name)? else { return Ok(None) };
        let texts = element.as_list().and_then(|list| {
            list.iter().map(|entry| entry.as_text().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        texts.map(Some).ok_or_else(|| ApiError::illegal_argument(format!("Parameter '{name}' is invalid")))
    }

    /// The projection mask of `fields`, as it was sent.
    pub(crate) fn mask(&self) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == "fields").map(|(_, raw)| raw.as_str())
    }

    /// Whether the parameter was sent.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.text(name)?.as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(ApiError::illegal_argument(format!("Parameter '{name}' is invalid"))),
        }
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
            assert!(Element::parse(good).is_some(), "{good}");
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
            "(k:1,k:2)",
        ] {
            assert!(Element::parse(bad).is_none(), "{bad}");
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
        for projection in ["fields=List(id,name)", "fields=id%2Cname", "fields="] {
            assert!(Query::read(projection).is_err(), "{projection}");
        }
    }

    #[test]
    fn the_reduced_mode_escapes_only_structure() {
        assert_eq!(reduce("with%reserved, (c)'s: d"), "with%reserved%2C %28c%29%27s%3A d");
    }
}
