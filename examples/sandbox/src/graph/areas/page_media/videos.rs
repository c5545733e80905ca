//! `/{page}/videos`: at once, from an address, from a handle, or in chunks.

use serde_json::json;

use super::{
    super::{
        super::{Call, Outcome, answer::GraphError, paging},
        uploads::{
            chunks,
            transfer::{Transfer, is_video},
        },
    },
    Details, READ, WRITE, allow, posts,
    video::{self, Ending, Kind, Video},
    video_node,
};

/// What may be said of a video.
const ABOUT: [&str; 22] = [
    "title",
    "description",
    "published",
    "scheduled_publish_time",
    "unpublished_content_type",
    "content_category",
    "content_tags",
    "custom_labels",
    "embeddable",
    "no_story",
    "social_actions",
    "expiration",
    "targeting",
    "feed_targeting",
    "call_to_action",
    "multilingual_data",
    "is_ai_generated",
    "selected_audio_spec",
    "replace_video_id",
    "upload_phase",
    "upload_session_id",
    "backdated_post",
];
/// Where a video can come from, beside a file.
const SOURCES: [&str; 5] = [
    "file_url",
    "fbuploader_video_file_chunk",
    "crossposted_video_id",
    "source_instagram_media_id",
    "slideshow_spec",
];
const CATEGORIES: [&str; 17] = [
    "BEAUTY_FASHION",
    "BUSINESS",
    "CARS_TRUCKS",
    "COMEDY",
    "CUTE_ANIMALS",
    "ENTERTAINMENT",
    "FAMILY",
    "FOOD_HEALTH",
    "HOME",
    "LIFESTYLE",
    "MUSIC",
    "NEWS",
    "OTHER",
    "POLITICS",
    "SCIENCE",
    "SPORTS",
    "TECHNOLOGY",
];

pub(super) fn create(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &WRITE)?;
    match call.params.text("upload_phase")?.map(|phase| phase.to_ascii_lowercase()).as_deref() {
        None => at_once(call, page),
        Some("start") => {
            let id = video::new_id(call);
            let answer = chunks::start(call, page, &id)?;
            let now = call.state.now_seconds();
            let waiting = Video::new(id, page, Kind::Video, Transfer::default(), now);
            call.state.areas.page_media.videos.push(waiting);
            Ok(answer)
        }
        Some("transfer") => {
            let answer = chunks::transfer(call, page)?;
            mirror(call, page)?;
            Ok(answer)
        }
        Some("finish") => {
            let about = About::read(call, &[])?;
            let (id, transfer) = chunks::finish(call, page)?;
            keep(call, page, id, transfer, about);
            Ok(json!({"success": true}))
        }
        Some("cancel") => {
            let gone = chunks::video_of(call, page)?.0;
            let answer = chunks::cancel(call, page)?;
            call.state.areas.page_media.videos.retain(|video| video.id != gone);
            Ok(answer)
        }
        Some(_) => {
            Err(GraphError::parameter("Param upload_phase must be one of {start, transfer, finish, cancel}."))
        }
    }
}

/// Shows in the video's status how far its chunks are.
fn mirror(call: &mut Call<'_>, page: &str) -> Result<(), GraphError> {
    let (id, transfer) = chunks::video_of(call, page)?;
    if let Some(video) = call.state.areas.page_media.videos.iter_mut().find(|video| video.id == id) {
        video.transfer = transfer;
    }
    Ok(())
}

fn at_once(call: &mut Call<'_>, page: &str) -> Outcome {
    let about = About::read(call, &SOURCES)?;
    let named = SOURCES.iter().filter(|name| call.params.value(name).is_some()).count();
    let file = call.params.file("source");
    if named.saturating_add(usize::from(file.is_some())) != 1 {
        return Err(GraphError::new(400, 6000, "(#6000) A video comes from one place.").subcode(1_363_019));
    }
    let now = call.state.now_seconds();
    let unsupported = || {
        let message = "(#352) The video file you selected is in a format that we don't support.";
        GraphError::new(400, 352, message).subcode(1_363_024)
    };
    let transfer = if let Some(file) = file {
        if !is_video(&file.content) {
            return Err(unsupported());
        }
        Transfer::whole(&file.content, now)
    } else if let Some(handle) = call.params.text("fbuploader_video_file_chunk")? {
        let unknown =
            || GraphError::parameter("Param fbuploader_video_file_chunk is no handle of an upload.");
        let (kind, transfer) = call.state.areas.uploads.handle(&handle).ok_or_else(unknown)?;
        if kind != "video/mp4" || !transfer.is_video() {
            return Err(unsupported());
        }
        transfer.clone()
    } else {
        if let Some(address) = call.params.text("file_url")? {
            posts::check_fetched("file_url", &address)?;
        }
        Transfer::hosted(now)
    };
    let id = video::new_id(call);
    keep(call, page, id.clone(), transfer, about);
    Ok(json!({ "id": id }))
}

/// What the caller says of a video.
struct About {
    title: Option<String>,
    description: Option<String>,
    category: Option<String>,
    tags: Vec<String>,
    is_embeddable: bool,
    has_story: bool,
    release: posts::Release,
}

impl About {
    fn read(call: &Call<'_>, more: &[&str]) -> Result<Self, GraphError> {
        call.params.only_with_files(&[&ABOUT[..], more].concat(), &["source", "thumb"])?;
        posts::check_preview(call, "thumb")?;
        for name in ["is_ai_generated", "selected_audio_spec"] {
            if call.version.starts_with("v25.") && call.params.value(name).is_some() {
                return Err(GraphError::parameter(format!("Unknown parameter: {name}")));
            }
        }
        let description = call.params.text("description")?;
        posts::check_length(description.as_deref())?;
        Ok(Self {
            title: call.params.text("title")?,
            description,
            category: category(call)?,
            tags: call.params.list("content_tags")?.unwrap_or_default(),
            is_embeddable: call.params.boolean("embeddable")?.unwrap_or(true),
            has_story: !call.params.boolean("no_story")?.unwrap_or(false),
            release: posts::Release::read(call)?,
        })
    }
}

pub(super) fn category(call: &Call<'_>) -> Result<Option<String>, GraphError> {
    let category = call.params.text("content_category")?;
    if category.as_deref().is_some_and(|word| !CATEGORIES.contains(&word)) {
        let message = format!("Param content_category must be one of {{{}}}.", CATEGORIES.join(", "));
        return Err(GraphError::parameter(message));
    }
    Ok(category)
}

/// Takes a video whose bytes are there.
fn keep(call: &mut Call<'_>, page: &str, id: String, transfer: Transfer, about: About) {
    let now = call.state.now_seconds();
    let release = about.release;
    let mut video = Video::new(id.clone(), page, Kind::Video, transfer, now);
    let ending = match release.scheduled {
        Some(_) => Ending::Scheduled,
        None if release.published => Ending::Published,
        None => Ending::Draft,
    };
    video.ending = Some((ending, now));
    video.scheduled = release.scheduled;
    video.title = about.title;
    video.description.clone_from(&about.description);
    video.category = about.category;
    video.tags = about.tags;
    video.is_embeddable = about.is_embeddable;
    let is_shown = video.transfer.is_video() && about.has_story;
    let held = &mut call.state.areas.page_media.videos;
    held.retain(|waiting| waiting.id != id);
    held.push(video);
    if is_shown && (release.published || release.scheduled.is_some() || release.is_draft) {
        let details = Details { media: vec![id], is_draft: release.is_draft, ..Details::default() };
        posts::add(call, page, about.description, None, &release, details);
    }
}

pub(super) fn list(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &READ)?;
    let kind = call.params.text("type")?.unwrap_or_else(|| "UPLOADED".to_owned()).to_ascii_uppercase();
    if !matches!(kind.as_str(), "UPLOADED" | "TAGGED") {
        return Err(GraphError::parameter("Param type must be one of {UPLOADED, TAGGED}."));
    }
    let newest_first = call.state.areas.page_media.videos.iter().rev();
    let shown = newest_first.filter(|video| {
        kind == "UPLOADED"
            && video.page == page
            && video.kind != Kind::Story
            && video.is_published()
            && !video.is_deleted
    });
    let videos = shown.map(|video| video_node::select(call, video)).collect::<Result<Vec<_>, _>>()?;
    paging::page(call, &format!("{page}/videos"), &videos)
}
