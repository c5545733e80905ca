//! Having notifications sent to a webhook (LinkedIn: Organization Social Action Notifications, "Event Subscription API").
//!
//! LinkedIn checks the webhook before it sends anything, and every two hours after that: register it in the developer
//! portal, and answer its challenge, for instance with `sociogram-webhook-verify`.

use std::net::IpAddr;

use http::Uri;
use serde::{Deserialize, Serialize};
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use crate::created;
use crate::endpoint::{endpoint, list_endpoint};
use crate::guard::{rules, web_scheme};
use crate::lenient;
use crate::organizations::page_kind;
use crate::restli::{RestliValue, restli_words};
use crate::urn::{DeveloperApplicationUrn, PersonUrn, Urn};

open_enum! {
    /// What is sent.
    pub enum SubscriptionEvent {
        /// What people do on the pages of an organization; see [`notifications`](crate::notifications).
        OrganizationSocialActionNotifications = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS",
    }
}

restli_words!(SubscriptionEvent);

/// Which subscription: there is one for each app, member, page and kind of event.
///
/// ```
/// use sociogram_linkedin_api::{DeveloperApplicationUrn, OrganizationUrn, PersonUrn};
/// use sociogram_linkedin_api::subscriptions::{CreateEventSubscription, SubscriptionKey};
///
/// let app: DeveloperApplicationUrn = "urn:li:developerApplication:7".parse().unwrap();
/// let member = PersonUrn::from_id("a1").unwrap();
/// let page = OrganizationUrn::from_id("5").unwrap();
/// let key = SubscriptionKey::new(app, member, page);
/// let subscribe = CreateEventSubscription::new(key.clone(), "https://example.com/linkedin");
/// assert!(subscribe.check().is_empty());
/// let plain = CreateEventSubscription::new(key, "http://example.com/linkedin");
/// assert_eq!(plain.check()[0].rule(), "linkedin.subscription.webhook");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SubscriptionKey {
    app: DeveloperApplicationUrn,
    user: PersonUrn,
    entity: Urn,
    event: SubscriptionEvent,
}

impl SubscriptionKey {
    /// Social actions on a page, an organization or a brand, for a member who administers it.
    pub fn new(app: DeveloperApplicationUrn, user: PersonUrn, entity: impl Into<Urn>) -> Self {
        let event = SubscriptionEvent::OrganizationSocialActionNotifications;
        Self { app, user, entity: entity.into(), event }
    }

    /// Another kind of event.
    pub fn event(mut self, event: impl Into<SubscriptionEvent>) -> Self {
        self.event = event.into();
        self
    }

    fn check(&self) -> Vec<Finding> {
        page_kind(&self.entity, "entity")
    }
}

/// The page.
impl AsRef<str> for SubscriptionKey {
    fn as_ref(&self) -> &str {
        self.entity.as_str()
    }
}

impl From<&SubscriptionKey> for RestliValue {
    fn from(key: &SubscriptionKey) -> Self {
        Self::record([
            ("developerApplication", key.app.as_str()),
            ("user", key.user.as_str()),
            ("entity", key.entity.as_str()),
            ("eventType", key.event.as_str()),
        ])
    }
}

endpoint! {
    /// Subscribes a webhook, or changes the webhook of a subscription: `PUT /rest/eventSubscriptions/{key}` (LinkedIn:
    /// Organization Social Action Notifications).
    ///
    /// Needs `rw_organization_admin` and the role of administrator. A subscription ends with the token and with the role,
    /// and at its `expires_at`: subscribe again after each login. The webhook must be https, at a host that LinkedIn
    /// reaches; plain http is let through on loopback only, for a sandbox. Sending it again has no further effect.
    pub struct CreateEventSubscription -> ();
    "linkedin.event_subscriptions.create": Update "/rest/eventSubscriptions/{key}", Safe, [scope::RW_ORGANIZATION_ADMIN];
    new {
        key: SubscriptionKey,
        /// The address that LinkedIn checked.
        webhook: String,
    }
    subject key;
    checked by check;
    body by body;
    read by created::nothing;
}

impl CreateEventSubscription {
    /// Everything a local check has to say, warnings included. Errors stop the call before it is sent.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = self.key.check();
        findings.extend(webhook(&self.webhook));
        findings
    }

    fn body(&self) -> impl Serialize {
        #[derive(Serialize)]
        struct Body<'b> {
            webhook: &'b str,
        }
        Body { webhook: &self.webhook }
    }
}

endpoint! {
    /// Reads a subscription: `GET /rest/eventSubscriptions/{key}` (LinkedIn: Organization Social Action Notifications).
    /// Scope and role as for [`CreateEventSubscription`].
    pub struct GetEventSubscription -> EventSubscription;
    "linkedin.event_subscriptions.get": Get "/rest/eventSubscriptions/{key}", Safe, [scope::RW_ORGANIZATION_ADMIN];
    new { key: SubscriptionKey }
    subject key;
    checked by check;
}

endpoint! {
    /// Ends a subscription: `DELETE /rest/eventSubscriptions/{key}` (LinkedIn: Organization Social Action Notifications).
    /// Deleting it again has no further effect. Scope and role as for [`CreateEventSubscription`].
    pub struct DeleteEventSubscription -> ();
    "linkedin.event_subscriptions.delete": Delete "/rest/eventSubscriptions/{key}", Safe, [scope::RW_ORGANIZATION_ADMIN];
    new { key: SubscriptionKey }
    subject key;
    checked by check;
    read by created::nothing;
}

impl GetEventSubscription {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        self.key.check()
    }
}

impl DeleteEventSubscription {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        self.key.check()
    }
}

list_endpoint! {
    /// Lists the subscriptions of the token's member: `GET /rest/eventSubscriptions?q=subscriberAndEventType` (LinkedIn:
    /// Organization Social Action Notifications). Scope as for [`CreateEventSubscription`].
    pub struct ListEventSubscriptions -> EventSubscription;
    "linkedin.event_subscriptions.list": Finder "/rest/eventSubscriptions", [scope::RW_ORGANIZATION_ADMIN],
        offset 50 to 100;
    fixed { q: "subscriberAndEventType" }
    new { event as "eventType": SubscriptionEvent }
}

/// A subscription as it was read.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventSubscription {
    /// The app.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub developer_application: Option<DeveloperApplicationUrn>,
    /// The member.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub user: Option<PersonUrn>,
    /// The page.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub entity: Option<Urn>,
    /// What is sent.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub event_type: Option<SubscriptionEvent>,
    /// Where it is sent.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub webhook: Option<String>,
    /// When it ends.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub expires_at: Option<Timestamp>,
}

impl EventSubscription {
    /// Its key, if the answer names all parts of it.
    pub fn key(&self) -> Option<SubscriptionKey> {
        Some(SubscriptionKey {
            app: self.developer_application.clone()?,
            user: self.user.clone()?,
            entity: self.entity.clone()?,
            event: self.event_type.clone()?,
        })
    }
}

/// What is wrong with the address of a webhook.
fn webhook(address: &str) -> Option<Finding> {
    const FIELD: &str = "webhook";
    let refused = || Some(rules::SUBSCRIPTION_WEBHOOK.finding(FIELD));
    let Some(scheme) = web_scheme(address) else { return refused() };
    let Ok(uri) = address.parse::<Uri>() else { return refused() };
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let is_loopback =
        host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if !scheme.eq_ignore_ascii_case("https") && !is_loopback {
        return refused();
    }
    host.to_ascii_lowercase().contains("ngrok").then(|| rules::SUBSCRIPTION_TUNNEL.finding(FIELD))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_is_https_or_on_loopback() {
        for (address, rule) in [
            ("https://example.com/hook?a=b", None),
            ("HTTPS://example.com", None),
            ("http://localhost:8080/hook", None),
            ("http://127.0.0.1/hook", None),
            ("http://[::1]:9/hook", None),
            ("http://example.com/hook", Some("linkedin.subscription.webhook")),
            ("http://localhost.example.com/hook", Some("linkedin.subscription.webhook")),
            ("http://localhost@example.com/hook", Some("linkedin.subscription.webhook")),
            ("ftp://example.com", Some("linkedin.subscription.webhook")),
            ("example.com/hook", Some("linkedin.subscription.webhook")),
            ("https://example.com/a b", Some("linkedin.subscription.webhook")),
            ("", Some("linkedin.subscription.webhook")),
            ("https://abc.ngrok-free.app/hook", Some("linkedin.subscription.tunnel")),
        ] {
            assert_eq!(webhook(address).map(|finding| finding.rule()), rule, "{address}");
        }
    }

    #[test]
    fn a_subscription_names_its_own_key() {
        let read = |json: &str| serde_json::from_str::<EventSubscription>(json).unwrap();
        let subscription = read(
            r#"{"developerApplication":"urn:li:developerApplication:7","user":"urn:li:person:a","expiresAt":1700000000000,
                "entity":"urn:li:organization:5","eventType":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","webhook":"https://a.b"}"#,
        );
        let key = subscription.key().unwrap();
        assert_eq!(
            RestliValue::from(&key).encode(),
            "(developerApplication:urn%3Ali%3AdeveloperApplication%3A7,entity:urn%3Ali%3Aorganization%3A5,\
             eventType:ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS,user:urn%3Ali%3Aperson%3Aa)"
        );
        assert_ne!(key.clone().event("NEW"), key);
        assert_eq!(subscription.expires_at.map(Timestamp::as_unix_seconds), Some(1_700_000_000));
        assert_eq!(read(r#"{"user":7,"webhook":{},"expiresAt":"x"}"#), EventSubscription::default());
        assert_eq!(EventSubscription::default().key(), None);
    }

    #[test]
    fn a_subscription_is_for_a_page() {
        let key = |entity| {
            SubscriptionKey::new(
                "urn:li:developerApplication:7".parse().unwrap(),
                PersonUrn::from_id("a").unwrap(),
                Urn::parse(entity).unwrap(),
            )
        };
        assert!(GetEventSubscription::new(key("urn:li:organizationBrand:5")).check().is_empty());
        let wrong = || key("urn:li:person:a");
        assert_eq!(GetEventSubscription::new(wrong()).check()[0].rule(), "linkedin.organization.kind");
        assert_eq!(DeleteEventSubscription::new(wrong()).check()[0].rule(), "linkedin.organization.kind");
        let create = CreateEventSubscription::new(wrong(), "https://a.b");
        assert_eq!(create.check()[0].rule(), "linkedin.organization.kind");
    }
}
