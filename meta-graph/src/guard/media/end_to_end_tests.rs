//! From the bytes of a file to what a person reads.

use super::*;
use crate::guard::blocks;

fn texts(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]]
        .concat()
}

fn boxed(name: &[u8], content: &[u8]) -> Vec<u8> {
    [&u32::try_from(content.len() + 8).unwrap().to_be_bytes()[..], name, content].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// An MP4 of one H.264 track.
fn mp4(width: u16, height: u16, millis: u32, frames: u32) -> [Vec<u8>; 3] {
    let times = words(&[0, 0, 0, 1000, millis, 0]);
    let entry = [&[0; 24][..], &width.to_be_bytes(), &height.to_be_bytes(), &[0; 50]].concat();
    let description = [words(&[0, 1]), boxed(b"avc1", &entry)].concat();
    let table = [boxed(b"stsd", &description), boxed(b"stsz", &words(&[0, 0, frames]))].concat();
    let handler = [&[0; 8][..], b"vide", &[0; 13]].concat();
    let medium =
        [boxed(b"mdhd", &times), boxed(b"hdlr", &handler), boxed(b"minf", &boxed(b"stbl", &table))].concat();
    let index = [boxed(b"mvhd", &times), boxed(b"trak", &boxed(b"mdia", &medium))].concat();
    [boxed(b"ftyp", b"isom\0\0\x02\0isom"), boxed(b"moov", &index), boxed(b"mdat", &[0; 16])]
}

#[test]
fn a_png_with_the_name_of_a_jpeg_is_found_out() {
    let facts = MediaFacts::from_bytes(&png(1080, 1080));
    assert_eq!(
        texts(&instagram_image(&facts)),
        ["media: the file is not a JPEG (image/png, allowed: JPEG): convert it to JPEG"]
    );
    assert_eq!(facebook_photo(&facts), []);
}

#[test]
fn a_page_of_a_login_is_not_an_image() {
    let facts = MediaFacts::from_bytes(b"<!doctype html><title>Log in</title>");
    for check in [facebook_photo, instagram_image, threads_image, whatsapp_image, instagram_direct_image] {
        let findings = check(&facts);
        assert!(blocks(&findings));
        assert_eq!(findings[0].measured_value(), Some("something else"));
    }
}

#[test]
fn a_good_video_passes_everywhere() {
    let facts = MediaFacts::from_bytes(&mp4(1080, 1920, 10_000, 300).concat());
    for check in [
        facebook_video,
        facebook_video_in_one_request,
        facebook_reel,
        facebook_story_video,
        instagram_reel,
        instagram_story_video,
        threads_video,
        whatsapp_video,
        messenger_attachment,
        instagram_direct_video,
    ] {
        assert_eq!(check(&facts), []);
    }
}

#[test]
fn a_bad_video_says_everything_at_once() {
    let [brand, index, data] = mp4(1920, 1080, 2_000, 20);
    let facts = MediaFacts::from_bytes(&[brand, data, index].concat());
    assert_eq!(
        texts(&instagram_reel(&facts)),
        [
            "media: the index of the video stands after its data (the index is behind, allowed: the index (moov) \
             before the data (mdat)): save it again for streaming (fast start)",
            "media: the frame rate is too low or too high (10.00 frames per second, allowed: 23 to 60 frames per \
             second): convert it to 30 frames per second",
            "media: the reel is too short or too long (2.0 seconds, allowed: 3 seconds to 15 minutes): cut it",
            "media: the reel is not upright and will be cropped or framed (1920 x 1080 pixels, allowed: 9:16): crop \
             it to 9:16",
        ]
    );
}

#[test]
fn half_a_file_is_judged_by_what_is_there() {
    let file = mp4(1080, 1920, 10_000, 300).concat();
    for length in 0..file.len() {
        let facts = MediaFacts::from_head(&file[..length], Some(5_000_000));
        let findings = instagram_reel(&facts);
        let known = length < 12 || findings.is_empty();
        assert!(known, "{length}: {:?}", texts(&findings));
    }
}
