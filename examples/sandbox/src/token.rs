//! Tokens: self-contained claims signed with a key derived from the seed, so that they survive a restart.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    mac::{hex, hmac_sha256, unhex},
    request::PlatformName,
};

/// Length of the signature in a token, in bytes.
const TAG: usize = 16;

/// What a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Kind {
    #[serde(rename = "us")]
    MetaUserShort,
    #[serde(rename = "ul")]
    MetaUserLong,
    #[serde(rename = "p")]
    MetaPage,
    #[serde(rename = "sy")]
    MetaSystemUser,
    #[serde(rename = "is")]
    InstagramShort,
    #[serde(rename = "il")]
    InstagramLong,
    #[serde(rename = "ts")]
    ThreadsShort,
    #[serde(rename = "tl")]
    ThreadsLong,
    #[serde(rename = "la")]
    LinkedInAccess,
    #[serde(rename = "lr")]
    LinkedInRefresh,
    /// The app's own, without a member.
    #[serde(rename = "l2")]
    LinkedInApp,
}

impl Kind {
    /// Who issues and accepts it.
    pub(crate) fn platform(self) -> PlatformName {
        match self {
            Self::MetaUserShort | Self::MetaUserLong | Self::MetaPage | Self::MetaSystemUser => {
                PlatformName::Meta
            }
            Self::InstagramShort | Self::InstagramLong => PlatformName::Instagram,
            Self::ThreadsShort | Self::ThreadsLong => PlatformName::Threads,
            Self::LinkedInAccess | Self::LinkedInRefresh | Self::LinkedInApp => PlatformName::Linkedin,
        }
    }

    fn prefix(self) -> &'static str {
        match self.platform() {
            PlatformName::Meta => "EAA",
            PlatformName::Instagram => "IGAA",
            PlatformName::Threads => "THAA",
            PlatformName::Linkedin => "AQ",
        }
    }
}

/// The content of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    #[serde(rename = "k")]
    pub(crate) kind: Kind,
    /// App id or client id.
    #[serde(rename = "a")]
    pub(crate) app: String,
    /// The person behind the token, or the system user; empty for an app's own.
    #[serde(rename = "u")]
    pub(crate) person: String,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<String>,
    /// Space-separated.
    #[serde(rename = "s")]
    pub(crate) scopes: String,
    /// Milliseconds; strictly increasing over the life of a sandbox, which makes it an id too.
    #[serde(rename = "i")]
    pub(crate) issued: i64,
    /// Milliseconds; absent when the token does not expire.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<i64>,
    /// When the person agreed, in milliseconds, if that was before the token was issued.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub(crate) consented: Option<i64>,
}

impl Claims {
    pub(crate) fn scope_list(&self) -> impl Iterator<Item = &str> {
        self.scopes.split(' ').filter(|scope| !scope.is_empty())
    }

    pub(crate) fn has_scope(&self, wanted: &str) -> bool {
        self.scope_list().any(|scope| scope == wanted)
    }
}

/// Writes and reads tokens.
pub(crate) struct Signer {
    key: [u8; 32],
}

impl Signer {
    pub(crate) fn new(seed: &str) -> Self {
        Self { key: hmac_sha256(seed.as_bytes(), &[b"sociogram-sandbox token key"]) }
    }

    pub(crate) fn write(&self, claims: &Claims) -> String {
        let body = serde_json::to_vec(claims).unwrap_or_default();
        let tag = self.tag(&body);
        format!("{}{}{}", claims.kind.prefix(), hex(&body), hex(&tag))
    }

    /// The claims of a token this seed signed; `None` for any other text.
    pub(crate) fn read(&self, token: &str) -> Option<Claims> {
        let rest = ["EAA", "IGAA", "THAA", "AQ"].iter().find_map(|prefix| token.strip_prefix(prefix))?;
        let bytes = unhex(rest)?;
        let (body, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG)?)?;
        if self.tag(body).as_slice() != tag {
            return None;
        }
        let claims: Claims = serde_json::from_slice(body).ok()?;
        token.starts_with(claims.kind.prefix()).then_some(claims)
    }

    /// The app access token: stable, derived from the seed and not from the app secret.
    pub(crate) fn app_token(&self, app: &str) -> String {
        let tag = hmac_sha256(&self.key, &[b"app token", app.as_bytes()]);
        format!("{app}|{}", hex(tag.get(..TAG).unwrap_or_default()))
    }

    fn tag(&self, body: &[u8]) -> Vec<u8> {
        let mut tag = hmac_sha256(&self.key, &[body]).to_vec();
        tag.truncate(TAG);
        tag
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(kind: Kind) -> Claims {
        Claims {
            kind,
            app: "1".to_owned(),
            person: "2".to_owned(),
            page: None,
            scopes: "a b".to_owned(),
            issued: 5,
            expires: Some(6),
            consented: None,
        }
    }

    #[test]
    fn a_token_is_read_by_the_same_seed_and_no_other() {
        let token = Signer::new("seed").write(&claims(Kind::MetaUserShort));
        assert!(token.starts_with("EAA") && token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_eq!(Signer::new("seed").read(&token), Some(claims(Kind::MetaUserShort)));
        assert_eq!(Signer::new("other").read(&token), None);
    }

    #[test]
    fn tokens_begin_as_the_platforms_tokens_do() {
        let signer = Signer::new("seed");
        for (kind, start) in [
            (Kind::MetaSystemUser, "EAA"),
            (Kind::InstagramLong, "IGAA"),
            (Kind::ThreadsShort, "THAA"),
            (Kind::LinkedInApp, "AQ"),
        ] {
            let token = signer.write(&claims(kind));
            assert!(token.starts_with(start), "{token}");
            assert_eq!(signer.read(&token), Some(claims(kind)));
            // A token of one platform is none of another.
            let other = if start == "EAA" { "AQ" } else { "EAA" };
            assert_eq!(signer.read(&token.replacen(start, other, 1)), None);
        }
    }

    #[test]
    fn every_altered_token_is_refused() {
        let signer = Signer::new("seed");
        let token = signer.write(&claims(Kind::LinkedInAccess));
        assert!(token.starts_with("AQ"));
        for position in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[position] = if bytes[position] == b'0' { b'1' } else { b'0' };
            let altered = String::from_utf8(bytes).unwrap();
            assert_eq!(signer.read(&altered), None, "position {position}");
        }
        for cut in 0..token.len() {
            assert_eq!(signer.read(&token[..cut]), None, "cut at {cut}");
        }
    }
}
