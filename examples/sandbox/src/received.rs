//! What the platforms hold and saw: the snapshot tests look at.

use serde::Serialize;
use serde_json::Value;

/// Everything the platforms hold and saw. No token, code or secret is in it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Received {
    /// Posts made on Facebook Pages, oldest first, deleted ones included.
    pub facebook_posts: Vec<FacebookPost>,
    /// Posts made on LinkedIn, oldest first, deleted ones included.
    pub linkedin_posts: Vec<LinkedInPost>,
    /// Conversion events accepted by datasets, oldest first.
    pub events: Vec<ConversionEvent>,
    /// Conversion events accepted by LinkedIn, as sent, oldest first.
    pub linkedin_events: Vec<Value>,
    /// Webhook subscriptions of Pages.
    pub subscriptions: Vec<Subscription>,
    /// Webhook deliveries, also those that failed or are still being tried.
    pub deliveries: Vec<Delivery>,
    /// Webhook registrations and how their handshake went.
    pub handshakes: Vec<Handshake>,
    /// Things a careful client does not do, answered all the same.
    pub violations: Vec<Violation>,
    /// Calls to the platforms, oldest first (the newest 10 000). Never their queries or bodies.
    pub calls: Vec<Call>,
}

/// A post on a Facebook Page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacebookPost {
    /// `{page}_{number}`.
    pub id: String,
    /// The Page.
    pub page_id: String,
    /// Text.
    pub message: Option<String>,
    /// Link.
    pub link: Option<String>,
    /// Whether visitors see it.
    pub published: bool,
    /// When it will be published, in Unix seconds.
    pub scheduled_publish_time: Option<i64>,
    /// When it was made, in Unix seconds of the sandbox clock.
    pub created_at: i64,
    /// Whether it was deleted since.
    pub deleted: bool,
}

/// A post on LinkedIn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkedInPost {
    /// `urn:li:share:…` or `urn:li:ugcPost:…`.
    pub urn: String,
    /// The member or organization it is made for.
    pub author: String,
    /// The little text that was sent.
    pub commentary: String,
    /// The text a reader sees.
    pub visible_text: String,
    /// Whether an unescaped reserved character cut the text short.
    pub truncated: bool,
    /// URNs the text mentions: only those whose name is right become links.
    pub mentions: Vec<String>,
    /// `PUBLIC`, `CONNECTIONS`, `LOGGED_IN` or `CONTAINER`.
    pub visibility: String,
    /// The whole body that was sent, with what partial updates changed since.
    pub body: Value,
    /// When it was made, in Unix milliseconds of the sandbox clock.
    pub created_at: i64,
    /// When it was made or last changed, in Unix milliseconds of the sandbox clock.
    pub modified_at: i64,
    /// Whether its author has changed it since.
    pub edited: bool,
    /// Whether it was deleted since.
    pub deleted: bool,
}

/// A conversion event accepted by a dataset.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConversionEvent {
    /// The dataset.
    pub dataset_id: String,
    /// The test code sent with it.
    pub test_event_code: Option<String>,
    /// The event as sent.
    pub event: Value,
}

/// Webhook fields a Page is subscribed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subscription {
    /// The Page.
    pub page_id: String,
    /// Field names, for example `feed`.
    pub fields: Vec<String>,
}

/// One webhook delivery.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Delivery {
    /// Number of the delivery, counting from 1.
    pub id: u64,
    /// `meta` or `linkedin`.
    pub platform: &'static str,
    /// What it reports, for example `feed` or `LEAD_ACTION`.
    pub topic: String,
    /// Attempts made so far.
    pub attempts: u32,
    /// Status of the last answer, if there was one.
    pub status: Option<u16>,
    /// Whether the receiver acknowledged it.
    pub acknowledged: bool,
    /// Whether the sandbox has stopped trying.
    pub finished: bool,
    /// The body, parsed.
    pub body: Value,
}

/// The handshake of a webhook registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Handshake {
    /// `meta` or `linkedin`.
    pub platform: &'static str,
    /// Whether the receiver answered as the platform demands.
    pub verified: bool,
    /// What was wrong, or what was checked.
    pub detail: String,
}

/// Something a careful client does not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The rule, for example `token-in-query`.
    pub rule: &'static str,
    /// Method of the call.
    pub method: String,
    /// Path of the call, without its query.
    pub path: String,
}

/// A call to a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// `facebook`, `graph`, `linkedin` or `linkedin-api`.
    pub host: &'static str,
    /// Method.
    pub method: String,
    /// Path below the host, without the query.
    pub path: String,
    /// Status answered; 0 when the connection was broken off instead.
    pub status: u16,
}
