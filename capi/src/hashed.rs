//! SHA-256 in the form the Conversions API takes.

use std::fmt;

use sha2::{Digest, Sha256};
use sociogram_api_core::{Finding, InvalidRequest};

/// A SHA-256 digest of a customer value, as lower-case hex text.
///
/// Whether a value is already hashed is said by its type, never guessed from its looks: a customer number
/// made of 64 hex digits is still a customer number.
///
/// ```
/// use sociogram_capi::{Hashed, UserData};
///
/// let stored = "fb98d44ad7501a959f3f4f4a3f004fe2d9e581ea6207e218c4b02c08a4d75adf";
/// let user = UserData::new().email(Hashed::sha256_hex(stored)?).phone("+1 555 010 0199");
/// # Ok::<(), sociogram_capi::InvalidRequest>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Hashed(Box<str>);

impl Hashed {
    /// Takes a digest that was made elsewhere: 64 hex digits of either case, optionally followed by the
    /// `.` and the 2 or 8 characters that Meta's parameter builder appends. The text that was hashed must have been in
    /// the canonical form of [`normalize`](crate::normalize()), or it will match nobody.
    ///
    /// # Errors
    ///
    /// A finding with rule `capi.hashed` for any other text, MD5 among them.
    pub fn sha256_hex(text: &str) -> Result<Self, InvalidRequest> {
        let (hex, appendix) = split_appendix(text);
        if hex.len() != 64 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Finding::error("capi.hashed", "", "not a SHA-256 digest in hex")
                .measured(format_args!("{} characters", text.chars().count()))
                .allowed("64 hex digits")
                .advice("pass the plain value instead; it is normalised and hashed for you")
                .into());
        }
        let mut out = hex.to_ascii_lowercase();
        if let Some(appendix) = appendix {
            out.push('.');
            out.push_str(appendix);
        }
        Ok(Self(out.into()))
    }

    /// Hashes text exactly as it is, without any normalisation: for an `external_id` that is hashed on
    /// the browser side as well.
    pub fn digest(text: &str) -> Self {
        Self(sha256_hex(text).into())
    }

    /// The hex text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A digest of an e-mail address identifies a person to whoever has the address.
        f.write_str("Hashed([redacted])")
    }
}

/// Splits the mark of Meta's parameter builder off: `.` and 2 or 8 base64url characters at the end.
pub(crate) fn split_appendix(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once('.') {
        Some((head, mark))
            if matches!(mark.len(), 2 | 8)
                && mark.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) =>
        {
            (head, Some(mark))
        }
        _ => (text, None),
    }
}

/// Whether the text consists of `len` hex digits.
pub(crate) fn is_hex(text: &str, len: usize) -> bool {
    text.len() == len && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The SHA-256 digest of the UTF-8 bytes, in lower-case hex.
pub(crate) fn sha256_hex(text: &str) -> String {
    let mut out = String::with_capacity(64);
    write_sha256_hex(text, &mut out);
    out
}

/// The same behind what is there.
pub(crate) fn write_sha256_hex(text: &str, out: &mut String) {
    let mut digits = [0; 64];
    // Neither fails: the length is right, and the digits are ASCII.
    if hex::encode_to_slice(Sha256::digest(text.as_bytes()), &mut digits).is_ok() {
        out.push_str(std::str::from_utf8(&digits).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests() {
        assert_eq!(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn only_sha256_is_taken() {
        let hex = sha256_hex("a");
        assert_eq!(Hashed::sha256_hex(&hex.to_uppercase()).unwrap(), Hashed::digest("a"));
        let marked = format!("{hex}.AQQCAQMC");
        assert_eq!(Hashed::sha256_hex(&marked).unwrap().as_str(), marked);
        for text in
            ["", "d41d8cd98f00b204e9800998ecf8427e", &hex[1..], &format!("{hex}.x"), &format!(" {hex}")]
        {
            assert!(Hashed::sha256_hex(text).is_err(), "{text}");
        }
        assert!(!format!("{:?}", Hashed::digest("a")).contains(&hex));
    }
}
