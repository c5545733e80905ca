//! What every store of a vault promises, one function per clause. Exempt from semantic versioning.
//!
//! Each clause gets a function that opens a number of handles on **one fresh, empty store** ([`Bench`]). The
//! handles stand for processes: give each its own connection pool, not clones of one. Along with them goes a
//! [`StoreControl`], which reads and moves the store's clock, and breaks a row. A clause panics when it does not
//! hold.
//!
//! [`vault_store_contract!`](crate::vault_store_contract) makes a test of each clause:
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//!
//! use sociogram_api_core::{Clock as _, Timestamp};
//! use sociogram_oauth_core::{ConnectionId, TenantId};
//! use sociogram_token_vault::{
//!     MemoryStore, async_trait,
//!     testing::store_contract::{Bench, Handle, StoreControl, TestClock},
//! };
//!
//! struct Control {
//!     clock: Arc<TestClock>,
//!     store: Arc<MemoryStore>,
//! }
//!
//! #[async_trait]
//! impl StoreControl for Control {
//!     async fn now(&self) -> Timestamp {
//!         self.clock.now()
//!     }
//!
//!     async fn advance(&self, by: Duration) {
//!         self.clock.advance(by);
//!     }
//!
//!     async fn spoil(&self, tenant: TenantId, connection: ConnectionId) {
//!         assert!(self.store.spoil(tenant, connection));
//!     }
//! }
//!
//! /// A store in memory has one process only, so its handles are one store.
//! async fn open(handles: usize) -> Bench {
//!     let clock = Arc::new(TestClock::new());
//!     let store = Arc::new(MemoryStore::with_clock(clock.clone()));
//!     let handle: Handle = store.clone();
//!     Bench::new(vec![handle; handles], Arc::new(Control { clock, store }))
//! }
//!
//! mod memory {
//!     sociogram_token_vault::vault_store_contract!(super::open);
//! }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! # use sociogram_token_vault::testing::store_contract::tokens;
//! # tokens::a_token_set_comes_back_as_it_was_stored(open).await;
//! # });
//! ```
//!
//! Attributes before the factory go to every test: `vault_store_contract!(#[ignore = "needs a database"] open);`. The
//! crate that calls the macro needs `tokio` with its features `macros` and `rt-multi-thread`.
//!
//! A database has a clock of its own. Let the statements of the adapter take the time from a function of its
//! schema, and let the tests replace that function by one that adds an offset; then nothing waits.

pub mod assets;
mod bench;
pub mod claims;
pub mod connections;
pub mod data_keys;
pub mod due;
pub mod failures;
mod fixtures;
pub mod history;
pub mod retirements;
pub mod tenants;
pub mod tokens;

pub use bench::{Backend, Bench, Handle, StoreControl, TestClock};

/// Makes one `#[tokio::test]` of each clause of the [contract](crate::testing::store_contract).
///
/// The factory is an `async fn(usize) -> Bench`: that many handles on one fresh, empty store.
#[macro_export]
macro_rules! vault_store_contract {
    (@tests $factory:expr; $attributes:tt $($part:ident { $($clause:ident)* })*) => {
        $($($crate::vault_store_contract! { @test $factory; $attributes $part $clause })*)*
    };
    (@test $factory:expr; [$(#[$attribute:meta])*] $part:ident $clause:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        $(#[$attribute])*
        async fn $clause() {
            $crate::testing::store_contract::$part::$clause($factory).await;
        }
    };
    ($(#[$attribute:meta])* $factory:expr) => {
        $crate::vault_store_clauses! { [$crate::vault_store_contract] @tests $factory; [$(#[$attribute])*] }
    };
}

/// Hands the names of all clauses to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! vault_store_clauses {
    ([$($callback:tt)*] $($given:tt)*) => {
        $($callback)*! { $($given)*
            tokens {
                a_token_set_comes_back_as_it_was_stored
                a_token_set_is_stamped_by_the_stores_clock
                nothing_is_found_where_nothing_is
                a_first_token_set_needs_a_login_with_it
                a_new_token_set_replaces_the_one_that_was_expected
                a_commit_that_expected_another_generation_changes_nothing
                one_of_fifty_concurrent_commits_wins
                one_of_fifty_concurrent_first_logins_wins
                one_of_fifty_concurrent_logins_under_one_id_wins
                a_late_success_heals_whatever_the_state
                a_success_starts_failures_and_strikes_again
                a_repeated_commit_finds_its_own_token_set
                the_account_of_a_connection_never_changes
                an_account_is_connected_once_per_tenant
                accounts_are_told_apart_byte_by_byte
                a_connection_is_derived_from_a_living_one
                a_login_again_keeps_the_connection
                a_renewal_leaves_the_details_alone
                every_handle_sees_what_one_has_stored
            }
            claims {
                a_claim_is_written_and_shown
                one_of_fifty_concurrent_claims_wins
                a_claim_of_another_token_set_is_lost
                a_claim_is_lost_in_a_state_that_allows_no_attempt
                a_live_claim_keeps_others_out_until_it_runs_out
                a_claim_that_ran_out_is_taken_over_and_shown
                an_owner_extends_its_claim_and_moves_it_up_only
                what_may_have_been_sent_stays_known_until_a_commit
                an_owner_gives_its_claim_back
                an_owner_whose_claim_ran_out_begins_anew
                a_fence_never_comes_twice
                one_of_fifty_inherits_from_a_dead_holder
                a_success_needs_no_claim_and_ends_every_one
            }
            failures {
                a_failure_is_stored_with_all_it_says
                a_failure_may_leave_state_and_due_time
                a_failure_ends_the_claim_it_names
                a_failure_without_a_claim_leaves_the_lease
                a_failure_of_an_older_claim_changes_nothing
                a_failure_of_an_older_token_set_changes_nothing
                what_was_decided_on_an_older_revision_changes_nothing
                one_of_fifty_concurrent_failures_is_stored
                an_amendment_changes_what_it_names
                a_check_stores_what_the_provider_says_now
                a_notice_is_given_once
                the_time_of_a_state_moves_only_with_the_state
                revisions_rise_with_what_matters_only
            }
            retirements {
                retiring_deletes_the_secrets_and_raises_the_generation
                a_commit_under_way_fails_after_the_end
                retiring_ends_lease_and_due_time
                retiring_again_changes_nothing
                a_disconnected_connection_may_become_revoked
                one_of_fifty_concurrent_retirements_counts
                the_end_wins_over_every_commit_under_way
                an_ended_connection_is_connected_again
                a_child_of_an_ended_connection_is_not_connected_again
                secrets_are_kept_aside_only_when_asked_for
                a_revocation_is_given_until_it_is_finished
                a_revocation_outlives_a_new_login
            }
            due {
                what_is_due_is_given_the_longest_due_first
                what_is_not_due_is_not_given
                what_was_given_is_hidden_for_a_while
                nobody_gets_the_same_work_twice
                a_commit_decides_when_it_is_due_next
                being_given_changes_nothing_else
            }
            connections {
                a_connection_shows_everything_but_the_secrets
                a_connection_is_found_by_its_account
                a_list_goes_through_all_pages_in_order
                a_filter_picks_what_it_names
                one_unreadable_row_fails_no_list
                an_unreadable_connection_can_be_ended
                children_are_those_of_the_parent
                details_are_replaced_by_the_one_who_saw_them
                one_of_fifty_concurrent_updates_wins
                an_update_leaves_the_token_alone
                only_a_login_changes_the_origin
                only_an_ended_connection_is_removed
                a_removed_connection_leaves_its_audit_only
            }
            assets {
                an_asset_comes_back_as_it_was_linked
                an_asset_linked_again_is_told_so
                a_conflict_inside_the_tenant_is_reported
                overwriting_takes_it_away_inside_the_tenant
                a_conflict_with_another_tenant_reveals_nothing
                an_asset_belongs_to_one_tenant_per_app
                the_holder_of_an_asset_is_found_across_tenants
                assets_stand_as_linking_would_find_them
                an_ended_connection_gets_no_assets
                one_of_fifty_concurrent_links_wins
                unlinking_gives_back_what_was_linked
                links_and_unlinks_are_in_the_audit
                the_end_of_a_connection_unlinks_its_assets
                asset_lists_go_through_all_pages_in_order
                assets_show_where_their_token_comes_from
                the_end_wins_over_every_link_under_way
            }
            history {
                a_change_is_stored_along_with_its_notes
                a_refused_change_stores_no_notes
                entries_come_back_as_they_were_written
                the_audit_is_filtered
                audit_pages_go_through_all_entries
                the_audit_outlives_its_connection
                old_entries_are_trimmed
                events_are_given_the_oldest_first
                an_event_is_given_until_it_is_acknowledged
                nobody_gets_the_same_event_twice
            }
            tenants {
                a_row_of_another_tenant_does_not_exist
                two_tenants_may_use_one_id
                holders_are_found_in_every_tenant
                a_census_counts_what_there_is
                erasing_an_account_takes_all_that_is_derived_from_it
                erasing_a_tenant_leaves_an_audit_without_people
                an_erased_tenant_may_begin_again
                debug_shows_no_rows
            }
            data_keys {
                a_data_key_comes_back_as_it_was_stored
                a_tenant_has_one_active_data_key
                one_of_fifty_concurrent_first_keys_wins
                a_new_active_key_makes_the_old_one_decrypt_only
                one_of_fifty_concurrent_rotations_wins
                a_data_key_id_never_comes_twice
                a_wrapping_is_replaced_by_the_one_who_saw_it
                one_of_fifty_concurrent_rewraps_wins
                key_states_move_down_only
                messages_are_counted
                destroying_empties_every_key_of_the_tenant
                keys_are_listed_and_counted_by_wrapping_key
                token_sets_are_counted_by_data_key
            }
        }
    };
}

#[cfg(test)]
mod tests;
