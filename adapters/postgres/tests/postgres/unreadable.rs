//! Rows that a newer version wrote.

use std::time::Duration;

use sociogram_oauth_core::TokenKind;
use sociogram_test_postgres::{Database, require_postgres};
use sociogram_token_vault::{
    Amendment, AssetFilter, AssetKey, AssetKind, AssetRepo as _, AuditActor, AuditLog as _, AuditQuery,
    Claim, ConnectionFilter, ConnectionRepo as _, ConnectionState, CrossTenant as _, EventKind,
    EventQueue as _, Generation, LeaseOwner, Link, NewAsset, NoticeStage, Notified, Retire, Retirement,
    RevocationQueue as _, StoreErrorKind, TokenStore as _,
};

use crate::{
    bench::{migrated, run, store, worker},
    fixtures::{TENANT, account, connect, id, no_notes, stored},
};

const MINUTE: Duration = Duration::from_secs(60);

/// Changes rows as a newer version would, in spite of row security.
async fn change(database: &Database, sql: &str) {
    run(&database.admin_url(), sql).await;
}

#[tokio::test]
async fn an_unknown_word_makes_one_row_unreadable_and_no_other() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    let changes = [
        "state = 'paused'",
        "state = 'needs_reauth', state_reason = 'moon_phase'",
        "state = 'connected', state_reason = 'grant_revoked'",
        "token_kind = 'newer_kind'",
        "last_error_class = 'newer_class', last_error_at = now()",
        "last_error_class = 'terminal', last_error_reason = 'newer', last_error_at = now()",
        "strikes = '\"newer\"'",
        "lease_owner = id, lease_phase = 'newer', lease_started_at = now(), lease_until = now()",
        "failures = -1",
        "generation = -1",
    ];
    for (number, set) in (10..).zip(changes) {
        connect(&store, TENANT, number).await;
        change(&database, &format!("update sociogram.connection set {set} where id = '{}'", id(number)))
            .await;
    }
    for number in [1, 200] {
        connect(&store, TENANT, number).await;
    }
    let page = store.list(TENANT, &ConnectionFilter::all(), None, 50).await.unwrap();
    let unreadable: Vec<_> = (10..).take(changes.len()).map(id).collect();
    assert_eq!(page.unreadable, unreadable);
    assert_eq!(page.connections.iter().map(|one| one.id).collect::<Vec<_>>(), [id(1), id(200)]);
    for number in (10..).take(changes.len()) {
        let kinds = [
            store.read(TENANT, id(number)).await.map(drop).map_err(|error| error.kind()),
            store.find(TENANT, id(number)).await.map(drop).map_err(|error| error.kind()),
        ];
        assert_eq!(kinds, [Err(StoreErrorKind::Corrupt); 2], "{}", changes[usize::from(number) - 10]);
        let claim = Claim::new(LeaseOwner::from_bytes([1; 16]), Generation::new(7), MINUTE);
        assert_eq!(store.claim(TENANT, id(number), claim).await.unwrap_err().kind(), StoreErrorKind::Corrupt);
        store.retire(TENANT, id(number), Retire::new(Retirement::Revoked, no_notes())).await.unwrap();
    }
}

#[tokio::test]
async fn an_unreadable_row_is_named_whatever_is_asked_for() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    for number in 1..=4 {
        connect(&store, TENANT, number).await;
    }
    let update =
        |set: &str, number| format!("update sociogram.connection set {set} where id = '{}'", id(number));
    change(&database, &update("state = 'paused'", 1)).await;
    change(&database, &update("token_kind = 'newer'", 2)).await;
    change(&database, &update("origin = 'newer'", 3)).await;
    let filters = [
        ConnectionFilter::all().in_state(ConnectionState::Revoked),
        ConnectionFilter::all().of_kind(TokenKind::LinkedInMember),
        ConnectionFilter::all().of_origin(sociogram_token_vault::Origin::Legacy),
    ];
    for (number, filter) in (1..).zip(filters) {
        let page = store.list(TENANT, &filter, None, 9).await.unwrap();
        assert_eq!((page.connections, page.unreadable), (vec![], vec![id(number)]), "{filter:?}");
    }
    let living = store.holders_of(&database).await;
    assert_eq!(
        living,
        [ConnectionState::BlockedByParent],
        "a state of a newer version is none that has ended"
    );
}

trait Holders {
    async fn holders_of(&self, database: &std::sync::Arc<Database>) -> Vec<ConnectionState>;
}

impl Holders for sociogram_postgres::PostgresStore {
    async fn holders_of(&self, database: &std::sync::Arc<Database>) -> Vec<ConnectionState> {
        let holders = worker(database).await.holders(&account("1")).await.unwrap();
        holders.into_iter().map(|holder| holder.state).collect()
    }
}

#[tokio::test]
async fn a_notice_that_this_version_does_not_know_is_left_out() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    connect(&store, TENANT, 1).await;
    change(&database, "update sociogram.connection set notified = '{token_7d,token_1h}'").await;
    assert_eq!(stored(&store, TENANT, 1).await.notified, Notified::NONE.with(NoticeStage::TokenIn7Days));
}

#[tokio::test]
async fn an_event_that_cannot_be_read_stays_and_holds_up_no_other() {
    require_postgres!();
    let database = migrated().await;
    let (store, worker) = (store(&database).await, worker(&database).await);
    connect(&store, TENANT, 1).await;
    for kind in [EventKind::Blocked, EventKind::Blocked, EventKind::Recovered] {
        let row = stored(&store, TENANT, 1).await;
        store.amend(TENANT, id(1), Amendment::of(&row, no_notes().event(kind))).await.unwrap();
    }
    let newer = "update sociogram.event set kind = '{\"kind\": \"newer\"}' where kind ->> 'kind' = 'blocked'";
    change(&database, newer).await;
    // Two that cannot be read fill the first batch: it must not look like the end of the queue.
    let taken = worker.take_events(2, MINUTE).await.unwrap();
    assert_eq!(taken.iter().map(|event| &event.kind).collect::<Vec<_>>(), [&EventKind::Recovered]);
    assert_eq!(worker.take_events(2, MINUTE).await.unwrap(), []);
    assert_eq!(worker.take_events(0, MINUTE).await.unwrap(), []);
    change(&database, "update sociogram.event set visible_at = now(), kind = '{\"kind\": \"chain_lost\"}'")
        .await;
    let again = worker.take_events(9, MINUTE).await.unwrap();
    let told: Vec<_> = again.iter().map(|event| (&event.kind, event.deliveries)).collect();
    assert_eq!(told, [(&EventKind::ChainLost, 2); 3], "a newer version gets them");
}

#[tokio::test]
async fn a_revocation_of_an_unknown_kind_waits_for_a_version_that_knows_it() {
    require_postgres!();
    let database = migrated().await;
    let (store, worker) = (store(&database).await, worker(&database).await);
    for number in [1, 2] {
        connect(&store, TENANT, number).await;
        let retire = Retire::new(Retirement::Disconnected, no_notes()).keeping_for_revoke();
        store.retire(TENANT, id(number), retire).await.unwrap();
    }
    let newer =
        format!("update sociogram.revocation set token_kind = 'newer' where connection_id = '{}'", id(1));
    change(&database, &newer).await;
    let taken = worker.take_revocations(1, MINUTE).await.unwrap();
    assert_eq!(taken.iter().map(|one| one.connection).collect::<Vec<_>>(), [id(2)]);
}

#[tokio::test]
async fn an_asset_that_cannot_be_read_is_counted() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    for number in [1, 2] {
        connect(&store, TENANT, number).await;
        let asset = NewAsset::new(AssetKind::FacebookPage, number.to_string());
        store.link_assets(TENANT, Link::new(id(number), vec![asset], AuditActor::Service)).await.unwrap();
    }
    let newer = format!("update sociogram.connection set origin = 'newer' where id = '{}'", id(1));
    change(&database, &newer).await;
    let page = store.list_assets(TENANT, &AssetFilter::all(), None, 1).await.unwrap();
    let first = AssetKey::new("app", AssetKind::FacebookPage, "1");
    assert_eq!((page.assets.len(), page.unreadable, page.next.as_ref()), (0, 1, Some(&first)));
    let page = store.list_assets(TENANT, &AssetFilter::all(), page.next.as_ref(), 9).await.unwrap();
    assert_eq!((page.assets.len(), page.unreadable, page.next), (1, 0, None));
    // Whoever unlinks must know what to unsubscribe.
    let gone = store.unlink_assets(TENANT, std::slice::from_ref(&first), AuditActor::Service).await.unwrap();
    assert_eq!(gone.into_iter().map(|asset| asset.key).collect::<Vec<_>>(), [first]);
    assert_eq!(store.query(TENANT, AuditQuery::latest(9)).await.unwrap().records.len(), 3);
}
