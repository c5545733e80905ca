//! What one tenant sees of another, and what looks across them.

use super::{
    bench::{Bench, Handle, one},
    fixtures::{
        MINUTE, OTHER, TENANT, account, actions, at, audit, claim, connect, connect_to, derive,
        describe_kinds, described, details, disconnect, done, events, failure, id, login, no_notes, notes,
        ok, put_into, renewal, same, sealed, stored, user,
    },
};
use crate::{
    Account, Amendment, AssetFilter, AssetKey, AssetKind, AuditAction, AuditActor, AuditEntry, Census,
    Claimed, Committed, Connect, ConnectionFilter, ConnectionState, DataKeyId, EventKind, Generation, KekId,
    Link, NewAsset, Removed, Retire, Retired, Retirement, Sealed, SealedTokens, Success, Updated, Version,
    Wrapped, WrappedDataKey,
};
use sociogram_oauth_core::{ProviderId, ReauthReason, TenantId};

/// Whatever a tenant does with another one's id is as if there were nothing.
pub async fn a_row_of_another_tenant_does_not_exist(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let before = connect(&store, 1).await;
    derive(&store, TENANT, 2, 1).await;
    let view = described(&store, 1).await;
    let linked = Link::new(id(1), vec![NewAsset::new(AssetKind::FacebookPage, "1")], user());
    ok(store.link_assets(TENANT, linked.clone()).await);

    assert!(ok(store.read(OTHER, id(1)).await).is_none() && ok(store.find(OTHER, id(1)).await).is_none());
    assert!(ok(store.find_account(OTHER, &account("1")).await).is_none());
    assert_eq!(ok(store.claim(OTHER, id(1), claim(1)).await), Claimed::Missing);
    let mut failed = failure(&before);
    failed.notes = notes();
    let commits = [
        store.commit_success(OTHER, id(1), renewal(Generation::new(1), 2)).await,
        store.commit_failure(OTHER, id(1), failed).await,
        store.amend(OTHER, id(1), Amendment::of(&before, notes())).await,
    ];
    for committed in commits {
        assert_eq!(ok(committed), Committed::Missing);
    }
    let retired = store.retire(OTHER, id(1), Retire::new(Retirement::Disconnected, notes())).await;
    assert_eq!(ok(retired), Retired::Missing);
    assert_eq!(ok(store.revisions(OTHER, &[id(1)]).await), []);
    assert_eq!(ok(store.children(OTHER, id(1)).await), []);
    assert_eq!(ok(store.list(OTHER, &ConnectionFilter::all(), None, 9).await).connections, []);
    let updated = store.update(OTHER, id(1), Version::new(1), details("theirs"), notes()).await;
    assert_eq!(ok(updated), Updated::Missing);
    assert_eq!(ok(store.remove(OTHER, id(1), notes()).await), Removed::Missing);
    assert_eq!(ok(store.link_assets(OTHER, linked).await), crate::Linked::NoConnection);
    assert_eq!(ok(store.list_assets(OTHER, &AssetFilter::of(id(1)), None, 9).await).assets, []);
    assert!(!ok(store.finish_revocation(OTHER, id(1), Generation::new(1), notes()).await));
    assert_eq!(audit(&store, OTHER).await, []);

    same(&stored(&store, 1).await, &before, "the row");
    same(&described(&store, 1).await, &view, "the connection");
}

/// One id may be used by two tenants: they are two rows.
pub async fn two_tenants_may_use_one_id(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    for (tenant, secret) in [(TENANT, 7), (OTHER, 8)] {
        done(store.commit_success(tenant, id(1), Success { sealed: sealed(secret), ..login("1") }).await);
    }
    disconnect(&store, 1).await;
    let other = ok(store.read(OTHER, id(1)).await);
    assert_eq!(other.and_then(|row| row.sealed), Some(sealed(8)));
    assert_eq!(stored(&store, 1).await.sealed, None);
}

/// A deauthorize callback names an account; it may be connected by several tenants.
pub async fn holders_are_found_in_every_tenant(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect_to(&store, OTHER, 1).await;
    connect_to(&store, TENANT, 1).await;
    connect_to(&store, TENANT, 2).await;
    disconnect(&store, 1).await;
    let holders = ok(store.holders(&account("1")).await);
    let told: Vec<_> = holders.iter().map(|one| (one.tenant, one.connection, one.state)).collect();
    let expected =
        [(TENANT, id(1), ConnectionState::Disconnected), (OTHER, id(1), ConnectionState::Connected)];
    assert_eq!(told, expected);
    let other_app = Account { app_id: "other".to_owned(), ..account("1") };
    assert_eq!(ok(store.holders(&other_app).await), []);
}

/// The operator sees how many there are and what waits, and nothing about whose they are.
pub async fn a_census_counts_what_there_is(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    same(&ok(store.census().await), &Census::new(), "the census of an empty store");
    for (tenant, number, due) in
        [(TENANT, 1, 40), (OTHER, 2, 30), (TENANT, 3, 10), (TENANT, 4, 20), (OTHER, 5, 50)]
    {
        let mut success = login(&number.to_string()).with_due_at(Some(at(due)));
        success.notes = notes();
        done(store.commit_success(tenant, id(number), success).await);
    }
    let linkedin = Account::new(ProviderId::LINKEDIN, "app", "6");
    done(
        store
            .commit_success(TENANT, id(6), login("").with_connect(Connect::new(linkedin, details("x"))))
            .await,
    );
    put_into(&store, 4, ConnectionState::NeedsReauth(ReauthReason::AppRemoved)).await;
    control.spoil(OTHER, id(5)).await;
    let retire = Retire::new(Retirement::Disconnected, no_notes()).keeping_for_revoke();
    ok(store.retire(TENANT, id(3), retire).await);

    let census = ok(store.census().await);
    let counts = census.connections.iter().map(|one| (one.provider.as_str(), one.state, one.count));
    let expected = [
        ("facebook", "connected", 2),
        ("facebook", "disconnected", 1),
        ("facebook", "needs_reauth", 1),
        ("facebook", "unreadable", 1),
        ("linkedin", "connected", 1),
    ];
    assert_eq!(counts.collect::<Vec<_>>(), expected);
    assert_eq!(census.oldest_due, Some(at(20)), "what has ended is never due");
    assert_eq!((census.events_waiting, census.revocations_waiting), (5, 1));
    let taken = (events(&store).await, ok(store.take_revocations(9, MINUTE).await));
    assert_eq!((taken.0.len(), taken.1.len()), (5, 1));
    same(&ok(store.census().await), &census, "the census of what was handed out and not finished");
    ok(store.ack_events(&[taken.0[0].id]).await);
    assert_eq!(ok(store.census().await).events_waiting, 4);
}

async fn left(store: &Handle, tenant: TenantId) -> Vec<u8> {
    let page = ok(store.list(tenant, &ConnectionFilter::all(), None, 100).await);
    let mut numbers: Vec<_> = page.connections.iter().map(|one| one.id).chain(page.unreadable).collect();
    numbers.sort_unstable();
    numbers.into_iter().map(|id| id.as_bytes()[0]).collect()
}

/// The person's connections and all that is derived from them go, in every tenant, readable or not; nothing else
/// does.
pub async fn erasing_an_account_takes_all_that_is_derived_from_it(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    for tenant in [TENANT, OTHER] {
        connect_to(&store, tenant, 1).await;
        connect_to(&store, tenant, 2).await;
    }
    derive(&store, TENANT, 3, 1).await;
    derive(&store, TENANT, 4, 3).await;
    derive(&store, TENANT, 5, 2).await;
    let linked = Link::new(id(3), vec![NewAsset::new(AssetKind::FacebookPage, "1")], user());
    ok(store.link_assets(TENANT, linked).await);
    let retire = Retire::new(Retirement::Disconnected, notes()).keeping_for_revoke();
    ok(store.retire(TENANT, id(4), retire).await);
    control.spoil(OTHER, id(1)).await;
    // It was connected before, and removed; its grant is still to be withdrawn.
    let third = TenantId::from_bytes([3; 16]);
    connect_to(&store, third, 1).await;
    let retire = Retire::new(Retirement::Disconnected, no_notes()).keeping_for_revoke();
    ok(store.retire(third, id(1), retire).await);
    ok(store.remove(third, id(1), no_notes()).await);

    let erased = ok(store.erase_account(&account("1"), AuditActor::Provider).await);
    assert_eq!(erased, [(TENANT, id(1)), (TENANT, id(3)), (TENANT, id(4)), (OTHER, id(1))]);
    assert_eq!((left(&store, TENANT).await, left(&store, OTHER).await), (vec![2, 5], vec![2]));
    assert_eq!(ok(store.take_revocations(9, MINUTE).await), [], "a kept secret was left");
    assert_eq!(ok(store.asset_holder(&AssetKey::new("app", AssetKind::FacebookPage, "1")).await), None);
    let told: Vec<_> = events(&store).await.into_iter().map(|one| (one.connection, one.kind)).collect();
    let erased = [id(1), id(3), id(4), id(1)].map(|id| (id, EventKind::Erased));
    assert_eq!(told.len(), 4, "what else waited about them is gone: {told:?}");
    assert!(erased.iter().all(|event| told.contains(event)), "{told:?}");
    let entries = audit(&store, TENANT).await;
    let kept: Vec<_> = entries.iter().filter(|entry| entry.action == AuditAction::Erased).collect();
    assert_eq!(kept.len(), 3);
    assert!(kept.iter().all(|entry| entry.actor == AuditActor::Provider));
    assert!(entries.iter().any(|entry| entry.action == AuditAction::AdminForce), "the audit stays");
    let of_third = entries.iter().filter(|entry| entry.connection == Some(id(3)));
    assert!(of_third.clone().count() >= 3 && of_third.clone().all(|entry| entry.asset.is_none()));
    let late = store.commit_success(TENANT, id(1), renewal(Generation::new(1), 2)).await;
    assert_eq!(ok(late), Committed::Missing);
    assert_eq!(ok(store.commit_success(TENANT, id(1), login("1")).await), Committed::Missing);
    assert_eq!(ok(store.erase_account(&account("1"), AuditActor::Provider).await), []);
}

/// Rows, keys, assets and everything that waits go; the audit names nobody any more.
pub async fn erasing_a_tenant_leaves_an_audit_without_people(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    for tenant in [TENANT, OTHER] {
        connect_to(&store, tenant, 1).await;
        connect_to(&store, tenant, 2).await;
        let asset = NewAsset::new(AssetKind::FacebookPage, tenant.to_string());
        ok(store.link_assets(tenant, Link::new(id(2), vec![asset], user())).await);
        let retire = Retire::new(Retirement::Disconnected, notes()).keeping_for_revoke();
        ok(store.retire(tenant, id(1), retire.clone()).await);
        // Of a connection that was removed, what waits is left.
        connect_to(&store, tenant, 3).await;
        ok(store.retire(tenant, id(3), retire).await);
        ok(store.remove(tenant, id(3), notes()).await);
        let wrapped = Wrapped::new(KekId::new("kek"), vec![1]);
        let row = WrappedDataKey::new(tenant, DataKeyId::new(1), 1, wrapped, [7; 32], at(0));
        ok(store.insert_active_key(row, None).await);
        ok(store
            .append(tenant, AuditActor::Provider, None, vec![AuditEntry::new(AuditAction::Revoked)])
            .await);
    }
    let others_audit = audit(&store, OTHER).await;
    let erased = ok(store.erase_tenant(TENANT, AuditActor::Operator("ops".to_owned())).await);
    assert_eq!(erased, 2);
    assert_eq!((left(&store, TENANT).await, left(&store, OTHER).await), (vec![], vec![1, 2]));
    assert!(ok(store.active_key(TENANT).await).is_none() && ok(store.active_key(OTHER).await).is_some());
    assert_eq!(ok(store.list_assets(TENANT, &AssetFilter::all(), None, 9).await).assets, []);
    assert_eq!(ok(store.list_assets(OTHER, &AssetFilter::all(), None, 9).await).assets.len(), 1);
    let waiting = ok(store.take_revocations(9, MINUTE).await);
    assert_eq!(waiting.iter().map(|one| one.tenant).collect::<Vec<_>>(), [OTHER, OTHER]);
    let told = events(&store).await;
    assert_eq!(describe_kinds(&told), vec![EventKind::Recovered; 3]);
    assert!(told.iter().all(|event| event.tenant == OTHER));

    let entries = audit(&store, TENANT).await;
    assert!(entries.iter().all(|one| matches!(one.actor, AuditActor::Erased | AuditActor::Provider)));
    assert!(entries.iter().all(|one| one.asset.is_none()), "the id of an asset may be that of a person");
    assert!(
        entries.iter().any(|one| one.action == AuditAction::Revoked && one.actor == AuditActor::Provider)
    );
    assert_eq!(actions(&store, TENANT).await.last(), Some(&AuditAction::Erased));
    assert!(actions(&store, TENANT).await.contains(&AuditAction::AssetLinked), "the audit stays");
    same(&audit(&store, OTHER).await, &others_audit, "the other tenant's audit");
}

/// A tenant that was erased may begin again.
pub async fn an_erased_tenant_may_begin_again(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    ok(store.erase_tenant(TENANT, AuditActor::Service).await);
    let connect = Connect::new(account("1"), details("again"));
    let again = Success { notes: no_notes(), ..login("") }.with_connect(connect);
    done(store.commit_success(TENANT, id(2), again).await);
    assert_eq!(stored(&store, 2).await.generation, Generation::new(1));
    assert_eq!(ok(store.erase_tenant(TENANT, AuditActor::Service).await), 1);
}

/// `Debug` of a store and of its errors is for logs: it shows neither secrets, sealed as they are, nor people.
pub async fn debug_shows_no_rows(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let mut success = login("PERSON");
    success.sealed = SealedTokens::new(Sealed::from_bytes(b"CAN".repeat(20)), None);
    done(store.commit_success(TENANT, id(1), success).await);
    let linked = vec![NewAsset::new(AssetKind::FacebookPage, "PERSON's page")];
    ok(store.link_assets(TENANT, Link::new(id(1), linked, AuditActor::User("PERSON".to_owned()))).await);
    control.spoil(TENANT, id(1)).await;
    let mut text = format!("{store:?} {store:#?}");
    for error in
        [store.read(TENANT, id(1)).await.err(), store.find_account(TENANT, &account("PERSON")).await.err()]
    {
        let Some(error) = error else { panic!("the row was read although it is spoilt") };
        text = format!("{text} {error} {error:?} {error:#?}");
    }
    // Without spaces, so that lists in one line and in many look the same.
    text.retain(|c| !c.is_whitespace());
    for trace in ["CANCAN", "67,65,78", "43414e", "43414E", "43,41,4e", "Q0FOQ0FO", "PERSON"] {
        assert!(!text.contains(trace), "a row shows as {trace}");
    }
}
