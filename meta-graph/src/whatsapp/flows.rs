//! Flows: forms inside a conversation (WhatsApp Flows: Flows API).

use http::Method;
use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Endpoint, Multipart, Part, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::ids::FlowId;
use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::WhatsAppAccountId;
use crate::lenient;

/// The fields that are read unless told otherwise.
const FIELDS: &str = "id,name,status,categories,validation_errors,json_version,data_api_version,endpoint_uri,preview,updated_at";

list_endpoint! {
    /// The flows of an account: `GET /{waba_id}/flows`. Needs `whatsapp_business_management`.
    pub struct ListFlows -> Flow;
    "whatsapp.flows.list": "/{waba_id}/flows", [scope::WHATSAPP_BUSINESS_MANAGEMENT], limit 100;
    new { waba_id: WhatsAppAccountId }
    fields "id,name,status,categories,validation_errors";
    subject waba_id;
}

endpoint! {
    /// One flow: `GET /{flow_id}`. Needs `whatsapp_business_management`.
    pub struct GetFlow -> Flow;
    "whatsapp.flows.get": GET "/{flow_id}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { flow_id: FlowId }
    fields FIELDS;
    subject flow_id;
}

endpoint! {
    /// Makes a flow: `POST /{waba_id}/flows`. Its name is another one than the account's other flows'. Needs
    /// `whatsapp_business_management`.
    pub struct CreateFlow -> ChangedFlow;
    "whatsapp.flows.create": POST "/{waba_id}/flows", Never, [scope::WHATSAPP_BUSINESS_MANAGEMENT], Json;
    new { waba_id: WhatsAppAccountId, name: String, categories: Vec<FlowCategory> }
    with {
        /// A copy of this flow of the same account.
        clone_flow_id: FlowId,
        /// The address that gets the flow's requests.
        endpoint_uri: String,
        /// The flow, as JSON text.
        flow_json: String,
        /// Also publishes it; needs `flow_json`.
        publish: bool,
    }
    subject waba_id;
    checked by check;
}

impl CreateFlow {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        if self.name.trim().is_empty() || self.categories.is_empty() {
            let finding = Finding::error("whatsapp.flow.name", "name", "the flow has no name or no category");
            found.push(finding.advice("give it both"));
        }
        if self.publish == Some(true) && self.flow_json.is_none() {
            let finding = Finding::error("whatsapp.flow.publish", "publish", "there is nothing to publish");
            found.push(finding.advice("set `flow_json`"));
        }
        found
    }
}

endpoint! {
    /// Changes name, categories or address of a flow: `POST /{flow_id}`. Needs `whatsapp_business_management`.
    pub struct UpdateFlow -> ();
    "whatsapp.flows.update": POST "/{flow_id}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT], Json;
    new { flow_id: FlowId }
    with {
        /// Its name.
        name: String,
        /// What it is for.
        categories: Vec<FlowCategory>,
        /// The address that gets its requests.
        endpoint_uri: String,
    }
    subject flow_id;
    decode acknowledged::read;
}

/// Replaces what a flow shows: `POST /{flow_id}/assets`, at most 10 MB. Needs `whatsapp_business_management`.
/// (WhatsApp Flows: Updating a Flow's JSON)
#[derive(Clone, Debug)]
pub struct UploadFlowJson {
    flow: FlowId,
    json: String,
}

impl UploadFlowJson {
    /// The flow, as JSON text.
    pub fn new(flow: FlowId, json: impl Into<String>) -> Self {
        Self { flow, json: json.into() }
    }
}

impl Endpoint for UploadFlowJson {
    type Output = ChangedFlow;

    const NAME: &'static str = "whatsapp.flows.assets.update";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{flow_id}/assets";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::WHATSAPP_BUSINESS_MANAGEMENT];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let form = Multipart::new()
            .part(Part::text("name", "flow.json"))
            .part(Part::text("asset_type", "FLOW_JSON"))
            .part(Part::file("file", "flow.json", "application/json", self.json.clone()));
        parts.path("flow_id", &self.flow).multipart(form)?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.flow.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<ChangedFlow, DecodeError> {
        response.json()
    }
}

list_endpoint! {
    /// What a flow is made of: `GET /{flow_id}/assets`. Needs `whatsapp_business_management`.
    pub struct ListFlowAssets -> FlowAsset;
    "whatsapp.flows.assets.list": "/{flow_id}/assets", [scope::WHATSAPP_BUSINESS_MANAGEMENT], limit 100;
    new { flow_id: FlowId }
    subject flow_id;
}

endpoint! {
    /// Publishes a flow: `POST /{flow_id}/publish`. **It cannot be changed any more.** Needs
    /// `whatsapp_business_management`.
    pub struct PublishFlow -> ();
    "whatsapp.flows.publish": POST "/{flow_id}/publish", Never, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { flow_id: FlowId }
    subject flow_id;
    decode acknowledged::read;
}

endpoint! {
    /// Retires a published flow: `POST /{flow_id}/deprecate`. It cannot be sent or opened any more. Needs
    /// `whatsapp_business_management`.
    pub struct DeprecateFlow -> ();
    "whatsapp.flows.deprecate": POST "/{flow_id}/deprecate", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { flow_id: FlowId }
    subject flow_id;
    decode acknowledged::read;
}

endpoint! {
    /// Deletes a draft: `DELETE /{flow_id}`. Needs `whatsapp_business_management`.
    pub struct DeleteFlow -> ();
    "whatsapp.flows.delete": DELETE "/{flow_id}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { flow_id: FlowId }
    subject flow_id;
    decode acknowledged::read;
}

endpoint! {
    /// Copies flows from another account: `POST /{waba_id}/migrate_flows`, under the names they have there. The copies
    /// are drafts. Needs `whatsapp_business_management`. (WhatsApp Flows: Migrating Flows)
    pub struct MigrateFlows -> MigratedFlows;
    "whatsapp.flows.migrate": POST "/{waba_id}/migrate_flows", Never, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId, source_waba_id: WhatsAppAccountId }
    with {
        /// Only the flows of these names; all of them without it.
        source_flow_names: Vec<String>,
    }
    subject waba_id;
}

/// Which flows were copied.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct MigratedFlows {
    /// The copied ones.
    #[serde(rename = "migrated_flows", default, deserialize_with = "lenient::list")]
    pub migrated: Vec<MigratedFlow>,
    /// The others.
    #[serde(rename = "failed_flows", default, deserialize_with = "lenient::list")]
    pub failed: Vec<FlowNotMigrated>,
}

/// A flow that was copied.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MigratedFlow {
    /// The id of the copy.
    pub migrated_id: FlowId,
    /// The id of what was copied.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub source_id: Option<FlowId>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub source_name: Option<String>,
}

/// A flow that was not copied.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FlowNotMigrated {
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub source_name: Option<String>,
    /// The number of the error.
    #[serde(default, deserialize_with = "lenient::text")]
    pub error_code: Option<String>,
    /// Why.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub error_message: Option<String>,
}

/// A flow that was made or changed.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ChangedFlow {
    /// Its id, if it was made.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<FlowId>,
    /// What is wrong with its JSON, as Meta has it. A flow with errors is kept and cannot be published.
    #[serde(default, deserialize_with = "lenient::list")]
    pub validation_errors: Vec<Value>,
}

/// A flow.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Flow {
    /// Its id.
    pub id: FlowId,
    /// Its name; people do not see it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Whether it can be sent.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<FlowStatus>,
    /// What it is for.
    #[serde(default, deserialize_with = "lenient::list")]
    pub categories: Vec<FlowCategory>,
    /// What is wrong with its JSON, as Meta has it.
    #[serde(default, deserialize_with = "lenient::list")]
    pub validation_errors: Vec<Value>,
    /// The version of its JSON.
    #[serde(default, deserialize_with = "lenient::text")]
    pub json_version: Option<String>,
    /// The version of its requests.
    #[serde(default, deserialize_with = "lenient::text")]
    pub data_api_version: Option<String>,
    /// The address that gets its requests.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub endpoint_uri: Option<String>,
    /// Where it can be looked at.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub preview: Option<FlowPreview>,
    /// When it changed.
    #[serde(default, deserialize_with = "lenient::time")]
    pub updated_at: Option<Timestamp>,
}

/// Where a flow can be looked at.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct FlowPreview {
    /// The page. **Whoever has the address can see it**; `Debug` does not show it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub preview_url: Option<String>,
    /// Until when.
    #[serde(default, deserialize_with = "lenient::time")]
    pub expires_at: Option<Timestamp>,
}

impl std::fmt::Debug for FlowPreview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FlowPreview").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// A part of a flow.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FlowAsset {
    /// Its name, such as `flow.json`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its kind, such as `FLOW_JSON`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub asset_type: Option<String>,
    /// Where it can be read, without a token.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub download_url: Option<String>,
}

open_enum! {
    /// Whether a flow can be sent.
    pub enum FlowStatus {
        /// For tests.
        Draft = "DRAFT",
        /// It can.
        Published = "PUBLISHED",
        /// It was retired.
        Deprecated = "DEPRECATED",
        /// Its endpoint fails too often.
        Blocked = "BLOCKED",
        /// Its endpoint is slow; 10 messages an hour.
        Throttled = "THROTTLED",
    }
}

open_enum! {
    /// What a flow is for.
    pub enum FlowCategory {
        /// Appointments.
        AppointmentBooking = "APPOINTMENT_BOOKING",
        /// Contact.
        ContactUs = "CONTACT_US",
        /// Support.
        CustomerSupport = "CUSTOMER_SUPPORT",
        /// Leads.
        LeadGeneration = "LEAD_GENERATION",
        /// Something else.
        Other = "OTHER",
        /// Shopping.
        Shopping = "SHOPPING",
        /// Signing in.
        SignIn = "SIGN_IN",
        /// Signing up.
        SignUp = "SIGN_UP",
        /// Questions.
        Survey = "SURVEY",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[test]
    fn a_flow_has_a_name_a_category_and_something_to_publish() {
        let create = |name, categories: &[FlowCategory]| CreateFlow::new(5, name, categories.to_vec());
        for (create, found) in [
            (create("booking", &[FlowCategory::Survey]), 0),
            (create("", &[FlowCategory::Survey]), 1),
            (create("booking", &[]), 1),
            (create("booking", &[FlowCategory::Survey]).publish(true), 1),
            (create("booking", &[FlowCategory::Survey]).publish(true).flow_json("{}"), 0),
        ] {
            assert_eq!(create.check().len(), found, "{create:?}");
        }
    }

    #[tokio::test]
    async fn the_address_of_the_preview_is_not_shown() {
        let body = r#"{"id":"5","status":"NEW","json_version":7.1,"preview":{
            "preview_url":"https://business.facebook.com/wa/manage/flows/5/preview/?token=CANARY",
            "expires_at":"2026-05-21T11:18:09+0000"}}"#;
        let (flow, _) = exchange(GetFlow::new(FlowId::new("5").unwrap()), body).await;
        let flow = flow.unwrap();
        assert!(!format!("{flow:?}").contains("CANARY"));
        assert!(flow.preview.unwrap().preview_url.unwrap().contains("CANARY"));
        assert_eq!((flow.status.unwrap().as_str(), flow.json_version.as_deref()), ("NEW", Some("7.1")));
    }
}
