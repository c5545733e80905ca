use std::io;

use super::fixture::{self, Movie, TURNED_90, TURNED_180, TURNED_270, boxed, ftyp, jpeg, png, sound, webp};
use super::*;

fn facts(bytes: &[u8]) -> MediaFacts {
    MediaFacts::from_bytes(bytes)
}

#[test]
fn the_kind_is_what_the_content_says() {
    let mp3_frame = [0xff, 0xfb, 0x90, 0x64, 0, 0];
    let aac_frame = [0xff, 0xf1, 0x50, 0x80, 0, 0];
    let bitmap = [&b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"[..], &[0; 40]].concat();
    let mif1 = |brand: &[u8]| boxed(b"ftyp", &[b"mif1\0\0\0\0mif1", brand].concat());
    for (bytes, kind) in [
        (jpeg(1, 1, None), MediaKind::Jpeg),
        (png(1, 1), MediaKind::Png),
        (b"GIF87a".to_vec(), MediaKind::Gif),
        (bitmap, MediaKind::Bmp),
        (b"BMW drives a car, which is no bitmap".to_vec(), MediaKind::Unknown),
        (b"II\x2a\0\x08\0\0\0".to_vec(), MediaKind::Tiff),
        (b"MM\0\x2a\0\0\0\x08".to_vec(), MediaKind::Tiff),
        (webp(false, 1, 1), MediaKind::WebP),
        (ftyp(b"heic"), MediaKind::Heic),
        (mif1(b"heic"), MediaKind::Heic),
        (mif1(b"avif"), MediaKind::Avif),
        (ftyp(b"avif"), MediaKind::Avif),
        (ftyp(b"isom"), MediaKind::Mp4),
        (ftyp(b"mp42"), MediaKind::Mp4),
        (ftyp(b"qt  "), MediaKind::Mov),
        (ftyp(b"M4A "), MediaKind::M4a),
        (ftyp(b"3gp5"), MediaKind::ThreeGp),
        (boxed(b"wide", b""), MediaKind::Mov),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm".to_vec(), MediaKind::WebM),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska".to_vec(), MediaKind::Matroska),
        (b"RIFF\0\0\0\0AVI LIST".to_vec(), MediaKind::Avi),
        (b"RIFF\0\0\0\0WAVEfmt ".to_vec(), MediaKind::Wav),
        (b"ID3\x04\0\0".to_vec(), MediaKind::Mp3),
        (mp3_frame.to_vec(), MediaKind::Mp3),
        (aac_frame.to_vec(), MediaKind::Aac),
        (b"OggS\0".to_vec(), MediaKind::Ogg),
        (b"#!AMR\n".to_vec(), MediaKind::Amr),
        (b"fLaC\0".to_vec(), MediaKind::Flac),
        (b"%PDF-1.7".to_vec(), MediaKind::Pdf),
        (b"PK\x03\x04".to_vec(), MediaKind::Zip),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), MediaKind::OleDocument),
        (b"<html>not an image</html>".to_vec(), MediaKind::Unknown),
        (vec![0xff; 8], MediaKind::Unknown),
        (Vec::new(), MediaKind::Unknown),
    ] {
        assert_eq!(MediaKind::sniff(&bytes), kind, "{bytes:02x?}");
        assert_eq!(facts(&bytes).kind, kind, "{bytes:02x?}");
    }
}

#[test]
fn pixels_of_every_kind_of_image() {
    let gif = b"GIF89a\x40\x01\xf0\x00\0\0\0".to_vec();
    let bitmap = |height: i32| {
        let sizes = [&640_i32.to_le_bytes()[..], &height.to_le_bytes()].concat();
        [&b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"[..], &sizes, &[0; 40]].concat()
    };
    let mut tiff = b"II\x2a\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0, 1, 3, 0, 1, 0, 0, 0, 0x20, 3, 0, 0]);
    tiff.extend([1, 1, 4, 0, 1, 0, 0, 0, 0x58, 2, 0, 0]);
    let simple_webp = [&b"RIFF\x20\0\0\0WEBPVP8 \x10\0\0\0"[..], &[0; 6], &[0, 2, 0, 1], &[0; 8]].concat();
    for (bytes, size) in [
        (jpeg(4032, 3024, None), (4032, 3024)),
        (png(800, 600), (800, 600)),
        (gif, (320, 240)),
        (bitmap(480), (640, 480)),
        (bitmap(-480), (640, 480)),
        (tiff, (800, 600)),
        (webp(true, 512, 511), (512, 511)),
        (simple_webp, (512, 256)),
    ] {
        let facts = facts(&bytes);
        assert_eq!((facts.width, facts.height), (Some(size.0), Some(size.1)), "{:?}", facts.kind);
        assert_eq!(facts.bytes, Some(u64::try_from(bytes.len()).unwrap()));
        assert_eq!((facts.video, facts.movie, facts.duration), (None, None, None));
    }
}

#[test]
fn a_photo_knows_how_it_is_turned() {
    for (orientation, rotation, shown) in [
        (None, 0, (4032, 3024)),
        (Some(1), 0, (4032, 3024)),
        (Some(3), 180, (4032, 3024)),
        (Some(6), 90, (3024, 4032)),
        (Some(8), 270, (3024, 4032)),
        (Some(77), 0, (4032, 3024)),
    ] {
        let facts = facts(&jpeg(4032, 3024, orientation));
        assert_eq!((facts.rotation, facts.shown_size()), (rotation, Some(shown)), "{orientation:?}");
        assert_eq!(facts.width, Some(4032), "stored, not shown");
    }
}

#[test]
fn a_sticker_knows_whether_it_moves() {
    assert_eq!(facts(&webp(true, 512, 512)).animated, Some(true));
    assert_eq!(facts(&webp(false, 512, 512)).animated, Some(false));
    assert_eq!(facts(b"RIFF\x20\0\0\0WEBPVP8L\x10\0\0\0\x2f\0\0\0\0").animated, Some(false));
    assert_eq!(facts(&png(1, 1)).animated, None);
}

#[test]
fn a_movie_says_everything() {
    let facts = facts(&Movie::new().bytes());
    assert_eq!((facts.kind, facts.width, facts.height), (MediaKind::Mp4, Some(1080), Some(1920)));
    assert_eq!(facts.duration, Some(Duration::from_secs(10)));
    assert_eq!(facts.video, Some(VideoFacts { codec: VideoCodec::H264, fps: Some(30.0) }));
    let audio = AudioFacts { codec: AudioCodec::Aac, channels: Some(2), sample_rate: Some(48_000) };
    assert_eq!(facts.audio, Some(audio));
    assert_eq!(facts.movie, Some(MovieFacts::new()));
    assert_eq!(facts.bitrate(), Some(facts.bytes.unwrap() * 8 / 10));
}

#[test]
fn wide_boxes_and_headers_are_the_same_to_it() {
    let narrow = facts(&Movie::new().bytes());
    let wide = facts(&Movie { wide: true, ..Movie::new() }.bytes());
    assert_eq!(MediaFacts { bytes: None, ..wide }, MediaFacts { bytes: None, ..narrow });
}

#[test]
fn an_index_behind_the_data_is_noticed() {
    let movie = facts(&Movie::new().index_last());
    assert!(!movie.movie.unwrap().index_first);
    assert_eq!(movie.duration, Some(Duration::from_secs(10)));
    let long = [ftyp(b"isom"), fixture::boxed_wide(b"mdat", &[0; 9]), Movie::new().index()].concat();
    assert!(!facts(&long).movie.unwrap().index_first);
    let open = [ftyp(b"isom"), vec![0, 0, 0, 0], b"mdat".to_vec(), Movie::new().index()].concat();
    let layout = facts(&open).movie.unwrap();
    assert_eq!(
        (layout.index_first, layout.complete),
        (false, false),
        "the data go on to the end of the file"
    );
}

#[test]
fn the_turn_of_a_movie() {
    for (turn, rotation, shown) in [
        (fixture::UPRIGHT, 0, (1920, 1080)),
        (TURNED_90, 90, (1080, 1920)),
        (TURNED_180, 180, (1920, 1080)),
        (TURNED_270, 270, (1080, 1920)),
    ] {
        for wide in [false, true] {
            let facts = facts(&Movie { turn, wide, width: 1920, height: 1080, ..Movie::new() }.bytes());
            assert_eq!((facts.rotation, facts.shown_size()), (rotation, Some(shown)));
        }
    }
}

#[test]
fn what_edit_lists_do() {
    const NORMAL: u32 = 0x1_0000;
    const EMPTY: u32 = u32::MAX;
    for (edits, expected) in [
        (vec![], EditList::Absent),
        (vec![[10_000, 0, NORMAL]], EditList::Shift),
        (vec![[10_000, 1024, NORMAL]], EditList::Shift),
        (vec![[500, EMPTY, NORMAL], [10_000, 0, NORMAL]], EditList::Shift),
        (vec![[10_000, 0, NORMAL / 2]], EditList::Cuts),
        (vec![[10_000, EMPTY, NORMAL]], EditList::Cuts),
        (vec![[1_000, 0, NORMAL], [1_000, 5_000, NORMAL]], EditList::Cuts),
        (vec![[1_000, 0, NORMAL]; 100], EditList::Cuts),
    ] {
        let facts = facts(&Movie { edits: edits.clone(), ..Movie::new() }.bytes());
        assert_eq!(facts.movie.unwrap().edits, expected, "{edits:?}");
    }
}

#[test]
fn fragments_take_their_duration_from_their_own_header() {
    let fragmented = Movie { millis: 0, frames: 0, fragments: Some(7_500), ..Movie::new() };
    let parts = [fragmented.bytes(), boxed(b"moof", &[0; 40])].concat();
    let facts = facts(&parts);
    assert!(facts.movie.unwrap().fragmented);
    assert_eq!(facts.duration, Some(Duration::from_millis(7_500)));
    assert_eq!((facts.video.unwrap().fps, facts.lacks_video()), (None, false));
}

#[test]
fn codecs_by_name_and_by_descriptor() {
    for (name, codec) in [
        (b"hvc1", VideoCodec::H265),
        (b"hev1", VideoCodec::H265),
        (b"av01", VideoCodec::Av1),
        (b"vp09", VideoCodec::Vp9),
        (b"apcn", VideoCodec::Other(*b"apcn")),
    ] {
        assert_eq!(facts(&Movie { codec: *name, ..Movie::new() }.bytes()).video.unwrap().codec, codec);
    }
    let wrapped = |object_type| {
        let mut entry = vec![0; 44];
        entry[8..10].copy_from_slice(&1_u16.to_be_bytes());
        entry.extend(boxed(b"wave", &boxed(b"esds", &fixture::descriptor(object_type))));
        boxed(b"mp4a", &entry)
    };
    for (sound, codec) in [
        (sound(b"mp4a", 1, 44_100, 0x6b), AudioCodec::Mp3),
        (sound(b"Opus", 1, 48_000, 0), AudioCodec::Opus),
        (sound(b"samr", 1, 8_000, 0), AudioCodec::Amr),
        (sound(b"alac", 1, 44_100, 0), AudioCodec::Other(*b"alac")),
        (boxed(b"mp4a", &[0; 28]), AudioCodec::Aac),
        (wrapped(0x40), AudioCodec::Aac),
        (wrapped(0x69), AudioCodec::Mp3),
    ] {
        let facts = facts(&Movie { sound: Some(sound), ..Movie::new() }.bytes());
        assert_eq!(facts.audio.unwrap().codec, codec);
    }
    assert_eq!(facts(&Movie { sound: None, ..Movie::new() }.bytes()).audio, None);
}

#[test]
fn the_second_sound_header_of_quicktime_keeps_its_numbers_elsewhere() {
    let mut entry = vec![0; 64];
    entry[8..10].copy_from_slice(&2_u16.to_be_bytes());
    entry[16..18].copy_from_slice(&3_u16.to_be_bytes());
    entry[24..28].copy_from_slice(&0x1_0000_u32.to_be_bytes());
    entry[32..40].copy_from_slice(&96_000_f64.to_be_bytes());
    entry[40..44].copy_from_slice(&6_u32.to_be_bytes());
    let sound = Some(boxed(b"mp4a", &entry));
    let audio = facts(&Movie { sound, ..Movie::new() }.bytes()).audio.unwrap();
    assert_eq!((audio.channels, audio.sample_rate), (Some(6), Some(96_000)));
}

#[test]
fn a_voice_message_says_how_it_is_coded() {
    let opus = facts(&fixture::ogg(b"OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0"));
    let mono = AudioFacts { codec: AudioCodec::Opus, channels: Some(1), sample_rate: Some(48_000) };
    assert_eq!(opus.audio, Some(mono));
    let vorbis = facts(&fixture::ogg(b"\x01vorbis\0\0\0\0\x02\x44\xac\0\0"));
    let stereo = AudioFacts { codec: AudioCodec::Vorbis, channels: Some(2), sample_rate: Some(44_100) };
    assert_eq!(vorbis.audio, Some(stereo));
    assert_eq!(facts(&fixture::ogg(b"something else")).audio, None);
}

#[test]
fn the_head_of_something_remote_is_enough_when_the_index_is_in_front() {
    let file = Movie::new().bytes();
    let head = &file[..file.len() - 100];
    let facts = MediaFacts::from_head(head, Some(50_000_000));
    assert_eq!((facts.bytes, facts.bitrate()), (Some(50_000_000), Some(40_000_000)));
    assert_eq!(facts.duration, Some(Duration::from_secs(10)));
    let unknown = MediaFacts::from_head(head, None);
    assert_eq!((unknown.bytes, unknown.bitrate(), unknown.duration), (None, None, facts.duration));
    let last = Movie::new().index_last();
    let unseen = MediaFacts::from_head(&last[..200], Some(u64::try_from(last.len()).unwrap()));
    assert_eq!((unseen.kind, unseen.video, unseen.lacks_video()), (MediaKind::Mp4, None, false));
    let layout = unseen.movie.unwrap();
    assert_eq!((layout.index_first, layout.complete), (false, false));
}

#[test]
fn half_an_index_does_not_say_what_is_missing() {
    let movie = Movie::new();
    let silent = facts(&Movie { sound: None, ..movie.clone() }.bytes());
    assert!(silent.lacks_audio() && !silent.lacks_video());
    let file = [ftyp(b"isom"), movie.index()].concat();
    assert!(facts(&file).movie.unwrap().complete);
    let length = u64::try_from(file.len()).unwrap();
    for kept in 40..file.len() {
        let cut = facts(&file[..kept]);
        assert!(cut.movie.is_none_or(|movie| !movie.complete), "{kept}");
        let head = MediaFacts::from_head(&file[..kept], Some(length));
        assert!(head.movie.is_none_or(|movie| !movie.complete), "{kept}");
        assert!(!head.lacks_audio() && !head.lacks_video(), "{kept}");
    }
}

#[test]
fn a_file_is_read_wherever_it_stands() {
    let mut file = Cursor::new(Movie::new().bytes());
    file.set_position(77);
    let facts = MediaFacts::read(&mut file).unwrap();
    assert_eq!(facts, MediaFacts::from_bytes(file.get_ref()));
}

#[test]
fn a_disk_that_fails_is_an_error() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }
    impl Seek for Failing {
        fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
            Ok(100)
        }
    }
    assert_eq!(MediaFacts::read(Failing).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}
