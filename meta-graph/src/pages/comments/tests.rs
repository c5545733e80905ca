use super::*;
use crate::ErrorKind;
use crate::pages::MediaFile;
use crate::scripted::{client, exchange};
use sociogram_api_core::testing::ScriptedTransport;

#[test]
fn a_comment_takes_one_attachment() {
    let file = || MediaFile::new("a.jpg", "image/jpeg", vec![0]);
    let new = || CreateComment::new(ObjectId::from(7));
    for (comment, rules) in [
        (new(), &["page.comment.empty"][..]),
        (new().message(" \n"), &["page.comment.empty"]),
        (new().message("Hi"), &[]),
        (new().attachment_id(5), &[]),
        (new().source(file()), &[]),
        (
            new()
                .attachment_url("https://example.com/a.jpg")
                .attachment_share_url("https://example.com/a.gif"),
            &["page.comment.attachment"],
        ),
        (new().message("Hi").attachment_id(5).source(file()), &["page.comment.attachment"]),
    ] {
        let found: Vec<&str> = comment.check().iter().map(Finding::rule).collect();
        assert_eq!(found, rules, "{comment:?}");
    }
    assert!(UpdateComment::new(7).is_hidden(true).check().is_empty());
    let two = UpdateComment::new(7).attachment_id(5).attachment_url("https://example.com/a.jpg");
    assert_eq!(two.check()[0].rule(), "page.comment.attachment");
}

#[tokio::test]
async fn what_is_wrong_is_not_sent() {
    let transport = ScriptedTransport::new();
    let error = client(&transport).send(CreateComment::new(ObjectId::from(7))).await.unwrap_err();
    assert_eq!((error.kind(), transport.requests().len()), (ErrorKind::Invalid, 0));
}

#[tokio::test]
async fn a_photo_travels_as_a_file() {
    let file = MediaFile::new("a.jpg", "image/jpeg", vec![b'x'; 3]);
    let comment = CreateComment::new(ObjectId::from(7)).message("Look").source(file);
    let (created, request) = exchange(comment, r#"{"id":"7_8"}"#).await;
    assert_eq!(created.unwrap().id.as_str(), "7_8");
    let body = String::from_utf8_lossy(&request.body);
    assert!(
        body.contains("name=\"message\"\r\n\r\nLook\r\n")
            && body.contains("name=\"source\"; filename=\"a.jpg\"")
    );
}

#[tokio::test]
async fn comments_without_an_author_are_read() {
    let (page, _) = exchange(
        ListComments::new(ObjectId::from(7)),
        r#"{"data":[{"id":"7_8","message":"Hi","created_time":"2026-01-02T03:04:05+0000","can_reply_privately":true,
            "like_count":"2","comment_count":0,"parent":{"id":"7_1"},"attachment":{"type":"sticker","media":{"image":{"src":"https://x"}}}},
            {"id":8,"from":{"name":"Ada"},"parent":{"no":"id"},"is_hidden":"false"},{"message":"no id"}]}"#,
    )
    .await;
    let page = page.unwrap();
    let [first, second] = page.items.as_slice() else { panic!("{page:?}") };
    assert_eq!((&first.from, first.can_reply_privately, first.like_count), (&None, Some(true), Some(2)));
    assert_eq!(first.parent.as_ref().unwrap().id.as_str(), "7_1");
    assert_eq!(first.attachment.as_ref().unwrap().kind.as_ref().unwrap().as_str(), "sticker");
    assert_eq!((second.from.as_ref().unwrap().id.as_deref(), &second.parent), (None, &None));
    assert_eq!((second.is_hidden, page.malformed.len()), (Some(false), 1));
}
