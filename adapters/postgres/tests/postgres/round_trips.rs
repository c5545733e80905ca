//! Every method is one statement, and so one round trip and one transaction.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{NewSession, SessionKey, SessionOwner, SessionStore as _};
use sociogram_postgres::{PostgresStore, PostgresWorker};
use sociogram_test_postgres::{Cluster, Database, OwnCluster, Settings, require_postgres};
use sociogram_token_vault::{
    Amendment, AssetFilter, AssetKey, AssetKind, AssetRepo as _, AuditAction, AuditActor, AuditEntry,
    AuditLog as _, AuditQuery, Claim, ConnectionFilter, ConnectionRepo as _, CrossTenant as _, DataKeyId,
    DataKeyState, DataKeyTable as _, Details, EventId, EventQueue as _, Failure, FailureClass, Generation,
    KekId, LeaseOwner, Link, NewAsset, Retire, Retirement, RevocationQueue as _, TokenStore as _, Version,
    Wrapped, WrappedDataKey,
};

use crate::{
    bench::{migrated_on, options},
    fixtures::{TENANT, account, connect, id, login, no_notes, notes, renewal, stored},
};

/// What the server was asked to run since the last look.
pub(crate) struct Wire {
    cluster: OwnCluster,
    seen: usize,
    methods: BTreeSet<&'static str>,
}

impl Wire {
    /// A server that writes down every statement, and a database on it.
    pub(crate) async fn tapped() -> (Self, Arc<Database>) {
        let settings = Settings::default().set("log_statement", "all").set("log_line_prefix", "");
        let cluster = Cluster::own_with(settings).await;
        let database = migrated_on(&cluster).await;
        (Self { cluster, seen: 0, methods: BTreeSet::new() }, database)
    }

    pub(crate) fn new_lines(&mut self) -> Vec<String> {
        let log = self.cluster.log();
        let lines: Vec<_> = log.lines().map(str::to_owned).collect();
        let new = lines[self.seen..].iter().filter(|line| {
            ["execute ", "statement: "].iter().any(|kind| line.contains(kind)) && line.contains("LOG:")
        });
        let new = new.cloned().collect();
        self.seen = lines.len();
        new
    }

    /// Fails unless the call was one statement, which calls a function of the schema.
    pub(crate) fn was_one(&mut self, method: &'static str) {
        let lines = self.new_lines();
        assert_eq!(lines.len(), 1, "{method}: {lines:#?}");
        assert!(lines[0].contains("execute sqlx_s_") && lines[0].contains("select"), "{method}: {lines:#?}");
        assert!(self.methods.insert(method), "{method} was called twice");
    }
}

macro_rules! one_statement_each {
    ($wire:ident: $($store:ident.$method:ident($($argument:expr),* $(,)?);)*) => {
        $(
            $wire.new_lines();
            $store.$method($($argument),*).await.unwrap();
            $wire.was_one(stringify!($method));
        )*
    };
}

#[tokio::test]
async fn every_method_is_one_statement() {
    require_postgres!();
    let (mut wire, database) = Wire::tapped().await;
    let store = PostgresStore::connect(&options(&database.app_url())).await.unwrap();
    let worker = PostgresWorker::connect(store.clone(), &options(&database.worker_url())).await.unwrap();
    for number in 2..6 {
        connect(&store, TENANT, number).await;
    }
    let retire = Retire::new(Retirement::Disconnected, notes()).keeping_for_revoke();
    store.retire(TENANT, id(5), retire.clone()).await.unwrap();
    let claim = Claim::new(LeaseOwner::from_bytes([1; 16]), Generation::new(1), Duration::from_secs(9));
    let (row2, row3) = (stored(&store, TENANT, 2).await, stored(&store, TENANT, 3).await);
    let failure = Failure::of(&row2, FailureClass::Transient, notes());
    let amendment = Amendment::of(&row3, notes());
    let asset = AssetKey::new("app", AssetKind::FacebookPage, "1");
    let link = Link::new(id(2), vec![NewAsset::new(AssetKind::FacebookPage, "1")], AuditActor::Service);
    let wrapped = Wrapped::new(KekId::new("kek"), vec![1]);
    let key =
        WrappedDataKey::new(TENANT, DataKeyId::new(1), 1, wrapped.clone(), [7; 32], Timestamp::UNIX_EPOCH);
    let session = NewSession::new(
        SessionKey::from_bytes([1; 32]),
        SessionOwner::from_bytes([1; 32]),
        vec![1],
        Timestamp::UNIX_EPOCH,
        Timestamp::from_unix_seconds(9),
    );
    let entries = vec![AuditEntry::new(AuditAction::TokenRead)];
    let service = || AuditActor::Service;
    let (filter, all_assets) = (ConnectionFilter::all(), AssetFilter::all());
    let (first, kek, who) = (DataKeyId::new(1), KekId::new("kek"), account("3"));
    let (active, decrypt_only) = (DataKeyState::Active, DataKeyState::DecryptOnly);

    one_statement_each! { wire:
        store.commit_success(TENANT, id(1), login("1"));
        store.read(TENANT, id(1));
        store.claim(TENANT, id(1), claim);
        store.commit_failure(TENANT, id(2), failure);
        store.amend(TENANT, id(3), amendment);
        store.retire(TENANT, id(4), retire);
        store.revisions(TENANT, &[id(1), id(2)]);
        store.find(TENANT, id(1));
        store.find_account(TENANT, &who);
        store.list(TENANT, &filter, None, 9);
        store.children(TENANT, id(1));
        store.rows_under(TENANT, first);
        store.update(TENANT, id(1), Version::new(1), Details::new(), no_notes());
        store.remove(TENANT, id(4), notes());
        store.link_assets(TENANT, link);
        store.find_asset(TENANT, &asset);
        store.standings(TENANT, std::slice::from_ref(&asset));
        store.list_assets(TENANT, &all_assets, None, 9);
        worker.asset_holder(&asset);
        store.unlink_assets(TENANT, std::slice::from_ref(&asset), service());
        store.append(TENANT, service(), None, entries);
        store.query(TENANT, AuditQuery::latest(9));
        store.insert_active_key(key, None);
        store.active_key(TENANT);
        store.find_key(TENANT, first);
        store.list_keys(TENANT);
        store.add_messages(TENANT, first, 9);
        store.replace_wrapped(TENANT, first, &wrapped, wrapped.clone());
        store.set_key_state(TENANT, first, active, decrypt_only);
        store.destroy_keys(TENANT);
        store.put(session);
        store.take(&SessionKey::from_bytes([1; 32]), Timestamp::UNIX_EPOCH);
        store.purge_sessions(9);
        worker.due_batch(9, Duration::from_secs(9));
        worker.take_events(9, Duration::from_secs(9));
        worker.ack_events(&[EventId::from_bytes([1; 16])]);
        worker.take_revocations(9, Duration::from_secs(9));
        worker.finish_revocation(TENANT, id(5), Generation::new(1), notes());
        worker.holders(&who);
        worker.keys_under(&kek, None, 9);
        worker.count_by_kek();
        worker.census();
        worker.trim_audit(Timestamp::UNIX_EPOCH, 9);
        worker.erase_account(&who, service());
        worker.erase_tenant(TENANT, service());
    }
    assert_eq!(wire.methods.len(), 45);

    // Who loses a commit learns what is stored without asking again.
    connect(&store, TENANT, 7).await;
    wire.new_lines();
    store.commit_success(TENANT, id(7), renewal(9, 9)).await.unwrap();
    wire.was_one("a lost commit");
}
