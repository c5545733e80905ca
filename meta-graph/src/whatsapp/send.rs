//! Sending messages (WhatsApp Cloud API: Messages).

use http::Method;
use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, open_enum};
use sociogram_oauth_core::scope;

use super::ids::{GroupId, WhatsAppMessageId};
use super::measure;
use super::message::{Message, Pin};
use super::person::Person;
use super::recipient::Recipient;
use super::template_message::TemplateMessage;
use crate::acknowledged;
use crate::guard::rules;
use crate::id::PhoneNumberId;
use crate::lenient;

/// Sends a message: `POST /{phone_number_id}/messages`.
///
/// Needs `whatsapp_business_messaging`. A repeat would send it twice, so nothing repeats it once it may have been
/// sent. **An answer means that Meta took it, not that it arrived**: whether the number is on WhatsApp and the media
/// could be fetched is told by the webhook. A number sends 80 messages a second, and 45 at once and then one in 6
/// seconds to the same person.
///
/// ```
/// use sociogram_meta_graph::PhoneNumberId;
/// use sociogram_meta_graph::whatsapp::{Interactive, Recipient, ReplyButton, SendMessage};
///
/// let question = Interactive::buttons("Shall we come at 9?", [
///     ReplyButton::new("yes", "Yes"),
///     ReplyButton::new("no", "No"),
/// ]);
/// let send = SendMessage::new(PhoneNumberId::from(106), Recipient::phone("+16505551234"), question);
/// assert!(send.check().is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct SendMessage {
    phone_number: PhoneNumberId,
    recipient: Recipient,
    message: Message,
    more: More,
}

/// What every message may carry.
#[derive(Clone, Debug, Default, Serialize)]
struct More {
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context>,
    #[serde(skip_serializing_if = "Option::is_none")]
    biz_opaque_callback_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_identity_key_hash: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Context {
    message_id: WhatsAppMessageId,
}

impl More {
    fn check(&self, found: &mut Vec<Finding>) {
        let data = self.biz_opaque_callback_data.as_deref().unwrap_or_default();
        found.extend(measure::at_most(&rules::W15, "biz_opaque_callback_data", data, rules::W15_MAX_CHARS));
    }
}

impl SendMessage {
    /// From this number to this recipient.
    pub fn new(
        phone_number: impl Into<PhoneNumberId>,
        recipient: impl Into<Recipient>,
        message: impl Into<Message>,
    ) -> Self {
        let (phone_number, recipient, message) = (phone_number.into(), recipient.into(), message.into());
        Self { phone_number, recipient, message, more: More::default() }
    }

    /// Shows it as the answer to this message. It must be of the same conversation and not older than 30 days.
    pub fn reply_to(mut self, message: WhatsAppMessageId) -> Self {
        self.more.context = Some(Context { message_id: message });
        self
    }

    /// Data of yours that come back with every status of it, at most 512 characters.
    pub fn callback_data(mut self, data: impl Into<String>) -> Self {
        self.more.biz_opaque_callback_data = Some(data.into());
        self
    }

    /// Delivers it only while the recipient's identity has this hash; otherwise it fails with 137000.
    pub fn identity_key_hash(mut self, hash: impl Into<String>) -> Self {
        self.more.recipient_identity_key_hash = Some(hash.into());
        self
    }

    /// Whom it is for.
    pub const fn recipient(&self) -> &Recipient {
        &self.recipient
    }

    /// What it holds.
    pub const fn message(&self) -> &Message {
        &self.message
    }

    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same; whether
    /// the [window](super::check_window) is open is not known here.
    pub fn check(&self) -> Vec<Finding> {
        let mut found = self.recipient.check();
        found.extend(self.message.check());
        self.more.check(&mut found);
        let group_only = matches!(self.message, Message::Pin(Pin::Pin { .. } | Pin::Unpin { .. }));
        if group_only && !self.recipient.is_group() {
            found.push(
                Finding::error(
                    "whatsapp.pin.recipient",
                    "recipient_type",
                    "only messages of a group can be pinned",
                )
                .advice("pass the group as the recipient"),
            );
        }
        found
    }
}

#[derive(Serialize)]
struct Body<'m> {
    messaging_product: &'static str,
    #[serde(flatten)]
    recipient: &'m Recipient,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    message: &'m Message,
    #[serde(flatten)]
    more: &'m More,
}

impl Endpoint for SendMessage {
    type Output = SentMessages;

    const NAME: &'static str = "whatsapp.messages.send";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{phone_number_id}/messages";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[scope::WHATSAPP_BUSINESS_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        parts.path("phone_number_id", &self.phone_number).json(&Body {
            messaging_product: "whatsapp",
            recipient: &self.recipient,
            kind: self.message.kind(),
            message: &self.message,
            more: &self.more,
        })?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.phone_number.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<SentMessages, DecodeError> {
        response.json()
    }
}

/// Sends a marketing template with Meta's delivery optimisation: `POST /{phone_number_id}/marketing_messages`.
///
/// Needs `whatsapp_business_messaging`, and an account that was onboarded
/// ([`marketing_messages_onboarding_status`](super::accounts::WhatsAppAccount)). A repeat would send it twice.
/// (Marketing Messages API for WhatsApp)
#[derive(Clone, Debug)]
pub struct SendMarketingMessage {
    phone_number: PhoneNumberId,
    recipient: Recipient,
    template: TemplateMessage,
    product_policy: Option<ProductPolicy>,
    message_activity_sharing: Option<bool>,
    more: More,
}

open_enum! {
    /// What becomes of a message that cannot be sent as a marketing message.
    pub enum ProductPolicy {
        /// It is sent as any other.
        CloudApiFallback = "CLOUD_API_FALLBACK",
        /// It fails.
        Strict = "STRICT",
    }
}

impl SendMarketingMessage {
    /// From this number to this recipient.
    pub fn new(
        phone_number: impl Into<PhoneNumberId>,
        recipient: impl Into<Recipient>,
        template: TemplateMessage,
    ) -> Self {
        Self {
            phone_number: phone_number.into(),
            recipient: recipient.into(),
            template,
            product_policy: None,
            message_activity_sharing: None,
            more: More::default(),
        }
    }

    /// What becomes of it where it cannot be sent as a marketing message.
    pub fn product_policy(mut self, policy: ProductPolicy) -> Self {
        self.product_policy = Some(policy);
        self
    }

    /// Whether Meta learns what became of this message.
    pub const fn message_activity_sharing(mut self, sharing: bool) -> Self {
        self.message_activity_sharing = Some(sharing);
        self
    }

    /// Data of yours that come back with every status of it, at most 512 characters.
    pub fn callback_data(mut self, data: impl Into<String>) -> Self {
        self.more.biz_opaque_callback_data = Some(data.into());
        self
    }

    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut found = self.recipient.check();
        found.extend(self.template.check());
        self.more.check(&mut found);
        found
    }
}

#[derive(Serialize)]
struct MarketingBody<'m> {
    messaging_product: &'static str,
    #[serde(flatten)]
    recipient: &'m Recipient,
    #[serde(rename = "type")]
    kind: &'static str,
    template: &'m TemplateMessage,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_policy: Option<&'m ProductPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_activity_sharing: Option<bool>,
    #[serde(flatten)]
    more: &'m More,
}

impl Endpoint for SendMarketingMessage {
    type Output = SentMessages;

    const NAME: &'static str = "whatsapp.marketing_messages.send";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{phone_number_id}/marketing_messages";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[scope::WHATSAPP_BUSINESS_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        parts.path("phone_number_id", &self.phone_number).json(&MarketingBody {
            messaging_product: "whatsapp",
            recipient: &self.recipient,
            kind: "template",
            template: &self.template,
            product_policy: self.product_policy.as_ref(),
            message_activity_sharing: self.message_activity_sharing,
            more: &self.more,
        })?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.phone_number.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<SentMessages, DecodeError> {
        response.json()
    }
}

/// Marks a message of a person as read, and all before it: `POST /{phone_number_id}/messages`.
///
/// Needs `whatsapp_business_messaging`. Repeating it changes nothing. (WhatsApp Cloud API: Mark Messages as Read)
#[derive(Clone, Debug)]
pub struct MarkMessageRead {
    phone_number: PhoneNumberId,
    message: WhatsAppMessageId,
    typing: bool,
}

impl MarkMessageRead {
    /// Marks this message, as the webhook named it.
    pub fn new(phone_number: impl Into<PhoneNumberId>, message: WhatsAppMessageId) -> Self {
        Self { phone_number: phone_number.into(), message, typing: false }
    }

    /// Also shows that an answer is being written, until it is sent or for 25 seconds.
    pub const fn typing(mut self) -> Self {
        self.typing = true;
        self
    }
}

impl Endpoint for MarkMessageRead {
    type Output = ();

    const NAME: &'static str = "whatsapp.messages.mark_read";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{phone_number_id}/messages";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::WHATSAPP_BUSINESS_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let mut body = serde_json::json!({
            "messaging_product": "whatsapp", "status": "read", "message_id": self.message,
        });
        if let (true, Some(body)) = (self.typing, body.as_object_mut()) {
            body.insert("typing_indicator".to_owned(), serde_json::json!({"type": "text"}));
        }
        parts.path("phone_number_id", &self.phone_number).json(&body)?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.phone_number.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<(), DecodeError> {
        acknowledged::read(response)
    }
}

/// What Meta took.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SentMessages {
    /// Whom it is for. That somebody stands here does not say that the number is on WhatsApp.
    #[serde(default, deserialize_with = "lenient::list")]
    pub contacts: Vec<SentContact>,
    /// The messages: one. Kept as a list, as Meta has it.
    pub messages: Vec<SentMessage>,
}

/// Whom a message is for.
pub type SentContact = Person;

/// A message that Meta took.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SentMessage {
    /// Its id; the webhook's statuses carry it.
    pub id: WhatsAppMessageId,
    /// Whether it is on its way; told for templates.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message_status: Option<MessageStatus>,
    /// The group, if it went to one.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub group_id: Option<GroupId>,
}

impl SentMessages {
    /// The id of the message.
    pub fn id(&self) -> Option<&WhatsAppMessageId> {
        self.messages.first().map(|message| &message.id)
    }
}

open_enum! {
    /// Whether a message is on its way.
    pub enum MessageStatus {
        /// It is.
        Accepted = "accepted",
        /// It waits until Meta knows how people take the template; it may fail later.
        HeldForQualityAssessment = "held_for_quality_assessment",
        /// The template is paused.
        Paused = "paused",
    }
}

#[cfg(test)]
mod tests;
