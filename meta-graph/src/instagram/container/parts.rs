//! What parameters of containers are made of.

use serde::{Deserialize, Serialize};
use sociogram_api_core::open_enum;

use crate::id::ObjectId;

/// A person tagged in an image or a video.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserTag {
    username: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) x: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) y: Option<f64>,
}

impl UserTag {
    /// On a video, which takes no place. The account must be public.
    pub fn new(username: impl Into<String>) -> Self {
        Self { username: username.into(), x: None, y: None }
    }

    /// On an image, at this part of its width from the left and of its height from the top, both 0 to 1.
    pub fn at(username: impl Into<String>, x: f64, y: f64) -> Self {
        Self { username: username.into(), x: Some(x), y: Some(y) }
    }
}

/// A sound for a reel, and how loud it and the video are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioConfiguration {
    audio_id: ObjectId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) audio_volume: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) video_volume: Option<u32>,
}

impl AudioConfiguration {
    /// This sound, from [`SearchAudio`](crate::instagram::SearchAudio).
    pub fn new(audio_id: impl Into<ObjectId>) -> Self {
        Self { audio_id: audio_id.into(), audio_volume: None, video_volume: None }
    }

    /// How loud the sound and the video's own sound are, 0 to 100.
    pub const fn volumes(mut self, audio: u32, video: u32) -> Self {
        self.audio_volume = Some(audio);
        self.video_volume = Some(video);
        self
    }
}

open_enum! {
    /// How a trial reel comes before all followers.
    pub enum GraduationStrategy {
        /// The person decides in the app.
        Manual = "MANUAL",
        /// Instagram decides, by how well it does.
        Performance = "SS_PERFORMANCE",
    }
}

/// How a trial reel goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialParams {
    graduation_strategy: GraduationStrategy,
}

impl From<GraduationStrategy> for TrialParams {
    fn from(graduation_strategy: GraduationStrategy) -> Self {
        Self { graduation_strategy }
    }
}
