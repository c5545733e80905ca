//! Which secret is sent, and that none is told.

use std::fmt::Write;

use super::*;

const REFUSED: &str = r#"{"error":"invalid_client"}"#;

fn both() -> Secrets {
    Secrets { current: Some("new-secret".into()), previous: Some("old-secret".into()) }
}

fn sent_secrets(world: &World) -> Vec<String> {
    let secret = |request: &RecordedRequest| {
        let query = request.uri.query().unwrap_or_default();
        pairs(request.text()).remove("client_secret").or_else(|| pairs(query).remove("client_secret"))
    };
    world.transport.requests().iter().map(|request| secret(request).unwrap_or_default()).collect()
}

#[tokio::test]
async fn the_previous_secret_is_tried_when_the_current_one_is_refused() {
    let provider = || generic().with_client_auth(ClientAuth::Body);
    let token = AccessToken::new("t");
    let good = |body: &'static str| World::new(|t| t.respond(401, &[], REFUSED).json(body));

    let world = good(TOKEN);
    let verifier = PkceVerifier::new("v".repeat(43));
    let endpoint = world.endpoint_with(provider(), both());
    let answer = endpoint.exchange_code(&code(), Some(&verifier), Some(REDIRECT)).await;
    assert_eq!(answer.unwrap().tokens.access().expose(), "new");
    assert_eq!(sent_secrets(&world), ["new-secret", "old-secret"]);
    let forms: Vec<_> = world.transport.requests().iter().map(|request| pairs(request.text())).collect();
    for name in ["code", "code_verifier", "redirect_uri"] {
        assert_eq!(forms[0][name], forms[1][name]);
    }

    let world = good(TOKEN);
    world.endpoint_with(provider(), both()).refresh(&"r".into(), TokenKind::Generic).await.unwrap();
    assert_eq!(sent_secrets(&world), ["new-secret", "old-secret"]);

    let world = good(TOKEN);
    world.endpoint_with(provider(), both()).client_credentials(&ScopeSet::new()).await.unwrap();
    assert_eq!(sent_secrets(&world), ["new-secret", "old-secret"]);

    let world = good(r#"{"active":true}"#);
    world.endpoint_with(provider(), both()).introspect("t").await.unwrap();
    assert_eq!(sent_secrets(&world), ["new-secret", "old-secret"]);

    let world = good("{}");
    assert!(world.endpoint_with(provider(), both()).revoke("t", "access_token").await.unwrap());
    assert_eq!(sent_secrets(&world), ["new-secret", "old-secret"]);

    // Meta says it in its own words, and Instagram takes the secret in the query.
    let meta = r#"{"error":{"message":"Meta: Error validating client secret.","code":1}}"#;
    for provider in [Provider::facebook(hooks()), Provider::instagram(hooks())] {
        let world = World::new(|t| t.respond(400, &[], meta).json(TOKEN));
        world.endpoint_with(provider, both()).exchange_long_lived(&token).await.unwrap();
        assert_eq!(sent_secrets(&world), ["new-secret", "old-secret"]);
    }
}

#[tokio::test]
async fn basic_credentials_change_with_the_secret() {
    let world = World::new(|t| t.respond(401, &[], REFUSED).json(TOKEN));
    world.endpoint_with(generic(), both()).refresh(&"r".into(), TokenKind::Generic).await.unwrap();
    let headers: Vec<_> =
        world.transport.requests().iter().map(|request| request.header("authorization").to_owned()).collect();
    assert_eq!(headers, ["Basic YXBwLTE6bmV3LXNlY3JldA==", "Basic YXBwLTE6b2xkLXNlY3JldA=="]);
}

#[tokio::test]
async fn there_is_one_more_try_and_only_for_a_refused_client() {
    let provider = || generic().with_client_auth(ClientAuth::Body);
    let world = World::new(|t| t.respond(401, &[], REFUSED).respond(401, &[], REFUSED).json(TOKEN));
    let refused = world.endpoint_with(provider(), both()).exchange_code(&code(), None, Some(REDIRECT)).await;
    assert_eq!(refused.unwrap_err().reason(), Reason::ClientRefused);
    assert_eq!(sent_secrets(&world), ["new-secret", "old-secret"]);

    let world = World::new(|t| t.respond(401, &[], REFUSED).json(TOKEN));
    let alone = Secrets { previous: None, ..both() };
    let refused = world.endpoint_with(provider(), alone).exchange_code(&code(), None, Some(REDIRECT)).await;
    assert_eq!(refused.unwrap_err().reason(), Reason::ClientRefused);
    assert_eq!(sent_secrets(&world), ["new-secret"]);

    for (status, body) in
        [(400, r#"{"error":"invalid_grant"}"#), (400, r#"{"error":"invalid_request"}"#), (200, "{}")]
    {
        let world = World::new(|t| t.respond(status, &[], body).json(TOKEN));
        let endpoint = world.endpoint_with(provider(), both());
        assert!(endpoint.exchange_code(&code(), None, Some(REDIRECT)).await.is_err());
        assert_eq!(sent_secrets(&world), ["new-secret"], "{body}");
    }
}

#[tokio::test]
async fn nothing_secret_is_logged_or_printed_wherever_it_travels() {
    let logs = CapturedLogs::start();
    let mut printed = String::new();
    let answer = format!(
        r#"{{"access_token":"{}","refresh_token":"{}"}}"#,
        canary::secret("token"),
        canary::secret("refresh")
    );
    let failure = format!(r#"{{"error":{{"message":"Malformed token {}"}}}}"#, canary::secret("token"));
    let token = AccessToken::new(canary::secret("token"));
    let secrets = || Secrets {
        current: Some(canary::secret("secret").into()),
        previous: Some(canary::secret("previous").into()),
    };
    for provider in
        [Provider::instagram(hooks()), Provider::threads(hooks()), Provider::facebook(hooks()), generic()]
    {
        let kind = provider.token_kind();
        let bad = |t: ScriptedTransport| {
            t.respond(400, &[], failure.clone())
                .respond(302, &[("location", "https://evil.example/?CANARY")], failure.clone())
                .fail(TransportErrorKind::Other)
                .respond(200, &[], failure.clone())
                .respond(401, &[], REFUSED)
                .json(answer.clone())
        };
        let world = World::new(|t| bad(bad(t)));
        let endpoint = world.endpoint_with(provider, secrets());
        write!(printed, "{endpoint:?}").unwrap();
        for _ in 0..12 {
            let (one, token) = (Arc::clone(&endpoint), token.clone());
            let results = world
                .drive(async move {
                    let exchanged = one.exchange_long_lived(&token).await;
                    let renewed = one.renew(&token, kind).await;
                    let coded = one.exchange_code(&code(), None, Some(REDIRECT)).await;
                    let facts = one.introspect(token.expose()).await;
                    let identity = one.userinfo(&token).await;
                    let revoked = one.revoke(token.expose(), "access_token").await;
                    let other = [facts.err(), identity.err(), revoked.err()];
                    ([exchanged, renewed, coded], other)
                })
                .await;
            for result in results.0 {
                write!(printed, "{result:?}").unwrap();
                printed += &result.err().map(|error| canary::printed(&error)).unwrap_or_default();
            }
            for error in results.1.into_iter().flatten() {
                printed += &canary::printed(&error);
            }
        }
        // The secrets did travel, so the search below can find something.
        let sent = world.transport.requests();
        let carries = |request: &RecordedRequest| {
            let secret = canary::secret("token");
            request.uri.to_string().contains(&secret) || request.text().contains(&secret)
        };
        assert!(sent.iter().any(carries), "{}", sent.len());
    }
    let logged = logs.text();
    assert!(logged.contains("/access_token") && logged.contains("oauth.exchange_long_lived"));
    assert!(logged.contains("trying the previous one"));
    assert_eq!(canary::leaks(&format!("{printed}{logged}")), Vec::<String>::new());
}
