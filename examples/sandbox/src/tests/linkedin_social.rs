//! Comments, likes, reactions and summaries of LinkedIn.

use http::Method;
use serde_json::{Value, json};

use super::{
    driver::{ANALYST_ORGANIZATION, Bench, MEMBER, ORGANIZATION, Reply, text_post},
    linkedin_media::{PNG, encoded, uploaded},
};

const FEED: [&str; 6] = [
    "w_member_social",
    "w_organization_social",
    "w_member_social_feed",
    "w_organization_social_feed",
    "r_member_social_feed",
    "r_organization_social_feed",
];
const VISITORS_POST: &str = "urn:li:share:7200000000000000001";

struct Talk {
    bench: Bench,
    token: String,
    /// A post of the organization, and its activity.
    post: String,
    activity: String,
}

impl Talk {
    async fn new() -> Self {
        let bench = Bench::new().await;
        let token = bench.sandbox.linkedin_token(&FEED);
        let made = bench.rest_post("/posts", &token, &text_post(ORGANIZATION, "post")).await;
        let post = made.header("x-restli-id").to_owned();
        let activity = format!("urn:li:activity:{}", post.rsplit(':').next().unwrap());
        Self { bench, token, post, activity }
    }

    fn comments(&self) -> String {
        format!("/socialActions/{}/comments", encoded(&self.post))
    }

    async fn comment(&self, actor: &str, text: &str) -> Value {
        let body = json!({"actor": actor, "object": self.activity, "message": {"text": text}});
        let made = self.bench.rest_post(&self.comments(), &self.token, &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!(made.json()["id"], made.header("x-restli-id"));
        made.json()
    }

    async fn get(&self, path: &str) -> Reply {
        self.bench.rest_get(path, &self.token).await
    }

    async fn delete(&self, path: &str) -> Reply {
        self.bench.send(self.bench.rest(Method::DELETE, path, &self.token)).await
    }

    async fn patch(&self, path: &str, change: Value) -> Reply {
        let request = self.bench.rest(Method::POST, path, &self.token);
        self.bench
            .send(request.header("X-RestLi-Method", "PARTIAL_UPDATE").json(&json!({ "patch": change })))
            .await
    }

    async fn texts(&self, path: &str) -> Vec<String> {
        let list = self.get(path).await.json();
        let elements = list["elements"].as_array().unwrap_or_else(|| panic!("{list}")).clone();
        elements.into_iter().map(|comment| comment["message"]["text"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_comment_is_made_answered_edited_and_deleted() {
    let talk = Talk::new().await;
    let comments = talk.comments();
    let made = talk.comment(ORGANIZATION, "Plain (text) #stays_as it is").await;
    let (id, urn) = (made["id"].as_str().unwrap(), made["commentUrn"].as_str().unwrap());
    assert_eq!(urn, format!("urn:li:comment:({},{id})", talk.activity));
    assert_eq!((&made["agent"], &made["created"]["actor"]), (&json!(MEMBER), &json!(ORGANIZATION)));
    // The visitor was there first.
    assert_eq!(talk.texts(&comments).await, ["Congratulations! 🎉", "Plain (text) #stays_as it is"]);
    assert_eq!(talk.texts(&format!("{comments}?start=1&count=1")).await, ["Plain (text) #stays_as it is"]);

    let answers = format!("/socialActions/{}/comments", encoded(urn));
    let body = json!({"actor": MEMBER, "parentComment": urn, "message": {"text": "answer"}});
    let answer = talk.bench.rest_post(&answers, &talk.token, &body).await;
    assert_eq!((answer.status, &answer.json()["parentComment"]), (201, &json!(urn)));
    assert_eq!(talk.texts(&answers).await, ["answer"]);
    assert_eq!(talk.texts(&comments).await.len(), 2, "answers are not among the comments of the post");

    let one = format!("{comments}/{id}");
    let change = json!({"message": {"$set": {"text": "changed"}}});
    let edited = talk.patch(&format!("{one}?actor={}", encoded(ORGANIZATION)), change.clone()).await;
    assert_eq!(edited.status, 204, "{}", edited.text);
    let read = talk.get(&one).await.json();
    assert_eq!(
        (&read["message"]["text"], &read["commentsSummary"]["aggregatedTotalComments"]),
        (&json!("changed"), &json!(1))
    );
    assert_eq!(talk.patch(&one, change.clone()).await.status, 400, "no actor");
    assert_eq!(talk.patch(&format!("{one}?actor={}", encoded(MEMBER)), change).await.status, 403);
    let wide = talk
        .patch(&format!("{one}?actor={}", encoded(ORGANIZATION)), json!({"$set": {"actor": MEMBER}}))
        .await;
    assert_eq!(wide.status, 403);

    let several = talk.get(&format!("{comments}?ids=List({id},5)")).await.json();
    assert_eq!(several["results"][id]["id"], id);
    assert_eq!(several["errors"]["5"]["status"], 404);
    let gone = format!("{one}?actor={}", encoded(ORGANIZATION));
    assert_eq!(talk.delete(&gone).await.status, 204);
    assert_eq!(talk.delete(&gone).await.status, 404);
    assert_eq!(talk.get(&answers).await.status, 404);
}

#[tokio::test]
async fn the_body_of_a_comment_is_checked() {
    let talk = Talk::new().await;
    let visitors = talk.get(&talk.comments()).await.json()["elements"][0]["commentUrn"].clone();
    let mention = |start: u64, length: u64| json!({"start": start, "length": length, "value": {"person": {"person": MEMBER}}});
    let message = |message: Value| json!({"actor": MEMBER, "message": message});
    let cases = [
        (json!({"message": {"text": "x"}}), 400, "MISSING_FIELD"),
        (json!({"actor": MEMBER}), 400, "MISSING_FIELD"),
        (json!({"actor": "urn:li:company:1", "message": {"text": "x"}}), 400, "INVALID_URN_TYPE"),
        (json!({"actor": ANALYST_ORGANIZATION, "message": {"text": "x"}}), 403, "ACCESS_DENIED"),
        (json!({"actor": "urn:li:person:other", "message": {"text": "x"}}), 403, "ACCESS_DENIED"),
        (json!({"actor": MEMBER, "text": "x"}), 422, "UNPROCESSABLE_ENTITY"),
        (
            json!({"actor": MEMBER, "object": VISITORS_POST, "message": {"text": "x"}}),
            400,
            "INVALID_VALUE_FOR_FIELD",
        ),
        (
            json!({"actor": MEMBER, "parentComment": visitors, "message": {"text": "x"}}),
            400,
            "INVALID_VALUE_FOR_FIELD",
        ),
        (message(json!({"text": " "})), 400, "INVALID_VALUE_BLANK_FIELD"),
        (message(json!({"text": "x".repeat(3001)})), 400, "FIELD_LENGTH_TOO_LONG"),
        (message(json!({"text": "hi Ada", "attributes": [mention(3, 4)]})), 400, "INVALID_VALUE_FOR_FIELD"),
        (
            message(json!({"text": "hi Ada", "attributes": [mention(3, 3), mention(4, 1)]})),
            400,
            "INVALID_VALUE_FOR_FIELD",
        ),
        (
            message(
                json!({"text": "hi", "attributes": [{"start": 0, "length": 2, "value": {"person": {"person": ORGANIZATION}}}]}),
            ),
            400,
            "INVALID_URN_TYPE",
        ),
        (
            json!({"actor": MEMBER, "message": {"text": ""}, "content": [{"entity": {"image": "urn:li:image:no"}}]}),
            400,
            "INVALID_IMAGE_ID",
        ),
    ];
    for (body, status, code) in cases {
        let reply = talk.bench.rest_post(&talk.comments(), &talk.token, &body).await;
        assert_eq!((reply.status, &reply.json()["code"]), (status, &json!(code)), "{body}");
    }
    let good = message(json!({"text": "🎉 Ada", "attributes": [mention(3, 3)]}));
    assert_eq!(talk.bench.rest_post(&talk.comments(), &talk.token, &good).await.status, 201);
    let all = talk.bench.member_token();
    let image = uploaded(&talk.bench, &all, "image", MEMBER, PNG).await;
    let token = talk.bench.sandbox.linkedin_token(&FEED);
    let body = json!({"actor": MEMBER, "message": {"text": ""}, "content": [{"entity": {"image": image}}]});
    let shown = talk.bench.rest_post(&talk.comments(), &token, &body).await;
    assert_eq!((shown.status, &shown.json()["content"][0]["entity"]["image"]), (201, &json!(image)));
}

#[tokio::test]
async fn what_is_talked_about_must_exist_and_be_named_right() {
    let talk = Talk::new().await;
    let cases = [
        ("/socialActions/urn%3Ali%3Ashare%3A1/comments".to_owned(), 404),
        ("/socialActions/urn%3Ali%3Aperson%3A1/comments".to_owned(), 400),
        (format!("/socialActions/{}/comments", talk.post), 400),
        (format!("/socialActions/{}/comments", encoded(&encoded(&talk.post))), 400),
        (format!("/socialActions/urn%3Ali%3Acomment%3A({},1)/comments", encoded(&talk.activity)), 400),
        (format!("{}/x", talk.comments()), 400),
        (format!("{}/1/replies", talk.comments()), 404),
        (format!("{}?pageSize=5", talk.comments()), 403),
        (format!("/socialActions/{}/shares", encoded(&talk.post)), 404),
    ];
    for (path, status) in cases {
        assert_eq!(talk.get(&path).await.linkedin_error().0, status, "{path}");
    }
    assert_eq!(talk.get(&format!("/socialActions/{}/comments", encoded(&talk.activity))).await.status, 200);
}

#[tokio::test]
async fn self_serve_tokens_talk_without_a_version_only() {
    let talk = Talk::new().await;
    let bench = &talk.bench;
    let token = bench.sandbox.linkedin_token(&["openid", "w_member_social"]);
    let body = json!({"actor": MEMBER, "object": VISITORS_POST, "message": {"text": "nice"}});
    let path = format!("/socialActions/{}/comments", encoded(VISITORS_POST));
    let refused = bench.rest_post(&path, &token, &body).await;
    assert_eq!(refused.linkedin_error(), (403, "ACCESS_DENIED".to_owned(), Some(100)));
    let message = "Not enough permissions to access: partnerApiSocialActions.CREATE.20260901";
    assert_eq!(refused.json()["message"], message);
    let reaction = json!({"root": VISITORS_POST, "reactionType": "LIKE"});
    let refused = bench.rest_post(&format!("/reactions?actor={}", encoded(MEMBER)), &token, &reaction).await;
    assert_eq!(refused.linkedin_error().0, 403);

    let url = |path: &str| format!("{}/v2{path}", bench.endpoints().linkedin_api);
    let old = bench.send(bench.http.post(url(&path)).bearer_auth(&token).json(&body)).await;
    assert_eq!((old.status, &old.json()["id"]), (201, &json!(old.header("x-linkedin-id"))), "{}", old.text);
    let request =
        bench.http.post(url(&path)).bearer_auth(&token).header("X-Restli-Protocol-Version", "2.0.0");
    assert!(!bench.send(request.json(&body)).await.header("x-restli-id").is_empty());
    let listed = bench.send(bench.http.get(url(&path)).bearer_auth(&token)).await;
    assert!(listed.text.contains("partnerApiSocialActions.GET_ALL.NO_VERSION"), "{}", listed.text);
    let reactions = bench.http.post(url("/reactions")).bearer_auth(&token).json(&reaction);
    assert_eq!(bench.send(reactions).await.linkedin_error().0, 404);
    let like = json!({"actor": MEMBER, "object": VISITORS_POST});
    let likes = path.replace("/comments", "/likes");
    let second = bench.send(bench.http.post(url(&likes)).bearer_auth(&token).json(&like)).await;
    assert_eq!(second.status, 201, "{}", second.text);
}

#[tokio::test]
async fn reading_what_others_say_needs_scope_and_role() {
    let talk = Talk::new().await;
    let mine = talk.bench.rest_post("/posts", &talk.token, &text_post(MEMBER, "mine")).await;
    let mine = format!("/socialActions/{}/comments", encoded(mine.header("x-restli-id")));
    assert_eq!(talk.get(&mine).await.status, 200);
    let only_organization = talk.bench.sandbox.linkedin_token(&["r_organization_social_feed"]);
    assert_eq!(talk.bench.rest_get(&talk.comments(), &only_organization).await.status, 200);
    assert_eq!(talk.bench.rest_get(&mine, &only_organization).await.status, 403);
    let visitors = format!("/socialActions/{}/comments", encoded(VISITORS_POST));
    assert_eq!(talk.get(&visitors).await.status, 403);
    talk.bench.control(Method::POST, "/person", &json!({"platform": "linkedin", "id": "sbx-Bo_02"})).await;
    let bo = talk.bench.sandbox.linkedin_token(&FEED);
    assert_eq!(talk.bench.rest_get(&talk.comments(), &bo).await.status, 403);
    // Everybody may comment; only the author of the comment or of the post may delete that.
    let body = json!({"actor": "urn:li:person:sbx-Bo_02", "message": {"text": "hi"}});
    let made = talk.bench.rest_post(&talk.comments(), &bo, &body).await;
    let one = format!("{}/{}", talk.comments(), made.header("x-restli-id"));
    assert_eq!(talk.delete(&format!("{one}?actor={}", encoded(MEMBER))).await.status, 403);
    assert_eq!(talk.delete(&format!("{one}?actor={}", encoded(ORGANIZATION))).await.status, 204);
}

#[tokio::test]
async fn reactions_have_compound_keys() {
    let talk = Talk::new().await;
    let react = async |actor: &str, root: &str, kind: &str| {
        let body = json!({"root": root, "reactionType": kind});
        talk.bench.rest_post(&format!("/reactions?actor={}", encoded(actor)), &talk.token, &body).await
    };
    let made = react(MEMBER, &talk.activity, "PRAISE").await;
    let key = format!("(actor:{},entity:{})", encoded(MEMBER), encoded(&talk.activity));
    assert_eq!((made.status, made.text.as_str(), made.header("x-restli-id")), (201, "", key.as_str()));
    assert_eq!(made.header("location"), format!("/reactions/{key}"));
    assert_eq!(react(ORGANIZATION, &talk.post, "EMPATHY").await.status, 201);
    assert_eq!(react(MEMBER, &talk.activity, "MAYBE").await.status, 400);
    assert_eq!(react(MEMBER, "urn:li:share:1", "LIKE").await.status, 404);
    assert_eq!(react(ANALYST_ORGANIZATION, &talk.post, "LIKE").await.status, 403);

    let read = talk.get(&format!("/reactions/{key}")).await.json();
    assert_eq!((&read["reactionType"], &read["root"]), (&json!("PRAISE"), &json!(talk.activity)));
    // Another feeling takes the place of the first; members of the key come in any order.
    react(MEMBER, &talk.activity, "INTEREST").await;
    let turned = format!("(entity:{},actor:{})", encoded(&talk.activity), encoded(MEMBER));
    assert_eq!(talk.get(&format!("/reactions/{turned}")).await.json()["reactionType"], "INTEREST");

    let list = format!("/reactions/(entity:{})?q=entity", encoded(&talk.post));
    let kinds = async |sort: &str| {
        let list = talk.get(&format!("{list}{sort}")).await.json();
        let elements = list["elements"].as_array().unwrap().clone();
        elements
            .into_iter()
            .map(|reaction| reaction["reactionType"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds("&sort=(value:REVERSE_CHRONOLOGICAL)").await, ["INTEREST", "EMPATHY"]);
    assert_eq!(kinds("&sort=(value:CHRONOLOGICAL)").await, ["EMPATHY", "INTEREST"]);
    let several = talk.get(&format!("/reactions?ids=List({key})")).await.json();
    assert_eq!(several["results"][&key]["reactionType"], "INTEREST");

    for path in [
        format!("/reactions/{}", encoded(&key)),
        format!("/reactions/%28actor:{},entity:{}%29", encoded(MEMBER), encoded(&talk.activity)),
        format!("/reactions/(actor:{MEMBER},entity:{})", encoded(&talk.activity)),
        format!("/reactions/(entity:{})", encoded(&talk.post)),
        format!("{list}&sort=CHRONOLOGICAL"),
        format!("{list}&sort=(value:NEWEST)"),
        format!("/reactions/{key}?q=entity"),
    ] {
        assert_eq!(talk.get(&path).await.linkedin_error().0, 400, "{path}");
    }
    assert_eq!(talk.delete(&format!("/reactions/{key}")).await.status, 204);
    assert_eq!(talk.delete(&format!("/reactions/{key}")).await.status, 404);
}

#[tokio::test]
async fn a_like_is_a_reaction() {
    let talk = Talk::new().await;
    let likes = format!("/socialActions/{}/likes", encoded(&talk.post));
    let body = json!({"actor": MEMBER, "object": talk.activity});
    let made = talk.bench.rest_post(&likes, &talk.token, &body).await;
    assert_eq!((made.status, made.header("x-restli-id")), (201, MEMBER));
    assert_eq!(talk.get(&likes).await.json()["elements"][0]["actor"], MEMBER);
    let one = format!("{likes}/{}", encoded(MEMBER));
    assert_eq!(talk.get(&one).await.json()["object"], talk.activity);
    let summary = talk.get(&format!("/socialActions/{}", encoded(&talk.post))).await.json();
    assert_eq!(
        (&summary["likesSummary"]["totalLikes"], &summary["likesSummary"]["likedByCurrentUser"]),
        (&json!(1), &json!(true))
    );
    let metadata = talk.get(&format!("/socialMetadata/{}", encoded(&talk.post))).await.json();
    assert_eq!(metadata["reactionSummaries"]["LIKE"]["count"], 1);
    assert_eq!(talk.delete(&format!("{one}?actor={}", encoded(ORGANIZATION))).await.status, 400);
    assert_eq!(talk.delete(&format!("{one}?actor={}", encoded(MEMBER))).await.status, 204);
    assert_eq!(talk.get(&one).await.status, 404);
}

#[tokio::test]
async fn closing_comments_deletes_them() {
    let talk = Talk::new().await;
    let made = talk.comment(MEMBER, "first").await;
    let answers =
        json!({"actor": MEMBER, "parentComment": made["commentUrn"], "message": {"text": "answer"}});
    let path = format!("/socialActions/{}/comments", encoded(made["commentUrn"].as_str().unwrap()));
    assert_eq!(talk.bench.rest_post(&path, &talk.token, &answers).await.status, 201);
    let metadata = format!("/socialMetadata/{}", encoded(&talk.post));
    let read = talk.get(&metadata).await.json();
    assert_eq!(read["commentSummary"], json!({"count": 3, "topLevelCount": 2}));
    assert_eq!((&read["commentsState"], &read["entity"]), (&json!("OPEN"), &json!(talk.activity)));

    let as_organization = format!("{metadata}?actor={}", encoded(ORGANIZATION));
    let closed = json!({"$set": {"commentsState": "CLOSED"}});
    assert_eq!(
        talk.patch(&format!("{metadata}?actor={}", encoded(MEMBER)), closed.clone()).await.status,
        403
    );
    assert_eq!(talk.patch(&metadata, closed.clone()).await.status, 400);
    assert_eq!(talk.patch(&as_organization, json!({"$set": {"commentsState": "SHUT"}})).await.status, 400);
    assert_eq!(talk.patch(&as_organization, json!({"$set": {"entity": "x"}})).await.status, 403);
    assert_eq!(talk.patch(&as_organization, closed).await.status, 202);

    let several = talk.get(&format!("/socialMetadata?ids=List({})", encoded(&talk.post))).await.json();
    let read = &several["results"][&talk.post];
    assert_eq!((&read["commentsState"], &read["commentSummary"]["count"]), (&json!("CLOSED"), &json!(0)));
    let body = json!({"actor": MEMBER, "message": {"text": "late"}});
    assert_eq!(talk.bench.rest_post(&talk.comments(), &talk.token, &body).await.status, 403);
    assert_eq!(talk.patch(&as_organization, json!({"$set": {"commentsState": "OPEN"}})).await.status, 202);
    assert_eq!(talk.bench.rest_post(&talk.comments(), &talk.token, &body).await.status, 201);
    assert_eq!(talk.texts(&talk.comments()).await, ["late"]);
}

#[tokio::test]
async fn compound_keys_go_through_the_tunnel_too() {
    let talk = Talk::new().await;
    let tunnel = |over: &str, path: &str, query: String| {
        let request = talk.bench.rest(Method::POST, path, &talk.token).header("X-HTTP-Method-Override", over);
        request.header("Content-Type", "application/x-www-form-urlencoded").body(query)
    };
    let list = tunnel("GET", &format!("/reactions/(entity:{})", encoded(&talk.post)), "q=entity".to_owned());
    assert_eq!(talk.bench.send(list.header("X-RestLi-Method", "FINDER")).await.status, 200);
    let ids = vec![encoded(&talk.post); 150].join(",");
    let direct = format!("/socialMetadata?ids=List({ids})");
    assert_eq!(talk.get(&direct).await.linkedin_error().0, 414);
    let request = tunnel("GET", "/socialMetadata", format!("ids=List({ids})"));
    let several = talk.bench.send(request.header("X-RestLi-Method", "BATCH_GET")).await.json();
    assert_eq!(several["statuses"][&talk.post], 200);
    let repeated = tunnel("GET", "/socialMetadata", "ids=List(a)&ids=List(b)".to_owned());
    assert_eq!(talk.bench.send(repeated).await.linkedin_error().0, 400);
    let made = talk.comment(MEMBER, "gone").await;
    let path = format!("{}/{}", talk.comments(), made["id"].as_str().unwrap());
    let delete = tunnel("DELETE", &path, format!("actor={}", encoded(MEMBER)));
    assert_eq!(talk.bench.send(delete.header("X-RestLi-Method", "DELETE")).await.status, 204);
}
