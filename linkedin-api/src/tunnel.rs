//! Query tunnelling: a query that is too long for a URL travels in the body of a POST (Rest.li protocol,
//! "Query tunnelling").

use bytes::{Bytes, BytesMut};
use http::{HeaderName, HeaderValue, Method};
use sociogram_api_core::http::{Body, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};

/// LinkedIn's own clients tunnel above this many characters; the server refuses 4 KiB.
const MAX_QUERY: usize = 4000;

const OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");
const FORM: &str = "application/x-www-form-urlencoded";

/// Moves the query into the body if it cannot stay in the URL. All headers stay.
pub(crate) fn apply(parts: &mut RequestParts) -> Result<(), InvalidRequest> {
    if !must_tunnel(parts.query_string()) {
        return Ok(());
    }
    let method = HeaderValue::from_str(parts.method().as_str()).map_err(|_| {
        Finding::error("linkedin.tunnel.method", "method", "the method cannot be written as a header")
    })?;
    let query = parts.take_query();
    let (body, content_type) = match parts.content() {
        None => (Bytes::from(query), HeaderValue::from_static(FORM)),
        Some((Body::Bytes(body), content_type)) => mixed(&query, &body, &content_type)?,
        Some(_) => return Err(streamed().into()),
    };
    parts.header(OVERRIDE, method).set_method(Method::POST).body(body.into(), content_type);
    Ok(())
}

/// URL libraries escape a bare quote in a query, which would turn empty text (`''`) into two quotes.
fn must_tunnel(query: &str) -> bool {
    query.len() > MAX_QUERY || query.contains('\'')
}

/// `multipart/mixed`: the query, then the original body.
fn mixed(
    query: &str,
    body: &Bytes,
    content_type: &HeaderValue,
) -> Result<(Bytes, HeaderValue), InvalidRequest> {
    let boundary = boundary(query.as_bytes(), body);
    let mut out = BytesMut::with_capacity(query.len() + body.len() + 256);
    for (kind, content) in [(FORM.as_bytes(), query.as_bytes()), (content_type.as_bytes(), body)] {
        for piece in [b"--", boundary.as_bytes(), b"\r\nContent-Type: ", kind, b"\r\n\r\n", content, b"\r\n"]
        {
            out.extend_from_slice(piece);
        }
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let content_type =
        HeaderValue::try_from(format!("multipart/mixed; boundary={boundary}")).map_err(|_| {
            Finding::error("linkedin.tunnel.boundary", "body", "the boundary cannot be written as a header")
        })?;
    Ok((out.freeze(), content_type))
}

/// The first of `sociogram-0`, `sociogram-1`, … that occurs in neither part.
fn boundary(query: &[u8], body: &[u8]) -> String {
    let mut number = 0u64;
    loop {
        let boundary = format!("sociogram-{number}");
        let occurs = |part: &[u8]| part.windows(boundary.len()).any(|window| window == boundary.as_bytes());
        if !occurs(query) && !occurs(body) {
            return boundary;
        }
        number += 1;
    }
}

fn streamed() -> Finding {
    Finding::error("linkedin.tunnel.body", "query", "the query is too long to be sent beside a streamed body")
        .allowed(format_args!("{MAX_QUERY} characters"))
        .advice("ask for less in one call")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(method: Method, query: &str) -> RequestParts {
        let mut parts = RequestParts::new(method, "/rest/posts");
        parts.encoded_query(query);
        parts
    }

    fn body(parts: &RequestParts) -> (String, String) {
        let (body, content_type) = parts.content().unwrap();
        let Body::Bytes(bytes) = body else { panic!("not bytes") };
        (String::from_utf8(bytes.to_vec()).unwrap(), content_type.to_str().unwrap().to_owned())
    }

    fn long(length: usize) -> String {
        format!("ids={}", "1".repeat(length - 4))
    }

    #[test]
    fn up_to_the_limit_the_query_stays() {
        let mut parts = parts(Method::GET, &long(4000));
        apply(&mut parts).unwrap();
        assert_eq!((parts.method(), parts.query_string().len()), (&Method::GET, 4000));
        assert!(parts.content().is_none() && parts.headers_mut().is_empty());
    }

    #[test]
    fn above_it_the_query_becomes_the_body_and_the_verb_is_kept() {
        for method in [Method::GET, Method::DELETE, Method::POST] {
            let mut parts = parts(method.clone(), &long(4001));
            crate::RestliMethod::BatchGet.mark(&mut parts);
            apply(&mut parts).unwrap();
            assert_eq!((parts.method(), parts.query_string()), (&Method::POST, ""));
            assert_eq!(parts.headers_mut()["x-http-method-override"], method.as_str());
            assert_eq!(parts.headers_mut()["x-restli-method"], "batch_get");
            assert_eq!(body(&parts), (long(4001), FORM.to_owned()));
        }
    }

    #[test]
    fn a_body_is_kept_beside_the_query() {
        let mut parts = parts(Method::PUT, &long(4001));
        parts.json(&serde_json::json!({"a": "sociogram-0"})).unwrap();
        apply(&mut parts).unwrap();
        assert_eq!(parts.headers_mut()["x-http-method-override"], "PUT");
        let (text, content_type) = body(&parts);
        assert_eq!(content_type, "multipart/mixed; boundary=sociogram-1");
        let expected = format!(
            "--sociogram-1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n{}\r\n\
             --sociogram-1\r\nContent-Type: application/json\r\n\r\n{{\"a\":\"sociogram-0\"}}\r\n--sociogram-1--\r\n",
            long(4001)
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn empty_text_in_a_query_is_kept_from_url_libraries() {
        let text = "https://api.linkedin.com/rest/x?k=''";
        assert_ne!(url::Url::parse(text).unwrap().as_str(), text, "no tunnel needed any more");
        let mut parts = parts(Method::GET, "k=''");
        apply(&mut parts).unwrap();
        assert_eq!(body(&parts).0, "k=''");
    }
}
