//! Images, videos and documents: `/rest/images`, `/rest/videos`, `/rest/documents`, and the addresses uploads go to.

mod asset;
mod file;
mod finalize;
mod initialize;
mod upload;

use axum::response::Response;
use http::Method;
use serde_json::Value;

pub(crate) use self::{asset::usable, upload::receive};
use self::{
    asset::{Asset, Kind},
    finalize::finalize,
    initialize::initialize,
};
use super::super::{
    access,
    answer::{ApiError, batch, entity},
    api::{Call, urn},
    post_rules::is_urn,
};

/// Scopes that make a token more than write-only.
const READING: [&str; 6] = [
    "r_member_social",
    "r_organization_social",
    "w_organization_social",
    "rw_organization_admin",
    "r_ads",
    "rw_ads",
];

/// What the platform holds here.
#[derive(Debug, Default)]
pub(crate) struct Held {
    assets: Vec<Asset>,
}

impl Held {
    fn asset(&mut self, urn: &str) -> Option<&mut Asset> {
        self.assets.iter_mut().find(|asset| asset.urn == urn)
    }
}

/// Answers what is its own.
pub(super) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Result<Response, ApiError>> {
    let (resource, rest) = path.split_first()?;
    let kind =
        [Kind::Image, Kind::Video, Kind::Document].into_iter().find(|kind| kind.resource() == *resource)?;
    Some(answer(call, kind, rest))
}

fn answer(call: &mut Call<'_>, kind: Kind, rest: &[&str]) -> Result<Response, ApiError> {
    match (rest, call.request.method.clone()) {
        ([], Method::POST) => match call.query.text("action")?.as_deref() {
            Some("initializeUpload") => initialize(call, kind),
            Some("finalizeUpload") if kind == Kind::Video => finalize(call),
            Some(_) => Err(ApiError::illegal_argument("Parameter 'action' is invalid")),
            None => Err(ApiError::method_not_allowed()),
        },
        ([], Method::GET) if call.query.has("ids") => several(call, kind),
        ([key], Method::GET) => {
            call.query.only(&[])?;
            let asset = read(call, kind, &urn(key)?, "GET")?;
            Ok(entity(call.state, &asset))
        }
        ([] | [_], _) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

fn several(call: &mut Call<'_>, kind: Kind) -> Result<Response, ApiError> {
    call.query.only(&["ids"])?;
    let ids = call.query.texts("ids")?.unwrap_or_default();
    if ids.is_empty() || !ids.iter().all(|id| is_urn(id, &[kind.name()])) {
        return Err(ApiError::illegal_argument("Parameter 'ids' is invalid"));
    }
    let fates = ids.into_iter().map(|id| {
        let fate = read(call, kind, &id, "BATCH_GET");
        (id, fate)
    });
    let fates = fates.collect();
    Ok(batch(call.state, fates))
}

/// The asset, if the token may see it. Looking at it lets time pass.
fn read(call: &mut Call<'_>, kind: Kind, urn: &str, method: &str) -> Result<Value, ApiError> {
    if !is_urn(urn, &[kind.name()]) {
        return Err(ApiError::illegal_argument("Syntax exception in path variables"));
    }
    let reads = READING.iter().any(|scope| call.claims.has_scope(scope));
    let writes = call.claims.has_scope("w_member_social");
    // Whoever may upload videos may ask how they are doing; images and documents stay dark to write-only tokens.
    let may_read = reads || (writes && kind == Kind::Video);
    if !may_read {
        return Err(ApiError::denied(kind.resource(), method, Some(&call.version)));
    }
    let owner = call.state.linkedin.media.asset(urn).map(|asset| asset.owner.clone());
    let owner = owner.ok_or_else(ApiError::not_found)?;
    if !access::posts_for(call, &owner) {
        return Err(match kind {
            Kind::Video => {
                ApiError::new(403, "Accessing this video resource is forbidden by the current viewer")
                    .code("ACCESS_DENIED")
                    .service_code(100)
            }
            Kind::Image | Kind::Document => ApiError::denied(kind.resource(), method, Some(&call.version)),
        });
    }
    let now = call.state.now();
    let base = call.shared.url.as_str();
    let asset = call.state.linkedin.media.asset(urn).ok_or_else(ApiError::not_found)?;
    Ok(asset.represent(now, base))
}
