//! Uploads (Graph API: Resumable Upload API, Resumable Video Uploads, Page Video Reels; Instagram Platform: Resumable
//! Uploads; Marketing API: Ad Videos) and reports (Marketing API: Insights API Asynchronous Jobs).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::{BaseUrl, Endpoint};
use sociogram_meta_graph::report_run::{GetReportRun, ListReportRows, ReportStatus};
use sociogram_meta_graph::uploads::{
    AdVideos, CancelVideoUpload, FileType, FinishVideoUpload, GetContainerVideoStatus, GetUpload,
    GetVideoStatus, OpenUpload, PageVideos, PhaseStatus, SendHostedVideo, SendUpload, SendVideoBytes,
    SessionType, StartVideoUpload, TransferVideoChunk, UploadSessionId, UploadSource, UploadTarget,
    VideoStage,
};
use sociogram_meta_graph::{
    AdAccountId, AppId, Client, ContainerId, ErrorClass, ObjectId, ReportRunId, VideoId,
};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::table::Table;

#[tokio::test]
async fn video_uploads() {
    let table = Table::new().await;
    let page = || ObjectId::from(42);
    let account = || AdAccountId::of("5").unwrap();
    let bytes = || UploadSource::from_bytes("0123456789");
    let started = json!({"upload_session_id": "1564747013773438", "video_id": "7", "start_offset": "0",
        "end_offset": "1048576"});
    table
        .row(
            StartVideoUpload::<PageVideos>::new(page(), 2_097_152),
            "POST /v26.0/42/videos\nform upload_phase=start&file_size=2097152",
            started.clone(),
            |session| {
                assert_eq!(session.upload_session_id, "1564747013773438");
                assert_eq!(session.video_id, VideoId::from(7));
                assert_eq!((session.start_offset, session.end_offset), (0, 1_048_576));
            },
        )
        .await;
    table
        .row(
            StartVideoUpload::<AdVideos>::new(account(), 2_097_152),
            "POST /v26.0/act_5/advideos\nform upload_phase=start&file_size=2097152",
            started,
            |session| assert_eq!(session.end_offset, 1_048_576),
        )
        .await;
    table
        .row(
            TransferVideoChunk::<PageVideos>::new(page(), "1564747013773438", bytes(), 2..6),
            "POST /v26.0/42/videos\nmultipart upload_phase=transfer upload_session_id=1564747013773438 \
             start_offset=2 video_file_chunk=@chunk;application/octet-stream",
            json!({"start_offset": "6", "end_offset": "10"}),
            |next| assert_eq!((next.start_offset, next.end_offset), (6, 10)),
        )
        .await;
    table
        .row(
            FinishVideoUpload::<AdVideos>::new(account(), "1564747013773438").field("title", "Summer sale"),
            "POST /v26.0/act_5/advideos\n\
             form upload_phase=finish&upload_session_id=1564747013773438&title=Summer%20sale",
            json!({"success": true}),
            |()| {},
        )
        .await;
    table
        .row(
            CancelVideoUpload::<PageVideos>::new(page(), "1564747013773438"),
            "POST /v26.0/42/videos\nform upload_phase=cancel&upload_session_id=1564747013773438",
            json!({"success": true}),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn what_became_of_a_video() {
    let table = Table::new().await;
    table
        .row(
            GetVideoStatus::new(VideoId::from(7)),
            "GET /v26.0/7?fields=status",
            json!({"status": {"video_status": "ready", "uploading_phase": {"status": "complete"},
                "processing_phase": {"status": "complete"},
                "publishing_phase": {"status": "complete", "publish_status": "published",
                    "publish_time": "2026-01-02T03:04:05+0000"}}, "id": "7"}),
            |state| {
                let status = state.status.unwrap();
                assert_eq!(status.video_status, Some(VideoStage::Ready));
                let publishing = status.publishing_phase.unwrap();
                assert_eq!(publishing.publish_time.unwrap().as_unix_seconds(), 1_767_323_045);
            },
        )
        .await;
    table
        .row(
            GetContainerVideoStatus::new(ContainerId::from(17)),
            "GET /v26.0/17?fields=video_status",
            json!({"video_status": {"uploading_phase": {"status": "in_progress", "bytes_transferred": 50_002},
                "processing_phase": {"status": "not_started"}}, "id": "17"}),
            |state| {
                let phase = state.video_status.unwrap().uploading_phase.unwrap();
                assert_eq!(
                    (phase.status, phase.bytes_transferred),
                    (Some(PhaseStatus::InProgress), Some(50_002))
                );
            },
        )
        .await;
}

#[tokio::test]
async fn opening_a_session() {
    let table = Table::new().await;
    table
        .row(
            OpenUpload::new(AppId::from(7), 12_345_u64, FileType::Pdf)
                .file_name("menu.pdf")
                .session_type(SessionType::Attachment),
            "POST /v26.0/7/uploads\n\
             form file_length=12345&file_type=application%2Fpdf&file_name=menu.pdf&session_type=attachment",
            json!({"id": "upload:MTphdHRhY2htZW50OjE=?sig=ARZqkGCA_uQMxC8nHKI"}),
            |opened| assert_eq!(opened.id.as_str(), "upload:MTphdHRhY2htZW50OjE=?sig=ARZqkGCA_uQMxC8nHKI"),
        )
        .await;
}

#[tokio::test]
async fn reports() {
    let table = Table::new().await;
    table
        .row(
            GetReportRun::new(ReportRunId::from(6_023_920_149_050)),
            "GET /v26.0/6023920149050?fields=id%2Caccount_id%2Casync_status%2Casync_percent_completion%2Cdate_start\
             %2Cdate_stop%2Ctime_completed%2Ctime_ref%2Cerror_code%2Cerror_subcode%2Cerror_message%2C\
             error_user_title%2Cerror_user_msg",
            json!({"id": "6023920149050", "account_id": "5", "async_status": "Job Running",
                "async_percent_completion": 42, "time_ref": 1_767_323_045}),
            |state| {
                assert_eq!(state.async_status, Some(ReportStatus::Running));
                assert_eq!(state.async_percent_completion, Some(42));
            },
        )
        .await;
    table
        .row(
            ListReportRows::<BTreeMap<String, String>>::new(ReportRunId::from(6_023_920_149_050)).limit(500),
            "GET /v26.0/6023920149050/insights?limit=500",
            json!({"data": [{"impressions": "9708", "date_start": "2026-01-01"}], "paging": {"cursors":
                {"before": "MAZDZD", "after": "MAZDZD"}}}),
            |page| {
                assert_eq!(page.items[0]["impressions"], "9708");
                assert!(page.next.is_none());
            },
        )
        .await;
}

/// Sends to a host that wants the scheme `OAuth`, once for the answer and once for an error. Shows the request line,
/// the headers that belong to it and the body.
async fn upload<E: Endpoint + Clone>(endpoint: E, answer: Value, refusal: Value) -> (E::Output, String) {
    let server = MockServer::start().await;
    let client = Client::builder()
        .access_token("token")
        .app_secret("test_app_secret")
        .base_url(BaseUrl::parse(&server.uri()).unwrap())
        .build()
        .unwrap();
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(answer)).mount(&server).await;
    let output = client.send(endpoint.clone()).await.unwrap();
    let shown = shown(&server.received_requests().await.unwrap()[0]);
    server.reset().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(400).set_body_json(refusal)).mount(&server).await;
    let Err(error) = client.send(endpoint).await else { panic!("{}: read an error as an answer", E::NAME) };
    assert!(matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Rejected), "{error}");
    assert!(!error.may_have_been_applied(), "{error}");
    assert!(error.to_string().contains(E::NAME) && !error.to_string().contains("CANARY"), "{error}");
    (output, shown)
}

fn shown(request: &Request) -> String {
    let proof = "appsecret_proof=cba9e453fa12ccc0fc0c7298bf2e0b060de40286cdacaaa8958ad9383fdcc1af";
    let target = request.url.to_string().replace(proof, "PROOF");
    let target = target.split_once("//").unwrap().1.split_once('/').unwrap().1;
    let mut shown = format!("{} /{target}", request.method);
    for name in
        ["authorization", "file_offset", "offset", "file_size", "file_url", "content-type", "content-length"]
    {
        if let Some(value) = request.headers.get(name) {
            write!(shown, "\n{name}: {}", value.to_str().unwrap()).unwrap();
        }
    }
    format!("{shown}\n\n{}", String::from_utf8_lossy(&request.body))
}

fn graph_error() -> Value {
    json!({"error": {"message": "(#100) CANARY", "type": "OAuthException", "code": 100, "fbtrace_id": "AbC1"}})
}

fn debug_info() -> Value {
    json!({"debug_info": {"retriable": false, "type": "ProcessingFailedError", "message": "CANARY"}})
}

#[tokio::test]
async fn bytes_of_a_session() {
    let session = || UploadSessionId::new("upload:MTphdHRhY2htZW50OjE=?sig=ARZqkGCA_uQMxC8nHKI").unwrap();
    let source = UploadSource::from_bytes("0123456789");
    let send = SendUpload::new(session(), source).offset(4);
    let (handle, request) = upload(send, json!({"h": "4::aW1hZ2U=:ARb\n4::bQ=="}), graph_error()).await;
    assert_eq!(handle.as_str(), "4::aW1hZ2U=:ARb\n4::bQ==");
    assert_eq!(
        request,
        "POST /v26.0/upload:MTphdHRhY2htZW50OjE=?sig=ARZqkGCA_uQMxC8nHKI&PROOF\n\
         authorization: OAuth token\nfile_offset: 4\ncontent-type: application/octet-stream\ncontent-length: 6\n\n456789"
    );
    let answer = json!({"id": "upload:MTphdHRhY2htZW50OjE=", "file_offset": 8});
    let (position, request) = upload(GetUpload::new(session()), answer, graph_error()).await;
    assert_eq!(position.file_offset, 8);
    assert_eq!(
        request,
        "GET /v26.0/upload:MTphdHRhY2htZW50OjE=?sig=ARZqkGCA_uQMxC8nHKI&PROOF\nauthorization: OAuth token\n\n"
    );
}

#[tokio::test]
async fn bytes_of_a_reel_and_of_a_container() {
    let done = || json!({"success": true, "message": "Upload successful."});
    let source = UploadSource::from_bytes("0123456789");
    let send = SendVideoBytes::new(UploadTarget::Video(VideoId::from(7)), source, 0);
    let ((), request) = upload(send, done(), debug_info()).await;
    assert_eq!(
        request,
        "POST /video-upload/v26.0/7\nauthorization: OAuth token\noffset: 0\nfile_size: 10\n\
         content-type: application/octet-stream\ncontent-length: 10\n\n0123456789"
    );
    let target = UploadTarget::Container(ContainerId::from(17));
    let send = SendHostedVideo::new(target, "https://cdn.example/a.mp4".parse().unwrap());
    let ((), request) = upload(send, done(), debug_info()).await;
    assert_eq!(
        request,
        "POST /ig-api-upload/v26.0/17\nauthorization: OAuth token\nfile_url: https://cdn.example/a.mp4\n\
         content-length: 0\n\n"
    );
}

#[tokio::test]
async fn a_refusal_of_the_bytes_is_told_at_status_200_too() {
    let server = MockServer::start().await;
    let base = BaseUrl::parse(&server.uri()).unwrap();
    let client = Client::builder().access_token("token").base_url(base).build().unwrap();
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(debug_info()))
        .mount(&server)
        .await;
    let target = UploadTarget::Video(VideoId::from(7));
    let send = SendVideoBytes::new(target, UploadSource::from_bytes("x"), 0);
    let error = client.send(send).await.unwrap_err();
    assert_eq!(error.class(), Some(ErrorClass::Unknown));
    assert_eq!(error.api().unwrap().error_type(), Some("ProcessingFailedError"));
}
