//! A provider, a store, and processes that share them.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use sociogram_api_core::{Clock, Timer, Timestamp};
use sociogram_oauth_core::{ConnectionId, ProviderId, Rotation, TenantId, TokenKind, TokenSet};

use crate::{
    Account, AuditAction, AuditLog as _, AuditQuery, ConnectionState, DataKeys, EventKind, EventQueue as _,
    LocalKeys, MemoryStore, NewConnection, StoredToken, Vault, VaultBuilder, VaultError,
    attempt::Wish,
    scripted_keys::{OLD, ScriptedKeys},
    testing::{Call, FaultyStore, ScriptedRefresh},
    virtual_clock::VirtualClock,
};

pub(crate) const TENANT: TenantId = TenantId::from_bytes([1; 16]);
pub(crate) const GRACE: Rotation = Rotation::Grace(Duration::from_secs(120));
pub(crate) const ROTATIONS: [Rotation; 3] = [Rotation::None, GRACE, Rotation::Strict];
/// What a scripted token lives unless it is told otherwise.
pub(crate) const LIFE: Duration = Duration::from_secs(3600);
pub(crate) const LEASE: Duration = Duration::from_secs(30);

pub(crate) struct World {
    pub(crate) clock: VirtualClock,
    pub(crate) memory: Arc<MemoryStore>,
    pub(crate) provider: Arc<ScriptedRefresh>,
    pub(crate) keys: Arc<ScriptedKeys>,
    /// The first process.
    pub(crate) here: Process,
}

/// One process: a vault and its way to the store.
pub(crate) struct Process {
    pub(crate) store: Arc<FaultyStore>,
    pub(crate) vault: Vault,
}

impl Process {
    pub(crate) async fn renew(&self, id: ConnectionId) -> Result<(), VaultError> {
        self.vault.0.renew((TENANT, id), Wish { force: false }).await
    }

    pub(crate) async fn force(&self, id: ConnectionId) -> Result<(), VaultError> {
        self.vault.0.renew((TENANT, id), Wish { force: true }).await
    }

    pub(crate) async fn token(&self, id: ConnectionId) -> String {
        self.vault.resolve(TENANT, id).await.unwrap().token.expose().to_owned()
    }

    /// Waits until nothing is under way.
    pub(crate) async fn settle(&self, clock: VirtualClock) {
        while !self.vault.0.attempts.tracker.is_empty() {
            clock.sleep(Duration::from_millis(10)).await;
        }
    }
}

impl World {
    pub(crate) fn new(rotation: Rotation) -> Self {
        let clock = VirtualClock::new();
        let memory = Arc::new(MemoryStore::with_clock(Arc::new(clock)));
        let provider = ScriptedRefresh::new(rotation, Arc::new(clock));
        let keys = ScriptedKeys::over(LocalKeys::parse(OLD).unwrap());
        let here = process(&memory, &provider, &keys, clock, |builder| builder);
        Self { clock, memory, provider, keys, here }
    }

    /// Another process.
    pub(crate) fn process(&self) -> Process {
        self.process_with(self.clock, |builder| builder)
    }

    /// Another process with this clock and these settings.
    pub(crate) fn process_with(
        &self,
        clock: impl Timer,
        set_up: impl FnOnce(VaultBuilder) -> VaultBuilder,
    ) -> Process {
        process(&self.memory, &self.provider, &self.keys, clock, set_up)
    }

    pub(crate) async fn pass(&self, time: Duration) {
        self.clock.sleep(time).await;
    }

    /// How long ago that was, by [`Timer::monotonic`].
    pub(crate) fn since(&self, began: Duration) -> Duration {
        self.clock.monotonic().saturating_sub(began)
    }

    /// Until the scripted tokens that were issued so far have ended.
    pub(crate) async fn pass_life(&self) {
        self.pass(LIFE).await;
    }

    pub(crate) async fn log_in(&self, kind: TokenKind, user: &str) -> ConnectionId {
        let tokens = self.provider.log_in(kind, user);
        self.connect(user, &tokens, None).await
    }

    pub(crate) async fn connect(
        &self,
        user: &str,
        tokens: &TokenSet,
        parent: Option<ConnectionId>,
    ) -> ConnectionId {
        let new = NewConnection::new(TENANT, Account::new(ProviderId::FACEBOOK, "app", user));
        let new = NewConnection { parent, ..new };
        self.here.vault.connect(new, tokens).await.unwrap().id
    }

    /// A connection with a rotating refresh token whose access token has ended.
    pub(crate) async fn ended(&self) -> ConnectionId {
        let id = self.log_in(TokenKind::Generic, "u").await;
        self.pass_life().await;
        id
    }

    /// The same while there is still some life left, and a renewal is due.
    pub(crate) async fn due(&self) -> ConnectionId {
        let id = self.log_in(TokenKind::Generic, "u").await;
        self.pass(LIFE.saturating_sub(Duration::from_secs(300))).await;
        id
    }

    pub(crate) fn row(&self, id: ConnectionId) -> StoredToken {
        self.memory.peek((TENANT, id)).unwrap()
    }

    pub(crate) fn state(&self, id: ConnectionId) -> ConnectionState {
        self.row(id).state
    }

    pub(crate) fn refreshes(&self) -> usize {
        self.provider.calls(Call::Refresh)
    }

    /// What the audit says about the connection, the first entry first.
    pub(crate) async fn audit(&self, id: ConnectionId) -> Vec<AuditAction> {
        let query = AuditQuery { connection: Some(id), ..AuditQuery::latest(1000) };
        let page = self.memory.query(TENANT, query).await.unwrap();
        page.records.into_iter().rev().map(|record| record.action).collect()
    }

    /// What the product is told, the first thing first. Everything only once.
    pub(crate) async fn events(&self) -> Vec<EventKind> {
        let events = self.memory.take_events(1000, Duration::ZERO).await.unwrap();
        let ids: Vec<_> = events.iter().map(|event| event.id).collect();
        self.memory.ack_events(&ids).await.unwrap();
        events.into_iter().map(|event| event.kind).collect()
    }
}

/// A person who has one Page.
pub(crate) async fn family(world: &World) -> (ConnectionId, ConnectionId) {
    world.provider.set_life(Duration::from_secs(60 * 24 * 3600));
    let person = world.provider.log_in(TokenKind::MetaUserLong, "u");
    let parent = world.connect("u", &person, None).await;
    let page = world.provider.log_in_page(&person, "page");
    let page = world.connect("page", &page, Some(parent)).await;
    (parent, page)
}

fn process(
    memory: &Arc<MemoryStore>,
    provider: &Arc<ScriptedRefresh>,
    keys: &Arc<ScriptedKeys>,
    clock: impl Timer,
    set_up: impl FnOnce(VaultBuilder) -> VaultBuilder,
) -> Process {
    let store = FaultyStore::over(memory.clone());
    let builder = Vault::builder(store.clone(), DataKeys::new(keys.clone(), memory.clone()))
        .timer(Arc::new(clock))
        .app(ProviderId::FACEBOOK, "app", provider.clone());
    Process { store, vault: set_up(builder).build().unwrap() }
}

/// The clock of a machine that is ahead by this many seconds.
#[derive(Debug)]
pub(crate) struct Ahead(pub(crate) VirtualClock, pub(crate) i64);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.now().as_unix_millis() + self.1 * 1000)
    }
}

impl Timer for Ahead {
    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.0.sleep(duration)
    }
}
