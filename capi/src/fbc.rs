//! The click id and the browser id, as Meta's cookies hold them.

use std::fmt;
use std::time::Duration;

use sociogram_api_core::{Finding, InvalidRequest, Timestamp};

/// What ids made by a server count as the depth of the cookie's domain: `example.com`.
const SERVER_INDEX: u8 = 1;
/// How long Meta's cookies live.
const LIFE: Duration = Duration::from_secs(90 * 86_400);
/// Longest id that is taken, in bytes. Those of Meta have at most some hundred.
const MAX_LEN: usize = 1000;
/// Milliseconds of the year 2001: a smaller number is seconds.
const MILLISECONDS_FROM: i64 = 1_000_000_000_000;
/// Milliseconds of the year 5138.
const MILLISECONDS_TO: i64 = 100_000_000_000_000;
/// The short marks of older releases of Meta's parameter builder.
const SHORT_MARKS: &[&str] = &["AQ", "Ag", "Aw", "BA", "BQ", "Bg"];

/// A click id (`fbc`): the `fbclid` of the URL a person came by, and when it was first seen.
///
/// The letters of `fbclid` are never changed: it is opaque and its case matters. `Debug` shows nothing of it.
///
/// ```
/// use sociogram_capi::{Fbc, Timestamp, UserData};
///
/// let seen = Timestamp::from_unix_millis(1_795_000_000_123);
/// let click = Fbc::from_url("https://shop.example.com/?utm_source=fb&fbclid=IwAR2F4-dbP0", None, seen).unwrap();
/// assert_eq!(click.as_str(), "fb.1.1795000000123.IwAR2F4-dbP0");
/// let user = UserData::new().fbc(click);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Fbc(Cookie);

impl Fbc {
    /// From the `fbclid` of a URL. `first_seen` is when the person came with it, not when the event happened.
    ///
    /// # Errors
    ///
    /// `capi.fbc` when it is empty, longer than 1000 bytes, or has anything but visible ASCII characters in it.
    pub fn from_fbclid(fbclid: &str, first_seen: Timestamp) -> Result<Self, InvalidRequest> {
        if !is_click_id(fbclid) {
            return Err(wrong("capi.fbc", "fbc", "not a click id")
                .advice("pass the value of fbclid as it stands in the URL, without changing its letters")
                .into());
        }
        let text = format!("fb.{SERVER_INDEX}.{}.{fbclid}", first_seen.as_unix_millis());
        let start = text.len() - fbclid.len();
        let end = text.len();
        Ok(Self(Cookie { text: text.into(), created: first_seen, index: SERVER_INDEX, id: start..end }))
    }

    /// From the query of the URL, or else of the referrer (the `Referer` header). `None` when neither has a usable
    /// `fbclid`. Percent signs are decoded once; a `+` stays.
    pub fn from_url(url: &str, referrer: Option<&str>, first_seen: Timestamp) -> Option<Self> {
        [Some(url), referrer]
            .into_iter()
            .flatten()
            .filter_map(fbclid)
            .find_map(|id| Self::from_fbclid(&id, first_seen).ok())
    }

    /// What to send for a visit: a click id of the URL or the referrer that the cookie does not have yet, otherwise the
    /// cookie. A new click id replaces the cookie and its time.
    pub fn of_visit(cookie: Option<&str>, url: &str, referrer: Option<&str>, now: Timestamp) -> Option<Self> {
        let stored = cookie.and_then(|cookie| Self::parse(cookie).ok());
        let found = Self::from_url(url, referrer, now);
        match (stored, found) {
            (Some(stored), Some(found)) if stored.fbclid() == found.fbclid() => Some(stored),
            (stored, found) => found.or(stored),
        }
    }

    /// Reads the `_fbc` cookie: `fb.{depth of the domain}.{milliseconds}.{fbclid}`, with or without the mark that Meta's
    /// parameter builder puts behind it.
    ///
    /// # Errors
    ///
    /// `capi.fbc` for any other text, and for a time in seconds.
    pub fn parse(cookie: &str) -> Result<Self, InvalidRequest> {
        let cookie = Cookie::parse(cookie).filter(|cookie| is_click_id(cookie.id()));
        cookie.map(Self).ok_or_else(|| {
            wrong("capi.fbc", "fbc", "not the cookie _fbc").advice("pass the cookie unchanged").into()
        })
    }

    /// The click id itself.
    pub fn fbclid(&self) -> &str {
        self.0.id()
    }

    /// When it was first seen.
    pub fn first_seen(&self) -> Timestamp {
        self.0.created
    }

    /// When the cookie ends: 90 days after [`first_seen`](Self::first_seen).
    pub fn expires_at(&self) -> Timestamp {
        self.0.created.saturating_add(LIFE)
    }

    /// How deep the domain of the cookie is: 0 for `com`, 1 for `example.com` and ids made by a server, 2 for
    /// `www.example.com`.
    pub fn subdomain_index(&self) -> u8 {
        self.0.index
    }

    /// What is sent.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }
}

/// A browser id (`fbp`). `Debug` shows nothing of it.
///
/// ```
/// use sociogram_capi::{Fbp, Timestamp};
///
/// let browser = Fbp::new(Timestamp::from_unix_millis(1_795_000_000_123), 1_098_115_397);
/// assert_eq!(browser.as_str(), "fb.1.1795000000123.1098115397");
/// assert_eq!(Fbp::parse("fb.1.1795000000123.1098115397.AQQCAQMC")?.subdomain_index(), 1);
/// # Ok::<(), sociogram_capi::InvalidRequest>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Fbp(Cookie);

impl Fbp {
    /// A new browser id. Take `random` from a good generator, and give the browser the cookie `_fbp` with it: an id
    /// that the browser does not send again says nothing.
    pub fn new(created: Timestamp, random: u64) -> Self {
        let head = format!("fb.{SERVER_INDEX}.{}.", created.as_unix_millis());
        let text = format!("{head}{random}");
        let id = head.len()..text.len();
        Self(Cookie { text: text.into(), created, index: SERVER_INDEX, id })
    }

    /// Reads the `_fbp` cookie: `fb.{depth of the domain}.{milliseconds}.{number}`, with or without the mark that Meta's
    /// parameter builder puts behind it.
    ///
    /// # Errors
    ///
    /// `capi.fbp` for any other text, and for a time in seconds.
    pub fn parse(cookie: &str) -> Result<Self, InvalidRequest> {
        let cookie = Cookie::parse(cookie).filter(|cookie| is_number(cookie.id()));
        cookie.map(Self).ok_or_else(|| {
            wrong("capi.fbp", "fbp", "not the cookie _fbp").advice("pass the cookie unchanged").into()
        })
    }

    /// When it was made.
    pub fn created(&self) -> Timestamp {
        self.0.created
    }

    /// When the cookie ends: 90 days after [`created`](Self::created).
    pub fn expires_at(&self) -> Timestamp {
        self.0.created.saturating_add(LIFE)
    }

    /// How deep the domain of the cookie is, as in [`Fbc::subdomain_index`].
    pub fn subdomain_index(&self) -> u8 {
        self.0.index
    }

    /// What is sent.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }
}

macro_rules! hidden {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.text.into()
            }
        }
    )+};
}

hidden!(Fbc, Fbp);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Cookie {
    /// All of it, mark included.
    text: Box<str>,
    created: Timestamp,
    index: u8,
    /// Where the id is in the text, without the mark.
    id: std::ops::Range<usize>,
}

impl Cookie {
    fn parse(text: &str) -> Option<Self> {
        let (index, rest) = text.strip_prefix("fb.")?.split_once('.')?;
        let (millis, tail) = rest.split_once('.')?;
        if !is_number(index) || !is_number(millis) {
            return None;
        }
        let index = index.parse().ok()?;
        let millis = millis.parse().ok().filter(|at| (MILLISECONDS_FROM..MILLISECONDS_TO).contains(at))?;
        let id = match tail.rsplit_once('.') {
            Some((id, mark)) if is_mark(mark) => id,
            _ => tail,
        };
        let start = text.len() - tail.len();
        let created = Timestamp::from_unix_millis(millis);
        Some(Self { text: text.into(), created, index, id: start..start + id.len() })
    }

    fn id(&self) -> &str {
        self.text.get(self.id.clone()).unwrap_or_default()
    }
}

/// Whether a cookie's time is so small that it must be seconds.
pub(crate) fn is_in_seconds(cookie: &str) -> bool {
    let time = cookie.strip_prefix("fb.").and_then(|rest| rest.split('.').nth(1));
    time.is_some_and(|time| is_number(time) && time.parse().is_ok_and(|at: i64| at < MILLISECONDS_FROM))
}

fn wrong(rule: &'static str, field: &'static str, message: &'static str) -> Finding {
    Finding::error(rule, format!("user_data.{field}"), message)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_click_id(text: &str) -> bool {
    (1..=MAX_LEN).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// What Meta's parameter builder puts behind a cookie.
fn is_mark(text: &str) -> bool {
    SHORT_MARKS.contains(&text)
        || (text.len() == 8 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')))
}

/// The first `fbclid` with a value in the query of a URL.
fn fbclid(url: &str) -> Option<String> {
    let without_fragment = url.split('#').next().unwrap_or_default();
    let (_, query) = without_fragment.split_once('?')?;
    query.split('&').filter_map(|pair| pair.strip_prefix("fbclid=")).find(|id| !id.is_empty()).map(decoded)
}

/// Text with `%2D` and the like decoded once. What is no such escape stays.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = tail.get(..2).filter(|hex| *first == b'%' && hex.iter().all(u8::is_ascii_hexdigit));
        let byte = escaped
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(byte.unwrap_or(*first));
        rest = tail.get(if byte.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests;
