//! Several calls in one.

use http::Method;
use serde_json::{Value, json};

use super::{
    driver::{Bench, PAGE, Reply},
    page_media::page_bench,
};

async fn send(bench: &Bench, token: &str, items: &Value) -> Reply {
    let items = items.to_string();
    bench.send(bench.graph(Method::POST, "/v26.0/", token).form(&[("batch", items.as_str())])).await
}

fn body(answer: &Value) -> Value {
    serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn items_are_answered_in_order_and_one_that_fails_harms_no_other() {
    let (bench, page) = page_bench().await;
    let reply = send(
        &bench,
        &page,
        &json!([
            {"method": "POST", "relative_url": format!("{PAGE}/feed"), "body": "message=a+%26+b"},
            {"method": "GET", "relative_url": "123456"},
            {"method": "GET", "relative_url": format!("v25.0/{PAGE}?fields=name")},
        ]),
    )
    .await;
    let answers = reply.json();
    assert_eq!(
        (&answers[0]["code"], &answers[1]["code"], &answers[2]["code"]),
        (&json!(200), &json!(400), &json!(200))
    );
    assert_eq!(body(&answers[1])["error"]["error_subcode"], 33);
    let version = json!({"name": "facebook-api-version", "value": "v25.0"});
    assert!(answers[2]["headers"].as_array().unwrap().contains(&version));
    assert_eq!(bench.sandbox.received().facebook_posts[0].message.as_deref(), Some("a & b"));
}

#[tokio::test]
async fn an_item_may_use_what_an_earlier_one_answered() {
    let (bench, page) = page_bench().await;
    let create = |omits: bool| {
        json!({"method": "POST", "relative_url": format!("{PAGE}/feed"), "body": format!("message={omits}"),
            "name": "made", "omit_response_on_success": omits})
    };
    let read = json!({"method": "GET", "relative_url": "{result=made:$.id}?fields=message"});
    let shown = send(&bench, &page, &json!([create(false), read])).await.json();
    assert_eq!((body(&shown[0])["id"].is_string(), &body(&shown[1])["message"]), (true, &json!("false")));
    let omitted = send(&bench, &page, &json!([create(true), read])).await.json();
    assert_eq!((&omitted[0], &body(&omitted[1])["message"]), (&Value::Null, &json!("true")));
    // The same text again is refused, so what depends on it is not run.
    let failed = send(&bench, &page, &json!([create(true), read])).await.json();
    assert_eq!((&body(&failed[0])["error"]["code"], &failed[1]), (&json!(506), &Value::Null));
    assert_eq!(send(&bench, &page, &json!([read])).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn an_item_may_have_a_token_of_its_own() {
    let (bench, page) = page_bench().await;
    let user = bench.user_token();
    let url = format!("me?fields=name&access_token={page}&appsecret_proof={}", bench.proof(&page));
    let answers =
        send(&bench, &user, &json!([{"relative_url": "me?fields=name"}, {"relative_url": url}])).await.json();
    assert_eq!(
        (&body(&answers[0])["name"], &body(&answers[1])["name"]),
        (&json!("Ada Sandbox"), &json!("Sandbox Bäckerei"))
    );
    let unproven = json!([{"relative_url": format!("me?access_token={page}")}]);
    assert_eq!(send(&bench, &user, &unproven).await.json()[0]["code"], 400);
    assert!(bench.sandbox.received().violations.is_empty());
}

#[tokio::test]
async fn a_batch_that_is_none_is_refused_whole() {
    let (bench, page) = page_bench().await;
    let many: Vec<Value> = (0..51).map(|_| json!({"relative_url": "me"})).collect();
    let cases = [
        json!([]),
        json!({"relative_url": "me"}),
        json!(many),
        json!([{"method": "GET"}]),
        json!([{"relative_url": "me", "attachedFiles": "a"}]),
        json!([{"method": "POST", "relative_url": "", "body": "batch=%5B%5D"}]),
        json!([{"method": "POST", "relative_url": format!("{PAGE}/photos"), "attached_files": "a"}]),
    ];
    for items in cases {
        assert_eq!(send(&bench, &page, &items).await.graph_error(), (400, 100, None), "{items}");
    }
    let url = format!("{}/v26.0/", bench.endpoints().graph);
    let nobody = bench.send(bench.http.post(url).form(&[("batch", "[{\"relative_url\":\"me\"}]")])).await;
    assert_eq!(nobody.graph_error(), (400, 104, None));
}

#[tokio::test]
async fn files_travel_beside_the_items_that_name_them() {
    let (bench, page) = page_bench().await;
    let photo = |file: &str| {
        json!({"method": "POST", "relative_url": format!("{PAGE}/photos"), "attached_files": file,
            "body": "published=false&caption=a+%26+b"})
    };
    let items = json!([photo("one"), photo("two"), photo("three")]).to_string();
    let mut body =
        format!("--b\r\nContent-Disposition: form-data; name=\"batch\"\r\n\r\n{items}\r\n").into_bytes();
    for (name, content) in
        [("one", &b"\xff\xd8\xff\xe0 a picture"[..]), ("two", b"no picture"), ("three", b"")]
    {
        body.extend_from_slice(
            format!(
                "--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.jpg\"\r\nContent-Type: \
                 image/jpeg\r\n\r\n"
            )
            .as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    let request = bench.graph(Method::POST, "/v26.0/", &page);
    let request = request.header("content-type", "multipart/form-data; boundary=b").body(body);
    let answers = bench.send(request).await.json();
    assert_eq!((&answers[0]["code"], &answers[1]["code"]), (&json!(200), &json!(400)));
    assert_eq!(answers[2]["code"], 400);
    let made = body_of(&answers[0], "id");
    let read = bench.graph_get(&format!("/v26.0/{made}?fields=name"), &page).await;
    assert_eq!(read.json()["name"], "a & b");
}

fn body_of(answer: &Value, name: &str) -> String {
    body(answer)[name].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn headers_are_left_out_if_they_are_not_wanted() {
    let (bench, page) = page_bench().await;
    let items = json!([{"relative_url": "me?fields=id"}]).to_string();
    for (wanted, has) in [("true", true), ("false", false)] {
        let form = [("batch", items.as_str()), ("include_headers", wanted)];
        let answers = bench.send(bench.graph(Method::POST, "/v26.0/", &page).form(&form)).await.json();
        assert_eq!(answers[0].get("headers").is_some(), has);
        assert_eq!(body(&answers[0])["id"], PAGE);
    }
}

#[tokio::test]
async fn several_objects_are_read_by_their_ids() {
    let (bench, page) = page_bench().await;
    let user = bench.user_token();
    let ids = |ids: &str| format!("/v26.0/?ids={ids}&fields=name");
    let both = bench.graph_get(&ids(&format!("{PAGE},102030405060702")), &user).await.json();
    assert_eq!((&both[PAGE]["name"], both.as_object().unwrap().len()), (&json!("Sandbox Bäckerei"), 2));
    // One that cannot be read fails all.
    assert_eq!(bench.graph_get(&ids(&format!("{PAGE},123456")), &user).await.graph_error(), (404, 803, None));
    assert_eq!(bench.graph_get("/v26.0/?ids=", &user).await.graph_error(), (400, 100, None));
    let read = json!({"relative_url": "?ids={result=feed:$.data.*.id}&fields=message"});
    let feed =
        json!({"relative_url": format!("{PAGE}/feed"), "name": "feed", "omit_response_on_success": false});
    let post = json!({"method": "POST", "relative_url": format!("{PAGE}/feed"), "body": "message=Bread"});
    let answers = send(&bench, &page, &json!([post, feed, read])).await.json();
    let post = body_of(&answers[0], "id");
    assert_eq!(body(&answers[2])[post]["message"], "Bread");
}
