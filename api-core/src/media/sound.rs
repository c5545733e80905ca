//! How sounds are coded.

use std::io::{self, Read, Seek};

use super::boxes::{self, Box4, Fields};
use super::source::Source;
use super::track::{AudioCodec, AudioFacts};

/// The first stream of an Ogg file, by its first page.
pub(super) fn ogg(head: &[u8]) -> Option<AudioFacts> {
    let segments = usize::from(*head.get(26)?);
    let packet = head.get(27 + segments..)?;
    let le_u32 = |bytes: &[u8]| bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    if let Some([_version, channels, ..]) = packet.strip_prefix(b"OpusHead") {
        // Opus always plays with 48 kHz; the header only remembers what it was made of.
        return Some(AudioFacts {
            codec: AudioCodec::Opus,
            channels: Some(u16::from(*channels)),
            sample_rate: Some(48_000),
        });
    }
    let [_, _, _, _, channels, rate @ ..] = packet.strip_prefix(b"\x01vorbis")? else { return None };
    Some(AudioFacts {
        codec: AudioCodec::Vorbis,
        channels: Some(u16::from(*channels)),
        sample_rate: le_u32(rate),
    })
}

/// The description of a sound track in an MP4 or QuickTime file.
pub(super) fn of_entry<R: Read + Seek>(source: &mut Source<R>, entry: Box4) -> io::Result<AudioFacts> {
    let fields: Fields<44> = entry.head(source)?;
    let version = fields.u16(8).unwrap_or(0);
    let (channels, sample_rate, length) = if version == 2 {
        // The second version of QuickTime puts constants where the others have channels and rate.
        let rate = fields.array(32).map(f64::from_be_bytes).filter(|rate| (1.0..=1e7).contains(rate));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range was just checked"
        )]
        let rate = rate.map(|rate| rate.round() as u32);
        (fields.u32(40).and_then(|channels| u16::try_from(channels).ok()), rate, 64)
    } else {
        // 16.16 bits; a rate that does not fit is written as zero.
        (fields.u16(16), fields.u16(24).map(u32::from), if version == 1 { 44 } else { 28 })
    };
    let codec = match &entry.name {
        b"mp4a" => {
            let inner = Box4 { start: entry.start.saturating_add(length).min(entry.end), ..entry };
            in_mpeg4(source, inner)?
        }
        b".mp3" => AudioCodec::Mp3,
        b"Opus" => AudioCodec::Opus,
        b"samr" | b"sawb" => AudioCodec::Amr,
        name => AudioCodec::Other(*name),
    };
    Ok(AudioFacts {
        codec,
        channels: channels.filter(|channels| *channels > 0),
        sample_rate: sample_rate.filter(|rate| *rate > 0),
    })
}

/// What `mp4a` really is: its descriptor says so. Without one it is AAC, as nearly always.
fn in_mpeg4<R: Read + Seek>(source: &mut Source<R>, inner: Box4) -> io::Result<AudioCodec> {
    let descriptor = match boxes::find(source, inner, *b"esds")? {
        Some(descriptor) => Some(descriptor),
        // QuickTime wraps it.
        None => boxes::descend(source, inner, &[*b"wave", *b"esds"])?,
    };
    let Some(descriptor) = descriptor else { return Ok(AudioCodec::Aac) };
    let fields: Fields<64> = descriptor.head(source)?;
    Ok(match object_type(fields.bytes().get(4..).unwrap_or_default()) {
        Some(0x69 | 0x6b) => AudioCodec::Mp3,
        Some(0xad) => AudioCodec::Opus,
        Some(0xdd) => AudioCodec::Vorbis,
        Some(0xa5) => AudioCodec::Other(*b"ac-3"),
        Some(0xa6) => AudioCodec::Other(*b"ec-3"),
        _ => AudioCodec::Aac,
    })
}

/// The object type in an elementary stream descriptor (ISO/IEC 14496-1).
fn object_type(descriptor: &[u8]) -> Option<u8> {
    let body = body_of(descriptor, 3)?;
    let [_, _, flags, rest @ ..] = body else { return None };
    let mut rest: &[u8] = rest;
    if flags & 0x80 != 0 {
        rest = rest.get(2..)?;
    }
    if flags & 0x40 != 0 {
        let length = usize::from(*rest.first()?);
        rest = rest.get(1 + length..)?;
    }
    if flags & 0x20 != 0 {
        rest = rest.get(2..)?;
    }
    body_of(rest, 4)?.first().copied()
}

/// What follows a tag and its length of one to four bytes.
fn body_of(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(&[tag])?;
    let length = rest.iter().take(4).position(|byte| byte & 0x80 == 0)? + 1;
    rest.get(length..)
}
