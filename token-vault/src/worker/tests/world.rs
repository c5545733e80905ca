//! A vault, its worker, a provider that writes down when it is called, and time that jumps.

use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use sociogram_oauth_core::{Refresh, RefreshError, TokenCheck};

use super::*;
use crate::{AuditLog as _, AuditQuery, DataKeys, Event, EventId, EventSinkError, LocalKeys, StoredToken};

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

pub(super) const TENANT: TenantId = TenantId::from_bytes([1; 16]);
pub(super) const OTHER: TenantId = TenantId::from_bytes([2; 16]);

pub(super) const fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

pub(super) const fn minutes(number: u64) -> Duration {
    seconds(60 * number)
}

pub(super) const fn hours(number: u64) -> Duration {
    minutes(60 * number)
}

pub(super) const fn days(number: u64) -> Duration {
    hours(24 * number)
}

pub(super) struct World {
    pub(super) clock: VirtualClock,
    pub(super) store: Arc<MemoryStore>,
    /// Facebook.
    pub(super) provider: Arc<ScriptedRefresh>,
    pub(super) linkedin: Arc<ScriptedRefresh>,
    /// When a provider was called, by the clock's monotonic time.
    pub(super) calls: Arc<Mutex<Vec<Duration>>>,
    pub(super) sink: Arc<Sink>,
    pub(super) vault: Vault,
    pub(super) worker: Worker,
}

impl World {
    pub(super) fn new() -> Self {
        Self::with_rotation(Rotation::None)
    }

    pub(super) fn with_rotation(rotation: Rotation) -> Self {
        let clock = VirtualClock::new();
        let store = Arc::new(MemoryStore::with_clock(Arc::new(clock)));
        let provider = ScriptedRefresh::new(rotation, Arc::new(clock));
        let linkedin = ScriptedRefresh::new(Rotation::None, Arc::new(clock));
        let calls = Arc::default();
        let vault = vault(&store, [&provider, &linkedin], &calls, clock);
        let sink = Arc::new(Sink::default());
        let worker = vault.worker(store.clone()).sink(sink.clone()).build().unwrap();
        Self { clock, store, provider, linkedin, calls, sink, vault, worker }
    }

    /// Another process over the same store, with a worker.
    pub(super) fn process(&self) -> (Vault, Worker) {
        let vault = vault(&self.store, [&self.provider, &self.linkedin], &self.calls, self.clock);
        let worker = vault.worker(self.store.clone()).sink(self.sink.clone()).build().unwrap();
        (vault, worker)
    }

    /// A login.
    pub(super) async fn connect(&self, user: &str, tokens: &TokenSet) -> ConnectionId {
        self.connect_to(TENANT, ProviderId::FACEBOOK, user, tokens).await
    }

    pub(super) async fn connect_to(
        &self,
        tenant: TenantId,
        provider: ProviderId,
        user: &str,
        tokens: &TokenSet,
    ) -> ConnectionId {
        let new = NewConnection::new(tenant, Account::new(provider, "app", user));
        self.vault.connect(new, tokens).await.unwrap().id
    }

    /// Connections of a hundred tenants that are all due now. Their next tokens live for 60 days.
    pub(super) async fn due(&self, count: usize) -> Vec<(TenantId, ConnectionId)> {
        self.provider.set_life(days(60));
        let mut keys = Vec::new();
        for number in 0..count {
            let tenant = TenantId::from_bytes([u8::try_from(number % 100).unwrap() + 10; 16]);
            let user = format!("user-{number}");
            let tokens = self.provider.log_in(TokenKind::Generic, &user);
            keys.push((tenant, self.connect_to(tenant, ProviderId::FACEBOOK, &user, &tokens).await));
        }
        self.pass(days(55)).await;
        keys
    }

    pub(super) async fn pass(&self, time: Duration) {
        sociogram_api_core::Timer::sleep(&self.clock, time).await;
    }

    /// Works every so often for so long.
    pub(super) async fn work(&self, every: Duration, time: Duration) {
        let until = self.now() + time;
        while self.now() < until {
            self.worker.tick().await.unwrap();
            self.pass(every).await;
        }
    }

    pub(super) fn now(&self) -> Duration {
        sociogram_api_core::Timer::monotonic(&self.clock)
    }

    pub(super) fn row(&self, key: (TenantId, ConnectionId)) -> StoredToken {
        self.store.peek(key).unwrap()
    }

    pub(super) fn state(&self, connection: ConnectionId) -> ConnectionState {
        self.row((TENANT, connection)).state
    }

    /// What is in the audit of a tenant about these actions, the oldest first.
    pub(super) async fn audit(
        &self,
        tenant: TenantId,
        actions: &[AuditAction],
    ) -> Vec<(AuditAction, String)> {
        let mut query = AuditQuery::latest(1_000);
        query.actions = actions.to_vec();
        let page = self.store.query(tenant, query).await.unwrap();
        let reason =
            |reason: Option<crate::AuditReason>| reason.map_or(String::new(), |it| it.as_str().to_owned());
        page.records.into_iter().rev().map(|record| (record.action, reason(record.reason))).collect()
    }

    /// Makes a row due now.
    pub(super) fn make_due(&self, key: (TenantId, ConnectionId)) {
        let now = self.clock.now();
        self.store.overwrite(key, |stored| stored.due_at = Some(now));
    }
}

fn vault(
    store: &Arc<MemoryStore>,
    [facebook, linkedin]: [&Arc<ScriptedRefresh>; 2],
    calls: &Arc<Mutex<Vec<Duration>>>,
    clock: VirtualClock,
) -> Vault {
    let keys = DataKeys::new(Arc::new(LocalKeys::parse(KEY).unwrap()), store.clone());
    let timed = |provider: &Arc<ScriptedRefresh>| {
        Arc::new(Timed { provider: provider.clone(), calls: calls.clone(), clock })
    };
    Vault::builder(store.clone(), keys)
        .timer(Arc::new(clock))
        .app(ProviderId::FACEBOOK, "app", timed(facebook))
        .app(ProviderId::LINKEDIN, "app", timed(linkedin))
        .build()
        .unwrap()
}

/// At most this many calls in any second.
pub(super) fn at_rate(calls: &[Duration], per_second: usize) {
    for window in calls.windows(per_second + 1) {
        let took = window[per_second].saturating_sub(window[0]);
        assert!(took >= Duration::from_millis(999), "{} calls within {took:?}", per_second + 1);
    }
}

/// Writes down when it is called.
#[derive(Debug)]
struct Timed {
    provider: Arc<ScriptedRefresh>,
    calls: Arc<Mutex<Vec<Duration>>>,
    clock: VirtualClock,
}

impl Timed {
    fn called(&self) -> &ScriptedRefresh {
        self.calls.lock().unwrap().push(sociogram_api_core::Timer::monotonic(&self.clock));
        &self.provider
    }
}

#[async_trait]
impl Refresh for Timed {
    fn rotation(&self) -> Rotation {
        self.provider.rotation()
    }

    async fn refresh(&self, current: &TokenSet) -> Result<TokenSet, RefreshError> {
        self.called().refresh(current).await
    }

    async fn derive(&self, parent: &TokenSet, account_id: &str) -> Result<TokenSet, RefreshError> {
        self.called().derive(parent, account_id).await
    }

    async fn check(&self, current: &TokenSet) -> Result<TokenCheck, RefreshError> {
        self.called().check(current).await
    }

    async fn revoke(&self, tokens: &TokenSet) -> Result<bool, RefreshError> {
        self.called().revoke(tokens).await
    }
}

/// Keeps what it takes over, and refuses what it was told to.
#[derive(Debug, Default)]
pub(super) struct Sink {
    pub(super) taken: Mutex<Vec<Event>>,
    /// How many deliveries are refused from now on.
    pub(super) refusals: AtomicU32,
    /// What happens to the events of this connection.
    pub(super) trap: Mutex<Option<(ConnectionId, Trap)>>,
    pub(super) offered: AtomicU32,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Trap {
    Refuse,
    Panic,
    Hang,
}

impl Sink {
    pub(super) fn kinds(&self) -> Vec<EventKind> {
        self.taken.lock().unwrap().iter().map(|event| event.kind.clone()).collect()
    }

    pub(super) fn ids(&self) -> Vec<EventId> {
        self.taken.lock().unwrap().iter().map(|event| event.id).collect()
    }

    /// The stages that were told, in order.
    pub(super) fn stages(&self) -> Vec<NoticeStage> {
        let stage = |kind| match kind {
            EventKind::Expiring { stage, .. } => Some(stage),
            _ => None,
        };
        self.kinds().into_iter().filter_map(stage).collect()
    }

    pub(super) fn set_trap(&self, trap: Option<(ConnectionId, Trap)>) {
        *self.trap.lock().unwrap() = trap;
    }
}

#[async_trait]
impl EventSink for Sink {
    async fn deliver(&self, event: &Event) -> Result<(), EventSinkError> {
        self.offered.fetch_add(1, Ordering::Relaxed);
        let trap = self.trap.lock().unwrap().filter(|(connection, _)| *connection == event.connection);
        match trap.map(|(_, trap)| trap) {
            Some(Trap::Refuse) => return Err(EventSinkError::new("not this one")),
            Some(Trap::Panic) => panic!("as planned"),
            Some(Trap::Hang) => std::future::pending().await,
            None => {}
        }
        let refused =
            self.refusals.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        if refused.is_ok() {
            return Err(EventSinkError::new("not now"));
        }
        self.taken.lock().unwrap().push(event.clone());
        Ok(())
    }
}
