use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use sociogram_api_core::http::TransportErrorKind;
use sociogram_api_core::testing::{RecordedRequest, ScriptedTransport};

use super::*;
use crate::scripted::{client, error_body, line};
use crate::{ErrorClass, ErrorKind};

const DONE: &str = r#"{"success":true,"message":"Upload successful."}"#;

fn reel() -> UploadTarget {
    UploadTarget::Video(VideoId::from(7))
}

fn source() -> UploadSource {
    UploadSource::from_bytes("0123456789")
}

fn arrived(bytes: u64) -> String {
    format!(
        r#"{{"id":"7","status":{{"uploading_phase":{{"status":"in_progress","bytes_transferred":{bytes}}}}}}}"#
    )
}

fn refused(retriable: bool, kind: &str) -> String {
    format!(r#"{{"debug_info":{{"retriable":{retriable},"type":"{kind}","message":"CANARY"}}}}"#)
}

/// The requests in a few words: offset and bytes, or the line.
fn sent(transport: &ScriptedTransport) -> Vec<String> {
    let shown = |request: &RecordedRequest| match request.header("offset") {
        "" => line(request),
        offset => format!("{offset} {}", request.text()),
    };
    transport.requests().iter().map(shown).collect()
}

#[tokio::test]
async fn bytes_go_with_their_place_and_the_size_of_the_whole() {
    for (target, path) in [
        (reel(), "POST /video-upload/v26.0/7"),
        (UploadTarget::Container(ContainerId::from(17)), "POST /ig-api-upload/v26.0/17"),
    ] {
        let transport = ScriptedTransport::new().json(DONE);
        let told: Arc<Mutex<Vec<(u64, u64)>>> = Arc::default();
        let log = Arc::clone(&told);
        let progress = move |sent, total| log.lock().unwrap().push((sent, total));
        send_bytes(&client(&transport), &target, &source(), 4, progress).await.unwrap();
        let request = transport.requests().pop().unwrap();
        assert_eq!((line(&request).as_str(), request.text()), (path, "456789"));
        let headers = ["authorization", "offset", "file_size", "content-length", "content-type"];
        assert_eq!(
            headers.map(|name| request.header(name)),
            ["OAuth TOKEN", "4", "10", "6", "application/octet-stream"]
        );
        assert_eq!(*told.lock().unwrap(), [(10, 10)]);
    }
}

#[tokio::test]
async fn a_hosted_file_is_named_in_a_header_that_nothing_prints() {
    let transport = ScriptedTransport::new().json(DONE);
    let url: Url = "https://cdn.example/ä.mp4?sig=SECRET".parse().unwrap();
    client(&transport).send(SendHostedVideo::new(reel(), url)).await.unwrap();
    let request = transport.requests().pop().unwrap();
    assert_eq!(line(&request), "POST /video-upload/v26.0/7");
    assert_eq!(request.header("file_url"), "https://cdn.example/%C3%A4.mp4?sig=SECRET");
    assert!(request.headers["file_url"].is_sensitive());
    assert_eq!((request.body.len(), request.header("content-length")), (0, "0"));
    assert_eq!((request.header("content-type"), request.header("offset")), ("", ""));
}

#[tokio::test]
async fn addresses_that_meta_refuses_are_not_sent() {
    let transport = ScriptedTransport::new();
    for (url, count) in [
        ("http://cdn.example/a.mp4", 1),
        ("https://video.xx.fbcdn.net/a.mp4", 1),
        ("http://fbcdn.net/a.mp4", 2),
        ("https://notfbcdn.net/a.mp4", 0),
    ] {
        let send = SendHostedVideo::new(reel(), url.parse().unwrap());
        assert_eq!(send.check().len(), count, "{url}");
        if count > 0 {
            let error = client(&transport).send(send).await.unwrap_err();
            assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "uploads.file_url"));
        }
    }
    let empty = SendVideoBytes::new(reel(), UploadSource::from_bytes(""), 0);
    let error = client(&transport).send(empty).await.unwrap_err();
    assert_eq!(error.findings()[0].rule(), "uploads.empty");
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_refusal_is_read_at_any_status() {
    for (status, retriable, kind) in [
        (400, false, ErrorKind::Rejected),
        (412, false, ErrorKind::Rejected),
        (200, false, ErrorKind::Rejected),
        (200, true, ErrorKind::InDoubt),
        (400, true, ErrorKind::InDoubt),
    ] {
        let transport =
            ScriptedTransport::new().respond(status, &[], refused(retriable, "ProcessingFailedError"));
        let error = client(&transport).send(SendVideoBytes::new(reel(), source(), 0)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status} {retriable}");
        let api = error.api().unwrap();
        assert_eq!(
            (api.error_type(), api.class() == ErrorClass::Transient),
            (Some("ProcessingFailedError"), retriable)
        );
        assert!(!format!("{error} {error:?}").contains("CANARY"));
        assert_eq!(transport.requests().len(), 1, "bytes are never repeated blindly");
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_break_it_goes_on_where_meta_says() {
    let transport = ScriptedTransport::new()
        .fail(TransportErrorKind::Interrupted)
        .json(arrived(3))
        .respond(412, &[], refused(false, "OffsetInvalidError"))
        .json(arrived(5))
        .respond(200, &[], refused(false, "PartialRequestError"))
        .json(arrived(8))
        .json(DONE);
    let mut upload = BytesUpload::new(reel(), 10);
    upload.run(&client(&transport), &source(), |_| {}).await.unwrap();
    let ask = "GET /v26.0/7?fields=status";
    assert_eq!(sent(&transport), ["0 0123456789", ask, "3 3456789", ask, "5 56789", ask, "8 89"]);
    assert!(upload.is_done());
    assert_eq!(upload.advance(&client(&transport), &source()).await.unwrap(), Progress::Done(()));
}

#[tokio::test(start_paused = true)]
async fn dropped_in_the_middle_and_loaded_it_asks_first() {
    let container =
        r#"{"video_status":{"uploading_phase":{"status":"in_progress","bytes_transferred":"6"}}}"#;
    let transport = ScriptedTransport::new().hang().json(container).json(DONE);
    let client = client(&transport);
    let mut first = BytesUpload::new(UploadTarget::Container(ContainerId::from(17)), 10);
    let before = serde_json::to_string(&first).unwrap();
    assert!(first.advance(&client, &source()).now_or_never().is_none());
    assert_eq!(serde_json::to_string(&first).unwrap(), before);
    let mut second: BytesUpload = serde_json::from_str(&before).unwrap();
    second.run(&client, &source(), |_| {}).await.unwrap();
    assert_eq!(sent(&transport), ["0 0123456789", "GET /v26.0/17?fields=video_status", "6 6789"]);
}

#[tokio::test(start_paused = true)]
async fn what_arrived_unheard_is_not_sent_again() {
    let complete = r#"{"status":{"uploading_phase":{"status":"complete"}}}"#;
    let transport = ScriptedTransport::new().fail(TransportErrorKind::Timeout).json(complete);
    BytesUpload::new(reel(), 10).run(&client(&transport), &source(), |_| {}).await.unwrap();
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn nothing_said_means_from_the_beginning() {
    let transport =
        ScriptedTransport::new().fail(TransportErrorKind::Interrupted).json(r#"{"id":"7"}"#).json(DONE);
    BytesUpload::new(reel(), 10).run(&client(&transport), &source(), |_| {}).await.unwrap();
    assert_eq!(sent(&transport)[2], "0 0123456789");
}

#[tokio::test(start_paused = true)]
async fn it_gives_up_on_what_does_not_pass() {
    let transport = ScriptedTransport::new().respond(400, &[], refused(false, "NotAuthorizedError"));
    let error = BytesUpload::new(reel(), 10).run(&client(&transport), &source(), |_| {}).await.unwrap_err();
    assert_eq!((error.kind(), transport.requests().len()), (ErrorKind::Rejected, 1));
    let transport = ScriptedTransport::new().respond(400, &[], error_body(190, 463)).respond(
        400,
        &[],
        error_body(190, 463),
    );
    let error = BytesUpload::new(reel(), 10).run(&client(&transport), &source(), |_| {}).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
    let mut transport = ScriptedTransport::new();
    for _ in 0..9 {
        transport = transport.respond(412, &[], refused(false, "OffsetInvalidError")).json(arrived(3));
    }
    let mut upload = BytesUpload::new(reel(), 10);
    let error = upload.run(&client(&transport), &source(), |_| {}).await.unwrap_err();
    assert_eq!(error.api().and_then(crate::GraphError::error_type), Some("OffsetInvalidError"));
    // The first look brought three bytes over, so the count began again.
    assert_eq!(transport.requests().len(), 1 + 1 + 5 * 2 + 1);
}

#[tokio::test]
async fn a_place_outside_of_the_file_is_refused() {
    let transport = ScriptedTransport::new().json(arrived(11));
    let stored = serde_json::to_string(&BytesUpload::new(reel(), 10)).unwrap();
    let mut upload: BytesUpload = serde_json::from_str(&stored).unwrap();
    let error = upload.advance(&client(&transport), &source()).await.unwrap_err();
    assert_eq!(error.findings()[0].rule(), "uploads.position");
    let error = upload.advance(&client(&transport), &UploadSource::from_bytes("1")).await.unwrap_err();
    assert_eq!(error.findings()[0].rule(), "uploads.length");
}
