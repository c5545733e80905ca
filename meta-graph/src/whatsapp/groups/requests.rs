//! People who want to join a group.

use http::Method;
use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};
use sociogram_oauth_core::scope;

use super::{check_requests, join_requests};
use crate::endpoint::list_endpoint;
use crate::lenient;
use crate::whatsapp::ids::GroupId;
use crate::whatsapp::person::Person;

list_endpoint! {
    /// Who wants to join a group: `GET /{group_id}/join_requests`. Needs `whatsapp_business_messaging`.
    pub struct ListJoinRequests -> JoinRequest;
    "whatsapp.groups.join_requests.list": "/{group_id}/join_requests", [scope::WHATSAPP_BUSINESS_MESSAGING], limit 1024;
    new { group_id: GroupId }
    subject group_id;
}

/// Somebody who wants to join.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct JoinRequest {
    /// The id of the request.
    pub join_request_id: String,
    /// Who.
    #[serde(flatten)]
    pub person: Person,
    /// Since when.
    #[serde(default, deserialize_with = "lenient::time")]
    pub creation_timestamp: Option<Timestamp>,
}

/// Lets people in: `POST /{group_id}/join_requests`. Needs `whatsapp_business_messaging`.
#[derive(Clone, Debug)]
pub struct ApproveJoinRequests {
    group: GroupId,
    requests: Vec<String>,
}

/// Lets people not in: `DELETE /{group_id}/join_requests`. Needs `whatsapp_business_messaging`.
#[derive(Clone, Debug)]
pub struct RejectJoinRequests {
    group: GroupId,
    requests: Vec<String>,
}

macro_rules! decision {
    ($name:ident) => {
        impl $name {
            /// The requests with these ids.
            pub fn new<T: Into<String>>(group: GroupId, requests: impl IntoIterator<Item = T>) -> Self {
                Self { group, requests: requests.into_iter().map(Into::into).collect() }
            }

            /// What is wrong with it. Sending it checks the same.
            pub fn check(&self) -> Vec<Finding> {
                check_requests(&self.requests)
            }

            fn put(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
                if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
                    return Err(invalid);
                }
                parts.path("group_id", &self.group).json(&join_requests(&self.requests))?;
                Ok(())
            }
        }
    };
}

decision!(ApproveJoinRequests);
decision!(RejectJoinRequests);

impl Endpoint for ApproveJoinRequests {
    type Output = JoinRequestsResult;

    const NAME: &'static str = "whatsapp.groups.join_requests.approve";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{group_id}/join_requests";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::WHATSAPP_BUSINESS_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.put(parts)
    }

    fn subject(&self) -> Option<&str> {
        Some(self.group.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<JoinRequestsResult, DecodeError> {
        response.json()
    }
}

impl Endpoint for RejectJoinRequests {
    type Output = JoinRequestsResult;

    const NAME: &'static str = "whatsapp.groups.join_requests.reject";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/{group_id}/join_requests";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::WHATSAPP_BUSINESS_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.put(parts)
    }

    fn subject(&self) -> Option<&str> {
        Some(self.group.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<JoinRequestsResult, DecodeError> {
        response.json()
    }
}

/// What became of requests.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct JoinRequestsResult {
    /// The ids of those that were let in.
    #[serde(default, deserialize_with = "lenient::list")]
    pub approved_join_requests: Vec<String>,
    /// The ids of those that were not.
    #[serde(default, deserialize_with = "lenient::list")]
    pub rejected_join_requests: Vec<String>,
    /// Those where it failed, as Meta has it.
    #[serde(default, deserialize_with = "lenient::list")]
    pub failed_join_requests: Vec<Value>,
}
