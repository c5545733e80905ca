//! Conversion rules.

use serde_json::{Map, Value, json};

use super::{
    super::super::{
        answer::ApiError,
        api::Call,
        post_rules::{is_urn, known_only, missing, object, required_text, wrong},
    },
    RULE,
};

const KNOWN: [&str; 10] = [
    "name",
    "account",
    "conversionMethod",
    "type",
    "enabled",
    "attributionType",
    "postClickAttributionWindowSize",
    "viewThroughAttributionWindowSize",
    "valueType",
    "value",
];
/// Fields that cannot be changed later.
const FIXED: [&str; 2] = ["account", "conversionMethod"];

/// A rule: what LinkedIn counts events under.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) id: i64,
    pub(super) account: String,
    fields: Map<String, Value>,
    created: i64,
    changed: i64,
}

impl Rule {
    pub(super) fn new(id: i64, body: &Map<String, Value>, now: i64) -> Result<Self, ApiError> {
        check(body)?;
        let account = required_text(body, "account", "/account")?;
        if !is_urn(&account, &["sponsoredAccount"]) {
            return Err(ApiError::field("INVALID_URN_TYPE", "/account", "must be an ad account URN"));
        }
        let mut fields = body.clone();
        for (name, otherwise) in [
            ("enabled", json!(true)),
            ("attributionType", json!("LAST_TOUCH_BY_CAMPAIGN")),
            ("postClickAttributionWindowSize", json!(30)),
            ("viewThroughAttributionWindowSize", json!(7)),
            ("valueType", json!("DYNAMIC")),
        ] {
            fields.entry(name).or_insert(otherwise);
        }
        Ok(Self { id, account, fields, created: now, changed: now })
    }

    pub(super) fn is_enabled(&self) -> bool {
        self.fields.get("enabled").and_then(Value::as_bool).unwrap_or(true)
    }

    /// The rule with the campaigns it is linked to.
    pub(super) fn json(&self, call: &Call<'_>) -> Value {
        let urn = format!("{RULE}{}", self.id);
        let links = call.state.linkedin.conversions.links.iter();
        let campaigns: Vec<&str> =
            links.filter(|(_, to, _)| *to == urn).map(|(campaign, _, _)| campaign.as_str()).collect();
        let mut fields = self.fields.clone();
        fields.insert("id".to_owned(), json!(self.id));
        fields.insert("campaigns".to_owned(), json!(campaigns));
        fields.insert("created".to_owned(), json!(self.created));
        fields.insert("lastModified".to_owned(), json!(self.changed));
        Value::Object(fields)
    }

    /// `{"patch":{"$set":{…}}}`
    pub(super) fn patch(&mut self, body: &Map<String, Value>, now: i64) -> Result<(), ApiError> {
        known_only(body, &["patch"], "")?;
        let patch = object(body.get("patch").ok_or_else(|| missing("/patch"))?, "/patch")?;
        known_only(patch, &["$set", "$delete"], "/patch")?;
        let mut fields = self.fields.clone();
        if let Some(set) = patch.get("$set") {
            for (name, value) in object(set, "/patch/$set")? {
                if FIXED.contains(&name.as_str()) {
                    return Err(wrong(&format!("/{name}"), "cannot be changed"));
                }
                fields.insert(name.clone(), value.clone());
            }
        }
        match patch.get("$delete") {
            None => {}
            Some(Value::Array(names)) => {
                fields.retain(|name, _| !names.iter().any(|removed| removed.as_str() == Some(name)));
            }
            Some(_) => return Err(wrong("/patch/$delete", "must be an array")),
        }
        check(&fields)?;
        self.fields = fields;
        self.changed = now;
        Ok(())
    }
}

fn check(body: &Map<String, Value>) -> Result<(), ApiError> {
    known_only(body, &KNOWN, "")?;
    if required_text(body, "name", "/name")?.trim().is_empty() {
        return Err(ApiError::field("INVALID_VALUE_BLANK_FIELD", "/name", "must not be blank"));
    }
    if required_text(body, "conversionMethod", "/conversionMethod")? != "CONVERSIONS_API" {
        return Err(wrong("/conversionMethod", "the sandbox plays CONVERSIONS_API"));
    }
    let kind = required_text(body, "type", "/type")?;
    let is_word = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    if !is_word {
        return Err(wrong("/type", "is not one of the known values"));
    }
    for name in ["attributionType", "valueType"] {
        if body.get(name).is_some_and(|value| !value.is_string()) {
            return Err(wrong(&format!("/{name}"), "must be a string"));
        }
    }
    for name in ["postClickAttributionWindowSize", "viewThroughAttributionWindowSize"] {
        if body.get(name).is_some_and(|days| !days.as_i64().is_some_and(|days| (1..=365).contains(&days))) {
            return Err(wrong(&format!("/{name}"), "must be a number of days"));
        }
    }
    if body.get("enabled").is_some_and(|value| !value.is_boolean()) {
        return Err(wrong("/enabled", "must be a boolean"));
    }
    Ok(())
}
