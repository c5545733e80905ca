//! A video of a Page or an ad account, chunk by chunk.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{Endpoint, UploadSource};
use sociogram_api_core::{ErrorKind, Finding};

use super::failures::Failures;
use super::status::GetVideoStatus;
use super::video::{
    AdVideos, CancelVideoUpload, FinishVideoUpload, PageVideos, StartVideoUpload, TransferVideoChunk,
    VideoEdge, VideoSession,
};
use super::{check_length, check_position, invalid};
use crate::client::Client;
use crate::error::Error;
use crate::error_class::ErrorClass;
use crate::id::{AdAccountId, ObjectId, VideoId};
use sociogram_api_core::{Progress, run_to_end};

/// The subcode of a session that was open for too long.
const SESSION_EXPIRED: i64 = 1_363_041;

/// Where a video goes.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VideoTarget {
    /// Among the videos of a Page, person, group or event.
    Videos(ObjectId),
    /// Among the videos of an ad account.
    AdVideos(AdAccountId),
}

/// Uploads a video in the chunks that Meta asks for, and finishes it.
///
/// Where a chunk is refused because Meta has another one in mind it goes on at the byte that Meta names. The last
/// phase publishes: whenever it is not known whether it was done, the video is asked first. Processing goes on after
/// the end; [`GetVideoStatus`] tells when the video can be watched. Source: Graph API, Resumable Video Uploads.
///
/// ```no_run
/// use sociogram_meta_graph::uploads::{UploadSource, VideoTarget, VideoUpload};
/// use sociogram_meta_graph::{Client, PageId};
///
/// # async fn upload(client: Client, page: PageId) -> Result<(), Box<dyn std::error::Error>> {
/// let source = UploadSource::from_bytes(vec![0; 50_000_000]);
/// let mut upload = VideoUpload::new(VideoTarget::Videos(page.into()), source.len())
///     .field("description", "Our summer")
///     .field("published", "true");
/// let video = upload.run(&client, &source, |state| println!("save {state:?}")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VideoUpload {
    target: VideoTarget,
    file_size: u64,
    fields: Vec<(String, String)>,
    state: State,
    /// The furthest place that Meta named.
    reached: u64,
    failures: Failures,
    /// Whether it is certain that the last phase has not been sent. Never stored.
    #[serde(skip)]
    unfinished: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    Start,
    Transfer { session: String, video: VideoId, start: u64, end: u64 },
    Finish { session: String, video: VideoId },
    Done { video: VideoId },
    Cancelled,
}

impl VideoUpload {
    /// Of a video of `file_size` bytes.
    pub fn new(target: VideoTarget, file_size: u64) -> Self {
        Self {
            target,
            file_size,
            fields: Vec::new(),
            state: State::Start,
            reached: 0,
            failures: Failures::default(),
            unfinished: false,
        }
    }

    /// A field of the video, sent with the last phase: `title`, `description`, `published`,
    /// `scheduled_publish_time` (Unix seconds) and whatever else the list takes. A preview picture is a file: give the
    /// video one afterwards, with [`AddVideoThumbnail`](crate::pages::AddVideoThumbnail).
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// The video, as soon as Meta has given it an id. It is published only at the end.
    pub fn video_id(&self) -> Option<&VideoId> {
        match &self.state {
            State::Transfer { video, .. } | State::Finish { video, .. } | State::Done { video } => {
                Some(video)
            }
            State::Start | State::Cancelled => None,
        }
    }

    /// Takes one step: one call. The source must be the same file every time.
    ///
    /// # Errors
    /// When the source has another length, Meta refuses, or five attempts in a row brought no byte over. The
    /// state stays usable: the next step tries the same again, or begins anew if the session has expired.
    pub async fn advance(
        &mut self,
        client: &Client,
        source: &UploadSource,
    ) -> Result<Progress<VideoId>, Error> {
        match self.target.clone() {
            VideoTarget::Videos(object) => self.step::<PageVideos>(client, source, object).await,
            VideoTarget::AdVideos(account) => self.step::<AdVideos>(client, source, account.into()).await,
        }
    }

    /// Takes all steps. `save` gets the state after each of them; store it there.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub async fn run(
        &mut self,
        client: &Client,
        source: &UploadSource,
        mut save: impl FnMut(&Self) + Send,
    ) -> Result<VideoId, Error> {
        run_to_end!(self, client.pipeline.timer(), save, self.advance(client, source))
    }

    /// Gives the upload up and has Meta drop what was sent. A video that is done stays.
    ///
    /// # Errors
    /// When Meta refuses; the upload can still go on then.
    pub async fn cancel(&mut self, client: &Client) -> Result<(), Error> {
        let session = match &self.state {
            State::Done { .. } => return Ok(()),
            State::Start | State::Cancelled => None,
            State::Transfer { session, .. } | State::Finish { session, .. } => Some(session.clone()),
        };
        if let Some(session) = session {
            match self.target.clone() {
                VideoTarget::Videos(object) => {
                    client.send(CancelVideoUpload::<PageVideos>::new(object, session)).await?;
                }
                VideoTarget::AdVideos(account) => {
                    client.send(CancelVideoUpload::<AdVideos>::new(account, session)).await?;
                }
            }
        }
        self.state = State::Cancelled;
        Ok(())
    }

    async fn step<E: VideoEdge>(
        &mut self,
        client: &Client,
        source: &UploadSource,
        object: ObjectId,
    ) -> Result<Progress<VideoId>, Error> {
        match self.state.clone() {
            State::Done { video } => Ok(Progress::Done(video)),
            State::Cancelled => {
                let finding = Finding::error("uploads.cancelled", "upload", "the upload was given up");
                Err(invalid(StartVideoUpload::<E>::NAME, finding.advice("begin a new upload")))
            }
            State::Start => {
                check_length(StartVideoUpload::<E>::NAME, source, self.file_size)?;
                super::video::check_fields(&self.fields)
                    .map_err(|error| invalid_fields(FinishVideoUpload::<E>::NAME, error))?;
                let opened = client.send(StartVideoUpload::<E>::new(object, self.file_size)).await?;
                let VideoSession { upload_session_id: session, video_id: video, .. } = opened;
                self.go_on::<E>(session, video, opened.start_offset..opened.end_offset)
            }
            State::Transfer { session, video, start, end } => {
                check_length(TransferVideoChunk::<E>::NAME, source, self.file_size)?;
                let chunk = TransferVideoChunk::<E>::new(object, session.clone(), source.clone(), start..end);
                match client.send(chunk).await {
                    Ok(next) => self.go_on::<E>(session, video, next.start_offset..next.end_offset),
                    Err(error) => self.failed::<E>(error, session, video),
                }
            }
            State::Finish { session, video } => {
                // Taken before the call: one that is dropped half-way leaves an upload that asks.
                if std::mem::take(&mut self.unfinished) {
                    self.finish::<E>(client, object, session, video).await
                } else {
                    self.ask(client, video).await
                }
            }
        }
    }

    /// Goes to the chunk that Meta wants next.
    fn go_on<E: VideoEdge>(
        &mut self,
        session: String,
        video: VideoId,
        next: Range<u64>,
    ) -> Result<Progress<VideoId>, Error> {
        check_position(TransferVideoChunk::<E>::NAME, next.start.max(next.end), self.file_size)?;
        if next.start >= next.end {
            self.failures.forget();
            self.unfinished = true;
            self.state = State::Finish { session, video };
            return Ok(Progress::Again);
        }
        if next.start > self.reached {
            self.reached = next.start;
            self.failures.forget();
        }
        self.state = State::Transfer { session, video, start: next.start, end: next.end };
        Ok(Progress::Again)
    }

    fn failed<E: VideoEdge>(
        &mut self,
        error: Error,
        session: String,
        video: VideoId,
    ) -> Result<Progress<VideoId>, Error> {
        let offset = error.api().and_then(crate::GraphError::upload_offset);
        if let (Some(ErrorClass::UploadOffset), Some((start, end))) = (error.class(), offset) {
            self.failures.wait_after(error)?;
            return self.go_on::<E>(session, video, start..end);
        }
        if error.subcode() == Some(SESSION_EXPIRED) {
            // Nothing was published yet. Whether all is sent once more is for the caller to say.
            self.state = State::Start;
            self.reached = 0;
            return Err(error);
        }
        self.failures.wait_after(error).map(Progress::Wait)
    }

    async fn finish<E: VideoEdge>(
        &mut self,
        client: &Client,
        object: ObjectId,
        session: String,
        video: VideoId,
    ) -> Result<Progress<VideoId>, Error> {
        let mut finish = FinishVideoUpload::<E>::new(object, session);
        for (name, value) in &self.fields {
            finish = finish.field(name, value);
        }
        match client.send(finish).await {
            Ok(()) => {
                self.state = State::Done { video: video.clone() };
                Ok(Progress::Done(video))
            }
            Err(error) => self.failures.wait_after(error).map(Progress::Wait),
        }
    }

    /// Whether the last phase was done, although nobody heard of it.
    async fn ask(&mut self, client: &Client, video: VideoId) -> Result<Progress<VideoId>, Error> {
        let taken_over = match client.send(GetVideoStatus::new(video.clone())).await {
            Ok(state) => state.status.is_some_and(|status| status.is_taken_over()),
            // A video that was never finished may not be visible yet.
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return self.failures.wait_after(error).map(Progress::Wait),
        };
        if taken_over {
            self.state = State::Done { video: video.clone() };
            return Ok(Progress::Done(video));
        }
        self.unfinished = true;
        Ok(Progress::Again)
    }
}

fn invalid_fields(operation: &'static str, error: sociogram_api_core::InvalidRequest) -> Error {
    sociogram_api_core::http::CoreError::invalid(operation, error).into()
}

#[cfg(test)]
mod tests;
