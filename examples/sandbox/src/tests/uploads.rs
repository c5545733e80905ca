//! Resumable uploads, chunks, and the upload host.

use http::Method;
use serde_json::{Value, json};

use super::{
    driver::{Bench, PAGE, Reply},
    page_media::{MP4, multipart, page_bench, text},
};

fn session(bench: &Bench, method: Method, id: &str, token: &str) -> reqwest::RequestBuilder {
    let url = format!("{}/v26.0/{id}&appsecret_proof={}", bench.endpoints().graph, bench.proof(token));
    bench.http.request(method, url).header("authorization", format!("OAuth {token}"))
}

async fn open(bench: &Bench, token: &str, kind: &str) -> Reply {
    let path = format!("/v26.0/{}/uploads", bench.sandbox.config().meta.id);
    let body = json!({"file_name": "a.mp4", "file_length": MP4.len(), "file_type": kind});
    bench.graph_post(&path, token, &body).await
}

#[tokio::test]
async fn a_resumable_upload_goes_on_where_it_stopped_and_gives_a_handle() {
    let (bench, page) = page_bench().await;
    let user = bench.user_token();
    let id = text(&open(&bench, &user, "video/mp4").await, "id");
    assert!(id.starts_with("upload:") && id.contains("?sig="));
    let send = |offset: usize, bytes: &'static [u8]| {
        bench.send(session(&bench, Method::POST, &id, &user).header("file_offset", offset).body(bytes))
    };
    assert_eq!(send(0, &MP4[..9]).await.graph_error(), (500, 2, None));
    let at = bench.send(session(&bench, Method::GET, &id, &user)).await.json();
    assert_eq!(at, json!({"id": id, "file_offset": 9}));
    assert_eq!(send(0, MP4).await.graph_error(), (400, 100, None));
    let handle = text(&send(9, &MP4[9..]).await, "h");
    let video = json!({"fbuploader_video_file_chunk": handle});
    assert_eq!(bench.graph_post(&format!("/v26.0/{PAGE}/videos"), &page, &video).await.status, 200);

    let bearer = session(&bench, Method::GET, &id, &user).build().unwrap().url().clone();
    let refused = bench.send(bench.http.get(bearer).bearer_auth(&user)).await;
    assert_eq!(refused.graph_error(), (401, 190, None));
    let forged = id.replace("sig=ARZ", "sig=ARY");
    let forged = bench.send(session(&bench, Method::GET, &forged, &user)).await;
    assert_eq!(forged.graph_error(), (400, 100, Some(33)));
    assert_eq!(open(&bench, &user, "image/webp").await.graph_error(), (400, 100, None));
    assert_eq!(open(&bench, &page, "image/png").await.graph_error(), (403, 200, None));
    let made_up = json!({"fbuploader_video_file_chunk": "4:x"});
    let made_up = bench.graph_post(&format!("/v26.0/{PAGE}/videos"), &page, &made_up).await;
    assert_eq!(made_up.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn chunks_come_in_order_and_as_long_as_asked_for() {
    let (bench, page) = page_bench().await;
    let edge = format!("/v26.0/{PAGE}/videos");
    let start = json!({"upload_phase": "start", "file_size": MP4.len()});
    let begun = bench.graph_post(&edge, &page, &start).await.json();
    let upload = begun["upload_session_id"].as_str().unwrap().to_owned();
    let number = |value: &Value| value.as_str().unwrap().parse::<usize>().unwrap();
    let end = number(&begun["end_offset"]);
    let chunk = |start: usize, bytes: &'static [u8]| {
        let start = start.to_string();
        let fields = [
            ("upload_phase", "transfer"),
            ("upload_session_id", upload.as_str()),
            ("start_offset", start.as_str()),
        ];
        let request = bench.graph(Method::POST, &edge, &page);
        bench.send(multipart(request, &fields, ("video_file_chunk", "chunk", bytes)))
    };
    let finish = json!({"upload_phase": "finish", "upload_session_id": upload, "title": "Oven"});
    assert_eq!(bench.graph_post(&edge, &page, &finish).await.graph_error(), (400, 6001, Some(1_363_037)));
    assert_eq!(chunk(0, MP4).await.graph_error(), (400, 6000, Some(1_363_026)));
    assert_eq!(chunk(0, &MP4[..end]).await.json()["start_offset"], end.to_string());
    let again = chunk(0, &MP4[..end]).await;
    assert_eq!(again.graph_error(), (400, 6001, Some(1_363_037)));
    assert_eq!(again.json()["error"]["error_data"]["start_offset"], end.to_string());
    let last = chunk(end, &MP4[end..]).await.json();
    assert_eq!(last["start_offset"], last["end_offset"]);
    assert_eq!(bench.graph_post(&edge, &page, &finish).await.json(), json!({"success": true}));
    assert_eq!(bench.graph_post(&edge, &page, &finish).await.graph_error(), (400, 6000, Some(1_363_041)));
    let video = format!("/v26.0/{}?fields=title,status", begun["video_id"].as_str().unwrap());
    let video = bench.graph_get(&video, &page).await.json();
    assert_eq!((&video["title"], &video["status"]["video_status"]), (&json!("Oven"), &json!("processing")));

    let other = bench.graph_post(&edge, &page, &start).await;
    let cancel = json!({"upload_phase": "cancel", "upload_session_id": text(&other, "upload_session_id")});
    assert_eq!(bench.graph_post(&edge, &page, &cancel).await.status, 200);
    assert_eq!(bench.graph_post(&edge, &page, &cancel).await.graph_error(), (400, 6000, Some(1_363_041)));
}

#[tokio::test]
async fn the_upload_host_takes_its_own_scheme_only_and_is_no_unversioned_call() {
    let (bench, page) = page_bench().await;
    let reels = format!("/v26.0/{PAGE}/video_reels");
    let id = text(&bench.graph_post(&reels, &page, &json!({"upload_phase": "start"})).await, "video_id");
    let base = bench.endpoints().graph;
    let post =
        |path: &str| bench.http.post(format!("{base}{path}")).header("file_url", "https://example.com/a.mp4");
    let path = format!("/video-upload/v26.0/{id}");
    let oauth = |token: &str| format!("OAuth {token}");
    let user = bench.user_token();
    let cases = [
        (post(&path), "NotAuthorizedError"),
        (post(&path).bearer_auth(&page), "NotAuthorizedError"),
        (post(&path).header("authorization", oauth(&user)), "NotAuthorizedError"),
        (
            post(&format!("/ig-api-upload/v26.0/{id}")).header("authorization", oauth(&page)),
            "NotAuthorizedError",
        ),
        (
            post(&format!("/video-upload/v99.0/{id}")).header("authorization", oauth(&page)),
            "UnknownVersionError",
        ),
        (post(&path).header("authorization", oauth(&page)).body("x"), "InvalidRequestError"),
    ];
    for (request, expected) in cases {
        assert_eq!(bench.send(request).await.json()["debug_info"]["type"], expected);
    }
    let own = bench.http.post(format!("{base}{path}")).header("authorization", oauth(&page));
    let own = own.header("file_url", "https://video.xx.fbcdn.net/a.mp4");
    assert_eq!(bench.send(own).await.json()["debug_info"]["type"], "ProcessingFailedError");
    assert_eq!(
        bench.send(post(&path).header("authorization", oauth(&page))).await.json(),
        json!({"success": true})
    );
    assert!(bench.sandbox.received().violations.is_empty());
}

#[tokio::test]
async fn the_bytes_of_a_container_are_counted() {
    let bench = Bench::new().await;
    let token = bench.sandbox.meta_user_token(&[
        "pages_show_list",
        "pages_read_engagement",
        "instagram_basic",
        "instagram_content_publish",
    ]);
    let account = bench.sandbox.world().instagram[0].user_id.clone();
    let body = json!({"media_type": "REELS", "upload_type": "resumable"});
    let id = text(&bench.graph_post(&format!("/v26.0/{account}/media"), &token, &body).await, "id");
    let status = || async {
        let answer = bench.graph_get(&format!("/v26.0/{id}?fields=video_status"), &token).await.json();
        answer["video_status"].clone()
    };
    let phases = |status: &str, bytes: usize, processing: &str| {
        json!({"uploading_phase": {"status": status, "bytes_transferred": bytes},
            "processing_phase": {"status": processing}})
    };
    assert_eq!(status().await, phases("not_started", 0, "not_started"));
    let url = format!("{}/ig-api-upload/v26.0/{id}", bench.endpoints().upload);
    let send = |offset: usize, bytes: &'static [u8]| {
        let request = bench.http.post(&url).header("authorization", format!("OAuth {token}"));
        bench.send(request.header("offset", offset).header("file_size", MP4.len()).body(bytes))
    };
    assert_eq!(send(0, &MP4[..9]).await.json()["debug_info"]["type"], "PartialRequestError");
    assert_eq!(status().await, phases("in_progress", 9, "not_started"));
    assert_eq!(send(9, &MP4[9..]).await.json(), json!({"success": true}));
    assert_eq!(status().await, phases("complete", MP4.len(), "in_progress"));

    let hosted = json!({"media_type": "REELS", "video_url": "https://example.com/a.mp4"});
    let id = text(&bench.graph_post(&format!("/v26.0/{account}/media"), &token, &hosted).await, "id");
    let answer = bench.graph_get(&format!("/v26.0/{id}?fields=video_status"), &token).await.json();
    assert_eq!(answer["video_status"]["uploading_phase"], json!({"status": "complete"}));
}

#[tokio::test]
async fn an_ad_account_takes_a_video_in_chunks_too() {
    let bench = Bench::new().await;
    let token = bench.sandbox.meta_user_token(&["ads_management", "ads_read"]);
    let edge = "/v26.0/act_600700800901001/advideos";
    let start = json!({"upload_phase": "start", "file_size": MP4.len()});
    let begun = bench.graph_post(edge, &token, &start).await.json();
    let (session, video) =
        (begun["upload_session_id"].as_str().unwrap(), begun["video_id"].as_str().unwrap());
    let end: usize = begun["end_offset"].as_str().unwrap().parse().unwrap();
    let finish = json!({"upload_phase": "finish", "upload_session_id": session, "title": "T"});
    assert_eq!(bench.graph_post(edge, &token, &finish).await.graph_error(), (400, 6001, Some(1_363_037)));
    let node = format!("/v26.0/{video}?fields=title");
    assert_eq!(bench.graph_get(&node, &token).await.status, 400, "not before it is finished");
    for (from, to) in [(0, end), (end, MP4.len())] {
        let at = from.to_string();
        let fields = [("upload_phase", "transfer"), ("upload_session_id", session), ("start_offset", &at)];
        let request = bench.graph(Method::POST, edge, &token);
        let sent = bench.send(multipart(request, &fields, ("video_file_chunk", "c", &MP4[from..to]))).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
    }
    assert_eq!(bench.graph_post(edge, &token, &finish).await.json(), json!({"success": true}));
    assert_eq!(bench.graph_get(&node, &token).await.json()["title"], "T");

    let begun = bench.graph_post(edge, &token, &start).await.json();
    let cancel = json!({"upload_phase": "cancel", "upload_session_id": begun["upload_session_id"]});
    assert_eq!(bench.graph_post(edge, &token, &cancel).await.json(), json!({"success": true}));
    assert_eq!(bench.graph_post(edge, &token, &cancel).await.graph_error(), (400, 6000, Some(1_363_041)));
    let other = json!({"upload_phase": "rest", "upload_session_id": session});
    assert_eq!(bench.graph_post(edge, &token, &other).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn the_neighbours_of_a_page_of_a_list_are_at_the_host_that_was_called() {
    let (bench, page) = page_bench().await;
    for _ in 0..2 {
        let video = json!({"file_url": "https://example.com/a.mp4"});
        bench.graph_post(&format!("/v26.0/{PAGE}/videos"), &page, &video).await;
    }
    let endpoints = bench.endpoints();
    for base in [&endpoints.graph, &endpoints.graph_video] {
        let proof = bench.proof(&page);
        let url = format!("{base}/v26.0/{PAGE}/videos?limit=1&appsecret_proof={proof}");
        let list = bench.send(bench.http.get(url).bearer_auth(&page)).await.json();
        let next = list["paging"]["next"].as_str().unwrap();
        assert!(next.starts_with(&format!("{base}/v26.0/{PAGE}/videos?")), "{next}");
    }
}
