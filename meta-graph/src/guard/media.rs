//! Media files against the limits of what they are to become.
//!
//! Measure a file with [`MediaFacts`] and ask the function of the place where it is to appear. What could not be
//! measured is not judged: no duration, no finding about it. Rounding is forgiven: a tenth of a second, a tenth of a
//! frame per second, one pixel.

use std::borrow::Cow;

use sociogram_api_core::Finding;
use sociogram_api_core::media::{AudioCodec, MediaFacts, MediaKind, VideoCodec};

use super::rules::Rule;

mod facebook;
mod instagram;
mod messaging;
mod threads;
mod whatsapp;

pub use facebook::{
    facebook_photo, facebook_reel, facebook_story_photo, facebook_story_video, facebook_video,
    facebook_video_in_one_request,
};
pub use instagram::{
    instagram_carousel, instagram_cover, instagram_image, instagram_reel, instagram_story_image,
    instagram_story_video, instagram_thumb_offset,
};
pub use messaging::{
    instagram_direct_audio, instagram_direct_document, instagram_direct_image, instagram_direct_images,
    instagram_direct_video, messenger_attachment, messenger_attachment_by_url,
};
pub use threads::{threads_carousel, threads_image, threads_video};
pub use whatsapp::{whatsapp_audio, whatsapp_document, whatsapp_image, whatsapp_sticker, whatsapp_video};

/// What encoders round a duration by, in seconds.
const SECONDS_SLACK: f64 = 0.1;
/// What encoders round a frame rate by: 23.976 is meant to be 24.
const FPS_SLACK: f64 = 0.1;
/// How far a shape may be from 9:16 and still count as such.
const UPRIGHT_SLACK: f64 = 0.01;

/// One file under one or more rules.
struct Judge<'a> {
    facts: &'a MediaFacts,
    field: Cow<'static, str>,
    findings: Vec<Finding>,
}

impl<'a> Judge<'a> {
    const fn new(facts: &'a MediaFacts) -> Self {
        Self { facts, field: Cow::Borrowed("media"), findings: Vec::new() }
    }

    fn at(facts: &'a MediaFacts, index: usize) -> Self {
        Self { field: Cow::Owned(format!("children[{index}]")), ..Self::new(facts) }
    }

    fn done(self) -> Vec<Finding> {
        self.findings
    }

    fn finding(&self, rule: Rule, measured: impl std::fmt::Display) -> Finding {
        rule.finding(self.field.clone()).measured(measured)
    }

    fn push(&mut self, rule: Rule, measured: impl std::fmt::Display) {
        let finding = self.finding(rule, measured);
        self.findings.push(finding);
    }

    /// The content is of one of these kinds.
    fn kind(mut self, rule: Rule, allowed: &[MediaKind]) -> Self {
        if !allowed.contains(&self.facts.kind) {
            self.push(rule, self.facts.kind.mime().unwrap_or("something else"));
        }
        self
    }

    /// The content is of one of these kinds, and not only sound.
    fn video_kind(self, rule: Rule, allowed: &[MediaKind]) -> Self {
        let silent_about_video = allowed.contains(&self.facts.kind) && self.facts.lacks_video();
        let mut judge = self.kind(rule, allowed);
        if silent_about_video {
            judge.push(rule, "no video track");
        }
        judge
    }

    fn bytes(mut self, rule: Rule, most: u64) -> Self {
        if let Some(bytes) = self.facts.bytes.filter(|bytes| *bytes > most) {
            self.push(rule, format_args!("{bytes} bytes"));
        }
        self
    }

    /// A size that is surely too large, or else one that may be.
    fn bytes_or(self, hard: Rule, hard_most: u64, soft: Rule, soft_most: u64) -> Self {
        let too_large = self.facts.bytes.is_some_and(|bytes| bytes > hard_most);
        if too_large { self.bytes(hard, hard_most) } else { self.bytes(soft, soft_most) }
    }

    fn seconds(mut self, rule: Rule, least: u64, most: u64) -> Self {
        let Some(lasts) = self.facts.duration else { return self };
        let slack = std::time::Duration::from_secs_f64(SECONDS_SLACK);
        let (least, most) = (std::time::Duration::from_secs(least), std::time::Duration::from_secs(most));
        if lasts + slack < least || lasts > most + slack {
            self.push(rule, format_args!("{:.1} seconds", lasts.as_secs_f64()));
        }
        self
    }

    fn fps(mut self, rule: Rule, least: u32, most: u32) -> Self {
        if let Some(fps) = self.facts.video.and_then(|video| video.fps)
            && (fps + FPS_SLACK < f64::from(least) || fps > f64::from(most) + FPS_SLACK)
        {
            self.push(rule, format_args!("{fps:.2} frames per second"));
        }
        self
    }

    /// Width to height as shown, give or take a pixel.
    fn ratio(mut self, rule: Rule, least: f64, most: f64) -> Self {
        if let Some((width, height)) = self.facts.shown_size()
            && !is_within(width, height, least, most)
        {
            self.push(rule, format_args!("{width} x {height} pixels"));
        }
        self
    }

    /// As [`ratio`](Self::ratio). A photo that EXIF turns is only refused if it is wrong both ways, as it is not
    /// documented whether the turn is applied before the shape is judged.
    fn photo_ratio(mut self, rule: Rule, least: f64, most: f64) -> Self {
        let Some((width, height)) = self.facts.shown_size() else { return self };
        if is_within(width, height, least, most) {
            return self;
        }
        let as_stored = self.facts.width.zip(self.facts.height);
        if as_stored.is_some_and(|(width, height)| is_within(width, height, least, most)) {
            let warning = Finding::warning(rule.name, self.field.clone(), rule.message)
                .measured(format_args!("{width} x {height} pixels when turned"))
                .allowed(rule.allowed)
                .advice(rule.advice);
            self.findings.push(warning);
            return self;
        }
        self.push(rule, format_args!("{width} x {height} pixels"));
        self
    }

    /// Shown as 9:16.
    fn upright(mut self, rule: Rule) -> Self {
        if let Some((width, height)) = self.facts.shown_size() {
            let off = f64::from(width) * 16.0 / (f64::from(height) * 9.0) - 1.0;
            if off.is_nan() || off.abs() > UPRIGHT_SLACK {
                self.push(rule, format_args!("{width} x {height} pixels"));
            }
        }
        self
    }

    fn width(mut self, rule: Rule, least: u32, most: u32) -> Self {
        if let Some((width, _)) = self.facts.shown_size()
            && !(least..=most).contains(&width)
        {
            self.push(rule, format_args!("{width} pixels wide"));
        }
        self
    }

    fn least_size(mut self, rule: Rule, least_width: u32, least_height: u32) -> Self {
        if let Some((width, height)) = self.facts.shown_size()
            && (width < least_width || height < least_height)
        {
            self.push(rule, format_args!("{width} x {height} pixels"));
        }
        self
    }

    fn video_codec(mut self, rule: Rule, allowed: &[VideoCodec]) -> Self {
        if let Some(video) = self.facts.video.filter(|video| !allowed.contains(&video.codec)) {
            self.push(rule, name_of_video(video.codec));
        }
        self
    }

    /// No sound, or AAC with at most this rate and so many channels.
    fn aac(mut self, rule: Rule, most_hertz: u32, most_channels: u16) -> Self {
        let Some(audio) = self.facts.audio else { return self };
        if audio.codec != AudioCodec::Aac {
            self.push(rule, name_of_audio(audio.codec));
        } else if let Some(rate) = audio.sample_rate.filter(|rate| *rate > most_hertz) {
            self.push(rule, format_args!("{rate} Hz"));
        } else if let Some(channels) = audio.channels.filter(|channels| *channels > most_channels) {
            self.push(rule, format_args!("{channels} channels"));
        }
        self
    }
}

/// Whether width to height lies in this range, or would with one pixel more or less.
fn is_within(width: u32, height: u32, least: f64, most: f64) -> bool {
    let (width, height) = (f64::from(width), f64::from(height));
    (width + 1.0) >= least * height && (width - 1.0) <= most * height
}

fn four_letters(name: [u8; 4]) -> String {
    name.escape_ascii().to_string()
}

fn name_of_video(codec: VideoCodec) -> String {
    match codec {
        VideoCodec::H264 => "H.264".to_owned(),
        VideoCodec::H265 => "H.265".to_owned(),
        VideoCodec::Vp9 => "VP9".to_owned(),
        VideoCodec::Av1 => "AV1".to_owned(),
        VideoCodec::Other(name) => four_letters(name),
        _ => "something else".to_owned(),
    }
}

fn name_of_audio(codec: AudioCodec) -> String {
    match codec {
        AudioCodec::Aac => "AAC".to_owned(),
        AudioCodec::Mp3 => "MP3".to_owned(),
        AudioCodec::Opus => "Opus".to_owned(),
        AudioCodec::Vorbis => "Vorbis".to_owned(),
        AudioCodec::Amr => "AMR".to_owned(),
        AudioCodec::Other(name) => four_letters(name),
        _ => "something else".to_owned(),
    }
}

#[cfg(test)]
mod end_to_end_tests;
#[cfg(test)]
mod tests;
