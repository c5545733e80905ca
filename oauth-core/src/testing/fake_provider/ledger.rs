//! Codes, tokens and the grants they belong to.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use sociogram_api_core::{Timestamp, testing::canary};

use crate::{Rotation, ScopeSet};

/// What a person, or the app itself, allowed. Codes and tokens end with it.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) app: String,
    pub(super) person: Option<String>,
    pub(super) scopes: ScopeSet,
    pub(super) nonce: Option<String>,
    revoked: bool,
}

impl Grant {
    pub(super) fn new(app: &str, person: Option<String>, scopes: ScopeSet) -> Self {
        Self { app: app.to_owned(), person, scopes, nonce: None, revoked: false }
    }
}

/// What the token endpoint is to make of a verifier.
pub(super) enum Proof {
    /// The server knows no PKCE.
    Ignored,
    /// There was no challenge: a verifier means that somebody took it out of the request (RFC 9700, 4.8.2).
    Unwanted,
    /// The challenge that the verifier must fit.
    S256(String),
}

impl Proof {
    fn accepts(&self, verifier: Option<&str>) -> bool {
        match (self, verifier) {
            (Self::Ignored, _) | (Self::Unwanted, None) => true,
            (Self::S256(challenge), Some(verifier)) => is_verifier(verifier) && *challenge == s256(verifier),
            (Self::Unwanted, Some(_)) | (Self::S256(_), None) => false,
        }
    }
}

/// What a code is bound to.
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    pub(super) proof: Proof,
    pub(super) ends_at: Timestamp,
}

struct KeptCode {
    code: Code,
    used: bool,
    /// The grant that was made of it.
    made: Option<usize>,
}

#[derive(Clone)]
struct Access {
    grant: usize,
    scopes: ScopeSet,
    issued_at: Timestamp,
    ends_at: Timestamp,
    revoked: bool,
}

struct Refresh {
    grant: usize,
    spent_at: Option<Timestamp>,
}

/// A token that is good.
pub(super) struct Active {
    pub(super) grant: Grant,
    pub(super) scopes: ScopeSet,
    /// Begin and end of an access token; a refresh token has neither.
    pub(super) life: Option<(Timestamp, Timestamp)>,
}

#[derive(Default)]
pub(super) struct Ledger {
    serial: u64,
    grants: Vec<Grant>,
    codes: BTreeMap<String, KeptCode>,
    access: BTreeMap<String, Access>,
    refresh: BTreeMap<String, Refresh>,
}

impl Ledger {
    fn mint(&mut self, what: &str) -> String {
        self.serial += 1;
        canary::secret(&format!("-{what}-{}-", self.serial))
    }

    pub(super) fn keep_code(&mut self, code: Code) -> String {
        let text = self.mint("code");
        self.codes.insert(text.clone(), KeptCode { code, used: false, made: None });
        text
    }

    /// The grant behind a code. The code is used up by the attempt; a second attempt also ends the grant that
    /// the first one made (RFC 6749 section 4.1.2).
    pub(super) fn redeem(
        &mut self,
        text: &str,
        app: &str,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
        now: Timestamp,
    ) -> Option<usize> {
        let kept = self.codes.get_mut(text)?;
        if std::mem::replace(&mut kept.used, true) {
            if let Some(grant) = kept.made {
                self.revoke(grant);
            }
            return None;
        }
        let code = &kept.code;
        let good =
            code.grant.app == app && Some(code.redirect_uri.as_str()) == redirect_uri && code.ends_at > now;
        if !(good && code.proof.accepts(verifier)) {
            return None;
        }
        let grant = self.grants.len();
        self.grants.push(code.grant.clone());
        kept.made = Some(grant);
        Some(grant)
    }

    pub(super) fn open(&mut self, grant: Grant) -> usize {
        self.grants.push(grant);
        self.grants.len() - 1
    }

    pub(super) fn grant(&self, grant: usize) -> Option<&Grant> {
        self.grants.get(grant).filter(|grant| !grant.revoked)
    }

    pub(super) fn issue_access(
        &mut self,
        grant: usize,
        scopes: ScopeSet,
        now: Timestamp,
        life: Duration,
    ) -> String {
        let text = self.mint("access");
        let ends_at = now.saturating_add(life);
        self.access.insert(text.clone(), Access { grant, scopes, issued_at: now, ends_at, revoked: false });
        text
    }

    pub(super) fn issue_refresh(&mut self, grant: usize) -> String {
        let text = self.mint("refresh");
        self.refresh.insert(text.clone(), Refresh { grant, spent_at: None });
        text
    }

    /// The grant behind a refresh token, and whether a new refresh token is due. One that was spent before, and
    /// whose time of grace is over, ends the whole grant: whoever has it is not the only one.
    pub(super) fn renew(
        &mut self,
        text: &str,
        app: &str,
        rotation: Rotation,
        now: Timestamp,
    ) -> Option<(usize, bool)> {
        let refresh = self.refresh.get_mut(text)?;
        let grant = refresh.grant;
        self.grants.get(grant).filter(|grant| !grant.revoked && grant.app == app)?;
        let reused = match (refresh.spent_at, rotation) {
            (Some(_), Rotation::Strict) => true,
            (Some(spent_at), Rotation::Grace(grace)) => spent_at.saturating_add(grace) <= now,
            _ => false,
        };
        if reused {
            self.revoke(grant);
            return None;
        }
        let rotates = rotation != Rotation::None;
        if rotates && refresh.spent_at.is_none() {
            refresh.spent_at = Some(now);
        }
        Some((grant, rotates))
    }

    fn revoke(&mut self, grant: usize) {
        if let Some(grant) = self.grants.get_mut(grant) {
            grant.revoked = true;
        }
    }

    pub(super) fn revoke_person(&mut self, person: &str) {
        for grant in self.grants.iter_mut().filter(|grant| grant.person.as_deref() == Some(person)) {
            grant.revoked = true;
        }
    }

    /// Withdraws a token of this app: an access token alone, a refresh token with everything that came of its
    /// grant (RFC 7009 section 2.1).
    pub(super) fn revoke_token(&mut self, text: &str, app: &str) {
        let mine = |grant: usize| self.grants.get(grant).is_some_and(|grant| grant.app == app);
        if let Some(access) = self.access.get_mut(text).filter(|access| mine(access.grant)) {
            access.revoked = true;
        } else if let Some(grant) =
            self.refresh.get(text).map(|refresh| refresh.grant).filter(|grant| mine(*grant))
        {
            self.revoke(grant);
        }
    }

    pub(super) fn active(&self, text: &str, now: Timestamp) -> Option<Active> {
        if let Some(access) = self.access.get(text) {
            let grant = self.grant(access.grant).filter(|_| !access.revoked && access.ends_at > now)?.clone();
            let life = Some((access.issued_at, access.ends_at));
            return Some(Active { grant, scopes: access.scopes.clone(), life });
        }
        let refresh = self.refresh.get(text).filter(|refresh| refresh.spent_at.is_none())?;
        let grant = self.grant(refresh.grant)?.clone();
        Some(Active { scopes: grant.scopes.clone(), grant, life: None })
    }
}

/// RFC 7636 section 4.1: 43 to 128 unreserved characters.
fn is_verifier(text: &str) -> bool {
    let unreserved = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// RFC 7636 section 4.6. Written here again, so that the client's own code is not its judge.
fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}
