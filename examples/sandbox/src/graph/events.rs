//! `/{dataset}/events`: conversion events. One bad event refuses the whole request.

use serde_json::{Map, Value, json};

use super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted},
    event_rules,
};
use crate::{clock::wall_millis, received::ConversionEvent};

/// Top-level members of the request.
const KNOWN: [&str; 10] = [
    "data",
    "test_event_code",
    "partner_agent",
    "namespace_id",
    "upload_id",
    "upload_tag",
    "upload_source",
    "platforms",
    "progress",
    "trace",
];

/// Most events of one request.
const MAX_EVENTS: usize = 1000;

pub(crate) fn receive(call: &mut Call<'_>, caller: &Caller, dataset: &str) -> Outcome {
    let Caller::User(claims) = caller else {
        return Err(GraphError::permission("Events need a user or system user access token."));
    };
    if !granted(call, claims, "ads_management") && !granted(call, claims, "ads_read") {
        return Err(GraphError::permission("Requires ads_management permission to manage the object"));
    }
    if !call.params.is_json() {
        return Err(GraphError::parameter("The sandbox reads events from an application/json body."));
    }
    call.params.only(&KNOWN)?;
    let Some(Value::Array(events)) = call.params.value("data") else {
        return Err(GraphError::parameter("param data must be an array."));
    };
    if events.is_empty() {
        return Err(GraphError::parameter("param data must be non-empty."));
    }
    if events.len() > MAX_EVENTS {
        return Err(GraphError::parameter(format!("param data must have at most {MAX_EVENTS} elements.")));
    }
    let test_event_code = call.params.text("test_event_code")?;
    if let Some(agent) = call.params.text("partner_agent")? {
        let letters = agent.chars().filter(char::is_ascii_alphabetic).count();
        if agent.chars().count() >= 23 || letters < 2 {
            return Err(GraphError::parameter(
                "partner_agent must be under 23 characters with at least two letters.",
            ));
        }
    }
    // The sender's clock may be the machine's while the sandbox clock was moved ahead: events are never too old for
    // that, nor too far ahead.
    let clocks = event_rules::Clocks { oldest: wall_millis() / 1000, newest: call.state.now_seconds() };
    let none = Map::new();
    for (index, event) in events.iter().enumerate() {
        let fields = event.as_object().unwrap_or(&none);
        event_rules::check(fields, clocks).map_err(|refusal| refusal.into_error(index))?;
    }
    let count = events.len();
    for event in events {
        call.state.events.push(ConversionEvent {
            dataset_id: dataset.to_owned(),
            test_event_code: test_event_code.clone(),
            event,
        });
    }
    Ok(json!({"events_received": count, "messages": [], "fbtrace_id": ""}))
}
