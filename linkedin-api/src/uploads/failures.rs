//! How often an upload may fail before it is given up.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sociogram_api_core::ErrorKind;

use crate::error::Error;

/// So many failures in a row, with nothing sent between them, are the end.
const MOST: u32 = 5;
/// So often an upload begins anew because its addresses do not work.
const MOST_RESTARTS: u32 = 3;
/// The wait after the first failure; it grows with every further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// Who has to wait for longer is told so.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// What went wrong so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failures {
    in_row: u32,
    restarts: u32,
}

impl Failures {
    /// How long to wait before it is tried again, or the error if that is no use.
    pub(super) fn wait_after(&mut self, error: Error) -> Result<Duration, Error> {
        self.in_row = self.in_row.saturating_add(1);
        let wait = FIRST_WAIT.saturating_mul(self.in_row).max(error.retry_after().unwrap_or_default());
        if self.in_row > MOST || !may_pass(error.kind()) || wait > LONGEST_WAIT {
            // Who goes on all the same has all attempts again.
            self.in_row = 0;
            return Err(error);
        }
        Ok(wait)
    }

    /// Counts a new beginning; the error when there were too many.
    pub(super) fn restart(&mut self, error: Error) -> Result<(), Error> {
        self.in_row = 0;
        self.restarts = self.restarts.saturating_add(1);
        if self.restarts <= MOST_RESTARTS {
            return Ok(());
        }
        self.restarts = 0;
        Err(error)
    }

    /// Something arrived.
    pub(super) fn forget(&mut self) {
        self.in_row = 0;
    }
}

const fn may_pass(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Connect
            | ErrorKind::InDoubt
            | ErrorKind::Throttled
            | ErrorKind::Server
            | ErrorKind::CircuitOpen
            | ErrorKind::Unavailable
    )
}

/// Whether the address of an upload does not work any more, so that only a new one helps. LinkedIn's hosts answer 401
/// or name `EXPIRED_UPLOAD_URL`; stores of files answer 403 or 410.
pub(super) fn has_expired(error: &Error) -> bool {
    let says =
        |error: &Error| error.api().is_some_and(|api| api.codes().any(|code| code == "EXPIRED_UPLOAD_URL"));
    matches!(error.status(), Some(401 | 403 | 410)) || says(error)
}
