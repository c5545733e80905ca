//! Flows that begin a conversation after a tap on an ad.

use serde::Deserialize;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::scope;

use crate::endpoint::list_endpoint;
use crate::id::{AppId, ObjectId};
use crate::lenient;

list_endpoint! {
    /// The welcome flows for ads that open a conversation: `GET /{owner_id}/welcome_message_flows` (Messenger Platform:
    /// Welcome Message Flows). The owner is a Page, or an Instagram account through Facebook Login. Needs
    /// `pages_messaging`, or `instagram_manage_messages`.
    pub struct ListWelcomeFlows -> WelcomeFlow;
    "messenger.welcome_flows.list": "/{owner_id}/welcome_message_flows", [scope::PAGES_MESSAGING], limit 100;
    new { owner_id: ObjectId }
    with {
        /// Made by this app only.
        app_id: AppId,
        /// This one only.
        flow_id: ObjectId,
    }
    fields "id,name,eligible_platforms,is_used_in_ad,last_update_time,welcome_message_flow";
    subject owner_id;
}

/// A flow that begins a conversation.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WelcomeFlow {
    /// Its id.
    pub id: ObjectId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Where it can be used, such as `messenger`, `instagram`, `whatsapp`.
    #[serde(default, deserialize_with = "lenient::list")]
    pub eligible_platforms: Vec<String>,
    /// Whether an ad uses it.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_used_in_ad: Option<bool>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient::time")]
    pub last_update_time: Option<Timestamp>,
    /// The flow itself, as JSON text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub welcome_message_flow: Option<String>,
}
