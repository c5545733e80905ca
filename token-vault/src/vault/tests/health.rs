//! How connections are.

use super::*;
use sociogram_oauth_core::RefreshErrorKind;

async fn health(world: &World, connection: ConnectionId) -> ConnectionHealth {
    world.vault.health(TENANT, connection).await.unwrap()
}

#[tokio::test]
async fn a_good_connection_needs_nothing() {
    let world = World::with_app();
    let set = tokens("EAAB").with_scopes(ScopeSet::parse("email"));
    let new = login(TENANT, "u").with_requested(ScopeRequest::new(ScopeSet::parse("email")));
    let connection = world.vault.connect(new, &set).await.unwrap();
    let health = health(&world, connection.id).await;
    assert_eq!(health.connection, connection);
    assert!(health.usable && !health.needs_login && health.warnings.is_empty());
    assert!(health.missing_required.is_empty() && health.missing_optional.is_empty());
    assert_eq!(health.action, None);
    assert_eq!((health.ends.len(), health.ends[0].at, health.ends[0].days_left), (1, at(60 * DAY), 60));
}

#[tokio::test]
async fn every_state_says_whether_to_log_in_and_what_to_do() {
    use ConnectionState::{
        BlockedByParent, Connected, Disconnected, NeedsReauth, RefreshFailing, RefreshUnknown,
    };
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    for (state, usable, needs_login, action) in [
        (Connected, true, false, None),
        (RefreshFailing, true, false, None),
        (RefreshUnknown, true, false, None),
        (BlockedByParent, false, false, Some("connect the account that gives access to it again first")),
        (ConnectionState::Revoked, false, true, Some("access was withdrawn: connect the account again")),
        (Disconnected, false, true, Some("connect the account again if it is still needed")),
        (
            NeedsReauth(ReauthReason::Checkpoint),
            false,
            true,
            Some("log in at the provider and confirm what it asks for, then connect the account again"),
        ),
        (NeedsReauth(ReauthReason::PasswordChanged), false, true, Some("connect the account again")),
    ] {
        world.store.overwrite((TENANT, connection), |row| row.state = state);
        let health = health(&world, connection).await;
        let told = (health.usable, health.needs_login, health.action);
        assert_eq!(told, (usable, needs_login, action), "{state}");
        world.vault.forget(TENANT, connection);
        let resolved = world.vault.resolve(TENANT, connection).await;
        assert_eq!(resolved.is_ok(), usable, "{state}: health and resolving must agree");
    }
    for reason in ReauthReason::ALL {
        world.store.overwrite((TENANT, connection), |row| row.state = NeedsReauth(*reason));
        assert!(health(&world, connection).await.action.is_some(), "{reason}");
    }
}

#[tokio::test]
async fn ends_are_counted_by_their_own_clocks() {
    let world = World::new();
    let set = tokens("EAAB").with_refresh(RefreshToken::new("r"), Expiry::At(at(70 * DAY)));
    let new = login(TENANT, "u").with_data_access_expiry(Expiry::At(at(50 * DAY + 5)));
    let connection = world.vault.connect(new, &set).await.unwrap().id;
    world.advance(45 * DAY + 10);
    let told = health(&world, connection).await;
    let days: Vec<_> = told.ends.iter().map(|end| (end.ending, end.days_left, end.needs_login)).collect();
    let (token, refresh, data) = (crate::Ending::Token, crate::Ending::Refresh, crate::Ending::DataAccess);
    assert_eq!(days, [(token, 14, true), (refresh, 24, false), (data, 4, true)]);
    assert!(told.warnings.contains(Warning::DataAccessEndsSoon { at: at(50 * DAY + 5) }));
    assert_eq!((told.usable, told.action), (true, Some("connect the account again before access ends")));

    world.advance(15 * DAY);
    let told = health(&world, connection).await;
    assert!(!told.usable && told.needs_login && told.warnings.is_empty());
    assert_eq!(told.action, Some("the token has ended: connect the account again"));
    assert_eq!((told.ends[0].days_left, told.ends[2].days_left), (0, 0));
    world.vault.disconnect(TENANT, connection).await.unwrap();
    assert_eq!(health(&world, connection).await.ends, [], "what was deleted does not end");
}

#[tokio::test]
async fn an_ended_token_that_can_be_renewed_asks_nobody_to_log_in() {
    let world = World::with_app();
    let set = world.provider.log_in(TokenKind::Generic, "u");
    let connection = world.connect(TENANT, "u", &set).await;
    world.advance(7200);
    let told = health(&world, connection).await;
    assert_eq!((told.usable, told.needs_login), (false, false));
    assert_eq!(told.action, Some("wait: the token has ended and is being renewed"));
}

#[tokio::test]
async fn missing_scopes_are_told_by_how_much_they_matter() {
    let world = World::new();
    let requested = ScopeRequest::new(ScopeSet::parse("email pages_show_list"))
        .with_optional(ScopeSet::parse("read_insights"));
    let connect = async |user: &str, granted: Option<&str>| {
        let set = granted.map_or(tokens("E"), |granted| tokens("E").with_scopes(ScopeSet::parse(granted)));
        let new = login(TENANT, user).with_requested(requested.clone());
        let connection = world.vault.connect(new, &set).await.unwrap().id;
        let told = health(&world, connection).await;
        (told.missing_required.to_string(), told.missing_optional.to_string(), told.action)
    };
    let allow = Some("connect the account again and allow what is missing");
    let none = String::new();
    assert_eq!(
        connect("a", Some("email")).await,
        ("pages_show_list".to_owned(), "read_insights".to_owned(), allow)
    );
    assert_eq!(
        connect("b", Some("email pages_show_list")).await,
        (none.clone(), "read_insights".to_owned(), None)
    );
    assert_eq!(connect("c", None).await, (none.clone(), none, None), "the provider did not say");
}

#[tokio::test]
async fn a_pasted_token_is_told_of_and_refused_where_logins_are_required() {
    let world = World::new();
    let pasted = world.vault.import_legacy(login(TENANT, "u"), &tokens("EAAB")).await.unwrap().id;
    let told = health(&world, pasted).await;
    assert!(told.usable && told.warnings.contains(Warning::Legacy));
    assert_eq!(told.action, Some("replace the pasted token: connect the account by a login"));
    let strict = world.with(|builder| builder.require_oauth(true));
    let told = strict.health(TENANT, pasted).await.unwrap();
    assert_eq!((told.usable, told.needs_login), (false, true));
    assert_eq!(told.action, Some("connect the account by a login"));
}

#[tokio::test]
async fn the_last_failure_and_the_next_look_are_told() {
    let world = World::with_app();
    let set = world.provider.log_in(TokenKind::Generic, "u");
    let connection = world.connect(TENANT, "u", &set).await;
    world.provider.plan(Call::Refresh, Answer::Error(RefreshErrorKind::Misconfigured));
    world.advance(3000);
    world.vault.0.renew((TENANT, connection), crate::attempt::Wish { force: false }).await.unwrap();
    let told = health(&world, connection).await;
    let error = told.connection.last_error.unwrap();
    assert_eq!(
        (error.class, error.at, told.connection.failures),
        (crate::FailureClass::AppConfig, at(3000), 1)
    );
    assert!(told.connection.due_at.is_some_and(|due| due > at(3000)));
    assert_eq!(told.action, Some("check the app's id, secret and status at the provider"));
}

#[tokio::test]
async fn all_connections_are_gone_through_in_pages() {
    let world = World::new();
    let mut all = Vec::new();
    for user in ["a", "b", "c", "d"] {
        all.push(world.connect(TENANT, user, &tokens("EAAB")).await);
    }
    all.sort_unstable();
    world.connect(OTHER, "a", &tokens("EAAB")).await;
    assert!(world.store.spoil(TENANT, all[1]));
    let filter = ConnectionFilter::all();
    let first = world.vault.health_of_all(TENANT, &filter, None, 2).await.unwrap();
    let ids = |page: &HealthPage| page.connections.iter().map(|one| one.connection.id).collect::<Vec<_>>();
    assert_eq!(
        (ids(&first), first.unreadable.clone(), first.next),
        (vec![all[0]], vec![all[1]], Some(all[1]))
    );
    let rest = world.vault.health_of_all(TENANT, &filter, first.next, 9).await.unwrap();
    assert_eq!((ids(&rest), rest.next), (vec![all[2], all[3]], None));
}

#[tokio::test]
async fn a_probe_asks_the_provider_and_tells_how_it_is_then() {
    let world = World::with_app();
    let person = world.person("ada").await;
    world.advance(60);
    let told = world.vault.probe(TENANT, person).await.unwrap();
    assert_eq!((told.usable, told.connection.checked_at), (true, at(60)));
    world.provider.withdraw("ada", ReauthReason::AppRemoved);
    assert!(health(&world, person).await.usable, "nobody asked");
    let told = world.vault.probe(TENANT, person).await.unwrap();
    assert_eq!(told.connection.state, ConnectionState::NeedsReauth(ReauthReason::AppRemoved));
    assert_eq!(world.vault.probe(OTHER, person).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn health_is_one_flat_json_object() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    world.vault.mark_needs_reauth(TENANT, connection, ReauthReason::AppRemoved).await.unwrap();
    let shown = serde_json::to_value(health(&world, connection).await).unwrap();
    for (name, expected) in [
        ("id", serde_json::json!(connection)),
        ("provider", serde_json::json!("facebook")),
        ("state", serde_json::json!("needs_reauth")),
        ("reason", serde_json::json!("app_removed")),
        ("usable", serde_json::json!(false)),
        ("needs_login", serde_json::json!(true)),
        ("action", serde_json::json!("connect the account again")),
        ("origin", serde_json::json!("oauth")),
    ] {
        assert_eq!(shown[name], expected, "{name}");
    }
    assert_eq!(shown["ends"][0]["ending"], "token");
}
