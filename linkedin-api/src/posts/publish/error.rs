//! Why publishing stopped.

use std::fmt;

use sociogram_api_core::{ErrorKind, Timestamp};

use crate::error::Error;
use crate::urn::{PostUrn, Urn};

/// Why publishing stopped.
#[non_exhaustive]
#[derive(Debug)]
pub enum PublishError {
    /// A call failed. When [`Error::may_have_been_applied`] says so, the next step finds out.
    Call(Error),
    /// LinkedIn could not process this file: upload another one.
    AssetFailed(Urn),
    /// This file is still not `AVAILABLE`: after a minute, or ten for a video. The next step goes on waiting.
    AssetLate(Urn),
    /// The create was sent at this time, and it could not be found out whether the post exists: it must not or can no
    /// longer be sent again, and it does not stand in the author's list, or that may not be read. A person should look.
    InDoubt {
        /// When the create was sent.
        since: Timestamp,
    },
    /// The create was refused as a duplicate of this post, which is older or was deleted.
    Duplicate(PostUrn),
}

impl PublishError {
    /// What kind of trouble it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Call(error) => error.kind(),
            Self::AssetFailed(_) => ErrorKind::Rejected,
            Self::AssetLate(_) => ErrorKind::Server,
            Self::InDoubt { .. } => ErrorKind::InDoubt,
            Self::Duplicate(_) => ErrorKind::Conflict,
        }
    }
}

impl From<Error> for PublishError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::AssetFailed(asset) => {
                write!(f, "linkedin.posts.create: LinkedIn could not process {asset}: upload another file")
            }
            Self::AssetLate(asset) => {
                write!(f, "linkedin.posts.create: {asset} is not ready yet: continue later")
            }
            Self::InDoubt { since } => write!(
                f,
                "linkedin.posts.create: the post was sent at {since} and may exist: look at the author's page before repeating"
            ),
            Self::Duplicate(existing) => write!(
                f,
                "linkedin.posts.create: refused as a duplicate of the older {existing}: change the text or wait"
            ),
        }
    }
}

impl std::error::Error for PublishError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => error.source(),
            _ => None,
        }
    }
}
