//! Opening a flow.

use serde::Serialize;
use serde_json::{Map, Value};
use sociogram_api_core::open_enum;

use crate::whatsapp::ids::FlowId;

/// A button that opens a flow (WhatsApp Flows: Sending a Flow).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlowAction {
    /// The version of the message's form: `3`.
    pub flow_message_version: String,
    /// Which flow.
    #[serde(flatten)]
    pub flow: FlowTarget,
    /// The text of the button: 1 to 20 characters, no emoji.
    pub flow_cta: String,
    /// A text of yours that comes back with the answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_token: Option<String>,
    /// Whether the draft is sent; the published flow without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<FlowMode>,
    /// How the flow begins; as its own JSON says without it.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub start: Option<FlowStart>,
}

/// Which flow.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum FlowTarget {
    /// By id.
    #[serde(rename = "flow_id")]
    Id(FlowId),
    /// By name.
    #[serde(rename = "flow_name")]
    Name(String),
}

open_enum! {
    /// Which state of the flow is sent.
    pub enum FlowMode {
        /// The draft, for tests.
        Draft = "draft",
        /// What is published.
        Published = "published",
    }
}

/// How the flow begins.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "flow_action", content = "flow_action_payload", rename_all = "snake_case")]
pub enum FlowStart {
    /// On this screen.
    Navigate {
        /// The screen's id.
        screen: String,
        /// What the screen gets; it must not be empty if it is there.
        #[serde(skip_serializing_if = "Option::is_none")]
        data: Option<Map<String, Value>>,
    },
    /// With a request to the flow's endpoint.
    DataExchange,
}

impl FlowAction {
    /// The published flow of this id. `button`: 1 to 20 characters, no emoji.
    pub fn new(flow: FlowId, button: impl Into<String>) -> Self {
        Self::of(FlowTarget::Id(flow), button)
    }

    /// The published flow of this name.
    pub fn by_name(name: impl Into<String>, button: impl Into<String>) -> Self {
        Self::of(FlowTarget::Name(name.into()), button)
    }

    fn of(flow: FlowTarget, button: impl Into<String>) -> Self {
        Self {
            flow_message_version: "3".to_owned(),
            flow,
            flow_cta: button.into(),
            flow_token: None,
            mode: None,
            start: None,
        }
    }

    /// A text of yours that comes back with the answers.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.flow_token = Some(token.into());
        self
    }

    /// Sends the draft, for tests.
    pub fn draft(mut self) -> Self {
        self.mode = Some(FlowMode::Draft);
        self
    }

    /// Begins on this screen.
    pub fn navigate(mut self, screen: impl Into<String>, data: Option<Map<String, Value>>) -> Self {
        self.start = Some(FlowStart::Navigate { screen: screen.into(), data });
        self
    }

    /// Begins with a request to the flow's endpoint.
    pub fn data_exchange(mut self) -> Self {
        self.start = Some(FlowStart::DataExchange);
        self
    }
}
