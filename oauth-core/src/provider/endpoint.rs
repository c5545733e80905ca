//! Where a provider listens.

use std::borrow::Cow;

use http::Method;
use sociogram_api_core::http::{BaseUrl, BaseUrlError, RequestParts};
use url::{Host, Url};

/// A URL in the parts that a sandbox and a version change. A query that belongs to it is kept (RFC 6749
/// sections 3.1 and 3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    base: Cow<'static, str>,
    path: Cow<'static, str>,
    versioned: bool,
    query: Option<String>,
}

impl Endpoint {
    /// One that is documented.
    pub(super) const fn new(base: &'static str, path: &'static str) -> Self {
        Self { base: Cow::Borrowed(base), path: Cow::Borrowed(path), versioned: false, query: None }
    }

    /// One that is documented, with the API version before the path.
    pub(super) const fn versioned(base: &'static str, path: &'static str) -> Self {
        Self { base: Cow::Borrowed(base), path: Cow::Borrowed(path), versioned: true, query: None }
    }

    /// Reads the URL of an endpoint: https, or http on loopback, without user information and fragment.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "it is not an absolute URL")?;
        match (url.scheme(), url.host()) {
            ("https", Some(_)) => {}
            ("http", Some(host)) if is_loopback(&host) => {}
            ("http", _) => return Err("plain http is accepted on loopback only"),
            _ => return Err("the scheme must be https"),
        }
        if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err("it carries a fragment or user information");
        }
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        if !query.bytes().all(is_query_byte) {
            return Err("its query holds characters that need percent-encoding");
        }
        let base = url.origin().ascii_serialization();
        // What the parser rewrote would be another address than the one that was published.
        let (host, path) = address.split_once("://").map_or(("", ""), |(_, rest)| split_path(rest));
        let host = host.to_ascii_lowercase();
        let host = host.strip_suffix(if url.scheme() == "https" { ":443" } else { ":80" }).unwrap_or(&host);
        if base.split_once("://").is_none_or(|(_, kept)| kept != host) {
            return Err("its host is not in its normal form");
        }
        let plain = BaseUrl::parse(&base).and_then(|base| base.with_path(path)).is_ok();
        if !plain || path.contains("//") || path != url.path() {
            return Err("its path holds more than letters, digits and -._~");
        }
        let query = Some(query.to_owned()).filter(|query| !query.is_empty());
        Ok(Self { base: Cow::Owned(base), path: Cow::Owned(path.to_owned()), versioned: false, query })
    }

    /// Whether it is plain http on this machine.
    pub(crate) fn is_loopback_http(&self) -> bool {
        self.base.starts_with("http://")
    }

    /// The names in its own query.
    pub(super) fn query_names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let query = self.query.as_deref().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name)
    }

    /// The same on another host.
    pub(super) fn rebase(&mut self, base: &BaseUrl) {
        self.base = Cow::Owned(base.as_str().to_owned());
    }

    /// The URL, with its own query.
    pub(crate) fn url(&self, version: Option<&str>) -> String {
        let mut url = self.base.clone().into_owned();
        if let Some(version) = version.filter(|_| self.versioned) {
            url.push('/');
            url.push_str(version);
        }
        url.push_str(&self.path);
        match &self.query {
            Some(query) => append_query(&url, query),
            None => url,
        }
    }

    /// Ready for requests.
    pub(crate) fn target(&self, version: Option<&str>) -> Result<Target, BaseUrlError> {
        let mut base = BaseUrl::parse(&self.base)?;
        if let Some(version) = version.filter(|_| self.versioned) {
            base = base.with_path(version)?;
        }
        let template = match &self.path {
            Cow::Borrowed(path) => *path,
            // Spans name a path by its template, and a path that came at run time has none.
            Cow::Owned(path) => {
                base = base.with_path(path)?;
                if path.ends_with('/') { "/" } else { "" }
            }
        };
        Ok(Target { base, template, query: self.query.clone().unwrap_or_default() })
    }
}

/// An endpoint that requests can be written to.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) base: BaseUrl,
    template: &'static str,
    query: String,
}

impl Target {
    /// An empty request.
    pub(crate) fn request(&self, method: Method) -> RequestParts {
        let mut parts = RequestParts::new(method, self.template);
        parts.base(self.base.clone()).encoded_query(&self.query);
        parts
    }
}

/// A URL with more in its query than it has already.
pub(crate) fn append_query(url: &str, query: &str) -> String {
    let separator = match url.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some((_, old)) if old.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{url}{separator}{query}")
}

/// Host and port, and the path.
fn split_path(address: &str) -> (&str, &str) {
    address.find('/').and_then(|at| address.split_at_checked(at)).unwrap_or((address, "/"))
}

/// What the road sends as it is.
fn is_query_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&()*+,;=:@/?%".contains(&byte)
}

/// Whether the host is this machine, by name or by address.
pub(crate) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}
