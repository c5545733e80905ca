//! What the content of a new post must look like: exactly one shape.

use serde_json::{Map, Value};

use super::{
    answer::ApiError,
    known_posts::EVENT,
    post_rules::{is_urn, is_web_address, known_only, missing, object, required_text, wrong},
};

const SHAPES: [&str; 6] = ["media", "multiImage", "article", "poll", "carousel", "reference"];
const MAX_ALT_TEXT: usize = 4086;

type Check = Result<(), ApiError>;

/// Checks the content; whether a post with it is a `ugcPost`.
pub(crate) fn check(content: &Map<String, Value>, sponsored: bool) -> Result<bool, ApiError> {
    known_only(content, &SHAPES, "/content")?;
    let mut shapes = content.iter();
    let (Some((shape, value)), None) = (shapes.next(), shapes.next()) else {
        return Err(wrong("/content", "has exactly one shape"));
    };
    let path = format!("/content/{shape}");
    let fields = object(value, &path)?;
    if sponsored && matches!(shape.as_str(), "multiImage" | "poll") {
        return Err(wrong(&path, "is for organic posts only"));
    }
    match shape.as_str() {
        "media" => media(fields),
        "multiImage" => multi_image(fields).map(|()| true),
        "article" => article(fields).map(|()| false),
        "poll" => poll(fields).map(|()| true),
        "carousel" if !sponsored => Err(wrong(&path, "is for sponsored posts only: adContext is missing")),
        "carousel" => carousel(fields).map(|()| false),
        _ => reference(fields).map(|()| false),
    }
}

/// The uploads that a well-formed content shows, each with its place in the body.
pub(crate) fn uploads(content: &Map<String, Value>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut take = |path: String, value: Option<&Value>| {
        if let Some(urn) = value.and_then(Value::as_str) {
            found.push((path, urn.to_owned()));
        }
    };
    for (shape, value) in content {
        let path = format!("/content/{shape}");
        match shape.as_str() {
            "media" => take(format!("{path}/id"), value.get("id")),
            "article" => take(format!("{path}/thumbnail"), value.get("thumbnail")),
            "multiImage" => {
                let images = value.get("images").and_then(Value::as_array).into_iter().flatten();
                for (index, image) in images.enumerate() {
                    take(format!("{path}/images/{index}/id"), image.get("id"));
                }
            }
            "carousel" => {
                let cards = value.get("cards").and_then(Value::as_array).into_iter().flatten();
                for (index, card) in cards.enumerate() {
                    take(format!("{path}/cards/{index}/media/id"), card.pointer("/media/id"));
                }
            }
            _ => {}
        }
    }
    found
}

fn limited(fields: &Map<String, Value>, name: &str, path: &str, max: usize) -> Check {
    match fields.get(name) {
        None => Ok(()),
        Some(Value::String(text)) if text.encode_utf16().count() <= max => Ok(()),
        Some(Value::String(_)) => {
            let path = format!("{path}/{name}");
            Err(ApiError::field("FIELD_LENGTH_TOO_LONG", &path, &format!("at most {max} characters")))
        }
        Some(_) => Err(wrong(&format!("{path}/{name}"), "must be a string")),
    }
}

fn media(fields: &Map<String, Value>) -> Result<bool, ApiError> {
    let path = "/content/media";
    known_only(fields, &["id", "altText", "title"], path)?;
    let id = required_text(fields, "id", "/content/media/id")?;
    limited(fields, "altText", path, MAX_ALT_TEXT)?;
    limited(fields, "title", path, 400)?;
    if is_urn(&id, &["document"]) {
        let title = fields.get("title").and_then(Value::as_str).unwrap_or_default();
        return if title.trim().is_empty() { Err(missing("/content/media/title")) } else { Ok(false) };
    }
    if !is_urn(&id, &["image", "video"]) {
        let why = "must be an image, video or document URN";
        return Err(ApiError::field("INVALID_URN_TYPE", "/content/media/id", why));
    }
    Ok(is_urn(&id, &["video"]))
}

fn array<'a>(fields: &'a Map<String, Value>, name: &str, path: &str) -> Result<&'a Vec<Value>, ApiError> {
    match fields.get(name) {
        None => Err(missing(&format!("{path}/{name}"))),
        Some(Value::Array(entries)) => Ok(entries),
        Some(_) => Err(wrong(&format!("{path}/{name}"), "must be an array")),
    }
}

fn image_id(fields: &Map<String, Value>, path: &str) -> Check {
    let path = format!("{path}/id");
    let id = required_text(fields, "id", &path)?;
    if is_urn(&id, &["image"]) {
        Ok(())
    } else {
        Err(ApiError::field("INVALID_IMAGE_ID", &path, "must be an image URN"))
    }
}

fn multi_image(fields: &Map<String, Value>) -> Check {
    let path = "/content/multiImage";
    known_only(fields, &["images", "altText"], path)?;
    let images = array(fields, "images", path)?;
    if !(2..=20).contains(&images.len()) {
        return Err(wrong("/content/multiImage/images", "has 2 to 20 images"));
    }
    for (index, image) in images.iter().enumerate() {
        let path = format!("/content/multiImage/images/{index}");
        let image = object(image, &path)?;
        known_only(image, &["id", "altText"], &path)?;
        image_id(image, &path)?;
        limited(image, "altText", &path, MAX_ALT_TEXT)?;
    }
    Ok(())
}

fn article(fields: &Map<String, Value>) -> Check {
    let path = "/content/article";
    known_only(fields, &["source", "title", "description", "thumbnail", "thumbnailAltText"], path)?;
    let source = required_text(fields, "source", "/content/article/source")?;
    if !is_web_address(&source) {
        return Err(ApiError::field("INVALID_URL", "/content/article/source", "must be an http(s) address"));
    }
    let title = required_text(fields, "title", "/content/article/title")?;
    if title.trim().is_empty() {
        return Err(ApiError::field(
            "INVALID_VALUE_BLANK_FIELD",
            "/content/article/title",
            "must not be blank",
        ));
    }
    limited(fields, "title", path, 399)?;
    limited(fields, "description", path, 4085)?;
    limited(fields, "thumbnailAltText", path, MAX_ALT_TEXT)?;
    match fields.get("thumbnail") {
        None => Ok(()),
        Some(Value::String(urn)) if is_urn(urn, &["image"]) => Ok(()),
        Some(_) => Err(ApiError::field(
            "INVALID_IMAGE_ID",
            "/content/article/thumbnail",
            "must be an uploaded image's URN",
        )),
    }
}

fn poll(fields: &Map<String, Value>) -> Check {
    let path = "/content/poll";
    known_only(fields, &["question", "options", "settings"], path)?;
    let question = required_text(fields, "question", "/content/poll/question")?;
    if question.trim().is_empty() {
        return Err(ApiError::field(
            "INVALID_VALUE_BLANK_FIELD",
            "/content/poll/question",
            "must not be blank",
        ));
    }
    limited(fields, "question", path, 140)?;
    let options = array(fields, "options", path)?;
    if !(2..=4).contains(&options.len()) {
        return Err(wrong("/content/poll/options", "has 2 to 4 options"));
    }
    let mut seen = Vec::new();
    for (index, option) in options.iter().enumerate() {
        let path = format!("/content/poll/options/{index}");
        let option = object(option, &path)?;
        known_only(option, &["text"], &path)?;
        let text = required_text(option, "text", &path)?;
        limited(option, "text", &path, 30)?;
        if text.trim().is_empty() || seen.contains(&text) {
            return Err(wrong(&path, "must not be blank or repeated"));
        }
        seen.push(text);
    }
    let settings = fields.get("settings").ok_or_else(|| missing("/content/poll/settings"))?;
    let settings = object(settings, "/content/poll/settings")?;
    known_only(
        settings,
        &["duration", "voteSelectionType", "isVoterVisibleToAuthor"],
        "/content/poll/settings",
    )?;
    let duration = required_text(settings, "duration", "/content/poll/settings/duration")?;
    if !["ONE_DAY", "THREE_DAYS", "SEVEN_DAYS", "FOURTEEN_DAYS"].contains(&duration.as_str()) {
        return Err(wrong("/content/poll/settings/duration", "is not one of the known values"));
    }
    if settings.get("voteSelectionType").is_some_and(|value| value != "SINGLE_VOTE") {
        return Err(wrong("/content/poll/settings/voteSelectionType", "must be SINGLE_VOTE"));
    }
    if settings.get("isVoterVisibleToAuthor").is_some_and(|value| value != true) {
        return Err(wrong("/content/poll/settings/isVoterVisibleToAuthor", "must be true"));
    }
    Ok(())
}

fn carousel(fields: &Map<String, Value>) -> Check {
    let path = "/content/carousel";
    known_only(fields, &["cards"], path)?;
    let cards = array(fields, "cards", path)?;
    if !(2..=10).contains(&cards.len()) {
        return Err(wrong("/content/carousel/cards", "has 2 to 10 cards"));
    }
    for (index, card) in cards.iter().enumerate() {
        let path = format!("/content/carousel/cards/{index}");
        let card = object(card, &path)?;
        known_only(card, &["landingPage", "media"], &path)?;
        let page = required_text(card, "landingPage", &format!("{path}/landingPage"))?;
        if !is_web_address(&page) {
            return Err(ApiError::field(
                "INVALID_URL",
                &format!("{path}/landingPage"),
                "must be an http(s) address",
            ));
        }
        let path = format!("{path}/media");
        let media = object(card.get("media").ok_or_else(|| missing(&path))?, &path)?;
        known_only(media, &["id", "title", "altText"], &path)?;
        image_id(media, &path)?;
        limited(media, "title", &path, 400)?;
        limited(media, "altText", &path, MAX_ALT_TEXT)?;
    }
    Ok(())
}

fn reference(fields: &Map<String, Value>) -> Check {
    known_only(fields, &["id"], "/content/reference")?;
    let id = required_text(fields, "id", "/content/reference/id")?;
    let kind = id.strip_prefix("urn:li:").and_then(|rest| rest.split(':').next()).unwrap_or_default();
    // Of events it is known which exist; of jobs and others only the form can be told.
    let exists = kind != "event" || id == EVENT;
    if is_urn(&id, &[kind]) && exists {
        return Ok(());
    }
    Err(ApiError::field("INVALID_URN_ID", "/content/reference/id", "must be the URN of what exists"))
}
