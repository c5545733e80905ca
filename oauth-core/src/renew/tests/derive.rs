//! Tokens that are made from another token.

use super::*;

type Derive = fn(&TokenSet, &str) -> Result<Option<TokenSet>, OAuthError>;

#[derive(Debug)]
struct Derives(Derive);

#[crate::async_trait]
impl ProviderHooks for Derives {
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        crate::StandardHooks::new().refusal(answer)
    }

    async fn derive(&self, parent: &TokenSet, account_id: &str) -> Result<Option<TokenSet>, OAuthError> {
        (self.0)(parent, account_id)
    }
}

fn parent() -> TokenSet {
    TokenSet::new("parent".into(), TokenKind::MetaUserLong)
}

async fn derived(derive: Derive) -> Result<TokenSet, RefreshError> {
    let world = World::new();
    let client = world.client(generic(metadata()).with_hooks(Arc::new(Derives(derive))));
    let derived = client.derive(&parent(), "42").await;
    assert!(world.transport.requests().is_empty());
    derived
}

#[tokio::test]
async fn the_hooks_make_the_token() {
    let page = derived(|parent, account| {
        let token = format!("{} of {}", account, parent.access().expose());
        Ok(Some(TokenSet::new(token.into(), TokenKind::MetaPage)))
    });
    assert_eq!(page.await.unwrap().access().expose(), "42 of parent");
}

#[tokio::test]
async fn where_nothing_is_derived_nothing_is_asked() {
    assert_eq!(derived(|_, _| Ok(None)).await.unwrap_err().kind(), RefreshErrorKind::NotOffered);
    let world = World::new();
    for provider in [facebook(), linkedin(), generic(metadata())] {
        let error = world.client(provider).derive(&parent(), "42").await.unwrap_err();
        assert_eq!(error.kind(), RefreshErrorKind::NotOffered);
    }
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn a_refusal_says_whether_the_parent_or_its_reach_is_lost() {
    use ReauthReason::{PasswordChanged, PermissionsLost};
    let cases: [(Derive, RefreshErrorKind, Option<ReauthReason>); 6] = [
        (
            |_, _| Err(OAuthError::because(Reason::PermissionMissing)),
            RefreshErrorKind::Revoked,
            Some(PermissionsLost),
        ),
        (
            |_, _| Err(OAuthError::because(Reason::GrantRevoked).with_reauth_reason(PasswordChanged)),
            RefreshErrorKind::Revoked,
            Some(PasswordChanged),
        ),
        (|_, _| Err(OAuthError::because(Reason::GrantRevoked)), RefreshErrorKind::Revoked, None),
        (|_, _| Err(OAuthError::because(Reason::ClientRefused)), RefreshErrorKind::Misconfigured, None),
        (|_, _| Err(OAuthError::because(Reason::NotReached)), RefreshErrorKind::NotSent, None),
        (|_, _| Err(OAuthError::because(Reason::SubjectMismatch)), RefreshErrorKind::Refused, None),
    ];
    for (derive, kind, reason) in cases {
        let error = derived(derive).await.unwrap_err();
        assert_eq!((error.kind(), error.reauth_reason()), (kind, reason), "{error}");
    }
}
