//! Webhooks of the app (Graph API: Application Subscriptions).

use serde_json::json;
use sociogram_meta_graph::Joined;
use sociogram_meta_graph::apps::{DeleteAppSubscription, ListAppSubscriptions, SubscribeApp, WebhookObject};

use crate::pages::encoded;
use crate::table::Table;

#[tokio::test]
async fn webhooks_of_the_app() {
    let table = Table::new().await;
    table
        .row(
            ListAppSubscriptions::new(7),
            "GET /v26.0/7/subscriptions",
            json!({"data": [{"object": "page", "callback_url": "https://example.com/hook", "active": true,
                "fields": [{"name": "feed", "version": "v26.0"}]}]}),
            |page| {
                assert_eq!(page.items[0].object, WebhookObject::Page);
                assert_eq!(page.items[0].fields[0].name, "feed");
            },
        )
        .await;
    let done = || json!({"success": true});
    table
        .row(
            SubscribeApp::new(
                7,
                WebhookObject::Instagram,
                "https://example.com/hook",
                "expected",
                Joined::from(["comments", "messages"]),
            )
            .include_values(true),
            &format!(
                "POST /v26.0/7/subscriptions\nform object=instagram&callback_url={}&verify_token=expected\
                 &fields=comments%2Cmessages&include_values=true",
                encoded("https://example.com/hook")
            ),
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            DeleteAppSubscription::new(7, WebhookObject::Page).fields_ended(Joined::from(["feed"])),
            "DELETE /v26.0/7/subscriptions?object=page&fields=feed",
            done(),
            |()| {},
        )
        .await;
}
