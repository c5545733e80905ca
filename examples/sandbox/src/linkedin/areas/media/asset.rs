//! One upload and how far it has come.

use serde_json::{Value, json};

use super::super::super::{answer::ApiError, post_rules::is_urn};
use crate::state::State;

/// How long the platform works on a file: this many milliseconds, or this many looks.
const WORK: i64 = 2000;
const LOOKS: u32 = 2;
/// How long a download address is good, in milliseconds: a day.
const DOWNLOAD_LIFE: i64 = 86_400_000;

/// What is uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Image,
    Video,
    Document,
}

impl Kind {
    /// As URNs and bodies name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Document => "document",
        }
    }

    pub(super) fn resource(self) -> &'static str {
        match self {
            Self::Image => "images",
            Self::Video => "videos",
            Self::Document => "documents",
        }
    }
}

/// What goes to an upload address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// The whole file.
    Whole,
    /// Bytes of a video, the last one included; and the ETag once they are there.
    Part {
        first: u64,
        last: u64,
        etag: Option<String>,
    },
    Captions,
    Thumbnail,
}

/// An address that bytes are put to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// Path and query below `/linkedin`, byte for byte.
    pub(super) path: String,
    pub(super) target: Target,
}

/// The file is there, and the platform works on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrived {
    pub(super) at: i64,
    pub(super) looks: u32,
    /// Why nothing will come of it.
    pub(super) fault: Option<&'static str>,
}

/// One upload.
#[derive(Debug, Clone)]
pub(super) struct Asset {
    pub(super) urn: String,
    pub(super) kind: Kind,
    pub(super) owner: String,
    /// Whose token asked for the upload.
    pub(super) member: String,
    pub(super) addresses: Vec<Address>,
    /// When the addresses end, in milliseconds.
    pub(super) expires: i64,
    /// Echoed when the upload of a video is finished.
    pub(super) token: String,
    /// The first bytes of the file.
    pub(super) head: Vec<u8>,
    pub(super) has_captions: bool,
    pub(super) has_thumbnail: bool,
    pub(super) arrived: Option<Arrived>,
}

/// How far an upload has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    WaitingUpload,
    Processing,
    Available,
    Failed(&'static str),
}

impl Asset {
    /// Looks at the asset: time passes, and every look moves it on too.
    fn look(&mut self, now: i64) -> Status {
        let Some(arrived) = &mut self.arrived else { return Status::WaitingUpload };
        arrived.looks = arrived.looks.saturating_add(1);
        match arrived.fault {
            _ if arrived.looks <= LOOKS && now < arrived.at.saturating_add(WORK) => Status::Processing,
            Some(fault) => Status::Failed(fault),
            None => Status::Available,
        }
    }

    /// What a read answers.
    pub(super) fn represent(&mut self, now: i64, base: &str) -> Value {
        let status = self.look(now);
        let word = match status {
            Status::WaitingUpload => "WAITING_UPLOAD",
            Status::Processing => "PROCESSING",
            Status::Available => "AVAILABLE",
            Status::Failed(_) => "PROCESSING_FAILED",
        };
        let mut fields = json!({"id": self.urn, "owner": self.owner, "status": word});
        let id = self.urn.rsplit(':').next().unwrap_or_default();
        let mut set = |name: &str, value: Value| {
            if let Some(fields) = fields.as_object_mut() {
                fields.insert(name.to_owned(), value);
            }
        };
        if let (Status::Failed(reason), Kind::Video) = (status, self.kind) {
            set("processingFailureReason", json!(reason));
        }
        if status == Status::Available {
            set("downloadUrl", json!(format!("{base}/linkedin/dms/{}/{id}", self.kind.name())));
            set("downloadUrlExpiresAt", json!(now.saturating_add(DOWNLOAD_LIFE)));
            if self.kind == Kind::Video {
                set("duration", json!(60_000));
                set("aspectRatioWidth", json!(1920));
                set("aspectRatioHeight", json!(1080));
                set("thumbnail", json!(format!("{base}/linkedin/dms/thumbnail/{id}")));
                if self.has_captions {
                    set("captions", json!(format!("{base}/linkedin/dms/captions/{id}")));
                }
            }
        }
        fields
    }
}

/// Whether a post or comment of this author may show the upload; the field names the place in the body. An attempt is
/// a look: a client that may not read images can only try.
pub(crate) fn usable(state: &mut State, urn: &str, author: &str, field: &str) -> Result<(), ApiError> {
    let now = state.now();
    let Some(asset) = state.linkedin.media.asset(urn) else {
        let code = if is_urn(urn, &["image"]) {
            "INVALID_IMAGE_ID"
        } else if is_urn(urn, &["video"]) {
            "INVALID_VIDEO_ID"
        } else {
            "INVALID_URN_ID"
        };
        return Err(ApiError::field(code, field, "no such upload"));
    };
    if asset.owner != author {
        return Err(ApiError::field(
            "INVALID_VALUE_FOR_FIELD",
            field,
            "the asset is not owned by the author",
        ));
    }
    match asset.look(now) {
        Status::Available => Ok(()),
        Status::WaitingUpload | Status::Processing => {
            Err(ApiError::field("MEDIA_ASSET_WAITING_UPLOAD", field, "the asset is not available yet"))
        }
        Status::Failed(_) => {
            Err(ApiError::field("MEDIA_ASSET_PROCESSING_FAILED", field, "the asset could not be processed"))
        }
    }
}
