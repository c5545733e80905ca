//! What each kind of message holds (Cloud API: Messages).

use serde_json::Value;

use super::{
    super::super::{Call, answer::GraphError},
    interactive, kinds,
    people::{To, ToKind},
    refusal::{invalid, refusal},
    send::is_recent_message,
    shape::Shape,
};

const CAPTION: usize = 1024;
/// Most contacts in one message.
const CONTACTS: usize = 257;

/// Refuses a content the kind does not allow.
pub(super) fn check(call: &Call<'_>, kind: &str, value: &Value, to: &To) -> Result<(), GraphError> {
    match kind {
        "interactive" => return interactive::check(call, value),
        "contacts" => return contacts(value),
        _ => {}
    }
    let shape = Shape::plain(value, kind)?;
    match kind {
        "text" => {
            shape.only(&["body", "preview_url"])?;
            shape.need_text("body", 4096)?;
            shape.boolean("preview_url")?;
        }
        "image" | "video" => {
            shape.only(&["id", "link", "caption"])?;
            shape.any_text("caption", CAPTION)?;
            media(call, kind, &shape)?;
        }
        "document" => {
            shape.only(&["id", "link", "caption", "filename"])?;
            shape.any_text("caption", CAPTION)?;
            shape.text("filename", 240)?;
            media(call, kind, &shape)?;
        }
        "audio" => {
            shape.only(&["id", "link", "voice"])?;
            shape.boolean("voice")?;
            media(call, kind, &shape)?;
        }
        "sticker" => {
            shape.only(&["id", "link"])?;
            media(call, kind, &shape)?;
        }
        "location" => location(&shape)?,
        "reaction" => {
            shape.only(&["message_id", "emoji"])?;
            target(call, &shape)?;
            // Empty text takes the reaction back.
            let emoji = shape.any_text("emoji", 16)?.ok_or_else(|| shape.missing("emoji"))?;
            if emoji.chars().any(|c| c.is_ascii_alphanumeric()) {
                return Err(shape.wrong("emoji", "must be one emoji"));
            }
        }
        _ => pin(call, &shape, to)?,
    }
    Ok(())
}

/// A message of a group is pinned for some days, or unpinned.
fn pin(call: &Call<'_>, shape: &Shape<'_>, to: &To) -> Result<(), GraphError> {
    if to.kind != ToKind::Group {
        return Err(invalid("Messages of type pin are for groups only."));
    }
    shape.only(&["type", "message_id", "expiration_days"])?;
    let unpins = shape.word("type", &["pin", "unpin"])? == "unpin";
    target(call, shape)?;
    match shape.integer("expiration_days")? {
        Some(_) if unpins => Err(shape.wrong("expiration_days", "must not be sent with unpin")),
        None if !unpins => Err(shape.missing("expiration_days")),
        None | Some(1..=30) => Ok(()),
        Some(_) => Err(shape.wrong("expiration_days", "must be 1 to 30")),
    }
}

fn target(call: &Call<'_>, shape: &Shape<'_>) -> Result<(), GraphError> {
    if is_recent_message(call, shape.need_text("message_id", 512)?) {
        return Ok(());
    }
    Err(invalid("Param message_id names no message of the last 30 days."))
}

/// A place, in a message and in a template.
pub(super) fn location(shape: &Shape<'_>) -> Result<(), GraphError> {
    shape.only(&["latitude", "longitude", "name", "address"])?;
    for (name, most) in [("latitude", 90.0), ("longitude", 180.0)] {
        let value = shape.number(name)?.ok_or_else(|| shape.missing(name))?;
        if !value.is_finite() || value.abs() > most {
            return Err(shape.wrong(name, "is no such angle"));
        }
    }
    shape.text("name", 1000)?;
    shape.text("address", 1000)?;
    Ok(())
}

/// Media by exactly one of id and link; an id must be of media that are there and of this kind.
pub(super) fn media(call: &Call<'_>, kind: &str, shape: &Shape<'_>) -> Result<(), GraphError> {
    match (shape.text("id", 256)?, shape.text("link", 2048)?) {
        (Some(_), Some(_)) => Err(shape.wrong("link", "must not be sent together with an id")),
        (None, None) => Err(shape.missing("id")),
        (None, Some(link)) => {
            let parsed = url::Url::parse(link).ok();
            if parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
                return Ok(());
            }
            Err(shape.wrong("link", "must be an http or https address"))
        }
        (Some(id), None) => {
            let now = call.state.now_seconds();
            let found = call.state.areas.whatsapp.media.get(id).filter(|media| media.is_there(now));
            let media = found.ok_or_else(|| invalid(format!("{id} is no media of this number.")))?;
            let fits = kinds::of_media(&media.mime).is_some_and(|(of, _)| of == kind);
            if fits {
                return Ok(());
            }
            let details = format!("Media of type {} cannot be sent as {kind}.", media.mime);
            Err(refusal(131_053, "Media upload error", details))
        }
    }
}

fn contacts(value: &Value) -> Result<(), GraphError> {
    let list = value.as_array().ok_or_else(|| GraphError::parameter("Param contacts must be an array."))?;
    if !(1..=CONTACTS).contains(&list.len()) {
        return Err(invalid(format!("Param contacts must have 1 to {CONTACTS} entries.")));
    }
    for (index, entry) in list.iter().enumerate() {
        contact(&Shape::plain(entry, &format!("contacts[{index}]"))?)?;
    }
    Ok(())
}

fn contact(contact: &Shape<'_>) -> Result<(), GraphError> {
    contact.only(&["name", "phones", "emails", "addresses", "org", "urls", "birthday"])?;
    let name = contact.need_object("name")?;
    let parts = ["first_name", "last_name", "middle_name", "suffix", "prefix"];
    let known: Vec<&str> = ["formatted_name"].into_iter().chain(parts).collect();
    name.only(&known)?;
    name.need_text("formatted_name", 1000)?;
    let mut has_part = false;
    for part in parts {
        has_part |= name.text(part, 1000)?.is_some();
    }
    if !has_part {
        return Err(name.missing("first_name"));
    }
    let lists: [(&str, &[&str]); 4] = [
        ("phones", &["phone", "type", "wa_id", "user_id"]),
        ("emails", &["email", "type"]),
        ("addresses", &["street", "city", "state", "zip", "country", "country_code", "type"]),
        ("urls", &["url", "type"]),
    ];
    for (list, known) in lists {
        for entry in contact.objects(list, &(0..=20))? {
            entry.only(known)?;
            for name in known {
                entry.any_text(name, 1000)?;
            }
        }
    }
    if let Some(org) = contact.object("org")? {
        org.only(&["company", "department", "title"])?;
    }
    match contact.text("birthday", 10)? {
        Some(day) if !is_day(day) => Err(contact.wrong("birthday", "must be YYYY-MM-DD")),
        _ => Ok(()),
    }
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [year, month, day] => {
            let within = |part: &str, most| part.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n));
            digits(year, 4) && digits(month, 2) && digits(day, 2) && within(month, 12) && within(day, 31)
        }
        _ => false,
    }
}
