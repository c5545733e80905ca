//! Requests that the crate has no type for.

use serde::Deserialize;
use serde_json::{Value, json};
use sociogram_meta_graph::{Edge, Fields, RawList, RawRequest};

use crate::table::Table;

#[derive(Debug, Deserialize)]
struct Created {
    id: String,
}

#[tokio::test]
async fn raw_requests() {
    let table = Table::new().await;
    let comments = Edge::new("comments").limit(0).summary(true).alias("answers");
    table
        .row(
            RawRequest::get("42_1").fields(Fields::new().fields(["id", "message"]).edge(comments)),
            "GET /v26.0/42_1?fields=id%2Cmessage%2Ccomments.limit%280%29.summary%28true%29.as%28answers%29",
            json!({"id": "42_1", "message": "Hi", "answers": {"data": [], "summary": {"total_count": 3}}}),
            |post: Value| assert_eq!(post["answers"]["summary"]["total_count"], 3),
        )
        .await;
    table
        .row(
            RawRequest::get("/").query("ids", "17,42").fields("id"),
            "GET /v26.0/?ids=17%2C42&fields=id",
            json!({"17": {"id": "17"}, "42": {"id": "42"}}),
            |nodes: Value| assert_eq!(nodes["42"]["id"], "42"),
        )
        .await;
    table
        .row(
            RawRequest::post("42/custom_labels").form("page_label_name", "VIP & co").read_as::<Created>(),
            "POST /v26.0/42/custom_labels\nform page_label_name=VIP%20%26%20co",
            json!({"id": "1001"}),
            |created| assert_eq!(created.id, "1001"),
        )
        .await;
    table
        .row(
            RawRequest::post("42/messenger_profile").json(json!({"greeting": [{"locale": "default", "text": "Hi"}]})),
            "POST /v26.0/42/messenger_profile\njson {\"greeting\":[{\"locale\":\"default\",\"text\":\"Hi\"}]}",
            json!({"result": "success"}),
            |done: Value| assert_eq!(done["result"], "success"),
        )
        .await;
    table
        .row(
            RawRequest::delete("1001/label").query("user", "5"),
            "DELETE /v26.0/1001/label?user=5",
            json!({"success": true}),
            |done: Value| assert_eq!(done["success"], true),
        )
        .await;
    table
        .row(
            RawList::new("42/custom_labels").fields("id,page_label_name").limit(50),
            "GET /v26.0/42/custom_labels?fields=id%2Cpage_label_name&limit=50",
            json!({"data": [{"id": "1001", "page_label_name": "VIP"}],
                "paging": {"cursors": {"before": "QVFI1", "after": "QVFI2"}}}),
            |page| {
                assert_eq!(page.items, [json!({"id": "1001", "page_label_name": "VIP"})]);
                assert!(page.next.is_none());
            },
        )
        .await;
}
