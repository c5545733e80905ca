//! What an event says, typed where its shape is known.

use serde_json::value::RawValue;

use super::{
    content::Content,
    feed::FeedChange,
    instagram::{InstagramComment, InstagramMention, InstagramStoryInsights},
    lead::LeadAction,
    leadgen::LeadgenChange,
    messaging::MessagingEvent,
    page::{LiveVideoChange, PageMention, RatingChange},
    social::SocialAction,
    threads::ThreadsEvent,
    user::{PermissionChange, UserChange},
    whatsapp::{
        AccountReview, AccountUpdate, BusinessCapability, PhoneNumberName, PhoneNumberQuality, Preference,
        SecurityEvent, TemplateCategory, TemplateQuality, TemplateStatus, UserIdChange, WhatsAppCall,
        WhatsAppError, WhatsAppMessage, WhatsAppStatus,
    },
};
use crate::{DedupeKey, EventTime, Provider, Strength, dedupe::KeyParts};

mod read;

pub(crate) use read::{NO_ITEM, read_whatsapp, whatsapp_lists};

/// LinkedIn's type of likes, comments and shares on an organization's posts.
pub(crate) const SOCIAL: &str = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS";
/// LinkedIn's type of created and deleted leads.
pub(crate) const LEAD: &str = "LEAD_ACTION";
/// Stands for a field when a whole entry is kept as one event.
pub(crate) const ENTRY: &str = "entry";
/// Stands for a field when the whole body is kept as one event.
pub(crate) const BODY: &str = "body";
/// Stands for the object in the envelope of Threads, which names none.
pub(crate) const THREADS: &str = "threads";
/// WhatsApp's object.
pub(crate) const WHATSAPP: &str = "whatsapp_business_account";

/// Declares the kinds, each with the type of its content.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident($content:ty),)+) => {
        /// What an event says.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum EventKind {
            $($(#[$doc])* $variant(Box<$content>),)+
            /// A field changed, and only its name was sent ("Include Values" is off, or the field is part of a Page's
            /// profile): fetch the object to see the value.
            Changed {
                /// The same as [`Event::field`](crate::Event::field).
                field: Box<str>,
            },
            /// This version has no type for the event. Read [`Event::raw`](crate::Event::raw).
            Unknown {
                /// The same as [`Event::field`](crate::Event::field).
                field: Box<str>,
            },
            /// The event has a shape that its field must not have. Read [`Event::raw`](crate::Event::raw).
            Unreadable {
                /// What is wrong with it; holds nothing of the content.
                reason: &'static str,
            },
        }

        $(impl From<$content> for EventKind {
            fn from(content: $content) -> Self {
                Self::$variant(Box::new(content))
            }
        })+

        impl EventKind {
            fn content(&self) -> Option<&dyn Content> {
                match self {
                    $(Self::$variant(content) => Some(&**content),)+
                    Self::Changed { .. } | Self::Unknown { .. } | Self::Unreadable { .. } => None,
                }
            }
        }
    };
}

kinds! {
    /// Something was posted, commented, liked, changed or removed on a Page (`page`, field `feed`).
    PageFeed(FeedChange),
    /// Someone filled in an instant form of a Page (`page`, field `leadgen`).
    PageLeadgen(LeadgenChange),
    /// A Page was mentioned in a post or comment (`page`, field `mention`).
    PageMention(PageMention),
    /// A Page was recommended, or something happened to a recommendation (`page`, field `ratings`).
    PageRating(RatingChange),
    /// The state of a live video changed (`page`, field `live_videos`).
    PageLiveVideo(LiveVideoChange),
    /// A message, reaction, receipt, postback or handover in a conversation of Messenger or Instagram (`page` and
    /// `instagram`, lists `messaging` and `standby`).
    Messaging(MessagingEvent),
    /// Someone commented on a media of an Instagram account (`instagram`, fields `comments`, `live_comments`).
    InstagramComment(InstagramComment),
    /// An Instagram account was mentioned in a caption or comment (`instagram`, field `mentions`).
    InstagramMention(InstagramMention),
    /// The figures of an Instagram story that has ended (`instagram`, field `story_insights`).
    InstagramStoryInsights(InstagramStoryInsights),
    /// Somebody wrote to a WhatsApp number, or the business wrote from another device.
    WhatsAppMessage(WhatsAppMessage),
    /// What became of a message sent by WhatsApp.
    WhatsAppStatus(WhatsAppStatus),
    /// An error of the WhatsApp system, app or account that belongs to no message.
    WhatsAppError(WhatsAppError),
    /// A call by WhatsApp began or ended.
    WhatsAppCall(WhatsAppCall),
    /// A person stopped or resumed marketing messages.
    WhatsAppPreference(Preference),
    /// The business-scoped id of a person changed.
    WhatsAppUserId(UserIdChange),
    /// A message template was approved, rejected, paused and so on.
    WhatsAppTemplateStatus(TemplateStatus),
    /// The quality of a message template changed.
    WhatsAppTemplateQuality(TemplateQuality),
    /// The category of a message template changed.
    WhatsAppTemplateCategory(TemplateCategory),
    /// Something happened to a WhatsApp Business account.
    WhatsAppAccountUpdate(AccountUpdate),
    /// A WhatsApp Business account was reviewed.
    WhatsAppAccountReview(AccountReview),
    /// The limits of a business changed.
    WhatsAppCapability(BusinessCapability),
    /// The quality or the limit of a phone number changed.
    WhatsAppPhoneNumberQuality(PhoneNumberQuality),
    /// The name of a phone number was reviewed.
    WhatsAppPhoneNumberName(PhoneNumberName),
    /// The two-step verification of a phone number was changed.
    WhatsAppSecurity(SecurityEvent),
    /// A reply, mention, post or removal on Threads.
    Threads(ThreadsEvent),
    /// A person changed something of their profile (`user`).
    UserChange(UserChange),
    /// A person granted or revoked a permission (`permissions`).
    Permission(PermissionChange),
    /// Someone acted on a post of a LinkedIn organization.
    LinkedInSocialAction(SocialAction),
    /// A LinkedIn lead was created or deleted.
    LinkedInLeadAction(LeadAction),
}

impl EventKind {
    /// A short stable name, for a metric label.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "changed",
            Self::Unknown { .. } => "unknown",
            Self::Unreadable { .. } => "unreadable",
            typed => typed.content().map_or("unknown", Content::name),
        }
    }

    /// Types one event, and tells when it happened.
    pub(crate) fn read(
        provider: Provider,
        object: &str,
        field: &str,
        raw: &RawValue,
    ) -> (Self, Option<EventTime>) {
        let kind = match provider {
            Provider::Meta => read::meta(object, field, raw),
            Provider::LinkedIn => read::linkedin(field, raw),
        };
        kind.unwrap_or_else(|reason| Self::Unreadable { reason }).with_time(field, raw)
    }

    /// When it happened, by its content or, where it has no type, by the one member that all of its list have.
    fn with_time(self, field: &str, raw: &RawValue) -> (Self, Option<EventTime>) {
        let occurred_at = match self.content() {
            Some(content) => content.occurred_at(),
            None => read::time_of_message(field, raw),
        };
        (self, occurred_at)
    }

    /// The same of a kind that is read already.
    pub(crate) fn occurred_at(&self) -> Option<EventTime> {
        self.content().and_then(Content::occurred_at)
    }

    pub(crate) fn subject(&self) -> Option<&str> {
        self.content().and_then(Content::subject)
    }

    /// The key of an event that has identifiers of its own.
    pub(crate) fn key(&self, parts: KeyParts, sent_at: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        self.content().and_then(|content| content.key(parts, sent_at))
    }

    fn unknown(field: &str) -> Self {
        Self::Unknown { field: field.into() }
    }

    fn changed(field: &str) -> Self {
        Self::Changed { field: field.into() }
    }
}
