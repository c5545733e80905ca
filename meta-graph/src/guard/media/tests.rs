use std::time::Duration;

use sociogram_api_core::media::{AudioFacts, EditList, MovieFacts, VideoFacts};

use super::*;
use crate::guard::{blocks, rules};

mod images;
mod messages;
mod videos;

type Check = fn(&MediaFacts) -> Vec<Finding>;
type Change = fn(&mut MediaFacts);

/// One limit: a change of good facts that is just allowed, one that is just not, and the rule.
type Row = (&'static str, Change, Change, Rule);

#[track_caller]
fn assert_rules(findings: &[Finding], expected: &[Rule]) {
    let found: Vec<_> = findings.iter().map(|finding| (finding.rule(), finding.severity())).collect();
    let expected: Vec<_> = expected.iter().map(|rule| (rule.name, rule.severity)).collect();
    assert_eq!(found, expected, "{findings:?}");
}

#[track_caller]
fn assert_table(check: Check, good: &MediaFacts, rows: &[Row]) {
    assert_eq!(check(good), [], "the facts to start from");
    for (name, allowed, refused, rule) in rows {
        let mut facts = good.clone();
        allowed(&mut facts);
        assert_eq!(check(&facts), [], "{name}: just allowed");
        let mut facts = good.clone();
        refused(&mut facts);
        let findings = check(&facts);
        let found: Vec<_> = findings.iter().map(|finding| (finding.rule(), finding.severity())).collect();
        assert_eq!(found, [(rule.name, rule.severity)], "{name}: just not");
        assert!(findings[0].measured_value().is_some(), "{name}");
    }
}

/// Nothing is known but the kind, so nothing else is judged.
#[track_caller]
fn assert_silent(check: Check, kind: MediaKind) {
    assert_eq!(check(&MediaFacts::new(kind)), []);
}

fn image(kind: MediaKind, width: u32, height: u32) -> MediaFacts {
    let mut facts = MediaFacts::new(kind);
    (facts.bytes, facts.width, facts.height) = (Some(100_000), Some(width), Some(height));
    facts
}

/// Ten seconds of 1080 x 1920 pixels with 30 frames per second.
fn video() -> MediaFacts {
    let mut facts = image(MediaKind::Mp4, 1080, 1920);
    facts.bytes = Some(5_000_000);
    facts.duration = Some(Duration::from_secs(10));
    let mut picture = VideoFacts::new(VideoCodec::H264);
    picture.fps = Some(30.0);
    facts.video = Some(picture);
    let mut sound = AudioFacts::new(AudioCodec::Aac);
    (sound.channels, sound.sample_rate) = (Some(2), Some(48_000));
    facts.audio = Some(sound);
    facts.movie = Some(MovieFacts::new());
    facts
}

fn lasts(facts: &mut MediaFacts, millis: u64) {
    facts.duration = Some(Duration::from_millis(millis));
}

fn fps(facts: &mut MediaFacts, fps: f64) {
    facts.video.as_mut().unwrap().fps = Some(fps);
}

fn size(facts: &mut MediaFacts, width: u32, height: u32) {
    (facts.width, facts.height) = (Some(width), Some(height));
}

fn codec(facts: &mut MediaFacts, codec: VideoCodec) {
    facts.video.as_mut().unwrap().codec = codec;
}

fn sound(facts: &mut MediaFacts) -> &mut AudioFacts {
    facts.audio.as_mut().unwrap()
}

fn layout(facts: &mut MediaFacts) -> &mut MovieFacts {
    facts.movie.as_mut().unwrap()
}

const MIB: u64 = 1024 * 1024;
