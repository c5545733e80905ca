use futures_util::FutureExt;
use sociogram_api_core::http::TransportErrorKind;
use sociogram_api_core::testing::{RecordedRequest, ScriptedTransport};

use super::*;
use crate::scripted::{client, error_body, line};

const STARTED: &str = r#"{"upload_session_id":"9","video_id":"7","start_offset":"0","end_offset":"4"}"#;

fn upload() -> VideoUpload {
    VideoUpload::new(VideoTarget::Videos(ObjectId::from(42)), 10).field("title", "T")
}

fn source() -> UploadSource {
    UploadSource::from_bytes("0123456789")
}

fn next(start: u64, end: u64) -> String {
    format!(r#"{{"start_offset":"{start}","end_offset":"{end}"}}"#)
}

fn wrong_place(start: u64, end: u64) -> String {
    format!(
        r#"{{"error":{{"code":6001,"error_subcode":1363037,"error_data":{{"start_offset":{start},"end_offset":{end}}}}}}}"#
    )
}

/// Each request in a few words: its phase, the offset and bytes of a chunk, or its line.
fn sent(transport: &ScriptedTransport) -> Vec<String> {
    let shown = |request: &RecordedRequest| {
        let part = |name: &str| {
            let (_, rest) = request.text().split_once(&format!("name=\"{name}\""))?;
            let (_, value) = rest.split_once("\r\n\r\n")?;
            Some(value.split("\r\n").next().unwrap_or_default().to_owned())
        };
        match (part("start_offset"), part("video_file_chunk")) {
            (Some(offset), Some(bytes)) => format!("{offset} {bytes}"),
            _ if request.body.is_empty() => line(request),
            _ => request.text().to_owned(),
        }
    };
    transport.requests().iter().map(shown).collect()
}

const FINISH: &str = "upload_phase=finish&upload_session_id=9&title=T";

#[tokio::test(start_paused = true)]
async fn the_server_says_how_large_each_chunk_is() {
    let transport = ScriptedTransport::new()
        .json(STARTED)
        .json(next(4, 9))
        .json(next(9, 10))
        .json(next(10, 10))
        .json(r#"{"success":true}"#);
    let mut upload = upload();
    let mut states = 0;
    let video = upload.run(&client(&transport), &source(), |_| states += 1).await.unwrap();
    assert_eq!((video.as_str(), upload.video_id(), states), ("7", Some(&video), 5));
    assert_eq!(sent(&transport), ["upload_phase=start&file_size=10", "0 0123", "4 45678", "9 9", FINISH]);
    assert_eq!(upload.advance(&client(&transport), &source()).await.unwrap(), Progress::Done(video));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_place_is_corrected_at_once_and_a_passing_failure_after_a_second() {
    let failing = || r#"{"error":{"code":6000,"error_subcode":1363030,"is_transient":true}}"#;
    let transport = ScriptedTransport::new()
        .json(STARTED)
        .respond(400, &[], wrong_place(2, 6))
        .respond(500, &[], failing())
        .respond(500, &[], failing())
        .respond(500, &[], failing())
        .json(next(6, 10))
        .json(next(10, 10))
        .json(r#"{"success":true}"#);
    let client = client(&transport);
    let (mut upload, mut waits) = (upload(), Vec::new());
    loop {
        match upload.advance(&client, &source()).await.unwrap() {
            Progress::Done(_) => break,
            Progress::Wait(time) => waits.push(time.as_secs()),
            Progress::Again => {}
        }
    }
    assert_eq!(waits, [1]);
    let sent = sent(&transport);
    assert_eq!(sent[1..], ["0 0123", "2 2345", "2 2345", "2 2345", "2 2345", "6 6789", FINISH]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_goes_in_circles_is_left() {
    let mut transport = ScriptedTransport::new().json(STARTED);
    for _ in 0..12 {
        transport = transport.json(next(4, 8)).respond(400, &[], wrong_place(0, 4));
    }
    let error = upload().run(&client(&transport), &source(), |_| {}).await.unwrap_err();
    assert_eq!(error.class(), Some(ErrorClass::UploadOffset));
    assert!(transport.requests().len() < 16);
}

#[tokio::test(start_paused = true)]
async fn dropped_in_the_middle_of_a_chunk_it_sends_that_chunk_again() {
    let transport = ScriptedTransport::new()
        .json(STARTED)
        .json(next(4, 10))
        .hang()
        .respond(400, &[], wrong_place(10, 10))
        .json(r#"{"success":true}"#);
    let client = client(&transport);
    let mut first = upload();
    first.advance(&client, &source()).await.unwrap();
    first.advance(&client, &source()).await.unwrap();
    assert!(first.advance(&client, &source()).now_or_never().is_none());
    let mut second: VideoUpload = serde_json::from_str(&serde_json::to_string(&first).unwrap()).unwrap();
    assert_eq!(second.run(&client, &source(), |_| {}).await.unwrap().as_str(), "7");
    assert_eq!(sent(&transport)[2..], ["4 456789", "4 456789", FINISH]);
}

/// An upload whose last phase was being sent when the process died.
async fn dropped_at_the_end(transport: &ScriptedTransport) -> VideoUpload {
    let mut upload = upload();
    let client = client(transport);
    for _ in 0..2 {
        upload.advance(&client, &source()).await.unwrap();
    }
    let stored = serde_json::to_string(&upload).unwrap();
    assert!(upload.advance(&client, &source()).now_or_never().is_none());
    assert_eq!(serde_json::to_string(&upload).unwrap(), stored);
    serde_json::from_str(&stored).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_video_that_was_finished_unheard_is_not_published_twice() {
    for status in [
        r#"{"status":{"video_status":"processing","processing_phase":{"status":"in_progress"}}}"#,
        r#"{"status":{"publishing_phase":{"status":"complete"}}}"#,
    ] {
        let transport = ScriptedTransport::new().json(STARTED).json(next(10, 10)).hang().json(status);
        let mut upload = dropped_at_the_end(&transport).await;
        assert_eq!(upload.run(&client(&transport), &source(), |_| {}).await.unwrap().as_str(), "7");
        assert_eq!(sent(&transport)[2..], [FINISH, "GET /v26.0/7?fields=status"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_video_that_was_not_finished_is_finished_once() {
    let unseen = error_body(100, 33);
    for (http, status) in [(200, r#"{"status":{"video_status":"upload_complete"}}"#), (400, unseen.as_str())]
    {
        let transport = ScriptedTransport::new()
            .json(STARTED)
            .json(next(10, 10))
            .hang()
            .respond(http, &[], status.to_owned())
            .json(r#"{"success":true}"#);
        let mut upload = dropped_at_the_end(&transport).await;
        upload.run(&client(&transport), &source(), |_| {}).await.unwrap();
        assert_eq!(sent(&transport)[2..], [FINISH, "GET /v26.0/7?fields=status", FINISH]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_last_phase_without_an_answer_is_looked_at_first() {
    let transport = ScriptedTransport::new()
        .json(STARTED)
        .json(next(10, 10))
        .fail(TransportErrorKind::Timeout)
        .json(r#"{"status":{"video_status":"ready"}}"#);
    upload().run(&client(&transport), &source(), |_| {}).await.unwrap();
    assert_eq!(sent(&transport)[2..], [FINISH, "GET /v26.0/7?fields=status"]);
}

#[tokio::test(start_paused = true)]
async fn an_expired_session_is_the_callers_business_and_begins_anew() {
    let transport =
        ScriptedTransport::new().json(STARTED).respond(400, &[], error_body(6000, 1_363_041)).json(STARTED);
    let client = client(&transport);
    let mut upload = upload();
    let error = upload.run(&client, &source(), |_| {}).await.unwrap_err();
    assert_eq!(error.subcode(), Some(1_363_041));
    assert_eq!(upload.advance(&client, &source()).await.unwrap(), Progress::Again);
    assert_eq!(sent(&transport)[2], "upload_phase=start&file_size=10");
}

#[tokio::test]
async fn a_cancelled_upload_stays_cancelled() {
    let transport = ScriptedTransport::new().json(STARTED).json(r#"{"success":true}"#);
    let client = client(&transport);
    let mut upload = VideoUpload::new(VideoTarget::AdVideos(AdAccountId::of("5").unwrap()), 10);
    upload.advance(&client, &source()).await.unwrap();
    upload.cancel(&client).await.unwrap();
    upload.cancel(&client).await.unwrap();
    let requests = transport.requests();
    assert_eq!((requests.len(), line(&requests[1])), (2, "POST /v26.0/act_5/advideos".to_owned()));
    let error = upload.advance(&client, &source()).await.unwrap_err();
    assert_eq!(error.findings()[0].rule(), "uploads.cancelled");
}

#[tokio::test]
async fn wrong_input_is_noticed_before_anything_is_sent() {
    let transport = ScriptedTransport::new();
    let client = client(&transport);
    let other = UploadSource::from_bytes("x");
    let error = upload().advance(&client, &other).await.unwrap_err();
    assert_eq!(error.findings()[0].rule(), "uploads.length");
    let error = upload().field("upload_phase", "x").advance(&client, &source()).await.unwrap_err();
    assert_eq!(error.findings()[0].rule(), "uploads.field");
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn bounds_outside_of_the_file_are_refused() {
    let transport = ScriptedTransport::new()
        .json(r#"{"upload_session_id":"9","video_id":"7","start_offset":"0","end_offset":"11"}"#);
    let error = upload().advance(&client(&transport), &source()).await.unwrap_err();
    assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "uploads.position"));
}
