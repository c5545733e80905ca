//! What a file is, told by its first bytes.

use super::asset::Kind;

/// How many of the first bytes are looked at.
pub(super) const HEAD: usize = 32;

/// An image must have fewer pixels (LinkedIn: Images API).
const PIXELS: u64 = 36_152_320;

/// Why the platform cannot make anything of the file, told by its first bytes.
pub(super) fn fault(kind: Kind, head: &[u8]) -> Option<&'static str> {
    match kind {
        Kind::Image if size(head).is_some_and(|(width, height)| width.saturating_mul(height) >= PIXELS) => {
            Some("IMAGE_TOO_LARGE")
        }
        Kind::Image if is_image(head) => None,
        Kind::Video if is_mp4(head) => None,
        Kind::Document if is_document(head) => None,
        Kind::Image | Kind::Video | Kind::Document => Some("UNSUPPORTED_FORMAT"),
    }
}

pub(super) fn is_image(head: &[u8]) -> bool {
    head.starts_with(b"\x89PNG\r\n\x1a\n")
        || head.starts_with(b"\xff\xd8\xff")
        || head.starts_with(b"GIF87a")
        || head.starts_with(b"GIF89a")
}

/// MP4, but not its ancestor QuickTime.
fn is_mp4(head: &[u8]) -> bool {
    head.get(4..8) == Some(b"ftyp".as_slice()) && head.get(8..12) != Some(b"qt  ".as_slice())
}

/// PDF, and the old (DOC, PPT) and new (DOCX, PPTX) containers of Office.
fn is_document(head: &[u8]) -> bool {
    head.starts_with(b"%PDF-")
        || head.starts_with(b"PK\x03\x04")
        || head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

/// Width and height of a PNG or GIF, in pixels.
fn size(head: &[u8]) -> Option<(u64, u64)> {
    let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    let little = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    if head.starts_with(b"\x89PNG") {
        return Some((number(head.get(16..20)?), number(head.get(20..24)?)));
    }
    if head.starts_with(b"GIF8") {
        return Some((little(head.get(6..8)?), little(head.get(8..10)?)));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_first_bytes() {
        let png = |side: [u8; 4]| [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &side, &side].concat();
        let cases: [(Kind, Vec<u8>, Option<&str>); 12] = [
            (Kind::Image, png([0, 0, 0x17, 0x70]), None),
            (Kind::Image, png([0, 0, 0x17, 0x7d]), Some("IMAGE_TOO_LARGE")),
            (Kind::Image, b"\xff\xd8\xff\xe0....JFIF".to_vec(), None),
            (Kind::Image, b"GIF89a\x10\x00\x10\x00".to_vec(), None),
            (Kind::Image, b"GIF89a\xff\xff\xff\xff".to_vec(), Some("IMAGE_TOO_LARGE")),
            (Kind::Image, b"RIFF....WEBP".to_vec(), Some("UNSUPPORTED_FORMAT")),
            (Kind::Video, b"\0\0\0\x18ftypisom".to_vec(), None),
            (Kind::Video, b"\0\0\0\x14ftypqt  ".to_vec(), Some("UNSUPPORTED_FORMAT")),
            (Kind::Document, b"%PDF-1.7".to_vec(), None),
            (Kind::Document, b"PK\x03\x04".to_vec(), None),
            (Kind::Document, b"plain text".to_vec(), Some("UNSUPPORTED_FORMAT")),
            (Kind::Document, Vec::new(), Some("UNSUPPORTED_FORMAT")),
        ];
        for (kind, head, expected) in cases {
            assert_eq!(fault(kind, &head), expected, "{kind:?} {head:?}");
        }
    }
}
