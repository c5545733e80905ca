//! What a search is for.

/// Declares the criteria of a search: lists of values, one of which must fit, all criteria together.
macro_rules! search {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $field:ident as $wire:literal: $ty:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[must_use = "criteria do nothing until they are searched for"]
        pub struct $name(::std::collections::BTreeMap<String, $crate::restli::RestliValue>);

        impl $name {
            /// No criteria.
            pub fn new() -> Self {
                Self::default()
            }

            $(
                $(#[$doc])*
                pub fn $field(mut self, values: impl IntoIterator<Item = impl Into<$ty>>) -> Self {
                    let values: Vec<$ty> = values.into_iter().map(Into::into).collect();
                    let values = $crate::restli::RestliValue::record([("values", &values)]);
                    self.0.insert($wire.to_owned(), values);
                    self
                }
            )+

            /// Only test accounts and what is in them, or only what is not.
            pub fn test(mut self, test: bool) -> Self {
                self.0.insert("test".to_owned(), test.into());
                self
            }
        }

        impl From<&$name> for $crate::restli::RestliValue {
            fn from(search: &$name) -> Self {
                Self::Record(search.0.clone())
            }
        }
    };
}

pub(super) use search;
