//! Stores that end connections, and hand out work, badly.

use std::time::Duration;

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::TenantId;

use super::{super::super::fixtures::sealed, Call, Flaw, gives, takes};
use crate::{ConnectionState, Due, Generation, Retire, Retired, Revision, Revocation, StoredToken, Success};

fn row<'a>(call: &'a mut Call<'_>) -> Option<&'a mut StoredToken> {
    call.answer::<Option<StoredToken>>()?.as_mut()
}

pub(super) const ENDS: &[Flaw] = &[
    gives(
        "leaves the secrets behind",
        |call| {
            if call.is(&["retire"]) {
                let kept = sealed(1);
                call.overwrite(|row| row.sealed = Some(kept.clone()));
            }
        },
        &[
            "retiring_deletes_the_secrets_and_raises_the_generation",
            "a_commit_under_way_fails_after_the_end",
            "the_end_wins_over_every_commit_under_way",
            "secrets_are_kept_aside_only_when_asked_for",
            "retiring_again_changes_nothing",
            "two_tenants_may_use_one_id",
        ],
    ),
    gives(
        "does not raise the generation at the end",
        |call| {
            if call.is(&["retire"]) {
                call.overwrite(|row| row.generation = Generation::new(1));
            }
        },
        &["retiring_deletes_the_secrets_and_raises_the_generation", "an_ended_connection_is_connected_again"],
    ),
    gives(
        "leaves lease and due time behind",
        |call| {
            if call.is(&["retire"]) {
                call.overwrite(|row| row.due_at = Some(Timestamp::UNIX_EPOCH));
            }
        },
        &["retiring_ends_lease_and_due_time"],
    ),
    gives(
        "ends what has ended",
        |call| {
            if let Some(retired) = call.answer::<Retired>()
                && *retired == Retired::Already
            {
                let (generation, revision) = (Generation::NONE, Revision::NONE);
                *retired = Retired::Done { generation, revision, assets: Vec::new() };
            }
        },
        &["retiring_again_changes_nothing", "one_of_fifty_concurrent_retirements_counts"],
    ),
    takes(
        "ends nothing twice",
        |call| {
            let ended = call.stored().is_some_and(|row| row.state.is_retired());
            if ended && call.is(&["retire"]) {
                call.overwrite(|row| row.state = ConnectionState::Revoked);
            }
        },
        &["a_disconnected_connection_may_become_revoked"],
    ),
    takes(
        "keeps every secret aside",
        |call| {
            if let Some(retire) = call.value::<Retire>() {
                retire.keep_for_revoke = true;
            }
        },
        &["secrets_are_kept_aside_only_when_asked_for"],
    ),
    gives(
        "forgets which token set is to be revoked",
        |call| {
            for revocation in call.answer::<Vec<Revocation>>().into_iter().flatten() {
                revocation.generation = Generation::new(1);
            }
        },
        &["secrets_are_kept_aside_only_when_asked_for", "a_revocation_outlives_a_new_login"],
    ),
    gives(
        "finishes what is not there",
        |call| {
            if call.is(&["finish_revocation"])
                && let Some(finished) = call.answer::<bool>()
            {
                *finished = true;
            }
        },
        &["a_revocation_is_given_until_it_is_finished", "a_row_of_another_tenant_does_not_exist"],
    ),
];

pub(super) const DUE: &[Flaw] = &[
    gives(
        "gives work in any order",
        |call| call.answer::<Vec<Due>>().into_iter().for_each(|due| due.reverse()),
        &["what_is_due_is_given_the_longest_due_first"],
    ),
    gives(
        "gives work of another tenant",
        |call| {
            for due in call.answer::<Vec<Due>>().into_iter().flatten() {
                due.tenant = TenantId::from_bytes([1; 16]);
            }
        },
        &["what_is_due_is_given_the_longest_due_first"],
    ),
    takes(
        "hides nothing",
        |call| {
            if let Some(visibility) = call.value::<Duration>() {
                *visibility = Duration::ZERO;
            }
        },
        &[
            "what_was_given_is_hidden_for_a_while",
            "nobody_gets_the_same_work_twice",
            "a_revocation_is_given_until_it_is_finished",
            "an_event_is_given_until_it_is_acknowledged",
            "nobody_gets_the_same_event_twice",
        ],
    ),
    takes(
        "hides for ever",
        |call| {
            if let Some(visibility) = call.value::<Duration>() {
                *visibility *= 100;
            }
        },
        &[
            "what_was_given_is_hidden_for_a_while",
            "a_commit_decides_when_it_is_due_next",
            "a_revocation_is_given_until_it_is_finished",
            "an_event_is_given_until_it_is_acknowledged",
        ],
    ),
    takes(
        "is always due",
        |call| {
            if let Some(success) = call.value::<Success>() {
                success.due_at = Some(Timestamp::UNIX_EPOCH);
            }
        },
        &["what_is_not_due_is_not_given"],
    ),
    gives(
        "takes a claim away from a connection that is due",
        |call| {
            if let Some(row) = row(call).filter(|row| row.due_at.is_some()) {
                row.lease = None;
            }
        },
        &["being_given_changes_nothing_else"],
    ),
];
