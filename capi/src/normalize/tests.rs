mod properties;

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use serde::Deserialize;

use super::{Context, Mode, normalize};
use crate::field::Field;
use crate::hashed::sha256_hex;

#[derive(Deserialize)]
struct Case {
    field: String,
    input: String,
    normalized: Option<String>,
    sha256: Option<String>,
    error: bool,
}

fn field(name: &str) -> Field {
    Field::ALL
        .iter()
        .copied()
        .find(|field| field.as_str() == name)
        .unwrap_or_else(|| panic!("no field {name}"))
}

/// Every executed case of the Python SDK: the normalised text, the digest, and which inputs it refuses.
#[test]
fn python_compat_equals_the_python_sdk_row_for_row() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/capi_cases.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    let mut compared: BTreeMap<String, u32> = BTreeMap::new();
    let mut different = Vec::new();
    for case in cases {
        let ours = normalize(Mode::PythonCompat, field(&case.field), &case.input, &Context::new());
        let equal = match &ours {
            Err(_) => case.error,
            Ok(None) => !case.error && case.normalized.is_none() && case.sha256.is_none(),
            Ok(Some(value)) => {
                !case.error
                    && case.normalized.as_deref() == Some(value.text())
                    && case.sha256.as_deref() == value.sha256()
            }
        };
        if !equal {
            different.push(format!("{} {:?}: {ours:?}", case.field, case.input));
        }
        *compared.entry(case.field).or_default() += 1;
    }
    println!("compared {} rows: {compared:?}", compared.values().sum::<u32>());
    assert_eq!(different, Vec::<String>::new());
    // All rows of the file, and every field of it is modelled.
    assert_eq!((compared.values().sum::<u32>(), compared.len()), (273, 25));
}

/// The digests that Meta's documentation prints.
#[test]
fn canonical_reproduces_the_documented_digests() {
    for (name, value, text) in [
        ("em", "John_Smith@gmail.com ", "john_smith@gmail.com"),
        ("ph", "+1 (650) 555-1212", "16505551212"),
        ("fn", "Mary", "mary"),
        ("fn", "정", "정"),
        ("fn", "Vale\u{301}ry", "val\u{e9}ry"),
        ("db", "1997-02-16", "19970216"),
        ("country", "United States", "us"),
    ] {
        let ours = normalize(Mode::Canonical, field(name), value, &Context::new()).unwrap().unwrap();
        assert_eq!(ours.text(), text);
        assert_eq!(ours.sha256(), Some(sha256_hex(text).as_str()));
    }
    let us = normalize(Mode::Canonical, Field::Country, "us", &Context::new()).unwrap().unwrap();
    assert_eq!(us.sha256(), Some("79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"));
    let mary = normalize(Mode::Canonical, Field::FirstName, "Mary", &Context::new()).unwrap().unwrap();
    assert_eq!(mary.sha256(), Some("6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec"));
}

#[test]
fn canonical_texts() {
    for (name, value, text) in [
        ("em", "\tTEST@EXAMPLE.COM\n", "test@example.com"),
        ("em", "STRASSE@GROẞE.example", "strasse@große.example"),
        ("em", "\u{feff}user@example.com\u{a0}", "user@example.com"),
        ("fn", "O'Connor", "oconnor"),
        ("fn", "O´Connor", "oconnor"),
        ("fn", "Jean‑Luc", "jeanluc"),
        ("fn", "Mary Jane", "maryjane"),
        ("fn", "a\u{200b}b", "ab"),
        ("fn", "ab\u{ad}cd", "abcd"),
        ("fn", "Nguye\u{302}\u{303}n", "nguyễn"),
        ("fn", "ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("fn", "ธนพล", "ธนพล"),
        ("fn", "प्रिया", "प्रिया"),
        ("ln", "הַכֹּהֵן", "הַכֹּהֵן"),
        ("ln", "ガルシア・ロペス", "ガルシアロペス"),
        ("ln", "van der Berg, III", "vanderbergiii"),
        ("f5first", "Jo-Anne", "joann"),
        ("fi", "'Ali", "a"),
        ("ge", " Female ", "f"),
        ("ct", "Frankfurt/Main", "frankfurtmain"),
        ("ct", "Saint-Étienne 42", "saintétienne"),
        ("dobd", "9", "09"),
        ("external_id", " ABC ", "ABC"),
        ("madid", "ABCDEF00-8CF0-11BD-B23E-10B96E40000D", "ABCDEF00-8CF0-11BD-B23E-10B96E40000D"),
        ("client_ip_address", "2001:db8::1", "2001:db8::1"),
        ("client_ip_address", "203.0.113.7.AQQCAQMC", "203.0.113.7.AQQCAQMC"),
        ("currency", " eur ", "EUR"),
    ] {
        let ours = normalize(Mode::Canonical, field(name), value, &Context::new());
        let expected: String = unicode_normalization::UnicodeNormalization::nfc(text).collect();
        assert_eq!(ours.unwrap().unwrap().text(), expected, "{name} {value:?}");
    }
}

#[test]
fn canonical_refusals_name_their_rule() {
    let digest = sha256_hex("mary");
    for (name, value, rule) in [
        ("em", "a@b@example.com", "capi.email"),
        ("em", "user@example.com,other@example.org", "capi.email"),
        ("em", "<user@example.com>", "capi.email"),
        ("em", "mailto:user@example.com", "capi.email"),
        ("em", "user@localhost", "capi.email"),
        ("em", "user@example..com", "capi.email"),
        ("fn", "Ma\u{7}ry", "capi.control_character"),
        ("fn", "--", "capi.name"),
        ("fn", &digest, "capi.looks_hashed"),
        ("em", &digest.to_uppercase(), "capi.looks_hashed"),
        ("em", &format!("{digest}.AQQCAQMC"), "capi.looks_hashed"),
        ("ln", "527bd5b5d689e2c32ae974c6229ff785", "capi.looks_hashed"),
        ("ge", "x", "capi.gender"),
        ("db", "02/16/1997", "capi.birth_date"),
        ("ct", "98121", "capi.city"),
        ("country", "Deutschland", "capi.country"),
        ("client_ip_address", "203.0.113.7:443", "capi.ip_address"),
        ("currency", "US Dollar", "capi.currency"),
    ] {
        let refused = normalize(Mode::Canonical, field(name), value, &Context::new()).unwrap_err();
        assert_eq!(refused.findings()[0].rule(), rule, "{name} {value:?}");
        assert!(!refused.to_string().contains(value), "{refused}");
    }
}

#[test]
fn nothing_to_send_is_not_hashed() {
    for field in Field::ALL.iter().copied() {
        for value in ["", "  ", "\u{200b}"] {
            let plain_zero_width = value == "\u{200b}" && !field.is_hashed();
            if !plain_zero_width {
                assert_eq!(
                    normalize(Mode::Canonical, field, value, &Context::new()),
                    Ok(None),
                    "{field} {value:?}"
                );
            }
        }
        assert_eq!(normalize(Mode::PythonCompat, field, "", &Context::new()), Ok(None), "{field}");
    }
}

#[test]
fn odd_but_usable_values_carry_a_warning() {
    for (name, value, rule) in [
        ("fbc", "IwAR0", "capi.fb_cookie"),
        ("external_id", "A ", "capi.external_id.trimmed"),
        ("client_ip_address", "192.168.1.1", "capi.ip_address.private"),
    ] {
        let ours = normalize(Mode::Canonical, field(name), value, &Context::new()).unwrap().unwrap();
        let rules: Vec<&str> = ours.warnings().iter().map(sociogram_api_core::Finding::rule).collect();
        assert_eq!(rules, [rule]);
    }
    let cookie = "fb.1.1554763741205.AbCdEfGhIjKlMnOpQrStUvWxYz1234567890.AQQCAQMC";
    assert!(
        normalize(Mode::Canonical, Field::Fbc, cookie, &Context::new())
            .unwrap()
            .unwrap()
            .warnings()
            .is_empty()
    );
}

proptest! {
    #[test]
    fn hashed_fields_always_give_64_hex_digits(text in any::<String>(), which in 0usize..33) {
        let field = Field::ALL[which];
        if let Ok(Some(value)) = normalize(Mode::Canonical, field, &text, &Context::new())
            && field.is_hashed()
        {
            let hex = value.sha256().unwrap();
            prop_assert!(hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
            prop_assert!(!value.text().is_empty());
        }
    }
}
