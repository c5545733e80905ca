//! LinkedIn's webhooks: organization social actions and leads.

use serde_json::{Value, json};

use super::{Platform, send, send_to};
use crate::{
    linkedin::{
        areas::{
            leads,
            pages::{notifications, subscriptions},
            social,
        },
        known_posts::VISITOR,
    },
    mac::{hex, hmac_sha256},
    received::LinkedInPost,
    state::{Inner, State},
};

/// The bytes LinkedIn sends, and its signature: over the prefix and then the body; the header is bare hex.
pub(super) fn sign(secret: &str, body: &Value) -> (Vec<u8>, String) {
    let bytes = body.to_string().into_bytes();
    let signature = hex(&hmac_sha256(secret.as_bytes(), &[b"hmacsha256=", &bytes]));
    (bytes, signature)
}

/// What a receiver must answer to a challenge.
pub(super) fn challenge_response(secret: &str, challenge: &str) -> String {
    hex(&hmac_sha256(secret.as_bytes(), &[challenge.as_bytes()]))
}

/// An organization published a post: the first comment is never far.
pub(crate) fn post_made(shared: &Inner, state: &mut State, post: &LinkedInPost) {
    if post.visibility == "PUBLIC" {
        let _nobody_registered_is_fine = comment(shared, state, post, "Congratulations! 🎉");
    }
}

/// A member comments on a post of an organization; `None` when nobody is registered to hear of it.
pub(crate) fn comment(shared: &Inner, state: &mut State, post: &LinkedInPost, text: &str) -> Option<u64> {
    let number = i64::try_from(state.number()).unwrap_or_default();
    let now = state.now();
    let comment = social::visitor_comments(state, post, VISITOR, text);
    let notification = json!({
        "notificationId": now.saturating_mul(1000).saturating_add(number % 1000),
        "organizationalEntity": post.author,
        "action": "COMMENT",
        "sourcePost": post.urn,
        "decoratedSourcePost": {"entity": post.urn, "owner": post.author, "text": post.visible_text},
        "generatedActivity": comment,
        "decoratedGeneratedActivity": {
            "comment": {"entity": comment, "owner": VISITOR, "post": post.urn, "text": text},
        },
        "subscriber": shared.config.world.member.urn(),
        "lastModifiedAt": now,
    });
    notifications::happened(state, notification.clone());
    let topic = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS";
    let body = json!({"type": topic, "notifications": [notification]});
    match subscriptions::webhook_of(state, &post.author) {
        Some(url) => Some(send_to(shared, state, Platform::LinkedIn, url, topic, &body)),
        None => send(shared, state, Platform::LinkedIn, topic, &body),
    }
}

/// Somebody fills in a form of an organization or, without one, of the ad account. The delivery, `None` when nobody is
/// registered, and the id that the lead can be fetched by.
pub(crate) fn lead(shared: &Inner, state: &mut State, organization: Option<&str>) -> Option<(u64, String)> {
    state.target(Platform::LinkedIn)?;
    let lead = leads::fill_in(state, organization);
    let body = json!({
        "type": "LEAD_ACTION",
        "leadGenFormResponse": format!("urn:li:leadGenFormResponse:{}", lead.id),
        "leadGenForm": lead.form,
        "owner": lead.owner,
        "associatedEntity": lead.entity,
        "leadType": lead.lead_type,
        "leadAction": "CREATED",
        "occurredAt": state.now(),
    });
    Some((send(shared, state, Platform::LinkedIn, "LEAD_ACTION", &body)?, lead.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_published_vectors() {
        assert_eq!(
            challenge_response("test_client_secret", "890e4665-4dfe-4ab1-b689-ed553bceeed0"),
            "2f02d4233a0396d6b4632fc7be62fd3ab68183421f688efcda0c1fcb2615273e"
        );
        let body: &[u8] = br#"{"type":"LEAD_ACTION","leadAction":"CREATED"}"#;
        assert_eq!(
            hex(&hmac_sha256(b"test_client_secret", &[b"hmacsha256=", body])),
            "0a637413caaaddbad440ec6b866cdf469bdf0457cb5db26479d9f162dcb03714"
        );
        let (bytes, signature) = sign("0123456789abcdef-secret", &json!({}));
        assert_eq!(bytes, b"{}");
        assert_eq!(signature, "f6d9740778466d6c9f75f2d00254847d3bcd2c42a4811ca1be0edd25a7f29b8e");
    }
}
