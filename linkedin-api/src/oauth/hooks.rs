//! What a login asks LinkedIn.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::Quiet;
use sociogram_oauth_core::{
    AccessToken, Identity, OAuthError, ProviderHooks, Refusal, RefusedAnswer, StaticToken,
};

use super::failure::oauth_error;
use super::refusal;
use crate::client::Client;
use crate::error::Error;
use crate::profile::{GetMe, GetUserInfo, Me, UserInfo};

/// LinkedIn may call a fresh token revoked for some seconds.
const SETTLE: Duration = Duration::from_secs(3);
const REVOKED: i64 = 65_601;

/// The hooks of LinkedIn's login, with and without a client secret.
///
/// | what a login wants to know | what is asked |
/// |---|---|
/// | what a refusal means | nothing; the error table of this crate |
/// | whose token it is | `GET /v2/userinfo` (`openid`), else `GET /rest/me` (`r_basicprofile`) |
///
/// What a token is and how it is revoked is told by LinkedIn's own OAuth endpoints, which need the client secret
/// and which `sociogram-oauth-core` asks itself. LinkedIn's consent is all or nothing, so there are no answers for
/// single scopes.
#[derive(Clone, Debug)]
pub struct LinkedInHooks {
    client: Client,
}

impl LinkedInHooks {
    /// Asks through `client`, which may have any token or none: only its transport, limits, base URL and version are
    /// used.
    pub fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }
}

/// The member, or `None` where the token may read neither profile.
async fn member(client: &Client) -> Result<Option<Identity>, Error> {
    match client.send(Quiet(GetUserInfo::new())).await {
        Err(error) if error.kind() == ErrorKind::Permission => {}
        answer => return answer.map(|info| known(from_user_info(info))),
    }
    match client.send(Quiet(GetMe::new())).await {
        Err(error) if error.kind() == ErrorKind::Permission => Ok(None),
        answer => answer.map(|me| known(from_me(me))),
    }
}

/// A member without an id is nobody.
fn known(identity: Identity) -> Option<Identity> {
    Some(identity).filter(|identity| !identity.id.is_empty())
}

fn from_user_info(info: UserInfo) -> Identity {
    let mut identity = Identity::new(info.sub);
    identity.name = info.name;
    // An address that nobody confirmed may be another person's.
    identity.email = info.email.filter(|_| info.email_verified != Some(false));
    identity.picture = info.picture;
    identity
}

fn from_me(me: Me) -> Identity {
    let name = me.name();
    let mut identity = Identity::new(me.id);
    identity.name = name;
    identity.username = me.vanity_name;
    identity
}

#[async_trait]
impl ProviderHooks for LinkedInHooks {
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        refusal::read(answer)
    }

    /// `None` for a token with neither `openid` nor `r_basicprofile`: LinkedIn does not tell whose it is. Both
    /// name the member by the same id. An e-mail address that LinkedIn calls unconfirmed is left out.
    async fn identify(&self, token: &AccessToken) -> Result<Option<Identity>, OAuthError> {
        let client = self.client.with_token(Arc::new(StaticToken::new(token.clone())));
        let mut answer = member(&client).await;
        if answer.as_ref().is_err_and(|error| error.code() == Some(REVOKED)) {
            client.pipeline().timer().sleep(SETTLE).await;
            answer = member(&client).await;
        }
        answer.map_err(oauth_error)
    }
}

#[cfg(test)]
mod tests;
