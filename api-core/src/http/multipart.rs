//! `multipart/form-data` bodies that can be sent again (RFC 7578).

use std::fmt::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;

use super::body::{Body, BodySource, BodyStream};
use crate::{Finding, InvalidRequest};

/// One field or file of a [`Multipart`] body.
#[derive(Clone, Debug)]
pub struct Part {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    body: Body,
}

impl Part {
    /// A text field.
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), file_name: None, content_type: None, body: value.into().into() }
    }

    /// A file. `content_type` is sent as given, such as `image/png`.
    pub fn file(
        name: impl Into<String>,
        file_name: impl Into<String>,
        content_type: impl Into<String>,
        body: impl Into<Body>,
    ) -> Self {
        Self {
            name: name.into(),
            file_name: Some(file_name.into()),
            content_type: Some(content_type.into()),
            body: body.into(),
        }
    }
}

/// A `multipart/form-data` body: parts in order, streamed without being gathered in memory.
#[derive(Clone, Debug, Default)]
pub struct Multipart {
    parts: Vec<Part>,
}

impl Multipart {
    /// No parts yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part.
    pub fn part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// The body and its content type.
    ///
    /// # Errors
    /// When a name, file name or content type holds a control character or is empty, or when the
    /// operating system gives no randomness for the boundary.
    pub(crate) fn encode(self) -> Result<(Body, String), InvalidRequest> {
        let boundary = boundary()?;
        let mut chunks = Vec::with_capacity(self.parts.len() * 2 + 1);
        for part in self.parts {
            chunks.push(Body::from(part_head(&boundary, &part)?));
            chunks.push(part.body);
            chunks.push(Body::Bytes(Bytes::from_static(b"\r\n")));
        }
        chunks.push(Body::from(format!("--{boundary}--\r\n")));
        let content_type = format!("multipart/form-data; boundary={boundary}");
        Ok((Body::Stream(Arc::new(Chunks { chunks })), content_type))
    }
}

fn boundary() -> Result<String, InvalidRequest> {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random).map_err(|_| {
        Finding::error("request.multipart.randomness", "body", "the operating system gave no randomness")
            .advice("try again")
    })?;
    let mut text = String::from("sociogram-");
    for byte in random {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

fn part_head(boundary: &str, part: &Part) -> Result<String, InvalidRequest> {
    let mut head =
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted("name", &part.name)?);
    if let Some(file_name) = &part.file_name {
        let _ = write!(head, "; filename=\"{}\"", quoted("file name", file_name)?);
    }
    if let Some(content_type) = &part.content_type {
        let _ = write!(head, "\r\nContent-Type: {}", quoted("content type", content_type)?);
    }
    head.push_str("\r\n\r\n");
    Ok(head)
}

fn quoted(what: &'static str, text: &str) -> Result<String, InvalidRequest> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(Finding::error(
            "request.multipart.name",
            what,
            "a part needs text without control characters",
        )
        .advice("pass plain text")
        .into());
    }
    Ok(text.replace('"', "%22"))
}

#[derive(Debug)]
struct Chunks {
    chunks: Vec<Body>,
}

impl BodySource for Chunks {
    fn open(&self) -> BodyStream {
        Box::pin(futures_util::stream::iter(self.chunks.clone()).flat_map(|chunk| chunk.open()))
    }

    fn len(&self) -> Option<u64> {
        self.chunks.iter().try_fold(0u64, |sum, chunk| Some(sum + chunk.len()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::TryStreamExt;

    async fn read(body: &Body) -> String {
        let chunks: Vec<Bytes> = body.open().try_collect().await.unwrap();
        String::from_utf8(chunks.concat()).unwrap()
    }

    #[tokio::test]
    async fn reads_the_same_twice_and_knows_its_length() {
        let (body, content_type) = Multipart::new()
            .part(Part::text("message", "hällo"))
            .part(Part::file("source", "a \"b\".png", "image/png", vec![b'x'; 3]))
            .encode()
            .unwrap();
        let boundary = content_type.split("boundary=").nth(1).unwrap();
        let first = read(&body).await;
        assert_eq!(first, read(&body).await);
        assert_eq!(body.len(), Some(first.len() as u64));
        assert_eq!(
            first,
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhällo\r\n\
                 --{boundary}\r\nContent-Disposition: form-data; name=\"source\"; filename=\"a %22b%22.png\"\r\n\
                 Content-Type: image/png\r\n\r\nxxx\r\n--{boundary}--\r\n"
            )
        );
    }

    #[test]
    fn header_injection_is_refused() {
        for name in ["", "a\r\nX: y", "a\0"] {
            assert!(Multipart::new().part(Part::text(name, "v")).encode().is_err(), "{name:?}");
        }
    }
}
