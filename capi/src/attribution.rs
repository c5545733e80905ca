//! What a measurement partner says about the ad behind an event.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use sociogram_api_core::{Finding, InvalidRequest, Timestamp, open_enum};

use crate::decimal::Decimal;
use crate::members::{json, put};

open_enum! {
    /// How credit is shared among the ads a person saw (`attribution_model`).
    pub enum AttributionModel {
        /// By rules of the advertiser.
        CustomizedMultiTouch = "customized_multi_touch",
        /// All to the first contact.
        FirstTouch = "first_touch",
        /// All to the last click.
        LastClick = "last_click",
        /// All to the last contact.
        LastTouch = "last_touch",
        /// The same to each.
        Linear = "linear",
        /// By the position of the contact.
        PositionBased = "position_based",
        /// More to later contacts.
        TimeDecay = "time_decay",
        /// The partner says that it does not know. Words this version does not know are
        /// [`Unknown`](Self::Unknown).
        NotKnown = "unknown",
    }
}

open_enum! {
    /// How the ad was found (`attribution_method`). Meta documents the words, not their meaning.
    pub enum AttributionMethod {
        /// `ard`.
        Ard = "ard",
        /// By a deep link.
        Deeplink = "deeplink",
        /// By the install referrer of Google Play.
        Gpir = "gpir",
        /// The response could not be read.
        InvalidResponse = "invalid_response",
        /// By Meta's install referrer.
        Mir = "mir",
        /// By a self-reporting network.
        Srn = "srn",
    }
}

open_enum! {
    /// Why the partner gave no credit (`decline_reason`).
    pub enum DeclineReason {
        /// Another source has the credit.
        AttributeToOtherSource = "attribute_to_other_source",
        /// It happened too long ago.
        OutOfLookbackWindow = "out_of_lookback_window",
        /// Views give no credit.
        ViewThroughDisabled = "view_through_disabled",
        /// It happened within the window of inactivity.
        WithinInactiveWindow = "within_inactive_window",
        /// Inactive.
        Inactive = "inactive",
        /// Fraud.
        FraudDetected = "fraud_detected",
        /// The partner says that it does not know.
        NotKnown = "unknown",
        /// Installing again gives no credit.
        ReinstallAttributionDisabled = "reinstall_attribution_disabled",
        /// The look-back window.
        Lookback = "lookback",
        /// `not_pmod_match`; Meta documents the word only.
        NotPmodMatch = "not_pmod_match",
        /// A validation rule applied.
        ValidationRuleDetected = "validation_rule_detected",
        /// The app was installed on the device from the start.
        PreloadInstall = "preload_install",
        /// Too soon after the engagement before.
        MinTimeBetweenReEngagements = "min_time_between_re_engagements",
        /// Counted before.
        Duplicated = "duplicated",
        /// `pmod_disabled`; Meta documents the word only.
        PmodDisabled = "pmod_disabled",
    }
}

/// The windows of a measurement partner, in hours (`attribution_setting`).
#[derive(Clone, Debug, Default)]
pub struct AttributionSetting {
    pub(crate) inactivity_window_hours: Option<u64>,
    pub(crate) reattribution_window_hours: Option<u64>,
    pub(crate) more: Vec<(String, Box<RawValue>)>,
}

impl AttributionSetting {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets after how many hours without use a person counts as inactive.
    pub fn inactivity_window_hours(mut self, hours: u64) -> Self {
        self.inactivity_window_hours = Some(hours);
        self
    }

    /// Sets for how many hours credit can be given anew.
    pub fn reattribution_window_hours(mut self, hours: u64) -> Self {
        self.reattribution_window_hours = Some(hours);
        self
    }
}

impl Serialize for AttributionSetting {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        put(&mut map, "inactivity_window_hours", self.inactivity_window_hours)?;
        put(&mut map, "reattribution_window_hours", self.reattribution_window_hours)?;
        for (name, value) in &self.more {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

macro_rules! attribution {
    ($($(#[$doc:meta])* $name:ident: $stored:ty, $given:ty, $convert:expr, $write:expr;)+) => {
        /// The attribution of an event by a measurement partner (Conversions API: attribution data, and the beta
        /// of the event `AppendAttribution`).
        ///
        /// ```
        /// use sociogram_capi::{AttributionData, AttributionModel, Timestamp};
        ///
        /// let credit = AttributionData::new()
        ///     .ad_id("23850000000000142")
        ///     .touchpoint_ts(Timestamp::from_unix_seconds(1_794_900_000))
        ///     .attribution_model(AttributionModel::LastClick)
        ///     .attribution_share("0.5".parse()?)
        ///     .attribution_value("64.95".parse()?);
        /// # Ok::<(), sociogram_capi::InvalidRequest>(())
        /// ```
        #[derive(Clone, Default)]
        pub struct AttributionData {
            $(pub(crate) $name: Option<$stored>,)+
            pub(crate) more: Vec<(String, Box<RawValue>)>,
        }

        impl AttributionData {
            $(
                $(#[$doc])*
                pub fn $name(mut self, value: $given) -> Self {
                    self.$name = Some($convert(value));
                    self
                }
            )+

            fn is_defined(name: &str) -> bool {
                [$(stringify!($name)),+].contains(&name)
            }
        }

        impl Serialize for AttributionData {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $(put(&mut map, stringify!($name), self.$name.as_ref().map($write))?;)+
                for (name, value) in &self.more {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    };
}

fn same<T>(value: T) -> T {
    value
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the members of all types are read in one way")]
fn seconds(time: &Timestamp) -> i64 {
    time.as_unix_seconds()
}

attribution! {
    /// Sets the scope: the type of the contact.
    scope: String, impl Into<String>, Into::into, same;
    /// Sets when `campaign_id` or `fbc` was first seen. Whole seconds are sent.
    visit_time: Timestamp, Timestamp, same, seconds;
    /// Sets the ad, as Meta put it into the URL or deep link.
    ad_id: String, impl Into<String>, Into::into, same;
    /// Sets the ad set, as Meta put it into the URL or deep link.
    adset_id: String, impl Into<String>, Into::into, same;
    /// Sets the campaign, as Meta put it into the URL or deep link.
    campaign_id: String, impl Into<String>, Into::into, same;
    /// Sets the share of the credit, 0 to 1.
    attribution_share: Decimal, Decimal, same, same;
    /// Sets the model by which credit is shared.
    attribution_model: AttributionModel, AttributionModel, same, same;
    /// Sets the attribution window in days.
    attr_window: u64, u64, same, same;
    /// Sets the part of the value that is credited to Meta: share times value.
    attribution_value: Decimal, Decimal, same, same;
    /// Sets where the attribution comes from.
    attribution_source: String, impl Into<String>, Into::into, same;
    /// Sets the engagement that caused the credited conversion, such as a click.
    touchpoint_type: String, impl Into<String>, Into::into, same;
    /// Sets when the person met the ad. Whole seconds are sent.
    touchpoint_ts: Timestamp, Timestamp, same, seconds;
    /// Sets how the ad was found.
    attribution_method: AttributionMethod, AttributionMethod, same, same;
    /// Sets why no credit was given.
    decline_reason: DeclineReason, DeclineReason, same, same;
    /// Sets the token by which the attribution can be audited.
    auditing_token: String, impl Into<String>, Into::into, same;
    /// Sets the key that links the attribution.
    linkage_key: String, impl Into<String>, Into::into, same;
    /// Sets Meta's id of the contact with the ad.
    touchpoint_id: String, impl Into<String>, Into::into, same;
    /// Sets the windows of the partner.
    attribution_setting: AttributionSetting, AttributionSetting, same, same;
    /// Sets the sum of all credit.
    total_credit: Decimal, Decimal, same, same;
    /// Sets the partner's id of the client.
    partner_client_id: String, impl Into<String>, Into::into, same;
}

impl AttributionData {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a member that this version does not know.
    ///
    /// # Errors
    ///
    /// `capi.property.clash` when the member has a method of its own or was added before,
    /// `capi.property.value` when the value cannot be written as JSON.
    pub fn property(
        mut self,
        name: impl Into<String>,
        value: &impl Serialize,
    ) -> Result<Self, InvalidRequest> {
        let name = name.into();
        let path = format!("attribution_data.{name}");
        if Self::is_defined(&name) || self.more.iter().any(|(other, _)| *other == name) {
            return Err(Finding::error("capi.property.clash", path, "this member exists already")
                .advice("use the method of the member, or another name")
                .into());
        }
        self.more.push((name, json(value, path)?));
        Ok(self)
    }
}

impl fmt::Debug for AttributionData {
    /// Without tokens, keys and the ids of partners.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttributionData")
            .field("ad_id", &self.ad_id)
            .field("attribution_model", &self.attribution_model)
            .field("attribution_share", &self.attribution_share)
            .field("touchpoint_ts", &self.touchpoint_ts)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_written_in_a_fixed_order_and_zero_survives() {
        let data = AttributionData::new()
            .property("later", &[1])
            .unwrap()
            .partner_client_id("p")
            .attr_window(0)
            .visit_time(Timestamp::from_unix_millis(1_795_000_000_900))
            .attribution_setting(AttributionSetting::new().inactivity_window_hours(0))
            .decline_reason(DeclineReason::from("new_reason"))
            .attribution_share("0.10".parse().unwrap());
        assert_eq!(
            serde_json::to_string(&data).unwrap(),
            concat!(
                r#"{"visit_time":1795000000,"attribution_share":0.10,"attr_window":0,"decline_reason":"new_reason","#,
                r#""attribution_setting":{"inactivity_window_hours":0},"partner_client_id":"p","later":[1]}"#
            )
        );
    }

    #[test]
    fn a_member_with_a_method_is_no_property() {
        for name in ["scope", "partner_client_id", "attribution_setting"] {
            let refused = AttributionData::new().property(name, &1).unwrap_err();
            assert_eq!(refused.findings()[0].rule(), "capi.property.clash", "{name}");
        }
        assert!(AttributionData::new().property("a", &1).unwrap().property("a", &1).is_err());
    }

    #[test]
    fn the_word_unknown_is_not_a_word_this_version_does_not_know() {
        assert_eq!(AttributionModel::from("unknown"), AttributionModel::NotKnown);
        assert_eq!(DeclineReason::from("unknown").as_str(), "unknown");
        assert_eq!(DeclineReason::from("x"), DeclineReason::Unknown("x".into()));
    }

    #[test]
    fn debug_shows_no_keys() {
        let data =
            AttributionData::new().auditing_token("canary").linkage_key("canary").partner_client_id("canary");
        assert!(!format!("{data:?}").contains("canary"));
    }
}
