//! Stores that keep assets badly.

use sociogram_oauth_core::{ConnectionId, TenantId};

use super::{Call, Flaw, gives, takes};
use crate::{
    Asset, AssetKind, AssetPage, AuditActor, ConnectionState, Link, LinkOutcome, Linked, Origin, Overwrite,
    Retired, Standing,
};

fn outcomes<'a>(call: &'a mut Call<'_>) -> Option<&'a mut Vec<LinkOutcome>> {
    match call.answer::<Linked>()? {
        Linked::Done(outcomes) => Some(outcomes),
        Linked::NoConnection => None,
    }
}

pub(super) const LINKS: &[Flaw] = &[
    gives(
        "links again what is linked",
        |call| {
            for outcome in outcomes(call).into_iter().flatten() {
                if *outcome == LinkOutcome::AlreadyLinked {
                    *outcome = LinkOutcome::Linked;
                }
            }
        },
        &["an_asset_linked_again_is_told_so"],
    ),
    takes(
        "overwrites without being asked",
        |call| {
            if let Some(link) = call.value::<Link>() {
                link.overwrite = Overwrite::Replace;
            }
        },
        &["a_conflict_inside_the_tenant_is_reported"],
    ),
    takes(
        "never overwrites",
        |call| {
            if let Some(link) = call.value::<Link>() {
                link.overwrite = Overwrite::Refuse;
            }
        },
        &["overwriting_takes_it_away_inside_the_tenant"],
    ),
    gives(
        "says more than it may",
        |call| {
            for outcome in outcomes(call).into_iter().flatten() {
                if *outcome == LinkOutcome::Unavailable {
                    *outcome = LinkOutcome::Conflict { with: ConnectionId::from_bytes([1; 16]) };
                }
            }
        },
        &["a_conflict_with_another_tenant_reveals_nothing"],
    ),
    gives(
        "tells everybody that they got it",
        |call| outcomes(call).into_iter().flatten().for_each(|outcome| *outcome = LinkOutcome::Linked),
        &["one_of_fifty_concurrent_links_wins", "a_conflict_inside_the_tenant_is_reported"],
    ),
    takes(
        "links to what has ended",
        |call| {
            if let Some(link) = call.value::<Link>() {
                let key = (TenantId::from_bytes([1; 16]), link.connection);
                call.store.overwrite(key, |row| row.state = ConnectionState::Connected);
            }
        },
        &["an_ended_connection_gets_no_assets", "the_end_wins_over_every_link_under_way"],
    ),
    takes(
        "knows one kind only",
        |call| {
            for asset in call.value::<Link>().into_iter().flat_map(|link| &mut link.assets) {
                asset.kind = AssetKind::FacebookPage;
            }
        },
        &["an_asset_belongs_to_one_tenant_per_app", "an_asset_comes_back_as_it_was_linked"],
    ),
    takes(
        "forgets who unlinks",
        |call| {
            if call.is(&["unlink_assets"])
                && let Some(actor) = call.value::<AuditActor>()
            {
                *actor = AuditActor::Service;
            }
        },
        &["links_and_unlinks_are_in_the_audit"],
    ),
];

pub(super) const ASSETS: &[Flaw] = &[
    gives(
        "gives nothing back",
        |call| call.answer::<Vec<Asset>>().into_iter().for_each(Vec::clear),
        &["unlinking_gives_back_what_was_linked"],
    ),
    gives(
        "does not say what the end unlinked",
        |call| {
            if let Some(Retired::Done { assets, .. }) = call.answer() {
                assets.clear();
            }
        },
        &["the_end_of_a_connection_unlinks_its_assets"],
    ),
    gives(
        "lists assets in any order",
        |call| {
            if let Some(page) = call.answer::<AssetPage>() {
                page.assets.reverse();
            }
        },
        &["asset_lists_go_through_all_pages_in_order"],
    ),
    gives(
        "tells everybody that an asset is free",
        |call| {
            for standing in call.answer::<Vec<Standing>>().into_iter().flatten() {
                if *standing == Standing::Unavailable {
                    *standing = Standing::Free;
                }
            }
        },
        &["assets_stand_as_linking_would_find_them"],
    ),
    gives(
        "remembers where a token once came from",
        |call| {
            if let Some(Some(asset)) = call.answer::<Option<Asset>>() {
                asset.origin = Origin::Legacy;
            }
        },
        &["assets_show_where_their_token_comes_from"],
    ),
];
