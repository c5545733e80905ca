//! Why an upload stopped.

use std::fmt;

use sociogram_api_core::ErrorKind;

use crate::error::Error;
use crate::urn::Urn;

/// Why an upload stopped.
#[non_exhaustive]
#[derive(Debug)]
pub enum UploadError {
    /// A call failed, or a check before it. The state stays usable.
    Call(Error),
    /// LinkedIn could not process the file: upload another one.
    Failed {
        /// What was uploaded.
        asset: Urn,
        /// Why, in LinkedIn's own words, if it says.
        reason: Option<String>,
    },
    /// The file arrived and is still not `AVAILABLE`. The next step goes on waiting.
    Late(Urn),
}

impl UploadError {
    /// What kind of trouble it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Call(error) => error.kind(),
            Self::Failed { .. } => ErrorKind::Rejected,
            Self::Late(_) => ErrorKind::Server,
        }
    }
}

impl From<Error> for UploadError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl fmt::Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Failed { asset, .. } => {
                write!(f, "linkedin.upload: LinkedIn could not process {asset}: upload another file")
            }
            Self::Late(asset) => write!(f, "linkedin.upload: {asset} is not ready yet: continue later"),
        }
    }
}

impl std::error::Error for UploadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => error.source(),
            _ => None,
        }
    }
}
