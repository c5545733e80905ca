//! One row of figures of ads.

use std::fmt;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::query::AttributionWindow;
use crate::id::{AdId, AdSetId, CampaignId};
use crate::lenient;

/// A number as Meta wrote it, mostly text: money keeps its digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Figure(Box<str>);

impl Figure {
    /// The digits as they came; money in the currency of the account (`12.34`).
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number; it may lose digits of very large amounts.
    pub fn as_f64(&self) -> Option<f64> {
        self.0.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        lenient::text_of(&value).map(|text| Self(text.into())).ok_or_else(|| D::Error::custom("no number"))
    }
}

/// Figures of one object and one stretch of days. What was not asked for is `None`; every field that has no name here
/// is in [`other`](Self::other), breakdowns among them.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct AdsInsightsRow {
    /// The ad account, digits only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account_id: Option<String>,
    /// The currency of the account, which all money is in.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account_currency: Option<String>,
    /// The campaign.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub campaign_id: Option<CampaignId>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub campaign_name: Option<String>,
    /// The ad set.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub adset_id: Option<AdSetId>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub adset_name: Option<String>,
    /// The ad.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub ad_id: Option<AdId>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub ad_name: Option<String>,
    /// The first day, `YYYY-MM-DD`, in the account's time zone.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub date_start: Option<String>,
    /// The last day.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub date_stop: Option<String>,
    /// How often it was shown.
    #[serde(default, deserialize_with = "lenient::count")]
    pub impressions: Option<u64>,
    /// To how many people.
    #[serde(default, deserialize_with = "lenient::count")]
    pub reach: Option<u64>,
    /// How often to each of them.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub frequency: Option<Figure>,
    /// Clicks of every kind.
    #[serde(default, deserialize_with = "lenient::count")]
    pub clicks: Option<u64>,
    /// People who clicked.
    #[serde(default, deserialize_with = "lenient::count")]
    pub unique_clicks: Option<u64>,
    /// Clicks on links.
    #[serde(default, deserialize_with = "lenient::count")]
    pub inline_link_clicks: Option<u64>,
    /// What was spent.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub spend: Option<Figure>,
    /// Cost of a click.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub cpc: Option<Figure>,
    /// Cost of a thousand impressions.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub cpm: Option<Figure>,
    /// Cost of reaching a thousand people.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub cpp: Option<Figure>,
    /// Clicks of a hundred impressions.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub ctr: Option<Figure>,
    /// Actions, by type and what else they were split by.
    #[serde(default, deserialize_with = "lenient::list")]
    pub actions: Vec<ActionStat>,
    /// What the actions were worth.
    #[serde(default, deserialize_with = "lenient::list")]
    pub action_values: Vec<ActionStat>,
    /// What an action cost.
    #[serde(default, deserialize_with = "lenient::list")]
    pub cost_per_action_type: Vec<ActionStat>,
    /// Conversions.
    #[serde(default, deserialize_with = "lenient::list")]
    pub conversions: Vec<ActionStat>,
    /// What the conversions were worth.
    #[serde(default, deserialize_with = "lenient::list")]
    pub conversion_values: Vec<ActionStat>,
    /// Return on ad spend of purchases.
    #[serde(default, deserialize_with = "lenient::list")]
    pub purchase_roas: Vec<ActionStat>,
    /// Clicks that led off Meta's products.
    #[serde(default, deserialize_with = "lenient::list")]
    pub outbound_clicks: Vec<ActionStat>,
    /// Videos that were begun.
    #[serde(default, deserialize_with = "lenient::list")]
    pub video_play_actions: Vec<ActionStat>,
    /// Everything else, as it came.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl AdsInsightsRow {
    /// How many actions of this type there were, such as `link_click`.
    pub fn action(&self, action_type: &str) -> Option<f64> {
        let stat = self.actions.iter().find(|stat| stat.action_type.as_deref() == Some(action_type))?;
        stat.value.as_ref()?.as_f64()
    }

    /// A field that has no name here as text: a breakdown such as `age` or `publisher_platform`.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.other.get(field)?.as_str()
    }

    /// A field that has no name here as a number.
    pub fn number(&self, field: &str) -> Option<f64> {
        Figure::deserialize(self.other.get(field)?).ok()?.as_f64()
    }

    /// A field that has no name here as actions, such as `video_p25_watched_actions`.
    pub fn action_list(&self, field: &str) -> Vec<ActionStat> {
        let items = self.other.get(field).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(|item| ActionStat::deserialize(item).ok()).collect()
    }
}

/// One kind of action.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ActionStat {
    /// The kind.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub action_type: Option<String>,
    /// How many, or what they are worth, in the window of the ad set.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub value: Option<Figure>,
    /// The same for each window asked for, and what actions were split by.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl ActionStat {
    /// The value in one attribution window, if it was asked for.
    pub fn in_window(&self, window: &AttributionWindow) -> Option<f64> {
        Figure::deserialize(self.other.get(window.as_str())?).ok()?.as_f64()
    }
}
