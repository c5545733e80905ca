use proptest::prelude::*;

use super::*;

#[test]
fn units_differ_where_the_text_is_not_latin() {
    for (text, expected) in [
        ("", (0, 0, 0)),
        ("abc", (3, 3, 3)),
        ("Grüße", (5, 7, 5)),
        ("日本", (2, 6, 2)),
        ("🎉", (1, 4, 2)),
        ("e\u{301}", (2, 3, 2)),
    ] {
        assert_eq!((chars(text), utf8_bytes(text), utf16_units(text)), expected, "{text}");
    }
}

#[test]
fn threads_counts_the_bytes_of_emoji_and_the_letters_of_everything_else() {
    for (text, length) in [
        ("", 0),
        ("abc", 3),
        ("Grüße 日本 नमस्ते", 15),
        ("🎉", 4),
        ("a🎉b", 6),
        ("⭐", 3),
        ("☎", 1),
        ("☎\u{fe0f}", 6),
        ("1\u{fe0f}\u{20e3}", 7),
        ("1 2 # *", 7),
        ("👍🏽", 8),
        ("👨\u{200d}👩\u{200d}👧", 18),
        ("🇩🇪", 8),
        ("🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", 28),
        ("क\u{200d}ष", 3),
        ("© ™ → ─", 7),
    ] {
        assert_eq!(threads_length(text), length, "{text}");
    }
}

#[test]
fn hashtags_of_every_script() {
    for (text, expected) in [
        ("", &[][..]),
        ("no tags", &[]),
        ("#one #two", &["#one", "#two"]),
        ("#one#two", &["#one", "#two"]),
        ("text#not", &[]),
        ("(#yes), #ja!", &["#yes", "#ja"]),
        ("# #", &[]),
        ("##double", &["#double"]),
        ("#größe #日本語 #हिन्दी #ภาษาไทย #مَرْحَبًا", &["#größe", "#日本語", "#हिन्दी", "#ภาษาไทย", "#مَرْحَبًا"]),
        ("#party🎉 next", &["#party🎉"]),
        ("#snake_case #2024", &["#snake_case", "#2024"]),
        ("&#39; is no tag", &[]),
        ("#hy-phen", &["#hy"]),
        ("#zeile\n#zwei", &["#zeile", "#zwei"]),
        ("#日本、#東京", &["#日本", "#東京"]),
    ] {
        assert_eq!(hashtags(text).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn mentions_are_names_and_not_addresses_of_mail() {
    for (text, expected) in [
        ("hello @anna.b and @c_d.", &["@anna.b", "@c_d"][..]),
        ("mail me: a@example.com", &[]),
        ("@", &[]),
        ("@@twice", &["@twice"]),
        ("(@a)@b", &["@a", "@b"]),
        ("@größe", &["@gr"]),
        ("ü@x", &[]),
        ("@...", &[]),
    ] {
        assert_eq!(mentions(text).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn links_end_before_the_punctuation() {
    for (text, expected) in [
        (
            "see https://example.com/a?b=c, and HTTP://example.org.",
            &["https://example.com/a?b=c", "HTTP://example.org"][..],
        ),
        ("(https://example.com)", &["https://example.com"]),
        ("https:// http://", &[]),
        ("example.com www.example.com", &[]),
        ("<a href=\"https://example.com/\">", &["https://example.com/"]),
        ("a:https://example.com/http://example.org", &["https://example.com/http://example.org"]),
    ] {
        assert_eq!(links(text).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[track_caller]
fn assert_rules(findings: &[Finding], expected: &[rules::Rule]) {
    let found: Vec<_> = findings.iter().map(Finding::rule).collect();
    let expected: Vec<_> = expected.iter().map(|rule| rule.name).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_caption_at_its_limits() {
    assert_rules(&instagram_caption(&"ä".repeat(2_200)), &[]);
    assert_rules(&instagram_caption(&"ä".repeat(2_201)), &[rules::I2]);
    assert_rules(&instagram_caption(&"#a ".repeat(30)), &[]);
    assert_rules(&instagram_caption(&"#a ".repeat(31)), &[rules::I3]);
    assert_rules(&instagram_caption(&"#a".repeat(31)), &[rules::I3]);
    assert_rules(&instagram_caption(&"@a ".repeat(20)), &[]);
    assert_rules(&instagram_caption(&"@a ".repeat(21)), &[rules::I4]);
    let all = "#a @b ".repeat(500);
    assert_rules(&instagram_caption(&all), &[rules::I2, rules::I3, rules::I4]);
}

#[test]
fn a_text_of_threads_at_its_limits() {
    assert_rules(&threads_text(&"ä".repeat(500)), &[]);
    assert_rules(&threads_text(&"ä".repeat(501)), &[rules::T1]);
    assert_rules(&threads_text(&"🎉".repeat(125)), &[]);
    assert_rules(&threads_text(&"🎉".repeat(126)), &[rules::T1]);
    let links =
        |count: usize| (0..count).map(|n| format!("https://example.com/{n}")).collect::<Vec<_>>().join(" ");
    assert_rules(&threads_text(&links(5)), &[]);
    assert_rules(&threads_text(&links(6)), &[rules::T2]);
    assert_rules(&threads_text(&"https://example.com ".repeat(9)), &[]);
}

proptest! {
    #[test]
    fn counting_survives_every_text(text in "[#@_.&a-zäß日न\u{94d}🎉👍🏽\u{200d}\u{fe0f}\u{20e3}0-9 :/htps\n\\PC]{0,80}") {
        prop_assert!(chars(&text) <= utf16_units(&text));
        prop_assert!(utf16_units(&text) <= utf8_bytes(&text));
        prop_assert!((chars(&text)..=utf8_bytes(&text)).contains(&threads_length(&text)));
        prop_assert!(hashtags(&text).count() <= text.matches('#').count());
        prop_assert!(mentions(&text).count() <= text.matches('@').count());
        for tag in hashtags(&text) {
            prop_assert!(tag.starts_with('#') && tag.len() > 1 && text.contains(tag));
            prop_assert!(!tag.contains(char::is_whitespace) && tag.matches('#').count() == 1);
        }
        for mention in mentions(&text) {
            prop_assert!(mention.starts_with('@') && mention.len() > 1 && mention.is_ascii());
        }
        for link in links(&text) {
            prop_assert!(text.contains(link) && !link.contains(char::is_whitespace));
        }
    }

    #[test]
    fn a_text_without_emoji_counts_its_letters(text in "[a-zA-Z0-9äöüßéñçабв日本語한국어 .,!?#*]{0,80}") {
        prop_assert_eq!(threads_length(&text), chars(&text));
    }

    #[test]
    fn written_tags_and_links_are_found(words in prop::collection::vec("[a-zäö日]{1,8}", 0..20)) {
        let tags = words.iter().map(|word| format!("#{word}")).collect::<Vec<_>>();
        for text in [tags.join(" "), tags.concat()] {
            prop_assert_eq!(hashtags(&text).collect::<Vec<_>>(), tags.clone());
        }
        let addresses = words.iter().map(|word| format!("https://example.com/{word}")).collect::<Vec<_>>();
        let text = addresses.join(", ");
        prop_assert_eq!(links(&text).collect::<Vec<_>>(), addresses);
    }
}
