//! A message with everything around it.

use serde_json::{Map, Value, json};
use sociogram_api_core::http::{Multipart, Part, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp, open_enum};

use super::Platform;
use super::message::Message;
use super::recipient::{OptInToken, Recipient};
use super::rules_applied::Checks;
use super::utility_message::UtilityMessage;
use crate::guard::{self, ReplyWindow};
use crate::id::{MessageId, ObjectId, ScopedUserId};

/// Why a message may be sent (Messenger Platform: Send API). The message tags that ended on 2026-04-27
/// (`CONFIRMED_EVENT_UPDATE`, `POST_PURCHASE_UPDATE`, `ACCOUNT_UPDATE`) cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// It answers the person, within 24 hours of their last message.
    Response,
    /// It is sent on one's own account, within the same 24 hours.
    Update,
    /// **A human** answers, within 7 days (`HUMAN_AGENT`). The app must be approved for it; apps that let a bot use it
    /// lose it.
    HumanAgent,
    /// It is made from an approved template, at any time.
    Utility,
    /// The person opted in to it.
    OptIn,
}

impl Purpose {
    /// What stands for it on the wire: the type of message and its tag.
    const fn wire(self) -> (Option<&'static str>, Option<&'static str>) {
        match self {
            Self::Response => (Some("RESPONSE"), None),
            Self::Update => (Some("UPDATE"), None),
            Self::HumanAgent => (Some("MESSAGE_TAG"), Some("HUMAN_AGENT")),
            Self::Utility => (Some("UTILITY"), None),
            Self::OptIn => (None, None),
        }
    }
}

open_enum! {
    /// How loudly a message arrives.
    pub enum NotificationType {
        /// With sound and vibration, as usual.
        Regular = "REGULAR",
        /// On the screen only.
        Silent = "SILENT_PUSH",
        /// Not at all.
        None = "NO_PUSH",
    }
}

/// A message to one recipient, for Messenger and Instagram alike.
///
/// ```
/// use sociogram_meta_graph::ScopedUserId;
/// use sociogram_meta_graph::messaging::{Message, OutgoingMessage, QuickReply};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let person = ScopedUserId::new("24107563")?;
/// let message = Message::text("Shall we call you?").quick_replies([QuickReply::text("Yes", "call_me")]);
/// let message = OutgoingMessage::response(person, message);
/// # let _ = message;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct OutgoingMessage {
    recipient: Recipient,
    message: Message,
    purpose: Purpose,
    reply_to: Option<MessageId>,
    persona: Option<ObjectId>,
    notification: Option<NotificationType>,
    partnership: bool,
}

impl OutgoingMessage {
    fn of(purpose: Purpose, recipient: impl Into<Recipient>, message: Message) -> Self {
        Self {
            recipient: recipient.into(),
            message,
            purpose,
            reply_to: None,
            persona: None,
            notification: None,
            partnership: false,
        }
    }

    /// Answers the person; also a private reply to a comment or post.
    pub fn response(recipient: impl Into<Recipient>, message: Message) -> Self {
        Self::of(Purpose::Response, recipient, message)
    }

    /// Says something new within the window of 24 hours.
    pub fn update(recipient: impl Into<Recipient>, message: Message) -> Self {
        Self::of(Purpose::Update, recipient, message)
    }

    /// An answer that **a human wrote**, within 7 days.
    pub fn human_agent(person: ScopedUserId, message: Message) -> Self {
        Self::of(Purpose::HumanAgent, person, message)
    }

    /// A utility message, at any time. Messenger only.
    pub fn utility(recipient: impl Into<Recipient>, message: UtilityMessage) -> Self {
        Self::of(Purpose::Utility, recipient, Message::utility(message))
    }

    /// A marketing message to a person who opted in. Messenger only; needs `marketing_messages_messenger`.
    pub fn marketing(token: OptInToken, message: Message) -> Self {
        Self::of(Purpose::OptIn, token, message)
    }

    /// Answers one message of the conversation.
    pub fn reply_to(mut self, message: MessageId) -> Self {
        self.reply_to = Some(message);
        self
    }

    /// Sends it as this persona. Messenger only.
    pub fn persona(mut self, persona: ObjectId) -> Self {
        self.persona = Some(persona);
        self
    }

    /// How loudly it arrives. Messenger only.
    pub fn notification(mut self, notification: NotificationType) -> Self {
        self.notification = Some(notification);
        self
    }

    /// Sends it into the folder of partnership messages (`folder=PARTNERSHIP`).
    pub fn partnership(mut self) -> Self {
        self.partnership = true;
        self
    }

    /// Why it may be sent.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Whether its window is open, from when the person wrote last. Private replies have a window of their own
    /// ([`guard::private_reply`](crate::guard::private_reply)), utility messages and those to an opt-in none. Sending
    /// cannot check this: ask before.
    pub fn check_window(&self, last_inbound: Option<Timestamp>, now: Timestamp) -> Vec<Finding> {
        let window = match self.purpose {
            Purpose::Utility | Purpose::OptIn => return Vec::new(),
            _ if self.recipient.is_private_reply() => return Vec::new(),
            Purpose::HumanAgent => ReplyWindow::HumanAgent,
            Purpose::Response | Purpose::Update => ReplyWindow::Messenger,
        };
        guard::messaging_window(last_inbound, now, window)
    }

    /// What is wrong with it on this platform, as far as that can be told without asking Meta. Sending checks the same.
    pub fn check(&self, platform: &Platform) -> Vec<Finding> {
        let mut checks = Checks::new(platform.clone());
        self.recipient.check(&mut checks);
        self.message.check(&mut checks);
        let only = &Platform::Messenger;
        if self.persona.is_some() {
            checks.only_on(only, "persona_id", "Instagram has no personas");
        }
        if self.notification.is_some() {
            checks.only_on(only, "notification_type", "Instagram has no kinds of notification");
        }
        checks.done()
    }

    /// Whether Meta takes a while before it answers.
    pub(super) fn takes_long(&self) -> bool {
        self.message.takes_long()
    }

    pub(super) fn write(&self, platform: &Platform, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check(platform)) {
            return Err(invalid);
        }
        let fields = self.fields(platform).map_err(|_| {
            Finding::error("request.body.json", "message", "the message cannot be written as JSON")
        })?;
        let Some(file) = self.message.file() else { return parts.json(&fields).map(|_| ()) };
        let mut multipart = Multipart::new();
        for (name, value) in fields {
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            multipart = multipart.part(Part::text(name, text));
        }
        parts.multipart(multipart.part(file.part())).map(|_| ())
    }

    fn fields(&self, platform: &Platform) -> Result<Map<String, Value>, serde_json::Error> {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("recipient", self.recipient.to_json());
        put("message", self.message.to_json()?);
        let (kind, tag) = self.purpose.wire();
        // Instagram has no type for an answer.
        let said = *platform == Platform::Messenger || self.purpose != Purpose::Response;
        if let Some(kind) = kind.filter(|_| said) {
            put("messaging_type", json!(kind));
        }
        if let Some(tag) = tag {
            put("tag", json!(tag));
        }
        if let Some(message) = &self.reply_to {
            put("reply_to", json!({ "mid": message }));
        }
        if let Some(persona) = &self.persona {
            put("persona_id", json!(persona));
        }
        if let Some(notification) = &self.notification {
            put("notification_type", json!(notification));
        }
        if self.partnership {
            put("folder", json!("PARTNERSHIP"));
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests;
