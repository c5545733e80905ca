//! Attachments of Messenger and of Instagram's messages.

use sociogram_api_core::Finding;
use sociogram_api_core::media::{MediaFacts, MediaKind};

use super::Judge;
use crate::guard::rules;

/// An attachment of Messenger that is uploaded (Messenger Platform: Sending Attachments): at most 25 MB.
pub fn messenger_attachment(facts: &MediaFacts) -> Vec<Finding> {
    Judge::new(facts).bytes(rules::M2, rules::M2_MAX_BYTES).done()
}

/// An attachment of Messenger that is given by its address (Messenger Platform: Sending Attachments): at most
/// 25 MB, an image at most 8 MB.
pub fn messenger_attachment_by_url(facts: &MediaFacts) -> Vec<Finding> {
    if facts.kind.is_image() {
        Judge::new(facts).bytes(rules::M2_IMAGE_URL, rules::M2_MAX_IMAGE_URL_BYTES).done()
    } else {
        messenger_attachment(facts)
    }
}

/// An image in a message of Instagram (Instagram Platform: Messaging): PNG, JPEG or GIF, at most 8 MB.
pub fn instagram_direct_image(facts: &MediaFacts) -> Vec<Finding> {
    image(Judge::new(facts)).done()
}

/// Several images in a message of Instagram: at most 10, each as [`instagram_direct_image`].
pub fn instagram_direct_images(images: &[MediaFacts]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if images.len() > rules::M9_MAX_COUNT {
        findings
            .push(rules::M9_COUNT.finding("attachments").measured(format_args!("{} images", images.len())));
    }
    let judged = images.iter().enumerate().flat_map(|(index, facts)| {
        let field = format!("attachments[{index}]").into();
        image(Judge { field, ..Judge::new(facts) }).done()
    });
    findings.extend(judged);
    findings
}

/// A video in a message of Instagram (Instagram Platform: Messaging): MP4, OGG, AVI, MOV or WebM, at most 25 MB.
pub fn instagram_direct_video(facts: &MediaFacts) -> Vec<Finding> {
    let kinds = [MediaKind::Mp4, MediaKind::Ogg, MediaKind::Avi, MediaKind::Mov, MediaKind::WebM];
    Judge::new(facts).video_kind(rules::M10_FORMAT, &kinds).bytes(rules::M10, rules::M10_MAX_BYTES).done()
}

/// A sound in a message of Instagram (Instagram Platform: Messaging): AAC, M4A, WAV or MP4, at most 25 MB.
///
/// Some sounds begin without any mark, so content that is not recognised is not judged.
pub fn instagram_direct_audio(facts: &MediaFacts) -> Vec<Finding> {
    let kinds = [MediaKind::Aac, MediaKind::M4a, MediaKind::Wav, MediaKind::Mp4, MediaKind::Unknown];
    Judge::new(facts).kind(rules::M10_FORMAT, &kinds).bytes(rules::M10, rules::M10_MAX_BYTES).done()
}

/// A document in a message of Instagram (Instagram Platform: Messaging): PDF, at most 25 MB.
pub fn instagram_direct_document(facts: &MediaFacts) -> Vec<Finding> {
    Judge::new(facts)
        .kind(rules::M10_FORMAT, &[MediaKind::Pdf])
        .bytes(rules::M10, rules::M10_MAX_BYTES)
        .done()
}

fn image(judge: Judge<'_>) -> Judge<'_> {
    judge
        .kind(rules::M9, &[MediaKind::Png, MediaKind::Jpeg, MediaKind::Gif])
        .bytes(rules::M9_SIZE, rules::M9_MAX_BYTES)
}
