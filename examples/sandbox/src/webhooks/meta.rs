//! Meta's webhooks: Page feed and leads here, what people write in a module of its own.

pub(crate) mod talk;

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Platform, send};
use crate::{
    mac::{hex, hmac_sha256},
    received::FacebookPost,
    state::{Inner, State},
};

/// A lead a webhook told about; it can be read by its id.
#[derive(Debug, Clone)]
pub(crate) struct Lead {
    pub(crate) page_id: String,
    pub(crate) form_id: String,
    /// Unix seconds.
    pub(crate) created_at: i64,
    /// `field_data`.
    pub(crate) answers: Value,
}

/// Why a webhook was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotSent {
    NotSubscribed,
    NoTarget,
}

/// The bytes Meta sends and the signature over exactly those bytes.
pub(super) fn sign(secret: &str, body: &Value) -> (Vec<u8>, String) {
    let bytes = escape(&body.to_string()).into_bytes();
    let signature = format!("sha256={}", hex(&hmac_sha256(secret.as_bytes(), &[&bytes])));
    (bytes, signature)
}

/// JSON as Meta writes it: ASCII only, lower-case `\u` escapes, and `/` as `\/`.
fn escape(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '/' => out.push_str("\\/"),
            plain if plain.is_ascii() => out.push(plain),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    let _infallible = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out
}

/// One change of one Page.
fn change(shared: &Inner, state: &mut State, page: &str, field: &str, value: &Value) -> Result<u64, NotSent> {
    if !state.subscriptions.get(page).is_some_and(|fields| fields.iter().any(|name| name == field)) {
        return Err(NotSent::NotSubscribed);
    }
    let body = json!({
        "object": "page",
        "entry": [{"id": page, "time": state.now_seconds(), "changes": [{"field": field, "value": value}]}],
    });
    send(shared, state, Platform::Meta, field, &body).ok_or(NotSent::NoTarget)
}

/// A Page published a post.
pub(crate) fn post_made(shared: &Inner, state: &mut State, post: &FacebookPost) {
    let name = shared.config.world.pages.iter().find(|page| page.id == post.page_id).map(|page| &page.name);
    let mut value = json!({
        "item": if post.link.is_some() { "share" } else { "status" },
        "verb": "add",
        "post_id": post.id,
        "from": {"id": post.page_id, "name": name},
        "published": 1,
        "created_time": post.created_at,
    });
    if let Some(fields) = value.as_object_mut() {
        for (name, text) in [("message", &post.message), ("link", &post.link)] {
            if let Some(text) = text {
                fields.insert(name.to_owned(), json!(text));
            }
        }
    }
    let _unsubscribed_pages_stay_silent = change(shared, state, &post.page_id, "feed", &value);
}

/// A visitor comments on a post.
pub(crate) fn comment(
    shared: &Inner,
    state: &mut State,
    post: &FacebookPost,
    text: &str,
) -> Result<u64, NotSent> {
    let number = state.number();
    let value = json!({
        "item": "comment",
        "verb": "add",
        "comment_id": format!("{}_{number}", post.id.split_once('_').map_or(post.id.as_str(), |(_, id)| id)),
        "post_id": post.id,
        "parent_id": post.id,
        "from": {"id": "7700000000000001", "name": "Sandbox Visitor"},
        "message": text,
        "created_time": state.now_seconds(),
    });
    change(shared, state, &post.page_id, "feed", &value)
}

/// Somebody fills in a form of a Page. The ids in it are numbers, beyond what a double holds exactly.
pub(crate) fn lead(shared: &Inner, state: &mut State, page: &str) -> Result<(u64, String), NotSent> {
    let number = state.number();
    let lead_id = 90_071_992_547_409_921_u64.saturating_add(number);
    let form_id = 5_550_000_000_000_001_u64;
    let created_at = state.now_seconds();
    let value = json!({
        "leadgen_id": lead_id,
        "page_id": page,
        "form_id": form_id,
        "created_time": created_at,
    });
    let delivery = change(shared, state, page, "leadgen", &value)?;
    let answers = json!([
        {"name": "full_name", "values": ["Grace Visitor"]},
        {"name": "email", "values": ["grace@example.com"]},
        {"name": "phone_number", "values": ["+4915112345678"]},
    ]);
    let lead = Lead { page_id: page.to_owned(), form_id: form_id.to_string(), created_at, answers };
    state.leads.insert(lead_id.to_string(), lead);
    Ok((delivery, lead_id.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_json_as_meta_does() {
        assert_eq!(escape(r#"{"a/b":"äöå \n 🎉"}"#), r#"{"a\/b":"\u00e4\u00f6\u00e5 \n \ud83c\udf89"}"#);
    }

    #[test]
    fn escaping_changes_the_bytes_and_not_the_meaning() {
        let value = json!({"text": "Grüße / „x“ 🎉 \\ \" \u{1}"});
        let (bytes, signature) = sign("test_app_secret", &value);
        assert!(bytes.is_ascii());
        assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), value);
        assert_eq!(signature, format!("sha256={}", hex(&hmac_sha256(b"test_app_secret", &[&bytes]))));
    }

    #[test]
    fn agrees_with_a_published_vector() {
        let body = json!({"object": "page", "entry": [{"id": "1", "time": 1, "messaging": []}]});
        let mut ordered = body.to_string();
        // The vector's member order is not alphabetical.
        if ordered.starts_with("{\"entry\"") {
            ordered = r#"{"object":"page","entry":[{"id":"1","time":1,"messaging":[]}]}"#.to_owned();
        }
        let digest = hex(&hmac_sha256(b"test_app_secret", &[ordered.as_bytes()]));
        assert_eq!(digest, "231868f9ac6f7a304cc336397814a89c3d9bf5f61ce3f5b5e9392ea523f42aa4");
    }
}
