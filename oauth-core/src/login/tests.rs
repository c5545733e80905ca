//! From the code to what may be stored.

use std::sync::Arc;

use sociogram_api_core::{
    ErrorKind, Timestamp,
    testing::{CapturedLogs, ScriptedTransport},
};

use super::*;
use crate::{
    AccessToken, Provider, ProviderHooks, ProviderMetadata, Refusal, RefusedAnswer, Scope, StandardHooks,
    StartRequest,
    client::tests::{FakeHooks, World, actor, callback, form, generic, linkedin, metadata, query, state},
    id_token::tests::id_token,
};

mod openid;

const ASKED: &str = "pages_show_list pages_manage_posts";

/// What a good Facebook login is told.
fn good() -> FakeHooks {
    let mut facts = TokenFacts::new(true);
    facts.client_id = Some("app-1".to_owned());
    facts.subject = Some("user-1".to_owned());
    facts.expiry = Expiry::At(Timestamp::from_unix_seconds(5_000));
    facts.scopes = Some(ScopeSet::parse("pages_show_list"));
    let mut permissions = Permissions::new();
    permissions.granted = ScopeSet::parse("pages_show_list public_profile");
    permissions.declined = ScopeSet::parse("pages_manage_posts ads_read");
    FakeHooks {
        facts: Some(facts),
        identity: Some(Identity::new("user-1")),
        permissions: Some(permissions),
        ..FakeHooks::default()
    }
}

const SHORT: &str = r#"{"access_token":"short","token_type":"bearer","expires_in":3600}"#;
const LONG: &str = r#"{"access_token":"long","token_type":"bearer"}"#;

fn facebook_world() -> World {
    World::scripted(|t| t.json(SHORT).json(LONG))
}

fn request(scopes: &str) -> StartRequest {
    StartRequest::new(actor(), ScopeSet::parse(scopes))
}

async fn facebook_login(hooks: FakeHooks, request: StartRequest) -> Result<Login, OAuthError> {
    let world = facebook_world();
    let client = world.client(Provider::facebook(Arc::new(hooks)));
    let verified = world.verified_for(&client, request).await;
    client.log_in(verified).await
}

#[tokio::test]
async fn a_facebook_login_ends_with_the_long_lived_token_and_everything_known_about_it() {
    let world = facebook_world();
    let client = world.client(Provider::facebook(Arc::new(good())));
    let request = request(ASKED).with_return_to(ReturnTo::parse("/settings").unwrap());
    let verified = world.verified_for(&client, request).await;
    let login = client.log_in(verified).await.unwrap();
    assert_eq!((login.tokens.access().expose(), login.tokens.kind()), ("long", TokenKind::MetaUserLong));
    assert_eq!(login.tokens.expiry(), Expiry::At(Timestamp::from_unix_seconds(5_000)));
    assert_eq!(login.tokens.scopes(), Some(&ScopeSet::parse("pages_show_list public_profile")));
    assert_eq!(login.identity.id, "user-1");
    assert_eq!(login.scopes.requested, ScopeRequest::new(ScopeSet::parse(ASKED)));
    assert_eq!(login.scopes.granted, ScopeSet::parse("pages_show_list public_profile"));
    assert_eq!(login.scopes.missing, ScopeSet::parse("pages_manage_posts"));
    assert_eq!(login.scopes.declined, ScopeSet::parse("pages_manage_posts"));
    assert!(login.facts.as_ref().unwrap().active);
    assert_eq!(login.return_to.as_ref().unwrap().as_str(), "/settings");

    let requests = world.transport.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(form(&requests[1])["fb_exchange_token"], "short");

    let error = login.require_scopes().unwrap_err();
    assert_eq!((error.kind(), error.reason()), (ErrorKind::Permission, Reason::ScopesMissing));
    assert_eq!(error.to_string(), "required scopes were not granted: pages_manage_posts");
    assert_eq!(error.scope_report().unwrap().declined, ScopeSet::parse("pages_manage_posts"));
}

#[tokio::test]
async fn optional_scopes_may_be_missing() {
    let scopes = ScopeRequest::new(ScopeSet::parse("pages_show_list"))
        .with_optional(ScopeSet::parse("pages_manage_posts"));
    let login = facebook_login(good(), StartRequest::new(actor(), scopes)).await.unwrap();
    let login = login.require_scopes().unwrap();
    assert_eq!(login.scopes.missing, ScopeSet::parse("pages_manage_posts"));
}

#[tokio::test]
async fn the_end_that_the_token_answer_names_counts() {
    let long = r#"{"access_token":"long","expires_in":5183944}"#;
    let world = World::scripted(|t| t.json(SHORT).json(long));
    let client = world.client(Provider::facebook(Arc::new(good())));
    let verified = world.verified_for(&client, request(ASKED)).await;
    let login = client.log_in(verified).await.unwrap();
    assert_eq!(login.tokens.expiry(), Expiry::At(world.clock_in(5_183_944)));
}

type Change = fn(&mut FakeHooks);

fn facts(hooks: &mut FakeHooks) -> &mut TokenFacts {
    hooks.facts.as_mut().unwrap()
}

#[tokio::test]
async fn a_login_that_fails_a_check_is_refused() {
    let cases: [(Change, Reason, ErrorKind); 6] = [
        (
            |hooks| facts(hooks).client_id = Some("app-2".to_owned()),
            Reason::ForeignToken,
            ErrorKind::Rejected,
        ),
        (
            |hooks| {
                facts(hooks).client_id = Some("app-2".to_owned());
                facts(hooks).active = false;
            },
            Reason::ForeignToken,
            ErrorKind::Rejected,
        ),
        (|hooks| facts(hooks).active = false, Reason::TokenInactive, ErrorKind::Reauthorize),
        (
            |hooks| hooks.identity = Some(Identity::new("user-2")),
            Reason::SubjectMismatch,
            ErrorKind::Rejected,
        ),
        (
            |hooks| facts(hooks).subject = Some("user-2".to_owned()),
            Reason::SubjectMismatch,
            ErrorKind::Rejected,
        ),
        (
            |hooks| {
                hooks.identity = None;
                facts(hooks).subject = None;
            },
            Reason::IdentityUnknown,
            ErrorKind::Misconfigured,
        ),
    ];
    for (change, reason, kind) in cases {
        let mut hooks = good();
        change(&mut hooks);
        let error = facebook_login(hooks, request(ASKED)).await.unwrap_err();
        assert_eq!((error.reason(), error.kind()), (reason, kind));
        assert_eq!(error.user_action(), reason.user_action());
    }
}

#[tokio::test]
async fn what_a_provider_does_not_say_is_not_held_against_it() {
    let cases: [Change; 3] = [
        |hooks| facts(hooks).client_id = None,
        |hooks| facts(hooks).subject = None,
        |hooks| hooks.identity = None,
    ];
    for change in cases {
        let mut hooks = good();
        change(&mut hooks);
        assert_eq!(facebook_login(hooks, request(ASKED)).await.unwrap().identity.id, "user-1");
    }
}

#[tokio::test]
async fn a_reconnect_takes_the_same_account_only_unless_told_otherwise() {
    assert!(facebook_login(good(), request(ASKED).for_user("user-1")).await.is_ok());
    let error = facebook_login(good(), request(ASKED).for_user("user-9")).await.unwrap_err();
    assert_eq!((error.reason(), error.kind()), (Reason::AccountSwapped, ErrorKind::Conflict));
    let other = request(ASKED).for_user("user-9").allow_other_user();
    assert_eq!(facebook_login(good(), other).await.unwrap().identity.id, "user-1");
}

#[tokio::test]
async fn scopes_are_believed_in_the_order_of_who_knows_best() {
    let answers = "pages_show_list pages_manage_posts";
    // Facts, where there are no permissions.
    let hooks = FakeHooks { permissions: None, ..good() };
    let login = facebook_login(hooks, request(answers)).await.unwrap();
    assert_eq!(login.scopes.granted, ScopeSet::parse("pages_show_list"));
    // Nobody says: Meta's person may have declined everything.
    let mut hooks = FakeHooks { permissions: None, ..good() };
    facts(&mut hooks).scopes = None;
    let login = facebook_login(hooks, request(answers)).await.unwrap();
    assert_eq!((login.scopes.granted.len(), login.tokens.scopes()), (0, None));
    assert_eq!(login.require_scopes().unwrap_err().reason(), Reason::ScopesMissing);
}

#[tokio::test]
async fn linkedin_grants_what_was_asked_for_unless_it_says_otherwise() {
    for (scope, granted) in [("", "w_member_social"), (r#","scope":"openid,profile""#, "openid profile")] {
        let answer = format!(r#"{{"access_token":"t","expires_in":5184000{scope}}}"#);
        let world = World::scripted(|t| {
            t.json(answer)
                .json(r#"{"active":true,"client_id":"app-1"}"#)
                .json(r#"{"sub":"member-1","name":"Ada"}"#)
        });
        let client = world.client(linkedin());
        let verified = world.verified_for(&client, request("w_member_social")).await;
        let login = client.log_in(verified).await.unwrap();
        assert_eq!(login.scopes.granted, ScopeSet::parse(granted));
        assert_eq!(login.tokens.scopes(), Some(&ScopeSet::parse(granted)));
        assert_eq!((login.identity.id.as_str(), login.identity.name.as_deref()), ("member-1", Some("Ada")));
        assert_eq!(world.transport.requests().len(), 3);
    }
}

#[tokio::test]
async fn a_question_that_may_not_be_asked_has_no_answer() {
    let script = |t: ScriptedTransport| {
        t.json(r#"{"access_token":"t","scope":"w_member_social"}"#)
            .respond(403, &[], r#"{"error":"access_denied"}"#)
            .respond(403, &[], r#"{"error":"insufficient_scope"}"#)
    };
    let world = World::scripted(script);
    let client = world.client(linkedin());
    let verified = world.verified_for(&client, request("w_member_social")).await;
    let error = client.log_in(verified).await.unwrap_err();
    assert_eq!(error.reason(), Reason::IdentityUnknown);
    assert!(error.user_action().contains("openid"));
    assert_eq!(world.transport.requests().len(), 3);

    let hooks = FakeHooks { identity: Some(Identity::new("member-1")), ..FakeHooks::default() };
    let world = World::scripted(script);
    let client = world.client(linkedin().with_hooks(Arc::new(hooks)));
    let verified = world.verified_for(&client, request("w_member_social")).await;
    assert_eq!(client.log_in(verified).await.unwrap().identity.id, "member-1");
}

/// Hooks that cannot look at the token.
#[derive(Debug)]
struct Blind(Reason);

#[crate::async_trait]
impl ProviderHooks for Blind {
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        StandardHooks::new().refusal(answer)
    }

    async fn inspect(&self, _: &AccessToken) -> Result<Option<TokenFacts>, OAuthError> {
        Err(OAuthError::because(self.0))
    }
}

#[tokio::test]
async fn an_introspection_that_is_closed_to_the_app_is_left_out_unless_it_is_a_hooks() {
    let refused = r#"{"error":"invalid_client"}"#;
    let world = World::scripted(|t| {
        t.json(r#"{"access_token":"t","scope":"w_member_social"}"#)
            .respond(401, &[], refused)
            .json(r#"{"sub":"member-1"}"#)
    });
    let client = world.client(linkedin());
    let verified = world.verified_for(&client, request("w_member_social")).await;
    let login = client.log_in(verified).await.unwrap();
    assert_eq!((login.identity.id.as_str(), login.facts), ("member-1", None));

    // What hooks look at tells whose app the token was made for, so a login does not go on without it.
    for reason in [Reason::ClientRefused, Reason::PermissionMissing] {
        let world = World::scripted(|t| t.json(r#"{"access_token":"t"}"#).json(r#"{"sub":"member-1"}"#));
        let client = world.client(linkedin().with_hooks(Arc::new(Blind(reason))));
        let verified = world.verified_for(&client, request("w_member_social")).await;
        assert_eq!(client.log_in(verified).await.unwrap_err().reason(), reason);
    }
}

#[tokio::test]
async fn fewer_and_more_scopes_than_asked_for_are_logged() {
    let logs = CapturedLogs::start();
    facebook_login(good(), request(ASKED)).await.unwrap();
    let text = logs.text();
    assert!(text.contains("missing=pages_manage_posts"), "{text}");
    assert!(text.contains("extra=public_profile"), "{text}");
}

#[tokio::test]
async fn instagrams_answer_names_the_account_only_when_nobody_else_does() {
    let script = |t: ScriptedTransport| {
        t.json(r#"{"data":[{"access_token":"short","user_id":17841400000000001,"permissions":"instagram_business_basic"}]}"#)
            .json(r#"{"access_token":"long","token_type":"bearer","expires_in":5183944}"#)
    };
    for (identity, expected) in [(None, "17841400000000001"), (Some(Identity::new("178414")), "178414")] {
        let world = World::scripted(script);
        let hooks = FakeHooks { identity, ..FakeHooks::default() };
        let client = world.client(Provider::instagram(Arc::new(hooks)));
        let verified = world.verified_for(&client, request("instagram_business_basic")).await;
        let login = client.log_in(verified).await.unwrap().require_scopes().unwrap();
        assert_eq!(login.identity.id, expected);
        assert_eq!((login.tokens.access().expose(), login.tokens.kind()), ("long", TokenKind::InstagramUser));
        assert_eq!(world.transport.requests().len(), 2);
    }
}

#[tokio::test]
async fn an_embedded_signup_is_exchanged_without_redirect_uri_within_30_seconds() {
    let facts = |client: &str| {
        let mut facts = TokenFacts::new(true);
        facts.client_id = Some(client.to_owned());
        facts.subject = Some("system-user".to_owned());
        facts.expiry = Expiry::Never;
        facts.scopes = Some(ScopeSet::parse("whatsapp_business_management"));
        facts.limits = vec![crate::ScopeLimit::new(
            Scope::from_static("whatsapp_business_management"),
            vec!["waba-1".to_owned()],
        )];
        facts
    };
    for (wait, sent) in [(29, true), (30, false)] {
        let world = World::scripted(|t| t.json(r#"{"access_token":"business"}"#));
        let hooks = FakeHooks { facts: Some(facts("app-1")), ..FakeHooks::default() };
        let provider = Provider::whatsapp_embedded_signup("123", Arc::new(hooks));
        let client = world.bare(provider).client_secret("s".into()).build().unwrap();
        let started = client.start_embedded(request("whatsapp_business_management")).await.unwrap();
        let callback = crate::CallbackParams::from_script("code", &started.state).unwrap();
        let verified = client.complete(callback, &started.binder, &actor()).await.unwrap();
        world.clock.advance(std::time::Duration::from_secs(wait));
        let login = client.log_in(verified).await;
        if sent {
            let login = login.unwrap().require_scopes().unwrap();
            assert_eq!(login.tokens.kind(), TokenKind::WhatsAppBusiness);
            assert_eq!((login.tokens.expiry(), login.identity.id.as_str()), (Expiry::Never, "system-user"));
            assert_eq!(login.facts.unwrap().limits[0].targets, ["waba-1"]);
            let requests = world.transport.requests();
            assert_eq!(requests.len(), 1);
            let sent = form(&requests[0]);
            assert_eq!((sent["code"].as_str(), sent.get("redirect_uri")), ("code", None));
        } else {
            assert_eq!(login.unwrap_err().reason(), Reason::CodeTooOld);
            assert!(world.transport.requests().is_empty());
        }
    }
}

#[tokio::test]
async fn a_failure_after_the_exchange_says_that_the_code_is_used_up() {
    let hooks = FakeHooks { fails: true, ..good() };
    let error = facebook_login(hooks, request(ASKED)).await.unwrap_err();
    assert_eq!((error.reason(), error.kind()), (Reason::ProviderDown, ErrorKind::Server));
    assert_eq!(error.user_action(), "start the login again later: the code is used up");
}

#[tokio::test]
async fn a_question_goes_to_the_hooks_first_and_then_to_the_standard_endpoint() {
    let tokens = TokenSet::new("t".into(), TokenKind::Generic);
    let world = World::new();
    let hooked = world.client(generic(metadata()).with_hooks(Arc::new(good())));
    assert_eq!(hooked.inspect(&tokens).await.unwrap().unwrap().subject.as_deref(), Some("user-1"));
    assert_eq!(hooked.identify(&tokens).await.unwrap().unwrap().id, "user-1");
    assert!(hooked.permissions(&tokens).await.unwrap().unwrap().declined.contains("ads_read"));
    let bare = world.client(generic(metadata()));
    assert_eq!(bare.inspect(&tokens).await.unwrap(), None);
    assert_eq!(bare.identify(&tokens).await.unwrap(), None);
    assert_eq!(bare.permissions(&tokens).await.unwrap(), None);
    assert!(world.transport.requests().is_empty());

    let world = World::scripted(|t| {
        t.json(r#"{"active":true,"scope":"a b"}"#).json(r#"{"active":false,"scope":"a"}"#)
    });
    let standard = metadata().with_introspection("https://id.example.com/introspect").unwrap();
    let client = world.client(generic(standard));
    let permissions = client.permissions(&tokens).await.unwrap().unwrap();
    assert_eq!(permissions, only_granted(ScopeSet::parse("a b")));
    assert_eq!(client.permissions(&tokens).await.unwrap(), None);
}

#[tokio::test]
async fn a_revocation_says_what_became_of_it() {
    let tokens =
        TokenSet::new("access".into(), TokenKind::Generic).with_refresh("refresh".into(), Expiry::Unknown);
    let revoking = || metadata().with_revocation("https://id.example.com/revoke").unwrap();

    let world = World::new();
    let hooks = FakeHooks { revokes: true, ..FakeHooks::default() };
    let client = world.client(generic(revoking()).with_hooks(Arc::new(hooks)));
    assert_eq!(client.revoke(&tokens).await.unwrap(), Revocation::Confirmed);
    assert!(world.transport.requests().is_empty());

    assert_eq!(world.client(generic(metadata())).revoke(&tokens).await.unwrap(), Revocation::NotOffered);
    assert!(world.transport.requests().is_empty());

    let world = World::scripted(|t| t.respond(200, &[], "").respond(200, &[], ""));
    assert_eq!(world.client(generic(revoking())).revoke(&tokens).await.unwrap(), Revocation::Confirmed);
    let sent: Vec<_> = world.transport.requests().iter().map(form).collect();
    assert_eq!(
        (sent[0]["token"].as_str(), sent[0]["token_type_hint"].as_str()),
        ("refresh", "refresh_token")
    );
    assert_eq!((sent[1]["token"].as_str(), sent[1]["token_type_hint"].as_str()), ("access", "access_token"));

    // A refresh token that cannot be revoked does not save the access token.
    let world = World::scripted(|t| t.respond(400, &[], r#"{"error":"x"}"#).respond(200, &[], ""));
    assert!(world.client(generic(revoking())).revoke(&tokens).await.is_err());
    assert_eq!(world.transport.requests().len(), 2);

    // Nor is it a success when the access token stays.
    let world = World::scripted(|t| t.respond(200, &[], "").respond(400, &[], r#"{"error":"x"}"#));
    assert!(world.client(generic(revoking())).revoke(&tokens).await.is_err());

    let world = World::new();
    let hooks = FakeHooks { fails: true, ..FakeHooks::default() };
    let client = world.client(generic(metadata()).with_hooks(Arc::new(hooks)));
    assert_eq!(client.revoke(&tokens).await.unwrap_err().reason(), Reason::ProviderDown);
}
