//! Posts of LinkedIn beyond making and deleting: what they show, what may change, how they are found.

use http::Method;
use serde_json::{Value, json};

use super::{
    driver::{Bench, MEMBER, ORGANIZATION, Reply, text_post},
    linkedin_media::{PDF, PNG, encoded, exchange, uploaded, uploaded_video},
};

const VISITORS_POST: &str = "urn:li:share:7200000000000000001";
const NOT_TO_RESHARE: &str = "urn:li:share:7200000000000000002";

async fn posted(bench: &Bench, token: &str, body: &Value) -> String {
    let made = bench.rest_post("/posts", token, body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.header("x-restli-id").to_owned()
}

async fn update(bench: &Bench, token: &str, urn: &str, patch: Value) -> Reply {
    let request = bench.rest(Method::POST, &format!("/posts/{}", encoded(urn)), token);
    bench.send(request.header("X-RestLi-Method", "PARTIAL_UPDATE").json(&json!({ "patch": patch }))).await
}

async fn read(bench: &Bench, token: &str, urn: &str) -> Value {
    bench.rest_get(&format!("/posts/{}?viewContext=AUTHOR", encoded(urn)), token).await.json()
}

fn showing(author: &str, content: Value) -> Value {
    let mut body = text_post(author, "");
    body["content"] = content;
    body
}

#[tokio::test]
async fn what_a_post_shows_must_be_there_and_belong_to_its_author() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let image = uploaded(&bench, &token, "image", MEMBER, PNG).await;
    let document = uploaded(&bench, &token, "document", ORGANIZATION, PDF).await;
    let video = uploaded_video(&bench, &token, ORGANIZATION).await;
    let card = |id: &str| json!({"landingPage": "https://a.example", "media": {"id": id, "title": "x"}});
    let cases = [
        (json!({"media": {"id": "urn:li:image:nothing"}}), "INVALID_IMAGE_ID", "/content/media/id"),
        (json!({"media": {"id": "urn:li:video:nothing"}}), "INVALID_VIDEO_ID", "/content/media/id"),
        (
            json!({"media": {"id": "urn:li:document:nothing", "title": "x"}}),
            "INVALID_URN_ID",
            "/content/media/id",
        ),
        (json!({"media": {"id": image}}), "INVALID_VALUE_FOR_FIELD", "/content/media/id"),
        (
            json!({"multiImage": {"images": [{"id": image}, {"id": image}]}}),
            "INVALID_VALUE_FOR_FIELD",
            "/content/multiImage/images/0/id",
        ),
        (
            json!({"article": {"source": "https://a.example", "title": "x", "thumbnail": "urn:li:image:no"}}),
            "INVALID_IMAGE_ID",
            "/content/article/thumbnail",
        ),
        (json!({"reference": {"id": "urn:li:event:1"}}), "INVALID_URN_ID", "/content/reference/id"),
    ];
    for (content, code, path) in cases {
        let reply = bench.rest_post("/posts", &token, &showing(ORGANIZATION, content.clone())).await;
        assert_eq!((reply.status, &reply.json()["code"]), (400, &json!(code)), "{content}");
        let field = &reply.json()["errorDetails"]["inputErrors"][0]["input"]["inputPath"]["fieldPath"];
        assert_eq!(field, path, "{content}");
    }
    let mut carousel = showing(ORGANIZATION, json!({"carousel": {"cards": [card(&image), card(&image)]}}));
    carousel["adContext"] = json!({"dscAdAccount": "urn:li:sponsoredAccount:1", "dscAdType": "CAROUSEL"});
    let reply = bench.rest_post("/posts", &token, &carousel).await;
    assert_eq!(reply.json()["code"], "INVALID_VALUE_FOR_FIELD", "{}", reply.text);
    carousel["adContext"]["dscAdType"] = json!("SLIDES");
    assert_eq!(bench.rest_post("/posts", &token, &carousel).await.status, 400);
    posted(&bench, &token, &showing(ORGANIZATION, json!({"media": {"id": document, "title": "x"}}))).await;
    posted(&bench, &token, &showing(ORGANIZATION, json!({"media": {"id": video}}))).await;
    posted(&bench, &token, &showing(MEMBER, json!({"media": {"id": image}}))).await;
}

#[tokio::test]
async fn an_upload_that_is_not_ready_is_refused_until_it_is() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&["w_member_social"]);
    let body = json!({"initializeUploadRequest": {"owner": MEMBER}});
    let value =
        bench.rest_post("/images?action=initializeUpload", &token, &body).await.json()["value"].clone();
    let post = showing(MEMBER, json!({"media": {"id": value["image"]}}));
    let refused = bench.rest_post("/posts", &token, &post).await;
    assert_eq!(refused.json()["code"], "MEDIA_ASSET_WAITING_UPLOAD");
    let put = bench.http.put(value["uploadUrl"].as_str().unwrap()).bearer_auth(&token).body(PNG);
    assert_eq!(bench.send(put).await.status, 201);
    // A token that may not look can only try again.
    for _ in 0..2 {
        let refused = bench.rest_post("/posts", &token, &post).await;
        assert_eq!(refused.json()["code"], "MEDIA_ASSET_WAITING_UPLOAD");
    }
    posted(&bench, &token, &post).await;
}

#[tokio::test]
async fn what_is_reshared_must_exist_and_allow_it() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let reshare = |parent: &str, text: &str| {
        let mut body = text_post(MEMBER, text);
        body["reshareContext"] = json!({ "parent": parent });
        body
    };
    for (parent, code) in [("urn:li:share:1", "INVALID_URN_ID"), (NOT_TO_RESHARE, "INVALID_VALUE_FOR_FIELD")]
    {
        let reply = bench.rest_post("/posts", &token, &reshare(parent, "")).await;
        assert_eq!((reply.status, &reply.json()["code"]), (400, &json!(code)), "{parent}");
    }
    let first = posted(&bench, &token, &reshare(VISITORS_POST, "")).await;
    let second = posted(&bench, &token, &reshare(&first, "again")).await;
    let context = read(&bench, &token, &second).await["reshareContext"].clone();
    assert_eq!(context, json!({"parent": first, "root": VISITORS_POST}));
    bench.send(bench.rest(Method::DELETE, &format!("/posts/{}", encoded(&first)), &token)).await;
    assert_eq!(bench.rest_post("/posts", &token, &reshare(&first, "x")).await.status, 400);
    // The root is the platform's: it does not stand in the way of a change.
    assert_eq!(update(&bench, &token, &second, json!({"$set": {"commentary": "new"}})).await.status, 204);
}

#[tokio::test]
async fn a_partial_update_changes_what_may_change() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let mut body = text_post(ORGANIZATION, "before");
    body["adContext"] =
        json!({"dscAdAccount": "urn:li:sponsoredAccount:1", "dscName": "a", "dscStatus": "ACTIVE"});
    let urn = posted(&bench, &token, &body).await;
    let before = read(&bench, &token, &urn).await;
    assert_eq!(before["lifecycleStateInfo"]["isEditedByAuthor"], false);
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 5})).await;
    let patch = json!({
        "$set": {"commentary": "after (cut", "contentLandingPage": "https://a.example", "contentCallToActionLabel": "SIGN_UP"},
        "adContext": {"$set": {"dscName": "b", "dscStatus": "ARCHIVED"}},
    });
    let reply = update(&bench, &token, &urn, patch).await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    let after = read(&bench, &token, &urn).await;
    assert_eq!(after["commentary"], "after ");
    assert_eq!(
        (&after["adContext"]["dscName"], &after["contentCallToActionLabel"]),
        (&json!("b"), &json!("SIGN_UP"))
    );
    assert_eq!(after["lifecycleStateInfo"]["isEditedByAuthor"], true);
    assert_eq!(after["createdAt"], before["createdAt"]);
    assert!(after["lastModifiedAt"].as_i64() >= before["lastModifiedAt"].as_i64().map(|at| at + 5000));
    let kept = bench.sandbox.received().linkedin_posts.remove(0);
    assert!(kept.edited && kept.truncated && kept.visible_text == "after ");
    let gone = update(&bench, &token, &urn, json!({"$delete": ["contentCallToActionLabel"]})).await;
    assert_eq!(gone.status, 204);
    assert!(read(&bench, &token, &urn).await.get("contentCallToActionLabel").is_none());
}

#[tokio::test]
async fn a_partial_update_is_refused_when_it_reaches_too_far() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let urn = posted(&bench, &token, &text_post(ORGANIZATION, "text")).await;
    let cases = [
        (json!({}), 400, "INVALID_VALUE_FOR_FIELD"),
        (json!({"$set": {}}), 400, "INVALID_VALUE_FOR_FIELD"),
        (json!({"$set": {"visibility": "LOGGED_IN"}}), 403, "ACCESS_DENIED"),
        (json!({"$set": {"content": {}}}), 403, "ACCESS_DENIED"),
        (json!({"commentary": "x"}), 403, "ACCESS_DENIED"),
        (json!({"$delete": ["commentary"]}), 403, "ACCESS_DENIED"),
        (json!({"$set": {"commentary": ""}}), 400, "INVALID_VALUE_BLANK_FIELD"),
        (json!({"$set": {"commentary": 5}}), 400, "INVALID_VALUE_FOR_FIELD"),
        (json!({"$set": {"commentary": "x".repeat(3001)}}), 400, "FIELD_LENGTH_TOO_LONG"),
        (json!({"$set": {"contentCallToActionLabel": "SIGN_UP"}}), 400, "INVALID_CALL_TO_ACTION"),
        (json!({"$set": {"lifecycleState": "DRAFT"}}), 400, "INVALID_VALUE_FOR_FIELD"),
        (json!({"adContext": {"$set": {"dscName": "x"}}}), 400, "INVALID_VALUE_FOR_FIELD"),
    ];
    for (patch, status, code) in cases {
        let reply = update(&bench, &token, &urn, patch.clone()).await;
        assert_eq!((reply.status, &reply.json()["code"]), (status, &json!(code)), "{patch}");
    }
    let body = json!({"patch": {"$set": {"commentary": "x"}}});
    let path = format!("/posts/{}", encoded(&urn));
    assert_eq!(bench.rest_post(&path, &token, &body).await.linkedin_error().0, 400, "the header is missing");
    let wrong = bench.rest(Method::POST, &path, &token).header("X-RestLi-Method", "UPDATE").json(&body);
    assert_eq!(bench.send(wrong).await.linkedin_error().0, 400);
    let write_only = bench.sandbox.linkedin_token(&["w_member_social"]);
    let denied = update(&bench, &write_only, &urn, json!({"$set": {"commentary": "x"}})).await;
    assert_eq!(denied.linkedin_error().0, 403);
    let missing = update(&bench, &token, "urn:li:share:1", json!({"$set": {"commentary": "x"}})).await;
    assert_eq!(missing.linkedin_error().0, 404);
    assert!(!bench.sandbox.received().linkedin_posts[0].edited);
}

#[tokio::test]
async fn several_posts_are_read_at_once() {
    let bench = Bench::new().await;
    let token =
        bench.sandbox.linkedin_token(&["w_member_social", "w_organization_social", "r_organization_social"]);
    let ours = posted(&bench, &token, &text_post(ORGANIZATION, "ours")).await;
    let mine = posted(&bench, &token, &text_post(MEMBER, "mine")).await;
    let gone = posted(&bench, &token, &text_post(ORGANIZATION, "gone")).await;
    bench.send(bench.rest(Method::DELETE, &format!("/posts/{}", encoded(&gone)), &token)).await;
    let unknown = "urn:li:share:1";
    let ids: Vec<String> = [ours.as_str(), &mine, &gone, unknown].into_iter().map(encoded).collect();
    let request = bench.rest(Method::GET, &format!("/posts?ids=List({})", ids.join(",")), &token);
    let answer = bench.send(request.header("X-RestLi-Method", "BATCH_GET")).await.json();
    assert_eq!(answer["results"][&ours]["commentary"], "ours");
    assert_eq!((&answer["statuses"][&ours], &answer["statuses"][&mine]), (&json!(200), &json!(403)));
    assert_eq!(
        (&answer["errors"][&mine]["status"], &answer["errors"][unknown]["status"]),
        (&json!(403), &json!(404))
    );
    // What was deleted is in none of the maps.
    assert!(["results", "statuses", "errors"].iter().all(|map| answer[*map].get(&gone).is_none()));
}

#[tokio::test]
async fn finders_sort_and_select() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let first = posted(&bench, &token, &text_post(ORGANIZATION, "first")).await;
    let mut ad = text_post(ORGANIZATION, "ad");
    ad["adContext"] =
        json!({"dscAdAccount": "urn:li:sponsoredAccount:1", "dscAdType": "STANDARD", "isDsc": true});
    let ad = posted(&bench, &token, &ad).await;
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 5})).await;
    update(&bench, &token, &first, json!({"$set": {"commentary": "changed"}})).await;
    let found = async |query: &str| {
        let request = bench.rest(Method::GET, &format!("/posts?{query}"), &token);
        let reply = bench.send(request.header("X-RestLi-Method", "FINDER")).await;
        assert_eq!(reply.status, 200, "{query}: {}", reply.text);
        let ids = reply.json()["elements"].as_array().unwrap().clone();
        let ids: Vec<&str> = ids.iter().map(|post| post["id"].as_str().unwrap()).collect();
        ids.join(" ")
    };
    let author = format!("q=author&author={}", encoded(ORGANIZATION));
    assert_eq!(found(&author).await, format!("{first} {ad}"));
    assert_eq!(found(&format!("{author}&sortBy=CREATED")).await, format!("{ad} {first}"));
    assert_eq!(found(&format!("{author}&isDsc=true")).await, ad);
    assert_eq!(found(&format!("{author}&isDsc=false&count=100&start=0")).await, first);
    let account = format!("q=dscAdAccount&dscAdAccount={}", encoded("urn:li:sponsoredAccount:1"));
    assert_eq!(found(&account).await, ad);
    assert_eq!(found(&format!("{account}&dscAdTypes=List(STANDARD,VIDEO)")).await, ad);
    assert!(found(&format!("{account}&dscAdTypes=List(VIDEO)")).await.is_empty());
    for wrong in ["sortBy=NAME", "isDsc=yes", "viewContext=MODERATOR"] {
        let reply = bench.rest_get(&format!("/posts?{author}&{wrong}"), &token).await;
        assert_eq!(reply.linkedin_error().0, 400, "{wrong}");
    }
    let request = bench.rest(Method::GET, &format!("/posts?{author}"), &token);
    assert_eq!(bench.send(request.header("X-RestLi-Method", "GET")).await.linkedin_error().0, 400);
}

#[tokio::test]
async fn a_poll_is_read_with_its_votes() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let poll = json!({"question": "?", "options": [{"text": "a"}, {"text": "b"}], "settings": {"duration": "ONE_DAY"}});
    let urn = posted(&bench, &token, &showing(MEMBER, json!({ "poll": poll }))).await;
    let poll = read(&bench, &token, &urn).await["content"]["poll"].clone();
    assert_eq!((&poll["uniqueVotersCount"], &poll["options"][1]["voteCount"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn a_post_without_a_body_needs_its_length_and_heads_have_an_end() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let head = format!(
        "POST /linkedin-api/rest/images?action=initializeUpload HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Authorization: Bearer {token}\r\nLinkedIn-Version: 202609\r\nX-Restli-Protocol-Version: 2.0.0\r\n\r\n"
    );
    let answer = exchange(&bench, head).await;
    assert!(answer.starts_with("HTTP/1.1 411") && answer.contains("LENGTH_REQUIRED"), "{answer}");
    let long = bench.rest(Method::GET, "/me", &token).header("X-Padding", "x".repeat(28 * 1024));
    assert_eq!(bench.send(long).await.linkedin_error().0, 414);
}

#[tokio::test]
async fn a_quota_runs_out_after_so_many_calls() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let fault = json!({"match": {"platform": "linkedin", "path_contains": "/rest/organizationAcls"},
        "kind": "throttle_app", "after": 2, "times": 100});
    assert_eq!(bench.control(Method::POST, "/faults", &fault).await.status, 200);
    let call = async || bench.rest_get("/organizationAcls?q=roleAssignee", &token).await;
    assert_eq!((call().await.status, call().await.status), (200, 200));
    let refused = call().await;
    assert_eq!(refused.linkedin_error(), (429, "TOO_MANY_REQUESTS".to_owned(), Some(101)));
    assert!(refused.text.contains("APPLICATION DAY limit"), "{}", refused.text);
}
