//! From what a customer typed to what Meta matches (Customer File Custom Audiences: Hashing and Normalization).

use std::fmt;

use sha2::{Digest, Sha256};
use sociogram_api_core::{Finding, InvalidRequest, open_enum};

open_enum! {
    /// What a column of an audience holds.
    pub enum AudienceKey {
        /// The advertiser's own id of the customer. Not hashed.
        ExternalId = "EXTERN_ID",
        /// E-mail address.
        Email = "EMAIL",
        /// Phone number.
        Phone = "PHONE",
        /// Gender.
        Gender = "GEN",
        /// Year of birth.
        BirthYear = "DOBY",
        /// Month of birth.
        BirthMonth = "DOBM",
        /// Day of birth.
        BirthDay = "DOBD",
        /// Last name.
        LastName = "LN",
        /// First name.
        FirstName = "FN",
        /// First letter of the first name.
        FirstInitial = "FI",
        /// City.
        City = "CT",
        /// State.
        State = "ST",
        /// Postal code.
        Zip = "ZIP",
        /// Country.
        Country = "COUNTRY",
        /// Advertising id of a mobile device. Not hashed.
        MobileAdvertiserId = "MADID",
        /// What the customer is worth, for lookalikes. Not hashed.
        LookalikeValue = "LOOKALIKE_VALUE",
        /// Id of the person on a Page. Not hashed.
        PageScopedId = "PAGEUID",
    }
}

impl AudienceKey {
    /// Whether values are sent as digests.
    pub fn is_hashed(&self) -> bool {
        !matches!(
            self,
            Self::ExternalId
                | Self::MobileAdvertiserId
                | Self::LookalikeValue
                | Self::PageScopedId
                | Self::Unknown(_)
        )
    }
}

/// Gender, as Meta matches it.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// A SHA-256 digest of a value that was normalised and hashed elsewhere: 64 hex digits. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sha256Hex(Box<str>);

impl Sha256Hex {
    /// From hex text of either case.
    ///
    /// # Errors
    /// A finding for any other text, without the text.
    pub fn new(text: &str) -> Result<Self, InvalidRequest> {
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase().into()))
        } else {
            Err(Finding::error("ads.audience.digest", "data", "not a SHA-256 digest in hex")
                .measured(format_args!("{} characters", text.chars().count()))
                .allowed("64 hex digits")
                .advice("pass the plain value instead; it is normalised and hashed for you")
                .into())
        }
    }

    /// Of text exactly as it is.
    pub(super) fn of(text: &str) -> Self {
        let mut out = String::with_capacity(64);
        for byte in Sha256::digest(text.as_bytes()) {
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        Self(out.into())
    }

    pub(super) fn into_text(self) -> Box<str> {
        self.0
    }
}

impl fmt::Debug for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sha256Hex([redacted])")
    }
}

/// A value of a customer: plain, or hashed elsewhere. Which of the two is said by its type and never guessed from its
/// looks. `Debug` hides it.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq)]
pub enum AudienceValue {
    /// As the customer typed it; normalised and hashed before it is sent.
    Plain(String),
    /// Already normalised and hashed.
    Hashed(Sha256Hex),
}

impl From<&str> for AudienceValue {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl From<String> for AudienceValue {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<Sha256Hex> for AudienceValue {
    fn from(digest: Sha256Hex) -> Self {
        Self::Hashed(digest)
    }
}

impl fmt::Debug for AudienceValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain([redacted])",
            Self::Hashed(_) => "Hashed([redacted])",
        })
    }
}

/// Why a value cannot be sent, without the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unusable(pub(super) &'static str);

/// What is written for a value: a digest, or text for keys that are not hashed. `None` when there is nothing in it.
/// `country` is the row's country, if it is known.
pub(super) fn wire(
    key: &AudienceKey,
    value: AudienceValue,
    country: Option<&str>,
) -> Result<Option<Box<str>>, Unusable> {
    let plain = match value {
        AudienceValue::Hashed(digest) if key.is_hashed() => return Ok(Some(digest.into_text())),
        AudienceValue::Hashed(_) => return Err(Unusable("this key is never hashed")),
        AudienceValue::Plain(plain) => plain,
    };
    if plain.trim().is_empty() {
        return Ok(None);
    }
    let text = normalized(key, plain.trim(), country)?;
    Ok(Some(if key.is_hashed() { Sha256Hex::of(&text).into_text() } else { text.into() }))
}

/// The text that is hashed, or sent as it is.
pub(super) fn normalized(key: &AudienceKey, value: &str, country: Option<&str>) -> Result<String, Unusable> {
    let lower = value.to_lowercase();
    match key {
        AudienceKey::Email => email(lower),
        AudienceKey::Phone => phone(&lower),
        AudienceKey::Gender => match lower.as_str() {
            "m" | "male" => Ok("m".to_owned()),
            "f" | "female" => Ok("f".to_owned()),
            _ => Err(Unusable("neither female nor male")),
        },
        AudienceKey::BirthYear => number(&lower, 4, 1900..=2100),
        AudienceKey::BirthMonth => number(&lower, 2, 1..=12),
        AudienceKey::BirthDay => number(&lower, 2, 1..=31),
        AudienceKey::LastName | AudienceKey::FirstName => letters(&lower, "not a name"),
        AudienceKey::FirstInitial => {
            let name = letters(&lower, "not a name")?;
            Ok(name.chars().take(1).collect())
        }
        AudienceKey::City => {
            let city: String = letters(&lower, "not a city")?.chars().filter(|c| !c.is_numeric()).collect();
            if city.is_empty() { Err(Unusable("not a city")) } else { Ok(city) }
        }
        AudienceKey::State => {
            let state = letters(&lower, "not a state")?;
            match country {
                Some("us") if state.len() != 2 => Err(Unusable("not a two-letter state of the USA")),
                _ => Ok(state),
            }
        }
        AudienceKey::Zip => zip(&lower, country),
        AudienceKey::Country => {
            let two = lower.len() == 2 && lower.bytes().all(|byte| byte.is_ascii_lowercase());
            if two { Ok(lower) } else { Err(Unusable("not a two-letter country code")) }
        }
        AudienceKey::MobileAdvertiserId => Ok(lower),
        AudienceKey::ExternalId
        | AudienceKey::LookalikeValue
        | AudienceKey::PageScopedId
        | AudienceKey::Unknown(_) => Ok(value.to_owned()),
    }
}

fn email(text: String) -> Result<String, Unusable> {
    let looks_right = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.contains('@') && !domain.ends_with('.')
    });
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | '<' | '>');
    if looks_right && !text.contains(forbidden) { Ok(text) } else { Err(Unusable("not an e-mail address")) }
}

/// Digits with the country's calling code, no leading zeros.
fn phone(text: &str) -> Result<String, Unusable> {
    let abroad = text.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+').starts_with('+');
    // `+44 (0)20`: the zero is dialled inside the country only.
    let text = if abroad { text.replacen("(0)", "", 1) } else { text.to_owned() };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    let letters = text.chars().any(char::is_alphabetic);
    if !letters && (7..=15).contains(&digits.len()) {
        Ok(digits.to_owned())
    } else {
        Err(Unusable("not a phone number with its country's calling code"))
    }
}

fn number(text: &str, len: usize, range: std::ops::RangeInclusive<u16>) -> Result<String, Unusable> {
    let number: u16 = text.parse().map_err(|_| Unusable("not a part of a date"))?;
    if text.len() <= len && range.contains(&number) {
        Ok(format!("{number:0len$}"))
    } else {
        Err(Unusable("not a part of a date"))
    }
}

/// Without white space and punctuation; letters of every script stay.
fn letters(text: &str, otherwise: &'static str) -> Result<String, Unusable> {
    let kept: String = text.chars().filter(|c| !is_separator(*c)).collect();
    if kept.is_empty() { Err(Unusable(otherwise)) } else { Ok(kept) }
}

fn is_separator(c: char) -> bool {
    if c.is_alphanumeric() {
        return false;
    }
    // Outside ASCII only blocks that hold nothing but punctuation: accents that stand alone belong to their letter.
    c.is_ascii()
        || c.is_whitespace()
        || c.is_control()
        || matches!(u32::from(c), 0xA0..=0xBF | 0x2000..=0x206F | 0x3000..=0x303F | 0xFE10..=0xFE1F | 0xFE30..=0xFE6F | 0xFF00..=0xFF0F)
}

/// What stands before the first dash, without white space; five digits in the USA.
fn zip(text: &str, country: Option<&str>) -> Result<String, Unusable> {
    let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let head = dense.split('-').next().unwrap_or_default();
    let code: String = head.chars().take(if country == Some("us") { 5 } else { usize::MAX }).collect();
    if (1..=10).contains(&code.chars().count()) { Ok(code) } else { Err(Unusable("not a postal code")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_what_is_documented() {
        use AudienceKey as K;
        for (key, country, value, expected) in [
            (K::Email, None, " Maria.Doe@Example.COM ", Some("maria.doe@example.com")),
            (K::Email, None, "maria at example.com", None),
            (K::Email, None, "a@b", None),
            (K::Phone, None, "+1 (616) 954-78 88", Some("16169547888")),
            (K::Phone, None, "0049 30 901820", Some("4930901820")),
            (K::Phone, None, "+44 (0)20 7183 8750", Some("442071838750")),
            (K::Phone, None, "call me", None),
            (K::Phone, None, "123", None),
            (K::Gender, None, "Female", Some("f")),
            (K::Gender, None, "M", Some("m")),
            (K::Gender, None, "x", None),
            (K::BirthYear, None, "1986", Some("1986")),
            (K::BirthYear, None, "86", None),
            (K::BirthMonth, None, "7", Some("07")),
            (K::BirthMonth, None, "13", None),
            (K::BirthDay, None, "31", Some("31")),
            (K::LastName, None, "O’Connor-Smith", Some("oconnorsmith")),
            (K::FirstName, None, "José", Some("josé")),
            (K::FirstName, None, "정", Some("정")),
            (K::FirstName, None, "--", None),
            (K::FirstInitial, None, "Åsa", Some("å")),
            (K::City, None, "New York", Some("newyork")),
            (K::City, None, "Seattle 98121", Some("seattle")),
            (K::State, Some("us"), "CA", Some("ca")),
            (K::State, Some("us"), "California", None),
            (K::State, Some("de"), "Nordrhein-Westfalen", Some("nordrheinwestfalen")),
            (K::Zip, Some("us"), "94035-1234", Some("94035")),
            (K::Zip, Some("us"), "940351234", Some("94035")),
            (K::Zip, Some("gb"), "SW1A 1AA", Some("sw1a1aa")),
            (K::Zip, None, "-", None),
            (K::Country, None, "US", Some("us")),
            (K::Country, None, "Germany", None),
            (K::MobileAdvertiserId, None, "AB1234CD-E123-12FG-J123", Some("ab1234cd-e123-12fg-j123")),
            (K::ExternalId, None, "Customer 7", Some("Customer 7")),
            (K::LookalikeValue, None, "44.5", Some("44.5")),
        ] {
            assert_eq!(normalized(&key, value.trim(), country).ok().as_deref(), expected, "{key} {value}");
        }
    }

    #[test]
    fn digests_are_of_the_normalised_text_and_some_keys_are_never_hashed() {
        let wire = |key, value: AudienceValue| wire(&key, value, None).map(|text| text.map(String::from));
        // The digests are those of `printf %s text | sha256sum`.
        let email = "a379a6f6eeafb9a55e378c118034e2751e682fab9f2d30ab13d2125586ce1947";
        let expected = Sha256Hex::of("example.com@example.com").into_text();
        assert_eq!(wire(AudienceKey::Email, " Example.com@EXAMPLE.com".into()), Ok(Some(expected.into())));
        assert_eq!(Sha256Hex::of("example.com").into_text().as_ref(), email);
        assert_eq!(wire(AudienceKey::ExternalId, "C-7".into()), Ok(Some("C-7".to_owned())));
        assert_eq!(wire(AudienceKey::MobileAdvertiserId, "AB-1".into()), Ok(Some("ab-1".to_owned())));
        let digest = Sha256Hex::new(&email.to_uppercase()).unwrap();
        assert_eq!(wire(AudienceKey::Email, digest.clone().into()), Ok(Some(email.to_owned())));
        assert!(wire(AudienceKey::ExternalId, digest.into()).is_err());
        assert_eq!(wire(AudienceKey::Email, "  ".into()), Ok(None));
        // What looks like a digest is not guessed to be one.
        assert!(wire(AudienceKey::Email, email.into()).is_err());
    }

    #[test]
    fn only_sha256_is_taken_as_a_digest_and_nothing_shows_it() {
        let hex = "a379a6f6eeafb9a55e378c118034e2751e682fab9f2d30ab13d2125586ce1947";
        for text in ["", "d41d8cd98f00b204e9800998ecf8427e", &hex[1..], &format!("{}z", &hex[1..])] {
            let error = Sha256Hex::new(text).unwrap_err();
            assert!(text.is_empty() || !error.to_string().contains(text));
        }
        let shown =
            format!("{:?} {:?}", Sha256Hex::new(hex).unwrap(), AudienceValue::from("maria@example.com"));
        assert!(!shown.contains("a379") && !shown.contains("maria"), "{shown}");
    }
}
