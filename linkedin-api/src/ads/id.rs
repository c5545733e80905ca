//! Ids of what has a number in paths and a URN elsewhere.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};

use crate::restli::restli_words;
use crate::urn::{AdAccountUrn, CampaignGroupUrn, CampaignUrn, UrnError};

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident of $urn:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($urn);

        impl $name {
            /// From the number or the whole URN.
            ///
            /// # Errors
            /// When it is neither.
            pub fn parse(text: &str) -> Result<Self, UrnError> {
                let urn = if text.starts_with("urn:") { $urn::parse(text) } else { $urn::from_id(text) };
                urn.map(Self)
            }

            /// The number, as text.
            pub fn as_str(&self) -> &str {
                self.0.id()
            }

            /// The whole URN.
            pub const fn urn(&self) -> &$urn {
                &self.0
            }
        }

        impl From<$urn> for $name {
            fn from(urn: $urn) -> Self {
                Self(urn)
            }
        }

        impl From<&$urn> for $name {
            fn from(urn: &$urn) -> Self {
                Self(urn.clone())
            }
        }

        impl From<$name> for $urn {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = UrnError;

            fn from_str(text: &str) -> Result<Self, UrnError> {
                Self::parse(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        /// From a number, its text or the URN.
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match Wire::deserialize(deserializer)? {
                    Wire::Number(number) => Self::parse(&number.to_string()),
                    Wire::Text(text) => Self::parse(&text),
                }
                .map_err(D::Error::custom)
            }
        }

        restli_words!($name);
    )+};
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Wire {
    Number(u64),
    Text(String),
}

ids! {
    /// The number of an ad account (`512345678`), the id of an [`AdAccountUrn`].
    AdAccountId of AdAccountUrn;
    /// The number of a campaign group, the id of a [`CampaignGroupUrn`].
    CampaignGroupId of CampaignGroupUrn;
    /// The number of a campaign, the id of a [`CampaignUrn`].
    CampaignId of CampaignUrn;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_texts_and_urns_mean_the_same() {
        for json in ["512345678", "\"512345678\"", "\"urn:li:sponsoredAccount:512345678\""] {
            let id: AdAccountId = serde_json::from_str(json).unwrap();
            assert_eq!(id.as_str(), "512345678");
            assert_eq!(id.urn().as_str(), "urn:li:sponsoredAccount:512345678");
        }
        for json in ["-1", "1.5", "null", "\"\"", "\"urn:li:sponsoredCampaign:1\"", "\"a/b\""] {
            assert!(serde_json::from_str::<AdAccountId>(json).is_err(), "{json}");
        }
    }
}
