//! A connection as it was read, and what a caller gets of it.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{AccessToken, Renewal};

use super::{Efforts, ResolveOptions, Resolved, Warning, Warnings};
use crate::{
    Ending, Generation, Notified, Origin, Revision, StoredToken, Unusable, VaultError,
    schedule::{Life, Window},
    state::{Gate, Unwell, gate},
};

/// Where nobody knows when there will be a token again: while a renewal is under way.
const SOON: Duration = Duration::from_secs(1);

/// A connection as it was read. Never changes; what is stored next is another one.
#[derive(Debug)]
pub(crate) struct Seen {
    life: Life,
    revision: Revision,
    /// The token in clear, or why there is none.
    token: Result<Arc<AccessToken>, Unusable>,
    /// What holds for as long as this is what is stored.
    warnings: Warnings,
    /// When the last attempt failed, if one did since the last success.
    failed_at: Option<Timestamp>,
}

/// What to do for a caller.
#[derive(Debug)]
pub(crate) enum Step {
    /// Hand this out.
    Serve {
        resolved: Resolved,
        /// It is time for a renewal: start one that the caller does not wait for.
        renew: bool,
    },
    /// Tell this.
    Refuse(VaultError),
    /// Renew it while the caller waits.
    Renew,
}

/// Why a connection hands out no token whatever the time, if that is so.
pub(crate) fn refusal(stored: &StoredToken, require_oauth: bool) -> Option<Unusable> {
    match gate(stored.state) {
        Gate::Refuse(unusable) => Some(unusable),
        _ if require_oauth && stored.origin == Origin::Legacy => Some(Unusable::OAuthRequired),
        _ => None,
    }
}

impl Seen {
    pub(crate) fn new(life: Life, stored: &StoredToken, token: Result<AccessToken, Unusable>) -> Self {
        let since = stored.state_since;
        let state = match gate(stored.state) {
            Gate::ServeWithWarning(Unwell::RefreshFailing) => Some(Warning::RefreshFailing { since }),
            Gate::ServeWithWarning(Unwell::RefreshUnknown) => Some(Warning::RefreshInDoubt),
            Gate::Serve | Gate::Refuse(_) => None,
        };
        let refused = (stored.strikes.rejected > 0).then_some(Warning::Refused);
        let legacy = (stored.origin == Origin::Legacy).then_some(Warning::Legacy);
        Self {
            life,
            revision: stored.revision,
            token: token.map(Arc::new),
            warnings: [state, refused, legacy].into_iter().flatten().collect(),
            failed_at: stored.last_error.map(|error| error.at),
        }
    }

    pub(crate) const fn generation(&self) -> Generation {
        self.life.generation
    }

    pub(crate) const fn revision(&self) -> Revision {
        self.revision
    }

    /// Whether this was stored before the other one.
    pub(crate) fn is_older_than(&self, other: &Self) -> bool {
        (self.life.generation, self.revision) < (other.life.generation, other.revision)
    }

    /// From then on the token is not handed out; for ever if it has no end.
    pub(crate) fn hard_end(&self) -> Timestamp {
        self.life.hard_end().unwrap_or(Timestamp::from_unix_millis(i64::MAX))
    }

    /// What to do for a caller who has waited for these efforts.
    pub(crate) fn step(&self, options: &ResolveOptions, efforts: &Efforts, now: Timestamp) -> Step {
        let token = match &self.token {
            Ok(token) => token,
            Err(unusable) => return Step::Refuse(VaultError::unusable_because(*unusable)),
        };
        let force = options.force && efforts.are_none();
        let may_wait =
            efforts.may_go_on() && self.may_renew(now) && (force || !self.life.is_backing_off(now));
        let window = self.life.window(options.min_validity, now);
        let waits = match window {
            _ if force => may_wait,
            Window::Ended => may_wait,
            Window::Mandatory => {
                may_wait && efforts.are_none() && self.is_worth_it(options.min_validity, now)
            }
            Window::Fresh | Window::Advisory => false,
        };
        if waits {
            return Step::Renew;
        }
        if window == Window::Ended {
            return Step::Refuse(self.no_token(efforts, now));
        }
        let mut warnings = self.warnings_at(now);
        if window == Window::Mandatory {
            warnings = warnings.with(Warning::LessThanAsked);
        }
        let due = self.life.window(Duration::ZERO, now) == Window::Advisory;
        let renew = due && efforts.are_none() && self.may_renew(now);
        let resolved = Resolved {
            token: Arc::clone(token),
            kind: self.life.kind,
            expiry: self.life.clocks.token,
            warnings,
        };
        Step::Serve { resolved, renew }
    }

    /// What to hand out while the store does not answer: nothing is renewed then.
    pub(crate) fn serve_stale(&self, min_validity: Duration, now: Timestamp) -> Option<Resolved> {
        let options = ResolveOptions::new().with_min_validity(min_validity);
        match self.step(&options, &Efforts::TooSlow, now) {
            Step::Serve { mut resolved, .. } => {
                resolved.warnings = resolved.warnings.with(Warning::Stale);
                Some(resolved)
            }
            Step::Refuse(_) | Step::Renew => None,
        }
    }

    /// The earliest time after `now` at which a caller might get something else of this.
    pub(crate) fn changes_at(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = self.life.login_ends(now);
        let told = Notified::from_stages(ends.due(Notified::NONE, now).iter().map(|notice| notice.stage));
        let clocks = self.life.clocks;
        let times = [
            self.life.renew_at(),
            self.life.ripe_at(),
            self.life.due_at,
            self.life.hard_end(),
            clocks.refresh.at(),
            clocks.data_access.at(),
            ends.next_at(told, now),
        ];
        times.into_iter().flatten().filter(|at| *at > now).min()
    }

    pub(crate) fn warnings_at(&self, now: Timestamp) -> Warnings {
        let mut warnings = self.warnings;
        for notice in self.life.login_ends(now).due(Notified::NONE, now) {
            let at = notice.end;
            warnings = warnings.with(match notice.stage.ending() {
                Ending::Token => Warning::EndsSoon { at },
                Ending::Refresh => Warning::RefreshEndsSoon { at },
                Ending::DataAccess => Warning::DataAccessEndsSoon { at },
            });
        }
        // A throttle or a fault of the app leaves the state as it is. An extension was never promised.
        let failing = self.life.is_backing_off(now) && self.life.renewal != Renewal::MayExtend;
        match self.failed_at {
            Some(since) if failing && !self.warnings.tell_of_trouble() => {
                warnings.with(Warning::RefreshFailing { since })
            }
            _ => warnings,
        }
    }

    /// Whether a program may try to get a new token now.
    fn may_renew(&self, now: Timestamp) -> bool {
        self.life.can_renew(now) && self.life.may_send_in_doubt(now)
    }

    /// Whether a renewal can be expected to bring a token that is good for so long: one that lives as long as this
    /// one did.
    fn is_worth_it(&self, min_validity: Duration, now: Timestamp) -> bool {
        let whole_life = self.hard_end().saturating_duration_since(self.life.issued_at);
        let on_trial = self.life.renewal == Renewal::MayExtend;
        whole_life > min_validity && (!on_trial || self.life.renew_at().is_some_and(|at| at <= now))
    }

    /// Why there is none although the state allows it: the token has ended.
    fn no_token(&self, efforts: &Efforts, now: Timestamp) -> VaultError {
        if let Some(reason) = self.life.todo(Notified::NONE, now).lost {
            return VaultError::unusable_because(Unusable::NeedsReauth(reason));
        }
        if let Efforts::Failed(error) = efforts {
            // A fault says more than "not now".
            return match error.retry_after() {
                Some(wait) => VaultError::not_now_because(wait, error.clone()),
                None => error.clone(),
            };
        }
        let due = self.life.due_at.filter(|due| *due > now);
        VaultError::not_now(due.map_or(SOON, |due| due.saturating_duration_since(now)))
    }
}
