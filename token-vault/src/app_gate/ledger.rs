//! What is known of an app. Pure: every time is passed in.

use std::{collections::HashMap, time::Duration};

use sociogram_oauth_core::ConnectionId;

use super::Outcome;

const MINUTE: Duration = Duration::from_secs(60);
/// This many different connections make a trouble the app's.
const CONNECTIONS: usize = 3;
/// Within this time they suspend it...
const FAULT_WINDOW: Duration = MINUTE.saturating_mul(5);
/// ...and within this time they hold it back.
const THROTTLE_WINDOW: Duration = MINUTE;
/// The wait before the first probe of a suspended app, doubled by each one that fails...
const FIRST_PROBE: Duration = MINUTE;
/// ...up to this.
const MAX_PROBE: Duration = MINUTE.saturating_mul(15);
/// While a probe is under way: it takes about as long as a call.
const PROBE_TAKES: Duration = Duration::from_secs(10);
/// Where the provider throttles and does not say for how long.
const DEFAULT_HOLD: Duration = Duration::from_secs(30);
/// A longer wait than this is not believed.
const MAX_HOLD: Duration = Duration::from_secs(3600);
/// The calls of an unproven app at a time. Two of them may have been replaced by others when the third says that
/// the app is at fault: ten calls at most, however many connections there are.
const UNPROVEN_CALLS: usize = 7;
/// For how long one accepted answer speaks for the app.
const PROOF: Duration = MINUTE;

#[derive(Debug, Default)]
pub(super) struct Ledger {
    in_flight: usize,
    entries: u64,
    /// When the last accepted answer came, if no fault came after it.
    accepted_at: Option<Duration>,
    /// Answers to earlier calls prove nothing: they began before the last fault.
    trusted_from: u64,
    /// The last fault of each connection since the last accepted answer.
    faults: HashMap<ConnectionId, Duration>,
    suspension: Option<Suspension>,
    throttles: HashMap<ConnectionId, Throttle>,
    held_until: Option<Duration>,
}

#[derive(Debug)]
struct Suspension {
    since: Duration,
    /// The wait after the next probe that fails.
    wait: Duration,
    next_probe: Duration,
    /// The number of the probe under way.
    probe: Option<u64>,
}

#[derive(Debug)]
struct Throttle {
    at: Duration,
    until: Duration,
}

/// Names a call under way.
#[derive(Debug)]
pub(super) struct Ticket {
    connection: ConnectionId,
    number: u64,
}

#[derive(Debug)]
pub(super) enum Admission {
    In(Ticket),
    /// Enough calls find out about the app.
    Full,
    Closed(Closed),
}

/// Why nobody is let in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Closed {
    Suspended { retry_after: Duration },
    HeldBack { retry_after: Duration },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Open,
    Suspended { since: Duration, next_probe: Duration },
    HeldBack { until: Duration },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    None,
    Suspended,
    Opened,
}

impl Ledger {
    pub(super) fn admit(&mut self, connection: ConnectionId, now: Duration) -> Admission {
        if let Some(closed) = self.closed(now) {
            return Admission::Closed(closed);
        }
        if let Some(suspension) = &mut self.suspension {
            suspension.probe = Some(self.entries);
        } else if self.in_flight >= UNPROVEN_CALLS && !self.is_proven(now) {
            return Admission::Full;
        }
        let number = self.entries;
        self.entries += 1;
        self.in_flight += 1;
        Admission::In(Ticket { connection, number })
    }

    /// Whether nobody is let in, however few calls are under way.
    pub(super) fn closed(&self, now: Duration) -> Option<Closed> {
        let probe = self.suspension.as_ref().map(|suspension| match suspension.probe {
            Some(_) => now.saturating_add(PROBE_TAKES),
            None => suspension.next_probe,
        });
        let until = probe.max(self.held_until).filter(|until| *until > now)?;
        let retry_after = until.saturating_sub(now);
        Some(match probe {
            Some(_) => Closed::Suspended { retry_after },
            None => Closed::HeldBack { retry_after },
        })
    }

    fn is_proven(&self, now: Duration) -> bool {
        self.accepted_at.is_some_and(|at| now.saturating_sub(at) < PROOF)
    }

    fn hold(&self, now: Duration) -> Option<Duration> {
        self.held_until.filter(|until| *until > now)
    }

    pub(super) fn settle(&mut self, ticket: &Ticket, outcome: Outcome, now: Duration) -> Change {
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(suspension) = self.suspended_for(ticket) {
            suspension.probe = None;
            if outcome == Outcome::AppConfig {
                suspension.wait = suspension.wait.saturating_mul(2).min(MAX_PROBE);
            }
            suspension.next_probe = now.saturating_add(suspension.wait);
        }
        match outcome {
            Outcome::Answered if ticket.number >= self.trusted_from => {
                self.accepted_at = Some(now);
                self.faults.clear();
                if self.suspension.take().is_some() { Change::Opened } else { Change::None }
            }
            Outcome::AppConfig => self.fault(ticket.connection, now),
            Outcome::Throttled(wait) => {
                self.throttled(ticket.connection, wait, now);
                Change::None
            }
            Outcome::Answered | Outcome::NoAnswer => Change::None,
        }
    }

    /// The call was not made, or nobody knows what became of it. `entered`: when it was let in.
    pub(super) fn abandon(&mut self, ticket: &Ticket, entered: Duration) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(suspension) = self.suspended_for(ticket) {
            suspension.probe = None;
            suspension.next_probe = entered.saturating_add(PROBE_TAKES);
        }
    }

    /// The suspension that this call is to find out about.
    fn suspended_for(&mut self, ticket: &Ticket) -> Option<&mut Suspension> {
        self.suspension.as_mut().filter(|suspension| suspension.probe == Some(ticket.number))
    }

    fn fault(&mut self, connection: ConnectionId, now: Duration) -> Change {
        self.accepted_at = None;
        if self.suspension.is_some() {
            return Change::None;
        }
        self.trusted_from = self.entries;
        self.faults.retain(|_, at| now.saturating_sub(*at) < FAULT_WINDOW);
        self.faults.insert(connection, now);
        if self.faults.len() < CONNECTIONS {
            return Change::None;
        }
        self.faults.clear();
        let next_probe = now.saturating_add(FIRST_PROBE);
        self.suspension = Some(Suspension { since: now, wait: FIRST_PROBE, next_probe, probe: None });
        Change::Suspended
    }

    fn throttled(&mut self, connection: ConnectionId, wait: Option<Duration>, now: Duration) {
        let until = now.saturating_add(wait.unwrap_or(DEFAULT_HOLD).min(MAX_HOLD));
        self.throttles.retain(|_, throttle| now.saturating_sub(throttle.at) < THROTTLE_WINDOW);
        let throttle = self.throttles.entry(connection).or_insert(Throttle { at: now, until });
        *throttle = Throttle { at: now, until: throttle.until.max(until) };
        if self.throttles.len() >= CONNECTIONS {
            let longest = self.throttles.values().map(|throttle| throttle.until).max();
            self.held_until = self.held_until.max(longest);
        }
    }

    pub(super) fn standing(&self, now: Duration) -> Standing {
        match (&self.suspension, self.hold(now)) {
            (Some(Suspension { since, next_probe, .. }), held) => {
                let next_probe = (*next_probe).max(held.unwrap_or_default());
                Standing::Suspended { since: *since, next_probe }
            }
            (None, Some(until)) => Standing::HeldBack { until },
            (None, None) => Standing::Open,
        }
    }

    pub(super) fn reset(&mut self) -> Change {
        let change = if self.suspension.is_some() { Change::Opened } else { Change::None };
        // Calls under way go on; what they bring was asked for before.
        *self = Self {
            in_flight: self.in_flight,
            entries: self.entries,
            trusted_from: self.entries,
            ..Self::default()
        };
        change
    }
}
