//! Media of Threads.

use sociogram_api_core::Finding;
use sociogram_api_core::media::{MediaFacts, MediaKind};

use super::Judge;
use crate::guard::rules;

/// An image (Threads API: Image specifications): JPEG or PNG, size, shape, width.
pub fn threads_image(facts: &MediaFacts) -> Vec<Finding> {
    image(Judge::new(facts)).done()
}

/// A video (Threads API: Video specifications): container, size, duration, frame rate, width.
pub fn threads_video(facts: &MediaFacts) -> Vec<Finding> {
    video(Judge::new(facts)).done()
}

/// The items of a carousel (Threads API: Carousel posts): their number, and each as image or video.
pub fn threads_carousel(items: &[MediaFacts]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !(rules::T5_MIN_COUNT..=rules::T5_MAX_COUNT).contains(&items.len()) {
        findings.push(rules::T5.finding("children").measured(format_args!("{} items", items.len())));
    }
    for (index, facts) in items.iter().enumerate() {
        let judge = Judge::at(facts, index);
        let judge = if facts.kind.is_image() { image(judge) } else { video(judge) };
        findings.extend(judge.done());
    }
    findings
}

fn image(judge: Judge<'_>) -> Judge<'_> {
    judge
        .kind(rules::T3, &[MediaKind::Jpeg, MediaKind::Png])
        .bytes(rules::T3_SIZE, rules::T3_MAX_BYTES)
        .ratio(rules::T3_RATIO, 1.0 / rules::T3_MAX_RATIO, rules::T3_MAX_RATIO)
        .width(rules::T3_WIDTH, rules::T3_MIN_WIDTH, rules::T3_MAX_WIDTH)
}

fn video(judge: Judge<'_>) -> Judge<'_> {
    judge
        .video_kind(rules::T4, &[MediaKind::Mp4, MediaKind::Mov])
        .bytes(rules::T4_SIZE, rules::T4_MAX_BYTES)
        .seconds(rules::T4_DURATION, 0, rules::T4_MAX_SECONDS)
        .fps(rules::T4_FPS, rules::T4_MIN_FPS, rules::T4_MAX_FPS)
        .width(rules::T4_WIDTH, 0, rules::T4_MAX_WIDTH)
}
