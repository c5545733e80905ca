use super::*;

fn status(json: &str) -> VideoStatus {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_status_tells_whether_publishing_began_and_ended() {
    for (json, begun, published, processed) in [
        (
            r#"{"video_status":"upload_complete","publishing_phase":{"status":"not_started"}}"#,
            false,
            false,
            false,
        ),
        (r#"{"video_status":"processing","publishing_phase":{"status":"in_progress"}}"#, true, false, false),
        (
            r#"{"video_status":"processing","publishing_phase":{"status":"not_started","publish_status":"scheduled"}}"#,
            true,
            false,
            false,
        ),
        (
            r#"{"video_status":"ready","publishing_phase":{"status":"not_started","publish_status":"draft"}}"#,
            true,
            false,
            true,
        ),
        (r#"{"video_status":"ready","publishing_phase":{"status":"complete"}}"#, true, true, true),
        (r#"{"video_status":"ready"}"#, false, true, true),
        (
            r#"{"processing_phase":{"status":"complete"},"publishing_phase":{"status":"new_word"}}"#,
            false,
            false,
            true,
        ),
        ("{}", false, false, false),
    ] {
        let status = status(json);
        let found = (is_publishing(&status), is_published(&status), is_processed(&status));
        assert_eq!(found, (begun, published, processed), "{json}");
    }
}

#[test]
fn what_meta_says_about_a_failure_is_kept() {
    let error = media_failed(&status(
        r#"{"video_status":"error","processing_phase":{"status":"error","errors":[{"code":1363008,"message":"too short"}]}}"#,
    ));
    let PublishError::MediaFailed { subcode, said, .. } = error else { panic!("{error}") };
    assert_eq!((subcode, said.as_deref()), (Some(1_363_008), Some("too short")));
}
