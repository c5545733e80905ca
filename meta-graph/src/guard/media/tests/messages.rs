use super::*;

#[test]
fn images_and_videos_of_whatsapp() {
    assert_table(
        whatsapp_image,
        &image(MediaKind::Jpeg, 100, 100),
        &[
            ("format", |f| f.kind = MediaKind::Png, |f| f.kind = MediaKind::WebP, rules::W3),
            ("size", |f| f.bytes = Some(5 * MIB), |f| f.bytes = Some(5 * MIB + 1), rules::W3_SIZE),
        ],
    );
    assert_table(
        whatsapp_video,
        &video(),
        &[
            ("format", |f| f.kind = MediaKind::ThreeGp, |f| f.kind = MediaKind::Mov, rules::W4),
            ("sound only", |_| (), |f| f.video = None, rules::W4),
            ("size", |f| f.bytes = Some(16 * MIB), |f| f.bytes = Some(16 * MIB + 1), rules::W4_SIZE),
            ("codec", |_| (), |f| codec(f, VideoCodec::H265), rules::W4_CODEC),
            ("sound", |f| f.audio = None, |f| sound(f).codec = AudioCodec::Amr, rules::W4_AUDIO),
        ],
    );
    assert_silent(whatsapp_video, MediaKind::Mp4);
}

#[test]
fn sounds_of_whatsapp() {
    let mut good = MediaFacts::new(MediaKind::Ogg);
    good.bytes = Some(1000);
    let mut opus = AudioFacts::new(AudioCodec::Opus);
    opus.channels = Some(1);
    good.audio = Some(opus);
    assert_table(
        whatsapp_audio,
        &good,
        &[
            ("format", |f| f.kind = MediaKind::Amr, |f| f.kind = MediaKind::Wav, rules::W5),
            ("size", |f| f.bytes = Some(16 * MIB), |f| f.bytes = Some(16 * MIB + 1), rules::W5_SIZE),
            ("channels", |f| sound(f).channels = None, |f| sound(f).channels = Some(2), rules::W5_OPUS),
            ("codec", |f| f.audio = None, |f| sound(f).codec = AudioCodec::Vorbis, rules::W5_OPUS),
            ("unknown", |f| f.kind = MediaKind::Unknown, |f| f.kind = MediaKind::Pdf, rules::W5),
            (
                "a video",
                |f| f.kind = MediaKind::Mp4,
                |f| {
                    f.kind = MediaKind::Mp4;
                    f.video = Some(VideoFacts::new(VideoCodec::H264));
                },
                rules::W5,
            ),
        ],
    );
    for kind in [MediaKind::Aac, MediaKind::Mp3, MediaKind::M4a] {
        assert_silent(whatsapp_audio, kind);
    }
}

#[test]
fn documents_and_stickers_of_whatsapp() {
    assert_table(
        whatsapp_document,
        &MediaFacts::new(MediaKind::Zip),
        &[("size", |f| f.bytes = Some(100 * MIB), |f| f.bytes = Some(100 * MIB + 1), rules::W6)],
    );
    let mut still = image(MediaKind::WebP, 512, 512);
    still.animated = Some(false);
    assert_table(
        whatsapp_sticker,
        &still,
        &[
            ("format", |_| (), |f| f.kind = MediaKind::Png, rules::W7),
            ("pixels", |_| (), |f| f.width = Some(511), rules::W7_DIMENSIONS),
            ("size", |f| f.bytes = Some(100 * 1024), |f| f.bytes = Some(100 * 1024 + 1), rules::W7_SIZE),
            (
                "moving",
                |f| {
                    f.animated = Some(true);
                    f.bytes = Some(500 * 1024);
                },
                |f| {
                    f.animated = Some(true);
                    f.bytes = Some(500 * 1024 + 1);
                },
                rules::W7_SIZE,
            ),
            (
                "perhaps moving",
                |f| {
                    f.animated = None;
                    f.bytes = Some(500 * 1024);
                },
                |f| {
                    f.animated = None;
                    f.bytes = Some(500 * 1024 + 1);
                },
                rules::W7_SIZE,
            ),
        ],
    );
}

#[test]
fn attachments_of_messenger() {
    let good = image(MediaKind::Gif, 100, 100);
    assert_table(
        messenger_attachment,
        &good,
        &[("size", |f| f.bytes = Some(25 * MIB), |f| f.bytes = Some(25 * MIB + 1), rules::M2)],
    );
    assert_table(
        messenger_attachment_by_url,
        &good,
        &[
            ("image", |f| f.bytes = Some(8 * MIB), |f| f.bytes = Some(8 * MIB + 1), rules::M2_IMAGE_URL),
            (
                "video",
                |f| {
                    f.kind = MediaKind::Mp4;
                    f.bytes = Some(25 * MIB);
                },
                |f| {
                    f.kind = MediaKind::Mp4;
                    f.bytes = Some(25 * MIB + 1);
                },
                rules::M2,
            ),
        ],
    );
}

#[test]
fn attachments_of_instagram() {
    let png = image(MediaKind::Png, 100, 100);
    assert_table(
        instagram_direct_image,
        &png,
        &[
            ("format", |f| f.kind = MediaKind::Gif, |f| f.kind = MediaKind::WebP, rules::M9),
            ("size", |f| f.bytes = Some(8 * MIB), |f| f.bytes = Some(8 * MIB + 1), rules::M9_SIZE),
        ],
    );
    assert_rules(&instagram_direct_images(&vec![png.clone(); 10]), &[]);
    assert_rules(&instagram_direct_images(&vec![png.clone(); 11]), &[rules::M9_COUNT]);
    let findings = instagram_direct_images(&[png, image(MediaKind::Bmp, 1, 1)]);
    assert_rules(&findings, &[rules::M9]);
    assert_eq!(findings[0].field(), "attachments[1]");
    for (check, allowed, refused) in [
        (
            instagram_direct_video as Check,
            &[MediaKind::Mp4, MediaKind::Ogg, MediaKind::Avi, MediaKind::Mov, MediaKind::WebM][..],
            &[MediaKind::Gif, MediaKind::Matroska, MediaKind::Unknown][..],
        ),
        (
            instagram_direct_audio,
            &[MediaKind::Aac, MediaKind::M4a, MediaKind::Wav, MediaKind::Mp4, MediaKind::Unknown],
            &[MediaKind::Mp3, MediaKind::Ogg, MediaKind::Jpeg],
        ),
        (instagram_direct_document, &[MediaKind::Pdf], &[MediaKind::Zip, MediaKind::OleDocument]),
    ] {
        for kind in allowed {
            let mut facts = MediaFacts::new(*kind);
            facts.bytes = Some(25 * MIB);
            assert_rules(&check(&facts), &[]);
            facts.bytes = Some(25 * MIB + 1);
            assert_rules(&check(&facts), &[rules::M10]);
        }
        for kind in refused {
            assert_rules(&check(&MediaFacts::new(*kind)), &[rules::M10_FORMAT]);
        }
    }
}
