//! What a message says, checked against the limits of its platform.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, answer::GraphError},
    Channel, attachments, template,
};

/// Texts on Messenger are shorter than this, in characters.
const TEXT_CHARS: usize = 2_000;
/// Longest text on Instagram, in bytes.
const TEXT_BYTES: usize = 1_000;
/// Longest `metadata` and `payload`, in characters.
pub(super) const PAYLOAD_CHARS: usize = 1_000;
/// Longest title of a quick reply or a button, in characters.
pub(super) const TITLE_CHARS: usize = 20;
const QUICK_REPLIES: usize = 13;
/// Most pictures of one message.
const PICTURES: usize = 10;

/// What is kept for later messages.
#[derive(Debug)]
pub(super) struct Keep {
    pub(super) kind: String,
}

/// A message that is well-formed.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) text: String,
    /// As conversations show them.
    pub(super) attachments: Vec<Value>,
    /// What was sent by its address to be used again.
    pub(super) keep: Option<Keep>,
}

fn wrong(message: impl AsRef<str>) -> GraphError {
    GraphError::parameter(message)
}

/// Text of a member; absent and `null` are the same.
pub(super) fn text<'v>(object: &'v Map<String, Value>, name: &str) -> Result<Option<&'v str>, GraphError> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(wrong(format!("Param {name} must be a string."))),
    }
}

/// Text that must be there and is not too long.
pub(super) fn short_text<'v>(
    object: &'v Map<String, Value>,
    name: &str,
    most: usize,
) -> Result<&'v str, GraphError> {
    let text = text(object, name)?.filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| wrong(format!("The parameter {name} is required.")))?;
    at_most(name, text, most).map(|()| text)
}

pub(super) fn at_most(name: &str, text: &str, most: usize) -> Result<(), GraphError> {
    if text.chars().count() > most {
        return Err(wrong(format!("Length of param {name} must be less than or equal to {most}")));
    }
    Ok(())
}

/// Refuses members that do not belong there.
pub(super) fn only(object: &Map<String, Value>, place: &str, known: &[&str]) -> Result<(), GraphError> {
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(wrong(format!("Invalid keys \"{name}\" were found in param \"{place}\"."))),
        None => Ok(()),
    }
}

/// A list of objects, between so many and so many of them.
pub(super) fn objects<'v>(
    object: &'v Map<String, Value>,
    name: &str,
    count: std::ops::RangeInclusive<usize>,
) -> Result<Vec<&'v Map<String, Value>>, GraphError> {
    let entries = object.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if !count.contains(&entries.len()) {
        let (least, most) = (count.start(), count.end());
        return Err(wrong(format!("Param {name} must have between {least} and {most} elements.")));
    }
    let parts: Option<Vec<_>> = entries.iter().map(Value::as_object).collect();
    parts.ok_or_else(|| wrong(format!("Param {name} must be an array of objects.")))
}

pub(super) fn read(
    call: &Call<'_>,
    channel: Channel,
    message: &Map<String, Value>,
) -> Result<Content, GraphError> {
    only(message, "message", &["text", "attachment", "attachments", "quick_replies", "metadata"])?;
    if let Some(metadata) = text(message, "metadata")? {
        at_most("message[metadata]", metadata, PAYLOAD_CHARS)?;
    }
    check_quick_replies(channel, message)?;
    let said = text(message, "text")?;
    let one = message.get("attachment").filter(|value| !value.is_null());
    let several = message.get("attachments").filter(|value| !value.is_null());
    if one.is_none() && call.params.file("filedata").is_some() {
        return Err(wrong("A file needs message[attachment] to say what it is."));
    }
    match (said, one, several) {
        (Some(said), None, None) => {
            check_text(channel, said)?;
            Ok(Content { text: said.to_owned(), attachments: Vec::new(), keep: None })
        }
        (None, Some(attachment), None) => {
            let attachment = attachment.as_object().ok_or_else(|| wrong("An attachment is an object."))?;
            let (shown, keep) = attachment_of(call, channel, attachment)?;
            Ok(Content { text: String::new(), attachments: vec![shown], keep })
        }
        (None, None, Some(_)) => pictures(call, channel, message),
        (None, None, None) => Err(wrong("Message cannot be empty, must provide valid attachment or text.")),
        _ => Err(wrong("A message has either a text or an attachment or attachments.")),
    }
}

fn check_text(channel: Channel, text: &str) -> Result<(), GraphError> {
    if text.trim().is_empty() {
        return Err(wrong("Message cannot be empty, must provide valid attachment or text."));
    }
    match channel {
        Channel::Messenger if text.chars().count() >= TEXT_CHARS => {
            Err(wrong(format!("Length of param message[text] must be less than {TEXT_CHARS} characters.")))
        }
        Channel::Instagram if text.len() > TEXT_BYTES => {
            let message = format!("Length of param message[text] must be at most {TEXT_BYTES} bytes.");
            Err(wrong(message).subcode(2_534_015))
        }
        _ => Ok(()),
    }
}

fn check_quick_replies(channel: Channel, message: &Map<String, Value>) -> Result<(), GraphError> {
    if message.get("quick_replies").is_none_or(Value::is_null) {
        return Ok(());
    }
    for reply in objects(message, "quick_replies", 1..=QUICK_REPLIES)? {
        only(reply, "quick_replies", &["content_type", "title", "payload", "image_url"])?;
        match text(reply, "content_type")? {
            Some("text") => {
                short_text(reply, "title", TITLE_CHARS)?;
                short_text(reply, "payload", PAYLOAD_CHARS)?;
            }
            Some("user_phone_number" | "user_email") if channel == Channel::Messenger => {}
            _ => return Err(wrong("Param quick_replies[content_type] is not valid.")),
        }
    }
    Ok(())
}

fn pictures(call: &Call<'_>, channel: Channel, message: &Map<String, Value>) -> Result<Content, GraphError> {
    let mut shown = Vec::new();
    for attachment in objects(message, "attachments", 1..=PICTURES)? {
        if text(attachment, "type")? != Some("image") {
            return Err(wrong("Only images can be sent together."));
        }
        shown.push(attachment_of(call, channel, attachment)?.0);
    }
    Ok(Content { text: String::new(), attachments: shown, keep: None })
}

fn attachment_of(
    call: &Call<'_>,
    channel: Channel,
    attachment: &Map<String, Value>,
) -> Result<(Value, Option<Keep>), GraphError> {
    only(attachment, "attachment", &["type", "payload"])?;
    let kind = text(attachment, "type")?.unwrap_or_default();
    let empty = Map::new();
    let payload = match attachment.get("payload") {
        None => &empty,
        Some(payload) => payload.as_object().ok_or_else(|| wrong("Param payload must be an object."))?,
    };
    match kind {
        "image" | "video" | "audio" | "file" => media(call, channel, kind, payload),
        "template" => {
            template::check(call, channel, payload)?;
            Ok((json!({"type": "template", "generic_template": payload}), None))
        }
        "like_heart" if channel == Channel::Instagram && payload.is_empty() => {
            Ok((json!({"type": "like_heart"}), None))
        }
        "MEDIA_SHARE" if channel == Channel::Instagram => {
            only(payload, "payload", &["id"])?;
            let id = short_text(payload, "id", 100)?;
            if !id.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(wrong("The post to share does not exist.").subcode(2_534_025));
            }
            Ok((json!({"type": "MEDIA_SHARE", "id": id}), None))
        }
        other => Err(wrong(format!("Invalid attachment type: {other}")).subcode(2_018_074)),
    }
}

fn media(
    call: &Call<'_>,
    channel: Channel,
    kind: &str,
    payload: &Map<String, Value>,
) -> Result<(Value, Option<Keep>), GraphError> {
    only(payload, "payload", &["url", "is_reusable", "attachment_id"])?;
    let reusable = attachments::is_reusable(payload)?;
    match (text(payload, "url")?, text(payload, "attachment_id")?) {
        (Some(url), None) => {
            attachments::check_address(channel, kind, url)?;
            let keep = reusable.then(|| Keep { kind: kind.to_owned() });
            Ok((attachments::shown(kind, url), keep))
        }
        (None, Some(id)) => {
            attachments::check_held(call, channel, kind, id)?;
            Ok((attachments::shown(kind, "https://scontent.example.com/kept"), None))
        }
        (None, None) => sent_along(call, channel, kind, reusable),
        _ => Err(wrong("The payload needs either a url or an attachment_id.")),
    }
}

/// A file in the same body, which Messenger takes.
fn sent_along(
    call: &Call<'_>,
    channel: Channel,
    kind: &str,
    reusable: bool,
) -> Result<(Value, Option<Keep>), GraphError> {
    let file = call.params.file("filedata").filter(|_| channel == Channel::Messenger);
    let file = file.ok_or_else(|| wrong("The payload needs a url, an attachment_id, or a file."))?;
    attachments::check_file(channel, kind, &file.content_type, file.content.len())?;
    let keep = reusable.then(|| Keep { kind: kind.to_owned() });
    Ok((attachments::shown(kind, "https://scontent.example.com/sent"), keep))
}
