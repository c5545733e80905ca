//! `POST /{account}/media`: a container, with the rules of every kind.

use serde_json::json;

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    access::{Access, Need},
    caption,
    container::{Container, Status},
    create_words::{self, Draft, Shape},
    media_address,
};

/// Parameters of both doors.
const KNOWN: [&str; 17] = [
    "image_url",
    "video_url",
    "media_type",
    "is_carousel_item",
    "children",
    "caption",
    "alt_text",
    "location_id",
    "user_tags",
    "collaborators",
    "cover_url",
    "thumb_offset",
    "share_to_feed",
    "audio_name",
    "audio_configuration",
    "trial_params",
    "is_ai_generated",
];
/// Parameters of `graph.facebook.com` only.
const FACEBOOK_ONLY: [&str; 7] = [
    "upload_type",
    "product_tags",
    "is_paid_partnership",
    "branded_content_sponsor_ids",
    "poll_attachment",
    "is_poll_duration_extended",
    "is_comment_prompt_used",
];
/// For reels only.
const REEL_ONLY: [&str; 5] =
    ["cover_url", "share_to_feed", "audio_name", "audio_configuration", "trial_params"];

/// Containers an account may make within 24 hours.
const MAX_CONTAINERS: usize = 400;
const DAY: i64 = 86_400_000;
/// Every video lasts so long here, in milliseconds.
const VIDEO_LENGTH: i64 = 60_000;
const MAX_ALT_TEXT: usize = 1_000;

pub(super) fn container(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(call, Need::Publish)?;
    let mut known: Vec<&str> = KNOWN.to_vec();
    if access.is_facebook() {
        known.extend(FACEBOOK_ONLY);
    }
    call.params.only(&known)?;
    let (now, account) = (call.state.now(), access.account.clone());
    let of_account = call.state.areas.instagram.containers.values().filter(|one| one.account == account);
    if of_account.filter(|one| one.created_at.saturating_add(DAY) > now).count() >= MAX_CONTAINERS {
        let message = "The account has created too many containers within 24 hours.";
        return Err(GraphError::new(400, 9, message).subcode(2_207_042));
    }
    let resumable = match call.params.text("upload_type")?.as_deref() {
        None => false,
        Some("resumable") => true,
        Some(_) => return Err(GraphError::parameter("Param upload_type must be resumable.")),
    };
    let is_item = call.params.boolean("is_carousel_item")?.unwrap_or(false);
    let shape = shape(call, is_item, resumable)?;
    let mut draft = Draft { shape, is_item, ..Draft::default() };
    words(call, access, &mut draft)?;
    let fault = media(call, &draft, resumable)?;
    if shape == Shape::Carousel {
        draft.children = children(call, &account)?;
    } else if call.params.value("children").is_some() {
        return Err(GraphError::parameter("Param children is for media_type CAROUSEL."));
    }
    let id = format!("1788{:013}", call.state.number());
    let started_at = (!resumable).then_some(now);
    let container =
        Container { account, created_at: now, started_at, polls: 0, fault, published: None, draft };
    call.state.areas.instagram.containers.insert(id.clone(), container);
    if resumable {
        let uri = format!("https://rupload.facebook.com/ig-api-upload/{}/{id}", call.version);
        return Ok(json!({"id": id, "uri": uri}));
    }
    Ok(json!({ "id": id }))
}

fn shape(call: &Call<'_>, is_item: bool, resumable: bool) -> Result<Shape, GraphError> {
    let sent = |name: &str| call.params.text(name).map(|text| text.is_some_and(|text| !text.is_empty()));
    let (image, video) = (sent("image_url")?, sent("video_url")?);
    if image && video {
        return Err(GraphError::parameter("Send either image_url or video_url."));
    }
    if resumable && (image || video) {
        return Err(GraphError::parameter("A resumable upload takes no address."));
    }
    let media_type = call.params.text("media_type")?.filter(|text| !text.is_empty());
    let unknown = |message: &str| Err(GraphError::parameter(message).subcode(2_207_023));
    let shape = match media_type.as_deref() {
        None if image => Shape::Image,
        None if video || resumable => return unknown("The media type is missing: use REELS for a video."),
        None => return Err(GraphError::parameter("The parameter image_url is required.")),
        Some("REELS") => Shape::Reel,
        Some("STORIES") if image => Shape::StoryImage,
        Some("STORIES") => Shape::StoryVideo,
        Some("CAROUSEL") => Shape::Carousel,
        Some("VIDEO") if is_item => Shape::Video,
        Some("VIDEO") => {
            return unknown(
                "The value VIDEO for media_type is no longer supported. Use the REELS media type.",
            );
        }
        Some(other) => return unknown(&format!("The media type {other} is unknown.")),
    };
    if is_item && !matches!(shape, Shape::Image | Shape::Video) {
        return Err(GraphError::parameter("An item of a carousel is a picture or a VIDEO."));
    }
    match shape {
        Shape::Reel | Shape::Video if image || !(video || resumable) => {
            Err(GraphError::parameter("The parameter video_url is required."))
        }
        Shape::StoryVideo if !(video || resumable) => {
            Err(GraphError::parameter("A story needs an image_url or a video_url."))
        }
        Shape::Carousel if image || video || resumable => {
            Err(GraphError::parameter("A carousel takes children and no address."))
        }
        _ => Ok(shape),
    }
}

/// Everything but the file itself.
fn words(call: &mut Call<'_>, access: &Access, draft: &mut Draft) -> Result<(), GraphError> {
    let (shape, is_item) = (draft.shape, draft.is_item);
    let sent = |name: &str| call.params.value(name).is_some();
    for name in ["caption", "location_id", "collaborators", "is_ai_generated"] {
        if is_item && sent(name) {
            return Err(GraphError::parameter(format!(
                "Param {name} belongs to the carousel, not to its items."
            )));
        }
    }
    if let Some(name) = REEL_ONLY.iter().find(|name| shape != Shape::Reel && sent(name)) {
        return Err(GraphError::parameter(format!("Param {name} is for media_type REELS.")));
    }
    if sent("thumb_offset") && !matches!(shape, Shape::Reel | Shape::Video) {
        return Err(GraphError::parameter("Param thumb_offset is for videos."));
    }
    let offset = call.params.integer("thumb_offset")?;
    if offset.is_some_and(|offset| !(0..=VIDEO_LENGTH).contains(&offset)) {
        return Err(GraphError::new(400, 1, "The thumbnail offset is out of range.").subcode(2_207_057));
    }
    if let Some(text) = call.params.text("caption")? {
        caption::check(&text)?;
        draft.caption = Some(text);
    }
    if let Some(text) = call.params.text("alt_text")? {
        if shape != Shape::Image {
            return Err(GraphError::parameter("Param alt_text is for pictures only."));
        }
        if text.chars().count() > MAX_ALT_TEXT {
            return Err(GraphError::parameter("Param alt_text is too long: at most 1,000 characters."));
        }
        draft.alt_text = Some(text);
    }
    if let Some(place) = call.params.text("location_id")?
        && (place.is_empty() || !place.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Err(GraphError::parameter("INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID"));
    }
    create_words::check_user_tags(call, shape)?;
    create_words::check_reel_words(call)?;
    draft.collaborators = call.params.list("collaborators")?.unwrap_or_default();
    if draft.collaborators.len() > 3 {
        return Err(GraphError::parameter("At most 3 collaborators."));
    }
    if sent("product_tags") {
        access.needs(call, Need::ProductTags)?;
        draft.product_tags = create_words::product_tags(call, shape)?;
    }
    if call.params.list("branded_content_sponsor_ids")?.is_some_and(|sponsors| sponsors.len() > 2) {
        return Err(GraphError::parameter("At most 2 sponsors."));
    }
    for name in ["is_paid_partnership", "is_poll_duration_extended", "is_comment_prompt_used"] {
        call.params.boolean(name)?;
    }
    draft.share_to_feed = call.params.boolean("share_to_feed")?.unwrap_or(shape == Shape::Reel);
    draft.is_ai_generated = call.params.boolean("is_ai_generated")?.unwrap_or(false);
    if shape.is_story() && ["caption", "location_id", "collaborators"].iter().any(|name| sent(name)) {
        // A story silently goes without them, which nobody wants who sends them.
        call.state.violation("ignored-on-a-story", call.request);
        (draft.caption, draft.collaborators) = (None, Vec::new());
    }
    Ok(())
}

/// Looks at the file: a picture at once, a video while it is processed.
fn media(call: &Call<'_>, draft: &Draft, resumable: bool) -> Result<Option<i64>, GraphError> {
    if let Some(cover) = call.params.text("cover_url")? {
        media_address::check_picture(&cover)?;
    }
    match draft.shape {
        Shape::Carousel => Ok(None),
        Shape::Image | Shape::StoryImage => {
            media_address::check_picture(&call.params.required("image_url")?).map(|()| None)
        }
        Shape::Video | Shape::Reel | Shape::StoryVideo if resumable => Ok(None),
        Shape::Video | Shape::Reel | Shape::StoryVideo => {
            Ok(media_address::video_fault(&call.params.required("video_url")?))
        }
    }
}

fn children(call: &Call<'_>, account: &str) -> Result<Vec<String>, GraphError> {
    let children = call.params.list("children")?.unwrap_or_default();
    if !(2..=10).contains(&children.len()) {
        return Err(GraphError::parameter("A carousel has 2 to 10 items.").subcode(2_207_028));
    }
    let held = &call.state.areas.instagram;
    let now = call.state.now();
    for id in &children {
        let Some(child) = held.containers.get(id).filter(|child| child.account == account) else {
            return Err(GraphError::new(400, 24, "The requested resource does not exist").subcode(2_207_006));
        };
        if !child.draft.is_item {
            return Err(GraphError::parameter(format!("Container {id} is not an item of a carousel.")));
        }
        if child.status(held, now) == Status::Expired {
            return Err(GraphError::new(400, -2, "The media has expired.").subcode(2_207_020));
        }
    }
    Ok(children)
}
