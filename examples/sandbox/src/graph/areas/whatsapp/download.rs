//! The bytes of media: stands for `lookaside.fbsbx.com/whatsapp_business/attachments/`.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::super::super::caller::read_claims;
use crate::{
    request::Incoming,
    state::{Inner, State},
};

/// Answers a download; `None` when the path is another. The address is signed, and wants the bearer all the same.
pub(crate) fn handle(
    shared: &Inner,
    state: &State,
    request: &Incoming,
    segments: &[&str],
) -> Option<Response> {
    (segments == ["whatsapp_business", "attachments"]).then(|| download(shared, state, request))
}

fn download(shared: &Inner, state: &State, request: &Incoming) -> Response {
    let refuse = |status: StatusCode| status.into_response();
    if request.method != Method::GET {
        return refuse(StatusCode::METHOD_NOT_ALLOWED);
    }
    let claims = request.authorization(&["Bearer"]).and_then(|token| read_claims(shared, token));
    let may = claims.is_some_and(|claims| {
        state.check(&claims).is_ok()
            && shared.config.world.has_pages(&claims.person)
            && claims.page.is_none()
            && claims.has_scope(super::MESSAGING)
    });
    if !may {
        return refuse(StatusCode::UNAUTHORIZED);
    }
    let query = request.query_form();
    let (id, signature) = (query.get("mid").unwrap_or_default(), query.get("hash").unwrap_or_default());
    let now = state.now_seconds();
    let media = state.areas.whatsapp.media.get(id);
    let Some(media) = media.filter(|media| media.is_there(now) && media.has_link(signature, now)) else {
        return refuse(StatusCode::NOT_FOUND);
    };
    let length = media.content.len();
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Ok(mime) = HeaderValue::from_str(&media.mime) {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    let Some(wanted) = request.header(header::RANGE.as_str()) else {
        return (StatusCode::OK, headers, media.content.clone()).into_response();
    };
    let part = range(wanted, length).and_then(|(start, end)| {
        let last = end.saturating_sub(1);
        let text = HeaderValue::from_str(&format!("bytes {start}-{last}/{length}")).ok()?;
        headers.insert(header::CONTENT_RANGE, text);
        media.content.get(start..end).map(|part| media.content.slice_ref(part))
    });
    match part {
        Some(part) => (StatusCode::PARTIAL_CONTENT, headers, part).into_response(),
        None => refuse(StatusCode::RANGE_NOT_SATISFIABLE),
    }
}

/// The one range asked for, end excluded: `bytes=0-99`, `bytes=100-`, `bytes=-50`.
fn range(text: &str, length: usize) -> Option<(usize, usize)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    if first.is_empty() {
        let count: usize = last.parse().ok()?;
        return (count > 0 && length > 0).then(|| (length.saturating_sub(count), length));
    }
    let start: usize = first.parse().ok()?;
    let end =
        if last.is_empty() { length } else { last.parse::<usize>().ok()?.saturating_add(1).min(length) };
    (start < end).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn a_range_is_read_with_its_end_excluded() {
        for (text, expected) in [
            ("bytes=0-3", Some((0, 4))),
            ("bytes=4-", Some((4, 10))),
            ("bytes=8-99", Some((8, 10))),
            ("bytes=-3", Some((7, 10))),
            ("bytes=10-12", None),
            ("bytes=5-4", None),
            ("items=0-3", None),
            ("bytes=a-b", None),
        ] {
            assert_eq!(range(text, 10), expected, "{text}");
        }
    }
}
