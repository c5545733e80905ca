//! `/{page}/feed`: publishing and listing posts; deleting a post.

use serde_json::{Map, Value, json};

use super::{Call, Outcome, answer::GraphError, caller::Caller, fields, paging};
use crate::{clock::graph_time, received::FacebookPost, webhooks};

/// Parameters of the feed edge.
const KNOWN: [&str; 21] = [
    "message",
    "link",
    "published",
    "scheduled_publish_time",
    "unpublished_content_type",
    "attached_media",
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
const FIELDS: [&str; 16] = [
    "id",
    "message",
    "story",
    "created_time",
    "updated_time",
    "permalink_url",
    "full_picture",
    "attachments",
    "shares",
    "comments",
    "reactions",
    "status_type",
    "is_published",
    "is_hidden",
    "scheduled_publish_time",
    "from",
];

/// Longest text of a post, in characters.
const MAX_MESSAGE: usize = 63_206;
/// Nearest and farthest moment a post can be scheduled for, in seconds from now.
const SCHEDULE: std::ops::RangeInclusive<i64> = 600..=75 * 86_400;

pub(crate) fn publish(call: &mut Call<'_>, caller: &Caller, page: &str) -> Outcome {
    caller.page(call, page, &["pages_read_engagement", "pages_manage_posts"])?;
    call.params.only(&KNOWN)?;
    let message = call.params.text("message")?.filter(|text| !text.trim().is_empty());
    let link = call.params.text("link")?.filter(|link| !link.is_empty());
    if let Some(media) = call.params.structure("attached_media")?.filter(|media| !media.is_null()) {
        let id = media.pointer("/0/media_fbid").and_then(Value::as_str).unwrap_or_default();
        return Err(GraphError::unsupported(&call.request.method, id));
    }
    if message.is_none() && link.is_none() {
        return Err(GraphError::parameter("The post is empty: send a message or a link."));
    }
    if message.as_ref().is_some_and(|text| text.chars().count() > MAX_MESSAGE) {
        return Err(GraphError::parameter("Param message is too long."));
    }
    if link.as_ref().is_some_and(|link| !is_web_address(link)) {
        return Err(GraphError::parameter("Param link must be a valid URL."));
    }
    let published = call.params.boolean("published")?.unwrap_or(true);
    let scheduled = call.params.integer("scheduled_publish_time")?;
    let now = call.state.now_seconds();
    if let Some(time) = scheduled {
        if published {
            return Err(GraphError::parameter("scheduled_publish_time requires published=false."));
        }
        if !SCHEDULE.contains(&(time - now)) {
            let message = "The specified scheduled publish time is invalid: 10 minutes to 75 days from now.";
            return Err(GraphError::parameter(message));
        }
    }
    let mut of_page = call.state.posts.iter().rev().filter(|post| post.page_id == page && post.published);
    let repeats =
        of_page.next().is_some_and(|last| !last.deleted && last.message == message && last.link == link);
    if published && repeats {
        return Err(GraphError::new(400, 506, "(#506) Duplicate status message").user_text(
            "Duplicate Status Update",
            "This status update is identical to the last one you posted. Try posting something different.",
        ));
    }
    let number = call.state.number();
    let post = FacebookPost {
        id: format!("{page}_{}", 122_000_000_000_000_u64.saturating_add(number)),
        page_id: page.to_owned(),
        message,
        link,
        published,
        scheduled_publish_time: scheduled,
        created_at: now,
        deleted: false,
    };
    if published {
        webhooks::meta::post_made(call.shared, call.state, &post);
    }
    let id = post.id.clone();
    call.state.posts.push(post);
    Ok(json!({ "id": id }))
}

fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|parsed| matches!(parsed.scheme(), "http" | "https") && parsed.has_host())
}

pub(crate) fn list(call: &Call<'_>, caller: &Caller, page: &str) -> Outcome {
    caller.page(call, page, &["pages_read_engagement"])?;
    let newest_first = call.state.posts.iter().rev();
    let visible = newest_first.filter(|post| post.page_id == page && post.published && !post.deleted);
    let posts = visible.map(|post| select(call, post)).collect::<Result<Vec<_>, _>>()?;
    paging::page(call, &format!("{page}/feed"), &posts)
}

/// A post with the fields asked for.
pub(crate) fn select(call: &Call<'_>, post: &FacebookPost) -> Outcome {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("id", json!(post.id));
    if let Some(message) = &post.message {
        put("message", json!(message));
    }
    put("created_time", json!(graph_time(post.created_at)));
    put("updated_time", json!(graph_time(post.created_at)));
    put("permalink_url", json!(format!("https://www.facebook.com/{}", post.id.replace('_', "/posts/"))));
    put("status_type", json!(if post.link.is_some() { "shared_story" } else { "mobile_status_update" }));
    put("is_published", json!(post.published));
    put("is_hidden", json!(false));
    if let Some(time) = post.scheduled_publish_time {
        put("scheduled_publish_time", json!(time));
    }
    let name =
        call.shared.config.world.pages.iter().find(|page| page.id == post.page_id).map(|page| &page.name);
    put("from", json!({"id": post.page_id, "name": name}));
    fields::select(call, "Post", &object, &FIELDS, &["created_time", "message", "id"])
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
