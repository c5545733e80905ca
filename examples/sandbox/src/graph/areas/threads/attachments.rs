//! What hangs on a post: text rules, polls, GIFs, long texts.

use serde_json::{Map, Value};

use super::{Call, GraphError};

const MAX_TEXT: usize = 500;
const MAX_LINKS: usize = 5;

/// The length of a text as Threads counts: an emoji counts its bytes.
pub(super) fn length(text: &str) -> usize {
    text.chars().map(|c| if is_emoji(c) { c.len_utf8() } else { 1 }).sum()
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x2600..=0x27BF | 0x1F000..=0x1FAFF | 0xFE0F | 0x200D)
}

/// The different addresses in a text.
pub(super) fn links(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// # Errors
///
/// When the text is too long or has too many links.
pub(super) fn check_text(text: &str, attached: Option<&str>) -> Result<(), GraphError> {
    if length(text) > MAX_TEXT {
        return Err(GraphError::parameter("Param text must be at most 500 characters long."));
    }
    let mut addresses = links(text);
    addresses.extend(attached.filter(|link| !links(text).contains(link)));
    if addresses.len() > MAX_LINKS {
        return Err(GraphError::parameter("A post has at most 5 links."));
    }
    Ok(())
}

/// # Errors
///
/// When the tag is empty, too long or has a character it may not have.
pub(super) fn check_topic(tag: &str) -> Result<(), GraphError> {
    if !(1..=50).contains(&tag.chars().count()) || tag.contains(['.', '&']) {
        return Err(GraphError::parameter(
            "Param topic_tag must have 1 to 50 characters, no period and no ampersand.",
        ));
    }
    Ok(())
}

fn object(call: &Call<'_>, name: &str, known: &[&str]) -> Result<Option<Map<String, Value>>, GraphError> {
    let object = match call.params.structure(name)? {
        None => return Ok(None),
        Some(Value::Object(object)) => object,
        Some(_) => return Err(GraphError::parameter(format!("Param {name} must be an object."))),
    };
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(GraphError::parameter(format!("Param {name} has an unknown key: {key}"))),
        None => Ok(Some(object)),
    }
}

/// The hidden parts of a text, checked.
///
/// # Errors
///
/// When one is unknown, or lies outside of the text.
pub(super) fn spoilers(call: &Call<'_>, text: &str) -> Result<Option<Value>, GraphError> {
    let wrong = || {
        GraphError::parameter(
            "Param text_entities must be an array of {entity_type: SPOILER, offset, length}.",
        )
    };
    let Some(entities) = call.params.structure("text_entities")? else { return Ok(None) };
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    for entity in entities.as_array().ok_or_else(wrong)? {
        let number = |name: &str| entity.get(name).and_then(Value::as_u64);
        let end = number("offset").zip(number("length")).map(|(begin, length)| begin.saturating_add(length));
        let is_spoiler = entity.get("entity_type").and_then(Value::as_str) == Some("SPOILER");
        if !is_spoiler || end.is_none_or(|end| end > length) {
            return Err(wrong());
        }
    }
    Ok(Some(entities))
}

/// The poll, checked.
///
/// # Errors
///
/// When it has not two to four options of at most 25 characters.
pub(super) fn poll(call: &Call<'_>) -> Result<Option<Value>, GraphError> {
    let names = ["option_a", "option_b", "option_c", "option_d"];
    let Some(poll) = object(call, "poll_attachment", &names)? else { return Ok(None) };
    let fits = |value: &Value| value.as_str().is_some_and(|text| (1..=25).contains(&text.chars().count()));
    let gap = poll.contains_key("option_d") && !poll.contains_key("option_c");
    if !poll.contains_key("option_a") || !poll.contains_key("option_b") || gap || !poll.values().all(fits) {
        let message = "Param poll_attachment needs option_a to option_d, 2 to 4, each of 1 to 25 characters.";
        return Err(GraphError::parameter(message));
    }
    Ok(Some(Value::Object(poll)))
}

/// The GIF, checked.
///
/// # Errors
///
/// When it is not one of GIPHY.
pub(super) fn gif(call: &Call<'_>) -> Result<Option<String>, GraphError> {
    let Some(gif) = object(call, "gif_attachment", &["gif_id", "provider"])? else { return Ok(None) };
    let id = gif.get("gif_id").and_then(Value::as_str).filter(|id| !id.is_empty());
    match (id, gif.get("provider").and_then(Value::as_str)) {
        (Some(id), Some("GIPHY")) => Ok(Some(format!("https://media.giphy.com/media/{id}/giphy.gif"))),
        (None, _) => Err(GraphError::parameter("Param gif_attachment needs a gif_id.")),
        (_, _) => Err(GraphError::parameter("Param gif_attachment: the provider must be GIPHY.")),
    }
}

/// The long text, checked.
///
/// # Errors
///
/// When it is empty or too long.
pub(super) fn long_text(call: &Call<'_>) -> Result<Option<Value>, GraphError> {
    let known = ["plaintext", "link_attachment_url", "text_with_styling_info"];
    let Some(text) = object(call, "text_attachment", &known)? else { return Ok(None) };
    let length = text.get("plaintext").and_then(Value::as_str).map_or(0, |text| text.chars().count());
    if !(1..=10_000).contains(&length) {
        return Err(GraphError::parameter(
            "Param text_attachment needs a plaintext of 1 to 10,000 characters.",
        ));
    }
    Ok(Some(Value::Object(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_counts_its_bytes() {
        assert_eq!(length("Brötchen"), 8);
        assert_eq!(length("🥐"), 4);
        assert!(check_text(&"a".repeat(500), None).is_ok());
        assert!(check_text(&format!("{}🥐", "a".repeat(497)), None).is_err());
    }

    #[test]
    fn the_same_link_counts_once() {
        let text =
            "https://a.example https://b.example https://a.example https://c.example https://d.example";
        assert_eq!(links(text).len(), 4);
        assert!(check_text(text, Some("https://e.example")).is_ok());
        assert!(check_text(&format!("{text} https://f.example"), Some("https://e.example")).is_err());
    }
}
