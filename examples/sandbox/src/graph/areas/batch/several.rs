//! `GET /?ids=…`: several objects in one answer, by their ids.

use bytes::Bytes;
use http::Method;
use serde_json::{Map, Value};

use super::super::super::{Call, Outcome, answer::GraphError, caller::Caller, respond};
use super::{Ending, MAX_ITEMS, written};
use crate::request::{Incoming, encode_form};

/// Whether the call is one of these.
pub(super) fn is_it(call: &Call<'_>, path: &[&str]) -> bool {
    path.is_empty() && call.request.method == Method::GET && call.params.value("ids").is_some()
}

/// One object that cannot be read fails the whole call.
pub(super) fn answer(call: &mut Call<'_>) -> Outcome {
    Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    let ids = call.params.list("ids")?.unwrap_or_default();
    if ids.is_empty() || ids.len() > MAX_ITEMS {
        return Err(GraphError::parameter(format!("Param ids must name 1 to {MAX_ITEMS} objects.")));
    }
    let rest = call.request.query_form();
    let pairs = rest.0.iter().filter(|(name, _)| name != "ids");
    let pairs: Vec<(&str, &str)> = pairs.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let query = encode_form(&pairs);
    let mut found = Map::new();
    for id in ids {
        let request = Incoming {
            area: call.request.area,
            method: Method::GET,
            path: format!("/{}/{id}", call.version),
            query: query.clone(),
            headers: call.request.headers.clone(),
            body: Bytes::new(),
        };
        let (ending, answer) = written(respond(call.shared, call.state, &request), false);
        match ending {
            Ending::Succeeded { body } => found.insert(id, body),
            Ending::Failed if code(&answer) == Some(100) => {
                let message = format!("(#803) Some of the aliases you requested do not exist: {id}");
                return Err(GraphError::new(404, 803, message));
            }
            Ending::Failed => {
                return Err(GraphError::permission(format!("The object {id} cannot be read by this token.")));
            }
        };
    }
    Ok(Value::Object(found))
}

fn code(answer: &Value) -> Option<i64> {
    let body: Value = serde_json::from_str(answer.get("body")?.as_str()?).ok()?;
    body.pointer("/error/code")?.as_i64()
}
