//! WhatsApp: sending messages, media, templates, and managing numbers and accounts (WhatsApp Business Platform:
//! Cloud API).
//!
//! Everything goes to graph.facebook.com with a system user's token. Sending, media and profiles need
//! `whatsapp_business_messaging`; accounts, numbers, templates and analytics need `whatsapp_business_management`;
//! registering a number needs both.
//!
//! That a message was accepted says nothing about its delivery: a number that is not on WhatsApp and a link
//! that cannot be fetched show only in the webhook's statuses.

pub mod accounts;
pub mod analytics;
pub mod automation;
pub mod block_list;
pub mod business_profile;
pub mod calls;
pub mod compliance;
mod contact_card;
pub mod flows;
pub mod groups;
mod ids;
mod interactive;
mod measure;
pub mod media;
mod media_source;
mod message;
mod person;
pub mod phone_numbers;
pub mod qr_codes;
mod recipient;
pub mod registration;
mod send;
pub mod settings;
mod template_message;
pub mod templates;
pub mod usernames;
mod window;

pub use contact_card::{
    ContactAddress, ContactCard, ContactEmail, ContactName, ContactOrg, ContactPhone, ContactUrl,
};
pub use ids::{BusinessScopedUserId, FlowId, GroupId, WhatsAppMessageId};
pub use interactive::{
    AddressRequest, Amount, CardAction, CardHeader, CarouselCard, FlowAction, FlowMode, FlowStart,
    FlowTarget, Interactive, InteractiveAction, InteractiveHeader, List, ListRow, ListSection, Order,
    OrderDetails, OrderItem, OrderStatus, OrderUpdate, ProductSection, ReplyButton, SavedAddress, VoiceCall,
};
pub use media_source::MediaSource;
pub use message::{Audio, Document, Location, Media, Message, Pin, Reaction, Sticker, Text};
pub use person::Person;
pub use recipient::{Recipient, RecipientType};
pub use send::{
    MarkMessageRead, MessageStatus, ProductPolicy, SendMarketingMessage, SendMessage, SentContact,
    SentMessage, SentMessages,
};
pub use template_message::{
    ParameterValue, TemplateButton, TemplateCard, TemplateHeader, TemplateMessage, TextParameter,
};
pub use window::{PAIR_BURST, PAIR_INTERVAL, WINDOW, check_window, window_end};
