//! Facebook Login, classic: from the dialog to what is stored, and how it ends.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sociogram::api_core::{Clock, ErrorKind};
use sociogram::meta_graph::TokenInvalidReason;
use sociogram::meta_graph::debug_token::DebugToken;
use sociogram::meta_graph::me::GetMe;
use sociogram::meta_graph::oauth::{AppToken, GetPageToken};
use sociogram::meta_graph::pages::CreatePagePost;
use sociogram::meta_graph::{self, ErrorClass, PageId};
use sociogram::oauth_core::{
    Expiry, Reason, Refresh, RefreshErrorKind, Renewal, ReturnTo, Revocation, ScopeRequest, ScopeSet,
    StaticToken, TokenKind, TokenSet, scope,
};
use sociogram_sandbox::{MetaApp, SandboxConfig};

use super::stage::{DAY, META_SIXTY_DAYS, Stage, request};

const PAGES: &[&str] = &[scope::PAGES_SHOW_LIST, scope::PAGES_MANAGE_POSTS];

fn pages() -> ScopeSet {
    ScopeSet::from_static(PAGES)
}

#[tokio::test]
async fn a_login_brings_everything_that_is_stored() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let scopes = ScopeRequest::new(pages()).with_optional(ScopeSet::from_static(&[scope::READ_INSIGHTS]));
    let asked = request(scopes).with_return_to(ReturnTo::parse("/pages?tab=2").unwrap());
    let started = stage.start(&client, asked).await;
    assert_eq!(started.asks("scope").as_deref(), Some("pages_manage_posts,pages_show_list,read_insights"));
    assert_eq!((started.asks("auth_type"), started.asks("code_challenge")), (None, None));

    let login = stage.finish(&client, &started, &[]).await.unwrap();
    let token = "POST graph/v26.0/oauth/access_token";
    let (debug, me) = ("GET graph/v26.0/debug_token", "GET graph/v26.0/me");
    assert_eq!(stage.calls_since(0), [token, token, debug, me, debug, "GET graph/v26.0/me/permissions"]);

    let now = stage.clock.now();
    assert_eq!(login.tokens.kind(), TokenKind::MetaUserLong);
    assert_eq!(login.tokens.expiry().remaining(now), Some(Duration::from_secs(META_SIXTY_DAYS)));
    assert_eq!(
        login.tokens.scopes(),
        Some(&ScopeSet::parse("public_profile").union(&login.scopes.requested.all()))
    );

    let world = stage.sandbox.world();
    assert_eq!(login.identity.id, world.user.id);
    assert_eq!(login.identity.name.as_deref(), Some("Ada Sandbox"));
    assert_eq!(login.return_to.unwrap().as_str(), "/pages?tab=2");

    let facts = login.facts.unwrap();
    assert!(facts.active);
    assert_eq!(facts.client_id.as_deref(), Some(client.client_id()));
    assert_eq!(facts.subject.as_deref(), Some(world.user.id.as_str()));
    assert!(
        stage.ends_in(facts.expiry, META_SIXTY_DAYS) && stage.ends_in(facts.data_access_expiry, 90 * DAY)
    );
    let limit = facts.limits.iter().find(|limit| limit.scope.as_str() == scope::PAGES_SHOW_LIST).unwrap();
    let pages: Vec<_> = world.pages.iter().map(|page| page.id.clone()).collect();
    assert_eq!(limit.targets, pages);

    assert!(login.scopes.is_complete(), "{}", login.scopes);
    assert_eq!(login.scopes.extra, ScopeSet::parse("public_profile"));
    stage.no_violations();
}

#[tokio::test]
async fn a_sixty_day_token_is_extended_while_it_is_good() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let first = stage.log_in(&client, pages()).await.tokens;
    assert_eq!(first.renewal(client.rotation()), Renewal::MayExtend);
    stage.pass(30 * DAY).await;
    let second = client.refresh(&first).await.unwrap();
    assert!(
        stage.ends_in(second.expiry(), META_SIXTY_DAYS)
            && stage.ends_in(first.expiry(), META_SIXTY_DAYS - 30 * DAY)
    );
    assert_eq!((second.kind(), second.scopes()), (TokenKind::MetaUserLong, first.scopes()));
    assert_ne!(second.access().expose(), first.access().expose());
    assert_eq!(client.identify(&second).await.unwrap().unwrap().id, stage.sandbox.world().user.id);

    // Once it has ended, nothing is sent any more.
    stage.pass(61 * DAY).await;
    let mark = stage.mark();
    let error = client.refresh(&second).await.unwrap_err();
    assert_eq!(error.kind(), RefreshErrorKind::Revoked);
    assert_eq!(stage.mark(), mark);
    stage.no_violations();
}

#[tokio::test]
async fn revoking_removes_the_app_and_everything_made_from_the_token() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let tokens = stage.log_in(&client, pages()).await.tokens;
    let page: PageId = stage.sandbox.world().pages[0].id.parse().unwrap();
    let of_page = stage.acting(tokens.access().clone()).send(GetPageToken::new(page.clone())).await.unwrap();

    assert_eq!(client.revoke(&tokens).await.unwrap(), Revocation::Confirmed);
    let user = stage.acting(tokens.access().clone());
    let page_client = stage.acting(of_page.access_token.unwrap());
    for error in [
        user.send(GetMe::new()).await.unwrap_err(),
        page_client.send(CreatePagePost::new(page).message("too late")).await.unwrap_err(),
    ] {
        assert_eq!((error.code(), error.subcode()), (Some(190), Some(458)), "{error}");
        assert_eq!(error.class(), Some(ErrorClass::TokenInvalid(TokenInvalidReason::AppRemoved)));
        assert_eq!(error.kind(), ErrorKind::Reauthorize);
    }
    let facts = client.inspect(&tokens).await.unwrap().unwrap();
    assert_eq!((facts.active, facts.scopes), (false, None));
    assert_eq!(client.identify(&tokens).await.unwrap_err().kind(), ErrorKind::Reauthorize);
    assert_eq!(client.refresh(&tokens).await.unwrap_err().kind(), RefreshErrorKind::Revoked);
    // A repeat, because the first answer was lost, finds it done.
    assert_eq!(client.revoke(&tokens).await.unwrap(), Revocation::Confirmed);
    assert!(stage.sandbox.received().facebook_posts.is_empty());

    let again = stage.log_in(&client, pages()).await;
    assert!(again.scopes.is_complete() && again.facts.unwrap().active);
    stage.no_violations();
}

#[tokio::test]
async fn a_reconnect_takes_the_connected_account_and_no_other() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let ada = stage.log_in(&client, pages()).await.identity.id;
    let same = stage.try_log_in(&client, request(pages()).for_user(&ada), &[]).await.unwrap();
    assert_eq!(same.identity.id, ada);

    let bo = stage.sandbox.world().other_users[0].id.clone();
    stage.sign_in("meta", &bo).await;
    let error = stage.try_log_in(&client, request(pages()).for_user(&ada), &[]).await.unwrap_err();
    assert_eq!((error.reason(), error.kind()), (Reason::AccountSwapped, ErrorKind::Conflict));
    assert!(!error.to_string().contains(&ada) && !error.to_string().contains(&bo), "{error}");

    let anyone = request(pages()).for_user(&ada).allow_other_user();
    let other = stage.try_log_in(&client, anyone, &[]).await.unwrap();
    assert_eq!(other.identity.id, bo);
    // Bo has no role on any Page, which the token says and the permissions do not.
    assert!(other.scopes.is_complete());
    assert!(other.facts.unwrap().limits.iter().all(|limit| limit.targets.is_empty()));
    stage.no_violations();
}

#[tokio::test]
async fn a_page_token_lives_as_long_as_the_grant_and_comes_only_where_the_tasks_allow() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let posting = [scope::PAGES_SHOW_LIST, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_MANAGE_POSTS];
    let login = stage.log_in(&client, ScopeSet::from_static(&posting)).await;
    let user = stage.acting(login.tokens.access().clone());
    let pages: Vec<PageId> =
        stage.sandbox.world().pages.iter().map(|page| page.id.parse().unwrap()).collect();

    let strong = user.send(GetPageToken::new(pages[0].clone())).await.unwrap();
    assert_eq!(strong.id.as_ref(), Some(&pages[0]));
    let token = strong.access_token.unwrap();
    let weak = user.send(GetPageToken::new(pages[1].clone())).await.unwrap();
    assert!(weak.access_token.is_none(), "ANALYZE alone gives no token");

    // From a long-lived token it has no end of its own, and it is renewed and revoked with its parent only.
    let (app, secret) = stage.app();
    let as_app = stage.graph().with_token(Arc::new(AppToken::new(&app, &secret)));
    let info = as_app.send(DebugToken::new(token.clone())).await.unwrap();
    assert_eq!((info.expires_at, info.profile_id.as_ref()), (Expiry::Never, Some(&pages[0])));
    let set = TokenSet::new(token.clone(), TokenKind::MetaPage).with_expiry(info.expires_at);
    let mark = stage.mark();
    assert_eq!(set.renewal(client.rotation()), Renewal::FromParent);
    assert_eq!(client.refresh(&set).await.unwrap_err().kind(), RefreshErrorKind::NotOffered);
    assert_eq!(client.revoke(&set).await.unwrap(), Revocation::NotOffered);
    assert_eq!(stage.mark(), mark);

    // The parent's own end is not the Page token's.
    stage.pass(61 * DAY).await;
    let page = user.with_token(Arc::new(StaticToken::new(token)));
    page.send(CreatePagePost::new(pages[0].clone()).message("still here")).await.unwrap();
    stage.control("remove-app", &json!({"platform": "meta"})).await;
    let error = page.send(CreatePagePost::new(pages[0].clone()).message("gone")).await.unwrap_err();
    assert_eq!((error.code(), error.subcode()), (Some(190), Some(458)));
    stage.no_violations();
}

#[tokio::test]
async fn a_token_that_is_not_this_apps_is_not_taken() {
    let stage = Stage::new().await;
    // The hooks look at the token as another app, to which it means nothing.
    let meta = MetaApp { id: "900100200300999".to_owned(), ..MetaApp::default() };
    let elsewhere = Stage::with(SandboxConfig { meta, ..SandboxConfig::default() }).await;
    let (app, secret) = elsewhere.app();
    let client = stage.meta_client(meta_graph::oauth::facebook(&elsewhere.graph(), app, secret));
    let error = stage.try_log_in(&client, request(pages()), &[]).await.unwrap_err();
    assert_eq!((error.reason(), error.kind()), (Reason::TokenInactive, ErrorKind::Reauthorize));
    let token = "POST graph/v26.0/oauth/access_token";
    assert_eq!(stage.calls_since(0), [token, token]);
    // Nobody is asked whose it is.
    assert_eq!(elsewhere.calls_since(0), ["GET graph/v26.0/debug_token"]);
    for stage in [&stage, &elsewhere] {
        stage.no_violations();
    }
}
