//! Enums of the wire that keep values they do not know.

/// Declares an enum of text values with an `Unknown` variant that round-trips.
macro_rules! open_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        ///
        /// Values of later versions of the platform are kept as `Unknown` and come out as they went in.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $vis enum $name {
            $($(#[$doc])* $variant,)+
            /// A value that this version does not know.
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

            /// Whether this version has a variant for the value.
            $vis fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    other => Self::Unknown(other.into()),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    open_enum! {
        /// Two values.
        enum Sample {
            /// One.
            One = "one",
            /// Two.
            TwoWords = "TWO_WORDS",
        }
    }

    #[test]
    fn every_value_comes_out_as_it_went_in() {
        for (text, known) in [("one", true), ("TWO_WORDS", true), ("One", false), ("", false)] {
            let value = Sample::from(text);
            assert_eq!((value.as_str(), value.to_string().as_str(), value.is_known()), (text, text, known));
        }
    }
}
