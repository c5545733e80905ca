//! What a conversion event must look like.

use serde_json::{Map, Value};

use super::answer::GraphError;

/// Days an event stays acceptable, and for events in a shop.
const MAX_AGE_DAYS: i64 = 7;
const MAX_AGE_DAYS_STORE: i64 = 62;
const DAY: i64 = 86_400;

const EVENT: [&str; 20] = [
    "event_name",
    "event_time",
    "event_source_url",
    "referrer_url",
    "action_source",
    "event_id",
    "opt_out",
    "user_data",
    "custom_data",
    "app_data",
    "data_processing_options",
    "data_processing_options_country",
    "data_processing_options_state",
    "original_event_data",
    "attribution_data",
    "customer_segmentation",
    "messaging_channel",
    "messaging_outcome_data",
    "advanced_measurement_table",
    "advertiser_tracking_enabled",
];
const ACTION_SOURCES: [&str; 9] = [
    "email",
    "website",
    "app",
    "phone_call",
    "chat",
    "physical_store",
    "system_generated",
    "business_messaging",
    "other",
];
/// Keys whose values are SHA-256 digests.
const HASHED: [&str; 16] = [
    "em", "ph", "fn", "ln", "ge", "db", "ct", "st", "zp", "country", "f5first", "f5last", "fi", "dobd",
    "dobm", "doby",
];
/// Keys whose values are plain text.
const PLAIN: [&str; 17] = [
    "external_id",
    "client_ip_address",
    "client_user_agent",
    "fbc",
    "fbp",
    "subscription_id",
    "fb_login_id",
    "lead_id",
    "anon_id",
    "madid",
    "page_id",
    "page_scoped_user_id",
    "ctwa_clid",
    "ig_account_id",
    "ig_sid",
    "whatsapp_business_account_id",
    "app_user_id",
];
/// Sets of keys that do not identify anybody: an event with nothing else is refused.
const TOO_WEAK: [&[&str]; 4] = [
    &["ct", "country", "st", "zp", "ge", "client_user_agent"],
    &["db", "client_user_agent"],
    &["fn", "ge"],
    &["ln", "ge"],
];
const APP_DATA: [&str; 13] = [
    "advertiser_tracking_enabled",
    "application_tracking_enabled",
    "campaign_ids",
    "consider_views",
    "extinfo",
    "include_dwell_data",
    "include_video_data",
    "install_referrer",
    "installer_package",
    "receipt_data",
    "url_schemes",
    "vendor_id",
    "windows_attribution_id",
];
const ORIGINAL: [&str; 4] = ["event_name", "event_time", "order_id", "event_id"];

/// The machine's clock and the sandbox clock, in Unix seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clocks {
    pub(crate) oldest: i64,
    pub(crate) newest: i64,
}

/// Why an event is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    subcode: Option<i64>,
    message: String,
}

impl Refusal {
    fn new(message: impl Into<String>) -> Self {
        Self { subcode: None, message: message.into() }
    }

    fn subcode(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    pub(crate) fn into_error(self, index: usize) -> GraphError {
        let error = GraphError::new(400, 100, format!("Invalid parameter: data[{index}]: {}", self.message));
        match self.subcode {
            Some(2_804_003) => error
                .subcode(2_804_003)
                .user_text("Event Timestamp Too Old", "The timestamp for this event is too far in the past."),
            Some(subcode) => error.subcode(subcode).user_text(
                "Insufficient Customer Information",
                "This event has not enough customer information parameters to be matched.",
            ),
            None => error,
        }
    }
}

type Check = Result<(), Refusal>;

pub(crate) fn check(event: &Map<String, Value>, clocks: Clocks) -> Check {
    known_only(event, &EVENT, "")?;
    let name = event.get("event_name").and_then(Value::as_str).filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| Refusal::new("event_name is required and must be a string"))?;
    let source = event.get("action_source").and_then(Value::as_str);
    let source = source
        .filter(|source| ACTION_SOURCES.contains(source))
        .ok_or_else(|| Refusal::new("action_source is required and must be one of the documented values"))?;
    time(event, source, clocks)?;
    let user = event.get("user_data").and_then(Value::as_object);
    let user = user.ok_or_else(|| Refusal::new("user_data is required and must be an object"))?;
    user_data(user)?;
    for (field, known) in [("app_data", APP_DATA.as_slice()), ("original_event_data", ORIGINAL.as_slice())] {
        if let Some(value) = event.get(field) {
            let object =
                value.as_object().ok_or_else(|| Refusal::new(format!("{field} must be an object")))?;
            known_only(object, known, field)?;
        }
    }
    for field in ["opt_out", "advertiser_tracking_enabled"] {
        if event.get(field).is_some_and(|value| !value.is_boolean()) {
            return Err(Refusal::new(format!("{field} must be a boolean")));
        }
    }
    if event.get("event_id").is_some_and(|id| !id.is_string()) {
        return Err(Refusal::new("event_id must be a string"));
    }
    processing_options(event)?;
    custom_data(event, name)?;
    by_source(event, user, source)
}

fn known_only(object: &Map<String, Value>, known: &[&str], path: &str) -> Check {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => {
            Err(Refusal::new(format!("unknown member {path}{}{key}", if path.is_empty() { "" } else { "." })))
        }
        None => Ok(()),
    }
}

fn time(event: &Map<String, Value>, source: &str, clocks: Clocks) -> Check {
    let time = event.get("event_time").and_then(Value::as_i64);
    let time = time.ok_or_else(|| Refusal::new("event_time is required and must be unix seconds"))?;
    let days = if source == "physical_store" { MAX_AGE_DAYS_STORE } else { MAX_AGE_DAYS };
    if time < clocks.oldest - days * DAY {
        return Err(Refusal::new("event_time is too old").subcode(2_804_003));
    }
    if time > clocks.newest + DAY {
        return Err(Refusal::new("event_time is in the future; it is in seconds, not milliseconds"));
    }
    Ok(())
}

fn user_data(user: &Map<String, Value>) -> Check {
    let mut sent = Vec::new();
    for (key, value) in user {
        let hashed = HASHED.contains(&key.as_str());
        if !hashed && !PLAIN.contains(&key.as_str()) {
            return Err(Refusal::new(format!("unknown member user_data.{key}")));
        }
        let single = [value.clone()];
        let values = value.as_array().map_or(single.as_slice(), Vec::as_slice);
        for value in values {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) if matches!(key.as_str(), "lead_id" | "fb_login_id") => {
                    number.to_string()
                }
                _ => {
                    return Err(Refusal::new(format!(
                        "user_data.{key} must be a string or an array of strings"
                    )));
                }
            };
            if text.is_empty() {
                return Err(Refusal::new(format!("user_data.{key} must not be empty")));
            }
            if hashed && !is_digest(&text) {
                return Err(Refusal::new(format!(
                    "user_data.{key} must be a SHA-256 digest in lower-case hex"
                )));
            }
            sent.push(key.as_str());
        }
    }
    let too_weak = TOO_WEAK.iter().any(|set| sent.iter().all(|key| set.contains(key)));
    if too_weak {
        return Err(Refusal::new("not enough customer information").subcode(2_804_050));
    }
    Ok(())
}

/// 64 hexadecimal digits, perhaps followed by the tag of Meta's parameter builder.
fn is_digest(text: &str) -> bool {
    let (digest, tag) = text.split_once('.').map_or((text, None), |(digest, tag)| (digest, Some(tag)));
    let hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    let tagged = tag.is_none_or(|tag| {
        matches!(tag.len(), 2 | 8) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    });
    digest.len() == 64 && digest.bytes().all(hex) && tagged
}

fn processing_options(event: &Map<String, Value>) -> Check {
    let Some(options) = event.get("data_processing_options") else { return Ok(()) };
    let known = |option: &Value| matches!(option.as_str(), Some("LDU" | "AMO"));
    match options.as_array() {
        Some(options) if options.iter().all(known) => {}
        _ => return Err(Refusal::new("data_processing_options must be [] or [\"LDU\"]")),
    }
    for field in ["data_processing_options_country", "data_processing_options_state"] {
        if event.get(field).is_some_and(|value| !value.is_u64()) {
            return Err(Refusal::new(format!("{field} must be an integer")));
        }
    }
    Ok(())
}

/// Custom data may have members of its own; the standard ones have a type.
fn custom_data(event: &Map<String, Value>, name: &str) -> Check {
    let empty = Map::new();
    let custom = match event.get("custom_data") {
        None => &empty,
        Some(Value::Object(custom)) => custom,
        Some(_) => return Err(Refusal::new("custom_data must be an object")),
    };
    if custom.get("value").is_some_and(|value| !value.is_number()) {
        return Err(Refusal::new("custom_data.value must be a number"));
    }
    let currency = custom.get("currency");
    if currency.is_some_and(|currency| {
        !currency
            .as_str()
            .is_some_and(|text| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
    }) {
        return Err(Refusal::new("custom_data.currency must be an ISO 4217 code"));
    }
    if name == "Purchase" && (currency.is_none() || !custom.contains_key("value")) {
        return Err(Refusal::new("Purchase needs custom_data.value and custom_data.currency"));
    }
    if custom.get("contents").is_some_and(|contents| !contents.is_array()) {
        return Err(Refusal::new("custom_data.contents must be an array"));
    }
    Ok(())
}

fn by_source(event: &Map<String, Value>, user: &Map<String, Value>, source: &str) -> Check {
    let missing = |what: &str| Err(Refusal::new(format!("action_source {source} needs {what}")));
    match source {
        "website" if !event.get("event_source_url").is_some_and(Value::is_string) => {
            missing("event_source_url")
        }
        "app" => {
            let app = event.get("app_data").and_then(Value::as_object);
            let Some(app) = app else { return missing("app_data") };
            for flag in ["advertiser_tracking_enabled", "application_tracking_enabled"] {
                if !app.contains_key(flag) {
                    return missing(&format!("app_data.{flag}"));
                }
            }
            let info = app.get("extinfo").and_then(Value::as_array);
            let texts = info.is_some_and(|info| info.len() == 16 && info.iter().all(Value::is_string));
            if texts { Ok(()) } else { missing("app_data.extinfo: an array of 16 strings") }
        }
        "business_messaging" => {
            let has = |keys: &[&str]| keys.iter().all(|key| user.contains_key(*key));
            let enough = match event.get("messaging_channel").and_then(Value::as_str) {
                Some("whatsapp") => has(&["ctwa_clid", "whatsapp_business_account_id"]),
                Some("messenger") => has(&["page_id", "page_scoped_user_id"]),
                Some("instagram") => has(&["ig_account_id", "ig_sid"]),
                _ => return missing("messaging_channel"),
            };
            if enough { Ok(()) } else { missing("the user_data of its messaging_channel") }
        }
        _ => Ok(()),
    }
}
