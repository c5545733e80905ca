//! The outbox as the routes use it: recording events, waiting for what becomes of them, and looking at them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use sociogram::{
    api_core::Timer,
    capi::{
        dispatch::{Dispatcher, Recorder},
        outbox::{AddEvents, Added, Entry, EntryFilter, EntryId, EntryState, Replay, Replayed, Route},
    },
    oauth_core::TenantId,
};

use super::{Intake, Listing, Recorded, Shown};
use crate::problem::Problem;

/// How soon the outbox is asked again while somebody waits: at first, and at last.
const PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
/// As many entries as a store gives at once.
const PAGE: usize = 500;

/// The outbox of all tenants.
#[derive(Debug, Clone)]
pub(crate) struct Outbox {
    store: Arc<dyn AddEvents>,
    recorder: Recorder,
    /// What sends; `None` in a process without a worker.
    dispatcher: Option<Dispatcher>,
}

impl Outbox {
    /// Starts what records. What sends is started by the keeper.
    pub(crate) fn start(
        store: Arc<dyn AddEvents>,
        dispatcher: Option<Dispatcher>,
        timer: Arc<dyn Timer>,
    ) -> Self {
        let mut recorder = Recorder::builder(Arc::clone(&store)).timer(timer);
        if let Some(dispatcher) = &dispatcher {
            recorder = recorder.wakes(dispatcher);
        }
        Self { store, recorder: recorder.start(), dispatcher }
    }

    pub(crate) fn dispatcher(&self) -> Option<&Dispatcher> {
        self.dispatcher.as_ref()
    }

    /// Stores what is queued, and takes no more.
    pub(crate) async fn shutdown(&self) {
        self.recorder.shutdown().await;
    }

    /// Records what was taken in, all of it or nothing.
    pub(crate) async fn record(&self, route: Route, intake: Intake) -> Result<Recorded, Problem> {
        let Intake { events, rejected, warnings } = intake;
        let (numbers, events): (Vec<usize>, Vec<_>) = events.into_iter().unzip();
        let added =
            if events.is_empty() { Vec::new() } else { self.recorder.record(route.clone(), events).await? };
        let (mut accepted, mut duplicates) = (Vec::new(), Vec::new());
        for (index, added) in numbers.into_iter().zip(added) {
            match added {
                Added::New(id) => accepted.push((index, id)),
                // The name and id of an event that is there, or of one before it in this call.
                other => duplicates.push((index, other.id())),
            }
        }
        Ok(Recorded { route, accepted, duplicates, rejected, warnings })
    }

    /// What became of events, once all have their fate or the time is over.
    pub(crate) async fn fates(
        &self,
        timer: &dyn Timer,
        tenant: TenantId,
        ids: &[EntryId],
        patience: Duration,
    ) -> Result<HashMap<EntryId, Entry>, Problem> {
        let begun = timer.monotonic();
        let mut pause = PAUSE;
        loop {
            let waited = timer.monotonic().saturating_sub(begun);
            if waited >= patience || !self.any_unfinished(tenant, ids).await? {
                return self.entries(tenant, ids, &EntryFilter::all()).await;
            }
            timer.sleep(pause.min(patience.saturating_sub(waited))).await;
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }

    async fn any_unfinished(&self, tenant: TenantId, ids: &[EntryId]) -> Result<bool, Problem> {
        let unfinished = EntryState::ALL.into_iter().filter(|state| !state.is_finished());
        Ok(!self.entries(tenant, ids, &EntryFilter::all().states(unfinished)).await?.is_empty())
    }

    /// Those of the events that fit the filter.
    async fn entries(
        &self,
        tenant: TenantId,
        ids: &[EntryId],
        filter: &EntryFilter,
    ) -> Result<HashMap<EntryId, Entry>, Problem> {
        let mut wanted: Vec<EntryId> = ids.to_vec();
        wanted.sort_unstable();
        let (Some(first), Some(last)) = (wanted.first().copied(), wanted.last().copied()) else {
            return Ok(HashMap::new());
        };
        let mut found = HashMap::new();
        let mut after = Some(EntryId::new(last.get().saturating_add(1)));
        loop {
            let page = self.store.list(tenant, filter, after, PAGE).await?;
            let is_past = page.entries.last().is_some_and(|entry| entry.id <= first);
            let own = page.entries.into_iter().filter(|entry| wanted.binary_search(&entry.id).is_ok());
            found.extend(own.map(|entry| (entry.id, entry)));
            if is_past || page.next.is_none() {
                return Ok(found);
            }
            after = page.next;
        }
    }

    /// The tenant's events, the latest added first.
    pub(crate) async fn list(
        &self,
        tenant: TenantId,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Listing, Problem> {
        let page = self.store.list(tenant, filter, after, limit).await?;
        Ok(Listing { conversions: page.entries.into_iter().map(Shown::from).collect(), next: page.next })
    }

    pub(crate) async fn find(&self, tenant: TenantId, id: EntryId) -> Result<Shown, Problem> {
        let found = self.store.find(tenant, id).await?;
        found.map(Shown::from).ok_or_else(|| {
            Problem::not_found("there is no conversion with this id", "take an id of GET /api/conversions")
        })
    }

    /// Makes events due again, and has the dispatcher look.
    pub(crate) async fn replay(&self, tenant: TenantId, replay: &Replay) -> Result<Replayed, Problem> {
        let done = self.store.replay(tenant, replay).await?;
        if let Some(dispatcher) = &self.dispatcher {
            dispatcher.wake();
        }
        Ok(done)
    }
}
