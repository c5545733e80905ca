//! Instagram content, through both doors.

use http::Method;
use serde_json::{Value, json};

use super::driver::{ALL_META, Bench, PAGE, REDIRECT, Reply};
use crate::{graph::areas::instagram::neighbours, request::encode_form};

pub(super) const ACCOUNT: &str = "17841405822300201";
const OTHER: &str = "17841405822300202";
pub(super) const PICTURE: &str = "https://example.com/a.jpg";
pub(super) const VIDEO: &str = "https://example.com/a.mp4";
const INSTAGRAM: [&str; 8] = [
    "instagram_manage_insights",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_contents",
    "instagram_manage_engagement",
    "instagram_shopping_tag_products",
    "catalog_management",
];
const SITE: &str =
    "instagram_business_basic,instagram_business_content_publish,instagram_business_manage_comments";

pub(super) type Fields<'a> = &'a [(&'a str, &'a str)];

pub(super) struct Desk {
    bench: Bench,
    token: String,
}

impl Desk {
    pub(super) async fn new() -> Self {
        let bench = Bench::new().await;
        let permissions: Vec<&str> = ALL_META.iter().chain(&INSTAGRAM).copied().collect();
        let token = bench.sandbox.meta_user_token(&permissions);
        Self { bench, token }
    }

    pub(super) async fn post(&self, path: &str, fields: Fields<'_>) -> Reply {
        let request = self.bench.graph(Method::POST, &format!("/v26.0/{path}"), &self.token);
        self.bench.send(request.form(fields)).await
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        self.bench.graph_get(&format!("/v26.0/{path}"), &self.token).await
    }

    pub(super) async fn delete(&self, path: &str) -> Reply {
        self.bench.send(self.bench.graph(Method::DELETE, &format!("/v26.0/{path}"), &self.token)).await
    }

    pub(super) async fn pass(&self, seconds: i64) {
        self.bench.control(Method::POST, "/clock", &json!({"advance_seconds": seconds})).await;
    }

    pub(super) async fn container(&self, fields: Fields<'_>) -> String {
        id(&self.post(&format!("{ACCOUNT}/media"), fields).await)
    }

    pub(super) async fn publish(&self, container: &str) -> Reply {
        self.post(&format!("{ACCOUNT}/media_publish"), &[("creation_id", container)]).await
    }

    pub(super) async fn published(&self, fields: Fields<'_>) -> String {
        let container = self.container(fields).await;
        self.pass(3).await;
        id(&self.publish(&container).await)
    }

    pub(super) async fn status(&self, container: &str) -> Value {
        self.get(&format!("{container}?fields=status_code,status")).await.json()
    }

    pub(super) async fn refused(&self, fields: Fields<'_>, code: i64, subcode: Option<i64>) {
        let reply = self.post(&format!("{ACCOUNT}/media"), fields).await;
        assert_eq!(reply.graph_error(), (400, code, subcode), "{fields:?}: {}", reply.text);
    }
}

fn id(reply: &Reply) -> String {
    reply.json()["id"].as_str().unwrap_or_else(|| panic!("no id: {}", reply.text)).to_owned()
}

/// A token of Instagram Login with these permissions.
async fn site_token(bench: &Bench, scope: &str) -> String {
    let fields = [
        ("client_id", "900100200300501"),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", scope),
        ("sandbox_decision", "allow"),
    ];
    let url = format!("{}/oauth/authorize?{}", bench.endpoints().instagram, encode_form(&fields));
    let code = bench.get(&url).await.redirected("code").unwrap();
    let fields = [
        ("client_id", "900100200300501"),
        ("client_secret", "sandbox-instagram-app-secret"),
        ("grant_type", "authorization_code"),
        ("redirect_uri", REDIRECT),
        ("code", &code),
    ];
    let url = format!("{}/oauth/access_token", bench.endpoints().instagram_api);
    let body = bench.send(bench.http.post(url).form(&fields)).await.json();
    body.pointer("/data/0/access_token").unwrap_or(&body["access_token"]).as_str().unwrap().to_owned()
}

async fn site(bench: &Bench, method: Method, path: &str, token: &str, fields: Fields<'_>) -> Reply {
    let url = format!("{}/v26.0/{path}", bench.endpoints().instagram_api);
    let request = bench.http.request(method, url).bearer_auth(token);
    bench.send(if fields.is_empty() { request } else { request.form(fields) }).await
}

#[tokio::test]
async fn the_page_names_its_instagram_account_to_those_who_may_know() {
    let desk = Desk::new().await;
    let page = desk.get(&format!("{PAGE}?fields=instagram_business_account")).await.json();
    assert_eq!(page["instagram_business_account"], json!({"id": ACCOUNT}));
    let page = desk.get(&format!("{PAGE}?fields=instagram_business_account{{id,username}}")).await.json();
    assert_eq!(page["instagram_business_account"]["username"], "sandbox.bakery");
    let path = format!("/v26.0/{PAGE}?fields=instagram_business_account");
    let page = desk.bench.graph_get(&path, &desk.bench.user_token()).await.json();
    assert_eq!(page, json!({"id": PAGE}));
}

#[tokio::test]
async fn a_picture_is_processed_published_read_and_deleted() {
    let desk = Desk::new().await;
    let container =
        desk.container(&[("image_url", PICTURE), ("caption", "Rolls #bread"), ("alt_text", "x")]).await;
    let early = desk.publish(&container).await;
    assert_eq!(early.graph_error(), (400, 9007, Some(2_207_027)));
    assert_eq!(desk.status(&container).await["status_code"], "IN_PROGRESS");
    assert_eq!(desk.status(&container).await["status_code"], "IN_PROGRESS");
    assert_eq!(desk.status(&container).await["status_code"], "FINISHED");
    let media = id(&desk.publish(&container).await);
    assert_eq!(desk.status(&container).await["status_code"], "PUBLISHED");
    assert_eq!(desk.publish(&container).await.graph_error(), (400, 24, Some(2_207_006)));

    let read =
        desk.get(&format!("{media}?fields=caption,media_type,permalink,shortcode,alt_text")).await.json();
    assert_eq!((&read["caption"], &read["media_type"]), (&json!("Rolls #bread"), &json!("IMAGE")));
    assert!(read["permalink"].as_str().unwrap().contains(read["shortcode"].as_str().unwrap()));
    assert_eq!(desk.get(&format!("{ACCOUNT}/media")).await.json()["data"], json!([{"id": media}]));
    assert_eq!(desk.get(&format!("{ACCOUNT}?fields=media_count")).await.json()["media_count"], 1);
    assert_eq!(desk.get(&format!("{media}?fields=nothing")).await.graph_error(), (400, 100, None));

    assert_eq!(desk.delete(&media).await.json()["success"], true);
    assert_eq!(desk.get(&media).await.graph_error(), (400, 100, Some(33)));
    assert_eq!(desk.get(&format!("{ACCOUNT}/media")).await.json()["data"], json!([]));
}

#[tokio::test]
async fn a_container_expires_after_a_day() {
    let desk = Desk::new().await;
    let container = desk.container(&[("image_url", PICTURE)]).await;
    desk.pass(86_401).await;
    assert_eq!(desk.status(&container).await["status_code"], "EXPIRED");
    assert_eq!(desk.publish(&container).await.graph_error(), (400, -2, Some(2_207_020)));
    assert_eq!(desk.publish("17880000000009999").await.graph_error(), (400, 24, Some(2_207_008)));
}

#[tokio::test]
async fn a_video_that_cannot_be_used_ends_in_an_error() {
    let desk = Desk::new().await;
    let container =
        desk.container(&[("media_type", "REELS"), ("video_url", "https://example.com/a.avi")]).await;
    desk.pass(3).await;
    let status = desk.status(&container).await;
    assert_eq!(status["status_code"], "ERROR");
    assert!(status["status"].as_str().unwrap().contains("2207026"));
    assert_eq!(desk.publish(&container).await.graph_error(), (400, 352, Some(2_207_026)));
}

#[tokio::test]
async fn each_rule_of_a_container_refuses_with_its_code() {
    let desk = Desk::new().await;
    let (long, many) = ("a".repeat(2_201), "#a ".repeat(31));
    let mentions = "@a ".repeat(21);
    let reel = ("media_type", "REELS");
    let tags =
        json!((0..21).map(|_| json!({"username": "a", "x": 0.5, "y": 0.5})).collect::<Vec<_>>()).to_string();
    let at = ("image_url", PICTURE);
    let caption = Some(2_207_010);
    let cases: [(Fields<'_>, i64, Option<i64>); 28] = [
        (&[], 100, None),
        (&[at, ("caption", &long)], 36004, caption),
        (&[at, ("caption", &many)], 36004, caption),
        (&[at, ("caption", &mentions)], 36004, caption),
        (&[("image_url", "https://example.com/a.png")], 36001, Some(2_207_005)),
        (&[("image_url", "https://example.com/too-large.jpg")], 36000, Some(2_207_004)),
        (&[("image_url", "https://example.com/bad-ratio.jpg")], 36003, Some(2_207_009)),
        (&[("image_url", "https://example.com/timeout.jpg")], -2, Some(2_207_003)),
        (&[("image_url", "http://localhost/a.jpg")], 9004, Some(2_207_052)),
        (&[at, ("media_type", "PICTURE")], 100, Some(2_207_023)),
        (&[("video_url", VIDEO), ("media_type", "VIDEO")], 100, Some(2_207_023)),
        (&[("video_url", VIDEO)], 100, Some(2_207_023)),
        (&[at, ("video_url", VIDEO)], 100, None),
        (&[at, reel], 100, None),
        (&[reel, ("video_url", VIDEO), ("thumb_offset", "60001")], 1, Some(2_207_057)),
        (&[reel, ("video_url", VIDEO), ("alt_text", "x")], 100, None),
        (
            &[reel, ("video_url", VIDEO), ("user_tags", r#"[{"username":"a","x":0,"y":0}]"#)],
            100,
            Some(2_207_035),
        ),
        (&[at, ("user_tags", r#"[{"username":"a"}]"#)], 100, Some(2_207_036)),
        (&[at, ("user_tags", r#"[{"username":"a","x":1.1,"y":0}]"#)], 100, Some(2_207_036)),
        (&[at, ("user_tags", &tags)], 100, Some(2_207_040)),
        (&[at, ("collaborators", "a,b,c,d")], 100, None),
        (&[at, ("share_to_feed", "true")], 100, None),
        (&[at, ("location_id", "here")], 100, None),
        (&[at, ("is_carousel_item", "true"), ("caption", "x")], 100, None),
        (&[at, ("is_carousel_item", "true"), ("is_ai_generated", "true")], 100, None),
        (&[("media_type", "CAROUSEL"), ("children", "1")], 100, Some(2_207_028)),
        (&[("media_type", "CAROUSEL"), ("children", "1,2")], 24, Some(2_207_006)),
        (&[at, ("image", "x")], 100, None),
    ];
    for (fields, code, subcode) in cases {
        desk.refused(fields, code, subcode).await;
    }
}

#[tokio::test]
async fn a_carousel_takes_finished_items_and_shows_its_children() {
    let desk = Desk::new().await;
    let item = ("is_carousel_item", "true");
    let first = desk.container(&[("image_url", PICTURE), item, ("alt_text", "one")]).await;
    let second = desk.container(&[("video_url", VIDEO), ("media_type", "VIDEO"), item]).await;
    let lone = desk.container(&[("image_url", PICTURE)]).await;
    let (both, wrong) = (format!("{first},{second}"), format!("{first},{lone}"));
    let carousel = ("media_type", "CAROUSEL");
    desk.refused(&[carousel, ("children", &wrong)], 100, None).await;
    let parent = desk.container(&[carousel, ("children", &both), ("caption", "two")]).await;
    desk.pass(3).await;
    assert_eq!(desk.publish(&first).await.graph_error(), (400, 100, None));
    let media = id(&desk.publish(&parent).await);
    let children = desk.get(&format!("{media}/children?fields=id,media_type")).await.json();
    assert_eq!(children["data"][1]["media_type"], "VIDEO");
    let child = children["data"][0]["id"].as_str().unwrap();
    assert_eq!(desk.get(&format!("{child}?fields=alt_text")).await.json()["alt_text"], "one");
    let nested = desk.get(&format!("{media}?fields=media_type,children{{id,media_url}}")).await.json();
    assert_eq!(nested["media_type"], "CAROUSEL_ALBUM");
    assert!(nested["children"]["data"][0]["media_url"].is_string());
    assert_eq!(desk.status(&first).await["status_code"], "PUBLISHED");
}

#[tokio::test]
async fn the_quota_runs_out_and_comes_back_after_a_day() {
    let desk = Desk::new().await;
    for _ in 0..100 {
        let container = desk.container(&[("image_url", PICTURE)]).await;
        desk.pass(2).await;
        assert_eq!(desk.publish(&container).await.status, 200);
    }
    let limit =
        desk.get(&format!("{ACCOUNT}/content_publishing_limit?fields=quota_usage,config")).await.json();
    assert_eq!(limit["data"][0]["quota_usage"], 100);
    assert_eq!(limit["data"][0]["config"]["quota_total"], 100);
    let container = desk.container(&[("image_url", PICTURE)]).await;
    desk.pass(2).await;
    assert_eq!(desk.publish(&container).await.graph_error(), (400, 9, Some(2_207_042)));
    desk.pass(86_300).await;
    assert_eq!(desk.publish(&container).await.status, 200);
}

#[tokio::test]
async fn comments_are_read_written_answered_hidden_and_deleted() {
    let desk = Desk::new().await;
    let media = desk.published(&[("image_url", PICTURE)]).await;
    let comments = format!("{media}/comments?fields=id,text,username,hidden,replies{{text}}");
    assert_eq!(desk.get(&comments).await.json()["data"], json!([]));
    let own = id(&desk.post(&format!("{media}/comments"), &[("message", "First!")]).await);
    desk.pass(neighbours::COMMENT_AFTER).await;
    let list = desk.get(&comments).await.json();
    let visitor = list["data"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(list["data"][0]["username"], "sandbox.bo");
    let reply = id(&desk.post(&format!("{visitor}/replies"), &[("message", "Thanks")]).await);
    let deeper = id(&desk.post(&format!("{reply}/replies"), &[("message", "A lot")]).await);
    let parent = desk.get(&format!("{deeper}?fields=parent_id")).await.json();
    assert_eq!(parent["parent_id"], visitor);
    assert_eq!(desk.get(&format!("{visitor}/replies")).await.json()["data"].as_array().unwrap().len(), 2);
    desk.post(&visitor, &[("hide", "true")]).await;
    desk.post(&own, &[("hide", "true")]).await;
    let list = desk.get(&comments).await.json();
    assert_eq!((&list["data"][0]["hidden"], &list["data"][1]["hidden"]), (&json!(true), &json!(false)));
    assert_eq!(desk.delete(&visitor).await.json()["success"], true);
    assert_eq!(desk.get(&reply).await.graph_error(), (400, 100, Some(33)));
    desk.post(&media, &[("comment_enabled", "false")]).await;
    let off = desk.post(&format!("{media}/comments"), &[("message", "x")]).await;
    assert_eq!(off.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn stories_are_listed_for_a_day_and_not_among_the_posts() {
    let desk = Desk::new().await;
    let story = desk.published(&[("image_url", PICTURE), ("media_type", "STORIES"), ("caption", "x")]).await;
    assert_eq!(desk.bench.sandbox.received().violations[0].rule, "ignored-on-a-story");
    assert_eq!(desk.get(&format!("{ACCOUNT}/stories")).await.json()["data"], json!([{"id": story}]));
    assert_eq!(desk.get(&format!("{ACCOUNT}/media")).await.json()["data"], json!([]));
    desk.pass(86_400).await;
    assert_eq!(desk.get(&format!("{ACCOUNT}/stories")).await.json()["data"], json!([]));
}

#[tokio::test]
async fn mentions_hashtags_and_other_accounts_are_found() {
    let desk = Desk::new().await;
    let (media, comment) = (neighbours::FOREIGN_MEDIA, neighbours::FOREIGN_COMMENT);
    let field = format!("{ACCOUNT}?fields=mentioned_media.media_id({media}){{caption,username}}");
    assert_eq!(desk.get(&field).await.json()["mentioned_media"]["username"], "sandbox.bo");
    let field = format!("{ACCOUNT}?fields=mentioned_comment.comment_id({comment}){{text}}");
    assert!(desk.get(&field).await.json()["mentioned_comment"]["text"].is_string());
    let answer = [("media_id", media), ("comment_id", comment), ("message", "Yes")];
    assert_eq!(desk.post(&format!("{ACCOUNT}/mentions"), &answer).await.status, 200);
    assert_eq!(desk.get(media).await.graph_error(), (400, 100, Some(33)));

    let found = desk.get(&format!("ig_hashtag_search?user_id={ACCOUNT}&q=sandboxbread")).await.json();
    let tag = found["data"][0]["id"].as_str().unwrap();
    let searched = desk.get(&format!("{ACCOUNT}/recently_searched_hashtags?fields=name")).await.json();
    assert_eq!(searched["data"], json!([{"id": tag, "name": "sandboxbread"}]));
    let recent = desk.get(&format!("{tag}/recent_media?user_id={ACCOUNT}&fields=id,caption")).await.json();
    assert_eq!(recent["data"][0]["id"], media);
    let named = desk.get(&format!("{tag}/top_media?user_id={ACCOUNT}&fields=username")).await;
    assert_eq!(named.graph_error(), (400, 100, None));
    for number in 0..29 {
        desk.get(&format!("ig_hashtag_search?user_id={ACCOUNT}&q=tag{number}")).await;
    }
    let one_more = desk.get(&format!("ig_hashtag_search?user_id={ACCOUNT}&q=more")).await;
    assert_eq!(one_more.graph_error(), (400, 18, Some(2_207_034)));

    let field =
        |name: &str| format!("{ACCOUNT}?fields=business_discovery.username({name}){{media{{caption}}}}");
    let discovered = desk.get(&field("sandbox.bo")).await.json();
    assert!(discovered["business_discovery"]["media"]["data"][0]["caption"].is_string());
    assert_eq!(desk.get(&field("nobody")).await.graph_error(), (400, 110, Some(2_207_013)));
}

#[tokio::test]
async fn each_door_wants_its_own_token_and_permissions() {
    let desk = Desk::new().await;
    let bench = &desk.bench;
    let weak =
        bench.sandbox.meta_user_token(&["pages_show_list", "pages_read_engagement", "instagram_basic"]);
    let path = format!("/v26.0/{ACCOUNT}/media");
    let body = json!({"image_url": PICTURE});
    assert_eq!(bench.graph_post(&path, &weak, &body).await.graph_error(), (403, 10, None));
    let blind = bench.graph_get(&path, &bench.user_token()).await;
    assert_eq!(blind.graph_error(), (403, 10, None));
    let page = bench.page_token(&desk.token).await;
    assert_eq!(bench.graph_post(&path, &page, &body).await.status, 200);
    assert_eq!(desk.get(&format!("{OTHER}/media")).await.graph_error(), (400, 100, Some(33)));

    let token = site_token(bench, SITE).await;
    assert_eq!(bench.graph_get(&path, &token).await.graph_error().1, 190);
    let wrong = site(bench, Method::GET, &format!("{ACCOUNT}/media"), &desk.token, &[]).await;
    assert_eq!(wrong.graph_error().1, 190);
    let reading = site_token(bench, "instagram_business_basic").await;
    let fields = [("image_url", PICTURE)];
    let refused = site(bench, Method::POST, "me/media", &reading, &fields).await;
    assert_eq!(refused.graph_error(), (403, 10, None));
}

#[tokio::test]
async fn both_doors_lead_to_the_same_content() {
    let desk = Desk::new().await;
    let bench = &desk.bench;
    let token = site_token(bench, SITE).await;
    let made =
        site(bench, Method::POST, &format!("{ACCOUNT}/media"), &token, &[("image_url", PICTURE)]).await;
    desk.pass(3).await;
    let container = id(&made);
    let fields = [("creation_id", container.as_str())];
    let media = id(&site(bench, Method::POST, "me/media_publish", &token, &fields).await);
    assert_eq!(desk.get(&format!("{ACCOUNT}/media")).await.json()["data"][0]["id"], media);
    let me = site(bench, Method::GET, "me?fields=user_id,media_count", &token, &[]).await.json();
    assert_eq!((&me["user_id"], &me["media_count"]), (&json!(ACCOUNT), &json!(1)));
    let second = desk.published(&[("image_url", PICTURE)]).await;
    let list = site(bench, Method::GET, &format!("{ACCOUNT}/media?limit=1"), &token, &[]).await.json();
    assert_eq!(list["data"], json!([{"id": second}]));
    assert!(list["paging"]["next"].as_str().unwrap().starts_with(&bench.endpoints().instagram_api));

    // Only Facebook Login has these.
    assert_eq!(site(bench, Method::DELETE, &media, &token, &[]).await.graph_error(), (400, 100, Some(33)));
    let tagged = [("image_url", PICTURE), ("product_tags", "[]")];
    let refused = site(bench, Method::POST, "me/media", &token, &tagged).await;
    assert_eq!(refused.graph_error(), (400, 100, None));
    assert_eq!(refused.json()["error"]["type"], "IGApiException");
}

#[tokio::test]
async fn an_app_of_instagram_login_subscribes_to_the_account() {
    let bench = Bench::new().await;
    let token = site_token(&bench, SITE).await;
    let path = format!("{ACCOUNT}/subscribed_apps");
    let unknown = site(&bench, Method::POST, &path, &token, &[("subscribed_fields", "feed")]).await;
    assert_eq!(unknown.graph_error(), (400, 100, None));
    let good = site(&bench, Method::POST, &path, &token, &[("subscribed_fields", "comments,mentions")]).await;
    assert_eq!(good.json(), json!({"success": true}));
    let list = site(&bench, Method::GET, &path, &token, &[]).await.json();
    assert_eq!(list["data"][0]["subscribed_fields"], json!(["comments", "mentions"]));
    site(&bench, Method::DELETE, &path, &token, &[]).await;
    assert_eq!(site(&bench, Method::GET, &path, &token, &[]).await.json()["data"], json!([]));
}

#[tokio::test]
async fn a_resumable_container_waits_for_its_bytes() {
    let desk = Desk::new().await;
    let fields = [("media_type", "REELS"), ("upload_type", "resumable")];
    let made = desk.post(&format!("{ACCOUNT}/media"), &fields).await;
    let container = id(&made);
    assert!(made.json()["uri"].as_str().unwrap().ends_with(&container));
    desk.pass(60).await;
    assert_eq!(desk.status(&container).await["status_code"], "IN_PROGRESS");
    let url = format!("{}/ig-api-upload/v26.0/{container}", desk.bench.endpoints().graph);
    let bytes = desk.bench.http.post(url).header("authorization", format!("OAuth {}", desk.token));
    let sent = bytes.header("offset", "0").header("file_size", "4").body("mp4!");
    let answer = desk.bench.send(sent).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    desk.pass(3).await;
    let published = desk.publish(&container).await;
    assert_eq!(published.status, 200, "{}", published.text);
}

#[tokio::test]
async fn invitations_are_accepted_once_and_likes_and_sounds_are_there() {
    let desk = Desk::new().await;
    let invites = format!("{ACCOUNT}/collaboration_invites");
    assert_eq!(desk.get(&invites).await.json()["data"][0]["media_id"], neighbours::FOREIGN_MEDIA);
    let accept = [("media_id", neighbours::FOREIGN_MEDIA), ("accept", "true")];
    assert_eq!(desk.post(&invites, &accept).await.status, 200);
    assert_eq!(desk.post(&invites, &accept).await.graph_error(), (400, 100, None));
    let shared = desk.get(&format!("{ACCOUNT}/collaborative_media")).await.json();
    assert_eq!(shared["data"], json!([{"id": neighbours::FOREIGN_MEDIA}]));
    let likes = format!("{ACCOUNT}/likes");
    assert_eq!(desk.post(&likes, &[("comment_id", neighbours::FOREIGN_COMMENT)]).await.status, 200);
    assert_eq!(desk.post(&likes, &[]).await.graph_error(), (400, 100, None));
    let audio =
        desk.get(&format!("ig_audio?audio_type=music&search_query=waltz&user_id={ACCOUNT}")).await.json();
    assert_eq!(audio["audio"][0]["title"], "Sandbox Waltz");
}
