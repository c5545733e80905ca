//! What kind of trouble an error is: coarse on purpose, the same for every crate of the family.

use std::fmt;

use serde::Serialize;

/// The kind of an error. Match on it to decide what the program does next; read the error's own
/// accessors for detail.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The request could not be built or the provider refused its content. Nothing was done.
    Invalid,
    /// The app, client or environment is set up wrongly: secret, redirect URI, API version, key.
    Misconfigured,
    /// The server was never reached. Nothing was done.
    Connect,
    /// The request was sent and no usable answer came back: it may or may not have been done.
    InDoubt,
    /// The provider asks to slow down. Nothing was done.
    Throttled,
    /// The token is no longer accepted and could not be renewed.
    Reauthorize,
    /// The token is accepted but lacks a permission, a role or an approved feature.
    Permission,
    /// The object does not exist or is hidden from this token.
    NotFound,
    /// The provider holds something that clashes with the request, such as the same post.
    Conflict,
    /// The provider refused for a reason that repeating will not change.
    Rejected,
    /// The provider failed. For a read or a repeatable write nothing is lost.
    Server,
    /// The answer came but could not be read.
    Decode,
    /// Too many calls failed lately; this one was not sent.
    CircuitOpen,
    /// The call was given up by the caller or by a shutdown.
    Cancelled,
    /// Something the library depends on (a store, a key service) is not reachable.
    Unavailable,
    /// A defect in the library.
    Internal,
}

impl ErrorKind {
    /// The kind in `snake_case`, as used in metrics labels and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Misconfigured => "misconfigured",
            Self::Connect => "connect",
            Self::InDoubt => "in_doubt",
            Self::Throttled => "throttled",
            Self::Reauthorize => "reauthorize",
            Self::Permission => "permission",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Rejected => "rejected",
            Self::Server => "server",
            Self::Decode => "decode",
            Self::CircuitOpen => "circuit_open",
            Self::Cancelled => "cancelled",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// What happened, in a few plain words.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Invalid => "the request is not valid",
            Self::Misconfigured => "the app is not set up correctly",
            Self::Connect => "the server could not be reached",
            Self::InDoubt => "the outcome is unknown",
            Self::Throttled => "the provider asks to slow down",
            Self::Reauthorize => "the token is not accepted",
            Self::Permission => "a permission is missing",
            Self::NotFound => "not found",
            Self::Conflict => "the provider already holds something that clashes",
            Self::Rejected => "the provider refused",
            Self::Server => "the provider failed",
            Self::Decode => "the answer could not be read",
            Self::CircuitOpen => "not sent, because too many calls failed lately",
            Self::Cancelled => "the call was given up",
            Self::Unavailable => "a service the library needs is not reachable",
            Self::Internal => "a defect in the library",
        }
    }

    /// What a person should do next, in one sentence.
    pub const fn user_action(self) -> &'static str {
        match self {
            Self::Invalid => "correct the named fields and send it again",
            Self::Misconfigured => {
                "correct the app settings (id, secret, redirect URI, API version) and try again"
            }
            Self::Connect => "check the network; repeating is safe",
            Self::InDoubt => "look at the provider whether it was done before repeating it",
            Self::Throttled => "wait for the time given by `retry_after`, then try again",
            Self::Reauthorize => "send the person through the login again",
            Self::Permission => "ask the person for the missing permission, or have the app approved for it",
            Self::NotFound => "check the id and that this account may see it",
            Self::Conflict => "use what the provider already holds, or change the request",
            Self::Rejected => "read the provider's code and change the request",
            Self::Server => "try again later",
            Self::Decode => "report it: the provider's answer has a shape this version does not know",
            Self::CircuitOpen => "wait until the provider recovers; a probe is sent automatically",
            Self::Cancelled => "start the call again if it is still wanted",
            Self::Unavailable => "check the store or key service, then try again",
            Self::Internal => "report it with the operation name",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.summary())
    }
}
