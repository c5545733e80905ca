//! Media of Pages.

use sociogram_api_core::Finding;
use sociogram_api_core::media::{MediaFacts, MediaKind, VideoCodec};

use super::Judge;
use crate::guard::rules;

const PHOTOS: &[MediaKind] =
    &[MediaKind::Jpeg, MediaKind::Png, MediaKind::Gif, MediaKind::Bmp, MediaKind::Tiff];

/// A photo of a Page (Page Photos): its format and size; a PNG of more than 1 MB.
pub fn facebook_photo(facts: &MediaFacts) -> Vec<Finding> {
    let judge = Judge::new(facts).kind(rules::F5, PHOTOS).bytes_or(
        rules::F6_HARD,
        rules::F6_HARD_BYTES,
        rules::F6,
        rules::F6_MAX_BYTES,
    );
    if facts.kind == MediaKind::Png { judge.bytes(rules::F7, rules::F7_MAX_BYTES) } else { judge }.done()
}

/// A photo of a Page's story (Page Stories): its format and size.
pub fn facebook_story_photo(facts: &MediaFacts) -> Vec<Finding> {
    Judge::new(facts)
        .kind(rules::F20_FORMAT, PHOTOS)
        .bytes_or(rules::F20, rules::F20_MAX_BYTES, rules::F20_SAFE, rules::F20_SAFE_BYTES)
        .done()
}

/// A video of a Page that is uploaded in parts (Page Videos, Resumable Upload API): its size and duration.
pub fn facebook_video(facts: &MediaFacts) -> Vec<Finding> {
    video(facts).done()
}

/// A video of a Page that is sent in one request, or fetched from an address (Page Videos): as
/// [`facebook_video`], with the smaller limits of that way.
pub fn facebook_video_in_one_request(facts: &MediaFacts) -> Vec<Finding> {
    video(facts)
        .bytes(rules::F11_SIMPLE, rules::F11_SIMPLE_MAX_BYTES)
        .seconds(rules::F12, 0, rules::F12_SIMPLE_MAX_SECONDS)
        .done()
}

/// A reel of a Page (Reels Publishing): container, duration, shape, pixels, frame rate, codecs.
pub fn facebook_reel(facts: &MediaFacts) -> Vec<Finding> {
    upright_video(facts).seconds(rules::F14, rules::F14_MIN_SECONDS, rules::F14_MAX_SECONDS).done()
}

/// A video of a Page's story (Page Stories): as a reel, but at most 60 seconds.
pub fn facebook_story_video(facts: &MediaFacts) -> Vec<Finding> {
    upright_video(facts).seconds(rules::F21, rules::F21_MIN_SECONDS, rules::F21_MAX_SECONDS).done()
}

fn video(facts: &MediaFacts) -> Judge<'_> {
    moving(facts).bytes_or(rules::F11_HARD, rules::F11_HARD_BYTES, rules::F11, rules::F11_MAX_BYTES).seconds(
        rules::F12_HARD,
        0,
        rules::F12_HARD_SECONDS,
    )
}

fn upright_video(facts: &MediaFacts) -> Judge<'_> {
    let judge = moving(facts);
    // What is no video at all needs no second word about its format.
    let judge = if judge.findings.is_empty() { judge.kind(rules::F13, &[MediaKind::Mp4]) } else { judge };
    let mut judge = judge
        .upright(rules::F15)
        .least_size(rules::F15_SIZE, rules::F15_MIN_WIDTH, rules::F15_MIN_HEIGHT)
        .fps(rules::F16, rules::F16_MIN_FPS, rules::F16_MAX_FPS)
        .video_codec(rules::F17, &[VideoCodec::H264, VideoCodec::H265, VideoCodec::Vp9, VideoCodec::Av1])
        .aac(rules::F17_AUDIO, rules::F17_SAMPLE_RATE, u16::MAX);
    let rate = facts.audio.and_then(|audio| audio.sample_rate);
    if let Some(rate) = rate.filter(|rate| *rate < rules::F17_SAMPLE_RATE) {
        judge.push(rules::F17_AUDIO, format_args!("{rate} Hz"));
    }
    judge
}

/// Nothing that is surely not a video. Pages take more kinds of video than are told apart here.
fn moving(facts: &MediaFacts) -> Judge<'_> {
    let mut judge = Judge::new(facts);
    let is_other = matches!(
        facts.kind,
        MediaKind::Mp3
            | MediaKind::Aac
            | MediaKind::Amr
            | MediaKind::Wav
            | MediaKind::Flac
            | MediaKind::M4a
            | MediaKind::Pdf
            | MediaKind::Zip
            | MediaKind::OleDocument
    );
    if facts.kind.is_image() || is_other {
        judge.push(rules::F13_HARD, facts.kind.mime().unwrap_or("a document"));
    } else if facts.lacks_video() {
        judge.push(rules::F13_HARD, "no video track");
    }
    judge
}
