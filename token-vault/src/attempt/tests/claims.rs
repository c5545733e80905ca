//! Who may ask, and who waits for whom.

use sociogram_api_core::{Clock, Timer, Timestamp};
use sociogram_oauth_core::{Expiry, ReauthReason, Renewal};

use super::{failures::in_flight, *};
use crate::{Claim, LeaseOwner, Phase, TokenStore as _};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test(start_paused = true)]
async fn where_there_is_nothing_to_renew_nobody_is_asked() {
    let world = World::new(Rotation::Strict);
    world.provider.set_life(60 * DAY);
    let mut quiet = Vec::new();
    for (kind, user) in [(TokenKind::MetaSystemUser, "system"), (TokenKind::WhatsAppBusiness, "business")] {
        quiet.push(world.log_in(kind, user).await);
    }
    // Too young to be exchanged.
    let threads = world.log_in(TokenKind::ThreadsUser, "threads").await;
    quiet.push(threads);
    // A Page without a person.
    let page = sociogram_oauth_core::TokenSet::new("page".into(), TokenKind::MetaPage);
    quiet.push(world.connect("page", &page, None).await);
    for id in quiet {
        world.here.renew(id).await.unwrap();
        world.here.force(id).await.unwrap();
        assert!(!world.here.store.take_calls().contains(&"claim"), "{:?}", world.row(id).token.kind);
    }
    assert_eq!(world.refreshes(), 0);
    world.pass(DAY).await;
    world.here.force(threads).await.unwrap();
    assert_eq!(world.refreshes(), 1);
    // Over: the provider would say no.
    let person = world.log_in(TokenKind::MetaUserLong, "person").await;
    let end = world.clock.now().saturating_add(DAY);
    let login = world.provider.log_in(TokenKind::Generic, "generic");
    let refresh = login.refresh().unwrap().clone();
    let generic = world.connect("generic", &login.with_refresh(refresh, Expiry::At(end)), None).await;
    world.pass(61 * DAY).await;
    for over in [threads, person, generic] {
        world.here.force(over).await.unwrap();
    }
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn states_without_a_token_ask_nobody() {
    let world = World::new(Rotation::Strict);
    let id = world.ended().await;
    world.here.vault.mark_needs_reauth(TENANT, id, ReauthReason::PasswordChanged).await.unwrap();
    world.here.force(id).await.unwrap();
    world.here.vault.disconnect(TENANT, id).await.unwrap();
    world.here.force(id).await.unwrap();
    assert_eq!(world.refreshes(), 0);
    let nowhere = ConnectionId::from_bytes([9; 16]);
    assert_eq!(world.here.renew(nowhere).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn without_the_app_nothing_is_renewed() {
    let world = World::new(Rotation::Strict);
    let id = world.ended().await;
    let apart =
        Vault::builder(world.memory.clone(), crate::DataKeys::new(world.keys.clone(), world.memory.clone()));
    let apart = apart.timer(Arc::new(world.clock)).build().unwrap();
    assert_eq!(apart.0.renewal(&world.row(id)), Renewal::Login);
    apart.0.renew((TENANT, id), Wish { force: true }).await.unwrap();
    assert_eq!(world.row(id).lease, None);
}

#[tokio::test(start_paused = true)]
async fn a_forced_renewal_and_another_one_share_the_call() {
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        let id = world.ended().await;
        world.provider.set_latency(Duration::from_millis(500));
        let vault = &world.here.vault.0;
        let (free, forced) =
            tokio::join!(vault.renew((TENANT, id), FREE), vault.renew((TENANT, id), Wish { force: true }));
        assert!(free.is_ok() && forced.is_ok());
        assert_eq!((world.refreshes(), world.row(id).generation), (1, Generation::new(2)), "{rotation:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_lost_the_claim_learns_of_a_failure_at_once() {
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    world.provider.plan(Call::Refresh, Answer::Error(sociogram_oauth_core::RefreshErrorKind::Transient));
    let renewal = in_flight(&world, id).await;
    let other = world.process();
    let vault = other.vault.clone();
    let follower = tokio::spawn(async move { vault.0.renew((TENANT, id), FREE).await });
    world.pass(Duration::from_secs(5)).await;
    assert!(!follower.is_finished());
    world.provider.let_go();
    renewal.await.unwrap().unwrap();
    let began = world.clock.monotonic();
    follower.await.unwrap().unwrap();
    assert!(world.since(began) < Duration::from_millis(320));
    assert_eq!((world.refreshes(), world.row(id).failures), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_looks_at_the_revision_and_not_at_the_claim() {
    let world = World::new(Rotation::Strict);
    let id = world.ended().await;
    let renewal = in_flight(&world, id).await;
    let other = world.process();
    let vault = other.vault.clone();
    tokio::spawn(async move { vault.0.renew((TENANT, id), FREE).await });
    world.pass(Duration::from_millis(1900)).await;
    let calls = other.store.take_calls();
    let count = |name| calls.iter().filter(|call| **call == name).count();
    assert_eq!((count("claim"), count("read")), (0, 1), "{calls:?}");
    assert!((8..16).contains(&count("revisions")), "{calls:?}");
    world.provider.let_go();
    renewal.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn many_who_wait_are_looked_for_together() {
    let world = World::new(Rotation::Strict);
    let mut ids = Vec::new();
    for user in ["a", "b", "c", "d", "e", "f", "g"] {
        ids.push(world.log_in(TokenKind::Generic, user).await);
    }
    world.pass_life().await;
    let mut renewals = Vec::new();
    for id in &ids {
        renewals.push(in_flight(&world, *id).await);
    }
    let other = world.process();
    let follow = |id| {
        let vault = other.vault.clone();
        tokio::spawn(async move { vault.0.renew((TENANT, id), FREE).await })
    };
    let followers: Vec<_> = ids.iter().copied().map(follow).collect();
    world.pass(Duration::from_millis(1900)).await;
    let calls = other.store.take_calls();
    let looks = calls.iter().filter(|call| **call == "revisions").count();
    assert!((8..16).contains(&looks) && calls.len() == looks + 7, "{calls:?}");
    world.provider.let_go();
    for renewal in renewals.into_iter().chain(followers) {
        renewal.await.unwrap().unwrap();
    }
    assert_eq!(world.refreshes(), 7);
    // Nobody waits any more: nobody looks.
    other.store.take_calls();
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(other.store.take_calls(), Vec::<&str>::new());
}

#[tokio::test(start_paused = true)]
async fn somebody_who_never_gives_a_claim_back_is_not_waited_for_for_ever() {
    let world = World::new(Rotation::Strict);
    let id = world.ended().await;
    let claim = Claim::new(LeaseOwner::from_bytes([7; 16]), Generation::new(1), Duration::from_secs(3600));
    world.memory.claim(TENANT, id, claim).await.unwrap();
    let began = world.clock.monotonic();
    let error = world.here.renew(id).await.unwrap_err();
    assert_eq!((error.kind(), world.refreshes()), (ErrorKind::Conflict, 0));
    let waited = world.since(began);
    assert!(waited > world::LEASE && waited < Duration::from_secs(65), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_came_in_between_is_respected() {
    // Between the read and the claim another process fails and gives its claim back.
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    let other = world.process();
    world.here.vault.0.open_access(TENANT, id, &world.row(id)).await.unwrap();
    // The other one must ask for its keys first: there is time in between.
    world.keys.script().gated = true;
    let vault = other.vault.clone();
    let slow = tokio::spawn(async move { vault.0.renew((TENANT, id), FREE).await });
    world.pass(Duration::from_secs(1)).await;
    world.provider.plan(Call::Refresh, Answer::Throttled(Duration::from_secs(200)));
    world.here.renew(id).await.unwrap();
    assert_eq!(world.row(id).failures, 1);
    world.keys.gate.add_permits(10);
    slow.await.unwrap().unwrap();
    assert_eq!(world.refreshes(), 1);
    // And the claim is free again.
    let began = world.clock.monotonic();
    world.here.force(id).await.unwrap();
    assert_eq!(world.since(began), Duration::ZERO);
    assert_eq!((world.refreshes(), world.state(id)), (2, ConnectionState::Connected));
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_nearly_over_starts_no_call() {
    // A store that takes so long for a claim that the call would not fit in any more.
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        let id = world.due().await;
        let plan = world.here.vault.0.config;
        assert!(plan.lease >= plan.provider_timeout + plan.commit_budget);
        let slow = world.process_with(
            Sleepy { clock: world.clock, jumps: std::sync::atomic::AtomicU32::new(0) },
            |builder| builder,
        );
        slow.renew(id).await.unwrap();
        assert_eq!(world.refreshes(), 0, "{rotation:?}");
        let row = world.row(id);
        assert_eq!((row.lease, row.last_error.unwrap().class), (None, crate::FailureClass::NotSent));
    }
}

/// A clock of a process that is stopped for 20 seconds each time it looks at it.
#[derive(Debug)]
struct Sleepy {
    clock: crate::virtual_clock::VirtualClock,
    jumps: std::sync::atomic::AtomicU32,
}

impl Clock for Sleepy {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl Timer for Sleepy {
    fn monotonic(&self) -> Duration {
        let jumps = self.jumps.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.clock.monotonic() + Duration::from_secs(20) * jumps
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.clock.sleep(duration)
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_marks_itself_before_it_sends_where_that_matters() {
    for (rotation, phase) in
        [(Rotation::None, Phase::Claimed), (world::GRACE, Phase::Sent), (Rotation::Strict, Phase::Sent)]
    {
        let world = World::new(rotation);
        let id = world.due().await;
        let renewal = in_flight(&world, id).await;
        assert_eq!(world.row(id).lease.unwrap().phase, phase);
        world.provider.let_go();
        renewal.await.unwrap().unwrap();
    }
}
