//! Media of WhatsApp.

use sociogram_api_core::Finding;
use sociogram_api_core::media::{AudioCodec, MediaFacts, MediaKind, VideoCodec};

use super::Judge;
use crate::guard::rules;

/// An image (Cloud API: Media, supported types): JPEG or PNG, at most 5 MB.
pub fn whatsapp_image(facts: &MediaFacts) -> Vec<Finding> {
    Judge::new(facts)
        .kind(rules::W3, &[MediaKind::Jpeg, MediaKind::Png])
        .bytes(rules::W3_SIZE, rules::W3_MAX_BYTES)
        .done()
}

/// A video (Cloud API: Media, supported types): MP4 or 3GP with H.264 and AAC or no sound, at most 16 MB.
pub fn whatsapp_video(facts: &MediaFacts) -> Vec<Finding> {
    Judge::new(facts)
        .video_kind(rules::W4, &[MediaKind::Mp4, MediaKind::ThreeGp])
        .bytes(rules::W4_SIZE, rules::W4_MAX_BYTES)
        .video_codec(rules::W4_CODEC, &[VideoCodec::H264])
        .aac(rules::W4_AUDIO, u32::MAX, u16::MAX)
        .done()
}

/// A sound (Cloud API: Media, supported types): AAC, AMR, MP3, M4A or OGG with Opus of one channel, at most 16 MB.
///
/// Some sounds begin without any mark, so content that is not recognised is not judged.
pub fn whatsapp_audio(facts: &MediaFacts) -> Vec<Finding> {
    let mut judge = Judge::new(facts);
    if facts.kind != MediaKind::Unknown {
        judge = judge.kind(
            rules::W5,
            &[MediaKind::Aac, MediaKind::Amr, MediaKind::Mp3, MediaKind::M4a, MediaKind::Mp4, MediaKind::Ogg],
        );
    }
    if facts.kind == MediaKind::Mp4 && facts.video.is_some() {
        judge.push(rules::W5, "a video");
    }
    let other_ogg = facts.audio.filter(|audio| {
        audio.codec != AudioCodec::Opus || audio.channels.is_some_and(|channels| channels > 1)
    });
    if let Some(audio) = other_ogg.filter(|_| facts.kind == MediaKind::Ogg) {
        let codec = super::name_of_audio(audio.codec);
        judge.push(rules::W5_OPUS, format_args!("{codec}, {} channels", audio.channels.unwrap_or(0)));
    }
    judge.bytes(rules::W5_SIZE, rules::W5_MAX_BYTES).done()
}

/// A document (Cloud API: Media, supported types): at most 100 MB. Every kind is taken in practice.
pub fn whatsapp_document(facts: &MediaFacts) -> Vec<Finding> {
    Judge::new(facts).bytes(rules::W6, rules::W6_MAX_BYTES).done()
}

/// A sticker (Cloud API: Media, supported types): WebP of 512 x 512 pixels, at most 100 KB, or 500 KB when it
/// moves or when that is not known.
pub fn whatsapp_sticker(facts: &MediaFacts) -> Vec<Finding> {
    let most = if facts.animated == Some(false) { rules::W7_MAX_BYTES } else { rules::W7_MAX_ANIMATED_BYTES };
    let mut judge = Judge::new(facts).kind(rules::W7, &[MediaKind::WebP]).bytes(rules::W7_SIZE, most);
    if let Some((width, height)) = facts.shown_size()
        && (width, height) != (rules::W7_PIXELS, rules::W7_PIXELS)
    {
        judge.push(rules::W7_DIMENSIONS, format_args!("{width} x {height} pixels"));
    }
    judge.done()
}
