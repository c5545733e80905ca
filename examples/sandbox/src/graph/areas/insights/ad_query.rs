//! What a report is asked for, and what Meta refuses.

use serde_json::Value;

use super::super::super::{Call, answer::GraphError};
use super::{dates, range};

/// A report that is in order.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) object: String,
    pub(super) level: String,
    pub(super) fields: Vec<String>,
    /// Day numbers, both ends included.
    pub(super) spans: Vec<(i64, i64)>,
    pub(super) breakdowns: Vec<String>,
    pub(super) windows: Vec<String>,
}

const LEVELS: [&str; 4] = ["account", "campaign", "adset", "ad"];
const PARAMS: [&str; 22] = [
    "level",
    "date_preset",
    "time_range",
    "time_ranges",
    "time_increment",
    "breakdowns",
    "action_breakdowns",
    "summary_action_breakdowns",
    "action_attribution_windows",
    "action_report_time",
    "filtering",
    "sort",
    "limit",
    "after",
    "before",
    "summary",
    "default_summary",
    "use_unified_attribution_setting",
    "use_account_attribution_setting",
    "product_id_limit",
    "export_format",
    "export_columns",
];
/// Fields of a row.
const FIELDS: &str = "account_currency account_id account_name action_values actions ad_id ad_name adset_id \
    adset_name attribution_setting buying_type campaign_id campaign_name canvas_avg_view_percent \
    canvas_avg_view_time catalog_segment_value clicks conversion_rate_ranking conversion_values conversions \
    cost_per_action_type cost_per_conversion cost_per_inline_link_click cost_per_inline_post_engagement \
    cost_per_outbound_click cost_per_result cost_per_thruplay cost_per_unique_action_type \
    cost_per_unique_click cost_per_unique_inline_link_click cpc cpm cpp created_time ctr date_start date_stop \
    engagement_rate_ranking frequency full_view_impressions full_view_reach impressions \
    inline_link_click_ctr inline_link_clicks inline_post_engagement mobile_app_purchase_roas objective \
    optimization_goal outbound_clicks outbound_clicks_ctr purchase_roas quality_ranking reach results \
    social_spend spend unique_actions unique_clicks unique_ctr unique_inline_link_clicks unique_link_clicks_ctr \
    updated_time video_30_sec_watched_actions video_avg_time_watched_actions video_p100_watched_actions \
    video_p25_watched_actions video_p50_watched_actions video_p75_watched_actions \
    video_p95_watched_actions video_play_actions video_play_curve_actions video_thruplay_watched_actions \
    website_ctr website_purchase_roas";
/// Breakdowns and how many values each has here.
const BREAKDOWNS: [(&str, i64); 26] = [
    ("age", 6),
    ("gender", 3),
    ("country", 3),
    ("region", 16),
    ("dma", 210),
    ("publisher_platform", 4),
    ("platform_position", 12),
    ("device_platform", 2),
    ("impression_device", 8),
    ("hourly_stats_aggregated_by_advertiser_time_zone", 24),
    ("hourly_stats_aggregated_by_audience_time_zone", 24),
    ("product_id", 50),
    ("frequency_value", 10),
    ("place_page_id", 2),
    ("image_asset", 2),
    ("video_asset", 2),
    ("title_asset", 2),
    ("body_asset", 2),
    ("description_asset", 2),
    ("link_url_asset", 2),
    ("call_to_action_asset", 2),
    ("ad_format_asset", 2),
    ("app_id", 1),
    ("media_type", 2),
    ("media_format", 2),
    ("landing_destination", 2),
];
/// Breakdowns that go together; any one goes alone.
const TOGETHER: [&[&str]; 4] = [
    &["age", "gender"],
    &["publisher_platform", "platform_position", "impression_device"],
    &["publisher_platform", "device_platform"],
    &["country", "age", "gender"],
];
const ACTION_BREAKDOWNS: [&str; 16] = [
    "action_type",
    "action_device",
    "action_destination",
    "action_target_id",
    "action_reaction",
    "action_carousel_card_id",
    "action_carousel_card_name",
    "action_canvas_component_name",
    "action_video_sound",
    "action_video_type",
    "conversion_destination",
    "is_business_ai_assisted",
    "matched_persona_id",
    "matched_persona_name",
    "signal_source_bucket",
    "standard_event_content_type",
];
const WINDOWS: [&str; 11] = [
    "1d_click",
    "7d_click",
    "28d_click",
    "1d_view",
    "7d_view",
    "28d_view",
    "1d_ev",
    "dda",
    "default",
    "skan_click",
    "skan_view",
];
/// How long figures are kept, in days: 37 months.
const KEPT_DAYS: i64 = 37 * 31;

pub(super) fn read(call: &Call<'_>, object: &str) -> Result<Plan, GraphError> {
    call.params.only(&PARAMS)?;
    let level = call.params.text("level")?.unwrap_or_else(|| own_level(call, object).to_owned());
    among("level", &level, &LEVELS)?;
    let depth = |level: &str| LEVELS.iter().position(|known| *known == level);
    if depth(&level) < depth(own_level(call, object)) {
        // Documented with this code: a level above the object.
        return Err(GraphError::new(400, 1, "(#1) The level is above the object.").subcode(99));
    }
    let fields = call.params.list("fields")?.unwrap_or_default();
    if let Some(unknown) = fields.iter().find(|name| !FIELDS.split_whitespace().any(|known| known == *name)) {
        let message = format!("{unknown} is not valid for fields param.");
        return Err(GraphError::parameter(message));
    }
    let breakdowns = breakdowns(call)?;
    for name in ["action_breakdowns", "summary_action_breakdowns"] {
        for word in call.params.list(name)?.unwrap_or_default() {
            among(name, &word, &ACTION_BREAKDOWNS)?;
        }
    }
    let windows = call.params.list("action_attribution_windows")?.unwrap_or_default();
    for word in &windows {
        among("action_attribution_windows", word, &WINDOWS)?;
    }
    if let Some(word) = call.params.text("action_report_time")? {
        among("action_report_time", &word, &["impression", "conversion", "mixed", "lifetime"])?;
    }
    if let Some(filtering) = call.params.structure("filtering")? {
        let is_filter =
            |one: &Value| ["field", "operator", "value"].iter().all(|name| one.get(name).is_some());
        if !filtering.as_array().is_some_and(|list| list.iter().all(is_filter)) {
            let message = "Param filtering must be an array of {field, operator, value}.";
            return Err(GraphError::parameter(message));
        }
    }
    let spans = spans(call)?;
    let oldest = call.state.now_seconds().div_euclid(range::DAY).saturating_sub(KEPT_DAYS);
    if spans.iter().any(|(since, _)| *since < oldest) {
        let message =
            "(#3018) The start date of the time range cannot be beyond 37 months from the current date";
        return Err(GraphError::new(400, 3018, message));
    }
    Ok(Plan { object: object.to_owned(), level, fields, spans, breakdowns, windows })
}

fn own_level(call: &Call<'_>, object: &str) -> &'static str {
    use super::super::ads::Kind;
    match call.state.areas.ads.thing(object).map(|thing| thing.kind) {
        Some(Kind::Campaign) => "campaign",
        Some(Kind::AdSet) => "adset",
        Some(_) => "ad",
        None => "account",
    }
}

fn among(name: &str, word: &str, words: &[&str]) -> Result<(), GraphError> {
    if words.contains(&word) {
        return Ok(());
    }
    let message = format!("Param {name} must be one of {{{}}} - got {word}", words.join(", "));
    Err(GraphError::parameter(message))
}

fn breakdowns(call: &Call<'_>) -> Result<Vec<String>, GraphError> {
    let asked = call.params.list("breakdowns")?.unwrap_or_default();
    let names = BREAKDOWNS.map(|(name, _)| name);
    for name in &asked {
        among("breakdowns", name, &names)?;
    }
    let fits = |group: &&[&str]| asked.iter().all(|name| group.contains(&name.as_str()));
    if asked.len() > 1 && !TOGETHER.iter().any(fits) {
        let message =
            format!("Current combination of data breakdown columns ({}) is invalid", asked.join(", "));
        return Err(GraphError::parameter(message));
    }
    Ok(asked)
}

/// The days of each row.
fn spans(call: &Call<'_>) -> Result<Vec<(i64, i64)>, GraphError> {
    let today = call.state.now_seconds().div_euclid(range::DAY);
    let wrong = || GraphError::parameter("Param time_range must be {since, until}, both YYYY-MM-DD.");
    let one = |value: &Value| -> Result<(i64, i64), GraphError> {
        let day = |name: &str| value.get(name).and_then(Value::as_str).and_then(dates::day).ok_or_else(wrong);
        let (since, until) = (day("since")?, day("until")?);
        if since > until {
            return Err(GraphError::parameter("The since of the time range must not be after its until."));
        }
        Ok((since, until))
    };
    if let Some(ranges) = call.params.structure("time_ranges")? {
        return ranges.as_array().ok_or_else(wrong)?.iter().map(one).collect();
    }
    let (since, until) = if let Some(range) = call.params.structure("time_range")? {
        one(&range)?
    } else {
        let name = call.params.text("date_preset")?.unwrap_or_else(|| "last_30d".to_owned());
        let days = range::preset(&name)?;
        // Today is in a range of its own only.
        let last = if name == "today" { today } else { today.saturating_sub(1) };
        (last.saturating_sub(days - 1), last)
    };
    let step = match call.params.text("time_increment")?.as_deref() {
        None | Some("all_days") => return Ok(vec![(since, until)]),
        Some("monthly") => 30,
        Some(digits) => digits.parse().ok().filter(|days| (1..=90).contains(days)).ok_or_else(|| {
            GraphError::parameter("Param time_increment must be 1 to 90, monthly or all_days.")
        })?,
    };
    let mut out = Vec::new();
    let mut start = since;
    while start <= until {
        out.push((start, start.saturating_add(step - 1).min(until)));
        start = start.saturating_add(step);
    }
    Ok(out)
}

impl Plan {
    /// How many rows there could be.
    pub(super) fn size(&self, call: &Call<'_>) -> i64 {
        let cells: i64 = self
            .breakdowns
            .iter()
            .filter_map(|name| BREAKDOWNS.iter().find(|(known, _)| known == name).map(|(_, count)| *count))
            .product();
        let things = super::ad_answer::subjects(call, self).len().max(1);
        let spans = i64::try_from(self.spans.len()).unwrap_or(i64::MAX);
        spans.saturating_mul(cells).saturating_mul(i64::try_from(things).unwrap_or(i64::MAX))
    }
}
