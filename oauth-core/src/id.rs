//! The two ids that every stored thing carries: whose it is, and which connection.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text that is no id: neither a UUID nor 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a UUID (8-4-4-4-12 hexadecimal digits) or 32 hexadecimal digits")]
#[non_exhaustive]
pub struct ParseIdError;

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// From 16 bytes, such as those of a UUID.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The 16 bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            /// UUID text, lower case.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_uuid(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            /// Reads a UUID or 32 hexadecimal digits, in either case.
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                parse_uuid(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id! {
    /// The customer of the product: every stored row and every key belongs to exactly one.
    ///
    /// ```
    /// use sociogram_oauth_core::TenantId;
    ///
    /// let tenant: TenantId = "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a".parse()?;
    /// assert_eq!(tenant.to_string(), "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a");
    /// assert_eq!(TenantId::from_bytes(*tenant.as_bytes()), tenant);
    /// # Ok::<(), sociogram_oauth_core::ParseIdError>(())
    /// ```
    TenantId
}

id! {
    /// One connected account of one tenant: a Facebook user, a Page, a LinkedIn member.
    ConnectionId
}

fn write_uuid(bytes: &[u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            f.write_str("-")?;
        }
        write!(f, "{byte:02x}")?;
    }
    Ok(())
}

fn parse_uuid(text: &str) -> Result<[u8; 16], ParseIdError> {
    let hyphenated = match text.len() {
        36 => true,
        32 => false,
        _ => return Err(ParseIdError),
    };
    let mut bytes = [0; 16];
    let mut digits = 0_usize;
    for (index, c) in text.bytes().enumerate() {
        if hyphenated && matches!(index, 8 | 13 | 18 | 23) {
            if c != b'-' {
                return Err(ParseIdError);
            }
            continue;
        }
        let digit = char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok()).ok_or(ParseIdError)?;
        let byte = bytes.get_mut(digits / 2).ok_or(ParseIdError)?;
        *byte = (*byte << 4) | digit;
        digits += 1;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_both_spellings_and_refuses_others() {
        let id: ConnectionId = "0192F0C12B3C7D4E8F5A6B7C8D9E0F1A".parse().unwrap();
        assert_eq!(id.to_string(), "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a");
        for bad in [
            "",
            "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1",
            "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a0",
            "0192f0c12-b3c-7d4e-8f5a-6b7c8d9e0f1a",
            "{0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1",
            "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1g",
            "0192f0c1--2b3c-7d4e-8f5a-6b7c8d9e0f1",
        ] {
            assert!(bad.parse::<ConnectionId>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn text_round_trips(bytes: [u8; 16]) {
            let id = TenantId::from_bytes(bytes);
            prop_assert_eq!(id.to_string().parse::<TenantId>().unwrap(), id);
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(serde_json::from_str::<TenantId>(&json).unwrap(), id);
        }

        #[test]
        fn parsing_never_panics(text in any::<String>()) {
            let _ = text.parse::<TenantId>();
        }
    }
}
