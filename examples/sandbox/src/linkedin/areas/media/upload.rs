//! The addresses that bytes are put to: `/dms-uploads/…` on `www.linkedin.com`.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, StatusCode, header};

use super::{
    super::super::{answer::ApiError, token},
    asset::{Arrived, Asset, Kind, Target},
    file::{self, HEAD},
};
use crate::{
    mac::{hex, hmac_sha256},
    request::Incoming,
    state::{Shared, State},
    token::Kind as TokenKind,
};

/// Takes what is put to an upload address. This host speaks no Rest.li.
pub(crate) fn receive(shared: &Shared, request: &Incoming) -> Response {
    let mut state = shared.lock();
    match take(shared, &mut state, request) {
        Ok(Some(etag)) => match HeaderValue::from_str(&etag) {
            Ok(etag) => (StatusCode::OK, [(header::ETAG, etag)]).into_response(),
            Err(_) => StatusCode::OK.into_response(),
        },
        Ok(None) => StatusCode::CREATED.into_response(),
        Err(Refusal::Plain(status, why)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, format!("<html><body>{why}</body></html>")).into_response()
        }
        Err(Refusal::Coded(error)) => error.respond_with(&mut state),
    }
}

enum Refusal {
    /// A page, as the edge answers.
    Plain(u16, &'static str),
    Coded(ApiError),
}

/// The ETag of a part; nothing for a whole file.
fn take(shared: &Shared, state: &mut State, request: &Incoming) -> Result<Option<String>, Refusal> {
    let now = state.now();
    let asked = format!("{}?{}", request.path, request.query);
    let mut assets = state.linkedin.media.assets.iter().enumerate();
    let found = assets.find_map(|(index, asset)| {
        let place = asset.addresses.iter().position(|address| address.path == asked)?;
        Some((index, place))
    });
    let (index, place) = found.ok_or(Refusal::Plain(404, "Not found"))?;
    if request.method != Method::PUT {
        return Err(Refusal::Plain(405, "Method not allowed"));
    }
    whole_body(request)?;
    let Some(asset) = state.linkedin.media.assets.get(index) else {
        return Err(Refusal::Plain(404, "Not found"));
    };
    if asset.kind != Kind::Video {
        let member = asset.member.clone();
        check_bearer(shared, state, request, &member)?;
    }
    let Some(asset) = state.linkedin.media.assets.get_mut(index) else {
        return Err(Refusal::Plain(404, "Not found"));
    };
    if asset.expires <= now {
        let error = ApiError::new(401, "The upload address has expired").code("EXPIRED_UPLOAD_URL");
        return Err(Refusal::Coded(error));
    }
    if asset.arrived.is_some() {
        return Err(Refusal::Plain(400, "The upload is complete"));
    }
    put(asset, place, request, now)
}

/// One request with a length has it all: no chunks, no forms.
fn whole_body(request: &Incoming) -> Result<(), Refusal> {
    if request.headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(Refusal::Plain(400, "Bad body"));
    }
    if !request.headers.contains_key(header::CONTENT_LENGTH) {
        return Err(Refusal::Plain(411, "Length required"));
    }
    let is_form = request.media_type().is_some_and(|kind| kind.starts_with("multipart/"));
    if is_form || request.body.is_empty() {
        return Err(Refusal::Plain(400, "Bad body"));
    }
    Ok(())
}

/// Images and documents are put with the token of the member who asked for the address.
fn check_bearer(shared: &Shared, state: &State, request: &Incoming, member: &str) -> Result<(), Refusal> {
    let unauthorized = Refusal::Plain(401, "Unauthorized");
    let Some(token) = request.authorization(&["Bearer"]) else { return Err(unauthorized) };
    let claims = token::read(shared, token).filter(|claims| claims.kind == TokenKind::LinkedInAccess);
    match claims {
        Some(claims)
            if state.check(&claims).is_ok() && format!("urn:li:person:{}", claims.person) == member =>
        {
            Ok(())
        }
        _ => Err(unauthorized),
    }
}

fn put(asset: &mut Asset, place: usize, request: &Incoming, now: i64) -> Result<Option<String>, Refusal> {
    let body = &request.body;
    let target = asset.addresses.get(place).map(|address| address.target.clone());
    match target {
        Some(Target::Part { first, last, etag }) => {
            let expected = last.saturating_sub(first).saturating_add(1);
            if u64::try_from(body.len()).ok() != Some(expected) {
                return Err(Refusal::Plain(400, "The part has another size"));
            }
            // A part is known by its place and its bytes.
            let made = hmac_sha256(asset.urn.as_bytes(), &[&first.to_be_bytes(), body]);
            let new = format!("/ambry-video/signedId/{}", hex(&made));
            match etag {
                // A part sent again because its answer was lost.
                Some(etag) if etag == new => return Ok(Some(etag)),
                Some(_) => return Err(Refusal::Plain(400, "The part is there with other bytes")),
                None => {}
            }
            let before = asset.addresses.get(..place).unwrap_or_default();
            if before.iter().any(|address| matches!(address.target, Target::Part { etag: None, .. })) {
                return Err(Refusal::Plain(400, "The part before is missing"));
            }
            if place == 0 {
                asset.head = body.iter().take(HEAD).copied().collect();
            }
            if let Some(address) = asset.addresses.get_mut(place) {
                address.target = Target::Part { first, last, etag: Some(new.clone()) };
            }
            Ok(Some(new))
        }
        Some(Target::Captions) => {
            asset.has_captions = true;
            Ok(None)
        }
        Some(Target::Thumbnail) if file::is_image(body) => {
            asset.has_thumbnail = true;
            Ok(None)
        }
        Some(Target::Thumbnail) => Err(Refusal::Plain(400, "The thumbnail is no image")),
        Some(Target::Whole) | None => {
            asset.head = body.iter().take(HEAD).copied().collect();
            asset.arrived = Some(Arrived { at: now, looks: 0, fault: file::fault(asset.kind, &asset.head) });
            Ok(None)
        }
    }
}
