use super::*;
use crate::scripted::{exchange, line};

async fn status(status: &str) -> VideoStatus {
    let body = format!(r#"{{"status":{status},"id":"7"}}"#);
    exchange(GetVideoStatus::new(7), &body).await.0.unwrap().status.unwrap()
}

#[tokio::test]
async fn phases_are_read() {
    let status = status(
        r#"{"video_status":"processing",
            "uploading_phase":{"status":"complete","bytes_transferred":"50002"},
            "processing_phase":{"status":"in_progress","errors":[{"code":1363008,"message":"too small"},7]},
            "publishing_phase":{"status":"not_started","publish_status":"scheduled","publish_time":1800000000}}"#,
    )
    .await;
    assert_eq!(status.video_status, Some(VideoStage::Processing));
    let uploading = status.uploading_phase.as_ref().unwrap();
    assert_eq!(
        (uploading.status.clone(), uploading.bytes_transferred),
        (Some(PhaseStatus::Complete), Some(50_002))
    );
    let publishing = status.publishing_phase.as_ref().unwrap();
    assert_eq!(publishing.publish_status.as_deref(), Some("scheduled"));
    assert_eq!(publishing.publish_time, Some(Timestamp::from_unix_seconds(1_800_000_000)));
    let errors: Vec<_> = status.errors().map(|error| (error.code, error.message.as_deref())).collect();
    assert_eq!(errors, [(Some(1_363_008), Some("too small"))]);
    assert!(!status.is_ready() && !status.has_failed() && status.is_taken_over());
}

#[tokio::test]
async fn what_is_unknown_or_missing_costs_only_itself() {
    let odd = status(
        r#"{"video_status":"thinking","uploading_phase":{"status":7,"bytes_transfered":9},
            "processing_phase":7,"publishing_phase":{"status":"paused"}}"#,
    )
    .await;
    assert_eq!(odd.video_status.as_ref().map(VideoStage::as_str), Some("thinking"));
    let uploading = odd.uploading_phase.as_ref().unwrap();
    assert_eq!((uploading.status.as_ref(), uploading.bytes_transferred), (None, Some(9)));
    assert_eq!(odd.processing_phase, None);
    assert!(!odd.is_taken_over(), "a word that is not known is no proof");
    let (state, request) = exchange(GetVideoStatus::new(7), r#"{"id":7}"#).await;
    assert_eq!(state.unwrap(), VideoState { id: Some(VideoId::from(7)), status: None });
    assert_eq!(line(&request), "GET /v26.0/7?fields=status");
}

#[tokio::test]
async fn failures_are_seen_wherever_they_stand() {
    for (text, ready, failed, taken_over) in [
        (r#"{"video_status":"ready"}"#, true, false, true),
        (r#"{"video_status":"error"}"#, false, true, false),
        (r#"{"video_status":"expired"}"#, false, true, false),
        (r#"{"video_status":"upload_failed"}"#, false, true, false),
        (r#"{"video_status":"upload_complete"}"#, false, false, false),
        (
            r#"{"video_status":"processing","uploading_phase":{"status":"in_progress"},
                "processing_phase":{"status":"not_started"},"publishing_phase":{"status":"not_started"}}"#,
            false,
            false,
            false,
        ),
        (r#"{"video_status":"processing","processing_phase":{"status":"in_progress"}}"#, false, false, true),
        (r#"{"uploading_phase":{"status":"error","error":{"message":"x"}}}"#, false, true, false),
        (r#"{"processing_phase":{"status":"error","errors":[{"message":"x"}]}}"#, false, true, true),
        (r#"{"publishing_phase":{"status":"complete"}}"#, false, false, true),
        ("{}", false, false, false),
    ] {
        let status = status(text).await;
        assert_eq!(
            (status.is_ready(), status.has_failed(), status.is_taken_over()),
            (ready, failed, taken_over),
            "{text}"
        );
        assert_eq!(status.errors().count(), text.matches("message").count(), "{text}");
    }
}

#[tokio::test]
async fn a_container_tells_the_same() {
    let body =
        r#"{"id":"17","video_status":{"uploading_phase":{"status":"in_progress","bytes_transferred":5}}}"#;
    let (state, request) = exchange(GetContainerVideoStatus::new(17), body).await;
    let phase = state.unwrap().video_status.unwrap().uploading_phase.unwrap();
    assert_eq!(phase.bytes_transferred, Some(5));
    assert_eq!(line(&request), "GET /v26.0/17?fields=video_status");
}
