//! Answers that name what was made.

use serde::Deserialize;

/// What was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Created<T> {
    /// Its id.
    pub id: T,
}
