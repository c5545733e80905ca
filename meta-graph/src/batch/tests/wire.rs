//! What a call looks like.

use http::Method;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, RawResponse, RequestParts};
use sociogram_oauth_core::AccessToken;

use super::*;
use crate::{ApiVersion, AppSecret, ProofMode};

/// What one item becomes.
async fn item<E: Endpoint + 'static>(item: BatchItem<E>) -> Value {
    let transport = ScriptedTransport::new().json(answers(&[answer(200, &json!({"id": "1"}))]));
    let mut batch = Batch::new();
    batch.add_item(item);
    client(&transport).send_batch(batch).await.unwrap();
    items(&transport.requests()[0]).remove(0)
}

#[tokio::test]
async fn a_call_is_a_form_to_the_version_with_the_clients_token() {
    let transport = ScriptedTransport::new().json(answers(&[answer(200, &json!({"id": "1"}))]));
    let client = Client::builder().transport(Arc::new(transport.clone())).access_token("token");
    let client = client.app_secret("test_app_secret").build().unwrap();
    let mut batch = Batch::new();
    batch.add(GetMe::new());
    client.send_batch(batch).await.unwrap();
    let request = &transport.requests()[0];
    let proof = "cba9e453fa12ccc0fc0c7298bf2e0b060de40286cdacaaa8958ad9383fdcc1af";
    assert_eq!(line(request), format!("POST /v26.0/?appsecret_proof={proof}"));
    assert_eq!(request.header("authorization"), "Bearer token");
    assert_eq!(items(request), [json!({"method": "GET", "relative_url": "me?fields=id%2Cname"})]);
}

#[tokio::test]
async fn bodies_are_forms_and_json_becomes_one() {
    let form = RawRequest::post("42/feed").form("message", "a & ü").form("x", json!({"y": [1]}));
    assert_eq!(
        item(BatchItem::new(form)).await,
        json!({"method": "POST", "relative_url": "42/feed",
            "body": "message=a%20%26%20%C3%BC&x=%7B%22y%22%3A%5B1%5D%7D"})
    );
    let body = json!({"messaging_product": "whatsapp", "text": {"body": "a=b"}, "preview": true, "n": 1});
    let sent = item(BatchItem::new(RawRequest::post("1/messages").json(body))).await;
    assert_eq!(
        sent["body"],
        "messaging_product=whatsapp&n=1&preview=true&text=%7B%22body%22%3A%22a%3Db%22%7D"
    );
    let delete = item(BatchItem::new(RawRequest::delete("42_1").query("hard", true))).await;
    assert_eq!(delete, json!({"method": "DELETE", "relative_url": "42_1?hard=true"}));
}

#[tokio::test]
async fn names_dependencies_and_references_are_written_as_meta_wants_them() {
    let transport = ScriptedTransport::new().json(answers(&vec![answer(200, &json!({"id": "1"})); 4]));
    let mut batch = Batch::new();
    batch.add_item(BatchItem::new(RawRequest::post("42/feed").form("message", "x")).name("created"));
    let id = ResultRef::new("created", "$.id");
    let all = ResultRef::new("created", "$.data.*.id");
    batch.add_item(BatchItem::new(RawRequest::get(id.to_string()).fields("id")).refers_to(&id));
    batch.add_item(BatchItem::new(RawRequest::get("").query("ids", all.to_string())).refers_to(&all));
    let nested = RawRequest::post("7").form("target", json!({"post": id.to_string()}));
    batch.add_item(BatchItem::new(nested).refers_to(&id).depends_on("created"));
    client(&transport).send_batch(batch).await.unwrap();
    assert_eq!(
        items(&transport.requests()[0]),
        [
            json!({"method": "POST", "relative_url": "42/feed", "body": "message=x", "name": "created",
                "omit_response_on_success": false}),
            json!({"method": "GET", "relative_url": "{result=created:$.id}?fields=id"}),
            json!({"method": "GET", "relative_url": "?ids={result=created:$.data.*.id}"}),
            json!({"method": "POST", "relative_url": "7", "depends_on": "created",
                "body": "target=%7B%22post%22%3A%22{result=created:$.id}%22%7D"}),
        ]
    );
}

#[tokio::test]
async fn an_item_may_have_a_version_and_a_token_of_its_own() {
    let sent = item(BatchItem::new(GetMe::new()).version(ApiVersion::new(25, 0))).await;
    assert_eq!(sent["relative_url"], "v25.0/me?fields=id%2Cname");
    let sent = item(BatchItem::new(GetMe::new()).version(ApiVersion::DEFAULT)).await;
    assert_eq!(sent["relative_url"], "me?fields=id%2Cname");
    let sent = item(BatchItem::new(GetMe::new()).token("PAGE|1")).await;
    assert_eq!(sent["relative_url"], "me?fields=id%2Cname&access_token=PAGE%7C1", "no secret, no proof");
}

#[tokio::test]
async fn a_token_of_its_own_has_a_proof_of_its_own() {
    for mode in [ProofMode::Classic, ProofMode::Timestamped] {
        let transport = ScriptedTransport::new().json(answers(&vec![answer(200, &json!({"id": "1"})); 2]));
        let builder = Client::builder().transport(Arc::new(transport.clone())).access_token("token");
        let client = builder.app_secret("test_app_secret").proof_mode(mode).build().unwrap();
        let mut batch = Batch::new();
        batch.add(GetMe::new());
        batch.add_item(BatchItem::new(post()).token("PAGE"));
        client.send_batch(batch).await.unwrap();
        let request = &transport.requests()[0];
        let sent = items(request);
        let url = sent[1]["relative_url"].as_str().unwrap();
        let proof = AppSecret::new("test_app_secret").proof(&AccessToken::new("PAGE"));
        match mode {
            ProofMode::Classic => {
                assert_eq!(url, format!("42/feed?access_token=PAGE&appsecret_proof={proof}"));
            }
            ProofMode::Timestamped => assert!(url.contains("&appsecret_time=") && !url.contains(&proof)),
        }
        assert!(!sent[0]["relative_url"].as_str().unwrap().contains("proof"), "the call's own covers it");
        assert!(!request.uri.to_string().contains("PAGE"), "never in the URL");
    }
}

/// Sends a header of its own.
#[derive(Clone)]
struct WithHeader;

impl Endpoint for WithHeader {
    type Output = ();

    const NAME: &'static str = "test.batch.header";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/me";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.header(http::header::IF_NONE_MATCH, http::HeaderValue::from_static("\"tag\""));
        Ok(())
    }

    fn decode(&self, _response: &RawResponse) -> Result<(), DecodeError> {
        Ok(())
    }
}

#[tokio::test]
async fn headers_of_an_item_go_along() {
    let sent = item(BatchItem::new(WithHeader)).await;
    assert_eq!(sent["headers"], json!([{"name": "if-none-match", "value": "\"tag\""}]));
}

#[tokio::test]
async fn an_answer_that_is_not_wanted_is_left_out_and_still_told() {
    let transport = ScriptedTransport::new().json(answers(&[
        Value::Null,
        answer(400, &error(100, 0)),
        answer(200, &json!({})),
    ]));
    let mut batch = Batch::new();
    let done = batch.add_silent(BatchItem::new(post()));
    let failed = batch.add_silent(BatchItem::new(post()));
    let spoken = batch.add_silent(BatchItem::new(post()));
    let answers = client(&transport).send_batch(batch).await.unwrap();
    assert!(answers.take(done).is_ok() && answers.take(spoken).is_ok());
    assert_eq!(answers.take(failed).unwrap_err().class(), Some(ErrorClass::InvalidParam));
    let sent = items(&transport.requests()[0]);
    assert!(sent.iter().all(|item| item["omit_response_on_success"] == json!(true)), "{sent:?}");
}
