//! Token sets, and who replaces them.

use super::{
    bench::{Bench, one, race, several},
    fixtures::{
        OTHER, TENANT, account, at, connect, connect_to, described, details, disconnect, done, id, login,
        no_notes, notes, ok, put_into, record, renewal, same, sealed, stored, superseded, winners,
    },
};
use crate::{
    Account, Amendment, Committed, Connect, ConnectionState, Failure, FailureClass, Generation, NextLook,
    NoticeStage, Notified, Retire, Retired, Retirement, Sealed, SealedTokens, StoreErrorKind, Strikes,
    TokenRecord, Version,
};
use sociogram_oauth_core::{Expiry, ProviderId, ReauthReason, TokenKind};

/// Whatever the bytes are, however many, and whichever fields are set.
pub async fn a_token_set_comes_back_as_it_was_stored(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let every_byte: Vec<u8> = (0..=u8::MAX).cycle().take(64 * 1024).collect();
    let bare = SealedTokens::new(Sealed::from_bytes(every_byte), None);
    let mut other = TokenRecord::new(TokenKind::Generic);
    other.refresh_expiry = Expiry::At(at(0));
    for (number, secret, token) in [(1, sealed(9), record()), (2, bare, other)] {
        let mut success = login(&number.to_string()).with_due_at(Some(at(7)));
        (success.sealed, success.token) = (secret, token);
        done(store.commit_success(TENANT, id(number), success.clone()).await);
        let row = stored(&store, number).await;
        assert!(row.sealed == Some(success.sealed), "the sealed bytes changed");
        same(&row.token, &success.token, "the record");
        assert_eq!((row.generation, row.due_at), (Generation::new(1), Some(at(7))));
        assert_eq!((row.failures, row.last_error, row.strikes), (0, None, Strikes::NONE));
        assert_eq!((row.parent, row.lease, row.notified), (None, None, Notified::NONE));
    }
}

/// A login is stored in the state it names, stamped with the store's clock.
pub async fn a_token_set_is_stamped_by_the_stores_clock(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let before = control.now().await;
    connect(&store, 1).await;
    let after = control.now().await;
    let (row, view) = (stored(&store, 1).await, described(&store, 1).await);
    for stamp in [row.succeeded_at, row.checked_at, row.state_since, view.created_at, view.updated_at] {
        assert!(before <= stamp && stamp <= after, "{stamp} is not between {before} and {after}");
    }
}

/// Reading nothing is no error, and writing to nothing changes nothing.
pub async fn nothing_is_found_where_nothing_is(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let row = connect(&store, 1).await;
    let nowhere = id(9);
    assert!(ok(store.read(TENANT, nowhere).await).is_none());
    assert!(ok(store.find(TENANT, nowhere).await).is_none());
    assert!(ok(store.find_account(TENANT, &account("9")).await).is_none());
    let missing = [
        store.commit_success(TENANT, nowhere, renewal(Generation::new(1), 2)).await,
        store.commit_success(TENANT, nowhere, renewal(Generation::NONE, 2)).await,
        store.commit_failure(TENANT, nowhere, Failure::of(&row, FailureClass::Transient, notes())).await,
        store.amend(TENANT, nowhere, Amendment::of(&row, notes())).await,
    ];
    for committed in missing {
        assert_eq!(ok(committed), Committed::Missing);
    }
    let retired = store.retire(TENANT, nowhere, Retire::new(Retirement::Revoked, notes())).await;
    assert_eq!(ok(retired), Retired::Missing);
    assert!(ok(store.read(TENANT, nowhere).await).is_none(), "a commit to nothing made a row");
}

/// A row is made by a login, and by nothing else.
pub async fn a_first_token_set_needs_a_login_with_it(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let mut success = login("u");
    success.expected = Generation::new(3);
    let committed = store.commit_success(TENANT, id(1), success).await;
    assert_eq!(ok(committed), Committed::Missing, "a login that expects a row needs one");
    let committed = store.commit_success(TENANT, id(1), renewal(Generation::NONE, 1)).await;
    assert_eq!(ok(committed), Committed::Missing, "a renewal needs a connection");
    assert!(ok(store.read(TENANT, id(1)).await).is_none());
}

/// The generation goes up by one each time, and the revision goes up.
pub async fn a_new_token_set_replaces_the_one_that_was_expected(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let mut revision = connect(&store, 1).await.revision;
    for generation in 1..4 {
        let number = u8::try_from(generation).unwrap_or_default() + 10;
        let mut next = renewal(Generation::new(generation), number);
        next.token.kind = TokenKind::MetaSystemUser;
        let now = done(store.commit_success(TENANT, id(1), next).await);
        assert!(now > revision, "the revision must rise");
        revision = now;
        let row = stored(&store, 1).await;
        assert_eq!((row.generation, row.revision), (Generation::new(generation + 1), revision));
        assert!(row.sealed == Some(sealed(number)), "the secrets are not the new ones");
        assert_eq!(row.token.kind, TokenKind::MetaSystemUser);
    }
}

/// Neither an older nor a newer expectation is good enough.
pub async fn a_commit_that_expected_another_generation_changes_nothing(
    open: impl AsyncFnOnce(usize) -> Bench,
) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    done(store.commit_success(TENANT, id(1), renewal(Generation::new(1), 2)).await);
    let before = stored(&store, 1).await;
    for wrong in [0, 1, 3] {
        let late = renewal(Generation::new(wrong), 3);
        same(&superseded(store.commit_success(TENANT, id(1), late).await), &before, "what is shown");
    }
    let again = superseded(store.commit_success(TENANT, id(1), login("1")).await);
    same(&again, &before, "what is shown to a first login");
    same(&stored(&store, 1).await, &before, "what is stored");
}

/// Of fifty renewals of one token set one is stored, and it is the one that was told so.
pub async fn one_of_fifty_concurrent_commits_wins(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    connect(&handles[0], 1).await;
    for generation in 1..4 {
        let results = race(&handles, move |store, number| async move {
            ok(store.commit_success(TENANT, id(1), renewal(Generation::new(generation), number)).await)
        })
        .await;
        let winner = results.iter().position(|one| matches!(one, Committed::Done { .. }));
        assert_eq!(winners(results), 1, "exactly one commit must be stored");
        let secret = winner.and_then(|number| u8::try_from(number).ok()).map(sealed);
        assert!(stored(&handles[0], 1).await.sealed == secret, "the stored secrets are not the winner's");
    }
}

/// An account that is connected fifty times at once is connected once; everybody else learns where.
pub async fn one_of_fifty_concurrent_first_logins_wins(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    let results = race(&handles, |store, number| async move {
        ok(store.commit_success(TENANT, id(number), login("u")).await)
    })
    .await;
    let found = ok(handles[0].find_account(TENANT, &account("u")).await).map(|found| found.id);
    assert_eq!(winners(results.clone()), 1, "an account was connected twice");
    for (number, result) in (0..).zip(results) {
        match result {
            Committed::Done { .. } => assert_eq!(found, Some(id(number))),
            Committed::AccountTaken { by } => assert_eq!(found, Some(by)),
            other => panic!("a login that was too late must learn who has the account: {other:?}"),
        }
    }
}

/// Fifty logins under one new id make one row.
pub async fn one_of_fifty_concurrent_logins_under_one_id_wins(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    let results =
        race(&handles, |store, _| async move { ok(store.commit_success(TENANT, id(1), login("u")).await) })
            .await;
    assert_eq!(winners(results), 1);
    assert_eq!(stored(&handles[0], 1).await.generation, Generation::new(1));
}

/// Whatever has been decided about the old token set, a new one counts.
pub async fn a_late_success_heals_whatever_the_state(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    for (number, state) in [
        (1, ConnectionState::RefreshFailing),
        (2, ConnectionState::RefreshUnknown),
        (3, ConnectionState::NeedsReauth(ReauthReason::GrantRevoked)),
        (4, ConnectionState::BlockedByParent),
    ] {
        connect(&store, number).await;
        put_into(&store, number, state).await;
        assert_eq!(stored(&store, number).await.state, state);
        done(store.commit_success(TENANT, id(number), renewal(Generation::new(1), 2)).await);
        let row = stored(&store, number).await;
        assert_eq!((row.state, row.generation), (ConnectionState::Connected, Generation::new(2)));
    }
}

/// What was counted against the old token set does not count against the new one; what was said of ends that
/// have not moved is said by the commit.
pub async fn a_success_starts_failures_and_strikes_again(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let row = connect(&store, 1).await;
    let mut strikes = Strikes::NONE;
    (strikes.rejected, strikes.rejected_at) = (1, Some(at(3)));
    let failure = Failure::of(&row, FailureClass::Throttled, no_notes())
        .with_strikes(strikes)
        .with_next_look(NextLook::At(at(9)));
    done(store.commit_failure(TENANT, id(1), failure).await);
    let notified = Notified::NONE.with(NoticeStage::RefreshIn30Days);
    let next = renewal(Generation::new(1), 2).with_notified(notified);
    done(store.commit_success(TENANT, id(1), next).await);
    let row = stored(&store, 1).await;
    assert_eq!((row.failures, row.last_error, row.strikes), (0, None, Strikes::NONE));
    assert_eq!((row.notified, row.due_at), (notified, None));
}

/// Whoever does not know whether a commit was stored may send it again.
pub async fn a_repeated_commit_finds_its_own_token_set(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    let mut commit = renewal(Generation::new(1), 77);
    commit.notes = notes();
    done(store.commit_success(TENANT, id(1), commit.clone()).await);
    let found = superseded(store.commit_success(TENANT, id(1), commit).await);
    assert!(found.sealed == Some(sealed(77)), "the first commit's secrets must be shown");
    assert_eq!(found.generation, Generation::new(2));
    assert_eq!(super::fixtures::audit(&store, TENANT).await.len(), 1, "the notes were stored twice");
}

/// A connection is one to one account for good.
pub async fn the_account_of_a_connection_never_changes(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let before = connect(&store, 1).await;
    let mut other = renewal(Generation::new(1), 2);
    other = other.with_connect(Connect::new(account("somebody else"), details("x")));
    let error = store.commit_success(TENANT, id(1), other).await.err();
    assert_eq!(error.map(|error| error.kind()), Some(StoreErrorKind::Conflict));
    same(&stored(&store, 1).await, &before, "what is stored");
    assert_eq!(described(&store, 1).await.account, account("1"));
}

/// Twice in one tenant it is one too many; in two tenants, two apps, or at two providers it is fine.
pub async fn an_account_is_connected_once_per_tenant(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    done(store.commit_success(TENANT, id(1), login("u")).await);
    let taken = store.commit_success(TENANT, id(2), login("u")).await;
    assert_eq!(ok(taken), Committed::AccountTaken { by: id(1) });
    assert!(ok(store.find(TENANT, id(2)).await).is_none());

    done(store.commit_success(OTHER, id(2), login("u")).await);
    let accounts = [
        Account::new(ProviderId::FACEBOOK, "other app", "u"),
        Account::new(ProviderId::INSTAGRAM, "app", "u"),
        Account::new(ProviderId::FACEBOOK, "app", "v"),
    ];
    for (number, account) in (3..).zip(accounts) {
        let success = login("").with_connect(Connect::new(account.clone(), details("x")));
        done(store.commit_success(TENANT, id(number), success).await);
        let found = ok(store.find_account(TENANT, &account).await).map(|found| found.id);
        assert_eq!(found, Some(id(number)), "{account:?}");
    }
}

/// Case, blanks, accents and their spelling count.
pub async fn accounts_are_told_apart_byte_by_byte(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let users = ["ada", "Ada", "ada ", "\u{e9}", "e\u{301}", "%", "_", "a'b", "日本", ""];
    for (number, user) in (1..).zip(users) {
        done(store.commit_success(TENANT, id(number), login(user)).await);
    }
    for (number, user) in (1..).zip(users) {
        let found = ok(store.find_account(TENANT, &account(user)).await);
        assert_eq!(found.map(|found| found.id), Some(id(number)), "{user:?} was taken for another");
    }
}

/// The parent must be there, be the tenant's own, and not have ended.
pub async fn a_connection_is_derived_from_a_living_one(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    for number in [1, 2, 3] {
        connect(&store, number).await;
    }
    disconnect(&store, 2).await;
    put_into(&store, 3, ConnectionState::NeedsReauth(ReauthReason::GrantExpired)).await;
    connect_to(&store, OTHER, 4).await;
    for (parent, gone) in [(1, false), (2, true), (3, false), (4, true), (9, true)] {
        let child = id(100 + parent);
        let connect = Connect::new(account(&format!("child of {parent}")), details("x"));
        let success = login("").with_connect(connect.derived_from(id(parent)));
        let committed = ok(store.commit_success(TENANT, child, success).await);
        assert_eq!(committed == Committed::ParentGone, gone, "derived from {parent}: {committed:?}");
        let row = ok(store.read(TENANT, child).await);
        assert_eq!(row.map(|row| row.parent), (!gone).then_some(Some(id(parent))));
    }
}

/// The row stays and gets new details; when it was first connected stays known.
pub async fn a_login_again_keeps_the_connection(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    connect(&store, 1).await;
    let first = described(&store, 1).await;
    assert_eq!((first.version, &first.details), (Version::NEW.next(), &details("1")));
    control.advance(super::fixtures::MINUTE).await;
    let again = renewal(Generation::new(1), 2).with_connect(Connect::new(account("1"), details("new")));
    done(store.commit_success(TENANT, id(1), again).await);
    let second = described(&store, 1).await;
    assert_eq!((second.id, second.created_at), (first.id, first.created_at));
    assert_eq!((second.version, &second.details), (Version::new(2), &details("new")));
    assert!(second.updated_at > first.updated_at && second.succeeded_at > first.succeeded_at);

    connect(&store, 2).await;
    let derived = Connect::new(account("1"), details("new")).derived_from(id(2));
    let again = renewal(Generation::new(2), 3).with_connect(derived);
    done(store.commit_success(TENANT, id(1), again).await);
    assert_eq!(described(&store, 1).await.parent, Some(id(2)), "a login tells what it is derived from");
}

/// A renewal is none of the product's business.
pub async fn a_renewal_leaves_the_details_alone(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    super::fixtures::derive(&store, TENANT, 2, 1).await;
    let before = described(&store, 2).await;
    done(store.commit_success(TENANT, id(2), renewal(Generation::new(1), 2)).await);
    let after = described(&store, 2).await;
    assert_eq!((after.version, &after.details), (before.version, &before.details));
    assert_eq!((after.parent, &after.account), (Some(id(1)), &before.account));
}

/// What one process stores, another one reads.
pub async fn every_handle_sees_what_one_has_stored(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<3>(open).await;
    for (number, store) in (1..).zip(&handles) {
        connect(store, number).await;
    }
    for store in &handles {
        for number in 1..=3 {
            assert_eq!(stored(store, number).await.generation, Generation::new(1));
            assert_eq!(described(store, number).await.id, id(number));
        }
    }
}
