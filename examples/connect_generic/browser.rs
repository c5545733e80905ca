//! The smallest browser that gets through a login without pages: redirects and cookies, no forms, no scripts.

use std::sync::Arc;

use http::{
    HeaderMap, Request, StatusCode,
    header::{COOKIE, LOCATION, SET_COOKIE},
};
use sociogram::api_core::http::{Body, Limits, Transport};
use url::Url;

/// Logins take two to six.
const MAX_HOPS: usize = 20;

/// Follows redirects, with the cookies that it is given on the way.
pub(crate) struct Browser {
    transport: Arc<dyn Transport>,
    cookies: Vec<Cookie>,
}

/// RFC 6265 section 5.3, without times and without `Domain`: a cookie goes back to its own host only.
struct Cookie {
    host: String,
    path: String,
    name: String,
    value: String,
}

impl Browser {
    /// Without cookies. The transport must not follow redirects itself; `ReqwestTransport` does not.
    pub(crate) const fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport, cookies: Vec::new() }
    }

    /// Goes where the server leads, until the callback is delivered.
    ///
    /// # Errors
    ///
    /// One line: the server shows a page, refuses, leads astray or in circles, or does not answer.
    pub(crate) async fn follow(mut self, start: &Url, redirect_uri: &Url) -> Result<(), String> {
        let mut url = start.clone();
        for _ in 0..MAX_HOPS {
            let (status, headers) = self.open(&url).await?;
            if is_callback(&url, redirect_uri) {
                return Ok(());
            }
            self.keep_cookies(&url, &headers);
            url = next(&url, status, &headers)?;
        }
        Err(format!("authorize: no callback after {MAX_HOPS} redirects; run it without --non-interactive"))
    }

    async fn open(&self, url: &Url) -> Result<(StatusCode, HeaderMap), String> {
        let request = Request::get(url.as_str()).header(COOKIE, self.cookies_for(url)).body(Body::Empty);
        let request = request.map_err(|_| format!("authorize: {} is no usable address", place(url)))?;
        match self.transport.send(request, &Limits::default()).await {
            Ok(answer) => Ok((answer.status(), answer.headers().clone())),
            Err(error) => Err(format!("authorize: {}: {error}; check that the server is up", place(url))),
        }
    }

    fn cookies_for(&self, url: &Url) -> String {
        let sent = |cookie: &&Cookie| cookie.host == host(url) && path_matches(url.path(), &cookie.path);
        let pairs =
            self.cookies.iter().filter(sent).map(|cookie| format!("{}={}", cookie.name, cookie.value));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep_cookies(&mut self, url: &Url, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
            let mut parts = line.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
            let attributes: Vec<_> = parts.filter_map(|part| part.split_once('=')).collect();
            let path = attributes.iter().rfind(|(name, _)| name.eq_ignore_ascii_case("path"));
            let path = path.map(|(_, path)| *path).filter(|path| path.starts_with('/'));
            let path = path.unwrap_or_else(|| folder(url.path())).to_owned();
            self.cookies.retain(|old| (&*old.host, &*old.path, &*old.name) != (host(url), &*path, name));
            // Servers delete a cookie by emptying it.
            if !value.is_empty() {
                let (host, name, value) = (host(url).to_owned(), name.to_owned(), value.to_owned());
                self.cookies.push(Cookie { host, path, name, value });
            }
        }
    }
}

/// Where the answer leads.
fn next(url: &Url, status: StatusCode, headers: &HeaderMap) -> Result<Url, String> {
    let place = place(url);
    let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
    let Some(location) = location.filter(|_| status.is_redirection()) else {
        return Err(if status.is_success() {
            format!("authorize: {place} shows a page; run it without --non-interactive and sign in there")
        } else {
            format!(
                "authorize: {place} refused with status {}; check client id, redirect URI and scopes, or run it \
                 without --non-interactive to read the page",
                status.as_u16(),
            )
        });
    };
    let mut next =
        url.join(location).map_err(|_| format!("authorize: {place} leads to no usable address"))?;
    if !matches!(next.scheme(), "http" | "https") {
        return Err(format!("authorize: {place} leads to another program; only http and https are followed"));
    }
    next.set_fragment(None);
    Ok(next)
}

/// The callback is an address of ours; its query is the server's.
fn is_callback(url: &Url, redirect_uri: &Url) -> bool {
    url.origin() == redirect_uri.origin() && url.path() == redirect_uri.path()
}

/// The server alone: path and query may hold what is nobody's business.
fn place(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

/// RFC 6265 section 5.1.4.
fn folder(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(end) => path.get(..end).unwrap_or("/"),
    }
}

/// RFC 6265 section 5.1.4.
fn path_matches(path: &str, cookie: &str) -> bool {
    path.strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie.ends_with('/'))
}
