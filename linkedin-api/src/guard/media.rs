//! Files against the limits of what they are to become (LinkedIn: Images API, Videos API, Documents API).
//!
//! Measure a file with [`MediaFacts`] and ask the function of its kind. What could not be measured is not judged: no
//! duration, no finding about it. Rounding is forgiven: a tenth of a second.

use std::time::Duration;

use sociogram_api_core::Finding;
use sociogram_api_core::media::{MediaFacts, MediaKind};

use super::rules::{self, Rule};

mod count;

pub use count::{gif_frames, pdf_pages};

/// What encoders round a duration by.
const SLACK: Duration = Duration::from_millis(100);

/// An image: JPEG, PNG or GIF, with fewer than 36,152,320 pixels. No size in bytes is published.
pub fn image(facts: &MediaFacts) -> Vec<Finding> {
    let mut findings = kind(rules::IMAGE_FORMAT, facts, &[MediaKind::Jpeg, MediaKind::Png, MediaKind::Gif]);
    if let Some((width, height)) = facts.shown_size()
        && u64::from(width) * u64::from(height) >= rules::IMAGE_PIXELS
    {
        findings.push(finding(rules::IMAGE_SIZE, format_args!("{width} x {height} pixels")));
    }
    findings
}

/// A GIF of so many frames; [`gif_frames`] counts them.
pub fn frames(frames: u32) -> Option<Finding> {
    (frames > rules::GIF_MAX_FRAMES).then(|| finding(rules::GIF_FRAMES, format_args!("{frames} frames")))
}

/// A video: MP4, 3 seconds to 30 minutes, 75 KB up to `most_bytes`.
///
/// LinkedIn's pages give 500 MB ([`rules::VIDEO_MAX_BYTES`]) in one place and 5 GB
/// ([`rules::VIDEO_LARGEST_BYTES`]) in another.
pub fn video(facts: &MediaFacts, most_bytes: u64) -> Vec<Finding> {
    let mut findings = kind(rules::VIDEO_FORMAT, facts, &[MediaKind::Mp4]);
    if findings.is_empty() && facts.lacks_video() {
        findings.push(finding(rules::VIDEO_FORMAT, "no video track"));
    }
    if let Some(lasts) = facts.duration {
        let least = Duration::from_secs(rules::VIDEO_MIN_SECONDS);
        let most = Duration::from_secs(rules::VIDEO_MAX_SECONDS);
        if lasts + SLACK < least || lasts > most + SLACK {
            findings.push(finding(rules::VIDEO_DURATION, format_args!("{:.1} seconds", lasts.as_secs_f64())));
        }
    }
    if let Some(bytes) = facts.bytes {
        if bytes < rules::VIDEO_MIN_BYTES {
            findings.push(finding(rules::VIDEO_SMALL, format_args!("{bytes} bytes")));
        } else if bytes > most_bytes {
            let large = finding(rules::VIDEO_LARGE, format_args!("{bytes} bytes"));
            findings.push(large.allowed(format_args!("at most {most_bytes} bytes")));
        }
    }
    findings
}

/// A document: PDF, PPT, PPTX, DOC or DOCX, at most 100 MB. The first bytes of the others tell only that it is an Office
/// file or an archive, so a ZIP passes.
pub fn document(facts: &MediaFacts) -> Vec<Finding> {
    let kinds = [MediaKind::Pdf, MediaKind::Zip, MediaKind::OleDocument];
    let mut findings = kind(rules::DOCUMENT_FORMAT, facts, &kinds);
    if let Some(bytes) = facts.bytes.filter(|bytes| *bytes > rules::DOCUMENT_MAX_BYTES) {
        findings.push(finding(rules::DOCUMENT_SIZE, format_args!("{bytes} bytes")));
    }
    findings
}

/// A document of so many pages; [`pdf_pages`] counts those of most PDF files.
pub fn pages(pages: u32) -> Option<Finding> {
    (pages > rules::DOCUMENT_MAX_PAGES).then(|| finding(rules::DOCUMENT_PAGES, format_args!("{pages} pages")))
}

fn kind(rule: Rule, facts: &MediaFacts, allowed: &[MediaKind]) -> Vec<Finding> {
    if allowed.contains(&facts.kind) {
        return Vec::new();
    }
    vec![finding(rule, facts.kind.mime().unwrap_or("something else"))]
}

fn finding(rule: Rule, measured: impl std::fmt::Display) -> Finding {
    rule.finding("media").measured(measured)
}

#[cfg(test)]
mod tests;
