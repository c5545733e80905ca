//! Phone numbers in national form, by the rules of their country.

use phonenumber::country::Id;
use phonenumber::{Mode, parse};
use sociogram_api_core::{Finding, InvalidRequest};

use crate::field::Field;
use crate::user_data::{CustomerValue, UserData};

/// Longest text that is read, in bytes. No number with extension needs more.
const MAX_LEN: usize = 64;

/// Reads phone numbers as people write them in their country.
///
/// The rules are those of the crate `phonenumber` (Google's libphonenumber). They know national prefixes that
/// [`PrepareOptions::default_calling_code`](crate::PrepareOptions::default_calling_code) does not, such as the 8 of
/// Russia and the 06 of Hungary, and that an Italian zero stays.
#[derive(Clone, Copy, Debug)]
pub struct PhoneNumber;

impl PhoneNumber {
    /// The number with `+` and the calling code, as a value for [`UserData::phone`].
    ///
    /// `default_region` is the country in which it was written (ISO 3166-1, two letters); a number that begins with `+`
    /// needs none. An extension is left out. Whether the number is in use is not checked: numbering plans change faster
    /// than any table.
    ///
    /// ```
    /// use sociogram_capi::{CustomerValue, PhoneNumber};
    ///
    /// assert_eq!(PhoneNumber::e164("8 (495) 123-45-67", "RU")?, CustomerValue::from("+74951234567"));
    /// # Ok::<(), sociogram_capi::InvalidRequest>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `capi.phone.region` when the region is no such code, `capi.phone` when the text is no phone number there or is
    /// longer than 64 bytes.
    pub fn e164(text: &str, default_region: &str) -> Result<CustomerValue, InvalidRequest> {
        let region = region(default_region).ok_or_else(|| {
            Finding::error("capi.phone.region", "user_data.ph", "not a country with phone numbers")
                .allowed("a two-letter code of ISO 3166-1, such as PT")
        })?;
        let number = international(text, region).ok_or_else(|| {
            Finding::error("capi.phone", "user_data.ph", "not a phone number of its country")
                .advice("pass the number with + and the country calling code, or the country it is from")
        })?;
        Ok(CustomerValue::Plain(number))
    }
}

impl UserData {
    /// Adds a phone number (`ph`) as it is written in a country: see [`PhoneNumber::e164`].
    ///
    /// # Errors
    ///
    /// As [`PhoneNumber::e164`].
    #[cfg_attr(docsrs, doc(cfg(feature = "phone")))]
    pub fn phone_in_region(mut self, number: &str, region: &str) -> Result<Self, InvalidRequest> {
        self.put(Field::Phone, PhoneNumber::e164(number, region)?);
        Ok(self)
    }
}

fn region(code: &str) -> Option<Id> {
    let code = code.trim();
    if code.len() != 2 {
        return None;
    }
    match code.to_ascii_uppercase().as_str() {
        "UK" => Some(Id::GB),
        code => code.parse().ok(),
    }
}

fn international(text: &str, region: Id) -> Option<String> {
    let text = text.trim();
    // Parameters of `tel:` URLs name another context; crafted ones made older parsers panic.
    let text = text.split(';').next().unwrap_or_default();
    if text.is_empty() || text.len() > MAX_LEN || text.chars().any(char::is_control) {
        return None;
    }
    let number = parse(Some(region), text).ok()?.format().mode(Mode::E164).to_string();
    let digits = number.strip_prefix('+')?;
    let fits = (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Mode as Form, normalize};
    use proptest::prelude::*;

    fn e164(text: &str, region: &str) -> Option<String> {
        match PhoneNumber::e164(text, region) {
            Ok(CustomerValue::Plain(number)) => Some(number),
            Ok(CustomerValue::Hashed(_)) => panic!("hashed"),
            Err(_) => None,
        }
    }

    #[test]
    fn national_prefixes_are_those_of_the_country() {
        for (text, region, number) in [
            ("030 901820", "DE", "+4930901820"),
            ("8 (495) 123-45-67", "ru", "+74951234567"),
            ("06 1 234 5678", "HU", "+3612345678"),
            ("06 1234 5678", "IT", "+390612345678"),
            ("(415) 555-0100", "US", "+14155550100"),
            ("020 7183 8750", "uk", "+442071838750"),
            ("011 44 20 7183 8750", "US", "+442071838750"),
            ("+351 210 000 142", "DE", "+351210000142"),
            ("030 901820 ext. 12", "DE", "+4930901820"),
            ("tel:030-901820;ext=5", "DE", "+4930901820"),
        ] {
            assert_eq!(e164(text, region).as_deref(), Some(number), "{text} {region}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_without_repeating_it() {
        for text in ["", "canary", "1", "+", "0".repeat(65).as_str(), "030\u{7}901820", "+0000000000"] {
            let refused = PhoneNumber::e164(text, "DE").unwrap_err();
            assert_eq!(refused.findings()[0].rule(), "capi.phone", "{text:?}");
            assert!(!refused.to_string().contains("canary"));
        }
        for region in ["", "Germany", "XX", "D", "ü"] {
            let refused = PhoneNumber::e164("030 901820", region).unwrap_err();
            assert_eq!(refused.findings()[0].rule(), "capi.phone.region", "{region:?}");
        }
        assert!(UserData::new().phone_in_region("1", "DE").is_err());
    }

    #[test]
    fn the_number_is_hashed_like_any_other() {
        let user = UserData::new().phone_in_region("030 901820", "DE").unwrap();
        assert_eq!(user, UserData::new().phone("+4930901820"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn no_text_panics_and_what_is_taken_is_canonical(
            text in prop_oneof![
                any::<String>(),
                "(tel:)?\\+?[-0-9() ./xe+;=*#~]{0,40}(;(phone-context|ext|isub)=[+0-9a-z.é]{0,8})?",
                "[\\PC]{0,8}[0-9٠-٩０-９]{4,12}[\\PC]{0,8}",
            ],
            region in prop_oneof!["[A-Z]{2}", Just("DE".to_owned()), Just("IT".to_owned()), Just("US".to_owned())],
        ) {
            if let Some(number) = e164(&text, &region) {
                let sent = normalize(Form::Canonical, Field::Phone, &number, &Context::new());
                if let Ok(Some(sent)) = sent {
                    prop_assert!(sent.warnings().is_empty());
                    prop_assert_eq!(sent.text(), number.trim_start_matches(['+', '0']));
                } else {
                    prop_assert!(false, "not canonical");
                }
            }
        }
    }
}
