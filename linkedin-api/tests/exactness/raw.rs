//! What the crate has no type for.

use serde_json::{Value, json};
use sociogram_linkedin_api::restli::RestliValue;
use sociogram_linkedin_api::{Patch, RawList, RawRequest, RestliMethod};

use crate::table::{Answer, Table};

#[tokio::test]
async fn any_resource() {
    let table = Table::new().await;
    let key = RestliValue::record([("actor", "urn:li:person:a"), ("entity", "urn:li:activity:1")]);
    // The row looks for the type's own name in errors; otherwise it would be that of the Rest.li method.
    let change =
        RawRequest::new(RestliMethod::PartialUpdate, "reactions").key(key).named("linkedin.raw.request");
    table
        .row(
            change.query("actor", "urn:li:person:a").body(Patch::new().set("reactionType", "PRAISE")),
            "partial_update POST /rest/reactions/(actor:urn%3Ali%3Aperson%3Aa,entity:urn%3Ali%3Aactivity%3A1)\
             ?actor=urn%3Ali%3Aperson%3Aa\njson {\"patch\":{\"$set\":{\"reactionType\":\"PRAISE\"}}}",
            Answer::created("urn%3Ali%3Areaction%3A7").header("x-li-fabric", "prod"),
            |answer| {
                assert_eq!((answer.status(), answer.id().as_deref()), (201, Some("urn:li:reaction:7")));
                assert_eq!((answer.header("x-li-fabric"), answer.body()), (Some("prod"), &Value::Null));
            },
        )
        .await;
    table
        .row(
            RawRequest::new(RestliMethod::Action, "images")
                .action("initializeUpload")
                .body(json!({"a": 1}))
                .named("linkedin.raw.request"),
            "action POST /rest/images?action=initializeUpload\njson {\"a\":1}",
            Answer::json(json!({"value": {"image": "urn:li:image:1"}})),
            |answer| assert_eq!(answer.action_value::<Value>().unwrap()["image"], "urn:li:image:1"),
        )
        .await;
    table
        .row(
            RawList::finder("events", "eventsByOrganizer").query("organizer", "urn:li:organization:5").named("linkedin.raw.list"),
            "finder GET /rest/events?count=10&organizer=urn%3Ali%3Aorganization%3A5&q=eventsByOrganizer&start=0",
            Answer::json(json!({"elements": [{"id": 1}, {"id": 2}]})),
            |page| assert_eq!((page.items.len(), page.next), (2, None)),
        )
        .await;
}
