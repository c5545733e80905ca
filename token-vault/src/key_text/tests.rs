use proptest::prelude::*;

use super::*;
use crate::scripted_keys::{NEW, OLD};

const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn fault(text: &str) -> KeyTextError {
    parse(text).map(|_| ()).unwrap_err()
}

#[test]
fn one_key_may_be_written_in_seven_ways() {
    let spellings = [
        OLD,
        &OLD.to_uppercase(),
        BASE64,
        BASE64.trim_end_matches('='),
        &format!(" {OLD}\n"),
        &format!("v1:efb81a692a2f72c5:{BASE64}"),
        &format!("v1:efb81a692a2f72c5:{OLD}"),
    ];
    for spelling in spellings {
        let (key, others) = parse(spelling).unwrap();
        assert_eq!((key.check.to_string().as_str(), others.len()), ("efb81a692a2f72c5", 0), "{spelling}");
        assert_eq!(*key.bytes, std::array::from_fn(|byte| u8::try_from(byte).unwrap()));
    }
    let (standard, url_safe) = ("+/".repeat(21) + "8=", "-_".repeat(21) + "8");
    assert_eq!(parse(&standard).unwrap().0.bytes, parse(&url_safe).unwrap().0.bytes);
}

#[test]
fn a_list_may_mix_the_ways_and_span_lines() {
    let (primary, others) = parse(&format!("{NEW},\n v1:efb81a692a2f72c5:{BASE64}\n")).unwrap();
    assert_eq!(*primary.bytes.first_chunk().unwrap(), [0xff, 0xee]);
    assert_eq!(others.iter().map(|key| key.check.to_string()).collect::<Vec<_>>(), ["efb81a692a2f72c5"]);
}

#[test]
fn unusable_text_is_named_by_place_and_never_shown() {
    let short = &OLD[..62];
    for (text, position, count, length) in [
        ("", 1, 1, 0),
        ("CANARYCANARY", 1, 1, 12),
        (short, 1, 1, 62),
        (&*OLD.replace('f', "g"), 1, 1, 64),
        (&*format!("{OLD},"), 2, 2, 0),
        (&*format!("{OLD},CANARY,{NEW}"), 2, 3, 6),
        ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", 1, 1, 44),
        (&*format!("v1:{BASE64}"), 1, 1, 47),
        (&*format!("v1:efb81a692a2f72c5:{short}"), 1, 1, 82),
        (&*format!("v2:efb81a692a2f72c5:{BASE64}"), 1, 1, 64),
    ] {
        let error = fault(text);
        assert_eq!(
            error,
            KeyTextError { position, count, fault: KeyTextFault::NotAKey { length } },
            "{text}"
        );
        assert!(!error.to_string().contains("CANARY"));
    }
    assert_eq!(
        fault("x").to_string(),
        "encryption key 1 of 1 is not usable: expected 64 hexadecimal digits or the base64 of 32 bytes, \
         found 1 characters; make one with `openssl rand -hex 32`"
    );
}

#[test]
fn a_key_that_is_not_the_one_its_fingerprint_names_is_refused() {
    let mistyped = BASE64.replacen("AAEC", "AAED", 1);
    for text in [format!("v1:efb81a692a2f72c5:{mistyped}"), format!("v1:efb81a692a2f72c6:{BASE64}")] {
        let error = fault(&text);
        assert_eq!(error.fault, KeyTextFault::OtherFingerprint);
        assert!(!error.to_string().contains(BASE64));
    }
}

#[test]
fn a_generated_key_is_read_back_under_its_id_and_never_comes_twice() {
    let (a, b) = (GeneratedKey::new().unwrap(), GeneratedKey::new().unwrap());
    assert_ne!(*a.text, *b.text);
    assert!(a.text.starts_with("v1:"), "the form is the self-checking one");
    let (key, _) = parse(&a.text).unwrap();
    assert_eq!(local_id(key.check), a.id);
    assert_eq!(format!("{a:?}"), format!("GeneratedKey {{ id: KekId(\"{}\"), .. }}", a.id));
}

proptest! {
    #[test]
    fn parsing_never_panics(text in any::<String>(), tagged: bool) {
        let text = if tagged { format!("v1:{text}") } else { text };
        let _ = parse(&text);
    }

    #[test]
    fn any_32_bytes_are_read_back(key: [u8; 32]) {
        let half = |at| u128::from_be_bytes(*key[at..].first_chunk().unwrap());
        let hex = format!("{:032x}{:032x}", half(0), half(16));
        prop_assert_eq!(*decode(&hex).unwrap(), key);
        let base64 = general_purpose::STANDARD.encode(key);
        prop_assert_eq!(*decode(&base64).unwrap(), key);
        let tagged = format!("v1:{}:{base64}", fingerprint(&key));
        prop_assert_eq!(*parse(&tagged).unwrap().0.bytes, key);
    }
}
