//! Tokens that came and must not be kept.

use std::time::Duration;

use sociogram_oauth_core::{
    ClientAuth, PkceSupport, Provider, ProviderId, ProviderMetadata, Reason, ScopeSet, StartRequest,
    testing::{Answer, Decision, ServerEndpoint},
};

use super::{Case, Login};
use crate::world::{PERSON, World, actor, request};

pub(crate) async fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    let introspection = ServerEndpoint::Introspection;
    for (what, expected, endpoint, body) in [
        (
            "a token of another app",
            Reason::ForeignToken,
            introspection,
            r#"{"active":true,"client_id":"CANARYapp"}"#,
        ),
        ("a token that is not active", Reason::TokenInactive, introspection, r#"{"active":false}"#),
        (
            "two different users",
            Reason::SubjectMismatch,
            ServerEndpoint::Userinfo,
            r#"{"sub":"CANARYother","name":"CANARYname"}"#,
        ),
    ] {
        let login = Login::new().await;
        login.world.server.answer_next(endpoint, Answer::json(200, body));
        cases.push(log_in(login, what, expected).await);
    }

    // Without userinfo, introspection and id token there is nobody to ask.
    let world = World::new();
    let metadata = ProviderMetadata::new("https://as.example/authorize", "https://as.example/token").unwrap();
    let mute =
        Provider::generic(ProviderId::new("fake"), metadata).unwrap().with_client_auth(ClientAuth::Body);
    let client = world.build(mute);
    let login = Login::with(world, client, request(), Decision::approve(PERSON)).await;
    cases.push(log_in(login, "a provider that names nobody", Reason::IdentityUnknown).await);

    let login = Login::new().await;
    login
        .world
        .server
        .answer_next(introspection, Answer::json(200, r#"{"active":true,"client_id":"app-1"}"#));
    login.world.server.answer_next(ServerEndpoint::Userinfo, Answer::json(200, r#"{"name":"CANARYname"}"#));
    cases.push(log_in(login, "nobody's token", Reason::AnswerNotReadable).await);

    let world = World::new();
    let client = world.client().await;
    let reconnect = request().for_user("CANARYuserCANARY");
    let login = Login::with(world, client, reconnect, Decision::approve(PERSON)).await;
    cases.push(log_in(login, "another account", Reason::AccountSwapped).await);

    let login = Login::new().await;
    let verified = login.browser.come_back(&login.client, &login.query, &actor()).await.unwrap();
    login.world.clock.advance(Duration::from_secs(600));
    let error = login.client.exchange(verified).await.unwrap_err();
    cases.push(login.case("a code that waited too long", Reason::CodeTooOld, &error));

    let world = World::new();
    let client = world.client().await;
    let login = Login::with(world, client, request(), Decision::approve(PERSON).declining("write")).await;
    let verified = login.browser.come_back(&login.client, &login.query, &actor()).await.unwrap();
    let error = login.client.log_in(verified).await.unwrap().require_scopes().unwrap_err();
    cases.push(login.case("a declined scope", Reason::ScopesMissing, &error));
    cases.extend(id_tokens().await);
    cases
}

async fn log_in(login: Login, what: &str, expected: Reason) -> Case {
    let verified = login.browser.come_back(&login.client, &login.query, &actor()).await.unwrap();
    let error = login.world.drive(login.client.log_in(verified)).await.unwrap_err();
    login.case(what, expected, &error)
}

async fn id_tokens() -> Vec<Case> {
    let mut cases = Vec::new();
    let openid = || StartRequest::new(actor(), ScopeSet::parse("openid"));
    let world = World::with(|server| server.with_pkce(PkceSupport::Unsupported));
    let client = world.build(world.generic().await.with_pkce(PkceSupport::Unsupported));
    // The nonce is taken out of the address on its way, so that the id token has none.
    let mut login = Login::with(world, client, openid(), Decision::approve(PERSON)).await;
    let stripped = login.url.replace("&nonce=", "&other=");
    login.query = login.world.server.authorize(&stripped, Decision::approve(PERSON)).unwrap();
    cases.push(exchange(login, "an id token of another login", Reason::NonceMismatch).await);

    for (what, body) in [
        ("no id token", r#"{"access_token":"CANARYt","scope":"openid"}"#),
        ("an id token that is none", r#"{"access_token":"CANARYt","id_token":"CANARYid.CANARYid.x"}"#),
    ] {
        let world = World::new();
        let client = world.client().await;
        let login = Login::with(world, client, openid(), Decision::approve(PERSON)).await;
        login.world.server.answer_next(ServerEndpoint::Token, Answer::json(200, body));
        cases.push(exchange(login, what, Reason::IdTokenInvalid).await);
    }
    cases
}

async fn exchange(login: Login, what: &str, expected: Reason) -> Case {
    let verified = login.browser.come_back(&login.client, &login.query, &actor()).await.unwrap();
    let error = login.client.exchange(verified).await.unwrap_err();
    login.case(what, expected, &error)
}
