use proptest::prelude::*;

use super::fixture::{Movie, TURNED_90, boxed, ftyp, jpeg, png, webp};
use super::*;

/// A file that counts what is read of it.
struct Counting {
    inner: Cursor<Vec<u8>>,
    bytes: usize,
    reads: usize,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read;
        self.reads += 1;
        Ok(read)
    }
}

impl Seek for Counting {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[track_caller]
fn assert_bounded(file: Vec<u8>) -> MediaFacts {
    let mut counting = Counting { inner: Cursor::new(file), bytes: 0, reads: 0 };
    let facts = MediaFacts::read(&mut counting).unwrap();
    assert!(counting.bytes <= 1024 * 1024, "{} bytes", counting.bytes);
    assert!(counting.reads <= 4096, "{} reads", counting.reads);
    facts
}

#[test]
fn a_million_small_boxes_are_not_all_read() {
    let file = [ftyp(b"isom"), boxed(b"free", b"").repeat(1_000_000), Movie::new().index()].concat();
    assert_eq!(assert_bounded(file).movie, None);
}

#[test]
fn endless_segments_tags_and_tracks_end() {
    let segments = [&[0xff, 0xd8][..], &[0xff, 0xe0, 0, 2].repeat(500_000), &[0xff, 0xc0]].concat();
    assert_eq!(assert_bounded(segments).width, None);
    let big_tiff = [&b"II\x2b\0\x08\0\0\0\x10\0\0\0\0\0\0\0"[..], &[0xff; 8], &[3, 0].repeat(4_000_000)];
    assert_eq!(assert_bounded(big_tiff.concat()).width, None);
    let tracks = boxed(b"moov", &boxed(b"trak", &boxed(b"mdia", b"")).repeat(200_000));
    assert!(!assert_bounded([ftyp(b"isom"), tracks].concat()).movie.unwrap().complete);
    let nested = (0..1_000).fold(Vec::new(), |inner: Vec<u8>, _| boxed(b"moov", &inner));
    assert!(assert_bounded([ftyp(b"isom"), nested].concat()).movie.is_some());
}

#[test]
fn lying_lengths_cost_nothing() {
    let lying = |size: [u8; 4], name: &[u8]| [&size[..], name, &[0xff; 64]].concat();
    for size in [[0xff; 4], [0, 0, 0, 1], [0, 0, 0, 7], [0x7f, 0xff, 0xff, 0xff]] {
        for name in [b"moov", b"mdat", b"free"] {
            assert_bounded([ftyp(b"isom"), lying(size, name)].concat());
        }
    }
    // Every four bytes of a good file in turn claim to be very large, and very small.
    for value in [0xff, 0x00] {
        let good = Movie { edits: vec![[1, 2, 3]; 3], ..Movie::new() }.bytes();
        for at in 0..good.len() - 4 {
            let mut file = good.clone();
            file[at..at + 4].fill(value);
            assert_bounded(file);
        }
    }
}

#[test]
fn a_box_never_reaches_beyond_what_holds_it() {
    let mut index = Movie::new().index();
    let wrong = index.len() + 1000;
    let second = 8 + 8;
    index[8..12].copy_from_slice(&u32::try_from(wrong).unwrap().to_be_bytes());
    assert_eq!(&index[second - 4..second], b"mvhd");
    let facts = assert_bounded([ftyp(b"isom"), index, boxed(b"trak", &[0; 500])].concat());
    assert_eq!((facts.video, facts.duration), (None, Some(Duration::from_secs(10))));
}

#[test]
fn every_truncation_is_survived() {
    for file in [
        Movie { turn: TURNED_90, ..Movie::new() }.bytes(),
        Movie { wide: true, ..Movie::new() }.index_last(),
        jpeg(4032, 3024, Some(6)),
        png(100, 100),
        webp(true, 512, 512),
    ] {
        let whole = MediaFacts::from_bytes(&file);
        for length in 0..file.len() {
            let facts = MediaFacts::from_bytes(&file[..length]);
            assert!(facts.width.is_none() || facts.width == whole.width, "{length}");
            let head = MediaFacts::from_head(&file[..length], whole.bytes);
            assert!(head.width.is_none() || head.width == whole.width, "{length}");
        }
    }
}

#[test]
fn zero_scales_and_unknown_durations_are_not_numbers() {
    let good = Movie::new().bytes();
    let header = good.windows(4).position(|name| name == b"mvhd").unwrap() + 4;
    let medium = good.windows(4).position(|name| name == b"mdhd").unwrap() + 4;
    let with = |at: usize, value: [u8; 4]| {
        let mut file = good.clone();
        file[at..at + 4].copy_from_slice(&value);
        MediaFacts::from_bytes(&file)
    };
    let ten = Some(Duration::from_secs(10));
    assert_eq!(with(header + 12, [0; 4]).duration, ten, "from the track");
    assert_eq!(with(header + 16, [0xff; 4]).duration, ten, "from the track");
    assert_eq!(with(medium + 12, [0; 4]).video.unwrap().fps, None);
    assert_eq!(with(medium + 16, [0; 4]).video.unwrap().fps, None);
    assert_eq!(with(medium + 16, [0; 4]).duration, ten, "from the index");
}

fn begins() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(vec![
        Vec::new(),
        ftyp(b"isom"),
        ftyp(b"qt  "),
        jpeg(10, 10, Some(6)),
        jpeg(10, 10, None)[..20].to_vec(),
        b"II\x2a\0\x08\0\0\0".to_vec(),
        b"MM\0\x2b\0\x08\0\0".to_vec(),
        b"RIFF\x20\0\0\0WEBPVP8X".to_vec(),
        b"GIF89a".to_vec(),
        b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec(),
        b"OggS\0\x02".to_vec(),
        Movie::new().bytes(),
    ])
}

fn names() -> impl Strategy<Value = &'static [u8; 4]> {
    prop::sample::select(vec![
        b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"stsz", b"hdlr", b"mdhd", b"mvhd", b"tkhd",
        b"edts", b"elst", b"mvex", b"mehd", b"mp4a", b"esds", b"wave", b"mdat", b"free",
    ])
}

/// Boxes in boxes with arbitrary content.
fn tree() -> impl Strategy<Value = Vec<u8>> {
    let leaf =
        (names(), prop::collection::vec(any::<u8>(), 0..60)).prop_map(|(name, bytes)| boxed(name, &bytes));
    leaf.prop_recursive(6, 40, 5, |inner| {
        (names(), prop::collection::vec(inner, 0..5)).prop_map(|(name, parts)| boxed(name, &parts.concat()))
    })
}

proptest! {
    #[test]
    fn arbitrary_bytes_do_no_harm(begin in begins(), rest in prop::collection::vec(any::<u8>(), 0..2048)) {
        let file = [begin, rest].concat();
        let facts = MediaFacts::from_bytes(&file);
        prop_assert_eq!(&facts, &assert_bounded(file.clone()));
        prop_assert!(facts.video.and_then(|video| video.fps).is_none_or(|fps| fps.is_finite() && fps > 0.0));
        prop_assert!(matches!(facts.rotation, 0 | 90 | 180 | 270));
        let _ = (facts.bitrate(), MediaFacts::from_head(&file, None), MediaFacts::from_head(&file, Some(u64::MAX)));
    }

    #[test]
    fn arbitrary_boxes_do_no_harm(parts in prop::collection::vec(tree(), 0..4)) {
        assert_bounded([ftyp(b"isom"), parts.concat()].concat());
    }

    #[test]
    fn a_changed_byte_does_no_harm(at in 0_usize..4096, value in any::<u8>(), wide in any::<bool>()) {
        let mut file = Movie { wide, edits: vec![[1, 0, 0x1_0000]], ..Movie::new() }.bytes();
        let at = at % file.len();
        file[at] = value;
        assert_bounded(file);
    }
}
