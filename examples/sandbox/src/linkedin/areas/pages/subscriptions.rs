//! `/rest/eventSubscriptions`: where notifications of an organization are sent (LinkedIn: Organization Social Action
//! Notifications).

use axum::response::Response;
use http::Method;
use serde_json::{Value, json};

use super::{
    super::super::{
        answer::{ApiError, entity, no_content},
        api::{Call, collection, expect_method, json_object},
        restli::Element,
    },
    compound_key, directory,
};
use crate::{
    config::{is_loopback_url, is_webhook_target},
    state::State,
    token::Claims,
};

const RESOURCE: &str = "eventSubscriptions";
const EVENT_TYPE: &str = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS";
/// Members of the key.
const KEY: [&str; 4] = ["developerApplication", "user", "entity", "eventType"];

/// A subscription. It ends with the token it was made with.
#[derive(Debug)]
pub(crate) struct Subscription {
    key: [String; 4],
    webhook: String,
    claims: Claims,
}

impl Subscription {
    fn entity(&self) -> &str {
        let [_, _, entity, _] = &self.key;
        entity
    }

    fn represent(&self) -> Value {
        let mut body = json!({"webhook": self.webhook, "expiresAt": self.claims.expires});
        if let Some(fields) = body.as_object_mut() {
            fields.extend(KEY.iter().zip(&self.key).map(|(name, value)| ((*name).to_owned(), json!(value))));
        }
        body
    }
}

/// Where notifications of an organization go, if that is on this machine: nothing is sent anywhere else.
pub(crate) fn webhook_of(state: &State, organization: &str) -> Option<String> {
    let mut living =
        state.linkedin.pages.subscriptions.iter().filter(|found| state.check(&found.claims).is_ok());
    let found = living.find(|found| found.entity() == organization && is_webhook_target(&found.webhook));
    found.map(|found| found.webhook.clone())
}

pub(super) fn route(call: &mut Call<'_>, path: &[&str]) -> Result<Response, ApiError> {
    match (path, call.request.method.clone()) {
        ([], Method::GET) => {
            expect_method(call, "finder")?;
            find(call)
        }
        ([key], Method::GET) => {
            expect_method(call, "get")?;
            let key = read_key(call, key)?;
            let found = living(call).find(|found| found.key == key).map(Subscription::represent);
            let found = found.ok_or_else(ApiError::not_found)?;
            Ok(entity(call.state, &found))
        }
        ([key], Method::PUT) => {
            expect_method(call, "update")?;
            let key = read_key(call, key)?;
            put(call, key)
        }
        ([key], Method::DELETE) => {
            expect_method(call, "delete")?;
            let key = read_key(call, key)?;
            living(call).find(|found| found.key == key).ok_or_else(ApiError::not_found)?;
            call.state.linkedin.pages.subscriptions.retain(|found| found.key != key);
            Ok(no_content(call.state))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn living<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a Subscription> {
    let state = &call.state;
    let all = state.linkedin.pages.subscriptions.iter();
    all.filter(move |found| state.check(&found.claims).is_ok())
}

/// The key, if the caller may have a subscription under it.
fn read_key(call: &Call<'_>, key: &str) -> Result<[String; 4], ApiError> {
    call.query.only(&[])?;
    let key = compound_key(key, KEY)?;
    let [application, user, entity, event_type] = &key;
    let application = application.strip_prefix("urn:li:developerApplication:");
    let numeric = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if !application.is_some_and(numeric) || event_type != EVENT_TYPE {
        return Err(ApiError::illegal_argument("Syntax exception in path variables"));
    }
    let permitted = call.claims.has_scope("rw_organization_admin")
        && *user == call.member.urn()
        && directory::administers(call, entity);
    if permitted { Ok(key) } else { Err(denied(call, call.request.method.as_str())) }
}

fn denied(call: &Call<'_>, method: &str) -> ApiError {
    ApiError::denied(RESOURCE, method, Some(&call.version))
}

fn put(call: &mut Call<'_>, key: [String; 4]) -> Result<Response, ApiError> {
    let body = json_object(call)?;
    let Some(webhook) = body.get("webhook").and_then(Value::as_str) else {
        return Err(ApiError::field("MISSING_FIELD", "/webhook", "it is required"));
    };
    let secure = url::Url::parse(webhook).is_ok_and(|url| url.scheme() == "https" && url.has_host());
    if !secure && !is_loopback_url(webhook) {
        return Err(ApiError::field("INVALID_URL", "/webhook", "it must be an https address"));
    }
    if let Some(unknown) = body.keys().find(|name| *name != "webhook") {
        let field = format!("/{unknown}");
        return Err(ApiError::field("INVALID_VALUE_FOR_FIELD", &field, "unknown field"));
    }
    let made = Subscription { key, webhook: webhook.to_owned(), claims: call.claims.clone() };
    let subscriptions = &mut call.state.linkedin.pages.subscriptions;
    subscriptions.retain(|found| found.key != made.key);
    subscriptions.push(made);
    Ok(no_content(call.state))
}

/// `q=subscriberAndEventType`: the caller's own. The parts of the key narrow it, also inside a record.
fn find(call: &mut Call<'_>) -> Result<Response, ApiError> {
    if call.query.required("q")? != "subscriberAndEventType" {
        return Err(ApiError::illegal_argument("Parameter 'q' is invalid"));
    }
    if !call.claims.has_scope("rw_organization_admin") {
        return Err(denied(call, "FINDER-subscriberAndEventType"));
    }
    let subscriber = call.query.element("subscriber")?;
    let mut wanted = Vec::new();
    for (position, name) in KEY.iter().enumerate() {
        let inside = subscriber.as_ref().and_then(|record| record.field(name)).and_then(Element::as_text);
        if let Some(value) = call.query.text(name)?.or_else(|| inside.map(str::to_owned)) {
            wanted.push((position, value));
        }
    }
    let own = call.member.urn();
    let elements: Vec<Value> = living(call)
        .filter(|found| found.key.contains(&own))
        .filter(|found| wanted.iter().all(|(position, value)| found.key.get(*position) == Some(value)))
        .map(Subscription::represent)
        .collect();
    collection(call, &elements)
}
