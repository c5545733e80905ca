use super::*;

const GIB: u64 = 1024 * MIB;

#[test]
fn videos_of_a_page() {
    assert_table(
        facebook_video,
        &video(),
        &[
            ("size", |f| f.bytes = Some(4_000_000_000), |f| f.bytes = Some(4_000_000_001), rules::F11),
            ("large", |_| (), |f| f.bytes = Some(10 * GIB), rules::F11),
            ("too large", |_| (), |f| f.bytes = Some(10 * GIB + 1), rules::F11_HARD),
            ("long", |f| lasts(f, 4 * 3_600_000), |f| lasts(f, 4 * 3_600_000 + 101), rules::F12_HARD),
            ("kind", |f| f.kind = MediaKind::Avi, |f| f.kind = MediaKind::Jpeg, rules::F13_HARD),
            ("unknown", |f| f.kind = MediaKind::Unknown, |f| f.kind = MediaKind::Zip, rules::F13_HARD),
            ("sound", |_| (), |f| f.video = None, rules::F13_HARD),
        ],
    );
    assert_table(
        facebook_video_in_one_request,
        &video(),
        &[
            ("size", |f| f.bytes = Some(GIB), |f| f.bytes = Some(GIB + 1), rules::F11_SIMPLE),
            ("long", |f| lasts(f, 1_200_100), |f| lasts(f, 1_200_101), rules::F12),
        ],
    );
    assert_silent(facebook_video, MediaKind::Mp4);
}

#[test]
fn reels_and_story_videos_of_a_page() {
    let rows: &[Row] = &[
        ("format", |_| (), |f| f.kind = MediaKind::Mov, rules::F13),
        ("no video", |_| (), |f| f.kind = MediaKind::Pdf, rules::F13_HARD),
        ("narrow", |f| size(f, 1070, 1920), |f| size(f, 1068, 1920), rules::F15),
        ("wide", |f| size(f, 1090, 1920), |f| size(f, 1092, 1920), rules::F15),
        ("small", |f| size(f, 540, 960), |f| size(f, 539, 959), rules::F15_SIZE),
        (
            "turned",
            |f| {
                size(f, 1920, 1080);
                f.rotation = 90;
            },
            |f| f.rotation = 90,
            rules::F15,
        ),
        ("slow", |f| fps(f, 23.976), |f| fps(f, 23.89), rules::F16),
        ("fast", |f| fps(f, 60.0), |f| fps(f, 60.11), rules::F16),
        ("codec", |f| codec(f, VideoCodec::Av1), |f| codec(f, VideoCodec::Other(*b"mp4v")), rules::F17),
        ("sound", |f| f.audio = None, |f| sound(f).codec = AudioCodec::Mp3, rules::F17_AUDIO),
        ("rate", |f| sound(f).channels = Some(6), |f| sound(f).sample_rate = Some(44_100), rules::F17_AUDIO),
        ("high rate", |_| (), |f| sound(f).sample_rate = Some(48_001), rules::F17_AUDIO),
    ];
    assert_table(facebook_reel, &video(), rows);
    assert_table(facebook_story_video, &video(), rows);
    assert_table(
        facebook_reel,
        &video(),
        &[
            ("short", |f| lasts(f, 2_900), |f| lasts(f, 2_899), rules::F14),
            ("long", |f| lasts(f, 90_100), |f| lasts(f, 90_101), rules::F14),
        ],
    );
    assert_table(
        facebook_story_video,
        &video(),
        &[
            ("short", |f| lasts(f, 3_000), |f| lasts(f, 2_500), rules::F21),
            ("long", |f| lasts(f, 60_000), |f| lasts(f, 60_500), rules::F21),
        ],
    );
    assert_silent(facebook_reel, MediaKind::Mp4);
    assert_silent(facebook_story_video, MediaKind::Mp4);
}

#[test]
fn every_video_of_instagram() {
    let rows: &[Row] = &[
        ("format", |f| f.kind = MediaKind::Mov, |f| f.kind = MediaKind::WebM, rules::I12),
        ("sound only", |_| (), |f| f.video = None, rules::I12),
        ("order", |f| layout(f).fragmented = true, |f| layout(f).index_first = false, rules::I12_ORDER),
        (
            "edits",
            |f| layout(f).edits = EditList::Shift,
            |f| layout(f).edits = EditList::Cuts,
            rules::I12_EDITS,
        ),
        ("slow", |f| fps(f, 23.0), |f| fps(f, 22.8), rules::I15),
        ("fast", |f| fps(f, 60.0), |f| fps(f, 60.2), rules::I15),
        ("codec", |f| codec(f, VideoCodec::H265), |f| codec(f, VideoCodec::Vp9), rules::I17),
        ("silent", |f| f.audio = None, |f| sound(f).codec = AudioCodec::Opus, rules::I17_AUDIO),
        (
            "rate",
            |f| sound(f).sample_rate = Some(8_000),
            |f| sound(f).sample_rate = Some(48_001),
            rules::I17_AUDIO,
        ),
        ("channels", |f| sound(f).channels = Some(1), |f| sound(f).channels = Some(3), rules::I17_AUDIO),
        (
            "bit rate with sound",
            |f| f.bytes = Some(25_512_000 / 8 * 10),
            |f| f.bytes = Some(25_512_001_u64.div_ceil(8) * 10 + 10),
            rules::I15_BITRATE,
        ),
        (
            "bit rate without sound",
            |f| {
                f.audio = None;
                f.bytes = Some(25_000_000 / 8 * 10);
            },
            |f| {
                f.audio = None;
                f.bytes = Some(25_000_000 / 8 * 10 + 10);
            },
            rules::I15_BITRATE,
        ),
    ];
    assert_table(instagram_reel, &video(), rows);
    assert_table(instagram_story_video, &video(), rows);
    assert_silent(instagram_reel, MediaKind::Mp4);
    assert_silent(instagram_story_video, MediaKind::Mov);
}

#[test]
fn reels_of_instagram() {
    assert_table(
        instagram_reel,
        &video(),
        &[
            ("short", |f| lasts(f, 3_000), |f| lasts(f, 2_800), rules::I13_HARD),
            ("tab", |f| lasts(f, 90_000), |f| lasts(f, 90_200), rules::I13),
            ("long", |_| (), |f| lasts(f, 900_000), rules::I13),
            ("too long", |_| (), |f| lasts(f, 900_200), rules::I13_HARD),
            ("shape", |f| size(f, 720, 1280), |f| size(f, 1080, 1080), rules::I16),
            ("wide", |_| (), |f| size(f, 1920, 192), rules::I16),
            ("too wide", |_| (), |f| size(f, 1920, 190), rules::I16_HARD),
            ("too narrow", |_| (), |f| size(f, 10, 1101), rules::I16_HARD),
        ],
    );
    let mut large = video();
    lasts(&mut large, 600_000);
    for (bytes, expected) in [
        (300_000_000, &[rules::I13][..]),
        (300_000_001, &[rules::I14, rules::I13]),
        (1024 * MIB, &[rules::I14, rules::I13]),
        (1024 * MIB + 1, &[rules::I14_HARD, rules::I13]),
    ] {
        large.bytes = Some(bytes);
        assert_rules(&instagram_reel(&large), expected);
    }
    let mut broad = video();
    size(&mut broad, 1920, 1080);
    assert_rules(&instagram_reel(&broad), &[rules::I16]);
    size(&mut broad, 1921, 1080);
    assert_rules(&instagram_reel(&broad), &[rules::I15_WIDTH, rules::I16]);
}

#[test]
fn story_videos_of_instagram() {
    assert_table(
        instagram_story_video,
        &video(),
        &[
            ("short", |f| lasts(f, 3_000), |f| lasts(f, 2_800), rules::I21),
            ("long", |f| lasts(f, 60_000), |f| lasts(f, 60_200), rules::I21),
            (
                "size",
                |f| {
                    lasts(f, 60_000);
                    f.bytes = Some(100 * MIB);
                },
                |f| {
                    lasts(f, 60_000);
                    f.bytes = Some(100 * MIB + 1);
                },
                rules::I21_SIZE,
            ),
        ],
    );
}

#[test]
fn the_moment_of_the_cover_lies_in_the_video() {
    let at = |millis| instagram_thumb_offset(&video(), Duration::from_millis(millis));
    assert_rules(&at(0), &[]);
    assert_rules(&at(10_000), &[]);
    assert_rules(&at(10_001), &[rules::I18]);
    let unknown = MediaFacts::new(MediaKind::Mp4);
    assert_rules(&instagram_thumb_offset(&unknown, Duration::from_secs(99)), &[]);
}

#[test]
fn videos_of_threads() {
    assert_table(
        threads_video,
        &video(),
        &[
            ("format", |f| f.kind = MediaKind::Mov, |f| f.kind = MediaKind::ThreeGp, rules::T4),
            ("sound only", |_| (), |f| f.video = None, rules::T4),
            ("size", |f| f.bytes = Some(GIB), |f| f.bytes = Some(GIB + 1), rules::T4_SIZE),
            ("long", |f| lasts(f, 300_000), |f| lasts(f, 300_200), rules::T4_DURATION),
            ("slow", |f| fps(f, 23.0), |f| fps(f, 22.8), rules::T4_FPS),
            ("fast", |f| fps(f, 60.0), |f| fps(f, 60.2), rules::T4_FPS),
            ("broad", |f| size(f, 1920, 1080), |f| size(f, 1921, 1080), rules::T4_WIDTH),
        ],
    );
    assert_silent(threads_video, MediaKind::Mp4);
}
