//! `/{app}/subscriptions`: which webhooks an app gets, and where.

use http::Method;
use serde_json::{Value, json};

use super::super::super::{Call, Outcome, answer::GraphError, caller::Caller, paging};
use crate::{
    config::is_webhook_target,
    webhooks::{Platform, handshake},
};

/// Objects that send webhooks.
const OBJECTS: [&str; 9] = [
    "page",
    "instagram",
    "user",
    "permissions",
    "whatsapp_business_account",
    "ad_account",
    "application",
    "catalog",
    "threads",
];

/// What an app gets about one kind of object.
#[derive(Debug, Clone)]
pub(super) struct Subscription {
    callback: String,
    fields: Vec<String>,
    active: bool,
}

pub(super) fn route(call: &mut Call<'_>) -> Outcome {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    if !matches!(caller, Caller::App) {
        let message = "(#15) This method must be called with an app access_token.";
        return Err(GraphError::new(400, 15, message));
    }
    match call.request.method {
        Method::GET => list(call),
        Method::POST => subscribe(call),
        Method::DELETE => unsubscribe(call),
        _ => Err(GraphError::unsupported(&call.request.method, &call.shared.config.meta.id)),
    }
}

fn list(call: &Call<'_>) -> Outcome {
    call.params.only(&["limit", "after", "before"])?;
    let held = &call.state.areas.businesses.subscriptions;
    let row = |(object, one): (&String, &Subscription)| {
        let fields: Vec<Value> =
            one.fields.iter().map(|name| json!({"name": name, "version": call.version})).collect();
        json!({"object": object, "callback_url": one.callback, "active": one.active, "fields": fields})
    };
    let rows: Vec<Value> = held.iter().map(row).collect();
    paging::page(call, &format!("{}/subscriptions", call.shared.config.meta.id), &rows)
}

fn object(call: &Call<'_>) -> Result<String, GraphError> {
    let object = call.params.required("object")?;
    if OBJECTS.contains(&object.as_str()) {
        return Ok(object);
    }
    let message = format!("Param object must be one of {{{}}} - got {object}", OBJECTS.join(", "));
    Err(GraphError::parameter(message))
}

fn subscribe(call: &mut Call<'_>) -> Outcome {
    let known =
        ["object", "callback_url", "fields", "include_client_certificate", "include_values", "verify_token"];
    call.params.only(&known)?;
    let object = object(call)?;
    let callback = call.params.required("callback_url")?;
    let token = call.params.required("verify_token")?;
    let fields = call.params.list("fields")?.unwrap_or_default();
    if fields.is_empty() {
        return Err(GraphError::parameter("The parameter fields is required."));
    }
    call.params.boolean("include_values")?;
    call.params.boolean("include_client_certificate")?;
    let is_here = is_webhook_target(&callback);
    if !is_here && !is_reachable(&callback) {
        return Err(GraphError::new(
            400,
            2200,
            "(#2200) Callback verification failed: the address cannot be reached over https.",
        ));
    }
    // The receiver of this sandbox knows one text only, and would refuse any other.
    if token != call.shared.config.meta.verify_token {
        return Err(GraphError::new(
            400,
            2200,
            "(#2200) Callback verification failed: HTTP Status Code = 403",
        ));
    }
    let held = &mut call.state.areas.businesses.subscriptions;
    held.insert(object.clone(), Subscription { callback: callback.clone(), fields, active: true });
    // Nothing leaves this machine: a receiver elsewhere is taken at its word, and never gets anything.
    if is_here {
        verify(call, object, callback);
    }
    Ok(json!({"success": true}))
}

/// Whether the platform could call this address: it takes https only, and hosts below `.invalid` do not exist.
fn is_reachable(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| {
        url.scheme() == "https" && url.host_str().is_some_and(|host| !host.ends_with(".invalid"))
    })
}

/// Asks the receiver behind the caller's back: the answer is given under the lock, where nothing can be awaited. A
/// receiver that fails makes the subscription inactive.
fn verify(call: &Call<'_>, object: String, callback: String) {
    let shared = call.shared.clone();
    tokio::spawn(async move {
        let handshake = handshake::shake(&shared, Platform::Meta, &callback).await;
        let mut state = shared.lock();
        if handshake.verified {
            state.meta_webhook = Some(callback.clone());
        }
        if let Some(held) = state.areas.businesses.subscriptions.get_mut(&object)
            && held.callback == callback
        {
            held.active = handshake.verified;
        }
    });
}

fn unsubscribe(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["object", "fields"])?;
    let fields = call.params.list("fields")?;
    // Without an object everything ends.
    let Some(_) = call.params.text("object")? else {
        call.state.areas.businesses.subscriptions.clear();
        return Ok(json!({"success": true}));
    };
    let object = object(call)?;
    let held = &mut call.state.areas.businesses.subscriptions;
    match (fields, held.get_mut(&object)) {
        (Some(fields), Some(one)) if !fields.is_empty() => {
            one.fields.retain(|field| !fields.contains(field));
            if one.fields.is_empty() {
                held.remove(&object);
            }
        }
        _ => {
            held.remove(&object);
        }
    }
    Ok(json!({"success": true}))
}
