//! Comments, reactions and moderation.

use http::Method;
use serde_json::json;

use super::{
    driver::{Bench, PAGE},
    page_media::{page_bench, text},
};

async fn post(bench: &Bench, page: &str) -> String {
    text(&bench.graph_post(&format!("/v26.0/{PAGE}/feed"), page, &json!({"message": "Hi"})).await, "id")
}

#[tokio::test]
async fn comments_are_written_answered_changed_and_deleted() {
    let (bench, page) = page_bench().await;
    let post = post(&bench, &page).await;
    let on = |id: &str| format!("/v26.0/{id}/comments");
    let node = |id: &str| format!("/v26.0/{id}");
    let first = text(&bench.graph_post(&on(&post), &page, &json!({"message": "One"})).await, "id");
    let reply = text(&bench.graph_post(&on(&first), &page, &json!({"message": "Two"})).await, "id");
    let list = bench.graph_get(&format!("{}?summary=true", on(&post)), &page).await.json();
    assert_eq!((list["data"].as_array().unwrap().len(), &list["summary"]["total_count"]), (1, &json!(1)));
    let stream =
        bench.graph_get(&format!("{}?filter=stream&order=reverse_chronological", on(&post)), &page).await;
    assert_eq!(stream.json()["data"][0]["id"], json!(reply));
    assert_eq!(
        bench.graph_post(&node(&first), &page, &json!({"message": "Uno"})).await.json(),
        json!({"success": true})
    );
    let read = bench
        .graph_get(&format!("{}?fields=message,comment_count,can_hide", node(&first)), &page)
        .await
        .json();
    assert_eq!(
        (&read["message"], &read["comment_count"], &read["can_hide"]),
        (&json!("Uno"), &json!(1), &json!(false))
    );
    assert_eq!(
        bench.graph_post(&node(&first), &page, &json!({"is_hidden": true})).await.graph_error(),
        (403, 200, None)
    );
    assert_eq!(
        bench.send(bench.graph(Method::DELETE, &node(&first), &page)).await.json(),
        json!({"success": true})
    );
    assert_eq!(bench.graph_get(&node(&reply), &page).await.graph_error(), (400, 100, Some(33)));

    let two = json!({"attachment_url": "https://example.com/a.jpg", "attachment_share_url": "https://example.com/a.gif"});
    for body in [json!({"message": " "}), two, json!({"text": "x"}), json!({"attachment_id": "1"})] {
        assert_eq!(
            bench.graph_post(&on(&post), &page, &body).await.graph_error(),
            (400, 100, None),
            "{body}"
        );
    }
    let odd = format!("{}?order=ranked", on(&post));
    assert_eq!(bench.graph_get(&odd, &page).await.graph_error(), (400, 100, None));
    let few = bench.page_token(&bench.user_token()).await;
    assert_eq!(
        bench.graph_post(&on(&post), &few, &json!({"message": "x"})).await.graph_error(),
        (403, 200, None)
    );
    assert_eq!(bench.graph_get(&on(&post), &few).await.graph_error(), (403, 200, None));
}

#[tokio::test]
async fn likes_are_counted_among_the_fields_of_a_post() {
    let (bench, page) = page_bench().await;
    let post = post(&bench, &page).await;
    let likes = format!("/v26.0/{post}/likes");
    assert_eq!(bench.graph_post(&likes, &page, &json!({})).await.json(), json!({"success": true}));
    bench.graph_post(&format!("/v26.0/{post}/comments"), &page, &json!({"message": "One"})).await;
    let fields = "id,comments.limit(0).summary(true),reactions.limit(0).summary(total_count),\
                  reactions.type(LOVE).limit(0).summary(total_count).as(love)";
    let counts = bench.graph_get(&format!("/v26.0/{post}?fields={fields}"), &page).await.json();
    let total = |name: &str| counts[name]["summary"]["total_count"].as_i64();
    assert_eq!((total("comments"), total("reactions"), total("love")), (Some(1), Some(1), Some(0)));
    let reactions = bench.graph_get(&format!("/v26.0/{post}/reactions?type=LIKE"), &page).await.json();
    assert_eq!(reactions["data"][0]["type"], "LIKE");
    let odd = format!("/v26.0/{post}/reactions?type=MEH");
    assert_eq!(bench.graph_get(&odd, &page).await.graph_error(), (400, 100, None));
    assert_eq!(bench.send(bench.graph(Method::DELETE, &likes, &page)).await.status, 200);
    assert_eq!(bench.graph_get(&format!("/v26.0/{post}/reactions"), &page).await.json()["data"], json!([]));
}

#[tokio::test]
async fn people_are_banned_and_let_in_again() {
    let (bench, page) = page_bench().await;
    let blocked = format!("/v26.0/{PAGE}/blocked");
    let banned = bench.graph_post(&blocked, &page, &json!({"psid": ["77", "78"]})).await;
    assert_eq!(banned.json(), json!({"77": true, "78": true}));
    let both = json!({"psid": ["1"], "user": ["2"]});
    assert_eq!(bench.graph_post(&blocked, &page, &both).await.graph_error(), (400, 100, None));
    let remove = || bench.send(bench.graph(Method::DELETE, &format!("{blocked}?psid=77"), &page));
    assert_eq!(remove().await.json(), json!({"success": true}));
    assert_eq!(remove().await.graph_error(), (400, 100, None));
    let moderate = format!("/v26.0/{PAGE}/moderate_conversations");
    let body = json!({"user_ids": [{"id": "79"}], "actions": ["BAN_USER"]});
    assert_eq!(bench.graph_post(&moderate, &page, &body).await.json(), json!({"success": true}));
    let list = bench.graph_get(&format!("{blocked}?fields=id"), &page).await.json();
    assert_eq!(list["data"], json!([{"id": "78"}, {"id": "79"}]));
    let odd = json!({"user_ids": [{"id": "79"}], "actions": ["SHOUT"]});
    assert_eq!(bench.graph_post(&moderate, &page, &odd).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn a_comment_of_a_visitor_is_hidden_and_not_rewritten() {
    let bench = Bench::new().await;
    let url = format!("{}/nowhere", bench.sandbox.url());
    let bench =
        Bench::with(crate::SandboxConfig { meta_webhook: Some(url), ..crate::SandboxConfig::default() })
            .await;
    let page = bench.page_token(&bench.sandbox.meta_user_token(&super::page_media::TALK)).await;
    let subscribed = format!("/v26.0/{PAGE}/subscribed_apps");
    bench.graph_post(&subscribed, &page, &json!({"subscribed_fields": "feed"})).await;
    let post = post(&bench, &page).await;
    bench.control(Method::POST, "/trigger", &json!({"kind": "comment"})).await;
    let list = bench.graph_get(&format!("/v26.0/{post}/comments"), &page).await.json();
    let node = format!("/v26.0/{}", list["data"][0]["id"].as_str().unwrap());
    assert_eq!(
        bench.graph_post(&node, &page, &json!({"is_hidden": true})).await.json(),
        json!({"success": true})
    );
    let read = bench.graph_get(&format!("{node}?fields=is_hidden,can_reply_privately"), &page).await.json();
    assert_eq!((&read["is_hidden"], &read["can_reply_privately"]), (&json!(true), &json!(true)));
    assert_eq!(
        bench.graph_post(&node, &page, &json!({"message": "x"})).await.graph_error(),
        (403, 200, None)
    );
}
