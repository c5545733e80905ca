//! Secret text that is never printed.

use std::fmt;

use zeroize::Zeroizing;

/// Longest secret or verify token that is accepted, in bytes.
const MAX_BYTES: usize = 1024;

/// An app secret (Meta) or client secret (LinkedIn), as the developer portal shows it.
///
/// The text is used as it stands: Meta's secret looks like hexadecimal but is *not* decoded. It is wiped
/// from memory when dropped, has no `Display`, and cannot be empty: a receiver without a secret must not start.
///
/// ```
/// use sociogram_webhook_verify::{Secret, SecretError};
///
/// let secret = Secret::new("test_app_secret")?;
/// assert_eq!(format!("{secret:?}"), "Secret([redacted])");
/// assert_eq!(Secret::new("").unwrap_err(), SecretError::Empty);
/// assert_eq!(Secret::new("pasted\n").unwrap_err(), SecretError::SurroundingWhitespace);
/// # Ok::<(), SecretError>(())
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of the text.
    ///
    /// # Errors
    ///
    /// When the text is empty, longer than 1024 bytes, starts or ends with whitespace, or holds a control
    /// character.
    pub fn new(text: impl Into<String>) -> Result<Self, SecretError> {
        let text = Zeroizing::new(text.into());
        check(&text)?;
        Ok(Self(text))
    }

    /// Takes the bytes of a file or of an environment variable.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and [`SecretError::NotUtf8`].
    pub fn from_utf8(bytes: Vec<u8>) -> Result<Self, SecretError> {
        match String::from_utf8(bytes) {
            Ok(text) => Self::new(text),
            Err(error) => {
                drop(Zeroizing::new(error.into_bytes()));
                Err(SecretError::NotUtf8)
            }
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

/// The rules that a secret and a verify token share.
pub(crate) fn check(text: &str) -> Result<(), SecretError> {
    if text.is_empty() {
        return Err(SecretError::Empty);
    }
    if text.len() > MAX_BYTES {
        return Err(SecretError::TooLong { max: MAX_BYTES });
    }
    if text.trim().len() != text.len() {
        return Err(SecretError::SurroundingWhitespace);
    }
    if text.chars().any(char::is_control) {
        return Err(SecretError::ControlCharacter);
    }
    Ok(())
}

/// Why a text cannot be a [`Secret`] or a [`VerifyToken`](crate::VerifyToken).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// There is no text.
    #[error("the secret is empty: check the variable or file it is read from")]
    Empty,
    /// The text starts or ends with whitespace.
    #[error(
        "the secret starts or ends with whitespace: trim the line break or space that was pasted with it"
    )]
    SurroundingWhitespace,
    /// The text holds a control character.
    #[error("the secret holds a control character: it was not copied as the portal shows it")]
    ControlCharacter,
    /// The text is too long.
    #[error("the secret is longer than {max} bytes: this is not an app secret")]
    TooLong {
        /// The limit in bytes.
        max: usize,
    },
    /// The bytes are not text.
    #[error("the secret is not UTF-8 text: check the encoding of the file it is read from")]
    NotUtf8,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_cannot_be_a_secret_are_refused() {
        for (text, expected) in [
            ("", SecretError::Empty),
            (" a", SecretError::SurroundingWhitespace),
            ("a ", SecretError::SurroundingWhitespace),
            ("a\r\n", SecretError::SurroundingWhitespace),
            ("\u{a0}a", SecretError::SurroundingWhitespace),
            (" ", SecretError::SurroundingWhitespace),
            ("a\0b", SecretError::ControlCharacter),
            ("a\nb", SecretError::ControlCharacter),
        ] {
            assert_eq!(Secret::new(text).unwrap_err(), expected, "{text:?}");
        }
        assert_eq!(Secret::new("x".repeat(1025)).unwrap_err(), SecretError::TooLong { max: 1024 });
        assert_eq!(Secret::from_utf8(vec![0xff]).unwrap_err(), SecretError::NotUtf8);
        assert_eq!(Secret::from_utf8(Vec::new()).unwrap_err(), SecretError::Empty);
    }

    #[test]
    fn a_good_secret_keeps_its_bytes_and_never_prints_them() {
        for text in ["test_app_secret", "ключ", "inner space is kept", &"x".repeat(1024)] {
            let secret = Secret::from_utf8(text.as_bytes().to_vec()).unwrap();
            assert_eq!(secret.as_bytes(), text.as_bytes());
            assert_eq!(format!("{secret:?} {secret:#?}"), "Secret([redacted]) Secret([redacted])");
        }
    }
}
