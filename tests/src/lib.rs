//! Integration tests, and what their processes agree on.

/// The provider of every connection in these tests.
pub const PROVIDER: &str = "example";
/// The app of every connection in these tests.
pub const APP: &str = "app";
/// How a process ends at its kill point, so that no other end is taken for it.
pub const DIED_AS_TOLD: i32 = 86;
