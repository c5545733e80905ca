//! The user name of a number (WhatsApp: Business Usernames).

use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use super::measure::characters;
use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::PhoneNumberId;
use crate::lenient;

endpoint! {
    /// The user name of a number: `GET /{phone_number_id}/username`. Needs `whatsapp_business_management`.
    pub struct GetUsername -> Username;
    "whatsapp.username.get": GET "/{phone_number_id}/username", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId }
    subject phone_number_id;
}

endpoint! {
    /// Sets the user name of a number: `POST /{phone_number_id}/username`. Needs `whatsapp_business_management`.
    pub struct SetUsername -> Username;
    "whatsapp.username.set": POST "/{phone_number_id}/username", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT], Json;
    new { phone_number_id: PhoneNumberId, username: String }
    with {
        /// What happens where another number of the business has it: `none` or `force_transfer`.
        transfer_action: String,
    }
    subject phone_number_id;
    checked by check;
}

impl SetUsername {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        characters("whatsapp.username", "username", &self.username, 1..=100).into_iter().collect()
    }
}

endpoint! {
    /// Gives the user name of a number up: `DELETE /{phone_number_id}/username`. Needs `whatsapp_business_management`.
    pub struct DeleteUsername -> ();
    "whatsapp.username.delete": DELETE "/{phone_number_id}/username", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId }
    subject phone_number_id;
    decode acknowledged::read;
}

endpoint! {
    /// The user names that are kept for the business: `GET /{phone_number_id}/username_suggestions`. Needs
    /// `whatsapp_business_management`.
    pub struct ListUsernameSuggestions -> Vec<String>;
    "whatsapp.username.suggestions.list": GET "/{phone_number_id}/username_suggestions", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId }
    subject phone_number_id;
    decode suggestions;
}

/// `data` holds texts, or objects with `username_suggestions`; both have been seen.
fn suggestions(response: &RawResponse) -> Result<Vec<String>, DecodeError> {
    let answer: Value = response.json()?;
    let Some(data) = answer.get("data").and_then(Value::as_array) else {
        return Err(DecodeError::new("data", "there is no list"));
    };
    let mut names = Vec::new();
    for item in data {
        match item.get("username_suggestions").or_else(|| item.get("username")).unwrap_or(item) {
            Value::String(name) => names.push(name.clone()),
            Value::Array(list) => names.extend(list.iter().filter_map(lenient::text_of)),
            _ => {}
        }
    }
    Ok(names)
}

/// The user name of a number.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Username {
    /// The name, if there is one.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// Whether people see it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<UsernameStatus>,
}

open_enum! {
    /// Whether people see a user name.
    pub enum UsernameStatus {
        /// They do.
        Approved = "approved",
        /// It is kept for later.
        Reserved = "reserved",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[tokio::test]
    async fn suggestions_come_in_two_forms() {
        for body in [
            r#"{"data":[{"username_suggestions":["jaspers","jaspers_market",7]}]}"#,
            r#"{"data":["jaspers","jaspers_market",{"odd":1},"7"]}"#,
        ] {
            let (names, _) = exchange(ListUsernameSuggestions::new(106), body).await;
            assert_eq!(names.unwrap(), ["jaspers", "jaspers_market", "7"], "{body}");
        }
        let (names, _) = exchange(ListUsernameSuggestions::new(106), "{}").await;
        assert_eq!(names.unwrap_err().kind(), crate::ErrorKind::Decode);
    }

    #[test]
    fn an_empty_name_is_not_sent() {
        assert_eq!(SetUsername::new(106, " ").check().len(), 1);
        assert!(SetUsername::new(106, "jaspers").check().is_empty());
    }
}
