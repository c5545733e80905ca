//! Messenger and messages of Instagram (Messenger Platform: Send API, Templates, Message tags, Private replies;
//! Instagram Platform: Messaging).

use super::rules;

/// The longest text of Messenger, in characters: less than 2000.
pub const M1_MAX_CHARS: usize = 1_999;
/// The largest attachment, in bytes.
pub const M2_MAX_BYTES: u64 = 25 * 1024 * 1024;
/// The largest image given by its address, in bytes.
pub const M2_MAX_IMAGE_URL_BYTES: u64 = 8 * 1024 * 1024;
/// The most quick replies.
pub const M3_MAX_COUNT: usize = 13;
/// The longest title of a quick reply, in characters.
pub const M3_MAX_TITLE_CHARS: usize = 20;
/// The longest payload of a quick reply, in characters.
pub const M3_MAX_PAYLOAD_CHARS: usize = 1_000;
/// The most elements of a generic template.
pub const M4_MAX_ELEMENTS: usize = 10;
/// The longest title of an element, in characters.
pub const M4_MAX_TITLE_CHARS: usize = 80;
/// The longest subtitle of an element, in characters.
pub const M4_MAX_SUBTITLE_CHARS: usize = 80;
/// The most buttons of an element.
pub const M4_MAX_BUTTONS: usize = 3;
/// The longest text of a button template, in characters.
pub const M5_MAX_CHARS: usize = 640;
/// The most buttons of a button template.
pub const M5_MAX_BUTTONS: usize = 3;
/// The longest title of a button, in characters.
pub const M5_MAX_TITLE_CHARS: usize = 20;
/// How long after the last message of a person one may answer, in seconds: 24 hours.
pub const M6_WINDOW_SECONDS: i64 = 86_400;
/// How long after the last message of a person a human may answer, in seconds: 7 days.
pub const M6_HUMAN_WINDOW_SECONDS: i64 = 7 * 86_400;
/// The longest text of Instagram, in UTF-8 bytes.
pub const M8_MAX_BYTES: usize = 1_000;
/// The largest image of Instagram, in bytes.
pub const M9_MAX_BYTES: u64 = 8 * 1024 * 1024;
/// The most images of one message of Instagram.
pub const M9_MAX_COUNT: usize = 10;
/// The largest video, sound or document of Instagram, in bytes.
pub const M10_MAX_BYTES: u64 = 25 * 1024 * 1024;
/// How long after a comment one may reply in private, in seconds: 7 days.
pub const M11_WINDOW_SECONDS: i64 = 7 * 86_400;

rules! { MESSAGING:
    M1, Error, "messenger.text.length", "the text is empty or too long",
        "1 to 1999 characters", "change the text";
    M2, Error, "messenger.attachment.size", "the attachment is too large",
        "at most 25 MB", "make it smaller, or send a link";
    M2_IMAGE_URL, Error, "messenger.attachment.image_size",
        "the image is too large to be given by its address",
        "at most 8 MB", "upload it, or make it smaller";
    M3, Error, "messenger.quick_replies.count", "there are too many quick replies",
        "at most 13", "leave some out";
    M3_TITLE, Error, "messenger.quick_replies.title", "the title of a quick reply is empty or too long",
        "1 to 20 characters", "change the title";
    M3_PAYLOAD, Error, "messenger.quick_replies.payload", "the payload of a quick reply is too long",
        "at most 1000 characters", "shorten it";
    M4, Error, "messenger.generic.elements", "the number of elements is wrong",
        "1 to 10 elements", "add one or leave some out";
    M4_TITLE, Error, "messenger.generic.title", "the title of an element is empty or too long",
        "1 to 80 characters", "change the title";
    M4_SUBTITLE, Error, "messenger.generic.subtitle", "the subtitle of an element is too long",
        "at most 80 characters", "shorten it";
    M4_BUTTONS, Error, "messenger.generic.buttons", "an element has too many buttons",
        "at most 3 buttons", "leave some out";
    M5, Error, "messenger.buttons.text", "the text is empty or too long",
        "1 to 640 characters", "change the text";
    M5_BUTTONS, Error, "messenger.buttons.count", "the number of buttons is wrong",
        "1 to 3 buttons", "add one or leave some out";
    M5_TITLE, Error, "messenger.buttons.title", "the title of a button is empty or too long",
        "1 to 20 characters", "change the title";
    M6, Error, "messenger.window.closed", "the person has not written for too long",
        "24 hours after their last message, 7 days for a human", "wait until they write again";
    M7, Error, "messenger.tag.unknown", "Meta no longer takes this tag",
        "HUMAN_AGENT", "leave it out, or have a human answer with HUMAN_AGENT";
    M8, Error, "instagram.message.text.length", "the text is empty or too long",
        "1 to 1000 bytes of UTF-8", "shorten the text";
    M9, Error, "instagram.message.image.format", "the file is no image that can be sent",
        "PNG, JPEG or GIF", "convert it to JPEG";
    M9_SIZE, Error, "instagram.message.image.size", "the image is too large",
        "at most 8 MB", "compress it again or make it smaller";
    M9_COUNT, Error, "instagram.message.image.count", "there are too many images",
        "at most 10 in a message", "send several messages";
    M10, Error, "instagram.message.attachment.size", "the file is too large",
        "at most 25 MB", "make it smaller";
    M10_FORMAT, Error, "instagram.message.attachment.format", "the file is not of a kind that can be sent",
        "MP4, OGG, AVI, MOV or WebM; AAC, M4A, WAV or MP4; PDF", "convert it";
    M11, Error, "messenger.private_reply.window", "the comment is too old for a private reply",
        "within 7 days", "answer in public";
    M11_ONCE, Error, "messenger.private_reply.once", "the comment already has a private reply",
        "one reply for each comment", "wait until the person writes";
}
