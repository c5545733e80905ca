//! How the vault itself is.

use super::*;
use crate::{AppState, KekId, scripted_keys::ScriptedKeys, testing::store_contract::Handle};
use sociogram_oauth_core::RefreshErrorKind;

#[tokio::test]
async fn a_vault_whose_parts_answer_is_healthy() {
    let world = World::with_app();
    let connection = world.person("ada").await;
    world.vault.resolve(TENANT, connection).await.unwrap();
    let before = (format!("{:?}", world.store), world.audited(TENANT).await);
    let health = world.vault.system_health().await;
    assert!(health.is_healthy && health.store.answers && health.keys.provider.answers);
    assert_eq!(health.keys.primary.as_deref(), Some("local:efb81a692a2f72c5"));
    assert_eq!(health.keys.held.len(), 1);
    assert!(health.keys.held[0].check.as_ref().is_some_and(|check| check.len() == 16));
    let [app] = health.apps.as_slice() else { panic!("{:?}", health.apps) };
    assert_eq!((app.app_id.as_str(), app.state), ("app", AppState::Open));
    assert_eq!((health.cached, health.census), (1, None));
    assert_eq!((format!("{:?}", world.store), world.audited(TENANT).await), before, "it leaves no trace");
}

#[tokio::test]
async fn a_census_tells_how_far_behind_the_workers_are() {
    let world = World::new();
    world.connect(TENANT, "u", &tokens("EAAB")).await;
    world.connect(OTHER, "u", &tokens("EAAB")).await;
    let health = world.vault.system_health_across(&*world.store).await;
    assert_eq!(health.refresh_lag_seconds, Some(0), "nothing is due yet");
    world.advance(46 * DAY + 90);
    let health = world.vault.system_health_across(&*world.store).await;
    let census = health.census.unwrap();
    assert_eq!((census.total(), census.oldest_due), (2, Some(at(46 * DAY))));
    assert_eq!(health.refresh_lag_seconds, Some(90));
    let shown = serde_json::to_value(&census).unwrap();
    let expected = serde_json::json!([{ "provider": "facebook", "state": "connected", "count": 2 }]);
    assert_eq!(shown["connections"], expected);
}

#[tokio::test]
async fn a_part_that_does_not_answer_is_named() {
    let world = World::new();
    let (store, vault) = faulty(&world);
    store.set_down(true);
    let health = vault.system_health_across(&*(store.clone() as Handle)).await;
    assert!(!health.is_healthy && !health.store.answers && health.keys.provider.answers);
    assert_eq!(health.store.problem.as_deref(), Some("the store does not answer"));
    store.set_down(false);
    store.fail("census", Fault::NothingDone, 1);
    assert!(!vault.system_health_across(&*(store as Handle)).await.is_healthy);

    let provider = ScriptedKeys::over(LocalKeys::parse(KEY).unwrap());
    provider.fail(crate::KeyErrorKind::Unavailable);
    let keys = DataKeys::new(provider, world.store.clone());
    let vault = Vault::builder(world.store.clone(), keys).build().unwrap();
    let health = vault.system_health().await;
    assert!(!health.is_healthy && health.store.answers && !health.keys.provider.answers);
    assert!(health.keys.held.is_empty() && health.keys.primary.is_none());
}

#[tokio::test]
async fn a_suspended_app_is_shown_and_does_not_make_the_vault_ill() {
    let world = World::with_app();
    world.provider.always(Call::Check, Answer::Error(RefreshErrorKind::Misconfigured));
    for user in ["a", "b", "c"] {
        let person = world.person(user).await;
        world.vault.probe(TENANT, person).await.unwrap_err();
    }
    let health = world.vault.system_health().await;
    assert!(health.is_healthy);
    assert!(matches!(health.apps[0].state, AppState::Suspended { .. }), "{:?}", health.apps);
    let shown = serde_json::to_value(&health).unwrap();
    assert_eq!(
        (&shown["apps"][0]["provider"], &shown["apps"][0]["state"]),
        (&"facebook".into(), &"suspended".into())
    );
    let id = KekId::new("local:efb81a692a2f72c5");
    assert_eq!(shown["keys"]["primary"], id.as_str());
}
