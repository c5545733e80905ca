//! Stories of a Page: seen for a day, then in the archive.

use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, paging},
    READ, WRITE, allow,
};

/// How long a story is seen, in seconds.
const LIFE: i64 = 86_400;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    Photo,
    Video,
}

#[derive(Debug)]
pub(super) struct Story {
    page: String,
    post: String,
    media: String,
    kind: Media,
    created_at: i64,
}

pub(super) fn create_photo(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &WRITE)?;
    call.params.only(&["photo_id"])?;
    let id = call.params.required("photo_id")?;
    let mut photos = call.state.areas.page_media.photos.iter();
    let known = photos.find(|photo| photo.id == id && photo.page == page && !photo.is_deleted);
    let photo = known.ok_or_else(|| GraphError::unsupported(&call.request.method, &id))?;
    if photo.is_published || photo.post.is_some() {
        return Err(GraphError::parameter("A story takes a photo that was not used in another post."));
    }
    let post = add(call, page, &id, Media::Photo);
    if let Some(photo) = call.state.areas.page_media.photos.iter_mut().find(|photo| photo.id == id) {
        photo.post = Some(post.clone());
    }
    Ok(json!({"success": true, "post_id": post}))
}

/// Makes a story of a photo or video: the id of its post.
pub(super) fn add(call: &mut Call<'_>, page: &str, media: &str, kind: Media) -> String {
    let post = format!("{}", 123_000_000_000_000_u64.saturating_add(call.state.number()));
    let created_at = call.state.now_seconds();
    let story =
        Story { page: page.to_owned(), post: post.clone(), media: media.to_owned(), kind, created_at };
    call.state.areas.page_media.stories.push(story);
    post
}

pub(super) fn list(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &READ)?;
    let wanted = call.params.list("status")?.unwrap_or_default();
    let wanted: Vec<String> = wanted.iter().map(|word| word.to_ascii_uppercase()).collect();
    if wanted.iter().any(|word| !matches!(word.as_str(), "PUBLISHED" | "ARCHIVED")) {
        return Err(GraphError::parameter("Param status must be one of {PUBLISHED, ARCHIVED}."));
    }
    let (since, until) = (call.params.integer("since")?, call.params.integer("until")?);
    let now = call.state.now_seconds();
    let mut all: Vec<Value> = Vec::new();
    for story in call.state.areas.page_media.stories.iter().rev().filter(|story| story.page == page) {
        let is_seen = now.saturating_sub(story.created_at) < LIFE;
        let status = if is_seen { "PUBLISHED" } else { "ARCHIVED" };
        let is_wanted = wanted.is_empty() || wanted.iter().any(|word| word == status);
        let in_time = since.is_none_or(|time| story.created_at >= time)
            && until.is_none_or(|time| story.created_at <= time);
        if is_wanted && in_time {
            all.push(json!({
                "post_id": story.post,
                "status": status.to_ascii_lowercase(),
                "creation_time": story.created_at.to_string(),
                "media_type": if story.kind == Media::Photo { "photo" } else { "video" },
                "media_id": story.media,
                "url": format!("https://www.facebook.com/stories/{}", story.post),
            }));
        }
    }
    paging::page(call, &format!("{page}/stories"), &all)
}
