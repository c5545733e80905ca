//! Groups (WhatsApp Cloud API: Groups). Only official or otherwise eligible numbers have them (131215).

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::block_list::{check_people, named};
use super::ids::GroupId;
use super::measure::{amount, characters};
use super::person::Person;
use super::recipient::Recipient;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::PhoneNumberId;
use crate::lenient;

mod requests;

pub use requests::{
    ApproveJoinRequests, JoinRequest, JoinRequestsResult, ListJoinRequests, RejectJoinRequests,
};

endpoint! {
    /// Makes a group: `POST /{phone_number_id}/groups`. The subject has 1 to 128 characters. The group's id and its
    /// invitation come by webhook; people join by the invitation. Needs `whatsapp_business_messaging`.
    pub struct CreateGroup -> GroupRequest;
    "whatsapp.groups.create": POST "/{phone_number_id}/groups", Never, [scope::WHATSAPP_BUSINESS_MESSAGING], Json;
    fixed { messaging_product: "whatsapp" }
    new { phone_number_id: PhoneNumberId, subject: String }
    with {
        /// What it is about, at most 2,048 characters.
        description: String,
        /// Whether the business lets people in by hand.
        join_approval_mode: JoinApprovalMode,
    }
    subject phone_number_id;
    checked by check;
}

impl CreateGroup {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        check_texts(Some(&self.subject), self.description.as_deref())
    }
}

fn check_texts(subject: Option<&str>, description: Option<&str>) -> Vec<Finding> {
    let subject = subject.and_then(|text| characters("whatsapp.group.subject", "subject", text, 1..=128));
    let description =
        description.and_then(|text| characters("whatsapp.group.description", "description", text, 0..=2_048));
    subject.into_iter().chain(description).collect()
}

list_endpoint! {
    /// The groups of a number: `GET /{phone_number_id}/groups`. Needs `whatsapp_business_messaging`.
    pub struct ListGroups -> Group;
    "whatsapp.groups.list": "/{phone_number_id}/groups", [scope::WHATSAPP_BUSINESS_MESSAGING], limit 1024;
    new { phone_number_id: PhoneNumberId }
    subject phone_number_id;
}

endpoint! {
    /// A group: `GET /{group_id}`. Needs `whatsapp_business_messaging`.
    pub struct GetGroup -> Group;
    "whatsapp.groups.get": GET "/{group_id}", Safe, [scope::WHATSAPP_BUSINESS_MESSAGING];
    new { group_id: GroupId }
    fields "id,subject,description,creation_timestamp,suspended,total_participant_count,participants,join_approval_mode";
    subject group_id;
}

endpoint! {
    /// Changes subject and description of a group: `POST /{group_id}`. That it was done is told by webhook. Needs
    /// `whatsapp_business_messaging`.
    pub struct UpdateGroup -> GroupRequest;
    "whatsapp.groups.update": POST "/{group_id}", Safe, [scope::WHATSAPP_BUSINESS_MESSAGING], Json;
    fixed { messaging_product: "whatsapp" }
    new { group_id: GroupId }
    with {
        /// The subject, 1 to 128 characters.
        subject: String,
        /// What it is about, at most 2,048 characters.
        description: String,
    }
    subject group_id;
    checked by check;
}

impl UpdateGroup {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        check_texts(self.subject.as_deref(), self.description.as_deref())
    }
}

endpoint! {
    /// Deletes a group and removes all its people: `DELETE /{group_id}`. That it was done is told by webhook. Needs
    /// `whatsapp_business_messaging`.
    pub struct DeleteGroup -> GroupRequest;
    "whatsapp.groups.delete": DELETE "/{group_id}", Safe, [scope::WHATSAPP_BUSINESS_MESSAGING];
    new { group_id: GroupId }
    subject group_id;
}

endpoint! {
    /// The invitation to a group: `GET /{group_id}/invite_link`. Whoever has it can join. Needs
    /// `whatsapp_business_messaging`.
    pub struct GetInviteLink -> InviteLink;
    "whatsapp.groups.invite_link.get": GET "/{group_id}/invite_link", Safe, [scope::WHATSAPP_BUSINESS_MESSAGING];
    new { group_id: GroupId }
    subject group_id;
}

endpoint! {
    /// Makes a new invitation to a group: `POST /{group_id}/invite_link`. The old one leads nowhere then. Needs
    /// `whatsapp_business_messaging`.
    pub struct ResetInviteLink -> InviteLink;
    "whatsapp.groups.invite_link.reset": POST "/{group_id}/invite_link", Never, [scope::WHATSAPP_BUSINESS_MESSAGING], Json;
    fixed { messaging_product: "whatsapp" }
    new { group_id: GroupId }
    subject group_id;
}

/// Removes people from a group: `DELETE /{group_id}/participants`, up to 8 at once. That it was done is told by webhook. Needs
/// `whatsapp_business_messaging`.
#[derive(Clone, Debug)]
pub struct RemoveParticipants {
    group: GroupId,
    people: Vec<Recipient>,
}

impl RemoveParticipants {
    /// These people.
    pub fn new(group: GroupId, people: impl IntoIterator<Item = Recipient>) -> Self {
        Self { group, people: people.into_iter().collect() }
    }

    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        check_people("participants", &self.people, 8)
    }
}

impl Endpoint for RemoveParticipants {
    type Output = GroupRequest;

    const NAME: &'static str = "whatsapp.groups.participants.remove";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/{group_id}/participants";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::WHATSAPP_BUSINESS_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let body = json!({"messaging_product": "whatsapp", "participants": named(&self.people)});
        parts.path("group_id", &self.group).json(&body)?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.group.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<GroupRequest, DecodeError> {
        response.json()
    }
}

/// Something that was taken to be done; a webhook with the same id tells what became of it.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct GroupRequest {
    /// The id of the request.
    #[serde(default, deserialize_with = "lenient::text")]
    pub request_id: Option<String>,
}

/// An invitation.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InviteLink {
    /// The link.
    pub invite_link: String,
}

open_enum! {
    /// How people get into a group.
    pub enum JoinApprovalMode {
        /// Whoever has the invitation joins.
        AutoApprove = "auto_approve",
        /// The business lets people in by hand.
        ApprovalRequired = "approval_required",
    }
}

/// A group.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its subject.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub subject: Option<String>,
    /// What it is about.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub description: Option<String>,
    /// When it was made.
    #[serde(default, alias = "created_at", deserialize_with = "lenient::time")]
    pub creation_timestamp: Option<Timestamp>,
    /// Whether Meta shut it.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub suspended: Option<bool>,
    /// How many people are in it, without the business.
    #[serde(default, deserialize_with = "lenient::count")]
    pub total_participant_count: Option<u64>,
    /// Who is in it.
    #[serde(default, deserialize_with = "lenient::list")]
    pub participants: Vec<Person>,
    /// How people get in.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub join_approval_mode: Option<JoinApprovalMode>,
}

/// How many ids of requests one call takes.
pub(super) fn check_requests(ids: &[String]) -> Vec<Finding> {
    amount("whatsapp.group.join_requests", "join_requests", ids.len(), 1..=1_024).into_iter().collect()
}

/// The body that names requests.
pub(super) fn join_requests(ids: &[String]) -> Value {
    json!({"messaging_product": "whatsapp", "join_requests": ids})
}

#[cfg(test)]
mod tests;
