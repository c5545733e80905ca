//! Cursor paging.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Call, answer::GraphError};
use crate::request::encode_form;

/// Entries of a page when the caller names no limit.
const DEFAULT_LIMIT: usize = 25;
/// Most entries a page has, whatever the caller asks for.
const MAX_LIMIT: usize = 100;

/// One page of a list: `{data, paging}`. Cursors are there even on the last page; `next` only when there is more.
///
/// # Errors
///
/// When a cursor or the limit is not one.
pub(crate) fn page(call: &Call<'_>, path: &str, items: &[Value]) -> Result<Value, GraphError> {
    let limit = match call.params.integer("limit")? {
        None => DEFAULT_LIMIT,
        Some(limit) => match usize::try_from(limit) {
            Ok(limit) if limit > 0 => limit.min(MAX_LIMIT),
            _ => return Err(GraphError::parameter("Param limit must be a positive integer.")),
        },
    };
    let after = read_cursor(call, "after")?;
    let before = read_cursor(call, "before")?;
    let (start, end) = match (after, before) {
        (Some(_), Some(_)) => return Err(GraphError::parameter("Send either after or before.")),
        (Some(position), None) => {
            (position.saturating_add(1), position.saturating_add(1).saturating_add(limit))
        }
        (None, Some(position)) => (position.saturating_sub(limit), position),
        (None, None) => (0, limit),
    };
    let (start, end) = (start.min(items.len()), end.min(items.len()));
    let data = items.get(start..end).unwrap_or_default();
    if data.is_empty() {
        return Ok(json!({"data": []}));
    }
    let last = end.saturating_sub(1);
    let mut paging = json!({"cursors": {"before": write_cursor(start), "after": write_cursor(last)}});
    if let Some(object) = paging.as_object_mut() {
        if end < items.len() {
            object.insert("next".to_owned(), json!(link(call, path, limit, "after", last)?));
        }
        if start > 0 {
            object.insert("previous".to_owned(), json!(link(call, path, limit, "before", start)?));
        }
    }
    Ok(json!({"data": data, "paging": paging}))
}

fn write_cursor(position: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("cursor-{position}"))
}

fn read_cursor(call: &Call<'_>, name: &str) -> Result<Option<usize>, GraphError> {
    let Some(text) = call.params.text(name)? else { return Ok(None) };
    let position = URL_SAFE_NO_PAD
        .decode(&text)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|plain| plain.strip_prefix("cursor-").and_then(|digits| digits.parse().ok()));
    position.map(Some).ok_or_else(|| GraphError::parameter(format!("Invalid cursors values: {name}")))
}

/// The address of a neighbour, at the host that was called. Like Meta's it carries the token, and never the proof.
fn link(
    call: &Call<'_>,
    path: &str,
    limit: usize,
    name: &str,
    position: usize,
) -> Result<String, GraphError> {
    let limit = limit.to_string();
    let cursor = write_cursor(position);
    let fields = call.params.text("fields")?;
    let token = match call.request.authorization(&["Bearer", "OAuth"]) {
        Some(token) => Some(token.to_owned()),
        None => call.params.text("access_token")?,
    };
    let mut query = Vec::new();
    if let Some(token) = &token {
        query.push(("access_token", token.as_str()));
    }
    if let Some(fields) = &fields {
        query.push(("fields", fields.as_str()));
    }
    query.push(("limit", &limit));
    query.push((name, &cursor));
    let host = call.request.area.name();
    Ok(format!("{}/{host}/{}/{path}?{}", call.shared.url, call.version, encode_form(&query)))
}
