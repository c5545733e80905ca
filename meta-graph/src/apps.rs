//! What belongs to the app itself (Graph API: Application Subscriptions).

mod subscriptions;

pub use subscriptions::{
    AppSubscription, AppSubscriptionField, DeleteAppSubscription, ListAppSubscriptions, SubscribeApp,
    VerifyToken, WebhookObject,
};
