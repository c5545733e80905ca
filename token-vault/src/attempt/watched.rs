//! Rows that somebody waits for to change, looked at together.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sociogram_oauth_core::{ConnectionId, TenantId};
use tokio::sync::watch;

use crate::{
    Revision, StoreError, random,
    vault::{ConnectionKey, Inner, revalidating::BATCH},
    within::within,
};

/// The wait before the first look after somebody has come, half as long again each time...
const FIRST_WAIT: Duration = Duration::from_millis(25);
/// ...up to this.
const MAX_WAIT: Duration = Duration::from_millis(250);

/// What is waited for in this process.
#[derive(Debug, Default)]
pub(super) struct Watched(Mutex<HashMap<TenantId, Group>>);

/// The connections of one tenant. A group in the map has a task that looks.
#[derive(Debug, Default)]
struct Group {
    rows: BTreeMap<ConnectionId, Row>,
    /// Somebody has come since the last look.
    has_grown: bool,
}

#[derive(Debug)]
struct Row {
    /// The oldest that one of those who wait has seen.
    revision: Revision,
    /// Dropping it wakes them.
    waiting: watch::Sender<()>,
}

impl Inner {
    /// Waits until the row is no longer at this revision, up to `at_most`. It may end before.
    pub(super) async fn until_changed(
        self: &Arc<Self>,
        (tenant, id): ConnectionKey,
        revision: Revision,
        at_most: Duration,
    ) {
        let (mut changed, is_first) = self.attempts.watched.enrol(tenant, id, revision);
        if is_first {
            let group = OpenGroup { vault: Arc::clone(self), tenant };
            self.attempts.spawn(Box::pin(group.look()));
        }
        let _ = within(&*self.timer, at_most, changed.changed()).await;
    }
}

/// Takes the group away when it ends, however it ends: all who wait look for themselves.
struct OpenGroup {
    vault: Arc<Inner>,
    tenant: TenantId,
}

impl OpenGroup {
    async fn look(self) {
        let Inner { timer, attempts, .. } = &*self.vault;
        let mut wait = FIRST_WAIT;
        loop {
            timer.sleep(jittered(wait)).await;
            let Some((ids, has_grown)) = attempts.watched.in_demand(self.tenant) else { return };
            let Ok(stored) = self.revisions(&ids).await else { return };
            attempts.watched.wake(self.tenant, &ids, &stored);
            wait = if has_grown { FIRST_WAIT } else { (wait.saturating_mul(3) / 2).min(MAX_WAIT) };
        }
    }

    async fn revisions(&self, ids: &[ConnectionId]) -> Result<BTreeMap<ConnectionId, Revision>, StoreError> {
        let mut stored = BTreeMap::new();
        for batch in ids.chunks(BATCH) {
            stored.extend(self.vault.stores.tokens.revisions(self.tenant, batch).await?);
        }
        Ok(stored)
    }
}

impl Drop for OpenGroup {
    fn drop(&mut self) {
        self.vault.attempts.watched.lock().remove(&self.tenant);
    }
}

impl Watched {
    /// Ends when the row has changed. And whether nobody looks for this tenant yet.
    fn enrol(&self, tenant: TenantId, id: ConnectionId, revision: Revision) -> (watch::Receiver<()>, bool) {
        let mut groups = self.lock();
        let is_first = !groups.contains_key(&tenant);
        let group = groups.entry(tenant).or_default();
        group.has_grown = true;
        let row = group.rows.entry(id).or_insert_with(|| Row { revision, waiting: watch::Sender::new(()) });
        row.revision = row.revision.min(revision);
        (row.waiting.subscribe(), is_first)
    }

    /// The connections of the tenant that somebody still waits for, and whether somebody has come since the last
    /// look. `None`: nobody waits.
    fn in_demand(&self, tenant: TenantId) -> Option<(Vec<ConnectionId>, bool)> {
        let mut groups = self.lock();
        let group = groups.get_mut(&tenant)?;
        group.rows.retain(|_, row| row.waiting.receiver_count() > 0);
        let has_grown = std::mem::take(&mut group.has_grown);
        (!group.rows.is_empty()).then(|| (group.rows.keys().copied().collect(), has_grown))
    }

    /// Wakes those whose row is not as they have seen it. `asked`: the connections that `stored` is the answer for.
    fn wake(&self, tenant: TenantId, asked: &[ConnectionId], stored: &BTreeMap<ConnectionId, Revision>) {
        let mut groups = self.lock();
        let Some(group) = groups.get_mut(&tenant) else { return };
        for id in asked {
            let same = group.rows.get(id).is_some_and(|row| stored.get(id) == Some(&row.revision));
            if !same {
                group.rows.remove(id);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TenantId, Group>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Between three quarters and five quarters of it.
fn jittered(wait: Duration) -> Duration {
    wait.saturating_mul(random::number() % 5 + 6) / 8
}
