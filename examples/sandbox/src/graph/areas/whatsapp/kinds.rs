//! Kinds of messages and of media.

/// What `type` may say.
pub(super) const ALL: [&str; 12] = [
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "interactive",
    "template",
    "pin",
];

/// The media types of each kind, and the largest size in bytes.
pub(super) const MEDIA: [(&str, &[&str], usize); 5] = [
    ("image", &["image/jpeg", "image/png"], 5 * MEGABYTE),
    ("video", &["video/mp4", "video/3gpp"], 16 * MEGABYTE),
    ("audio", &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"], 16 * MEGABYTE),
    ("document", &DOCUMENTS, 100 * MEGABYTE),
    ("sticker", &["image/webp"], 500 * 1024),
];

/// Largest sticker that does not move.
pub(super) const STATIC_STICKER: usize = 100 * 1024;

const MEGABYTE: usize = 1024 * 1024;

const DOCUMENTS: [&str; 8] = [
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
];

/// The kind of message a media type is for.
pub(super) fn of_media(mime: &str) -> Option<(&'static str, usize)> {
    let bare = mime.split(';').next().unwrap_or_default().trim();
    MEDIA.iter().find(|(_, types, _)| types.contains(&bare)).map(|(kind, _, most)| (*kind, *most))
}
