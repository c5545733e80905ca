//! Messages.

use super::{Contact, MessageContent, Shared, WhatsAppEventError};
use crate::{
    DedupeKey, EventTime, Strength,
    dedupe::KeyParts,
    event::content::{Content, exact},
    fields::Fields,
};

/// Somebody wrote to a WhatsApp number, or the business wrote from another device, see [`is_echo`](Self::is_echo) (WhatsApp
/// Cloud API: Webhooks, `messages` and `smb_message_echoes`; permission `whatsapp_business_messaging`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct WhatsAppMessage {
    /// The message, `wamid.…`. The edit or withdrawal of a message has an id of its own.
    pub id: Option<String>,
    /// Whether the business itself wrote it, with the WhatsApp Business app or another device.
    pub is_echo: bool,
    /// The writer's phone number, digits only. Absent when the person hides it; the business's own in an echo.
    pub from: Option<String>,
    /// The business-scoped id of the writer.
    pub from_user_id: Option<String>,
    /// The id of the writer for all linked businesses.
    pub from_parent_user_id: Option<String>,
    /// For whom an echo is: phone number, digits only.
    pub to: Option<String>,
    /// For whom an echo is: business-scoped id.
    pub to_user_id: Option<String>,
    /// The group in which it was written.
    pub group_id: Option<String>,
    /// When it was written.
    pub timestamp: Option<EventTime>,
    /// What was written.
    pub content: MessageContent,
    /// What it answers, and whether it was forwarded.
    pub context: Option<Box<MessageContext>>,
    /// The ad or post by which the person came.
    pub referral: Option<Box<Referral>>,
    /// Why the content is missing.
    pub errors: Vec<WhatsAppEventError>,
    /// The person.
    pub contact: Option<Contact>,
    /// The id of the business's phone number.
    pub phone_number_id: Option<String>,
    /// The business's phone number as it is shown.
    pub display_phone_number: Option<String>,
}

impl WhatsAppMessage {
    pub(crate) fn read(value: &Fields<'_>, shared: &Shared, contact: Option<&Fields<'_>>) -> Self {
        let Shared { phone_number_id, display_phone_number } = shared.clone();
        Self {
            id: value.id("id"),
            is_echo: false,
            from: value.id("from"),
            from_user_id: value.id("from_user_id"),
            from_parent_user_id: value.id("from_parent_user_id"),
            to: value.id("to"),
            to_user_id: value.id("to_user_id"),
            group_id: value.id("group_id"),
            timestamp: value.time("timestamp"),
            content: MessageContent::read(value),
            context: value.object("context").map(|context| Box::new(MessageContext::read(&context))),
            referral: value.object("referral").map(|referral| Box::new(Referral::read(&referral))),
            errors: WhatsAppEventError::list(value, "errors"),
            contact: contact.map(Contact::read),
            phone_number_id,
            display_phone_number,
        }
    }

    pub(crate) fn read_echo(value: &Fields<'_>, shared: &Shared, contact: Option<&Fields<'_>>) -> Self {
        Self { is_echo: true, ..Self::read(value, shared, contact) }
    }
}

impl Content for WhatsAppMessage {
    fn name(&self) -> &'static str {
        if self.is_echo { "whatsapp_message_echo" } else { "whatsapp_message" }
    }

    fn occurred_at(&self) -> Option<EventTime> {
        self.timestamp
    }

    fn subject(&self) -> Option<&str> {
        let (number, id) =
            if self.is_echo { (&self.to, &self.to_user_id) } else { (&self.from, &self.from_user_id) };
        self.group_id.as_deref().or(number.as_deref()).or(id.as_deref())
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let kind = if self.is_echo { "wa_echo" } else { "wa_message" };
        Some(exact(parts.part(kind).part(self.id.as_ref()?)))
    }
}

/// What a message answers, and whether it was forwarded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageContext {
    /// Who wrote the message that is answered: phone number.
    pub from: Option<String>,
    /// Who wrote the message that is answered: business-scoped id.
    pub from_user_id: Option<String>,
    /// The message that is answered.
    pub id: Option<String>,
    /// Whether it was forwarded.
    pub forwarded: Option<bool>,
    /// Whether it was forwarded more than five times.
    pub frequently_forwarded: Option<bool>,
    /// The catalog of the product that the person asks about: `referred_product.catalog_id`.
    pub catalog_id: Option<String>,
    /// The product that the person asks about: `referred_product.product_retailer_id`.
    pub product_retailer_id: Option<String>,
}

impl MessageContext {
    fn read(value: &Fields<'_>) -> Self {
        let product = value.object("referred_product");
        let product = |name| product.as_ref().and_then(|product| product.id(name));
        Self {
            from: value.id("from"),
            from_user_id: value.id("from_user_id").or_else(|| value.id("user_id")),
            id: value.id("id"),
            forwarded: value.flag("forwarded"),
            frequently_forwarded: value.flag("frequently_forwarded"),
            catalog_id: product("catalog_id"),
            product_retailer_id: product("product_retailer_id"),
        }
    }
}

/// The ad or post by which a person came to the conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Referral {
    /// Link to the ad or post.
    pub source_url: Option<String>,
    /// The ad or post.
    pub source_id: Option<String>,
    /// `ad` or `post`.
    pub source_type: Option<String>,
    /// The headline.
    pub headline: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// `image` or `video`.
    pub media_type: Option<String>,
    /// Link to the image.
    pub image_url: Option<String>,
    /// Link to the video.
    pub video_url: Option<String>,
    /// Link to the thumbnail of the video.
    pub thumbnail_url: Option<String>,
    /// The click on the ad; send it with the conversions that come of it (Conversions API: `ctwa_clid`).
    pub ctwa_clid: Option<String>,
    /// The greeting that the ad showed: `welcome_message.text`.
    pub welcome_message: Option<String>,
}

impl Referral {
    fn read(value: &Fields<'_>) -> Self {
        let welcome = value.object("welcome_message").and_then(|welcome| welcome.text("text"));
        Self {
            source_url: value.text("source_url"),
            source_id: value.id("source_id"),
            source_type: value.id("source_type"),
            headline: value.text("headline"),
            body: value.text("body"),
            media_type: value.id("media_type"),
            image_url: value.text("image_url"),
            video_url: value.text("video_url"),
            thumbnail_url: value.text("thumbnail_url"),
            ctwa_clid: value.id("ctwa_clid"),
            welcome_message: welcome.or_else(|| value.text("welcome_message")),
        }
    }
}
