//! Settings of a sandbox.

mod apps;

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
};

pub use self::apps::{ConfiguredToken, InstagramApp, LinkedInApp, LoginConfiguration, MetaApp, ThreadsApp};
use crate::world::World;

/// Settings of a sandbox. The default is ready to use: a free loopback port and a furnished [`World`].
///
/// ```
/// use sociogram_sandbox::SandboxConfig;
///
/// let config = SandboxConfig { seed: "my tests".to_owned(), ..SandboxConfig::default() };
/// assert!(config.bind.ip().is_loopback());
/// ```
#[derive(Clone)]
pub struct SandboxConfig {
    /// Address to listen on; loopback only. Port 0 takes a free one. Default `127.0.0.1:0`.
    pub bind: SocketAddr,
    /// Tokens are signed with a key derived from this text, so that they survive a restart with the same seed.
    pub seed: String,
    /// The app registered at Meta, with Facebook Login.
    pub meta: MetaApp,
    /// Its Instagram side: Instagram Login has an id and a secret of its own.
    pub instagram: InstagramApp,
    /// Its Threads side, with an id and a secret of its own.
    pub threads: ThreadsApp,
    /// The app registered at LinkedIn.
    pub linkedin: LinkedInApp,
    /// Redirect addresses all apps have registered.
    pub redirects: RedirectRule,
    /// Graph API versions that exist, oldest first. Default `v25.0`, `v26.0`.
    pub graph_versions: Vec<String>,
    /// Marketing versions LinkedIn serves, oldest first. Default `202601` to `202609`.
    pub linkedin_versions: Vec<String>,
    /// Whether calls with a user or Page token need an `appsecret_proof`. Default `true`.
    pub require_proof: bool,
    /// Where Meta's webhooks go. Set here no handshake is made; the control API makes one.
    pub meta_webhook: Option<String>,
    /// Where LinkedIn's webhooks go. Set here no handshake is made; the control API makes one.
    pub linkedin_webhook: Option<String>,
    /// Who and what exists on the platforms.
    pub world: World,
}

/// Which redirect addresses an app has registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectRule {
    /// Any `http` or `https` address on this machine (`localhost`, `127.0.0.1`, `[::1]`), any port and path.
    AnyLoopback,
    /// Exactly these addresses. Meta compares byte for byte, LinkedIn without the query.
    Listed(Vec<String>),
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: "sociogram-sandbox".to_owned(),
            meta: MetaApp::default(),
            instagram: InstagramApp::default(),
            threads: ThreadsApp::default(),
            linkedin: LinkedInApp::default(),
            redirects: RedirectRule::AnyLoopback,
            graph_versions: vec!["v25.0".to_owned(), "v26.0".to_owned()],
            linkedin_versions: (202_601..=202_609).map(|month: u32| month.to_string()).collect(),
            require_proof: true,
            meta_webhook: None,
            linkedin_webhook: None,
            world: World::default(),
        }
    }
}

impl SandboxConfig {
    /// The newest Graph API version, which errors about unknown versions are answered with.
    pub(crate) fn newest_graph_version(&self) -> &str {
        self.graph_versions.last().map_or("v26.0", String::as_str)
    }
}

impl fmt::Debug for SandboxConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxConfig")
            .field("bind", &self.bind)
            .field("seed", &"[redacted]")
            .field("meta", &self.meta)
            .field("instagram", &self.instagram)
            .field("threads", &self.threads)
            .field("linkedin", &self.linkedin)
            .field("redirects", &self.redirects)
            .field("graph_versions", &self.graph_versions)
            .field("linkedin_versions", &self.linkedin_versions)
            .field("require_proof", &self.require_proof)
            .field("meta_webhook", &self.meta_webhook.is_some())
            .field("linkedin_webhook", &self.linkedin_webhook.is_some())
            .field("world", &self.world)
            .finish()
    }
}

impl RedirectRule {
    /// Meta's comparison: the whole text.
    pub(crate) fn allows_exactly(&self, redirect: &str) -> bool {
        match self {
            Self::AnyLoopback => is_loopback_url(redirect),
            Self::Listed(list) => list.iter().any(|entry| entry == redirect),
        }
    }

    /// LinkedIn's comparison: what follows `?` does not count, a fragment is refused.
    pub(crate) fn allows_without_query(&self, redirect: &str) -> bool {
        if redirect.contains('#') {
            return false;
        }
        let bare = |text: &str| text.split('?').next().unwrap_or_default().to_owned();
        match self {
            Self::AnyLoopback => is_loopback_url(redirect),
            Self::Listed(list) => list.iter().any(|entry| bare(entry) == bare(redirect)),
        }
    }
}

/// Whether a native app may use the address (LinkedIn: Authenticating with OAuth 2.0 for Native Clients): a loopback
/// address in figures, with any port.
pub(crate) fn is_native_redirect(text: &str) -> bool {
    let in_figures = ["http://127.0.0.1", "https://127.0.0.1", "http://[::1]", "https://[::1]"];
    is_loopback_url(text) && in_figures.iter().any(|start| text.starts_with(start))
}

/// Whether the text is an absolute http(s) address on this machine, without a fragment or a user name.
pub(crate) fn is_loopback_url(text: &str) -> bool {
    let Ok(parsed) = url::Url::parse(text) else { return false };
    if !matches!(parsed.scheme(), "http" | "https") || parsed.fragment().is_some() {
        return false;
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return false;
    }
    match parsed.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Whether webhooks can go there: this machine, without TLS.
pub(crate) fn is_webhook_target(text: &str) -> bool {
    text.starts_with("http://") && is_loopback_url(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_counts_as_loopback() {
        let cases = [
            ("http://127.0.0.1:8080/callback?x=1", true),
            ("https://localhost/cb", true),
            ("http://[::1]:9/cb", true),
            ("http://localhost.example.com/cb", false),
            ("http://127.0.0.1@example.com/cb", false),
            ("http://user@127.0.0.1/cb", false),
            ("http://127.0.0.1/cb#fragment", false),
            ("ftp://127.0.0.1/cb", false),
            ("/cb", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_loopback_url(text), expected, "{text}");
        }
    }

    #[test]
    fn native_apps_name_this_machine_in_figures() {
        for (text, expected) in [
            ("http://127.0.0.1:49152/callback", true),
            ("https://127.0.0.1/", true),
            ("http://[::1]:9", true),
            ("http://localhost:49152/callback", false),
            ("http://127.0.0.2/", false),
            ("http://127.0.0.1.example.com/", false),
            ("myapp://callback", false),
        ] {
            assert_eq!(is_native_redirect(text), expected, "{text}");
        }
    }

    #[test]
    fn listed_redirects_are_compared_as_each_platform_does() {
        let rule = RedirectRule::Listed(vec!["https://app.example/cb?a=1".to_owned()]);
        let cases = [
            ("https://app.example/cb?a=1", true, true),
            ("https://app.example/cb?a=2", false, true),
            ("https://app.example/cb/", false, false),
            ("https://app.example/cb?a=1#x", false, false),
        ];
        for (redirect, meta, linkedin) in cases {
            assert_eq!(rule.allows_exactly(redirect), meta, "{redirect}");
            assert_eq!(rule.allows_without_query(redirect), linkedin, "{redirect}");
        }
    }

    #[test]
    fn no_secret_is_printed() {
        let config = SandboxConfig::default();
        let printed = format!("{config:?}");
        for secret in [
            &config.seed,
            &config.meta.secret,
            &config.meta.verify_token,
            &config.instagram.secret,
            &config.threads.secret,
            &config.linkedin.secret,
        ] {
            assert!(!printed.contains(secret.as_str()), "{printed}");
        }
    }
}
