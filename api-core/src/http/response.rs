//! The answer as it came.

use std::fmt;

use ::http::HeaderMap;
use ::http::header::AsHeaderName;
use ::http::response::Parts;
use bytes::Bytes;
use serde::de::DeserializeOwned;

/// A successful answer, read completely.
#[derive(Clone)]
pub struct RawResponse {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
    attempts: u32,
    request_id: Option<Box<str>>,
}

impl RawResponse {
    pub(super) fn new(head: Parts, body: Bytes, attempts: u32, request_id: Option<Box<str>>) -> Self {
        Self { status: head.status.as_u16(), headers: head.headers, body, attempts, request_id }
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// All headers.
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// One header as text; `None` when it is missing or not visible ASCII.
    pub fn header_str(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body.
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// How many attempts it took.
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The provider's id of this exchange, for support requests.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is not JSON or has another shape; the error names the path, never the content.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        DecodeError::json(&self.body)
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .field("attempts", &self.attempts)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

/// An answer of another shape than expected: where, and what was wrong, without any of its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    reason: String,
}

impl DecodeError {
    /// `path` inside the answer (`data[0].id`), and the reason in our own words.
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }

    /// Reads JSON.
    ///
    /// # Errors
    /// When it is not JSON or has another shape.
    pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Self> {
        // Keeping track of the path costs as much again, so it is done only for an answer that fails.
        if let Ok(value) = serde_json::from_slice(bytes) {
            return Ok(value);
        }
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let value = serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| Self::new(error.path().to_string(), reason(error.inner())))?;
        reader.end().map_err(|error| Self::new(".", reason(&error)))?;
        Ok(value)
    }

    /// Where in the answer.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// serde's own message may quote the value, so only its class and position are used.
fn reason(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Syntax => "not JSON",
        serde_json::error::Category::Eof => "the JSON ends early",
        serde_json::error::Category::Data => "a missing field or another type than expected",
        serde_json::error::Category::Io => "it could not be read",
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() || self.path == "." {
            f.write_str(&self.reason)
        } else {
            write!(f, "at {}: {}", self.path, self.reason)
        }
    }
}

impl std::error::Error for DecodeError {}

#[cfg(test)]
mod tests {
    use super::*;

    type Data = std::collections::BTreeMap<String, Vec<u8>>;

    #[test]
    fn errors_name_the_path_and_never_the_content() {
        for (body, expected) in [
            (r#"{"data":[1,"SEKRET"]}"#, "at data[1]: a missing field or another type than expected"),
            ("<html>SEKRET", "not JSON"),
            (r#"{"data":[1"#, "the JSON ends early"),
            (r#"{"data":[1]} SEKRET"#, "not JSON"),
        ] {
            let text = DecodeError::json::<Data>(body.as_bytes()).unwrap_err().to_string();
            assert!(text.contains(expected), "{text}");
            assert!(!text.contains("SEKRET"), "{text}");
        }
    }
}
