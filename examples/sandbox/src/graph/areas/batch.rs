//! Several calls in one: each item is answered as if it had come by itself.

mod item;
mod reference;
mod several;

use std::collections::BTreeMap;

use axum::{body::to_bytes, response::Response};
use futures_util::FutureExt as _;
use http::Method;
use serde_json::{Value, json};

use self::item::Item;
use super::super::{Call, Outcome, answer::GraphError, caller::Caller, respond};

/// Most items of one batch.
const MAX_ITEMS: usize = 50;
/// More than any answer has.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// How an item ended.
enum Ending {
    Succeeded { body: Value },
    Failed,
}

/// Answers the call if it is one of these.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    if several::is_it(call, path) {
        return Some(several::answer(call));
    }
    let is_ours = matches!(path, [] | ["me"])
        && call.request.method == Method::POST
        && call.params.value("batch").is_some();
    is_ours.then(|| answer(call))
}

fn answer(call: &mut Call<'_>) -> Outcome {
    // The batch has a token of its own, even when every item has one.
    Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    let shows_headers = call.params.boolean("include_headers")?.unwrap_or(true);
    let Some(Value::Array(entries)) = call.params.structure("batch")? else {
        return Err(GraphError::parameter("Param batch must be an array."));
    };
    if entries.is_empty() || entries.len() > MAX_ITEMS {
        let message = format!("Too many requests in batch message. Maximum batch size is {MAX_ITEMS}");
        return Err(GraphError::parameter(message));
    }
    let items = entries.iter().map(Item::read).collect::<Result<Vec<_>, _>>()?;
    let mut ended: BTreeMap<String, Ending> = BTreeMap::new();
    let mut answers: Vec<(Option<String>, Value)> = Vec::with_capacity(items.len());
    for item in &items {
        let (ending, answer) = run(call, item, &ended, shows_headers)?;
        let is_left_out = item.omits && matches!(ending, Ending::Succeeded { .. });
        if let Some(name) = &item.name {
            ended.insert(name.clone(), ending);
        }
        answers.push((item.name.clone().filter(|_| is_left_out), answer));
    }
    // The answer of an item that another one used is left out, unless it was asked for.
    let used: Vec<&str> = items.iter().flat_map(Item::uses).collect();
    let shown = answers.into_iter().map(|(left_out, answer)| match left_out {
        Some(name) if used.contains(&name.as_str()) => Value::Null,
        _ => answer,
    });
    Ok(shown.collect())
}

/// Runs one item, unless what it needs has failed.
fn run(
    call: &mut Call<'_>,
    item: &Item,
    ended: &BTreeMap<String, Ending>,
    shows_headers: bool,
) -> Result<(Ending, Value), GraphError> {
    let mut results = BTreeMap::new();
    for name in item.uses() {
        match ended.get(name) {
            Some(Ending::Succeeded { body }) => {
                results.insert(name, body);
            }
            Some(Ending::Failed) => return Ok((Ending::Failed, Value::Null)),
            None => {
                let message = format!("Batch item depends on '{name}', which does not stand before it.");
                return Err(GraphError::parameter(message));
            }
        }
    }
    let request = item.request(call, &results)?;
    let response = respond(call.shared, call.state, &request);
    call.state.record_call(&request, response.status().as_u16());
    Ok(written(response, shows_headers))
}

fn written(response: Response, shows_headers: bool) -> (Ending, Value) {
    let status = response.status();
    let headers: Vec<Value> = response
        .headers()
        .iter()
        .map(|(name, value)| json!({"name": name.as_str(), "value": value.to_str().unwrap_or_default()}))
        .collect();
    // The answers are in memory, so reading one never waits.
    let bytes = to_bytes(response.into_body(), MAX_ANSWER).now_or_never().and_then(Result::ok);
    let text = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    let mut answer = json!({"code": status.as_u16(), "body": text});
    if let Some(fields) = answer.as_object_mut().filter(|_| shows_headers) {
        fields.insert("headers".to_owned(), json!(headers));
    }
    let ending = if status.is_success() { Ending::Succeeded { body } } else { Ending::Failed };
    (ending, answer)
}
