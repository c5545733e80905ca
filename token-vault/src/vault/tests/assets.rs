//! Picking, linking and unlinking assets.

use super::*;
use crate::vault::assets::{AssetReport, AssetStanding};

async fn named(world: &World, tenant: TenantId, who: &str) -> ConnectionId {
    let new = login(tenant, who).with_display_name(who).with_connected_by(format!("user-{who}"));
    world.vault.connect(new, &tokens("EAAB")).await.unwrap().id
}

async fn link(world: &World, tenant: TenantId, connection: ConnectionId, ids: &[&str]) -> Vec<LinkOutcome> {
    let link = Link::new(connection, pages(ids), user("ada"));
    let told = world.vault.connect_assets(tenant, link).await.unwrap();
    assert!(told.iter().map(|(key, _)| key.external_id.as_str()).eq(ids.iter().copied()));
    told.into_iter().map(|(_, outcome)| outcome).collect()
}

#[tokio::test]
async fn a_person_sees_what_can_be_linked_and_what_stands_in_the_way() {
    let world = World::new();
    let theirs = named(&world, OTHER, "secret name").await;
    link(&world, OTHER, theirs, &["theirs"]).await;
    let (ours, other) = (named(&world, TENANT, "ada").await, named(&world, TENANT, "bob").await);
    link(&world, TENANT, ours, &["here"]).await;
    link(&world, TENANT, other, &["bobs"]).await;

    let wanted = pages(&["free", "here", "bobs", "theirs"]);
    let reports = world.vault.asset_report(TENANT, ours, &wanted).await.unwrap();
    let shown = serde_json::to_value(&reports).unwrap();
    let standings: Vec<_> = shown.as_array().unwrap().iter().map(|one| one["standing"].clone()).collect();
    assert_eq!(standings, ["free", "linked_here", "conflict", "unavailable"]);
    assert_eq!(shown[2]["connection"], other.to_string());
    let told = ["display_name", "connected_by", "origin", "linked_by"].map(|name| shown[2][name].clone());
    assert_eq!(told, ["bob", "user-bob", "oauth", "user:ada"]);
    assert_eq!(shown[1]["display_name"], "ada");
    assert_eq!(shown[0]["external_id"], "free");
    let text = shown.to_string();
    assert!(!text.contains("secret") && !text.contains(&theirs.to_string()), "{text}");
    assert_eq!(
        shown[3].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["app_id", "external_id", "kind", "name", "standing"],
        "nothing is told of another tenant"
    );
    let before = world.audited(TENANT).await;
    world.vault.asset_report(TENANT, ours, &wanted).await.unwrap();
    assert_eq!(world.audited(TENANT).await, before, "looking changes nothing");
}

#[tokio::test]
async fn a_conflict_with_an_unreadable_connection_is_still_one() {
    let world = World::new();
    let (ours, other) = (named(&world, TENANT, "ada").await, named(&world, TENANT, "bob").await);
    link(&world, TENANT, other, &["1"]).await;
    assert!(world.store.spoil(TENANT, other));
    let reports = world.vault.asset_report(TENANT, ours, &pages(&["1"])).await.unwrap();
    let [AssetReport { standing: AssetStanding::Conflict(with), .. }] = reports.as_slice() else {
        panic!("{reports:?}")
    };
    assert_eq!((with.connection, &with.display_name), (other, &None));
}

#[tokio::test]
async fn overwriting_is_explicit_and_stays_inside_the_tenant() {
    let world = World::new();
    let (ours, other) = (named(&world, TENANT, "ada").await, named(&world, TENANT, "bob").await);
    let theirs = named(&world, OTHER, "eve").await;
    assert_eq!(link(&world, OTHER, theirs, &["3"]).await, [LinkOutcome::Linked]);
    assert_eq!(link(&world, TENANT, other, &["1", "2"]).await, [LinkOutcome::Linked; 2]);
    let conflict = LinkOutcome::Conflict { with: other };
    let told = link(&world, TENANT, ours, &["2", "3", "4"]).await;
    assert_eq!(told, [conflict, LinkOutcome::Unavailable, LinkOutcome::Linked]);
    let replacing = Link::new(ours, pages(&["2", "3"]), user("ada")).replacing();
    let told = world.vault.connect_assets(TENANT, replacing).await.unwrap();
    let replaced = (page_key("2"), LinkOutcome::Replaced { from: other });
    assert_eq!(told, [replaced, (page_key("3"), LinkOutcome::Unavailable)]);

    let filter = AssetFilter::of(ours);
    let page = world.vault.assets(TENANT, &filter, None, 1).await.unwrap();
    assert_eq!((page.assets.len(), page.next.clone()), (1, Some(page_key("2"))));
    assert_eq!((&page.assets[0].linked_by, page.assets[0].origin), (&user("ada"), Origin::OAuth));
    let rest = world.vault.assets(TENANT, &filter, page.next.as_ref(), 9).await.unwrap();
    assert_eq!(rest.assets.into_iter().map(|asset| asset.key).collect::<Vec<_>>(), [page_key("4")]);
}

#[tokio::test]
async fn what_was_unlinked_is_given_back_and_in_the_audit() {
    let world = World::new();
    let ours = named(&world, TENANT, "ada").await;
    link(&world, TENANT, ours, &["1", "2"]).await;
    let gone = [page_key("2"), page_key("9")];
    assert_eq!(world.vault.disconnect_assets(OTHER, &gone, user("eve")).await.unwrap(), []);
    let unlinked = world.vault.disconnect_assets(TENANT, &gone, user("bob")).await.unwrap();
    assert_eq!(unlinked.into_iter().map(|asset| asset.key).collect::<Vec<_>>(), [page_key("2")]);
    let query = AuditQuery::latest(9).of(ours).only(AuditAction::AssetUnlinked);
    let entries = world.vault.audit(TENANT, query).await.unwrap().records;
    let told: Vec<_> = entries.into_iter().map(|one| (one.actor, one.asset)).collect();
    assert_eq!(told, [(user("bob"), Some(page_key("2")))]);
}

#[tokio::test]
async fn an_ended_or_foreign_connection_gets_no_assets() {
    let world = World::new();
    let ours = named(&world, TENANT, "ada").await;
    let theirs = named(&world, OTHER, "eve").await;
    world.vault.disconnect(TENANT, ours).await.unwrap();
    for (connection, kind) in [(ours, ErrorKind::Reauthorize), (theirs, ErrorKind::NotFound)] {
        let link = Link::new(connection, pages(&["1"]), user("ada"));
        assert_eq!(world.vault.connect_assets(TENANT, link).await.unwrap_err().kind(), kind);
        let report = world.vault.asset_report(TENANT, connection, &pages(&["1"])).await;
        assert_eq!(report.unwrap_err().kind(), kind);
    }
}
