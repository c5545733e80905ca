//! Grants of ended connections, on their way to be withdrawn at the provider.

use std::{sync::Arc, time::Duration};

use sociogram_oauth_core::{RefreshErrorKind, TokenKind};
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{Shared, WorkerReport};
use crate::{
    AuditAction, AuditActor, AuditEntry, AuditReason, Notes, Revocation, SealFault, VaultError,
    app_gate::Outcome, attempt::outcome_of, within::within,
};

/// After this long without a confirmation the secrets are deleted.
const GIVE_UP: Duration = Duration::from_secs(7 * 24 * 3600);

/// How it goes on with a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// The provider confirmed that it is withdrawn.
    Withdrawn,
    /// It is not to be withdrawn, or cannot be.
    Skipped(&'static str),
    /// There is no hope.
    GivenUp(&'static str),
    /// It is tried again later.
    Later,
}

impl Shared {
    pub(super) async fn withdraw(
        self: &Arc<Self>,
        stop: &CancellationToken,
    ) -> Result<WorkerReport, VaultError> {
        let deadline = self.deadline();
        let queue = &self.stores.revocations;
        let taken = queue.take_revocations(self.settings.batch, self.settings.visibility).await?;
        let mut report = WorkerReport { more: taken.len() >= self.settings.batch, ..WorkerReport::default() };
        let hands = self.hands();
        let mut tasks = JoinSet::new();
        for revocation in taken {
            let (hands, stop) = (Arc::clone(&hands), stop.clone());
            tasks.spawn(Arc::clone(self).withdraw_one(revocation, deadline, hands, stop));
        }
        while let Some(task) = tasks.join_next().await {
            let fate = task.unwrap_or(Fate::Later);
            report.revoked += usize::from(fate == Fate::Withdrawn);
            report.revocations_skipped += usize::from(matches!(fate, Fate::Skipped(_)));
            report.revocations_given_up += usize::from(matches!(fate, Fate::GivenUp(_)));
            report.revocations_left += usize::from(fate == Fate::Later);
        }
        Ok(report)
    }

    async fn withdraw_one(
        self: Arc<Self>,
        revocation: Revocation,
        deadline: Duration,
        hands: Arc<Semaphore>,
        stop: CancellationToken,
    ) -> Fate {
        let Ok(_hand) = hands.acquire().await else { return Fate::Later };
        if stop.is_cancelled() || self.vault.timer.monotonic() > deadline {
            return Fate::Later;
        }
        let fate = match self.fate(&revocation, deadline, &stop).await {
            Ok(fate) => fate,
            Err(error) => {
                tracing::warn!(kind = ?error.kind(), %error, "a grant could not be withdrawn");
                Fate::Later
            }
        };
        let now = self.vault.timer.now();
        let age = now.saturating_duration_since(revocation.since);
        let fate =
            if fate == Fate::Later && age >= GIVE_UP { Fate::GivenUp("no_confirmation") } else { fate };
        self.finish(&revocation, fate).await
    }

    /// Asks the provider, if it is to be asked.
    async fn fate(
        &self,
        revocation: &Revocation,
        deadline: Duration,
        stop: &CancellationToken,
    ) -> Result<Fate, VaultError> {
        // The queue gives it after the same wait each time; it is tried after one, two, four and so on of them.
        if !revocation.attempts.is_power_of_two() {
            return Ok(Fate::Later);
        }
        // It belongs to the grant of the person, which others live on.
        if revocation.kind == TokenKind::MetaPage {
            return Ok(Fate::Skipped("derived"));
        }
        let (timer, patience) = (&*self.vault.timer, self.vault.config.provider_timeout);
        let Some(app) = self.vault.apps.of(&revocation.account) else { return Ok(Fate::Later) };
        let Some(_place) = self.lanes.enter(app, timer, deadline, stop).await else { return Ok(Fate::Later) };
        // The connection itself among them, if the account was connected again.
        let holders = self.stores.across.holders(&revocation.account).await?;
        if holders.iter().any(|holder| !holder.state.is_retired()) {
            return Ok(Fate::Skipped("in_use"));
        }
        let tokens = match self.vault.open_kept(revocation).await {
            Ok(tokens) => tokens,
            Err(error) => match error.seal_fault() {
                Some(SealFault::Shredded | SealFault::Tampered) => return Ok(Fate::GivenUp("secrets_lost")),
                _ => return Err(error),
            },
        };
        let permit = app.gate.enter(revocation.connection, timer, patience).await?;
        let answer = within(timer, patience, app.refresh.revoke(&tokens)).await;
        let (outcome, fate) = match &answer {
            None => (Outcome::NoAnswer, Fate::Later),
            Some(Ok(true)) => (Outcome::Answered, Fate::Withdrawn),
            Some(Ok(false)) => (Outcome::NoAnswer, Fate::Skipped("not_offered")),
            Some(Err(error)) => (
                outcome_of(error),
                match error.kind() {
                    RefreshErrorKind::Revoked => Fate::Withdrawn,
                    RefreshErrorKind::NotOffered => Fate::Skipped("not_offered"),
                    _ => Fate::Later,
                },
            ),
        };
        permit.settle(outcome, timer.monotonic());
        Ok(fate)
    }

    async fn finish(&self, revocation: &Revocation, fate: Fate) -> Fate {
        let (action, reason) = match fate {
            Fate::Withdrawn => (AuditAction::Revoked, None),
            Fate::Skipped(why) => (AuditAction::RevokeSkipped, Some(why)),
            Fate::GivenUp(why) => (AuditAction::RevokeFailed, Some(why)),
            Fate::Later => return fate,
        };
        let mut entry = AuditEntry::new(action).with_generation(revocation.generation);
        if let Some(reason) = reason {
            entry = entry.with_reason(AuditReason::from_static(reason));
        }
        let notes = Notes::by(AuditActor::Service).entry(entry);
        let Revocation { tenant, connection, generation, .. } = *revocation;
        match self.stores.revocations.finish_revocation(tenant, connection, generation, notes).await {
            Ok(_) => fate,
            Err(error) => {
                tracing::warn!(kind = ?error.kind(), %error, "a withdrawn grant is still in the queue");
                Fate::Later
            }
        }
    }
}
