//! Writing down what a failed attempt means.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ProviderId, ReauthReason, RefreshError, Renewal, Rotation};

use crate::{
    AuditAction, AuditActor, AuditEntry, Committed, ConnectionState, EventKind, Failure, FailureClass, Fence,
    Generation, NextLook, Notes, StoredToken, VaultError,
    decision::tell,
    meter::{self, RefreshOutcome},
    random,
    schedule::{Life, Setback},
    state::{Effects, StateEvent},
    vault::{ATTEMPTS, ConnectionKey, Inner, contended},
    within::within,
};

/// The wait after a failure that could not be stored, doubled each time.
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// Why there is no new token set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) class: FailureClass,
    /// How long the provider asks to wait.
    pub(super) retry_after: Option<Duration>,
    /// When the call was made.
    sent_at: Timestamp,
    /// How long it took.
    took: Option<Duration>,
}

impl Fault {
    pub(super) const fn new(class: FailureClass, sent_at: Timestamp) -> Self {
        Self { class, retry_after: None, sent_at, took: None }
    }

    pub(super) fn of(error: &RefreshError, sent_at: Timestamp) -> Self {
        Self { class: error.into(), retry_after: error.retry_after(), sent_at, took: None }
    }

    pub(super) fn after(mut self, took: Duration) -> Self {
        self.took = Some(took);
        self
    }

    /// Says that an attempt failed. `chain_lost`: it shows that a refresh token was spent and its successor lost.
    pub(super) fn tell(&self, provider: &ProviderId, chain_lost: bool) {
        let outcome = match self.class {
            _ if chain_lost => RefreshOutcome::ChainLost,
            FailureClass::Terminal(_) => RefreshOutcome::Terminal,
            FailureClass::AppConfig => RefreshOutcome::AppConfig,
            FailureClass::Throttled => RefreshOutcome::Throttled,
            FailureClass::NotSent | FailureClass::Transient => RefreshOutcome::Transient,
            FailureClass::Ambiguous => RefreshOutcome::Ambiguous,
            FailureClass::Refused => RefreshOutcome::Refused,
            FailureClass::Defect => RefreshOutcome::Defect,
        };
        meter::refreshed(provider, outcome, self.took);
        let reason = self.class.reason().map(ReauthReason::as_str);
        tracing::warn!(%provider, class = self.class.as_str(), reason, "a token set was not renewed");
    }
}

/// A failure ready to be stored, and what follows from it.
struct Decided {
    failure: Failure,
    effects: Effects,
}

impl Inner {
    /// Stores a failed attempt to replace the token set of this generation. `stored`: the row that it is decided on.
    pub(super) async fn fail(
        self: &Arc<Self>,
        key: ConnectionKey,
        provider: &ProviderId,
        generation: Generation,
        mut stored: StoredToken,
        fence: Option<Fence>,
        fault: Fault,
    ) -> Result<(), VaultError> {
        // An answer that ends the grant may be the answer to a token that somebody else has replaced meanwhile.
        // The write below finds that out: it names the generation and the revision that it was decided on.
        for _ in 0..ATTEMPTS {
            if stored.generation != generation {
                meter::refreshed(provider, RefreshOutcome::Adopted, fault.took);
                return Ok(());
            }
            let Decided { failure, effects } = self.decide(key, &stored, fence, fault)?;
            match self.store_failure(key, &failure).await {
                Ok(Committed::Done { .. }) => {
                    fault.tell(provider, effects.chain_lost);
                    self.follow_up(key, effects);
                    return Ok(());
                }
                // Somebody else has taken the attempt over and knows how far it got.
                Ok(Committed::Superseded(current))
                    if (current.generation, current.revision) == (generation, stored.revision) =>
                {
                    return Ok(());
                }
                Ok(Committed::Superseded(current)) => stored = *current,
                Ok(_) => return Ok(()),
                Err(error) => {
                    self.attempts.leave_alone(key, self.timer.monotonic());
                    tracing::warn!(%provider, class = fault.class.as_str(), "a failed renewal could not be stored");
                    return Err(error);
                }
            }
        }
        Err(contended())
    }

    fn decide(
        &self,
        (_, id): ConnectionKey,
        stored: &StoredToken,
        fence: Option<Fence>,
        fault: Fault,
    ) -> Result<Decided, VaultError> {
        let now = self.timer.now();
        let class = fault.class;
        let strikes = stored.strikes.after_failure(class, now);
        let transition = self.transition(id, stored, StateEvent::RefreshFailed(class), strikes, now)?;
        let entry = AuditEntry::new(AuditAction::RefreshFailed).with_generation(stored.generation);
        let notes = Notes::by(AuditActor::Service).entry(entry.with_reason(class));
        let mut notes = tell(stored, &transition, notes);

        let mut before = self.life(id, stored, None);
        let failures = stored.failures.saturating_add(1);
        let promised = before.renewal != Renewal::MayExtend;
        if transition.state.serves() && promised && is_told(failures, self.config.alert_after) {
            notes = notes.event(EventKind::RefreshFailingOften { failures });
        }
        begin_doubt(&mut before, class, fault.sent_at);
        let setback = Setback { class, retry_after: fault.retry_after, random: random::number() };
        let retry_at = before.retry_at(&setback, now);
        let after = Life { state: transition.state, failures, strikes, ..self.life(id, stored, None) };
        let due = after.due_with(retry_at, stored.notified, now);

        let mut failure = Failure::of(stored, class, notes)
            .with_state(transition.state)
            .with_strikes(strikes)
            .with_next_look(due.map_or(NextLook::Never, NextLook::At));
        failure.fence = fence;
        Ok(Decided { failure, effects: transition.effects })
    }

    /// Tries for as long as the claim covers it.
    async fn store_failure(
        &self,
        (tenant, id): ConnectionKey,
        failure: &Failure,
    ) -> Result<Committed, VaultError> {
        let began = self.timer.monotonic();
        let budget = self.config.commit_budget;
        let mut wait = FIRST_WAIT;
        let mut in_doubt = false;
        loop {
            let left = budget.saturating_sub(self.timer.monotonic().saturating_sub(began));
            let write = self.stores.tokens.commit_failure(tenant, id, failure.clone());
            let error: VaultError = match within(&*self.timer, left, write).await {
                Some(Ok(Committed::Superseded(current))) if in_doubt && is_stored(failure, &current) => {
                    return Ok(Committed::Done { revision: current.revision });
                }
                Some(Ok(committed)) => return Ok(committed),
                Some(Err(error)) => error.into(),
                None => contended(),
            };
            in_doubt = true;
            if self.timer.monotonic().saturating_sub(began).saturating_add(wait) >= budget {
                return Err(error);
            }
            self.timer.sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
    }
}

/// The provider's time of grace runs from the call, not from when its failure is written down.
fn begin_doubt(life: &mut Life, class: FailureClass, sent_at: Timestamp) {
    let spends = matches!(life.renewal, Renewal::RefreshToken(Rotation::Grace(_) | Rotation::Strict));
    if class == FailureClass::Ambiguous && spends && life.state != ConnectionState::RefreshUnknown {
        (life.state, life.state_since) = (ConnectionState::RefreshUnknown, sent_at);
    }
}

/// The product is told at this many failures, and at every doubling of them.
fn is_told(failures: u32, from: u32) -> bool {
    failures.is_multiple_of(from) && (failures / from).is_power_of_two()
}

/// Whether a failure whose fate was not known is the one that is stored now.
fn is_stored(failure: &Failure, current: &StoredToken) -> bool {
    current.generation == failure.generation
        && current.revision == failure.revision.next()
        && current.failures == failure.failures
        && current.last_error.is_some_and(|error| error.class == failure.class)
}
