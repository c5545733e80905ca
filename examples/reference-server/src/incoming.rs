//! Reading requests strictly: every mistake becomes a [`Problem`], and nothing is half read.

use std::{convert::Infallible, time::Duration};

use axum::{
    RequestPartsExt as _,
    extract::{FromRequestParts, Path, RawQuery, Request},
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IntoDeserializer as _, value::Error as ValueError},
};
use sociogram::api_core::{Timer, Timestamp, redact::sanitize_text};
use url::form_urlencoded;

use crate::problem::Problem;

/// Largest JSON body of an ordinary call.
pub(crate) const JSON_LIMIT: usize = 1024 * 1024;
/// How long a body may take to arrive.
const BODY_PATIENCE: Duration = Duration::from_secs(30);
/// How much of a body that is too large is still read, so that the sender gets to see the answer.
const DRAIN: usize = 16 * 1024 * 1024;

/// The one variable part of a path.
#[derive(Debug)]
pub(crate) struct Segment(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.extract::<Path<String>>().await {
            Ok(Path(text)) => Ok(Self(text)),
            Err(_) => {
                Err(Problem::bad_request("the path is not UTF-8 text", "send the path as this API gave it"))
            }
        }
    }
}

/// The query, each name once. Names that a route does not know are refused.
#[derive(Debug)]
pub(crate) struct Query(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = RawQuery::from_request_parts(parts, state).await;
        let RawQuery(raw) = query.unwrap_or_else(|never: Infallible| match never {});
        Self::parse(raw.as_deref().unwrap_or_default())
    }
}

impl Query {
    fn parse(raw: &str) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(raw.as_bytes()).into_owned() {
            // What is not UTF-8 arrives as this character; nobody means it.
            if name.contains('\u{fffd}') || value.contains('\u{fffd}') {
                return Err(Problem::bad_request(
                    "the query is not UTF-8 text",
                    "percent-encode the query as UTF-8",
                ));
            }
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(Problem::bad_request(
                    format!("the query parameter {} is there twice", shown(&name)),
                    "send each parameter once",
                ));
            }
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    /// Refuses every parameter but these.
    pub(crate) fn only(self, known: &[&str]) -> Result<Self, Problem> {
        let Some((name, _)) = self.0.iter().find(|(name, _)| !known.contains(&name.as_str())) else {
            return Ok(self);
        };
        let action = if known.is_empty() {
            "send the request without a query".to_owned()
        } else {
            format!("this route knows {}", known.join(", "))
        };
        Err(Problem::bad_request(format!("unknown query parameter {}", shown(name)), action))
    }

    /// The value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A time in a query.
pub(crate) fn time(name: &str, text: &str) -> Result<Timestamp, Problem> {
    let read: Result<Timestamp, ValueError> = Timestamp::deserialize(text.into_deserializer());
    read.map_err(|_| {
        Problem::invalid(
            format!("{name}: {} is no time", shown(text)),
            "write it as RFC 3339 says, such as 2026-11-20T12:00:00Z",
        )
    })
}

/// A number in a query.
pub(crate) fn number(name: &str, text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| {
        Problem::invalid(
            format!("{name}: {} is no number", shown(text)),
            "take a number such as the answer gave",
        )
    })
}

/// The parameter `limit`: `usual` unless it is there, 1 to `most`.
pub(crate) fn limit(query: &Query, usual: usize, most: usize) -> Result<usize, Problem> {
    let Some(text) = query.get("limit") else { return Ok(usual) };
    text.parse().ok().filter(|limit| (1..=most).contains(limit)).ok_or_else(|| {
        Problem::invalid(format!("limit: {} is not from 1 to {most}", shown(text)), "ask for fewer at a time")
    })
}

/// What the caller wrote, fit to be repeated to the caller.
pub(crate) fn shown(text: &str) -> String {
    format!("\"{}\"", sanitize_text(text, 60))
}

/// The whole body, if it is not larger than `limit` bytes.
pub(crate) async fn body(timer: &dyn Timer, request: Request, limit: usize) -> Result<Bytes, Problem> {
    let declared = request.headers().get(header::CONTENT_ENCODING);
    if declared.is_some_and(|encoding| encoding != "identity") {
        return Err(unsupported("the body is compressed", "send it uncompressed, without Content-Encoding"));
    }
    tokio::select! {
        read = collect(request, limit) => read,
        () = timer.sleep(BODY_PATIENCE) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            "the body did not arrive in time",
            format!("the body was not complete after {} seconds", BODY_PATIENCE.as_secs()),
            "send it again over a better connection, or in smaller parts",
        )),
    }
}

async fn collect(request: Request, limit: usize) -> Result<Bytes, Problem> {
    let mut stream = request.into_body().into_data_stream();
    let mut kept = BytesMut::new();
    let mut length = 0_usize;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::bad_request("the body broke off", "send the request again with the whole body")
        })?;
        length = length.saturating_add(chunk.len());
        if length <= limit {
            kept.extend_from_slice(&chunk);
        } else if length > limit.saturating_add(DRAIN) {
            break;
        }
    }
    if length <= limit {
        return Ok(kept.freeze());
    }
    Err(Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        "the body is too large",
        format!("this route takes at most {limit} bytes"),
        "send less at a time",
    ))
}

/// The media type in lower case, without parameters. A charset other than UTF-8 is refused.
pub(crate) fn media_type(headers: &HeaderMap, accepted: &str) -> Result<String, Problem> {
    let refuse = |detail: &'static str| unsupported(detail, format!("send Content-Type: {accepted}"));
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let value = values.next().ok_or_else(|| refuse("the request has no content type"))?;
    if values.next().is_some() {
        return Err(refuse("the request has two content types"));
    }
    let value = value.to_str().map_err(|_| refuse("the content type is not readable"))?.to_ascii_lowercase();
    let mut parts = value.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_owned();
    let charset = parts.find_map(|part| part.strip_prefix("charset="));
    if charset.is_some_and(|charset| charset.trim_matches('"') != "utf-8") {
        return Err(refuse("the charset is not UTF-8"));
    }
    Ok(media_type)
}

pub(crate) fn unsupported(
    detail: impl Into<std::borrow::Cow<'static, str>>,
    action: impl Into<std::borrow::Cow<'static, str>>,
) -> Problem {
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Problem::new(status, "unsupported-media-type", "the content type is not accepted", detail, action)
}

/// The body as UTF-8 text with something in it.
pub(crate) fn text(body: &[u8]) -> Result<&str, Problem> {
    let text = std::str::from_utf8(body)
        .map_err(|_| Problem::bad_request("the body is not UTF-8 text", "encode the body as UTF-8"))?;
    // Some editors begin files with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(Problem::bad_request("the body is empty", "send the request with a body"));
    }
    Ok(text)
}

/// A JSON body of at most [`JSON_LIMIT`] bytes.
pub(crate) async fn json<T: DeserializeOwned>(timer: &dyn Timer, request: Request) -> Result<T, Problem> {
    if media_type(request.headers(), "application/json")? != "application/json" {
        return Err(unsupported("the content type is not JSON", "send Content-Type: application/json"));
    }
    let body = body(timer, request, JSON_LIMIT).await?;
    parse(text(&body)?)
}

/// JSON text as `T`. What serde says names members and types, and goes back to whoever sent them.
pub(crate) fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|error| {
        let told = sanitize_text(&error.to_string(), 300);
        if error.is_data() {
            Problem::invalid(told, "correct the named member; the README lists what each route takes")
        } else {
            Problem::bad_request(format!("the body is not JSON: {told}"), "send well-formed JSON")
        }
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use sociogram::api_core::testing::ManualClock;

    use super::*;

    #[test]
    fn queries_are_read_strictly() {
        let refused =
            |raw: &str| Query::parse(raw).and_then(|query| query.only(&["a"])).map(|_| ()).unwrap_err();
        for raw in ["a=1&a=2", "a=1&%61=2", "b=1", "a", "a=%ff"] {
            let outcome = Query::parse(raw).and_then(|query| query.only(&["a"]));
            assert_eq!(outcome.is_err(), raw != "a", "{raw}");
        }
        assert_eq!(refused("a=1&a=1").status(), 400);
        assert_eq!(Query::parse("a=x%20y").unwrap().get("a"), Some("x y"));
        assert!(Query::parse("").unwrap().only(&[]).is_ok());
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_given_up() {
        let clock = ManualClock::default();
        let silent = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        let waiting = body(&clock, Request::new(silent), 10);
        let (outcome, ()) = tokio::join!(waiting, async { clock.advance(BODY_PATIENCE) });
        assert_eq!(outcome.unwrap_err().status(), 408);
    }

    #[test]
    fn media_types_are_compared_without_parameters() {
        let read = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::CONTENT_TYPE, value.parse().unwrap());
            }
            media_type(&headers, "application/json").ok()
        };
        assert_eq!(read(&["Application/JSON; charset=\"UTF-8\""]).as_deref(), Some("application/json"));
        assert_eq!(read(&["application/json; charset=latin1"]), None);
        assert_eq!(read(&["text/plain", "application/json"]), None);
        assert_eq!(read(&[]), None);
    }
}
