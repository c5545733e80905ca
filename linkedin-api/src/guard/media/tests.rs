use proptest::prelude::*;

use super::*;

fn facts(kind: MediaKind, bytes: u64) -> MediaFacts {
    let mut facts = MediaFacts::new(kind);
    facts.bytes = Some(bytes);
    facts
}

fn rules_of(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(Finding::rule).collect()
}

#[test]
fn an_image_has_its_format_and_its_pixels() {
    for (kind, fits) in [
        (MediaKind::Jpeg, true),
        (MediaKind::Png, true),
        (MediaKind::Gif, true),
        (MediaKind::WebP, false),
        (MediaKind::Heic, false),
        (MediaKind::Mp4, false),
        (MediaKind::Unknown, false),
    ] {
        assert_eq!(image(&facts(kind, 1_000_000_000)).is_empty(), fits, "{kind:?}");
    }
    let mut large = facts(MediaKind::Png, 1);
    (large.width, large.height) = (Some(6000), Some(6025));
    assert!(image(&large).is_empty());
    (large.width, large.height) = (Some(8720), Some(4146));
    assert_eq!(image(&large)[0].measured_value(), Some("8720 x 4146 pixels"));
    // Exactly the limit is too many.
    (large.width, large.height) = (Some(36_152_320), Some(1));
    assert_eq!(rules_of(&image(&large)), ["linkedin.image.pixels"]);
}

#[test]
fn a_video_has_its_length_and_its_size() {
    let check = |bytes: u64, seconds: f64| {
        let mut facts = facts(MediaKind::Mp4, bytes);
        facts.duration = Some(Duration::from_secs_f64(seconds));
        rules_of(&video(&facts, rules::VIDEO_MAX_BYTES))
    };
    for (bytes, seconds, expected) in [
        (75_000, 3.0, vec![]),
        (rules::VIDEO_MAX_BYTES, 1800.0, vec![]),
        (1_000_000, 2.95, vec![]),
        (1_000_000, 1800.05, vec![]),
        (74_999, 3.0, vec!["linkedin.video.small"]),
        (1_000_000, 2.8, vec!["linkedin.video.duration"]),
        (rules::VIDEO_MAX_BYTES + 1, 1801.0, vec!["linkedin.video.duration", "linkedin.video.large"]),
    ] {
        assert_eq!(check(bytes, seconds), expected, "{bytes} bytes, {seconds} s");
    }
    assert!(video(&facts(MediaKind::Mp4, rules::VIDEO_LARGEST_BYTES), rules::VIDEO_LARGEST_BYTES).is_empty());
    for kind in [MediaKind::Mov, MediaKind::WebM, MediaKind::M4a, MediaKind::Gif] {
        assert_eq!(
            rules_of(&video(&facts(kind, 1_000_000), u64::MAX)),
            ["linkedin.video.format"],
            "{kind:?}"
        );
    }
    let mut sound = facts(MediaKind::Mp4, 1_000_000);
    sound.movie = Some(sociogram_api_core::media::MovieFacts::new());
    assert_eq!(video(&sound, u64::MAX)[0].measured_value(), Some("no video track"));
}

#[test]
fn a_document_is_known_by_its_first_bytes() {
    for (head, fits) in [
        (b"%PDF-1.7".as_slice(), true),
        (b"PK\x03\x04", true),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", true),
        (b"\xff\xd8\xff\xe0", false),
        (b"plain text", false),
    ] {
        assert_eq!(document(&MediaFacts::from_bytes(head)).is_empty(), fits, "{head:?}");
    }
    assert!(document(&facts(MediaKind::Pdf, rules::DOCUMENT_MAX_BYTES)).is_empty());
    let large = facts(MediaKind::Pdf, rules::DOCUMENT_MAX_BYTES + 1);
    assert_eq!(rules_of(&document(&large)), ["linkedin.document.size"]);
}

/// A GIF of 1 x 1 pixel with so many frames.
fn gif(frames: usize) -> Vec<u8> {
    let mut gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    // The extension that makes it repeat.
    gif.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
    for _ in 0..frames {
        gif.extend(b"\x21\xf9\x04\0\x0a\0\0\0");
        gif.extend(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
    }
    gif.push(0x3b);
    gif
}

#[test]
fn the_frames_of_a_gif_are_counted() {
    assert_eq!(gif_frames(&gif(1)), Some(1));
    assert_eq!(gif_frames(&gif(251)), Some(251));
    assert_eq!(frames(250), None);
    assert_eq!(frames(251).unwrap().rule(), "linkedin.image.frames");
    assert_eq!(gif_frames(b"\xff\xd8\xff"), None);
    let whole = gif(2);
    for end in 0..whole.len() {
        assert_eq!(gif_frames(&whole[..end]), None, "cut at {end}");
    }
}

#[test]
fn the_pages_of_a_plain_pdf_are_counted() {
    let pdf = b"%PDF-1.4\n1 0 obj<</Type/Pages/Count 2>>\n2 0 obj<< /Type /Page /Parent 1 0 R>>\n3 0 obj<</Type/Page>>";
    assert_eq!(pdf_pages(pdf), Some(2));
    assert_eq!(pdf_pages(b"%PDF-1.7 compressed /Type /ObjStm"), None);
    assert_eq!(pdf_pages(b"/Type /Page"), None);
    assert_eq!(pages(300), None);
    assert_eq!(pages(301).unwrap().rule(), "linkedin.document.pages");
}

proptest! {
    #[test]
    fn counting_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), flags in any::<u8>()) {
        let mut gif = b"GIF89a\x01\0\x01\0".to_vec();
        gif.push(flags);
        gif.extend(&bytes);
        let _ = gif_frames(&gif);
        let _ = pdf_pages(&[b"%PDF-/Type".as_slice(), &bytes].concat());
    }
}
