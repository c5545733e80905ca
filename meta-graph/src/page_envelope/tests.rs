use futures_util::{StreamExt, TryStreamExt};
use serde_json::json;
use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::RawList;
use crate::pages::{ListFeed, Post};
use crate::scripted::{client, error_body, line};

fn next_of(paging: &Value) -> Result<Option<String>, DecodeError> {
    let envelope: Envelope = serde_json::from_value(json!({ "data": [], "paging": paging })).unwrap();
    let next = envelope.paging.map_or(Ok(None), super::next)?;
    Ok(next.map(|cursor| cursor.as_str().to_owned()))
}

#[test]
fn only_a_next_url_makes_a_next_page() {
    let cursors = json!({ "before": "B", "after": "QVFI+/=" });
    assert_eq!(next_of(&json!({ "cursors": cursors })), Ok(None));
    let next = "https://graph.facebook.com/v26.0/me/accounts?access_token=SEKRET&limit=25&after=QVFI";
    assert_eq!(
        next_of(&json!({ "cursors": cursors, "next": next })),
        Ok(Some("after=QVFI%2B%2F%3D".to_owned()))
    );
    for none in [json!(null), json!([]), json!({}), json!({ "next": "" }), json!({ "next": null })] {
        assert_eq!(next_of(&none), Ok(None), "{none}");
    }
}

#[test]
fn without_cursors_the_position_comes_from_the_url_and_the_token_stays_there() {
    for (query, expected) in [
        ("access_token=SEKRET&fields=id&limit=25&after=a%2Bb", "after=a%2Bb"),
        ("access_token=SEKRET&offset=25&limit=25", "offset=25"),
        ("until=1700000000&__paging_token=e%20f&access_token=SEKRET", "until=1700000000&__paging_token=e+f"),
    ] {
        let next = format!("https://graph.facebook.com/v26.0/me/businesses?{query}");
        assert_eq!(next_of(&json!({ "next": next })), Ok(Some(expected.to_owned())));
    }
}

#[test]
fn an_unknown_position_is_an_error_and_not_the_end() {
    for next in ["https://graph.facebook.com/v26.0/me/accounts?access_token=SEKRET", "no url"] {
        let error = next_of(&json!({ "next": next })).unwrap_err();
        assert!(!error.to_string().contains("SEKRET"));
    }
}

#[test]
fn a_list_may_stand_one_level_deeper() {
    let read = |data: Value| serde_json::from_str::<Envelope>(&json!({ "data": data }).to_string());
    for (data, length) in [(json!([1, 2]), 2), (json!({"groups": [1]}), 1), (json!({"groups": []}), 0)] {
        assert_eq!(read(data.clone()).unwrap().data.len(), length, "{data}");
    }
    for odd in [json!({}), json!(null), json!("a"), json!({"a": 1}), json!({"a": [], "b": []})] {
        assert!(read(odd.clone()).is_err(), "{odd}");
    }
}

fn script(pages: &[Value]) -> ScriptedTransport {
    pages.iter().fold(ScriptedTransport::new(), |script, page| script.json(page.to_string()))
}

fn next(query: &str) -> String {
    format!("https://graph.facebook.com/v26.0/42/things?access_token=CANARYtoken&fields=id&limit=2&{query}")
}

fn list() -> RawList {
    RawList::new("42/things").fields("id").limit(2)
}

/// All ids of a list, and the position of each request.
async fn all(pages: &[Value]) -> (Vec<String>, Vec<String>) {
    let transport = script(pages);
    let items: Vec<Value> = client(&transport).items(list()).try_collect().await.unwrap();
    let start = "GET /v26.0/42/things?fields=id&limit=2";
    let positions = transport.requests().iter().map(|request| line(request).replacen(start, "", 1)).collect();
    (items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect(), positions)
}

#[tokio::test]
async fn cursor_pages_end_where_next_does() {
    let (ids, positions) = all(&[
        json!({"data": [{"id": "1"}, {"id": "2"}], "paging": {
            "cursors": {"before": "b1", "after": "MTAx"}, "next": next("after=MTAx")}}),
        json!({"data": [], "paging": {"cursors": {"before": "b2", "after": "MTAy"}, "next": next("after=MTAy")}}),
        json!({"data": [{"id": "3"}], "paging": {"cursors": {"before": "b3", "after": "MTAz"}, "previous": "x"}}),
    ])
    .await;
    assert_eq!(
        ids,
        ["1", "2", "3"],
        "an empty page is not the end, and neither is a last cursor a next page"
    );
    assert_eq!(positions, ["", "&after=MTAx", "&after=MTAy"]);
}

#[tokio::test]
async fn time_pages_follow_both_parts_of_the_position() {
    let (ids, positions) = all(&[
        json!({"data": [{"id": "1"}], "paging": {
            "previous": next("since=1700000100&__paging_token=enc_p"),
            "next": next("until=1700000000&__paging_token=enc_a")}}),
        json!({"data": [{"id": "2"}], "paging": {"next": next("until=1690000000&__paging_token=enc_b")}}),
        json!({"data": []}),
    ])
    .await;
    assert_eq!(ids, ["1", "2"]);
    assert_eq!(
        positions,
        ["", "&until=1700000000&__paging_token=enc_a", "&until=1690000000&__paging_token=enc_b"]
    );
}

#[tokio::test]
async fn offset_pages_count_on() {
    let (ids, positions) = all(&[
        json!({"data": [{"id": "1"}, {"id": "2"}], "paging": {"next": next("offset=2")}}),
        json!({"data": [{"id": "3"}], "paging": {"next": next("offset=4"), "previous": next("offset=0")}}),
        json!({"data": [], "paging": {"previous": next("offset=2")}}),
    ])
    .await;
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!(positions, ["", "&offset=2", "&offset=4"]);
}

#[tokio::test]
async fn a_list_without_paging_is_one_page() {
    for page in [json!({"data": [{"id": "1"}]}), json!({"data": [{"id": "1"}], "paging": {}})] {
        assert_eq!(all(&[page]).await.1.len(), 1);
    }
}

#[tokio::test]
async fn what_is_said_of_the_whole_list_is_kept() {
    let transport =
        script(&[json!({"data": [], "summary": {"total_count": 7}}), json!({"data": [], "summary": null})]);
    let client = client(&transport);
    let page = client.send(list()).await.unwrap();
    assert_eq!(page.summary, Some(json!({"total_count": 7})));
    assert_eq!(client.send(list()).await.unwrap().summary, None);
}

/// A list declared as nearly all are.
fn feed() -> ListFeed {
    ListFeed::new(42).fields("id")
}

fn ids(posts: &[Post]) -> Vec<&str> {
    posts.iter().map(|post| post.id.as_str()).collect()
}

fn too_large() -> String {
    let message = "Please reduce the amount of data you're asking for, then retry your request";
    json!({"error": {"message": message, "type": "OAuthException", "code": 1, "fbtrace_id": "A"}}).to_string()
}

#[tokio::test]
async fn an_answer_that_would_be_too_large_halves_the_pages_from_there_on() {
    let transport = ScriptedTransport::new()
        .respond(500, &[], too_large())
        .respond(500, &[], too_large())
        .json(
            json!({"data": [{"id": "1"}], "paging": {"cursors": {"after": "A"}, "next": next("after=A")}})
                .to_string(),
        )
        .respond(500, &[], too_large())
        .json(json!({"data": [{"id": "2"}]}).to_string());
    let client = client(&transport);
    let items: Vec<_> = client.items(feed().limit(100)).try_collect().await.unwrap();
    assert_eq!(ids(&items), ["1", "2"]);
    let sent: Vec<String> = transport.requests().iter().map(line).collect();
    let request = "GET /v26.0/42/feed?fields=id&limit=";
    assert_eq!(
        sent,
        ["100", "50", "25", "25&after=A", "12&after=A"].map(|rest| format!("{request}{rest}")),
        "each is a request of its own, and none is repeated as it was"
    );
}

#[tokio::test]
async fn without_a_limit_shrinking_starts_below_metas_own() {
    let transport = ScriptedTransport::new().respond(500, &[], too_large()).json(r#"{"data":[{"id":"1"}]}"#);
    let items: Vec<_> = client(&transport).items(feed()).try_collect().await.unwrap();
    assert_eq!(
        (ids(&items), line(&transport.requests()[1])),
        (vec!["1"], "GET /v26.0/42/feed?fields=id&limit=12".to_owned())
    );
}

#[tokio::test]
async fn a_page_of_one_that_is_too_large_is_an_error() {
    let transport = ScriptedTransport::new().respond(500, &[], too_large()).json(r#"{"data":[{"id":"1"}]}"#);
    let got: Vec<_> = client(&transport).items(feed().limit(1)).collect().await;
    assert_eq!(got[0].as_ref().unwrap_err().class(), Some(ErrorClass::DataTooLarge));
    assert_eq!((got.len(), transport.requests().len()), (1, 1));
}

#[tokio::test]
async fn a_broken_list_goes_on_where_it_broke() {
    let transport = ScriptedTransport::new()
        .json(
            json!({"data": [{"id": "1"}], "paging": {"cursors": {"after": "A"}, "next": next("after=A")}})
                .to_string(),
        )
        .respond(400, &[], error_body(190, 463))
        .respond(400, &[], error_body(190, 463))
        .json(json!({"data": [{"id": "2"}]}).to_string());
    let client = client(&transport);
    let got: Vec<_> = client.items(feed().limit(5)).collect().await;
    let error = got[1].as_ref().unwrap_err();
    assert_eq!((got[0].as_ref().unwrap().id.as_str(), got.len()), ("1", 2));
    assert_eq!(error.class(), Some(ErrorClass::TokenInvalid(crate::TokenInvalidReason::Expired)));
    let rest = client.pages_from(feed().limit(5), error.resume_from().cloned());
    let rest: Vec<_> = rest.try_collect().await.unwrap();
    assert_eq!(ids(&rest[0].items), ["2"]);
    assert_eq!(line(&transport.requests()[3]), "GET /v26.0/42/feed?fields=id&limit=5&after=A");
}

#[tokio::test]
async fn no_token_of_a_next_url_is_kept() {
    let transport = script(&[json!({"data": [], "paging": {"next": next("offset=2")}})]);
    let page = client(&transport).send(list()).await.unwrap();
    assert!(!format!("{page:?}").contains("CANARY"), "{page:?}");
}
