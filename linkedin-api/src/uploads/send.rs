//! A whole file in one request.

use std::borrow::Cow;

use http::Method;
use http::header::HeaderValue;
use sociogram_api_core::http::{
    DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts, UploadSource,
};
use sociogram_api_core::{Finding, InvalidRequest};

use super::{OCTETS, PATH, empty, time_for};
use crate::assets::SignedUrl;

/// Sends a whole file: one `PUT` to the address that LinkedIn gave, with the length announced (LinkedIn: Images API,
/// Documents API; Videos API for captions and thumbnails).
///
/// The token goes along to hosts of LinkedIn and to the client's own base URL, to no others. One attempt may take a
/// minute, and two seconds more for every mebibyte. Sending the file again replaces it.
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct SendFile {
    url: SignedUrl,
    source: UploadSource,
    content_type: Cow<'static, str>,
    anonymous: bool,
}

impl SendFile {
    /// All of `source`, as `application/octet-stream`.
    pub const fn new(url: SignedUrl, source: UploadSource) -> Self {
        Self { url, source, content_type: Cow::Borrowed(OCTETS), anonymous: false }
    }

    /// With the type of the file, such as `image/png`.
    pub fn content_type(mut self, content_type: impl Into<Cow<'static, str>>) -> Self {
        self.content_type = content_type.into();
        self
    }

    /// Without the token, wherever it goes: captions and thumbnails of videos.
    pub const fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }
}

impl Endpoint for SendFile {
    type Output = ();

    const NAME: &'static str = "linkedin.uploads.send";
    const METHOD: Method = Method::PUT;
    const PATH: &'static str = PATH;
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if self.source.is_empty() {
            return Err(empty("source").into());
        }
        let content_type = HeaderValue::try_from(&*self.content_type).map_err(|_| {
            Finding::error("linkedin.upload.content_type", "content_type", "it cannot stand in a header")
                .advice("pass a type such as image/png")
        })?;
        self.url.write(parts)?;
        parts.body(self.source.rest(0), content_type);
        Ok(())
    }

    fn describe(&self, operation: Operation) -> Operation {
        let operation = operation.attempt_timeout(time_for(self.source.len()));
        if self.anonymous { operation.anonymous() } else { operation }
    }

    /// The answer may be empty or no JSON.
    fn decode(&self, _response: &RawResponse) -> Result<(), DecodeError> {
        Ok(())
    }
}
