//! Answers of a token endpoint that are no token.

use sociogram_oauth_core::{
    Reason, ScopeSet,
    testing::{Answer, ServerEndpoint},
};

use super::{Case, Login};
use crate::world::actor;

fn ok(body: &str) -> Answer {
    Answer::json(200, body.to_owned())
}

fn refused(status: u16, error: &str) -> Answer {
    let body = format!(r#"{{"error":"{error}","error_description":"CANARYdescriptionCANARY"}}"#);
    Answer::json(status, body)
}

/// What is answered to a code, and what that is called.
fn to_a_code() -> Vec<(&'static str, Reason, Answer)> {
    vec![
        ("a redirect", Reason::Redirected, Answer::redirect("https://evil.example/CANARY")),
        ("a redirect that keeps the method", Reason::Redirected, Answer::redirect("/x").with_status(307)),
        ("an answer without end", Reason::AnswerTooLarge, Answer::endless()),
        ("silence", Reason::AnswerTimedOut, Answer::never()),
        ("a broken connection", Reason::OutcomeUnknown, Answer::dropped()),
        ("a server in trouble", Reason::OutcomeUnknown, Answer::body(503, "text/html", "<h1>CANARY</h1>")),
        ("a sign-in page", Reason::AnswerIsHtml, Answer::html()),
        ("half a JSON text", Reason::AnswerNotReadable, ok(r#"{"access_token":"CANARYt"#)),
        ("a list", Reason::AnswerNotReadable, ok(r#"["CANARYt"]"#)),
        ("nothing at all", Reason::AnswerNotReadable, ok("")),
        (
            "a refresh token that is a list",
            Reason::AnswerNotReadable,
            ok(r#"{"access_token":"t","refresh_token":[1]}"#),
        ),
        ("no token", Reason::TokenMissing, ok(r#"{"token":"CANARYt"}"#)),
        ("an empty token", Reason::TokenMissing, ok(r#"{"access_token":"","expires_in":60}"#)),
        ("a token with spaces", Reason::TokenMissing, ok(r#"{"access_token":"CANARY t"}"#)),
        ("another type of token", Reason::NotBearer, ok(r#"{"access_token":"CANARYt","token_type":"mac"}"#)),
        ("a negative life", Reason::LifetimeSenseless, ok(r#"{"access_token":"CANARYt","expires_in":-5}"#)),
        ("a life of ages", Reason::LifetimeSenseless, ok(r#"{"access_token":"CANARYt","expires_in":1e18}"#)),
        (
            "a life in words",
            Reason::LifetimeSenseless,
            ok(r#"{"access_token":"CANARYt","expires_in":"CANARY"}"#),
        ),
        ("200 with an error", Reason::RefusedWithSuccess, refused(200, "something_new")),
        (
            "200 with an error object",
            Reason::RefusedWithSuccess,
            ok(r#"{"error":{"message":"CANARY"},"access_token":"CANARYt"}"#),
        ),
        ("200 with a refused code", Reason::CodeRefused, refused(200, "invalid_grant")),
        ("a refused code", Reason::CodeRefused, refused(400, "invalid_grant")),
        ("a refused app", Reason::ClientRefused, refused(401, "invalid_client")),
        ("a wrong set-up", Reason::AppMisconfigured, refused(400, "unauthorized_client")),
        ("a missing permission", Reason::PermissionMissing, refused(403, "access_denied")),
        ("too many calls", Reason::Throttled, refused(429, "slow_down")),
        ("an error nobody knows", Reason::Refused, refused(400, "an error in CANARY words")),
        ("a page of an error", Reason::Refused, Answer::body(404, "text/html", "<h1>CANARY</h1>")),
    ]
}

pub(crate) async fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for (what, expected, answer) in to_a_code() {
        let login = Login::new().await;
        login.world.server.answer_next(ServerEndpoint::Token, answer);
        let verified = login.browser.come_back(&login.client, &login.query, &actor()).await.unwrap();
        let error = login.world.drive(login.client.exchange(verified)).await.unwrap_err();
        cases.push(login.case(what, expected, &error));
    }

    let login = Login::new().await;
    for _ in 0..20 {
        login.world.server.answer_next(ServerEndpoint::Token, Answer::unreachable());
    }
    let verified = login.browser.come_back(&login.client, &login.query, &actor()).await.unwrap();
    let error = login.world.drive(login.client.exchange(verified)).await.unwrap_err();
    cases.push(login.case("no connection", Reason::NotReached, &error));
    cases.extend(to_later_calls().await);
    cases
}

/// What is answered after the exchange.
async fn to_later_calls() -> Vec<Case> {
    let mut cases = Vec::new();
    let login = Login::new().await;
    let verified = login.browser.come_back(&login.client, &login.query, &actor()).await.unwrap();
    let tokens = login.client.exchange(verified).await.unwrap();

    login.client.refresh_token(&tokens).await.unwrap();
    let reused = login.client.refresh_token(&tokens).await.unwrap_err();
    cases.push(login.case("a refresh token that was used before", Reason::GrantRevoked, &reused));

    for _ in 0..20 {
        login.world.server.answer_next(ServerEndpoint::Token, refused(500, "server_error"));
    }
    let scopes = ScopeSet::parse("read");
    let busy = login.world.drive(login.client.client_credentials(&scopes)).await.unwrap_err();
    cases.push(login.case("a read from a server in trouble", Reason::ProviderDown, &busy));
    cases
}
