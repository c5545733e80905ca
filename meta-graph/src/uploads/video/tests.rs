use super::*;
use crate::scripted::{client, exchange, line};
use crate::{AdAccountId, ErrorClass, ErrorKind};
use sociogram_api_core::testing::ScriptedTransport;

fn page() -> ObjectId {
    ObjectId::from(42)
}

#[tokio::test]
async fn opening_tells_the_first_chunk() {
    let answer =
        r#"{"upload_session_id":1564747013773438,"video_id":"7","start_offset":"0","end_offset":"52428800"}"#;
    let (session, request) = exchange(StartVideoUpload::<PageVideos>::new(page(), 152_043_520), answer).await;
    let session = session.unwrap();
    assert_eq!((session.upload_session_id.as_str(), session.video_id.as_str()), ("1564747013773438", "7"));
    assert_eq!((session.start_offset, session.end_offset), (0, 52_428_800));
    assert_eq!(line(&request), "POST /v26.0/42/videos");
    assert_eq!(request.text(), "upload_phase=start&file_size=152043520");
    let account = AdAccountId::of("5").unwrap();
    let (_, request) = exchange(StartVideoUpload::<AdVideos>::new(account, 1), answer).await;
    assert_eq!(line(&request), "POST /v26.0/act_5/advideos");
}

#[tokio::test]
async fn a_chunk_is_the_part_that_meta_named() {
    let source = UploadSource::from_bytes("0123456789");
    let transfer = TransferVideoChunk::<PageVideos>::new(page(), "9", source, 4..7);
    let (next, request) = exchange(transfer, r#"{"start_offset":"7","end_offset":10}"#).await;
    let next = next.unwrap();
    assert_eq!((next.start_offset, next.end_offset), (7, 10));
    let text = request.text();
    for part in [
        "name=\"upload_phase\"\r\n\r\ntransfer\r\n",
        "name=\"upload_session_id\"\r\n\r\n9\r\n",
        "name=\"start_offset\"\r\n\r\n4\r\n",
        "name=\"video_file_chunk\"; filename=\"chunk\"\r\nContent-Type: application/octet-stream\r\n\r\n456\r\n",
    ] {
        assert!(text.contains(part), "{part:?} in {text}");
    }
    assert_eq!(request.header("content-length"), text.len().to_string());
}

#[tokio::test]
async fn a_wrong_place_says_the_right_one_and_is_not_repeated() {
    let body = r#"{"error":{"message":"x","code":6001,"error_subcode":1363037,
                   "error_data":{"start_offset":95420416,"end_offset":"100663296"}}}"#;
    let transport = ScriptedTransport::new().respond(400, &[], body);
    let source = UploadSource::from_bytes("0123456789");
    let transfer = TransferVideoChunk::<AdVideos>::new(page(), "9", source, 4..7);
    let error = client(&transport).send(transfer).await.unwrap_err();
    assert_eq!(
        (error.operation(), error.class()),
        ("ads.video_upload.transfer", Some(ErrorClass::UploadOffset))
    );
    assert_eq!(error.api().unwrap().upload_offset(), Some((95_420_416, 100_663_296)));
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn finishing_takes_the_callers_fields() {
    let finish = FinishVideoUpload::<PageVideos>::new(page(), "9")
        .field("title", "A & B")
        .field("published", "false")
        .field("scheduled_publish_time", "1800000000");
    let (done, request) = exchange(finish, r#"{"success":true}"#).await;
    done.unwrap();
    assert_eq!(
        request.text(),
        "upload_phase=finish&upload_session_id=9&title=A%20%26%20B&published=false&scheduled_publish_time=1800000000"
    );
    let (done, request) = exchange(CancelVideoUpload::<PageVideos>::new(page(), "9"), "true").await;
    done.unwrap();
    assert_eq!(request.text(), "upload_phase=cancel&upload_session_id=9");
}

#[tokio::test]
async fn what_cannot_be_right_is_not_sent() {
    let transport = ScriptedTransport::new();
    let client = client(&transport);
    let empty = client.send(StartVideoUpload::<PageVideos>::new(page(), 0)).await.unwrap_err();
    assert_eq!((empty.kind(), empty.findings()[0].rule()), (ErrorKind::Invalid, "uploads.empty"));
    for name in ["upload_phase", "upload_session_id", "access_token"] {
        let finish = FinishVideoUpload::<PageVideos>::new(page(), "9").field(name, "x");
        let error = client.send(finish).await.unwrap_err();
        assert_eq!((error.findings()[0].rule(), error.findings()[0].field()), ("uploads.field", name));
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn answers_without_bounds_are_not_guessed_at() {
    for body in [r#"{"start_offset":"7"}"#, r#"{"start_offset":"x","end_offset":"9"}"#, "{}"] {
        let source = UploadSource::from_bytes("0123456789");
        let (next, _) =
            exchange(TransferVideoChunk::<PageVideos>::new(page(), "9", source, 0..1), body).await;
        assert_eq!(next.unwrap_err().kind(), ErrorKind::Decode, "{body}");
    }
}
