//! How messages do and what they cost (WhatsApp Business Management API: Analytics).

mod calls;
mod groups;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

pub use calls::{CallDataPoint, CallDimension, CallDirection, CallMetric, GetCallAnalytics};
pub use groups::{GroupAnalytics, GroupDataPoint, GroupMetric, ListGroupAnalytics};

use super::measure::amount;
use crate::endpoint::{UnixTime, endpoint, list_endpoint};
use crate::id::{MessageTemplateId, WhatsAppAccountId};
use crate::lenient;

/// How far back the analytics of templates go.
const TEMPLATE_DAYS: i64 = 90;

list_endpoint! {
    /// How templates do, by day: `GET /{waba_id}/template_analytics`. Up to 10 templates and 90 days.
    ///
    /// It must have been switched on once
    /// ([`is_enabled_for_insights`](super::accounts::UpdateWhatsAppAccount::is_enabled_for_insights)), else it fails with
    /// 200005. Needs `whatsapp_business_management`.
    pub struct ListTemplateAnalytics -> TemplateAnalytics;
    "whatsapp.template_analytics.list": "/{waba_id}/template_analytics", [scope::WHATSAPP_BUSINESS_MANAGEMENT], limit 100;
    new { waba_id: WhatsAppAccountId, start: UnixTime, end: UnixTime, template_ids: Vec<MessageTemplateId> }
    with {
        /// By what time: `DAILY` is the only one, and must be there.
        granularity: TemplateGranularity,
        /// Only these numbers.
        metric_types: Vec<TemplateMetric>,
        /// Of which product, such as `CLOUD_API` or `MARKETING_MESSAGES_LITE_API`.
        product_type: String,
        /// Days of the account's time zone, and not of UTC.
        use_waba_timezone: bool,
    }
    subject waba_id;
    checked by check;
}

impl ListTemplateAnalytics {
    /// By day, as Meta wants it.
    pub fn daily(
        account: impl Into<WhatsAppAccountId>,
        start: impl Into<UnixTime>,
        end: impl Into<UnixTime>,
        templates: impl IntoIterator<Item = MessageTemplateId>,
    ) -> Self {
        let templates: Vec<MessageTemplateId> = templates.into_iter().collect();
        Self::new(account, start, end, templates).granularity(TemplateGranularity::Daily)
    }

    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let field = "template_ids";
        let mut found: Vec<Finding> =
            amount("whatsapp.analytics.templates", field, self.template_ids.len(), 1..=10)
                .into_iter()
                .collect();
        found.extend(check_range(self.start, self.end, Some(TEMPLATE_DAYS)));
        found
    }
}

fn check_range(start: UnixTime, end: UnixTime, most: Option<i64>) -> Option<Finding> {
    let days = (end.timestamp().as_unix_seconds() - start.timestamp().as_unix_seconds()).div_euclid(86_400);
    let wrong = start.timestamp() >= end.timestamp() || most.is_some_and(|most| days > most);
    wrong.then(|| {
        let finding = Finding::error(
            "whatsapp.analytics.range",
            "end",
            "the time is too long, or ends before it starts",
        );
        let allowed =
            most.map_or_else(|| "more than nothing".to_owned(), |most| format!("up to {most} days"));
        finding.measured(format_args!("{days} days")).allowed(allowed)
    })
}

open_enum! {
    /// By what time templates are counted.
    pub enum TemplateGranularity {
        /// By day.
        Daily = "DAILY",
    }
}

open_enum! {
    /// What is counted of templates.
    pub enum TemplateMetric {
        /// Sent.
        Sent = "SENT",
        /// Delivered.
        Delivered = "DELIVERED",
        /// Read.
        Read = "READ",
        /// Answered.
        Replied = "REPLIED",
        /// Taps on buttons.
        Clicked = "CLICKED",
        /// Money.
        Cost = "COST",
    }
}

/// How templates do.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TemplateAnalytics {
    /// By what time.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub granularity: Option<String>,
    /// Of which product.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub product_type: Option<String>,
    /// The numbers, one entry for each template and day.
    #[serde(default, deserialize_with = "lenient::list")]
    pub data_points: Vec<TemplateDataPoint>,
}

/// How one template did on one day.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TemplateDataPoint {
    /// The template.
    pub template_id: MessageTemplateId,
    /// When the day begins.
    #[serde(default, deserialize_with = "lenient::time")]
    pub start: Option<Timestamp>,
    /// When it ends.
    #[serde(default, deserialize_with = "lenient::time")]
    pub end: Option<Timestamp>,
    /// How often it was sent.
    #[serde(default, deserialize_with = "lenient::count")]
    pub sent: Option<u64>,
    /// How often it was delivered.
    #[serde(default, deserialize_with = "lenient::count")]
    pub delivered: Option<u64>,
    /// How often it was read.
    #[serde(default, deserialize_with = "lenient::count")]
    pub read: Option<u64>,
    /// How often it was answered.
    #[serde(default, deserialize_with = "lenient::count")]
    pub replied: Option<u64>,
    /// Taps on its buttons, one entry for each kind and button.
    #[serde(default, deserialize_with = "lenient::list")]
    pub clicked: Vec<ClickCount>,
    /// What it cost, one entry for each kind of number.
    #[serde(default, deserialize_with = "lenient::list")]
    pub cost: Vec<CostValue>,
}

/// Taps on a button.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ClickCount {
    /// Its kind, such as `quick_reply_button` or `url_button`.
    #[serde(rename = "type", default, deserialize_with = "lenient::or_none")]
    pub kind: Option<String>,
    /// Its text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub button_content: Option<String>,
    /// How often.
    #[serde(default, deserialize_with = "lenient::count")]
    pub count: Option<u64>,
}

/// What a template cost.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CostValue {
    /// Which number, such as `amount_spent` or `cost_per_delivered`.
    #[serde(rename = "type", default, deserialize_with = "lenient::or_none")]
    pub kind: Option<String>,
    /// The number, in the account's currency.
    #[serde(default, deserialize_with = "lenient::number")]
    pub value: Option<f64>,
}

endpoint! {
    /// What messages cost: `GET /{waba_id}/pricing_analytics`. Messages are paid one by one since July 2025. Needs
    /// `whatsapp_business_management`.
    pub struct GetPricingAnalytics -> Vec<PricingDataPoint>;
    "whatsapp.pricing_analytics.get": GET "/{waba_id}/pricing_analytics", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { waba_id: WhatsAppAccountId, start: UnixTime, end: UnixTime, granularity: PricingGranularity }
    with {
        /// Apart by what.
        dimensions: Vec<PricingDimension>,
        /// Only these numbers: money or how many.
        metric_types: Vec<PricingMetric>,
        /// Only of these categories, such as `MARKETING`, `UTILITY`, `AUTHENTICATION`, `SERVICE`.
        pricing_categories: Vec<String>,
        /// Only of these kinds, such as `REGULAR`, `FREE_CUSTOMER_SERVICE`, `FREE_ENTRY_POINT`.
        pricing_types: Vec<String>,
        /// Only to these countries, in two letters.
        country_codes: Vec<String>,
        /// Only from these numbers of the account.
        phone_numbers: Vec<String>,
        /// Only of these price tiers.
        tiers: Vec<String>,
    }
    subject waba_id;
    checked by check;
    decode data_points;
}

impl GetPricingAnalytics {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        check_range(self.start, self.end, None).into_iter().collect()
    }
}

fn data_points(response: &RawResponse) -> Result<Vec<PricingDataPoint>, DecodeError> {
    points_of(response, "pricing_analytics")
}

/// `{"data":[{"data_points":[…]}]}`, with or without the name of the edge around it.
fn points_of<T: DeserializeOwned>(response: &RawResponse, edge: &str) -> Result<Vec<T>, DecodeError> {
    let answer: Value = response.json()?;
    let inner = answer.get(edge).unwrap_or(&answer);
    let Some(groups) = inner.get("data").and_then(Value::as_array) else {
        return Err(DecodeError::new("data", "there is no list"));
    };
    let points = groups.iter().filter_map(|group| group.get("data_points")?.as_array()).flatten();
    Ok(points.filter_map(|point| T::deserialize(point).ok()).collect())
}

open_enum! {
    /// By what time costs are counted.
    pub enum PricingGranularity {
        /// By half an hour.
        HalfHour = "HALF_HOUR",
        /// By day.
        Daily = "DAILY",
        /// By month.
        Monthly = "MONTHLY",
    }
}

open_enum! {
    /// Apart by what costs are counted.
    pub enum PricingDimension {
        /// By the country of the recipient.
        Country = "COUNTRY",
        /// By the account's number.
        Phone = "PHONE",
        /// By category.
        PricingCategory = "PRICING_CATEGORY",
        /// By kind.
        PricingType = "PRICING_TYPE",
        /// By price tier.
        Tier = "TIER",
    }
}

open_enum! {
    /// What is counted.
    pub enum PricingMetric {
        /// Money.
        Cost = "COST",
        /// How many messages.
        Volume = "VOLUME",
    }
}

/// What messages of one sort cost in one time.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PricingDataPoint {
    /// When the time begins.
    #[serde(default, deserialize_with = "lenient::time")]
    pub start: Option<Timestamp>,
    /// When it ends.
    #[serde(default, deserialize_with = "lenient::time")]
    pub end: Option<Timestamp>,
    /// The account's number.
    #[serde(default, deserialize_with = "lenient::text")]
    pub phone_number: Option<String>,
    /// The country of the recipients.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub country: Option<String>,
    /// The price tier.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub tier: Option<String>,
    /// The kind.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub pricing_type: Option<String>,
    /// The category.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub pricing_category: Option<String>,
    /// How many messages.
    #[serde(default, deserialize_with = "lenient::count")]
    pub volume: Option<u64>,
    /// What they cost, in the account's currency.
    #[serde(default, deserialize_with = "lenient::number")]
    pub cost: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }

    #[test]
    fn up_to_10_templates_and_90_days() {
        let ids = |number: u64| (1..=number).map(MessageTemplateId::from);
        let day = 86_400;
        for (list, rules) in [
            (ListTemplateAnalytics::daily(5, at(0), at(90 * day), ids(10)), &[][..]),
            (ListTemplateAnalytics::daily(5, at(0), at(91 * day), ids(1)), &["whatsapp.analytics.range"]),
            (ListTemplateAnalytics::daily(5, at(1), at(1), ids(1)), &["whatsapp.analytics.range"]),
            (ListTemplateAnalytics::daily(5, at(0), at(1), ids(11)), &["whatsapp.analytics.templates"]),
            (ListTemplateAnalytics::daily(5, at(0), at(1), ids(0)), &["whatsapp.analytics.templates"]),
        ] {
            assert_eq!(list.check().iter().map(Finding::rule).collect::<Vec<_>>(), rules);
        }
        assert_eq!(GetPricingAnalytics::new(5, at(1), at(0), PricingGranularity::Daily).check().len(), 1);
    }

    #[tokio::test]
    async fn costs_are_read_in_both_forms() {
        let point = r#"{"start":1,"end":2,"phone_number":16505550111,"volume":"3","cost":"0.25"}"#;
        for body in [
            format!(r#"{{"data":[{{"data_points":[{point},7]}}]}}"#),
            format!(r#"{{"pricing_analytics":{{"data":[{{"data_points":[{point}]}},{{}}]}},"id":"5"}}"#),
        ] {
            let get = GetPricingAnalytics::new(5, at(0), at(2), PricingGranularity::Daily);
            let points = exchange(get, &body).await.0.unwrap();
            assert_eq!(points.len(), 1, "{body}");
            assert_eq!((points[0].volume, points[0].cost), (Some(3), Some(0.25)));
            assert_eq!(points[0].phone_number.as_deref(), Some("16505550111"));
        }
        let get = GetPricingAnalytics::new(5, at(0), at(2), PricingGranularity::Daily);
        assert!(exchange(get, "{}").await.0.is_err());
    }
}
