//! The one call of a flow that must not be made twice.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::error_class::ErrorClass;

/// How often the call is made before somebody has to look.
const SENDS: u32 = 3;
/// How often Meta is asked for what the call made, before it is made again.
const LOOKS: u32 = 2;
/// The pause before asking, and between two questions: what was made shows a little later.
const DOUBT: Duration = Duration::from_secs(30);

/// Whether this very process noted the call and has not made it yet. It is neither stored nor copied: whoever goes on
/// from a saved state asks first, because the call may have been made since.
#[derive(Debug, Default)]
struct JustNoted(bool);

impl Clone for JustNoted {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// What is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It was noted; save that.
    Noted,
    /// Make the call.
    Send,
    /// Ask what became of it. The number says how often that was done.
    Ask(u32),
}

/// Where the call stands: noted and saved, then made, then asked about if its outcome is not known.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Attempt {
    noted: bool,
    sends: u32,
    looks: u32,
    #[serde(skip)]
    just_noted: JustNoted,
}

impl Attempt {
    pub(super) fn turn(&mut self) -> Turn {
        if !self.noted {
            self.noted = true;
            self.just_noted.0 = true;
            Turn::Noted
        } else if std::mem::take(&mut self.just_noted.0) {
            Turn::Send
        } else {
            Turn::Ask(self.looks)
        }
    }

    /// The call failed: a refusal is final, an unknown outcome is asked about after the pause.
    pub(super) fn failed(&mut self, error: Error) -> Result<Duration, Error> {
        self.looks = 0;
        // After a lost answer, "that was posted before" says that the lost call did it.
        let was_us = self.sends > 0 && error.class() == Some(ErrorClass::Duplicate);
        if !error.may_have_been_applied() && !was_us {
            self.noted = false;
            return Err(error);
        }
        self.sends += 1;
        if self.sends < SENDS { Ok(DOUBT) } else { Err(error) }
    }

    /// Nothing of it was found. Without a pause the call can be made again.
    pub(super) fn not_found(&mut self) -> Option<Duration> {
        self.looks += 1;
        if self.looks < LOOKS {
            return Some(DOUBT);
        }
        self.looks = 0;
        self.just_noted.0 = true;
        None
    }
}
