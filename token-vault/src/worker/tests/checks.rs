//! Asking the provider before a person is told anything.

use sociogram_oauth_core::{TokenCheck, TokenFacts};

use super::world::TENANT;
use super::*;

const DATA_ACCESS: [NoticeStage; 4] = [
    NoticeStage::DataAccessIn14Days,
    NoticeStage::DataAccessIn7Days,
    NoticeStage::DataAccessIn3Days,
    NoticeStage::DataAccessIn1Day,
];

/// From now on the provider says that the data access ends in so long.
fn say(world: &World, left: Duration) {
    let mut facts = TokenFacts::new(true);
    facts.data_access_expiry = Expiry::At(world.clock.now().saturating_add(left));
    world.provider.always(Call::Check, Answer::Check(TokenCheck::Good(Box::new(facts))));
}

/// A person whose data access ends in 40 days.
async fn connected(world: &World) -> ConnectionId {
    world.provider.set_life(days(60));
    let connection = world.connect("user", &world.provider.log_in(TokenKind::MetaUserLong, "user")).await;
    say(world, days(40));
    let end = world.clock.now().saturating_add(days(40));
    world.store.overwrite((TENANT, connection), |stored| stored.token.data_access_expiry = Expiry::At(end));
    world.make_due((TENANT, connection));
    connection
}

#[tokio::test(start_paused = true)]
async fn a_data_access_that_moved_is_not_told_of() {
    let world = World::new();
    let connection = connected(&world).await;
    world.work(hours(6), days(20)).await;
    assert_eq!(world.provider.calls(Call::Check), 0, "there is nothing to ask yet");
    // The person used the app.
    say(&world, days(90));
    world.work(hours(6), days(60)).await;
    assert_eq!(world.provider.calls(Call::Check), 1);
    assert_eq!(world.sink.kinds(), []);
    assert_eq!(world.state(connection), ConnectionState::Connected);
}

#[tokio::test(start_paused = true)]
async fn a_data_access_that_ends_is_told_of_four_times_and_ends_the_connection() {
    let world = World::new();
    let connection = connected(&world).await;
    world.work(hours(6), days(41)).await;
    assert_eq!(world.sink.stages(), DATA_ACCESS);
    assert_eq!(world.state(connection), ConnectionState::NeedsReauth(ReauthReason::DataAccessExpired));
    let calls = world.provider.calls(Call::Check);
    assert!((2..=18).contains(&calls), "{calls}: once a day from the fifteenth day before");
}

#[tokio::test(start_paused = true)]
async fn while_the_provider_cannot_be_asked_only_the_early_notice_waits() {
    let world = World::new();
    let connection = connected(&world).await;
    world.provider.always(Call::Check, Answer::Error(RefreshErrorKind::Transient));
    world.work(hours(6), days(40 - 8)).await;
    assert_eq!(world.sink.stages(), []);
    world.work(hours(6), days(7)).await;
    assert_eq!(world.sink.stages(), DATA_ACCESS[1..3]);
    assert_eq!(world.state(connection), ConnectionState::Connected);
}

#[tokio::test(start_paused = true)]
async fn a_check_that_failed_is_made_again_after_the_visibility() {
    let world = World::new();
    connected(&world).await;
    world.provider.plan(Call::Check, Answer::Error(RefreshErrorKind::NotSent));
    world.pass(days(26)).await;
    world.worker.tick().await.unwrap();
    assert_eq!((world.provider.calls(Call::Check), world.sink.stages()), (1, vec![]));
    world.pass(seconds(119)).await;
    world.worker.tick().await.unwrap();
    assert_eq!(world.provider.calls(Call::Check), 1);
    world.pass(seconds(1)).await;
    world.worker.tick().await.unwrap();
    assert_eq!((world.provider.calls(Call::Check), world.sink.stages()), (2, vec![DATA_ACCESS[0]]));
}

#[tokio::test(start_paused = true)]
async fn a_token_without_an_end_is_asked_about_once_a_day() {
    let world = World::new();
    let tokens = world.provider.log_in(TokenKind::MetaSystemUser, "user");
    let unknown = TokenSet::new(tokens.access().clone(), TokenKind::MetaPage).with_expiry(Expiry::Never);
    let connection = world.connect("user", &unknown).await;
    world.work(hours(1), days(10)).await;
    assert!((8..=11).contains(&world.provider.calls(Call::Check)), "{:?}", world.provider);
    assert_eq!(world.state(connection), ConnectionState::Connected);

    world.provider.withdraw("user", ReauthReason::AppRemoved);
    world.work(hours(1), days(2)).await;
    assert_eq!(world.state(connection), ConnectionState::NeedsReauth(ReauthReason::AppRemoved));
}

#[tokio::test(start_paused = true)]
async fn without_an_app_nobody_is_asked_and_the_row_does_not_come_back_all_the_time() {
    let world = World::new();
    let tokens = TokenSet::new("token".into(), TokenKind::MetaSystemUser).with_expiry(Expiry::Never);
    let connection = world.connect_to(TENANT, ProviderId::THREADS, "user", &tokens).await;
    world.make_due((TENANT, connection));
    world.pass(days(3)).await;
    let mut looks = 0;
    for _ in 0..24 * 12 {
        looks += world.worker.tick().await.unwrap().connections;
        world.pass(minutes(5)).await;
    }
    assert!(looks <= 25, "{looks} in a day");
    assert_eq!(world.calls.lock().unwrap().len(), 0);
    assert_eq!(world.state(connection), ConnectionState::Connected);
}
