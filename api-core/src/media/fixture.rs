//! Small media files made in code.

/// A box with a length of 32 bits.
pub(super) fn boxed(name: &[u8], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap();
    [&size.to_be_bytes()[..], name, content].concat()
}

/// A box with a length of 64 bits.
pub(super) fn boxed_wide(name: &[u8], content: &[u8]) -> Vec<u8> {
    let size = u64::try_from(content.len() + 16).unwrap();
    [&1_u32.to_be_bytes()[..], name, &size.to_be_bytes(), content].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

pub(super) fn ftyp(brand: &[u8]) -> Vec<u8> {
    boxed(b"ftyp", &[brand, &[0, 0, 2, 0], b"isomiso2mp41"].concat())
}

pub(super) const UPRIGHT: [i32; 4] = [1, 0, 0, 1];
pub(super) const TURNED_90: [i32; 4] = [0, 1, -1, 0];
pub(super) const TURNED_180: [i32; 4] = [-1, 0, 0, -1];
pub(super) const TURNED_270: [i32; 4] = [0, -1, 1, 0];

/// A movie of one video track and, if wanted, one sound track.
#[derive(Clone)]
pub(super) struct Movie {
    pub(super) brand: [u8; 4],
    pub(super) codec: [u8; 4],
    pub(super) sound: Option<Vec<u8>>,
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) frames: u32,
    pub(super) millis: u32,
    pub(super) turn: [i32; 4],
    pub(super) edits: Vec<[u32; 3]>,
    pub(super) wide: bool,
    pub(super) fragments: Option<u32>,
}

impl Movie {
    /// Ten seconds of 1080 x 1920 pixels with 30 frames per second, H.264 and AAC.
    pub(super) fn new() -> Self {
        Self {
            brand: *b"isom",
            codec: *b"avc1",
            sound: Some(sound(b"mp4a", 2, 48_000, 0x40)),
            width: 1080,
            height: 1920,
            frames: 300,
            millis: 10_000,
            turn: UPRIGHT,
            edits: Vec::new(),
            wide: false,
            fragments: None,
        }
    }

    /// Index in front.
    pub(super) fn bytes(&self) -> Vec<u8> {
        [ftyp(&self.brand), self.index(), boxed(b"mdat", &[0; 100])].concat()
    }

    /// Index behind the data.
    pub(super) fn index_last(&self) -> Vec<u8> {
        [ftyp(&self.brand), boxed(b"free", b""), boxed(b"mdat", &[0; 100]), self.index()].concat()
    }

    pub(super) fn index(&self) -> Vec<u8> {
        let mut content = boxed(b"mvhd", &self.times(80));
        content.extend(self.video());
        if let Some(entry) = &self.sound {
            content.extend(self.track(b"soun", entry, UPRIGHT, (0, 0), 470));
        }
        if let Some(millis) = self.fragments {
            content.extend(boxed(b"mvex", &boxed(b"mehd", &words(&[0, millis]))));
        }
        if self.wide { boxed_wide(b"moov", &content) } else { boxed(b"moov", &content) }
    }

    fn video(&self) -> Vec<u8> {
        let mut entry = vec![0; 78];
        entry[24..26].copy_from_slice(&self.width.to_be_bytes());
        entry[26..28].copy_from_slice(&self.height.to_be_bytes());
        let entry = boxed(&self.codec, &entry);
        self.track(b"vide", &entry, self.turn, (self.width, self.height), self.frames)
    }

    /// Time scale and duration, then so many bytes of other things.
    fn times(&self, rest: usize) -> Vec<u8> {
        let mut header = if self.wide {
            let ticks = u64::from(self.millis).to_be_bytes();
            [&words(&[0x0100_0000, 0, 0, 0, 0, 1000])[..], &ticks].concat()
        } else {
            words(&[0, 0, 0, 1000, self.millis])
        };
        header.resize(header.len() + rest, 0);
        header
    }

    fn track(
        &self,
        handler: &[u8],
        entry: &[u8],
        turn: [i32; 4],
        (width, height): (u16, u16),
        samples: u32,
    ) -> Vec<u8> {
        let one = |sign: i32| (sign * 0x1_0000).cast_unsigned();
        let [a, b, c, d] = turn.map(one);
        let mut header = vec![0; if self.wide { 52 } else { 40 }];
        header[0] = u8::from(self.wide);
        header.extend(words(&[a, b, 0, c, d, 0, 0, 0, 0x4000_0000]));
        header.extend(words(&[u32::from(width) << 16, u32::from(height) << 16]));
        let mut content = boxed(b"tkhd", &header);
        if !self.edits.is_empty() {
            let count = u32::try_from(self.edits.len()).unwrap();
            let list = [words(&[0, count]), words(self.edits.as_flattened())].concat();
            content.extend(boxed(b"edts", &boxed(b"elst", &list)));
        }
        let description = [words(&[0, 1]), entry.to_vec()].concat();
        let sizes = boxed(b"stsz", &words(&[0, 0, samples]));
        let table = boxed(b"stbl", &[boxed(b"stsd", &description), sizes].concat());
        let medium = [
            boxed(b"mdhd", &self.times(4)),
            boxed(b"hdlr", &[&[0; 8][..], handler, &[0; 13]].concat()),
            boxed(b"minf", &table),
        ];
        content.extend(boxed(b"mdia", &medium.concat()));
        boxed(b"trak", &content)
    }
}

/// The description of a sound with its descriptor.
pub(super) fn sound(name: &[u8], channels: u16, rate: u16, object_type: u8) -> Vec<u8> {
    let mut entry = vec![0; 28];
    entry[16..18].copy_from_slice(&channels.to_be_bytes());
    entry[24..26].copy_from_slice(&rate.to_be_bytes());
    entry.extend(boxed(b"esds", &descriptor(object_type)));
    boxed(name, &entry)
}

pub(super) fn descriptor(object_type: u8) -> Vec<u8> {
    // The outer length takes four bytes, as some writers do.
    vec![0, 0, 0, 0, 3, 0x80, 0x80, 0x80, 0x19, 0, 1, 0, 4, 0x11, object_type, 0x15, 0, 0, 0]
}

/// A JPEG as far as the frame header, with this EXIF orientation.
pub(super) fn jpeg(width: u16, height: u16, orientation: Option<u16>) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    let mut segment = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).unwrap();
        file.extend([0xff, marker]);
        file.extend(length.to_be_bytes());
        file.extend(content);
    };
    segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    if let Some(orientation) = orientation {
        let entry = [&[0x01, 0x12, 0, 3, 0, 0, 0, 1][..], &orientation.to_be_bytes(), &[0, 0]].concat();
        let other = [0x01, 0x0f, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0];
        segment(0xe1, &[&b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02"[..], &other, &entry, &[0; 4]].concat());
    }
    let [a, b] = height.to_be_bytes();
    let [c, d] = width.to_be_bytes();
    segment(0xc0, &[8, a, b, c, d, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
    file.extend([0xff, 0xda, 0, 2, 0xff, 0xd9]);
    file
}

pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &header[..], &[0; 4]].concat()
}

pub(super) fn webp(moving: bool, width: u32, height: u32) -> Vec<u8> {
    let flags = if moving { 2 } else { 0 };
    let mut file = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
    file.extend([flags, 0, 0, 0]);
    for pixels in [width, height] {
        file.extend(&(pixels - 1).to_le_bytes()[..3]);
    }
    file
}

/// The first page of an Ogg file with this packet.
pub(super) fn ogg(packet: &[u8]) -> Vec<u8> {
    let mut page = b"OggS\0\x02".to_vec();
    page.resize(26, 0);
    page.extend([1, u8::try_from(packet.len()).unwrap()]);
    page.extend(packet);
    page
}
