//! Where requests may go.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use ::http::Uri;
use ::http::uri::Authority;

/// A host and an optional path prefix: `https://graph.facebook.com/v26.0`.
///
/// Plain `http` is accepted on loopback only, for a sandbox or a test server.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl(Arc<str>);

impl BaseUrl {
    /// Checks and keeps a base URL. A trailing slash is dropped.
    ///
    /// # Errors
    /// When it is not `https` (or `http` on loopback), or carries user information, a query, a fragment
    /// or a path that is not plain.
    pub fn parse(url: &str) -> Result<Self, BaseUrlError> {
        let uri: Uri = url.parse().map_err(|_| BaseUrlError("it is not a URL"))?;
        let authority = uri.authority().ok_or(BaseUrlError("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(BaseUrlError("it carries user information"));
        }
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_loopback(authority.host()) => {}
            Some("http") => return Err(BaseUrlError("plain http is accepted on loopback only")),
            _ => return Err(BaseUrlError("the scheme must be https")),
        }
        if uri.query().is_some() || url.contains('#') {
            return Err(BaseUrlError("it carries a query or a fragment"));
        }
        let scheme = if uri.scheme_str() == Some("http") { "http" } else { "https" };
        let authority = authority.as_str().to_ascii_lowercase();
        Self(Arc::from(format!("{scheme}://{authority}"))).with_path(uri.path())
    }

    /// This base with `path` appended: `with_path("v26.0")`.
    ///
    /// # Errors
    /// When a segment is empty, `.` or `..`, or holds anything but letters, digits and `-._~`.
    pub fn with_path(&self, path: &str) -> Result<Self, BaseUrlError> {
        let path = path.trim_matches('/');
        if path.is_empty() {
            return Ok(self.clone());
        }
        for segment in path.split('/') {
            let plain = segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
            if segment.is_empty() || segment == "." || segment == ".." || !plain {
                return Err(BaseUrlError(
                    "a path segment is empty or holds more than letters, digits and -._~",
                ));
            }
        }
        Ok(Self(Arc::from(format!("{}/{path}", self.0))))
    }

    /// The URL without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn origin(&self) -> &str {
        let after_scheme = self.0.find("://").map_or(0, |at| at + 3);
        let end = self.0.get(after_scheme..).and_then(|rest| rest.find('/'));
        end.and_then(|end| self.0.get(..after_scheme + end)).unwrap_or(&self.0)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({})", self.0)
    }
}

impl std::str::FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        Self::parse(url)
    }
}

/// Why a text is not a usable base URL. The text itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaseUrlError(&'static str);

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a usable base URL: {}; pass one such as https://graph.facebook.com", self.0)
    }
}

impl std::error::Error for BaseUrlError {}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The hosts that may receive a credential. A URL that came from a response is checked against it like
/// any other.
#[derive(Clone, Debug, Default)]
pub struct AllowedHosts {
    origins: Vec<Arc<str>>,
    domains: Vec<Arc<str>>,
}

impl AllowedHosts {
    /// These hosts, over https on the default port.
    pub fn new<'a>(hosts: impl IntoIterator<Item = &'a str>) -> Self {
        let origin = |host: &str| Arc::from(format!("https://{}", host.to_ascii_lowercase()));
        Self { origins: hosts.into_iter().map(origin).collect(), domains: Vec::new() }
    }

    /// Also every host below this domain, and the domain itself, over https on the default port.
    pub fn allow_domain(mut self, domain: &str) -> Self {
        self.domains.push(Arc::from(domain.to_ascii_lowercase()));
        self
    }

    /// Also the origin (scheme, host, port) of this base URL.
    pub fn allow(mut self, base: &BaseUrl) -> Self {
        self.origins.push(Arc::from(base.origin()));
        self
    }

    /// Whether a request to `uri` may be sent.
    pub fn permits(&self, uri: &Uri) -> bool {
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
        self.origins.iter().any(|origin| same_origin(origin, scheme, authority))
            || self.domains.iter().any(|domain| is_below(domain, scheme, authority))
    }
}

fn same_origin(origin: &str, scheme: &str, authority: &Authority) -> bool {
    let Some((allowed_scheme, allowed)) = origin.split_once("://") else { return false };
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    let plain = |text| str::strip_suffix(text, default_port).unwrap_or(text);
    scheme.eq_ignore_ascii_case(allowed_scheme)
        && plain(authority.as_str()).eq_ignore_ascii_case(plain(allowed))
}

fn is_below(domain: &str, scheme: &str, authority: &Authority) -> bool {
    let host = authority.as_str().to_ascii_lowercase();
    let host = host.strip_suffix(":443").unwrap_or(&host);
    // Nothing but letters, digits, dots and dashes: no user information, no other port.
    let plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let below = host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    scheme.eq_ignore_ascii_case("https") && plain && below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_https_and_loopback_http() {
        for (given, kept) in [
            ("https://Graph.Facebook.com/", "https://graph.facebook.com"),
            ("https://graph.facebook.com/v26.0", "https://graph.facebook.com/v26.0"),
            ("http://127.0.0.1:8080/graph/", "http://127.0.0.1:8080/graph"),
            ("http://localhost", "http://localhost"),
            ("http://[::1]:9", "http://[::1]:9"),
        ] {
            assert_eq!(BaseUrl::parse(given).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn refuses_everything_else() {
        for bad in [
            "",
            "graph.facebook.com",
            "/path",
            "ftp://example.com",
            "http://example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "https://user:pass@example.com",
            "https://example.com?x=1",
            "https://example.com#f",
            "https://example.com/a/../b",
            "https://example.com/a//b",
            "https://example.com/a b",
            "https://example.com/%2e%2e",
        ] {
            assert!(BaseUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_domain_stands_for_its_own_hosts_only() {
        let hosts = AllowedHosts::new([]).allow_domain("LinkedIn.com");
        let permits = |uri: &str| hosts.permits(&uri.parse().unwrap());
        for good in ["https://linkedin.com/a", "https://www.linkedin.com", "https://A.B.LINKEDIN.com:443/x?y"]
        {
            assert!(permits(good), "{good}");
        }
        for bad in [
            "http://www.linkedin.com/",
            "https://evillinkedin.com/",
            "https://linkedin.com.evil.example/",
            "https://www.linkedin.com:8443/",
            "https://www.linkedin.com@evil.example/",
            "https://user@www.linkedin.com/",
            "https://www.licdn.com/",
            "/relative",
        ] {
            assert!(!permits(bad), "{bad}");
        }
    }

    #[test]
    fn only_the_exact_origin_is_permitted() {
        let sandbox = BaseUrl::parse("http://127.0.0.1:8080/graph").unwrap();
        let hosts = AllowedHosts::new(["graph.facebook.com"]).allow(&sandbox);
        let permits = |uri: &'static str| hosts.permits(&Uri::from_static(uri));
        assert!(permits("https://graph.facebook.com/v26.0/me"));
        assert!(permits("https://GRAPH.facebook.com:443/"));
        assert!(permits("http://127.0.0.1:8080/other"));
        for bad in [
            "http://graph.facebook.com/",
            "https://graph.facebook.com.evil.example/",
            "https://evilgraph.facebook.com/",
            "https://graph.facebook.com:8443/",
            "https://graph.facebook.com@evil.example/",
            "http://127.0.0.1:8081/",
            "https://127.0.0.1:8080/",
            "/relative",
        ] {
            assert!(!hosts.permits(&bad.parse().unwrap()), "{bad}");
        }
    }
}
