//! Connections that are due.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::{ErrorKind, Timestamp};
use sociogram_oauth_core::{Renewal, TenantId};
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{Shared, WorkerReport};
use crate::{
    AuditActor, Due, Notes, StoredToken, VaultError,
    app::App,
    attempt::Wish,
    schedule::{Life, Todo},
    state::StateEvent,
    vault::ConnectionKey,
};

/// What was read longer ago than this is read again before the provider is called.
const STALE: Duration = Duration::from_secs(1);

/// A due connection on its way through a pass.
pub(super) struct Look {
    pub(super) shared: Arc<Shared>,
    pub(super) key: ConnectionKey,
    hands: Arc<Semaphore>,
    stop: CancellationToken,
    /// Nothing is begun after this ([`Timer::monotonic`](sociogram_api_core::Timer::monotonic)).
    deadline: Duration,
    /// The due time that the store put into the row so that nobody else gets it meanwhile.
    pub(super) hidden_until: Option<Timestamp>,
    pub(super) parent: Option<Parent>,
    /// Whether a renewal was tried and the store did not stand in its way.
    pub(super) renewal_ended: bool,
    pub(super) report: WorkerReport,
}

/// The connection that a token is derived from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parent {
    stored_at: Option<Timestamp>,
    pub(super) serves: bool,
}

/// What the provider is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Whether the token is good.
    Check,
    /// For a new one.
    Renew,
}

impl Shared {
    pub(super) async fn look_at_due(
        self: &Arc<Self>,
        stop: &CancellationToken,
    ) -> Result<WorkerReport, VaultError> {
        let deadline = self.deadline();
        let due = self.stores.tokens.due_batch(self.settings.batch, self.settings.visibility).await?;
        let mut report = WorkerReport { more: due.len() >= self.settings.batch, ..WorkerReport::default() };
        let hands = self.hands();
        let mut looks = JoinSet::new();
        for one in due {
            looks.spawn(Look::new(self, one, deadline, &hands, stop).finish());
        }
        while let Some(look) = looks.join_next().await {
            let broke_off = WorkerReport { connections: 1, failed: 1, ..WorkerReport::default() };
            report += look.unwrap_or(broke_off);
        }
        Ok(report)
    }

    async fn parent_of(&self, tenant: TenantId, stored: &StoredToken) -> Result<Option<Parent>, VaultError> {
        let Some(id) = stored.parent else { return Ok(None) };
        let parent = self.stores.tokens.read(tenant, id).await?;
        Ok(Some(Parent {
            stored_at: parent.as_ref().map(|parent| parent.succeeded_at),
            serves: parent.is_some_and(|parent| parent.state.serves()),
        }))
    }
}

impl Look {
    pub(super) fn new(
        shared: &Arc<Shared>,
        due: Due,
        deadline: Duration,
        hands: &Arc<Semaphore>,
        stop: &CancellationToken,
    ) -> Self {
        Self {
            shared: Arc::clone(shared),
            key: (due.tenant, due.connection),
            hands: Arc::clone(hands),
            stop: stop.clone(),
            deadline,
            hidden_until: None,
            parent: None,
            renewal_ended: false,
            report: WorkerReport { connections: 1, ..WorkerReport::default() },
        }
    }

    pub(super) async fn finish(mut self) -> WorkerReport {
        match self.go().await {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::CircuitOpen => self.report.postponed += 1,
            Err(error) => {
                let (tenant, connection) = self.key;
                tracing::warn!(%tenant, %connection, kind = ?error.kind(), %error, "a due connection is left for later");
                self.report.failed += 1;
            }
        }
        self.report
    }

    async fn go(&mut self) -> Result<(), VaultError> {
        let Some(stored) = self.first_read().await? else { return Ok(()) };
        // Nobody lived to tell it.
        if self.is_orphaned(&stored) {
            return self
                .lose(|look, stored| look.is_orphaned(stored).then_some(StateEvent::ParentLost))
                .await;
        }
        let first = stored.generation;
        let Some((stored, trouble)) = self.ask(stored).await? else { return Ok(()) };
        if self.todo(&stored).lost.is_some() {
            return self.lose(|look, stored| look.todo(stored).lost.map(StateEvent::GrantLost)).await;
        }
        self.report.renewed += usize::from(stored.generation != first);
        self.conclude(&stored).await?;
        trouble.map_or(Ok(()), Err)
    }

    /// `None`: there is nothing to look at.
    async fn first_read(&mut self) -> Result<Option<StoredToken>, VaultError> {
        let Ok(_hand) = self.hands.acquire().await else { return Ok(None) };
        if self.stop.is_cancelled() || self.shared.vault.timer.monotonic() > self.deadline {
            self.report.postponed += 1;
            return Ok(None);
        }
        let Some(stored) = self.read().await? else { return Ok(None) };
        self.hidden_until = stored.due_at;
        self.parent = self.shared.parent_of(self.key.0, &stored).await?;
        Ok(Some(stored))
    }

    /// Asks the provider for what there is to ask for, each thing once. Gives what is stored then and what stood in
    /// the way; `None` if it is left for later, or to somebody else.
    async fn ask(
        &mut self,
        mut stored: StoredToken,
    ) -> Result<Option<(StoredToken, Option<VaultError>)>, VaultError> {
        let shared = Arc::clone(&self.shared);
        let Shared { vault, lanes, .. } = &*shared;
        let timer = &*vault.timer;
        let mut trouble = None;
        let mut tried = Vec::new();
        let mut place = None;
        let mut read_at = timer.monotonic();
        loop {
            let todo = self.todo(&stored);
            let next = if todo.lost.is_some() { None } else { self.next_step(&stored, &todo, &tried) };
            let Some((step, app)) = next else { return Ok(Some((stored, trouble))) };
            if place.is_none() {
                // What can be told without the provider is told all the same.
                if let Some(held) = app.gate.closed(timer.monotonic()) {
                    return Ok(Some((stored, trouble.or(Some(held.into())))));
                }
                place = lanes.enter(&app, timer, self.deadline, &self.stop).await;
                if place.is_none() {
                    self.report.postponed += 1;
                    return Ok(None);
                }
            }
            if timer.monotonic().saturating_sub(read_at) < STALE {
                tried.push(step);
                let outcome = match step {
                    Step::Check => vault.check(self.key).await,
                    // A hidden row looks as if its back-off were not over.
                    Step::Renew => vault.renew(self.key, Wish { force: stored.failures > 0 }).await,
                };
                self.renewal_ended |= step == Step::Renew && outcome.is_ok();
                trouble = trouble.or(outcome.err());
                place = None;
            }
            let Some(current) = self.read().await? else { return Ok(None) };
            read_at = timer.monotonic();
            // Somebody else was here while this one waited, and has said when to come again.
            if tried.is_empty() && current.due_at != self.hidden_until {
                return Ok(None);
            }
            stored = current;
        }
    }

    /// What to ask the provider for next, if there is anything that was not tried yet and can be.
    fn next_step(&self, stored: &StoredToken, todo: &Todo, tried: &[Step]) -> Option<(Step, Arc<App>)> {
        let app = self.shared.vault.apps.of(&stored.account)?;
        let step = if todo.check && !tried.contains(&Step::Check) {
            Step::Check
        } else if todo.renew && !tried.contains(&Step::Renew) && self.may_renew(stored) {
            Step::Renew
        } else {
            return None;
        };
        Some((step, Arc::clone(app)))
    }

    /// Whether there is somebody to ask for a new token.
    pub(super) fn may_renew(&self, stored: &StoredToken) -> bool {
        match self.shared.vault.renewal(stored) {
            Renewal::FromParent => self.parent.is_some_and(|parent| parent.serves),
            _ => self.shared.vault.apps.of(&stored.account).is_some(),
        }
    }

    /// Whether it is handed out although what it is derived from is not.
    fn is_orphaned(&self, stored: &StoredToken) -> bool {
        stored.state.serves()
            && self.shared.vault.renewal(stored) == Renewal::FromParent
            && self.parent.is_some_and(|parent| !parent.serves)
    }

    pub(super) fn life(&self, stored: &StoredToken) -> Life {
        let parent_stored_at = self.parent.and_then(|parent| parent.stored_at);
        self.shared.vault.life(self.key.1, stored, parent_stored_at)
    }

    fn todo(&self, stored: &StoredToken) -> Todo {
        self.life(stored).todo(stored.notified, self.shared.vault.timer.now())
    }

    async fn read(&self) -> Result<Option<StoredToken>, VaultError> {
        Ok(self.shared.stores.tokens.read(self.key.0, self.key.1).await?)
    }

    /// Stores what nobody else noticed.
    async fn lose(
        &mut self,
        what: impl Fn(&Self, &StoredToken) -> Option<StateEvent> + Send + Sync,
    ) -> Result<(), VaultError> {
        let Shared { vault, .. } = &*self.shared;
        let now = vault.timer.now();
        let transition = |stored: &StoredToken| {
            let Some(event) = what(self, stored) else { return Ok(None) };
            let transition = vault.transition(self.key.1, stored, event, stored.strikes, now)?;
            Ok::<_, VaultError>((transition.state != stored.state).then_some(transition))
        };
        let before = vault
            .amend(self.key, |stored| {
                let notes = Notes::by(AuditActor::Service);
                let change = |transition| vault.amendment(self.key.1, stored, &transition, notes, now);
                Ok(transition(stored)?.map(change))
            })
            .await?;
        let Some(before) = before else { return Ok(()) };
        if let Some(transition) = transition(&before)? {
            vault.follow_up(self.key, transition.effects);
        }
        self.report.lost += 1;
        Ok(())
    }
}
