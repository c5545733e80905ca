//! `status` of a video: what has arrived, what is worked on, what is published.

use serde_json::{Map, Value, json};

use super::video::{Ending, Video};
use crate::clock::graph_time;

/// The field `status`.
pub(super) fn of(video: &Video, now: i64) -> Value {
    let is_there = video.transfer.is_complete();
    let is_broken = video.ending.is_some() && !video.transfer.is_video();
    let is_processed = video.is_processed(now) && !is_broken;
    let whole = match (video.ending, is_there) {
        _ if is_broken => "error",
        _ if video.is_expired(now) => "expired",
        (Some(_), _) if is_processed => "ready",
        (None, true) => "upload_complete",
        _ => "processing",
    };
    let processing = match video.ending {
        None => json!({"status": "not_started"}),
        Some(_) if is_broken => json!({"status": "error", "errors": [
            {"code": 1_363_024, "message": "The video file is in a format that is not supported."},
        ]}),
        Some(_) => json!({"status": if is_processed { "complete" } else { "in_progress" }}),
    };
    json!({
        "video_status": whole,
        "uploading_phase": uploading(video),
        "processing_phase": processing,
        "publishing_phase": publishing(video, is_processed, is_broken),
    })
}

fn uploading(video: &Video) -> Value {
    let status = match (video.transfer.is_complete(), video.transfer.received) {
        (true, _) => "complete",
        (false, 0) => "not_started",
        (false, _) => "in_progress",
    };
    json!({"status": status, "bytes_transferred": video.transfer.received})
}

fn publishing(video: &Video, is_processed: bool, is_broken: bool) -> Value {
    let mut phase = Map::new();
    let mut put = |name: &str, value: Value| phase.insert(name.to_owned(), value);
    let status = match video.ending {
        _ if is_broken => "not_started",
        Some((Ending::Published, _)) if is_processed => "complete",
        Some((Ending::Published, _)) => "in_progress",
        _ => "not_started",
    };
    put("status", json!(status));
    if let Some((ending, time)) = video.ending.filter(|_| !is_broken) {
        let (word, time) = match ending {
            Ending::Published => ("published", Some(time).filter(|_| is_processed)),
            Ending::Scheduled => ("scheduled", video.scheduled),
            Ending::Draft => ("draft", None),
        };
        put("publish_status", json!(word));
        if let Some(time) = time {
            put("publish_time", json!(graph_time(time)));
        }
    }
    Value::Object(phase)
}
