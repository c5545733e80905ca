//! The calls of a video upload in chunks (Graph API: Resumable Video Uploads; Marketing API: Ad Videos).

use std::marker::PhantomData;
use std::ops::Range;

use http::Method;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_json::Value;
use sociogram_api_core::http::{
    DecodeError, Endpoint, Multipart, Operation, Part, RawResponse, Replay, RequestParts, UploadSource,
};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::{position, time_for};
use crate::host::MetaHost;
use crate::id::{ObjectId, VideoId};
use crate::{acknowledged, lenient};

/// The list that a video goes into. It decides the path, the permissions and the rate limit.
pub trait VideoEdge: sealed::Edge {}

impl<E: sealed::Edge> VideoEdge for E {}

mod sealed {
    /// What differs between the lists.
    pub trait Edge: Clone + std::fmt::Debug + Send + Sync + 'static {
        const PATH: &'static str;
        const START: &'static str;
        const TRANSFER: &'static str;
        const FINISH: &'static str;
        const CANCEL: &'static str;
        const SCOPES: &'static [&'static str];
    }
}

/// `/{object_id}/videos` of a Page, person, group or event.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct PageVideos;

impl sealed::Edge for PageVideos {
    const PATH: &'static str = "/{object_id}/videos";
    const START: &'static str = "page.video_upload.start";
    const TRANSFER: &'static str = "page.video_upload.transfer";
    const FINISH: &'static str = "page.video_upload.finish";
    const CANCEL: &'static str = "page.video_upload.cancel";
    const SCOPES: &'static [&'static str] =
        &[scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
}

/// `/{ad_account_id}/advideos` of an ad account.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AdVideos;

impl sealed::Edge for AdVideos {
    const PATH: &'static str = "/{object_id}/advideos";
    const START: &'static str = "ads.video_upload.start";
    const TRANSFER: &'static str = "ads.video_upload.transfer";
    const FINISH: &'static str = "ads.video_upload.finish";
    const CANCEL: &'static str = "ads.video_upload.cancel";
    const SCOPES: &'static [&'static str] = &[scope::ADS_MANAGEMENT];
}

/// Opens the upload of a video: `POST /{object_id}/videos` or `/advideos` at graph-video.facebook.com with
/// `upload_phase=start`.
///
/// Needs `pages_manage_posts`, `pages_read_engagement` and `pages_show_list` with the Page's token, or
/// `ads_management`. A session that nothing is sent to becomes no video, so it may be repeated.
/// [`VideoUpload`](super::VideoUpload) does all phases.
#[derive(Clone, Debug)]
pub struct StartVideoUpload<E: VideoEdge> {
    object: ObjectId,
    file_size: u64,
    edge: PhantomData<E>,
}

impl<E: VideoEdge> StartVideoUpload<E> {
    /// Of a video of `file_size` bytes.
    pub fn new(object: impl Into<ObjectId>, file_size: u64) -> Self {
        Self { object: object.into(), file_size, edge: PhantomData }
    }
}

impl<E: VideoEdge> Endpoint for StartVideoUpload<E> {
    type Output = VideoSession;

    const NAME: &'static str = E::START;
    const METHOD: Method = Method::POST;
    const PATH: &'static str = E::PATH;
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = E::SCOPES;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if self.file_size == 0 {
            return Err(Finding::error("uploads.empty", "file_size", "the video is empty")
                .advice("pass a file with content")
                .into());
        }
        parts.path("object_id", &self.object).form_field("upload_phase", "start");
        parts.form_field("file_size", self.file_size.to_string());
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.object.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        operation.with(MetaHost::Video)
    }

    fn decode(&self, response: &RawResponse) -> Result<VideoSession, DecodeError> {
        response.json()
    }
}

/// An upload that was opened.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct VideoSession {
    /// Its id; every further phase names it.
    #[serde(deserialize_with = "session_id")]
    pub upload_session_id: String,
    /// The video it becomes. It is not published before the last phase.
    pub video_id: VideoId,
    /// The first byte of the first chunk.
    #[serde(deserialize_with = "position")]
    pub start_offset: u64,
    /// The byte after the first chunk.
    #[serde(deserialize_with = "position")]
    pub end_offset: u64,
}

/// Sends one chunk: `upload_phase=transfer`. Its bounds are the ones that Meta named last.
///
/// A chunk that arrived before is refused with [`ErrorClass::UploadOffset`](crate::ErrorClass::UploadOffset) and the
/// bounds of the right one ([`GraphError::upload_offset`](crate::GraphError::upload_offset)), so it may be repeated.
/// One attempt may take a minute, and two seconds more for every mebibyte.
#[derive(Clone, Debug)]
pub struct TransferVideoChunk<E: VideoEdge> {
    object: ObjectId,
    session: String,
    source: UploadSource,
    range: Range<u64>,
    edge: PhantomData<E>,
}

impl<E: VideoEdge> TransferVideoChunk<E> {
    /// These bytes of `source`.
    pub fn new(
        object: impl Into<ObjectId>,
        upload_session_id: impl Into<String>,
        source: UploadSource,
        range: Range<u64>,
    ) -> Self {
        Self { object: object.into(), session: upload_session_id.into(), source, range, edge: PhantomData }
    }
}

impl<E: VideoEdge> Endpoint for TransferVideoChunk<E> {
    type Output = NextChunk;

    const NAME: &'static str = E::TRANSFER;
    const METHOD: Method = Method::POST;
    const PATH: &'static str = E::PATH;
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = E::SCOPES;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let chunk = self.source.range(self.range.clone());
        parts.path("object_id", &self.object);
        parts.multipart(
            Multipart::new()
                .part(Part::text("upload_phase", "transfer"))
                .part(Part::text("upload_session_id", self.session.as_str()))
                .part(Part::text("start_offset", self.range.start.to_string()))
                .part(Part::file("video_file_chunk", "chunk", "application/octet-stream", chunk)),
        )?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.object.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        let bytes = self.range.end.saturating_sub(self.range.start);
        operation.with(MetaHost::Video).attempt_timeout(time_for(bytes))
    }

    fn decode(&self, response: &RawResponse) -> Result<NextChunk, DecodeError> {
        response.json()
    }
}

/// Which bytes Meta wants next. Where both are the same it has all.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct NextChunk {
    /// The first byte.
    #[serde(deserialize_with = "position")]
    pub start_offset: u64,
    /// The byte after the last one.
    #[serde(deserialize_with = "position")]
    pub end_offset: u64,
}

/// Makes the video of what was sent: `upload_phase=finish`. It publishes, so nothing repeats it once it may have been
/// sent; [`GetVideoStatus`](super::GetVideoStatus) says whether Meta took the video over.
#[derive(Clone, Debug)]
pub struct FinishVideoUpload<E: VideoEdge> {
    object: ObjectId,
    session: String,
    fields: Vec<(String, String)>,
    edge: PhantomData<E>,
}

impl<E: VideoEdge> FinishVideoUpload<E> {
    /// Of this session.
    pub fn new(object: impl Into<ObjectId>, upload_session_id: impl Into<String>) -> Self {
        Self {
            object: object.into(),
            session: upload_session_id.into(),
            fields: Vec::new(),
            edge: PhantomData,
        }
    }

    /// A field of the video: `title`, `description`, `published`, `scheduled_publish_time` (Unix seconds) and whatever
    /// else the list takes; objects and lists as JSON text.
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }
}

impl<E: VideoEdge> Endpoint for FinishVideoUpload<E> {
    type Output = ();

    const NAME: &'static str = E::FINISH;
    const METHOD: Method = Method::POST;
    const PATH: &'static str = E::PATH;
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = E::SCOPES;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        check_fields(&self.fields)?;
        parts.path("object_id", &self.object).form_field("upload_phase", "finish");
        parts.form_field("upload_session_id", &self.session);
        for (name, value) in &self.fields {
            parts.form_field(name, value);
        }
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.object.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        operation.with(MetaHost::Video)
    }

    fn decode(&self, response: &RawResponse) -> Result<(), DecodeError> {
        acknowledged::read(response)
    }
}

/// Gives an upload up: `upload_phase=cancel`. What was sent is dropped.
#[derive(Clone, Debug)]
pub struct CancelVideoUpload<E: VideoEdge> {
    object: ObjectId,
    session: String,
    edge: PhantomData<E>,
}

impl<E: VideoEdge> CancelVideoUpload<E> {
    /// Of this session.
    pub fn new(object: impl Into<ObjectId>, upload_session_id: impl Into<String>) -> Self {
        Self { object: object.into(), session: upload_session_id.into(), edge: PhantomData }
    }
}

impl<E: VideoEdge> Endpoint for CancelVideoUpload<E> {
    type Output = ();

    const NAME: &'static str = E::CANCEL;
    const METHOD: Method = Method::POST;
    const PATH: &'static str = E::PATH;
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = E::SCOPES;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("object_id", &self.object).form_field("upload_phase", "cancel");
        parts.form_field("upload_session_id", &self.session);
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.object.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        operation.with(MetaHost::Video)
    }

    fn decode(&self, response: &RawResponse) -> Result<(), DecodeError> {
        acknowledged::read(response)
    }
}

/// The fields of the protocol are not the caller's.
pub(super) fn check_fields(fields: &[(String, String)]) -> Result<(), InvalidRequest> {
    let own = |name: &str| matches!(name, "upload_phase" | "upload_session_id" | "access_token");
    match fields.iter().find(|(name, _)| own(name)) {
        Some((name, _)) => {
            Err(Finding::error("uploads.field", name.clone(), "the upload sets this field itself")
                .advice("leave it out")
                .into())
        }
        None => Ok(()),
    }
}

/// An id, as text or as a number.
fn session_id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    lenient::text_of(&Value::deserialize(from)?).ok_or_else(|| D::Error::custom("expected an id"))
}

#[cfg(test)]
mod tests;
