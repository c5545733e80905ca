//! Structured messages: their parts and buttons.

use serde_json::{Map, Value};

use super::{
    super::super::{Call, answer::GraphError},
    Channel, attachments,
    content::{PAYLOAD_CHARS, TITLE_CHARS, at_most, objects, only, short_text, text},
};

const ELEMENTS: usize = 10;
const BUTTONS: usize = 3;
/// Longest title and subtitle of an element, in characters.
const HEADING_CHARS: usize = 80;
/// Longest title of a request to opt in, in characters.
const OPT_IN_CHARS: usize = 65;
/// Longest text of a button template, in characters.
const BUTTON_TEXT_CHARS: usize = 640;

/// Refuses a template that is not well-formed.
pub(super) fn check(
    call: &Call<'_>,
    channel: Channel,
    payload: &Map<String, Value>,
) -> Result<(), GraphError> {
    let kind = text(payload, "template_type")?.unwrap_or_default();
    match (kind, channel) {
        ("generic", _) => generic(channel, payload),
        ("button", _) => {
            only(payload, "payload", &["template_type", "text", "buttons", "sharable"])?;
            short_text(payload, "text", BUTTON_TEXT_CHARS)?;
            buttons(channel, payload, 1)
        }
        ("product", _) => {
            only(payload, "payload", &["template_type", "elements"])?;
            for element in objects(payload, "elements", 1..=ELEMENTS)? {
                short_text(element, "id", 100)?;
            }
            Ok(())
        }
        ("media", Channel::Messenger) => media(call, payload),
        ("receipt", Channel::Messenger) => receipt(payload),
        ("coupon", Channel::Messenger) => {
            short_text(payload, "title", HEADING_CHARS)?;
            match (text(payload, "coupon_code")?, text(payload, "coupon_url")?) {
                (None, None) => Err(GraphError::parameter("A coupon needs a coupon_code or a coupon_url.")),
                _ => Ok(()),
            }
        }
        ("notification_messages", Channel::Messenger) => opt_in(payload),
        _ => Err(GraphError::parameter(format!("Invalid template_type: {kind}"))),
    }
}

/// Asks to opt in to marketing messages.
fn opt_in(payload: &Map<String, Value>) -> Result<(), GraphError> {
    let known = [
        "template_type",
        "title",
        "image_url",
        "payload",
        "notification_messages_timezone",
        "notification_messages_cta_text",
        "notification_messages_reoptin",
    ];
    only(payload, "payload", &known)?;
    short_text(payload, "title", OPT_IN_CHARS)?;
    if let Some(kept) = text(payload, "payload")? {
        at_most("payload", kept, PAYLOAD_CHARS)?;
    }
    match text(payload, "notification_messages_cta_text")? {
        None | Some("ALLOW" | "GET" | "GET_UPDATES" | "OPT_IN" | "SIGN_UP") => Ok(()),
        Some(_) => Err(GraphError::parameter("Param notification_messages_cta_text is not valid.")),
    }
}

fn generic(channel: Channel, payload: &Map<String, Value>) -> Result<(), GraphError> {
    only(payload, "payload", &["template_type", "elements", "sharable", "image_aspect_ratio"])?;
    for element in objects(payload, "elements", 1..=ELEMENTS)? {
        only(element, "elements", &["title", "subtitle", "image_url", "default_action", "buttons"])?;
        short_text(element, "title", HEADING_CHARS)?;
        if let Some(subtitle) = text(element, "subtitle")? {
            at_most("subtitle", subtitle, HEADING_CHARS)?;
        }
        if let Some(action) = element.get("default_action") {
            let is_link = action.get("type").and_then(Value::as_str) == Some("web_url");
            if !is_link || action.get("title").is_some() {
                return Err(GraphError::parameter("A default_action is a web_url without a title."));
            }
        }
        if element.len() < 2 {
            return Err(GraphError::parameter("An element needs more than a title."));
        }
        if element.contains_key("buttons") {
            buttons(channel, element, 1)?;
        }
    }
    Ok(())
}

fn media(call: &Call<'_>, payload: &Map<String, Value>) -> Result<(), GraphError> {
    only(payload, "payload", &["template_type", "elements", "sharable"])?;
    for element in objects(payload, "elements", 1..=1)? {
        only(element, "elements", &["media_type", "attachment_id", "url", "buttons"])?;
        let kind = text(element, "media_type")?.unwrap_or_default();
        if !matches!(kind, "image" | "video") {
            return Err(GraphError::parameter("Param media_type must be image or video."));
        }
        match (text(element, "url")?, text(element, "attachment_id")?) {
            (Some(_), None) => {}
            (None, Some(id)) => attachments::check_held(call, Channel::Messenger, kind, id)?,
            _ => return Err(GraphError::parameter("An element needs either a url or an attachment_id.")),
        }
        if element.contains_key("buttons") {
            buttons(Channel::Messenger, element, 1)?;
        }
    }
    Ok(())
}

fn receipt(payload: &Map<String, Value>) -> Result<(), GraphError> {
    for name in ["recipient_name", "order_number", "currency", "payment_method"] {
        short_text(payload, name, 1_000)?;
    }
    let total = payload.get("summary").and_then(|summary| summary.get("total_cost"));
    if total.is_none_or(Value::is_null) {
        return Err(GraphError::parameter("A receipt needs summary[total_cost]."));
    }
    Ok(())
}

/// The buttons in an object: at least so many.
pub(super) fn buttons(channel: Channel, owner: &Map<String, Value>, least: usize) -> Result<(), GraphError> {
    for button in objects(owner, "buttons", least..=BUTTONS)? {
        let kind = text(button, "type")?.unwrap_or_default();
        if channel == Channel::Instagram && !matches!(kind, "web_url" | "postback") {
            return Err(GraphError::parameter(format!("Invalid button type: {kind}")).subcode(2_534_025));
        }
        match kind {
            "account_link" => {
                short_text(button, "url", 2_000)?;
                continue;
            }
            "account_unlink" => continue,
            "web_url" => short_text(button, "url", 2_000)?,
            "postback" | "phone_number" => short_text(button, "payload", PAYLOAD_CHARS)?,
            "game_play" => "",
            other => return Err(GraphError::parameter(format!("Invalid button type: {other}"))),
        };
        short_text(button, "title", TITLE_CHARS)?;
    }
    Ok(())
}
