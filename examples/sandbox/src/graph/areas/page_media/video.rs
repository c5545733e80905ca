//! A video, reel or video story, from its first byte on.

use super::super::{super::Call, uploads::transfer::Transfer};

/// How long the platform works on a video, in seconds of the sandbox clock, and in how many looks at its status.
const PROCESSING: i64 = 2;
const LOOKS: u32 = 2;
/// How long an upload waits to be finished, in seconds.
const LIFE: i64 = 86_400;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Video,
    Reel,
    Story,
}

/// How the caller ended the upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Published,
    Scheduled,
    Draft,
}

#[derive(Debug, Clone)]
pub(super) struct Video {
    pub(super) id: String,
    pub(super) page: String,
    pub(super) kind: Kind,
    pub(super) transfer: Transfer,
    pub(super) ending: Option<(Ending, i64)>,
    /// How often the status was looked at since then.
    pub(super) looks: u32,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) scheduled: Option<i64>,
    pub(super) category: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) is_embeddable: bool,
    pub(super) post: Option<String>,
    pub(super) created_at: i64,
    pub(super) is_deleted: bool,
    /// Languages of its captions.
    pub(super) captions: Vec<String>,
    pub(super) default_locale: Option<String>,
    /// Ids of pictures that were added.
    pub(super) thumbnails: Vec<String>,
    pub(super) preferred: Option<String>,
    pub(super) collaborators: Vec<String>,
}

impl Video {
    pub(super) fn new(id: String, page: &str, kind: Kind, transfer: Transfer, now: i64) -> Self {
        Self {
            id,
            page: page.to_owned(),
            kind,
            transfer,
            ending: None,
            looks: 0,
            title: None,
            description: None,
            scheduled: None,
            category: None,
            tags: Vec::new(),
            is_embeddable: true,
            post: None,
            created_at: now,
            is_deleted: false,
            captions: Vec::new(),
            default_locale: None,
            thumbnails: Vec::new(),
            preferred: None,
            collaborators: Vec::new(),
        }
    }

    /// Whether the upload host takes its bytes: those of other videos travel in chunks or at once.
    pub(super) fn is_sent_to_the_upload_host(&self) -> bool {
        self.kind != Kind::Video && !self.is_deleted && self.ending.is_none()
    }

    pub(super) fn is_published(&self) -> bool {
        matches!(self.ending, Some((Ending::Published, _)))
    }

    /// Makes visible what was scheduled or a draft.
    pub(super) fn publish(&mut self) {
        if let Some((ending, _)) = &mut self.ending {
            *ending = Ending::Published;
        }
    }

    pub(super) fn is_processed(&self, now: i64) -> bool {
        let since = self.ending.map(|(_, time)| now.saturating_sub(time));
        since.is_some_and(|since| since >= PROCESSING || self.looks >= LOOKS)
    }

    /// Whether nobody finished it in time.
    pub(super) fn is_expired(&self, now: i64) -> bool {
        self.ending.is_none() && now.saturating_sub(self.created_at) >= LIFE
    }

    pub(super) fn address(&self) -> String {
        match self.kind {
            Kind::Reel | Kind::Video => format!("https://www.facebook.com/reel/{}/", self.id),
            Kind::Story => format!("https://www.facebook.com/stories/{}/", self.id),
        }
    }

    pub(super) fn picture(&self) -> String {
        format!("https://scontent.example.com/{}.jpg", self.id)
    }

    pub(super) fn source(&self) -> String {
        format!("https://video.example.com/{}.mp4", self.id)
    }
}

pub(super) fn exists(call: &Call<'_>, id: &str) -> bool {
    call.state.areas.page_media.videos.iter().any(|video| video.id == id && !video.is_deleted)
}

/// An id for a new video.
pub(super) fn new_id(call: &mut Call<'_>) -> String {
    format!("{}", 900_000_000_000_000_u64.saturating_add(call.state.number()))
}
