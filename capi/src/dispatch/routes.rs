//! Who sends the events of a route.

use std::{error::Error, fmt, sync::Arc};

use async_trait::async_trait;

use crate::{SendRequest, outbox::Route};

/// Finds who sends the events of a route: usually a client with the token of the route's connection.
#[async_trait]
pub trait Routes: fmt::Debug + Send + Sync {
    /// Who sends the events of this route. Asked once for each batch; keep clients rather than build them each time.
    ///
    /// # Errors
    ///
    /// [`RouteError`]: nothing was sent.
    async fn sender(&self, route: &Route) -> Result<Arc<dyn SendRequest>, RouteError>;
}

/// Why nobody can send the events of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RouteError {
    /// The connection does not exist yet, or is paused. The events wait.
    NoConnection,
    /// The token of the connection is no longer accepted: a person has to log in again. The events wait.
    Reauthorize,
    /// It cannot be told now, because a store or a key service does not answer. The events wait, not for long.
    Unavailable,
    /// The route is gone for good: the connection was ended, the tenant left. Its events are rejected.
    Gone {
        /// Why, in our words; no customer values.
        reason: String,
        /// What to do.
        advice: String,
    },
}

impl RouteError {
    /// Why, in a word.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::NoConnection => "no_connection",
            Self::Reauthorize => "reauthorize",
            Self::Unavailable => "unavailable",
            Self::Gone { .. } => "gone",
        }
    }
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoConnection => f.write_str("the route has no usable connection: connect the account"),
            Self::Reauthorize => {
                f.write_str("the token is not accepted: send the person through the login again")
            }
            Self::Unavailable => {
                f.write_str("the connection cannot be read: check the store of tokens or the key service")
            }
            Self::Gone { reason, advice } => write!(f, "{reason}: {advice}"),
        }
    }
}

impl Error for RouteError {}
