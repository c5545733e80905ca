//! What a message can have attached.

use serde_json::{Map, Value, json};
use sociogram_api_core::http::{Body, Part};
use sociogram_api_core::{Finding, open_enum};

use super::Platform;
use super::rules_applied::Checks;
use super::template::Template;
use crate::guard::rules;
use crate::id::{MediaId, ObjectId};

open_enum! {
    /// What kind of file it is.
    pub enum AttachmentKind {
        /// An image.
        Image = "image",
        /// A video.
        Video = "video",
        /// Sound.
        Audio = "audio",
        /// Any other file; on Instagram a PDF.
        File = "file",
    }
}

/// A file to upload, at most 25 MB.
#[derive(Clone, Debug)]
pub struct AttachmentFile {
    file_name: String,
    content_type: String,
    body: Body,
}

impl AttachmentFile {
    /// With its name, its content type such as `image/png`, and its bytes or a source of them.
    pub fn new(file_name: impl Into<String>, content_type: impl Into<String>, body: impl Into<Body>) -> Self {
        Self { file_name: file_name.into(), content_type: content_type.into(), body: body.into() }
    }

    pub(super) fn part(&self) -> Part {
        Part::file("filedata", &self.file_name, &self.content_type, self.body.clone())
    }
}

/// Something attached to a message (Messenger Platform: Send API; Instagram Platform: Send messages).
#[derive(Clone, Debug)]
pub struct Attachment(Content);

#[derive(Clone, Debug)]
enum Content {
    Media { kind: AttachmentKind, source: Source, reusable: bool },
    Template(Box<Template>),
    Heart,
    Share(MediaId),
}

#[derive(Clone, Debug)]
enum Source {
    Url(String),
    Id(ObjectId),
    Upload(AttachmentFile),
}

impl Attachment {
    const fn media(kind: AttachmentKind, source: Source) -> Self {
        Self(Content::Media { kind, source, reusable: false })
    }

    /// A file that Meta fetches from this address. It must need no login. Images have at most 8 MB, everything else 25
    /// MB; a video must be fetched within 75 seconds.
    pub fn url(kind: AttachmentKind, url: impl Into<String>) -> Self {
        Self::media(kind, Source::Url(url.into()))
    }

    /// A file that was uploaded before, see [`UploadAttachment`](super::UploadAttachment). Ids end after 90 days.
    pub const fn id(kind: AttachmentKind, id: ObjectId) -> Self {
        Self::media(kind, Source::Id(id))
    }

    /// A file sent along, at most 25 MB. For Instagram upload it first.
    pub const fn upload(kind: AttachmentKind, file: AttachmentFile) -> Self {
        Self::media(kind, Source::Upload(file))
    }

    /// A structured message.
    pub fn template(template: impl Into<Template>) -> Self {
        Self(Content::Template(Box::new(template.into())))
    }

    /// The heart sticker of Instagram.
    pub const fn heart() -> Self {
        Self(Content::Heart)
    }

    /// A post of the Instagram account itself.
    pub const fn share(post: MediaId) -> Self {
        Self(Content::Share(post))
    }

    /// Has Meta keep the file for other messages; the answer names its id.
    pub fn reusable(mut self) -> Self {
        if let Content::Media { reusable, .. } = &mut self.0 {
            *reusable = true;
        }
        self
    }

    /// The file to send along, if there is one.
    pub(super) const fn file(&self) -> Option<&AttachmentFile> {
        match &self.0 {
            Content::Media { source: Source::Upload(file), .. } => Some(file),
            _ => None,
        }
    }

    /// Whether Meta fetches or takes in a file before it answers.
    pub(super) const fn takes_long(&self) -> bool {
        matches!(&self.0, Content::Media { source: Source::Url(_) | Source::Upload(_), .. })
    }

    pub(super) fn is_image(&self) -> bool {
        matches!(&self.0, Content::Media { kind: AttachmentKind::Image, .. })
    }

    /// Whether it is a file, as an upload must be.
    pub(super) const fn is_media(&self) -> bool {
        matches!(&self.0, Content::Media { .. })
    }

    pub(super) fn to_json(&self) -> Result<Value, serde_json::Error> {
        Ok(match &self.0 {
            Content::Media { kind, source, reusable } => {
                let mut payload = Map::new();
                match source {
                    Source::Url(url) => payload.insert("url".to_owned(), json!(url)),
                    Source::Id(id) => payload.insert("attachment_id".to_owned(), json!(id)),
                    Source::Upload(_) => None,
                };
                if *reusable {
                    payload.insert("is_reusable".to_owned(), json!(true));
                }
                json!({ "type": kind, "payload": payload })
            }
            Content::Template(template) => {
                json!({ "type": "template", "payload": serde_json::to_value(template)? })
            }
            Content::Heart => json!({ "type": "like_heart" }),
            Content::Share(post) => json!({ "type": "MEDIA_SHARE", "payload": { "id": post } }),
        })
    }

    /// Checks it for its platform; `field` is its path.
    pub(super) fn check(&self, checks: &mut Checks, field: &str) {
        match &self.0 {
            Content::Media { kind, source, .. } => check_media(kind, source, checks, field),
            Content::Template(template) => template.check(checks, &format!("{field}.payload")),
            Content::Heart | Content::Share(_) => {
                checks.only_on(&Platform::Instagram, field, "Messenger does not have this attachment");
            }
        }
    }
}

fn check_media(kind: &AttachmentKind, source: &Source, checks: &mut Checks, field: &str) {
    match source {
        Source::Url(url) => {
            if !url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
                let message = "the file's address is not a web address";
                checks.add(
                    Finding::error("messaging.attachment.url", format!("{field}.payload.url"), message)
                        .advice("use a complete address that begins with https:// and needs no login"),
                );
            }
        }
        Source::Id(_) => {}
        Source::Upload(file) => check_file(kind, file, checks, field),
    }
}

fn check_file(kind: &AttachmentKind, file: &AttachmentFile, checks: &mut Checks, field: &str) {
    let instagram = checks.is_instagram();
    let image = *kind == AttachmentKind::Image;
    let (rule, max) = match (instagram, image) {
        (true, true) => (rules::M9_SIZE, rules::M9_MAX_BYTES),
        (true, false) => (rules::M10, rules::M10_MAX_BYTES),
        (false, _) => (rules::M2, rules::M2_MAX_BYTES),
    };
    if let Some(bytes) = file.body.len().filter(|bytes| *bytes > max) {
        checks.add(rule.finding(field.to_owned()).measured(format_args!("{bytes} bytes")));
    }
    if instagram && !instagram_takes(kind, &file.content_type) {
        let rule = if image { rules::M9 } else { rules::M10_FORMAT };
        checks.add(rule.finding(field.to_owned()).measured(&file.content_type));
    }
}

/// Whether Instagram lists the content type. GIF stands in some of Meta's lists only.
fn instagram_takes(kind: &AttachmentKind, content_type: &str) -> bool {
    let (main, sub) = content_type.split_once('/').unwrap_or((content_type, ""));
    let sub = sub.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let main = main.trim().to_ascii_lowercase();
    match kind {
        AttachmentKind::Image => main == "image" && ["png", "jpeg", "gif"].contains(&sub.as_str()),
        AttachmentKind::Video => main == "video",
        AttachmentKind::Audio => main == "audio" || (main == "video" && sub == "mp4"),
        AttachmentKind::File => main == "application" && sub == "pdf",
        AttachmentKind::Unknown(_) => true,
    }
}
