//! Conversion events.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sociogram_api_core::{Finding, Timestamp};

use super::user::ConversionUser;
use crate::guard::rules;
use crate::money::Money;
use crate::urn::ConversionUrn;

/// Something that a person did, to be counted under a rule (LinkedIn: Conversions API Schema). `Debug` shows no personal
/// data. Serialised it is the body that is sent.
///
/// ```
/// use sociogram_api_core::Timestamp;
/// use sociogram_linkedin_api::conversions::{ConversionEvent, ConversionUser, UserId};
/// use sociogram_linkedin_api::{ConversionUrn, Money};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rule = ConversionUrn::from_id("104012")?;
/// let user = ConversionUser::new().id(UserId::sha256_email("grace@example.com"));
/// let event = ConversionEvent::new(rule, Timestamp::from_unix_seconds(1_700_000_000), user)
///     .value(Money::new("49.90", "EUR")?)
///     .event_id("order-1");
/// assert_eq!(event.check()[0].rule(), "linkedin.conversion.hash");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "an event does nothing until it is sent"]
pub struct ConversionEvent {
    conversion: ConversionUrn,
    #[serde(serialize_with = "write_millis", deserialize_with = "read_millis")]
    conversion_happened_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    conversion_value: Option<Money>,
    user: ConversionUser,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event_id: Option<String>,
}

impl ConversionEvent {
    /// Under which rule, when, and who. LinkedIn takes events of the last 90 days.
    pub fn new(conversion: ConversionUrn, happened_at: Timestamp, user: ConversionUser) -> Self {
        Self { conversion, conversion_happened_at: happened_at, conversion_value: None, user, event_id: None }
    }

    /// What it was worth.
    pub fn value(mut self, value: Money) -> Self {
        self.conversion_value = Some(value);
        self
    }

    /// The id by which LinkedIn counts it once only when the Insight Tag sends it as well. It does **not** make sending
    /// twice safe.
    pub fn event_id(mut self, event_id: impl Into<String>) -> Self {
        self.event_id = Some(event_id.into());
        self
    }

    /// The rule.
    pub const fn conversion(&self) -> &ConversionUrn {
        &self.conversion
    }

    /// When it happened.
    pub const fn happened_at(&self) -> Timestamp {
        self.conversion_happened_at
    }

    /// Everything a local check has to say, warnings included. Errors stop the call before it is sent.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = self.user.check();
        if self.event_id.as_ref().is_some_and(String::is_empty) {
            findings.push(rules::CONVERSION_EVENT_ID.finding("eventId"));
        }
        findings
    }

    /// The same, and whether LinkedIn still takes it at this time.
    pub fn check_at(&self, now: Timestamp) -> Vec<Finding> {
        const DAY: i64 = 86_400_000;
        let mut findings = self.check();
        let age = now.as_unix_millis().saturating_sub(self.conversion_happened_at.as_unix_millis());
        if age < 0 {
            findings.push(
                rules::CONVERSION_FUTURE
                    .finding("conversionHappenedAt")
                    .measured(format_args!("{}", self.conversion_happened_at)),
            );
        } else if age > rules::MAX_CONVERSION_AGE_DAYS.saturating_mul(DAY) {
            findings.push(
                rules::CONVERSION_OLD
                    .finding("conversionHappenedAt")
                    .measured(format_args!("{} days ago", age / DAY)),
            );
        }
        findings
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn write_millis<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(time.as_unix_millis())
}

fn read_millis<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    i64::deserialize(deserializer).map(Timestamp::from_unix_millis)
}

#[cfg(test)]
mod tests;
