//! What every store of outgoing events promises, one function per clause. Exempt from semantic versioning.
//!
//! Each clause gets a function that opens **one fresh, empty store** and gives an [`OutboxBench`]: the store, and a way
//! to move its clock. A clause panics when it does not hold.
//!
//! [`outbox_store_contract!`](crate::outbox_store_contract) makes a test of each clause:
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//!
//! use sociogram_api_core::testing::ManualClock;
//! use sociogram_capi::{
//!     outbox::{MemoryOutbox, OutboxStore},
//!     testing::outbox_contract::{OutboxBench, async_trait},
//! };
//!
//! struct Bench {
//!     store: MemoryOutbox,
//!     clock: ManualClock,
//! }
//!
//! #[async_trait]
//! impl OutboxBench for Bench {
//!     fn store(&self) -> Arc<dyn OutboxStore> {
//!         Arc::new(self.store.clone())
//!     }
//!
//!     async fn advance(&self, by: Duration) {
//!         self.clock.advance(by);
//!     }
//! }
//!
//! async fn open() -> Bench {
//!     let clock = ManualClock::default();
//!     Bench { store: MemoryOutbox::with_timer(Arc::new(clock.clone())), clock }
//! }
//!
//! mod memory {
//!     sociogram_capi::outbox_store_contract!(super::open);
//! }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! # use sociogram_capi::testing::outbox_contract::lapses;
//! # lapses::an_event_whose_sender_died_is_in_doubt(open).await;
//! # });
//! ```
//!
//! Attributes before the factory go to every test: `outbox_store_contract!(#[ignore = "needs a database"] open);`. The
//! crate that calls the macro needs `tokio` with its features `macros` and `rt-multi-thread`.
//!
//! A database has a clock of its own. Let the statements of the adapter take the time from a function of its schema, and
//! let the tests replace that function by one that adds an offset; then nothing waits.

pub mod adding;
mod bench;
pub mod claims;
pub(in crate::testing) mod fixtures;
pub mod lapses;
pub mod lists;
pub mod replays;
pub mod retention;
pub mod settling;

pub use async_trait::async_trait;
pub use bench::{MemoryBench, OutboxBench};

/// Makes one `#[tokio::test]` of each clause of the [contract](crate::testing::outbox_contract).
///
/// The factory is an `async fn() -> impl OutboxBench`: one fresh, empty store.
#[macro_export]
macro_rules! outbox_store_contract {
    (@tests $factory:expr; $attributes:tt $($part:ident { $($clause:ident)* })*) => {
        $($($crate::outbox_store_contract! { @test $factory; $attributes $part $clause })*)*
    };
    (@test $factory:expr; [$(#[$attribute:meta])*] $part:ident $clause:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        $(#[$attribute])*
        async fn $clause() {
            $crate::testing::outbox_contract::$part::$clause($factory).await;
        }
    };
    ($(#[$attribute:meta])* $factory:expr) => {
        $crate::outbox_store_clauses! { [$crate::outbox_store_contract] @tests $factory; [$(#[$attribute])*] }
    };
}

/// Hands the names of all clauses to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! outbox_store_clauses {
    ([$($callback:tt)*] $($given:tt)*) => {
        $($callback)*! { $($given)*
            adding {
                an_event_comes_back_as_it_was_added
                events_keep_their_order
                a_batch_is_seen_as_a_whole
                an_event_with_the_same_name_and_id_is_a_duplicate
                a_repeat_within_a_batch_is_a_duplicate
                an_event_is_known_in_every_state
                one_of_fifty_concurrent_adds_is_new
                batches_in_opposite_orders_do_not_stop_each_other
                what_differs_in_any_part_is_new
                events_without_an_id_are_always_new
                content_survives_byte_by_byte
                a_nul_is_no_reason_to_refuse
                nothing_asked_is_nothing_done
            }
            claims {
                the_longest_due_comes_first_and_no_more_than_asked_for
                a_claim_takes_one_route
                a_busy_route_does_not_hide_another
                the_bytes_of_a_claim_are_kept_to
                a_claim_is_shown
                others_keep_away_during_the_lease
                concurrent_claimers_share_the_events
                an_event_that_was_not_begun_is_due_after_its_lease
                beginning_is_recorded_and_counted
                what_is_not_held_is_not_begun
                a_claim_holds_beyond_its_lease_while_nobody_took_the_event
                a_renewed_claim_lasts_from_then_on
                an_event_is_begun_by_one_claim
                ten_thousand_events_are_taken_in_their_order
                an_event_that_is_not_due_is_not_taken
            }
            settling {
                each_fate_is_kept
                an_event_may_be_finished_without_being_begun
                an_event_that_was_not_processed_is_due_after_its_time
                the_latest_ten_attempts_are_kept
                a_released_event_is_due_at_once_and_nothing_is_noted
                an_old_claim_settles_nothing
                an_outcome_may_be_told_twice
                a_fate_is_not_changed_by_another
                one_of_fifty_concurrent_settlements_counts
                claims_are_settled_each_by_itself
            }
            lapses {
                an_event_whose_sender_died_is_in_doubt
                many_are_found_in_doubt_over_several_claims
                a_late_outcome_takes_the_place_of_doubt
                a_late_outcome_may_make_it_due
                a_late_outcome_does_not_settle_a_replayed_event
                a_late_outcome_without_content_is_a_fate_or_nothing
            }
            replays {
                rejected_events_are_due_again
                doubtful_events_are_due_again_when_asked_for
                named_events_are_due_again_if_they_were_rejected_or_are_in_doubt
                a_replay_keeps_to_its_filter
                the_oldest_are_replayed_first_and_no_more_than_asked_for
                attempts_begin_anew_and_the_fate_is_remembered
                a_replay_makes_no_new_event
                an_old_claim_does_not_settle_a_replayed_event
                what_expired_is_not_replayed
                what_lost_its_content_is_not_replayed
                concurrent_replays_count_once
                nobody_replays_what_belongs_to_another
            }
            lists {
                nothing_is_found_where_nothing_is
                tenants_never_see_each_others_events
                a_list_begins_with_the_latest
                pages_have_no_gaps_or_repeats_while_events_are_added
                a_page_has_at_most_500_events
                each_filter_picks_what_it_names
                filters_together_pick_what_fits_all
                events_are_picked_by_state
                events_are_picked_by_when_they_were_added
                a_census_counts_what_there_is
            }
            retention {
                contents_are_kept_from_the_end_on
                rows_are_kept_from_the_end_on
                what_is_not_finished_stays
                no_more_is_deleted_than_asked_for
                a_duplicate_is_known_as_long_as_the_row
                what_is_kept_for_ever_stays
                what_comes_after_a_trim_is_sent
            }
        }
    };
}

#[cfg(test)]
mod tests;
