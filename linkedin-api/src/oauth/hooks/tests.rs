use std::fmt::Write as _;

use http::Method;
use sociogram_api_core::testing::{CapturedLogs, ManualClock, ScriptedTransport, canary};
use sociogram_oauth_core::TokenSet;

use super::*;
use crate::{ClientBuilder, RetryPolicy};

mod vault;

const NO_OPENID: &str = r#"{"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED","message":"Not enough permissions to access: userinfo.GET.NO_VERSION"}"#;
const NO_PROFILE: &str = r#"{"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED","message":"Not enough permissions to access: me.GET.20260901"}"#;
const REVOKED_TOKEN: &str =
    r#"{"status":401,"serviceErrorCode":65601,"code":"REVOKED_ACCESS_TOKEN","message":"CANARY"}"#;
const USER_INFO: &str = r#"{"sub":"782bbtaQ","name":"John Doe","given_name":"John","family_name":"Doe",
    "picture":"https://media.licdn-ei.com/dms/image/C5F03AQHqK8v7tB1HCQ/profile-displayphoto-shrink_100_100/0/",
    "locale":"en-US","email":"doe@email.com","email_verified":true}"#;
const ME: &str = r#"{"localizedFirstName":"Bob","localizedLastName":"Smith","vanityName":"bsmith",
    "localizedHeadline":"API Enthusiast at LinkedIn","id":"yrZCpj2Z12",
    "firstName":{"localized":{"en_US":"Bob"},"preferredLocale":{"country":"US","language":"en"}},
    "profilePicture":{"displayImage":"urn:li:digitalmediaAsset:C4D00AAAAbBCDEFGhiJ"}}"#;

fn builder(transport: &ScriptedTransport) -> ClientBuilder {
    Client::builder()
        .transport(Arc::new(transport.clone()))
        .retry(RetryPolicy::new().backoff(Duration::ZERO, Duration::ZERO))
}

async fn identify(transport: &ScriptedTransport) -> Result<Option<Identity>, OAuthError> {
    let client = builder(transport).access_token("the client's own").build().unwrap();
    LinkedInHooks::new(&client).identify(&canary::secret("TOKEN").into()).await
}

#[tokio::test]
async fn the_member_is_read_from_userinfo() {
    let transport = ScriptedTransport::new().json(USER_INFO);
    let identity = identify(&transport).await.unwrap().unwrap();
    assert_eq!((identity.id.as_str(), identity.name.as_deref()), ("782bbtaQ", Some("John Doe")));
    assert_eq!(identity.email.as_deref(), Some("doe@email.com"));
    assert!(identity.picture.unwrap().ends_with("profile-displayphoto-shrink_100_100/0/"));
    assert_eq!(identity.username, None);

    let [request] = transport.requests().try_into().unwrap();
    assert_eq!(request.method, Method::GET);
    assert_eq!(request.uri.to_string(), "https://api.linkedin.com/v2/userinfo");
    assert_eq!(request.header("authorization"), format!("Bearer {}", canary::secret("TOKEN")));
    assert!(request.headers["authorization"].is_sensitive());
    assert_eq!(request.header("accept"), "application/json");
    assert!(!request.headers.contains_key("linkedin-version"));
    assert!(request.body.is_empty());
}

#[tokio::test]
async fn without_openid_the_member_is_read_from_the_basic_profile() {
    let transport = ScriptedTransport::new().respond(403, &[], NO_OPENID).json(ME);
    let identity = identify(&transport).await.unwrap().unwrap();
    assert_eq!((identity.id.as_str(), identity.name.as_deref()), ("yrZCpj2Z12", Some("Bob Smith")));
    assert_eq!(identity.username.as_deref(), Some("bsmith"));
    assert_eq!((identity.email, identity.picture), (None, None));

    let [_, request] = transport.requests().try_into().unwrap();
    assert_eq!(request.method, Method::GET);
    assert_eq!(request.uri.to_string(), "https://api.linkedin.com/rest/me");
    assert_eq!(request.header("authorization"), format!("Bearer {}", canary::secret("TOKEN")));
    assert_eq!(request.header("linkedin-version"), "202609");
    assert_eq!(request.header("x-restli-protocol-version"), "2.0.0");
    assert!(request.body.is_empty());
}

#[tokio::test]
async fn with_neither_scope_the_member_is_unknown() {
    let transport = ScriptedTransport::new().respond(403, &[], NO_OPENID).respond(403, &[], NO_PROFILE);
    assert_eq!(identify(&transport).await.unwrap(), None);
    assert_eq!(transport.requests().len(), 2);
    let nameless = ScriptedTransport::new().json(r#"{"sub":""}"#);
    assert_eq!(identify(&nameless).await.unwrap(), None);
}

#[tokio::test]
async fn an_unconfirmed_address_is_left_out() {
    for (claims, email) in [
        (r#"{"sub":"a","email":"a@b.c","email_verified":false}"#, None),
        (r#"{"sub":"a","email":"a@b.c","email_verified":"false"}"#, None),
        (r#"{"sub":"a","email":"a@b.c","email_verified":"true"}"#, Some("a@b.c")),
        (r#"{"sub":"a","email":"a@b.c"}"#, Some("a@b.c")),
        (r#"{"sub":"a","email":7,"name":{"en":"A"}}"#, None),
    ] {
        let identity = identify(&ScriptedTransport::new().json(claims)).await.unwrap().unwrap();
        assert_eq!(identity.email.as_deref(), email, "{claims}");
    }
}

#[tokio::test]
async fn other_refusals_are_errors_and_never_an_unknown_member() {
    let from_edge = ScriptedTransport::new().respond(403, &[], "<html>");
    assert_eq!(identify(&from_edge).await.unwrap_err().kind(), ErrorKind::Rejected);
    let dead_version = r#"{"status":426,"code":"NONEXISTENT_VERSION"}"#;
    let old = ScriptedTransport::new().respond(403, &[], NO_OPENID).respond(426, &[], dead_version);
    assert_eq!(identify(&old).await.unwrap_err().kind(), ErrorKind::Misconfigured);
    let unreadable = ScriptedTransport::new().json(r#"{"id":"7"}"#);
    assert_eq!(identify(&unreadable).await.unwrap_err().kind(), ErrorKind::Decode);
    let expired = r#"{"status":401,"serviceErrorCode":65602,"code":"EXPIRED_ACCESS_TOKEN"}"#;
    let expired = ScriptedTransport::new().respond(401, &[], expired).respond(401, &[], expired);
    assert_eq!(identify(&expired).await.unwrap_err().kind(), ErrorKind::Reauthorize);
}

#[tokio::test(start_paused = true)]
async fn a_fresh_token_gets_a_moment_to_settle() {
    let twice = |transport: ScriptedTransport| {
        transport.respond(401, &[], REVOKED_TOKEN).respond(401, &[], REVOKED_TOKEN)
    };
    let transport = twice(ScriptedTransport::new()).json(USER_INFO);
    assert_eq!(identify(&transport).await.unwrap().unwrap().id, "782bbtaQ");

    let transport = twice(twice(ScriptedTransport::new()));
    let error = identify(&transport).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Reauthorize, Some(401)));
    assert_eq!(transport.requests().len(), 4, "it is tried again once");
}

#[tokio::test]
async fn the_moment_is_measured_by_the_clients_timer() {
    let clock = ManualClock::default();
    let transport = ScriptedTransport::new()
        .respond(401, &[], REVOKED_TOKEN)
        .respond(401, &[], REVOKED_TOKEN)
        .json(USER_INFO);
    let hooks = LinkedInHooks::new(&builder(&transport).timer(Arc::new(clock.clone())).build().unwrap());
    let token = "token".into();
    let (identity, ()) = tokio::join!(hooks.identify(&token), async {
        while transport.requests().len() < 2 {
            tokio::task::yield_now().await;
        }
        tokio::task::yield_now().await;
        assert_eq!(transport.requests().len(), 2, "it waits");
        clock.advance(SETTLE);
    });
    assert_eq!(identity.unwrap().unwrap().id, "782bbtaQ");
}

#[tokio::test]
async fn what_linkedin_does_not_offer_is_left_to_the_standard_endpoints() {
    let transport = ScriptedTransport::new();
    let hooks = LinkedInHooks::new(&builder(&transport).build().unwrap());
    let token: AccessToken = "token".into();
    assert_eq!(hooks.inspect(&token).await.unwrap(), None);
    assert_eq!(hooks.permissions(&token).await.unwrap(), None);
    let tokens = TokenSet::new(token, sociogram_oauth_core::TokenKind::LinkedInMember);
    assert!(!hooks.revoke(&tokens).await.unwrap());
    assert!(transport.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn neither_token_nor_answer_is_printed() {
    let logs = CapturedLogs::start();
    let text = canary::secret("TEXT");
    let refused = format!(r#"{{"status":400,"message":"{text}"}}"#);
    let claims = format!(r#"{{"sub":"a","name":"{text}","email":"{text}","picture":"{text}"}}"#);
    let profile = format!(r#"{{"id":"a","localizedFirstName":"{text}","vanityName":"{text}"}}"#);
    let transport = ScriptedTransport::new()
        .respond(400, &[], refused)
        .json(format!(r#"{{"name":"{text}"}}"#))
        .respond(401, &[], REVOKED_TOKEN)
        .respond(401, &[], REVOKED_TOKEN)
        .respond(401, &[], REVOKED_TOKEN)
        .respond(401, &[], REVOKED_TOKEN)
        .json(claims)
        .respond(403, &[], NO_OPENID)
        .json(profile);
    let mut printed = String::new();
    for _ in 0..3 {
        printed += &canary::printed(&identify(&transport).await.unwrap_err());
    }
    for _ in 0..2 {
        let _ = write!(printed, "{:?}", identify(&transport).await.unwrap());
    }
    let client = builder(&transport).access_token(canary::secret("TOKEN")).build().unwrap();
    let _ = write!(printed, "{:?}", LinkedInHooks::new(&client));
    printed += &logs.text();
    assert_eq!(canary::leaks(&printed), [""; 0]);
    assert!(logs.text().contains("linkedin.userinfo.get"));
    assert!(transport.requests().iter().all(|request| !request.uri.to_string().contains("CANARY")));
}
