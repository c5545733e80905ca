//! Answers to messages with buttons, lists and forms.

use crate::{EventTime, fields::Fields, open_enum::open_enum};

/// An answer to an interactive message, by its `type`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InteractiveReply {
    /// A press on a reply button (`button_reply`).
    Button(Choice),
    /// A choice from a list (`list_reply`).
    List(Choice),
    /// A Flow or another form was completed (`nfm_reply`).
    Flow(FlowReply),
    /// The person answered whether the business may call (`call_permission_reply`).
    CallPermission(CallPermissionReply),
    /// This version has no type for the answer, or it has another shape than its type says.
    #[non_exhaustive]
    Unknown {
        /// The `type`.
        kind: Option<Box<str>>,
        /// The JSON of the member named like the type.
        json: Option<Box<str>>,
    },
}

impl InteractiveReply {
    pub(super) fn read(value: &Fields<'_>) -> Self {
        let Some(kind) = value.text("type") else { return Self::Unknown { kind: None, json: None } };
        let part = value.object(&kind);
        let reply = part.as_ref().and_then(|reply| match kind.as_str() {
            "button_reply" => Some(Self::Button(Choice::read(reply))),
            "list_reply" => Some(Self::List(Choice::read(reply))),
            "nfm_reply" => Some(Self::Flow(FlowReply::read(reply))),
            "call_permission_reply" => Some(Self::CallPermission(CallPermissionReply::read(reply))),
            _ => None,
        });
        reply.unwrap_or_else(|| Self::Unknown { json: value.json(&kind), kind: Some(kind.into()) })
    }
}

/// What was chosen of a list or of reply buttons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice {
    /// The id that the business gave it.
    pub id: Option<String>,
    /// What the person saw.
    pub title: Option<String>,
    /// The text below; lists only.
    pub description: Option<String>,
}

impl Choice {
    fn read(value: &Fields<'_>) -> Self {
        Self { id: value.id("id"), title: value.text("title"), description: value.text("description") }
    }
}

/// A completed Flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlowReply {
    /// What was completed, such as `flow` or `address_message`.
    pub name: Option<String>,
    /// What the person sees of it.
    pub body: Option<String>,
    /// What was filled in: text that holds JSON, with the `flow_token` that the business gave.
    pub response_json: Option<String>,
}

impl FlowReply {
    fn read(value: &Fields<'_>) -> Self {
        let response = value.text("response_json");
        let inline =
            || value.object("response_json").and_then(|_| value.json("response_json")).map(String::from);
        Self { name: value.id("name"), body: value.text("body"), response_json: response.or_else(inline) }
    }
}

open_enum! {
    /// Whether the business may call.
    pub enum CallPermission {
        /// It may.
        Accept = "accept",
        /// It may not.
        Reject = "reject",
    }
}

/// The person answered whether the business may call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallPermissionReply {
    /// The answer.
    pub response: Option<CallPermission>,
    /// Whether it holds for ever.
    pub is_permanent: Option<bool>,
    /// Until when it holds.
    pub expiration_timestamp: Option<EventTime>,
    /// `user_action`, or `automatic` when the person called.
    pub response_source: Option<String>,
}

impl CallPermissionReply {
    fn read(value: &Fields<'_>) -> Self {
        Self {
            response: value.choice("response"),
            is_permanent: value.flag("is_permanent"),
            expiration_timestamp: value.time("expiration_timestamp"),
            response_source: value.id("response_source"),
        }
    }
}

/// A press on a quick-reply button of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ButtonReply {
    /// What the business attached to the button.
    pub payload: Option<String>,
    /// What the person saw.
    pub text: Option<String>,
}

impl ButtonReply {
    pub(super) fn read(value: &Fields<'_>) -> Self {
        Self { payload: value.text("payload"), text: value.text("text") }
    }
}
