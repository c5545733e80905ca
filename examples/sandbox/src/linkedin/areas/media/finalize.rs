//! `/rest/videos?action=finalizeUpload`: the parts become one file.

use axum::response::Response;
use serde_json::Value;

use super::{
    super::super::{
        access,
        answer::{ApiError, ok},
        api::{Call, json_object},
        post_rules::{Author, is_urn, known_only, missing, object, required_text, wrong},
    },
    asset::{Arrived, Kind, Target},
    file,
};

const ROOT: &str = "/finalizeUploadRequest";

pub(super) fn finalize(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&["action"])?;
    let body = json_object(call)?;
    known_only(&body, &["finalizeUploadRequest"], "")?;
    let ask = object(body.get("finalizeUploadRequest").ok_or_else(|| missing(ROOT))?, ROOT)?;
    known_only(ask, &["video", "uploadToken", "uploadedPartIds"], ROOT)?;
    let field = format!("{ROOT}/video");
    let urn = required_text(ask, "video", &field)?;
    if !is_urn(&urn, &["video"]) {
        return Err(ApiError::field("INVALID_URN_TYPE", &field, "must be a video URN"));
    }
    // The token is sent back even when it is the empty text.
    let token = required_text(ask, "uploadToken", &format!("{ROOT}/uploadToken"))?;
    let path = format!("{ROOT}/uploadedPartIds");
    let ids = ask.get("uploadedPartIds").ok_or_else(|| missing(&path))?;
    let ids: Option<Vec<&str>> = ids.as_array().and_then(|ids| ids.iter().map(Value::as_str).collect());
    let ids = ids.ok_or_else(|| wrong(&path, "must be an array of strings"))?;

    let now = call.state.now();
    let owner = call.state.linkedin.media.asset(&urn).map(|asset| asset.owner.clone());
    let owner = owner.ok_or_else(|| ApiError::field("INVALID_VIDEO_ID", &field, "no such upload"))?;
    let owner = Author::read(owner, &field)?;
    access::may_make(call, &owner, (Kind::Video.resource(), "ACTION-finalizeUpload"), &field)?;
    let asset = call.state.linkedin.media.asset(&urn).ok_or_else(ApiError::not_found)?;
    if asset.token != token {
        let path = format!("{ROOT}/uploadToken");
        return Err(ApiError::field("UPDATING_ASSET_FAILED", &path, "is not the token of this upload"));
    }
    let parts = asset.addresses.iter().filter_map(|address| match &address.target {
        Target::Part { etag, .. } => Some(etag.as_deref()),
        Target::Whole | Target::Captions | Target::Thumbnail => None,
    });
    let Some(parts) = parts.collect::<Option<Vec<&str>>>() else {
        return Err(ApiError::field("MEDIA_ASSET_WAITING_UPLOAD", &path, "parts of the video are missing"));
    };
    if parts != ids {
        let why = "are not the ETags of all parts in their order";
        return Err(ApiError::field("UPDATING_ASSET_FAILED", &path, why));
    }
    // Finished once is finished: the same call again changes nothing.
    if asset.arrived.is_none() {
        asset.arrived = Some(Arrived { at: now, looks: 0, fault: file::fault(Kind::Video, &asset.head) });
    }
    Ok(ok(call.state))
}
