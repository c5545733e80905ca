//! Messenger and Instagram Direct: sending, reading, thread control.
//!
//! What is sent is one [`OutgoingMessage`], for all three roads: Messenger ([`SendMessage`]), Instagram through its Page
//! and Instagram through Instagram Login ([`SendInstagramMessage`], with a client of [`GraphHost::Instagram`](crate::GraphHost::Instagram)
//! for the latter). What a platform does not take is found before sending.
//!
//! **Windows.** A business may answer within 24 hours of the person's last message; a human within 7 days
//! ([`Purpose::HumanAgent`]). Outside of that there are utility templates and messages to people who opted in. The
//! other message tags ended on 2026-04-27, so there is no way to write one.
//!
//! **Rates** (Messenger Platform: Rate Limits). Meta counts twice: all calls of an app for a Page, 200 times the number
//! of engaged people in 24 hours, which the client paces by the usage headers; and calls per second of a Page or account,
//! which no header shows: 300 for text, links, reactions and stickers (plan with 100 on Instagram), 10 for sound and
//! video, 2 for reading conversations, 750 private replies an hour to posts and reels and 100 a second to live videos.
//! Calls by the id of a conversation, a message, a person, a label or a persona do not say which Page they count against;
//! the client paces those by the app's limit only.
//!
//! Reading history is shallow by design: only the 20 newest messages of a conversation can be read. Keep what webhooks
//! bring.

mod attachment;
mod attachments;
mod button;
mod conversation_message;
mod conversations;
mod generic_template;
mod labels;
mod message;
mod messenger_profile;
mod moderation;
mod outgoing;
mod people;
mod personas;
mod profile_parts;
mod receipt;
mod recipient;
mod rich_templates;
mod rules_applied;
mod send;
mod sender_action;
mod template;
mod thread_control;
mod utility_components;
mod utility_message;
mod utility_templates;
mod welcome_flows;

pub use attachment::{Attachment, AttachmentFile, AttachmentKind};
pub use attachments::{UploadAttachment, UploadedAttachment};
pub use button::{Button, ButtonKind, WebviewHeight};
pub use conversation_message::{
    ConversationMessage, GetInstagramMessage, GetMessage, ListInstagramMessages, ListMessages,
    MessageAttachment, MessageMedia, MessageReaction, MessageShare,
};
pub use conversations::{
    Conversation, GetConversation, GetInstagramConversation, ListConversations, ListInstagramConversations,
    Participant,
};
pub use generic_template::{ButtonTemplate, Element, GenericTemplate, ImageRatio};
pub use labels::{
    AssignLabel, CreateLabel, CreatedLabel, DeleteLabel, GetLabel, Label, ListLabels, ListPersonLabels,
    UnassignLabel,
};
pub use message::{Message, QuickReply, QuickReplyKind};
pub use messenger_profile::{
    DeleteMessengerProfile, GetMessengerProfile, MessengerProfile, SetMessengerProfile,
};
pub use moderation::{ModerateConversations, ModerationAction, People};
pub use outgoing::{NotificationType, OutgoingMessage, Purpose};
pub use people::{GetInstagramPerson, GetPerson, InstagramPerson, Person};
pub use personas::{CreatePersona, CreatedPersona, DeletePersona, GetPersona, ListPersonas, Persona};
pub use profile_parts::{
    Command, Commands, GetStarted, Greeting, IceBreaker, IceBreakers, PersistentMenu, ProfileField,
};
pub use receipt::{Adjustment, PostalAddress, ReceiptItem, ReceiptTemplate};
pub use recipient::{OptInToken, PersonRef, Recipient};
pub use rich_templates::{CouponTemplate, MediaTemplate, OptInRequest, ProductTemplate};
pub use send::{SendInstagramMessage, SendMessage, SentMessage};
pub use sender_action::{SendAction, SendInstagramAction, SenderAction, SentAction};
pub use template::Template;
pub use thread_control::{
    ExtendThreadControl, GetThreadOwner, PAGE_INBOX_APP, PassThreadControl, ReleaseThreadControl,
    RequestThreadControl, TakeThreadControl, ThreadOwner,
};
pub use utility_components::{LibraryBodyInput, LibraryButtonInput, TemplateButton, UtilityComponent};
pub use utility_message::{UtilityMessage, UtilityParameter};
pub use utility_templates::{
    CreateUtilityTemplate, CreatedUtilityTemplate, DeleteUtilityTemplate, LibraryTemplate,
    ListLibraryTemplates, ListUtilityTemplates, ParameterFormat, UtilityTemplate, UtilityTemplateStatus,
};
pub use welcome_flows::{ListWelcomeFlows, WelcomeFlow};

use sociogram_api_core::open_enum;

open_enum! {
    /// Where a conversation takes place.
    pub enum Platform {
        /// Messenger.
        Messenger = "messenger",
        /// Instagram Direct.
        Instagram = "instagram",
    }
}

#[cfg(test)]
mod tests;
