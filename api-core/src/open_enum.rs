//! Enums of the wire that survive values they do not know.

#[doc(hidden)]
pub use serde as __serde;

/// Declares an enum whose variants stand for fixed texts on the wire. Any other text becomes `Unknown` and is
/// written back unchanged, because providers add values without notice.
///
/// The enum gets `as_str`, `From<&str>`, `Display` and both directions of serde.
///
/// ```
/// sociogram_api_core::open_enum! {
///     /// Where a thing stands.
///     pub enum Status {
///         /// All is well.
///         Active = "active",
///     }
/// }
///
/// assert_eq!(Status::from("active"), Status::Active);
/// assert_eq!(Status::from("on_hold").to_string(), "on_hold");
/// ```
#[macro_export]
macro_rules! open_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[non_exhaustive]
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis enum $name {
            $($(#[$doc])* $variant,)+
            /// A value this version does not know, as it came.
            Unknown(Box<str>),
        }

        impl $name {
            /// The text on the wire.
            $vis fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(text) => text,
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    other => Self::Unknown(other.into()),
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::__serde::Serialize for $name {
            fn serialize<S: $crate::__serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as $crate::__serde::Deserialize<'de>>::deserialize(deserializer)?;
                Ok(Self::from(text.as_ref()))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    open_enum! {
        pub(crate) enum Light {
            Red = "RED",
            Green = "GREEN",
        }
    }

    fn read(text: &str) -> Light {
        let from: StrDeserializer<'_, Error> = text.into_deserializer();
        Light::deserialize(from).unwrap()
    }

    #[test]
    fn known_values_are_variants_and_case_counts() {
        assert_eq!(read("RED"), Light::Red);
        assert_eq!(read("green"), Light::Unknown("green".into()));
        assert_eq!(Light::Green.as_str(), "GREEN");
    }

    proptest! {
        #[test]
        fn every_value_round_trips(text in any::<String>()) {
            prop_assert_eq!(read(&text).to_string(), text);
        }
    }
}
