//! The secret that ties a login to the browser it was started in.

use std::fmt::Write as _;

use sociogram_api_core::secret_newtype;
use subtle::ConstantTimeEq;

use crate::{OAuthError, ProviderId, random, session::TTL};

secret_newtype! {
    /// 32 random bytes in base64url. Goes to the browser in a cookie (see [`BinderCookie`]) and comes back
    /// with the callback; only its SHA-256 is stored.
    pub struct BrowserBinder;
}

impl BrowserBinder {
    pub(crate) fn random() -> Result<Self, OAuthError> {
        random::token().map(Self::new)
    }

    /// A secret of one login for one purpose. Neither it nor the binder is stored; whoever knows the state and
    /// not the binder cannot compute it, and it tells nothing about the binder.
    pub(crate) fn derive(&self, purpose: Purpose, state: &str) -> String {
        let key = self.expose().as_bytes();
        random::base64url(&random::hmac_sha256(key, &[purpose.label(), b"\0", state.as_bytes()]))
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        random::sha256(self.expose().as_bytes())
    }

    pub(crate) fn matches(&self, hash: &[u8]) -> bool {
        self.hash().ct_eq(hash).into()
    }
}

/// What is derived from a binder. The labels never change: a login that is open while the product is updated
/// needs them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// The verifier of RFC 7636: 43 characters, as section 4.1 wants at least.
    PkceVerifier,
    /// The nonce of OpenID Connect.
    Nonce,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::PkceVerifier => b"sociogram pkce verifier",
            Self::Nonce => b"sociogram oidc nonce",
        }
    }
}

/// The cookie that carries a [`BrowserBinder`], ready for `Set-Cookie` and `Cookie` headers.
///
/// The name starts with `__Host-`, so the browser takes it only over https, for this host and the whole of
/// it. One name per provider: a second login started in the same browser replaces the first.
///
/// ```
/// use sociogram_oauth_core::{BinderCookie, BrowserBinder, ProviderId};
///
/// let cookie = BinderCookie::secure(&ProviderId::LINKEDIN);
/// assert_eq!(
///     cookie.clear(),
///     "__Host-sociogram-linkedin=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
/// );
/// assert!(cookie.read("theme=dark; other=1").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinderCookie {
    name: String,
    secure: bool,
}

impl BinderCookie {
    /// For https.
    pub fn secure(provider: &ProviderId) -> Self {
        Self { name: format!("__Host-sociogram-{}", token_chars(provider)), secure: true }
    }

    /// For plain http on loopback, where a browser may refuse a `Secure` cookie. For development only.
    pub fn insecure_loopback(provider: &ProviderId) -> Self {
        Self { name: format!("sociogram-{}-dev", token_chars(provider)), secure: false }
    }

    /// The cookie's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value of the `Set-Cookie` header that hands the binder to the browser for ten minutes. Holds the
    /// secret: do not log it.
    pub fn set(&self, binder: &BrowserBinder) -> String {
        self.header(binder.expose(), TTL.as_secs())
    }

    /// The value of the `Set-Cookie` header that takes it away; send it with the answer to the callback.
    pub fn clear(&self) -> String {
        self.header("", 0)
    }

    fn header(&self, value: &str, max_age: u64) -> String {
        let mut header = format!("{}={value}; Path=/; ", self.name);
        if self.secure {
            header.push_str("Secure; ");
        }
        // Writing to a string cannot fail.
        let _ = write!(header, "HttpOnly; SameSite=Lax; Max-Age={max_age}");
        header
    }

    /// Finds the binder in the value of a `Cookie` header. `None` if it is not there, there twice, or not of
    /// our making.
    pub fn read(&self, cookies: &str) -> Option<BrowserBinder> {
        let mut values = cookies.split(';').filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == self.name).then_some(value)
        });
        let value = values.next()?;
        let ours = value.len() == random::TOKEN_LEN
            && value.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_');
        (ours && values.next().is_none()).then(|| BrowserBinder::new(value))
    }
}

fn token_chars(provider: &ProviderId) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' };
    provider.as_str().chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn binder() -> BrowserBinder {
        BrowserBinder::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    }

    #[test]
    fn the_headers_are_exact() {
        let secure = BinderCookie::secure(&ProviderId::FACEBOOK);
        assert_eq!(
            secure.set(&binder()),
            "__Host-sociogram-facebook=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk; Path=/; Secure; HttpOnly; \
             SameSite=Lax; Max-Age=600"
        );
        let dev = BinderCookie::insecure_loopback(&ProviderId::FACEBOOK);
        assert_eq!(
            dev.set(&binder()),
            "sociogram-facebook-dev=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk; Path=/; HttpOnly; SameSite=Lax; \
             Max-Age=600"
        );
        assert_eq!(dev.clear(), "sociogram-facebook-dev=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        assert_eq!(BinderCookie::secure(&ProviderId::new("a b;c")).name(), "__Host-sociogram-a-b-c");
    }

    #[test]
    fn a_cookie_is_read_back_if_it_is_there_once() {
        let cookie = BinderCookie::secure(&ProviderId::FACEBOOK);
        let (name, value) = (cookie.name(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        for header in
            [format!("{name}={value}"), format!("a=b; {name}={value};c=d"), format!("  {name}={value}  ")]
        {
            assert!(cookie.read(&header).unwrap().ct_eq(&binder()), "{header}");
        }
        for header in [
            String::new(),
            format!("{name}="),
            format!("{name}={value}x"),
            format!("{name}={value}; {name}={value}"),
            format!("x{name}={value}"),
            format!("{name}={}", "ä".repeat(21) + "a"),
        ] {
            assert!(cookie.read(&header).is_none(), "{header}");
        }
    }

    #[test]
    fn a_binder_matches_its_own_hash_only() {
        assert!(binder().matches(&binder().hash()));
        let mut other = binder().hash();
        other[31] ^= 1;
        assert!(!binder().matches(&other));
        assert!(!binder().matches(&[]));
        assert_eq!(format!("{:?}", binder()), "BrowserBinder([redacted])");
    }

    #[test]
    fn what_is_derived_depends_on_the_binder_the_state_and_the_purpose() {
        let verifier = binder().derive(Purpose::PkceVerifier, "state");
        assert_eq!(verifier, "eKpVNqUPfv-pT_q06P2YZxmsrvL4H5g0QZGYu30zdiI");
        assert_eq!(verifier, binder().derive(Purpose::PkceVerifier, "state"));
        let others = [
            BrowserBinder::new("other").derive(Purpose::PkceVerifier, "state"),
            binder().derive(Purpose::PkceVerifier, "state2"),
            binder().derive(Purpose::Nonce, "state"),
            random::base64url(&binder().hash()),
        ];
        assert!(others.iter().all(|other| *other != verifier));
        assert_eq!(verifier.len(), random::TOKEN_LEN);
    }

    proptest! {
        #[test]
        fn reading_never_panics(header in any::<String>()) {
            let _ = BinderCookie::secure(&ProviderId::FACEBOOK).read(&header);
        }
    }
}
