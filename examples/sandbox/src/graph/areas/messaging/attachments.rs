//! `POST /{page}/message_attachments`: files that are sent later, or more than once.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    Channel, DAY,
    content::{Keep, only, text},
    door::Door,
};

/// How long an attachment is kept, in seconds.
const LIFE: i64 = 90 * DAY;
/// Largest file, in bytes.
const FILE_BYTES: usize = 25 * 1024 * 1024;
/// Largest picture on Instagram, in bytes.
const PICTURE_BYTES: usize = 8 * 1024 * 1024;

/// A file that is kept.
#[derive(Debug)]
pub(super) struct Attachment {
    channel: Channel,
    kind: String,
    reusable: bool,
    /// Unix seconds.
    at: i64,
}

pub(super) fn upload(call: &mut Call<'_>, door: &Door) -> Outcome {
    let channel = match door {
        Door::Page { .. } => Channel::of(call.params)?,
        Door::Account { .. } => Channel::Instagram,
    };
    door.allow(call, channel, &[])?;
    call.params.only_with_files(&["platform", "message"], &["filedata"])?;
    let message = call.params.structure("message")?;
    let attachment = message.as_ref().and_then(|message| message.get("attachment"));
    let attachment = attachment.and_then(Value::as_object);
    let missing = || GraphError::parameter("The parameter message[attachment] is required.");
    let attachment = attachment.ok_or_else(missing)?;
    only(attachment, "attachment", &["type", "payload"])?;
    let kind = text(attachment, "type")?.unwrap_or_default();
    if !matches!(kind, "image" | "video" | "audio" | "file") {
        return Err(GraphError::parameter(format!("Invalid attachment type: {kind}")).subcode(2_018_074));
    }
    let empty = Map::new();
    let payload = attachment.get("payload").and_then(Value::as_object).unwrap_or(&empty);
    only(payload, "payload", &["url", "is_reusable"])?;
    let reusable = is_reusable(payload)?;
    match (text(payload, "url")?, call.params.file("filedata")) {
        (Some(url), None) => check_address(channel, kind, url)?,
        (None, Some(file)) => check_file(channel, kind, &file.content_type, file.content.len())?,
        _ => return Err(GraphError::parameter("Send either payload[url] or the file filedata.")),
    }
    let id = insert(call, channel, kind.to_owned(), reusable);
    Ok(json!({ "attachment_id": id }))
}

/// Keeps what was sent by its address.
pub(super) fn keep(call: &mut Call<'_>, channel: Channel, keep: Keep) -> String {
    insert(call, channel, keep.kind, true)
}

fn insert(call: &mut Call<'_>, channel: Channel, kind: String, reusable: bool) -> String {
    let id = 1_857_777_000_000_000_u64.saturating_add(call.state.number()).to_string();
    let at = call.state.now_seconds();
    let attachment = Attachment { channel, kind, reusable, at };
    call.state.areas.messaging.attachments.insert(id.clone(), attachment);
    id
}

/// The member `is_reusable`.
pub(super) fn is_reusable(payload: &Map<String, Value>) -> Result<bool, GraphError> {
    match payload.get("is_reusable") {
        None => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(GraphError::parameter("Param is_reusable must be a boolean.")),
    }
}

/// Refuses an address that Meta cannot fetch, or whose ending tells of another type.
pub(super) fn check_address(channel: Channel, kind: &str, url: &str) -> Result<(), GraphError> {
    let parsed = url::Url::parse(url).ok();
    let parsed = parsed.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let Some(parsed) = parsed else {
        return Err(GraphError::parameter("Failed to fetch the file from the url.").subcode(2_018_008));
    };
    let ending = parsed.path().rsplit('/').next().and_then(|name| name.rsplit_once('.'));
    match ending {
        Some((_, ending)) if !fits(channel, kind, &ending.to_ascii_lowercase()) => Err(wrong_type()),
        _ => Ok(()),
    }
}

fn wrong_type() -> GraphError {
    GraphError::parameter("The type of file you're trying to attach isn't allowed.").subcode(2_018_047)
}

/// Whether a file with this ending goes as this type.
fn fits(channel: Channel, kind: &str, ending: &str) -> bool {
    match (channel, kind) {
        (_, "image") => matches!(ending, "png" | "jpg" | "jpeg" | "gif"),
        (_, "video") => matches!(ending, "mp4" | "ogg" | "avi" | "mov" | "webm"),
        (Channel::Instagram, "audio") => matches!(ending, "aac" | "m4a" | "wav" | "mp4"),
        (Channel::Messenger, "audio") => !matches!(ending, "png" | "jpg" | "jpeg" | "gif" | "pdf"),
        (Channel::Instagram, _) => ending == "pdf",
        (Channel::Messenger, _) => true,
    }
}

pub(super) fn check_file(
    channel: Channel,
    kind: &str,
    content_type: &str,
    bytes: usize,
) -> Result<(), GraphError> {
    let most = if channel == Channel::Instagram && kind == "image" { PICTURE_BYTES } else { FILE_BYTES };
    if bytes > most {
        return Err(GraphError::parameter("The attachment is too large.").subcode(2_018_109));
    }
    let main = content_type.split('/').next().unwrap_or_default();
    // The platform goes by the type that the sender names.
    let right = match kind {
        "file" => channel == Channel::Messenger || content_type == "application/pdf",
        "audio" => main == "audio" || content_type == "video/mp4",
        _ => main == kind,
    };
    if right && bytes > 0 { Ok(()) } else { Err(wrong_type()) }
}

/// Refuses the id of an attachment that is gone, of another type, or not meant to be used again.
pub(super) fn check_held(call: &Call<'_>, channel: Channel, kind: &str, id: &str) -> Result<(), GraphError> {
    let now = call.state.now_seconds();
    let held = call.state.areas.messaging.attachments.get(id);
    let held = held.filter(|held| {
        held.channel == channel && held.kind == kind && held.reusable && now - held.at <= LIFE
    });
    match (held, channel) {
        (Some(_), _) => Ok(()),
        (None, Channel::Messenger) => Err(GraphError::parameter("Invalid attachment id.").subcode(2_018_074)),
        (None, Channel::Instagram) => {
            Err(GraphError::parameter("The attachment id is not available.").subcode(2_534_068))
        }
    }
}

/// As conversations show it.
pub(super) fn shown(kind: &str, url: &str) -> Value {
    match kind {
        "image" => json!({"mime_type": "image/jpeg", "name": "image", "image_data": {"url": url}}),
        "video" => json!({"mime_type": "video/mp4", "name": "video", "video_data": {"url": url}}),
        _ => json!({"mime_type": "application/octet-stream", "name": kind, "file_url": url}),
    }
}
