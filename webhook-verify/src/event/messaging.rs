//! Conversations of Messenger and Instagram (Messenger Platform: Webhook events; Instagram Platform: Webhooks).
//!
//! An event is one item of the list `messaging`, or of `standby` when another app has the conversation, of a Page or
//! an Instagram account. Some products of Instagram, and the test button of the dashboard, send the same item as a
//! change (fields `messages`, `messaging_postbacks`, …); it is typed the same.
//!
//! Permissions: `pages_messaging` and `pages_manage_metadata` for a Page; `instagram_manage_messages`, or
//! `instagram_business_manage_messages` with Instagram Login.
//!
//! ```
//! use bytes::Bytes;
//! use sociogram_webhook_verify::messaging::{MessageOrigin, MessagingBody};
//! use sociogram_webhook_verify::{EventKind, MetaVerifier, Secret, parse_meta, testing};
//!
//! let secret = Secret::new("test_app_secret")?;
//! let body = Bytes::from_static(
//!     br#"{"object":"page","entry":[{"id":"10","time":1712000001000,"messaging":[
//!     {"sender":{"id":"77"},"recipient":{"id":"10"},"timestamp":1712000000123,
//!     "message":{"mid":"m_1","text":"Do you deliver?"}}]}]}"#,
//! );
//! let verifier = MetaVerifier::builder().secret("main", secret.clone()).build()?;
//! let verified = verifier.verify([testing::sign_meta(&secret, &body)], body)?;
//! for event in parse_meta(&verified)? {
//!     let EventKind::Messaging(item) = event.kind() else { continue };
//!     if item.standby {
//!         continue; // another app answers
//!     }
//!     match &item.body {
//!         MessagingBody::Message(message) if message.origin("my app id") == MessageOrigin::Person => {
//!             assert_eq!((item.person(), message.text.as_deref()), (Some("77"), Some("Do you deliver?")));
//!         }
//!         _ => {}
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::content::{Content, exact};
use crate::{DedupeKey, EventTime, Strength, dedupe::KeyParts, fields::Fields};

mod action;
mod attachment;
mod control;
mod key;
mod message;
mod receipt;
mod referral;

pub use action::{
    AccountLinking, LinkingStatus, NotificationStatus, Optin, OptinType, Postback, UserTokenStatus,
};
pub use attachment::{Attachment, AttachmentType, Coordinates};
pub use control::{AppRole, AppRoles, PolicyAction, PolicyEnforcement, ThreadControl};
pub use message::{Message, MessageEdit, MessageOrigin, ReplyTo};
pub use receipt::{MessageDelivery, MessageReaction, MessageRead, Reaction, ReactionAction};
pub use referral::{AdsContext, Referral, ReferralSource};

const MESSAGING: &str = "messaging";
const STANDBY: &str = "standby";

/// The list an item was in, if the field names an item of one: `messaging` or `standby`.
pub(crate) fn list_of(field: &str) -> Option<&'static str> {
    match field.split('.').next() {
        Some(MESSAGING) => Some(MESSAGING),
        Some(STANDBY) => Some(STANDBY),
        _ => None,
    }
}

/// Whether a change of this name may be an item of a conversation, on a Page that has many other fields.
pub(crate) fn is_field(field: &str) -> bool {
    field == STANDBY || field.starts_with("messag")
}

/// Whether the value of a change is what the lists hold elsewhere.
pub(crate) fn is_item(value: &Fields<'_>) -> bool {
    value.object("recipient").is_some()
        && (value.object("sender").is_some() || value.raw("timestamp").is_some())
}

/// Declares the bodies: content, name of the member, label, and how it is read. The order is that of importance: the
/// first one that an item has is its body.
macro_rules! bodies {
    ($($(#[$doc:meta])* $variant:ident($content:ty) = $member:literal, $label:literal, $read:expr;)+) => {
        /// What an item of a conversation is.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum MessagingBody {
            $($(#[$doc])* $variant($content),)+
        }

        /// The members that name what an item is.
        pub(crate) const MEMBERS: &[&str] = &[$($member),+];

        impl MessagingBody {
            /// The member of the item, as the platform calls it: `message`, `policy-enforcement` and so on.
            pub fn member(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $member,)+
                }
            }

            /// The label of a Page's item, and that of an Instagram account's.
            fn labels(&self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$variant(_) => labels!($label),)+
                }
            }

            /// All that the item has.
            fn all(item: &Fields<'_>) -> Vec<Self> {
                let mut all = Vec::with_capacity(1);
                $(all.extend($read(item, $member).map(Self::$variant));)+
                all
            }
        }
    };
}

macro_rules! labels {
    ($label:literal) => {
        (concat!("messenger_", $label), concat!("instagram_", $label))
    };
}

bodies! {
    /// Somebody wrote, or unsent what was written; or, as an echo, the business did.
    Message(Box<Message>) = "message", "message", object(|value| Box::new(Message::read(value)));
    /// A message was edited.
    Edit(MessageEdit) = "message_edit", "message_edit", object(MessageEdit::read);
    /// Messages of the business arrived (Messenger only).
    Delivery(MessageDelivery) = "delivery", "message_delivery", object(MessageDelivery::read);
    /// Messages of the business were read.
    Read(MessageRead) = "read", "message_read", object(MessageRead::read);
    /// A person reacted to a message, or took that back.
    Reaction(Reaction) = "reaction", "message_reaction", object(Reaction::read);
    /// A person pressed a button, an icebreaker or an entry of the menu.
    Postback(Box<Postback>) = "postback", "postback", object(|value| Box::new(Postback::read(value)));
    /// A person agreed to be written to.
    Optin(Box<Optin>) = "optin", "optin", object(|value| Box::new(Optin::read(value)));
    /// A person linked an account at the business, or unlinked it.
    AccountLinking(AccountLinking) = "account_linking", "account_linking", object(AccountLinking::read);
    /// Another app handed the conversation to yours.
    PassThreadControl(ThreadControl) = "pass_thread_control", "pass_thread_control", object(ThreadControl::read);
    /// Another app took the conversation from yours.
    TakeThreadControl(ThreadControl) = "take_thread_control", "take_thread_control", object(ThreadControl::read);
    /// Another app asks your app for the conversation.
    RequestThreadControl(ThreadControl) = "request_thread_control", "request_thread_control",
        object(ThreadControl::read);
    /// The roles of your app for the Page changed.
    AppRoles(AppRoles) = "app_roles", "app_roles", object(AppRoles::read);
    /// The Page broke a policy, or is free again.
    PolicyEnforcement(PolicyEnforcement) = "policy-enforcement", "policy_enforcement",
        object(PolicyEnforcement::read);
    /// Something about a checkout; a retired feature. The JSON of the member as it was sent.
    CheckoutUpdate(Box<str>) = "checkout_update", "checkout_update", Fields::json;
    /// A purchase by the buy button; a retired feature. The JSON of the member as it was sent.
    Payment(Box<str>) = "payment", "payment", Fields::json;
    /// A person played a round of an instant game; a retired feature. The JSON of the member as it was sent.
    GamePlay(Box<str>) = "game_play", "game_play", Fields::json;
    /// A person came by a link or an ad to a conversation that exists.
    Referral(Box<Referral>) = "referral", "referral", object(|value| Box::new(Referral::read(value)));
    /// What a person answers to who was written to by `user_ref` or by telephone number. The JSON of the member as it
    /// was sent.
    PriorMessage(Box<str>) = "prior_message", "prior_message", Fields::json;
}

/// Reads a member that is an object.
fn object<T>(read: impl Fn(&Fields<'_>) -> T) -> impl Fn(&Fields<'_>, &str) -> Option<T> {
    move |item, member| item.object(member).map(|value| read(&value))
}

/// Where a conversation is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessagingPlatform {
    /// Messenger: the account is a Page, people have page-scoped ids.
    Messenger,
    /// Instagram: the account is a professional account, people have Instagram-scoped ids.
    Instagram,
}

/// One item of a conversation.
///
/// Every field but [`platform`](Self::platform), [`standby`](Self::standby) and [`body`](Self::body) may be absent. A
/// member of another type than expected counts as absent.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MessagingEvent {
    /// Where it was.
    pub platform: MessagingPlatform,
    /// Whether another app has the conversation (list `standby`): know of it, but do not answer.
    pub standby: bool,
    /// Who caused it: the person, or the business in what it wrote itself. See [`person`](Self::person).
    pub sender_id: Option<String>,
    /// What stands for a person who has no id yet: your own reference, which you gave the checkbox plugin.
    pub user_ref: Option<String>,
    /// To whom it went: the business, or the person in what the business wrote.
    pub recipient_id: Option<String>,
    /// When it happened.
    pub timestamp: Option<EventTime>,
    /// Whether the business writes to itself (Instagram's self messaging).
    pub is_self: Option<bool>,
    /// What it is.
    pub body: MessagingBody,
    /// What else the item has, such as the referral that brought a person who wrote. Seldom anything.
    pub beside: Vec<MessagingBody>,
}

impl MessagingEvent {
    /// `None` when no member of the item has a type.
    pub(crate) fn read(object: &str, list: &str, _field: &str, item: &Fields<'_>) -> Option<Self> {
        let platform = match object {
            "page" => MessagingPlatform::Messenger,
            "instagram" => MessagingPlatform::Instagram,
            _ => return None,
        };
        let mut all = MessagingBody::all(item).into_iter();
        let body = all.next()?;
        let beside: Vec<_> = all.collect();
        let sender = item.object("sender");
        let recipient = item.object("recipient");
        let party = |party: &Option<Fields<'_>>, name| party.as_ref().and_then(|party| party.id(name));
        let opted = [&body].into_iter().chain(&beside).find_map(|body| match body {
            MessagingBody::Optin(optin) => optin.user_ref.clone(),
            _ => None,
        });
        let in_message = match &body {
            MessagingBody::Message(message) => message.is_self,
            _ => None,
        };
        Some(Self {
            platform,
            standby: list == STANDBY,
            sender_id: party(&sender, "id"),
            user_ref: party(&sender, "user_ref").or(opted).or_else(|| party(&recipient, "user_ref")),
            recipient_id: party(&recipient, "id"),
            timestamp: item.time("timestamp"),
            is_self: item.flag("is_self").or(in_message),
            body,
            beside,
        })
    }

    /// The id of the other party, who is not the business: the sender, or in what the business wrote the recipient.
    /// The `user_ref` of a person who has no id yet; absent in what concerns no person. All events of one conversation
    /// have the same.
    pub fn person(&self) -> Option<&str> {
        let id = if self.is_from_business() { &self.recipient_id } else { &self.sender_id };
        id.as_deref().or(self.user_ref.as_deref())
    }

    /// The id of the Page or Instagram account: the recipient, or in what the business wrote the sender.
    pub fn business(&self) -> Option<&str> {
        if self.is_from_business() { self.sender_id.as_deref() } else { self.recipient_id.as_deref() }
    }

    /// Whether the business itself did it: an echo of its message, or self messaging. The platform reports nothing else
    /// that a business does in a conversation.
    pub fn is_from_business(&self) -> bool {
        let is_echo = self.message().is_some_and(|message| message.is_echo == Some(true));
        is_echo || self.is_self == Some(true)
    }

    /// The message, if the item is one.
    pub fn message(&self) -> Option<&Message> {
        match &self.body {
            MessagingBody::Message(message) => Some(message),
            _ => None,
        }
    }

    /// What brought the person here, wherever the item tells it: beside a message, in the message or postback, or as
    /// the item itself.
    pub fn referral(&self) -> Option<&Referral> {
        self.bodies().find_map(|body| match body {
            MessagingBody::Referral(referral) => Some(&**referral),
            MessagingBody::Message(message) => message.referral.as_ref(),
            MessagingBody::Postback(postback) => postback.referral.as_ref(),
            _ => None,
        })
    }

    /// The body, and what is beside it.
    pub fn bodies(&self) -> impl Iterator<Item = &MessagingBody> {
        [&self.body].into_iter().chain(&self.beside)
    }
}

impl Content for MessagingEvent {
    fn name(&self) -> &'static str {
        let (messenger, instagram) = match &self.body {
            MessagingBody::Message(message) if message.is_deleted == Some(true) => labels!("message_deleted"),
            MessagingBody::Message(message) if message.is_echo == Some(true) => labels!("message_echo"),
            other => other.labels(),
        };
        match self.platform {
            MessagingPlatform::Messenger => messenger,
            MessagingPlatform::Instagram => instagram,
        }
    }

    fn occurred_at(&self) -> Option<EventTime> {
        self.timestamp
    }

    fn subject(&self) -> Option<&str> {
        self.person()
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        key::identity(self, parts).map(exact)
    }
}

#[cfg(test)]
mod tests;
