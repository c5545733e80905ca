//! When a token set is looked at again, and what there is to do then. Pure: every time is passed in.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, Expiry, ReauthReason, Renewal, Rotation, TokenKind};

use crate::{
    ConnectionState, Generation, Notified, StoredToken, Strikes,
    notices::{Clocks, LoginEnds, Notice, has_moved},
};

mod retry;

pub(crate) use retry::{Setback, Takeover, takeover};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A token this close to its end counts as ended: it would end on the way, or by a clock that is not ours.
const SKEW: Duration = MINUTE;
/// A renewal begins a fifth of the life ahead, within these bounds.
const MIN_MARGIN: Duration = MINUTE.saturating_mul(5);
const MAX_MARGIN: Duration = DAY.saturating_mul(7);
/// Where the provider does not say how long a token lives, it is renewed after this long. Never is no answer.
const ASSUMED_LIFE: Duration = DAY;
/// The same for tokens that are renewed with themselves and live for 60 days wherever it is documented.
const ASSUMED_LIFE_OF_ITSELF: Duration = DAY.saturating_mul(60);
/// A token that may or may not be extended is tried for the first time before the first notice is due...
const FIRST_TRY: Duration = DAY.saturating_mul(15);
/// ...and again after this long.
const NEXT_TRY: Duration = DAY.saturating_mul(7);
/// Before a notice about the data access the provider is asked again: it moves when the person uses the app.
const DATA_ACCESS_LOOK: Duration = DAY.saturating_mul(15);

/// A blocked connection looks this often whether what it is derived from is back, should nobody tell it.
const PARENT_LOOK: Duration = HOUR;

/// What is known of a stored token set that decides when something has to be done about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    pub(crate) connection: ConnectionId,
    pub(crate) generation: Generation,
    pub(crate) kind: TokenKind,
    pub(crate) renewal: Renewal,
    pub(crate) state: ConnectionState,
    pub(crate) state_since: Timestamp,
    /// The stored time of the next look. Later than [`renew_at`](Life::renew_at) after a failure.
    pub(crate) due_at: Option<Timestamp>,
    /// How many attempts failed in a row.
    pub(crate) failures: u32,
    /// When it was asked for; its life counts from there.
    pub(crate) issued_at: Timestamp,
    /// When it was stored.
    pub(crate) stored_at: Timestamp,
    /// When it was last found good.
    pub(crate) checked_at: Timestamp,
    /// When the token set it is derived from was stored.
    pub(crate) parent_stored_at: Option<Timestamp>,
    pub(crate) clocks: Clocks,
    pub(crate) strikes: Strikes,
}

/// How much of a token's life is left for a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    /// Enough. Nothing to do.
    Fresh,
    /// Enough, and it is time for a renewal: hand it out and renew it behind the caller's back.
    Advisory,
    /// Less than the caller needs: renew it while the caller waits.
    Mandatory,
    /// None: it is not handed out any more.
    Ended,
}

/// What there is to do about a token set now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Todo {
    /// An end has passed that nothing can move: the grant is lost. Nothing else is to be done then.
    pub(crate) lost: Option<ReauthReason>,
    /// Get a new token; from a parent only if that one hands out its own.
    pub(crate) renew: bool,
    /// Ask the provider whether it is good, and when it ends. Do this before any notice is given: it may move
    /// the end.
    pub(crate) check: bool,
    /// Tell the person.
    pub(crate) notices: Vec<Notice>,
}

impl Life {
    /// Of a stored token set. `parent_stored_at`: when the token set it is derived from was stored, if that is
    /// known.
    pub(crate) fn of(
        connection: ConnectionId,
        stored: &StoredToken,
        renewal: Renewal,
        parent_stored_at: Option<Timestamp>,
    ) -> Self {
        Self {
            connection,
            generation: stored.generation,
            kind: stored.token.kind,
            renewal,
            state: stored.state,
            state_since: stored.state_since,
            due_at: stored.due_at,
            failures: stored.failures,
            issued_at: stored.token.issued_at.unwrap_or(stored.succeeded_at),
            stored_at: stored.succeeded_at,
            checked_at: stored.checked_at,
            parent_stored_at,
            clocks: Clocks::of(&stored.token),
            strikes: stored.strikes,
        }
    }

    /// How long before the end of a token with this life its renewal begins, at the earliest.
    fn margin(life: Duration) -> Duration {
        (life / 5).clamp(MIN_MARGIN, MAX_MARGIN)
    }

    fn until(&self, end: Timestamp) -> Duration {
        end.saturating_duration_since(self.issued_at)
    }

    /// From then on the token is not handed out any more; `None` if its end is not known or there is none.
    pub(crate) fn hard_end(&self) -> Option<Timestamp> {
        self.clocks.token.at().map(|end| end.saturating_sub(SKEW.min(self.until(end) / 2)))
    }

    /// Whether the token is not handed out any more.
    pub(crate) fn is_ended(&self, now: Timestamp) -> bool {
        self.hard_end().is_some_and(|hard| hard <= now)
    }

    /// When to begin with a renewal that must be done by `end`. Up to a quarter of the margin is taken off, by
    /// the connection and its generation: the same in every process, and connections of one hour spread.
    fn ahead_of(&self, end: Timestamp) -> Timestamp {
        let life = self.until(end);
        let margin = Self::margin(life);
        let due = end.saturating_sub(margin).saturating_add(self.share(b"renew", margin / 4));
        // Half of a short life passes first, or the renewal of the renewal would be due at once.
        let due = due.max(self.issued_at.saturating_add(life / 2));
        self.hard_end().map_or(due, |hard| due.min(hard))
    }

    /// A part of `whole` that belongs to this connection and generation.
    fn share(&self, purpose: &[u8], whole: Duration) -> Duration {
        let hash = Sha256::new()
            .chain_update(purpose)
            .chain_update(self.connection.as_bytes())
            .chain_update(self.generation.get().to_be_bytes())
            .finalize();
        let number = hash.iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        part(whole, number)
    }

    /// LinkedIn's tokens never outlive the refresh token, whose end is fixed ("Programmatic Refresh Tokens"):
    /// once both end together, a refresh changes nothing.
    fn has_last_refresh(&self) -> bool {
        self.kind == TokenKind::LinkedInMember
            && self.clocks.refresh.at().is_some()
            && !has_moved(self.clocks.token, self.clocks.refresh)
    }

    /// When it is time to get a new token; `None` if that is not for a program, or changes nothing.
    pub(crate) fn renew_at(&self) -> Option<Timestamp> {
        let end = self.clocks.token.at();
        let at = match self.renewal {
            Renewal::ExchangeNow => self.issued_at,
            Renewal::WhileValid { .. } => {
                let assumed = self.issued_at.saturating_add(ASSUMED_LIFE_OF_ITSELF);
                let ripe = self.ripe_at()?;
                // Too young for as long as it lives: an hour-long token of Instagram or Threads.
                if self.is_ended(ripe) {
                    return None;
                }
                self.ahead_of(end.unwrap_or(assumed)).max(ripe)
            }
            Renewal::MayExtend => return self.try_at(end?),
            Renewal::RefreshToken(_) => return self.refresh_at(),
            Renewal::FromParent => match self.parent_stored_at.filter(|at| *at > self.stored_at) {
                Some(parents) => parents,
                None => self.ahead_of(end?),
            },
            Renewal::FromApp => self.ahead_of(end?),
            // Renewals that this version does not know are not guessed at.
            _ => return None,
        };
        Some(at)
    }

    /// From when on the provider replaces the token, where it wants that to have lived for a while.
    pub(crate) fn ripe_at(&self) -> Option<Timestamp> {
        match self.renewal {
            Renewal::WhileValid { min_age } => Some(self.issued_at.saturating_add(min_age)),
            _ => None,
        }
    }

    /// Whether there is a step for a program that can bring a token now, due or not.
    pub(crate) fn can_renew(&self, now: Timestamp) -> bool {
        match self.renewal {
            Renewal::RefreshToken(_) => self.renew_at().is_some() && !self.clocks.refresh.is_past(now),
            Renewal::WhileValid { .. } => {
                self.ripe_at().is_some_and(|ripe| ripe <= now) && !self.is_ended(now)
            }
            Renewal::ExchangeNow | Renewal::MayExtend => !self.is_ended(now),
            Renewal::FromParent | Renewal::FromApp => true,
            _ => false,
        }
    }

    fn refresh_at(&self) -> Option<Timestamp> {
        if self.has_last_refresh() {
            return None;
        }
        let assumed = self.issued_at.saturating_add(ASSUMED_LIFE);
        let token = self.clocks.token.at().map_or(assumed, |end| self.ahead_of(end));
        // Another provider's refresh token may end first; used in time it may bring a new one. If it does not, its
        // last hour is not spent on ever shorter steps towards its end.
        let refresh = self.clocks.refresh.at().filter(|end| self.until(*end) >= HOUR);
        Some(refresh.map_or(token, |refresh| self.ahead_of(refresh).min(token)))
    }

    fn try_at(&self, end: Timestamp) -> Option<Timestamp> {
        let first = end.saturating_sub(FIRST_TRY.saturating_add(self.share(b"try", DAY)));
        let first = first.max(self.issued_at.saturating_add(self.until(end) / 2));
        // A try that changed nothing has still shown that the token is good.
        let at = if self.checked_at < first { first } else { self.checked_at.saturating_add(NEXT_TRY) };
        (!self.is_ended(at)).then_some(at)
    }

    /// Whether a program can get a token that lives on after this one, as far as is known now.
    fn is_renewable(&self, now: Timestamp) -> bool {
        if self.strikes.is_refused_for_good() || self.strikes.is_stopped() {
            return false;
        }
        match self.renewal {
            Renewal::RefreshToken(_) => !self.has_last_refresh() && !self.clocks.refresh.is_past(now),
            Renewal::WhileValid { .. } => self.renew_at().is_some() && !self.is_ended(now),
            Renewal::ExchangeNow => !self.is_ended(now),
            Renewal::FromParent | Renewal::FromApp => true,
            _ => false,
        }
    }

    /// When to ask the provider whether the token is good: once a day for one whose end nobody knows or that has
    /// none, and before it is said that the data access ends.
    pub(crate) fn check_at(&self) -> Option<Timestamp> {
        let endless = self.clocks.token.at().is_none()
            && !matches!(self.renewal, Renewal::ExchangeNow | Renewal::FromApp);
        let daily = endless.then(|| {
            let give_or_take = self.share(b"check", DAY / 5);
            self.checked_at.saturating_add(DAY).saturating_sub(DAY / 10).saturating_add(give_or_take)
        });
        let data_access = self.clocks.data_access.at().map(|end| {
            let tomorrow = self.checked_at.saturating_add(DAY);
            end.saturating_sub(DATA_ACCESS_LOOK).max(tomorrow).min(end)
        });
        earliest([daily, data_access])
    }

    /// Whether a failure is so fresh that the provider is not asked yet.
    pub(crate) fn is_backing_off(&self, now: Timestamp) -> bool {
        self.failures > 0 && self.due_at.is_some_and(|due| due > now)
    }

    fn is_renewal_due(&self, now: Timestamp) -> bool {
        match self.state {
            ConnectionState::Connected => self.renew_at().is_some_and(|at| at <= now),
            ConnectionState::RefreshFailing | ConnectionState::BlockedByParent => true,
            ConnectionState::RefreshUnknown => self.may_send_in_doubt(now),
            ConnectionState::NeedsReauth(_) | ConnectionState::Revoked | ConnectionState::Disconnected => {
                false
            }
        }
    }

    /// How much of its life is left for a caller that needs `min_validity`.
    pub(crate) fn window(&self, min_validity: Duration, now: Timestamp) -> Window {
        // The stored time moves ahead after a failure, and while a worker is at it.
        let is_open = self.due_at.is_none_or(|due| due <= now);
        match self.hard_end() {
            Some(hard) if hard <= now => Window::Ended,
            Some(hard) if hard <= now.saturating_add(min_validity) => Window::Mandatory,
            _ if is_open && self.is_renewal_due(now) => Window::Advisory,
            _ => Window::Fresh,
        }
    }

    /// The end that has passed and that nothing can move.
    fn lost(&self, now: Timestamp) -> Option<ReauthReason> {
        // What was heard long before that end may be out of date: the provider is asked first.
        let is_recent = |end| self.checked_at.saturating_add(DAY) >= end;
        if self.clocks.data_access.is_past(now) && self.clocks.data_access.at().is_some_and(is_recent) {
            return Some(ReauthReason::DataAccessExpired);
        }
        // A renewal that is given up gets a last try when the token has ended; its failure says the rest.
        let out_of_means = !Self { strikes: Strikes::NONE, ..*self }.is_renewable(now);
        (self.is_ended(now) && out_of_means).then_some(ReauthReason::GrantExpired)
    }

    /// The ends that only a login can move.
    pub(crate) fn login_ends(&self, now: Timestamp) -> LoginEnds {
        let end = self.clocks.token.at();
        LoginEnds {
            token: end.filter(|_| !self.is_renewable(now)),
            token_life: end.map(|end| self.until(end)),
            // A refresh token that is replaced at each use has no end a person must care about.
            refresh: match self.renewal {
                Renewal::RefreshToken(Rotation::None) => self.clocks.refresh.at(),
                _ => None,
            },
            data_access: self.clocks.data_access.at(),
        }
    }

    /// What there is to do now, for whoever was told that it is due.
    pub(crate) fn todo(&self, notified: Notified, now: Timestamp) -> Todo {
        let lost = self.lost(now).filter(|_| self.state.serves());
        let serves = self.state.serves() && lost.is_none();
        let notices = if serves { self.login_ends(now).due(notified, now) } else { Vec::new() };
        Todo {
            lost,
            renew: lost.is_none() && self.is_renewal_due(now),
            check: serves && self.check_at().is_some_and(|at| at <= now),
            notices,
        }
    }

    /// When to look at it again after a success, or after something was learnt that is no failure. `self` is how
    /// it will be stored.
    pub(crate) fn due_at(&self, notified: Notified, now: Timestamp) -> Option<Timestamp> {
        let attempt = match self.state {
            ConnectionState::Connected => self.renew_at(),
            ConnectionState::RefreshUnknown if self.may_send_in_doubt(now) => Some(now),
            ConnectionState::RefreshUnknown => Some(self.after_doubt(now)),
            _ => self.due_at.map(|due| due.max(now)),
        };
        self.due_with(attempt, notified, now)
    }

    /// When to look at it again if the next attempt to get a token is to be made at `attempt`
    /// ([`retry_at`](Self::retry_at)). `self` is how it will be stored.
    pub(crate) fn due_with(
        &self,
        attempt: Option<Timestamp>,
        notified: Notified,
        now: Timestamp,
    ) -> Option<Timestamp> {
        if self.state == ConnectionState::BlockedByParent {
            let look = now.saturating_add(PARENT_LOOK + self.share(b"parent", PARENT_LOOK / 4));
            return earliest([attempt, Some(look)]);
        }
        if !self.state.serves() {
            return None;
        }
        let notice = self.login_ends(now).next_at(notified, now);
        let end = self.hard_end().filter(|hard| *hard > now);
        earliest([attempt, self.check_at(), notice, end, self.clocks.data_access.at()])
    }
}

/// What to store of the ends that a renewal brought. LinkedIn's refresh token never lives longer than at the
/// login, whatever an answer says, and no access token lives longer than it.
pub(crate) fn settled(kind: TokenKind, before: &Clocks, after: Clocks) -> Clocks {
    if kind != TokenKind::LinkedInMember {
        return after;
    }
    let refresh = sooner(before.refresh, after.refresh);
    Clocks { token: sooner(after.token, refresh), refresh, ..after }
}

fn sooner(a: Expiry, b: Expiry) -> Expiry {
    match (a.at(), b.at()) {
        (Some(a), Some(b)) => Expiry::At(a.min(b)),
        (Some(end), None) | (None, Some(end)) => Expiry::At(end),
        (None, None) => a,
    }
}

/// Whether an exchange of a token that may be extended has extended it. If not, the old one is kept.
pub(crate) fn is_extended(before: Expiry, after: Expiry) -> bool {
    has_moved(before, after)
}

fn earliest<const N: usize>(times: [Option<Timestamp>; N]) -> Option<Timestamp> {
    times.into_iter().flatten().min()
}

/// `number` of 2^32 parts of `whole`.
fn part(whole: Duration, number: u32) -> Duration {
    let millis = (whole.as_millis() * u128::from(number)) >> 32;
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
