//! What all posts have in common: when they are published, what is attached, how they are listed.

use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, feed, paging},
    Details, READ, WRITE, allow, photos,
};
use crate::{received::FacebookPost, webhooks};

/// Longest text of a post, in characters.
const MAX_MESSAGE: usize = 63_206;
/// Nearest and farthest moment a post can be scheduled for, in seconds from now.
const SCHEDULE: std::ops::RangeInclusive<i64> = 600..=75 * 86_400;
/// Most media one post is looked through for.
const MAX_MEDIA: usize = 40;

const CONTENT_TYPES: [&str; 8] = [
    "SCHEDULED",
    "DRAFT",
    "ADS_POST",
    "INLINE_CREATED",
    "PUBLISHED",
    "PUBLISH_PENDING",
    "REVIEWABLE_BRANDED_CONTENT",
    "SCHEDULED_RECURRING",
];

/// Whether and when visitors see it.
#[derive(Debug, Clone)]
pub(crate) struct Release {
    pub(crate) published: bool,
    /// Unix seconds.
    pub(crate) scheduled: Option<i64>,
    pub(crate) is_draft: bool,
}

impl Release {
    /// From `published`, `scheduled_publish_time` and `unpublished_content_type`.
    pub(crate) fn read(call: &Call<'_>) -> Result<Self, GraphError> {
        let published = call.params.boolean("published")?.unwrap_or(true);
        let scheduled = call.params.integer("scheduled_publish_time")?;
        let kind = call.params.text("unpublished_content_type")?;
        if let Some(kind) = kind.as_deref() {
            if !CONTENT_TYPES.contains(&kind) {
                let message = "Param unpublished_content_type must be one of the known types.";
                return Err(GraphError::parameter(message));
            }
            if published && kind != "PUBLISHED" {
                return Err(GraphError::parameter("unpublished_content_type requires published=false."));
            }
            if (kind == "SCHEDULED") != scheduled.is_some() {
                let message =
                    "unpublished_content_type SCHEDULED and scheduled_publish_time belong together.";
                return Err(GraphError::parameter(message));
            }
        }
        if let Some(time) = scheduled {
            if published {
                return Err(GraphError::parameter("scheduled_publish_time requires published=false."));
            }
            check_schedule(call, time)?;
        }
        Ok(Self { published, scheduled, is_draft: kind.as_deref() == Some("DRAFT") })
    }
}

/// Whether a post can be scheduled for this time.
pub(super) fn check_schedule(call: &Call<'_>, time: i64) -> Result<(), GraphError> {
    if SCHEDULE.contains(&time.saturating_sub(call.state.now_seconds())) {
        return Ok(());
    }
    let message = "The specified scheduled publish time is invalid: 10 minutes to 75 days from now.";
    Err(GraphError::parameter(message))
}

pub(crate) fn check_length(text: Option<&str>) -> Result<(), GraphError> {
    if text.is_some_and(|text| text.chars().count() > MAX_MESSAGE) {
        return Err(GraphError::parameter("Param message is too long."));
    }
    Ok(())
}

/// Whether the platform could fetch something from this address. Hosts below `.invalid` do not exist.
pub(super) fn check_fetched(name: &str, address: &str) -> Result<(), GraphError> {
    let parsed = url::Url::parse(address).ok();
    let parsed = parsed.filter(|url| matches!(url.scheme(), "http" | "https"));
    match parsed.as_ref().and_then(url::Url::host_str) {
        Some(host) if !host.ends_with(".invalid") => Ok(()),
        _ => {
            let message = format!("(#100) Param {name} must be an address that can be fetched.");
            Err(GraphError::new(400, 100, message).subcode(2_061_006))
        }
    }
}

/// Whether the file of a preview, if there is one, is a picture.
pub(crate) fn check_preview(call: &Call<'_>, name: &str) -> Result<(), GraphError> {
    match call.params.file(name) {
        Some(file) if !photos::is_picture(&file.content) => {
            let message = "(#100) Invalid image format. It should be an image file data.";
            Err(GraphError::parameter(message))
        }
        _ => Ok(()),
    }
}

pub(super) fn exists(call: &Call<'_>, id: &str) -> bool {
    call.state.posts.iter().any(|post| post.id == id && !post.deleted)
}

/// `{id, name}` of the Page.
pub(super) fn author(call: &Call<'_>, page: &str) -> Value {
    let mut pages = call.shared.config.world.pages.iter();
    let name = pages.find(|known| known.id == page).map(|page| &page.name);
    json!({"id": page, "name": name})
}

/// The parameters of an edge that takes `attached_media`, which may also come one by one, as in a form.
pub(crate) fn with_attached<'n>(known: &[&'n str], numbered: &'n [String]) -> Vec<&'n str> {
    known.iter().copied().chain(["attached_media"]).chain(numbered.iter().map(String::as_str)).collect()
}

/// `attached_media[0]`, `attached_media[1]`, …
pub(crate) fn numbered() -> Vec<String> {
    (0..MAX_MEDIA).map(|number| format!("attached_media[{number}]")).collect()
}

/// The ids in `attached_media`, each one good for a new post of this Page.
pub(crate) fn attached(call: &Call<'_>, page: &str) -> Result<Vec<String>, GraphError> {
    let mut entries = match call.params.structure("attached_media")? {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(entries)) => entries,
        Some(_) => return Err(GraphError::parameter("Param attached_media must be an array.")),
    };
    for name in numbered() {
        entries.extend(call.params.structure(&name)?);
    }
    let mut ids: Vec<String> = Vec::new();
    for entry in &entries {
        let id = match entry.get("media_fbid") {
            Some(Value::String(id)) => id.clone(),
            Some(Value::Number(id)) => id.to_string(),
            _ => return Err(GraphError::parameter("Param attached_media: media_fbid is required.")),
        };
        if ids.contains(&id) {
            return Err(duplicated());
        }
        ids.push(id);
    }
    check_attached(call, page, &ids)?;
    Ok(ids)
}

fn duplicated() -> GraphError {
    GraphError::new(400, 100, "Invalid parameter")
        .subcode(1_366_051)
        .user_text("Photos Already Posted", "These photos were already posted.")
}

fn check_attached(call: &Call<'_>, page: &str, ids: &[String]) -> Result<(), GraphError> {
    let held = &call.state.areas.page_media;
    let mut videos = 0_usize;
    for id in ids {
        let photo =
            held.photos.iter().find(|photo| photo.id == *id && photo.page == page && !photo.is_deleted);
        match photo {
            Some(photo) if photo.is_published || photo.post.is_some() => return Err(duplicated()),
            Some(_) => {}
            None => {
                let mut all = held.videos.iter();
                let known = all.any(|video| video.id == *id && video.page == page && !video.is_deleted);
                if !known {
                    return Err(GraphError::unsupported(&call.request.method, id));
                }
                videos = videos.saturating_add(1);
            }
        }
    }
    if videos > 0 && ids.len() > 1 {
        return Err(GraphError::parameter("A post shows photos or one video, not both."));
    }
    Ok(())
}

/// Makes a post and tells the webhooks of it: its id.
pub(crate) fn add(
    call: &mut Call<'_>,
    page: &str,
    message: Option<String>,
    link: Option<String>,
    release: &Release,
    details: Details,
) -> String {
    let number = call.state.number();
    let post = FacebookPost {
        id: format!("{page}_{}", 122_000_000_000_000_u64.saturating_add(number)),
        page_id: page.to_owned(),
        message,
        link,
        published: release.published,
        scheduled_publish_time: release.scheduled,
        created_at: call.state.now_seconds(),
        deleted: false,
    };
    if release.published {
        webhooks::meta::post_made(call.shared, call.state, &post);
    }
    let id = post.id.clone();
    attach(call, &id, &details, release.scheduled.is_some());
    call.state.areas.page_media.details.insert(id.clone(), details);
    call.state.posts.push(post);
    id
}

/// What a new post has: media, and whether it is a draft.
pub(crate) fn details(media: Vec<String>, release: &Release) -> Details {
    Details { media, is_draft: release.is_draft, is_hidden: false }
}

/// Marks the media as shown by a post.
pub(super) fn attach(call: &mut Call<'_>, post: &str, details: &Details, is_scheduled: bool) {
    let mut is_careless = false;
    let held = &mut call.state.areas.page_media;
    for photo in held.photos.iter_mut().filter(|photo| details.media.contains(&photo.id)) {
        // A photo that waits for a scheduled post is to be `temporary`; a photo with its own schedule is its own post.
        is_careless |= is_scheduled && !photo.is_temporary && details.media.len() > 1;
        photo.post = Some(post.to_owned());
    }
    for video in held.videos.iter_mut().filter(|video| details.media.contains(&video.id)) {
        video.post = Some(post.to_owned());
    }
    if is_careless {
        call.state.violation("photo-of-scheduled-post-not-temporary", call.request);
    }
}

/// Publishes what was scheduled for a time that has come.
pub(super) fn publish_due(call: &mut Call<'_>) {
    let now = call.state.now_seconds();
    let is_due = |post: &&FacebookPost| {
        !post.published && !post.deleted && post.scheduled_publish_time.is_some_and(|time| time <= now)
    };
    let due: Vec<String> = call.state.posts.iter().filter(is_due).map(|post| post.id.clone()).collect();
    for id in due {
        publish(call, &id);
    }
}

/// Publishes a post that was not: its photos and its video with it.
pub(super) fn publish(call: &mut Call<'_>, id: &str) {
    let Some(post) = call.state.posts.iter_mut().find(|post| post.id == id) else { return };
    post.published = true;
    let post = post.clone();
    let held = &mut call.state.areas.page_media;
    if let Some(details) = held.details.get_mut(id) {
        details.is_draft = false;
        for photo in held.photos.iter_mut().filter(|photo| details.media.contains(&photo.id)) {
            photo.is_published = true;
        }
        for video in held.videos.iter_mut().filter(|video| details.media.contains(&video.id)) {
            video.publish();
        }
    }
    webhooks::meta::post_made(call.shared, call.state, &post);
}

/// Whether visitors of the Page do not see a published post.
pub(crate) fn is_hidden(call: &Call<'_>, post: &str) -> bool {
    call.state.areas.page_media.details.get(post).is_some_and(|details| details.is_hidden)
}

/// Attachments, the address of the first picture, and the kind of status; nothing for a post without media.
pub(crate) fn media(call: &Call<'_>, post: &str) -> Option<(Value, String, &'static str)> {
    let held = &call.state.areas.page_media;
    let ids = &held.details.get(post)?.media;
    let first = ids.first()?;
    if let Some(video) = held.videos.iter().find(|video| video.id == *first) {
        let attachment = json!({
            "media_type": "video", "type": "video_inline", "url": video.address(),
            "media": {"image": {"src": video.picture(), "width": 1080, "height": 1920}, "source": video.source()},
            "target": {"id": video.id, "url": video.address()},
        });
        return Some((json!({"data": [attachment]}), video.picture(), "added_video"));
    }
    let photos =
        ids.iter().filter_map(|id| held.photos.iter().find(|photo| photo.id == *id && !photo.is_deleted));
    let shown: Vec<Value> = photos
        .clone()
        .map(|photo| {
            json!({
                "media_type": "photo", "type": "photo",
                "url": format!("https://www.facebook.com/photo.php?fbid={}", photo.id),
                "media": {"image": {"src": photo.address(), "width": 1080, "height": 1080}},
                "target": {"id": photo.id},
            })
        })
        .collect();
    let picture = photos.clone().next()?.address();
    let data = match shown.as_slice() {
        [one] => json!([one]),
        _ => json!([{"media_type": "album", "type": "album", "subattachments": {"data": shown}}]),
    };
    Some((json!({ "data": data }), picture, "added_photos"))
}

/// A list of posts, newest first.
pub(super) fn list(call: &mut Call<'_>, page: &str, edge: &str) -> Outcome {
    allow(call, page, if edge == "scheduled_posts" { &WRITE } else { &READ })?;
    let may_be_of_visitors = matches!(edge, "visitor_posts" | "tagged");
    if may_be_of_visitors {
        allow(call, page, &["pages_read_user_content"])?;
    }
    listed(call, page, edge)
}

/// The same for a caller who may.
pub(crate) fn listed(call: &Call<'_>, page: &str, edge: &str) -> Outcome {
    let (since, until) = (call.params.integer("since")?, call.params.integer("until")?);
    let shows_hidden = call.params.boolean("include_hidden")?.unwrap_or(false);
    let located = call.params.text("with")?;
    if located.as_ref().is_some_and(|with| with != "LOCATION") {
        return Err(GraphError::parameter("Param with must be one of {LOCATION}."));
    }
    let details = &call.state.areas.page_media.details;
    let is_draft = |post: &FacebookPost| details.get(&post.id).is_some_and(|details| details.is_draft);
    let belongs = |post: &&FacebookPost| {
        post.page_id == page
            && !post.deleted
            && since.is_none_or(|time| post.created_at >= time)
            && until.is_none_or(|time| post.created_at <= time)
            && match edge {
                "scheduled_posts" => !post.published && post.scheduled_publish_time.is_some(),
                "ads_posts" => !post.published && post.scheduled_publish_time.is_none() && !is_draft(post),
                // Visitors write nothing here.
                "visitor_posts" | "tagged" => false,
                _ => post.published && located.is_none() && (shows_hidden || !is_hidden(call, &post.id)),
            }
    };
    let posts = call.state.posts.iter().rev().filter(belongs);
    let posts = posts.map(|post| feed::select_of(call, post, edge)).collect::<Result<Vec<_>, _>>()?;
    paging::page(call, &format!("{page}/{edge}"), &posts)
}
