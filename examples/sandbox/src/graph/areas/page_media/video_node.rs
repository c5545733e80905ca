//! A video by its id: fields, changes, captions, thumbnails, collaborators.

use http::Method;
use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields, object::looks_like_id, paging},
    READ, WRITE, allow, no_such_method, photos, posts, status,
    video::{Ending, Video},
    videos,
};
use crate::clock::graph_time;

/// Fields of a video. Those the sandbox has no value for are accepted and left out.
const FIELDS: [&str; 25] = [
    "id",
    "title",
    "description",
    "length",
    "created_time",
    "updated_time",
    "permalink_url",
    "source",
    "picture",
    "format",
    "status",
    "published",
    "scheduled_publish_time",
    "post_id",
    "views",
    "post_views",
    "content_category",
    "content_tags",
    "live_status",
    "copyright_check_information",
    "privacy",
    "embeddable",
    "from",
    "icon",
    "place",
];
const CHANGES: [&str; 16] = [
    "name",
    "title",
    "description",
    "published",
    "scheduled_publish_time",
    "publish_to_news_feed",
    "content_category",
    "content_tags",
    "custom_labels",
    "embeddable",
    "social_actions",
    "call_to_action",
    "preferred_thumbnail_id",
    "tags",
    "expire_now",
    "backdated_post",
];
/// Most Pages a video is shared with.
const MAX_COLLABORATORS: usize = 10;

pub(super) fn route(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Option<Outcome> {
    let method = call.request.method.clone();
    Some(match (rest, method) {
        ([], Method::GET) => read(call, id),
        ([], Method::POST) => change(call, id),
        ([], Method::DELETE) => delete(call, id),
        (["captions"], Method::GET) => captions(call, id),
        (["captions"], Method::POST) => set_captions(call, id),
        (["thumbnails"], Method::GET) => thumbnails(call, id),
        (["thumbnails"], Method::POST) => add_thumbnail(call, id),
        (["collaborators"], Method::POST) => invite(call, id),
        ([] | ["captions" | "thumbnails" | "collaborators"], _) => no_such_method(call, id),
        // Comments, reactions and figures are elsewhere.
        _ => return None,
    })
}

/// The video, when the caller may do this with it.
fn find<'c>(call: &'c mut Call<'_>, id: &str, permissions: &[&str]) -> Result<&'c mut Video, GraphError> {
    let page = call.state.areas.page_media.page_of(id).map(str::to_owned);
    let page = page.ok_or_else(|| GraphError::unsupported(&call.request.method, id))?;
    allow(call, &page, permissions)?;
    let missing = GraphError::unsupported(&call.request.method, id);
    let mut videos = call.state.areas.page_media.videos.iter_mut();
    videos.find(|video| video.id == id && !video.is_deleted).ok_or(missing)
}

fn read(call: &mut Call<'_>, id: &str) -> Outcome {
    let asks_status = call.params.text("fields")?.is_some_and(|fields| fields.contains("status"));
    let video = find(call, id, &READ)?;
    let seen = video.clone();
    if asks_status && video.ending.is_some() {
        video.looks = video.looks.saturating_add(1);
    }
    select(call, &seen)
}

pub(super) fn select(call: &Call<'_>, video: &Video) -> Outcome {
    let now = call.state.now_seconds();
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("id", json!(video.id));
    put("created_time", json!(graph_time(video.created_at)));
    put("updated_time", json!(graph_time(video.created_at)));
    put("permalink_url", json!(video.address()));
    put("status", status::of(video, now));
    put("published", json!(video.is_published()));
    put("content_tags", json!(video.tags));
    put("embeddable", json!(video.is_embeddable));
    put("from", posts::author(call, &video.page));
    let words = [
        ("title", &video.title),
        ("description", &video.description),
        ("content_category", &video.category),
        ("post_id", &video.post),
    ];
    for (name, value) in words {
        if let Some(value) = value {
            put(name, json!(value));
        }
    }
    if let Some(time) = video.scheduled.filter(|_| !video.is_published()) {
        put("scheduled_publish_time", json!(graph_time(time)));
    }
    // Only a finished video has a length, a picture and a place to watch it.
    if video.is_processed(now) && video.transfer.is_video() {
        put("length", json!(12.5));
        put("source", json!(video.source()));
        put("picture", json!(video.picture()));
        put("views", json!(0));
    }
    fields::select(call, "Video", &object, &FIELDS, &["updated_time", "description", "id"])
}

fn change(call: &mut Call<'_>, id: &str) -> Outcome {
    let video = find(call, id, &WRITE)?.clone();
    call.params.only(&CHANGES)?;
    let title = match call.params.text("name")? {
        Some(name) => Some(name),
        None => call.params.text("title")?,
    };
    let description = call.params.text("description")?;
    posts::check_length(description.as_deref())?;
    let category = videos::category(call)?;
    let tags = call.params.list("content_tags")?;
    let is_embeddable = call.params.boolean("embeddable")?;
    let time = call.params.integer("scheduled_publish_time")?;
    if let Some(time) = time {
        if !matches!(video.ending, Some((Ending::Scheduled, _))) {
            return Err(GraphError::parameter("Only a scheduled video can be moved to another time."));
        }
        posts::check_schedule(call, time)?;
    }
    let publishes = call.params.boolean("published")? == Some(true);
    if publishes && (video.ending.is_none() || video.is_published()) {
        return Err(GraphError::parameter("Only an unpublished video can be published."));
    }
    let preferred = call.params.text("preferred_thumbnail_id")?;
    if preferred.as_ref().is_some_and(|one| !video.thumbnails.contains(one)) {
        return Err(GraphError::parameter("Param preferred_thumbnail_id is no thumbnail of this video."));
    }
    let held = find(call, id, &WRITE)?;
    held.title = title.or_else(|| held.title.take());
    held.description = description.or_else(|| held.description.take());
    held.category = category.or_else(|| held.category.take());
    held.preferred = preferred.or_else(|| held.preferred.take());
    held.tags = tags.unwrap_or_else(|| std::mem::take(&mut held.tags));
    held.is_embeddable = is_embeddable.unwrap_or(held.is_embeddable);
    held.scheduled = time.or(held.scheduled);
    if publishes {
        held.publish();
    }
    if let Some(post) = &video.post {
        if let Some(post) = call.state.posts.iter_mut().find(|known| known.id == *post) {
            post.scheduled_publish_time = time.or(post.scheduled_publish_time);
        }
        if publishes {
            posts::publish(call, post);
        }
    }
    Ok(json!({"success": true}))
}

fn delete(call: &mut Call<'_>, id: &str) -> Outcome {
    let video = find(call, id, &WRITE)?;
    video.is_deleted = true;
    let post = video.post.clone();
    if let Some(post) = call.state.posts.iter_mut().find(|known| Some(&known.id) == post.as_ref()) {
        post.deleted = true;
    }
    Ok(json!({"success": true}))
}

fn captions(call: &mut Call<'_>, id: &str) -> Outcome {
    let video = find(call, id, &READ)?.clone();
    let entry = |locale: &String| {
        json!({
            "locale": locale, "locale_name": locale, "is_default": video.default_locale.as_ref() == Some(locale),
            "is_auto_generated": false, "is_draft": false,
            "uri": format!("https://video.example.com/{id}.{locale}.srt"),
        })
    };
    let all: Vec<Value> = video.captions.iter().map(entry).collect();
    paging::page(call, &format!("{id}/captions"), &all)
}

fn set_captions(call: &mut Call<'_>, id: &str) -> Outcome {
    find(call, id, &WRITE)?;
    call.params.only_with_files(&["default_locale", "locales_to_delete"], &["captions_file"])?;
    let added = match call.params.file("captions_file") {
        None => None,
        Some(file) => Some(
            locale_of(&file.name)
                .ok_or_else(|| GraphError::new(400, 386, "(#386) The file must be called name.xx_YY.srt."))?,
        ),
    };
    let added = added.map(str::to_owned);
    let default = call.params.text("default_locale")?;
    let gone = call.params.list("locales_to_delete")?.unwrap_or_default();
    if added.is_none() && default.is_none() && gone.is_empty() {
        return Err(GraphError::parameter("The parameter captions_file is required."));
    }
    let video = find(call, id, &WRITE)?;
    video.captions.retain(|locale| !gone.contains(locale) && Some(locale) != added.as_ref());
    video.captions.extend(added);
    video.default_locale = default.filter(|word| word != "none").or_else(|| video.default_locale.take());
    Ok(json!({"success": true}))
}

/// `xx_YY` of `name.xx_YY.srt`.
fn locale_of(name: &str) -> Option<&str> {
    let locale = name.strip_suffix(".srt")?.rsplit_once('.')?.1;
    let (language, country) = locale.split_once('_')?;
    let is_right = language.len() == 2
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase());
    is_right.then_some(locale)
}

fn thumbnails(call: &mut Call<'_>, id: &str) -> Outcome {
    let video = find(call, id, &READ)?.clone();
    let entry = |thumbnail: &String| {
        json!({
            "id": thumbnail, "uri": format!("https://scontent.example.com/{thumbnail}.jpg"), "name": "",
            "is_preferred": video.preferred.as_ref() == Some(thumbnail), "width": 1080, "height": 1920, "scale": 1,
        })
    };
    let all: Vec<Value> = video.thumbnails.iter().map(entry).collect();
    paging::page(call, &format!("{id}/thumbnails"), &all)
}

fn add_thumbnail(call: &mut Call<'_>, id: &str) -> Outcome {
    find(call, id, &WRITE)?;
    call.params.only_with_files(&["is_preferred"], &["source"])?;
    let is_preferred = call.params.boolean("is_preferred")?.unwrap_or(false);
    let is_picture = call.params.file("source").is_some_and(|file| photos::is_picture(&file.content));
    if !is_picture {
        return Err(GraphError::new(400, 324, "(#324) Requires upload file").subcode(2_069_019));
    }
    let thumbnail = format!("{}", 910_000_000_000_000_u64.saturating_add(call.state.number()));
    let video = find(call, id, &WRITE)?;
    video.thumbnails.push(thumbnail.clone());
    if is_preferred {
        video.preferred = Some(thumbnail);
    }
    Ok(json!({"success": true}))
}

fn invite(call: &mut Call<'_>, id: &str) -> Outcome {
    find(call, id, &WRITE)?;
    call.params.only(&["target_id"])?;
    let target = call.params.required("target_id")?;
    let video = find(call, id, &WRITE)?;
    if !looks_like_id(&target) || target == video.page || video.collaborators.contains(&target) {
        return Err(GraphError::parameter("Param target_id must be another Page that is not invited yet."));
    }
    if video.collaborators.len() >= MAX_COLLABORATORS {
        return Err(GraphError::new(400, 613, "(#613) The limit of collaborators is reached."));
    }
    video.collaborators.push(target);
    Ok(json!({"success": true}))
}
