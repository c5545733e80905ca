//! Reels and video stories, all the way: open, send the bytes, publish, wait until Meta is ready.

use std::future::Future;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{CoreError, UploadSource};
use sociogram_api_core::{Finding, InvalidRequest};
use url::Url;

use super::attempt::{Attempt, Turn};
use super::reels::{OpenedVideo, PublishAnswer};
use crate::client::Client;
use crate::container_flow::PublishError;
use crate::error::Error;
use crate::error_class::ErrorClass;
use crate::id::{PostId, VideoId};
use crate::uploads::{
    BytesUpload, GetVideoStatus, PhaseStatus, SendHostedVideo, UploadTarget, UploadingPhase, VideoStatus,
    uploading_phase,
};
use sociogram_api_core::Progress;

/// The pause between two questions about a video.
const PAUSE: Duration = Duration::from_secs(5);
/// The pause after some time.
const SLOW: Duration = Duration::from_secs(30);
/// From here on the pause is the longer one.
const SLOWER_AFTER: Duration = Duration::from_secs(60);
/// The longest time a video is waited for in one go.
const PATIENCE: Duration = Duration::from_secs(600);

/// A reel or video story that was published, scheduled or kept as a draft.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedVideo {
    /// The video.
    pub video_id: VideoId,
    /// Its post, if Meta named it; [`GetVideo`](super::GetVideo) may know it later.
    pub post_id: Option<PostId>,
}

/// Where the bytes come from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bytes<'s> {
    /// Meta fetches them.
    Hosted(&'s Url),
    /// They are sent.
    Sent(&'s UploadSource),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Step {
    Open,
    Fetch(VideoId),
    Fetched(VideoId),
    Send(BytesUpload, VideoId),
    Finish(VideoId),
    Wait(VideoId),
    Done(VideoId),
}

/// Where such a flow stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct VideoSteps {
    step: Step,
    attempt: Attempt,
    waited: Duration,
    post_id: Option<PostId>,
}

impl Default for VideoSteps {
    fn default() -> Self {
        Self { step: Step::Open, attempt: Attempt::default(), waited: Duration::ZERO, post_id: None }
    }
}

/// The calls that differ between reels and stories.
pub(super) trait VideoProduct: Sync {
    /// What is wrong with it, before anything is sent.
    fn refusal(&self, client: &Client) -> Option<Error>;
    /// Opens the video.
    fn open(&self, client: &Client) -> impl Future<Output = Result<OpenedVideo, Error>> + Send;
    /// Publishes it.
    fn finish(
        &self,
        client: &Client,
        video: VideoId,
    ) -> impl Future<Output = Result<PublishAnswer, Error>> + Send;
    /// Whether Meta publishes it at once; else it is done as soon as Meta took it over.
    fn is_published_now(&self) -> bool;
}

impl VideoSteps {
    pub(super) const fn video(&self) -> Option<&VideoId> {
        match &self.step {
            Step::Open => None,
            Step::Fetch(video)
            | Step::Fetched(video)
            | Step::Send(_, video)
            | Step::Finish(video)
            | Step::Wait(video)
            | Step::Done(video) => Some(video),
        }
    }

    pub(super) async fn advance(
        &mut self,
        product: &impl VideoProduct,
        client: &Client,
        bytes: Bytes<'_>,
    ) -> Result<Progress<PublishedVideo>, PublishError> {
        match self.step.clone() {
            Step::Open => {
                if let Some(error) = product.refusal(client) {
                    return Err(failed(error));
                }
                // Opened twice it leaves one that nobody sees, so a lost answer does no harm.
                let video = product.open(client).await.map_err(failed)?.video_id;
                let target = UploadTarget::Video(video.clone());
                self.step = match bytes {
                    Bytes::Hosted(_) => Step::Fetch(video),
                    Bytes::Sent(source) => Step::Send(BytesUpload::new(target, source.len()), video),
                };
                Ok(Progress::Again)
            }
            Step::Fetch(video) => self.fetch(client, bytes, video).await,
            Step::Fetched(video) => self.fetched(client, video).await,
            Step::Send(_, video) => self.send(client, bytes, video).await,
            Step::Finish(video) => self.finish(product, client, video).await,
            Step::Wait(video) => self.wait(product, client, video).await,
            Step::Done(video) => Ok(self.done(video)),
        }
    }

    fn done(&mut self, video_id: VideoId) -> Progress<PublishedVideo> {
        self.step = Step::Done(video_id.clone());
        Progress::Done(PublishedVideo { video_id, post_id: self.post_id.clone() })
    }

    /// To have the same file fetched twice does no harm, but Meta refuses it when the first is there.
    async fn fetch(
        &mut self,
        client: &Client,
        bytes: Bytes<'_>,
        video: VideoId,
    ) -> Result<Progress<PublishedVideo>, PublishError> {
        if let Bytes::Hosted(url) = bytes {
            let target = UploadTarget::Video(video.clone());
            if let Err(error) = client.send(SendHostedVideo::new(target.clone(), url.clone())).await {
                let phase = uploading_phase(client, &target).await.map_err(failed)?;
                let is_there = |phase: UploadingPhase| phase.status == Some(PhaseStatus::Complete);
                if !phase.is_some_and(is_there) {
                    return Err(failed(error));
                }
            }
        }
        self.step = Step::Fetched(video);
        Ok(Progress::Again)
    }

    /// Meta fetches in its own time; a video is published when all of it is there.
    async fn fetched(
        &mut self,
        client: &Client,
        video: VideoId,
    ) -> Result<Progress<PublishedVideo>, PublishError> {
        let status = client.send(GetVideoStatus::new(video.clone())).await.map_err(failed)?.status;
        if let Some(status) = status.as_ref().filter(|status| status.has_failed()) {
            return Err(media_failed(status));
        }
        let phase = status.and_then(|status| status.uploading_phase).and_then(|phase| phase.status);
        if matches!(phase, Some(PhaseStatus::NotStarted | PhaseStatus::InProgress)) {
            return self.pause().inspect_err(|_| self.step = Step::Fetch(video));
        }
        self.waited = Duration::ZERO;
        self.step = Step::Finish(video);
        Ok(Progress::Again)
    }

    async fn send(
        &mut self,
        client: &Client,
        bytes: Bytes<'_>,
        video: VideoId,
    ) -> Result<Progress<PublishedVideo>, PublishError> {
        let (Step::Send(upload, _), Bytes::Sent(source)) = (&mut self.step, bytes) else {
            self.step = Step::Finish(video);
            return Ok(Progress::Again);
        };
        match upload.advance(client, source).await.map_err(failed)? {
            Progress::Wait(time) => return Ok(Progress::Wait(time)),
            Progress::Again => {}
            Progress::Done(()) => self.step = Step::Finish(video),
        }
        Ok(Progress::Again)
    }

    async fn finish(
        &mut self,
        product: &impl VideoProduct,
        client: &Client,
        video: VideoId,
    ) -> Result<Progress<PublishedVideo>, PublishError> {
        match self.attempt.turn() {
            Turn::Noted => Ok(Progress::Again),
            Turn::Send => match product.finish(client, video.clone()).await {
                Ok(finished) => {
                    self.post_id = finished.post_id;
                    self.step = Step::Wait(video);
                    Ok(Progress::Again)
                }
                Err(error) => self.attempt.failed(error).map(Progress::Wait).map_err(failed),
            },
            Turn::Ask(_) => {
                let status = client.send(GetVideoStatus::new(video.clone())).await.map_err(failed)?.status;
                if status.as_ref().is_some_and(is_publishing) {
                    self.step = Step::Wait(video);
                    return Ok(Progress::Again);
                }
                Ok(self.attempt.not_found().map_or(Progress::Again, Progress::Wait))
            }
        }
    }

    async fn wait(
        &mut self,
        product: &impl VideoProduct,
        client: &Client,
        video: VideoId,
    ) -> Result<Progress<PublishedVideo>, PublishError> {
        let status = client.send(GetVideoStatus::new(video.clone())).await.map_err(failed)?.status;
        if let Some(status) = status {
            if status.has_failed() {
                return Err(media_failed(&status));
            }
            let done = if product.is_published_now() { is_published(&status) } else { is_processed(&status) };
            if done {
                return Ok(self.done(video));
            }
        }
        self.pause()
    }

    fn pause(&mut self) -> Result<Progress<PublishedVideo>, PublishError> {
        if self.waited >= PATIENCE {
            self.waited = Duration::ZERO;
            return Err(PublishError::StillProcessing { item: None });
        }
        let pause = if self.waited < SLOWER_AFTER { PAUSE } else { SLOW };
        self.waited += pause;
        Ok(Progress::Wait(pause))
    }
}

/// A flow that was made for bytes cannot go on without them.
pub(super) fn no_bytes(operation: &'static str) -> PublishError {
    let finding =
        Finding::error("page.video.source", "source", "the video has no address, and no bytes were given")
            .advice("give the bytes with `run_with`, or begin with `hosted`");
    failed(CoreError::invalid(operation, InvalidRequest::from(finding)).into())
}

/// Declares a flow that publishes a video, with the member that says what it becomes: a [`VideoProduct`] that its
/// function `of` makes for a Page. `$start` is the call that opens it.
macro_rules! video_flow {
    ($(#[$meta:meta])* pub struct $flow:ident { $product:ident: $kind:ty } opened by $start:ty;) => {
        $(#[$meta])*
        #[derive(Clone, Debug, ::serde::Serialize, ::serde::Deserialize)]
        pub struct $flow {
            $product: $kind,
            #[serde(with = "crate::pages::video_flow::stored_url")]
            hosted: Option<::url::Url>,
            steps: $crate::pages::video_flow::VideoSteps,
        }

        impl $flow {
            /// A video behind an address that Meta can fetch; addresses of Meta's own media servers are refused.
            pub fn hosted(page_id: impl Into<$crate::id::PageId>, url: ::url::Url) -> Self {
                Self { hosted: Some(url), ..Self::from_bytes(page_id) }
            }

            /// A video of your own: give its bytes to [`run_with`](Self::run_with).
            pub fn from_bytes(page_id: impl Into<$crate::id::PageId>) -> Self {
                Self { $product: <$kind>::of(page_id.into()), hosted: None, steps: Default::default() }
            }

            /// The video, once it is opened.
            pub const fn video(&self) -> Option<&$crate::id::VideoId> {
                self.steps.video()
            }

            /// Takes one step of a video that Meta fetches.
            ///
            /// # Errors
            /// When a call fails, the video is refused, or Meta is not ready after 10 minutes. Going on later loses
            /// nothing.
            pub async fn advance(
                &mut self,
                client: &$crate::client::Client,
            ) -> Result<
                ::sociogram_api_core::Progress<$crate::pages::PublishedVideo>,
                $crate::container_flow::PublishError,
            > {
                let Some(url) = &self.hosted else {
                    let operation = <$start as ::sociogram_api_core::http::Endpoint>::NAME;
                    return Err($crate::pages::video_flow::no_bytes(operation));
                };
                let bytes = $crate::pages::video_flow::Bytes::Hosted(url);
                self.steps.advance(&self.$product, client, bytes).await
            }

            /// Takes one step of a video of your own. The source must be the same file every time.
            ///
            /// # Errors
            /// As [`advance`](Self::advance), and when the source has another length than before.
            pub async fn advance_with(
                &mut self,
                client: &$crate::client::Client,
                source: &::sociogram_api_core::http::UploadSource,
            ) -> Result<
                ::sociogram_api_core::Progress<$crate::pages::PublishedVideo>,
                $crate::container_flow::PublishError,
            > {
                let bytes = $crate::pages::video_flow::Bytes::Sent(source);
                self.steps.advance(&self.$product, client, bytes).await
            }

            /// Takes all steps of a video that Meta fetches. `save` gets the state after each of them; store it there.
            ///
            /// # Errors
            /// As [`advance`](Self::advance).
            pub async fn run(
                &mut self,
                client: &$crate::client::Client,
                mut save: impl FnMut(&Self) + Send,
            ) -> Result<$crate::pages::PublishedVideo, $crate::container_flow::PublishError> {
                ::sociogram_api_core::run_to_end!(self, client.pipeline.timer(), save, self.advance(client))
            }

            /// Takes all steps of a video of your own. `save` gets the state after each of them; store it there.
            ///
            /// # Errors
            /// As [`advance_with`](Self::advance_with).
            pub async fn run_with(
                &mut self,
                client: &$crate::client::Client,
                source: &::sociogram_api_core::http::UploadSource,
                mut save: impl FnMut(&Self) + Send,
            ) -> Result<$crate::pages::PublishedVideo, $crate::container_flow::PublishError> {
                ::sociogram_api_core::run_to_end!(self, client.pipeline.timer(), save, self.advance_with(client, source))
            }
        }
    };
}

pub(super) use video_flow;

/// An address in what is stored.
pub(super) mod stored_url {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use url::Url;

    #[allow(clippy::ref_option, reason = "serde hands it over like this")]
    pub(in super::super) fn serialize<S: Serializer>(url: &Option<Url>, to: S) -> Result<S::Ok, S::Error> {
        url.as_ref().map(Url::as_str).serialize(to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
        let text: Option<String> = Option::deserialize(from)?;
        text.map(|text| Url::parse(&text).map_err(|_| D::Error::custom("not an address"))).transpose()
    }
}

fn failed(error: Error) -> PublishError {
    PublishError::call(None, error)
}

fn publishing(status: &VideoStatus) -> Option<&PhaseStatus> {
    status.publishing_phase.as_ref()?.status.as_ref()
}

/// Whether the call that publishes was taken.
fn is_publishing(status: &VideoStatus) -> bool {
    let named = status.publishing_phase.as_ref().and_then(|phase| phase.publish_status.as_deref());
    matches!(publishing(status), Some(PhaseStatus::InProgress | PhaseStatus::Complete | PhaseStatus::Error))
        || matches!(named, Some("published" | "scheduled" | "draft"))
}

fn is_published(status: &VideoStatus) -> bool {
    publishing(status) == Some(&PhaseStatus::Complete)
        || (status.publishing_phase.is_none() && status.is_ready())
}

/// Scheduled videos and drafts are not published, so nothing but the processing can be waited for.
fn is_processed(status: &VideoStatus) -> bool {
    let processing = status.processing_phase.as_ref().and_then(|phase| phase.status.as_ref());
    is_published(status) || status.is_ready() || processing == Some(&PhaseStatus::Complete)
}

fn media_failed(status: &VideoStatus) -> PublishError {
    let error = status.errors().next();
    let code = error.and_then(|error| error.code);
    PublishError::MediaFailed {
        item: None,
        subcode: code,
        class: ErrorClass::MediaRejected,
        said: error.and_then(|error| error.message.clone()),
    }
}

#[cfg(test)]
mod tests;
