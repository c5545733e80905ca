//! How often an upload may fail before it is given up.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sociogram_api_core::ErrorKind;

use crate::error::Error;
use crate::error_class::ErrorClass;

/// So many failures in a row, with not one more byte received, are the end.
const MOST: u32 = 5;
/// The wait after the first failure (Graph API: Resumable Video Uploads); it grows with every further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The host for bytes calls a wrong place and a broken body by these names.
const POSITION_ERRORS: [&str; 2] = ["OffsetInvalidError", "PartialRequestError"];

/// Failures in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Failures(u32);

impl Failures {
    /// How long to wait before it is tried again, or the error if that is no use.
    pub(super) fn wait_after(&mut self, error: Error) -> Result<Duration, Error> {
        self.0 = self.0.saturating_add(1);
        if self.0 > MOST || !may_pass(&error) {
            return Err(error);
        }
        Ok(FIRST_WAIT.saturating_mul(self.0).max(error.retry_after().unwrap_or_default()))
    }

    /// Something arrived.
    pub(super) fn forget(&mut self) {
        self.0 = 0;
    }
}

/// Whether the rest may still arrive once Meta was asked how far it came.
fn may_pass(error: &Error) -> bool {
    let position =
        error.api().and_then(|api| api.error_type()).is_some_and(|kind| POSITION_ERRORS.contains(&kind));
    match error.kind() {
        ErrorKind::Connect
        | ErrorKind::InDoubt
        | ErrorKind::Throttled
        | ErrorKind::Server
        | ErrorKind::Decode
        | ErrorKind::CircuitOpen
        | ErrorKind::Unavailable => true,
        _ => position || error.class() == Some(ErrorClass::UploadOffset),
    }
}
