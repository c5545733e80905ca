//! Paging by token: `pageSize`, `pageToken`, `metadata.nextPageToken`.

use axum::response::Response;
use serde_json::{Value, json};

use super::super::super::{
    answer::{ApiError, entity},
    api::Call,
};
use crate::mac::{hex, hmac_sha256};

/// Elements of a page that says no size, and the most of any.
const USUAL: usize = 100;
const MOST: usize = 1000;

/// Refuses the paging by offset that these resources once had.
pub(super) fn refuse_offset(call: &Call<'_>) -> Result<(), ApiError> {
    for name in ["start", "count"] {
        if call.query.text(name)?.is_some() {
            let message = format!("Parameter '{name}' is not supported: use pageSize and pageToken");
            return Err(ApiError::illegal_argument(message));
        }
    }
    Ok(())
}

/// One page. A token is good for the same question only.
pub(super) fn answer(call: &mut Call<'_>, elements: &[Value]) -> Result<Response, ApiError> {
    let size = call.query.number("pageSize")?.unwrap_or(USUAL);
    if size == 0 || size > MOST {
        return Err(ApiError::illegal_argument("Parameter 'pageSize' is invalid"));
    }
    let question: Vec<String> = call.query.without(&["pageSize", "pageToken", "fields"]).collect();
    let question = format!("{}?{}", call.request.path, question.join("&"));
    let token = |offset: usize| {
        let text = format!("{offset}:{question}");
        let tag = hmac_sha256(call.shared.config.seed.as_bytes(), &[text.as_bytes()]);
        format!("{offset:x}-{}", hex(tag.get(..8).unwrap_or_default()))
    };
    let start = match call.query.text("pageToken")? {
        None => 0,
        Some(sent) => {
            let offset = sent.split_once('-').and_then(|(offset, _)| usize::from_str_radix(offset, 16).ok());
            let offset = offset.filter(|offset| token(*offset) == sent);
            offset.ok_or_else(|| ApiError::illegal_argument("Parameter 'pageToken' is invalid"))?
        }
    };
    let end = start.saturating_add(size).min(elements.len());
    let page = elements.get(start..end).unwrap_or_default();
    let metadata = if end < elements.len() { json!({"nextPageToken": token(end)}) } else { json!({}) };
    Ok(entity(call.state, &json!({"elements": page, "metadata": metadata})))
}
