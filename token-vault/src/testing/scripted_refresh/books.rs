//! What the provider knows.

use std::{collections::HashMap, time::Duration};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{
    Expiry, ReauthReason, RefreshError, RefreshErrorKind, Rotation, ScopeSet, TokenCheck, TokenFacts,
    TokenKind, TokenSet,
};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

pub(super) struct Books {
    rotation: Rotation,
    pub(super) life: Duration,
    pub(super) scopes: Option<ScopeSet>,
    pub(super) extends: bool,
    pub(super) resent: usize,
    pub(super) reused: usize,
    pub(super) reused_early: usize,
    grants: Vec<Grant>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, RefreshBook>,
    issued: usize,
}

struct Grant {
    account: String,
    kind: TokenKind,
    /// The grant that it was derived from.
    parent: Option<usize>,
    gone: Option<ReauthReason>,
}

struct Access {
    grant: usize,
    expiry: Expiry,
}

struct RefreshBook {
    grant: usize,
    /// When it was used first, where that uses it up.
    used_at: Option<Timestamp>,
}

impl Books {
    pub(super) fn new(rotation: Rotation) -> Self {
        Self {
            rotation,
            life: HOUR,
            scopes: None,
            extends: true,
            resent: 0,
            reused: 0,
            reused_early: 0,
            grants: Vec::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
            issued: 0,
        }
    }

    pub(super) fn log_in(&mut self, kind: TokenKind, account: &str, now: Timestamp) -> TokenSet {
        let grant = self.open_grant(kind, account, None);
        self.issue(grant, self.end(kind, now), now)
    }

    fn open_grant(&mut self, kind: TokenKind, account: &str, parent: Option<usize>) -> usize {
        self.grants.push(Grant { account: account.to_owned(), kind, parent, gone: None });
        self.grants.len() - 1
    }

    fn end(&self, kind: TokenKind, now: Timestamp) -> Expiry {
        match kind {
            TokenKind::MetaPage | TokenKind::MetaSystemUser | TokenKind::WhatsAppBusiness => Expiry::Never,
            _ => Expiry::At(now.saturating_add(self.life)),
        }
    }

    fn issue(&mut self, grant: usize, expiry: Expiry, now: Timestamp) -> TokenSet {
        self.issued += 1;
        let kind = self.grants[grant].kind;
        let access = format!("scripted-access-{}", self.issued);
        self.access.insert(access.clone(), Access { grant, expiry });
        let mut tokens = TokenSet::new(access.as_str().into(), kind).with_expiry(expiry).with_issued_at(now);
        if matches!(kind, TokenKind::Generic | TokenKind::LinkedInMember) {
            let refresh = format!("scripted-refresh-{}", self.issued);
            self.refresh.insert(refresh.clone(), RefreshBook { grant, used_at: None });
            tokens = tokens.with_refresh(refresh.as_str().into(), Expiry::Unknown);
        }
        match &self.scopes {
            Some(scopes) => tokens.with_scopes(scopes.clone()),
            None => tokens,
        }
    }

    fn rotation(&self, kind: TokenKind) -> Rotation {
        if kind == TokenKind::Generic { self.rotation } else { Rotation::None }
    }

    pub(super) fn refresh(&mut self, current: &TokenSet, now: Timestamp) -> Result<TokenSet, RefreshError> {
        match current.refresh() {
            Some(refresh) => self.redeem(refresh.expose(), current, now),
            None => self.exchange(current.access().expose(), now),
        }
    }

    fn redeem(
        &mut self,
        refresh: &str,
        current: &TokenSet,
        now: Timestamp,
    ) -> Result<TokenSet, RefreshError> {
        let Some(entry) = self.refresh.get(refresh) else { return Err(gone(ReauthReason::GrantRevoked)) };
        let (grant, used_at) = (entry.grant, entry.used_at);
        self.grant_verdict(grant).map_err(gone)?;
        let kind = self.grants[grant].kind;
        let rotation = self.rotation(kind);
        if let Some(used_at) = used_at {
            self.resent += 1;
            let in_grace =
                matches!(rotation, Rotation::Grace(grace) if now.saturating_duration_since(used_at) < grace);
            if !in_grace {
                self.reused += 1;
                self.reused_early += usize::from(!current.expiry().is_past(now.saturating_add(MINUTE)));
                self.grants[grant].gone = Some(ReauthReason::TokenReuse);
                return Err(gone(ReauthReason::GrantRevoked));
            }
        }
        let expiry = self.end(kind, now);
        let renewed = self.issue(grant, expiry, now);
        if rotation == Rotation::None {
            // The new one was never given out.
            if let Some(unused) = renewed.refresh() {
                self.refresh.remove(unused.expose());
            }
            let kept = TokenSet::new(renewed.access().clone(), kind).with_expiry(expiry).with_issued_at(now);
            let kept = kept.with_refresh(refresh.into(), current.refresh_expiry());
            return Ok(match &self.scopes {
                Some(scopes) => kept.with_scopes(scopes.clone()),
                None => kept,
            });
        }
        if let Some(entry) = self.refresh.get_mut(refresh) {
            entry.used_at.get_or_insert(now);
        }
        Ok(renewed)
    }

    fn exchange(&mut self, access: &str, now: Timestamp) -> Result<TokenSet, RefreshError> {
        let grant = self.verdict(access, now).map_err(gone)?;
        let before = self.access.get(access).map_or(Expiry::Unknown, |access| access.expiry);
        let expiry = if self.extends { self.end(self.grants[grant].kind, now) } else { before };
        Ok(self.issue(grant, expiry, now))
    }

    pub(super) fn derive(
        &mut self,
        parent: &TokenSet,
        account: &str,
        now: Timestamp,
    ) -> Result<TokenSet, RefreshError> {
        let parent = self.verdict(parent.access().expose(), now).map_err(gone)?;
        let of_page = |grant: &Grant| grant.account == account && grant.gone.is_some();
        if let Some(page) = self.grants.iter().find(|grant| of_page(grant)) {
            return Err(gone(page.gone.unwrap_or(ReauthReason::PermissionsLost)));
        }
        let grant = self.open_grant(TokenKind::MetaPage, account, Some(parent));
        Ok(self.issue(grant, Expiry::Never, now))
    }

    pub(super) fn check(&self, access: &str, now: Timestamp) -> TokenCheck {
        match self.verdict(access, now) {
            Ok(_) => {
                let mut facts = TokenFacts::new(true);
                facts.expiry = self.access.get(access).map_or(Expiry::Unknown, |access| access.expiry);
                facts.scopes.clone_from(&self.scopes);
                TokenCheck::Good(Box::new(facts))
            }
            Err(reason) => TokenCheck::Dead(reason),
        }
    }

    pub(super) fn revoke(&mut self, access: &str, now: Timestamp) -> Result<bool, RefreshError> {
        let grant = self.verdict(access, now).map_err(gone)?;
        self.grants[grant].gone = Some(ReauthReason::AppRemoved);
        Ok(true)
    }

    pub(super) fn withdraw(&mut self, account: &str, reason: ReauthReason) {
        let of_account = self.grants.iter_mut().filter(|grant| grant.account == account);
        of_account.for_each(|grant| grant.gone = Some(reason));
    }

    pub(super) fn awaits(&self, refresh: &str) -> bool {
        self.refresh
            .get(refresh)
            .is_some_and(|entry| entry.used_at.is_none() && self.grant_verdict(entry.grant).is_ok())
    }

    /// The grant of an access token, or why it is not accepted.
    pub(super) fn verdict(&self, access: &str, now: Timestamp) -> Result<usize, ReauthReason> {
        let entry = self.access.get(access).ok_or(ReauthReason::TokenRejected)?;
        self.grant_verdict(entry.grant)?;
        if entry.expiry.is_past(now) { Err(ReauthReason::GrantExpired) } else { Ok(entry.grant) }
    }

    /// What is derived dies with what it was derived from.
    fn grant_verdict(&self, grant: usize) -> Result<(), ReauthReason> {
        let grant = &self.grants[grant];
        match (grant.gone, grant.parent) {
            (Some(reason), _) => Err(reason),
            (None, Some(parent)) => self.grant_verdict(parent),
            (None, None) => Ok(()),
        }
    }
}

fn gone(reason: ReauthReason) -> RefreshError {
    RefreshError::new(RefreshErrorKind::Revoked, "the grant is gone").with_reauth_reason(reason)
}
