//! Photos, videos, reels, stories and posts with media.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, PAGE, Reply};

pub(super) const TALK: [&str; 7] = [
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "pages_manage_metadata",
    "pages_manage_engagement",
    "pages_read_user_content",
    "pages_messaging",
];
pub(super) const MP4: &[u8] = b"\0\0\0\x18ftypmp42 and so on";
const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];

/// A call with text fields and one file.
pub(super) fn multipart(
    request: reqwest::RequestBuilder,
    fields: &[(&str, &str)],
    (field, name, bytes): (&str, &str, &[u8]),
) -> reqwest::RequestBuilder {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    let head =
        format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
    body.extend(head.into_bytes());
    body.extend(bytes);
    body.extend(b"\r\n--b--\r\n");
    request.header("content-type", "multipart/form-data; boundary=b").body(body)
}

pub(super) async fn page_bench() -> (Bench, String) {
    let bench = Bench::new().await;
    let user = bench.sandbox.meta_user_token(&TALK);
    let page = bench.page_token(&user).await;
    (bench, page)
}

fn edge(name: &str) -> String {
    format!("/v26.0/{PAGE}/{name}")
}

async fn photo(bench: &Bench, page: &str) -> String {
    let body = json!({"url": "https://example.com/a.jpg", "published": false});
    text(&bench.graph_post(&edge("photos"), page, &body).await, "id")
}

pub(super) fn text(reply: &Reply, name: &str) -> String {
    reply.json()[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", reply.text)).to_owned()
}

async fn advance(bench: &Bench, seconds: i64) {
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": seconds})).await;
}

fn rupload(bench: &Bench, id: &str, token: &str) -> reqwest::RequestBuilder {
    let url = format!("{}/video-upload/v26.0/{id}", bench.endpoints().graph);
    bench.http.post(url).header("authorization", format!("OAuth {token}"))
}

async fn status(bench: &Bench, page: &str, id: &str) -> Value {
    bench.graph_get(&format!("/v26.0/{id}?fields=status"), page).await.json()["status"].clone()
}

#[tokio::test]
async fn a_photo_comes_from_one_place_and_is_a_picture() {
    let (bench, page) = page_bench().await;
    let send = |fields: &[(&str, &str)], bytes: &[u8]| {
        let request = bench.graph(Method::POST, &edge("photos"), &page);
        bench.send(multipart(request, fields, ("source", "a.jpg", bytes)))
    };
    let made = send(&[("caption", "Bread")], JPEG).await;
    assert!(text(&made, "post_id").starts_with(PAGE));
    let path = format!("/v26.0/{}?fields=name,images,page_story_id", text(&made, "id"));
    assert_eq!(bench.graph_get(&path, &page).await.json()["name"], "Bread");
    assert_eq!(send(&[], b"RIFF webp").await.graph_error(), (400, 100, Some(1_366_046)));
    let both = send(&[("url", "https://example.com/a.jpg")], JPEG).await;
    assert_eq!(both.graph_error(), (400, 324, Some(2_069_019)));
    let cases = [
        (json!({}), (400, 324, Some(2_069_019))),
        (json!({"url": "https://x.invalid/a.jpg"}), (400, 100, Some(2_061_006))),
        (json!({"url": "https://example.com/a.jpg", "size": 1}), (400, 100, None)),
        (
            json!({"url": "https://example.com/a.jpg", "tags": [{"tag_uid": "1", "x": 101, "y": 1}]}),
            (400, 100, None),
        ),
        (json!({"url": "https://example.com/a.jpg", "temporary": true}), (400, 100, None)),
    ];
    for (body, expected) in cases {
        assert_eq!(bench.graph_post(&edge("photos"), &page, &body).await.graph_error(), expected, "{body}");
    }
    let list = |kind: &str| format!("{}?type={kind}", edge("photos"));
    assert_eq!(bench.graph_get(&list("uploaded"), &page).await.json()["data"].as_array().unwrap().len(), 1);
    assert_eq!(bench.graph_get(&edge("photos"), &page).await.json()["data"], json!([]));
    let node = format!("/v26.0/{}", text(&made, "id"));
    assert_eq!(bench.send(bench.graph(Method::DELETE, &node, &page)).await.json(), json!({"success": true}));
    assert_eq!(bench.graph_get(&node, &page).await.graph_error(), (400, 100, Some(33)));
    let user = bench.user_token();
    let denied = bench.graph_post(&edge("photos"), &user, &json!({"url": "https://example.com/a.jpg"})).await;
    assert_eq!(denied.graph_error(), (403, 200, None));
}

#[tokio::test]
async fn a_preview_is_a_picture_and_belongs_to_a_link_or_a_video() {
    let (bench, page) = page_bench().await;
    let send = |edge_name: &str, fields: &[(&str, &str)], field: &str, bytes: &[u8]| {
        let request = bench.graph(Method::POST, &edge(edge_name), &page);
        bench.send(multipart(request, fields, (field, "a.jpg", bytes)))
    };
    let link = [("link", "https://example.com")];
    assert_eq!(send("feed", &link, "thumbnail", JPEG).await.status, 200);
    assert_eq!(send("feed", &link, "thumbnail", b"text").await.graph_error(), (400, 100, None));
    let text = [("message", "No link")];
    assert_eq!(send("feed", &text, "thumbnail", JPEG).await.graph_error(), (400, 100, None));
    let video = [("file_url", "https://example.com/a.mp4")];
    assert_eq!(send("videos", &video, "thumb", JPEG).await.status, 200);
    assert_eq!(send("videos", &video, "thumb", b"text").await.graph_error(), (400, 100, None));
    let finish = [("upload_phase", "finish"), ("video_id", "1"), ("video_state", "PUBLISHED")];
    assert_eq!(send("video_reels", &finish, "thumb", JPEG).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn a_post_shows_several_photos_once() {
    let (bench, page) = page_bench().await;
    let (one, two) = (photo(&bench, &page).await, photo(&bench, &page).await);
    let post = json!({"message": "Two", "attached_media": [{"media_fbid": one}, {"media_fbid": two}]});
    let made = bench.graph_post(&edge("feed"), &page, &post).await;
    let fields = "fields=status_type,attachments{media_type,subattachments},full_picture";
    let read = bench.graph_get(&format!("/v26.0/{}?{fields}", text(&made, "id")), &page).await.json();
    assert_eq!(read["status_type"], "added_photos");
    let shown = &read["attachments"]["data"][0];
    assert_eq!(
        (&shown["media_type"], shown["subattachments"]["data"].as_array().unwrap().len()),
        (&json!("album"), 2)
    );

    let again = bench.graph_post(&edge("feed"), &page, &post).await;
    assert_eq!(again.graph_error(), (400, 100, Some(1_366_051)));
    let three = photo(&bench, &page).await;
    let twice = json!({"attached_media": [{"media_fbid": three}, {"media_fbid": three}]});
    assert_eq!(
        bench.graph_post(&edge("feed"), &page, &twice).await.graph_error(),
        (400, 100, Some(1_366_051))
    );
    let unknown = json!({"attached_media": [{"media_fbid": "1"}]});
    assert_eq!(bench.graph_post(&edge("feed"), &page, &unknown).await.graph_error(), (400, 100, Some(33)));
    // The same as a form writes it.
    let entry = json!({"media_fbid": three}).to_string();
    let form = bench.graph(Method::POST, &edge("feed"), &page).form(&[("attached_media[0]", entry.as_str())]);
    assert_eq!(bench.send(form).await.status, 200);
}

#[tokio::test]
async fn a_scheduled_post_is_listed_moved_and_published() {
    let (bench, page) = page_bench().await;
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
    let make = |message: &'static str, ahead: i64| json!({"message": message, "published": false, "scheduled_publish_time": now + ahead});
    let first = text(&bench.graph_post(&edge("feed"), &page, &make("a", 3600)).await, "id");
    let second = text(&bench.graph_post(&edge("feed"), &page, &make("b", 7200)).await, "id");
    let list = format!("{}?fields=id,is_post_in_good_state", edge("scheduled_posts"));
    assert_eq!(bench.graph_get(&list, &page).await.json()["data"].as_array().unwrap().len(), 2);
    let node = |id: &str| format!("/v26.0/{id}");
    let soon = json!({"scheduled_publish_time": now + 60});
    assert_eq!(bench.graph_post(&node(&first), &page, &soon).await.graph_error(), (400, 100, None));
    let later = json!({"scheduled_publish_time": now + 10_000});
    assert_eq!(bench.graph_post(&node(&first), &page, &later).await.json(), json!({"success": true}));
    let yes = json!({"is_published": true});
    assert_eq!(bench.graph_post(&node(&first), &page, &yes).await.status, 200);
    assert_eq!(bench.graph_post(&node(&first), &page, &yes).await.graph_error(), (400, 100, None));
    advance(&bench, 7_300).await;
    let posts = bench.graph_get(&format!("{}?fields=id", edge("published_posts")), &page).await.json();
    assert_eq!(posts["data"], json!([{"id": second}, {"id": first}]));
    assert_eq!(bench.graph_get(&list, &page).await.json()["data"], json!([]));
}

#[tokio::test]
async fn a_post_is_changed_and_hidden_and_a_dark_one_is_elsewhere() {
    let (bench, page) = page_bench().await;
    let id = text(&bench.graph_post(&edge("feed"), &page, &json!({"message": "a"})).await, "id");
    let node = format!("/v26.0/{id}");
    let change = json!({"message": "b", "is_hidden": true});
    assert_eq!(bench.graph_post(&node, &page, &change).await.json(), json!({"success": true}));
    let read = bench.graph_get(&format!("{node}?fields=message,is_hidden"), &page).await.json();
    assert_eq!((&read["message"], &read["is_hidden"]), (&json!("b"), &json!(true)));
    assert_eq!(bench.graph_get(&edge("posts"), &page).await.json()["data"], json!([]));
    let all = format!("{}?include_hidden=true", edge("posts"));
    assert_eq!(bench.graph_get(&all, &page).await.json()["data"].as_array().unwrap().len(), 1);
    bench.graph_post(&edge("feed"), &page, &json!({"message": "dark", "published": false})).await;
    assert_eq!(bench.graph_get(&edge("ads_posts"), &page).await.json()["data"][0]["message"], "dark");
    let wrong = json!({"timeline_visibility": "maybe"});
    assert_eq!(bench.graph_post(&node, &page, &wrong).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn a_reel_begins_gets_its_bytes_and_is_finished() {
    let (bench, page) = page_bench().await;
    let begun = bench.graph_post(&edge("video_reels"), &page, &json!({"upload_phase": "start"})).await;
    let id = text(&begun, "video_id");
    assert!(text(&begun, "upload_url").ends_with(&format!("/rupload/video-upload/v26.0/{id}")));
    let finish = json!({"upload_phase": "finish", "video_id": id, "video_state": "PUBLISHED"});
    assert_eq!(bench.graph_post(&edge("video_reels"), &page, &finish).await.graph_error().1, 6000);

    let part = |offset: &str, bytes: &'static [u8]| {
        rupload(&bench, &id, &page).header("offset", offset).header("file_size", MP4.len()).body(bytes)
    };
    let broken = bench.send(part("0", &MP4[..10])).await;
    assert_eq!((broken.status, &broken.json()["debug_info"]["retriable"]), (400, &json!(true)));
    assert_eq!(status(&bench, &page, &id).await["uploading_phase"]["bytes_transferred"], 10);
    assert_eq!(bench.send(part("0", MP4)).await.status, 412);
    assert_eq!(bench.send(part("10", &MP4[10..])).await.json(), json!({"success": true}));
    assert_eq!(status(&bench, &page, &id).await["video_status"], "upload_complete");

    let scheduled = json!({"upload_phase": "finish", "video_id": id, "video_state": "SCHEDULED"});
    assert_eq!(
        bench.graph_post(&edge("video_reels"), &page, &scheduled).await.graph_error(),
        (400, 100, None)
    );
    let done = bench.graph_post(&edge("video_reels"), &page, &finish).await;
    assert!(text(&done, "post_id").starts_with(PAGE));
    assert_eq!(bench.graph_post(&edge("video_reels"), &page, &finish).await.graph_error(), (400, 100, None));
    assert_eq!(status(&bench, &page, &id).await["publishing_phase"]["status"], "in_progress");
    advance(&bench, 3).await;
    let ready = status(&bench, &page, &id).await;
    assert_eq!(
        (&ready["video_status"], &ready["publishing_phase"]["status"]),
        (&json!("ready"), &json!("complete"))
    );
    assert_eq!(bench.graph_get(&edge("video_reels"), &page).await.json()["data"][0]["id"], json!(id));
    assert!(bench.sandbox.received().violations.is_empty());
}

#[tokio::test]
async fn what_is_no_video_fails_later() {
    let (bench, page) = page_bench().await;
    let id = text(
        &bench.graph_post(&edge("video_reels"), &page, &json!({"upload_phase": "start"})).await,
        "video_id",
    );
    let sent = rupload(&bench, &id, &page).header("offset", "0").header("file_size", 5).body("hello");
    assert_eq!(bench.send(sent).await.status, 200);
    let finish = json!({"upload_phase": "finish", "video_id": id, "video_state": "DRAFT"});
    assert_eq!(bench.graph_post(&edge("video_reels"), &page, &finish).await.json(), json!({"success": true}));
    let status = status(&bench, &page, &id).await;
    assert_eq!(
        (&status["video_status"], &status["processing_phase"]["status"]),
        (&json!("error"), &json!("error"))
    );
}

#[tokio::test]
async fn thirty_reels_a_day_are_enough() {
    let (bench, page) = page_bench().await;
    let one = || async {
        let start = json!({"upload_phase": "start"});
        let id = text(&bench.graph_post(&edge("video_reels"), &page, &start).await, "video_id");
        bench.send(rupload(&bench, &id, &page).header("file_url", "https://example.com/a.mp4")).await;
        let finish = json!({"upload_phase": "finish", "video_id": id, "video_state": "PUBLISHED"});
        bench.graph_post(&edge("video_reels"), &page, &finish).await
    };
    for _ in 0..30 {
        assert_eq!(one().await.status, 200);
    }
    assert_eq!(one().await.graph_error(), (400, 613, None));
    advance(&bench, 86_401).await;
    assert_eq!(one().await.status, 200);
}

#[tokio::test]
async fn stories_take_media_of_their_own_and_end_in_the_archive() {
    let (bench, page) = page_bench().await;
    let id = photo(&bench, &page).await;
    let story = json!({"photo_id": id});
    assert_eq!(bench.graph_post(&edge("photo_stories"), &page, &story).await.json()["success"], true);
    assert_eq!(bench.graph_post(&edge("photo_stories"), &page, &story).await.graph_error(), (400, 100, None));
    let begun = bench.graph_post(&edge("video_stories"), &page, &json!({"upload_phase": "start"})).await;
    let id = text(&begun, "video_id");
    bench.send(rupload(&bench, &id, &page).header("file_url", "https://example.com/a.mp4")).await;
    let captioned = json!({"upload_phase": "finish", "video_id": id, "description": "x"});
    assert_eq!(
        bench.graph_post(&edge("video_stories"), &page, &captioned).await.graph_error(),
        (400, 100, None)
    );
    let finish = json!({"upload_phase": "finish", "video_id": id});
    assert_eq!(bench.graph_post(&edge("video_stories"), &page, &finish).await.status, 200);
    let seen = bench.graph_get(&format!("{}?status=PUBLISHED", edge("stories")), &page).await.json();
    let kinds: Vec<_> =
        seen["data"].as_array().unwrap().iter().map(|story| story["media_type"].clone()).collect();
    assert_eq!(kinds, ["video", "photo"]);
    advance(&bench, 86_401).await;
    let old = bench.graph_get(&format!("{}?status=ARCHIVED", edge("stories")), &page).await.json();
    assert_eq!(old["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_video_is_made_changed_captioned_and_deleted() {
    let (bench, page) = page_bench().await;
    let made = bench
        .graph_post(
            &edge("videos"),
            &page,
            &json!({"file_url": "https://example.com/a.mp4", "title": "Oven"}),
        )
        .await;
    let node = format!("/v26.0/{}", text(&made, "id"));
    assert_eq!(bench.graph_post(&node, &page, &json!({"name": "New oven"})).await.json()["success"], true);
    advance(&bench, 2).await;
    let read = bench.graph_get(&format!("{node}?fields=title,status,length,post_id"), &page).await.json();
    assert_eq!((&read["title"], &read["status"]["video_status"]), (&json!("New oven"), &json!("ready")));
    let send = |name| {
        let request = bench.graph(Method::POST, &format!("{node}/captions"), &page);
        bench.send(multipart(request, &[], ("captions_file", name, b"1")))
    };
    assert_eq!(send("a.srt").await.graph_error(), (400, 386, None));
    assert_eq!(send("a.de_DE.srt").await.status, 200);
    let all = bench.graph_get(&format!("{node}/captions"), &page).await.json();
    assert_eq!(all["data"][0]["locale"], "de_DE");
    let invite = json!({"target_id": "555"});
    assert_eq!(bench.graph_post(&format!("{node}/collaborators"), &page, &invite).await.status, 200);
    assert_eq!(bench.graph_get(&edge("videos"), &page).await.json()["data"].as_array().unwrap().len(), 1);
    assert_eq!(bench.send(bench.graph(Method::DELETE, &node, &page)).await.status, 200);
    assert_eq!(bench.graph_get(&node, &page).await.graph_error(), (400, 100, Some(33)));
    for body in [json!({}), json!({"file_url": "https://example.com/a.mp4", "crossposted_video_id": "1"})] {
        assert_eq!(
            bench.graph_post(&edge("videos"), &page, &body).await.graph_error(),
            (400, 6000, Some(1_363_019))
        );
    }
}

#[tokio::test]
async fn settings_of_a_page_are_read_and_set() {
    let (bench, page) = page_bench().await;
    let off = json!({"option": {"USERS_CAN_POST": false}});
    assert_eq!(bench.graph_post(&edge("settings"), &page, &off).await.json(), json!({"success": true}));
    let all = bench.graph_get(&edge("settings"), &page).await.json();
    assert_eq!(all["data"][0], json!({"setting": "USERS_CAN_POST", "value": false}));
    let odd = json!({"option": {"SHOE_SIZE": 1}});
    assert_eq!(bench.graph_post(&edge("settings"), &page, &odd).await.graph_error(), (400, 100, None));
}
