//! How far a video's upload came.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;

use crate::assets::SignedUrl;
use crate::urn::VideoUrn;
use crate::videos::{FinalizeVideoUpload, InitializedVideo, UploadToken};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Session {
    video: VideoUrn,
    token: UploadToken,
    parts: Vec<Part>,
    captions: Option<Extra>,
    thumbnail: Option<Extra>,
    expires_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    url: SignedUrl,
    range: Range<u64>,
    /// What LinkedIn called it, once it was sent.
    id: Option<String>,
}

/// A file beside the video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Extra {
    url: SignedUrl,
    sent: bool,
}

/// What is to be done next.
#[derive(Debug)]
pub(super) enum Next {
    Part { index: usize, url: SignedUrl, range: Range<u64> },
    Captions(SignedUrl),
    Thumbnail(SignedUrl),
    Finish(FinalizeVideoUpload),
}

impl Session {
    pub(super) fn new(opened: InitializedVideo) -> Self {
        let part = |instruction: crate::videos::UploadInstruction| Part {
            range: instruction.range(),
            url: instruction.upload_url,
            id: None,
        };
        let extra = |url| Extra { url, sent: false };
        Self {
            video: opened.video,
            token: opened.upload_token,
            parts: opened.upload_instructions.into_iter().map(part).collect(),
            captions: opened.captions_upload_url.map(extra),
            thumbnail: opened.thumbnail_upload_url.map(extra),
            expires_at: opened.upload_urls_expire_at,
        }
    }

    pub(super) fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    pub(super) fn next(&self) -> Next {
        for (index, part) in self.parts.iter().enumerate() {
            if part.id.is_none() {
                return Next::Part { index, url: part.url.clone(), range: part.range.clone() };
            }
        }
        let open =
            |extra: &Option<Extra>| extra.as_ref().filter(|extra| !extra.sent).map(|extra| extra.url.clone());
        if let Some(url) = open(&self.captions) {
            return Next::Captions(url);
        }
        if let Some(url) = open(&self.thumbnail) {
            return Next::Thumbnail(url);
        }
        let ids: Vec<String> = self.parts.iter().filter_map(|part| part.id.clone()).collect();
        Next::Finish(FinalizeVideoUpload::new(self.video.clone(), ids).token(self.token.clone()))
    }

    /// Notes that this was sent; a part has an id.
    pub(super) fn sent(&mut self, next: &Next, id: Option<String>) {
        match next {
            Next::Part { index, .. } => {
                if let Some(part) = self.parts.get_mut(*index) {
                    part.id = id;
                }
            }
            Next::Captions(_) => note(&mut self.captions),
            Next::Thumbnail(_) => note(&mut self.thumbnail),
            Next::Finish(_) => {}
        }
    }
}

fn note(extra: &mut Option<Extra>) {
    if let Some(extra) = extra {
        extra.sent = true;
    }
}
