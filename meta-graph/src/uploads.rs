//! Files on their way to Meta: resumable, with constant memory.
//!
//! An [`UploadSource`] is what they are read from. Which way a file takes depends on what it becomes:
//!
//! * [`ResumableUpload`] makes a handle: for the media of WhatsApp templates, profile pictures, and Page or ad
//!   videos that are created with `fbuploader_video_file_chunk`.
//! * [`VideoUpload`] sends a video of a Page or an ad account in the chunks that Meta asks for.
//! * [`BytesUpload`] sends the bytes of a reel, a video story or an Instagram container that was opened before.
//!
//! All three hold where they stand and no token. Save them after every step; whoever loads one goes on where Meta
//! says that it stopped.

use std::time::Duration;

use serde::de::{Deserializer, Error as _};
use sociogram_api_core::http::CoreError;
use sociogram_api_core::{Finding, InvalidRequest};

use crate::error::Error;
use crate::lenient;

mod bytes;
mod failures;
mod resumable;
mod session;
mod status;
mod video;
mod video_upload;

pub use bytes::{BytesUpload, SendHostedVideo, SendVideoBytes, UploadTarget, send_bytes, uploading_phase};
pub use resumable::ResumableUpload;
pub use session::{
    FileType, GetUpload, InvalidUploadSession, OpenUpload, OpenedUpload, SendUpload, SessionType,
    UploadHandle, UploadPosition, UploadSessionId,
};
pub use sociogram_api_core::http::{RangeSource, UploadSource};
pub use status::{
    ContainerVideoStatus, GetContainerVideoStatus, GetVideoStatus, PhaseError, PhaseStatus, ProcessingPhase,
    PublishingPhase, UploadingPhase, VideoStage, VideoState, VideoStatus,
};
pub use video::{
    AdVideos, CancelVideoUpload, FinishVideoUpload, NextChunk, PageVideos, StartVideoUpload,
    TransferVideoChunk, VideoEdge, VideoSession,
};
pub use video_upload::{VideoTarget, VideoUpload};

/// The slowest line that is reckoned with, in bytes per second.
const SLOWEST: u64 = 512 * 1024;

/// How long one attempt may take: a minute, and two seconds more for every mebibyte.
pub(crate) const fn time_for(bytes: u64) -> Duration {
    Duration::from_secs(60 + bytes / SLOWEST)
}

/// A number of bytes, as a number or as text.
fn position<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    lenient::count(from)?.ok_or_else(|| D::Error::custom("expected a number of bytes"))
}

/// A source of another length than at the beginning is another file; the two halves would not fit.
fn check_length(operation: &'static str, source: &UploadSource, length: u64) -> Result<(), Error> {
    if source.len() == length {
        return Ok(());
    }
    let finding = Finding::error("uploads.length", "source", "the source is not the file that was announced")
        .measured(format_args!("{} bytes", source.len()))
        .allowed(format_args!("{length} bytes"))
        .advice("pass the same file, or begin a new upload");
    Err(invalid(operation, finding))
}

/// Where Meta says that it goes on must lie in the file.
fn check_position(operation: &'static str, position: u64, length: u64) -> Result<(), Error> {
    if position <= length {
        return Ok(());
    }
    let finding = Finding::error("uploads.position", "offset", "Meta holds more bytes than the file has")
        .measured(format_args!("{position} bytes"))
        .allowed(format_args!("{length} bytes"))
        .advice("begin a new upload");
    Err(invalid(operation, finding))
}

fn invalid(operation: &'static str, finding: Finding) -> Error {
    CoreError::invalid(operation, InvalidRequest::from(finding)).into()
}

#[cfg(test)]
mod hosts;
#[cfg(test)]
#[cfg(feature = "reqwest")]
mod streaming;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_has_more_time() {
        assert_eq!(time_for(0), Duration::from_secs(60));
        assert_eq!(time_for(1024 * 1024), Duration::from_secs(62));
        assert_eq!(time_for(4 * 1024 * 1024 * 1024), Duration::from_secs(60 + 8192));
    }
}
