//! The words that requests for figures are made of.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use sociogram_api_core::open_enum;

/// The name of a metric. Any name can be asked for; what is known about a name is in
/// [`metric_info`](super::metric_info).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metric(Cow<'static, str>);

impl Metric {
    /// From a name known at compile time.
    pub const fn from_static(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Metric {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Metric {
    fn from(name: &str) -> Self {
        Self(Cow::Owned(name.to_owned()))
    }
}

impl From<String> for Metric {
    fn from(name: String) -> Self {
        Self(Cow::Owned(name))
    }
}

/// A list of metrics, each named once, in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics(Vec<Metric>);

impl Metrics {
    /// The metrics.
    pub fn as_slice(&self) -> &[Metric] {
        &self.0
    }
}

impl<M: Into<Metric>> FromIterator<M> for Metrics {
    fn from_iter<I: IntoIterator<Item = M>>(names: I) -> Self {
        let mut list: Vec<Metric> = Vec::new();
        for name in names {
            let name = name.into();
            if !name.as_str().is_empty() && !list.contains(&name) {
                list.push(name);
            }
        }
        Self(list)
    }
}

impl<M: Into<Metric>, const N: usize> From<[M; N]> for Metrics {
    fn from(names: [M; N]) -> Self {
        names.into_iter().collect()
    }
}

impl<M: Into<Metric>> From<Vec<M>> for Metrics {
    fn from(names: Vec<M>) -> Self {
        names.into_iter().collect()
    }
}

impl Serialize for Metrics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names: Vec<&str> = self.0.iter().map(Metric::as_str).collect();
        serializer.serialize_str(&names.join(","))
    }
}

open_enum! {
    /// The time that one figure stands for.
    pub enum Period {
        /// A day.
        Day = "day",
        /// Seven days.
        Week = "week",
        /// 28 days.
        Days28 = "days_28",
        /// A month.
        Month = "month",
        /// Since the object exists.
        Lifetime = "lifetime",
        /// All of the range asked for, as one figure.
        TotalOverRange = "total_over_range",
    }
}

open_enum! {
    /// A range of days by name, in the time zone of the object (Graph API: Insights; Marketing API: Insights).
    pub enum DatePreset {
        /// Today.
        Today = "today",
        /// Yesterday.
        Yesterday = "yesterday",
        /// The last 3 days without today.
        Last3d = "last_3d",
        /// The last 7 days without today.
        Last7d = "last_7d",
        /// The last 14 days without today.
        Last14d = "last_14d",
        /// The last 28 days without today.
        Last28d = "last_28d",
        /// The last 30 days without today.
        Last30d = "last_30d",
        /// The last 90 days without today.
        Last90d = "last_90d",
        /// This week from Monday.
        ThisWeekMonToday = "this_week_mon_today",
        /// This week from Sunday.
        ThisWeekSunToday = "this_week_sun_today",
        /// Last week, Monday to Sunday.
        LastWeekMonSun = "last_week_mon_sun",
        /// Last week, Sunday to Saturday.
        LastWeekSunSat = "last_week_sun_sat",
        /// This month.
        ThisMonth = "this_month",
        /// Last month.
        LastMonth = "last_month",
        /// This quarter.
        ThisQuarter = "this_quarter",
        /// Last quarter.
        LastQuarter = "last_quarter",
        /// This year.
        ThisYear = "this_year",
        /// Last year.
        LastYear = "last_year",
        /// As far back as there are figures; for ads 37 months.
        Maximum = "maximum",
        /// All days for which there are figures.
        DataMaximum = "data_maximum",
    }
}

open_enum! {
    /// In which form Instagram gives a metric (Instagram Platform: Insights).
    pub enum MetricType {
        /// One figure for the range, with breakdowns where asked for.
        TotalValue = "total_value",
        /// One figure a day.
        TimeSeries = "time_series",
        /// As Instagram likes.
        Default = "default",
    }
}

open_enum! {
    /// How far demographics of Instagram look back.
    pub enum Timeframe {
        /// This week.
        ThisWeek = "this_week",
        /// This month.
        ThisMonth = "this_month",
        /// The last 14 days; reported as refused for demographics.
        Last14Days = "last_14_days",
        /// The last 30 days; reported as refused for demographics.
        Last30Days = "last_30_days",
        /// The last 90 days; reported as refused for demographics.
        Last90Days = "last_90_days",
        /// The month before this one; reported as refused for demographics.
        PrevMonth = "prev_month",
    }
}

open_enum! {
    /// What a metric is split by.
    pub enum MetricBreakdown {
        /// Whether it came from ads (Pages).
        IsFromAds = "is_from_ads",
        /// Whether it came from followers (Pages).
        IsFromFollowers = "is_from_followers",
        /// Kind of medium (Instagram accounts).
        MediaProductType = "media_product_type",
        /// Followers and others (Instagram accounts).
        FollowType = "follow_type",
        /// The same in another part of the documentation.
        FollowerType = "follower_type",
        /// Which button of the profile was tapped (Instagram accounts).
        ContactButtonType = "contact_button_type",
        /// Age.
        Age = "age",
        /// City.
        City = "city",
        /// Country.
        Country = "country",
        /// Gender.
        Gender = "gender",
        /// What was done on the profile (Instagram media).
        ActionType = "action_type",
        /// How people left a story (Instagram media).
        StoryNavigationActionType = "story_navigation_action_type",
    }
}

open_enum! {
    /// Which kind of Instagram medium it is; it decides which metrics exist.
    pub enum MediaProduct {
        /// A post of the feed.
        Feed = "FEED",
        /// A reel.
        Reels = "REELS",
        /// A story.
        Story = "STORY",
        /// A medium of an ad.
        Ad = "AD",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_named_once_and_empty_names_are_none() {
        let metrics = Metrics::from(["views", "reach", "", "views"]);
        assert_eq!(metrics.as_slice(), [Metric::from("views"), Metric::from("reach")]);
        assert_eq!(serde_json::to_value(&metrics).unwrap(), "views,reach");
    }
}
