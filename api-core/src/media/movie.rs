//! The index of MP4 and QuickTime files.

use std::io::{self, Read, Seek};
use std::time::Duration;

use super::boxes::{self, Box4, Fields};
use super::source::Source;
use super::{MediaFacts, track};

/// More tracks than this are not looked at.
const MAX_TRACKS: usize = 32;

/// How an MP4 or MOV is laid out.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovieFacts {
    /// Whether the index (`moov`) stands before the data (`mdat`), so that it can be played while it is loaded.
    pub index_first: bool,
    /// Whether it is made of fragments. Duration and frame rate are then mostly unknown.
    pub fragmented: bool,
    /// What the edit lists of its tracks do.
    pub edits: EditList,
    /// Whether the whole index was read. If not, a track that is missing here may be there all the same.
    pub complete: bool,
}

impl MovieFacts {
    /// One with its whole index in front, without fragments and edits.
    pub const fn new() -> Self {
        Self { index_first: true, fragmented: false, edits: EditList::Absent, complete: true }
    }
}

impl Default for MovieFacts {
    fn default() -> Self {
        Self::new()
    }
}

/// What the edit lists of a movie do.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EditList {
    /// There is none.
    Absent,
    /// They only shift where a track begins; most encoders write such lists.
    Shift,
    /// They cut, repeat or change the speed.
    Cuts,
}

/// Reads the index into the facts.
pub(super) fn measure<R: Read + Seek>(source: &mut Source<R>, facts: &mut MediaFacts) -> io::Result<()> {
    let end = source.end();
    let (mut offset, mut data_seen) = (0, false);
    while let Some(top) = boxes::at(source, offset, end)? {
        match &top.name {
            b"moov" => {
                let mut movie = MovieFacts { index_first: !data_seen, ..MovieFacts::new() };
                movie.complete = read_index(source, top, facts, &mut movie)?;
                facts.movie = Some(movie);
                return Ok(());
            }
            b"mdat" | b"moof" => data_seen = true,
            _ => {}
        }
        offset = top.end;
    }
    if data_seen {
        facts.movie = Some(MovieFacts { index_first: false, complete: false, ..MovieFacts::new() });
    }
    Ok(())
}

/// Whether all of it was read.
fn read_index<R: Read + Seek>(
    source: &mut Source<R>,
    index: Box4,
    facts: &mut MediaFacts,
    movie: &mut MovieFacts,
) -> io::Result<bool> {
    let (mut offset, mut tracks) = (index.start, 0);
    let (mut scale, mut fragments_last, mut track_lasts) = (None, None, None);
    while let Some(child) = boxes::at(source, offset, index.end)? {
        match &child.name {
            b"mvhd" => {
                let header: Fields<32> = child.head(source)?;
                facts.duration = timed(&header).filter(|duration| !duration.is_zero());
                scale = time_scale(&header);
            }
            b"mvex" => {
                movie.fragmented = true;
                if let Some(extent) = boxes::find(source, child, *b"mehd")? {
                    fragments_last = fragment_duration(&extent.head::<_, 12>(source)?);
                }
            }
            b"trak" if tracks >= MAX_TRACKS => break,
            b"trak" => {
                tracks += 1;
                let lasts = track::read(source, child, facts, movie)?;
                track_lasts = track_lasts.max(lasts);
            }
            _ => {}
        }
        offset = child.end;
    }
    if facts.duration.is_none() {
        let fragments = fragments_last.zip(scale).and_then(|(ticks, scale)| duration(ticks, scale));
        facts.duration = fragments.or(track_lasts).filter(|duration| !duration.is_zero());
    }
    let all_seen = index.whole && index.end.saturating_sub(offset) < 8;
    Ok(all_seen && source.array_at::<1>(index.end.saturating_sub(1))?.is_some())
}

/// The time scale of `mvhd` or `mdhd`, in ticks per second.
fn time_scale<const N: usize>(header: &Fields<N>) -> Option<u32> {
    header.u32(if header.version()? == 1 { 20 } else { 12 })
}

/// The duration that `mvhd` or `mdhd` states.
pub(super) fn timed<const N: usize>(header: &Fields<N>) -> Option<Duration> {
    let ticks = if header.version()? == 1 {
        header.array(24).map(u64::from_be_bytes).filter(|ticks| *ticks != u64::MAX)
    } else {
        header.u32(16).filter(|ticks| *ticks != u32::MAX).map(u64::from)
    };
    duration(ticks?, time_scale(header)?)
}

fn fragment_duration<const N: usize>(header: &Fields<N>) -> Option<u64> {
    if header.version()? == 1 {
        header.array(4).map(u64::from_be_bytes)
    } else {
        header.u32(4).map(u64::from)
    }
}

fn duration(ticks: u64, scale: u32) -> Option<Duration> {
    let scale = u64::from(scale);
    let nanos = (ticks.checked_rem(scale)? * 1_000_000_000).checked_div(scale)?;
    Some(Duration::new(ticks.checked_div(scale)?, u32::try_from(nanos).ok()?))
}
