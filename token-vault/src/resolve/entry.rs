//! What is kept in memory of a connection in use.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::Timestamp;

use super::{Efforts, ResolveOptions, Resolved, Seen, Step};
use crate::{Generation, Revision, VaultError, cache::Cached};

/// A token in clear is not kept for longer than this without being opened again: the key of its tenant may have been
/// destroyed.
const MAX_OPEN: Duration = Duration::from_secs(300);
/// How long a store that does not answer is left alone, per connection.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// For how long what was read may be used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Without looking again.
    pub(crate) max_staleness: Duration,
    /// Beyond that, while the store does not answer.
    pub(crate) outage_grace: Duration,
}

/// A connection as it was read, with the answer that holds for a while.
#[derive(Debug)]
pub(crate) struct Entry {
    answer: Option<Answer>,
    /// Apart from what every caller looks at.
    basis: Box<Basis>,
}

/// What every caller gets from `from` until `until`, if the token is good for as long as the caller needs it.
#[derive(Debug)]
struct Answer {
    from: Timestamp,
    until: Timestamp,
    hard_end: Timestamp,
    what: Result<Resolved, VaultError>,
}

/// What an answer is made from.
#[derive(Debug)]
struct Basis {
    seen: Arc<Seen>,
    limits: Limits,
    /// When it was read and opened.
    opened_at: Timestamp,
    /// When it was last known to be what is stored.
    validated_at: Timestamp,
    /// No renewal is started behind the callers' backs before.
    quiet_until: Timestamp,
}

impl Entry {
    /// Of what was read at `read_at` or later.
    pub(crate) fn new(seen: Arc<Seen>, limits: Limits, read_at: Timestamp, now: Timestamp) -> Self {
        let quiet_until = Timestamp::from_unix_millis(i64::MIN);
        let basis = Basis { seen, limits, opened_at: read_at, validated_at: read_at, quiet_until };
        Self { answer: basis.answer_at(now), basis: Box::new(basis) }
    }

    /// What a caller gets, if that takes nothing but handing it out.
    #[inline]
    pub(crate) fn hit(&self, min_validity: Duration, now: Timestamp) -> Option<Result<Resolved, VaultError>> {
        let answer = self.answer.as_ref()?;
        let holds = answer.from <= now && now < answer.until;
        // Its end is never before `until`.
        let suffices = min_validity.is_zero() || now.saturating_add(min_validity) < answer.hard_end;
        (holds && suffices).then(|| answer.what.clone())
    }

    /// What was read, if it need not be read again.
    pub(crate) fn fresh(&self, now: Timestamp) -> Option<Arc<Seen>> {
        // A clock that stepped back makes an entry of unknown age, not a young one.
        let fresh = self.basis.validated_at <= now && now < self.basis.fresh_until();
        fresh.then(|| Arc::clone(&self.basis.seen))
    }

    pub(crate) fn generation(&self) -> Generation {
        self.basis.seen.generation()
    }

    pub(crate) fn revision(&self) -> Revision {
        self.basis.seen.revision()
    }

    /// What to hand out while the store does not answer, if it is not too old for that. For a moment, others get it
    /// without asking the store.
    pub(crate) fn serve_stale(&mut self, min_validity: Duration, now: Timestamp) -> Option<Resolved> {
        let Basis { seen, limits, validated_at, .. } = &*self.basis;
        let until = self.basis.fresh_until().saturating_add(limits.outage_grace);
        // Who wants every token to be looked up wants no exception.
        if limits.max_staleness.is_zero() || now < *validated_at || until <= now {
            return None;
        }
        let resolved = seen.serve_stale(min_validity, now)?;
        if let Some(others) = seen.serve_stale(Duration::ZERO, now) {
            let until = until.min(now.saturating_add(STORE_PAUSE));
            self.answer = Some(self.basis.bounded(now, until, Ok(others)));
        }
        Some(resolved)
    }

    /// Somebody has seen to the renewal that is due: until then the others need not.
    pub(crate) fn keep_quiet(&mut self, until: Timestamp, now: Timestamp) {
        self.basis.quiet_until = until;
        self.answer = self.basis.answer_at(now);
    }

    /// The store was asked at this time and had what was read. `false` if it must be opened again all the same.
    pub(crate) fn revalidate(&mut self, asked_at: Timestamp, now: Timestamp) -> bool {
        let opened_at = self.basis.opened_at;
        if now < opened_at || opened_at.saturating_add(MAX_OPEN) <= now {
            return false;
        }
        self.basis.validated_at = self.basis.validated_at.max(asked_at);
        self.answer = self.basis.answer_at(now);
        true
    }
}

impl Basis {
    fn fresh_until(&self) -> Timestamp {
        let open_until = self.opened_at.saturating_add(MAX_OPEN);
        self.validated_at.saturating_add(self.limits.max_staleness).min(open_until)
    }

    fn answer_at(&self, now: Timestamp) -> Option<Answer> {
        if now < self.validated_at {
            return None;
        }
        let until = self.fresh_until();
        match self.seen.step(&ResolveOptions::new(), &Efforts::None, now) {
            Step::Serve { resolved, renew: false } => Some(self.bounded(now, until, Ok(resolved))),
            Step::Serve { resolved, renew: true } => {
                Some(self.bounded(now, until.min(self.quiet_until), Ok(resolved)))
            }
            // How long to wait changes by the second.
            Step::Refuse(error) if error.retry_after().is_none() => {
                Some(self.bounded(now, until, Err(error)))
            }
            Step::Refuse(_) | Step::Renew => None,
        }
    }

    fn bounded(&self, now: Timestamp, until: Timestamp, what: Result<Resolved, VaultError>) -> Answer {
        let until = self.seen.changes_at(now).map_or(until, |change| change.min(until));
        let hard_end = match what {
            Ok(_) => self.seen.hard_end(),
            Err(_) => Timestamp::from_unix_millis(i64::MAX),
        };
        Answer { from: now, until, hard_end, what }
    }
}

impl Cached for Entry {
    fn renew_with(&mut self, read: Self) {
        let (old, new) = (&self.basis, &read.basis);
        // An older one is believed once this one would have to be looked up: the database may have been restored.
        if new.seen.is_older_than(&old.seen) && new.opened_at < old.fresh_until() {
            return;
        }
        *self = read;
    }
}
