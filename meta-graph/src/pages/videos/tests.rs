use super::*;
use crate::pages::MediaFile;
use crate::scripted::{client, exchange};
use sociogram_api_core::testing::ScriptedTransport;

#[test]
fn the_name_of_a_captions_file_tells_the_language() {
    for (name, good) in [
        ("captions.en_US.srt", true),
        ("a.b.de_DE.srt", true),
        ("captions.srt", false),
        ("captions.en.srt", false),
        ("captions.EN_US.srt", false),
        ("captions.en_US.vtt", false),
        ("en_US.srt", false),
    ] {
        let file = MediaFile::new(name, "application/octet-stream", vec![0]);
        let findings = SetVideoCaptions::new(9).captions_file(file).check();
        assert_eq!(findings.is_empty(), good, "{name}");
    }
    assert!(SetVideoCaptions::new(9).locales_to_delete(["en_US".to_owned()]).check().is_empty());
}

#[tokio::test]
async fn a_preview_needs_a_picture() {
    let transport = ScriptedTransport::new();
    let error = client(&transport).send(AddVideoThumbnail::new(9)).await.unwrap_err();
    assert_eq!(error.findings()[0].rule(), "page.video.thumbnail");
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_video_is_read_whatever_shape_its_parts_have() {
    let (video, _) = exchange(
        GetVideo::new(9),
        r#"{"id":9,"length":"12.5","views":"7","published":"true","post_id":123,"content_category":"NEW_ONE",
            "content_tags":["a",5],"status":{"video_status":"ready"},"scheduled_publish_time":"2026-01-02T03:04:05+0000"}"#,
    )
    .await;
    let video = video.unwrap();
    assert_eq!((video.length, video.views, video.published), (Some(12.5), Some(7), Some(true)));
    assert_eq!(video.post_id.as_ref().map(PostId::as_str), Some("123"));
    assert_eq!(video.content_category, Some(VideoCategory::Unknown("NEW_ONE".into())));
    assert_eq!(video.content_tags, ["a"]);
    assert!(video.status.unwrap().is_ready());
    assert_eq!(video.scheduled_publish_time, Some(Timestamp::from_unix_seconds(1_767_323_045)));
    let bare = exchange(GetVideo::new(9), r#"{"id":"9","status":"odd"}"#).await.0.unwrap();
    assert_eq!((bare.status, bare.length), (None, None));
}

#[tokio::test]
async fn lists_set_malformed_items_aside() {
    let (page, _) = exchange(
        ListVideoThumbnails::new(9),
        r#"{"data":[{"id":"1","scale":"0.5","width":"10","is_preferred":1},{"uri":"no id"}]}"#,
    )
    .await;
    let page = page.unwrap();
    assert_eq!(
        (page.items[0].scale, page.items[0].is_preferred, page.malformed.len()),
        (Some(0.5), Some(true), 1)
    );
    let (page, _) = exchange(ListVideoCaptions::new(9), r#"{"data":[{"locale":5,"is_default":"1"}]}"#).await;
    let captions = page.unwrap().items.remove(0);
    assert_eq!((captions.locale, captions.is_default), (None, Some(true)));
}
