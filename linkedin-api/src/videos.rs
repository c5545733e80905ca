//! Videos (LinkedIn: Videos API).
//!
//! [`UploadVideo`](crate::uploads::UploadVideo) does all steps of an upload.

mod session;

use std::time::Duration;

use serde::{Deserialize, Deserializer};
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, Timestamp};
use sociogram_oauth_core::scope;

use crate::assets::{AssetStatus, SignedUrl};
use crate::batch::BatchResults;
use crate::endpoint::endpoint;
use crate::guard::rules;
use crate::lenient;
use crate::urn::{Urn, VideoUrn};

pub use session::{
    FinalizeVideoUpload, InitializeVideoUpload, InitializedVideo, SendVideoPart, UploadInstruction,
    UploadToken,
};

/// An uploaded video.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Video {
    /// Its id.
    #[serde(deserialize_with = "lenient::or_none")]
    pub id: Option<VideoUrn>,
    /// Who owns it; only the owner can post it.
    #[serde(deserialize_with = "lenient::or_none")]
    pub owner: Option<Urn>,
    /// Whether it can be used.
    #[serde(deserialize_with = "lenient::or_none")]
    pub status: Option<AssetStatus>,
    /// Why LinkedIn could not process it, in its own words.
    #[serde(deserialize_with = "lenient::or_none")]
    pub processing_failure_reason: Option<String>,
    /// How long it plays.
    #[serde(deserialize_with = "millis")]
    pub duration: Option<Duration>,
    /// The width in its aspect ratio: 16 of 16:9, or pixels.
    #[serde(deserialize_with = "lenient::integer")]
    pub aspect_ratio_width: Option<i64>,
    /// The height in its aspect ratio.
    #[serde(deserialize_with = "lenient::integer")]
    pub aspect_ratio_height: Option<i64>,
    /// Where it can be downloaded.
    #[serde(deserialize_with = "lenient::or_none")]
    pub download_url: Option<SignedUrl>,
    /// Until when.
    #[serde(deserialize_with = "lenient::millis")]
    pub download_url_expires_at: Option<Timestamp>,
    /// Its thumbnail: an address, or the URN of an image.
    #[serde(deserialize_with = "lenient::or_none")]
    pub thumbnail: Option<SignedUrl>,
    /// Its captions: an address, or a URN.
    #[serde(deserialize_with = "lenient::or_none")]
    pub captions: Option<SignedUrl>,
}

fn millis<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let millis = lenient::integer(deserializer)?;
    Ok(millis.and_then(|millis| u64::try_from(millis).ok()).map(Duration::from_millis))
}

endpoint! {
    /// Reads a video: `GET /rest/videos/{urn}` (LinkedIn: Videos API).
    ///
    /// For the owner's token, also one with `w_member_social` alone. For any other LinkedIn answers 403.
    pub struct GetVideo -> Video;
    "linkedin.videos.get": Get "/rest/videos/{urn}", Safe,
        [scope::W_MEMBER_SOCIAL, scope::W_ORGANIZATION_SOCIAL, scope::R_ORGANIZATION_SOCIAL];
    new { urn: VideoUrn }
    projection;
    subject urn;
}

endpoint! {
    /// Reads several videos: `GET /rest/videos?ids=List(…)` (LinkedIn: Videos API). Scopes as for [`GetVideo`].
    pub struct BatchGetVideos -> BatchResults<Video>;
    "linkedin.videos.batch_get": BatchGet "/rest/videos", Safe,
        [scope::W_MEMBER_SOCIAL, scope::W_ORGANIZATION_SOCIAL, scope::R_ORGANIZATION_SOCIAL];
    new { ids: Vec<VideoUrn> }
    projection;
    checked by check;
    read by Self::read;
}

impl BatchGetVideos {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        if self.ids.is_empty() { vec![rules::KEYS_EMPTY.finding("ids")] } else { Vec::new() }
    }

    fn read(&self, response: &RawResponse) -> Result<BatchResults<Video>, DecodeError> {
        BatchResults::read(response, self.ids.iter().map(VideoUrn::as_str))
    }
}
