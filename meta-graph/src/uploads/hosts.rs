//! Where uploads go, and what goes with them.

use std::sync::Arc;

use sociogram_api_core::http::{BaseUrl, UploadSource};
use sociogram_api_core::testing::{RecordedRequest, ScriptedTransport};

use super::*;
use crate::id::{ContainerId, VideoId};
use crate::me::GetMe;
use crate::{ApiVersion, Client, ClientBuilder, ErrorKind, GraphHost, ObjectId};

const PROOF: &str = "appsecret_proof=cba9e453fa12ccc0fc0c7298bf2e0b060de40286cdacaaa8958ad9383fdcc1af";

/// Asks who it is, starts a video, sends bytes, and sends to a session.
async fn exchange(build: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Vec<RecordedRequest> {
    let transport = ScriptedTransport::new()
        .json(r#"{"id":"1"}"#)
        .json(r#"{"upload_session_id":"9","video_id":"7","start_offset":"0","end_offset":"5"}"#)
        .json(r#"{"success":true}"#)
        .json(r#"{"h":"4:h"}"#);
    let builder = Client::builder().access_token("token").transport(Arc::new(transport.clone()));
    let client = build(builder).build().unwrap();
    let source = || UploadSource::from_bytes("12345");
    client.send(GetMe::new()).await.unwrap();
    client.send(StartVideoUpload::<PageVideos>::new(ObjectId::from(42), 5)).await.unwrap();
    let target = UploadTarget::Video(VideoId::from(7));
    client.send(SendVideoBytes::new(target, source(), 0)).await.unwrap();
    let session = UploadSessionId::new("upload:MTp=?sig=AR_z").unwrap();
    client.send(SendUpload::new(session, source())).await.unwrap();
    transport.requests()
}

fn urls(requests: &[RecordedRequest]) -> Vec<String> {
    requests.iter().map(|request| request.uri.to_string()).collect()
}

#[tokio::test]
async fn every_step_has_its_host_and_its_form_of_authorization() {
    let requests = exchange(|builder| builder.app_secret("test_app_secret")).await;
    assert_eq!(
        urls(&requests),
        [
            format!("https://graph.facebook.com/v26.0/me?fields=id%2Cname&{PROOF}"),
            format!("https://graph-video.facebook.com/v26.0/42/videos?{PROOF}"),
            "https://rupload.facebook.com/video-upload/v26.0/7".to_owned(),
            format!("https://graph.facebook.com/v26.0/upload:MTp=?sig=AR_z&{PROOF}"),
        ]
    );
    let schemes: Vec<&str> = requests.iter().map(|request| request.header("authorization")).collect();
    assert_eq!(schemes, ["Bearer token", "Bearer token", "OAuth token", "OAuth token"]);
    assert!(requests.iter().all(|request| request.headers["authorization"].is_sensitive()));
}

#[tokio::test]
async fn a_sandbox_gets_uploads_too_unless_it_is_told_otherwise() {
    let base = |port: u16| BaseUrl::parse(&format!("http://127.0.0.1:{port}")).unwrap();
    assert_eq!(
        urls(&exchange(|builder| builder.base_url(base(1))).await),
        [
            "http://127.0.0.1:1/v26.0/me?fields=id%2Cname",
            "http://127.0.0.1:1/v26.0/42/videos",
            "http://127.0.0.1:1/video-upload/v26.0/7",
            "http://127.0.0.1:1/v26.0/upload:MTp=?sig=AR_z",
        ]
    );
    let requests = exchange(|builder| {
        builder.base_url(base(1)).video_url(base(2)).upload_url(base(3)).version(ApiVersion::new(25, 0))
    })
    .await;
    assert_eq!(
        urls(&requests),
        [
            "http://127.0.0.1:1/v25.0/me?fields=id%2Cname",
            "http://127.0.0.1:2/v25.0/42/videos",
            "http://127.0.0.1:3/video-upload/v25.0/7",
            "http://127.0.0.1:1/v25.0/upload:MTp=?sig=AR_z",
        ]
    );
    assert_eq!(requests[2].header("authorization"), "OAuth token");
}

#[tokio::test]
async fn a_token_goes_to_no_upload_host_of_another_api() {
    let container = || UploadTarget::Container(ContainerId::from(7));
    for (host, video, upload) in [
        (GraphHost::Facebook, true, true),
        (GraphHost::Instagram, false, true),
        (GraphHost::Threads, false, false),
    ] {
        let answer =
            r#"{"upload_session_id":"9","video_id":"7","start_offset":0,"end_offset":5,"success":true}"#;
        let transport = ScriptedTransport::new().json(answer).json(answer);
        let builder = Client::builder().access_token("token").transport(Arc::new(transport.clone()));
        let client = builder.host(host).build().unwrap();
        let sent = client.send(StartVideoUpload::<PageVideos>::new(ObjectId::from(42), 5)).await;
        assert_eq!(sent.is_ok(), video, "{host:?}");
        if let Err(error) = sent {
            assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "client.host"));
        }
        let source = UploadSource::from_bytes("12345");
        let sent = client.send(SendVideoBytes::new(container(), source, 0)).await;
        assert_eq!(sent.is_ok(), upload, "{host:?}");
        assert_eq!(transport.requests().len(), usize::from(video) + usize::from(upload));
    }
}

#[tokio::test]
async fn a_single_call_may_use_another_version_inside_the_path() {
    let transport = ScriptedTransport::new().json(r#"{"success":true}"#);
    let client = crate::scripted::client(&transport);
    let bytes =
        SendVideoBytes::new(UploadTarget::Container(ContainerId::from(7)), UploadSource::from_bytes("1"), 0);
    client.send(bytes).with(ApiVersion::new(25, 0)).await.unwrap();
    assert_eq!(urls(&transport.requests()), ["https://rupload.facebook.com/ig-api-upload/v25.0/7"]);
}
