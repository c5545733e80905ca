//! Stores that keep claims and failures badly.

use std::time::Duration;

use sociogram_oauth_core::ConnectionId;

use super::{Flaw, gives, takes};
use crate::{
    Amendment, Claim, Claimed, ConnectionState, Failure, FailureClass, Fence, Generation, Notified, Phase,
    Revision, Strikes, Success,
};

pub(super) const CLAIMS: &[Flaw] = &[
    gives(
        "stores no lease",
        |call| {
            if call.is(&["claim"]) {
                call.overwrite(|row| row.lease = None);
            }
        },
        &["a_claim_is_written_and_shown", "one_of_fifty_concurrent_claims_wins"],
    ),
    takes(
        "claims whatever is stored",
        |call| {
            let current = call.stored().map(|row| row.generation);
            if let (Some(claim), Some(current)) = (call.value::<Claim>(), current) {
                claim.generation = current;
            }
        },
        &["a_claim_of_another_token_set_is_lost"],
    ),
    takes(
        "lets a dead connection be claimed",
        |call| {
            if call.is(&["claim"]) {
                call.overwrite(|row| row.state = ConnectionState::Connected);
            }
        },
        &["a_claim_is_lost_in_a_state_that_allows_no_attempt"],
    ),
    takes(
        "ends a claim too early",
        |call| {
            if let Some(claim) = call.value::<Claim>() {
                claim.ttl /= 2;
            }
        },
        &[
            "a_live_claim_keeps_others_out_until_it_runs_out",
            "an_owner_extends_its_claim_and_moves_it_up_only",
        ],
    ),
    takes(
        "never ends a claim",
        |call| {
            if let Some(claim) = call.value::<Claim>() {
                claim.ttl *= 100;
            }
        },
        &[
            "a_live_claim_keeps_others_out_until_it_runs_out",
            "an_owner_whose_claim_ran_out_begins_anew",
            "a_failure_of_an_older_claim_changes_nothing",
        ],
    ),
    gives(
        "hides the dead",
        |call| {
            if let Some(Claimed::Won { prior, .. }) = call.answer() {
                *prior = None;
            }
        },
        &["a_claim_that_ran_out_is_taken_over_and_shown", "one_of_fifty_inherits_from_a_dead_holder"],
    ),
    gives(
        "moves a phase down",
        |call| {
            if call.is(&["claim"]) {
                call.overwrite(|row| row.lease.iter_mut().for_each(|lease| lease.phase = Phase::Claimed));
            }
        },
        &["an_owner_extends_its_claim_and_moves_it_up_only"],
    ),
    gives(
        "forgets what the dead have sent",
        |call| {
            let is_takeover = matches!(call.answer(), Some(Claimed::Won { prior: Some(_), .. }));
            if is_takeover {
                call.overwrite(|row| row.lease.iter_mut().for_each(|lease| lease.phase = Phase::Claimed));
            }
        },
        &["what_may_have_been_sent_stays_known_until_a_commit"],
    ),
    takes(
        "keeps a claim that is given back",
        |call| {
            if let Some(claim) = call.value::<Claim>() {
                claim.ttl = claim.ttl.max(Duration::from_secs(60));
            }
        },
        &["an_owner_gives_its_claim_back"],
    ),
    gives(
        "gives every claim one fence",
        |call| {
            if let Some(Claimed::Won { fence, .. }) = call.answer() {
                *fence = Fence::new(1);
            }
        },
        &["a_fence_never_comes_twice", "a_claim_that_ran_out_is_taken_over_and_shown"],
    ),
    gives(
        "counts a claim as a change",
        |call| {
            if call.is(&["claim", "due_batch"]) {
                call.overwrite(|row| row.revision = row.revision.next());
            }
        },
        &["a_claim_is_written_and_shown", "revisions_rise_with_what_matters_only"],
    ),
    takes(
        "ends no claim with a new token set",
        |call| {
            let lease = call.stored().is_some_and(|row| row.lease.is_some());
            if let Some(success) = call.value::<Success>().filter(|_| lease) {
                success.expected = Generation::new(999);
            }
        },
        &["a_success_needs_no_claim_and_ends_every_one"],
    ),
];

pub(super) const FAILURES: &[Flaw] = &[
    takes(
        "forgets what a failure means",
        |call| {
            if let Some(failure) = call.value::<Failure>() {
                failure.class = FailureClass::Transient;
            }
        },
        &["a_failure_is_stored_with_all_it_says"],
    ),
    takes(
        "puts every failure into one state",
        |call| {
            if let Some(failure) = call.value::<Failure>() {
                failure.state = ConnectionState::RefreshFailing;
            }
        },
        &["a_failure_may_leave_state_and_due_time", "the_time_of_a_state_moves_only_with_the_state"],
    ),
    takes(
        "does not look at fences",
        |call| {
            if let Some(failure) = call.value::<Failure>() {
                failure.fence = None;
            }
        },
        &["a_failure_ends_the_claim_it_names", "a_failure_of_an_older_claim_changes_nothing"],
    ),
    gives(
        "ends every claim with every failure",
        |call| {
            if call.is(&["commit_failure", "amend"]) {
                call.overwrite(|row| row.lease = None);
            }
        },
        &["a_failure_without_a_claim_leaves_the_lease"],
    ),
    takes(
        "believes news about an older token set",
        |call| {
            let current = call.stored().map(|row| row.generation).unwrap_or_default();
            if let Some(failure) = call.value::<Failure>() {
                failure.generation = current;
            }
            if let Some(amendment) = call.value::<Amendment>() {
                amendment.generation = current;
            }
        },
        &["a_failure_of_an_older_token_set_changes_nothing"],
    ),
    takes(
        "believes what was decided on an older state",
        |call| {
            let current = call.stored().map(|row| row.revision).unwrap_or_default();
            if let Some(failure) = call.value::<Failure>() {
                failure.revision = current;
            }
            if let Some(amendment) = call.value::<Amendment>() {
                amendment.revision = current;
            }
        },
        &[
            "what_was_decided_on_an_older_revision_changes_nothing",
            "one_of_fifty_concurrent_failures_is_stored",
            "a_notice_is_given_once",
        ],
    ),
    takes(
        "forgets strikes and notices",
        |call| {
            if let Some(amendment) = call.value::<Amendment>() {
                (amendment.strikes, amendment.notified) = (Strikes::NONE, Notified::NONE);
            }
        },
        &["an_amendment_changes_what_it_names"],
    ),
    takes(
        "does not care what the provider says",
        |call| {
            if let Some(amendment) = call.value::<Amendment>() {
                amendment.checked = None;
            }
        },
        &["a_check_stores_what_the_provider_says_now"],
    ),
    gives(
        "stamps the state with every write",
        |call| {
            if call.is(&["commit_failure", "commit_success"]) {
                call.overwrite(|row| {
                    row.state_since = row.state_since.saturating_add(Duration::from_secs(1));
                });
            }
        },
        &["the_time_of_a_state_moves_only_with_the_state"],
    ),
    gives(
        "gives old revisions",
        |call| {
            for (_, revision) in call.answer::<Vec<(ConnectionId, Revision)>>().into_iter().flatten() {
                *revision = Revision::new(1);
            }
        },
        &["revisions_rise_with_what_matters_only"],
    ),
];
