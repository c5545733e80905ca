//! What a login reads of graph.facebook.com.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::Quiet;
use sociogram_oauth_core::{
    AccessToken, Expiry, Identity, OAuthError, Permissions, ProviderHooks, Reason, ReauthReason, Refusal,
    RefusedAnswer, StaticToken, TokenFacts, TokenKind, TokenSet, TokenSource,
};

use super::app_token::AppToken;
use super::calls::{acting_with, oauth_error, oauth_error_of_asker, oauth_error_of_page};
use super::page_token::GetPageToken;
use super::revoke_token::RevokeToken;
use super::{facts, refusal};
use crate::client::Client;
use crate::debug_token::{DebugToken, TokenInfo, TokenType};
use crate::error_class::{ErrorClass, TokenInvalidReason};
use crate::host::GraphHost;
use crate::id::{AppId, PageId};
use crate::me::GetMe;
use crate::permissions::{DeletePermissions, ListPermissions, PermissionStatus};
use crate::proof::AppSecret;

/// The hooks of Facebook Login, Facebook Login for Business and WhatsApp Embedded Signup.
///
/// | what a login wants to know | what is asked |
/// |---|---|
/// | what a refusal means | nothing; the error table of this crate |
/// | what a token is | `GET /debug_token` with the app's own token |
/// | whose it is | `GET /me` |
/// | what the person answered | `GET /me/permissions`, all pages; system users have no answers |
/// | the token of a Page | `GET /{page_id}?fields=access_token` with the token of the person or system user |
///
/// Every call carries `appsecret_proof`, whether or not the client given to [`new`](Self::new) knows the secret.
///
/// # Revoking
///
/// **Revoking a user token removes the app for the person everywhere.** A person and an app have one grant: with
/// `DELETE /me/permissions` all of the person's tokens for this app end, and the Page tokens made from them, **in
/// every tenant the person connected**. Revoke when the last tenant that holds the grant disconnects; until then
/// forget the token. Of a system user only this one token ends (`GET /oauth/revoke`). Page tokens and the app's
/// token cannot be revoked on their own.
#[derive(Clone)]
pub struct FacebookHooks {
    client: Client,
    app: AppId,
    secret: AppSecret,
}

impl FacebookHooks {
    /// Asks through `client`, which must call [`GraphHost::Facebook`] and may have any token or none.
    pub fn new(client: &Client, app: AppId, secret: AppSecret) -> Self {
        Self { client: client.with_secret(&secret), app, secret }
    }

    fn acting_with(&self, tokens: impl TokenSource) -> Result<Client, OAuthError> {
        acting_with(&self.client, GraphHost::Facebook, Arc::new(tokens))
    }

    async fn debug(&self, token: &AccessToken) -> Result<TokenInfo, OAuthError> {
        let as_app = self.acting_with(AppToken::new(&self.app, &self.secret))?;
        as_app.send(DebugToken::new(token.clone())).await.map_err(oauth_error_of_asker)
    }
}

#[async_trait]
impl ProviderHooks for FacebookHooks {
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        refusal::read(answer)
    }

    async fn inspect(&self, token: &AccessToken) -> Result<Option<TokenFacts>, OAuthError> {
        facts::read(&self.debug(token).await?).map(Some)
    }

    async fn identify(&self, token: &AccessToken) -> Result<Option<Identity>, OAuthError> {
        let client = self.acting_with(StaticToken::new(token.clone()))?;
        let me = client.send(Quiet(GetMe::new())).await.map_err(oauth_error)?;
        let mut identity = Identity::new(me.id.to_string());
        identity.name = me.name;
        Ok(Some(identity))
    }

    /// `None` for all but user tokens: only a person is asked permission by permission. Which sort it is, Debug
    /// Token says.
    async fn permissions(&self, token: &AccessToken) -> Result<Option<Permissions>, OAuthError> {
        // Where Meta does not say, the answer to the list tells what is wrong with the token.
        if self.debug(token).await?.token_type.is_some_and(|sort| sort != TokenType::User) {
            return Ok(None);
        }
        let mut answers = Permissions::new();
        let client = self.acting_with(StaticToken::new(token.clone()))?;
        let mut list = std::pin::pin!(client.items(Quiet(ListPermissions::new())));
        while let Some(permission) = list.try_next().await.map_err(oauth_error)? {
            match permission.status {
                PermissionStatus::Granted => answers.granted.insert(permission.scope),
                PermissionStatus::Declined => answers.declined.insert(permission.scope),
                PermissionStatus::Expired => answers.expired.insert(permission.scope),
                // A state that this version does not know is no consent.
                PermissionStatus::Unknown(_) => false,
            };
        }
        Ok(Some(answers))
    }

    /// The token of a Page. Needs `pages_show_list` and a task on the Page. From a long-lived user token it has no end
    /// of its own (Facebook Login: Access Tokens), from others it ends with its parent; it allows what the parent
    /// does. `None` for parents that are no person's or system user's.
    async fn derive(&self, parent: &TokenSet, account_id: &str) -> Result<Option<TokenSet>, OAuthError> {
        let expiry = match parent.kind() {
            TokenKind::MetaUserLong => Expiry::Never,
            TokenKind::MetaUserShort | TokenKind::MetaSystemUser => parent.expiry(),
            _ => return Ok(None),
        };
        let page = PageId::new(account_id).map_err(|error| {
            OAuthError::because(Reason::Input).with_message("this is not the id of a Page").with_source(error)
        })?;
        let client = self.acting_with(StaticToken::new(parent.access().clone()))?;
        let asked_at = client.pipeline.timer().now();
        let answer = client.send(GetPageToken::new(page)).await.map_err(oauth_error_of_page)?;
        if answer.id.is_some_and(|id| id.as_str() != account_id) {
            return Err(OAuthError::because(Reason::SubjectMismatch)
                .with_message("Meta answered for another Page than the one that was asked for"));
        }
        let token = answer.access_token.ok_or_else(tasks_too_weak)?;
        let tokens = TokenSet::new(token, TokenKind::MetaPage).with_expiry(expiry).with_issued_at(asked_at);
        Ok(Some(match parent.scopes() {
            Some(scopes) => tokens.with_scopes(scopes.clone()),
            None => tokens,
        }))
    }

    /// **Of a user token: removes the app for the person, in every tenant.** See [`FacebookHooks`].
    async fn revoke(&self, tokens: &TokenSet) -> Result<bool, OAuthError> {
        use TokenInvalidReason::{AppRemoved, Expired, Invalidated};
        let client = self.acting_with(StaticToken::new(tokens.access().clone()))?;
        // A repeat after a lost answer meets a token that has ended: then it was done.
        let (done, ended): (_, &[TokenInvalidReason]) = match tokens.kind() {
            TokenKind::MetaUserShort | TokenKind::MetaUserLong => {
                (client.send(Quiet(DeletePermissions::all())).await, &[AppRemoved])
            }
            TokenKind::MetaSystemUser | TokenKind::WhatsAppBusiness => {
                let one = RevokeToken::new(self.app.clone(), self.secret.clone(), tokens.access().clone());
                (client.send(one).await, &[AppRemoved, Expired, Invalidated])
            }
            _ => return Ok(false),
        };
        match done {
            Ok(()) => Ok(true),
            Err(error) => match error.class() {
                Some(ErrorClass::TokenInvalid(reason)) if ended.contains(&reason) => Ok(true),
                _ => Err(oauth_error(error)),
            },
        }
    }
}

/// The parent sees the Page and is given no token for it.
fn tasks_too_weak() -> OAuthError {
    OAuthError::new(
        ErrorKind::Permission,
        "Meta gave no token for the Page: the person's tasks on it are too weak",
    )
    .with_action("have someone give the person a stronger role on the Page, then connect it again")
    .with_reauth_reason(ReauthReason::PermissionsLost)
}

impl fmt::Debug for FacebookHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FacebookHooks")
            .field("app", &self.app)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
