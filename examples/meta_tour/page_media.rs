//! Photos, videos, reels and stories of a Page.

use std::{error::Error, time::Duration};

use futures_util::TryStreamExt as _;
use sociogram::{
    api_core::{Clock as _, SystemClock, Timer as _, Timestamp},
    meta_graph::{
        ErrorKind, Joined, PageId, VideoId,
        pages::{
            AddVideoThumbnail, CreatePhoto, CreateVideo, DeletePhoto, DeleteVideo, FinishReel, GetPhoto,
            GetPost, GetVideo, InviteCollaborator, ListPhotos, ListReels, ListScheduledPosts, ListStories,
            ListVideoCaptions, ListVideoThumbnails, ListVideos, MediaFile, PhotoListType, PhotoToPublish,
            PublishPhotoStory, PublishPhotos, PublishReel, PublishVideoStory, ReelState, SetVideoCaptions,
            StartReel, StoryMediaType, UpdateVideo, VideoCategory,
        },
        uploads::{GetVideoStatus, SendHostedVideo, UploadSource, UploadTarget, VideoTarget, VideoUpload},
    },
};

use crate::{Outcome, expect, stage::Stage};

/// A picture, as far as the sandbox looks into it.
pub(crate) const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and what it shows";

/// Captions for one sentence.
const CAPTIONS: &str = "1\n00:00:00,000 --> 00:00:02,000\nHere is our bread.\n";

/// A Page to be named beside the own one.
const PARTNER: u64 = 102_030_405_060_702;

/// A video, as far as the sandbox looks into it, of this many bytes.
pub(crate) fn film(bytes: usize) -> Vec<u8> {
    let mut film = b"\0\0\0\x18ftypmp42".to_vec();
    film.resize(bytes, 0);
    film
}

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    photo(stage).await?;
    several_photos(stage).await?;
    photos_for_tomorrow(stage).await?;
    videos(stage).await?;
    let video = video_in_chunks(stage).await?;
    captions_and_previews(stage, &video).await?;
    change_and_delete_video(stage, &video).await?;
    reels(stage).await?;
    scheduled_reel(stage).await?;
    stories(stage).await
}

/// One photo, sent as a file, read and deleted.
async fn photo(stage: &Stage) -> Outcome {
    let file = MediaFile::new("rye.png", "image/png", PICTURE.to_vec());
    let photo = CreatePhoto::new(stage.page_id.clone()).source(file).caption("Rye").alt_text("A dark loaf");
    let photo = stage.page.send(photo).await?.id;
    let read = stage.page.send(GetPhoto::new(photo.clone())).await?;
    expect(read.alt_text.as_deref() == Some("A dark loaf") && !read.images.is_empty(), "the photo")?;

    let uploaded = || ListPhotos::new(stage.page_id.clone()).kind(PhotoListType::Uploaded).limit(1);
    let photos: Vec<_> = stage.page.items(uploaded()).try_collect().await?;
    expect(photos.iter().any(|one| one.id == photo), "the photo among those of the Page")?;

    stage.page.send(DeletePhoto::new(photo.clone())).await?;
    let gone = stage.page.send(GetPhoto::new(photo)).await;
    expect(gone.is_err_and(|error| error.kind() == ErrorKind::NotFound), "the photo to be gone")
}

/// Several photos as one post: behind an address, and uploaded before.
async fn several_photos(stage: &Stage) -> Outcome {
    let file = MediaFile::new("spelt.png", "image/png", PICTURE.to_vec());
    let uploaded = CreatePhoto::new(stage.page_id.clone()).source(file).published(false);
    let uploaded = stage.page.send(uploaded).await?.id;
    let photos = [
        PhotoToPublish::hosted("https://example.com/rye.jpg").alt_text("A dark loaf"),
        PhotoToPublish::uploaded(uploaded),
    ];
    let mut flow = PublishPhotos::new(stage.page_id.clone(), photos).message("Rye and spelt");
    // `save` gets the state after every step: whoever loads it goes on from there.
    let mut steps = 0;
    let post = flow.run(&stage.page, |_state| steps += 1).await?;
    expect(steps > 1, "a flow of several steps")?;

    let read = stage.page.send(GetPost::new(post)).await?;
    let shown = read.attachments.first().map(|album| album.subattachments.len());
    expect(shown == Some(2), "a post with both photos")
}

/// The same for tomorrow.
async fn photos_for_tomorrow(stage: &Stage) -> Outcome {
    let photos = ["https://example.com/1.jpg", "https://example.com/2.jpg"].map(PhotoToPublish::hosted);
    let mut flow = PublishPhotos::new(stage.page_id.clone(), photos).scheduled_at(tomorrow());
    let post = flow.run(&stage.page, |_state| {}).await?;
    let scheduled = stage.page.send(ListScheduledPosts::new(stage.page_id.clone())).await?.items;
    expect(scheduled.iter().any(|one| one.id == post), "the photos to be scheduled")
}

/// Videos in one call: behind an address, and as bytes with a preview.
async fn videos(stage: &Stage) -> Outcome {
    let hosted = CreateVideo::new(stage.page_id.clone())
        .file_url("https://example.com/oven.mp4")
        .title("The oven")
        .description("Built in 1931")
        .content_category(VideoCategory::FoodHealth);
    let hosted = stage.page.send(hosted).await?.id;

    let sent = CreateVideo::new(stage.page_id.clone())
        .source(MediaFile::new("dough.mp4", "video/mp4", film(4_096)))
        .thumb(MediaFile::new("dough.png", "image/png", PICTURE.to_vec()))
        .description("How dough rises");
    let sent = stage.page.send(sent).await?.id;

    let videos: Vec<_> =
        stage.page.items(ListVideos::new(stage.page_id.clone()).limit(1)).try_collect().await?;
    let is_listed = |id: &VideoId| videos.iter().any(|video| video.id == *id);
    expect(is_listed(&hosted) && is_listed(&sent), "both videos in the list")
}

/// A video in the chunks that Meta asks for. It is there at once, and can be watched a little later.
async fn video_in_chunks(stage: &Stage) -> Result<VideoId, Box<dyn Error + Send + Sync>> {
    let source = UploadSource::from_bytes(film(2_500_000));
    let target = VideoTarget::Videos(stage.page_id.clone().into());
    let mut upload = VideoUpload::new(target, source.len()).field("description", "A day in the bakery");
    let video = upload.run(&stage.page, &source, |_state| {}).await?;
    loop {
        let status = stage.page.send(GetVideoStatus::new(video.clone())).await?.status;
        let status = status.ok_or("the video has no status")?;
        expect(!status.has_failed(), "Meta to take the video")?;
        if status.is_ready() {
            return Ok(video);
        }
        SystemClock::new().sleep(Duration::from_millis(500)).await;
    }
}

/// Captions in two languages, one of which is taken away, and another preview.
async fn captions_and_previews(stage: &Stage, video: &VideoId) -> Outcome {
    for name in ["day.en_US.srt", "day.de_DE.srt"] {
        let file = MediaFile::new(name, "application/octet-stream", CAPTIONS.to_owned());
        let captions = SetVideoCaptions::new(video.clone()).captions_file(file).default_locale("en_US");
        stage.page.send(captions).await?;
    }
    let gone = SetVideoCaptions::new(video.clone()).locales_to_delete(["de_DE".to_owned()]);
    stage.page.send(gone).await?;
    let captions: Vec<_> = stage.page.items(ListVideoCaptions::new(video.clone())).try_collect().await?;
    let locales: Vec<_> = captions.iter().filter_map(|one| one.locale.as_deref()).collect();
    expect(locales == ["en_US"], "captions in English")?;

    let picture = MediaFile::new("day.png", "image/png", PICTURE.to_vec());
    stage.page.send(AddVideoThumbnail::new(video.clone()).source(picture).is_preferred(true)).await?;
    let previews = stage.page.send(ListVideoThumbnails::new(video.clone())).await?.items;
    expect(previews.iter().any(|one| one.is_preferred == Some(true)), "the picture to be the preview")
}

/// Changes a video, shares it with another Page, and deletes it.
async fn change_and_delete_video(stage: &Stage, video: &VideoId) -> Outcome {
    let update = UpdateVideo::new(video.clone()).title("A day with us").embeddable(false);
    stage.page.send(update).await?;
    stage.page.send(InviteCollaborator::new(video.clone(), PageId::from(PARTNER))).await?;
    let read = stage.page.send(GetVideo::new(video.clone())).await?;
    expect(read.title.as_deref() == Some("A day with us"), "the new title")?;
    expect(read.embeddable == Some(false) && read.length.is_some(), "a video that others cannot show")?;

    stage.page.send(DeleteVideo::new(video.clone())).await?;
    let gone = stage.page.send(GetVideo::new(video.clone())).await;
    expect(gone.is_err_and(|error| error.kind() == ErrorKind::NotFound), "the video to be gone")
}

/// A reel of one's own bytes, all the way.
async fn reels(stage: &Stage) -> Outcome {
    let source = UploadSource::from_bytes(film(100_000));
    let mut flow = PublishReel::from_bytes(stage.page_id.clone()).description("Bread in fifteen seconds");
    let reel = flow.run_with(&stage.page, &source, |_state| {}).await?;
    let post = reel.post_id.ok_or("the reel has no post")?;
    expect(stage.page.send(GetPost::new(post)).await?.is_published == Some(true), "a published reel")?;

    let reels: Vec<_> =
        stage.page.items(ListReels::new(stage.page_id.clone()).limit(1)).try_collect().await?;
    expect(reels.iter().any(|one| one.id == reel.video_id), "the reel in the list")
}

/// A reel for tomorrow step by step, as [`PublishReel`] takes them. Meta fetches the video.
async fn scheduled_reel(stage: &Stage) -> Outcome {
    let video = stage.page.send(StartReel::new(stage.page_id.clone())).await?.video_id;
    let url = "https://example.com/tomorrow.mp4".parse()?;
    stage.page.send(SendHostedVideo::new(UploadTarget::Video(video.clone()), url)).await?;
    // A preview is no parameter of a reel: it is given to the video.
    let picture = MediaFile::new("tomorrow.png", "image/png", PICTURE.to_vec());
    stage.page.send(AddVideoThumbnail::new(video.clone()).source(picture).is_preferred(true)).await?;
    let finish = FinishReel::new(stage.page_id.clone(), video.clone(), ReelState::Scheduled)
        .description("Tomorrow")
        .scheduled_publish_time(tomorrow());
    stage.page.send(finish).await?;
    let read = stage.page.send(GetVideo::new(video)).await?;
    expect(read.scheduled_publish_time.is_some() && read.published == Some(false), "a scheduled reel")
}

/// A photo and a video as stories.
async fn stories(stage: &Stage) -> Outcome {
    let page = || stage.page_id.clone();
    let mut flow = PublishPhotoStory::hosted(page(), "https://example.com/window.jpg");
    let photo = flow.run(&stage.page, |_state| {}).await?;
    let mut flow = PublishVideoStory::hosted(page(), "https://example.com/window.mp4".parse()?);
    let video = flow.run(&stage.page, |_state| {}).await?;

    let published = || ListStories::new(page()).status(Joined::from(["PUBLISHED"])).limit(1);
    let stories: Vec<_> = stage.page.items(published()).try_collect().await?;
    let shown: Vec<_> =
        stories.into_iter().filter_map(|story| Some((story.media_type?, story.media_id?))).collect();
    let photo = (StoryMediaType::Photo, photo.photo_id.into());
    let video = (StoryMediaType::Video, video.video_id.into());
    expect(shown.contains(&photo) && shown.contains(&video), "both among the stories")
}

/// This time tomorrow.
fn tomorrow() -> Timestamp {
    SystemClock::new().now().saturating_add(Duration::from_secs(86_400))
}
