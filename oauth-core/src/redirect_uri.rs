//! Where the provider sends the person back to.

use std::fmt;

use url::{Host, Url};

use crate::{OAuthError, Reason, provider::endpoint::is_loopback};

/// The redirect URI, kept and sent byte for byte as it was written: providers compare it with the one
/// registered for the app.
///
/// It is `https`, or `http` on loopback for development, without fragment and user information. It comes
/// from the program's settings, never from a request header.
///
/// ```
/// use sociogram_oauth_core::RedirectUri;
///
/// let uri = RedirectUri::parse("https://app.example.com/oauth/facebook")?;
/// assert_eq!(uri.as_str(), "https://app.example.com/oauth/facebook");
/// assert!(RedirectUri::parse("http://app.example.com/").is_err());
/// # Ok::<(), sociogram_oauth_core::OAuthError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RedirectUri {
    text: String,
    loopback_http: bool,
}

impl RedirectUri {
    /// Checks the text and keeps it as it is.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] of kind `Misconfigured` saying what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        match check(text) {
            Ok(loopback_http) => Ok(Self { text: text.to_owned(), loopback_http }),
            Err(problem) => Err(OAuthError::because(Reason::Setup).with_message(format!(
                "the redirect URI is not usable: {problem}; pass the one registered for the app, such as \
                 https://app.example.com/oauth/callback"
            ))),
        }
    }

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is plain `http` on this machine.
    pub(crate) const fn is_loopback_http(&self) -> bool {
        self.loopback_http
    }

    /// Whether it names this machine by an address and not by a name (RFC 8252 section 7.3).
    pub(crate) fn is_loopback_address(&self) -> bool {
        match Url::parse(&self.text).as_ref().map(Url::host) {
            Ok(Some(Host::Ipv4(ip))) => ip.is_loopback(),
            Ok(Some(Host::Ipv6(ip))) => ip.is_loopback(),
            _ => false,
        }
    }
}

impl fmt::Debug for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedirectUri({})", self.text)
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn check(text: &str) -> Result<bool, &'static str> {
    if text.contains('*') {
        return Err("it holds a wildcard");
    }
    let url = Url::parse(text).map_err(|_| "it is not an absolute URL")?;
    if !url.username().is_empty() || url.password().is_some() || text.contains('@') {
        return Err("it carries user information");
    }
    if url.fragment().is_some() || text.contains('#') {
        return Err("it has a fragment");
    }
    let loopback_http = match (url.scheme(), url.host()) {
        ("https", Some(_)) => false,
        ("http", Some(host)) if is_loopback(&host) => true,
        ("http", _) => return Err("plain http is accepted on loopback only"),
        _ => return Err("the scheme must be https"),
    };
    // What a parser would rewrite (case, dots, default port, control characters) cannot equal what is
    // registered. Only the slash after a bare host may be left out.
    if url.as_str() != text && url.as_str().strip_suffix('/') != Some(text) {
        return Err("it is not in its normal form");
    }
    Ok(loopback_http)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sociogram_api_core::ErrorKind;

    use super::*;

    #[test]
    fn https_and_loopback_http_are_kept_byte_for_byte() {
        for (text, loopback) in [
            ("https://app.example.com", false),
            ("https://app.example.com/", false),
            ("https://app.example.com:8443/cb?provider=facebook&x=%2F", false),
            ("http://localhost:3000/cb", true),
            ("http://127.0.0.1/cb", true),
            ("http://[::1]:8080/cb", true),
        ] {
            let uri = RedirectUri::parse(text).unwrap();
            assert_eq!((uri.as_str(), uri.is_loopback_http()), (text, loopback));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in [
            "",
            "/cb",
            "app.example.com/cb",
            "//app.example.com/cb",
            "http://app.example.com/cb",
            "http://10.0.0.1/cb",
            "http://localhost.evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "ftp://app.example.com/cb",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "myapp://cb",
            "https://",
            "https:///cb",
            "https:app.example.com/cb",
            "https://user@app.example.com/cb",
            "https://user:pass@app.example.com/cb",
            "https://app.example.com@evil.example/cb",
            "https://app.example.com/cb#f",
            "https://app.example.com/cb#",
            "https://*.example.com/cb",
            "https://app.example.com/*",
            "https://APP.example.com/cb",
            "HTTPS://app.example.com/cb",
            "https://app.example.com:443/cb",
            "https://app.example.com/a/../cb",
            "https://app.example.com/a/./cb",
            "https://app.example.com\\cb",
            "https://app.example.com/c b",
            "https://app.example.com/c\tb",
            "https://app.example.com/cb\n",
            " https://app.example.com/cb",
            "https://app.example.com/ä",
            "https://äpp.example.com/cb",
        ] {
            let error = RedirectUri::parse(bad).unwrap_err();
            assert_eq!((error.kind(), error.reason()), (ErrorKind::Misconfigured, Reason::Setup), "{bad:?}");
        }
    }

    #[test]
    fn an_address_of_this_machine_is_told_from_its_name() {
        for (text, expected) in [
            ("http://127.0.0.1:51004/cb", true),
            ("http://127.0.0.2/cb", true),
            ("https://127.0.0.1/cb", true),
            ("http://[::1]:51004/", true),
            ("http://localhost:51004/cb", false),
            ("https://app.example.com/cb", false),
            ("https://10.0.0.1/cb", false),
        ] {
            assert_eq!(RedirectUri::parse(text).unwrap().is_loopback_address(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_what_a_browser_would_open(text in "https?://[a-z@.:/#?*%0-9\\\\]{0,30}") {
            if let Ok(uri) = RedirectUri::parse(&text) {
                let url = Url::parse(uri.as_str()).unwrap();
                prop_assert!(url.scheme() == "https" || uri.is_loopback_http());
                prop_assert!(url.fragment().is_none() && url.username().is_empty());
            }
        }
    }
}
