//! Callbacks that are not what the provider sends, or belong to no open login.

use std::{sync::atomic::Ordering, time::Duration};

use sociogram_api_core::testing::canary;
use sociogram_oauth_core::{Actor, ProviderId, Reason, testing::FakeProvider};

use super::{Case, Login};
use crate::world::{World, actor, request, tenant, with_param};

/// Queries that cannot be read, around a good state and a good code.
fn broken(state: &str) -> Vec<(&'static str, Reason, String)> {
    use Reason::{
        CallbackContradictory, CallbackDuplicate, CallbackMalformed, CallbackTooLong, CallbackWithoutOutcome,
        CallbackWithoutState,
    };
    let code = canary::secret("code");
    vec![
        ("nothing", CallbackWithoutOutcome, String::new()),
        ("noise", CallbackWithoutOutcome, "&&==&%%%&".to_owned()),
        ("only a state", CallbackWithoutOutcome, format!("state={state}")),
        ("an empty code", CallbackWithoutOutcome, format!("code=&state={state}")),
        ("an empty error", CallbackWithoutOutcome, format!("error=&state={state}")),
        ("no state", CallbackWithoutState, format!("code={code}")),
        ("an empty state", CallbackWithoutState, format!("code={code}&state=")),
        ("a denial without a state", CallbackWithoutState, "error=access_denied".to_owned()),
        ("two codes", CallbackDuplicate, format!("code={code}&code={code}&state={state}")),
        ("two states", CallbackDuplicate, format!("code={code}&state={state}&state={state}")),
        ("two errors", CallbackDuplicate, format!("error={code}&error=b&state={state}")),
        ("two issuers", CallbackDuplicate, format!("code={code}&state={state}&iss=a&iss=b")),
        ("a second code in disguise", CallbackDuplicate, format!("code=a&%63ode={code}&state={state}")),
        ("code and error", CallbackContradictory, format!("code={code}&error=access_denied&state={state}")),
        ("code and error code", CallbackContradictory, format!("code={code}&error_code=1&state={state}")),
        ("20 KiB", CallbackTooLong, format!("code={code}&state={state}&x={}", "x".repeat(20 * 1024))),
        ("a code of 8 KiB", CallbackMalformed, format!("code={code}{}&state={state}", "x".repeat(8 * 1024))),
        ("a state of 1 KiB", CallbackMalformed, format!("code={code}&state={state}{}", "x".repeat(1024))),
        ("a line break in the code", CallbackMalformed, format!("code={code}%0d%0aX:y&state={state}")),
        ("a zero byte in the code", CallbackMalformed, format!("code={code}%00&state={state}")),
        ("a code that is no UTF-8", CallbackMalformed, format!("code={code}%ff%fe&state={state}")),
        ("a zero byte in the state", CallbackMalformed, format!("code={code}&state={state}%00")),
        (
            "a right-to-left mark in the state",
            CallbackMalformed,
            format!("code={code}&state={state}%e2%80%ae"),
        ),
        ("a line break in the issuer", CallbackMalformed, format!("code={code}&state={state}&iss=https:%0a")),
    ]
}

pub(crate) async fn all() -> Vec<Case> {
    let mut cases = unreadable().await;
    cases.extend(foreign().await);
    cases.extend(denied().await);
    cases
}

pub(crate) async fn unreadable() -> Vec<Case> {
    let login = Login::new().await;
    let mut cases = Vec::new();
    for (what, expected, query) in broken(&login.state()) {
        let error = login.browser.come_back(&login.client, &query, &actor()).await.unwrap_err();
        cases.push(login.case(what, expected, &error));
    }
    cases
}

/// Callbacks that can be read and belong to no open login of this person, browser and provider.
pub(crate) async fn foreign() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = async |what: &str, expected, login: Login, query: &str, who: Actor| {
        let error = login.browser.come_back(&login.client, query, &who).await.unwrap_err();
        cases.push(login.case(what, expected, &error));
    };

    let login = Login::new().await;
    let query = with_param(&login.query, "state", Some(&"A".repeat(43)));
    add("a state that was never given", Reason::SessionUnknown, login, &query, actor()).await;

    let login = Login::new().await;
    let query = login.query.clone();
    login.browser.come_back(&login.client, &query, &actor()).await.unwrap();
    add("the same callback again", Reason::SessionUnknown, login, &query, actor()).await;

    let login = Login::new().await;
    let query = login.query.clone();
    login.world.clock.advance(Duration::from_secs(600));
    add("after ten minutes", Reason::SessionUnknown, login, &query, actor()).await;

    let login = Login::new().await;
    let query = login.query.clone();
    login.world.sessions.ignores_time.store(true, Ordering::Relaxed);
    login.world.clock.advance(Duration::from_secs(600));
    add("after ten minutes, from a careless store", Reason::SessionExpired, login, &query, actor()).await;

    let mut login = Login::new().await;
    let query = login.query.clone();
    login.browser.start(&login.client, request()).await;
    add("from another browser", Reason::OtherBrowser, login, &query, actor()).await;

    let login = Login::new().await;
    let query = login.query.clone();
    add("of another person", Reason::OtherActor, login, &query, Actor::new(tenant(1), "user-8")).await;

    let login = Login::new().await;
    let query = login.query.clone();
    add("of another tenant", Reason::OtherActor, login, &query, Actor::new(tenant(2), "user-7")).await;

    let mut login = Login::new().await;
    let query = login.query.clone();
    let metadata = login.world.metadata().await;
    let other = sociogram_oauth_core::Provider::generic(ProviderId::new("other"), metadata).unwrap();
    let binder = login.browser.binder(&login.client).unwrap();
    login.client = login.world.build(other);
    login.browser.receive(&login.client.cookie().set(&binder));
    add("at another provider", Reason::OtherProvider, login, &query, actor()).await;

    let login = Login::in_world(World::with(FakeProvider::with_issuer_in_callbacks)).await;
    let query = with_param(&login.query, "iss", None);
    add("without the promised issuer", Reason::IssuerMissing, login, &query, actor()).await;

    let login = Login::new().await;
    let query = with_param(&login.query, "iss", Some("https://CANARY.example"));
    add("from another issuer", Reason::IssuerMismatch, login, &query, actor()).await;
    cases
}

/// The provider's no.
pub(crate) async fn denied() -> Vec<Case> {
    let mut cases = Vec::new();
    for (what, error) in [
        ("a cancelled login", "access_denied"),
        ("a scope that is not allowed", "invalid_scope"),
        ("a provider in trouble", "server_error"),
        ("a person that has to be asked", "interaction_required"),
        ("an error nobody knows", "CANARYerrorCANARY"),
    ] {
        let login = Login::new().await;
        let query = format!(
            "error={error}&error_reason=CANARYreason&error_description=CANARYtext%3Cscript%3E&state={}",
            login.state()
        );
        let error = login.browser.come_back(&login.client, &query, &actor()).await.unwrap_err();
        cases.push(login.case(what, Reason::Denied, &error));
    }
    cases
}
