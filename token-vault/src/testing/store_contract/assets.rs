//! What is linked to which connection.

use super::{
    bench::{Bench, Handle, one, race, several},
    fixtures::{
        MINUTE, OTHER, TENANT, account, audit, connect, connect_to, describe_kinds, details, disconnect,
        done, events, id, login, no_notes, ok, put_into, renewal, user,
    },
};
use crate::{
    Account, Asset, AssetFilter, AssetKey, AssetKind, AuditAction, AuditActor, Connect, ConnectionState,
    Generation, Link, LinkOutcome, Linked, NewAsset, Origin, Retire, Retired, Retirement, Standing,
};
use sociogram_oauth_core::{ProviderId, ReauthReason, TenantId};

fn page(id: &str) -> NewAsset {
    NewAsset::new(AssetKind::FacebookPage, id)
}

fn key(id: &str) -> AssetKey {
    AssetKey::new("app", AssetKind::FacebookPage, id)
}

async fn outcomes(store: &Handle, tenant: TenantId, link: Link) -> Vec<LinkOutcome> {
    match ok(store.link_assets(tenant, link).await) {
        Linked::Done(outcomes) => outcomes,
        Linked::NoConnection => panic!("the connection was not found"),
    }
}

async fn link(store: &Handle, tenant: TenantId, number: u8, pages: &[&str]) -> Vec<LinkOutcome> {
    let assets = pages.iter().map(|id| page(id)).collect();
    outcomes(store, tenant, Link::new(id(number), assets, user())).await
}

async fn assets(store: &Handle, tenant: TenantId, filter: AssetFilter) -> Vec<(u8, String)> {
    let page = ok(store.list_assets(tenant, &filter, None, 1_000).await);
    assert_eq!((page.unreadable, page.next), (0, None));
    let numbered = |asset: Asset| (asset.connection.as_bytes()[0], asset.key.external_id);
    page.assets.into_iter().map(numbered).collect()
}

fn pair(number: u8, asset: &str) -> (u8, String) {
    (number, asset.to_owned())
}

/// With who linked it, when, and the app of the connection.
pub async fn an_asset_comes_back_as_it_was_linked(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    connect(&store, 1).await;
    let before = control.now().await;
    let new = vec![page("77").with_name("A Page"), NewAsset::new(AssetKind::from("newer_kind"), "a:b/ü")];
    let linked = outcomes(&store, TENANT, Link::new(id(1), new, user())).await;
    assert_eq!(linked, [LinkOutcome::Linked, LinkOutcome::Linked]);
    let Some(found) = ok(store.find_asset(TENANT, &key("77")).await) else { panic!("it is not there") };
    assert_eq!((&found.key, found.connection, found.origin), (&key("77"), id(1), Origin::OAuth));
    assert_eq!((found.name.as_deref(), &found.linked_by), (Some("A Page"), &user()));
    assert!(found.linked_at >= before, "it is not stamped by the store's clock");
    let newer = AssetKey::new("app", AssetKind::Unknown("newer_kind".into()), "a:b/ü");
    let found = ok(store.find_asset(TENANT, &newer).await);
    assert_eq!(found.map(|asset| (asset.key, asset.name)), Some((newer, None)));
    assert_eq!(ok(store.find_asset(TENANT, &key("78")).await), None);
}

/// A second login lists the same Pages: they stay linked, under their new names.
pub async fn an_asset_linked_again_is_told_so(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    connect(&store, 1).await;
    link(&store, TENANT, 1, &["1"]).await;
    let first = ok(store.find_asset(TENANT, &key("1")).await);
    control.advance(MINUTE).await;
    let again = vec![page("1").with_name("Renamed"), page("2"), page("2"), page("1")];
    let told = outcomes(&store, TENANT, Link::new(id(1), again, AuditActor::Service)).await;
    let (new, known) = (LinkOutcome::Linked, LinkOutcome::AlreadyLinked);
    assert_eq!(told, [known, new, known, known]);
    let second = ok(store.find_asset(TENANT, &key("1")).await);
    let renamed = first.map(|first| Asset { name: Some("Renamed".to_owned()), ..first });
    assert_eq!(second, renamed, "only the name changes, and only to one that is given");
    assert_eq!(assets(&store, TENANT, AssetFilter::all()).await, [pair(1, "1"), pair(1, "2")]);
}

/// The person is asked before a Page moves from one connection to another.
pub async fn a_conflict_inside_the_tenant_is_reported(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    connect(&store, 2).await;
    link(&store, TENANT, 1, &["1", "2"]).await;
    let told = link(&store, TENANT, 2, &["2", "3"]).await;
    assert_eq!(told, [LinkOutcome::Conflict { with: id(1) }, LinkOutcome::Linked]);
    let all = assets(&store, TENANT, AssetFilter::all()).await;
    assert_eq!(all, [pair(1, "1"), pair(1, "2"), pair(2, "3")]);
}

/// And once the answer is yes, it moves.
pub async fn overwriting_takes_it_away_inside_the_tenant(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    connect(&store, 2).await;
    link(&store, TENANT, 1, &["1", "2"]).await;
    let told = outcomes(&store, TENANT, Link::new(id(2), vec![page("2")], user()).replacing()).await;
    assert_eq!(told, [LinkOutcome::Replaced { from: id(1) }]);
    assert_eq!(assets(&store, TENANT, AssetFilter::of(id(1))).await, [pair(1, "1")]);
    assert_eq!(assets(&store, TENANT, AssetFilter::of(id(2))).await, [pair(2, "2")]);
    let mut entries = audit(&store, TENANT).await;
    let entries: Vec<_> = entries.split_off(2).into_iter().map(|one| (one.action, one.connection)).collect();
    let (gone, come) = (AuditAction::AssetUnlinked, AuditAction::AssetLinked);
    assert_eq!(entries, [(gone, Some(id(1))), (come, Some(id(2)))]);
}

/// Not whose it is, not by overwriting, not through any other method.
pub async fn a_conflict_with_another_tenant_reveals_nothing(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect_to(&store, OTHER, 1).await;
    connect_to(&store, TENANT, 1).await;
    link(&store, OTHER, 1, &["1"]).await;
    for link in [
        Link::new(id(1), vec![page("1"), page("2")], user()),
        Link::new(id(1), vec![page("1")], user()).replacing(),
    ] {
        let told = outcomes(&store, TENANT, link).await;
        assert_eq!(told[0], LinkOutcome::Unavailable);
    }
    assert_eq!(ok(store.find_asset(TENANT, &key("1")).await), None);
    assert_eq!(ok(store.unlink_assets(TENANT, &[key("1")], user()).await), []);
    assert_eq!(assets(&store, TENANT, AssetFilter::all()).await, [pair(1, "2")]);
    assert_eq!(assets(&store, OTHER, AssetFilter::all()).await, [pair(1, "1")]);
    assert_eq!(audit(&store, TENANT).await.len(), 1, "what did not happen is in the audit");
    assert_eq!(audit(&store, OTHER).await.len(), 1, "the other tenant's audit shows somebody else's try");
}

/// Two apps may both have a Page: each gets its own webhooks.
pub async fn an_asset_belongs_to_one_tenant_per_app(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect_to(&store, TENANT, 1).await;
    let other_app = Account::new(ProviderId::FACEBOOK, "app 2", "u");
    let success = login("").with_connect(Connect::new(other_app, details("x")));
    done(store.commit_success(OTHER, id(2), success).await);
    assert_eq!(link(&store, TENANT, 1, &["1"]).await, [LinkOutcome::Linked]);
    assert_eq!(link(&store, OTHER, 2, &["1"]).await, [LinkOutcome::Linked]);
    let in_other_app = AssetKey::new("app 2", AssetKind::FacebookPage, "1");
    let holder = ok(store.asset_holder(&in_other_app).await);
    assert_eq!(holder.map(|holder| (holder.tenant, holder.connection)), Some((OTHER, id(2))));
    let other_kind = vec![NewAsset::new(AssetKind::InstagramAccount, "1"), page(" 1"), page("01")];
    let told = outcomes(&store, TENANT, Link::new(id(1), other_kind, user())).await;
    assert_eq!(told, [LinkOutcome::Linked; 3], "kinds and ids are told apart");
}

/// Webhooks name a Page and nothing else.
pub async fn the_holder_of_an_asset_is_found_across_tenants(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect_to(&store, OTHER, 1).await;
    link(&store, OTHER, 1, &["1"]).await;
    let holder = ok(store.asset_holder(&key("1")).await);
    let told = holder.map(|holder| (holder.tenant, holder.connection, holder.state));
    assert_eq!(told, Some((OTHER, id(1), ConnectionState::Connected)));
    ok(store.unlink_assets(OTHER, &[key("1")], user()).await);
    assert_eq!(ok(store.asset_holder(&key("1")).await), None);
}

/// A person picks among assets: each stands as linking would find it, and nothing more is told.
pub async fn assets_stand_as_linking_would_find_them(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect_to(&store, OTHER, 1).await;
    connect(&store, 1).await;
    connect(&store, 2).await;
    link(&store, OTHER, 1, &["theirs"]).await;
    link(&store, TENANT, 1, &["ours"]).await;
    let audited = audit(&store, TENANT).await.len();
    let wanted = [key("theirs"), key("nobody's"), key("ours"), key("theirs"), key("ours")];
    let told = ok(store.standings(TENANT, &wanted).await);
    let Some(ours) = ok(store.find_asset(TENANT, &key("ours")).await) else { panic!("it is not there") };
    let linked = Standing::Linked(Box::new(ours));
    let expected = [Standing::Unavailable, Standing::Free, linked.clone(), Standing::Unavailable, linked];
    assert_eq!(told, expected);
    let other_app = AssetKey { app_id: "app 2".to_owned(), ..key("theirs") };
    assert_eq!(ok(store.standings(TENANT, &[other_app]).await), [Standing::Free]);
    assert_eq!(ok(store.standings(TENANT, &[]).await), []);
    assert_eq!(audit(&store, TENANT).await.len(), audited, "looking changes nothing");
}

/// Only what can have a token gets assets.
pub async fn an_ended_connection_gets_no_assets(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    for number in [1, 2] {
        connect(&store, number).await;
    }
    disconnect(&store, 1).await;
    put_into(&store, 2, ConnectionState::NeedsReauth(ReauthReason::GrantRevoked)).await;
    for nobody in [1, 9] {
        let linked = store.link_assets(TENANT, Link::new(id(nobody), vec![page("1")], user())).await;
        assert_eq!(ok(linked), Linked::NoConnection);
    }
    assert_eq!(link(&store, TENANT, 2, &["1"]).await, [LinkOutcome::Linked]);
}

/// Fifty connections of two tenants want one Page at once: one gets it.
pub async fn one_of_fifty_concurrent_links_wins(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    for number in 0..50 {
        let tenant = if number % 2 == 0 { TENANT } else { OTHER };
        connect_to(&handles[0], tenant, number).await;
    }
    let results = race(&handles, |store, number| async move {
        let tenant = if number % 2 == 0 { TENANT } else { OTHER };
        link(&store, tenant, number, &["1"]).await
    })
    .await;
    let winners = results.iter().filter(|told| told[0] == LinkOutcome::Linked).count();
    assert_eq!(winners, 1, "one Page was linked by several");
    for tenant in [TENANT, OTHER] {
        let linked = assets(&handles[0], tenant, AssetFilter::all()).await;
        assert_eq!(audit(&handles[0], tenant).await.len(), linked.len());
    }
}

/// What was linked is given back, so that webhooks can be unsubscribed.
pub async fn unlinking_gives_back_what_was_linked(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    link(&store, TENANT, 1, &["1", "2", "3"]).await;
    let before = ok(store.find_asset(TENANT, &key("2")).await);
    let wanted = [key("3"), key("9"), key("2"), key("2")];
    let gone = ok(store.unlink_assets(TENANT, &wanted, AuditActor::Provider).await);
    assert_eq!(gone.first(), before.as_ref());
    let keys: Vec<_> = gone.into_iter().map(|asset| asset.key).collect();
    assert_eq!(keys, [key("2"), key("3")], "in the order of the keys, each once");
    assert_eq!(assets(&store, TENANT, AssetFilter::all()).await, [pair(1, "1")]);
    assert_eq!(ok(store.unlink_assets(TENANT, &wanted, AuditActor::Provider).await), []);
}

/// Who linked and unlinked what is known for good.
pub async fn links_and_unlinks_are_in_the_audit(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    link(&store, TENANT, 1, &["1", "2"]).await;
    link(&store, TENANT, 1, &["1"]).await;
    ok(store.unlink_assets(TENANT, &[key("1")], AuditActor::Provider).await);
    disconnect(&store, 1).await;
    let entries: Vec<_> = audit(&store, TENANT)
        .await
        .into_iter()
        .map(|one| {
            assert_eq!(one.connection, Some(id(1)));
            (one.action, one.asset, one.actor)
        })
        .collect();
    let (come, gone) = (AuditAction::AssetLinked, AuditAction::AssetUnlinked);
    let expected = [
        (come.clone(), Some(key("1")), user()),
        (come, Some(key("2")), user()),
        (gone.clone(), Some(key("1")), AuditActor::Provider),
        (gone, Some(key("2")), no_notes().actor),
    ];
    assert_eq!(entries, expected);
}

/// Disconnecting frees them for others in the same step.
pub async fn the_end_of_a_connection_unlinks_its_assets(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    connect(&store, 2).await;
    link(&store, TENANT, 1, &["2", "1"]).await;
    link(&store, TENANT, 2, &["3"]).await;
    let listed = ok(store.list_assets(TENANT, &AssetFilter::of(id(1)), None, 9).await).assets;
    match ok(store.retire(TENANT, id(1), Retire::new(Retirement::Revoked, no_notes())).await) {
        Retired::Done { assets, .. } => assert_eq!(assets, listed),
        other => panic!("the connection was not ended: {other:?}"),
    }
    assert_eq!(assets(&store, TENANT, AssetFilter::all()).await, [pair(2, "3")]);
    connect_to(&store, OTHER, 7).await;
    assert_eq!(link(&store, OTHER, 7, &["1"]).await, [LinkOutcome::Linked]);
    assert_eq!(describe_kinds(&events(&store).await), []);
}

/// In the order of the bytes of app, kind and id.
pub async fn asset_lists_go_through_all_pages_in_order(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    connect_to(&store, OTHER, 2).await;
    let instagram = |id: &str| NewAsset::new(AssetKind::InstagramAccount, id);
    let unordered = vec![instagram("a"), page("b"), page("B"), page("10"), page("é"), page("9"), page("")];
    outcomes(&store, TENANT, Link::new(id(1), unordered, user())).await;
    link(&store, OTHER, 2, &["c"]).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let part = ok(store.list_assets(TENANT, &AssetFilter::all(), after.as_ref(), 2).await);
        assert!(part.assets.len() <= 2);
        seen.extend(part.assets.into_iter().map(|asset| asset.key.external_id));
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["", "10", "9", "B", "b", "é", "a"]);
    let least = ok(store.list_assets(TENANT, &AssetFilter::all(), None, 0).await);
    assert_eq!(least.assets.len(), 1, "no limit at all is none of these");
    let filter = AssetFilter::all().with_kind(AssetKind::InstagramAccount);
    assert_eq!(assets(&store, TENANT, filter).await, [pair(1, "a")]);
}

/// A pasted token's assets are marked until the account is connected by a login.
pub async fn assets_show_where_their_token_comes_from(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let mut legacy = details("pasted");
    legacy.origin = Origin::Legacy;
    let success = login("").with_connect(Connect::new(account("1"), legacy));
    done(store.commit_success(TENANT, id(1), success).await);
    link(&store, TENANT, 1, &["1"]).await;
    let origin = async || ok(store.find_asset(TENANT, &key("1")).await).map(|asset| asset.origin);
    assert_eq!(origin().await, Some(Origin::Legacy));
    let login = renewal(Generation::new(1), 2).with_connect(Connect::new(account("1"), details("x")));
    done(store.commit_success(TENANT, id(1), login).await);
    assert_eq!(origin().await, Some(Origin::OAuth));
}

/// Whoever comes first, in the end nothing is linked to what has ended.
pub async fn the_end_wins_over_every_link_under_way(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    for number in 1..6 {
        connect(&handles[0], number).await;
        race(&handles, move |store, runner| async move {
            if runner == 25 {
                let retire = Retire::new(Retirement::Disconnected, no_notes());
                ok(store.retire(TENANT, id(number), retire).await);
            } else {
                let assets = vec![page(&format!("{number}/{runner}"))];
                ok(store.link_assets(TENANT, Link::new(id(number), assets, user())).await);
            }
        })
        .await;
        assert_eq!(assets(&handles[0], TENANT, AssetFilter::all()).await, []);
    }
}
