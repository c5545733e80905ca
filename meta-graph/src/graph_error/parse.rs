//! Finding the failure in an answer, in any of the shapes Meta uses.

use memchr::memmem;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{ThrottleDetail, ThrottleFactor, Told};
use crate::lenient::{amount_of, bool_of, int_of, text_of};

/// What a proxy in front of the API answers at 200 while the API is down.
const UNAVAILABLE: &[u8] = b"Service Unavailable";
/// How far into a text answer to look for it.
const UNAVAILABLE_WITHIN: usize = 1024;

/// The longest answer that says nothing but whether it worked, in bytes.
const VERDICT: usize = 16 * 1024;

/// Most answers have none of the names that tell of a failure anywhere, which is seen without reading them.
fn names_a_failure(body: &[u8]) -> bool {
    let has = |name: &[u8]| memmem::find(body, name).is_some();
    has(b"\"error") || body.len() <= VERDICT && (has(b"\"debug_info") || has(b"\"success"))
}

/// The failure an answer tells of; `None` for a success. A status of 400 and above is a failure unless it is
/// Debug Token's verdict on the inspected token; one below only if the body says so.
pub(super) fn failure(status: u16, body: &[u8]) -> Option<Told> {
    let refused = status >= 400;
    if !refused && !hints_at_failure(body) {
        return None;
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(answer)) => from_answer(&answer, refused),
        Ok(Value::Bool(false)) => Some(Told::default()),
        Ok(_) => refused.then(Told::default),
        // Not JSON: a page of some proxy. At 200 that is the text found by the hint.
        Err(_) => Some(Told { is_transient: (!refused).then_some(true), ..Told::default() }),
    }
}

/// A cheap look at a success: nothing is copied, and large answers are skimmed once.
fn hints_at_failure(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Hint<'a> {
        #[serde(borrow)]
        error: Option<&'a RawValue>,
        #[serde(borrow)]
        error_msg: Option<&'a RawValue>,
        #[serde(borrow)]
        error_message: Option<&'a RawValue>,
        #[serde(borrow)]
        debug_info: Option<&'a RawValue>,
        #[serde(borrow)]
        success: Option<&'a RawValue>,
    }
    match body.trim_ascii_start().first() {
        Some(b'{') if !names_a_failure(body) => false,
        // A list would be read as the fields of the struct, in order.
        Some(b'{') => serde_json::from_slice::<Hint<'_>>(body).is_ok_and(|hint| {
            [hint.error, hint.error_msg, hint.error_message, hint.debug_info, hint.success]
                .iter()
                .flatten()
                .any(|value| !matches!(value.get(), "null" | "true" | "\"true\""))
        }),
        Some(b'f') => body.trim_ascii() == b"false",
        Some(b'[' | b'"' | b't' | b'n' | b'0'..=b'9' | b'-') | None => false,
        Some(_) => {
            let start = body.get(..UNAVAILABLE_WITHIN).unwrap_or(body);
            start.windows(UNAVAILABLE.len()).any(|window| window == UNAVAILABLE)
        }
    }
}

fn from_answer(answer: &Map<String, Value>, refused: bool) -> Option<Told> {
    let mut told = match answer.get("error") {
        Some(Value::Object(error)) => error_object(error),
        // The shape of RFC 6749, in case a proxy or a newer token endpoint uses it.
        Some(Value::String(error)) if !error.is_empty() => Told {
            kind: Some(error.as_str().into()),
            message: text(answer, &["error_description", "message"]),
            ..Told::default()
        },
        _ => without_error(answer, refused)?,
    };
    told.trace_id = told.trace_id.or_else(|| text(answer, &["fbtrace_id"]));
    told.throttle = told.throttle.or_else(|| throttle(answer));
    Some(told)
}

/// The shapes that have no `error` object.
fn without_error(answer: &Map<String, Value>, refused: bool) -> Option<Told> {
    // An async job tells of its own failure in the same fields; that is a successful answer.
    let is_job = answer.contains_key("async_status");
    let is_flat = answer.contains_key("error_msg")
        || (answer.contains_key("error_message") && answer.contains_key("error_type"));
    if is_flat && !is_job {
        return Some(error_object(answer));
    }
    let success = answer.get("success").and_then(bool_of);
    if let Some(Value::Object(info)) = answer.get("debug_info").filter(|_| refused || success != Some(true)) {
        return Some(Told {
            kind: text(info, &["type"]),
            message: text(info, &["message"]),
            is_transient: info.get("retriable").and_then(bool_of).filter(|retriable| *retriable),
            ..Told::default()
        });
    }
    if success == Some(false) {
        return Some(Told::default());
    }
    let inspected = answer.get("data").is_some_and(|data| data.get("is_valid").is_some());
    if !refused || inspected {
        return None;
    }
    match answer.get("data").and_then(|data| data.get("error")) {
        Some(Value::Object(error)) => Some(error_object(error)),
        // Also an answer with numbers but none of the known shapes.
        _ => Some(error_object(answer)),
    }
}

/// Reads an error object under all the names its fields have had.
pub(super) fn error_object(error: &Map<String, Value>) -> Told {
    let data = error.get("error_data").and_then(object_or_text);
    let data = data.as_ref();
    let pair = |data: &Map<String, Value>| Some((offset(data, "start_offset")?, offset(data, "end_offset")?));
    Told {
        code: int(error, &["code", "error_code"]),
        subcode: int(error, &["error_subcode", "subcode"]),
        kind: text(error, &["type", "error_type"]),
        is_transient: error.get("is_transient").and_then(bool_of),
        message: text(error, &["message", "error_message", "error_msg"]),
        user_title: text(error, &["error_user_title"]),
        user_message: text(error, &["error_user_msg"]),
        blame: data.map(blame).unwrap_or_default(),
        details: data.and_then(|data| text(data, &["details"])),
        messaging_product: data.and_then(|data| text(data, &["messaging_product"])),
        upload_offset: data.and_then(pair),
        trace_id: text(error, &["fbtrace_id"]),
        help_url: None,
        throttle: throttle(error).or_else(|| data.and_then(throttle)),
    }
}

/// Reads an error object of a webhook, which has a title and a link besides.
pub(super) fn webhook_error(error: &Map<String, Value>) -> Told {
    let told = error_object(error);
    Told {
        message: told.message.or_else(|| text(error, &["title"])),
        help_url: text(error, &["href"]),
        ..told
    }
}

/// `error_data` is an object, or the same object as JSON text.
fn object_or_text(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object.clone()),
        Value::String(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

/// The blamed paths: `[["targeting","geo_locations"],"name"]`, once more possibly as JSON text.
fn blame(data: &Map<String, Value>) -> Vec<Box<str>> {
    let specs = match data.get("blame_field_specs").or_else(|| data.get("blame_field")) {
        Some(Value::String(text)) => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()))
        }
        Some(other) => other.clone(),
        None => return Vec::new(),
    };
    let path = |spec: &Value| match spec {
        Value::Array(steps) => {
            let steps: Vec<String> = steps.iter().filter_map(text_of).collect();
            (!steps.is_empty()).then(|| steps.join(".").into())
        }
        one => text_of(one).map(Into::into),
    };
    match &specs {
        Value::Array(specs) => specs.iter().filter_map(path).collect(),
        one => path(one).into_iter().collect(),
    }
}

fn throttle(from: &Map<String, Value>) -> Option<ThrottleDetail> {
    let factor = |name| {
        let factor = from.get(name)?.as_object()?;
        Some(ThrottleFactor {
            actual_score: factor.get("actual_score").and_then(amount_of),
            limit: factor.get("limit").and_then(amount_of),
            more_info: text(factor, &["more_info"]),
        })
    };
    let throttled = from.get("throttled").and_then(bool_of);
    let detail = ThrottleDetail {
        throttled: throttled == Some(true),
        backend_qps: factor("backend_qps"),
        complexity_score: factor("complexity_score"),
    };
    (throttled.is_some() || detail.backend_qps.is_some() || detail.complexity_score.is_some())
        .then_some(detail)
}

fn text(from: &Map<String, Value>, names: &[&str]) -> Option<Box<str>> {
    names.iter().find_map(|name| text_of(from.get(*name)?)).map(Into::into)
}

fn int(from: &Map<String, Value>, names: &[&str]) -> Option<i64> {
    names.iter().find_map(|name| int_of(from.get(*name)?))
}

fn offset(from: &Map<String, Value>, name: &str) -> Option<u64> {
    from.get(name).and_then(int_of)?.try_into().ok()
}
