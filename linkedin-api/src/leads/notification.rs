//! Notifications of leads.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sociogram_api_core::Finding;
use sociogram_oauth_core::scope;

use super::owner::{LeadOwner, LeadType};
use super::response::entity;
use crate::created;
use crate::endpoint::{endpoint, list_endpoint};
use crate::guard::{rules, web_scheme};
use crate::lenient;
use crate::restli::RestliValue;
use crate::urn::{Urn, VersionedLeadFormUrn};

/// Hosts whose webhooks LinkedIn refuses.
const REFUSED_HOSTS: [&str; 4] = ["ngrok.io", "ngrok.app", "ngrok.dev", "ngrok-free.app"];

endpoint! {
    /// Has LinkedIn tell a webhook of new leads: `POST /rest/leadNotifications` (LinkedIn: Lead Notifications).
    ///
    /// The answer is the id of the subscription. LinkedIn first challenges the webhook, so the receiver must run already,
    /// and it tells only webhooks that passed. One subscription for each owner and kind of lead is enough; at most 1500 for
    /// each owner. Scopes and roles stand at the [module](super). Nothing repeats the call: a repeat subscribes twice.
    pub struct CreateLeadNotification -> String;
    "linkedin.lead_notifications.create": Create "/rest/leadNotifications", Never,
        [scope::R_MARKETING_LEADGEN_AUTOMATION, scope::R_ADS];
    new { owner: LeadOwner, lead_type: LeadType, webhook: String }
    with {
        /// Only of this version of a form.
        versioned_form: VersionedLeadFormUrn,
        /// Only at this creative, event, organization or product.
        associated_entity: Urn,
    }
    subject owner;
    checked by check;
    body by body;
    read by created::read;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'e> {
    webhook: &'e str,
    owner: &'e LeadOwner,
    lead_type: &'e LeadType,
    #[serde(skip_serializing_if = "Option::is_none")]
    versioned_form: Option<&'e VersionedLeadFormUrn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_entity: Option<Value>,
}

impl CreateLeadNotification {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        if is_public(&self.webhook) { Vec::new() } else { vec![rules::LEAD_WEBHOOK.finding("webhook")] }
    }

    fn body(&self) -> Body<'_> {
        // The name in the union is the kind in the URN.
        let union =
            |urn: &Urn| Value::Object(Map::from_iter([(urn.entity_type().to_owned(), json!(urn.as_str()))]));
        Body {
            webhook: &self.webhook,
            owner: &self.owner,
            lead_type: &self.lead_type,
            versioned_form: self.versioned_form.as_ref(),
            associated_entity: self.associated_entity.as_ref().map(union),
        }
    }
}

fn is_public(address: &str) -> bool {
    if !web_scheme(address).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")) {
        return false;
    }
    let authority = address.split(['/', '?', '#']).nth(2).unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let is_below = |refused: &&str| {
        host.strip_suffix(*refused).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    !host.is_empty() && !REFUSED_HOSTS.iter().any(is_below)
}

list_endpoint! {
    /// The subscriptions of an owner: `GET /rest/leadNotifications?q=criteria` (LinkedIn: Lead Notifications). Scopes and
    /// roles stand at the [module](super).
    pub struct ListLeadNotifications -> LeadNotification;
    "linkedin.lead_notifications.list": Finder "/rest/leadNotifications", [scope::R_MARKETING_LEADGEN_AUTOMATION, scope::R_ADS],
        offset 50 to 100;
    fixed { q: "criteria" }
    new { owner: OwnerCriterion }
    with {
        /// Only of this kind of lead.
        lead_type as "leadType": LeadType,
    }
    subject owner;
}

/// An owner, as this finder wants it: in a record with the one member `value`.
#[derive(Clone, Debug)]
pub struct OwnerCriterion(LeadOwner);

impl<O: Into<LeadOwner>> From<O> for OwnerCriterion {
    fn from(owner: O) -> Self {
        Self(owner.into())
    }
}

impl AsRef<str> for OwnerCriterion {
    fn as_ref(&self) -> &str {
        self.0.as_ref()
    }
}

impl From<&OwnerCriterion> for RestliValue {
    fn from(owner: &OwnerCriterion) -> Self {
        Self::record([("value", Self::from(&owner.0))])
    }
}

endpoint! {
    /// One subscription: `GET /rest/leadNotifications/{id}` (LinkedIn: Lead Notifications). Scopes and roles stand at the
    /// [module](super).
    pub struct GetLeadNotification -> LeadNotification;
    "linkedin.lead_notifications.get": Get "/rest/leadNotifications/{id}", Safe,
        [scope::R_MARKETING_LEADGEN_AUTOMATION, scope::R_ADS];
    new { id: String }
}

endpoint! {
    /// Ends a subscription: `DELETE /rest/leadNotifications/{id}` (LinkedIn: Lead Notifications). Scopes and roles stand at
    /// the [module](super).
    pub struct DeleteLeadNotification -> ();
    "linkedin.lead_notifications.delete": Delete "/rest/leadNotifications/{id}", Safe,
        [scope::R_MARKETING_LEADGEN_AUTOMATION, scope::R_ADS];
    new { id: String }
    read by created::nothing;
}

/// A subscription to leads.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LeadNotification {
    /// Its id.
    #[serde(deserialize_with = "lenient::integer")]
    pub id: Option<i64>,
    /// Whose leads.
    #[serde(deserialize_with = "lenient::or_none")]
    pub owner: Option<LeadOwner>,
    /// Which kind of leads.
    #[serde(deserialize_with = "lenient::or_none")]
    pub lead_type: Option<LeadType>,
    /// Who is told.
    #[serde(deserialize_with = "lenient::or_none")]
    pub webhook: Option<String>,
    /// The form, if it is about one only.
    #[serde(deserialize_with = "lenient::or_none")]
    pub versioned_form: Option<VersionedLeadFormUrn>,
    /// The creative, event, organization or product, if it is about one only.
    #[serde(deserialize_with = "entity")]
    pub associated_entity: Option<Urn>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_has_a_public_https_address() {
        for good in [
            "https://example.com/leads",
            "HTTPS://example.com:443?x",
            "https://notngrok.io/",
            "https://u@example.com",
        ] {
            assert!(is_public(good), "{good}");
        }
        for bad in [
            "http://example.com",
            "example.com",
            "https://",
            "https://a.ngrok.io/leads",
            "https://NGROK-FREE.app:443",
            "https://u:p@b.ngrok.app",
            "https://:443/",
            "",
        ] {
            assert!(!is_public(bad), "{bad}");
        }
    }
}
