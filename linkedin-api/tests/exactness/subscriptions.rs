//! Notifications, asked for and sent.

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_linkedin_api::notifications::{ListOrganizationNotifications, NotificationAction};
use sociogram_linkedin_api::subscriptions::{
    CreateEventSubscription, DeleteEventSubscription, GetEventSubscription, ListEventSubscriptions,
    SubscriptionEvent, SubscriptionKey,
};
use sociogram_linkedin_api::{OrganizationUrn, PersonUrn, TimeRange};

use crate::table::{Answer, Table};

const PATH: &str = "/rest/eventSubscriptions/(developerApplication:urn%3Ali%3AdeveloperApplication%3A7,\
                    entity:urn%3Ali%3Aorganization%3A5,eventType:ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS,\
                    user:urn%3Ali%3Aperson%3Aa)";

fn page() -> OrganizationUrn {
    OrganizationUrn::from_id("5").unwrap()
}

fn key() -> SubscriptionKey {
    let app = "urn:li:developerApplication:7".parse().unwrap();
    SubscriptionKey::new(app, PersonUrn::from_id("a").unwrap(), page())
}

#[tokio::test]
async fn notifications() {
    let table = Table::new().await;
    let [start, end] = [1_551_715_188_711, 1_551_715_288_711].map(Timestamp::from_unix_millis);
    table
        .row(
            ListOrganizationNotifications::new(page())
                .actions([NotificationAction::Comment, NotificationAction::ShareMention])
                .time_range(TimeRange::new(start, end)),
            "finder GET /rest/organizationalEntityNotifications?actions=List(COMMENT,SHARE_MENTION)&count=10\
             &organizationalEntity=urn%3Ali%3Aorganization%3A5&q=criteria&start=0\
             &timeRange=(end:1551715288711,start:1551715188711)",
            Answer::json(json!({"elements": [
                {"notificationId": 4_406_044, "action": "SHARE_MENTION", "organizationalEntity": "urn:li:organization:5",
                    "sourcePost": "urn:li:share:1", "lastModifiedAt": 1_551_715_188_712_i64},
                "x",
            ]})),
            |page| {
                assert_eq!((page.items.len(), page.malformed.len()), (1, 1));
                assert_eq!(page.items[0].action, Some(NotificationAction::ShareMention));
            },
        )
        .await;
}

#[tokio::test]
async fn subscriptions() {
    let table = Table::new().await;
    table
        .row(
            CreateEventSubscription::new(key(), "https://example.com/hook?a=b"),
            &format!("update PUT {PATH}\njson {{\"webhook\":\"https://example.com/hook?a=b\"}}"),
            Answer::empty(204),
            |()| {},
        )
        .await;
    let one = json!({
        "developerApplication": "urn:li:developerApplication:7", "user": "urn:li:person:a",
        "entity": "urn:li:organization:5", "eventType": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS",
        "webhook": "https://example.com/hook", "expiresAt": 1_700_000_000_000_i64,
    });
    table
        .row(
            GetEventSubscription::new(key()),
            &format!("get GET {PATH}"),
            Answer::json(one.clone()),
            |subscription| assert_eq!(subscription.key(), Some(key())),
        )
        .await;
    table
        .row(
            ListEventSubscriptions::new(SubscriptionEvent::OrganizationSocialActionNotifications),
            "finder GET /rest/eventSubscriptions?count=50&eventType=ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS\
             &q=subscriberAndEventType&start=0",
            Answer::json(json!({"elements": [one]})),
            |page| assert_eq!(page.items[0].webhook.as_deref(), Some("https://example.com/hook")),
        )
        .await;
    table
        .row(
            DeleteEventSubscription::new(key()),
            &format!("delete DELETE {PATH}"),
            Answer::empty(204),
            |()| {},
        )
        .await;
}
