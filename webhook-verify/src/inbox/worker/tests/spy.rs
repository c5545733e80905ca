//! A store that fails as it is told and notes what it is asked.

use super::*;
use crate::{
    EventTime,
    inbox::{
        Census, Claim, ClaimToken, EntryPage, InboxError, InboxErrorKind, Recorded, Replay, Replayed,
        Retention, Settlement, Trimmed,
    },
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StoreCall {
    Claim,
    Renew,
    Settle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing was done.
    Down,
    /// It was done, and the answer did not arrive.
    AnswerLost,
    /// A renewal says that the claims are lost, and nothing was done.
    ClaimsLost,
}

/// Decides by the call and its number of the sort, from 1.
type Plan = Box<dyn Fn(StoreCall, usize) -> Option<Fault> + Send + Sync>;

pub(super) struct Spy {
    inbox: Arc<MemoryInbox>,
    plan: Plan,
    delay: Box<dyn Fn(StoreCall) -> Duration + Send + Sync>,
    poison: Option<EntryId>,
    start: Instant,
    calls: Mutex<Vec<(StoreCall, usize, Duration)>>,
}

impl fmt::Debug for Spy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spy")
    }
}

impl Spy {
    pub(super) fn on(inbox: &Arc<MemoryInbox>) -> Self {
        Self {
            inbox: inbox.clone(),
            plan: Box::new(|_, _| None),
            delay: Box::new(|_| Duration::ZERO),
            poison: None,
            start: Instant::now(),
            calls: Mutex::default(),
        }
    }

    pub(super) fn failing(
        mut self,
        plan: impl Fn(StoreCall, usize) -> Option<Fault> + Send + Sync + 'static,
    ) -> Self {
        self.plan = Box::new(plan);
        self
    }

    pub(super) fn slow(mut self, call: StoreCall, time: Duration) -> Self {
        self.delay = Box::new(move |other| if other == call { time } else { Duration::ZERO });
        self
    }

    /// What became of this event cannot be stored, unless it was given up.
    pub(super) fn poisoned_by(mut self, id: EntryId) -> Self {
        self.poison = Some(id);
        self
    }

    /// How many events each call of this sort was about, and when it was made.
    pub(super) fn calls(&self, sort: StoreCall) -> Vec<(usize, Duration)> {
        let calls = self.calls.lock().unwrap();
        calls.iter().filter(|(call, ..)| *call == sort).map(|(_, size, at)| (*size, *at)).collect()
    }

    async fn meet(&self, call: StoreCall, size: usize) -> Option<Fault> {
        let number = {
            let mut calls = self.calls.lock().unwrap();
            calls.push((call, size, self.start.elapsed()));
            calls.iter().filter(|(other, ..)| *other == call).count()
        };
        let delay = (self.delay)(call);
        if !delay.is_zero() {
            sleep(delay).await;
        }
        (self.plan)(call, number)
    }
}

fn fails() -> InboxError {
    InboxError::new(InboxErrorKind::Unavailable, "the store is down")
}

fn answer<T>(fault: Option<Fault>, answer: T) -> Result<T, InboxError> {
    if fault == Some(Fault::AnswerLost) { Err(fails()) } else { Ok(answer) }
}

#[async_trait]
impl RecordEvents for Spy {
    async fn record(&self, events: &[Event]) -> Result<Vec<Recorded>, InboxError> {
        self.inbox.record(events).await
    }
}

#[async_trait]
impl InboxStore for Spy {
    async fn claim(&self, claim: &Claim) -> Result<Vec<Claimed>, InboxError> {
        match self.meet(StoreCall::Claim, claim.limit).await {
            Some(Fault::Down) => Err(fails()),
            fault => answer(fault, self.inbox.claim(claim).await?),
        }
    }

    async fn renew(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, InboxError> {
        match self.meet(StoreCall::Renew, tokens.len()).await {
            Some(Fault::Down) => Err(fails()),
            Some(Fault::ClaimsLost) => Ok(vec![false; tokens.len()]),
            fault => answer(fault, self.inbox.renew(tokens, lease).await?),
        }
    }

    async fn settle(&self, settlements: &[Settlement]) -> Result<Vec<bool>, InboxError> {
        let fault = self.meet(StoreCall::Settle, settlements.len()).await;
        let poisonous = |one: &Settlement| {
            Some(one.token.id()) == self.poison && !matches!(one.outcome, crate::inbox::Outcome::Dead { .. })
        };
        if settlements.iter().any(poisonous) {
            return Err(InboxError::new(InboxErrorKind::Corrupt, "this cannot be stored"));
        }
        match fault {
            Some(Fault::Down) => Err(fails()),
            fault => answer(fault, self.inbox.settle(settlements).await?),
        }
    }

    async fn find(&self, id: EntryId) -> Result<Option<Entry>, InboxError> {
        self.inbox.find(id).await
    }

    async fn list(
        &self,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, InboxError> {
        self.inbox.list(filter, after, limit).await
    }

    async fn replay(&self, replay: &Replay) -> Result<Replayed, InboxError> {
        self.inbox.replay(replay).await
    }

    async fn census(&self) -> Result<Census, InboxError> {
        self.inbox.census().await
    }

    async fn trim(&self, retention: &Retention, limit: usize) -> Result<Trimmed, InboxError> {
        self.inbox.trim(retention, limit).await
    }
}

/// The store's clock.
pub(super) async fn now(inbox: &dyn InboxStore) -> EventTime {
    inbox.census().await.unwrap().now.unwrap()
}
