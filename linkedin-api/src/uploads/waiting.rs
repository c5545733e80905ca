//! Waiting until an uploaded file can be posted.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sociogram_api_core::ErrorKind;

use crate::assets::AssetStatus;
use crate::error::Error;

/// How an upload waits until the file is `AVAILABLE`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitPolicy {
    first: Duration,
    longest: Duration,
    total: Duration,
    grace: Duration,
}

impl WaitPolicy {
    /// Asks at once, then after 2 seconds, then after half as long again each time up to 30 seconds, for `total` in
    /// all. Waits 5 seconds for a file that the token may not read.
    pub const fn new(total: Duration) -> Self {
        Self {
            first: Duration::from_secs(2),
            longest: Duration::from_secs(30),
            total,
            grace: Duration::from_secs(5),
        }
    }

    /// For images and documents: a minute.
    pub const fn short() -> Self {
        Self::new(Duration::from_secs(60))
    }

    /// For videos: ten minutes.
    pub const fn long() -> Self {
        Self::new(Duration::from_secs(600))
    }

    /// Other pauses: the first, and the longest.
    pub const fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// How long to wait for a file that the token may not read (`w_member_social` alone).
    pub const fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }
}

/// How far the waiting is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Waiting {
    waited: Duration,
    pause: Option<Duration>,
    unreadable: bool,
}

/// What the status says.
pub(super) enum Judged {
    Over(Option<AssetStatus>),
    Pause(Duration),
    Late,
    Failed,
}

impl Waiting {
    /// Whether the grace for a file that cannot be read was waited for.
    pub(super) const fn is_unreadable(&self) -> bool {
        self.unreadable
    }

    pub(super) fn judge(
        &mut self,
        status: Result<Option<AssetStatus>, Error>,
        policy: &WaitPolicy,
    ) -> Result<Judged, Error> {
        match status {
            Ok(Some(AssetStatus::Available)) => Ok(Judged::Over(Some(AssetStatus::Available))),
            Ok(Some(AssetStatus::ProcessingFailed)) => Ok(Judged::Failed),
            Ok(_) => Ok(self.pause(policy)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(self.pause(policy)),
            // A token that may only write cannot ask.
            Err(error) if error.kind() == ErrorKind::Permission => {
                self.unreadable = true;
                Ok(Judged::Pause(policy.grace))
            }
            Err(error) => Err(error),
        }
    }

    fn pause(&mut self, policy: &WaitPolicy) -> Judged {
        if self.waited >= policy.total {
            *self = Self::default();
            return Judged::Late;
        }
        let pause = self.pause.map_or(policy.first, |pause| pause.saturating_mul(3) / 2);
        let pause = pause.min(policy.longest).min(policy.total.saturating_sub(self.waited));
        self.pause = Some(pause);
        self.waited = self.waited.saturating_add(pause);
        Judged::Pause(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(policy: &WaitPolicy) -> Vec<u64> {
        let mut waiting = Waiting::default();
        let mut pauses = Vec::new();
        while let Judged::Pause(pause) = waiting.judge(Ok(Some(AssetStatus::Processing)), policy).unwrap() {
            pauses.push(pause.as_micros().try_into().unwrap());
        }
        assert_eq!(waiting, Waiting::default());
        pauses
    }

    #[test]
    fn pauses_grow_up_to_a_limit_and_end_in_time() {
        assert_eq!(
            pauses(&WaitPolicy::short()),
            [2_000_000, 3_000_000, 4_500_000, 6_750_000, 10_125_000, 15_187_500, 18_437_500],
        );
        let long = pauses(&WaitPolicy::long());
        assert_eq!((long.iter().max(), long.iter().sum::<u64>()), (Some(&30_000_000), 600_000_000));
        let own =
            WaitPolicy::new(Duration::from_secs(3)).pauses(Duration::from_secs(1), Duration::from_secs(1));
        assert_eq!(pauses(&own), [1_000_000; 3]);
    }
}
