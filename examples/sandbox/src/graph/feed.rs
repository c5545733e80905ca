//! `/{page}/feed`: publishing and listing posts; deleting a post.

use serde_json::{Map, Value, json};

use super::{
    Call, Outcome,
    answer::GraphError,
    areas::{page_media::posts, page_talk::counts},
    caller::Caller,
    fields,
};
use crate::{clock::graph_time, received::FacebookPost};

/// Parameters of the feed edge.
const KNOWN: [&str; 20] = [
    "message",
    "link",
    "published",
    "scheduled_publish_time",
    "unpublished_content_type",
    "child_attachments",
    "call_to_action",
    "place",
    "tags",
    "targeting",
    "feed_targeting",
    "backdated_time",
    "backdated_time_granularity",
    "text_format_preset_id",
    "name",
    "description",
    "picture",
    "multi_share_end_card",
    "multi_share_optimized",
    "is_ai_generated",
];

/// Fields of a post. Those the sandbox has no value for are accepted and left out.
const FIELDS: [&str; 39] = [
    "id",
    "message",
    "story",
    "created_time",
    "updated_time",
    "permalink_url",
    "full_picture",
    "picture",
    "attachments",
    "shares",
    "comments",
    "reactions",
    "likes",
    "status_type",
    "is_published",
    "is_hidden",
    "is_expired",
    "is_popular",
    "is_spherical",
    "scheduled_publish_time",
    "timeline_visibility",
    "from",
    "message_tags",
    "story_tags",
    "place",
    "targeting",
    "feed_targeting",
    "parent_id",
    "promotable_id",
    "can_reply_privately",
    "is_eligible_for_promotion",
    "is_instagram_eligible",
    "instagram_eligibility",
    "call_to_action",
    "privacy",
    "properties",
    "event",
    "coordinates",
    "icon",
];
/// What is answered when no field is named.
const DEFAULT: [&str; 3] = ["created_time", "message", "id"];
/// What a scheduled post has besides.
const SCHEDULED_FIELDS: [&str; 4] =
    ["is_post_in_good_state", "scheduled_failure_notice", "creation_time", "video_id"];
/// Longest text on a coloured background, in characters.
const MAX_BACKGROUND: usize = 130;

pub(crate) fn publish(call: &mut Call<'_>, caller: &Caller, page: &str) -> Outcome {
    caller.page(call, page, &["pages_read_engagement", "pages_manage_posts"])?;
    let numbered = posts::numbered();
    call.params.only_with_files(&posts::with_attached(&KNOWN, &numbered), &["thumbnail"])?;
    let message = call.params.text("message")?.filter(|text| !text.trim().is_empty());
    let link = call.params.text("link")?.filter(|link| !link.is_empty());
    if call.params.file("thumbnail").is_some() && link.is_none() {
        return Err(GraphError::parameter("Param thumbnail is the picture of a link."));
    }
    posts::check_preview(call, "thumbnail")?;
    let media = posts::attached(call, page)?;
    if message.is_none() && link.is_none() && media.is_empty() {
        return Err(GraphError::parameter("The post is empty: send a message or a link."));
    }
    posts::check_length(message.as_deref())?;
    if link.as_ref().is_some_and(|link| !is_web_address(link)) {
        return Err(GraphError::parameter("Param link must be a valid URL."));
    }
    if call.params.text("text_format_preset_id")?.is_some() {
        let is_long = message.as_ref().is_some_and(|text| text.chars().count() > MAX_BACKGROUND);
        if is_long || link.is_some() || !media.is_empty() {
            return Err(GraphError::parameter("A background takes a short text and nothing else."));
        }
    }
    let release = posts::Release::read(call)?;
    let published = release.published;
    let mut of_page = call.state.posts.iter().rev().filter(|post| post.page_id == page && post.published);
    let repeats = media.is_empty()
        && of_page.next().is_some_and(|last| !last.deleted && last.message == message && last.link == link);
    if published && repeats {
        return Err(GraphError::new(400, 506, "(#506) Duplicate status message").user_text(
            "Duplicate Status Update",
            "This status update is identical to the last one you posted. Try posting something different.",
        ));
    }
    let details = posts::details(media, &release);
    let id = posts::add(call, page, message, link, &release, details);
    match call.state.posts.last().filter(|_| call.params.value("fields").is_some()) {
        // Fields in a write are answered like those of a read.
        Some(post) => select(call, post),
        None => Ok(json!({ "id": id })),
    }
}

fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|parsed| matches!(parsed.scheme(), "http" | "https") && parsed.has_host())
}

pub(crate) fn list(call: &Call<'_>, caller: &Caller, page: &str) -> Outcome {
    caller.page(call, page, &["pages_read_engagement"])?;
    posts::listed(call, page, "feed")
}

/// A post with the fields asked for.
pub(crate) fn select(call: &Call<'_>, post: &FacebookPost) -> Outcome {
    select_of(call, post, "feed")
}

/// The same for a post of this edge: scheduled posts have more fields.
pub(crate) fn select_of(call: &Call<'_>, post: &FacebookPost, edge: &str) -> Outcome {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("id", json!(post.id));
    if let Some(message) = &post.message {
        put("message", json!(message));
    }
    put("created_time", json!(graph_time(post.created_at)));
    put("updated_time", json!(graph_time(post.created_at)));
    put("permalink_url", json!(format!("https://www.facebook.com/{}", post.id.replace('_', "/posts/"))));
    let media = posts::media(call, &post.id);
    let status = media.as_ref().map(|(_, _, status)| *status);
    let status = status.unwrap_or(if post.link.is_some() { "shared_story" } else { "mobile_status_update" });
    put("status_type", json!(status));
    if let Some((attachments, picture, _)) = media {
        put("attachments", attachments);
        put("full_picture", json!(picture));
    }
    put("is_published", json!(post.published));
    put("is_hidden", json!(posts::is_hidden(call, &post.id)));
    put("is_expired", json!(false));
    if let Some(time) = post.scheduled_publish_time {
        put("scheduled_publish_time", json!(time));
    }
    let name =
        call.shared.config.world.pages.iter().find(|page| page.id == post.page_id).map(|page| &page.name);
    put("from", json!({"id": post.page_id, "name": name}));
    if edge == "scheduled_posts" {
        put("creation_time", json!(graph_time(post.created_at)));
        put("is_post_in_good_state", json!(true));
        let known = [&FIELDS[..], &SCHEDULED_FIELDS[..]].concat();
        return fields::select(call, "ScheduledPost", &object, &known, &["creation_time", "message", "id"]);
    }
    counts::with_counts(call, &post.id, fields::select(call, "Post", &object, &FIELDS, &DEFAULT)?)
}

pub(crate) fn delete(call: &mut Call<'_>, caller: &Caller, id: &str) -> Outcome {
    let position = call.state.posts.iter().position(|post| post.id == id && !post.deleted);
    let page = position.and_then(|position| call.state.posts.get(position)).map(|post| post.page_id.clone());
    let (Some(position), Some(page)) = (position, page) else {
        return Err(GraphError::unsupported(&call.request.method, id));
    };
    caller.page(call, &page, &["pages_read_engagement", "pages_manage_posts"])?;
    call.params.only(&[])?;
    if let Some(post) = call.state.posts.get_mut(position) {
        post.deleted = true;
    }
    Ok(json!({"success": true}))
}
