//! What a message says.

use serde::Serialize;
use serde_json::{Map, Value, json};
use sociogram_api_core::{Finding, open_enum};

use super::attachment::{Attachment, AttachmentFile};
use super::rules_applied::Checks;
use super::template::Template;
use super::utility_message::UtilityMessage;
use crate::guard::rules;

/// The longest note for the webhook of sent messages, in characters.
const MAX_METADATA_CHARS: usize = 1_000;

/// What a message says: a text, an attachment, several images or a template, and what comes with it.
#[derive(Clone, Debug)]
pub struct Message {
    content: Content,
    quick_replies: Vec<QuickReply>,
    metadata: Option<String>,
}

#[derive(Clone, Debug)]
enum Content {
    Text(String),
    Attachment(Attachment),
    Images(Vec<Attachment>),
    Utility(UtilityMessage),
}

impl Message {
    const fn of(content: Content) -> Self {
        Self { content, quick_replies: Vec::new(), metadata: None }
    }

    /// A text: less than 2000 characters on Messenger, at most 1000 bytes of UTF-8 on Instagram.
    pub fn text(text: impl Into<String>) -> Self {
        Self::of(Content::Text(text.into()))
    }

    /// A file, template, sticker or post.
    pub const fn attachment(attachment: Attachment) -> Self {
        Self::of(Content::Attachment(attachment))
    }

    /// Several images in one message, by address or id; on Instagram at most 10.
    pub fn images(images: impl IntoIterator<Item = Attachment>) -> Self {
        Self::of(Content::Images(images.into_iter().collect()))
    }

    /// A structured message.
    pub fn template(template: impl Into<Template>) -> Self {
        Self::attachment(Attachment::template(template))
    }

    pub(super) const fn utility(message: UtilityMessage) -> Self {
        Self::of(Content::Utility(message))
    }

    /// Answers to tap, at most 13. On Instagram they are not shown on computers.
    pub fn quick_replies(mut self, replies: impl IntoIterator<Item = QuickReply>) -> Self {
        self.quick_replies.extend(replies);
        self
    }

    /// A note that comes back in the webhook `message_echoes`, at most 1000 characters. The person does not see it.
    pub fn metadata(mut self, metadata: impl Into<String>) -> Self {
        self.metadata = Some(metadata.into());
        self
    }

    pub(super) const fn file(&self) -> Option<&AttachmentFile> {
        match &self.content {
            Content::Attachment(attachment) => attachment.file(),
            _ => None,
        }
    }

    pub(super) fn takes_long(&self) -> bool {
        match &self.content {
            Content::Attachment(attachment) => attachment.takes_long(),
            Content::Images(images) => images.iter().any(Attachment::takes_long),
            Content::Text(_) | Content::Utility(_) => false,
        }
    }

    pub(super) fn to_json(&self) -> Result<Value, serde_json::Error> {
        let mut message = Map::new();
        let (name, value) = match &self.content {
            Content::Text(text) => ("text", json!(text)),
            Content::Attachment(attachment) => ("attachment", attachment.to_json()?),
            Content::Images(images) => {
                let images: Result<Vec<Value>, _> = images.iter().map(Attachment::to_json).collect();
                ("attachments", Value::Array(images?))
            }
            Content::Utility(template) => ("template", serde_json::to_value(template)?),
        };
        message.insert(name.to_owned(), value);
        if !self.quick_replies.is_empty() {
            message.insert("quick_replies".to_owned(), serde_json::to_value(&self.quick_replies)?);
        }
        if let Some(metadata) = &self.metadata {
            message.insert("metadata".to_owned(), json!(metadata));
        }
        Ok(Value::Object(message))
    }

    pub(super) fn check(&self, checks: &mut Checks) {
        match &self.content {
            Content::Text(text) => check_text(text, checks),
            Content::Attachment(attachment) => {
                attachment.check(checks, "message.attachment");
                if attachment.file().is_some() && checks.is_instagram() {
                    checks.add(
                        Finding::warning(
                            "instagram.message.upload",
                            "message.attachment",
                            "Meta documents no upload together with a message of Instagram",
                        )
                        .advice("use `UploadAttachment` and send the id"),
                    );
                }
            }
            Content::Images(images) => check_images(images, checks),
            Content::Utility(_) => {
                checks.only_on(
                    &super::Platform::Messenger,
                    "message.template",
                    "Instagram has no utility messages",
                );
            }
        }
        let count = self.quick_replies.len();
        checks.count(rules::M3, "message.quick_replies", count, 0, rules::M3_MAX_COUNT);
        for (index, reply) in self.quick_replies.iter().enumerate() {
            reply.check(checks, &format!("message.quick_replies[{index}]"));
        }
        if let Some(chars) = self.metadata.as_ref().map(|text| text.chars().count())
            && chars > MAX_METADATA_CHARS
        {
            checks.add(
                Finding::error("messaging.metadata", "message.metadata", "the note is too long")
                    .measured(format_args!("{chars} characters"))
                    .allowed(format_args!("{MAX_METADATA_CHARS} characters"))
                    .advice("keep the data and send a key to it"),
            );
        }
    }
}

fn check_text(text: &str, checks: &mut Checks) {
    if !checks.is_instagram() {
        checks.text(rules::M1, "message.text", text, rules::M1_MAX_CHARS);
    } else if text.trim().is_empty() || text.len() > rules::M8_MAX_BYTES {
        let bytes = text.len();
        checks.add(rules::M8.finding("message.text").measured(format_args!("{bytes} bytes")));
    }
}

fn check_images(images: &[Attachment], checks: &mut Checks) {
    if images.is_empty() || !images.iter().all(|image| image.is_image() && image.file().is_none()) {
        checks.add(
            Finding::error(
                "messaging.images",
                "message.attachments",
                "several attachments must be images by address or id",
            )
            .advice("upload files first, and send everything else alone"),
        );
    }
    if checks.is_instagram() {
        checks.count(rules::M9_COUNT, "message.attachments", images.len(), 0, rules::M9_MAX_COUNT);
    }
    for (index, image) in images.iter().enumerate() {
        image.check(checks, &format!("message.attachments[{index}]"));
    }
}

open_enum! {
    /// What a quick reply sends.
    pub enum QuickReplyKind {
        /// Its title.
        Text = "text",
        /// The person's phone number, which Messenger fills in.
        PhoneNumber = "user_phone_number",
        /// The person's address of e-mail, which Messenger fills in.
        Email = "user_email",
    }
}

/// An answer to tap (Messenger Platform: Quick Replies).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuickReply {
    content_type: QuickReplyKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<String>,
}

impl QuickReply {
    const fn of(content_type: QuickReplyKind) -> Self {
        Self { content_type, title: None, payload: None, image_url: None }
    }

    /// A text of at most 20 characters; the webhook gets the payload, at most 1000 characters.
    pub fn text(title: impl Into<String>, payload: impl Into<String>) -> Self {
        Self { title: Some(title.into()), payload: Some(payload.into()), ..Self::of(QuickReplyKind::Text) }
    }

    /// Offers the person's phone number.
    pub const fn phone_number() -> Self {
        Self::of(QuickReplyKind::PhoneNumber)
    }

    /// Offers the person's address of e-mail.
    pub const fn email() -> Self {
        Self::of(QuickReplyKind::Email)
    }

    /// A small image before the text; Messenger only.
    pub fn image(mut self, url: impl Into<String>) -> Self {
        self.image_url = Some(url.into());
        self
    }

    fn check(&self, checks: &mut Checks, field: &str) {
        if self.content_type == QuickReplyKind::Text {
            let title = self.title.as_deref().unwrap_or_default();
            checks.text(rules::M3_TITLE, &format!("{field}.title"), title, rules::M3_MAX_TITLE_CHARS);
            let payload = self.payload.as_deref().unwrap_or_default();
            let payload_field = format!("{field}.payload");
            checks.longest(rules::M3_PAYLOAD, &payload_field, payload, rules::M3_MAX_PAYLOAD_CHARS);
        } else if checks.is_instagram() {
            let message = "Meta documents quick replies with a text only for Instagram";
            checks.add(
                Finding::warning("instagram.message.quick_reply", format!("{field}.content_type"), message)
                    .advice("ask for it in the text"),
            );
        }
    }
}
