//! Plays `rupload.facebook.com`, below the same address as the Graph API. Its paths carry the version in second place,
//! its errors have a shape of their own, and it takes no token but one in a header with the scheme `OAuth`.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};
use url::Url;

use super::{
    super::super::{caller::read_claims, is_version},
    transfer::{Transfer, length},
};
use crate::{
    request::Incoming,
    state::{Shared, State},
    token::{Claims, Kind},
};

/// An error of the upload host.
#[derive(Debug)]
struct Refusal {
    status: StatusCode,
    kind: &'static str,
    is_retriable: bool,
    message: &'static str,
}

impl Refusal {
    fn new(kind: &'static str, message: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind, is_retriable: false, message }
    }

    fn not_authorized() -> Self {
        Self::new("NotAuthorizedError", "The request is not authorized for this upload.")
    }
}

/// Answers the call if it is for the upload host.
pub(crate) fn handle(
    shared: &Shared,
    state: &mut State,
    request: &Incoming,
    segments: &[&str],
) -> Option<Response> {
    let (product, rest) = segments.split_first()?;
    if !matches!(*product, "video-upload" | "ig-api-upload") {
        return None;
    }
    let id = match rest {
        [version, id] if is_version(version) => {
            if !shared.config.graph_versions.iter().any(|known| known == version) {
                return Some(refuse(&Refusal::new("UnknownVersionError", "There is no such version.")));
            }
            *id
        }
        // Some of Meta's own samples leave the version out here.
        [id] => *id,
        _ => return Some(refuse(&Refusal::new("NotFoundError", "There is no such upload."))),
    };
    Some(match receive(shared, state, request, product, id) {
        Ok(()) => answer(StatusCode::OK, &json!({"success": true})),
        Err(refusal) => refuse(&refusal),
    })
}

fn receive(
    shared: &Shared,
    state: &mut State,
    request: &Incoming,
    product: &str,
    id: &str,
) -> Result<(), Refusal> {
    if request.method != Method::POST {
        return Err(Refusal::new("MethodNotAllowedError", "Bytes are sent with POST."));
    }
    let token = request.authorization(&["OAuth"]).ok_or_else(Refusal::not_authorized)?;
    let claims = read_claims(shared, token).ok_or_else(Refusal::not_authorized)?;
    state.check(&claims).map_err(|_dead| Refusal::not_authorized())?;
    let now = state.now_seconds();
    let transfer = find(shared, state, product, id, &claims)?;
    if transfer.is_complete() {
        return Err(Refusal::new("ProcessingFailedError", "The upload is complete already."));
    }
    let outcome = match request.header("file_url") {
        Some(address) => hosted(transfer, request, address, now),
        None => part(transfer, request, now),
    };
    let is_whole = outcome.is_ok() && transfer.is_complete();
    if is_whole && product == "ig-api-upload" {
        state.areas.instagram.bytes_arrived(id, now);
    }
    outcome
}

/// The file that the caller may send. Who may not send it does not learn whether there is one.
fn find<'s>(
    shared: &Shared,
    state: &'s mut State,
    product: &str,
    id: &str,
    claims: &Claims,
) -> Result<&'s mut Transfer, Refusal> {
    let of_page = claims.page.as_deref().filter(|_| claims.kind == Kind::MetaPage);
    let found = if product == "video-upload" {
        of_page.and_then(|page| state.areas.page_media.waiting_video(page, id))
    } else {
        // The account belongs to the person who has the Pages of the world.
        let awaits = state.areas.instagram.awaits_bytes(id).is_some();
        let may_send = awaits && shared.config.world.has_pages(&claims.person);
        may_send.then(|| state.areas.uploads.containers.entry(id.to_owned()).or_default())
    };
    found.ok_or_else(Refusal::not_authorized)
}

fn hosted(transfer: &mut Transfer, request: &Incoming, address: &str, now: i64) -> Result<(), Refusal> {
    if !request.body.is_empty() {
        return Err(Refusal::new("InvalidRequestError", "A hosted file goes without a body."));
    }
    let host = Url::parse(address).ok().filter(|url| url.scheme() == "https");
    let host = host.and_then(|url| url.host_str().map(str::to_owned));
    match host.as_deref() {
        // Reserved: no such host exists.
        None => return Err(Refusal::new("InvalidRequestError", "The address of the file is not https.")),
        Some(host) if host == "fbcdn.net" || host.ends_with(".fbcdn.net") => {
            return Err(Refusal::new(
                "ProcessingFailedError",
                "Files of the platform's own servers are refused.",
            ));
        }
        Some(host) if host.ends_with(".invalid") => {
            return Err(Refusal::new("ProcessingFailedError", "The file could not be fetched."));
        }
        Some(_) => {}
    }
    *transfer = Transfer::hosted(now);
    Ok(())
}

fn part(transfer: &mut Transfer, request: &Incoming, now: i64) -> Result<(), Refusal> {
    let number = |name: &str| request.header(name).and_then(|text| text.parse::<u64>().ok());
    let (Some(offset), Some(size)) = (number("offset"), number("file_size")) else {
        return Err(Refusal::new("InvalidRequestError", "The headers offset and file_size are needed."));
    };
    if size == 0 || request.body.is_empty() {
        return Err(Refusal::new("InvalidRequestError", "The file is empty."));
    }
    if transfer.size.is_some_and(|announced| announced != size) {
        return Err(Refusal::new("InvalidRequestError", "The file_size is another than before."));
    }
    if offset != transfer.received {
        return Err(Refusal {
            status: StatusCode::PRECONDITION_FAILED,
            kind: "OffsetInvalidError",
            is_retriable: true,
            message: "Request starting offset is invalid",
        });
    }
    if offset.saturating_add(length(&request.body)) > size {
        return Err(Refusal::new("InvalidRequestError", "There are more bytes than file_size says."));
    }
    transfer.size = Some(size);
    transfer.append(&request.body, now);
    if transfer.is_complete() {
        return Ok(());
    }
    // What came is kept: the sender asks how far it got, and goes on from there.
    Err(Refusal {
        is_retriable: true,
        ..Refusal::new("PartialRequestError", "Partial request (did not match length of file)")
    })
}

fn refuse(refusal: &Refusal) -> Response {
    let info = json!({"retriable": refusal.is_retriable, "type": refusal.kind, "message": refusal.message});
    answer(refusal.status, &json!({"debug_info": info}))
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    (status, headers, body.to_string()).into_response()
}
