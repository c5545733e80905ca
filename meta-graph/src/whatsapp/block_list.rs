//! People whose messages are not wanted (WhatsApp Cloud API: Block Users).

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::measure;
use super::person::Person;
use super::recipient::Recipient;
use crate::endpoint::list_endpoint;
use crate::id::PhoneNumberId;
use crate::lenient;

list_endpoint! {
    /// Who is blocked: `GET /{phone_number_id}/block_users`, at most 64,000 people. Needs `whatsapp_business_messaging`.
    pub struct ListBlockedUsers -> Person;
    "whatsapp.block_list.list": "/{phone_number_id}/block_users", [scope::WHATSAPP_BUSINESS_MESSAGING], limit 100;
    new { phone_number_id: PhoneNumberId }
    subject phone_number_id;
}

/// Blocks people: `POST /{phone_number_id}/block_users`.
///
/// They can write no more, and the number cannot write to them. Only who wrote within the last 24 hours can be
/// blocked, and up to 1,000 at once. One that fails does not hinder the others. Needs `whatsapp_business_messaging`.
/// Repeating it changes nothing.
#[derive(Clone, Debug)]
pub struct BlockUsers {
    phone_number: PhoneNumberId,
    users: Vec<Recipient>,
}

/// Unblocks people: `DELETE /{phone_number_id}/block_users`, up to 1,000 at once. Needs
/// `whatsapp_business_messaging`. Repeating it changes nothing.
#[derive(Clone, Debug)]
pub struct UnblockUsers {
    phone_number: PhoneNumberId,
    users: Vec<Recipient>,
}

/// How the one thing that people are named by is written.
pub(super) fn named(users: &[Recipient]) -> Vec<Value> {
    let one = |user: &Recipient| match user {
        Recipient::Phone(number) => json!({"user": number}),
        Recipient::User(id) => json!({"user_id": id}),
        Recipient::Group(id) => json!({"user": id}),
    };
    users.iter().map(one).collect()
}

pub(super) fn check_people(field: &'static str, users: &[Recipient], most: usize) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        measure::amount("whatsapp.people", field, users.len(), 1..=most).into_iter().collect();
    found.extend(users.iter().flat_map(Recipient::check));
    if users.iter().any(Recipient::is_group) {
        let finding = Finding::error("whatsapp.people", field, "a group stands where people are meant");
        found.push(finding.advice("name people only"));
    }
    found
}

macro_rules! people {
    ($name:ident) => {
        impl $name {
            /// These people, as seen from this number.
            pub fn new(phone_number: impl Into<PhoneNumberId>, users: impl IntoIterator<Item = Recipient>) -> Self {
                Self { phone_number: phone_number.into(), users: users.into_iter().collect() }
            }

            /// What is wrong with it. Sending it checks the same.
            pub fn check(&self) -> Vec<Finding> {
                check_people("block_users", &self.users, 1_000)
            }

            fn put(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
                if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
                    return Err(invalid);
                }
                let body = json!({"messaging_product": "whatsapp", "block_users": named(&self.users)});
                parts.path("phone_number_id", &self.phone_number).json(&body)?;
                Ok(())
            }
        }
    };
}

people!(BlockUsers);
people!(UnblockUsers);

impl Endpoint for BlockUsers {
    type Output = BlockedUsers;

    const NAME: &'static str = "whatsapp.block_list.add";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{phone_number_id}/block_users";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::WHATSAPP_BUSINESS_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.put(parts)
    }

    fn subject(&self) -> Option<&str> {
        Some(self.phone_number.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<BlockedUsers, DecodeError> {
        read(response)
    }
}

impl Endpoint for UnblockUsers {
    type Output = BlockedUsers;

    const NAME: &'static str = "whatsapp.block_list.remove";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/{phone_number_id}/block_users";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::WHATSAPP_BUSINESS_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.put(parts)
    }

    fn subject(&self) -> Option<&str> {
        Some(self.phone_number.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<BlockedUsers, DecodeError> {
        read(response)
    }
}

fn read(response: &RawResponse) -> Result<BlockedUsers, DecodeError> {
    #[derive(Deserialize)]
    struct Envelope {
        block_users: BlockedUsers,
    }
    let envelope: Envelope = response.json()?;
    Ok(envelope.block_users)
}

/// Who was blocked or unblocked, and who not.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct BlockedUsers {
    /// Who was blocked.
    #[serde(rename = "added_users", default, deserialize_with = "lenient::list")]
    pub added: Vec<Person>,
    /// Who was unblocked.
    #[serde(rename = "removed_users", default, deserialize_with = "lenient::list")]
    pub removed: Vec<Person>,
    /// Who was not.
    #[serde(rename = "failed_users", default, deserialize_with = "lenient::list")]
    pub failed: Vec<NotBlocked>,
}

/// Somebody who was not blocked.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct NotBlocked {
    /// Who.
    #[serde(flatten)]
    pub person: Person,
    /// Why.
    #[serde(default, deserialize_with = "lenient::list")]
    pub errors: Vec<BlockError>,
}

/// Why somebody was not blocked.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BlockError {
    /// The number, such as 139100 and on.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub code: Option<i64>,
    /// What Meta says.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message: Option<String>,
}
