//! What a conversion event must look like.

use serde_json::{Map, Value};

use super::{
    super::super::{
        answer::ApiError,
        post_rules::{known_only, missing, object, required_text, wrong},
    },
    RULE,
};

type Check = Result<(), ApiError>;

/// How old an event may be, in milliseconds.
const MAX_AGE: i64 = 90 * 86_400_000;
/// Kinds of ids, and since which version.
const ID_TYPES: [(&str, &str); 7] = [
    ("SHA256_EMAIL", "202601"),
    ("LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", "202601"),
    ("ACXIOM_ID", "202601"),
    ("ORACLE_MOAT_ID", "202601"),
    ("PLAINTEXT_IP_ADDRESS", "202601"),
    ("GOOGLE_AID", "202605"),
    ("SHA256_IP_ADDRESS", "202607"),
];

/// The URN of the rule, when everything else is right.
pub(super) fn check(event: &Map<String, Value>, now: i64, version: &str) -> Result<String, ApiError> {
    let known = ["conversion", "conversionHappenedAt", "conversionValue", "user", "eventId"];
    known_only(event, &known, "")?;
    let conversion = required_text(event, "conversion", "/conversion")?;
    if !conversion
        .strip_prefix(RULE)
        .is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(ApiError::field("INVALID_URN_TYPE", "/conversion", "must be the URN of a rule"));
    }
    happened(event, now)?;
    if let Some(value) = event.get("conversionValue") {
        money(object(value, "/conversionValue")?)?;
    }
    if event.contains_key("eventId") && required_text(event, "eventId", "/eventId")?.is_empty() {
        return Err(ApiError::field("INVALID_VALUE_BLANK_FIELD", "/eventId", "must not be blank"));
    }
    user(object(event.get("user").ok_or_else(|| missing("/user"))?, "/user")?, version)?;
    Ok(conversion)
}

fn happened(event: &Map<String, Value>, now: i64) -> Check {
    let path = "/conversionHappenedAt";
    let at = match event.get("conversionHappenedAt") {
        None => return Err(missing(path)),
        Some(at) => at.as_i64().ok_or_else(|| wrong(path, "must be milliseconds as a number"))?,
    };
    if at > now {
        return Err(wrong(path, "lies in the future"));
    }
    if at < now.saturating_sub(MAX_AGE) {
        return Err(ApiError::field("DATE_TOO_EARLY", path, "is more than 90 days ago"));
    }
    Ok(())
}

fn money(value: &Map<String, Value>) -> Check {
    known_only(value, &["currencyCode", "amount"], "/conversionValue")?;
    let currency = required_text(value, "currencyCode", "/conversionValue/currencyCode")?;
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(wrong("/conversionValue/currencyCode", "must be an ISO 4217 code"));
    }
    let amount = required_text(value, "amount", "/conversionValue/amount")?;
    let (whole, fraction) = amount.split_once('.').unwrap_or((&amount, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(whole) && digits(fraction) {
        return Ok(());
    }
    Err(wrong("/conversionValue/amount", "must be a decimal number as text"))
}

fn user(user: &Map<String, Value>, version: &str) -> Check {
    known_only(user, &["userIds", "userInfo", "externalIds", "lead"], "/user")?;
    let ids = match user.get("userIds") {
        None => &Vec::new(),
        Some(Value::Array(ids)) => ids,
        Some(_) => return Err(wrong("/user/userIds", "must be an array")),
    };
    for (place, id) in ids.iter().enumerate() {
        let path = format!("/user/userIds/{place}");
        user_id(object(id, &path)?, &path, version)?;
    }
    let named = match user.get("userInfo") {
        None => false,
        Some(info) => user_info(object(info, "/user/userInfo")?)?,
    };
    let external = match user.get("externalIds") {
        None => false,
        Some(Value::Array(ids)) if ids.iter().all(|id| id.as_str().is_some_and(|id| !id.is_empty())) => {
            !ids.is_empty()
        }
        Some(_) => return Err(wrong("/user/externalIds", "must be an array of texts")),
    };
    let lead = match user.get("lead") {
        None => false,
        Some(Value::String(urn)) if urn.starts_with("urn:li:leadGenFormResponse:") => true,
        Some(_) => return Err(wrong("/user/lead", "must be the URN of a lead")),
    };
    if ids.is_empty() && !named && !external && !lead {
        return Err(wrong("/user", "needs an id, or a first and a last name"));
    }
    Ok(())
}

fn user_id(id: &Map<String, Value>, path: &str, version: &str) -> Check {
    known_only(id, &["idType", "idValue"], path)?;
    let at = |name: &str| format!("{path}/{name}");
    let kind = required_text(id, "idType", &at("idType"))?;
    let known = ID_TYPES.into_iter().any(|(name, since)| name == kind && since <= version);
    if !known {
        return Err(wrong(&at("idType"), "is not one of the known values of this version"));
    }
    let value = required_text(id, "idValue", &at("idValue"))?;
    let hashed = kind.starts_with("SHA256_");
    let is_hash = value.len() == 64 && value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if value.is_empty() || (hashed && !is_hash) {
        return Err(wrong(&at("idValue"), "does not fit the type"));
    }
    Ok(())
}

/// Whether it has both names.
fn user_info(info: &Map<String, Value>) -> Result<bool, ApiError> {
    let known = ["firstName", "lastName", "title", "companyName", "countryCode"];
    known_only(info, &known, "/user/userInfo")?;
    for name in known {
        if info.get(name).is_some_and(|value| !value.is_string()) {
            return Err(wrong(&format!("/user/userInfo/{name}"), "must be a string"));
        }
    }
    let filled =
        |name: &str| info.get(name).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
    let country = info.get("countryCode").and_then(Value::as_str).unwrap_or("XX");
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(wrong("/user/userInfo/countryCode", "must be an ISO 3166 code"));
    }
    Ok(filled("firstName") && filled("lastName"))
}
