//! WhatsApp (Cloud API: Messages, Media, Interactive messages, Message templates).

use super::rules;

/// The longest text of a message, in characters.
pub const W1_MAX_CHARS: usize = 4_096;
/// The longest caption of a medium, in characters.
pub const W2_MAX_CHARS: usize = 1_024;
/// The largest image, in bytes.
pub const W3_MAX_BYTES: u64 = 5 * 1024 * 1024;
/// The largest video, in bytes.
pub const W4_MAX_BYTES: u64 = 16 * 1024 * 1024;
/// The largest sound, in bytes.
pub const W5_MAX_BYTES: u64 = 16 * 1024 * 1024;
/// The largest document, in bytes.
pub const W6_MAX_BYTES: u64 = 100 * 1024 * 1024;
/// The width and height of a sticker, in pixels.
pub const W7_PIXELS: u32 = 512;
/// The largest still sticker, in bytes.
pub const W7_MAX_BYTES: u64 = 100 * 1024;
/// The largest moving sticker, in bytes.
pub const W7_MAX_ANIMATED_BYTES: u64 = 500 * 1024;
/// The most reply buttons of a message.
pub const W8_MAX_BUTTONS: usize = 3;
/// The longest title of a button, in characters.
pub const W8_MAX_TITLE_CHARS: usize = 20;
/// The longest id of a button, in characters.
pub const W8_MAX_ID_CHARS: usize = 256;
/// The longest text of a message with buttons, in characters.
pub const W8_MAX_BODY_CHARS: usize = 1_024;
/// The most rows of a list, over all sections.
pub const W9_MAX_ROWS: usize = 10;
/// The longest label of the button that opens a list, in characters.
pub const W9_MAX_LABEL_CHARS: usize = 20;
/// The longest title of a row, in characters.
pub const W9_MAX_TITLE_CHARS: usize = 24;
/// The longest description of a row, in characters.
pub const W9_MAX_DESCRIPTION_CHARS: usize = 72;
/// The longest id of a row, in characters.
pub const W9_MAX_ID_CHARS: usize = 200;
/// The longest text of a message with a list, in characters.
pub const W9_MAX_BODY_CHARS: usize = 4_096;
/// The longest text in a header, in characters.
pub const W10_MAX_HEADER_CHARS: usize = 60;
/// The longest footer, in characters.
pub const W10_MAX_FOOTER_CHARS: usize = 60;
/// The longest name of a template, in characters.
pub const W12_MAX_NAME_CHARS: usize = 512;
/// The longest header of a template, in characters.
pub const W12_MAX_HEADER_CHARS: usize = 60;
/// The longest body of a template, in characters.
pub const W12_MAX_BODY_CHARS: usize = 1_024;
/// The longest footer of a template, in characters.
pub const W12_MAX_FOOTER_CHARS: usize = 60;
/// The most buttons of a template.
pub const W12_MAX_BUTTONS: usize = 10;
/// The longest text of a template's button, in characters.
pub const W12_MAX_BUTTON_CHARS: usize = 25;
/// How long after the last message of a person free messages may be sent, in seconds: 24 hours.
pub const W13_WINDOW_SECONDS: i64 = 86_400;
/// How far apart messages to the same person should be, in seconds.
pub const W14_PAIR_SECONDS: i64 = 6;
/// The longest data for the callback, in characters.
pub const W15_MAX_CHARS: usize = 512;
/// The most contacts of a message.
pub const W16_MAX_CONTACTS: usize = 257;

rules! { WHATSAPP:
    W1, Error, "whatsapp.text.length", "the text is empty or too long",
        "1 to 4096 characters", "change the text";
    W2, Error, "whatsapp.caption.length", "the caption is too long",
        "at most 1024 characters", "shorten the caption";
    W2_KIND, Error, "whatsapp.caption.kind", "sounds and stickers take no caption",
        "captions on images, videos and documents", "leave it out, or send it as a text";
    W3, Error, "whatsapp.image.format", "the file is no image that WhatsApp takes",
        "JPEG or PNG", "convert it to JPEG";
    W3_SIZE, Error, "whatsapp.image.size", "the image is too large",
        "at most 5 MB", "compress it again, or send it as a document";
    W4, Error, "whatsapp.video.format", "the file is no video that WhatsApp takes",
        "MP4 or 3GP", "convert it to MP4";
    W4_SIZE, Error, "whatsapp.video.size", "the video is too large",
        "at most 16 MB", "compress it again, or send it as a document";
    W4_CODEC, Error, "whatsapp.video.codec", "the video is coded in a way WhatsApp does not take",
        "H.264", "convert it to H.264";
    W4_AUDIO, Error, "whatsapp.video.audio",
        "the sound of the video is coded in a way WhatsApp does not take",
        "AAC, or no sound", "convert the sound to AAC";
    W5, Error, "whatsapp.audio.format", "the file is no sound that WhatsApp takes",
        "AAC, AMR, MP3, M4A or OGG with Opus", "convert it to MP3";
    W5_SIZE, Error, "whatsapp.audio.size", "the sound is too large",
        "at most 16 MB", "compress it again, or send it as a document";
    W5_OPUS, Error, "whatsapp.audio.opus", "the OGG file is not Opus with one channel",
        "Opus, mono", "convert it to Opus with one channel";
    W6, Error, "whatsapp.document.size", "the document is too large",
        "at most 100 MB", "make it smaller, or send a link";
    W7, Error, "whatsapp.sticker.format", "the sticker is not a WebP",
        "WebP", "convert it to WebP";
    W7_DIMENSIONS, Error, "whatsapp.sticker.pixels", "the sticker has the wrong width or height",
        "512 x 512 pixels", "scale it to 512 x 512 pixels";
    W7_SIZE, Error, "whatsapp.sticker.size", "the sticker is too large",
        "at most 100 KB, or 500 KB when it moves", "compress it again";
    W8, Error, "whatsapp.buttons.count", "the number of buttons is wrong",
        "1 to 3 buttons", "leave some out, or use a list";
    W8_TITLE, Error, "whatsapp.buttons.title", "the title of a button is empty or too long",
        "1 to 20 characters", "change the title";
    W8_ID, Error, "whatsapp.buttons.id", "the id of a button is empty or too long",
        "1 to 256 characters", "change the id";
    W8_BODY, Error, "whatsapp.buttons.body", "the text is empty or too long",
        "1 to 1024 characters", "change the text";
    W9, Error, "whatsapp.list.rows", "the number of rows is wrong",
        "1 to 10 rows over all sections", "leave some out";
    W9_LABEL, Error, "whatsapp.list.label", "the label of the list is empty or too long",
        "1 to 20 characters", "change the label";
    W9_TITLE, Error, "whatsapp.list.title", "a title is empty or too long",
        "1 to 24 characters", "change the title";
    W9_DESCRIPTION, Error, "whatsapp.list.description", "the description of a row is too long",
        "at most 72 characters", "shorten it";
    W9_ID, Error, "whatsapp.list.id", "the id of a row is empty or too long",
        "1 to 200 characters", "change the id";
    W9_BODY, Error, "whatsapp.list.body", "the text is empty or too long",
        "1 to 4096 characters", "change the text";
    W10, Error, "whatsapp.header.length", "the header is too long",
        "at most 60 characters", "shorten the header";
    W10_FOOTER, Error, "whatsapp.footer.length", "the footer is too long",
        "at most 60 characters", "shorten the footer";
    W11, Error, "whatsapp.template.parameters", "the parameters do not fit the template",
        "as many, named and typed as in the template", "read the template and fill each parameter";
    W12, Error, "whatsapp.template.name", "the name of the template has a wrong form",
        "1 to 512 of a-z, 0-9 and _", "change the name";
    W12_HEADER, Error, "whatsapp.template.header", "the header of the template is too long",
        "at most 60 characters", "shorten the header";
    W12_BODY, Error, "whatsapp.template.body", "the body of the template is empty or too long",
        "1 to 1024 characters", "change the body";
    W12_FOOTER, Error, "whatsapp.template.footer", "the footer of the template is too long",
        "at most 60 characters", "shorten the footer";
    W12_BUTTONS, Error, "whatsapp.template.buttons", "the template has too many buttons",
        "at most 10 buttons", "leave some out";
    W12_BUTTON_TEXT, Error, "whatsapp.template.button_text", "the text of a button is empty or too long",
        "1 to 25 characters", "change the text";
    W13, Error, "whatsapp.window.closed", "the person has not written for too long",
        "24 hours after their last message", "send a template";
    W14, Warning, "whatsapp.pair.rate", "too many messages to the same person",
        "one in 6 seconds", "wait a little";
    W15, Error, "whatsapp.callback_data.length", "the data for the callback is too long",
        "at most 512 characters", "shorten it";
    W16, Warning, "whatsapp.contacts.count", "there may be too many contacts",
        "at most 257 contacts", "send several messages";
    W16_HARD, Error, "whatsapp.contacts.name", "a contact has no formatted name",
        "a formatted_name in each contact", "add the name";
}
