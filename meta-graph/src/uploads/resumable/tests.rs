use futures_util::FutureExt;
use sociogram_api_core::http::TransportErrorKind;
use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::scripted::{client, error_body, line};

const OPENED: &str = r#"{"id":"upload:abc?sig=XY"}"#;

fn upload() -> ResumableUpload {
    ResumableUpload::new(AppId::from(7), FileType::Png, 10).file_name("a.png")
}

fn source() -> UploadSource {
    UploadSource::from_bytes("0123456789")
}

/// What was sent, in one line each: method and path, and the offset and bytes of a send.
fn sent(transport: &ScriptedTransport) -> Vec<String> {
    let shown = |request: &sociogram_api_core::testing::RecordedRequest| {
        let line = line(request);
        match request.header("file_offset") {
            "" => line,
            offset => format!("{line} {offset} {}", request.text()),
        }
    };
    transport.requests().iter().map(shown).collect()
}

#[tokio::test(start_paused = true)]
async fn a_file_becomes_a_handle() {
    let transport = ScriptedTransport::new().json(OPENED).json(r#"{"h":"4:h"}"#);
    let mut saved = Vec::new();
    let mut upload = upload();
    let handle = upload.run(&client(&transport), &source(), |state| saved.push(state.clone())).await.unwrap();
    assert_eq!((handle.as_str(), upload.handle()), ("4:h", Some(&handle)));
    assert_eq!(sent(&transport), ["POST /v26.0/7/uploads", "POST /v26.0/upload:abc?sig=XY 0 0123456789"]);
    assert_eq!(saved.len(), 2);
    // Done is done: nothing more is sent.
    assert_eq!(upload.advance(&client(&transport), &source()).await.unwrap(), Progress::Done(handle));
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn after_a_break_it_goes_on_where_meta_says() {
    let transport = ScriptedTransport::new()
        .json(OPENED)
        .fail(TransportErrorKind::Interrupted)
        .json(r#"{"id":"upload:abc","file_offset":4}"#)
        .respond(500, &[], error_body(1, 0))
        .json(r#"{"id":"upload:abc","file_offset":"7"}"#)
        .json(r#"{"h":"4:h"}"#);
    let handle = upload().run(&client(&transport), &source(), |_| {}).await.unwrap();
    assert_eq!(handle.as_str(), "4:h");
    assert_eq!(
        sent(&transport),
        [
            "POST /v26.0/7/uploads",
            "POST /v26.0/upload:abc?sig=XY 0 0123456789",
            "GET /v26.0/upload:abc?sig=XY",
            "POST /v26.0/upload:abc?sig=XY 4 456789",
            "GET /v26.0/upload:abc?sig=XY",
            "POST /v26.0/upload:abc?sig=XY 7 789",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn dropped_in_the_middle_and_loaded_it_asks_first() {
    let transport = ScriptedTransport::new()
        .json(OPENED)
        .hang()
        .json(r#"{"id":"upload:abc","file_offset":6}"#)
        .json(r#"{"h":"4:h"}"#);
    let client = client(&transport);
    let mut first = upload();
    first.advance(&client, &source()).await.unwrap();
    let before = serde_json::to_string(&first).unwrap();
    assert!(first.advance(&client, &source()).now_or_never().is_none(), "the call was given up half-way");
    let after = serde_json::to_string(&first).unwrap();
    assert_eq!(before, after, "the process may die at any moment of the call");
    let mut second: ResumableUpload = serde_json::from_str(&after).unwrap();
    assert_eq!(second.run(&client, &source(), |_| {}).await.unwrap().as_str(), "4:h");
    assert_eq!(
        sent(&transport)[2..],
        ["GET /v26.0/upload:abc?sig=XY", "POST /v26.0/upload:abc?sig=XY 6 6789"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_gone_is_opened_anew() {
    let transport = ScriptedTransport::new()
        .json(OPENED)
        .fail(TransportErrorKind::Interrupted)
        .respond(400, &[], error_body(100, 33))
        .json(r#"{"id":"upload:new"}"#)
        .json(r#"{"h":"4:h"}"#);
    upload().run(&client(&transport), &source(), |_| {}).await.unwrap();
    assert_eq!(sent(&transport)[4], "POST /v26.0/upload:new 0 0123456789");
}

#[tokio::test(start_paused = true)]
async fn it_gives_up_when_nothing_arrives_and_can_be_taken_up_again() {
    let mut transport = ScriptedTransport::new().json(OPENED);
    for _ in 0..6 {
        transport = transport.fail(TransportErrorKind::Interrupted).json(r#"{"file_offset":0}"#);
    }
    let client = client(&transport);
    let mut upload = upload();
    let error = upload.run(&client, &source(), |_| {}).await.unwrap_err();
    assert_eq!((error.operation(), error.kind()), ("app.uploads.send", ErrorKind::InDoubt));
    assert_eq!(transport.requests().len(), 1 + 6 + 5);
    let stored = serde_json::to_string(&upload).unwrap();
    assert!(!stored.contains("TOKEN"));
    // The next step asks: the last scripted position.
    assert_eq!(upload.advance(&client, &source()).await.unwrap(), Progress::Again);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_given_at_once() {
    for (code, subcode, kind) in [(190, 463, ErrorKind::Reauthorize), (10, 0, ErrorKind::Permission)] {
        let refusal = error_body(code, subcode);
        let transport = ScriptedTransport::new().json(OPENED).respond(400, &[], refusal.clone()).respond(
            400,
            &[],
            refusal,
        );
        let error = upload().run(&client(&transport), &source(), |_| {}).await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}

#[tokio::test]
async fn another_file_and_an_impossible_position_are_noticed() {
    let transport = ScriptedTransport::new().json(OPENED).json(r#"{"file_offset":11}"#);
    let client = client(&transport);
    let other = UploadSource::from_bytes("01234567890");
    let error = upload().advance(&client, &other).await.unwrap_err();
    assert_eq!(error.findings()[0].rule(), "uploads.length");
    assert!(transport.requests().is_empty());
    let mut upload = upload();
    upload.advance(&client, &source()).await.unwrap();
    let mut loaded: ResumableUpload = serde_json::from_str(&serde_json::to_string(&upload).unwrap()).unwrap();
    let error = loaded.advance(&client, &other).await.unwrap_err();
    assert_eq!(error.findings()[0].rule(), "uploads.length");
    let error = loaded.advance(&client, &source()).await.unwrap_err();
    assert_eq!(error.findings()[0].rule(), "uploads.position");
}
