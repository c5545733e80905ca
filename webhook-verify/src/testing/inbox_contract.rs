//! What every store of events promises, one function per clause; and a store that fails when told to. Exempt from
//! semantic versioning.
//!
//! Each clause gets a function that opens **one fresh, empty store** and gives an [`InboxBench`]: the store, and a way to
//! move its clock. A clause panics when it does not hold.
//!
//! [`inbox_store_contract!`](crate::inbox_store_contract) makes a test of each clause:
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//!
//! use sociogram_webhook_verify::{
//!     inbox::{InboxStore, MemoryInbox},
//!     testing::inbox_contract::{InboxBench, async_trait},
//! };
//!
//! struct Bench(MemoryInbox);
//!
//! #[async_trait]
//! impl InboxBench for Bench {
//!     fn store(&self) -> Arc<dyn InboxStore> {
//!         Arc::new(self.0.clone())
//!     }
//!
//!     async fn advance(&self, by: Duration) {
//!         tokio::time::advance(by).await;
//!     }
//! }
//!
//! async fn open() -> Bench {
//!     tokio::time::pause();
//!     Bench(MemoryInbox::new())
//! }
//!
//! mod memory {
//!     sociogram_webhook_verify::inbox_store_contract!(super::open);
//! }
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! # use sociogram_webhook_verify::testing::inbox_contract::claims;
//! # claims::a_claimed_event_is_hidden_until_its_lease_ends(open).await;
//! # });
//! ```
//!
//! Attributes before the factory go to every test: `inbox_store_contract!(#[ignore = "needs a database"] open);`. The
//! crate that calls the macro needs `tokio` with its feature `macros`. Each test runs on one thread, where tokio's time
//! can be paused; what runs at once in it are tasks.
//!
//! A database has a clock of its own. Let the statements of the adapter take the time from a function of its schema, and
//! let the tests replace that function by one that adds an offset; then nothing waits.

#![allow(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a check that does not hold panics: that is what it is for"
)]

mod bench;
pub mod claims;
mod faulty;
mod fixtures;
pub mod lists;
pub mod order;
pub mod recording;
pub mod replays;
pub mod retention;
pub mod settling;

pub use async_trait::async_trait;
pub use bench::{InboxBench, MemoryBench};
pub use faulty::{FaultyInbox, InboxFault};

/// Makes one `#[tokio::test]` of each clause of the [contract](crate::testing::inbox_contract).
///
/// The factory is an `async fn() -> impl InboxBench`: one fresh, empty store.
#[macro_export]
macro_rules! inbox_store_contract {
    (@tests $factory:expr; $attributes:tt $($part:ident { $($clause:ident)* })*) => {
        $($($crate::inbox_store_contract! { @test $factory; $attributes $part $clause })*)*
    };
    (@test $factory:expr; [$(#[$attribute:meta])*] $part:ident $clause:ident) => {
        #[tokio::test]
        $(#[$attribute])*
        async fn $clause() {
            $crate::testing::inbox_contract::$part::$clause($factory).await;
        }
    };
    ($(#[$attribute:meta])* $factory:expr) => {
        $crate::inbox_store_clauses! { [$crate::inbox_store_contract] @tests $factory; [$(#[$attribute])*] }
    };
}

/// Hands the names of all clauses to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! inbox_store_clauses {
    ([$($callback:tt)*] $($given:tt)*) => {
        $($callback)*! { $($given)*
            recording {
                new_and_known_events_are_told_apart_in_their_order
                a_repeat_within_a_batch_counts_once
                a_repeat_changes_nothing
                a_batch_is_seen_as_a_whole
                one_of_fifty_concurrent_records_of_one_key_is_new
                batches_in_opposite_orders_do_not_stop_each_other
                an_event_comes_back_as_it_was_recorded
                content_survives_byte_by_byte
                a_nul_in_a_name_is_no_reason_to_refuse
                nothing_asked_is_nothing_done
            }
            claims {
                the_longest_due_comes_first_and_no_more_than_asked_for
                a_claim_says_what_was_taken
                a_claimed_event_is_hidden_until_its_lease_ends
                concurrent_claimers_share_the_events
                a_renewed_claim_lasts_from_then_on
                only_held_claims_are_renewed
                a_lease_that_ended_is_renewed_while_nobody_took_the_event
                an_unreadable_event_holds_up_no_other
            }
            settling {
                a_finished_event_stays_finished
                a_failed_attempt_is_repeated_after_its_time
                a_given_up_event_keeps_why
                a_released_event_is_due_at_once_and_the_attempt_does_not_count
                the_latest_ten_errors_are_kept
                what_was_handled_in_the_end_keeps_its_errors
                an_old_claim_changes_nothing
                a_claim_whose_lease_ended_counts_while_nobody_took_the_event
                a_claim_is_settled_once
                one_of_fifty_concurrent_settlements_counts
                claims_are_settled_each_by_itself
            }
            order {
                events_of_one_subject_come_one_after_the_other
                a_waiting_retry_holds_up_those_behind_it
                an_ended_lease_holds_up_those_behind_it
                a_finished_event_holds_up_nothing
                subjects_are_told_apart_by_whose_they_are
                events_without_a_subject_are_ordered_within_their_account
                in_any_order_nothing_is_held_up
                concurrent_claimers_hold_one_event_of_a_subject
                a_replayed_event_holds_up_those_behind_it
                a_long_queue_of_one_subject_hides_no_other
            }
            lists {
                nothing_is_found_where_nothing_is
                a_list_begins_with_the_latest
                pages_have_no_gaps_or_repeats_while_events_are_added
                a_page_has_at_most_500_events
                each_filter_picks_what_it_names
                filters_together_pick_what_fits_all
                events_are_picked_by_state
                events_are_picked_by_when_they_were_recorded
                a_census_counts_what_there_is
            }
            replays {
                given_up_events_are_due_again_from_a_time_on
                events_that_nobody_wanted_are_due_again
                named_events_are_due_again_if_they_are_finished
                the_oldest_come_first_and_no_more_than_asked_for
                attempts_begin_anew_and_the_history_stays
                a_replay_makes_no_new_event
                an_old_claim_does_not_settle_a_replayed_event
                events_without_their_payload_are_counted
            }
            retention {
                payloads_are_kept_by_state_from_the_end_on
                the_texts_of_errors_go_with_the_payload
                rows_are_kept_from_recording_on
                what_waits_or_is_claimed_stays
                no_more_is_deleted_than_asked_for
                a_repeat_is_known_as_long_as_the_row
                what_is_kept_for_ever_stays
            }
        }
    };
}

#[cfg(test)]
mod tests;
