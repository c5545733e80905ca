//! What WhatsApp Business accounts report (WhatsApp Cloud API: Webhooks).
//!
//! A delivery of WhatsApp is split to the single message and status: each is an [`Event`](crate::Event) of its own, with the
//! business's phone number and the person it is from or for.
//!
//! ```
//! use sociogram_webhook_verify::{
//!     Event, EventKind,
//!     whatsapp::{MessageContent, MessageStatus},
//! };
//!
//! fn handle(event: &Event) {
//!     match event.kind() {
//!         EventKind::WhatsAppMessage(message) => match &message.content {
//!             MessageContent::Text(text) => println!("{:?} wrote {:?}", event.subject(), text.body),
//!             MessageContent::Image(media) => println!("fetch the media {:?}", media.id),
//!             _ => {}
//!         },
//!         // Statuses overtake each other: store the new one only where it is the later one.
//!         EventKind::WhatsAppStatus(status) => {
//!             let stored = MessageStatus::Delivered;
//!             if status.status.as_ref().is_some_and(|new| new.supersedes(&stored)) {
//!                 println!("{:?} is now {:?}", status.id, status.status);
//!             }
//!         }
//!         EventKind::WhatsAppTemplateStatus(template) => println!("{:?}: {:?}", template.name, template.event),
//!         _ => {}
//!     }
//! }
//! ```

mod account;
mod call;
mod card;
mod contact;
mod content;
mod error;
mod message;
mod number;
mod person;
mod reply;
mod status;
mod template;

pub use account::{AccountEvent, AccountReview, AccountUpdate, BusinessCapability, ReviewDecision};
pub use call::{CallDirection, CallEvent, CallStatus, WhatsAppCall};
pub use card::{CardAddress, CardEmail, CardName, CardOrganization, CardPhone, CardUrl, ContactCard};
pub use contact::Contact;
pub use content::{
    Edit, Location, Media, MessageContent, Order, OrderItem, Reaction, Revocation, SystemEvent,
    SystemEventType, TextMessage, Unsupported,
};
pub use error::{WhatsAppError, WhatsAppEventError};
pub use message::{MessageContext, Referral, WhatsAppMessage};
pub use number::{
    NameDecision, PhoneNumberName, PhoneNumberQuality, PhoneNumberQualityEvent, SecurityEvent,
    SecurityEventType,
};
pub use person::{Preference, PreferenceValue, UserIdChange};
pub use reply::{ButtonReply, CallPermission, CallPermissionReply, Choice, FlowReply, InteractiveReply};
pub use status::{
    Conversation, MessageStatus, Pricing, PricingCategory, PricingModel, PricingType, WhatsAppStatus,
};
pub use template::{TemplateCategory, TemplateEvent, TemplateQuality, TemplateStatus};

pub(crate) use contact::Contacts;

use crate::fields::Fields;

/// What all items of one change share: `metadata`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared {
    /// The id of the business's phone number.
    pub(crate) phone_number_id: Option<String>,
    /// The number as it is shown.
    pub(crate) display_phone_number: Option<String>,
}

impl Shared {
    pub(crate) fn read(metadata: Option<&Fields<'_>>) -> Self {
        let text = |name| metadata.and_then(|metadata| metadata.id(name));
        Self { phone_number_id: text("phone_number_id"), display_phone_number: text("display_phone_number") }
    }
}

#[cfg(test)]
mod tests;
