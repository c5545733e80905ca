use super::*;

fn key(app: &str, kind: AssetKind, id: &str) -> AssetKey {
    AssetKey::new(app, kind, id)
}

#[test]
fn keys_are_sorted_by_the_bytes_of_their_texts() {
    let newer = AssetKind::Unknown("a_newer_kind".into());
    let sorted = [
        key("", AssetKind::ThreadsProfile, "z"),
        key("1", newer, "z"),
        key("1", AssetKind::FacebookPage, "10"),
        key("1", AssetKind::FacebookPage, "9"),
        key("1", AssetKind::FacebookPage, "B"),
        key("1", AssetKind::FacebookPage, "b"),
        key("1", AssetKind::FacebookPage, "é"),
        key("1", AssetKind::InstagramAccount, "1"),
        key("10", AssetKind::FacebookPage, "1"),
    ];
    let mut shuffled = sorted.clone();
    shuffled.reverse();
    shuffled.sort();
    assert_eq!(shuffled, sorted);
}

#[test]
fn an_asset_is_flat_json() {
    let asset = Asset::new(
        key("app", AssetKind::WhatsAppNumber, "1"),
        ConnectionId::from_bytes([1; 16]),
        Origin::Legacy,
        None,
        AuditActor::Operator("ops".to_owned()),
        Timestamp::from_unix_seconds(1_800_000_000),
    );
    assert_eq!(
        serde_json::to_value(&asset).unwrap(),
        serde_json::json!({
            "app_id": "app",
            "kind": "whatsapp_number",
            "external_id": "1",
            "connection": "01010101-0101-0101-0101-010101010101",
            "origin": "legacy",
            "name": null,
            "linked_by": "operator:ops",
            "linked_at": "2027-01-15T08:00:00Z",
        })
    );
    assert_eq!(asset.key.to_string(), "whatsapp_number 1 of app app");
}

#[test]
fn a_filter_wants_what_fits_both_parts() {
    let asset = Asset::new(
        key("app", AssetKind::FacebookPage, "1"),
        ConnectionId::from_bytes([1; 16]),
        Origin::OAuth,
        None,
        AuditActor::Service,
        Timestamp::UNIX_EPOCH,
    );
    let (mine, other) = (asset.connection, ConnectionId::from_bytes([2; 16]));
    for (filter, wanted) in [
        (AssetFilter::all(), true),
        (AssetFilter::of(mine).with_kind(AssetKind::FacebookPage), true),
        (AssetFilter::of(mine).with_kind(AssetKind::MetaBusiness), false),
        (AssetFilter::of(other).with_kind(AssetKind::FacebookPage), false),
    ] {
        assert_eq!(filter.wants(&asset), wanted, "{filter:?}");
    }
}
