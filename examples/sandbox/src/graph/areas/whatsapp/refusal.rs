//! Refusals in the words of the Cloud API (WhatsApp Business Platform: Error Codes).

use serde_json::json;

use super::super::super::answer::GraphError;

/// A refusal with the title of its code and what is wrong here.
pub(super) fn refusal(code: i64, title: &str, details: impl AsRef<str>) -> GraphError {
    let data = json!({"messaging_product": "whatsapp", "details": details.as_ref()});
    GraphError::new(400, code, format!("(#{code}) {title}")).data(data)
}

pub(super) fn missing(details: impl AsRef<str>) -> GraphError {
    refusal(131_008, "Required parameter is missing", details)
}

pub(super) fn invalid(details: impl AsRef<str>) -> GraphError {
    refusal(131_009, "Parameter value is not valid", details)
}

/// A template that cannot be made or changed: code 100 with a subcode.
pub(super) fn template(subcode: i64, details: impl AsRef<str>) -> GraphError {
    GraphError::parameter(format!("Invalid parameter: {}", details.as_ref())).subcode(subcode)
}
