//! Connections that end, and grants that are withdrawn afterwards.

use super::{
    bench::{Bench, one, race, several},
    fixtures::{
        MINUTE, TENANT, account, actions, claim, connect, connect_to, derive, describe_kinds, disconnect,
        done, events, id, login, no_notes, notes, ok, put_into, renewal, same, sealed, stored, superseded,
        won,
    },
};
use crate::{
    AuditAction, Committed, ConnectionState, EventKind, Generation, Retire, Retired, Retirement, Success,
};
use sociogram_oauth_core::TokenKind;

fn end(how: Retirement) -> Retire {
    Retire::new(how, no_notes())
}

/// From then on there is nothing to hand out, whatever was stored.
pub async fn retiring_deletes_the_secrets_and_raises_the_generation(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    for (number, how) in [(1, Retirement::Disconnected), (2, Retirement::Revoked), (3, Retirement::Revoked)] {
        connect(&store, number).await;
        if number == 3 {
            // A state alone deletes nothing.
            put_into(&store, number, how.state()).await;
        }
        let before = stored(&store, number).await;
        let retired = ok(store.retire(TENANT, id(number), end(how)).await);
        let row = stored(&store, number).await;
        let (generation, revision) = (row.generation, row.revision);
        assert_eq!(retired, Retired::Done { generation, revision, assets: Vec::new() });
        assert_eq!((generation, row.sealed), (Generation::new(2), None));
        assert_eq!(row.state, how.state());
        assert!(revision > before.revision);
        same(&row.token, &before.token, "what is known of the token");
    }
}

/// A renewal that was under way cannot bring the token back.
pub async fn a_commit_under_way_fails_after_the_end(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    let (_, row, _) = won(store.claim(TENANT, id(1), claim(1)).await);
    disconnect(&store, 1).await;
    let late = renewal(row.generation, 2);
    assert_eq!(superseded(store.commit_success(TENANT, id(1), late).await).sealed, None);
    superseded(store.commit_failure(TENANT, id(1), super::fixtures::failure(&row)).await);
    let after = stored(&store, 1).await;
    assert_eq!((after.sealed, after.state), (None, ConnectionState::Disconnected));
}

/// Nobody looks at it any more.
pub async fn retiring_ends_lease_and_due_time(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let now = control.now().await;
    done(store.commit_success(TENANT, id(1), login("1").with_due_at(Some(now))).await);
    won(store.claim(TENANT, id(1), claim(1)).await);
    disconnect(&store, 1).await;
    let row = stored(&store, 1).await;
    assert_eq!((row.lease, row.due_at), (None, None));
    assert_eq!(ok(store.due_batch(10, MINUTE).await), []);
}

/// A second click is no second disconnect.
pub async fn retiring_again_changes_nothing(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    disconnect(&store, 1).await;
    let before = stored(&store, 1).await;
    let again = Retire::new(Retirement::Disconnected, notes()).keeping_for_revoke();
    assert_eq!(ok(store.retire(TENANT, id(1), again).await), Retired::Already);
    same(&stored(&store, 1).await, &before, "what is stored");
    assert_eq!(actions(&store, TENANT).await, []);
    assert_eq!(ok(store.take_revocations(10, MINUTE).await), []);
}

/// The provider confirms, after the connection was disconnected here.
pub async fn a_disconnected_connection_may_become_revoked(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    disconnect(&store, 1).await;
    let retired = ok(store.retire(TENANT, id(1), Retire::new(Retirement::Revoked, notes())).await);
    assert!(matches!(retired, Retired::Done { .. }), "{retired:?}");
    assert_eq!(stored(&store, 1).await.state, ConnectionState::Revoked);
    assert_eq!(actions(&store, TENANT).await, [AuditAction::AdminForce]);
}

/// Of fifty that end it at once one tells the product.
pub async fn one_of_fifty_concurrent_retirements_counts(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    connect(&handles[0], 1).await;
    let results = race(&handles, |store, _| async move {
        let notes = no_notes().event(EventKind::Disconnected);
        ok(store.retire(TENANT, id(1), Retire::new(Retirement::Disconnected, notes)).await)
    })
    .await;
    let done = results.iter().filter(|one| matches!(one, Retired::Done { .. })).count();
    let already = results.iter().filter(|one| **one == Retired::Already).count();
    assert_eq!((done, already), (1, 49));
    assert_eq!(describe_kinds(&events(&handles[0]).await), [EventKind::Disconnected]);
    assert_eq!(stored(&handles[0], 1).await.generation, Generation::new(2));
}

/// Whoever comes first, in the end the secrets are gone.
pub async fn the_end_wins_over_every_commit_under_way(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    for number in 1..6 {
        connect(&handles[0], number).await;
        race(&handles, move |store, runner| async move {
            if runner == 25 {
                ok(store.retire(TENANT, id(number), end(Retirement::Disconnected)).await);
            } else {
                let committed = store.commit_success(TENANT, id(number), renewal(Generation::new(1), runner));
                assert!(!matches!(ok(committed.await), Committed::Missing));
            }
        })
        .await;
        let row = stored(&handles[0], number).await;
        assert_eq!((row.sealed, row.state), (None, ConnectionState::Disconnected));
    }
}

/// Only a login leads out, under the same id, and generations go on.
pub async fn an_ended_connection_is_connected_again(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    disconnect(&store, 1).await;
    assert_eq!(ok(store.find_account(TENANT, &account("1")).await).map(|found| found.id), Some(id(1)));
    let again = Success { expected: Generation::new(2), ..login("1") };
    done(store.commit_success(TENANT, id(1), again).await);
    let row = stored(&store, 1).await;
    assert_eq!((row.generation, row.state), (Generation::new(3), ConnectionState::Connected));
    assert!(row.sealed == Some(sealed(1)));
}

/// A person whose tokens are derived from a disconnected one needs a login first.
pub async fn a_child_of_an_ended_connection_is_not_connected_again(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    derive(&store, TENANT, 2, 1).await;
    disconnect(&store, 2).await;
    disconnect(&store, 1).await;
    let connect = crate::Connect::new(account("2"), crate::Details::new()).derived_from(id(1));
    let again = Success { expected: Generation::new(2), ..login("") }.with_connect(connect);
    assert_eq!(ok(store.commit_success(TENANT, id(2), again).await), Committed::ParentGone);
    assert_eq!(stored(&store, 2).await.sealed, None);
}

/// A secret that nobody is going to use is deleted; one that is to be revoked is kept aside, for that alone.
pub async fn secrets_are_kept_aside_only_when_asked_for(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    connect(&store, 1).await;
    disconnect(&store, 1).await;
    assert_eq!(ok(store.take_revocations(10, MINUTE).await), []);

    connect(&store, 2).await;
    done(store.commit_success(TENANT, id(2), renewal(Generation::new(1), 9)).await);
    let before = control.now().await;
    ok(store.retire(TENANT, id(2), end(Retirement::Disconnected).keeping_for_revoke()).await);
    let mut waiting = ok(store.take_revocations(10, MINUTE).await);
    let Some(kept) = waiting.pop() else { panic!("the secrets were not kept aside") };
    assert_eq!((kept.tenant, kept.connection, &kept.account), (TENANT, id(2), &account("2")));
    assert_eq!((kept.generation, kept.kind), (Generation::new(2), TokenKind::MetaUserLong));
    assert_eq!((kept.sealed, kept.attempts), (sealed(9), 1));
    assert!(kept.since >= before, "the end is not stamped by the store's clock");
    assert_eq!(waiting, []);
    assert_eq!(stored(&store, 2).await.sealed, None, "they are kept aside and nowhere else");
}

/// A worker that dies leaves the work to the next one.
pub async fn a_revocation_is_given_until_it_is_finished(open: impl AsyncFnOnce(usize) -> Bench) {
    let ([first, second], control) = several(open).await;
    for number in [3, 1, 2] {
        connect(&first, number).await;
        ok(first.retire(TENANT, id(number), end(Retirement::Disconnected).keeping_for_revoke()).await);
        control.advance(MINUTE).await;
    }
    let ids = async |limit| -> Vec<_> {
        let taken = ok(first.take_revocations(limit, MINUTE * 5).await);
        taken.into_iter().map(|one| (one.connection, one.attempts)).collect()
    };
    assert_eq!(ids(2).await, [(id(3), 1), (id(1), 1)], "the oldest come first");
    assert_eq!(ids(9).await, [(id(2), 1)], "what somebody has is not given to another");
    let generation = Generation::new(1);
    assert!(ok(second.finish_revocation(TENANT, id(1), generation, notes()).await));
    assert!(!ok(second.finish_revocation(TENANT, id(1), generation, notes()).await));
    let other = Generation::new(2);
    assert!(!ok(second.finish_revocation(TENANT, id(3), other, notes()).await), "another token set's");
    control.advance(MINUTE * 6).await;
    assert_eq!(ids(9).await, [(id(3), 2), (id(2), 2)]);
    assert_eq!(actions(&first, TENANT).await, [AuditAction::AdminForce], "of the one that was there");
}

/// A connection that came back has nothing to do with the token set it had before.
pub async fn a_revocation_outlives_a_new_login(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    connect_to(&store, super::fixtures::OTHER, 1).await;
    ok(store.retire(TENANT, id(1), end(Retirement::Disconnected).keeping_for_revoke()).await);
    let again = Success { expected: Generation::new(2), ..login("1") };
    done(store.commit_success(TENANT, id(1), again).await);
    ok(store.retire(TENANT, id(1), end(Retirement::Disconnected).keeping_for_revoke()).await);
    let generations: Vec<_> =
        ok(store.take_revocations(9, MINUTE).await).into_iter().map(|one| one.generation.get()).collect();
    assert_eq!(generations, [1, 3]);
    let holders = ok(store.holders(&account("1")).await);
    let living: Vec<_> = holders.iter().filter(|holder| !holder.state.is_retired()).collect();
    assert_eq!(living.len(), 1, "another tenant still lives on the grant");
}
