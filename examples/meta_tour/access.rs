//! Whose token it is, what it may do, tokens of system users, and taking access back.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use sociogram::{
    meta_graph::{
        AppSecret, BusinessId, Client, ErrorClass, TokenInvalidReason, UserId,
        businesses::{ListBusinesses, ListSystemUsers},
        debug_token::{DebugToken, TokenType},
        me::{GetClientBusiness, GetMe},
        oauth::{
            AppToken, CreateClientSystemUserToken, CreateSystemUserToken, GetClientSystemUserToken,
            GetPageToken, RevokeSystemUserTokens, RevokeToken,
        },
        pages::ListAssignedPages,
        permissions::{DeletePermissions, ListPermissions, Permission, PermissionStatus},
    },
    oauth_core::{AccessToken, ScopeSet, StaticToken, scope},
};

use crate::{Outcome, dialog, expect, stage::Stage};

/// Somebody else, who has no Page.
const OTHER_PERSON: &str = "10160000000000002";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    what_a_token_is(stage).await?;
    let businesses: Vec<_> = stage.user.items(ListBusinesses::new()).try_collect().await?;
    let business = &businesses.first().ok_or("the person has no business")?.id;
    let robots: Vec<_> = stage.user.items(ListSystemUsers::new(business.clone())).try_collect().await?;
    let robot = &robots.first().ok_or("the business has no system user")?.id;
    own_system_user(stage, business, robot).await?;
    system_user_of_a_client(stage, business, robot).await?;
    taking_access_back(stage).await
}

async fn what_a_token_is(stage: &Stage) -> Outcome {
    let me = stage.user.send(GetMe::new()).await?;
    expect(me.id == stage.user_id, "the token to be the person's")?;

    let permissions: Vec<_> = stage.user.items(ListPermissions::new().of(&me.id)).try_collect().await?;
    let needed = ScopeSet::from_static(&[scope::PAGES_SHOW_LIST, scope::PAGES_MANAGE_POSTS]);
    let missing = Permission::granted(&permissions).missing(&needed);
    expect(missing.is_empty(), "the person to have granted what posting needs")?;

    let page = stage.user.send(GetPageToken::new(stage.page_id.clone())).await?;
    let token = page.access_token.ok_or("the person's tasks on the Page are too weak")?;
    // The app's own token may ask about every token of the app.
    let info = stage.app.send(DebugToken::new(token)).await?;
    expect(info.token_type == Some(TokenType::Page) && info.is_valid, "a Page's token that is good")?;
    expect(info.profile_id.as_ref() == Some(&stage.page_id), "the token to be of this Page")?;
    expect(info.allows(scope::PAGES_MANAGE_POSTS, stage.page_id.as_str()), "it to allow posting")
}

/// The same client with another token.
fn acting_with(stage: &Stage, token: &AccessToken) -> Client {
    stage.user.with_token(Arc::new(StaticToken::new(token.clone())))
}

async fn is_valid(stage: &Stage, token: &AccessToken) -> Result<bool, sociogram::meta_graph::Error> {
    let secret = AppSecret::new(&*stage.sandbox.config().meta.secret);
    let as_app = stage.user.with_token(Arc::new(AppToken::new(&stage.app_id, &secret)));
    Ok(as_app.send(DebugToken::new(token.clone())).await?.is_valid)
}

async fn own_system_user(stage: &Stage, business: &BusinessId, robot: &UserId) -> Outcome {
    let scopes = ScopeSet::from_static(&[scope::BUSINESS_MANAGEMENT, scope::PAGES_SHOW_LIST]);
    let create = CreateSystemUserToken::new(robot.clone(), stage.app_id.clone(), scopes);
    let made = stage.user.send(create.expires_in_60_days(true)).await?;

    let as_robot = acting_with(stage, &made.access_token);
    expect(as_robot.send(GetMe::new()).await?.id == *robot, "the token to be the system user's")?;
    let works_for = as_robot.send(GetClientBusiness::new()).await?.client_business_id;
    expect(works_for.as_ref() == Some(business), "the system user to work for the business")?;
    let pages: Vec<_> = as_robot.items(ListAssignedPages::new(robot.clone())).try_collect().await?;
    expect(pages.iter().any(|page| page.id == stage.page_id), "the Page among those it was given")?;

    let secret = AppSecret::new(&*stage.sandbox.config().meta.secret);
    let revoke = RevokeToken::new(stage.app_id.clone(), secret, made.access_token.clone());
    stage.user.send(revoke).await?;
    expect(!is_valid(stage, &made.access_token).await?, "the token to have ended")
}

async fn system_user_of_a_client(stage: &Stage, business: &BusinessId, robot: &UserId) -> Outcome {
    dialog::install_for_business(stage).await?;
    let given = stage.user.send(GetClientSystemUserToken::new(business.clone())).await?;
    let narrow = CreateClientSystemUserToken::new(business.clone())
        .system_user(robot.clone())
        .scopes(ScopeSet::from_static(&[scope::PAGES_SHOW_LIST]))
        .assets([&stage.page_id])
        .expires_in_60_days(true);
    let made = stage.user.send(narrow).await?;
    let info = stage.app.send(DebugToken::new(made.access_token.clone())).await?;
    expect(info.token_type == Some(TokenType::SystemUser), "a system user's token")?;
    expect(info.scopes == ScopeSet::from_static(&[scope::PAGES_SHOW_LIST]), "it to allow less")?;

    stage.user.send(RevokeSystemUserTokens::new(robot.clone())).await?;
    for token in [&given.access_token, &made.access_token] {
        expect(!is_valid(stage, token).await?, "all tokens of the system user to have ended")?;
    }
    Ok(())
}

/// With a person of its own: removing the app ends all tokens of a person.
async fn taking_access_back(stage: &Stage) -> Outcome {
    dialog::sign_in(stage, OTHER_PERSON).await?;
    let token = AccessToken::from(stage.sandbox.meta_user_token(&["email", "public_profile"]));
    dialog::sign_in(stage, stage.user_id.as_str()).await?;
    let other = acting_with(stage, &token);

    other.send(DeletePermissions::only("email")).await?;
    let permissions: Vec<_> = other.items(ListPermissions::new()).try_collect().await?;
    let email = permissions.iter().find(|permission| permission.scope.as_str() == "email");
    let status = email.map(|permission| &permission.status);
    expect(status == Some(&PermissionStatus::Declined), "the permission to be taken back")?;

    other.send(DeletePermissions::all()).await?;
    let refused = other.send(GetMe::new()).await.err().and_then(|error| error.class());
    let removed = ErrorClass::TokenInvalid(TokenInvalidReason::AppRemoved);
    expect(refused == Some(removed), "the app to be removed for the person")
}
