//! Which webhooks Meta sends, and where to (Graph API: Application Subscriptions). All of it needs the app's own token
//! ([`AppToken`](crate::oauth::AppToken)).

use serde::{Deserialize, Serialize};
use sociogram_api_core::{Finding, open_enum};
use url::Url;

use crate::endpoint::{Joined, endpoint, list_endpoint};
use crate::id::AppId;
use crate::{acknowledged, lenient};

open_enum! {
    /// What webhooks are about.
    pub enum WebhookObject {
        /// Pages.
        Page = "page",
        /// Instagram accounts.
        Instagram = "instagram",
        /// People.
        User = "user",
        /// Permissions that people gave.
        Permissions = "permissions",
        /// WhatsApp accounts.
        WhatsAppBusinessAccount = "whatsapp_business_account",
        /// Ad accounts.
        AdAccount = "ad_account",
        /// Applications.
        Application = "application",
        /// Catalogs.
        Catalog = "catalog",
        /// Threads accounts.
        Threads = "threads",
    }
}

list_endpoint! {
    /// Lists the webhooks of the app: `GET /{app_id}/subscriptions`.
    ///
    /// Needs the app's own token.
    pub struct ListAppSubscriptions -> AppSubscription;
    "app.subscriptions.list": "/{app_id}/subscriptions", [], limit 100;
    new { app_id: AppId }
}

/// Webhooks of the app about one kind of object.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AppSubscription {
    /// What they are about.
    pub object: WebhookObject,
    /// Where they go.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub callback_url: Option<String>,
    /// Whether they are sent.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub active: Option<bool>,
    /// What is sent.
    #[serde(default, deserialize_with = "lenient::list")]
    pub fields: Vec<AppSubscriptionField>,
}

/// One kind of webhook.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "NamedField")]
pub struct AppSubscriptionField {
    /// Its name.
    pub name: String,
    /// The version of the API that it is written in, such as `v26.0`.
    pub version: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum NamedField {
    Plain(String),
    Versioned {
        name: String,
        #[serde(default, deserialize_with = "lenient::or_none")]
        version: Option<String>,
    },
}

impl From<NamedField> for AppSubscriptionField {
    fn from(field: NamedField) -> Self {
        match field {
            NamedField::Plain(name) => Self { name, version: None },
            NamedField::Versioned { name, version } => Self { name, version },
        }
    }
}

/// What Meta must say to the callback before it is taken, so that nobody else can put one there. `Debug` hides it.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct VerifyToken(String);

impl<T: Into<String>> From<T> for VerifyToken {
    fn from(token: T) -> Self {
        Self(token.into())
    }
}

impl std::fmt::Debug for VerifyToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VerifyToken(..)")
    }
}

endpoint! {
    /// Has Meta send webhooks about one kind of object: `POST /{app_id}/subscriptions`.
    ///
    /// **Replaces what the app had for this kind of object.** Meta calls the callback while this runs, which must answer
    /// `hub.challenge` (`webhook-verify` does). Each Page, account and so on must be subscribed besides. Needs the app's
    /// own token. For WhatsApp some apps are sent to the app's dashboard instead. Repeating it changes nothing.
    pub struct SubscribeApp -> ();
    "app.subscriptions.set": POST "/{app_id}/subscriptions", Safe, [];
    new { app_id: AppId, object: WebhookObject, callback_url: String, verify_token: VerifyToken, fields_wanted as "fields": Joined }
    with {
        /// Whether the webhooks hold the values that changed; set it, or they only name the fields.
        include_values: bool,
    }
    checked by check;
    decode acknowledged::read;
}

impl SubscribeApp {
    /// What is wrong with it, as far as that can be told without asking Meta.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if !Url::parse(&self.callback_url).is_ok_and(|url| url.scheme() == "https") {
            findings.push(
                Finding::error(
                    "app.subscription.callback",
                    "callback_url",
                    "Meta sends webhooks to https only",
                )
                .advice("use a complete address that begins with https://"),
            );
        }
        if self.verify_token.0.is_empty() {
            findings.push(
                Finding::error("app.subscription.verify_token", "verify_token", "it is empty")
                    .advice("use a long random text, and expect it at the callback"),
            );
        }
        if self.fields_wanted.as_str().is_empty() {
            findings.push(
                Finding::error("app.subscription.fields", "fields", "no field is named")
                    .advice("name at least one"),
            );
        }
        findings
    }
}

endpoint! {
    /// Ends webhooks of the app: `DELETE /{app_id}/subscriptions`.
    ///
    /// **They end for every tenant of the app.** Without fields all webhooks about this kind of object end. Needs the app's own token. Repeating it
    /// changes nothing.
    pub struct DeleteAppSubscription -> ();
    "app.subscriptions.delete": DELETE "/{app_id}/subscriptions", Safe, [];
    new { app_id: AppId, object: WebhookObject }
    with {
        /// Only these fields.
        fields_ended as "fields": Joined,
    }
    decode acknowledged::read;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    fn subscribe(callback: &str, token: &str, fields: &[&str]) -> SubscribeApp {
        SubscribeApp::new(7, WebhookObject::Page, callback, token, fields.iter().collect::<Joined>())
    }

    #[test]
    fn findings_name_the_rule_and_nothing_shows_the_token() {
        let good = "https://example.com/hook";
        for (subscribe, rules) in [
            (subscribe(good, "SEKRET", &["feed"]), &[][..]),
            (subscribe("http://example.com/hook", "SEKRET", &["feed"]), &["app.subscription.callback"]),
            (subscribe(good, "", &["feed"]), &["app.subscription.verify_token"]),
            (subscribe(good, "SEKRET", &[]), &["app.subscription.fields"]),
        ] {
            let found: Vec<&str> = subscribe.check().iter().map(Finding::rule).collect();
            assert_eq!(found, rules);
            assert!(!format!("{subscribe:?}").contains("SEKRET"));
        }
    }

    #[tokio::test]
    async fn fields_come_with_or_without_their_version() {
        let (page, _) = exchange(
            ListAppSubscriptions::new(7),
            r#"{"data":[{"object":"new_thing","active":"true","fields":[{"name":"feed","version":"v26.0"},"leadgen",5]},
                {"callback_url":"no object"}]}"#,
        )
        .await;
        let page = page.unwrap();
        let first = &page.items[0];
        assert_eq!((first.object.as_str(), first.active, first.fields.len()), ("new_thing", Some(true), 2));
        assert_eq!(first.fields[0].version.as_deref(), Some("v26.0"));
        assert_eq!((first.fields[1].name.as_str(), page.malformed.len()), ("leadgen", 1));
    }
}
