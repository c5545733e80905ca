use std::time::Duration;

use sociogram_api_core::{Timestamp, testing::ManualClock};
use sociogram_oauth_core::{
    AccessToken, Expiry, ProviderId, ReauthReason, RefreshToken, Rotation, ScopeRequest, ScopeSet, TokenKind,
    TokenSet,
};

use super::*;
use crate::testing::{Answer, Call, ScriptedRefresh};
use crate::{
    Account, AssetFilter, AssetKey, AssetKind, AuditAction, AuditActor, AuditEntry, AuditQuery, AuditReason,
    ConnectionFilter, ConnectionState, DataKeyTable, EventKind, EventQueue, Generation, Link, LinkOutcome,
    LocalKeys, MemoryStore, NewAsset, NewConnection, Notified, Origin, Refusal, RevocationQueue, SealFault,
    Unusable, Version, Warning,
    testing::{Fault, FaultyStore},
};

mod assets;
mod audit;
mod callbacks;
mod checklist;
mod connecting;
mod derived;
mod ends;
mod handing_out;
mod health;
mod legacy;
mod renewed_elsewhere;
mod retired_keys;
mod sealing;
mod system_health;

const TENANT: TenantId = TenantId::from_bytes([1; 16]);
const OTHER: TenantId = TenantId::from_bytes([2; 16]);
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const NEW_KEY: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";
const START: i64 = 1_800_000_000;
const DAY: i64 = 86_400;

struct World {
    store: Arc<MemoryStore>,
    clock: ManualClock,
    /// The provider of the apps that a vault knows, if it knows any.
    provider: Arc<ScriptedRefresh>,
    vault: Vault,
}

impl World {
    /// Of a vault that knows no app.
    fn new() -> Self {
        let clock = ManualClock::at(Timestamp::from_unix_seconds(START));
        let store = Arc::new(MemoryStore::with_clock(Arc::new(clock.clone())));
        let provider = ScriptedRefresh::new(Rotation::None, Arc::new(clock.clone()));
        let vault = process(&store, &clock, KEY);
        Self { store, clock, provider, vault }
    }

    /// Of a vault that knows the app that everybody logs in with.
    fn with_app() -> Self {
        let mut world = Self::new();
        world.vault = world
            .with(|builder| builder.app(ProviderId::FACEBOOK, "app", Arc::clone(&world.provider) as Arc<_>));
        world
    }

    /// Another process over the same store, set up differently.
    fn with(&self, settings: impl FnOnce(VaultBuilder) -> VaultBuilder) -> Vault {
        let keys = DataKeys::new(Arc::new(LocalKeys::parse(KEY).unwrap()), self.store.clone());
        let builder = Vault::builder(self.store.clone(), keys).timer(Arc::new(self.clock.clone()));
        settings(builder).build().unwrap()
    }

    /// Another process over the same stores, with these keys.
    fn process(&self, keys: &str) -> Vault {
        process(&self.store, &self.clock, keys)
    }

    fn advance(&self, seconds: i64) {
        self.clock.advance(Duration::from_secs(u64::try_from(seconds).unwrap()));
    }

    async fn connect(&self, tenant: TenantId, user: &str, tokens: &TokenSet) -> ConnectionId {
        self.vault.connect(login(tenant, user), tokens).await.unwrap().id
    }

    /// A person's login at the provider, connected to [`TENANT`].
    async fn person(&self, user: &str) -> ConnectionId {
        self.connect(TENANT, user, &self.provider.log_in(TokenKind::MetaUserLong, user)).await
    }

    fn stored(&self, connection: ConnectionId) -> StoredToken {
        self.store.peek((TENANT, connection)).unwrap()
    }

    /// What was done with the tenant's connections and is still to be told, the oldest first.
    async fn told(&self, tenant: TenantId) -> Vec<EventKind> {
        let events = self.store.take_events(1_000, Duration::from_secs(60)).await.unwrap();
        events.into_iter().filter(|event| event.tenant == tenant).map(|event| event.kind).collect()
    }

    /// The actions in the audit and who did them, the oldest first.
    async fn audited(&self, tenant: TenantId) -> Vec<(AuditAction, AuditActor)> {
        let page = self.vault.audit(tenant, AuditQuery::latest(1_000)).await.unwrap();
        page.records.into_iter().rev().map(|one| (one.action, one.actor)).collect()
    }
}

fn process(store: &Arc<MemoryStore>, clock: &ManualClock, keys: &str) -> Vault {
    let keys = DataKeys::new(Arc::new(LocalKeys::parse(keys).unwrap()), store.clone());
    Vault::builder(store.clone(), keys).timer(Arc::new(clock.clone())).build().unwrap()
}

fn login(tenant: TenantId, user: &str) -> NewConnection {
    NewConnection::new(tenant, Account::new(ProviderId::FACEBOOK, "app", user))
}

fn tokens(text: &str) -> TokenSet {
    TokenSet::new(text.into(), TokenKind::MetaUserLong)
        .with_expiry(Expiry::At(Timestamp::from_unix_seconds(START + 60 * DAY)))
}

async fn token(vault: &Vault, tenant: TenantId, connection: ConnectionId) -> String {
    vault.resolve(tenant, connection).await.unwrap().token.expose().to_owned()
}

async fn refusal(vault: &Vault, tenant: TenantId, connection: ConnectionId) -> VaultError {
    vault.resolve(tenant, connection).await.unwrap_err()
}

fn faulty(world: &World) -> (Arc<FaultyStore>, Vault) {
    let store = FaultyStore::over(world.store.clone());
    let keys = DataKeys::new(Arc::new(LocalKeys::parse(KEY).unwrap()), world.store.clone());
    let vault = Vault::builder(store.clone(), keys).timer(Arc::new(world.clock.clone())).build().unwrap();
    (store, vault)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(START + seconds)
}

fn user(name: &str) -> AuditActor {
    AuditActor::User(name.to_owned())
}

fn pages(ids: &[&str]) -> Vec<NewAsset> {
    ids.iter().map(|id| NewAsset::new(AssetKind::FacebookPage, *id)).collect()
}

fn page_key(id: &str) -> AssetKey {
    AssetKey::new("app", AssetKind::FacebookPage, id)
}

/// Lets what runs beside the callers come to its end.
async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}
