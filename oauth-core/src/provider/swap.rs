//! A token for another of the same account, in Meta's own way.

use super::endpoint::Endpoint;

/// A call that gives a token for a token (Facebook Login: Get Long-Lived Tokens; Instagram Platform and Threads
/// API: their token references).
#[derive(Clone, Debug)]
pub(crate) struct Swap {
    pub(crate) endpoint: Endpoint,
    /// The `grant_type`.
    pub(crate) grant: &'static str,
    /// The field that the token goes into.
    pub(crate) field: &'static str,
    pub(crate) shape: SwapShape,
}

/// Where its parameters go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SwapShape {
    /// A posted form with client id and secret.
    Form,
    /// The query of a GET, with the secret.
    QueryWithSecret,
    /// The query of a GET, with the token alone.
    Query,
}

impl Swap {
    pub(super) const fn new(
        endpoint: Endpoint,
        grant: &'static str,
        field: &'static str,
        shape: SwapShape,
    ) -> Self {
        Self { endpoint, grant, field, shape }
    }
}
