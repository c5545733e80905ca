//! Connections whose token is derived from another one's.

use super::*;

fn page(parent: ConnectionId, page: &str) -> NewConnection {
    login(TENANT, page).derived_from(parent).with_display_name("Bakery").with_connected_by("user-7")
}

#[tokio::test]
async fn a_page_is_connected_without_its_token_being_seen() {
    let world = World::with_app();
    let person = world.person("ada").await;
    let page = world.vault.connect_derived(page(person, "ada/bakery")).await.unwrap();
    assert_eq!((page.parent, page.token.kind), (Some(person), TokenKind::MetaPage));
    assert_eq!(page.details.display_name.as_deref(), Some("Bakery"));
    assert!(page.due_at.is_some(), "it is looked at every day");
    let handed_out = token(&world.vault, TENANT, page.id).await;
    assert!(world.provider.accepts(&handed_out));
    assert_ne!(handed_out, token(&world.vault, TENANT, person).await);
    let (connected, actor) = (AuditAction::Connected, user("user-7"));
    assert_eq!(world.audited(TENANT).await, [(connected.clone(), AuditActor::Service), (connected, actor)]);
    assert_eq!(world.provider.calls(Call::Derive), 1);
}

#[tokio::test]
async fn nothing_is_derived_where_it_makes_no_sense() {
    let world = World::with_app();
    let person = world.person("ada").await;
    let mut other_app = page(person, "ada/bakery");
    other_app.account.app_id = "other".to_owned();
    for wrong in [login(TENANT, "ada/bakery"), other_app] {
        let error = world.vault.connect_derived(wrong).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
    let foreign = NewConnection { tenant: OTHER, ..page(person, "ada/bakery") };
    let error = world.vault.connect_derived(foreign).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "another tenant's person");
    let without_app = world.process(KEY);
    let error = without_app.connect_derived(page(person, "ada/bakery")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    world.vault.mark_needs_reauth(TENANT, person, ReauthReason::AppRemoved).await.unwrap();
    let error = world.vault.connect_derived(page(person, "ada/bakery")).await.unwrap_err();
    assert_eq!(error.unusable(), Some(Unusable::NeedsReauth(ReauthReason::AppRemoved)));
    assert_eq!(world.provider.calls(Call::Derive), 0);
}

#[tokio::test]
async fn a_page_that_the_person_does_not_reach_is_not_stored() {
    let world = World::with_app();
    let person = world.person("ada").await;
    world.provider.plan(Call::Derive, Answer::Revoked(ReauthReason::PermissionsLost));
    let error = world.vault.connect_derived(page(person, "ada/bakery")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
    settle().await;
    assert_eq!(world.provider.calls(Call::Check), 0, "the person's token is as good as before");

    world.provider.withdraw("ada", ReauthReason::PasswordChanged);
    world.vault.connect_derived(page(person, "ada/bakery")).await.unwrap_err();
    settle().await;
    let state = world.stored(person).state;
    assert_eq!(state, ConnectionState::NeedsReauth(ReauthReason::PasswordChanged), "the person was checked");
    let all = world.vault.health_of_all(TENANT, &ConnectionFilter::all(), None, 9).await.unwrap();
    assert_eq!(all.connections.len(), 1);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_given_up_in_time() {
    let world = World::with_app();
    let person = world.person("ada").await;
    world.provider.plan(Call::Derive, Answer::Stuck);
    let wait = async {
        world.provider.has_arrived(Call::Derive, 1).await;
        settle().await;
        world.advance(10);
    };
    let (outcome, ()) = tokio::join!(world.vault.connect_derived(page(person, "ada/bakery")), wait);
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Server);
    world.vault.connect_derived(page(person, "ada/bakery")).await.unwrap();
}

#[tokio::test]
async fn while_the_app_is_suspended_nothing_is_derived() {
    let world = World::with_app();
    world.provider.always(Call::Derive, Answer::Error(sociogram_oauth_core::RefreshErrorKind::Misconfigured));
    for user in ["a", "b", "c"] {
        let person = world.person(user).await;
        let error = world.vault.connect_derived(page(person, &format!("{user}/page"))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
    }
    let person = world.person("d").await;
    let error = world.vault.connect_derived(page(person, "d/page")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CircuitOpen);
    assert!(error.retry_after().is_some());
    assert_eq!(world.provider.calls(Call::Derive), 3);
}

#[tokio::test]
async fn a_new_login_of_the_person_brings_the_pages_back() {
    let world = World::with_app();
    let person = world.person("ada").await;
    let page = world.vault.connect_derived(page(person, "ada/bakery")).await.unwrap().id;
    let before = token(&world.vault, TENANT, page).await;
    world.provider.withdraw("ada", ReauthReason::PasswordChanged);
    world.vault.mark_needs_reauth(TENANT, person, ReauthReason::PasswordChanged).await.unwrap();
    settle().await;
    assert_eq!(world.stored(page).state, ConnectionState::BlockedByParent);
    assert_eq!(refusal(&world.vault, TENANT, page).await.unusable(), Some(Unusable::BlockedByParent));

    assert_eq!(world.person("ada").await, person);
    settle().await;
    assert_eq!(world.stored(page).state, ConnectionState::Connected);
    let after = token(&world.vault, TENANT, page).await;
    assert!(after != before && world.provider.accepts(&after));
}
