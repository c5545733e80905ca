//! One task for many callers, which may go away.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{runtime::Handle, sync::watch};
use tokio_util::task::TaskTracker;

use super::{Task, no_runtime, shutting_down};
use crate::VaultError;

/// Tasks under way, by what they are for. Callers that arrive while one is under way get what it gives.
pub(super) struct SharedTasks<K, V>(Arc<Mutex<Slots<K, V>>>);

type Slots<K, V> = HashMap<K, watch::Receiver<Option<V>>>;

impl<K, V> SharedTasks<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Joins the task for `key` that is under way, or starts one. Whoever stops waiting stops nothing.
    pub(super) fn join(
        &self,
        key: K,
        tracker: &TaskTracker,
        start: impl FnOnce() -> Task<V>,
    ) -> Result<Landing<V>, VaultError> {
        let mut slots = self.lock();
        let receiver = if let Some(receiver) = slots.get(&key) {
            receiver.clone()
        } else {
            // Under the lock: what is begun here is waited for by whoever closes the tracker.
            if tracker.is_closed() {
                return Err(shutting_down());
            }
            let runtime = Handle::try_current().map_err(|_| no_runtime())?;
            let (sender, receiver) = watch::channel(None);
            slots.insert(key.clone(), receiver.clone());
            let slot = Slot { slots: Arc::clone(&self.0), key };
            let task = start();
            tracker.spawn_on(
                async move {
                    let value = task.await;
                    // First the slot: who comes after this starts anew and reads what is stored now.
                    drop(slot);
                    sender.send_replace(Some(value));
                },
                &runtime,
            );
            receiver
        };
        Ok(Landing(receiver))
    }

    /// The task for `key`, if one is under way.
    pub(super) fn under_way(&self, key: &K) -> Option<Landing<V>> {
        self.lock().get(key).cloned().map(Landing)
    }

    /// Closes while nothing can be started.
    pub(super) fn close_with<T>(&self, close: impl FnOnce() -> T) -> T {
        let _slots = self.lock();
        close()
    }

    fn lock(&self) -> MutexGuard<'_, Slots<K, V>> {
        lock(&self.0)
    }
}

fn lock<K, V>(slots: &Mutex<Slots<K, V>>) -> MutexGuard<'_, Slots<K, V>> {
    slots.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The end of a task.
pub(super) struct Landing<V>(watch::Receiver<Option<V>>);

impl<V: Clone + Send + Sync> Landing<V> {
    /// What the task gives; `None` if it broke off.
    pub(super) async fn reached(mut self) -> Option<V> {
        self.0.wait_for(Option::is_some).await.ok().and_then(|value| value.clone())
    }
}

/// The place of a task; free again when the task ends in whatever way.
struct Slot<K: Eq + Hash, V> {
    slots: Arc<Mutex<Slots<K, V>>>,
    key: K,
}

impl<K: Eq + Hash, V> Drop for Slot<K, V> {
    fn drop(&mut self) {
        lock(&self.slots).remove(&self.key);
    }
}

impl<K, V> Default for SharedTasks<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K, V> fmt::Debug for SharedTasks<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedTasks").field("under_way", &lock(&self.0).len()).finish_non_exhaustive()
    }
}
