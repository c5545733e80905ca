//! The account itself, and what its app is told of.

use http::Method;
use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    Object,
    access::{Access, Need},
    discovery, mentions,
    selection::{self, Kind},
};

/// What an app can be told of (`graph.instagram.com`).
const TOPICS: [&str; 22] = [
    "comments",
    "live_comments",
    "mentions",
    "messages",
    "message_edit",
    "message_reactions",
    "messaging_handover",
    "messaging_optins",
    "messaging_postbacks",
    "messaging_referral",
    "messaging_seen",
    "standby",
    "story_insights",
    "story_reactions",
    "share_to_story",
    "follow",
    "delta",
    "comment_poll_response",
    "story_poll_response",
    "creator_marketplace_projects",
    "creator_marketplace_invited_creator_onboarding",
    "onboarding_welcome_message_series",
];

/// What everybody may know of an account.
pub(super) fn public_fields(call: &Call<'_>, id: &str) -> Option<Object> {
    let account = call.shared.config.world.instagram.iter().find(|account| account.user_id == id)?;
    let fields = json!({
        "id": account.user_id,
        "ig_id": account.user_id.trim_start_matches("1784"),
        "username": account.username,
        "name": account.name,
        "biography": "",
        "profile_picture_url": "https://scontent.example.com/ig.jpg",
        "followers_count": 0,
        "follows_count": 0,
        "media_count": super::media_count(call.state, id),
    });
    match fields {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

pub(super) fn read(call: &mut Call<'_>, access: &Access) -> Outcome {
    let missing = || GraphError::unsupported(&call.request.method, &access.account);
    let mut object = public_fields(call, &access.account).ok_or_else(missing)?;
    let world = &call.shared.config.world;
    let account = world.instagram.iter().find(|one| one.user_id == access.account).ok_or_else(missing)?;
    object.insert("has_profile_pic".to_owned(), json!(true));
    object.insert("is_published".to_owned(), json!(true));
    let not_here: &[&str] = if access.is_facebook() {
        object.insert("shopping_product_tag_eligibility".to_owned(), json!(false));
        &["user_id", "account_type"]
    } else {
        object.insert("id".to_owned(), json!(account.id));
        object.insert("user_id".to_owned(), json!(account.user_id));
        object.insert("account_type".to_owned(), json!(account.account_type));
        &["business_discovery", "shopping_product_tag_eligibility", "ig_id"]
    };
    let mut fields = selection::asked(call, "id")?;
    for field in &mut fields {
        let value = match field.name.as_str() {
            name if not_here.contains(&name) => {
                let message = format!("Tried accessing nonexisting field ({name}) on node type (IGUser)");
                return Err(GraphError::parameter(message));
            }
            "business_discovery" => discovery::discover(call, access, field)?,
            "mentioned_media" => mentions::mentioned_media(call, access, field)?,
            "mentioned_comment" => mentions::mentioned_comment(call, access, field)?,
            _ => continue,
        };
        object.insert(field.name.clone(), value);
    }
    selection::apply(Kind::Account, &object, &fields)
}

/// `/{account}/subscribed_apps` at `graph.instagram.com`.
pub(super) fn subscribed_apps(call: &mut Call<'_>, access: &Access) -> Outcome {
    let app = call.shared.config.instagram.id.clone();
    let account = access.account.clone();
    match call.request.method {
        Method::GET => {
            let topics = call.state.areas.instagram.subscriptions.get(&account);
            let data: Vec<Value> =
                topics.iter().map(|topics| json!({"id": app, "subscribed_fields": topics})).collect();
            Ok(json!({ "data": data }))
        }
        Method::POST => {
            call.params.only(&["subscribed_fields"])?;
            let topics = call.params.list("subscribed_fields")?.unwrap_or_default();
            if topics.is_empty() {
                return Err(GraphError::parameter("The parameter subscribed_fields is required."));
            }
            if let Some(topic) = topics.iter().find(|topic| !TOPICS.contains(&topic.as_str())) {
                return Err(GraphError::parameter(format!("Param subscribed_fields: {topic} is unknown.")));
            }
            if topics.iter().any(|topic| matches!(topic.as_str(), "comments" | "live_comments" | "mentions"))
            {
                access.needs(call, Need::Comments)?;
            }
            call.state.areas.instagram.subscriptions.insert(account, topics);
            Ok(json!({"success": true}))
        }
        Method::DELETE => {
            call.params.only(&[])?;
            call.state.areas.instagram.subscriptions.remove(&account);
            Ok(json!({"success": true}))
        }
        _ => Err(GraphError::unsupported(&call.request.method, &account)),
    }
}
