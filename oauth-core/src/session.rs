//! A login while the person is at the provider.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sociogram_api_core::{ErrorKind, Timestamp};
use subtle::{Choice, ConstantTimeEq};

use crate::{
    BrowserBinder, OAuthError, Reason, ReturnTo, ScopeRequest, SessionKey, SessionOwner, TenantId, random,
};

/// How long a person has for the provider's pages.
pub(crate) const TTL: Duration = Duration::from_secs(600);

const FORMAT: u8 = 2;

/// Who is connecting: a person of the product, within a tenant. A login completes only for the one who
/// started it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Actor {
    /// The tenant the connection will belong to.
    pub tenant: TenantId,
    /// The product's own id of the signed-in person.
    pub app_user: String,
}

impl Actor {
    /// Both.
    pub fn new(tenant: TenantId, app_user: impl Into<String>) -> Self {
        Self { tenant, app_user: app_user.into() }
    }

    pub(crate) fn owner(&self) -> SessionOwner {
        let mut bytes = self.tenant.as_bytes().to_vec();
        bytes.extend_from_slice(self.app_user.as_bytes());
        SessionOwner::from_bytes(random::sha256(&bytes))
    }
}

/// Where a login was started: it must end there too, so that a code of one provider never reaches another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Origin {
    pub(crate) provider: String,
    pub(crate) client_id: String,
    /// Empty where the provider takes none.
    pub(crate) redirect_uri: String,
    /// The first one, where the provider names itself.
    pub(crate) issuer: String,
    pub(crate) authorize_url: String,
    pub(crate) token_url: String,
}

impl Origin {
    /// The redirect URI, where there is one.
    pub(crate) fn redirect_uri(&self) -> Option<&str> {
        Some(self.redirect_uri.as_str()).filter(|uri| !uri.is_empty())
    }
}

/// What is kept. It holds no secret: the state and the binder are kept as hashes, and what is derived from them
/// (PKCE verifier, nonce) is not kept at all.
#[derive(Serialize, Deserialize)]
pub(crate) struct Session {
    format: u8,
    origin: Origin,
    actor: Actor,
    binder: [u8; 32],
    /// Everything the login is to bring, also what an earlier one has brought.
    pub(crate) scopes: ScopeRequest,
    pub(crate) return_to: Option<ReturnTo>,
    /// Whose account must come back.
    pub(crate) expected_user: Option<String>,
    /// Whether a challenge was sent, so that the exchange needs the verifier.
    pub(crate) pkce: bool,
    /// Whether a nonce was sent, so that the id token must repeat it.
    pub(crate) nonce: bool,
    expires_at: Timestamp,
}

impl Session {
    pub(crate) fn new(origin: Origin, actor: Actor, binder: &BrowserBinder, expires_at: Timestamp) -> Self {
        Self {
            format: FORMAT,
            origin,
            actor,
            binder: binder.hash(),
            scopes: ScopeRequest::default(),
            return_to: None,
            expected_user: None,
            pkce: false,
            nonce: false,
            expires_at,
        }
    }

    pub(crate) fn to_blob(&self) -> Result<Vec<u8>, OAuthError> {
        serde_json::to_vec(self)
            .map_err(|_| OAuthError::new(ErrorKind::Internal, "the login could not be kept"))
    }

    pub(crate) fn from_blob(blob: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(blob).ok().filter(|session| session.format == FORMAT)
    }

    /// Compares everything before it answers, so that the time tells nothing about which part differs.
    pub(crate) fn check(
        &self,
        origin: &Origin,
        actor: &Actor,
        binder: &BrowserBinder,
        now: Timestamp,
    ) -> Result<(), Reason> {
        let same_browser = binder.matches(&self.binder);
        let same_actor = same(&self.actor.app_user, &actor.app_user)
            & self.actor.tenant.as_bytes().ct_eq(actor.tenant.as_bytes());
        let same_origin = same(&self.origin.provider, &origin.provider)
            & same(&self.origin.client_id, &origin.client_id)
            & same(&self.origin.redirect_uri, &origin.redirect_uri)
            & same(&self.origin.issuer, &origin.issuer)
            & same(&self.origin.authorize_url, &origin.authorize_url)
            & same(&self.origin.token_url, &origin.token_url);
        match (bool::from(same_origin), same_browser, bool::from(same_actor)) {
            (true, true, true) if self.expires_at > now => Ok(()),
            (true, true, true) => Err(Reason::SessionExpired),
            (false, _, _) => Err(Reason::OtherProvider),
            (_, false, _) => Err(Reason::OtherBrowser),
            (_, _, false) => Err(Reason::OtherActor),
        }
    }
}

fn same(a: &str, b: &str) -> Choice {
    a.as_bytes().ct_eq(b.as_bytes())
}

/// What a session is found by.
pub(crate) fn key(state: &str) -> SessionKey {
    SessionKey::from_bytes(random::sha256(state.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ScopeSet;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000);

    fn origin() -> Origin {
        Origin {
            provider: "facebook".to_owned(),
            client_id: "app".to_owned(),
            redirect_uri: "https://app.example.com/cb".to_owned(),
            issuer: "https://www.facebook.com".to_owned(),
            authorize_url: "https://www.facebook.com/v26.0/dialog/oauth".to_owned(),
            token_url: "https://graph.facebook.com/v26.0/oauth/access_token".to_owned(),
        }
    }

    fn actor() -> Actor {
        Actor::new(TenantId::from_bytes([1; 16]), "user")
    }

    fn session() -> Session {
        Session::new(origin(), actor(), &BrowserBinder::new("CANARY"), NOW.saturating_add(TTL))
    }

    #[test]
    fn a_stored_session_comes_back_whole_and_holds_no_binder() {
        let mut session = session();
        session.scopes =
            ScopeRequest::new(ScopeSet::parse("a b")).with_optional(ScopeSet::from_static(&["c"]));
        session.return_to = Some(ReturnTo::parse("/x").unwrap());
        session.expected_user = Some("42".to_owned());
        (session.pkce, session.nonce) = (true, true);
        let blob = session.to_blob().unwrap();
        assert!(!String::from_utf8(blob.clone()).unwrap().contains("CANARY"));
        let read = Session::from_blob(&blob).unwrap();
        assert_eq!(read.check(&origin(), &actor(), &BrowserBinder::new("CANARY"), NOW), Ok(()));
        assert_eq!(read.scopes, session.scopes);
        assert_eq!(read.return_to.as_ref().unwrap().as_str(), "/x");
        assert_eq!((read.expected_user.as_deref(), read.pkce, read.nonce), (Some("42"), true, true));
    }

    #[test]
    fn every_part_must_match() {
        let session = session();
        let binder = BrowserBinder::new("CANARY");
        let check = |origin: &Origin, actor: &Actor, binder: &BrowserBinder, now| {
            session.check(origin, actor, binder, now).unwrap_err()
        };
        let changes: [fn(&mut Origin); 6] = [
            |origin| origin.provider.push('x'),
            |origin| origin.client_id.push('x'),
            |origin| origin.redirect_uri.push('x'),
            |origin| origin.issuer.push('x'),
            |origin| origin.authorize_url.push('x'),
            |origin| origin.token_url.push('x'),
        ];
        for change in changes {
            let mut other = origin();
            change(&mut other);
            assert_eq!(check(&other, &actor(), &binder, NOW), Reason::OtherProvider);
        }
        assert_eq!(check(&origin(), &actor(), &BrowserBinder::new("other"), NOW), Reason::OtherBrowser);
        let mut other = actor();
        other.app_user = "someone else".to_owned();
        assert_eq!(check(&origin(), &other, &binder, NOW), Reason::OtherActor);
        let other = Actor::new(TenantId::from_bytes([2; 16]), "user");
        assert_eq!(check(&origin(), &other, &binder, NOW), Reason::OtherActor);
        assert_eq!(check(&origin(), &actor(), &binder, NOW.saturating_add(TTL)), Reason::SessionExpired);
    }

    #[test]
    fn owners_differ_by_tenant_and_user() {
        let other_tenant = Actor::new(TenantId::from_bytes([2; 16]), "user");
        let other_user = Actor::new(TenantId::from_bytes([1; 16]), "user2");
        assert_ne!(actor().owner(), other_tenant.owner());
        assert_ne!(actor().owner(), other_user.owner());
        assert_eq!(actor().owner(), actor().owner());
    }

    #[test]
    fn another_format_is_no_session() {
        let text = String::from_utf8(session().to_blob().unwrap()).unwrap();
        assert!(Session::from_blob(text.as_bytes()).is_some());
        assert!(Session::from_blob(text.replace("\"format\":2", "\"format\":1").as_bytes()).is_none());
    }

    #[test]
    fn a_provider_without_redirects_has_no_redirect_uri() {
        assert_eq!(origin().redirect_uri(), Some("https://app.example.com/cb"));
        assert_eq!(Origin { redirect_uri: String::new(), ..origin() }.redirect_uri(), None);
    }

    proptest! {
        #[test]
        fn reading_a_blob_never_panics(blob in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Session::from_blob(&blob).is_none());
        }
    }
}
