//! Images, videos and documents of LinkedIn.

use http::Method;
use serde_json::{Value, json};

use super::driver::{ANALYST_ORGANIZATION, Bench, MEMBER, ORGANIZATION, Reply, text_post};

pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06";
pub(super) const PDF: &[u8] = b"%PDF-1.7 sandbox";
const MP4: &[u8] = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2";
const PART: usize = 4_194_304;

pub(super) fn encoded(urn: &str) -> String {
    urn.replace('%', "%25").replace(':', "%3A").replace('(', "%28").replace(')', "%29").replace(',', "%2C")
}

/// Sends bytes as they are, for what the client does not send; the answer.
pub(super) async fn exchange(bench: &Bench, request: String) -> String {
    use std::io::{Read as _, Write as _};

    let address = bench.sandbox.address();
    let exchange = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    exchange.await.unwrap()
}

async fn action(bench: &Bench, token: &str, resource: &str, name: &str, body: &Value) -> Reply {
    let request = bench.rest(Method::POST, &format!("/{resource}?action={name}"), token);
    bench.send(request.header("X-RestLi-Method", "ACTION").json(body)).await
}

async fn initialize(bench: &Bench, token: &str, kind: &str, fields: Value) -> Reply {
    let body = json!({"initializeUploadRequest": fields});
    action(bench, token, &format!("{kind}s"), "initializeUpload", &body).await
}

async fn put(bench: &Bench, address: &Value, token: Option<&str>, bytes: &[u8]) -> Reply {
    let mut request = bench.http.put(address.as_str().unwrap()).body(bytes.to_vec());
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    bench.send(request).await
}

async fn read(bench: &Bench, token: &str, kind: &str, urn: &str) -> Reply {
    bench.rest_get(&format!("/{kind}s/{}", encoded(urn)), token).await
}

/// An uploaded image or document that is ready to be shown.
pub(super) async fn uploaded(bench: &Bench, token: &str, kind: &str, owner: &str, bytes: &[u8]) -> String {
    let value = initialize(bench, token, kind, json!({"owner": owner})).await.json()["value"].clone();
    assert_eq!(put(bench, &value["uploadUrl"], Some(token), bytes).await.status, 201);
    let urn = value[kind].as_str().unwrap().to_owned();
    settle(bench, token, kind, &urn, "AVAILABLE").await;
    urn
}

/// An uploaded video that is ready to be shown.
pub(super) async fn uploaded_video(bench: &Bench, token: &str, owner: &str) -> String {
    let (value, ids) = video_parts(bench, token, owner, MP4).await;
    assert_eq!(finalize(bench, token, &value, &value["uploadToken"], &ids).await.status, 200);
    let urn = value["video"].as_str().unwrap().to_owned();
    settle(bench, token, "video", &urn, "AVAILABLE").await;
    urn
}

/// Two looks see the platform at work, the third the outcome.
async fn settle(bench: &Bench, token: &str, kind: &str, urn: &str, outcome: &str) {
    for expected in ["PROCESSING", "PROCESSING", outcome] {
        assert_eq!(read(bench, token, kind, urn).await.json()["status"], expected, "{urn}");
    }
}

async fn video_parts(bench: &Bench, token: &str, owner: &str, bytes: &[u8]) -> (Value, Vec<String>) {
    let fields = json!({"owner": owner, "fileSizeBytes": bytes.len(), "uploadCaptions": true, "uploadThumbnail": true});
    let value = initialize(bench, token, "video", fields).await.json()["value"].clone();
    let mut ids = Vec::new();
    for part in value["uploadInstructions"].as_array().unwrap() {
        let at = |name: &str| usize::try_from(part[name].as_u64().unwrap()).unwrap();
        let reply = put(bench, &part["uploadUrl"], None, &bytes[at("firstByte")..=at("lastByte")]).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        ids.push(reply.header("etag").to_owned());
    }
    (value, ids)
}

async fn finalize(bench: &Bench, token: &str, value: &Value, upload_token: &Value, ids: &[String]) -> Reply {
    let fields = json!({"video": value["video"], "uploadToken": upload_token, "uploadedPartIds": ids});
    action(bench, token, "videos", "finalizeUpload", &json!({"finalizeUploadRequest": fields})).await
}

fn code(reply: &Reply) -> (u16, String) {
    let (status, code, _) = reply.linkedin_error();
    (status, code)
}

#[tokio::test]
async fn an_image_goes_from_waiting_to_available() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let answer = initialize(&bench, &token, "image", json!({"owner": ORGANIZATION})).await.json();
    let value = &answer["value"];
    let mut names: Vec<&String> = value.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["image", "uploadUrl", "uploadUrlExpiresAt"]);
    let urn = value["image"].as_str().unwrap();
    assert!(urn.starts_with("urn:li:image:"), "{urn}");
    let waiting = read(&bench, &token, "image", urn).await.json();
    assert_eq!(waiting, json!({"id": urn, "owner": ORGANIZATION, "status": "WAITING_UPLOAD"}));
    assert_eq!(put(&bench, &value["uploadUrl"], Some(&token), PNG).await.status, 201);
    assert_eq!(read(&bench, &token, "image", urn).await.json()["status"], "PROCESSING");
    // Two seconds are enough without any look.
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 2})).await;
    let ready = read(&bench, &token, "image", urn).await.json();
    assert_eq!(ready["status"], "AVAILABLE");
    assert!(ready["downloadUrl"].is_string() && ready["downloadUrlExpiresAt"].is_i64());

    let other = "urn:li:image:C4E10AQnobody";
    let path = format!("/images?ids=List({},{})", encoded(urn), encoded(other));
    let several = bench.rest_get(&path, &token).await.json();
    assert_eq!(several["results"][urn]["status"], "AVAILABLE");
    assert_eq!((&several["statuses"][urn], &several["errors"][other]["status"]), (&json!(200), &json!(404)));
}

#[tokio::test]
async fn the_body_of_an_initialization_is_checked() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let cases = [
        ("image", json!({}), 400, "MISSING_FIELD"),
        ("image", json!({"owner": "urn:li:company:1"}), 400, "INVALID_URN_TYPE"),
        ("image", json!({"owner": ANALYST_ORGANIZATION}), 403, "ACCESS_DENIED"),
        ("image", json!({"owner": "urn:li:person:somebody"}), 403, "ACCESS_DENIED"),
        ("image", json!({"owner": MEMBER, "fileSizeBytes": 5}), 422, "UNPROCESSABLE_ENTITY"),
        ("document", json!({"owner": MEMBER, "name": "a.pdf"}), 422, "UNPROCESSABLE_ENTITY"),
        ("video", json!({"owner": MEMBER}), 400, "MISSING_FIELD"),
        ("video", json!({"owner": MEMBER, "fileSizeBytes": "5"}), 400, "INVALID_VALUE_FOR_FIELD"),
        ("video", json!({"owner": MEMBER, "fileSizeBytes": 0}), 400, "INVALID_VALUE_FOR_FIELD"),
        (
            "video",
            json!({"owner": MEMBER, "fileSizeBytes": 5, "uploadCaptions": "no"}),
            400,
            "INVALID_VALUE_FOR_FIELD",
        ),
        (
            "image",
            json!({"owner": MEMBER, "mediaLibraryMetadata": {"associatedAccount": MEMBER}}),
            400,
            "INVALID_URN_TYPE",
        ),
    ];
    for (kind, fields, status, expected) in cases {
        let reply = initialize(&bench, &token, kind, fields.clone()).await;
        assert_eq!(code(&reply), (status, expected.to_owned()), "{kind} {fields}");
    }
    let wrapped = action(&bench, &token, "images", "initializeUpload", &json!({"owner": MEMBER})).await;
    assert_eq!(wrapped.status, 422);
    let library = json!({"owner": MEMBER, "mediaLibraryMetadata": {"associatedAccount": "urn:li:sponsoredAccount:1", "assetName": "x"}});
    assert_eq!(initialize(&bench, &token, "document", library).await.status, 200);
    assert_eq!(action(&bench, &token, "images", "finalizeUpload", &json!({})).await.status, 400);
    // A field of a later version.
    let body = json!({"initializeUploadRequest": {"owner": MEMBER, "fileSizeBytes": 5, "templateName": "x"}});
    for (version, status) in [("202601", 422), ("202602", 200)] {
        let url = format!("{}/rest/videos?action=initializeUpload", bench.endpoints().linkedin_api);
        let request = bench.http.post(url).bearer_auth(&token).header("LinkedIn-Version", version);
        let request = request.header("X-Restli-Protocol-Version", "2.0.0").json(&body);
        assert_eq!(bench.send(request).await.status, status, "{version}");
    }
}

#[tokio::test]
async fn bytes_are_put_once_whole_and_with_the_token() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let value = initialize(&bench, &token, "image", json!({"owner": MEMBER})).await.json()["value"].clone();
    let address = value["uploadUrl"].as_str().unwrap();
    assert!(address.starts_with(&format!("{}/dms-uploads/", bench.endpoints().linkedin_oauth)), "{address}");
    let stranger = bench.sandbox.linkedin_token(&["openid"]);
    bench.control(Method::POST, "/person", &json!({"platform": "linkedin", "id": "sbx-Bo_02"})).await;
    let bo = bench.member_token();
    let request = |method: Method, address: &str| bench.http.request(method, address);
    let cases = [
        ("no token", request(Method::PUT, address).body(PNG), 401),
        ("garbage", request(Method::PUT, address).bearer_auth("AQx").body(PNG), 401),
        ("of somebody else", request(Method::PUT, address).bearer_auth(&bo).body(PNG), 401),
        ("POST", request(Method::POST, address).bearer_auth(&token).body(PNG), 405),
        ("nothing", request(Method::PUT, address).bearer_auth(&token).header("Content-Length", "0"), 400),
        (
            "form",
            request(Method::PUT, address)
                .bearer_auth(&token)
                .header("Content-Type", "multipart/form-data; boundary=B")
                .body(PNG),
            400,
        ),
        (
            "address changed",
            request(Method::PUT, &address.replace("%2B", "+")).bearer_auth(&token).body(PNG),
            404,
        ),
    ];
    for (name, request, status) in cases {
        assert_eq!(bench.send(request).await.status, status, "{name}");
    }
    let (_, path) = address.split_once("/linkedin/").unwrap();
    let chunked = format!(
        "PUT /linkedin/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Transfer-Encoding: chunked\r\n\r\n3\r\nGIF\r\n0\r\n\r\n"
    );
    assert!(exchange(&bench, chunked).await.starts_with("HTTP/1.1 400"), "chunks");
    // Any good token of the member who asked will do; a second time there is nothing to put.
    assert_eq!(put(&bench, &value["uploadUrl"], Some(&stranger), PNG).await.status, 201);
    assert_eq!(put(&bench, &value["uploadUrl"], Some(&token), PNG).await.status, 400);
}

#[tokio::test]
async fn upload_addresses_end_after_thirty_days() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let value = initialize(&bench, &token, "image", json!({"owner": MEMBER})).await.json()["value"].clone();
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 30 * 86_400})).await;
    let late = put(&bench, &value["uploadUrl"], Some(&token), PNG).await;
    assert_eq!(code(&late), (401, "EXPIRED_UPLOAD_URL".to_owned()));
}

#[tokio::test]
async fn a_video_comes_in_parts() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let mut bytes = MP4.to_vec();
    bytes.resize(PART + 10, 7);
    let (value, ids) = video_parts(&bench, &token, MEMBER, &bytes).await;
    let parts = value["uploadInstructions"].as_array().unwrap();
    let ranges: Vec<(u64, u64)> = parts
        .iter()
        .map(|part| (part["firstByte"].as_u64().unwrap(), part["lastByte"].as_u64().unwrap()))
        .collect();
    assert_eq!(ranges, [(0, 4_194_303), (4_194_304, 4_194_313)]);
    assert!(!value["uploadToken"].as_str().unwrap().is_empty());
    // A part sent again is the same part; with other bytes it is refused.
    let last = &parts[1]["uploadUrl"];
    let again = put(&bench, last, Some(&token), &bytes[PART..]).await;
    assert_eq!((again.status, again.header("etag")), (200, ids[1].as_str()));
    assert_eq!(put(&bench, last, None, &[9; 10]).await.status, 400);
    assert_eq!(put(&bench, last, None, &[7; 9]).await.status, 400, "wrong size");
    assert_eq!(
        put(&bench, &value["captionsUploadUrl"], None, b"1\n00:00:00,000 --> 00:00:01,000\nHi\n")
            .await
            .status,
        201
    );
    assert_eq!(put(&bench, &value["thumbnailUploadUrl"], None, b"no image").await.status, 400);
    assert_eq!(put(&bench, &value["thumbnailUploadUrl"], None, PNG).await.status, 201);

    let urn = value["video"].as_str().unwrap();
    assert_eq!(read(&bench, &token, "video", urn).await.json()["status"], "WAITING_UPLOAD");
    let turned: Vec<String> = ids.iter().rev().cloned().collect();
    let quoted: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    for (name, wrong) in
        [("turned", &turned[..]), ("one missing", &ids[..1]), ("quoted", &quoted[..]), ("none", &[])]
    {
        let reply = finalize(&bench, &token, &value, &value["uploadToken"], wrong).await;
        assert_eq!(code(&reply), (400, "UPDATING_ASSET_FAILED".to_owned()), "{name}");
    }
    let reply = finalize(&bench, &token, &value, &json!("other"), &ids).await;
    assert_eq!(code(&reply), (400, "UPDATING_ASSET_FAILED".to_owned()));
    assert_eq!(
        code(&finalize(&bench, &token, &value, &Value::Null, &ids).await),
        (400, "MISSING_FIELD".to_owned())
    );
    for _ in 0..2 {
        let done = finalize(&bench, &token, &value, &value["uploadToken"], &ids).await;
        assert_eq!((done.status, done.text.as_str()), (200, ""));
    }
    settle(&bench, &token, "video", urn, "AVAILABLE").await;
    let ready = read(&bench, &token, "video", urn).await.json();
    assert!(ready["duration"].is_i64() && ready["captions"].is_string() && ready["thumbnail"].is_string());
    assert_eq!(put(&bench, last, None, &bytes[PART..]).await.status, 400, "the upload is over");
}

#[tokio::test]
async fn parts_come_in_their_order_and_all_of_them() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let fields = json!({"owner": MEMBER, "fileSizeBytes": PART + 3});
    let value = initialize(&bench, &token, "video", fields).await.json()["value"].clone();
    assert!(value.get("captionsUploadUrl").is_none() && value.get("thumbnailUploadUrl").is_none());
    let second = &value["uploadInstructions"][1]["uploadUrl"];
    assert_eq!(put(&bench, second, None, &[0; 3]).await.status, 400);
    let reply = finalize(&bench, &token, &value, &value["uploadToken"], &[]).await;
    assert_eq!(code(&reply), (400, "MEDIA_ASSET_WAITING_UPLOAD".to_owned()));
}

#[tokio::test]
async fn a_file_of_another_kind_fails_in_processing() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    for kind in ["image", "document"] {
        let value = initialize(&bench, &token, kind, json!({"owner": MEMBER})).await.json()["value"].clone();
        assert_eq!(put(&bench, &value["uploadUrl"], Some(&token), b"just text").await.status, 201);
        settle(&bench, &token, kind, value[kind].as_str().unwrap(), "PROCESSING_FAILED").await;
    }
    let (value, ids) = video_parts(&bench, &token, MEMBER, b"just text").await;
    assert_eq!(value["uploadToken"], "", "one part needs no token");
    assert_eq!(finalize(&bench, &token, &value, &json!(""), &ids).await.status, 200);
    let urn = value["video"].as_str().unwrap();
    settle(&bench, &token, "video", urn, "PROCESSING_FAILED").await;
    assert!(read(&bench, &token, "video", urn).await.json()["processingFailureReason"].is_string());
    let mut post = text_post(MEMBER, "");
    post["content"] = json!({"media": {"id": urn}});
    let refused = bench.rest_post("/posts", &token, &post).await;
    assert_eq!(code(&refused), (400, "MEDIA_ASSET_PROCESSING_FAILED".to_owned()));
}

#[tokio::test]
async fn write_only_tokens_see_videos_and_nothing_else() {
    let bench = Bench::new().await;
    let all = bench.member_token();
    let write_only = bench.sandbox.linkedin_token(&["w_member_social"]);
    let image = uploaded(&bench, &all, "image", MEMBER, PNG).await;
    let document = uploaded(&bench, &all, "document", MEMBER, PDF).await;
    let video = uploaded_video(&bench, &write_only, MEMBER).await;
    for (kind, urn) in [("image", &image), ("document", &document)] {
        let refused = read(&bench, &write_only, kind, urn).await;
        assert_eq!(code(&refused), (403, "ACCESS_DENIED".to_owned()), "{kind}");
        let several =
            bench.rest_get(&format!("/{kind}s?ids=List({})", encoded(urn)), &write_only).await.json();
        assert_eq!(several["errors"][urn.as_str()]["status"], 403, "{kind}");
    }
    assert_eq!(read(&bench, &write_only, "video", &video).await.status, 200);
    bench.control(Method::POST, "/person", &json!({"platform": "linkedin", "id": "sbx-Bo_02"})).await;
    let bo = bench.member_token();
    let refused = read(&bench, &bo, "video", &video).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("Accessing this video resource is forbidden"), "{}", refused.text);
    assert_eq!(read(&bench, &bo, "image", &image).await.status, 403);
    assert_eq!(read(&bench, &all, "video", &image).await.status, 400, "an image is no video");
}
