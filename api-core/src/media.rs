//! What a media file is, read from its content: kind, pixels, duration, codecs.
//!
//! Nothing is decoded, and the name of the file is not asked. A file is untrusted: at most 1 MiB of it is read in
//! at most 4096 steps, and nothing is allocated by a length that the file states. What cannot be told is `None`;
//! a broken file is not an error.
//!
//! ```
//! use sociogram_api_core::media::{MediaFacts, MediaKind};
//!
//! let gif = b"GIF89a\x40\x01\xf0\x00\x00\x00\x00;";
//! let facts = MediaFacts::from_bytes(gif);
//! assert_eq!((facts.kind, facts.width, facts.height), (MediaKind::Gif, Some(320), Some(240)));
//! assert_eq!(facts.bytes, Some(14));
//! ```

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::time::Duration;

mod boxes;
mod image;
mod kind;
mod movie;
mod sound;
mod source;
mod track;

pub use kind::MediaKind;
pub use movie::{EditList, MovieFacts};
pub use track::{AudioCodec, AudioFacts, VideoCodec, VideoFacts};

use source::{Head, Source};

/// What is known about a media file.
///
/// [`from_bytes`](Self::from_bytes), [`read`](Self::read) and [`from_head`](Self::from_head) measure it. Who knows
/// the facts from elsewhere starts with [`new`](Self::new) and sets the fields.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct MediaFacts {
    /// What the content is.
    pub kind: MediaKind,
    /// The length of the file, in bytes.
    pub bytes: Option<u64>,
    /// The width as stored, in pixels, before [`rotation`](Self::rotation).
    pub width: Option<u32>,
    /// The height as stored, in pixels, before [`rotation`](Self::rotation).
    pub height: Option<u32>,
    /// How far it is turned clockwise for showing: 0, 90, 180 or 270 degrees. For images from the EXIF
    /// orientation of a JPEG, for videos from the matrix of the track.
    pub rotation: u16,
    /// Whether an image moves; known for WebP.
    pub animated: Option<bool>,
    /// How long it plays; known for MP4 and MOV.
    pub duration: Option<Duration>,
    /// The first video track.
    pub video: Option<VideoFacts>,
    /// The first sound track.
    pub audio: Option<AudioFacts>,
    /// How an MP4 or MOV is laid out.
    pub movie: Option<MovieFacts>,
}

impl MediaFacts {
    /// A file of this kind about which nothing else is known.
    pub const fn new(kind: MediaKind) -> Self {
        Self {
            kind,
            bytes: None,
            width: None,
            height: None,
            rotation: 0,
            animated: None,
            duration: None,
            video: None,
            audio: None,
            movie: None,
        }
    }

    /// Measures a whole file in memory.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let length = u64::try_from(bytes.len()).ok();
        // Memory cannot fail to be read.
        Self::measure(Cursor::new(bytes), length).unwrap_or(Self::new(MediaKind::Unknown))
    }

    /// Measures a file, from its begin, whatever the position is now. Blocks while it reads.
    ///
    /// # Errors
    ///
    /// When reading or seeking fails. A broken or unknown file is no error.
    pub fn read<R: Read + Seek>(mut source: R) -> io::Result<Self> {
        let length = source.seek(SeekFrom::End(0))?;
        Self::measure(source, Some(length))
    }

    /// Measures something remote by its first bytes and, if known, its whole length. 64 KiB are mostly enough
    /// for an image and for a video that has its index in front.
    pub fn from_head(head: &[u8], length: Option<u64>) -> Self {
        Self::measure(Head::new(head, length), length).unwrap_or(Self::new(MediaKind::Unknown))
    }

    fn measure<R: Read + Seek>(source: R, length: Option<u64>) -> io::Result<Self> {
        let mut source = Source::new(source, length);
        let mut head = [0; 256];
        let filled = source.read_at(0, &mut head)?;
        let head = head.get(..filled).unwrap_or_default();
        let mut facts = Self { bytes: length, ..Self::new(MediaKind::sniff(head)) };
        if facts.kind.is_movie() {
            movie::measure(&mut source, &mut facts)?;
        } else if facts.kind.is_image() {
            image::measure(&mut source, &mut facts)?;
        } else if facts.kind == MediaKind::Ogg {
            facts.audio = sound::ogg(head);
        }
        Ok(facts)
    }

    /// Width and height as shown, in pixels, after [`rotation`](Self::rotation).
    pub const fn shown_size(&self) -> Option<(u32, u32)> {
        match (self.width, self.height) {
            (Some(width), Some(height)) if self.rotation % 180 == 90 => Some((height, width)),
            (Some(width), Some(height)) => Some((width, height)),
            _ => None,
        }
    }

    /// The average bit rate of the whole file, in bits per second: its length by its duration.
    pub fn bitrate(&self) -> Option<u64> {
        let millis = self.duration?.as_millis();
        let bits = u128::from(self.bytes?) * 8_000;
        u64::try_from(bits.checked_div(millis)?).ok()
    }

    /// Whether it surely has no video track: its whole index was read, and there was none.
    pub fn lacks_video(&self) -> bool {
        self.video.is_none() && self.movie.is_some_and(|movie| movie.complete)
    }

    /// Whether it surely has no sound: its whole index was read, and there was no such track.
    pub fn lacks_audio(&self) -> bool {
        self.audio.is_none() && self.movie.is_some_and(|movie| movie.complete)
    }
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod tests;
