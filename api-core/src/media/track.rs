//! One track of an MP4 or QuickTime file.

use std::io::{self, Read, Seek};
use std::time::Duration;

use super::boxes::{self, Box4, Fields};
use super::movie::{EditList, MovieFacts, timed};
use super::source::Source;
use super::{MediaFacts, sound};

/// A video track.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VideoFacts {
    /// How it is coded.
    pub codec: VideoCodec,
    /// The average number of frames per second.
    pub fps: Option<f64>,
}

impl VideoFacts {
    /// A track coded like this, of unknown frame rate.
    pub const fn new(codec: VideoCodec) -> Self {
        Self { codec, fps: None }
    }
}

/// A sound track.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioFacts {
    /// How it is coded.
    pub codec: AudioCodec,
    /// The number of channels.
    pub channels: Option<u16>,
    /// The sample rate, in hertz.
    pub sample_rate: Option<u32>,
}

impl AudioFacts {
    /// A track coded like this, of unknown channels and rate.
    pub const fn new(codec: AudioCodec) -> Self {
        Self { codec, channels: None, sample_rate: None }
    }
}

/// How a video is coded.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VideoCodec {
    /// H.264, also called AVC.
    H264,
    /// H.265, also called HEVC.
    H265,
    /// VP9.
    Vp9,
    /// AV1.
    Av1,
    /// Something else, by the four letters of the file.
    Other([u8; 4]),
}

impl VideoCodec {
    const fn of(name: [u8; 4]) -> Self {
        match &name {
            b"avc1" | b"avc2" | b"avc3" | b"avc4" => Self::H264,
            // Dolby Vision in its usual forms is a layer over HEVC.
            b"hvc1" | b"hev1" | b"dvh1" | b"dvhe" => Self::H265,
            b"vp09" => Self::Vp9,
            b"av01" => Self::Av1,
            _ => Self::Other(name),
        }
    }
}

/// How a sound is coded.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AudioCodec {
    /// AAC of any profile.
    Aac,
    /// MP3.
    Mp3,
    /// Opus.
    Opus,
    /// Vorbis.
    Vorbis,
    /// AMR, narrow or wide band.
    Amr,
    /// Something else, by the four letters of the file.
    Other([u8; 4]),
}

/// Reads one track into the facts, unless one of its kind is already there. Gives how long its medium lasts.
pub(super) fn read<R: Read + Seek>(
    source: &mut Source<R>,
    track: Box4,
    facts: &mut MediaFacts,
    movie: &mut MovieFacts,
) -> io::Result<Option<Duration>> {
    let Some(medium) = boxes::find(source, track, *b"mdia")? else { return Ok(None) };
    let lasts = match boxes::find(source, medium, *b"mdhd")? {
        Some(header) => timed(&header.head::<_, 32>(source)?),
        None => None,
    };
    let handler = match boxes::find(source, medium, *b"hdlr")? {
        Some(handler) => handler.head::<_, 12>(source)?.array::<4>(8),
        None => None,
    };
    let (is_video, is_sound) = (handler == Some(*b"vide"), handler == Some(*b"soun"));
    if !(is_video && facts.video.is_none() || is_sound && facts.audio.is_none()) {
        return Ok(None);
    }
    movie.edits = movie.edits.max(edits(source, track)?);
    let Some(table) = boxes::descend(source, medium, &[*b"minf", *b"stbl"])? else { return Ok(lasts) };
    let Some(descriptions) = boxes::find(source, table, *b"stsd")? else { return Ok(lasts) };
    let first = descriptions.start.saturating_add(8);
    let Some(entry) = boxes::at(source, first, descriptions.end)? else { return Ok(lasts) };
    if is_video {
        let count = samples(source, table)?;
        read_video(source, entry, count.zip(lasts), facts)?;
        read_header(source, track, facts)?;
    } else {
        facts.audio = Some(sound::of_entry(source, entry)?);
    }
    Ok(lasts)
}

fn read_video<R: Read + Seek>(
    source: &mut Source<R>,
    entry: Box4,
    pace: Option<(u32, Duration)>,
    facts: &mut MediaFacts,
) -> io::Result<()> {
    let fields: Fields<28> = entry.head(source)?;
    let pixels = |at| fields.u16(at).filter(|pixels| *pixels > 0).map(u32::from);
    (facts.width, facts.height) = (pixels(24), pixels(26));
    let fps = pace.map(|(count, lasts)| f64::from(count) / lasts.as_secs_f64());
    let fps = fps.filter(|fps| fps.is_finite() && *fps > 0.0);
    facts.video = Some(VideoFacts { codec: VideoCodec::of(entry.name), fps });
    Ok(())
}

/// The number of samples, which are frames.
fn samples<R: Read + Seek>(source: &mut Source<R>, table: Box4) -> io::Result<Option<u32>> {
    let sizes = match boxes::find(source, table, *b"stsz")? {
        Some(sizes) => Some(sizes),
        None => boxes::find(source, table, *b"stz2")?,
    };
    Ok(match sizes {
        Some(sizes) => sizes.head::<_, 12>(source)?.u32(8).filter(|count| *count > 0),
        None => None,
    })
}

/// The turn of the picture, and its size where the description has none.
fn read_header<R: Read + Seek>(
    source: &mut Source<R>,
    track: Box4,
    facts: &mut MediaFacts,
) -> io::Result<()> {
    let Some(header) = boxes::find(source, track, *b"tkhd")? else { return Ok(()) };
    let fields: Fields<96> = header.head(source)?;
    let matrix = if fields.version() == Some(1) { 52 } else { 40 };
    // Numbers of 16.16 bits; of the turn only the signs matter.
    let sign = |at: usize| fields.array(matrix + at).map_or(0, |value| i32::from_be_bytes(value).signum());
    facts.rotation = match (sign(0), sign(4), sign(12), sign(16)) {
        (0, 1, -1, 0) => 90,
        (-1, 0, 0, -1) => 180,
        (0, -1, 1, 0) => 270,
        _ => 0,
    };
    let pixels = |at: usize| fields.u16(matrix + at).filter(|pixels| *pixels > 0).map(u32::from);
    facts.width = facts.width.or_else(|| pixels(36));
    facts.height = facts.height.or_else(|| pixels(40));
    Ok(())
}

/// What the edit list of a track does.
fn edits<R: Read + Seek>(source: &mut Source<R>, track: Box4) -> io::Result<EditList> {
    let Some(list) = boxes::descend(source, track, &[*b"edts", *b"elst"])? else {
        return Ok(EditList::Absent);
    };
    let fields: Fields<48> = list.head(source)?;
    let wide = fields.version() == Some(1);
    let (time_at, rate_at, step) = if wide { (8, 16, 20) } else { (4, 8, 12) };
    let is_empty = |at: usize| {
        let time = at + time_at;
        if wide {
            fields.array(time).map(i64::from_be_bytes) == Some(-1)
        } else {
            fields.array(time).map(i32::from_be_bytes) == Some(-1)
        }
    };
    let is_plain = |at: usize| !is_empty(at) && fields.u32(at + rate_at) == Some(0x1_0000);
    Ok(match fields.u32(4) {
        Some(0) | None => EditList::Absent,
        Some(1) if is_plain(8) => EditList::Shift,
        // An empty stretch first lets the track begin later.
        Some(2) if is_empty(8) && is_plain(8 + step) => EditList::Shift,
        Some(_) => EditList::Cuts,
    })
}
