//! Money and other numbers without binary rounding.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use sociogram_api_core::{Finding, InvalidRequest};

/// Longest accepted number text, in bytes.
const MAX_LEN: usize = 64;

/// An exact decimal number, kept as text and written to JSON as a number with the same digits.
///
/// There is no conversion from `f64` on purpose: `0.1 + 0.2` would arrive as `0.30000000000000004`.
/// Take the text your database or payment provider gives, or a whole number.
///
/// ```
/// use sociogram_capi::Decimal;
///
/// let total: Decimal = "129.90".parse()?;
/// assert_eq!(total.to_string(), "129.90");
/// assert_eq!(Decimal::from(0u32).to_string(), "0");
/// assert!("12,90".parse::<Decimal>().is_err());
/// # Ok::<(), sociogram_capi::InvalidRequest>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal(Box<str>);

impl Decimal {
    /// Reads a number in JSON's notation (`-12.50`, `0`, `1e3`), at most 64 characters.
    ///
    /// # Errors
    ///
    /// A finding with rule `capi.decimal` when the text is not such a number.
    pub fn parse(text: &str) -> Result<Self, InvalidRequest> {
        let starts_like_a_number = text.bytes().next().is_some_and(|b| b == b'-' || b.is_ascii_digit());
        let ends_like_a_number = text.bytes().last().is_some_and(|b| b.is_ascii_digit());
        // Between the two JSON's own grammar decides; it would also accept white space around them.
        if starts_like_a_number
            && ends_like_a_number
            && text.len() <= MAX_LEN
            && serde_json::from_str::<&RawValue>(text).is_ok()
            && text.parse::<f64>().is_ok_and(f64::is_finite)
        {
            return Ok(Self(text.into()));
        }
        Err(Finding::error("capi.decimal", "", "not a decimal number")
            .advice("write it like 129.90: digits, a point, at most 64 characters, no thousands separator")
            .into())
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Decimal {
    type Err = InvalidRequest;

    fn from_str(text: &str) -> Result<Self, InvalidRequest> {
        Self::parse(text)
    }
}

macro_rules! from_whole {
    ($($int:ty),+) => {$(
        impl From<$int> for Decimal {
            fn from(whole: $int) -> Self {
                Self(whole.to_string().into())
            }
        }
    )+};
}

from_whole!(u8, u16, u32, u64, i8, i16, i32, i64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({})", self.0)
    }
}

impl Serialize for Decimal {
    /// Serialises as a number with the same digits. Works with serde_json only.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_json_numbers_pass() {
        for text in ["0", "-0", "0.00", "129.90", "99999999999999999999.123456789", "1e3", "-1.5E-2"] {
            assert_eq!(serde_json::to_string(&Decimal::parse(text).unwrap()).unwrap(), text);
        }
        for text in
            ["", " 1", "1 ", "1.", ".5", "+1", "01", "1,5", "0x10", "NaN", "1e", "-", "1 2", "[1]", "1e999"]
        {
            assert!(Decimal::parse(text).is_err(), "{text:?}");
        }
        assert!(Decimal::parse(&"9".repeat(65)).is_err());
        assert_eq!(Decimal::from(-7i64).as_str(), "-7");
    }

    proptest! {
        #[test]
        fn digits_survive(units in 0u64.., cents in 0u8..100) {
            let text = format!("{units}.{cents:02}");
            prop_assert_eq!(serde_json::to_string(&Decimal::parse(&text).unwrap()).unwrap(), text);
        }

        #[test]
        fn accepted_text_is_a_json_number(text in "[-+0-9.eE ]{0,12}") {
            if let Ok(decimal) = Decimal::parse(&text) {
                let value: serde_json::Value = serde_json::from_str(decimal.as_str()).unwrap();
                prop_assert!(value.is_number());
            }
        }
    }
}
