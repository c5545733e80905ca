//! What became of a video that was sent (Graph API: Video; Page Video Reels).

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::Value;
use sociogram_api_core::{Timestamp, open_enum};
use sociogram_oauth_core::scope;

use crate::endpoint::endpoint;
use crate::id::{ContainerId, VideoId};
use crate::lenient;

open_enum! {
    /// How far a video is as a whole.
    pub enum VideoStage {
        /// The bytes are on their way.
        Uploading = "uploading",
        /// All bytes arrived.
        UploadComplete = "upload_complete",
        /// The upload failed.
        UploadFailed = "upload_failed",
        /// Meta works on it.
        Processing = "processing",
        /// It can be watched.
        Ready = "ready",
        /// It cannot be used.
        Error = "error",
        /// The upload was not finished in time.
        Expired = "expired",
    }
}

open_enum! {
    /// How far one phase is.
    pub enum PhaseStatus {
        /// It has not begun.
        NotStarted = "not_started",
        /// It runs.
        InProgress = "in_progress",
        /// It is over.
        Complete = "complete",
        /// It failed.
        Error = "error",
    }
}

endpoint! {
    /// Asks what became of a video: `GET /{video_id}?fields=status`.
    ///
    /// Needs the token it was uploaded with. Ask every few seconds at most; a long video takes minutes.
    pub struct GetVideoStatus -> VideoState;
    "page.video_status.get": GET "/{video_id}", Safe, [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { video_id: VideoId }
    fields "status";
    subject video_id;
}

endpoint! {
    /// Asks how much of an Instagram container's video arrived: `GET /{container_id}?fields=video_status`.
    ///
    /// Needs the token the container was made with.
    pub struct GetContainerVideoStatus -> ContainerVideoStatus;
    "instagram.container_video_status.get": GET "/{container_id}", Safe,
        [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_CONTENT_PUBLISH];
    new { container_id: ContainerId }
    fields "video_status";
    subject container_id;
}

/// What became of a video.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct VideoState {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<VideoId>,
    /// How far it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<VideoStatus>,
}

/// What became of the video of an Instagram container.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ContainerVideoStatus {
    /// The container's id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<ContainerId>,
    /// How far it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub video_status: Option<VideoStatus>,
}

/// How far a video is, as a whole and by phase.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct VideoStatus {
    /// As a whole.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub video_status: Option<VideoStage>,
    /// How much arrived.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub uploading_phase: Option<UploadingPhase>,
    /// What Meta makes of it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub processing_phase: Option<ProcessingPhase>,
    /// Whether people can see it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub publishing_phase: Option<PublishingPhase>,
}

impl VideoStatus {
    /// Whether it can be watched.
    pub fn is_ready(&self) -> bool {
        self.video_status == Some(VideoStage::Ready)
    }

    /// Whether nothing more will come of it: [`errors`](Self::errors) may say why.
    pub fn has_failed(&self) -> bool {
        let phases = [
            self.uploading_phase.as_ref().and_then(|phase| phase.status.as_ref()),
            self.processing_phase.as_ref().and_then(|phase| phase.status.as_ref()),
            self.publishing_phase.as_ref().and_then(|phase| phase.status.as_ref()),
        ];
        let whole = self.video_status.as_ref();
        matches!(whole, Some(VideoStage::Error | VideoStage::UploadFailed | VideoStage::Expired))
            || phases.contains(&Some(&PhaseStatus::Error))
    }

    /// Whether Meta took the video over: its upload was finished, by whichever call.
    pub(crate) fn is_taken_over(&self) -> bool {
        let begun = |status: Option<&PhaseStatus>| {
            matches!(status, Some(PhaseStatus::InProgress | PhaseStatus::Complete | PhaseStatus::Error))
        };
        // "processing" stands there while bytes still arrive, too: only the phases tell.
        matches!(self.video_status, Some(VideoStage::Ready))
            || begun(self.processing_phase.as_ref().and_then(|phase| phase.status.as_ref()))
            || begun(self.publishing_phase.as_ref().and_then(|phase| phase.status.as_ref()))
    }

    /// What went wrong in any phase.
    pub fn errors(&self) -> impl Iterator<Item = &PhaseError> {
        let uploading = self.uploading_phase.iter().flat_map(|phase| phase.errors.iter().chain(&phase.error));
        let processing =
            self.processing_phase.iter().flat_map(|phase| phase.errors.iter().chain(&phase.error));
        uploading.chain(processing)
    }
}

/// How much of a video arrived.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UploadingPhase {
    /// How far it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<PhaseStatus>,
    /// How many bytes arrived; an interrupted upload goes on there.
    #[serde(default, alias = "bytes_transfered", deserialize_with = "lenient::count")]
    pub bytes_transferred: Option<u64>,
    /// What went wrong.
    #[serde(default, deserialize_with = "lenient::list")]
    pub errors: Vec<PhaseError>,
    /// The only error, in the older form.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub error: Option<PhaseError>,
}

/// What Meta makes of a video.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ProcessingPhase {
    /// How far it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<PhaseStatus>,
    /// What went wrong.
    #[serde(default, deserialize_with = "lenient::list")]
    pub errors: Vec<PhaseError>,
    /// The only error, in the older form.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub error: Option<PhaseError>,
}

/// Whether people can see a video.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PublishingPhase {
    /// How far it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<PhaseStatus>,
    /// `published`, `scheduled`, `draft` and whatever else Meta writes there.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub publish_status: Option<String>,
    /// When it is published.
    #[serde(default, deserialize_with = "lenient::time")]
    pub publish_time: Option<Timestamp>,
}

/// What went wrong in a phase.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PhaseError {
    /// Meta's number.
    #[serde(default, deserialize_with = "code")]
    pub code: Option<i64>,
    /// Meta's text, which may be shown to a person.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message: Option<String>,
}

fn code<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(lenient::int_of(&Value::deserialize(from)?))
}

#[cfg(test)]
mod tests;
