use std::sync::atomic::{AtomicI64, Ordering};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{Expiry, ProviderId, RefreshToken, ScopeRequest, ScopeSet, TokenKind, TokenSet};

use super::*;
use crate::{
    Account, AuditLog, AuditQuery, ConnectionState, DataKeyTable, EventKind, EventQueue, Generation,
    LocalKeys, MemoryStore, NewConnection, Origin, ReauthReason, SealFault, Version, Warning,
    testing::{Fault, FaultyStore},
};

mod checklist;
mod sealing;

const TENANT: TenantId = TenantId::from_bytes([1; 16]);
const OTHER: TenantId = TenantId::from_bytes([2; 16]);
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const NEW_KEY: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";
const START: i64 = 1_800_000_000;
const DAY: i64 = 86_400;

#[derive(Debug)]
struct TestClock(AtomicI64);

impl TestClock {
    fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.0.load(Ordering::Relaxed))
    }
}

struct World {
    store: Arc<MemoryStore>,
    clock: Arc<TestClock>,
    vault: Vault,
}

impl World {
    fn new() -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(START)));
        let store = Arc::new(MemoryStore::with_clock(clock.clone()));
        let vault = process(&store, &clock, KEY);
        Self { store, clock, vault }
    }

    /// Another process over the same stores, with these keys.
    fn process(&self, keys: &str) -> Vault {
        process(&self.store, &self.clock, keys)
    }

    async fn connect(&self, tenant: TenantId, user: &str, tokens: &TokenSet) -> ConnectionId {
        self.vault.connect(login(tenant, user), tokens).await.unwrap().id
    }
}

fn process(store: &Arc<MemoryStore>, clock: &Arc<TestClock>, keys: &str) -> Vault {
    let keys = DataKeys::new(Arc::new(LocalKeys::parse(keys).unwrap()), store.clone());
    Vault::builder(store.clone(), store.clone(), keys).clock(clock.clone()).build()
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

#[tokio::test]
async fn what_is_put_in_comes_out() {
    let world = World::new();
    let set = tokens("EAAB-1").with_scopes(ScopeSet::parse("pages_show_list"));
    let requested = ScopeRequest::new(ScopeSet::parse("pages_show_list email"));
    let login = login(TENANT, "u").with_display_name("Ada").with_connected_by("user-7");
    let connection = world.vault.connect(login.with_requested(requested), &set).await.unwrap();
    assert_eq!(connection.state, ConnectionState::Connected);
    assert_eq!(connection.details.display_name.as_deref(), Some("Ada"));
    assert_eq!(connection.details.connected_by.as_deref(), Some("user-7"));
    assert_eq!(connection.token.scopes, Some(ScopeSet::parse("pages_show_list")));
    assert_eq!(connection.missing_scopes(), Some(ScopeSet::parse("email")));

    let resolved = world.vault.resolve(TENANT, connection.id).await.unwrap();
    assert_eq!(resolved.token.expose(), "EAAB-1");
    assert_eq!(resolved.expiry, set.expiry());
    assert_eq!(resolved.kind, TokenKind::MetaUserLong);
    assert_eq!(resolved.warnings, []);
    let again = world.vault.resolve(TENANT, connection.id).await.unwrap();
    assert!(Arc::ptr_eq(&resolved.token, &again.token));
}

#[tokio::test]
async fn an_account_connected_again_keeps_its_connection() {
    let world = World::new();
    let first = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    assert_eq!(token(&world.vault, TENANT, first).await, "EAAB-1");
    world.vault.disconnect(TENANT, first).await.unwrap();

    assert_eq!(world.connect(TENANT, "u", &tokens("EAAB-2")).await, first);
    assert_eq!(token(&world.vault, TENANT, first).await, "EAAB-2");
    assert_ne!(world.connect(TENANT, "v", &tokens("EAAB-3")).await, first);
    let elsewhere = world.connect(OTHER, "u", &tokens("EAAB-4")).await;
    assert_eq!(token(&world.vault, OTHER, elsewhere).await, "EAAB-4");
    assert_eq!(token(&world.vault, TENANT, first).await, "EAAB-2");
}

#[tokio::test]
async fn another_tenants_connection_is_told_apart_from_none_by_nothing() {
    let world = World::new();
    let connection = world.connect(OTHER, "u", &tokens("EAAB")).await;
    world.vault.resolve(OTHER, connection).await.unwrap();
    let nowhere = ConnectionId::from_bytes([9; 16]);
    let foreign = refusal(&world.vault, TENANT, connection).await;
    let unknown = refusal(&world.vault, TENANT, nowhere).await;
    assert_eq!(foreign.kind(), ErrorKind::NotFound);
    assert_eq!(format!("{foreign:?}"), format!("{unknown:?}"));

    assert_eq!(world.vault.disconnect(TENANT, connection).await.unwrap_err().kind(), ErrorKind::NotFound);
    let put = world.vault.put(TENANT, connection, &tokens("mine")).await.unwrap_err();
    assert_eq!(put.kind(), ErrorKind::NotFound);
    assert_eq!(token(&world.vault, OTHER, connection).await, "EAAB");
}

#[tokio::test]
async fn a_token_at_its_end_sends_the_person_to_the_login() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    world.clock.advance(60 * DAY - 61);
    world.vault.resolve(TENANT, connection).await.unwrap();
    world.clock.advance(1);
    let error = refusal(&world.vault, TENANT, connection).await;
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
    assert_eq!(error.to_string(), "the account must be connected again: the token has ended");
    assert_eq!(error.user_action(), "send the person through the login again");
}

#[tokio::test]
async fn a_token_without_an_end_is_served_for_ever() {
    let world = World::new();
    for (user, expiry) in [("page", Expiry::Never), ("unknown", Expiry::Unknown)] {
        let set = TokenSet::new(user.into(), TokenKind::MetaPage).with_expiry(expiry);
        let connection = world.connect(TENANT, user, &set).await;
        world.clock.advance(1_000 * DAY);
        let resolved = world.vault.resolve(TENANT, connection).await.unwrap();
        assert_eq!((resolved.expiry, resolved.warnings), (expiry, vec![]));
    }
}

#[tokio::test]
async fn warnings_come_before_the_end() {
    let world = World::new();
    let end = Timestamp::from_unix_seconds(START + 60 * DAY);
    let last = Timestamp::from_unix_seconds(START + 70 * DAY);
    let set = tokens("EAAB").with_refresh(RefreshToken::new("r"), Expiry::At(last));
    let connection = world.connect(TENANT, "u", &set).await;
    let mut now = 0;
    for (day, expected) in [
        (39, vec![]),
        (40, vec![Warning::RefreshEndsSoon { at: last }]),
        (46, vec![Warning::EndsSoon { at: end }, Warning::RefreshEndsSoon { at: last }]),
    ] {
        world.clock.advance((day - now) * DAY);
        now = day;
        assert_eq!(world.vault.resolve(TENANT, connection).await.unwrap().warnings, expected, "day {day}");
    }
}

#[tokio::test]
async fn a_disconnect_is_immediate_here_and_within_the_staleness_elsewhere() {
    let world = World::new();
    let elsewhere = world.process(KEY);
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    for vault in [&world.vault, &elsewhere] {
        assert_eq!(token(vault, TENANT, connection).await, "EAAB");
    }
    world.vault.disconnect(TENANT, connection).await.unwrap();
    assert_eq!(refusal(&world.vault, TENANT, connection).await.kind(), ErrorKind::Reauthorize);
    assert!(world.store.read(TENANT, connection).await.unwrap().unwrap().sealed.is_none());

    world.clock.advance(29);
    assert_eq!(token(&elsewhere, TENANT, connection).await, "EAAB");
    world.clock.advance(1);
    let error = refusal(&elsewhere, TENANT, connection).await;
    assert_eq!(error.to_string(), "the account must be connected again: it was disconnected");
    world.vault.disconnect(TENANT, connection).await.unwrap();
}

#[tokio::test]
async fn a_new_token_is_served_at_once() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    assert_eq!(token(&world.vault, TENANT, connection).await, "EAAB-1");
    let stored = world.vault.put(TENANT, connection, &tokens("EAAB-2")).await.unwrap();
    assert_eq!(stored.version, Version::new(1), "a renewal is no change of the details");
    assert_eq!(token(&world.vault, TENANT, connection).await, "EAAB-2");
}

#[tokio::test]
async fn zero_staleness_looks_every_time() {
    let world = World::new();
    let keys = DataKeys::new(Arc::new(LocalKeys::parse(KEY).unwrap()), world.store.clone());
    let vault = Vault::builder(world.store.clone(), world.store.clone(), keys)
        .clock(world.clock.clone())
        .max_staleness(Duration::ZERO)
        .build();
    let connection = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    assert_eq!(token(&vault, TENANT, connection).await, "EAAB-1");
    world.vault.put(TENANT, connection, &tokens("EAAB-2")).await.unwrap();
    assert_eq!(token(&vault, TENANT, connection).await, "EAAB-2");
}

#[tokio::test]
async fn one_refusal_warns_and_a_later_one_ends_it() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    let source = world.vault.token_source(TENANT, connection);
    let used = source.token().await.unwrap();
    for wait in [0, 30, 29] {
        world.clock.advance(wait);
        source.reject(&used).await;
        let resolved = world.vault.resolve(TENANT, connection).await.unwrap();
        assert_eq!(resolved.warnings, [Warning::Refused]);
    }
    world.clock.advance(1);
    source.reject(&used).await;
    let error = source.token().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
    assert_eq!(
        error.to_string(),
        "the account must be connected again: the provider no longer accepts the token"
    );

    world.vault.put(TENANT, connection, &tokens("EAAB-2")).await.unwrap();
    source.reject(&used).await;
    let resolved = world.vault.resolve(TENANT, connection).await.unwrap();
    assert_eq!((resolved.token.expose(), resolved.warnings), ("EAAB-2", vec![]));
}

#[tokio::test]
async fn a_refusal_from_long_ago_does_not_count() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    let used = AccessToken::new("EAAB");
    world.vault.reject(TENANT, connection, &used).await.unwrap();
    world.clock.advance(DAY);
    world.vault.reject(TENANT, connection, &used).await.unwrap();
    assert_eq!(token(&world.vault, TENANT, connection).await, "EAAB");
    world.clock.advance(60);
    world.vault.reject(TENANT, connection, &used).await.unwrap();
    assert_eq!(refusal(&world.vault, TENANT, connection).await.kind(), ErrorKind::Reauthorize);
}

#[tokio::test]
async fn a_reason_learnt_elsewhere_stops_the_token_but_revives_nothing() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    assert_eq!(token(&world.vault, TENANT, connection).await, "EAAB");
    let reason = ReauthReason::AppRemoved;
    let changed = world.vault.mark_needs_reauth(TENANT, connection, reason).await.unwrap();
    assert_eq!(changed.state, ConnectionState::NeedsReauth(reason));
    let error = refusal(&world.vault, TENANT, connection).await;
    assert_eq!(error.to_string(), "the account must be connected again: the app was removed");

    world.vault.disconnect(TENANT, connection).await.unwrap();
    let unchanged = world.vault.mark_needs_reauth(TENANT, connection, reason).await.unwrap();
    assert_eq!(unchanged.state, ConnectionState::Disconnected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_writers_lose_nothing() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB-0")).await;
    let writers: Vec<_> = (1..=3)
        .map(|n| {
            let vault = world.process(KEY);
            tokio::spawn(async move { vault.put(TENANT, connection, &tokens(&format!("EAAB-{n}"))).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    let record = world.store.read(TENANT, connection).await.unwrap().unwrap();
    assert_eq!(record.generation, Generation::new(4));
    assert_eq!(record.revision.get(), 4);
    assert!(token(&world.process(KEY), TENANT, connection).await.starts_with("EAAB-"));
}

fn faulty(world: &World) -> (Arc<FaultyStore>, Vault) {
    let store = FaultyStore::over(world.store.clone());
    let keys = DataKeys::new(Arc::new(LocalKeys::parse(KEY).unwrap()), world.store.clone());
    let vault = Vault::builder(store.clone(), store.clone(), keys).clock(world.clock.clone()).build();
    (store, vault)
}

#[tokio::test]
async fn a_disconnect_that_failed_is_told_and_may_be_repeated() {
    let world = World::new();
    for fault in [Fault::NothingDone, Fault::AnswerLost] {
        let (store, vault) = faulty(&world);
        let connection = vault.connect(login(TENANT, "u"), &tokens("EAAB")).await.unwrap().id;
        assert_eq!(token(&vault, TENANT, connection).await, "EAAB");
        store.fail("retire", fault, 1);
        let error = vault.disconnect(TENANT, connection).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string()),
            (ErrorKind::Unavailable, "the store does not answer".to_owned())
        );
        let gone = vault.resolve(TENANT, connection).await.is_err();
        assert_eq!(gone, fault == Fault::AnswerLost, "what is stored is what counts, not what is in memory");
        vault.disconnect(TENANT, connection).await.unwrap();
        assert_eq!(refusal(&vault, TENANT, connection).await.kind(), ErrorKind::Reauthorize);
        assert!(world.store.read(TENANT, connection).await.unwrap().unwrap().sealed.is_none());
    }
}

#[tokio::test]
async fn a_disconnect_takes_along_what_is_derived_from_it() {
    let world = World::new();
    let person = world.connect(TENANT, "u", &tokens("EAAB")).await;
    let page = login(TENANT, "u/page").derived_from(person);
    let page = world.vault.connect(page, &tokens("EAAP")).await.unwrap();
    assert_eq!(page.parent, Some(person));
    let deeper = login(TENANT, "u/page/ig").derived_from(page.id);
    let deeper = world.vault.connect(deeper, &tokens("EAAI")).await.unwrap().id;
    let other = world.connect(TENANT, "v", &tokens("EAAB-v")).await;
    for id in [page.id, deeper] {
        world.vault.resolve(TENANT, id).await.unwrap();
    }
    world.vault.disconnect(TENANT, person).await.unwrap();
    for id in [person, page.id, deeper] {
        assert_eq!(refusal(&world.vault, TENANT, id).await.kind(), ErrorKind::Reauthorize);
        assert!(world.store.read(TENANT, id).await.unwrap().unwrap().sealed.is_none());
    }
    assert_eq!(token(&world.vault, TENANT, other).await, "EAAB-v");

    let again = login(TENANT, "u/page").derived_from(person);
    let error = world.vault.connect(again, &tokens("EAAP")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
    assert!(error.to_string().contains("gives access to it"), "{error}");
}

#[tokio::test]
async fn a_pasted_token_is_marked_until_the_account_is_connected_by_a_login() {
    let world = World::new();
    let pasted = login(TENANT, "u").with_display_name("Ada").legacy();
    let pasted = world.vault.connect(pasted, &tokens("EAAB-old")).await.unwrap();
    assert_eq!(pasted.details.origin, Origin::Legacy);
    let connected = world.vault.connect(login(TENANT, "u"), &tokens("EAAB-new")).await.unwrap();
    assert_eq!((connected.id, connected.details.origin), (pasted.id, Origin::OAuth));
    assert_eq!(connected.details.display_name.as_deref(), Some("Ada"), "what a login does not tell stays");
}

#[tokio::test]
async fn what_happens_is_in_the_audit_and_told_to_the_product() {
    let world = World::new();
    let login = || login(TENANT, "u").with_connected_by("user-7");
    let connection = world.vault.connect(login(), &tokens("EAAB-1")).await.unwrap().id;
    world.vault.put(TENANT, connection, &tokens("EAAB-2")).await.unwrap();
    for _ in 0..2 {
        world.vault.reject(TENANT, connection, &AccessToken::new("EAAB-2")).await.unwrap();
        world.clock.advance(60);
    }
    world.vault.connect(login(), &tokens("EAAB-3")).await.unwrap();
    world.vault.mark_needs_reauth(TENANT, connection, ReauthReason::AppRemoved).await.unwrap();
    for _ in 0..2 {
        world.vault.disconnect(TENANT, connection).await.unwrap();
    }
    let page = world.store.query(TENANT, AuditQuery::latest(100)).await.unwrap();
    let told: Vec<_> =
        page.records.iter().rev().map(|one| (one.action.as_str(), one.actor.to_string())).collect();
    let (user, service, provider) = ("user:user-7", "service", "provider");
    let expected = [
        ("connected", user),
        ("refreshed", service),
        ("token_rejected", provider),
        ("token_rejected", provider),
        ("state_changed", provider),
        ("reconnected", user),
        ("state_changed", service),
        ("disconnected", service),
    ];
    assert_eq!(told, expected.map(|(action, actor)| (action, actor.to_owned())));
    let reasons: Vec<_> =
        page.records.iter().rev().filter_map(|one| Some(one.reason.as_ref()?.as_str())).collect();
    assert_eq!(reasons, ["token_rejected", "app_removed"]);
    assert!(page.records.iter().all(|one| one.connection == Some(connection)));

    let events = world.store.take_events(9, Duration::from_secs(60)).await.unwrap();
    let kinds: Vec<_> = events.into_iter().map(|event| event.kind).collect();
    let lost = |reason| EventKind::NeedsReauth { reason };
    assert_eq!(
        kinds,
        [lost(ReauthReason::TokenRejected), lost(ReauthReason::AppRemoved), EventKind::Disconnected]
    );
}

#[tokio::test]
async fn no_secret_is_printed_or_reaches_the_store_in_clear() {
    let world = World::new();
    let (store, vault) = faulty(&world);
    let set = tokens("CANARY-access").with_refresh(RefreshToken::new("CANARY-refresh"), Expiry::Never);
    let connection = vault.connect(login(TENANT, "u"), &set).await.unwrap();
    let resolved = vault.resolve(TENANT, connection.id).await.unwrap();
    let source = vault.token_source(TENANT, connection.id);
    let record = world.store.read(TENANT, connection.id).await.unwrap().unwrap();
    let sealed = record.sealed.clone().unwrap();
    for bytes in [sealed.access.as_bytes(), sealed.refresh.as_ref().unwrap().as_bytes()] {
        assert!(!bytes.windows(6).any(|window| window == b"CANARY"));
    }
    let mut texts = vec![
        format!("{vault:?} {resolved:?} {source:?} {connection:?} {record:?} {:?} {store:?}", world.store),
        format!("{:?}", world.store.active_key(TENANT).await.unwrap()),
        format!("{:?}", world.store.query(TENANT, AuditQuery::latest(9)).await.unwrap()),
        serde_json::to_string(&connection).unwrap(),
    ];
    store.fail("commit_success", Fault::NothingDone, 1);
    let error = vault.put(TENANT, connection.id, &set).await.unwrap_err();
    texts.push(format!("{error} {error:?}"));
    vault.disconnect(TENANT, connection.id).await.unwrap();
    let error = source.token().await.unwrap_err();
    texts.push(format!("{error} {error:?}"));
    for text in texts {
        assert!(!text.contains("CANARY") && !text.contains("67, 65, 78"), "{text}");
        assert!(!text.contains(KEY), "{text}");
    }
}
