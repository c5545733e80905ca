//! What a container holds, and the rules of the people and products tagged in it.

use serde_json::{Map, Value};

use super::super::super::{Call, answer::GraphError};

/// What will be published.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) shape: Shape,
    /// Whether it is only good inside a carousel.
    pub(super) is_item: bool,
    pub(super) caption: Option<String>,
    pub(super) alt_text: Option<String>,
    pub(super) children: Vec<String>,
    pub(super) collaborators: Vec<String>,
    pub(super) product_tags: Vec<Value>,
    pub(super) share_to_feed: bool,
    pub(super) is_ai_generated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shape {
    #[default]
    Image,
    /// Inside a carousel only.
    Video,
    Reel,
    StoryImage,
    StoryVideo,
    Carousel,
}

impl Shape {
    pub(super) fn is_video(self) -> bool {
        matches!(self, Self::Video | Self::Reel | Self::StoryVideo)
    }

    pub(super) fn is_story(self) -> bool {
        matches!(self, Self::StoryImage | Self::StoryVideo)
    }

    /// `media_type` of what is published.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Image | Self::StoryImage => "IMAGE",
            Self::Video | Self::Reel | Self::StoryVideo => "VIDEO",
            Self::Carousel => "CAROUSEL_ALBUM",
        }
    }

    /// `media_product_type` of what is published.
    pub(super) fn product_type(self) -> &'static str {
        match self {
            Self::Reel => "REELS",
            Self::StoryImage | Self::StoryVideo => "STORY",
            Self::Image | Self::Video | Self::Carousel => "FEED",
        }
    }
}

fn refused(subcode: i64, message: &str) -> GraphError {
    GraphError::parameter(message).subcode(subcode)
}

/// Checks `user_tags`: `[{username, x, y}]`.
///
/// # Errors
///
/// When there are too many, or a position is missing, out of the picture, or given for a video.
pub(super) fn check_user_tags(call: &Call<'_>, shape: Shape) -> Result<(), GraphError> {
    let tags = entries(call, "user_tags")?;
    if tags.len() > 20 {
        return Err(refused(2_207_040, "Cannot use more than 20 tags per created media."));
    }
    for tag in &tags {
        only_keys(tag, &["username", "x", "y"], "user_tags")?;
        if tag.get("username").and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(GraphError::parameter("Param user_tags: each tag needs a username."));
        }
        let position = (tag.get("x"), tag.get("y"));
        let allowed = match shape {
            Shape::Reel | Shape::Video if position != (None, None) => {
                return Err(refused(2_207_035, "Tags in a video take no position."));
            }
            Shape::Reel | Shape::Video => true,
            Shape::StoryImage | Shape::StoryVideo => position == (None, None) || is_inside(tag),
            Shape::Image | Shape::Carousel => is_inside(tag),
        };
        if !allowed {
            return Err(refused(2_207_036, "Tags in a picture need x and y from 0.0 to 1.0."));
        }
    }
    if shape == Shape::Carousel && !tags.is_empty() {
        return Err(GraphError::parameter("Param user_tags: tag people in the items of the carousel."));
    }
    Ok(())
}

/// Checks `product_tags` of a container: `[{product_id, x, y}]`.
///
/// # Errors
///
/// When there are too many, or one is not right.
pub(super) fn product_tags(call: &Call<'_>, shape: Shape) -> Result<Vec<Value>, GraphError> {
    let tags = checked_products(call, "product_tags", shape)?;
    if tags.len() > 5 {
        return Err(refused(2_207_037, "At most 5 product tags."));
    }
    Ok(tags)
}

/// Checks `updated_tags` of what is published, and adds them to the tags that are there: another place for the same
/// product, or one product more.
///
/// # Errors
///
/// When there are none or too many, or one is not right.
pub(super) fn more_product_tags(
    call: &Call<'_>,
    shape: Shape,
    there: &[Value],
) -> Result<Vec<Value>, GraphError> {
    let more = checked_products(call, "updated_tags", shape)?;
    if more.is_empty() {
        return Err(GraphError::parameter("The parameter updated_tags is required."));
    }
    let is_new = |tag: &&Value| !more.iter().any(|new| product(new) == product(tag));
    let mut tags: Vec<Value> = there.iter().filter(is_new).cloned().collect();
    tags.extend(more);
    let most = if shape == Shape::Reel { 30 } else { 20 };
    if tags.len() > most {
        return Err(refused(2_207_037, "At most 20 product tags, on a reel 30."));
    }
    Ok(tags)
}

/// The id of a tagged product, however it was sent.
fn product(tag: &Value) -> Option<String> {
    let id = tag.get("product_id")?;
    id.as_str().map(str::to_owned).or_else(|| id.as_u64().map(|id| id.to_string()))
}

fn checked_products(call: &Call<'_>, name: &str, shape: Shape) -> Result<Vec<Value>, GraphError> {
    let tags = entries(call, name)?;
    for tag in &tags {
        only_keys(tag, &["product_id", "x", "y"], name)?;
        let known = tag.get("product_id").is_some_and(|id| id.is_string() || id.is_u64());
        let has_position = tag.get("x").is_some() || tag.get("y").is_some();
        if !known || (shape.is_video() && has_position) || (has_position && !is_inside(tag)) {
            return Err(refused(2_207_037, "A product tag needs a product_id; a video takes no position."));
        }
    }
    let tags: Vec<Value> = tags.into_iter().map(Value::Object).collect();
    let mut ids: Vec<Option<String>> = tags.iter().map(product).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < tags.len() {
        return Err(refused(2_207_037, "Product tags must be unique."));
    }
    Ok(tags)
}

fn entries(call: &Call<'_>, name: &str) -> Result<Vec<Map<String, Value>>, GraphError> {
    let wrong = || GraphError::parameter(format!("Param {name} must be an array of objects."));
    match call.params.structure(name)? {
        None => Ok(Vec::new()),
        Some(Value::Array(entries)) => entries
            .into_iter()
            .map(|entry| match entry {
                Value::Object(object) => Ok(object),
                _ => Err(wrong()),
            })
            .collect(),
        Some(_) => Err(wrong()),
    }
}

fn only_keys(object: &Map<String, Value>, known: &[&str], param: &str) -> Result<(), GraphError> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(GraphError::parameter(format!("Param {param} has an unknown key: {key}"))),
        None => Ok(()),
    }
}

fn is_inside(tag: &Map<String, Value>) -> bool {
    ["x", "y"].iter().all(|axis| {
        tag.get(*axis).and_then(Value::as_f64).is_some_and(|position| (0.0..=1.0).contains(&position))
    })
}

/// Checks `audio_configuration` and `trial_params`, both for reels only.
///
/// # Errors
///
/// When a member is unknown or out of range.
pub(super) fn check_reel_words(call: &Call<'_>) -> Result<(), GraphError> {
    if let Some(audio) = call.params.structure("audio_configuration")? {
        let wrong = || GraphError::parameter("Param audio_configuration is not right.");
        let audio = audio.as_object().ok_or_else(wrong)?;
        only_keys(audio, &["audio_id", "audio_volume", "video_volume"], "audio_configuration")?;
        let volume = |name: &str| {
            audio.get(name).is_none_or(|volume| volume.as_u64().is_some_and(|volume| volume <= 100))
        };
        if !audio.contains_key("audio_id") || !volume("audio_volume") || !volume("video_volume") {
            return Err(wrong());
        }
    }
    if let Some(trial) = call.params.structure("trial_params")? {
        let strategy = trial.get("graduation_strategy").and_then(Value::as_str);
        if !matches!(strategy, Some("MANUAL" | "SS_PERFORMANCE")) {
            let message = "Param trial_params: graduation_strategy must be MANUAL or SS_PERFORMANCE.";
            return Err(GraphError::parameter(message));
        }
    }
    Ok(())
}
