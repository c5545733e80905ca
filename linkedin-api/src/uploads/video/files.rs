//! What belongs to a video.

use sociogram_api_core::http::UploadSource;

/// The files of a video's upload. Cheap to clone.
#[derive(Clone, Debug)]
pub struct VideoFiles {
    pub(super) video: UploadSource,
    pub(super) captions: Option<UploadSource>,
    pub(super) thumbnail: Option<UploadSource>,
}

impl VideoFiles {
    /// The video alone.
    pub const fn new(video: UploadSource) -> Self {
        Self { video, captions: None, thumbnail: None }
    }

    /// With captions, as an SRT file.
    pub fn captions(mut self, captions: UploadSource) -> Self {
        self.captions = Some(captions);
        self
    }

    /// With an image that stands for the video before it plays.
    pub fn thumbnail(mut self, thumbnail: UploadSource) -> Self {
        self.thumbnail = Some(thumbnail);
        self
    }
}

impl From<UploadSource> for VideoFiles {
    fn from(video: UploadSource) -> Self {
        Self::new(video)
    }
}
