//! What is learnt without a new token set.

use super::{
    bench::{Bench, one, race, several},
    fixtures::{
        MINUTE, TENANT, at, audit, claim, connect, described, done, events, failure, id, no_notes, notes, ok,
        put_into, renewal, same, stored, superseded, winners, won,
    },
};
use crate::{
    Amendment, Checked, ConnectionState, EventKind, Failure, FailureClass, Generation, LastError, NextLook,
    NoticeStage, Notified, StoredToken, Strikes,
};
use sociogram_oauth_core::{Expiry, ReauthReason, ScopeSet};

fn strikes() -> Strikes {
    let mut strikes = Strikes::NONE;
    (strikes.refused, strikes.refused_since, strikes.refused_at) = (2, Some(at(1)), Some(at(2)));
    (strikes.rejected, strikes.rejected_at, strikes.defects) = (3, Some(at(3)), 4);
    strikes
}

/// Class, state, counts, due time: everything is stored, and the token set stays.
pub async fn a_failure_is_stored_with_all_it_says(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let classes = [
        FailureClass::Terminal(ReauthReason::PasswordChanged),
        FailureClass::AppConfig,
        FailureClass::Throttled,
        FailureClass::NotSent,
        FailureClass::Transient,
        FailureClass::Ambiguous,
        FailureClass::Refused,
        FailureClass::Defect,
    ];
    for (number, class) in (1..).zip(classes) {
        let before = connect(&store, number).await;
        let earliest = control.now().await;
        let mut failure = Failure::of(&before, class, no_notes())
            .with_state(ConnectionState::RefreshFailing)
            .with_strikes(strikes())
            .with_next_look(NextLook::At(at(5)));
        failure.failures = 8;
        let revision = done(store.commit_failure(TENANT, id(number), failure).await);
        let row = stored(&store, number).await;
        let Some(error) = row.last_error else { panic!("the failure is not stored") };
        assert!(error.at >= earliest, "the failure is not stamped by the store's clock");
        let expected = StoredToken {
            state: ConnectionState::RefreshFailing,
            state_since: row.state_since,
            due_at: Some(at(5)),
            failures: 8,
            last_error: Some(LastError::new(class, error.at)),
            strikes: strikes(),
            revision,
            ..before.clone()
        };
        same(&row, &expected, "the row");
        assert!(revision > before.revision, "the revision must rise");
        let view = described(&store, number).await;
        assert_eq!((view.failures, view.last_error, view.due_at), (8, row.last_error, Some(at(5))));
    }
}

/// What is not said stays.
pub async fn a_failure_may_leave_state_and_due_time(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    done(store.commit_success(TENANT, id(1), super::fixtures::login("1").with_due_at(Some(at(4)))).await);
    let before = stored(&store, 1).await;
    done(store.commit_failure(TENANT, id(1), failure(&before)).await);
    let row = stored(&store, 1).await;
    assert_eq!((row.state, row.state_since), (before.state, before.state_since));
    assert_eq!((row.due_at, row.failures, row.strikes), (Some(at(4)), 1, Strikes::NONE));
    let never = failure(&row).with_next_look(NextLook::Never);
    done(store.commit_failure(TENANT, id(1), never).await);
    assert_eq!(stored(&store, 1).await.due_at, None);
}

/// The attempt is over: the next one may begin at once.
pub async fn a_failure_ends_the_claim_it_names(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    let (fence, row, _) = won(store.claim(TENANT, id(1), claim(1)).await);
    done(store.commit_failure(TENANT, id(1), failure(&row).with_fence(fence)).await);
    assert_eq!(stored(&store, 1).await.lease, None);
    let (_, _, prior) = won(store.claim(TENANT, id(1), claim(2)).await);
    assert_eq!(prior, None, "an attempt that ended left something behind");
}

/// Whoever learns of a failure without a claim ends nobody's attempt.
pub async fn a_failure_without_a_claim_leaves_the_lease(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    let (_, row, _) = won(store.claim(TENANT, id(1), claim(1)).await);
    done(store.commit_failure(TENANT, id(1), failure(&row)).await);
    let lease = stored(&store, 1).await.lease;
    assert_eq!(lease, row.lease);
    done(store.amend(TENANT, id(1), Amendment::of(&stored(&store, 1).await, no_notes())).await);
    assert_eq!(stored(&store, 1).await.lease, lease);
}

/// A holder that was taken over says nothing more, and learns what is stored.
pub async fn a_failure_of_an_older_claim_changes_nothing(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    connect(&store, 1).await;
    let (old, row, _) = won(store.claim(TENANT, id(1), claim(1)).await);
    control.advance(MINUTE * 11).await;
    let (new, _, _) = won(store.claim(TENANT, id(1), claim(2)).await);
    let before = stored(&store, 1).await;
    let mut late = failure(&row).with_fence(old);
    late.notes = notes();
    same(&superseded(store.commit_failure(TENANT, id(1), late).await), &before, "what is shown");
    same(&stored(&store, 1).await, &before, "what is stored");
    done(store.commit_failure(TENANT, id(1), failure(&row).with_fence(new)).await);
    assert_eq!(audit(&store, TENANT).await.len(), 0);
}

/// A failure of the token set before says nothing about this one.
pub async fn a_failure_of_an_older_token_set_changes_nothing(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let old = connect(&store, 1).await;
    done(store.commit_success(TENANT, id(1), renewal(Generation::new(1), 2)).await);
    let before = stored(&store, 1).await;
    let mut late = failure(&old).with_state(ConnectionState::NeedsReauth(ReauthReason::GrantRevoked));
    late.revision = before.revision;
    same(&superseded(store.commit_failure(TENANT, id(1), late).await), &before, "what is shown");
    let mut late = Amendment::of(&old, notes());
    late.revision = before.revision;
    superseded(store.amend(TENANT, id(1), late).await);
    same(&stored(&store, 1).await, &before, "what is stored");
}

/// What was decided on a state that has changed meanwhile is decided anew: a failure must not hide that the
/// person has to log in.
pub async fn what_was_decided_on_an_older_revision_changes_nothing(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    let (fence, old, _) = won(store.claim(TENANT, id(1), claim(1)).await);
    put_into(&store, 1, ConnectionState::NeedsReauth(ReauthReason::AppRemoved)).await;
    let before = stored(&store, 1).await;
    let late = failure(&old).with_fence(fence).with_state(ConnectionState::RefreshFailing);
    same(&superseded(store.commit_failure(TENANT, id(1), late).await), &before, "what is shown");
    superseded(store.amend(TENANT, id(1), Amendment::of(&old, notes())).await);
    same(&stored(&store, 1).await, &before, "what is stored");
    assert_eq!(audit(&store, TENANT).await.len(), 0, "the notes of a refused change were stored");
}

/// Fifty that learn the same thing at once count it once.
pub async fn one_of_fifty_concurrent_failures_is_stored(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    let row = connect(&handles[0], 1).await;
    let results = race(&handles, move |store, _| {
        let mut failure = failure(&row);
        failure.notes = notes();
        async move { ok(store.commit_failure(TENANT, id(1), failure).await) }
    })
    .await;
    assert_eq!(winners(results), 1);
    assert_eq!(stored(&handles[0], 1).await.failures, 1);
    assert_eq!(audit(&handles[0], TENANT).await.len(), 1);
}

/// State, strikes, notices and due time; nothing else moves.
pub async fn an_amendment_changes_what_it_names(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    let with_failure = stored(&store, 1).await;
    done(store.commit_failure(TENANT, id(1), failure(&with_failure)).await);
    let before = stored(&store, 1).await;
    let state = ConnectionState::NeedsReauth(ReauthReason::Checkpoint);
    let notified = Notified::NONE.with(NoticeStage::TokenIn7Days).with(NoticeStage::DataAccessIn1Day);
    let amendment = Amendment::of(&before, no_notes())
        .with_state(state)
        .with_strikes(strikes())
        .with_notified(notified)
        .with_next_look(NextLook::At(at(6)));
    let revision = done(store.amend(TENANT, id(1), amendment).await);
    let row = stored(&store, 1).await;
    let state_since = row.state_since;
    let due_at = Some(at(6));
    let expected =
        StoredToken { state, state_since, due_at, strikes: strikes(), notified, revision, ..before };
    same(&row, &expected, "the row");
}

/// The end dates and scopes become what the provider says now; the secrets stay.
pub async fn a_check_stores_what_the_provider_says_now(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let before = connect(&store, 1).await;
    control.advance(MINUTE).await;
    let mut checked = Checked::unchanged(&before.token);
    checked.expiry = Expiry::Never;
    checked.refresh_expiry = Expiry::Unknown;
    checked.data_access_expiry = Expiry::At(at(1_000));
    checked.scopes = Some(ScopeSet::parse("email"));
    let amendment = Amendment::of(&before, no_notes()).with_checked(checked);
    let revision = done(store.amend(TENANT, id(1), amendment).await);
    let row = stored(&store, 1).await;
    let mut expected = StoredToken { revision, checked_at: row.checked_at, ..before.clone() };
    expected.token.expiry = Expiry::Never;
    expected.token.refresh_expiry = Expiry::Unknown;
    expected.token.data_access_expiry = Expiry::At(at(1_000));
    expected.token.scopes = Some(ScopeSet::parse("email"));
    same(&row, &expected, "the row");
    assert!(row.checked_at >= before.checked_at.saturating_add(MINUTE), "the check is not stamped");
    let missing = described(&store, 1).await.missing_scopes();
    assert_eq!(missing, Some(ScopeSet::parse("pages_show_list read_insights")));

    done(store.amend(TENANT, id(1), Amendment::of(&row, no_notes())).await);
    assert_eq!(stored(&store, 1).await.checked_at, row.checked_at, "nobody has asked the provider");
}

/// Fifty processes that notice an end tell the person once.
pub async fn a_notice_is_given_once(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    let row = connect(&handles[0], 1).await;
    let kind = EventKind::Expiring { stage: NoticeStage::TokenIn7Days, end: at(60) };
    let given = kind.clone();
    race(&handles, move |store, _| {
        let notified = row.notified.with(NoticeStage::TokenIn7Days);
        let notes = no_notes().event(kind.clone());
        let amendment = Amendment::of(&row, notes).with_notified(notified);
        async move { ok(store.amend(TENANT, id(1), amendment).await) }
    })
    .await;
    let events: Vec<_> = events(&handles[0]).await.into_iter().map(|event| event.kind).collect();
    assert_eq!(events, [given]);
}

/// How long a state has lasted is what a person wants to know.
pub async fn the_time_of_a_state_moves_only_with_the_state(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let first = connect(&store, 1).await;
    let mut last = first.state_since;
    let failing = ConnectionState::RefreshFailing;
    let dead = ConnectionState::NeedsReauth(ReauthReason::AppRemoved);
    let moved = ConnectionState::NeedsReauth(ReauthReason::GrantRevoked);
    for (state, changes) in
        [(ConnectionState::Connected, false), (failing, true), (failing, false), (dead, true), (moved, true)]
    {
        control.advance(MINUTE).await;
        let row = stored(&store, 1).await;
        done(store.commit_failure(TENANT, id(1), failure(&row).with_state(state)).await);
        let since = stored(&store, 1).await.state_since;
        assert_eq!(since > last, changes, "{state}: since {since}, before {last}");
        assert_eq!(described(&store, 1).await.state_since, since);
        last = since;
    }
    control.advance(MINUTE).await;
    done(store.commit_success(TENANT, id(1), renewal(Generation::new(1), 2)).await);
    let healed = stored(&store, 1).await.state_since;
    control.advance(MINUTE).await;
    done(store.commit_success(TENANT, id(1), renewal(Generation::new(2), 2)).await);
    assert!(healed > last && stored(&store, 1).await.state_since == healed);
}

/// A cache asks whether anything has changed: it must hear of everything that matters, and of nothing else.
pub async fn revisions_rise_with_what_matters_only(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let due = super::fixtures::login("1").with_due_at(Some(at(-1_000_000_000)));
    done(store.commit_success(TENANT, id(1), due).await);
    connect(&store, 2).await;
    let mut last = stored(&store, 1).await.revision;
    won(store.claim(TENANT, id(1), claim(1)).await);
    assert_eq!(ok(store.due_batch(10, MINUTE).await).len(), 1);
    let view = described(&store, 1).await;
    ok(store.update(TENANT, id(1), view.version, super::fixtures::details("new"), notes()).await);
    assert_eq!(stored(&store, 1).await.revision, last, "claims, due times and details do not matter");
    let row = stored(&store, 1).await;
    done(store.commit_failure(TENANT, id(1), failure(&row)).await);
    let row = stored(&store, 1).await;
    assert!(row.revision > last);
    last = row.revision;
    done(store.amend(TENANT, id(1), Amendment::of(&row, no_notes())).await);
    let revisions = ok(store.revisions(TENANT, &[id(2), id(9), id(1)]).await);
    assert_eq!(revisions.len(), 2, "those that are not there are left out");
    let (first, second) = (stored(&store, 1).await.revision, stored(&store, 2).await.revision);
    assert!(first > last);
    assert!(revisions.contains(&(id(1), first)) && revisions.contains(&(id(2), second)));
    super::fixtures::disconnect(&store, 1).await;
    assert!(stored(&store, 1).await.revision > first);
    assert_eq!(ok(store.revisions(TENANT, &[]).await), []);
}
