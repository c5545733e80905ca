use sociogram_oauth_core::ReauthReason;

use super::*;
use crate::{Generation, StoredToken};

fn connection() -> Connection {
    let mut token = TokenRecord::new(TokenKind::MetaUserLong);
    token.scopes = Some(ScopeSet::parse("email"));
    let now = Timestamp::from_unix_seconds(1_800_000_000);
    let state = ConnectionState::NeedsReauth(ReauthReason::AppRemoved);
    let stored = StoredToken::new(
        Account::new(ProviderId::FACEBOOK, "app", "42"),
        Generation::new(1),
        None,
        token,
        state,
        now,
    );
    let mut details = Details::new();
    details.display_name = Some("Ada".to_owned());
    details.requested = ScopeRequest::new(ScopeSet::parse("email pages_show_list"))
        .with_optional(ScopeSet::parse("read_insights"));
    let (id, tenant) = (ConnectionId::from_bytes([1; 16]), TenantId::from_bytes([2; 16]));
    Connection::new(id, tenant, details, &stored, now)
}

#[test]
fn a_connection_is_flat_json_without_secrets() {
    let now = "2027-01-15T08:00:00Z";
    assert_eq!(
        serde_json::to_value(connection()).unwrap(),
        serde_json::json!({
            "id": "01010101-0101-0101-0101-010101010101",
            "tenant": "02020202-0202-0202-0202-020202020202",
            "provider": "facebook",
            "app_id": "app",
            "external_user_id": "42",
            "parent": null,
            "display_name": "Ada",
            "connected_by": null,
            "origin": "oauth",
            "requested": {"required": ["email", "pages_show_list"], "optional": ["read_insights"]},
            "token": {
                "kind": "meta_user_long",
                "expiry": "unknown",
                "refresh_expiry": "unknown",
                "data_access_expiry": "unknown",
                "scopes": ["email"],
                "issued_at": null,
            },
            "state": "needs_reauth",
            "reason": "app_removed",
            "state_since": now,
            "succeeded_at": now,
            "checked_at": now,
            "last_error": null,
            "failures": 0,
            "has_refresh_token": false,
            "due_at": null,
            "created_at": now,
            "updated_at": now,
            "version": 1,
        })
    );
}

#[test]
fn what_is_missing_is_known_only_if_what_is_granted_is() {
    let mut connection = connection();
    assert_eq!(connection.missing_scopes(), Some(ScopeSet::parse("pages_show_list read_insights")));
    connection.token.scopes = None;
    assert_eq!(connection.missing_scopes(), None);
    assert!(!connection.token.has_scope("email"));
}

#[test]
fn a_filter_ignores_the_reason_of_a_state_and_nothing_else() {
    let connection = connection();
    let all = ConnectionFilter::all;
    let other_reason = ConnectionState::NeedsReauth(ReauthReason::Checkpoint);
    let parent = ConnectionId::from_bytes([9; 16]);
    for (filter, wanted) in [
        (all(), true),
        (all().in_state(other_reason), true),
        (all().in_state(ConnectionState::Connected), false),
        (all().in_state(ConnectionState::Connected).in_state(other_reason), true),
        (all().of_provider(ProviderId::LINKEDIN), false),
        (all().of_kind(TokenKind::MetaPage), false),
        (all().of_origin(Origin::Legacy), false),
        (all().derived_from(None).of_origin(Origin::OAuth), true),
        (all().derived_from(Some(parent)), false),
    ] {
        assert_eq!(filter.wants(&connection), wanted, "{filter:?}");
    }
}

#[test]
fn origins_keep_their_stored_names() {
    for origin in [Origin::OAuth, Origin::Legacy] {
        assert_eq!(serde_json::to_value(origin).unwrap(), origin.as_str());
        assert_eq!(Origin::from_name(origin.as_str()), Some(origin));
    }
    assert_eq!(Origin::from_name("OAuth"), None);
}
