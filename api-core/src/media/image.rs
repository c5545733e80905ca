//! Pixels and turn of images.

use std::io::{self, BufReader, Read, Seek};

use imagesize::ImageError;

use super::source::Source;
use super::{MediaFacts, MediaKind};

/// More segments of a JPEG than this are not looked at for its turn.
const MAX_SEGMENTS: usize = 64;
/// More entries of an EXIF directory than this are not looked at.
const MAX_ENTRIES: u16 = 128;

/// Reads width, height, turn and movement into the facts.
pub(super) fn measure<R: Read + Seek>(source: &mut Source<R>, facts: &mut MediaFacts) -> io::Result<()> {
    if matches!(facts.kind, MediaKind::Heic | MediaKind::Avif) {
        return Ok(());
    }
    if facts.kind == MediaKind::WebP {
        // Only the extended form has flags; one of them says that it moves.
        facts.animated = match source.array_at(12)? {
            Some([b'V', b'P', b'8', b'X', _, _, _, _, flags]) => Some(flags & 2 != 0),
            Some([b'V', b'P', b'8', ..]) => Some(false),
            _ => None,
        };
    }
    if facts.kind == MediaKind::Jpeg {
        facts.rotation = turn(source)?;
    }
    // Few bytes at once, as it jumps from segment to segment.
    source.rewind()?;
    match imagesize::reader_size(BufReader::with_capacity(64, source)) {
        Ok(size) => {
            let pixels = |size: usize| u32::try_from(size).ok().filter(|size| *size > 0);
            facts.width = pixels(size.width);
            // A bitmap that is stored from above has a negative height.
            facts.height = match pixels(size.height) {
                Some(height) if facts.kind == MediaKind::Bmp => Some(height.cast_signed().unsigned_abs()),
                height => height,
            };
            Ok(())
        }
        Err(ImageError::IoError(error)) if is_failure(&error) => Err(error),
        Err(_) => Ok(()),
    }
}

/// Whether reading failed, as opposed to what was read being nonsense.
fn is_failure(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    !matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof)
}

/// How far a JPEG is turned, in degrees clockwise (Exif 2.3, tag Orientation).
fn turn<R: Read + Seek>(source: &mut Source<R>) -> io::Result<u16> {
    let mut offset = 2;
    for _ in 0..MAX_SEGMENTS {
        let Some([0xff, marker, high, low]) = source.array_at(offset)? else { break };
        // The picture itself, or no segment at all.
        if matches!(marker, 0x00..=0xbf | 0xd0..=0xda | 0xff) {
            break;
        }
        if marker == 0xe1 && source.array_at(offset + 4)? == Some(*b"Exif\0\0") {
            return Ok(match orientation(source, offset + 10)? {
                Some(3 | 4) => 180,
                Some(5 | 8) => 270,
                Some(6 | 7) => 90,
                _ => 0,
            });
        }
        offset += 2 + u64::from(u16::from_be_bytes([high, low])).max(2);
    }
    Ok(0)
}

fn orientation<R: Read + Seek>(source: &mut Source<R>, start: u64) -> io::Result<Option<u16>> {
    let little = match source.array_at(start)? {
        Some([b'I', b'I', 42, 0]) => true,
        Some([b'M', b'M', 0, 42]) => false,
        _ => return Ok(None),
    };
    let short = |bytes: [u8; 2]| if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) };
    let long = |bytes: [u8; 4]| if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
    let directory = start + source.array_at(start + 4)?.map_or(0, |offset| u64::from(long(offset)));
    let count = source.array_at(directory)?.map_or(0, short);
    for entry in 0..count.min(MAX_ENTRIES) {
        let at = directory + 2 + 12 * u64::from(entry);
        let Some(tag) = source.array_at(at)? else { break };
        if short(tag) == 0x0112 {
            return Ok(source.array_at(at + 8)?.map(short));
        }
    }
    Ok(None)
}
