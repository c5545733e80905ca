//! Reading the one signature header of a delivery.

use crate::{Provider, VerifyError, hex};

/// What the sender says the MAC is.
pub(crate) type Tag = [u8; 32];

/// Why a signature header cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureFault {
    /// The header is there and empty.
    #[error("it is empty")]
    Empty,
    /// `sha256=` is missing (Meta).
    #[error("it does not start with `sha256=`")]
    NoPrefix,
    /// There are not exactly 64 characters behind the prefix.
    #[error("{found} characters instead of 64 hexadecimal digits")]
    Length {
        /// How many bytes there are.
        found: usize,
    },
    /// A character is no hexadecimal digit.
    #[error("a character is not a hexadecimal digit")]
    NotHex,
}

/// The only value among `values`; none or several are errors.
pub(crate) fn only_value<T>(
    values: impl IntoIterator<Item = T>,
    provider: Provider,
) -> Result<T, VerifyError> {
    let mut values = values.into_iter();
    let first = values.next().ok_or(VerifyError::MissingSignature { provider })?;
    match values.next() {
        None => Ok(first),
        Some(_) => Err(VerifyError::DuplicateSignature { provider }),
    }
}

/// Reads `sha256=<64 hexadecimal digits>`.
pub(crate) fn read_meta(value: &[u8]) -> Result<Tag, VerifyError> {
    const PROVIDER: Provider = Provider::Meta;
    let value = clean(value, PROVIDER)?;
    if let Some(digits) = value.strip_prefix(b"sha256=") {
        return tag(digits, PROVIDER);
    }
    if value.starts_with(b"sha1=") {
        return Err(VerifyError::Sha1Signature);
    }
    match value.iter().position(|byte| *byte == b'=') {
        Some(_) => Err(VerifyError::UnsupportedAlgorithm { provider: PROVIDER }),
        None => Err(VerifyError::MalformedSignature { provider: PROVIDER, fault: SignatureFault::NoPrefix }),
    }
}

/// Reads `<64 hexadecimal digits>`, with or without `hmacsha256=` in front.
pub(crate) fn read_linkedin(value: &[u8]) -> Result<Tag, VerifyError> {
    const PROVIDER: Provider = Provider::LinkedIn;
    const PREFIX: &[u8] = b"hmacsha256=";
    let value = clean(value, PROVIDER)?;
    match value.split_at_checked(PREFIX.len()) {
        Some((prefix, digits)) if prefix.eq_ignore_ascii_case(PREFIX) => tag(digits, PROVIDER),
        _ if value.contains(&b'=') => Err(VerifyError::UnsupportedAlgorithm { provider: PROVIDER }),
        _ => tag(value, PROVIDER),
    }
}

/// Trims, and refuses an empty value and two values that a proxy joined with a comma.
fn clean(value: &[u8], provider: Provider) -> Result<&[u8], VerifyError> {
    let value = value.trim_ascii();
    if value.is_empty() {
        return Err(VerifyError::MalformedSignature { provider, fault: SignatureFault::Empty });
    }
    if value.contains(&b',') {
        return Err(VerifyError::DuplicateSignature { provider });
    }
    Ok(value)
}

fn tag(digits: &[u8], provider: Provider) -> Result<Tag, VerifyError> {
    hex::decode(digits).ok_or_else(|| {
        let fault = match digits.len() {
            64 => SignatureFault::NotHex,
            found => SignatureFault::Length { found },
        };
        VerifyError::MalformedSignature { provider, fault }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEX: &str = "231868f9ac6f7a304cc336397814a89c3d9bf5f61ce3f5b5e9392ea523f42aa4";

    fn malformed(provider: Provider, fault: SignatureFault) -> VerifyError {
        VerifyError::MalformedSignature { provider, fault }
    }

    #[test]
    fn meta_headers() {
        let provider = Provider::Meta;
        let length = |found| malformed(provider, SignatureFault::Length { found });
        for (value, expected) in [
            (String::new(), malformed(provider, SignatureFault::Empty)),
            (" \t".to_owned(), malformed(provider, SignatureFault::Empty)),
            (HEX.to_owned(), malformed(provider, SignatureFault::NoPrefix)),
            ("sha256=".to_owned(), length(0)),
            (format!("sha256={}", &HEX[1..]), length(63)),
            (format!("sha256={HEX}0"), length(65)),
            (format!("sha256= {}", &HEX[1..]), malformed(provider, SignatureFault::NotHex)),
            (format!("sha256={}é", &HEX[2..]), malformed(provider, SignatureFault::NotHex)),
            (format!("SHA256={HEX}"), VerifyError::UnsupportedAlgorithm { provider }),
            (format!("sha512={HEX}"), VerifyError::UnsupportedAlgorithm { provider }),
            ("sha1=1a0f9c7c0ba12e75ceddc41a1849c768641b8c7d".to_owned(), VerifyError::Sha1Signature),
            (format!("sha256={HEX}, sha256={HEX}"), VerifyError::DuplicateSignature { provider }),
        ] {
            assert_eq!(read_meta(value.as_bytes()).unwrap_err(), expected, "{value}");
        }
        let tag = hex::decode(HEX.as_bytes()).unwrap();
        assert_eq!(read_meta(format!("sha256={HEX}").as_bytes()), Ok(tag));
        assert_eq!(read_meta(format!(" sha256={}\t", HEX.to_uppercase()).as_bytes()), Ok(tag));
    }

    #[test]
    fn linkedin_headers() {
        let provider = Provider::LinkedIn;
        for (value, expected) in [
            (String::new(), malformed(provider, SignatureFault::Empty)),
            ("hmacsha256=".to_owned(), malformed(provider, SignatureFault::Length { found: 0 })),
            (HEX[1..].to_owned(), malformed(provider, SignatureFault::Length { found: 63 })),
            (format!("{}g", &HEX[1..]), malformed(provider, SignatureFault::NotHex)),
            (format!("hmacsha1={HEX}"), VerifyError::UnsupportedAlgorithm { provider }),
            (format!("{HEX},{HEX}"), VerifyError::DuplicateSignature { provider }),
        ] {
            assert_eq!(read_linkedin(value.as_bytes()).unwrap_err(), expected, "{value}");
        }
        let tag = hex::decode(HEX.as_bytes()).unwrap();
        for value in
            [HEX.to_owned(), format!("hmacsha256={HEX}"), format!("HmacSHA256={HEX}"), HEX.to_uppercase()]
        {
            assert_eq!(read_linkedin(value.as_bytes()), Ok(tag), "{value}");
        }
    }

    #[test]
    fn exactly_one_value_is_needed() {
        let provider = Provider::Meta;
        assert_eq!(only_value(None::<&str>, provider), Err(VerifyError::MissingSignature { provider }));
        assert_eq!(only_value(["a"], provider), Ok("a"));
        assert_eq!(only_value(["a", "a"], provider), Err(VerifyError::DuplicateSignature { provider }));
    }

    proptest! {
        #[test]
        fn no_header_panics(value: Vec<u8>) {
            let _ = (read_meta(&value), read_linkedin(&value));
        }

        #[test]
        fn almost_right_headers_do_not_panic(value in "(sha256=|sha1=|hmacsha256=|HMACSHA256)?[0-9a-fA-Fg ]{0,70}") {
            let digits = value.strip_prefix("sha256=").unwrap_or("").trim_end();
            let right = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            prop_assert_eq!(read_meta(value.as_bytes()).is_ok(), right);
            let _ = read_linkedin(value.as_bytes());
        }
    }
}
