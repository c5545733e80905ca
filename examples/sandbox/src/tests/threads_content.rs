//! Threads content.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, REDIRECT, Reply};
use crate::{
    graph::areas::threads::{FOREIGN_POST, REPLY_AFTER},
    request::encode_form,
};

const PROFILE: &str = "17841405793187219";
const ALL: &str = "threads_basic,threads_content_publish,threads_manage_replies,threads_read_replies,\
                   threads_manage_insights,threads_manage_mentions,threads_keyword_search,\
                   threads_profile_discovery,threads_location_tagging,threads_delete";

type Fields<'a> = &'a [(&'a str, &'a str)];

struct Desk {
    bench: Bench,
    token: String,
}

impl Desk {
    async fn new() -> Self {
        Self::with(ALL).await
    }

    async fn with(scope: &str) -> Self {
        let bench = Bench::new().await;
        let client = ("client_id", "900100200300601");
        let fields = [
            client,
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", scope),
            ("sandbox_decision", "allow"),
        ];
        let url = format!("{}/oauth/authorize?{}", bench.endpoints().threads, encode_form(&fields));
        let code = bench.get(&url).await.redirected("code").unwrap();
        let fields = [
            client,
            ("client_secret", "sandbox-threads-app-secret"),
            ("grant_type", "authorization_code"),
            ("redirect_uri", REDIRECT),
            ("code", &code),
        ];
        let url = format!("{}/oauth/access_token", bench.endpoints().threads_api);
        let body = bench.send(bench.http.post(url).form(&fields)).await.json();
        let token = body["access_token"].as_str().unwrap().to_owned();
        Self { bench, token }
    }

    async fn call(&self, method: Method, path: &str, fields: Fields<'_>) -> Reply {
        let url = format!("{}/v1.0/{path}", self.bench.endpoints().threads_api);
        let request = self.bench.http.request(method, url).bearer_auth(&self.token);
        self.bench.send(if fields.is_empty() { request } else { request.form(fields) }).await
    }

    async fn post(&self, path: &str, fields: Fields<'_>) -> Reply {
        self.call(Method::POST, path, fields).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, &[]).await
    }

    async fn get_owned(&self, path: String) -> Reply {
        self.get(&path).await
    }

    async fn pass(&self, seconds: i64) {
        self.bench.control(Method::POST, "/clock", &json!({"advance_seconds": seconds})).await;
    }

    async fn publish(&self, container: &str) -> Reply {
        self.post("me/threads_publish", &[("creation_id", container)]).await
    }

    async fn published(&self, fields: Fields<'_>) -> String {
        let container = id(&self.post(&format!("{PROFILE}/threads"), fields).await);
        self.pass(3).await;
        id(&self.publish(&container).await)
    }
}

fn id(reply: &Reply) -> String {
    reply.json()["id"].as_str().unwrap_or_else(|| panic!("no id: {}", reply.text)).to_owned()
}

#[tokio::test]
async fn a_text_is_processed_published_read_and_deleted() {
    let desk = Desk::new().await;
    let fields = [("media_type", "TEXT"), ("text", "Rolls"), ("topic_tag", "bread")];
    let container = id(&desk.post("me/threads", &fields).await);
    assert_eq!(desk.publish(&container).await.graph_error(), (400, 24, Some(4_279_009)));
    for status in ["IN_PROGRESS", "IN_PROGRESS", "FINISHED"] {
        assert_eq!(desk.get(&container).await.json()["status"], status);
    }
    let post = id(&desk.publish(&container).await);
    assert_eq!(desk.get(&container).await.json()["status"], "PUBLISHED");
    assert_eq!(desk.publish(&container).await.graph_error(), (400, 24, Some(4_279_009)));
    let read = desk.get(&format!("{post}?fields=text,media_type,topic_tag,permalink,username")).await.json();
    assert_eq!((&read["text"], &read["media_type"]), (&json!("Rolls"), &json!("TEXT_POST")));
    assert_eq!(desk.get("me/threads").await.json()["data"], json!([{"id": post}]));
    let limit =
        desk.get("me/threads_publishing_limit?fields=quota_usage,config,delete_quota_usage").await.json();
    assert_eq!(limit["data"][0]["quota_usage"], 1);
    assert_eq!(limit["data"][0]["config"]["quota_total"], 250);
    assert_eq!(desk.call(Method::DELETE, &post, &[]).await.json()["success"], true);
    assert_eq!(desk.get(&post).await.graph_error(), (400, 100, Some(33)));
}

#[tokio::test]
async fn a_text_may_be_published_by_one_call_and_the_quota_runs_out() {
    let desk = Desk::new().await;
    let fields = [("media_type", "TEXT"), ("text", "Rolls"), ("auto_publish_text", "true")];
    for _ in 0..250 {
        assert_eq!(desk.post("me/threads", &fields).await.status, 200);
    }
    assert_eq!(desk.post("me/threads", &fields).await.graph_error().1, 9);
    desk.pass(86_401).await;
    // The token has expired with the day.
    assert_eq!(desk.post("me/threads", &fields).await.graph_error().1, 190);
}

#[tokio::test]
async fn each_rule_of_a_container_refuses() {
    let desk = Desk::new().await;
    let text = ("media_type", "TEXT");
    let picture = [("media_type", "IMAGE"), ("image_url", "https://example.com/a.png")];
    let long = "a".repeat(501);
    let emoji = "🥐".repeat(126);
    let links = "https://1.example https://2.example https://3.example https://4.example https://5.example \
                 https://6.example";
    let poll = r#"{"option_a":"yes"}"#;
    let gif = r#"{"gif_id":"x","provider":"TENOR"}"#;
    let cases: [Fields<'_>; 18] = [
        &[],
        &[("text", "x")],
        &[("media_type", "STORY"), ("text", "x")],
        &[text],
        &[text, ("text", &long)],
        &[text, ("text", &emoji)],
        &[text, ("text", links)],
        &[text, ("text", "x"), ("topic_tag", "a.b")],
        &[text, ("text", "x"), ("reply_control", "nobody")],
        &[text, ("text", "x"), ("poll_attachment", poll)],
        &[text, ("text", "x"), ("gif_attachment", gif)],
        &[
            text,
            ("text", "x"),
            ("text_attachment", r#"{"plaintext":"y"}"#),
            ("link_attachment", "https://a.example"),
        ],
        &[text, ("text", "x"), ("reply_to_id", "1")],
        &[text, ("text", "x"), ("alt_text", "y")],
        &[picture[0], ("video_url", "https://example.com/a.mp4")],
        &[picture[0], picture[1], ("auto_publish_text", "true")],
        &[("media_type", "CAROUSEL"), ("children", "1")],
        &[text, ("text", "x"), ("caption", "y")],
    ];
    for fields in cases {
        let reply = desk.post("me/threads", fields).await;
        assert_eq!(reply.graph_error(), (400, 100, None), "{fields:?}: {}", reply.text);
        assert_eq!(reply.json()["error"]["type"], "THApiException");
    }
    assert_eq!(desk.post("me/threads", &picture).await.status, 200);
    let body = json!({"media_type": "TEXT", "text": "x"});
    let url = format!("{}/v1.0/me/threads", desk.bench.endpoints().threads_api);
    desk.bench.send(desk.bench.http.post(url).bearer_auth(&desk.token).json(&body)).await;
    assert_eq!(desk.bench.sandbox.received().violations[0].rule, "json-at-threads");
}

#[tokio::test]
async fn a_carousel_is_published_with_its_items_and_a_broken_file_ends_in_an_error() {
    let desk = Desk::new().await;
    let item = ("is_carousel_item", "true");
    let image = ("media_type", "IMAGE");
    let first =
        id(&desk.post("me/threads", &[image, ("image_url", "https://example.com/a.jpg"), item]).await);
    let second =
        id(&desk.post("me/threads", &[image, ("image_url", "https://example.com/b.jpg"), item]).await);
    let both = format!("{first},{second}");
    let post = desk.published(&[("media_type", "CAROUSEL"), ("children", &both), ("text", "two")]).await;
    let read = desk.get(&format!("{post}?fields=media_type,children{{id,media_url}}")).await.json();
    assert_eq!(read["media_type"], "CAROUSEL_ALBUM");
    assert_eq!(read["children"]["data"].as_array().unwrap().len(), 2);

    let broken = id(&desk.post("me/threads", &[image, ("image_url", "http://localhost/a.jpg")]).await);
    desk.pass(3).await;
    let status = desk.get(&format!("{broken}?fields=status,error_message")).await.json();
    assert_eq!(status["status"], "ERROR");
    assert!(status["error_message"].is_string());
    assert_eq!(desk.publish(&broken).await.status, 400);
}

#[tokio::test]
async fn replies_are_written_read_hidden_and_let_through() {
    let desk = Desk::new().await;
    let text = ("media_type", "TEXT");
    let root = desk.published(&[text, ("text", "Rolls"), ("enable_reply_approvals", "true")]).await;
    let own = desk.published(&[text, ("text", "More"), ("reply_to_id", &root)]).await;
    let deeper = desk.published(&[text, ("text", "Even more"), ("reply_to_id", &own)]).await;
    let ids = |reply: Reply| -> Vec<Value> {
        reply.json()["data"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
    };
    assert_eq!(ids(desk.get(&format!("{root}/replies")).await), [json!(own)]);
    assert_eq!(
        ids(desk.get(&format!("{root}/conversation?reverse=false")).await),
        [json!(own), json!(deeper)]
    );
    assert_eq!(ids(desk.get("me/replies").await).len(), 2);
    assert_eq!(ids(desk.get("me/threads").await), [json!(root)]);
    desk.pass(REPLY_AFTER).await;
    let waiting = ids(desk.get(&format!("{root}/pending_replies")).await);
    let visitor = waiting[0].as_str().unwrap();
    desk.post(&format!("{visitor}/manage_pending_reply"), &[("approve", "false")]).await;
    let listed = |status: &str| desk.get_owned(format!("{root}/pending_replies?approval_status={status}"));
    assert_eq!(ids(listed("pending").await), Vec::<Value>::new());
    assert_eq!(ids(listed("ignored").await), [json!(visitor)]);
    assert_eq!(listed("approved").await.graph_error(), (400, 100, None));
    assert_eq!(desk.get(&format!("{own}/pending_replies")).await.graph_error(), (400, 100, None));
    desk.post(&format!("{visitor}/manage_pending_reply"), &[("approve", "true")]).await;
    assert_eq!(ids(desk.get(&format!("{root}/replies")).await)[0], visitor);
    assert_eq!(desk.post(&format!("{visitor}/manage_reply"), &[("hide", "true")]).await.status, 200);
    assert_eq!(desk.get(&format!("{visitor}?fields=hide_status")).await.json()["hide_status"], "HIDDEN");
    let foreign = desk.post(&format!("{FOREIGN_POST}/manage_reply"), &[("hide", "true")]).await;
    assert_eq!(foreign.graph_error(), (400, 100, Some(33)));
    let limit = desk.get("me/threads_publishing_limit?fields=reply_quota_usage").await.json();
    assert_eq!(limit["data"][0]["reply_quota_usage"], 2);
}

#[tokio::test]
async fn posts_profiles_places_and_mentions_are_found() {
    let desk = Desk::new().await;
    let found = desk.get("keyword_search?q=sandboxbread&search_type=RECENT&fields=id,username").await.json();
    assert_eq!(found["data"], json!([{"id": FOREIGN_POST, "username": "sandbox.bo"}]));
    assert_eq!(desk.get("me/mentions").await.json()["data"], json!([{"id": FOREIGN_POST}]));
    assert_eq!(desk.get("profile_lookup?username=sandbox.bo").await.json()["name"], "Bo Sandbox");
    assert_eq!(desk.get("profile_lookup?username=nobody").await.status, 400);
    assert_eq!(desk.get("location_search?q=Square").await.json()["data"][0]["name"], "Square");
    assert_eq!(desk.get("location_search").await.status, 400);
    let repost = id(&desk.post(&format!("{FOREIGN_POST}/repost"), &[]).await);
    let read = desk.get(&format!("{repost}?fields=media_type,reposted_post")).await.json();
    assert_eq!(read["reposted_post"]["id"], FOREIGN_POST);
    assert_eq!(desk.get(&format!("{PROFILE}?fields=username")).await.json()["username"], "sandbox.bakery");
}

#[tokio::test]
async fn each_call_wants_its_permission() {
    let desk = Desk::with("threads_basic").await;
    let text = [("media_type", "TEXT"), ("text", "x")];
    assert_eq!(desk.post("me/threads", &text).await.graph_error(), (403, 10, None));
    for path in ["me/replies", "me/mentions", "keyword_search?q=x", "profile_lookup?username=x"] {
        assert_eq!(desk.get(path).await.graph_error(), (403, 10, None), "{path}");
    }
    let delete = desk.call(Method::DELETE, FOREIGN_POST, &[]).await;
    assert_eq!(delete.graph_error(), (403, 10, None));
    assert_eq!(desk.get("nothing").await.graph_error().1, 2500);
}

#[tokio::test]
async fn only_who_may_find_posts_replies_to_those_of_others() {
    let desk = Desk::with("threads_basic,threads_content_publish,threads_manage_replies").await;
    let text = ("media_type", "TEXT");
    let root = desk.published(&[text, ("text", "Rolls")]).await;
    desk.published(&[text, ("text", "More"), ("reply_to_id", &root)]).await;
    let foreign = [text, ("text", "So good"), ("reply_to_id", FOREIGN_POST)];
    assert_eq!(desk.post("me/threads", &foreign).await.graph_error(), (403, 10, None));
    let scope = "threads_basic,threads_content_publish,threads_manage_replies,threads_manage_mentions";
    let desk = Desk::with(scope).await;
    desk.published(&foreign).await;
}

#[tokio::test]
async fn a_ghost_post_has_hidden_parts_and_nothing_else() {
    let desk = Desk::new().await;
    let ghost = [("media_type", "TEXT"), ("text", "It is rye"), ("is_ghost_post", "true")];
    let hidden = ("text_entities", r#"[{"entity_type":"SPOILER","offset":6,"length":3}]"#);
    desk.published(&[ghost[0], ghost[1], ghost[2], hidden]).await;
    let outside = ("text_entities", r#"[{"entity_type":"SPOILER","offset":6,"length":4}]"#);
    for wrong in [("topic_tag", "bread"), ("reply_to_id", FOREIGN_POST), outside] {
        let refused = desk.post("me/threads", &[ghost[0], ghost[1], ghost[2], wrong]).await;
        assert_eq!(refused.graph_error(), (400, 100, None), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_container_expires_after_a_day() {
    let desk = Desk::new().await;
    let fields = [("grant_type", "th_exchange_token"), ("client_secret", "sandbox-threads-app-secret")];
    let url = format!("{}/access_token?{}", desk.bench.endpoints().threads_api, encode_form(&fields));
    let long = desk.bench.get(&format!("{url}&access_token={}", desk.token)).await.json();
    let desk = Desk { token: long["access_token"].as_str().unwrap().to_owned(), ..desk };
    let container = id(&desk.post("me/threads", &[("media_type", "TEXT"), ("text", "x")]).await);
    desk.pass(86_401).await;
    assert_eq!(desk.get(&container).await.json()["status"], "EXPIRED");
    assert_eq!(desk.publish(&container).await.graph_error(), (400, 24, Some(4_279_009)));
}
