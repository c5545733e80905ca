//! What a new form must have and may have.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, answer::GraphError},
    forms,
};

const KNOWN: [&str; 22] = [
    "name",
    "questions",
    "privacy_policy",
    "legal_content_id",
    "context_card",
    "context_card_id",
    "thank_you_page",
    "thank_you_page_id",
    "custom_disclaimer",
    "tracking_parameters",
    "follow_up_action_url",
    "locale",
    "status",
    "block_display_for_non_targeted_viewer",
    "is_optimized_for_quality",
    "is_phone_sms_verify_enabled",
    "should_enforce_work_email",
    "question_page_custom_headline",
    "upload_gated_file",
    "allow_organic_lead_retrieval",
    "is_lead_capture_ai_agent_enabled",
    "cover_photo",
];
/// Types of questions and the keys their answers have unless the form names others. The misspelling is Meta's.
const TYPES: [(&str, &str); 45] = [
    ("CUSTOM", ""),
    ("CITY", "city"),
    ("COMPANY_NAME", "company_name"),
    ("COUNTRY", "country"),
    ("DOB", "date_of_birth"),
    ("EMAIL", "email"),
    ("GENDER", "gender"),
    ("FIRST_NAME", "first_name"),
    ("FULL_NAME", "full_name"),
    ("JOB_TITLE", "job_title"),
    ("LAST_NAME", "last_name"),
    ("MARITIAL_STATUS", "marital_status"),
    ("WHATSAPP_NUMBER", "whatsapp_number"),
    ("EDUCATION_LEVEL", "education_level"),
    ("WEBSITE", "website"),
    ("PHONE", "phone_number"),
    ("PHONE_OTP", "phone_otp"),
    ("POST_CODE", "post_code"),
    ("PROVINCE", "province"),
    ("RELATIONSHIP_STATUS", "relationship_status"),
    ("STATE", "state"),
    ("STREET_ADDRESS", "street_address"),
    ("ADDRESS_LINE_TWO", "address_line_two"),
    ("ZIP", "zip_code"),
    ("WORK_EMAIL", "work_email"),
    ("MILITARY_STATUS", "military_status"),
    ("WORK_PHONE_NUMBER", "work_phone_number"),
    ("SLIDER", "slider"),
    ("STORE_LOOKUP", "store_lookup"),
    ("STORE_LOOKUP_WITH_TYPEAHEAD", "store_lookup_with_typeahead"),
    ("DATE_TIME", "date_time"),
    ("ID_CPF", "cpf"),
    ("ID_AR_DNI", "dni_argentina"),
    ("ID_CL_RUT", "rut"),
    ("ID_CO_CC", "cc"),
    ("ID_EC_CI", "ci"),
    ("ID_PE_DNI", "dni_peru"),
    ("ID_MX_RFC", "rfc"),
    ("JOIN_CODE", "join_code"),
    ("USER_PROVIDED_PHONE_NUMBER", "user_provided_phone_number"),
    ("FACEBOOK_LEAD_ID", "facebook_lead_id"),
    ("EMAIL_ALIAS", "email_alias"),
    ("MESSENGER", "messenger"),
    ("VIN", "vin"),
    ("LICENSE_PLATE", "license_plate"),
];
const BUTTONS: [&str; 11] = [
    "VIEW_WEBSITE",
    "CALL_BUSINESS",
    "MESSAGE_BUSINESS",
    "DOWNLOAD",
    "SCHEDULE_APPOINTMENT",
    "VIEW_ON_FACEBOOK",
    "PROMO_CODE",
    "NONE",
    "WHATSAPP",
    "P2B_MESSENGER",
    "BOOK_ON_WEBSITE",
];
const CUSTOM_QUESTIONS: usize = 15;

/// A form that may be made.
#[derive(Debug)]
pub(super) struct Checked {
    /// Its fields.
    pub(super) parts: Map<String, Value>,
    pub(super) status: &'static str,
}

fn wrong(message: impl AsRef<str>) -> GraphError {
    GraphError::parameter(message)
}

pub(super) fn check(call: &Call<'_>) -> Result<Checked, GraphError> {
    let params = call.params;
    params.only_with_files(&KNOWN, &["cover_photo", "upload_gated_file"])?;
    let mut parts = Map::new();
    parts.insert("name".to_owned(), json!(params.required("name")?));
    parts.insert("questions".to_owned(), Value::Array(questions(call)?));
    parts.insert("locale".to_owned(), json!(params.text("locale")?.unwrap_or_else(|| "en_US".to_owned())));
    privacy(call, &mut parts)?;
    if let Some(card) = object(call, "context_card")? {
        short(&card, "title", 60)?;
        let style = card.get("style").and_then(Value::as_str);
        if !matches!(style, None | Some("LIST_STYLE" | "PARAGRAPH_STYLE")) {
            return Err(wrong("Param context_card[style] must be LIST_STYLE or PARAGRAPH_STYLE."));
        }
        let lines = card.get("content").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let long = |line: &&Value| line.as_str().is_none_or(|text| text.chars().count() > 80);
        if style == Some("LIST_STYLE") && lines.iter().any(|line| long(&line)) {
            return Err(wrong("A line of param context_card[content] is too long."));
        }
        parts.insert("context_card".to_owned(), Value::Object(card));
    }
    if let Some(page) = object(call, "thank_you_page")? {
        thank_you(&page)?;
        parts.insert("thank_you_page".to_owned(), Value::Object(page));
    }
    for name in ["custom_disclaimer", "tracking_parameters"] {
        if let Some(value) = object(call, name)? {
            parts.insert(name.to_owned(), Value::Object(value));
        }
    }
    if let Some(url) = params.text("follow_up_action_url")? {
        if !is_web_address(&url) {
            return Err(wrong("Param follow_up_action_url must be a valid URL."));
        }
        parts.insert("follow_up_action_url".to_owned(), json!(url));
    }
    if let Some(headline) = params.text("question_page_custom_headline")? {
        parts.insert("question_page_custom_headline".to_owned(), json!(headline));
    }
    for name in [
        "block_display_for_non_targeted_viewer",
        "is_optimized_for_quality",
        "should_enforce_work_email",
        "allow_organic_lead_retrieval",
        "is_phone_sms_verify_enabled",
        "is_lead_capture_ai_agent_enabled",
    ] {
        if let Some(value) = params.boolean(name)? {
            parts.insert(name.to_owned(), json!(value));
        }
    }
    let status = params.text("status")?.map_or(Ok("ACTIVE"), |text| forms::state(&text))?;
    Ok(Checked { parts, status })
}

fn object(call: &Call<'_>, name: &str) -> Result<Option<Map<String, Value>>, GraphError> {
    match call.params.structure(name)? {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(wrong(format!("Param {name} must be an object."))),
    }
}

fn short(object: &Map<String, Value>, name: &str, most: usize) -> Result<(), GraphError> {
    let text = object.get(name).and_then(Value::as_str).unwrap_or_default();
    if text.chars().count() > most {
        return Err(wrong(format!("Length of param {name} must be less than or equal to {most}")));
    }
    Ok(())
}

fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|parsed| matches!(parsed.scheme(), "http" | "https") && parsed.has_host())
}

fn privacy(call: &Call<'_>, parts: &mut Map<String, Value>) -> Result<(), GraphError> {
    let policy = object(call, "privacy_policy")?;
    let Some(policy) = policy else {
        if call.params.text("legal_content_id")?.is_some() {
            return Ok(());
        }
        return Err(wrong("A privacy policy is required: send privacy_policy with a url."));
    };
    short(&policy, "link_text", 70)?;
    let url = policy.get("url").and_then(Value::as_str).unwrap_or_default();
    if !is_web_address(url) {
        return Err(wrong("Param privacy_policy[url] must be a valid URL."));
    }
    parts.insert("privacy_policy_url".to_owned(), json!(url));
    parts.insert("legal_content".to_owned(), json!({ "privacy_policy": policy }));
    Ok(())
}

fn thank_you(page: &Map<String, Value>) -> Result<(), GraphError> {
    short(page, "title", 60)?;
    let button = page.get("button_type").and_then(Value::as_str);
    if button.is_some_and(|button| !BUTTONS.contains(&button)) {
        return Err(wrong("Param thank_you_page[button_type] is not valid."));
    }
    if button == Some("VIEW_WEBSITE") {
        let url = page.get("website_url").and_then(Value::as_str).unwrap_or_default();
        if !is_web_address(url) {
            return Err(wrong("Param thank_you_page[website_url] is required for VIEW_WEBSITE."));
        }
    }
    Ok(())
}

fn questions(call: &Call<'_>) -> Result<Vec<Value>, GraphError> {
    let asked = call.params.structure("questions")?;
    let asked = asked.as_ref().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if asked.is_empty() {
        return Err(wrong("The parameter questions is required."));
    }
    let (mut out, mut keys, mut custom) = (Vec::new(), BTreeSet::new(), 0_usize);
    for question in asked {
        let question = question.as_object().ok_or_else(|| wrong("A question must be an object."))?;
        let text = |name: &str| question.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let kind = text("type").unwrap_or_default();
        let known = TYPES.iter().find(|(name, _)| *name == kind).map(|(_, key)| *key);
        let known = known.or((kind == "THREAD_LINK").then_some("thread_link"));
        let default = known.ok_or_else(|| wrong(format!("Invalid question type: {kind}")))?;
        if kind == "CUSTOM" {
            custom = custom.saturating_add(1);
            if text("label").is_none() {
                return Err(wrong("A custom question needs a label."));
            }
        }
        let slug = || text("label").unwrap_or_default().to_lowercase().replace(' ', "_");
        let key = match text("key") {
            Some(key) => key.to_owned(),
            None if default.is_empty() => slug(),
            None => default.to_owned(),
        };
        if !keys.insert(key.clone()) {
            return Err(wrong(format!("Two questions have the key {key}.")));
        }
        let mut question = question.clone();
        question.insert("key".to_owned(), json!(key));
        out.push(Value::Object(question));
    }
    if custom > CUSTOM_QUESTIONS {
        return Err(wrong("A form has at most 15 custom questions."));
    }
    Ok(out)
}
