//! How groups do.

use serde::Deserialize;
use serde_json::{Map, Value};
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::{TemplateGranularity, check_range};
use crate::endpoint::{UnixTime, list_endpoint};
use crate::id::WhatsAppAccountId;
use crate::lenient;
use crate::whatsapp::GroupId;
use crate::whatsapp::measure::amount;

list_endpoint! {
    /// How groups do, by day: `GET /{waba_id}/group_analytics`. Needs `whatsapp_business_management`.
    ///
    /// How many groups one call takes is not documented; name one at a time to be safe. (Analytics: Group Analytics)
    pub struct ListGroupAnalytics -> GroupAnalytics;
    "whatsapp.group_analytics.list": "/{waba_id}/group_analytics", [scope::WHATSAPP_BUSINESS_MANAGEMENT], limit 100;
    new { waba_id: WhatsAppAccountId, start: UnixTime, end: UnixTime, group_ids: Vec<GroupId> }
    with {
        /// By what time: `DAILY` is the only one.
        granularity: TemplateGranularity,
        /// Only these numbers.
        metric_types: Vec<GroupMetric>,
    }
    subject waba_id;
    checked by check;
}

impl ListGroupAnalytics {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let groups = amount("whatsapp.analytics.groups", "group_ids", self.group_ids.len(), 1..=usize::MAX);
        groups.into_iter().chain(check_range(self.start, self.end, None)).collect()
    }
}

open_enum! {
    /// What is counted of groups.
    pub enum GroupMetric {
        /// Messages sent.
        Sent = "SENT",
        /// Messages delivered.
        Delivered = "DELIVERED",
        /// Messages read.
        Read = "READ",
        /// Answers.
        Replies = "REPLIES",
        /// Taps.
        Clicks = "CLICKS",
        /// Money.
        Cost = "COST",
        /// People who came.
        ParticipantsJoined = "PARTICIPANTS_JOINED",
        /// People who left.
        ParticipantsLeft = "PARTICIPANTS_LEFT",
    }
}

/// How groups do.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct GroupAnalytics {
    /// By what time.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub granularity: Option<String>,
    /// The numbers, one entry for each group and day.
    #[serde(default, deserialize_with = "lenient::list")]
    pub data_points: Vec<GroupDataPoint>,
}

/// How one group did on one day.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct GroupDataPoint {
    /// The group.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub group_id: Option<GroupId>,
    /// When the day begins.
    #[serde(default, deserialize_with = "lenient::time")]
    pub start: Option<Timestamp>,
    /// When it ends.
    #[serde(default, deserialize_with = "lenient::time")]
    pub end: Option<Timestamp>,
    /// The numbers, under the names that Meta gives them. It does not document these names.
    #[serde(flatten)]
    pub values: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_and_some_time_are_needed() {
        let at = Timestamp::from_unix_seconds;
        let group = || GroupId::new("Y2FwaQ==").unwrap();
        for (list, rules) in [
            (ListGroupAnalytics::new(5, at(0), at(1), vec![group()]), &[][..]),
            (ListGroupAnalytics::new(5, at(0), at(1), vec![]), &["whatsapp.analytics.groups"]),
            (ListGroupAnalytics::new(5, at(1), at(1), vec![group()]), &["whatsapp.analytics.range"]),
        ] {
            assert_eq!(list.check().iter().map(Finding::rule).collect::<Vec<_>>(), rules);
        }
    }

    #[test]
    fn the_numbers_keep_their_names() {
        let json = r#"{"group_id":"Y2FwaQ==","start":1,"end":"2","sent":3,"new":{"a":1}}"#;
        let point: GroupDataPoint = serde_json::from_str(json).unwrap();
        assert_eq!(point.end, Some(Timestamp::from_unix_seconds(2)));
        assert_eq!(point.values.keys().collect::<Vec<_>>(), ["new", "sent"]);
    }
}
