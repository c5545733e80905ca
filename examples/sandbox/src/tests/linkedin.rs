//! LinkedIn's REST API, when everything is in order.

use http::Method;
use serde_json::json;

use super::{
    driver::{ANALYST_ORGANIZATION, Bench, MEMBER, ORGANIZATION, text_post},
    linkedin_media::{PDF, PNG, uploaded, uploaded_video},
};

fn encoded(urn: &str) -> String {
    urn.replace(':', "%3A")
}

#[tokio::test]
async fn roles_are_listed_page_by_page() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let all = bench.rest_get("/organizationAcls?q=roleAssignee", &token).await.json();
    assert_eq!(all["elements"][0]["organization"], ORGANIZATION);
    assert_eq!(all["elements"][1]["role"], "ANALYST");
    assert_eq!(all["elements"][1]["organization"], ANALYST_ORGANIZATION);
    let path = "/organizationAcls?q=roleAssignee&state=APPROVED&start=0&count=1";
    let first = bench.rest_get(path, &token).await.json();
    assert_eq!((&first["paging"]["count"], first["elements"].as_array().unwrap().len()), (&1.into(), 1));
    let link = &first["paging"]["links"][0];
    assert_eq!(link["rel"], "next");
    let href = link["href"].as_str().unwrap().strip_prefix("/rest").unwrap();
    let second = bench.rest_get(href, &token).await.json();
    assert_eq!(second["elements"][0]["organization"], ANALYST_ORGANIZATION);
    assert_eq!(second["paging"]["links"][0]["rel"], "prev");
    let admin = bench.rest_get("/organizationAcls?q=roleAssignee&role=ADMINISTRATOR", &token).await.json();
    assert_eq!(admin["elements"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_post_is_created_read_listed_and_deleted() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let text = "Hello \\(world\\) #rust @[Sandbox Bakery](urn:li:organization:5000001)";
    let made = bench.rest_post("/posts", &token, &text_post(ORGANIZATION, text)).await;
    assert_eq!((made.status, made.text.as_str()), (201, ""));
    let urn = made.header("x-restli-id").to_owned();
    assert!(urn.starts_with("urn:li:share:"), "{urn}");
    assert_eq!(made.header("location"), format!("/posts/{}", encoded(&urn)));
    let id: i64 = urn.rsplit(':').next().unwrap().parse().unwrap();
    let received = bench.sandbox.received().linkedin_posts;
    assert_eq!(id >> 22, received[0].created_at);
    assert_eq!(received[0].visible_text, "Hello (world) #rust Sandbox Bakery");
    assert!(!received[0].truncated);
    assert_eq!(received[0].mentions, [ORGANIZATION]);

    let read = bench.rest_get(&format!("/posts/{}", encoded(&urn)), &token).await.json();
    assert_eq!(read["id"], urn.as_str());
    assert!(read["commentary"].as_str().unwrap().contains("{hashtag|\\#|rust}"));
    let list =
        bench.rest_get(&format!("/posts?q=author&author={}&count=10", encoded(ORGANIZATION)), &token).await;
    assert_eq!(list.json()["elements"][0]["id"], urn.as_str());

    for _ in 0..2 {
        let gone = bench.send(bench.rest(Method::DELETE, &format!("/posts/{}", encoded(&urn)), &token)).await;
        assert_eq!(gone.status, 204);
    }
    let missing = bench.rest_get(&format!("/posts/{}", encoded(&urn)), &token).await;
    assert_eq!(missing.linkedin_error().0, 404);
    assert!(bench.sandbox.received().linkedin_posts[0].deleted);
}

#[tokio::test]
async fn ids_tell_kinds_of_posts_apart() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let first = uploaded(&bench, &token, "image", MEMBER, PNG).await;
    let second = uploaded(&bench, &token, "image", MEMBER, PNG).await;
    let document = uploaded(&bench, &token, "document", MEMBER, PDF).await;
    let video = uploaded_video(&bench, &token, MEMBER).await;
    let image = json!({"media": {"id": first, "altText": "x"}});
    let images = json!({"multiImage": {"images": [{"id": first}, {"id": second}]}});
    let poll = json!({"poll": {"question": "?", "options": [{"text": "a"}, {"text": "b"}],
        "settings": {"duration": "THREE_DAYS", "voteSelectionType": "SINGLE_VOTE", "isVoterVisibleToAuthor": true}}});
    let article = json!({"article": {"source": "https://example.com", "title": "t", "thumbnail": second}});
    let cases = [
        (image, "share"),
        (json!({"media": {"id": document, "title": "a.pdf"}}), "share"),
        (article, "share"),
        (json!({"reference": {"id": "urn:li:event:7190000000000000001"}}), "share"),
        (json!({"media": {"id": video}}), "ugcPost"),
        (images, "ugcPost"),
        (poll, "ugcPost"),
    ];
    for (content, kind) in cases {
        let mut body = text_post(MEMBER, "");
        body["content"] = content.clone();
        let made = bench.rest_post("/posts", &token, &body).await;
        assert_eq!(made.status, 201, "{content}: {}", made.text);
        assert!(made.header("x-restli-id").starts_with(&format!("urn:li:{kind}:")), "{content}");
    }
    let mut reshare = text_post(MEMBER, "");
    reshare["reshareContext"] = json!({"parent": "urn:li:share:7200000000000000001"});
    assert_eq!(bench.rest_post("/posts", &token, &reshare).await.status, 201);
}

#[tokio::test]
async fn a_bare_reserved_character_cuts_the_text_silently() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let made = bench.rest_post("/posts", &token, &text_post(MEMBER, "Opening hours (daily) 9-5")).await;
    assert_eq!(made.status, 201);
    let received = bench.sandbox.received().linkedin_posts;
    assert_eq!((received[0].visible_text.as_str(), received[0].truncated), ("Opening hours ", true));
}

#[tokio::test]
async fn mentions_link_only_when_the_name_is_right() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let cases = [
        ("@[Sandbox Bakery](urn:li:organization:5000001)", true),
        ("@[sandbox bakery](urn:li:organization:5000001)", false),
        ("@[Ada](urn:li:person:sbx-Ada_01)", true),
        ("@[Ada Sandbox](urn:li:person:sbx-Ada_01)", true),
        ("@[Bob](urn:li:person:sbx-Ada_01)", false),
        ("@[Nobody](urn:li:organization:1)", false),
    ];
    for (text, links) in cases {
        bench.rest_post("/posts", &token, &text_post(MEMBER, text)).await;
        let post = bench.sandbox.received().linkedin_posts.pop().unwrap();
        assert_eq!((post.mentions.len(), post.truncated), (usize::from(links), false), "{text}");
    }
}

#[tokio::test]
async fn long_queries_go_through_the_tunnel() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let query = "q=roleAssignee&role=ADMINISTRATOR";
    let tunnel = bench
        .rest(Method::POST, "/organizationAcls", &token)
        .header("X-HTTP-Method-Override", "GET")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(query);
    let body = bench.send(tunnel).await.json();
    assert_eq!(body["elements"].as_array().unwrap().len(), 1);

    let post = text_post(MEMBER, "through the tunnel").to_string();
    let multipart = format!(
        "--B\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nfields=id\r\n--B\r\n\
         Content-Type: application/json\r\n\r\n{post}\r\n--B--\r\n"
    );
    let with_body = bench
        .rest(Method::POST, "/posts", &token)
        .header("X-HTTP-Method-Override", "POST")
        .header("Content-Type", "multipart/mixed; boundary=B")
        .body(multipart);
    let made = bench.send(with_body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let urn = made.header("x-restli-id").to_owned();
    let delete = bench
        .rest(Method::POST, &format!("/posts/{}", encoded(&urn)), &token)
        .header("X-HTTP-Method-Override", "DELETE")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Content-Length", "0");
    assert_eq!(bench.send(delete).await.status, 204);
}
