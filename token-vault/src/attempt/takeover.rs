//! Going on with the attempt of a process that died after it may have sent the refresh token.

use std::{sync::Arc, time::Duration};

use sociogram_oauth_core::{Renewal, Rotation};

use super::{
    failure::Fault,
    run::{Held, Inherited, Next, Plan},
    worth,
};
use crate::{
    Amendment, AuditAction, AuditActor, AuditEntry, AuditReason, ConnectionState, FailureClass, Lease,
    NextLook, Notes, StoredToken, VaultError,
    app_gate::Permit,
    decision::tell,
    meter::{self, RefreshOutcome},
    schedule::{Life, Takeover, takeover},
    state::{Effects, StateEvent},
    vault::Inner,
};

/// A request is this much longer on its way than the one before it, at most.
const WAY: Duration = Duration::from_secs(2);
const DAY: Duration = Duration::from_secs(24 * 3600);

impl Inner {
    /// Whether the refresh token may be sent whatever became of it: the access token has ended, and what is known
    /// of the doubt is stored.
    pub(super) fn has_nothing_to_lose(&self, plan: &Plan, held: &Held) -> bool {
        held.stored.state == ConnectionState::RefreshUnknown
            && self.life(plan.key.1, &held.stored, None).is_ended(self.timer.now())
    }

    pub(super) async fn take_over(
        self: &Arc<Self>,
        plan: Plan,
        mut held: Held,
        prior: &Lease,
        permit: Permit,
    ) -> Result<Next, VaultError> {
        let (key, now) = (plan.key, self.timer.now());
        // By the store's clock, which stamped both.
        let claimed_at = held.stored.lease.map_or(now, |lease| lease.started_at);
        let age = claimed_at.saturating_duration_since(prior.started_at).saturating_add(WAY);
        let in_grace =
            takeover(plan.renewal, true, prior.started_at, claimed_at.saturating_add(WAY)) == Takeover::GoOn;
        if in_grace && held.stored.state == ConnectionState::RefreshUnknown {
            // An older doubt is stored already, with a time of its own.
            return self.call(plan, held, permit).await;
        }
        // Before anything else: should this process die as well, the next one must not take the time of its claim
        // for that of the first use.
        let Some(before) = self.store_doubt(&plan, &held).await? else {
            self.release(key, &held).await;
            return Ok(Next::Done);
        };
        if self.life(key.1, &before, None).is_ended(now) {
            self.release(key, &held).await;
            return Ok(Next::LastTry);
        }
        if let (true, Renewal::RefreshToken(Rotation::Grace(grace))) = (in_grace, plan.renewal) {
            let stored = self.stored(key).await?;
            if stored.generation == held.stored.generation && stored.state == ConnectionState::RefreshUnknown {
                let send_by = held.since.saturating_add(grace.saturating_sub(age));
                held = Held { stored, inherited: Some(Inherited { send_by }), ..held };
                return self.call(plan, held, permit).await;
            }
        }
        drop(permit);
        self.release(key, &held).await;
        meter::refreshed(&plan.app.provider, RefreshOutcome::Ambiguous, None);
        let transition = self.transition(key.1, &before, StateEvent::TakenOver, before.strikes, now)?;
        self.follow_up(key, transition.effects);
        Ok(Next::Done)
    }

    /// Stores that the refresh token may be spent. It is not sent again before the access token has ended. Gives
    /// what was stored before; `None` if something else has happened to it meanwhile.
    async fn store_doubt(&self, plan: &Plan, held: &Held) -> Result<Option<StoredToken>, VaultError> {
        let (id, now) = (plan.key.1, self.timer.now());
        let decide = |stored: &StoredToken| {
            if stored.generation != held.stored.generation || !stored.state.allows_attempts() {
                return Ok(None);
            }
            let transition = self.transition(id, stored, StateEvent::TakenOver, stored.strikes, now)?;
            let entry = AuditEntry::new(AuditAction::RefreshFailed).with_generation(stored.generation);
            let entry = entry.with_reason(AuditReason::from_static("taken_over"));
            let notes = tell(stored, &transition, Notes::by(AuditActor::Service).entry(entry));
            let after = Life { state: transition.state, ..self.life(id, stored, None) };
            let hard_end = after.hard_end().unwrap_or_else(|| now.saturating_add(DAY));
            let due = after.due_with(Some(hard_end.max(now)), stored.notified, now);
            let amendment = Amendment::of(stored, notes).with_state(transition.state);
            Ok(Some(amendment.with_next_look(due.map_or(NextLook::Never, NextLook::At))))
        };
        self.amend(plan.key, decide).await
    }

    /// Whether the refresh token may be sent now: some time has passed since that was decided.
    pub(super) fn may_still_send(&self, plan: &Plan, held: &Held) -> bool {
        match held.inherited {
            Some(Inherited { send_by }) => self.timer.monotonic() < send_by,
            None => {
                let life = self.life(plan.key.1, &held.stored, None);
                worth::may_send(&life, &held.stored, self.call_time(), self.timer.now())
            }
        }
    }

    /// Stores a failed attempt, or that it has not ended an older doubt.
    pub(super) async fn fail_held(
        self: &Arc<Self>,
        plan: &Plan,
        held: Held,
        fault: Fault,
        took: Option<Duration>,
    ) -> Result<(), VaultError> {
        let provider = &plan.app.provider;
        if held.inherited.is_none() || matches!(fault.class, FailureClass::Terminal(_)) {
            return self.fail(plan.key, provider, held.stored, Some(held.fence), fault, took).await;
        }
        let decide = |stored: &StoredToken| {
            let entry = AuditEntry::new(AuditAction::RefreshFailed).with_generation(stored.generation);
            let notes = Notes::by(AuditActor::Service).entry(entry.with_reason(fault.class));
            let same = stored.generation == held.stored.generation;
            Ok(same.then(|| Amendment::of(stored, notes)))
        };
        let stored = self.amend(plan.key, decide).await;
        self.release(plan.key, &held).await;
        self.tell_failure(provider, fault.class, Effects::default(), took);
        stored?;
        self.follow_up(plan.key, Effects { check: true, ..Effects::default() });
        Ok(())
    }
}
