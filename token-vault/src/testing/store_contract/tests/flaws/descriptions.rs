//! Stores that describe connections badly, and look at tenants badly.

use sociogram_oauth_core::{ConnectionId, TenantId};

use super::{Call, Flaw, gives, takes};
use crate::{
    Census, Connection, ConnectionPage, ConnectionState, Details, Holder, Origin, Removed, Retired,
    StoreError, StoreErrorKind, Updated, Version,
};

type Found = Option<Connection>;

fn found<'a>(call: &'a mut Call<'_>) -> Option<&'a mut Connection> {
    call.answer::<Found>()?.as_mut()
}

pub(super) const VIEWS: &[Flaw] = &[
    gives(
        "hides the last error",
        |call| {
            if let Some(found) = found(call) {
                found.last_error = None;
            }
        },
        &["a_connection_shows_everything_but_the_secrets"],
    ),
    gives(
        "finds an account only while it is connected",
        |call| {
            if let Some(answer) = call.answer::<Found>()
                && answer.as_ref().is_some_and(|found| found.state.is_retired())
            {
                *answer = None;
            }
        },
        &["a_connection_is_found_by_its_account", "an_ended_connection_is_connected_again"],
    ),
    gives(
        "does not say that there is more",
        |call| {
            if let Some(page) = call.answer::<ConnectionPage>() {
                page.next = None;
            }
        },
        &["a_list_goes_through_all_pages_in_order", "a_filter_picks_what_it_names"],
    ),
    takes(
        "begins every page anew",
        |call| {
            if let Some(after) = call.value::<Option<ConnectionId>>() {
                *after = None;
            }
        },
        &["a_list_goes_through_all_pages_in_order"],
    ),
    gives(
        "lists what was not asked for",
        |call| {
            if call.is(&["list"])
                && let Some(page) = call.answer::<ConnectionPage>()
                && let [first, ..] = page.connections.as_slice()
                && first.details.origin == Origin::Legacy
            {
                page.connections.clear();
            }
        },
        &["a_filter_picks_what_it_names"],
    ),
    gives(
        "fails the list for one row",
        |call| {
            if let Some(answer) = call.value::<Result<ConnectionPage, StoreError>>()
                && answer.as_ref().is_ok_and(|page| !page.unreadable.is_empty())
            {
                *answer = Err(StoreError::new(StoreErrorKind::Corrupt, "a row cannot be read"));
            }
        },
        &["one_unreadable_row_fails_no_list"],
    ),
    gives(
        "does not say which row it left out",
        |call| {
            if let Some(page) = call.answer::<ConnectionPage>() {
                page.unreadable.clear();
            }
        },
        &["one_unreadable_row_fails_no_list"],
    ),
    gives(
        "cannot end what it cannot read",
        |call| {
            if let Some(answer) = call.value::<Result<Retired, StoreError>>() {
                *answer = Err(StoreError::new(StoreErrorKind::Corrupt, "the row cannot be read"));
            }
        },
        &["an_unreadable_connection_can_be_ended"],
    ),
    gives(
        "gives children of everybody",
        |call| {
            if call.is(&["children"])
                && let Some(children) = call.answer::<Vec<ConnectionId>>()
            {
                children.push(ConnectionId::from_bytes([4; 16]));
            }
        },
        &["children_are_those_of_the_parent", "one_unreadable_row_fails_no_list"],
    ),
];

pub(super) const WRITES: &[Flaw] = &[
    gives(
        "tells every update that it was stored",
        |call| {
            if let Some(updated) = call.answer::<Updated>() {
                *updated = Updated::Done { version: Version::new(2) };
            }
        },
        &["one_of_fifty_concurrent_updates_wins", "details_are_replaced_by_the_one_who_saw_them"],
    ),
    takes(
        "forgets details",
        |call| {
            if let Some(details) = call.value::<Details>() {
                *details = Details::new();
            }
        },
        &["an_update_leaves_the_token_alone", "one_of_fifty_concurrent_updates_wins"],
    ),
    gives(
        "counts an update as a change of the token",
        |call| {
            if call.is(&["update"]) {
                call.overwrite(|row| row.revision = row.revision.next());
            }
        },
        &["an_update_leaves_the_token_alone", "revisions_rise_with_what_matters_only"],
    ),
    gives(
        "takes the origin from any details",
        |call| {
            if call.is(&["update"]) {
                call.overwrite(|row| row.origin = Origin::OAuth);
            }
        },
        &["only_a_login_changes_the_origin"],
    ),
    takes(
        "removes what is connected",
        |call| {
            if call.is(&["remove"]) {
                call.overwrite(|row| row.state = ConnectionState::Disconnected);
            }
        },
        &["only_an_ended_connection_is_removed"],
    ),
    gives(
        "removes again and again",
        |call| {
            if let Some(removed) = call.answer::<Removed>() {
                *removed = Removed::Done;
            }
        },
        &["only_an_ended_connection_is_removed", "a_row_of_another_tenant_does_not_exist"],
    ),
];

pub(super) const ACROSS: &[Flaw] = &[
    takes(
        "does not look at tenants",
        |call| {
            if let Some(tenant) = call.value::<TenantId>() {
                *tenant = TenantId::from_bytes([1; 16]);
            }
        },
        &[
            "a_row_of_another_tenant_does_not_exist",
            "two_tenants_may_use_one_id",
            "an_account_is_connected_once_per_tenant",
            "a_data_key_comes_back_as_it_was_stored",
            "audit_pages_go_through_all_entries",
        ],
    ),
    gives(
        "finds holders that are connected only",
        |call| {
            let holders = call.answer::<Vec<Holder>>();
            if let Some(holders) = holders {
                holders.retain(|one| one.state.serves());
            }
        },
        &["holders_are_found_in_every_tenant"],
    ),
    takes(
        "prints its rows",
        |call| {
            if let Some(text) = call.value::<String>() {
                text.push_str("{ account: PERSON }");
            }
        },
        &["debug_shows_no_rows"],
    ),
    gives(
        "finds holders in one tenant only",
        |call| {
            if let Some(holder) = call.answer::<Option<Holder>>() {
                *holder = None;
            }
        },
        &["the_holder_of_an_asset_is_found_across_tenants", "an_asset_belongs_to_one_tenant_per_app"],
    ),
    gives(
        "counts what waits only until it is handed out",
        |call| {
            if let Some(census) = call.answer::<Census>() {
                census.events_waiting = 0;
            }
        },
        &["a_census_counts_what_there_is"],
    ),
    gives(
        "counts readable rows only",
        |call| {
            if let Some(census) = call.answer::<Census>() {
                census.connections.retain(|one| one.state != "unreadable");
            }
        },
        &["a_census_counts_what_there_is"],
    ),
    gives(
        "erases one tenant's connections only",
        |call| {
            let erased = call.answer::<Vec<(TenantId, ConnectionId)>>();
            if let Some(erased) = erased {
                erased.truncate(3);
            }
        },
        &["erasing_an_account_takes_all_that_is_derived_from_it"],
    ),
    takes(
        "erases nothing of the tenant",
        |call| {
            if call.is(&["erase_tenant"])
                && let Some(tenant) = call.value::<TenantId>()
            {
                *tenant = TenantId::from_bytes([3; 16]);
            }
        },
        &["erasing_a_tenant_leaves_an_audit_without_people", "an_erased_tenant_may_begin_again"],
    ),
];
