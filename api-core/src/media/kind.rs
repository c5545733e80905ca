//! The kind of a file by its first bytes.

/// What the content of a file is, whatever its name says.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// A JPEG image.
    Jpeg,
    /// A PNG image.
    Png,
    /// A GIF image.
    Gif,
    /// A Windows bitmap.
    Bmp,
    /// A TIFF image.
    Tiff,
    /// A WebP image.
    WebP,
    /// A HEIC or HEIF image, as phones take them.
    Heic,
    /// An AVIF image.
    Avif,
    /// An MP4 file; without a video track it is a sound.
    Mp4,
    /// A QuickTime movie.
    Mov,
    /// An MP4 that says it is only sound.
    M4a,
    /// A 3GP or 3G2 video.
    ThreeGp,
    /// A WebM video or sound.
    WebM,
    /// A Matroska video or sound.
    Matroska,
    /// An AVI video.
    Avi,
    /// An MP3 sound.
    Mp3,
    /// An AAC sound in ADTS frames.
    Aac,
    /// An Ogg file: Opus, Vorbis or a video.
    Ogg,
    /// An AMR sound.
    Amr,
    /// A WAV sound.
    Wav,
    /// A FLAC sound.
    Flac,
    /// A PDF document.
    Pdf,
    /// A ZIP archive, which new Office documents are too.
    Zip,
    /// An old Office document.
    OleDocument,
    /// Something else.
    Unknown,
}

impl MediaKind {
    /// What begins like this. 256 bytes are enough.
    pub fn sniff(head: &[u8]) -> Self {
        let part = |from: usize, to: usize| head.get(from..to).unwrap_or_default();
        match head {
            [0xff, 0xd8, 0xff, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Self::Png,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Self::Gif,
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Self::Tiff,
            // A bitmap states the size of its second header, of which few are in use.
            [b'B', b'M', ..]
                if matches!(part(14, 18), [12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]) =>
            {
                Self::Bmp
            }
            [b'R', b'I', b'F', b'F', ..] => match part(8, 12) {
                b"WEBP" => Self::WebP,
                b"AVI " => Self::Avi,
                b"WAVE" => Self::Wav,
                _ => Self::Unknown,
            },
            [0x1a, 0x45, 0xdf, 0xa3, ..] => {
                let names = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
                if names(b"webm") {
                    Self::WebM
                } else if names(b"matroska") {
                    Self::Matroska
                } else {
                    Self::Unknown
                }
            }
            [b'%', b'P', b'D', b'F', b'-', ..] => Self::Pdf,
            [b'O', b'g', b'g', b'S', ..] => Self::Ogg,
            [b'f', b'L', b'a', b'C', ..] => Self::Flac,
            [b'#', b'!', b'A', b'M', b'R', ..] => Self::Amr,
            [b'I', b'D', b'3', 2..=4, ..] => Self::Mp3,
            [b'P', b'K', 3, 4, ..] => Self::Zip,
            [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => Self::OleDocument,
            _ => match part(4, 8) {
                b"ftyp" => Self::of_brands(part(8, 12), head.get(16..declared_end(head)).unwrap_or_default()),
                // Old QuickTime files have no brand.
                b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot" => Self::Mov,
                _ => Self::of_frame(head),
            },
        }
    }

    fn of_brands(major: &[u8], compatible: &[u8]) -> Self {
        match major {
            b"qt  " => Self::Mov,
            b"M4A " | b"M4B " | b"M4P " => Self::M4a,
            [b'3', b'g', b'p' | b'2' | b'r' | b's' | b'e' | b'g' | b'h', _] => Self::ThreeGp,
            b"avif" | b"avis" => Self::Avif,
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => Self::Heic,
            b"mif1" | b"msf1" | b"mif2" | b"miaf" => {
                let avif = compatible.chunks(4).any(|brand| matches!(brand, b"avif" | b"avis"));
                if avif { Self::Avif } else { Self::Heic }
            }
            _ => Self::Mp4,
        }
    }

    /// Sounds that are nothing but frames.
    fn of_frame(head: &[u8]) -> Self {
        let [0xff, second, third, ..] = *head else { return Self::Unknown };
        let (version, layer) = ((second >> 3) & 3, (second >> 1) & 3);
        if second & 0xf6 == 0xf0 && (third >> 2) & 0xf < 13 {
            Self::Aac
        } else if second & 0xe0 == 0xe0
            && version != 1
            && layer == 1
            && third >> 4 != 0xf
            && (third >> 2) & 3 != 3
        {
            Self::Mp3
        } else {
            Self::Unknown
        }
    }

    /// Whether it is an image.
    pub const fn is_image(self) -> bool {
        matches!(
            self,
            Self::Jpeg
                | Self::Png
                | Self::Gif
                | Self::Bmp
                | Self::Tiff
                | Self::WebP
                | Self::Heic
                | Self::Avif
        )
    }

    /// Whether it is made of the boxes of MP4 and QuickTime, and is not an image.
    pub(super) const fn is_movie(self) -> bool {
        matches!(self, Self::Mp4 | Self::Mov | Self::M4a | Self::ThreeGp)
    }

    /// The usual MIME type. `None` where the first bytes do not tell it.
    pub const fn mime(self) -> Option<&'static str> {
        Some(match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
            Self::WebP => "image/webp",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::M4a => "audio/mp4",
            Self::ThreeGp => "video/3gpp",
            Self::WebM => "video/webm",
            Self::Matroska => "video/x-matroska",
            Self::Avi => "video/x-msvideo",
            Self::Mp3 => "audio/mpeg",
            Self::Aac => "audio/aac",
            Self::Ogg => "audio/ogg",
            Self::Amr => "audio/amr",
            Self::Wav => "audio/wav",
            Self::Flac => "audio/flac",
            Self::Pdf => "application/pdf",
            Self::Zip | Self::OleDocument | Self::Unknown => return None,
        })
    }
}

/// Where the first box ends, as it says itself, within what is there.
fn declared_end(head: &[u8]) -> usize {
    let size = head.first_chunk().map_or(0, |size| u32::from_be_bytes(*size));
    usize::try_from(size).unwrap_or(usize::MAX).min(head.len())
}
