//! Media of Instagram.

use std::time::Duration;

use sociogram_api_core::Finding;
use sociogram_api_core::media::{EditList, MediaFacts, MediaKind, VideoCodec};

use super::Judge;
use crate::guard::rules;

/// The most that sound adds to the bit rate of a file, in bits per second. The limit is for the picture alone,
/// but only the rate of the whole file is known.
const SOUND_ALLOWANCE: u64 = 512_000;

/// An image of a feed (Content Publishing: Image specifications): JPEG, size, shape, width.
pub fn instagram_image(facts: &MediaFacts) -> Vec<Finding> {
    image(Judge::new(facts)).done()
}

/// The items of a carousel in their order (Content Publishing: Carousel posts): their number, each as image or
/// video, and which will be cropped to the shape of the first.
pub fn instagram_carousel(items: &[MediaFacts]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !(rules::I10_MIN_COUNT..=rules::I10_MAX_COUNT).contains(&items.len()) {
        findings.push(rules::I10.finding("children").measured(format_args!("{} items", items.len())));
    }
    let first = items.first().and_then(MediaFacts::shown_size);
    for (index, facts) in items.iter().enumerate() {
        let judge = Judge::at(facts, index);
        let mut judge = if facts.kind.is_image() { image(judge) } else { long_video(judge) };
        if let (Some((width, height)), Some(first)) = (facts.shown_size(), first)
            && !is_same_shape((width, height), first)
        {
            judge.push(rules::I11, format_args!("{width} x {height} pixels"));
        }
        findings.extend(judge.done());
    }
    findings
}

/// A reel (Content Publishing: Reel specifications): container, duration, size, frame rate, pixels, bit rate,
/// shape, codecs.
pub fn instagram_reel(facts: &MediaFacts) -> Vec<Finding> {
    let mut judge = long_video(Judge::new(facts));
    let is_wide = judge.findings.iter().any(|finding| finding.rule() == rules::I16_HARD.name);
    if !is_wide {
        judge = judge.upright(rules::I16);
    }
    let is_long = judge.findings.iter().any(|finding| finding.rule() == rules::I13_HARD.name);
    if !is_long {
        judge = judge.seconds(rules::I13, 0, rules::I13_TAB_SECONDS);
    }
    judge.done()
}

/// An image of a story (Content Publishing: Story image specifications): JPEG and size.
pub fn instagram_story_image(facts: &MediaFacts) -> Vec<Finding> {
    Judge::new(facts)
        .kind(rules::I20_FORMAT, &[MediaKind::Jpeg])
        .bytes(rules::I20, rules::I20_MAX_BYTES)
        .done()
}

/// A video of a story (Content Publishing: Story video specifications): as a reel, but at most 60 seconds and
/// 100 MB.
pub fn instagram_story_video(facts: &MediaFacts) -> Vec<Finding> {
    video(Judge::new(facts))
        .seconds(rules::I21, rules::I21_MIN_SECONDS, rules::I21_MAX_SECONDS)
        .bytes(rules::I21_SIZE, rules::I21_MAX_BYTES)
        .done()
}

/// The cover of a reel (IG User Media, `cover_url`): JPEG and size.
pub fn instagram_cover(facts: &MediaFacts) -> Vec<Finding> {
    Judge::new(facts)
        .kind(rules::I19_FORMAT, &[MediaKind::Jpeg])
        .bytes(rules::I19, rules::I19_MAX_BYTES)
        .done()
}

/// The moment of a video that becomes the cover of a reel (IG User Media, `thumb_offset`): not behind its end.
pub fn instagram_thumb_offset(facts: &MediaFacts, offset: Duration) -> Vec<Finding> {
    match facts.duration {
        Some(lasts) if offset > lasts => {
            let measured = format!("{} ms of {} ms", offset.as_millis(), lasts.as_millis());
            vec![rules::I18.finding("thumb_offset").measured(measured)]
        }
        _ => Vec::new(),
    }
}

fn image(judge: Judge<'_>) -> Judge<'_> {
    judge
        .kind(rules::I5, &[MediaKind::Jpeg])
        .bytes(rules::I6, rules::I6_MAX_BYTES)
        .photo_ratio(rules::I7, rules::I7_MIN_RATIO, rules::I7_MAX_RATIO)
        .width(rules::I8, rules::I8_MIN_WIDTH, rules::I8_MAX_WIDTH)
}

/// What holds for reels and for videos in a carousel.
fn long_video(judge: Judge<'_>) -> Judge<'_> {
    video(judge).seconds(rules::I13_HARD, rules::I13_MIN_SECONDS, rules::I13_MAX_SECONDS).bytes_or(
        rules::I14_HARD,
        rules::I14_HARD_BYTES,
        rules::I14,
        rules::I14_MAX_BYTES,
    )
}

/// What holds for every video of Instagram.
fn video(judge: Judge<'_>) -> Judge<'_> {
    let facts = judge.facts;
    let mut judge = judge.video_kind(rules::I12, &[MediaKind::Mp4, MediaKind::Mov]);
    if let Some(movie) = facts.movie {
        if !movie.index_first {
            judge.push(rules::I12_ORDER, "the index is behind");
        }
        // Nearly every encoder writes a list that only shifts the start, and such files are taken.
        if movie.edits == EditList::Cuts {
            judge.push(rules::I12_EDITS, "cuts");
        }
    }
    judge = judge
        .fps(rules::I15, rules::I15_MIN_FPS, rules::I15_MAX_FPS)
        .width(rules::I15_WIDTH, 0, rules::I15_MAX_WIDTH)
        .ratio(rules::I16_HARD, rules::I16_MIN_RATIO, rules::I16_MAX_RATIO)
        .video_codec(rules::I17, &[VideoCodec::H264, VideoCodec::H265])
        .aac(rules::I17_AUDIO, rules::I17_MAX_SAMPLE_RATE, rules::I17_MAX_CHANNELS);
    let sound = if facts.lacks_audio() { 0 } else { SOUND_ALLOWANCE };
    if let Some(rate) = facts.bitrate().filter(|rate| *rate > rules::I15_MAX_BITRATE + sound) {
        judge.push(rules::I15_BITRATE, format_args!("{} kbit/s", rate / 1000));
    }
    judge
}

fn is_same_shape((width, height): (u32, u32), (first_width, first_height): (u32, u32)) -> bool {
    let shape = f64::from(width) * f64::from(first_height);
    let first = f64::from(first_width) * f64::from(height);
    (shape - first).abs() <= first * 0.01
}
