//! When to try again after a failure.

use std::time::Duration;

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{Renewal, Rotation};

use super::{DAY, HOUR, Life, MINUTE, part};
use crate::{ConnectionState, FailureClass};

/// The first wait of the back-off, doubled with each failure...
const BASE: Duration = Duration::from_secs(5);
/// ...up to this.
const MAX_WAIT: Duration = MINUTE.saturating_mul(15);
/// No failure is answered faster than this.
const MIN_WAIT: Duration = Duration::from_secs(1);
/// A longer wait than this is not believed.
const MAX_HINT: Duration = HOUR;
/// Unknown refusals are this far apart, and a fifth more: three of them take an hour.
const REFUSED_WAIT: Duration = MINUTE.saturating_mul(30);

/// A failed attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setback {
    /// What it means.
    pub(crate) class: FailureClass,
    /// How long the provider asks to wait.
    pub(crate) retry_after: Option<Duration>,
    /// A random number: processes that failed together must not try again together.
    pub(crate) random: u32,
}

impl Setback {
    fn asked_for(&self) -> Duration {
        self.retry_after.unwrap_or_default().min(MAX_HINT)
    }
}

impl Life {
    /// When to try again to get a token; `None` if there is nothing to try. `self` is how it was stored before
    /// the failure.
    pub(crate) fn retry_at(&self, setback: &Setback, now: Timestamp) -> Option<Timestamp> {
        let strikes = self.strikes.after_failure(setback.class, now);
        let wait = match setback.class {
            FailureClass::Terminal(_) => return None,
            FailureClass::Ambiguous if self.spends() => {
                let soon = now.saturating_add(self.backoff(setback.random));
                let in_time = self.may_send_in_doubt_since(self.doubt_since().unwrap_or(now), soon);
                return Some(if in_time { soon } else { self.after_doubt(now) });
            }
            FailureClass::Refused if strikes.is_refused_for_good() => DAY,
            FailureClass::Refused => REFUSED_WAIT + part(REFUSED_WAIT / 5, setback.random),
            // The defect may be mended tomorrow; until then every try ends the same way.
            FailureClass::Defect if strikes.is_stopped() => DAY,
            // The app's own gate decides who asks next; the others are not kept from noticing that it opened.
            FailureClass::AppConfig => MAX_WAIT / 2 + part(MAX_WAIT / 2, setback.random),
            FailureClass::Throttled
            | FailureClass::NotSent
            | FailureClass::Transient
            | FailureClass::Ambiguous
            | FailureClass::Defect => self.backoff(setback.random),
        };
        let due = now.saturating_add(wait).min(self.last_moment(now));
        // What the provider asks for stands above the wish to be in time: it would refuse again.
        let due = due.max(now.saturating_add(setback.asked_for()));
        // What failed for another reason while a refresh token is in doubt does not end the doubt.
        let waits = self.doubt_since().is_some_and(|since| !self.may_send_in_doubt_since(since, due));
        Some(if waits { self.after_doubt(now) } else { due })
    }

    /// Anything between a second and 5 s × 2^n, at most 15 minutes, where n failures went before.
    fn backoff(&self, random: u32) -> Duration {
        let doubled = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX);
        part(BASE.saturating_mul(doubled).min(MAX_WAIT), random).max(MIN_WAIT)
    }

    /// The latest time of a try that leaves something of the margin for another one.
    fn last_moment(&self, now: Timestamp) -> Timestamp {
        let Some((hard, end)) = self.hard_end().zip(self.clocks.token.at()) else {
            return Timestamp::from_unix_millis(i64::MAX);
        };
        let in_time = hard.saturating_sub(Self::margin(self.until(end)) / 10);
        let later = Timestamp::from_unix_millis(i64::MAX);
        [in_time, hard].into_iter().find(|moment| *moment > now).unwrap_or(later)
    }

    /// When to try again with a refresh token that may be spent: when the access token has ended. If it is
    /// spent, a strict provider would revoke the access token too (RFC 9700 section 4.14).
    pub(super) fn after_doubt(&self, now: Timestamp) -> Timestamp {
        self.hard_end().map_or_else(|| now.saturating_add(DAY), |hard| hard.max(now))
    }

    /// Whether the refresh token may be sent although it may be spent: the provider takes it twice for a while,
    /// or there is nothing left to lose.
    pub(crate) fn may_send_in_doubt(&self, now: Timestamp) -> bool {
        self.doubt_since().is_none_or(|since| self.may_send_in_doubt_since(since, now))
    }

    fn may_send_in_doubt_since(&self, since: Timestamp, now: Timestamp) -> bool {
        match self.renewal {
            Renewal::RefreshToken(Rotation::Grace(grace)) => {
                is_within(grace, since, now) || self.is_ended(now)
            }
            Renewal::RefreshToken(Rotation::Strict) => self.is_ended(now),
            _ => true,
        }
    }

    fn doubt_since(&self) -> Option<Timestamp> {
        (self.state == ConnectionState::RefreshUnknown).then_some(self.state_since)
    }

    fn spends(&self) -> bool {
        matches!(self.renewal, Renewal::RefreshToken(Rotation::Grace(_) | Rotation::Strict))
    }
}

/// A clock that stepped back says nothing about how long ago it was.
fn is_within(grace: Duration, since: Timestamp, now: Timestamp) -> bool {
    since <= now && now.saturating_duration_since(since) < grace
}

/// How to go on with the attempt of a process that died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takeover {
    /// As if it had never been.
    GoOn,
    /// The refresh token may be spent: [`StateEvent::TakenOver`](crate::state::StateEvent::TakenOver).
    InDoubt,
}

/// How to go on with the attempt of a process that died. `sent`: it may have sent the request; `since`: when it
/// began, which is before the refresh token can have been used.
pub(crate) fn takeover(renewal: Renewal, sent: bool, since: Timestamp, now: Timestamp) -> Takeover {
    match renewal {
        Renewal::RefreshToken(Rotation::Strict) if sent => Takeover::InDoubt,
        Renewal::RefreshToken(Rotation::Grace(grace)) if sent && !is_within(grace, since, now) => {
            Takeover::InDoubt
        }
        _ => Takeover::GoOn,
    }
}
