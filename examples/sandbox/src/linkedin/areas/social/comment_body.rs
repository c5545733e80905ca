//! What the text of a comment and its mentions must look like. The text is plain: nothing is escaped in it.

use serde_json::{Map, Value, json};

use super::super::super::{
    answer::ApiError,
    post_rules::{is_urn, known_only, missing, object, required_text, wrong},
};

/// Longest text in UTF-16 units. The sources disagree between this and 1250.
const MAX_TEXT: usize = 3000;

/// A text and who is mentioned where.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) text: String,
    pub(super) attributes: Value,
}

/// Reads a message in this place of the body. Only beside an image may the text be blank.
pub(super) fn message(
    fields: &Map<String, Value>,
    path: &str,
    may_be_blank: bool,
) -> Result<Message, ApiError> {
    known_only(fields, &["text", "attributes"], path)?;
    let field = format!("{path}/text");
    let text = required_text(fields, "text", &field)?;
    if text.trim().is_empty() && !may_be_blank {
        return Err(ApiError::field("INVALID_VALUE_BLANK_FIELD", &field, "must not be blank"));
    }
    let length = text.encode_utf16().count();
    if length > MAX_TEXT {
        return Err(ApiError::field(
            "FIELD_LENGTH_TOO_LONG",
            &field,
            &format!("at most {MAX_TEXT} characters"),
        ));
    }
    let path = format!("{path}/attributes");
    let attributes = fields.get("attributes").cloned().unwrap_or_else(|| json!([]));
    let entries = attributes.as_array().ok_or_else(|| wrong(&path, "must be an array"))?;
    let mut ranges = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let path = format!("{path}/{index}");
        let entry = object(entry, &path)?;
        known_only(entry, &["start", "length", "value"], &path)?;
        let number = |name: &str| {
            let field = format!("{path}/{name}");
            let number = entry.get(name).ok_or_else(|| missing(&field))?;
            let number = number.as_u64().and_then(|number| usize::try_from(number).ok());
            number.ok_or_else(|| wrong(&field, "must be a number from 0"))
        };
        let (start, count) = (number("start")?, number("length")?);
        let end = start.saturating_add(count);
        if count == 0 || end > length {
            return Err(wrong(&path, "lies outside the text"));
        }
        ranges.push((start, end));
        mentioned(entry.get("value"), &path)?;
    }
    ranges.sort_unstable();
    let overlaps = ranges.iter().zip(ranges.iter().skip(1)).any(|((_, end), (start, _))| end > start);
    if overlaps {
        return Err(wrong(&path, "overlap"));
    }
    Ok(Message { text, attributes })
}

/// `{"person":{"person":urn}}` or `{"organization":{"organization":urn}}`.
fn mentioned(value: Option<&Value>, path: &str) -> Result<(), ApiError> {
    let path = format!("{path}/value");
    let value = object(value.ok_or_else(|| missing(&path))?, &path)?;
    let mut kinds = value.iter();
    let (Some((kind, inner)), None) = (kinds.next(), kinds.next()) else {
        return Err(wrong(&path, "is exactly one of person and organization"));
    };
    if !matches!(kind.as_str(), "person" | "organization") {
        return Err(wrong(&path, "is exactly one of person and organization"));
    }
    let path = format!("{path}/{kind}");
    let inner = object(inner, &path)?;
    known_only(inner, &[kind.as_str()], &path)?;
    let urn = required_text(inner, kind, &format!("{path}/{kind}"))?;
    if is_urn(&urn, &[kind.as_str()]) {
        return Ok(());
    }
    Err(ApiError::field("INVALID_URN_TYPE", &format!("{path}/{kind}"), &format!("must be a {kind} URN")))
}

/// The image of a comment: `[{"entity":{"image":urn}}]`.
pub(super) fn image(content: &Value) -> Result<String, ApiError> {
    let path = "/content";
    let [entry] = content.as_array().map(Vec::as_slice).unwrap_or_default() else {
        return Err(wrong(path, "has one image"));
    };
    let entry = object(entry, "/content/0")?;
    known_only(entry, &["entity"], "/content/0")?;
    let entity =
        object(entry.get("entity").ok_or_else(|| missing("/content/0/entity"))?, "/content/0/entity")?;
    known_only(entity, &["image"], "/content/0/entity")?;
    let urn = required_text(entity, "image", "/content/0/entity/image")?;
    if is_urn(&urn, &["image"]) {
        return Ok(urn);
    }
    Err(ApiError::field("INVALID_IMAGE_ID", "/content/0/entity/image", "must be an image URN"))
}
