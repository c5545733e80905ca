//! What happens over the life of a grant.

use super::world::TENANT;
use super::*;

/// A login at LinkedIn: 60 days for the access token, a year for the refresh token.
async fn linkedin(world: &World) -> ConnectionId {
    world.linkedin.set_life(days(60));
    let login = world.linkedin.log_in(TokenKind::LinkedInMember, "member");
    let end = Expiry::At(world.clock.now().saturating_add(days(365)));
    let tokens = TokenSet::new(login.access().clone(), TokenKind::LinkedInMember)
        .with_expiry(login.expiry())
        .with_issued_at(world.clock.now())
        .with_refresh(login.refresh().unwrap().clone(), end);
    world.connect_to(TENANT, ProviderId::LINKEDIN, "member", &tokens).await
}

fn left(world: &World, expiry: Expiry) -> u64 {
    let end = expiry.at().unwrap();
    end.saturating_duration_since(world.clock.now()).as_secs() / (24 * 3600)
}

#[tokio::test(start_paused = true)]
async fn linkedins_refresh_token_ends_a_year_after_the_login_whatever_is_renewed() {
    let world = World::new();
    let connection = linkedin(&world).await;
    let row = || world.row((TENANT, connection));

    // The worker was away until the last moment.
    world.pass(days(59)).await;
    world.worker.tick().await.unwrap();
    assert_eq!(world.linkedin.calls(Call::Refresh), 1);
    assert_eq!((left(&world, row().token.expiry), left(&world, row().token.refresh_expiry)), (60, 306));

    world.work(hours(6), days(360 - 59)).await;
    assert_eq!((left(&world, row().token.expiry), left(&world, row().token.refresh_expiry)), (5, 5));
    let calls = world.linkedin.calls(Call::Refresh);
    assert_eq!(calls, 6);

    world.work(hours(6), days(30)).await;
    assert_eq!(world.linkedin.calls(Call::Refresh), calls, "no refresh can bring anything any more");
    assert_eq!(world.state(connection), ConnectionState::NeedsReauth(ReauthReason::GrantExpired));
    assert_eq!(row().due_at, None);
    let stages = [
        NoticeStage::RefreshIn30Days,
        NoticeStage::TokenIn14Days,
        NoticeStage::TokenIn7Days,
        NoticeStage::TokenIn3Days,
        NoticeStage::TokenIn1Day,
    ];
    assert_eq!(world.sink.stages(), stages);
    let lost = EventKind::NeedsReauth { reason: ReauthReason::GrantExpired };
    assert_eq!(world.sink.kinds().last(), Some(&lost));
}

#[tokio::test(start_paused = true)]
async fn a_notice_comes_when_the_end_is_that_close_and_no_earlier() {
    let world = World::new();
    let _ = linkedin(&world).await;
    world.work(hours(1), days(366)).await;
    let end = VirtualClock::START.saturating_add(days(365));
    for event in world.sink.taken.lock().unwrap().iter() {
        if let EventKind::Expiring { stage, end: told } = event.kind {
            assert_eq!(told, end);
            let late = event.at.saturating_duration_since(end.saturating_sub(days(stage.days().into())));
            assert!(event.at >= end.saturating_sub(days(stage.days().into())), "{stage}");
            assert!(late <= hours(1), "{stage}: {late:?}");
        }
    }
    assert_eq!(world.sink.stages().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn two_workers_tell_of_a_meta_users_end_once_at_each_stage() {
    let world = World::new();
    world.provider.set_life(days(60));
    world.provider.set_extends(false);
    let connection = world.connect("user", &world.provider.log_in(TokenKind::MetaUserLong, "user")).await;
    let (_, second) = world.process();
    let until = world.now() + days(61);
    while world.now() < until {
        world.make_due((TENANT, connection));
        let (a, b) = tokio::join!(world.worker.tick(), second.tick());
        a.unwrap();
        b.unwrap();
        world.pass(hours(5)).await;
    }
    let stages = [
        NoticeStage::TokenIn14Days,
        NoticeStage::TokenIn7Days,
        NoticeStage::TokenIn3Days,
        NoticeStage::TokenIn1Day,
    ];
    assert_eq!(world.sink.stages(), stages);
    let lost = EventKind::NeedsReauth { reason: ReauthReason::GrantExpired };
    assert_eq!(world.sink.kinds().into_iter().filter(|kind| *kind == lost).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn workers_that_see_the_same_row_at_the_same_moment_give_one_notice() {
    let world = World::new();
    let tokens = TokenSet::new("token".into(), TokenKind::LinkedInMember)
        .with_expiry(Expiry::At(world.clock.now().saturating_add(days(60))))
        .with_issued_at(world.clock.now());
    let connection = world.connect_to(TENANT, ProviderId::LINKEDIN, "member", &tokens).await;
    world.pass(days(50)).await;
    let due = crate::Due::new(TENANT, connection, world.row((TENANT, connection)).generation);
    let (_, second) = world.process();
    let mut given = 0;
    let looks = [&world.worker, &second, &world.worker, &second].map(|worker| {
        let look = look::Look::new(
            &worker.0,
            due,
            worker.0.deadline(),
            &worker.0.hands(),
            &CancellationToken::new(),
        );
        tokio::spawn(look.finish())
    });
    for look in looks {
        given += look.await.unwrap().notices;
    }
    assert_eq!(given, 1);
    world.worker.tick().await.unwrap();
    assert_eq!(world.sink.stages(), [NoticeStage::TokenIn14Days]);
}

#[tokio::test(start_paused = true)]
async fn an_exchange_that_moves_the_end_spares_the_person_the_notices() {
    let world = World::new();
    world.provider.set_life(days(60));
    let connection = world.connect("user", &world.provider.log_in(TokenKind::MetaUserLong, "user")).await;
    let first = world.row((TENANT, connection)).generation;
    world.work(hours(6), days(200)).await;
    assert_eq!(world.sink.kinds(), []);
    let row = world.row((TENANT, connection));
    assert_eq!(row.state, ConnectionState::Connected);
    assert!(row.generation > first);
    assert!((4..=5).contains(&world.provider.calls(Call::Refresh)), "{:?}", world.provider);
}

#[tokio::test(start_paused = true)]
async fn an_exchange_that_does_not_move_the_end_is_tried_weekly_and_spares_no_notice() {
    let world = World::new();
    world.provider.set_life(days(60));
    world.provider.set_extends(false);
    let connection = world.connect("user", &world.provider.log_in(TokenKind::MetaUserLong, "user")).await;
    let first = world.row((TENANT, connection)).generation;
    world.work(hours(6), days(59) + hours(6)).await;
    let row = world.row((TENANT, connection));
    assert_eq!((row.state, row.generation), (ConnectionState::Connected, first));
    assert!((2..=3).contains(&world.provider.calls(Call::Refresh)), "{:?}", world.provider);
    assert_eq!(world.sink.stages().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_notice_that_was_late_is_no_reason_to_try_again_at_once() {
    let world = World::new();
    world.provider.set_life(days(60));
    let connection = world.connect("user", &world.provider.log_in(TokenKind::MetaUserLong, "user")).await;
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Transient));
    world.pass(days(47)).await;
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.notices, world.sink.stages()), (1, vec![NoticeStage::TokenIn14Days]));
    assert!(world.row((TENANT, connection)).due_at.unwrap() > world.clock.now());
    world.worker.tick().await.unwrap();
    assert_eq!(world.provider.calls(Call::Refresh), 1);
}

#[tokio::test(start_paused = true)]
async fn an_instagram_token_is_left_alone_in_its_first_day() {
    let world = World::new();
    world.provider.set_life(hours(26));
    let connection = world.connect("user", &world.provider.log_in(TokenKind::InstagramUser, "user")).await;
    world.work(minutes(10), hours(24)).await;
    assert_eq!(world.provider.calls(Call::Refresh), 0);
    world.work(minutes(10), hours(2)).await;
    assert_eq!(world.provider.calls(Call::Refresh), 1);
    assert_eq!(world.state(connection), ConnectionState::Connected);

    world.provider.set_life(hours(1));
    let young = world.connect("young", &world.provider.log_in(TokenKind::InstagramUser, "young")).await;
    world.work(minutes(10), hours(2)).await;
    assert_eq!(world.provider.calls(Call::Refresh), 1, "it ends before it may be renewed");
    assert_eq!(world.state(young), ConnectionState::NeedsReauth(ReauthReason::GrantExpired));
}

#[tokio::test(start_paused = true)]
async fn what_needs_nothing_is_not_read_again_before_there_is_something_to_do() {
    let world = World::new();
    world.provider.set_life(days(60));
    let connection = world.connect("user", &world.provider.log_in(TokenKind::Generic, "user")).await;
    let planned = world.row((TENANT, connection)).due_at;
    world.make_due((TENANT, connection));
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.connections, report.renewed), (1, 0));
    assert_eq!(world.row((TENANT, connection)).due_at, planned);
    world.work(minutes(1), hours(1)).await;
    assert_eq!(world.row((TENANT, connection)).due_at, planned);
    assert_eq!(world.provider.calls(Call::Refresh), 0);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_needs_its_person_is_not_due_any_more() {
    let world = World::new();
    let connection = world.connect("user", &world.provider.log_in(TokenKind::Generic, "user")).await;
    world.vault.mark_needs_reauth(TENANT, connection, ReauthReason::AppRemoved).await.unwrap();
    world.make_due((TENANT, connection));
    world.worker.tick().await.unwrap();
    assert_eq!(world.row((TENANT, connection)).due_at, None);
    assert_eq!(world.provider.calls(Call::Refresh), 0);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_that_ends_before_its_access_token_is_not_looked_at_all_the_time() {
    let world = World::new();
    let login = world.provider.log_in(TokenKind::Generic, "user");
    let end = |time| Expiry::At(world.clock.now().saturating_add(time));
    let tokens = TokenSet::new(login.access().clone(), TokenKind::Generic)
        .with_expiry(end(days(20)))
        .with_issued_at(world.clock.now())
        .with_refresh(login.refresh().unwrap().clone(), end(days(1)));
    let connection = world.connect("user", &tokens).await;
    world.store.overwrite((TENANT, connection), |stored| stored.state = ConnectionState::RefreshFailing);
    world.pass(days(2)).await;
    let mut looks = 0;
    for _ in 0..24 * 12 {
        looks += world.worker.tick().await.unwrap().connections;
        world.pass(minutes(5)).await;
    }
    assert!(looks <= 25, "{looks} in a day");
    assert_eq!(world.provider.calls(Call::Refresh), 0);
    world.work(hours(1), days(18)).await;
    assert_eq!(world.state(connection), ConnectionState::NeedsReauth(ReauthReason::GrantExpired));
    assert_eq!(world.sink.stages().last(), Some(&NoticeStage::TokenIn1Day));
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_failed_is_tried_again_when_the_attempt_said() {
    let world = World::new();
    let key = world.due(1).await[0];
    world.provider.plan(Call::Refresh, Answer::Throttled(minutes(40)));
    world.worker.tick().await.unwrap();
    let retry = world.row(key).due_at.unwrap();
    assert!(retry >= world.clock.now().saturating_add(minutes(40)));
    world.work(minutes(1), minutes(40)).await;
    assert_eq!((world.provider.calls(Call::Refresh), world.row(key).due_at), (1, Some(retry)));
    world.work(minutes(1), minutes(2)).await;
    assert_eq!((world.provider.calls(Call::Refresh), world.row(key).generation.get()), (2, 2));
}
