//! Stores that replace token sets badly.

use std::time::Duration;

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::ConnectionId;

use super::{Call, Flaw, gives, takes};
use crate::{Account, Committed, Generation, Revision, Sealed, StoredToken, Success};

type Row = Option<StoredToken>;

fn row<'a>(call: &'a mut Call<'_>) -> Option<&'a mut StoredToken> {
    call.answer::<Row>()?.as_mut()
}

pub(super) const COMMITS: &[Flaw] = &[
    takes(
        "cuts secrets",
        |call| {
            if let Some(success) = call.value::<Success>() {
                let bytes = success.sealed.access.as_bytes().iter().copied().take(1 << 15).collect();
                success.sealed.access = Sealed::from_bytes(bytes);
            }
        },
        &["a_token_set_comes_back_as_it_was_stored"],
    ),
    takes(
        "keeps whole seconds only",
        |call| {
            if let Some(success) = call.value::<Success>() {
                let seconds = |at: Timestamp| Timestamp::from_unix_seconds(at.as_unix_seconds());
                success.due_at = success.due_at.map(seconds);
            }
        },
        &["a_token_set_comes_back_as_it_was_stored"],
    ),
    gives(
        "stamps with a clock of its own",
        |call| {
            if let Some(row) = row(call) {
                row.succeeded_at = row.succeeded_at.saturating_sub(Duration::from_secs(1));
            }
        },
        &["a_token_set_is_stamped_by_the_stores_clock"],
    ),
    gives(
        "says done when there is nothing",
        |call| {
            if let Some(committed) = call.answer::<Committed>()
                && *committed == Committed::Missing
            {
                *committed = Committed::Done { revision: Revision::NONE };
            }
        },
        &[
            "nothing_is_found_where_nothing_is",
            "a_first_token_set_needs_a_login_with_it",
            "a_row_of_another_tenant_does_not_exist",
            "a_removed_connection_leaves_its_audit_only",
        ],
    ),
    takes(
        "does not compare generations",
        |call| {
            let current = call.stored().map(|row| row.generation);
            if let (Some(success), Some(current)) = (call.value::<Success>(), current) {
                success.expected = current;
            }
        },
        &[
            "a_commit_that_expected_another_generation_changes_nothing",
            "one_of_fifty_concurrent_commits_wins",
            "one_of_fifty_concurrent_logins_under_one_id_wins",
            "a_repeated_commit_finds_its_own_token_set",
            "a_commit_under_way_fails_after_the_end",
            "the_end_wins_over_every_commit_under_way",
            "a_refused_change_stores_no_notes",
        ],
    ),
    gives(
        "starts generations anew",
        |call| {
            if call.is(&["commit_success"]) {
                call.overwrite(|row| row.generation = Generation::new(1));
            }
        },
        &["a_new_token_set_replaces_the_one_that_was_expected", "an_ended_connection_is_connected_again"],
    ),
    gives(
        "connects an account twice",
        |call| {
            if let Some(committed) = call.answer::<Committed>()
                && matches!(committed, Committed::AccountTaken { .. })
            {
                *committed = Committed::Done { revision: Revision::NONE };
            }
        },
        &["an_account_is_connected_once_per_tenant", "one_of_fifty_concurrent_first_logins_wins"],
    ),
    takes(
        "compares accounts as people do",
        |call| {
            if let Some(connect) = call.value::<Success>().and_then(|success| success.connect.as_mut()) {
                connect.account.external_user_id = connect.account.external_user_id.trim().to_lowercase();
            }
        },
        &["accounts_are_told_apart_byte_by_byte"],
    ),
    takes(
        "lets a state stand in the way of a new token set",
        |call| {
            let blocks = |row: StoredToken| !row.state.serves() && !row.state.is_retired();
            let blocked = call.stored().is_some_and(blocks);
            if let Some(success) = call.value::<Success>().filter(|_| blocked) {
                success.expected = Generation::new(999);
            }
        },
        &["a_late_success_heals_whatever_the_state"],
    ),
    gives(
        "counts old failures against a new token set",
        |call| {
            if call.is(&["commit_success"]) {
                call.overwrite(|row| row.failures = 1);
            }
        },
        &["a_success_starts_failures_and_strikes_again"],
    ),
    takes(
        "lets a connection change its account",
        |call| {
            if let Some(connect) = call.value::<Success>().and_then(|success| success.connect.as_mut())
                && connect.account.external_user_id == "somebody else"
            {
                connect.account = Account { external_user_id: "1".to_owned(), ..connect.account.clone() };
            }
        },
        &["the_account_of_a_connection_never_changes"],
    ),
    takes(
        "knows no parents",
        |call| {
            if let Some(connect) = call.value::<Success>().and_then(|success| success.connect.as_mut()) {
                connect.parent = None;
            }
        },
        &[
            "a_connection_is_derived_from_a_living_one",
            "a_child_of_an_ended_connection_is_not_connected_again",
            "children_are_those_of_the_parent",
            "a_renewal_leaves_the_details_alone",
        ],
    ),
    takes(
        "forgets details when a known account logs in",
        |call| {
            let known = call.stored().is_some();
            if let Some(success) = call.value::<Success>().filter(|_| known) {
                success.connect = None;
            }
        },
        &["a_login_again_keeps_the_connection", "assets_show_where_their_token_comes_from"],
    ),
    gives(
        "shows a row to some processes only",
        |call| {
            let third = call.key.is_some_and(|key| key.1 == ConnectionId::from_bytes([3; 16]));
            if let Some(row) = call.answer::<Row>().filter(|_| third) {
                *row = None;
            }
        },
        &["every_handle_sees_what_one_has_stored"],
    ),
];
