//! One request, as the record has it.

use http::Method;
use serde_json::{Value, json};
use sociogram::api_core::redact::HIDDEN;

use super::secrets::{Secrets, is_secret};

/// A request that was sent.
#[derive(Debug)]
pub(crate) struct Record<'r> {
    pub(crate) method: &'r Method,
    pub(crate) host: &'static str,
    /// Path and query.
    pub(crate) target: &'r str,
    pub(crate) content_type: Option<&'r str>,
    pub(crate) body: &'r [u8],
    pub(crate) operation: &'static str,
}

impl Record<'_> {
    /// `{method, host, path, query, content_type, body, operation}`. The query and the body are text, as they were
    /// sent; of files only the size is told.
    pub(crate) fn to_json(&self, secrets: &Secrets) -> Value {
        let (path, query) = self.target.split_once('?').map_or((self.target, None), |(a, b)| (a, Some(b)));
        json!({
            "method": self.method.as_str(),
            "host": self.host,
            "path": secrets.hide(path),
            "query": query.map(|query| secrets.hide(query)),
            "content_type": self.content_type,
            "body": self.text().map(|text| secrets.hide(&text)),
            "operation": self.operation,
        })
    }

    fn text(&self) -> Option<String> {
        if self.body.is_empty() {
            return None;
        }
        let kind = self.content_type.unwrap_or_default();
        if let Some(boundary) = kind.strip_prefix("multipart/form-data; boundary=") {
            return Some(without_files(self.body, boundary));
        }
        let is_text = kind.starts_with("application/json") || kind == "application/x-www-form-urlencoded";
        Some(if is_text { String::from_utf8_lossy(self.body).into_owned() } else { size(self.body) })
    }
}

fn size(bytes: &[u8]) -> String {
    format!("<{} bytes>", bytes.len())
}

/// A multipart body with the sizes of its files in place of their bytes.
fn without_files(body: &[u8], boundary: &str) -> String {
    let delimiter = format!("--{boundary}");
    let mut text = String::new();
    let mut rest = body;
    while let Some(at) = find(rest, delimiter.as_bytes()) {
        let (part, after) = rest.split_at(at);
        text.push_str(&shown(part));
        text.push_str(&delimiter);
        rest = after.get(delimiter.len()..).unwrap_or_default();
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

/// Head and content of one part.
fn shown(part: &[u8]) -> String {
    let Some(at) = find(part, b"\r\n\r\n") else { return String::from_utf8_lossy(part).into_owned() };
    let (head, content) = part.split_at(at + 4);
    let head = String::from_utf8_lossy(head);
    if head.contains("filename=\"") {
        let file = content.strip_suffix(b"\r\n").unwrap_or(content);
        return format!("{head}{}\r\n", size(file));
    }
    let name = head.split_once("name=\"").and_then(|(_, rest)| rest.split('"').next());
    if name.is_some_and(is_secret) {
        return format!("{head}{HIDDEN}\r\n");
    }
    format!("{head}{}", String::from_utf8_lossy(content))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
