//! Who may ask the provider.

use std::time::Duration;

use super::{
    bench::{Bench, one, race, several},
    fixtures::{
        MINUTE, TENANT, claim, connect, disconnect, done, failure, id, lost, ok, owner, put_into, renewal,
        same, stored, won,
    },
};
use crate::{Claim, Claimed, ConnectionState, Fence, Generation, Phase};
use sociogram_oauth_core::ReauthReason;

/// A claim is a lease in the row, and changes nothing else of it: not the revision either.
pub async fn a_claim_is_written_and_shown(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let before = connect(&store, 1).await;
    let earliest = control.now().await;
    let (fence, shown, prior) = won(store.claim(TENANT, id(1), claim(7)).await);
    let latest = control.now().await;
    let row = stored(&store, 1).await;
    same(&shown, &row, "what the claim shows");
    let Some(lease) = row.lease else { panic!("there is no lease in the row") };
    assert_eq!((lease.owner, lease.fence, prior), (owner(7), fence, None));
    assert_eq!((lease.generation, lease.phase), (Generation::new(1), Phase::Claimed));
    assert!(earliest <= lease.started_at && lease.started_at <= latest, "the start is not the store's time");
    assert_eq!(lease.until, lease.started_at.saturating_add(MINUTE * 10));
    let mut without = row;
    without.lease = None;
    same(&without, &before, "the rest of the row");
}

/// Of fifty that claim at once one may go on.
pub async fn one_of_fifty_concurrent_claims_wins(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    for number in 1..4 {
        connect(&handles[0], number).await;
        let results = race(&handles, move |store, runner| async move {
            ok(store.claim(TENANT, id(number), claim(runner)).await)
        })
        .await;
        let winners = results.iter().filter(|one| matches!(one, Claimed::Won { .. })).count();
        assert_eq!(winners, 1, "of fifty claims exactly one must be won");
        let losers = results.iter().filter(|one| matches!(one, Claimed::Lost(_))).count();
        assert_eq!(losers, 49, "the others must be lost");
    }
}

/// A loser sees the token set that it should have claimed.
pub async fn a_claim_of_another_token_set_is_lost(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    done(store.commit_success(TENANT, id(1), renewal(Generation::new(1), 2)).await);
    for wrong in [0, 1, 3] {
        let claim = Claim::new(owner(1), Generation::new(wrong), MINUTE);
        assert_eq!(lost(store.claim(TENANT, id(1), claim).await).generation, Generation::new(2));
    }
    assert_eq!(stored(&store, 1).await.lease, None);
    assert_eq!(ok(store.claim(TENANT, id(9), claim(1)).await), Claimed::Missing);
}

/// Where only a login helps, the provider is not asked.
pub async fn a_claim_is_lost_in_a_state_that_allows_no_attempt(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let states = [
        ConnectionState::Connected,
        ConnectionState::RefreshFailing,
        ConnectionState::RefreshUnknown,
        ConnectionState::BlockedByParent,
        ConnectionState::NeedsReauth(ReauthReason::AppRemoved),
        ConnectionState::Disconnected,
        ConnectionState::Revoked,
    ];
    for (number, state) in (1..).zip(states) {
        connect(&store, number).await;
        put_into(&store, number, state).await;
        let is_won = matches!(ok(store.claim(TENANT, id(number), claim(1)).await), Claimed::Won { .. });
        assert_eq!(is_won, state.allows_attempts(), "{state}");
    }
    connect(&store, 50).await;
    disconnect(&store, 50).await;
    let claim = Claim::new(owner(1), Generation::new(2), MINUTE);
    assert_eq!(lost(store.claim(TENANT, id(50), claim).await).sealed, None);
}

/// A claim keeps everybody else out, in every process, and nothing else does.
pub async fn a_live_claim_keeps_others_out_until_it_runs_out(open: impl AsyncFnOnce(usize) -> Bench) {
    let ([first, second], control) = several(open).await;
    connect(&first, 1).await;
    connect(&first, 2).await;
    won(first.claim(TENANT, id(1), claim(1)).await);
    won(second.claim(TENANT, id(2), claim(2)).await);
    control.advance(MINUTE * 8).await;
    for store in [&first, &second] {
        let shown = lost(store.claim(TENANT, id(1), claim(2)).await);
        assert_eq!(shown.lease.map(|lease| lease.owner), Some(owner(1)));
    }
    control.advance(MINUTE * 3).await;
    won(second.claim(TENANT, id(1), claim(2)).await);
    lost(first.claim(TENANT, id(1), claim(3)).await);
}

/// Whoever takes over learns how far the one before got.
pub async fn a_claim_that_ran_out_is_taken_over_and_shown(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    for (number, phase) in [(1, Phase::Claimed), (2, Phase::Sent)] {
        connect(&store, number).await;
        let mut dead = claim(1);
        dead.phase = phase;
        let (before, shown, _) = won(store.claim(TENANT, id(number), dead).await);
        control.advance(MINUTE * 11).await;
        let (fence, row, prior) = won(store.claim(TENANT, id(number), claim(2)).await);
        assert_eq!(prior, shown.lease, "the lease that ran out must be shown as it was");
        assert_eq!(prior.map(|prior| prior.phase), Some(phase));
        assert_eq!(fence, before.next(), "the fence must rise by one");
        assert_eq!(row.lease.map(|lease| (lease.owner, lease.phase)), Some((owner(2), phase)));
    }
}

/// What may have been sent is known to everybody who takes over, and since when; until a commit says what came of
/// it.
pub async fn what_may_have_been_sent_stays_known_until_a_commit(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    connect(&store, 1).await;
    let (_, shown, _) = won(store.claim(TENANT, id(1), claim(1).sent()).await);
    let Some(first) = shown.lease else { panic!("there is no lease") };
    let mut last = Fence::NONE;
    for number in [2, 3, 2] {
        control.advance(MINUTE * 11).await;
        let (fence, row, prior) = won(store.claim(TENANT, id(1), claim(number)).await);
        last = fence;
        for lease in [prior, row.lease, stored(&store, 1).await.lease] {
            assert_eq!(
                lease.map(|lease| (lease.phase, lease.started_at)),
                Some((Phase::Sent, first.started_at))
            );
        }
        let until = row.lease.map(|lease| lease.until);
        assert!(until > Some(first.until), "the claim does not run from when it was made");
    }
    let row = stored(&store, 1).await;
    done(store.commit_failure(TENANT, id(1), failure(&row).with_fence(last)).await);
    let (.., prior) = won(store.claim(TENANT, id(1), claim(4)).await);
    assert_eq!(prior, None);
    let lease = stored(&store, 1).await.lease;
    assert_eq!(lease.map(|lease| lease.phase), Some(Phase::Claimed));
    assert!(lease.is_some_and(|lease| lease.started_at > first.started_at));
}

/// So that nobody has to wait for it to run out.
pub async fn an_owner_gives_its_claim_back(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    won(store.claim(TENANT, id(1), claim(1)).await);
    lost(store.claim(TENANT, id(1), claim(2)).await);
    won(store.claim(TENANT, id(1), Claim { ttl: Duration::ZERO, ..claim(1) }).await);
    won(store.claim(TENANT, id(1), claim(2)).await);
}

/// Before the request is sent, and while it takes long.
pub async fn an_owner_extends_its_claim_and_moves_it_up_only(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    connect(&store, 1).await;
    let (fence, first, _) = won(store.claim(TENANT, id(1), claim(1)).await);
    control.advance(MINUTE * 8).await;
    let (same_fence, second, prior) = won(store.claim(TENANT, id(1), claim(1).sent()).await);
    assert_eq!((same_fence, prior), (fence, None), "the own claim is no dead one");
    let (Some(first), Some(second)) = (first.lease, second.lease) else { panic!("there is no lease") };
    assert_eq!((second.started_at, second.phase), (first.started_at, Phase::Sent));
    assert!(second.until >= first.until.saturating_add(MINUTE * 8), "the claim was not extended");
    control.advance(MINUTE * 8).await;
    lost(store.claim(TENANT, id(1), claim(2)).await);
    let (_, third, _) = won(store.claim(TENANT, id(1), claim(1)).await);
    assert_eq!(third.lease.map(|lease| lease.phase), Some(Phase::Sent), "what was sent stays sent");
}

/// An owner that was away for too long is taken for dead, by itself as well.
pub async fn an_owner_whose_claim_ran_out_begins_anew(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    connect(&store, 1).await;
    let (fence, shown, _) = won(store.claim(TENANT, id(1), claim(1).sent()).await);
    control.advance(MINUTE * 11).await;
    let (next, row, prior) = won(store.claim(TENANT, id(1), claim(1)).await);
    assert_eq!((next, prior), (fence.next(), shown.lease));
    assert_eq!(row.lease.map(|lease| lease.phase), Some(Phase::Sent));
}

/// Fences go on over commits, failures, and the end of the connection.
pub async fn a_fence_never_comes_twice(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    let mut last = Fence::NONE;
    for generation in [1, 2, 3, 5] {
        let generation = Generation::new(generation);
        let (fence, row, _) = won(store.claim(TENANT, id(1), Claim::new(owner(1), generation, MINUTE)).await);
        assert!(fence > last, "{fence:?} came after {last:?}");
        last = fence;
        done(store.commit_failure(TENANT, id(1), failure(&row).with_fence(fence)).await);
        let (fence, ..) = won(store.claim(TENANT, id(1), Claim::new(owner(1), generation, MINUTE)).await);
        assert!(fence > last, "{fence:?} came after {last:?} and a failure");
        last = fence;
        if generation.get() == 3 {
            disconnect(&store, 1).await;
            let login = super::fixtures::login("1");
            let again = crate::Success { expected: Generation::new(4), ..login };
            done(store.commit_success(TENANT, id(1), again).await);
        } else {
            done(store.commit_success(TENANT, id(1), renewal(generation, 2)).await);
        }
    }
}

/// After a crash fifty processes wake up; one of them inherits the attempt.
pub async fn one_of_fifty_inherits_from_a_dead_holder(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, control) = several::<5>(open).await;
    connect(&handles[0], 1).await;
    won(handles[0].claim(TENANT, id(1), claim(200).sent()).await);
    control.advance(MINUTE * 11).await;
    let results =
        race(&handles, |store, number| async move { ok(store.claim(TENANT, id(1), claim(number)).await) })
            .await;
    let priors: Vec<_> = results
        .into_iter()
        .filter_map(|one| match one {
            Claimed::Won { prior, .. } => Some(prior.map(|prior| (prior.owner, prior.phase))),
            _ => None,
        })
        .collect();
    assert_eq!(priors, [Some((owner(200), Phase::Sent))]);
}

/// A claim that was taken over keeps no commit from being stored, and a commit ends the claim of another.
pub async fn a_success_needs_no_claim_and_ends_every_one(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    connect(&store, 1).await;
    won(store.claim(TENANT, id(1), claim(1)).await);
    control.advance(MINUTE * 11).await;
    won(store.claim(TENANT, id(1), claim(2)).await);
    done(store.commit_success(TENANT, id(1), renewal(Generation::new(1), 2)).await);
    assert_eq!(stored(&store, 1).await.lease, None);
    won(store.claim(TENANT, id(1), Claim::new(owner(3), Generation::new(2), MINUTE)).await);
}
