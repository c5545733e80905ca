//! How calls do.

use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::{PricingGranularity, check_range, points_of};
use crate::endpoint::{UnixTime, endpoint};
use crate::id::WhatsAppAccountId;
use crate::lenient;

endpoint! {
    /// How many calls there were and what they cost: `GET /{waba_id}/call_analytics`. Needs
    /// `whatsapp_business_management`. (WhatsApp Business Account: Call Analytics)
    pub struct GetCallAnalytics -> Vec<CallDataPoint>;
    "whatsapp.call_analytics.get": GET "/{waba_id}/call_analytics", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId, start: UnixTime, end: UnixTime, granularity: PricingGranularity }
    with {
        /// Apart by what.
        dimensions: Vec<CallDimension>,
        /// Only these numbers.
        metric_types: Vec<CallMetric>,
        /// Only calls of these directions.
        directions: Vec<CallDirection>,
        /// Only with these countries, in two letters.
        country_codes: Vec<String>,
        /// Only of these numbers of the account.
        phone_numbers: Vec<String>,
        /// Only of these price tiers.
        tiers: Vec<String>,
    }
    subject waba_id;
    checked by check;
    decode data_points;
}

impl GetCallAnalytics {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        check_range(self.start, self.end, None).into_iter().collect()
    }
}

fn data_points(response: &RawResponse) -> Result<Vec<CallDataPoint>, DecodeError> {
    points_of(response, "call_analytics")
}

open_enum! {
    /// Apart by what calls are counted.
    pub enum CallDimension {
        /// By the country of the person.
        Country = "COUNTRY",
        /// By who called.
        Direction = "DIRECTION",
        /// By the account's number.
        Phone = "PHONE",
        /// By price tier.
        Tier = "TIER",
    }
}

open_enum! {
    /// What is counted of calls.
    pub enum CallMetric {
        /// How many.
        Count = "COUNT",
        /// Money.
        Cost = "COST",
        /// How long they were.
        AverageDuration = "AVERAGE_DURATION",
    }
}

open_enum! {
    /// Who called.
    pub enum CallDirection {
        /// The business.
        BusinessInitiated = "BUSINESS_INITIATED",
        /// The person.
        UserInitiated = "USER_INITIATED",
    }
}

/// The calls of one sort in one time.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CallDataPoint {
    /// When the time begins.
    #[serde(default, deserialize_with = "lenient::time")]
    pub start: Option<Timestamp>,
    /// When it ends.
    #[serde(default, deserialize_with = "lenient::time")]
    pub end: Option<Timestamp>,
    /// The account's number.
    #[serde(default, deserialize_with = "lenient::text")]
    pub phone_number: Option<String>,
    /// The country of the people.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub country: Option<String>,
    /// Who called.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub direction: Option<CallDirection>,
    /// The price tier.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub tier: Option<String>,
    /// How many calls.
    #[serde(default, deserialize_with = "lenient::count")]
    pub count: Option<u64>,
    /// What they cost, in the account's currency.
    #[serde(default, deserialize_with = "lenient::number")]
    pub cost: Option<f64>,
    /// How long they were on average, in seconds.
    #[serde(default, deserialize_with = "lenient::number")]
    pub average_duration: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[tokio::test]
    async fn calls_are_read_point_by_point() {
        let at = Timestamp::from_unix_seconds;
        let get = || GetCallAnalytics::new(5, at(0), at(2), PricingGranularity::Daily);
        let body = r#"{"data":[{"data_points":[
            {"start":1,"end":2,"direction":"USER_INITIATED","count":"3","average_duration":42.5}, 7]}]}"#;
        let points = exchange(get(), body).await.0.unwrap();
        assert_eq!((points.len(), points[0].count, points[0].average_duration), (1, Some(3), Some(42.5)));
        assert_eq!(points[0].direction, Some(CallDirection::UserInitiated));
        assert_eq!(GetCallAnalytics::new(5, at(2), at(0), PricingGranularity::Daily).check().len(), 1);
    }
}
