//! Ids of WhatsApp that hold more characters than those of the Graph: many end with `=`.

use std::fmt;

use serde::de::{self, Visitor};

use crate::id::InvalidId;

/// The longest id accepted, in bytes; real ones stay below 100.
const MAX_LEN: usize = 512;

fn is_usable(text: &str) -> bool {
    (1..=MAX_LEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

struct OpaqueVisitor;

impl Visitor<'_> for OpaqueVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id as text or as a whole number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }
}

macro_rules! opaque_ids {
    ($($(#[$meta:meta])* $name:ident, $check:path;)*) => {$(
        $(#[$meta])*
        ///
        /// Written as text; read from text or a number.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// From the id's text.
            ///
            /// # Errors
            /// [`InvalidId`] when it cannot be such an id.
            pub fn new(id: impl Into<String>) -> Result<Self, InvalidId> {
                let id = id.into();
                if $check(&id) { Ok(Self(id)) } else { Err(InvalidId) }
            }

            /// The id's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(id: &str) -> Result<Self, InvalidId> {
                Self::new(id)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = from.deserialize_any(OpaqueVisitor)?;
                // What Meta sends is taken as it is; only what is no id at all is refused.
                if is_usable(&text) { Ok(Self(text)) } else { Err(de::Error::custom(InvalidId)) }
            }
        }
    )*};
}

opaque_ids! {
    /// Id of a person for one business (BSUID): a country, a dot and more, such as `US.13491208655302741918`.
    /// It takes the place of the phone number where the person keeps that private (WhatsApp: Business-scoped
    /// user IDs).
    BusinessScopedUserId, is_user_id;
    /// Id of a flow.
    FlowId, is_usable;
    /// Id of a group.
    GroupId, is_usable;
    /// Id of a WhatsApp message (`wamid.…`).
    WhatsAppMessageId, is_usable;
}

/// A phone number taken for such an id would reach nobody, so the form is checked.
fn is_user_id(text: &str) -> bool {
    let Some((country, rest)) = text.split_once('.') else { return false };
    is_usable(text)
        && country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_messages_may_end_with_an_equals_sign() {
        let text = "wamid.HBgLMTU1NTg3MzcwNDMVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=";
        let id: WhatsAppMessageId = serde_json::from_str(&format!("\"{text}\"")).unwrap();
        assert_eq!(id.as_str(), text);
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<FlowId>("5").unwrap().as_str(), "5");
        for bad in ["\"\"", "null", "\"a b\"", "\"\u{e4}\"", "-1", "1.5", "{}"] {
            assert!(serde_json::from_str::<WhatsAppMessageId>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_phone_number_is_no_user_id() {
        for good in ["US.13491208655302741918", "DE.ENT.9f3", "in.1"] {
            assert_eq!(good.parse::<BusinessScopedUserId>().unwrap().to_string(), good);
        }
        for bad in ["16505551234", "+1 650", "US.", "USA.1", "U1.5", ".5", ""] {
            assert_eq!(BusinessScopedUserId::new(bad), Err(InvalidId), "{bad}");
        }
    }
}
