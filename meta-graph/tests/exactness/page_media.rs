//! Photos, videos, reels and stories of Pages (Page Photos, Page Videos, Reels Publishing, Page Stories).

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_meta_graph::pages::{
    AddVideoThumbnail, CreatePhoto, CreatePhotoStory, CreateVideo, DeletePhoto, DeleteVideo, FinishReel,
    FinishVideoStory, GetPhoto, GetVideo, InviteCollaborator, ListPhotos, ListReels, ListStories,
    ListVideoCaptions, ListVideoThumbnails, ListVideos, MediaFile, PhotoListType, PhotoTag, ReelState,
    SetVideoCaptions, StartReel, StartVideoStory, StoryMediaType, StoryStatus, UpdateVideo, VideoCategory,
    VideoListType,
};
use sociogram_meta_graph::{Joined, PageId, PhotoId, VideoId};

use crate::pages::encoded;
use crate::table::Table;

const VIDEO: &str = "id,title,description,length,created_time,updated_time,permalink_url,source,picture,status,published,\
    scheduled_publish_time,post_id,views,content_category,content_tags,live_status,embeddable,from{id,name}";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

#[tokio::test]
async fn photos() {
    let table = Table::new().await;
    table
        .row(
            CreatePhoto::new(42)
                .url("https://example.com/a.jpg")
                .caption("Look")
                .alt_text("A cup")
                .temporary(true)
                .tags([PhotoTag::new(5, 10.0, 20.5)])
                .published(false),
            &format!(
                "POST /v26.0/42/photos\nform url={}&caption=Look&alt_text_custom=A%20cup&temporary=true&tags={}&published=false",
                encoded("https://example.com/a.jpg"),
                encoded(r#"[{"tag_uid":"5","x":10.0,"y":20.5}]"#)
            ),
            json!({"id": "501"}),
            |made| assert_eq!((made.id, made.post_id), (PhotoId::from(501), None)),
        )
        .await;
    table
        .row(
            CreatePhoto::new(42)
                .source(MediaFile::new("a.jpg", "image/jpeg", b"bytes".to_vec()))
                .no_story(true)
                .scheduled_at(at(1_800_000_000)),
            "POST /v26.0/42/photos\nmultipart no_story=true published=false scheduled_publish_time=1800000000 \
             source=@a.jpg;image/jpeg",
            json!({"id": "501", "post_id": "42_7"}),
            |made| assert_eq!(made.post_id.unwrap().as_str(), "42_7"),
        )
        .await;
    let fields = "id,name,link,alt_text,created_time,updated_time,page_story_id,width,height,images{source,width,height},\
        album{id,name},from{id,name}";
    let photo = || {
        json!({"id": "501", "created_time": "2026-01-02T03:04:05+0000", "width": 960, "height": 720,
            "images": [{"height": 720, "source": "https://scontent.example/a.jpg", "width": 960}], "page_story_id": "42_7"})
    };
    table
        .row(
            ListPhotos::new(42).kind(PhotoListType::Uploaded),
            &format!("GET /v26.0/42/photos?type=uploaded&fields={}", encoded(fields)),
            json!({"data": [photo()]}),
            |page| assert_eq!(page.items[0].images[0].width, Some(960)),
        )
        .await;
    table
        .row(GetPhoto::new(501), &format!("GET /v26.0/501?fields={}", encoded(fields)), photo(), |photo| {
            assert_eq!(photo.page_story_id.unwrap().as_str(), "42_7");
        })
        .await;
    table.row(DeletePhoto::new(501), "DELETE /v26.0/501", json!({"success": true}), |()| {}).await;
}

#[tokio::test]
async fn videos() {
    let table = Table::new().await;
    table
        .row(
            CreateVideo::new(42)
                .file_url("https://example.com/a.mp4")
                .title("T")
                .description("D")
                .content_category(VideoCategory::FoodHealth)
                .is_ai_generated(true)
                .published(true),
            &format!(
                "POST /v26.0/42/videos\nform file_url={}&title=T&description=D&content_category=FOOD_HEALTH\
                 &is_ai_generated=true&published=true",
                encoded("https://example.com/a.mp4")
            ),
            json!({"id": "9"}),
            |made| assert_eq!(made.id, VideoId::from(9)),
        )
        .await;
    table
        .row(
            CreateVideo::new(42)
                .source(MediaFile::new("a.mp4", "video/mp4", b"bytes".to_vec()))
                .thumb(MediaFile::new("a.png", "image/png", b"bytes".to_vec()))
                .title("T")
                .scheduled_at(at(1_800_000_000)),
            "POST /v26.0/42/videos\nmultipart title=T published=false scheduled_publish_time=1800000000 \
             source=@a.mp4;video/mp4 thumb=@a.png;image/png",
            json!({"id": "9"}),
            |made| assert_eq!(made.id, VideoId::from(9)),
        )
        .await;
    let video = || {
        json!({"id": "9", "length": 12.5, "permalink_url": "/reel/9/", "post_id": "7", "published": true,
            "status": {"video_status": "ready", "publishing_phase": {"status": "complete"}}})
    };
    table
        .row(
            ListVideos::new(42).kind(VideoListType::Uploaded),
            &format!("GET /v26.0/42/videos?type=UPLOADED&fields={}", encoded(VIDEO)),
            json!({"data": [video()]}),
            |page| assert_eq!(page.items[0].length, Some(12.5)),
        )
        .await;
    table
        .row(GetVideo::new(9), &format!("GET /v26.0/9?fields={}", encoded(VIDEO)), video(), |video| {
            assert!(video.status.unwrap().is_ready());
        })
        .await;
    let done = || json!({"success": true});
    table
        .row(
            UpdateVideo::new(9).title("T").description("D").published(true).embeddable(false),
            "POST /v26.0/9\nform name=T&description=D&published=true&embeddable=false",
            done(),
            |()| {},
        )
        .await;
    table.row(DeleteVideo::new(9), "DELETE /v26.0/9", done(), |()| {}).await;
    table
        .row(
            InviteCollaborator::new(9, PageId::from(43)),
            "POST /v26.0/9/collaborators\nform target_id=43",
            done(),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn captions_and_previews() {
    let table = Table::new().await;
    let done = || json!({"success": true});
    table
        .row(
            ListVideoCaptions::new(9),
            "GET /v26.0/9/captions",
            json!({"data": [{"uri": "https://scontent.example/a.srt", "locale": "en_US", "is_default": true}]}),
            |page| assert_eq!(page.items[0].is_default, Some(true)),
        )
        .await;
    table
        .row(
            SetVideoCaptions::new(9)
                .captions_file(MediaFile::new("a.en_US.srt", "application/octet-stream", b"1".to_vec()))
                .default_locale("en_US"),
            "POST /v26.0/9/captions\nmultipart default_locale=en_US captions_file=@a.en_US.srt;application/octet-stream",
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            ListVideoThumbnails::new(9),
            "GET /v26.0/9/thumbnails?fields=id%2Curi%2Cname%2Cis_preferred%2Cwidth%2Cheight%2Cscale",
            json!({"data": [{"id": "11", "uri": "https://scontent.example/a.jpg", "is_preferred": true, "height": 720}]}),
            |page| assert_eq!(page.items[0].height, Some(720)),
        )
        .await;
    table
        .row(
            AddVideoThumbnail::new(9)
                .source(MediaFile::new("a.png", "image/png", b"1".to_vec()))
                .is_preferred(true),
            "POST /v26.0/9/thumbnails\nmultipart is_preferred=true source=@a.png;image/png",
            done(),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn reels() {
    let table = Table::new().await;
    table
        .row(
            StartReel::new(42),
            "POST /v26.0/42/video_reels\nform upload_phase=start",
            json!({"video_id": "9", "upload_url": "https://rupload.facebook.com/video-upload/v26.0/9"}),
            |opened| assert_eq!(opened.video_id, VideoId::from(9)),
        )
        .await;
    table
        .row(
            FinishReel::new(42, 9, ReelState::Scheduled)
                .description("D")
                .title("T")
                .scheduled_publish_time(at(1_800_000_000))
                .place(PageId::from(5)),
            "POST /v26.0/42/video_reels\nform upload_phase=finish&video_id=9&video_state=SCHEDULED&description=D&title=T\
             &scheduled_publish_time=1800000000&place=5",
            json!({"success": true, "post_id": "7"}),
            |done| assert_eq!(done.post_id.unwrap().as_str(), "7"),
        )
        .await;
    table
        .row(
            ListReels::new(42).since(at(5)).until(at(6)),
            &format!("GET /v26.0/42/video_reels?since=5&until=6&fields={}", encoded(VIDEO)),
            json!({"data": [{"id": "9", "description": "D", "updated_time": "2026-01-02T03:04:05+0000"}]}),
            |page| assert_eq!(page.items[0].updated_time, Some(at(1_767_323_045))),
        )
        .await;
}

#[tokio::test]
async fn stories() {
    let table = Table::new().await;
    let done = || json!({"success": true, "post_id": "7"});
    table
        .row(
            CreatePhotoStory::new(42, 501),
            "POST /v26.0/42/photo_stories\nform photo_id=501",
            done(),
            |story| assert_eq!(story.post_id.unwrap().as_str(), "7"),
        )
        .await;
    table
        .row(
            StartVideoStory::new(42),
            "POST /v26.0/42/video_stories\nform upload_phase=start",
            json!({"video_id": "9", "upload_url": "https://rupload.facebook.com/video-upload/v26.0/9"}),
            |opened| assert_eq!(opened.video_id, VideoId::from(9)),
        )
        .await;
    table
        .row(
            FinishVideoStory::new(42, 9),
            "POST /v26.0/42/video_stories\nform upload_phase=finish&video_id=9",
            done(),
            |story| assert_eq!(story.success, Some(true)),
        )
        .await;
    table
        .row(
            ListStories::new(42).status(Joined::from(["PUBLISHED"])).since(at(5)),
            "GET /v26.0/42/stories?status=PUBLISHED&since=5",
            json!({"data": [{"post_id": "7", "status": "published", "creation_time": "1767323045", "media_type": "video",
                "media_id": "9", "url": "https://facebook.com/stories/7"}]}),
            |page| {
                let story = &page.items[0];
                assert_eq!((&story.status, &story.media_type), (&Some(StoryStatus::Published), &Some(StoryMediaType::Video)));
                assert_eq!(story.creation_time, Some(at(1_767_323_045)));
            },
        )
        .await;
}
