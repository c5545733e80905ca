//! What holds for the canonical form of every field, whatever is typed.

use proptest::prelude::*;
use proptest::sample::select;
use unicode_normalization::UnicodeNormalization;

use crate::field::Field;
use crate::hashed::sha256_hex;
use crate::normalize::{Context, Mode, Normalized, normalize};
use crate::{FieldPolicy, InvalidRequest, PrepareOptions, UserData, prepare};

/// Letters with accents, of scripts with and without cases, and what stands between them.
const NAME: &str = "[a-zß-öø-ÿāčęğıłőșźα-ωάέήϊа-яёйիа가-힣ệễữ王å ' ’.·-]{1,16}";
const COUNTRIES: &[&str] =
    &["de", "DEU", "Germany", "uk", "Côte d’Ivoire", "Türkiye", "Réunion", "us", "Atlantis"];
const STATES: &[&str] =
    &["CA", "California", "District of Columbia", "Québec", "new york", "Île-de-France", "Bayern"];

fn any_field() -> impl Strategy<Value = Field> {
    select(Field::ALL)
}

fn hashed_field() -> impl Strategy<Value = Field> {
    any_field().prop_filter("hashed", |field| field.is_hashed())
}

/// Mostly values that fit the field, and some that do not.
fn value_of(field: Field) -> BoxedStrategy<String> {
    let pattern = match field {
        Field::Email => "[a-zä-öα-ω0-9.+_-]{1,8}@[a-zäßé-]{1,6}(\\.[a-zé]{1,4}){1,2}",
        Field::Phone => "(tel:)?(\\+|00|＋)?[0-9٠-٩０-９ ().-]{6,18}( ?(x|ext\\.?) ?[0-9]{1,3})?",
        Field::Gender => "m|f|male|female|ma|",
        Field::BirthDate => "(19|20)[0-9]{2}[-/.]?(0[1-9]|1[0-2])[-/.]?([0-2][0-9]|3[01])",
        Field::BirthDay | Field::BirthMonth | Field::BirthYear => "[0-9]{1,4}",
        Field::Zip => "([a-z]{1,2}-)?[0-9a-z]{1,6}[ –-]?[0-9a-z]{0,4}",
        _ => NAME,
    };
    let fitting = proptest::string::string_regex(pattern).unwrap();
    let listed = match field {
        Field::Country => select(COUNTRIES),
        Field::State => select(STATES),
        _ => select(&["", " - ", "1234"][..]),
    };
    prop_oneof![6 => fitting, 2 => listed.prop_map(str::to_owned), 2 => "\\PC{0,24}"].boxed()
}

fn with_field(field: impl Strategy<Value = Field> + 'static) -> impl Strategy<Value = (Field, String)> {
    field.prop_flat_map(|field| value_of(field).prop_map(move |text| (field, text)))
}

fn country() -> impl Strategy<Value = Option<&'static str>> {
    proptest::option::of(select(&["us", "ca", "gb", "de", "jp", "br"][..]))
}

fn canonical(
    field: Field,
    text: &str,
    country: Option<&'static str>,
) -> Result<Option<Normalized>, InvalidRequest> {
    let context = country.map_or_else(Context::new, |code| Context::new().country(code));
    normalize(Mode::Canonical, field, text, &context)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// A canonical text is its own canonical form, so values may pass through twice. (Not so with a default calling
    /// code: a number without `+` is taken for a national one again.)
    #[test]
    fn canonical_is_idempotent((field, text) in with_field(any_field()), country in country()) {
        if let Ok(Some(once)) = canonical(field, &text, country) {
            let twice = canonical(field, once.text(), country).unwrap().unwrap();
            prop_assert_eq!((field, once.text(), once.sha256()), (field, twice.text(), twice.sha256()));
        }
    }

    /// Nothing is never hashed, neither what is blank nor what has nothing left.
    #[test]
    fn the_empty_text_is_never_hashed(field in any_field(), text in "[ \t\u{a0}\u{200b}\u{ad}\u{feff}'’.,()+*0-9–—-]{0,8}", country in country()) {
        if let Ok(Some(value)) = canonical(field, &text, country) {
            prop_assert!(!value.text().is_empty() && !value.wire().is_empty());
            prop_assert_ne!(value.wire(), sha256_hex(""));
        }
    }

    /// Composed and decomposed accents give the same for every field that is hashed: its text, its digest, its
    /// warnings, its refusal.
    #[test]
    fn accents_may_be_composed_or_not((field, text) in with_field(hashed_field()), country in country()) {
        let (composed, decomposed): (String, String) = (text.nfc().collect(), text.nfd().collect());
        let expected = canonical(field, &text, country);
        prop_assert_eq!(&canonical(field, &composed, country), &expected, "{}", field);
        prop_assert_eq!(&canonical(field, &decomposed, country), &expected, "{}", field);
    }

    /// So do upper and lower case, for letters that come back from upper case as they were (ß and ı do not), and outer
    /// white space.
    #[test]
    fn case_and_outer_space_make_no_difference((field, text) in with_field(hashed_field()), country in country()) {
        let (lower, upper) = (text.to_lowercase(), text.to_uppercase());
        let expected = canonical(field, &text, country);
        prop_assert_eq!(&canonical(field, &format!(" {text}\r\n"), country), &expected, "{}", field);
        prop_assert_eq!(&canonical(field, &lower, country), &expected, "{}", field);
        if upper.to_lowercase() == lower {
            prop_assert_eq!(&canonical(field, &upper, country), &expected, "{}", field);
        }
    }

    /// Values that are not hashed keep every byte inside: ids and click ids are opaque.
    #[test]
    fn plain_values_keep_their_bytes(text in "[!-~]{1,40}", field in any_field()) {
        if !field.is_hashed() && field != Field::Currency && let Ok(Some(value)) = canonical(field, &text, None) {
            prop_assert_eq!(value.wire(), text);
        }
    }

    /// A field with the policy `Compat` is what the Python SDK makes of it, and all others stay canonical.
    #[test]
    fn compat_changes_one_field_only(first in NAME, last in NAME) {
        let user = UserData::new().first_name(first.as_str()).last_name(last.as_str()).external_id("5");
        let event = crate::Event::builder("Lead", crate::Timestamp::from_unix_seconds(1_795_000_000))
            .action_source(crate::ActionSource::Other)
            .user_data(user)
            .build();
        let options = PrepareOptions::without_clock().policy(Field::FirstName, FieldPolicy::Compat);
        let prepared = prepare([&event], &options);
        let json = prepared.bodies()[0].to_json();
        let first = normalize(Mode::PythonCompat, Field::FirstName, &first, &Context::new()).unwrap().unwrap();
        prop_assert!(json.contains(&format!(r#""fn":["{}"]"#, first.wire())), "{}", json);
        match canonical(Field::LastName, &last, None) {
            Ok(Some(last)) => prop_assert!(json.contains(last.wire()), "{}", json),
            _ => prop_assert!(!json.contains(r#""ln""#)),
        }
    }
}

#[test]
fn compat_leaves_out_what_the_sdk_would_not_take() {
    let now = crate::Timestamp::from_unix_seconds(1_795_000_000);
    let event = crate::Event::builder("Lead", now)
        .action_source(crate::ActionSource::Other)
        .user_data(UserData::new().email("a@example.com").country("Portugal").first_name("O'Connor"))
        .build();
    let fields = |options: PrepareOptions| {
        let prepared = prepare([&event], &options);
        let warnings: Vec<String> =
            prepared.warnings().iter().map(|warning| warning.finding.field().to_owned()).collect();
        (prepared.bodies()[0].to_json().contains(&sha256_hex("o'connor")), warnings)
    };
    let options = PrepareOptions::new(now);
    assert_eq!(fields(options.clone()), (false, vec![]));
    let compat = options.clone().policy(Field::Country, FieldPolicy::Compat);
    assert_eq!(fields(compat), (false, vec!["user_data.country[0]".to_owned()]), "the SDK takes codes only");
    let all = options.default_policy(FieldPolicy::Compat);
    assert_eq!(fields(all), (true, vec!["user_data.country[0]".to_owned()]));
}
