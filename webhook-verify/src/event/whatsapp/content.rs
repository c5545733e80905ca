//! What a message says.

use super::{ButtonReply, ContactCard, InteractiveReply};
use crate::{EventTime, fields::Fields, open_enum::open_enum};

/// What a message says, by its `type`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum MessageContent {
    /// Text.
    Text(TextMessage),
    /// An image.
    Image(Media),
    /// A video.
    Video(Media),
    /// A sound or voice message.
    Audio(Media),
    /// A file.
    Document(Media),
    /// A sticker.
    Sticker(Media),
    /// A place.
    Location(Location),
    /// Cards of the address book.
    Contacts(Vec<ContactCard>),
    /// A reaction to a message, or its removal.
    Reaction(Reaction),
    /// An answer to an interactive message.
    Interactive(InteractiveReply),
    /// A press on a button of a template.
    Button(ButtonReply),
    /// An order from a catalog.
    Order(Order),
    /// The person changed something.
    System(SystemEvent),
    /// The person opened the conversation for the first time, and wrote nothing yet.
    RequestWelcome,
    /// An earlier message was edited.
    Edit(Edit),
    /// An earlier message was withdrawn.
    Revoke(Revocation),
    /// A message of a kind that the platform does not pass on (error 131051).
    Unsupported(Unsupported),
    /// This version has no type for the content, or it has another shape than its type says.
    #[non_exhaustive]
    Unknown {
        /// The `type`.
        kind: Option<Box<str>>,
        /// The JSON of the member named like the type.
        json: Option<Box<str>>,
    },
}

impl Default for MessageContent {
    fn default() -> Self {
        Self::Unknown { kind: None, json: None }
    }
}

impl MessageContent {
    pub(super) fn read(message: &Fields<'_>) -> Self {
        Self::of(message, Edit::read)
    }

    /// An edit holds a message, but never another edit: that would let a body ask for any depth.
    fn of(message: &Fields<'_>, edit: fn(&Fields<'_>) -> Option<Edit>) -> Self {
        let Some(kind) = message.text("type") else { return Self::default() };
        let part = || message.object(&kind);
        let media = |variant: fn(Media) -> Self| part().map(|media| variant(Media::read(&media)));
        let content = match kind.as_str() {
            "text" => part().map(|text| Self::Text(TextMessage { body: text.text("body") })),
            "image" => media(Self::Image),
            "video" => media(Self::Video),
            "audio" | "voice" => media(Self::Audio),
            "document" => media(Self::Document),
            "sticker" => media(Self::Sticker),
            "location" => part().map(|place| Self::Location(Location::read(&place))),
            "contacts" => {
                Some(Self::Contacts(message.objects(&kind).map(|card| ContactCard::read(&card)).collect()))
            }
            "reaction" => part().map(|reaction| Self::Reaction(Reaction::read(&reaction))),
            "interactive" => part().map(|reply| Self::Interactive(InteractiveReply::read(&reply))),
            "button" => part().map(|button| Self::Button(ButtonReply::read(&button))),
            "order" => part().map(|order| Self::Order(Order::read(&order))),
            "system" => part().map(|system| Self::System(SystemEvent::read(&system))),
            "request_welcome" => Some(Self::RequestWelcome),
            "edit" => part().as_ref().and_then(edit).map(Self::Edit),
            "revoke" => {
                part().map(|revoke| Self::Revoke(Revocation { original_message_id: original(&revoke) }))
            }
            "unsupported" => {
                let kind = part().and_then(|unsupported| unsupported.id("type"));
                Some(Self::Unsupported(Unsupported { kind }))
            }
            _ => None,
        };
        content.unwrap_or_else(|| Self::Unknown { json: message.json(&kind), kind: Some(kind.into()) })
    }
}

/// Text that somebody wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextMessage {
    /// The text, at most 4 096 characters.
    pub body: Option<String>,
}

/// A file. Fetch its link by the id, with the business's token, within seven days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Media {
    /// The media.
    pub id: Option<String>,
    /// MIME type, which may name codecs, such as `audio/ogg; codecs=opus`.
    pub mime_type: Option<String>,
    /// SHA-256 of the file in Base64.
    pub sha256: Option<String>,
    /// Where to fetch it with the business's token; valid for minutes, and sent to some businesses only.
    pub url: Option<String>,
    /// The text that goes with it.
    pub caption: Option<String>,
    /// Name of a document's file.
    pub filename: Option<String>,
    /// Whether it was recorded as a voice message.
    pub voice: Option<bool>,
    /// Whether a sticker moves.
    pub animated: Option<bool>,
}

impl Media {
    fn read(value: &Fields<'_>) -> Self {
        Self {
            id: value.id("id"),
            mime_type: value.text("mime_type"),
            sha256: value.text("sha256"),
            url: value.text("url"),
            caption: value.text("caption"),
            filename: value.text("filename"),
            voice: value.flag("voice"),
            animated: value.flag("animated"),
        }
    }
}

/// A place.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Location {
    /// Degrees to the north.
    pub latitude: Option<f64>,
    /// Degrees to the east.
    pub longitude: Option<f64>,
    /// Name.
    pub name: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Link.
    pub url: Option<String>,
}

impl Location {
    fn read(value: &Fields<'_>) -> Self {
        let degrees = |name| value.number(name).filter(|degrees: &f64| degrees.is_finite());
        Self {
            latitude: degrees("latitude"),
            longitude: degrees("longitude"),
            name: value.text("name"),
            address: value.text("address"),
            url: value.text("url"),
        }
    }
}

/// A reaction to a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reaction {
    /// The message.
    pub message_id: Option<String>,
    /// The emoji; absent when the reaction was removed.
    pub emoji: Option<String>,
}

impl Reaction {
    fn read(value: &Fields<'_>) -> Self {
        Self {
            message_id: value.id("message_id"),
            emoji: value.text("emoji").filter(|emoji| !emoji.is_empty()),
        }
    }
}

/// An order from a catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Order {
    /// The catalog.
    pub catalog_id: Option<String>,
    /// What the person wrote with it.
    pub text: Option<String>,
    /// The products: `product_items`.
    pub items: Vec<OrderItem>,
}

/// One product of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderItem {
    /// The product's id in the catalog.
    pub product_retailer_id: Option<String>,
    /// How many.
    pub quantity: Option<u64>,
    /// Price of one, a decimal number as it was sent.
    pub item_price: Option<String>,
    /// Currency, three letters (ISO 4217).
    pub currency: Option<String>,
}

impl Order {
    fn read(value: &Fields<'_>) -> Self {
        let item = |item: Fields<'_>| OrderItem {
            product_retailer_id: item.id("product_retailer_id"),
            quantity: item.number("quantity"),
            item_price: item.decimal("item_price"),
            currency: item.text("currency"),
        };
        Self {
            catalog_id: value.id("catalog_id"),
            text: value.text("text"),
            items: value.objects("product_items").map(item).collect(),
        }
    }
}

open_enum! {
    /// What a person changed.
    pub enum SystemEventType {
        /// The phone number.
        UserChangedNumber = "user_changed_number",
        /// The business-scoped id.
        UserChangedUserId = "user_changed_user_id",
        /// The security code: someone else may have the number now.
        CustomerIdentityChanged = "customer_identity_changed",
    }
}

/// A person changed something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SystemEvent {
    /// What changed: `type`.
    pub event: Option<SystemEventType>,
    /// A sentence that describes it.
    pub body: Option<String>,
    /// The new phone number: `wa_id`, or `new_wa_id` of older deliveries.
    pub wa_id: Option<String>,
    /// The new business-scoped id.
    pub user_id: Option<String>,
    /// The new id for all linked businesses.
    pub parent_user_id: Option<String>,
    /// Hash of the new security code.
    pub identity: Option<String>,
    /// The phone number until now.
    pub customer: Option<String>,
}

impl SystemEvent {
    fn read(value: &Fields<'_>) -> Self {
        Self {
            event: value.choice("type"),
            body: value.text("body"),
            wa_id: value.id("wa_id").or_else(|| value.id("new_wa_id")),
            user_id: value.id("user_id"),
            parent_user_id: value.id("parent_user_id"),
            identity: value.id("identity"),
            customer: value.id("customer"),
        }
    }
}

/// An earlier message was edited.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Edit {
    /// The earlier message.
    pub original_message_id: Option<String>,
    /// What it says now.
    pub content: Option<Box<MessageContent>>,
    /// When it was edited, where the edit says so itself.
    pub timestamp: Option<EventTime>,
}

impl Edit {
    // The type of the function that `MessageContent::of` takes.
    #[allow(clippy::unnecessary_wraps, reason = "an edit within an edit is none")]
    fn read(value: &Fields<'_>) -> Option<Self> {
        let content = value.object("message").map(|message| Box::new(MessageContent::of(&message, |_| None)));
        Some(Self { original_message_id: original(value), content, timestamp: value.time("timestamp") })
    }
}

/// An earlier message was withdrawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Revocation {
    /// The earlier message.
    pub original_message_id: Option<String>,
}

fn original(value: &Fields<'_>) -> Option<String> {
    value.id("original_message_id").or_else(|| value.id("message_id"))
}

/// A message of a kind that the platform does not pass on. The message's errors say more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unsupported {
    /// What it was, where the platform says so: `unsupported.type`.
    pub kind: Option<String>,
}
