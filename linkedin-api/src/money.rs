//! Amounts of money, as LinkedIn writes them: decimal text and a currency.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An amount of money. It stays decimal text, so that nothing is rounded.
///
/// ```
/// use sociogram_linkedin_api::Money;
///
/// let budget = Money::new("12.50", "USD").unwrap();
/// assert_eq!((budget.amount(), budget.currency()), ("12.50", "USD"));
/// assert!(Money::new("12,50", "USD").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    currency_code: String,
    amount: String,
}

impl Money {
    /// A decimal amount in the units of the currency (dollars, not cents), and the currency as three capital letters
    /// (ISO 4217).
    ///
    /// # Errors
    /// When the amount is anything but digits with at most one point between them, or the currency is not three capital
    /// letters.
    pub fn new(amount: impl Into<String>, currency: impl Into<String>) -> Result<Self, InvalidMoney> {
        let (amount, currency_code) = (amount.into(), currency.into());
        if !is_decimal(&amount) {
            return Err(InvalidMoney("the amount is not decimal, such as 12.50"));
        }
        if currency_code.len() != 3 || !currency_code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(InvalidMoney("the currency is not three capital letters, such as USD"));
        }
        Ok(Self { currency_code, amount })
    }

    /// The amount, as LinkedIn wrote it.
    pub fn amount(&self) -> &str {
        &self.amount
    }

    /// The currency (ISO 4217).
    pub fn currency(&self) -> &str {
        &self.currency_code
    }
}

/// Digits, and perhaps a point with digits after it.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    }
}

/// `12.50 USD`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency_code)
    }
}

impl From<Money> for Value {
    fn from(money: Money) -> Self {
        serde_json::json!({"amount": money.amount, "currencyCode": money.currency_code})
    }
}

/// Why something is no amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidMoney(&'static str);

impl fmt::Display for InvalidMoney {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidMoney {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_decimals_and_currencies_are_taken() {
        for amount in ["0", "18", "0.05", "1000000000000000000000.000001"] {
            assert_eq!(Money::new(amount, "EUR").unwrap().amount(), amount);
        }
        for amount in ["", ".", "1.", ".5", "-1", "+1", "1,5", "1e3", "1.2.3", "NaN", " 1", "١"] {
            assert!(Money::new(amount, "EUR").is_err(), "{amount}");
        }
        for currency in ["", "eur", "EU", "EURO", "E1R"] {
            assert!(Money::new("1", currency).is_err(), "{currency}");
        }
    }

    #[test]
    fn what_linkedin_wrote_is_kept_to_the_letter() {
        let json = r#"{"currencyCode":"USD","amount":"-0.1000"}"#;
        let money: Money = serde_json::from_str(json).unwrap();
        assert_eq!(money.to_string(), "-0.1000 USD");
        assert_eq!(serde_json::to_string(&money).unwrap(), json);
        assert_eq!(Value::from(money), serde_json::from_str::<Value>(json).unwrap());
    }
}
