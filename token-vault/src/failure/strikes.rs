//! How often something happened that is let pass once.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;

use super::FailureClass;

/// An unknown refusal is believed after this many of them...
const REFUSALS: u32 = 3;
/// ...and this long after the first.
const REFUSED_FOR: Duration = Duration::from_secs(3600);
/// A refusal that clients report this soon after another one is the same: calls that ran side by side.
const SAME_REJECTION: Duration = Duration::from_secs(60);
/// A refusal that clients report this long after another one has nothing to do with it.
const OLD_REJECTION: Duration = Duration::from_secs(24 * 3600);
/// After this many defects the renewal is left alone for a while.
const DEFECTS: u32 = 3;

/// What happened to a token set since it was stored that is let pass a few times and not for ever. Stored with
/// the connection, so that all processes count together; starts again with every new token set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Strikes {
    /// How often a renewal was refused in a way that nobody can place.
    pub refused: u32,
    /// When that happened first.
    pub refused_since: Option<Timestamp>,
    /// When that happened last.
    pub refused_at: Option<Timestamp>,
    /// How often clients reported that the provider refused the token, and the provider would not say whether
    /// it is good.
    pub rejected: u32,
    /// When that happened last.
    pub rejected_at: Option<Timestamp>,
    /// How often the request of a renewal was made wrongly.
    pub defects: u32,
}

impl Strikes {
    /// None.
    pub const NONE: Self = Self {
        refused: 0,
        refused_since: None,
        refused_at: None,
        rejected: 0,
        rejected_at: None,
        defects: 0,
    };

    /// Whether there are none.
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// After a renewal failed. What says nothing about refusals, such as a timeout, does not end their count.
    pub(crate) fn after_failure(mut self, class: FailureClass, now: Timestamp) -> Self {
        match class {
            FailureClass::Refused => {
                self.refused = self.refused.saturating_add(1);
                // A clock that stepped back must not leave the first one in the future.
                self.refused_since = Some(self.refused_since.map_or(now, |since| since.min(now)));
                self.refused_at = Some(now);
            }
            FailureClass::Defect => self.defects = self.defects.saturating_add(1),
            _ => {}
        }
        self
    }

    /// After a client reported that the provider refused the token; `None` if that is the refusal that was
    /// counted a moment ago. Whoever gets `Some` asks the provider whether the token is good.
    pub(crate) fn after_rejection(mut self, now: Timestamp) -> Option<Self> {
        let age = self.rejected_at.filter(|at| *at <= now).map(|at| now.saturating_duration_since(at));
        match age {
            Some(age) if age < SAME_REJECTION => return None,
            Some(age) if age < OLD_REJECTION => self.rejected = self.rejected.saturating_add(1),
            _ => self.rejected = 1,
        }
        self.rejected_at = Some(now);
        Some(self)
    }

    /// After the provider said that the token is good: whatever clients ran into was not the token.
    pub(crate) fn after_proof(mut self) -> Self {
        self.rejected = 0;
        self
    }

    /// Whether refusals of renewals are no passing trouble any more.
    pub(crate) fn is_refused_for_good(&self) -> bool {
        let lasted = match (self.refused_since, self.refused_at) {
            (Some(since), Some(at)) => at.saturating_duration_since(since),
            _ => Duration::ZERO,
        };
        self.refused >= REFUSALS && lasted >= REFUSED_FOR
    }

    /// Whether what clients reported is no passing trouble any more.
    pub(crate) const fn is_rejected_for_good(&self) -> bool {
        self.rejected >= 2
    }

    /// Whether the renewal is not worth a quick new try: this side makes the same mistake every time.
    pub(crate) const fn is_stopped(&self) -> bool {
        self.defects >= DEFECTS
    }
}
