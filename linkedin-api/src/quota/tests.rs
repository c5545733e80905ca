use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::{BaseUrl, Replay, TransportErrorKind};
use sociogram_api_core::testing::{ManualClock, ScriptedTransport};
use sociogram_oauth_core::StaticToken;

use super::*;
use crate::posts::{CreatePost, DeletePost};
use crate::{Client, PersonUrn, PostUrn, RetryPolicy};

const HOUR: Duration = Duration::from_secs(3600);

/// 2026-11-20T21:00:00Z: three hours before the day ends.
fn evening() -> ManualClock {
    ManualClock::at(Timestamp::from_unix_seconds(1_795_208_400))
}

fn client(transport: &ScriptedTransport, clock: &ManualClock, quota: DailyQuota) -> Client {
    Client::builder()
        .access_token("token")
        .transport(Arc::new(transport.clone()))
        .timer(Arc::new(clock.clone()))
        .retry(RetryPolicy::new().backoff(Duration::ZERO, Duration::ZERO))
        .member("ada")
        .daily_quota(quota)
        .build()
        .unwrap()
}

fn bob(client: &Client) -> Client {
    client.with_token(Arc::new(StaticToken::new("other"))).with_member("bob")
}

fn deleted(times: usize) -> ScriptedTransport {
    (0..times).fold(ScriptedTransport::new(), |transport, _| transport.respond(204, &[], ""))
}

fn delete() -> DeletePost {
    DeletePost::new(PostUrn::parse("urn:li:share:7").unwrap())
}

fn used(calls: u64, limit: Option<u64>) -> Used {
    Used { calls, limit }
}

#[tokio::test]
async fn a_member_at_the_limit_is_refused_until_the_day_ends() {
    let (transport, clock) = (deleted(5), evening());
    let ada = client(&transport, &clock, DailyQuota::new().per_member(2));
    ada.send(delete()).await.unwrap();
    ada.clone().send(delete()).await.unwrap();
    let error = ada.send(delete()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 0));
    assert_eq!(error.retry_after(), Some(3 * HOUR));
    assert!(error.to_string().contains("daily limit of 2 calls of this member"), "{error}");
    bob(&ada).send(delete()).await.unwrap();
    clock.advance(3 * HOUR);
    ada.send(delete()).await.unwrap();
    assert_eq!(transport.requests().len(), 4);
}

#[tokio::test]
async fn the_app_is_counted_over_all_members_and_endpoints() {
    let transport = deleted(2).respond(201, &[("x-restli-id", "urn:li:share:1")], "");
    let ada = client(&transport, &evening(), DailyQuota::new().per_app(3));
    ada.send(delete()).await.unwrap();
    bob(&ada).send(delete()).await.unwrap();
    ada.send(CreatePost::new(PersonUrn::from_id("a").unwrap(), "hi")).await.unwrap();
    let error = bob(&ada).send(delete()).await.unwrap_err();
    assert!(error.to_string().contains("daily limit of 3 calls of the app is reached"), "{error}");
}

#[tokio::test]
async fn an_endpoint_has_limits_of_its_own() {
    let transport = deleted(2).respond(201, &[("x-restli-id", "urn:li:share:1")], "");
    let quota =
        DailyQuota::new().per_app_at("linkedin.posts.delete", 2).per_member_at("linkedin.posts.delete", 1);
    let ada = client(&transport, &evening(), quota);
    ada.send(delete()).await.unwrap();
    let error = ada.send(delete()).await.unwrap_err();
    assert!(error.to_string().contains("limit of 1 calls of this member to this endpoint"), "{error}");
    bob(&ada).send(delete()).await.unwrap();
    let cy = ada.with_token(Arc::new(StaticToken::new("third")));
    let error = cy.send(delete()).await.unwrap_err();
    assert!(error.to_string().contains("limit of 2 calls of the app to this endpoint"), "{error}");
    ada.send(CreatePost::new(PersonUrn::from_id("a").unwrap(), "hi")).await.unwrap();
}

#[tokio::test]
async fn every_attempt_that_was_sent_counts_and_no_other() {
    let transport = ScriptedTransport::new().respond(503, &[], "").fail(TransportErrorKind::Connect).respond(
        204,
        &[],
        "",
    );
    let ada = client(&transport, &evening(), DailyQuota::new());
    ada.send(delete()).await.unwrap();
    assert_eq!(transport.requests().len(), 3);
    assert_eq!(ada.usage().app, used(2, None), "the failed connection does not count");
    let none = client(&transport, &evening(), DailyQuota::new().per_app(0));
    none.send(delete()).await.unwrap_err();
    assert_eq!(none.usage().app, used(0, Some(0)));
}

#[tokio::test]
async fn the_usage_is_told_for_dashboards() {
    let clock = evening();
    let quota = DailyQuota::share_on_linkedin().per_app_at("linkedin.userinfo.get", 5);
    let ada = client(&deleted(3), &clock, quota);
    ada.send(delete()).await.unwrap();
    bob(&ada).send(delete()).await.unwrap();
    bob(&ada).send(delete()).await.unwrap();
    let usage = ada.usage();
    assert_eq!((usage.since, usage.resets_in), (Timestamp::from_unix_seconds(1_795_132_800), 3 * HOUR));
    assert_eq!(usage.app, used(3, Some(100_000)));
    assert_eq!(usage.endpoint("linkedin.posts.delete"), Some(used(3, None)));
    assert_eq!(usage.endpoint("linkedin.userinfo.get"), Some(used(0, Some(5))));
    assert_eq!(usage.members.iter().map(|member| &*member.member).collect::<Vec<_>>(), ["bob", "ada"]);
    assert_eq!(usage.member("bob").unwrap().used.left(), Some(148));
    assert_eq!(usage.member("cy"), None);
    assert!(!format!("{usage:?}").contains("bob"), "{usage:?}");
    clock.advance(3 * HOUR);
    let usage = ada.usage();
    assert_eq!((usage.app, usage.members.len()), (used(0, Some(100_000)), 0));
}

#[tokio::test]
async fn the_presets_are_as_they_are_told() {
    for (quota, member, app) in [
        (DailyQuota::share_on_linkedin(), 150, 100_000),
        (DailyQuota::community_management_development(), 100, 500),
    ] {
        assert_eq!(quota, DailyQuota::new().per_member(member).per_app(app));
    }
}

fn operation(member: &str, counted: bool, cost: u32) -> Operation {
    let caller = Caller { app: "app".into(), member: member.into(), counted };
    Operation::new("linkedin.x", "linkedin", Replay::Safe).cost(cost).with(caller)
}

#[test]
fn a_batch_counts_as_many_calls_as_it_costs_and_uploads_do_not_count() {
    let ledger = Ledger::new(DailyQuota::new().per_app(5), Arc::new(evening()));
    ledger.take(&operation("a", true, 3)).unwrap();
    ledger.take(&operation("a", true, 3)).unwrap_err();
    ledger.take(&operation("a", true, 2)).unwrap();
    ledger.take(&operation("a", false, 9)).unwrap();
    assert_eq!(ledger.usage().app.calls, 5);
}

#[test]
fn busy_members_are_kept_when_there_are_too_many() {
    let ledger = Ledger::new(DailyQuota::new(), Arc::new(evening()));
    for _ in 0..3 {
        ledger.take(&operation("busy", true, 1)).unwrap();
    }
    for member in 0..2 * MAX_MEMBERS {
        ledger.take(&operation(&format!("m{member}"), true, 1)).unwrap();
    }
    let usage = ledger.usage();
    assert!(usage.members.len() <= MAX_MEMBERS);
    assert_eq!(usage.members[0].used.calls, 3);
    assert_eq!(usage.app.calls, 3 + 2 * u64::try_from(MAX_MEMBERS).unwrap());
}

#[tokio::test]
async fn another_host_of_the_whole_api_counts_too() {
    let transport = deleted(1);
    let client = Client::builder()
        .access_token("token")
        .transport(Arc::new(transport))
        .base_url(BaseUrl::parse("http://127.0.0.1:8080").unwrap())
        .build()
        .unwrap();
    client.send(delete()).await.unwrap();
    assert_eq!(client.usage().app.calls, 1);
}
