//! Containers: what is uploaded and waits to be published.

use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    Held, Object,
    access::Access,
    create_words::Draft,
};

/// How long processing takes, in milliseconds.
const PROCESSING: i64 = 2_000;
/// After so many polls that answered `IN_PROGRESS` it is done, whatever the clock says.
const POLLS: u32 = 2;
/// Life of a container, in milliseconds.
const LIFE: i64 = 24 * 60 * 60 * 1000;

/// A container.
#[derive(Debug)]
pub(super) struct Container {
    pub(super) account: String,
    /// Milliseconds.
    pub(super) created_at: i64,
    /// When processing began; `None` while the bytes are on their way.
    pub(super) started_at: Option<i64>,
    pub(super) polls: u32,
    /// The subcode it ends with, if the file cannot be used.
    pub(super) fault: Option<i64>,
    /// The media it has become.
    pub(super) published: Option<String>,
    pub(super) draft: Draft,
}

/// How far a container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    InProgress,
    Finished,
    Published,
    Error(i64),
    Expired,
}

impl Container {
    pub(super) fn awaits_bytes(&self) -> bool {
        self.started_at.is_none()
    }

    pub(super) fn status(&self, held: &Held, now: i64) -> Status {
        if self.published.is_some() {
            return Status::Published;
        }
        if self.created_at.saturating_add(LIFE) <= now {
            return Status::Expired;
        }
        let Some(started) = self.started_at else { return Status::InProgress };
        if started.saturating_add(PROCESSING) > now && self.polls < POLLS {
            return Status::InProgress;
        }
        if let Some(subcode) = self.fault {
            return Status::Error(subcode);
        }
        for child in &self.draft.children {
            match held.containers.get(child).map(|child| child.status(held, now)) {
                Some(Status::Finished | Status::Published) => {}
                Some(Status::InProgress) => return Status::InProgress,
                Some(Status::Error(subcode)) => return Status::Error(subcode),
                Some(Status::Expired) | None => return Status::Error(2_207_020),
            }
        }
        Status::Finished
    }
}

impl Status {
    fn code(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Finished => "FINISHED",
            Self::Published => "PUBLISHED",
            Self::Error(_) => "ERROR",
            Self::Expired => "EXPIRED",
        }
    }

    fn text(self) -> String {
        match self {
            Self::InProgress => "In Progress: Media is still being processed.".to_owned(),
            Self::Finished => "Finished: Media has been uploaded and it is ready to be published.".to_owned(),
            Self::Published => "Published: Media has been published.".to_owned(),
            Self::Error(subcode) => format!("Error: Media upload has failed with error code {subcode}"),
            Self::Expired => "Expired: Media has expired.".to_owned(),
        }
    }
}

/// `video_status`: how much of the file has arrived, where it is sent in bytes, and what is made of it.
fn video_status(container: &Container, status: Status, received: Option<u64>) -> Value {
    let waits = container.awaits_bytes();
    let uploading = match (waits, received.unwrap_or_default()) {
        (false, _) => "complete",
        (true, 0) => "not_started",
        (true, _) => "in_progress",
    };
    let processing = match status {
        Status::InProgress if waits => "not_started",
        Status::InProgress => "in_progress",
        Status::Error(_) => "error",
        _ => "complete",
    };
    let uploading = if waits || received.is_some() {
        json!({"status": uploading, "bytes_transferred": received.unwrap_or_default()})
    } else {
        json!({ "status": uploading })
    };
    json!({"uploading_phase": uploading, "processing_phase": {"status": processing}})
}

/// One look at a container. Looking brings it forward, so that a client that polls fast is not kept for long.
pub(super) fn read(call: &mut Call<'_>, _access: &Access, id: &str) -> Outcome {
    let now = call.state.now();
    let held = &call.state.areas.instagram;
    let missing = || GraphError::unsupported(&call.request.method, id);
    let container = held.containers.get(id).ok_or_else(missing)?;
    let status = container.status(held, now);
    let mut object = Object::new();
    object.insert("id".to_owned(), json!(id));
    object.insert("status_code".to_owned(), json!(status.code()));
    object.insert("status".to_owned(), json!(status.text()));
    if container.draft.shape.is_video() {
        let phase = match status {
            Status::InProgress => "in_progress",
            Status::Error(_) => "error",
            _ => "completed",
        };
        object.insert("copyright_check_status".to_owned(), json!({"status": phase, "matches_found": false}));
        let received = call.state.areas.uploads.bytes_of_container(id);
        object.insert("video_status".to_owned(), video_status(container, status, received));
    }
    let known = ["id", "status_code", "status", "copyright_check_status", "video_status"];
    let answer = super::super::super::fields::select(call, "Container", &object, &known, &["id"])?;
    if status == Status::InProgress {
        let children = container.draft.children.clone();
        for id in children.iter().map(String::as_str).chain([id]) {
            let container = call.state.areas.instagram.containers.get_mut(id);
            // Without its bytes there is nothing to bring forward.
            if let Some(container) = container.filter(|container| !container.awaits_bytes()) {
                container.polls = container.polls.saturating_add(1);
            }
        }
    }
    Ok(answer)
}
