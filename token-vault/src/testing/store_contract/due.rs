//! What the worker looks at.

use std::collections::BTreeSet;

use super::{
    bench::{Bench, Handle, one, race, several},
    fixtures::{MINUTE, OTHER, TENANT, claim, connect, done, id, login, no_notes, ok, renewal, stored, won},
};
use crate::{Amendment, Due, Generation, NextLook};
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::TenantId;

async fn connect_due(store: &Handle, tenant: TenantId, number: u8, due_at: Timestamp) {
    let success = login(&number.to_string()).with_due_at(Some(due_at));
    done(store.commit_success(tenant, id(number), success).await);
}

async fn numbers(store: &Handle, limit: usize) -> Vec<u8> {
    let due = ok(store.due_batch(limit, MINUTE * 5).await);
    due.into_iter().map(|due| due.connection.as_bytes()[0]).collect()
}

/// Of all tenants, the longest due first, and no more than asked for.
pub async fn what_is_due_is_given_the_longest_due_first(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let now = control.now().await;
    for (number, minutes) in [(1, 3), (2, 9), (3, 1), (4, 5)] {
        let tenant = if number == 4 { OTHER } else { TENANT };
        connect_due(&store, tenant, number, now.saturating_sub(MINUTE * minutes)).await;
    }
    done(store.commit_success(TENANT, id(2), renewal(Generation::new(1), 2).with_due_at(Some(now))).await);
    let due = ok(store.due_batch(1, MINUTE).await);
    assert_eq!(due, [Due::new(OTHER, id(4), Generation::new(1))]);
    assert_eq!(ok(store.due_batch(9, MINUTE).await).pop(), Some(Due::new(TENANT, id(2), Generation::new(2))));
}

/// Neither what is due later nor what is never due.
pub async fn what_is_not_due_is_not_given(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let later = control.now().await.saturating_add(MINUTE * 10);
    connect_due(&store, TENANT, 1, later).await;
    connect(&store, 2).await;
    assert_eq!(numbers(&store, 9).await, [] as [u8; 0]);
    control.advance(MINUTE * 11).await;
    assert_eq!(numbers(&store, 9).await, [1]);
}

/// A worker that dies leaves the work to the next one.
pub async fn what_was_given_is_hidden_for_a_while(open: impl AsyncFnOnce(usize) -> Bench) {
    let ([first, second], control) = several(open).await;
    let now = control.now().await;
    connect_due(&first, TENANT, 1, now).await;
    assert_eq!(numbers(&first, 9).await, [1]);
    for store in [&first, &second] {
        assert_eq!(numbers(store, 9).await, [] as [u8; 0], "it was given twice");
    }
    let hidden_until = stored(&first, 1).await.due_at;
    assert!(hidden_until >= Some(now.saturating_add(MINUTE * 5)), "{hidden_until:?}");
    control.advance(MINUTE * 6).await;
    assert_eq!(numbers(&second, 9).await, [1], "it was lost");
}

/// Fifty workers share the work.
pub async fn nobody_gets_the_same_work_twice(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, control) = several::<5>(open).await;
    let now = control.now().await;
    for number in 0..100 {
        connect_due(&handles[0], TENANT, number, now).await;
    }
    let given = race(&handles, |store, _| async move {
        let mut mine = numbers(&store, 1).await;
        mine.extend(numbers(&store, 2).await);
        mine
    })
    .await;
    let all: Vec<_> = given.into_iter().flatten().collect();
    let distinct: BTreeSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len(), "a connection was given to two workers");
    let mut rest = numbers(&handles[0], 1_000).await;
    rest.extend(all);
    assert_eq!(rest.len(), 100, "a connection was given to nobody");
}

/// What was done is not due again, and what was decided counts more than the visibility.
pub async fn a_commit_decides_when_it_is_due_next(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let now = control.now().await;
    for number in 1..=3 {
        connect_due(&store, TENANT, number, now).await;
    }
    assert_eq!(numbers(&store, 9).await.len(), 3);
    done(store.commit_success(TENANT, id(1), renewal(Generation::new(1), 2).with_due_at(Some(now))).await);
    let row = stored(&store, 2).await;
    let amendment = Amendment::of(&row, no_notes()).with_next_look(NextLook::Never);
    done(store.amend(TENANT, id(2), amendment).await);
    assert_eq!(numbers(&store, 9).await, [1]);
    done(store.amend(TENANT, id(3), Amendment::of(&stored(&store, 3).await, no_notes())).await);
    control.advance(MINUTE * 6).await;
    let mut rest = numbers(&store, 9).await;
    // A clock that goes on by itself has hidden them one after the other.
    rest.sort_unstable();
    assert_eq!(rest, [1, 3], "what says nothing about the due time leaves it");
}

/// Being looked at takes nothing away from whoever holds a claim.
pub async fn being_given_changes_nothing_else(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    connect_due(&store, TENANT, 1, control.now().await).await;
    let (_, before, _) = won(store.claim(TENANT, id(1), claim(1)).await);
    assert_eq!(numbers(&store, 9).await, [1]);
    let mut after = stored(&store, 1).await;
    after.due_at = before.due_at;
    super::fixtures::same(&after, &before, "the row");
}
