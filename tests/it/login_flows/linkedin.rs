//! LinkedIn: the login with a secret and the one for installed programs.

use std::time::Duration;

use sociogram::api_core::{Clock, ErrorKind};
use sociogram::linkedin_api::oauth::linkedin_native;
use sociogram::oauth_core::{
    DenialKind, Expiry, OAuthClient, OAuthError, Reason, RedirectUri, Refresh, RefreshErrorKind, Renewal,
    Revocation, Rotation, ScopeSet, TokenKind, scope,
};

use super::stage::{DAY, REDIRECT, Stage, base, request};

fn scopes() -> ScopeSet {
    ScopeSet::from_static(&[scope::OPENID, scope::PROFILE, scope::EMAIL, scope::W_MEMBER_SOCIAL])
}

fn native(stage: &Stage) -> OAuthClient {
    let (endpoints, app) = (stage.sandbox.endpoints(), &stage.sandbox.config().linkedin);
    let dialog = base(&endpoints.linkedin_oauth);
    let provider =
        linkedin_native(&stage.linkedin_api()).with_authorize_base(&dialog).with_token_base(&dialog);
    stage
        .public_builder(provider, &app.id)
        .redirect_uri(RedirectUri::parse(REDIRECT).unwrap())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_login_reads_the_comma_list_and_asks_whose_token_it_is() {
    let stage = Stage::new().await;
    let client = stage.linkedin();
    let started = stage.start(&client, request(scopes())).await;
    // On the way there the scopes are apart by spaces, on the way back by commas.
    let url = started.url.as_str();
    assert!(url.contains("scope=email%20openid%20profile%20w_member_social"), "{url}");
    assert_eq!((started.asks("code_challenge"), started.asks("nonce")), (None, None));
    let login = stage.finish(&client, &started, &[]).await.unwrap();
    let calls = [
        "POST linkedin/oauth/v2/accessToken",
        "POST linkedin/oauth/v2/introspectToken",
        "GET linkedin-api/v2/userinfo",
    ];
    assert_eq!(stage.calls_since(0), calls);

    let member = &stage.sandbox.world().member;
    assert_eq!((&login.identity.id, login.identity.email.as_ref()), (&member.id, Some(&member.email)));
    assert_eq!(login.identity.name, Some(member.name()));
    assert_eq!(login.tokens.kind(), TokenKind::LinkedInMember);
    assert_eq!(login.tokens.scopes(), Some(&scopes()));
    assert!(login.scopes.is_complete() && login.scopes.extra.is_empty(), "{}", login.scopes);
    let left = |expiry: Expiry| expiry.remaining(stage.clock.now());
    assert_eq!(left(login.tokens.expiry()), Some(Duration::from_secs(60 * DAY)));
    assert_eq!(left(login.tokens.refresh_expiry()), Some(Duration::from_secs(365 * DAY)));
    assert_eq!(login.tokens.renewal(client.rotation()), Renewal::RefreshToken(Rotation::None));

    let facts = login.facts.unwrap();
    assert!(facts.active && stage.ends_in(facts.expiry, 60 * DAY));
    assert_eq!(facts.client_id.as_deref(), Some(client.client_id()));
    assert_eq!(facts.scopes, Some(scopes()));
    stage.no_violations();
}

#[tokio::test]
async fn a_token_that_may_not_read_the_profile_belongs_to_nobody_known() {
    let stage = Stage::new().await;
    let client = stage.linkedin();
    let posts = ScopeSet::from_static(&[scope::W_MEMBER_SOCIAL]);
    let error = stage.try_log_in(&client, request(posts), &[]).await.unwrap_err();
    assert_eq!(
        (error.reason(), error.kind()),
        (Reason::IdentityUnknown, ErrorKind::Misconfigured),
        "{error}"
    );

    let older = ScopeSet::from_static(&[scope::W_MEMBER_SOCIAL, scope::R_BASICPROFILE]);
    let login = stage.log_in(&client, older).await;
    let member = &stage.sandbox.world().member;
    assert_eq!((&login.identity.id, login.identity.name), (&member.id, Some(member.name())));
    stage.no_violations();
}

#[tokio::test]
async fn a_reconnect_takes_the_connected_member_and_no_other() {
    let stage = Stage::new().await;
    let client = stage.linkedin();
    let ada = stage.log_in(&client, scopes()).await.identity.id;
    stage.sign_in("linkedin", &stage.sandbox.world().other_members[0].id).await;
    let error = stage.try_log_in(&client, request(scopes()).for_user(&ada), &[]).await.unwrap_err();
    assert_eq!(error.reason(), Reason::AccountSwapped);
    let anyone = request(scopes()).for_user(&ada).allow_other_user();
    let other = stage.try_log_in(&client, anyone, &[]).await.unwrap();
    assert_ne!(other.identity.id, ada);
    stage.no_violations();
}

#[tokio::test]
async fn a_code_lives_half_an_hour() {
    let stage = Stage::new().await;
    let client = stage.linkedin();
    // It waited at the product, which knows; or on its way there, which only LinkedIn knows.
    for (product, platform, reason, sent) in
        [(1801, 0, Reason::CodeTooOld, 0), (0, 1801, Reason::CodeRefused, 1)]
    {
        let started = stage.start(&client, request(scopes())).await;
        let query = stage.decide(&started, "allow", &[]).await;
        let verified = stage.complete(&client, &started, &query).await.unwrap();
        let mark = stage.mark();
        stage.clock.advance(Duration::from_secs(product));
        stage.pass_at_the_platforms(platform).await;
        let error = client.log_in(verified).await.unwrap_err();
        assert_eq!((error.reason(), error.kind()), (reason, ErrorKind::Reauthorize), "{error}");
        assert_eq!(stage.calls_since(mark).len(), sent);
    }
    stage.no_violations();
}

#[tokio::test]
async fn an_installed_program_logs_in_with_a_challenge_and_without_a_secret() {
    let stage = Stage::new().await;
    let client = native(&stage);
    let started = stage.start(&client, request(scopes())).await;
    assert!(started.url.path().ends_with("/oauth/native-pkce/authorization"));
    assert_eq!(started.asks("code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(started.asks("code_challenge").unwrap().len(), 43);

    let login = stage.finish(&client, &started, &[]).await.unwrap();
    // Introspection and revocation need the secret.
    assert_eq!(stage.calls_since(0), ["POST linkedin/oauth/v2/accessToken", "GET linkedin-api/v2/userinfo"]);
    assert_eq!(login.identity.id, stage.sandbox.world().member.id);
    assert!(login.scopes.is_complete(), "{}", login.scopes);
    assert!(login.facts.is_none() && login.tokens.refresh().is_none());
    assert!(stage.ends_in(login.tokens.expiry(), 60 * DAY));

    let mark = stage.mark();
    assert_eq!(login.tokens.renewal(client.rotation()), Renewal::Login);
    assert_eq!(client.refresh(&login.tokens).await.unwrap_err().kind(), RefreshErrorKind::Revoked);
    assert_eq!(client.revoke(&login.tokens).await.unwrap(), Revocation::NotOffered);
    assert_eq!(client.inspect(&login.tokens).await.unwrap(), None);
    assert_eq!(stage.mark(), mark, "nothing was sent");
    stage.no_violations();
}

#[tokio::test]
async fn a_code_of_another_browser_is_worth_nothing_to_an_installed_program() {
    let stage = Stage::new().await;
    let client = native(&stage);
    let (mine, other) =
        (stage.start(&client, request(scopes())).await, stage.start(&client, request(scopes())).await);
    // A code that was caught on its way, put behind the state of another login: its verifier does not fit.
    let caught = stage.decide(&mine, "allow", &[]).await;
    let code = caught.split('&').find(|part| part.starts_with("code=")).unwrap();
    let query = format!("{code}&state={}", other.asks("state").unwrap());
    let verified = stage.complete(&client, &other, &query).await.unwrap();
    let mark = stage.mark();
    let error = client.log_in(verified).await.unwrap_err();
    assert_eq!(error.reason(), Reason::CodeRefused, "{error}");
    assert_eq!(stage.calls_since(mark), ["POST linkedin/oauth/v2/accessToken"]);

    // The one it was meant for still works.
    let verified = stage.complete(&client, &mine, &caught).await.unwrap();
    client.log_in(verified).await.unwrap();

    let started = stage.start(&client, request(scopes())).await;
    let query = stage.decide(&started, "cancel_login", &[]).await;
    let error = stage.complete(&client, &started, &query).await.unwrap_err();
    assert_eq!(error.denial().unwrap().kind(), DenialKind::Cancelled);
    stage.no_violations();
}

#[tokio::test]
async fn an_installed_program_comes_back_to_an_address_in_figures() {
    let stage = Stage::new().await;
    let app = &stage.sandbox.config().linkedin;
    for (redirect, works) in [
        ("http://127.0.0.1:49152/callback", true),
        ("http://[::1]:49152/callback", true),
        ("http://localhost:49152/callback", false),
        ("https://app.example.com/callback", false),
    ] {
        let builder = stage.public_builder(linkedin_native(&stage.linkedin_api()), &app.id);
        let built = builder.redirect_uri(RedirectUri::parse(redirect).unwrap()).build();
        assert_eq!(
            built.as_ref().err().map(OAuthError::reason),
            (!works).then_some(Reason::Setup),
            "{redirect}"
        );
    }
    stage.no_violations();
}
