//! The rows of a batch: their keys, their width, their hashes.

use serde_json::{Map, Value, json};

use super::super::super::super::answer::GraphError;

/// Most rows of one call.
const MAX_ROWS: usize = 10_000;
/// Most samples of what was wrong.
const MAX_SAMPLES: usize = 5;

/// Keys whose values are hashed.
const HASHED: [&str; 12] =
    ["EMAIL", "PHONE", "GEN", "DOBY", "DOBM", "DOBD", "LN", "FN", "FI", "CT", "ST", "ZIP"];
/// Keys whose values stay as they are. A country may be either.
const PLAIN: [&str; 8] = [
    "EXTERN_ID",
    "MADID",
    "COUNTRY",
    "LOOKALIKE_VALUE",
    "PAGEUID",
    "DATA_PROCESSING_OPTIONS",
    "DATA_PROCESSING_OPTIONS_COUNTRY",
    "DATA_PROCESSING_OPTIONS_STATE",
];
/// Schemas of a single key, as text.
const SINGLE: [(&str, &str); 4] = [
    ("EMAIL_SHA256", "EMAIL"),
    ("PHONE_SHA256", "PHONE"),
    ("MOBILE_ADVERTISER_ID", "MADID"),
    ("EXTERN_ID", "EXTERN_ID"),
];

/// What was found in a batch.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) received: u64,
    pub(super) invalid: u64,
    /// Rows of it that were not hashed.
    pub(super) unhashed: u64,
    pub(super) samples: Map<String, Value>,
}

/// Looks at every row.
pub(super) fn check(payload: &Value) -> Result<Counted, GraphError> {
    let wrong = |what: &str| GraphError::parameter(format!("Param payload: {what}"));
    let members = payload.as_object().ok_or_else(|| wrong("must be an object."))?;
    let known = ["schema", "data", "is_raw", "app_ids", "page_ids", "ig_account_ids"];
    if let Some(unknown) = members.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(wrong(&format!("unknown member {unknown}")));
    }
    let schema = schema(payload.get("schema"))?;
    let is_raw = match payload.get("is_raw") {
        None => false,
        Some(Value::Bool(raw)) => *raw,
        Some(_) => return Err(wrong("is_raw must be a boolean.")),
    };
    let data =
        payload.get("data").and_then(Value::as_array).ok_or_else(|| wrong("data must be an array."))?;
    if data.is_empty() {
        return Err(wrong("data has no rows."));
    }
    if data.len() > MAX_ROWS {
        return Err(wrong(&format!("data has more than {MAX_ROWS} rows.")));
    }
    let mut counted = Counted::default();
    for (position, row) in data.iter().enumerate() {
        let cells: Vec<&Value> = match row {
            Value::Array(cells) => cells.iter().collect(),
            // With a single key a row may be the bare value.
            cell if schema.len() == 1 => vec![cell],
            _ => return Err(wrong("every row must be an array.")),
        };
        if cells.len() != schema.len() {
            return Err(wrong(&format!("row {position} does not have as many values as the schema.")));
        }
        counted.received = counted.received.saturating_add(1);
        let is_unhashed = !is_raw
            && schema.iter().zip(&cells).any(|(key, cell)| HASHED.contains(key) && !is_hash_or_empty(cell));
        let is_empty = cells.iter().all(|cell| is_blank(cell));
        if is_unhashed {
            counted.unhashed = counted.unhashed.saturating_add(1);
        }
        if is_unhashed || is_empty {
            counted.invalid = counted.invalid.saturating_add(1);
            if counted.samples.len() < MAX_SAMPLES {
                counted.samples.insert(position.to_string(), json!("invalid"));
            }
        }
    }
    Ok(counted)
}

fn schema(given: Option<&Value>) -> Result<Vec<&str>, GraphError> {
    let wrong = || GraphError::parameter("Param payload: schema must name known keys.");
    let keys = match given {
        Some(Value::String(one)) => {
            let single = SINGLE.iter().find(|(name, _)| name == one).map(|(_, key)| *key);
            vec![single.unwrap_or(one.as_str())]
        }
        Some(Value::Array(keys)) => {
            keys.iter().map(|key| key.as_str().ok_or_else(wrong)).collect::<Result<Vec<_>, _>>()?
        }
        _ => return Err(wrong()),
    };
    let all_known = keys.iter().all(|key| HASHED.contains(key) || PLAIN.contains(key));
    if keys.is_empty() || !all_known {
        return Err(wrong());
    }
    Ok(keys)
}

fn is_blank(cell: &Value) -> bool {
    cell.is_null() || cell.as_str().is_some_and(str::is_empty)
}

/// 64 hexadecimal digits in lower case, or nothing.
fn is_hash_or_empty(cell: &Value) -> bool {
    let is_hash =
        |text: &str| text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_blank(cell) || cell.as_str().is_some_and(is_hash)
}
