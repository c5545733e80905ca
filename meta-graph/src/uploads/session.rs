//! The calls of the Resumable Upload API (Graph API: Resumable Upload API).

use std::fmt;

use http::Method;
use http::header::{HeaderName, HeaderValue};
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{
    DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts, UploadSource,
};
use sociogram_api_core::{Finding, InvalidRequest, open_enum};

use super::{position, time_for};
use crate::endpoint::endpoint;
use crate::host::OAuthScheme;
use crate::id::AppId;

/// The longest session id accepted, in bytes; real ones stay below 400.
const MAX_SESSION: usize = 2048;
/// What every session id begins with.
const SESSION_PREFIX: &str = "upload:";

open_enum! {
    /// What kind of file is uploaded. Meta takes these and no others.
    pub enum FileType {
        /// A PDF document.
        Pdf = "application/pdf",
        /// A JPEG image.
        Jpeg = "image/jpeg",
        /// A JPEG image, under the name that Meta's documentation gives it besides.
        Jpg = "image/jpg",
        /// A PNG image.
        Png = "image/png",
        /// An MP4 video.
        Mp4 = "video/mp4",
    }
}

open_enum! {
    /// What the file is for.
    pub enum SessionType {
        /// Something that is attached, which is what Meta assumes.
        Attachment = "attachment",
    }
}

/// Text that is no id of an upload session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of an upload session: pass it as Meta gave it, `upload:` and what follows")]
#[non_exhaustive]
pub struct InvalidUploadSession;

/// Id of an upload session, `upload:…`, kept and sent to the letter. It may carry a signature behind `?`, which is
/// why `Debug` does not show it; without the token it opens nothing.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct UploadSessionId(String);

impl UploadSessionId {
    /// From the id's text.
    ///
    /// # Errors
    /// [`InvalidUploadSession`] when it does not begin with `upload:`, is longer than 2048 bytes, or could not
    /// stand in a URL as it is.
    pub fn new(id: impl Into<String>) -> Result<Self, InvalidUploadSession> {
        let id = id.into();
        let (path, query) = split(&id);
        let in_path = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:=+,;@!$&()*%".contains(&byte);
        let in_query = |byte: u8| in_path(byte) || b"/?".contains(&byte);
        let named = path.strip_prefix(SESSION_PREFIX).is_some_and(|name| !name.is_empty());
        if named && id.len() <= MAX_SESSION && path.bytes().all(in_path) && query.bytes().all(in_query) {
            Ok(Self(id))
        } else {
            Err(InvalidUploadSession)
        }
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Writes it where the template says `{upload_session}`, and its signature into the query.
    fn write(&self, parts: &mut RequestParts) {
        let (path, query) = split(&self.0);
        parts.encoded_path("upload_session", path).encoded_query(query);
    }
}

fn split(id: &str) -> (&str, &str) {
    id.split_once('?').unwrap_or((id, ""))
}

impl fmt::Debug for UploadSessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadSessionId(..)")
    }
}

impl<'de> Deserialize<'de> for UploadSessionId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// Stands for a file that was uploaded. It goes into other calls to the letter: as `header_handle` of a WhatsApp
/// template, `profile_picture_handle`, `fbuploader_video_file_chunk` of a video. It may hold line breaks.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UploadHandle(String);

impl UploadHandle {
    /// From the handle's text, as Meta gave it.
    pub fn new(handle: impl Into<String>) -> Self {
        Self(handle.into())
    }

    /// The handle's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for UploadHandle {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UploadHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadHandle(..)")
    }
}

endpoint! {
    /// Opens an upload session: `POST /{app_id}/uploads`.
    ///
    /// Needs the token of a person who is administrator or developer of the app, or of a system user; the bytes too,
    /// and the question how far they came. No permission (Graph API: Application Uploads). A session that nothing is
    /// sent to has no effect, so it may be repeated. [`ResumableUpload`](super::ResumableUpload) does all steps.
    pub struct OpenUpload -> OpenedUpload;
    "app.uploads.create": POST "/{app_id}/uploads", Safe, [];
    new {
        app_id: AppId,
        /// In bytes.
        file_length: u64,
        file_type: FileType,
    }
    with {
        /// The name of the file.
        file_name: String,
        /// What the file is for.
        session_type: SessionType,
    }
    subject app_id;
    checked by check;
}

impl OpenUpload {
    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.file_length == 0 {
            findings.push(
                Finding::error("uploads.empty", "file_length", "the file is empty")
                    .advice("pass a file with content"),
            );
        }
        if let FileType::Unknown(kind) = &self.file_type {
            findings.push(
                Finding::warning("uploads.file_type", "file_type", "Meta does not name this type of file")
                    .measured(kind)
                    .allowed("application/pdf, image/jpeg, image/png, video/mp4")
                    .advice("convert the file"),
            );
        }
        findings
    }
}

/// A session that was opened.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OpenedUpload {
    /// Its id.
    pub id: UploadSessionId,
}

/// Sends the file from a place on: `POST /{upload_session}` with the bytes as they are. One attempt may take a
/// minute, and two seconds more for every mebibyte.
///
/// Nothing repeats it once it may have been sent: [`GetUpload`] says how far it came, and the rest goes on from
/// there.
#[derive(Clone, Debug)]
pub struct SendUpload {
    session: UploadSessionId,
    source: UploadSource,
    offset: u64,
}

impl SendUpload {
    /// The whole source.
    pub const fn new(session: UploadSessionId, source: UploadSource) -> Self {
        Self { session, source, offset: 0 }
    }

    /// From this byte on.
    pub const fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }
}

impl Endpoint for SendUpload {
    type Output = UploadHandle;

    const NAME: &'static str = "app.uploads.send";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{upload_session}";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.session.write(parts);
        parts
            .header(HeaderName::from_static("file_offset"), HeaderValue::from(self.offset))
            .body(self.source.rest(self.offset), HeaderValue::from_static("application/octet-stream"));
        Ok(())
    }

    fn describe(&self, operation: Operation) -> Operation {
        let bytes = self.source.len().saturating_sub(self.offset);
        operation.with(OAuthScheme).attempt_timeout(time_for(bytes))
    }

    fn decode(&self, response: &RawResponse) -> Result<UploadHandle, DecodeError> {
        #[derive(Deserialize)]
        struct Uploaded {
            h: UploadHandle,
        }
        response.json().map(|uploaded: Uploaded| uploaded.h)
    }
}

/// Asks how far an upload came: `GET /{upload_session}`.
#[derive(Clone, Debug)]
pub struct GetUpload {
    session: UploadSessionId,
}

impl GetUpload {
    /// Of this session.
    pub const fn new(session: UploadSessionId) -> Self {
        Self { session }
    }
}

impl Endpoint for GetUpload {
    type Output = UploadPosition;

    const NAME: &'static str = "app.uploads.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{upload_session}";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.session.write(parts);
        Ok(())
    }

    fn describe(&self, operation: Operation) -> Operation {
        operation.with(OAuthScheme)
    }

    fn decode(&self, response: &RawResponse) -> Result<UploadPosition, DecodeError> {
        response.json()
    }
}

/// How far an upload came.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UploadPosition {
    /// The first byte that is missing; everything before it arrived.
    #[serde(deserialize_with = "position")]
    pub file_offset: u64,
}

#[cfg(test)]
mod tests;
