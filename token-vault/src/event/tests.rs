use super::*;

#[test]
fn an_event_is_delivered_as_flat_json() {
    let kind = EventKind::NeedsReauth { reason: ReauthReason::PasswordChanged };
    let event = Event::new(
        EventId::from_bytes([0xAB; 16]),
        TenantId::from_bytes([1; 16]),
        ConnectionId::from_bytes([2; 16]),
        Timestamp::from_unix_seconds(1_800_000_000),
        kind,
        1,
    );
    assert_eq!(
        serde_json::to_value(&event).unwrap(),
        serde_json::json!({
            "id": "abababababababababababababababab",
            "tenant": "01010101-0101-0101-0101-010101010101",
            "connection": "02020202-0202-0202-0202-020202020202",
            "at": "2027-01-15T08:00:00Z",
            "kind": "needs_reauth",
            "reason": "password_changed",
            "deliveries": 1,
        })
    );
}

#[test]
fn every_kind_of_event_survives_being_stored() {
    let end = Timestamp::from_unix_seconds(1_800_000_000);
    for kind in [
        EventKind::NeedsReauth { reason: ReauthReason::AppRemoved },
        EventKind::Expiring { stage: NoticeStage::TokenIn3Days, end },
        EventKind::RefreshFailingOften { failures: 7 },
        EventKind::ScopesLost { lost: ScopeSet::parse("pages_show_list leads_retrieval") },
        EventKind::Blocked,
        EventKind::Recovered,
        EventKind::TokenReuse,
        EventKind::ChainLost,
        EventKind::Revoked,
        EventKind::Disconnected,
        EventKind::Erased,
    ] {
        let json = serde_json::to_string(&kind).unwrap();
        assert_eq!(serde_json::from_str::<EventKind>(&json).unwrap(), kind, "{json}");
    }
    assert!(serde_json::from_str::<EventKind>(r#"{"kind":"from_a_newer_version"}"#).is_err());
}
