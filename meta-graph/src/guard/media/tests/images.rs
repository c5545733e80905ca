use super::*;

#[test]
fn photos_of_a_page() {
    let good = image(MediaKind::Jpeg, 1000, 1000);
    assert_table(
        facebook_photo,
        &good,
        &[
            ("format", |f| f.kind = MediaKind::Tiff, |f| f.kind = MediaKind::WebP, rules::F5),
            ("no image", |f| f.kind = MediaKind::Gif, |f| f.kind = MediaKind::Unknown, rules::F5),
            ("size", |f| f.bytes = Some(4_000_000), |f| f.bytes = Some(4_000_001), rules::F6),
            ("large", |_| (), |f| f.bytes = Some(10 * MIB), rules::F6),
            ("too large", |_| (), |f| f.bytes = Some(10 * MIB + 1), rules::F6_HARD),
        ],
    );
    let png = image(MediaKind::Png, 1000, 1000);
    let at = |bytes| {
        facebook_photo(&{
            let mut facts = png.clone();
            facts.bytes = Some(bytes);
            facts
        })
    };
    assert_rules(&at(1_000_000), &[]);
    assert_rules(&at(1_000_001), &[rules::F7]);
    assert_rules(&at(4_000_001), &[rules::F6, rules::F7]);
    assert_silent(facebook_photo, MediaKind::Png);
}

#[test]
fn photos_of_a_pages_story() {
    assert_table(
        facebook_story_photo,
        &image(MediaKind::Jpeg, 1080, 1920),
        &[
            ("format", |f| f.kind = MediaKind::Bmp, |f| f.kind = MediaKind::Heic, rules::F20_FORMAT),
            ("size", |f| f.bytes = Some(4_000_000), |f| f.bytes = Some(4_000_001), rules::F20_SAFE),
            ("large", |_| (), |f| f.bytes = Some(10 * MIB), rules::F20_SAFE),
            ("too large", |_| (), |f| f.bytes = Some(10 * MIB + 1), rules::F20),
        ],
    );
}

#[test]
fn images_of_instagram() {
    let good = image(MediaKind::Jpeg, 1080, 1080);
    assert_table(
        instagram_image,
        &good,
        &[
            ("format", |_| (), |f| f.kind = MediaKind::Png, rules::I5),
            ("size", |f| f.bytes = Some(8 * MIB), |f| f.bytes = Some(8 * MIB + 1), rules::I6),
            ("narrow", |f| size(f, 1080, 1350), |f| size(f, 1080, 1352), rules::I7),
            ("wide", |f| size(f, 1080, 565), |f| size(f, 1080, 564), rules::I7),
            ("small", |f| size(f, 320, 320), |f| size(f, 319, 319), rules::I8),
            ("broad", |f| size(f, 1440, 1440), |f| size(f, 1441, 1441), rules::I8),
        ],
    );
    assert_silent(instagram_image, MediaKind::Jpeg);
}

#[test]
fn a_photo_that_is_turned_is_only_refused_if_it_is_wrong_both_ways() {
    let turned = |width, height| {
        let mut facts = image(MediaKind::Jpeg, width, height);
        facts.rotation = 90;
        instagram_image(&facts)
    };
    let findings = turned(1600, 1200);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].rule(), rules::I7.name);
    assert!(!blocks(&findings), "3:4 when turned, 4:3 as stored");
    assert_rules(&turned(1200, 1200), &[]);
    assert_rules(&turned(3000, 1000), &[rules::I7]);
}

#[test]
fn covers_and_images_of_stories() {
    for (check, format, bytes) in [
        (instagram_cover as Check, rules::I19_FORMAT, rules::I19),
        (instagram_story_image, rules::I20_FORMAT, rules::I20),
    ] {
        assert_table(
            check,
            &image(MediaKind::Jpeg, 1080, 1920),
            &[
                ("format", |_| (), |f| f.kind = MediaKind::Png, format),
                ("size", |f| f.bytes = Some(8 * MIB), |f| f.bytes = Some(8 * MIB + 1), bytes),
            ],
        );
    }
}

#[test]
fn a_carousel_is_judged_item_by_item() {
    let item = || image(MediaKind::Jpeg, 1080, 1080);
    let items = |count| vec![item(); count];
    assert_rules(&instagram_carousel(&items(2)), &[]);
    assert_rules(&instagram_carousel(&items(10)), &[]);
    assert_rules(&instagram_carousel(&items(1)), &[rules::I10]);
    assert_rules(&instagram_carousel(&items(11)), &[rules::I10]);
    assert_rules(&instagram_carousel(&[]), &[rules::I10]);
    let mixed = [item(), image(MediaKind::Png, 1080, 1080), {
        let mut video = video();
        size(&mut video, 1080, 1080);
        layout(&mut video).index_first = false;
        video
    }];
    let findings = instagram_carousel(&mixed);
    assert_rules(&findings, &[rules::I5, rules::I12_ORDER]);
    assert_eq!((findings[0].field(), findings[1].field()), ("children[1]", "children[2]"));
    let findings = instagram_carousel(&[item(), image(MediaKind::Jpeg, 1080, 1090)]);
    assert_rules(&findings, &[]);
    let findings = instagram_carousel(&[item(), image(MediaKind::Jpeg, 1080, 1092)]);
    assert_rules(&findings, &[rules::I11]);
    assert_eq!(findings[0].field(), "children[1]");
}

#[test]
fn images_of_threads() {
    assert_table(
        threads_image,
        &image(MediaKind::Jpeg, 1000, 1000),
        &[
            ("format", |f| f.kind = MediaKind::Png, |f| f.kind = MediaKind::Gif, rules::T3),
            ("size", |f| f.bytes = Some(8 * MIB), |f| f.bytes = Some(8 * MIB + 1), rules::T3_SIZE),
            ("wide", |f| size(f, 1200, 120), |f| size(f, 1200, 119), rules::T3_RATIO),
            ("high", |f| size(f, 320, 3200), |f| size(f, 320, 3211), rules::T3_RATIO),
            ("small", |f| size(f, 320, 320), |f| size(f, 319, 319), rules::T3_WIDTH),
            ("broad", |f| size(f, 1440, 1000), |f| size(f, 1441, 1000), rules::T3_WIDTH),
        ],
    );
    let items = |count| vec![image(MediaKind::Jpeg, 1000, 1000); count];
    assert_rules(&threads_carousel(&items(2)), &[]);
    assert_rules(&threads_carousel(&items(20)), &[]);
    assert_rules(&threads_carousel(&items(1)), &[rules::T5]);
    assert_rules(&threads_carousel(&items(21)), &[rules::T5]);
    let mut long = video();
    lasts(&mut long, 301_000);
    let findings = threads_carousel(&[image(MediaKind::Gif, 1000, 1000), long]);
    assert_rules(&findings, &[rules::T3, rules::T4_DURATION]);
    assert_eq!((findings[0].field(), findings[1].field()), ("children[0]", "children[1]"));
}
