//! `?action=initializeUpload`: addresses for a new asset.

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{
    super::super::{
        access,
        answer::{ApiError, entity},
        api::{Call, json_object},
        post_rules::{Author, is_urn, known_only, missing, object, required_text, wrong},
    },
    asset::{Address, Asset, Kind, Target},
};
use crate::state::State;

/// Size of the parts of a video, in bytes; the last one has the rest.
const PART: u64 = 4_194_304;
/// Largest video any document names: 5 GB. The guidance of 500 MB is no limit of the platform.
const MAX_VIDEO: u64 = 5 * 1024 * 1024 * 1024;
/// Life of upload addresses, in milliseconds: 30 days.
const LIFE: i64 = 30 * 86_400_000;
/// The version that brought fields for templates and links back.
const TEMPLATES_SINCE: &str = "202602";

const ROOT: &str = "/initializeUploadRequest";

/// What a video is going to be.
struct Video {
    size: u64,
    captions: bool,
    thumbnail: bool,
}

pub(super) fn initialize(call: &mut Call<'_>, kind: Kind) -> Result<Response, ApiError> {
    call.query.only(&["action"])?;
    let body = json_object(call)?;
    known_only(&body, &["initializeUploadRequest"], "")?;
    let ask = object(body.get("initializeUploadRequest").ok_or_else(|| missing(ROOT))?, ROOT)?;
    let mut known = vec!["owner", "mediaLibraryMetadata"];
    if kind == Kind::Video {
        known.extend(["fileSizeBytes", "uploadCaptions", "uploadThumbnail"]);
        if call.version.as_str() >= TEMPLATES_SINCE {
            known.extend(["templateName", "linkbackContext"]);
        }
    }
    known_only(ask, &known, ROOT)?;
    let field = format!("{ROOT}/owner");
    let owner = Author::read(required_text(ask, "owner", &field)?, &field)?;
    library(ask)?;
    let video = if kind == Kind::Video { Some(video(ask)?) } else { None };
    access::may_make(call, &owner, (kind.resource(), "ACTION-initializeUpload"), &field)?;

    let expires = call.state.now().saturating_add(LIFE);
    let urn = new_urn(call.state, kind);
    let targets = targets(video.as_ref());
    // A token comes with several parts only, so that both of its looks are met: something, and the empty text.
    let token = if targets.iter().filter(|target| matches!(target, Target::Part { .. })).count() > 1 {
        call.state.random_hex()
    } else {
        String::new()
    };
    let asset = Asset {
        addresses: targets.into_iter().map(|target| address(call.state, target)).collect(),
        urn,
        kind,
        owner: owner.urn().to_owned(),
        member: call.member.urn(),
        expires,
        token,
        head: Vec::new(),
        has_captions: false,
        has_thumbnail: false,
        arrived: None,
    };
    let value = value(&asset, &call.shared.url);
    call.state.linkedin.media.assets.push(asset);
    Ok(entity(call.state, &json!({ "value": value })))
}

/// Where the asset appears in the media library.
fn library(ask: &Map<String, Value>) -> Result<(), ApiError> {
    let path = format!("{ROOT}/mediaLibraryMetadata");
    let Some(library) = ask.get("mediaLibraryMetadata") else { return Ok(()) };
    let library = object(library, &path)?;
    known_only(library, &["associatedAccount", "assetName"], &path)?;
    let account = required_text(library, "associatedAccount", &format!("{path}/associatedAccount"))?;
    if is_urn(&account, &["sponsoredAccount"]) {
        return Ok(());
    }
    let why = "must be a sponsoredAccount URN";
    Err(ApiError::field(
        "INVALID_URN_TYPE",
        "/initializeUploadRequest/mediaLibraryMetadata/associatedAccount",
        why,
    ))
}

fn video(ask: &Map<String, Value>) -> Result<Video, ApiError> {
    let path = format!("{ROOT}/fileSizeBytes");
    let size = ask.get("fileSizeBytes").ok_or_else(|| missing(&path))?;
    let size = size.as_u64().filter(|size| (1..=MAX_VIDEO).contains(size));
    let size = size.ok_or_else(|| wrong(&path, "must be the size of the file in bytes"))?;
    let flag = |name: &str| match ask.get(name) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(wrong(&format!("{ROOT}/{name}"), "must be a boolean")),
    };
    Ok(Video { size, captions: flag("uploadCaptions")?, thumbnail: flag("uploadThumbnail")? })
}

fn targets(video: Option<&Video>) -> Vec<Target> {
    let Some(video) = video else { return vec![Target::Whole] };
    let mut targets = Vec::new();
    let mut first = 0;
    while first < video.size {
        let end = first.saturating_add(PART).min(video.size);
        targets.push(Target::Part { first, last: end.saturating_sub(1), etag: None });
        first = end;
    }
    if video.captions {
        targets.push(Target::Captions);
    }
    if video.thumbnail {
        targets.push(Target::Thumbnail);
    }
    targets
}

/// Opaque ids, as the platform gives them.
fn new_urn(state: &mut State, kind: Kind) -> String {
    let start = match kind {
        Kind::Image => "C4E10AQ",
        Kind::Video => "C5F10AQ",
        Kind::Document => "D4E1FAQ",
    };
    let random = state.random_hex();
    format!("urn:li:{}:{start}{}-_", kind.name(), random.get(..16).unwrap_or_default())
}

/// Nobody can guess the address, and what is escaped in its query must stay escaped.
fn address(state: &mut State, target: Target) -> Address {
    let secret = state.random_hex();
    let (id, signature) = secret.split_at_checked(24).unwrap_or((secret.as_str(), ""));
    let what = match target {
        Target::Whole => "uploaded-file",
        Target::Part { .. } => "uploadedVideo",
        Target::Captions => "captions",
        Target::Thumbnail => "thumbnail",
    };
    let path = format!(
        "/dms-uploads/sp/{id}/{what}/0?ca=vector_feedshare&cn=uploads&sync=0&v=beta&ut={signature}%2B%3D~1"
    );
    Address { path, target }
}

fn value(asset: &Asset, base: &str) -> Value {
    let full = |address: &Address| format!("{base}/linkedin{}", address.path);
    if asset.kind != Kind::Video {
        let first = asset.addresses.first().map(full);
        return json!({"uploadUrlExpiresAt": asset.expires, "uploadUrl": first, (asset.kind.name()): asset.urn});
    }
    let mut value =
        json!({"uploadUrlsExpireAt": asset.expires, "video": asset.urn, "uploadToken": asset.token});
    let mut parts = Vec::new();
    for address in &asset.addresses {
        let name = match address.target {
            Target::Part { first, last, .. } => {
                parts.push(json!({"uploadUrl": full(address), "firstByte": first, "lastByte": last}));
                continue;
            }
            Target::Captions => "captionsUploadUrl",
            Target::Thumbnail => "thumbnailUploadUrl",
            Target::Whole => continue,
        };
        if let Some(fields) = value.as_object_mut() {
            fields.insert(name.to_owned(), json!(full(address)));
        }
    }
    if let Some(fields) = value.as_object_mut() {
        fields.insert("uploadInstructions".to_owned(), Value::Array(parts));
    }
    value
}
