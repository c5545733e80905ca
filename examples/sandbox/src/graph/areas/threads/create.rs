//! `POST /{profile}/threads`: a container, with the rules of every kind.

use serde_json::{Value, json};

use super::{
    Access, Call, GraphError, Object, Outcome, attachments,
    media_address::{self, Found},
    posts::Item,
    publish,
};

const KNOWN: [&str; 23] = [
    "media_type",
    "text",
    "image_url",
    "video_url",
    "children",
    "is_carousel_item",
    "alt_text",
    "reply_to_id",
    "quote_post_id",
    "reply_control",
    "link_attachment",
    "topic_tag",
    "location_id",
    "poll_attachment",
    "gif_attachment",
    "is_spoiler_media",
    "text_attachment",
    "allowlisted_country_codes",
    "crossreshare_to_ig",
    "auto_publish_text",
    "enable_reply_approvals",
    "text_entities",
    "is_ghost_post",
];
/// For posts of text only.
const TEXT_ONLY: [&str; 6] = [
    "link_attachment",
    "poll_attachment",
    "gif_attachment",
    "text_attachment",
    "auto_publish_text",
    "is_ghost_post",
];
/// What a ghost post may have.
const OF_GHOSTS: [&str; 5] = ["media_type", "text", "text_entities", "is_ghost_post", "auto_publish_text"];
const REPLY_CONTROLS: [&str; 5] =
    ["everyone", "accounts_you_follow", "mentioned_only", "parent_post_author_only", "followers_only"];

/// How long processing takes, in milliseconds.
const PROCESSING: i64 = 2_000;
/// After so many polls that answered `IN_PROGRESS` it is done, whatever the clock says.
const POLLS: u32 = 2;
/// Life of a container, in milliseconds.
const LIFE: i64 = 24 * 60 * 60 * 1000;

/// What will be published.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    /// As sent: `TEXT`, `IMAGE`, `VIDEO`, `CAROUSEL`.
    pub(super) media_type: String,
    pub(super) is_item: bool,
    pub(super) text: Option<String>,
    pub(super) alt_text: Option<String>,
    pub(super) children: Vec<String>,
    pub(super) reply_to: Option<String>,
    pub(super) quoted: Option<String>,
    pub(super) reply_audience: Option<String>,
    /// Whether replies wait for the author's consent.
    pub(super) approves_replies: bool,
    /// Fields of the post that are shown as they came: topic, link, poll, GIF, long text.
    pub(super) shown: Object,
}

#[derive(Debug)]
pub(super) struct Container {
    pub(super) profile: String,
    /// Milliseconds.
    created_at: i64,
    polls: u32,
    /// Why processing fails, if it does.
    fault: Option<&'static str>,
    pub(super) published: bool,
    pub(super) draft: Draft,
}

/// How far a container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    InProgress,
    Finished,
    Published,
    Error(&'static str),
    Expired,
}

pub(super) fn status(call: &Call<'_>, id: &str) -> Option<Status> {
    let container = call.state.areas.threads.containers.get(id)?;
    let now = call.state.now();
    if container.published {
        return Some(Status::Published);
    }
    if container.created_at.saturating_add(LIFE) <= now {
        return Some(Status::Expired);
    }
    if container.created_at.saturating_add(PROCESSING) > now && container.polls < POLLS {
        return Some(Status::InProgress);
    }
    if let Some(why) = container.fault {
        return Some(Status::Error(why));
    }
    let children = container.draft.children.iter().map(|child| status(call, child));
    let unready = children.flatten().find(|status| !matches!(status, Status::Finished | Status::Published));
    Some(unready.unwrap_or(Status::Finished))
}

pub(super) fn container(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(&["threads_basic", "threads_content_publish"])?;
    call.params.only(&KNOWN)?;
    let draft = draft(call, access)?;
    let fault = media(call, &draft)?;
    let auto = call.params.boolean("auto_publish_text")?.unwrap_or(false);
    let (id, created_at) = (format!("1802{:013}", call.state.number()), call.state.now());
    let profile = access.profile.clone();
    let container = Container { profile, created_at, polls: 0, fault, published: false, draft };
    call.state.areas.threads.containers.insert(id.clone(), container);
    if auto { publish::make_post(call, access, &id) } else { Ok(json!({ "id": id })) }
}

fn draft(call: &Call<'_>, access: &Access) -> Result<Draft, GraphError> {
    let params = call.params;
    let media_type = params.required("media_type")?;
    let is_item = params.boolean("is_carousel_item")?.unwrap_or(false);
    if !["TEXT", "IMAGE", "VIDEO", "CAROUSEL"].contains(&media_type.as_str()) {
        return Err(GraphError::parameter("Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}."));
    }
    if is_item && !matches!(media_type.as_str(), "IMAGE" | "VIDEO") {
        return Err(GraphError::parameter("An item of a carousel is an IMAGE or a VIDEO."));
    }
    let is_text = media_type == "TEXT";
    if let Some(name) = TEXT_ONLY.iter().find(|name| !is_text && params.value(name).is_some()) {
        return Err(GraphError::parameter(format!("Param {name} is for posts of text only.")));
    }
    let text = params.text("text")?.filter(|text| !text.is_empty());
    let link = params.text("link_attachment")?;
    if is_text && text.is_none() {
        return Err(GraphError::parameter("The parameter text is required."));
    }
    attachments::check_text(text.as_deref().unwrap_or_default(), link.as_deref())?;
    let mut shown = Object::new();
    if let Some(link) = link {
        if media_address::video(&link) == Found::Unreachable {
            return Err(GraphError::parameter("Param link_attachment must be a valid URL."));
        }
        shown.insert("link_attachment_url".to_owned(), json!(link));
    }
    attach(call, access, &mut shown)?;
    let alt_text = params.text("alt_text")?;
    if alt_text
        .as_ref()
        .is_some_and(|text| !matches!(media_type.as_str(), "IMAGE" | "VIDEO") || text.chars().count() > 1_000)
    {
        return Err(GraphError::parameter(
            "Param alt_text is for a picture or a video, at most 1,000 characters.",
        ));
    }
    if params.boolean("is_spoiler_media")?.unwrap_or(false) {
        if is_text {
            return Err(GraphError::parameter("Param is_spoiler_media is for pictures and videos."));
        }
        shown.insert("is_spoiler_media".to_owned(), json!(true));
    }
    let reply_audience = params.text("reply_control")?;
    if reply_audience.as_ref().is_some_and(|control| !REPLY_CONTROLS.contains(&control.as_str())) {
        let message = format!("Param reply_control must be one of {{{}}}.", REPLY_CONTROLS.join(", "));
        return Err(GraphError::parameter(message));
    }
    let (reply_to, quoted) = (existing(call, "reply_to_id")?, existing(call, "quote_post_id")?);
    if let Some(answered) = &reply_to {
        may_reply(call, access, answered)?;
    }
    if params.boolean("is_ghost_post")?.unwrap_or(false) {
        params.only(&OF_GHOSTS)?;
    }
    if let Some(entities) = attachments::spoilers(call, text.as_deref().unwrap_or_default())? {
        shown.insert("text_entities".to_owned(), entities);
    }
    let children = if media_type == "CAROUSEL" { children(call, access)? } else { Vec::new() };
    if media_type != "CAROUSEL" && params.value("children").is_some() {
        return Err(GraphError::parameter("Param children is for media_type CAROUSEL."));
    }
    let approves_replies = params.boolean("enable_reply_approvals")?.unwrap_or(false);
    Ok(Draft {
        media_type,
        is_item,
        text,
        alt_text,
        children,
        reply_to,
        quoted,
        reply_audience,
        approves_replies,
        shown,
    })
}

/// Replies to others, outside of one's own conversations, take one more permission of two.
fn may_reply(call: &Call<'_>, access: &Access, answered: &str) -> Result<(), GraphError> {
    access.needs(&["threads_manage_replies"])?;
    let posts = &call.state.areas.threads.posts;
    let find = |id: &str| posts.iter().find(|post| post.id == id);
    let root = find(answered).and_then(|post| post.root.as_deref().map_or(Some(post), find));
    let finds = ["threads_keyword_search", "threads_manage_mentions"];
    if root.is_some_and(|root| root.profile == access.profile)
        || finds.iter().any(|permission| access.claims.has_scope(permission))
    {
        return Ok(());
    }
    access.needs(&finds)
}

/// Topic, place, poll, GIF and long text.
fn attach(call: &Call<'_>, access: &Access, shown: &mut Object) -> Result<(), GraphError> {
    let params = call.params;
    if let Some(tag) = params.text("topic_tag")? {
        attachments::check_topic(&tag)?;
        shown.insert("topic_tag".to_owned(), json!(tag));
    }
    if let Some(place) = params.text("location_id")? {
        access.needs(&["threads_location_tagging"])?;
        if place.is_empty() || !place.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(GraphError::parameter("Param location_id is not the id of a place."));
        }
        shown.insert("location_id".to_owned(), json!(place));
    }
    if params.boolean("crossreshare_to_ig")?.unwrap_or(false) {
        access.needs(&["threads_share_to_instagram"])?;
    }
    if let Some(countries) = params.list("allowlisted_country_codes")? {
        if countries.iter().any(|code| code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            return Err(GraphError::parameter("Param allowlisted_country_codes needs codes of two letters."));
        }
        shown.insert("allowlisted_country_codes".to_owned(), json!(countries));
    }
    let (poll, gif, long) =
        (attachments::poll(call)?, attachments::gif(call)?, attachments::long_text(call)?);
    if long.is_some() && (poll.is_some() || shown.contains_key("link_attachment_url")) {
        return Err(GraphError::parameter("Param text_attachment goes with neither a poll nor a link."));
    }
    let gif = gif.map(Value::String);
    for (name, value) in [("poll_attachment", poll), ("gif_url", gif), ("text_attachment", long)] {
        if let Some(value) = value {
            shown.insert(name.to_owned(), value);
        }
    }
    Ok(())
}

/// The post that a parameter names.
fn existing(call: &Call<'_>, name: &str) -> Result<Option<String>, GraphError> {
    let Some(id) = call.params.text(name)?.filter(|id| !id.is_empty()) else { return Ok(None) };
    let now = call.state.now_seconds();
    if !call.state.areas.threads.posts.iter().any(|post| post.id == id && post.is_there(now)) {
        return Err(GraphError::parameter(format!("Param {name} is not the id of a post.")));
    }
    Ok(Some(id))
}

fn children(call: &Call<'_>, access: &Access) -> Result<Vec<String>, GraphError> {
    let children = call.params.list("children")?.unwrap_or_default();
    if !(2..=20).contains(&children.len()) {
        return Err(GraphError::parameter("A carousel has 2 to 20 items."));
    }
    for id in &children {
        let held = &call.state.areas.threads;
        let child = held.containers.get(id).filter(|child| child.profile == access.profile);
        if child.is_none_or(|child| !child.draft.is_item) {
            return Err(GraphError::parameter(format!("Param children: {id} is not an item of a carousel.")));
        }
    }
    Ok(children)
}

/// Looks at the file: its address at once, the rest while it is processed.
fn media(call: &Call<'_>, draft: &Draft) -> Result<Option<&'static str>, GraphError> {
    let (image, video) = (call.params.text("image_url")?, call.params.text("video_url")?);
    let found = match (draft.media_type.as_str(), image, video) {
        ("IMAGE", Some(address), None) => media_address::picture(&address, true),
        ("VIDEO", None, Some(address)) => media_address::video(&address),
        ("IMAGE", _, _) => {
            return Err(GraphError::parameter("An IMAGE needs an image_url, and no video_url."));
        }
        ("VIDEO", _, _) => return Err(GraphError::parameter("A VIDEO needs a video_url, and no image_url.")),
        (_, None, None) => return Ok(None),
        _ => return Err(GraphError::parameter("This media_type takes no image_url and no video_url.")),
    };
    Ok(match found {
        Found::Good => None,
        Found::Unreachable | Found::Slow => Some("FAILED_DOWNLOADING_VIDEO"),
        Found::Ratio => Some("INVALID_ASPEC_RATIO"),
        Found::TooLarge | Found::Format => Some("FAILED_PROCESSING_VIDEO"),
    })
}

/// One look at a container. Looking brings it forward, so that a client that polls fast is not kept for long.
pub(super) fn read(call: &mut Call<'_>, id: &str) -> Outcome {
    let refused = || GraphError::unsupported(&call.request.method, id);
    let status = status(call, id).ok_or_else(refused)?;
    let word = match status {
        Status::InProgress => "IN_PROGRESS",
        Status::Finished => "FINISHED",
        Status::Published => "PUBLISHED",
        Status::Error(_) => "ERROR",
        Status::Expired => "EXPIRED",
    };
    let mut object = Object::new();
    object.insert("id".to_owned(), json!(id));
    object.insert("status".to_owned(), json!(word));
    if let Status::Error(why) = status {
        object.insert("error_message".to_owned(), json!(why));
    }
    let known = ["id", "status", "error_message"];
    let answer = super::super::super::fields::select(call, "THREADS_CONTAINER", &object, &known, &known)?;
    let containers = &mut call.state.areas.threads.containers;
    let children = containers.get(id).map(|one| one.draft.children.clone()).unwrap_or_default();
    for id in children.iter().map(String::as_str).chain([id]) {
        if let Some(container) = containers.get_mut(id) {
            container.polls = container.polls.saturating_add(1);
        }
    }
    Ok(answer)
}

/// The parts of a carousel that becomes a post.
pub(super) fn items(call: &mut Call<'_>, draft: &Draft) -> Vec<Item> {
    let mut items = Vec::new();
    for child in &draft.children {
        let id = format!("1801{:013}", call.state.number());
        if let Some(container) = call.state.areas.threads.containers.get_mut(child) {
            container.published = true;
            let media_type = container.draft.media_type.clone();
            items.push(Item { id, media_type, alt_text: container.draft.alt_text.clone() });
        }
    }
    items
}
