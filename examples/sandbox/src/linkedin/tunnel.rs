//! Query tunnelling: a POST that stands for a call whose query is too long for an address.

use bytes::Bytes;
use http::{HeaderValue, Method, header};

use super::answer::ApiError;
use crate::request::Incoming;

/// Longest query and longest address, in bytes.
const MAX_QUERY: usize = 4 * 1024;
const MAX_ADDRESS: usize = 8 * 1024;
/// Most that headers, cookies and the address may have together, in bytes.
const MAX_HEAD: usize = 28 * 1024;

/// The call a request stands for: itself, or the one inside the tunnel.
///
/// # Errors
///
/// When the address is too long or the tunnel is not built as the protocol says.
pub(crate) fn unwrap(request: &Incoming) -> Result<Incoming, ApiError> {
    let address = request.path.len().saturating_add(request.query.len());
    let longest_part = request.segments().iter().map(|part| part.len()).max().unwrap_or_default();
    let lines = request.headers.iter().map(|(name, value)| name.as_str().len().saturating_add(value.len()));
    let head = lines.sum::<usize>().saturating_add(address);
    let too_long = request.query.len() > MAX_QUERY || address > MAX_ADDRESS || longest_part > MAX_QUERY;
    if too_long || head > MAX_HEAD {
        return Err(ApiError::new(414, "URI too long").code("URI_TOO_LONG"));
    }
    let mut inner = request.clone();
    let Some(value) = inner.headers.remove("x-http-method-override") else { return Ok(inner) };
    let broken = |why: &str| ApiError::illegal_argument(format!("Query tunnelling: {why}"));
    if request.method != Method::POST {
        return Err(broken("the outer method must be POST"));
    }
    if !request.query.is_empty() {
        return Err(broken("the address must not have a query of its own"));
    }
    inner.method = match value.to_str() {
        Ok("GET") => Method::GET,
        Ok("DELETE") => Method::DELETE,
        Ok("PUT") => Method::PUT,
        Ok("POST") => Method::POST,
        _ => return Err(broken("the method to override with is unknown")),
    };
    match request.media_type().as_deref() {
        Some("application/x-www-form-urlencoded") => {
            let query = std::str::from_utf8(&request.body).map_err(|_| broken("the query is not text"))?;
            query.clone_into(&mut inner.query);
            inner.body = Bytes::new();
            inner.headers.remove(header::CONTENT_TYPE);
        }
        Some("multipart/mixed") => {
            let (query, body) = parts(request).ok_or_else(|| broken("the multipart body is malformed"))?;
            inner.query = query;
            inner.body = body;
            inner.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        _ => return Err(broken("the body must be a form or multipart/mixed")),
    }
    Ok(inner)
}

/// The query and the JSON body of a multipart tunnel: exactly two parts, lines ended by CRLF.
fn parts(request: &Incoming) -> Option<(String, Bytes)> {
    let parameter = request.header(header::CONTENT_TYPE.as_str())?.split_once("boundary=")?.1;
    let boundary = parameter.split(';').next()?.trim().trim_matches('"');
    if boundary.is_empty() {
        return None;
    }
    let text = std::str::from_utf8(&request.body).ok()?;
    let text = text.strip_prefix("\r\n").unwrap_or(text);
    let text = text.strip_prefix(&format!("--{boundary}\r\n"))?;
    let (first, rest) = text.split_once(&format!("\r\n--{boundary}\r\n"))?;
    let (second, end) = rest.split_once(&format!("\r\n--{boundary}--"))?;
    if !end.trim().is_empty() {
        return None;
    }
    let query = part(first, "application/x-www-form-urlencoded")?;
    let body = part(second, "application/json")?;
    Some((query.to_owned(), Bytes::copy_from_slice(body.as_bytes())))
}

/// The content of a part of this media type.
fn part<'a>(text: &'a str, media_type: &str) -> Option<&'a str> {
    let (head, content) = text.split_once("\r\n\r\n")?;
    let right = head.split("\r\n").any(|line| {
        line.split_once(':').is_some_and(|(name, value)| {
            let value = value.split(';').next().unwrap_or_default();
            name.trim().eq_ignore_ascii_case("content-type") && value.trim().eq_ignore_ascii_case(media_type)
        })
    });
    right.then_some(content)
}
