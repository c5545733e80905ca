//! The numbers that say whether something changed in between.

use serde::{Deserialize, Serialize};

macro_rules! counter {
    ($($(#[$meta:meta])* $name:ident { $(#[$zero_meta:meta])* $zero:ident })*) => {$(
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(u64);

        impl $name {
            $(#[$zero_meta])*
            pub const $zero: Self = Self(0);

            /// From the stored number.
            pub const fn new(number: u64) -> Self {
                Self(number)
            }

            /// The number.
            pub const fn get(self) -> u64 {
                self.0
            }

            /// The one after this.
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }
    )*};
}

counter! {
    /// Counts the token sets a connection has had. Every write of a new one names the one it replaces, and the
    /// secrets are sealed for theirs. Never starts again, not even after a disconnect.
    Generation {
        /// Before the first token set.
        NONE
    }

    /// Counts the changes of what a connection gives to its users: token set, state, end dates. What was read at
    /// one revision is current as long as the revision is.
    Revision {
        /// Of a connection that is not stored yet.
        NONE
    }

    /// Counts the claims of a connection. The holder of an older one has been taken over from.
    Fence {
        /// Before the first claim.
        NONE
    }

    /// Counts the changes of a connection's [`Details`](crate::Details); a writer must name the one it saw.
    Version {
        /// Of a connection that is not stored yet.
        NEW
    }
}
