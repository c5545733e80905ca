//! What LinkedIn refuses in the body of a post.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, MEMBER, ORGANIZATION, text_post};

/// A post with one member set (or, with null, taken away).
fn with(author: &str, path: &str, value: Value) -> Value {
    let mut body = text_post(author, "text");
    let (parent, last) = path.rsplit_once('/').unwrap();
    let place = body.pointer_mut(parent).unwrap();
    if value.is_null() {
        place.as_object_mut().unwrap().remove(last);
    } else {
        place[last] = value;
    }
    body
}

/// Sends each body and expects its status and code.
async fn refused(bench: &Bench, cases: Vec<(Value, u16, &str)>) {
    let token = bench.member_token();
    for (body, status, code) in cases {
        let reply = bench.rest_post("/posts", &token, &body).await;
        let (got_status, got_code, _) = reply.linkedin_error();
        assert_eq!((got_status, got_code.as_str()), (status, code), "{body}");
        if status == 400 {
            assert_eq!(reply.json()["errorDetails"]["inputErrors"][0]["code"], code);
        }
    }
    assert!(bench.sandbox.received().linkedin_posts.is_empty());
}

#[tokio::test]
async fn every_field_is_checked() {
    let bench = Bench::new().await;
    let member = |path: &str, value: Value| with(MEMBER, path, value);
    let cases: Vec<(Value, u16, &str)> = vec![
        (member("/author", Value::Null), 400, "MISSING_FIELD"),
        (member("/author", json!("urn:li:company:1")), 400, "INVALID_URN_TYPE"),
        (member("/author", json!("urn:li:organization:abc")), 400, "INVALID_URN_TYPE"),
        (member("/commentary", Value::Null), 400, "MISSING_FIELD"),
        (member("/commentary", json!(5)), 400, "INVALID_VALUE_FOR_FIELD"),
        (member("/commentary", json!(" ")), 400, "INVALID_VALUE_BLANK_FIELD"),
        (member("/commentary", json!("🎉".repeat(1501))), 400, "FIELD_LENGTH_TOO_LONG"),
        (member("/visibility", Value::Null), 400, "MISSING_FIELD"),
        (member("/visibility", json!("FRIENDS")), 400, "INVALID_VALUE_FOR_FIELD"),
        (member("/visibility", json!("CONTAINER")), 400, "INVALID_VALUE_FOR_FIELD"),
        (with(ORGANIZATION, "/visibility", json!("CONNECTIONS")), 400, "INVALID_VALUE_FOR_FIELD"),
        (member("/distribution", Value::Null), 400, "MISSING_FIELD"),
        (member("/distribution/feedDistribution", Value::Null), 400, "MISSING_FIELD"),
        (member("/distribution/feedDistribution", json!("ALL")), 400, "INVALID_VALUE_FOR_FIELD"),
        (member("/distribution/targetEntities", json!([{"industries": []}])), 400, "INVALID_VALUE_FOR_FIELD"),
        (
            with(ORGANIZATION, "/distribution/targetEntities", json!([{"ages": []}])),
            422,
            "UNPROCESSABLE_ENTITY",
        ),
        (member("/distribution/thirdPartyDistributionChannels", json!("x")), 400, "INVALID_VALUE_FOR_FIELD"),
        (member("/lifecycleState", Value::Null), 400, "MISSING_FIELD"),
        (member("/lifecycleState", json!("DRAFT")), 400, "INVALID_VALUE_FOR_FIELD"),
        (member("/isReshareDisabledByAuthor", json!("false")), 400, "INVALID_VALUE_FOR_FIELD"),
        (member("/scheduledAt", json!(1)), 422, "UNPROCESSABLE_ENTITY"),
        (member("/id", json!("urn:li:share:1")), 422, "UNPROCESSABLE_ENTITY"),
        (member("/contentCallToActionLabel", json!("LEARN_MORE")), 400, "INVALID_CALL_TO_ACTION"),
        (member("/contentLandingPage", json!("example.com")), 400, "INVALID_URL"),
        (member("/reshareContext", json!({"parent": "urn:li:activity:1"})), 400, "INVALID_URN_TYPE"),
    ];
    refused(&bench, cases).await;
    // Exactly at the limit is fine: 3000 UTF-16 units.
    let longest = member("/commentary", json!("🎉".repeat(1500)));
    assert_eq!(bench.rest_post("/posts", &bench.member_token(), &longest).await.status, 201);
}

#[tokio::test]
async fn every_kind_of_content_is_checked() {
    let bench = Bench::new().await;
    let content = |value: Value| with(MEMBER, "/content", value);
    let poll = |question: &str, options: Value, settings: Value| {
        content(json!({"poll": {"question": question, "options": options, "settings": settings}}))
    };
    let two = json!([{"text": "a"}, {"text": "b"}]);
    let three_days = json!({"duration": "THREE_DAYS"});
    let media = |fields: Value| content(json!({ "media": fields }));
    let image = json!({"id": "urn:li:image:x"});
    let cases: Vec<(Value, u16, &str)> = vec![
        (content(json!({})), 400, "INVALID_VALUE_FOR_FIELD"),
        (content(json!({"media": image, "article": {}})), 400, "INVALID_VALUE_FOR_FIELD"),
        (content(json!({"text": {}})), 422, "UNPROCESSABLE_ENTITY"),
        (media(json!({})), 400, "MISSING_FIELD"),
        (media(json!({"id": "urn:li:digitalmediaAsset:x"})), 400, "INVALID_URN_TYPE"),
        (media(json!({"id": "urn:li:image:x", "altText": "x".repeat(4087)})), 400, "FIELD_LENGTH_TOO_LONG"),
        (media(json!({"id": "urn:li:document:x"})), 400, "MISSING_FIELD"),
        (content(json!({"multiImage": {"images": [image]}})), 400, "INVALID_VALUE_FOR_FIELD"),
        (content(json!({"multiImage": {"images": vec![image.clone(); 21]}})), 400, "INVALID_VALUE_FOR_FIELD"),
        (
            content(json!({"multiImage": {"images": [image, {"id": "urn:li:video:x"}]}})),
            400,
            "INVALID_IMAGE_ID",
        ),
        (content(json!({"article": {"source": "https://a.example"}})), 400, "MISSING_FIELD"),
        (content(json!({"article": {"source": "a.example", "title": "x"}})), 400, "INVALID_URL"),
        (
            content(json!({"article": {"source": "https://a.example", "title": "x".repeat(400)}})),
            400,
            "FIELD_LENGTH_TOO_LONG",
        ),
        (
            content(
                json!({"article": {"source": "https://a.example", "title": "x", "thumbnail": "https://i"}}),
            ),
            400,
            "INVALID_IMAGE_ID",
        ),
        (poll(&"x".repeat(141), two.clone(), three_days.clone()), 400, "FIELD_LENGTH_TOO_LONG"),
        (poll("?", json!([{"text": "a"}]), three_days.clone()), 400, "INVALID_VALUE_FOR_FIELD"),
        (
            poll("?", json!([{"text": "a"}, {"text": "a"}]), three_days.clone()),
            400,
            "INVALID_VALUE_FOR_FIELD",
        ),
        (
            poll("?", json!([{"text": "a"}, {"text": "x".repeat(31)}]), three_days),
            400,
            "FIELD_LENGTH_TOO_LONG",
        ),
        (poll("?", two.clone(), json!({"duration": "TWO_DAYS"})), 400, "INVALID_VALUE_FOR_FIELD"),
        (
            poll("?", two, json!({"duration": "ONE_DAY", "voteSelectionType": "MULTIPLE_VOTE"})),
            400,
            "INVALID_VALUE_FOR_FIELD",
        ),
        (content(json!({"carousel": {"cards": []}})), 400, "INVALID_VALUE_FOR_FIELD"),
        (content(json!({"reference": {"id": "event 1"}})), 400, "INVALID_URN_ID"),
    ];
    refused(&bench, cases).await;
}

#[tokio::test]
async fn the_body_must_be_one_json_object() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    for (kind, body, status) in [
        ("application/json", "[]", 400),
        ("application/json", "", 400),
        ("application/x-www-form-urlencoded", "author=x", 415),
    ] {
        let request = bench
            .rest(Method::POST, "/posts", &token)
            .header("Content-Type", kind)
            .header("Content-Length", body.len().to_string())
            .body(body);
        assert_eq!(bench.send(request).await.linkedin_error().0, status, "{kind} {body}");
    }
}
