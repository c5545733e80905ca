//! Text that must not be printed.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

/// A piece of secret text: wiped from memory when dropped, never printed.
///
/// There is no `Display`, no `Serialize` and no `PartialEq`: reading it takes [`expose`](Self::expose),
/// comparing it takes [`ct_eq`](Self::ct_eq). Copies that other libraries make (HTTP buffers, JSON
/// parsers) are outside its reach.
///
/// ```
/// use sociogram_api_core::Secret;
///
/// let secret = Secret::new("hunter2");
/// assert_eq!(format!("{secret:?}"), "Secret([redacted])");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes ownership of the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into().into())
    }

    /// The text itself. Keep the borrow short and never format it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Compares in time that depends on the lengths only.
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.expose().len()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// Declares a newtype around [`Secret`] with the same methods, so that an app secret cannot be passed
/// where an access token belongs.
///
/// ```
/// sociogram_api_core::secret_newtype! {
///     /// The password of the example.
///     pub struct Password;
/// }
///
/// let password = Password::from("hunter2");
/// assert_eq!(format!("{password:?}"), "Password([redacted])");
/// assert!(password.ct_eq(&Password::new("hunter2")));
/// ```
#[macro_export]
macro_rules! secret_newtype {
    ($(#[$meta:meta])* $vis:vis struct $name:ident;) => {
        $(#[$meta])*
        #[derive(Clone)]
        $vis struct $name($crate::Secret);

        impl $name {
            /// Takes ownership of the text.
            pub fn new(text: impl Into<String>) -> Self {
                Self($crate::Secret::new(text))
            }

            /// The text itself. Keep the borrow short and never format it.
            pub fn expose(&self) -> &str {
                self.0.expose()
            }

            /// Compares in time that depends on the lengths only.
            pub fn ct_eq(&self, other: &Self) -> bool {
                self.0.ct_eq(&other.0)
            }

            /// Length in bytes.
            pub fn len(&self) -> usize {
                self.0.len()
            }

            /// Whether there is no text at all.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }

        impl ::core::convert::From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_prints_and_compares_by_content() {
        let secret = Secret::from("s3cr3t-ünïcode");
        assert!(!format!("{secret:?} {secret:#?}").contains("s3cr3t"));
        assert!(secret.ct_eq(&Secret::new("s3cr3t-ünïcode")));
        assert!(!secret.ct_eq(&Secret::new("s3cr3t")));
        assert!(Secret::new("").is_empty());
        assert_eq!(Secret::new("äb").len(), 3);
    }
}
