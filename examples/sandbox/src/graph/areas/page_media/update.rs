//! `POST /{post}`: changing, hiding, publishing and moving a post.

use serde_json::json;

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    WRITE, allow, posts,
};

const KNOWN: [&str; 13] = [
    "message",
    "is_hidden",
    "is_pinned",
    "is_published",
    "scheduled_publish_time",
    "tags",
    "place",
    "backdated_time",
    "backdated_time_granularity",
    "timeline_visibility",
    "feed_story_visibility",
    "product_item",
    "text_format_preset_id",
];

pub(super) fn update(call: &mut Call<'_>, id: &str) -> Outcome {
    let hidden = || GraphError::unsupported(&call.request.method, id);
    let post = call.state.posts.iter().find(|post| post.id == id).cloned().ok_or_else(hidden)?;
    allow(call, &post.page_id, &WRITE)?;
    let numbered = posts::numbered();
    call.params.only(&posts::with_attached(&KNOWN, &numbered))?;
    one_of(call, "timeline_visibility", &["normal", "hidden", "forced_allow"])?;
    one_of(call, "feed_story_visibility", &["hidden", "visible"])?;
    let message = call.params.text("message")?;
    posts::check_length(message.as_deref())?;
    let is_hidden = match call.params.boolean("is_hidden")? {
        None => call.params.text("timeline_visibility")?.map(|word| word == "hidden"),
        known => known,
    };
    call.params.boolean("is_pinned")?;
    let media = posts::attached(call, &post.page_id)?;
    let publishes = call.params.boolean("is_published")?;
    if publishes == Some(false) || (publishes == Some(true) && post.published) {
        return Err(GraphError::parameter(
            "Only an unpublished post can be published, and not be taken back.",
        ));
    }
    let time = call.params.integer("scheduled_publish_time")?;
    if let Some(time) = time {
        if post.published || publishes == Some(true) || post.scheduled_publish_time.is_none() {
            return Err(GraphError::parameter("Only a scheduled post can be moved to another time."));
        }
        posts::check_schedule(call, time)?;
    }
    let details = call.state.areas.page_media.details.entry(id.to_owned()).or_default();
    details.is_hidden = is_hidden.unwrap_or(details.is_hidden);
    if !media.is_empty() {
        details.media = media;
        let details = details.clone();
        posts::attach(call, id, &details, false);
    }
    if let Some(held) = call.state.posts.iter_mut().find(|post| post.id == id) {
        held.message = message.or_else(|| held.message.take());
        held.scheduled_publish_time = match publishes {
            // Published before its time.
            Some(true) => None,
            _ => time.or(held.scheduled_publish_time),
        };
    }
    if publishes == Some(true) {
        posts::publish(call, id);
    }
    Ok(json!({"success": true}))
}

fn one_of(call: &Call<'_>, name: &str, words: &[&str]) -> Result<(), GraphError> {
    match call.params.text(name)? {
        Some(word) if !words.contains(&word.as_str()) => {
            Err(GraphError::parameter(format!("Param {name} must be one of {{{}}}.", words.join(", "))))
        }
        _ => Ok(()),
    }
}
