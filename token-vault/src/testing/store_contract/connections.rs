//! Connections as they are described.

use super::{
    bench::{Bench, Handle, one, race, several},
    fixtures::{
        MINUTE, OTHER, TENANT, account, actions, audit, connect, connect_to, derive, described, details,
        disconnect, done, failure, id, login, no_notes, notes, ok, put_into, record, renewal, same, sealed,
        some, stored,
    },
};
use crate::{
    Account, AuditAction, Committed, Connect, ConnectionFilter, ConnectionState, Details, Generation,
    NextLook, Origin, Removed, Retire, Retired, Retirement, SealedTokens, StoreErrorKind, Strikes, Updated,
    Version,
};
use sociogram_oauth_core::{ConnectionId, ProviderId, ReauthReason, TenantId, TokenKind};

/// Everything that a product shows: account, details, token, state, health.
pub async fn a_connection_shows_everything_but_the_secrets(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    let mut legacy = details("pasted");
    legacy.origin = Origin::Legacy;
    let success = login("2").with_connect(Connect::new(account("2"), legacy.clone()).derived_from(id(1)));
    done(store.commit_success(TENANT, id(2), success).await);
    let before = stored(&store, 2).await;
    let mut strikes = Strikes::NONE;
    (strikes.rejected, strikes.rejected_at) = (1, Some(super::fixtures::at(1)));
    let failing = failure(&before)
        .with_state(ConnectionState::RefreshFailing)
        .with_strikes(strikes)
        .with_next_look(NextLook::At(super::fixtures::at(3)));
    done(store.commit_failure(TENANT, id(2), failing).await);
    let (view, row) = (described(&store, 2).await, stored(&store, 2).await);
    assert_eq!((view.id, view.tenant, &view.account), (id(2), TENANT, &account("2")));
    assert_eq!((view.parent, &view.details, view.version), (Some(id(1)), &legacy, Version::new(1)));
    same(&view.token, &record(), "the token");
    assert_eq!((view.state, view.state_since), (row.state, row.state_since));
    assert_eq!((view.succeeded_at, view.checked_at), (row.succeeded_at, row.checked_at));
    assert_eq!((view.last_error, view.failures, view.due_at), (row.last_error, 1, row.due_at));
    assert_eq!((view.strikes, view.has_refresh_token), (row.strikes, true));
    assert!(view.updated_at >= view.created_at && view.last_error.is_some());
    assert_eq!(view.missing_scopes().map(|missing| missing.to_string()), Some("read_insights".to_owned()));
}

/// By all three parts of it, disconnected or not.
pub async fn a_connection_is_found_by_its_account(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    connect(&store, 2).await;
    disconnect(&store, 2).await;
    for number in [1, 2] {
        let found = ok(store.find_account(TENANT, &account(&number.to_string())).await);
        same(&some(found, "the account"), &described(&store, number).await, "what was found");
    }
    for wrong in [
        Account::new(ProviderId::INSTAGRAM, "app", "1"),
        Account::new(ProviderId::FACEBOOK, "App", "1"),
        Account::new(ProviderId::FACEBOOK, "app", "11"),
    ] {
        assert!(ok(store.find_account(TENANT, &wrong).await).is_none(), "{wrong:?}");
    }
}

async fn list(
    store: &Handle,
    filter: &ConnectionFilter,
    after: Option<ConnectionId>,
    limit: usize,
) -> (Vec<u8>, Option<u8>) {
    let page = ok(store.list(TENANT, filter, after, limit).await);
    assert_eq!(page.unreadable, []);
    let numbers = page.connections.iter().map(|connection| connection.id.as_bytes()[0]).collect();
    (numbers, page.next.map(|next| next.as_bytes()[0]))
}

/// In the order of the ids' bytes, each once, with an end that can be seen.
pub async fn a_list_goes_through_all_pages_in_order(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let all = ConnectionFilter::all();
    assert_eq!(list(&store, &all, None, 5).await, (vec![], None));
    for number in [0x80, 3, 0xFF, 1, 0x7F] {
        connect(&store, number).await;
    }
    connect_to(&store, OTHER, 2).await;
    assert_eq!(list(&store, &all, None, 2).await, (vec![1, 3], Some(3)));
    assert_eq!(list(&store, &all, Some(id(3)), 2).await, (vec![0x7F, 0x80], Some(0x80)));
    assert_eq!(list(&store, &all, Some(id(0x80)), 2).await, (vec![0xFF], None));
    assert_eq!(list(&store, &all, Some(id(0xFF)), 2).await, (vec![], None));
    assert_eq!(list(&store, &all, Some(id(2)), 4).await, (vec![3, 0x7F, 0x80, 0xFF], None));
    assert_eq!(list(&store, &all, None, 0).await, (vec![1], Some(1)), "no limit at all is none of these");
}

/// Each part alone and all together; paging goes on within what is wanted.
pub async fn a_filter_picks_what_it_names(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let linkedin = Account::new(ProviderId::LINKEDIN, "app", "3");
    let mut legacy = Details::new();
    legacy.origin = Origin::Legacy;
    connect(&store, 1).await;
    derive(&store, TENANT, 2, 1).await;
    let mut member = login("").with_connect(Connect::new(linkedin, legacy));
    member.token.kind = TokenKind::LinkedInMember;
    done(store.commit_success(TENANT, id(3), member).await);
    connect(&store, 4).await;
    put_into(&store, 4, ConnectionState::NeedsReauth(ReauthReason::AppRemoved)).await;
    connect(&store, 5).await;
    disconnect(&store, 5).await;

    let all = ConnectionFilter::all;
    let other_reason = ConnectionState::NeedsReauth(ReauthReason::Checkpoint);
    let dead = all().in_state(other_reason).in_state(ConnectionState::Disconnected);
    let cases: [(ConnectionFilter, &[u8]); 10] = [
        (all(), &[1, 2, 3, 4, 5]),
        (all().in_state(ConnectionState::Connected), &[1, 2, 3]),
        (dead.clone(), &[4, 5]),
        (all().of_provider(ProviderId::LINKEDIN), &[3]),
        (all().of_provider(ProviderId::LINKEDIN).of_provider(ProviderId::FACEBOOK), &[1, 2, 3, 4, 5]),
        (all().of_kind(TokenKind::MetaUserLong), &[1, 2, 4, 5]),
        (all().derived_from(Some(id(1))), &[2]),
        (all().derived_from(None).of_origin(Origin::OAuth), &[1, 4, 5]),
        (all().of_origin(Origin::Legacy), &[3]),
        (all().of_origin(Origin::Legacy).derived_from(Some(id(1))), &[]),
    ];
    for (filter, expected) in cases {
        assert_eq!(list(&store, &filter, None, 9).await, (expected.to_vec(), None), "{filter:?}");
    }
    assert_eq!(list(&store, &dead, None, 1).await, (vec![4], Some(4)));
    assert_eq!(list(&store, &dead, Some(id(4)), 1).await, (vec![5], None));
}

/// The list goes on and says which one it was; whoever asks for that one learns that it cannot be read.
pub async fn one_unreadable_row_fails_no_list(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    for number in 1..=3 {
        connect(&store, number).await;
    }
    derive(&store, TENANT, 4, 1).await;
    control.spoil(TENANT, id(2)).await;
    control.spoil(TENANT, id(4)).await;
    let page = ok(store.list(TENANT, &ConnectionFilter::all(), None, 9).await);
    let readable: Vec<_> = page.connections.iter().map(|connection| connection.id).collect();
    assert_eq!((readable, page.unreadable, page.next), (vec![id(1), id(3)], vec![id(2), id(4)], None));
    let page = ok(store.list(TENANT, &ConnectionFilter::all(), None, 2).await);
    assert_eq!((page.connections.len(), page.unreadable, page.next), (1, vec![id(2)], Some(id(2))));
    assert_eq!(ok(store.children(TENANT, id(1)).await), [id(4)]);
    let kinds = [
        store.find(TENANT, id(2)).await.err().map(|error| error.kind()),
        store.find_account(TENANT, &account("2")).await.err().map(|error| error.kind()),
        store.read(TENANT, id(2)).await.err().map(|error| error.kind()),
    ];
    assert_eq!(kinds, [Some(StoreErrorKind::Corrupt); 3]);
    assert_eq!(ok(store.find(TENANT, id(1)).await).map(|found| found.id), Some(id(1)));
}

/// What cannot be read can still be got rid of.
pub async fn an_unreadable_connection_can_be_ended(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    connect(&store, 1).await;
    control.spoil(TENANT, id(1)).await;
    let retired = store.retire(TENANT, id(1), Retire::new(Retirement::Disconnected, notes())).await;
    assert!(matches!(ok(retired), Retired::Done { .. }), "an unreadable connection was not ended");
    assert_eq!(ok(store.remove(TENANT, id(1), notes()).await), Removed::Done);
    assert!(ok(store.read(TENANT, id(1)).await).is_none());
    assert_eq!(audit(&store, TENANT).await.len(), 2);
}

/// All of them, and none of a grandparent's, another tenant's or nobody's.
pub async fn children_are_those_of_the_parent(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    for tenant in [TENANT, OTHER] {
        connect_to(&store, tenant, 1).await;
    }
    for (number, parent) in [(9, 1), (3, 1), (4, 3)] {
        derive(&store, TENANT, number, parent).await;
    }
    derive(&store, OTHER, 5, 1).await;
    disconnect(&store, 9).await;
    assert_eq!(ok(store.children(TENANT, id(1)).await), [id(3), id(9)]);
    assert_eq!(ok(store.children(TENANT, id(3)).await), [id(4)]);
    assert_eq!(ok(store.children(OTHER, id(1)).await), [id(5)]);
    assert_eq!(ok(store.children(TENANT, id(4)).await), []);
}

/// Whoever names an older version learns what is stored.
pub async fn details_are_replaced_by_the_one_who_saw_them(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    connect(&store, 1).await;
    let first = described(&store, 1).await;
    control.advance(MINUTE).await;
    let updated = store.update(TENANT, id(1), first.version, Details::new(), notes()).await;
    assert_eq!(ok(updated), Updated::Done { version: Version::new(2) });
    let second = described(&store, 1).await;
    assert_eq!((&second.details, second.version), (&Details::new(), Version::new(2)));
    assert!(second.updated_at > first.updated_at && second.created_at == first.created_at);
    for wrong in [Version::NEW, first.version, Version::new(3)] {
        let updated = ok(store.update(TENANT, id(1), wrong, details("late"), notes()).await);
        assert_eq!(updated, Updated::Superseded(Box::new(second.clone())), "{wrong:?}");
    }
    let nowhere = store.update(TENANT, id(9), Version::NEW, details("x"), notes()).await;
    assert_eq!(ok(nowhere), Updated::Missing);
    assert_eq!(actions(&store, TENANT).await, [AuditAction::AdminForce], "the notes of one update");
}

/// Of fifty that rename it at once one does.
pub async fn one_of_fifty_concurrent_updates_wins(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    connect(&handles[0], 1).await;
    let results = race(&handles, |store, number| async move {
        let name = details(&number.to_string());
        ok(store.update(TENANT, id(1), Version::new(1), name, no_notes()).await)
    })
    .await;
    let won: Vec<_> = (0_u8..).zip(results).filter(|(_, one)| matches!(one, Updated::Done { .. })).collect();
    let names: Vec<_> = won.into_iter().map(|(number, _)| number.to_string()).collect();
    let stored = described(&handles[0], 1).await.details.display_name;
    assert_eq!(names, stored.into_iter().collect::<Vec<_>>(), "exactly one update must be stored");
}

/// Renaming must not get into a renewal's way.
pub async fn an_update_leaves_the_token_alone(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    let row = stored(&store, 1).await;
    done(store.commit_failure(TENANT, id(1), failure(&row)).await);
    let before = stored(&store, 1).await;
    ok(store.update(TENANT, id(1), Version::new(1), details("new"), no_notes()).await);
    same(&stored(&store, 1).await, &before, "the row");
    done(store.commit_success(TENANT, id(1), renewal(Generation::new(1), 2)).await);
    let view = described(&store, 1).await;
    assert_eq!((view.details, view.version), (details("new"), Version::new(2)));
}

/// A pasted token stays marked until the account is connected by a login, whoever edits what.
pub async fn only_a_login_changes_the_origin(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let mut pasted = details("pasted");
    pasted.origin = Origin::Legacy;
    let mut import = login("").with_connect(Connect::new(account("1"), pasted));
    import.sealed = SealedTokens::new(sealed(1).access, None);
    done(store.commit_success(TENANT, id(1), import).await);
    assert!(!described(&store, 1).await.has_refresh_token, "there is no refresh token");
    let origins = async || (stored(&store, 1).await.origin, described(&store, 1).await.details.origin);
    assert_eq!(origins().await, (Origin::Legacy, Origin::Legacy));
    ok(store.update(TENANT, id(1), Version::new(1), details("renamed"), no_notes()).await);
    done(store.commit_success(TENANT, id(1), renewal(Generation::new(1), 2)).await);
    assert_eq!(origins().await, (Origin::Legacy, Origin::Legacy), "not changed by a login");
    assert_eq!(described(&store, 1).await.details.display_name.as_deref(), Some("renamed"));
    let login = renewal(Generation::new(2), 3).with_connect(Connect::new(account("1"), details("renamed")));
    done(store.commit_success(TENANT, id(1), login).await);
    assert_eq!(origins().await, (Origin::OAuth, Origin::OAuth));
}

async fn remove(store: &Handle, tenant: TenantId, number: u8) -> Removed {
    ok(store.remove(tenant, id(number), notes()).await)
}

/// Secrets are deleted by disconnecting, not by forgetting where they are.
pub async fn only_an_ended_connection_is_removed(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let states = [
        ConnectionState::Connected,
        ConnectionState::RefreshFailing,
        ConnectionState::NeedsReauth(ReauthReason::AppRemoved),
        ConnectionState::BlockedByParent,
    ];
    for (number, state) in (1..).zip(states) {
        connect(&store, number).await;
        put_into(&store, number, state).await;
        assert_eq!(remove(&store, TENANT, number).await, Removed::StillConnected, "{state}");
        assert!(stored(&store, number).await.sealed.is_some());
    }
    assert_eq!(remove(&store, TENANT, 9).await, Removed::Missing);
    assert_eq!(actions(&store, TENANT).await, []);
    disconnect(&store, 1).await;
    assert_eq!(remove(&store, TENANT, 1).await, Removed::Done);
    assert_eq!(remove(&store, TENANT, 1).await, Removed::Missing);
    assert_eq!(actions(&store, TENANT).await, [AuditAction::AdminForce]);
}

/// The account is free again; the id is used up for ever.
pub async fn a_removed_connection_leaves_its_audit_only(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    ok(store.retire(TENANT, id(1), Retire::new(Retirement::Revoked, notes()).keeping_for_revoke()).await);
    remove(&store, TENANT, 1).await;
    assert!(ok(store.find(TENANT, id(1)).await).is_none() && ok(store.read(TENANT, id(1)).await).is_none());
    assert!(ok(store.find_account(TENANT, &account("1")).await).is_none());
    assert_eq!(list(&store, &ConnectionFilter::all(), None, 9).await, (vec![], None));
    assert_eq!(ok(store.holders(&account("1")).await), []);
    let late = [renewal(Generation::new(1), 2), renewal(Generation::new(2), 2), login("1"), login("other")];
    for commit in late {
        assert_eq!(ok(store.commit_success(TENANT, id(1), commit).await), Committed::Missing);
    }
    assert!(ok(store.find(TENANT, id(1)).await).is_none(), "a late commit made a row of a used-up id");
    done(store.commit_success(TENANT, id(2), login("1")).await);
    let entries = audit(&store, TENANT).await;
    assert_eq!(entries.iter().filter(|entry| entry.connection == Some(id(1))).count(), 2);
    let waiting = ok(store.take_revocations(9, MINUTE).await);
    assert!(waiting.iter().any(|one| one.sealed == sealed(1)), "its grant is still to be withdrawn");
}
