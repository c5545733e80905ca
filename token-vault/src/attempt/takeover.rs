//! Going on with the attempt of a process that died after it may have sent the refresh token.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::Timestamp;
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
/// When a refresh token that is still taken is tried once more.
const SOON: Duration = Duration::from_secs(5);

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
        held: Held,
        prior: &Lease,
        permit: Permit,
    ) -> Result<Next, VaultError> {
        let now = self.timer.now();
        // By the store's clock, which stamped both.
        let until = held.stored.lease.map(|lease| lease.until);
        let claimed_at = until.map_or(now, |until| until.saturating_sub(self.config.lease));
        let arrives_at = claimed_at.saturating_add(WAY);
        if let (Takeover::GoOn, Renewal::RefreshToken(Rotation::Grace(grace))) =
            (takeover(plan.renewal, true, prior.started_at, arrives_at), plan.renewal)
        {
            let age = arrives_at.saturating_duration_since(prior.started_at);
            let send_by = held.since.saturating_add(grace.saturating_sub(age));
            let stored = &held.stored;
            let is_known =
                stored.state == ConnectionState::RefreshUnknown && worth::began_with_a_failure(stored);
            let inherited = (!is_known).then_some(Inherited { send_by });
            return self.call(plan, Held { inherited, ..held }, permit).await;
        }
        drop(permit);
        let reason = AuditReason::from_static("taken_over");
        let stored = self.store_doubt(&plan, &held, reason, None).await;
        self.release(plan.key, &held).await;
        let Some(before) = stored? else { return Ok(Next::Done) };
        meter::refreshed(&plan.app.provider, RefreshOutcome::Ambiguous, None);
        if self.life(plan.key.1, &before, None).is_ended(now) {
            return Ok(Next::LastTry);
        }
        self.follow_up(plan.key, look_at_it());
        Ok(Next::Done)
    }

    /// Stores that the refresh token may be spent; for how long that is known is in the lease, which stays. Gives what
    /// was stored before; `None` if something else has happened to it meanwhile. `retry_at`: when it may be tried
    /// again; when the access token has ended unless that is known.
    async fn store_doubt(
        &self,
        plan: &Plan,
        held: &Held,
        reason: AuditReason,
        retry_at: Option<Timestamp>,
    ) -> Result<Option<StoredToken>, VaultError> {
        let (id, now) = (plan.key.1, self.timer.now());
        let decide = |stored: &StoredToken| {
            if stored.generation != held.stored.generation || !stored.state.allows_attempts() {
                return Ok(None);
            }
            let transition = self.transition(id, stored, StateEvent::TakenOver, stored.strikes, now)?;
            let entry = AuditEntry::new(AuditAction::RefreshFailed).with_generation(stored.generation);
            let notes = Notes::by(AuditActor::Service).entry(entry.with_reason(reason.clone()));
            let notes = tell(stored, &transition, notes);
            let after = Life { state: transition.state, ..self.life(id, stored, None) };
            let hard_end = after.hard_end().unwrap_or_else(|| now.saturating_add(DAY)).max(now);
            let due = after.due_with(Some(retry_at.unwrap_or(hard_end)), stored.notified, now);
            let amendment = Amendment::of(stored, notes).with_state(transition.state);
            Ok(Some(amendment.with_next_look(due.map_or(NextLook::Never, NextLook::At))))
        };
        self.amend(plan.key, decide).await
    }

    /// Whether the refresh token may be sent now: some time has passed since that was decided.
    pub(super) fn may_still_send(&self, plan: &Plan, held: &Held) -> bool {
        if let Some(Inherited { send_by }) = held.inherited {
            return self.timer.monotonic() < send_by;
        }
        let life = self.life(plan.key.1, &held.stored, None);
        worth::may_send(&life, &held.stored, self.call_time(), self.timer.now())
    }

    /// Stores a failed attempt, or that it has not ended an older doubt.
    pub(super) async fn fail_held(
        self: &Arc<Self>,
        plan: &Plan,
        held: Held,
        fault: Fault,
    ) -> Result<(), VaultError> {
        let (key, provider) = (plan.key, &plan.app.provider);
        let (generation, fence) = (held.stored.generation, Some(held.fence));
        let Some(Inherited { send_by }) = held.inherited else {
            return self.fail(key, provider, generation, held.stored, fence, fault).await;
        };
        let soon = self.timer.monotonic().saturating_add(SOON) < send_by;
        let retry_at = soon.then(|| self.timer.now().saturating_add(SOON));
        let stored = self.store_doubt(plan, &held, fault.class.into(), retry_at).await;
        if let FailureClass::Terminal(_) = fault.class {
            // Now that the doubt is stored, it is known what such an answer means.
            let stored = self.stored(key).await?;
            return self.fail(key, provider, generation, stored, fence, fault).await;
        }
        // The lease knows since when the refresh token may be spent, so it is not ended as a failure ends it.
        self.release(key, &held).await;
        self.attempts.leave_alone(key, self.timer.monotonic());
        fault.tell(provider, false);
        if stored?.is_some() {
            self.follow_up(key, look_at_it());
        }
        Ok(())
    }
}

/// Whether the access token is good decides whether there is something to lose.
fn look_at_it() -> Effects {
    Effects { check: true, ..Effects::default() }
}
