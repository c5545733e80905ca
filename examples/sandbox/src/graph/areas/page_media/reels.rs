//! `/{page}/video_reels` and `/{page}/video_stories`: begin, send the bytes to the upload host, finish.

use serde_json::json;

use super::{
    super::{
        super::{Call, Outcome, answer::GraphError, paging},
        uploads::transfer::Transfer,
    },
    Details, READ, WRITE, allow, posts, stories,
    video::{self, Ending, Kind, Video},
    video_node,
};

const OF_REEL: [&str; 10] = [
    "upload_phase",
    "video_id",
    "video_state",
    "description",
    "title",
    "scheduled_publish_time",
    "place",
    "targeting",
    "feed_targeting",
    "is_ai_generated",
];
/// A story takes no words.
const OF_STORY: [&str; 3] = ["upload_phase", "video_id", "is_ai_generated"];

/// Reels an app may publish on a Page within a day.
const QUOTA: usize = 30;
const DAY: i64 = 86_400;
/// Nearest and farthest moment a reel can be scheduled for, in seconds from now.
const SCHEDULE: std::ops::RangeInclusive<i64> = 600..=29 * DAY;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Product {
    Reel,
    Story,
}

pub(super) fn phase(call: &mut Call<'_>, page: &str, product: Product) -> Outcome {
    allow(call, page, &WRITE)?;
    let phase = call.params.required("upload_phase")?.to_ascii_lowercase();
    match phase.as_str() {
        "start" => start(call, page, product),
        "finish" => finish(call, page, product),
        _ => Err(GraphError::parameter("Param upload_phase must be one of {START, FINISH}.")),
    }
}

fn start(call: &mut Call<'_>, page: &str, product: Product) -> Outcome {
    call.params.only(&["upload_phase"])?;
    let id = video::new_id(call);
    let kind = if product == Product::Reel { Kind::Reel } else { Kind::Story };
    let now = call.state.now_seconds();
    call.state.areas.page_media.videos.push(Video::new(id.clone(), page, kind, Transfer::default(), now));
    let upload_url = format!("{}/rupload/video-upload/{}/{id}", call.shared.url, call.version);
    Ok(json!({"video_id": id, "upload_url": upload_url}))
}

fn finish(call: &mut Call<'_>, page: &str, product: Product) -> Outcome {
    let is_reel = product == Product::Reel;
    call.params.only(if is_reel { &OF_REEL } else { &OF_STORY })?;
    if call.version.starts_with("v25.") && call.params.value("is_ai_generated").is_some() {
        return Err(GraphError::parameter("Unknown parameter: is_ai_generated"));
    }
    let id = call.params.required("video_id")?;
    let kind = if is_reel { Kind::Reel } else { Kind::Story };
    let mut videos = call.state.areas.page_media.videos.iter();
    let known =
        videos.find(|video| video.id == id && video.page == page && video.kind == kind && !video.is_deleted);
    let video = known.cloned().ok_or_else(|| GraphError::unsupported(&call.request.method, &id))?;
    let now = call.state.now_seconds();
    if video.ending.is_some() {
        return Err(GraphError::parameter("The video was finished before."));
    }
    if video.is_expired(now) {
        let message = "(#6000) The upload session has expired.";
        return Err(GraphError::new(400, 6000, message).subcode(1_363_041));
    }
    if !video.transfer.is_complete() {
        let message = "(#6000) The video has not arrived yet.";
        return Err(GraphError::new(400, 6000, message).subcode(1_363_026));
    }
    let ending = if is_reel { ending(call)? } else { Ending::Published };
    let scheduled = call.params.integer("scheduled_publish_time")?;
    if is_reel {
        check_time(call, ending, scheduled)?;
        check_quota(call, page, ending)?;
    }
    let description = call.params.text("description")?;
    posts::check_length(description.as_deref())?;
    let title = call.params.text("title")?;
    let mut videos = call.state.areas.page_media.videos.iter_mut();
    if let Some(video) = videos.find(|video| video.id == id) {
        video.ending = Some((ending, now));
        video.scheduled = scheduled;
        video.title = title;
        video.description.clone_from(&description);
    }
    if !video.transfer.is_video() {
        // The platform finds out later: the status tells.
        return Ok(json!({"success": true}));
    }
    let post = if is_reel {
        let release = posts::Release {
            published: ending == Ending::Published,
            scheduled,
            is_draft: ending == Ending::Draft,
        };
        let details = Details { media: vec![id], is_draft: release.is_draft, ..Details::default() };
        posts::add(call, page, description, None, &release, details)
    } else {
        stories::add(call, page, &id, stories::Media::Video)
    };
    Ok(json!({"success": true, "post_id": post}))
}

fn ending(call: &Call<'_>) -> Result<Ending, GraphError> {
    match call.params.required("video_state")?.as_str() {
        "PUBLISHED" => Ok(Ending::Published),
        "SCHEDULED" => Ok(Ending::Scheduled),
        "DRAFT" => Ok(Ending::Draft),
        _ => Err(GraphError::parameter("Param video_state must be one of {DRAFT, PUBLISHED, SCHEDULED}.")),
    }
}

fn check_time(call: &Call<'_>, ending: Ending, time: Option<i64>) -> Result<(), GraphError> {
    if (ending == Ending::Scheduled) != time.is_some() {
        let message = "video_state SCHEDULED and scheduled_publish_time belong together.";
        return Err(GraphError::parameter(message));
    }
    let ahead = time.map(|time| time.saturating_sub(call.state.now_seconds()));
    if ahead.is_some_and(|ahead| !SCHEDULE.contains(&ahead)) {
        let message = "The specified scheduled publish time is invalid: 10 minutes to 29 days from now.";
        return Err(GraphError::parameter(message));
    }
    Ok(())
}

fn check_quota(call: &Call<'_>, page: &str, ending: Ending) -> Result<(), GraphError> {
    let since = call.state.now_seconds().saturating_sub(DAY);
    let videos = call.state.areas.page_media.videos.iter();
    let recent = videos.filter(|video| {
        video.page == page
            && video.kind == Kind::Reel
            && matches!(video.ending, Some((Ending::Published | Ending::Scheduled, time)) if time > since)
    });
    if ending != Ending::Draft && recent.count() >= QUOTA {
        let message = "(#613) The limit of 30 reels within 24 hours is reached.";
        return Err(GraphError::new(400, 613, message));
    }
    Ok(())
}

pub(super) fn list(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &READ)?;
    let (since, until) = (call.params.integer("since")?, call.params.integer("until")?);
    let newest_first = call.state.areas.page_media.videos.iter().rev();
    let shown = newest_first.filter(|video| {
        video.page == page
            && video.kind == Kind::Reel
            && video.is_published()
            && !video.is_deleted
            && since.is_none_or(|time| video.created_at >= time)
            && until.is_none_or(|time| video.created_at <= time)
    });
    let reels = shown.map(|video| video_node::select(call, video)).collect::<Result<Vec<_>, _>>()?;
    paging::page(call, &format!("{page}/video_reels"), &reels)
}
