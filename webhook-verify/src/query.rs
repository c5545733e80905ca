//! Strict reading of a query string.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::ChallengeError;

/// A challenge needs well under 1 KiB.
const MAX_BYTES: usize = 8 * 1024;

/// The pairs of a query string, in order. A value that is not UTF-8 is kept as `None`.
pub(crate) struct Query<'q>(Vec<(Cow<'q, str>, Option<Cow<'q, str>>)>);

impl<'q> Query<'q> {
    /// Splits and percent-decodes, with or without the leading `?`. A key that is not UTF-8 is none of ours.
    pub(crate) fn parse(raw: &'q str) -> Result<Self, ChallengeError> {
        if raw.len() > MAX_BYTES {
            return Err(ChallengeError::QueryTooLong { max: MAX_BYTES });
        }
        let raw = raw.strip_prefix('?').unwrap_or(raw);
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(key)?, decode(value)))
        });
        Ok(Self(pairs.collect()))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| &**key)
    }

    /// The only value of a key.
    pub(crate) fn only(&self, name: &'static str) -> Result<Option<&str>, ChallengeError> {
        let mut values = self.0.iter().filter(|(key, _)| key == name);
        let Some((_, value)) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(ChallengeError::DuplicateKey { key: name });
        }
        value.as_deref().map(Some).ok_or(ChallengeError::NotText { key: name })
    }

    /// The only value of a key that must be there.
    pub(crate) fn required(&self, name: &'static str) -> Result<&str, ChallengeError> {
        self.only(name)?.ok_or(ChallengeError::MissingKey { key: name })
    }
}

fn decode(text: &str) -> Option<Cow<'_, str>> {
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        return percent_decode_str(&spaced).decode_utf8().ok().map(|text| Cow::Owned(text.into_owned()));
    }
    percent_decode_str(text).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_decoded_once_and_strictly() {
        let query =
            Query::parse("?a=1&hub%2Emode=x%20y+z&&plus=%2B&flag&eq=a=b&bad=%ff&%ff=1&odd=%zz").unwrap();
        assert_eq!(query.only("a"), Ok(Some("1")));
        assert_eq!(query.only("hub.mode"), Ok(Some("x y z")));
        assert_eq!(query.only("plus"), Ok(Some("+")));
        assert_eq!(query.only("flag"), Ok(Some("")));
        assert_eq!(query.only("eq"), Ok(Some("a=b")));
        assert_eq!(query.only("odd"), Ok(Some("%zz")));
        assert_eq!(query.only("bad"), Err(ChallengeError::NotText { key: "bad" }));
        assert_eq!(query.only("absent"), Ok(None));
        assert_eq!(query.required("absent"), Err(ChallengeError::MissingKey { key: "absent" }));
    }

    #[test]
    fn a_key_twice_is_refused_however_it_is_written() {
        for raw in ["a=1&a=1", "a=1&%61=2", "a&a"] {
            assert_eq!(Query::parse(raw).unwrap().only("a"), Err(ChallengeError::DuplicateKey { key: "a" }));
        }
    }

    #[test]
    fn a_huge_query_is_not_read() {
        assert!(Query::parse(&"a".repeat(MAX_BYTES)).is_ok());
        let error = Query::parse(&"a".repeat(MAX_BYTES + 1)).err().unwrap();
        assert_eq!(error, ChallengeError::QueryTooLong { max: MAX_BYTES });
    }

    proptest! {
        #[test]
        fn no_query_panics(raw in "[ -~é%&=?+]{0,80}") {
            let query = Query::parse(&raw).unwrap();
            let keys: Vec<&str> = query.keys().collect();
            prop_assert!(keys.len() <= raw.len());
            let _ = (query.only("a"), query.required("%"));
        }
    }
}
