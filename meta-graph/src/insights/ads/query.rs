//! What can be asked about ads.

use serde::{Serialize, Serializer};
use sociogram_api_core::{Finding, InvalidRequest, open_enum};

use super::super::words::DatePreset;
use crate::ads::{ActionBreakdown, AdsBreakdown, Filter, TimeRange};
use crate::endpoint::{Joined, Params};
use crate::id::ObjectId;

/// A query for figures of ads, for [`ListAdsInsights`](super::ListAdsInsights) and
/// [`StartAdsInsights`](super::StartAdsInsights).
///
/// ```
/// use sociogram_meta_graph::AdAccountId;
/// use sociogram_meta_graph::insights::{AdsInsightsQuery, DatePreset, ReportLevel};
///
/// let account = AdAccountId::of("123")?;
/// let query = AdsInsightsQuery::new(account).level(ReportLevel::Campaign).period(DatePreset::Maximum);
/// # Ok::<(), sociogram_meta_graph::InvalidId>(())
/// ```
#[derive(Clone, Debug)]
pub struct AdsInsightsQuery {
    object: ObjectId,
    fields: Joined,
    period: AdsPeriod,
    level: Option<ReportLevel>,
    time_increment: Option<TimeIncrement>,
    breakdowns: Vec<AdsBreakdown>,
    action_breakdowns: Vec<ActionBreakdown>,
    summary_action_breakdowns: Vec<ActionBreakdown>,
    action_attribution_windows: Vec<AttributionWindow>,
    action_report_time: Option<ReportTime>,
    filtering: Vec<Filter>,
    sort: Vec<String>,
    summary: Vec<String>,
    default_summary: Option<bool>,
    use_account_attribution_setting: Option<bool>,
    use_unified_attribution_setting: Option<bool>,
    product_id_limit: Option<u32>,
}

/// Which days a query is about, in the ad account's time zone.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdsPeriod {
    /// A range by name.
    Preset(DatePreset),
    /// One range.
    Range(TimeRange),
    /// Several ranges, each with rows of its own; they may overlap.
    Ranges(Vec<TimeRange>),
}

impl Default for AdsPeriod {
    /// The last 30 days, which is what Meta takes unless told. For ads that ran earlier that is empty.
    fn default() -> Self {
        Self::Preset(DatePreset::Last30d)
    }
}

impl From<DatePreset> for AdsPeriod {
    fn from(preset: DatePreset) -> Self {
        Self::Preset(preset)
    }
}

impl From<TimeRange> for AdsPeriod {
    fn from(range: TimeRange) -> Self {
        Self::Range(range)
    }
}

impl From<Vec<TimeRange>> for AdsPeriod {
    fn from(ranges: Vec<TimeRange>) -> Self {
        Self::Ranges(ranges)
    }
}

/// How many days one row stands for.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeIncrement {
    /// So many days, 1 to 90.
    Days(u8),
    /// A calendar month.
    Monthly,
    /// The whole range, as it is unless set.
    AllDays,
}

impl Serialize for TimeIncrement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Days(days) => serializer.serialize_u8(*days),
            Self::Monthly => serializer.serialize_str("monthly"),
            Self::AllDays => serializer.serialize_str("all_days"),
        }
    }
}

open_enum! {
    /// What one row stands for.
    pub enum ReportLevel {
        /// The ad account.
        Account = "account",
        /// A campaign.
        Campaign = "campaign",
        /// An ad set.
        AdSet = "adset",
        /// An ad.
        Ad = "ad",
    }
}

open_enum! {
    /// By which day actions are counted.
    pub enum ReportTime {
        /// The day the ad was seen.
        Impression = "impression",
        /// The day of the action.
        Conversion = "conversion",
        /// Paid ones by impression, others by conversion.
        Mixed = "mixed",
        /// All of the ad's life.
        Lifetime = "lifetime",
    }
}

open_enum! {
    /// How long before an action an ad may have been clicked or seen for the action to count.
    pub enum AttributionWindow {
        /// Clicked within a day.
        Click1d = "1d_click",
        /// Clicked within seven days.
        Click7d = "7d_click",
        /// Clicked within 28 days.
        Click28d = "28d_click",
        /// Seen within a day.
        View1d = "1d_view",
        /// Seen within seven days; reported as retired since 2026-01-12.
        View7d = "7d_view",
        /// Seen within 28 days; reported as retired since 2026-01-12.
        View28d = "28d_view",
        /// Watched within a day (engaged view).
        EngagedView1d = "1d_ev",
        /// Data-driven attribution.
        DataDriven = "dda",
        /// As the ad set says.
        Default = "default",
        /// Clicked, by SKAdNetwork.
        SkanClick = "skan_click",
        /// Seen, by SKAdNetwork.
        SkanView = "skan_view",
    }
}

impl AdsInsightsQuery {
    /// The fields asked for unless others are named.
    pub const DEFAULT_FIELDS: [&'static str; 14] = [
        "account_id",
        "campaign_id",
        "campaign_name",
        "adset_id",
        "adset_name",
        "ad_id",
        "ad_name",
        "impressions",
        "reach",
        "clicks",
        "spend",
        "actions",
        "date_start",
        "date_stop",
    ];

    /// The last 30 days of an ad account, a campaign, an ad set or an ad.
    pub fn new(object: impl Into<ObjectId>) -> Self {
        Self {
            object: object.into(),
            fields: Self::DEFAULT_FIELDS.into(),
            period: AdsPeriod::default(),
            level: None,
            time_increment: None,
            breakdowns: Vec::new(),
            action_breakdowns: Vec::new(),
            summary_action_breakdowns: Vec::new(),
            action_attribution_windows: Vec::new(),
            action_report_time: None,
            filtering: Vec::new(),
            sort: Vec::new(),
            summary: Vec::new(),
            default_summary: None,
            use_account_attribution_setting: None,
            use_unified_attribution_setting: None,
            product_id_limit: None,
        }
    }

    /// The object asked about.
    pub const fn object(&self) -> &ObjectId {
        &self.object
    }

    /// Other fields.
    pub fn fields(mut self, fields: impl Into<Joined>) -> Self {
        self.fields = fields.into();
        self
    }

    /// Which days. It is always sent, the last 30 days unless set; [`DatePreset::Maximum`] reaches back 37 months.
    pub fn period(mut self, period: impl Into<AdsPeriod>) -> Self {
        self.period = period.into();
        self
    }

    /// What one row stands for; the object itself unless set.
    pub fn level(mut self, level: ReportLevel) -> Self {
        self.level = Some(level);
        self
    }

    /// How many days one row stands for.
    pub const fn time_increment(mut self, increment: TimeIncrement) -> Self {
        self.time_increment = Some(increment);
        self
    }

    /// What rows are split by. Meta allows only some combinations: age with gender, publisher platform with position
    /// and device, hours alone.
    pub fn breakdowns(mut self, breakdowns: impl Into<Vec<AdsBreakdown>>) -> Self {
        self.breakdowns = breakdowns.into();
        self
    }

    /// What actions are split by; by their type unless set.
    pub fn action_breakdowns(mut self, breakdowns: impl Into<Vec<ActionBreakdown>>) -> Self {
        self.action_breakdowns = breakdowns.into();
        self
    }

    /// What the actions of the summary are split by.
    pub fn summary_action_breakdowns(mut self, breakdowns: impl Into<Vec<ActionBreakdown>>) -> Self {
        self.summary_action_breakdowns = breakdowns.into();
        self
    }

    /// For which windows actions are counted, each for itself.
    pub fn attribution_windows(mut self, windows: impl Into<Vec<AttributionWindow>>) -> Self {
        self.action_attribution_windows = windows.into();
        self
    }

    /// By which day actions are counted.
    pub fn report_time(mut self, time: ReportTime) -> Self {
        self.action_report_time = Some(time);
        self
    }

    /// Which rows to give.
    pub fn filtering(mut self, filters: impl Into<Vec<Filter>>) -> Self {
        self.filtering = filters.into();
        self
    }

    /// The order of rows: `{field}_ascending` or `{field}_descending`; actions as `actions:link_click_descending`.
    pub fn sort<T: Into<String>>(mut self, fields: impl IntoIterator<Item = T>) -> Self {
        self.sort = fields.into_iter().map(Into::into).collect();
        self
    }

    /// The fields to sum up over all rows; [`summary`](super::ListAdsInsights::summary) reads them.
    pub fn summary<T: Into<String>>(mut self, fields: impl IntoIterator<Item = T>) -> Self {
        self.summary = fields.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a summary of the usual fields.
    pub const fn default_summary(mut self, summary: bool) -> Self {
        self.default_summary = Some(summary);
        self
    }

    /// Attributes as the ad account is set.
    pub const fn use_account_attribution_setting(mut self, account: bool) -> Self {
        self.use_account_attribution_setting = Some(account);
        self
    }

    /// Attributes as each ad set is set, like the ads manager does.
    pub const fn use_unified_attribution_setting(mut self, unified: bool) -> Self {
        self.use_unified_attribution_setting = Some(unified);
        self
    }

    /// How many products a row is split into at most.
    pub const fn product_id_limit(mut self, limit: u32) -> Self {
        self.product_id_limit = Some(limit);
        self
    }

    /// What is odd about it, as far as that can be told without asking Meta. Sending it checks the same; warnings do
    /// not stop it.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        match &self.period {
            AdsPeriod::Preset(_) => {}
            AdsPeriod::Range(range) => findings.extend(range.check("time_range")),
            AdsPeriod::Ranges(ranges) => {
                if ranges.is_empty() {
                    findings.push(
                        Finding::error("ads.insights.ranges", "time_ranges", "there is no range in the list")
                            .advice("name at least one, or a preset"),
                    );
                }
                findings.extend(ranges.iter().filter_map(|range| range.check("time_ranges")));
            }
        }
        if let Some(TimeIncrement::Days(days)) = self.time_increment
            && !(1..=90).contains(&days)
        {
            findings.push(
                Finding::error(
                    "ads.insights.increment",
                    "time_increment",
                    "a row cannot stand for so many days",
                )
                .measured(days)
                .allowed("1 to 90 days")
                .advice("use `Monthly` or `AllDays`"),
            );
        }
        let hourly = |breakdown: &AdsBreakdown| breakdown.as_str().starts_with("hourly_stats_");
        if self.breakdowns.len() > 1 && self.breakdowns.iter().any(hourly) {
            findings.push(
                Finding::warning(
                    "ads.insights.hourly",
                    "breakdowns",
                    "hours may not go with other breakdowns",
                )
                .advice("ask for the hours in a query of their own"),
            );
        }
        let retired = [AttributionWindow::View7d, AttributionWindow::View28d];
        if self.action_attribution_windows.iter().any(|window| retired.contains(window)) {
            findings.push(
                Finding::warning(
                    "ads.insights.window",
                    "action_attribution_windows",
                    "this window is reported as retired",
                )
                .advice("use `1d_view`"),
            );
        }
        findings
    }

    pub(super) fn write(&self, mut params: Params<'_>) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        params.put("object_id", &self.object)?;
        params.put("fields", &self.fields)?;
        match &self.period {
            AdsPeriod::Preset(preset) => params.put("date_preset", preset)?,
            AdsPeriod::Range(range) => params.put("time_range", range)?,
            AdsPeriod::Ranges(ranges) => params.put("time_ranges", ranges)?,
        }
        option(&mut params, "level", self.level.as_ref())?;
        option(&mut params, "time_increment", self.time_increment.as_ref())?;
        list(&mut params, "breakdowns", &self.breakdowns)?;
        list(&mut params, "action_breakdowns", &self.action_breakdowns)?;
        list(&mut params, "summary_action_breakdowns", &self.summary_action_breakdowns)?;
        list(&mut params, "action_attribution_windows", &self.action_attribution_windows)?;
        option(&mut params, "action_report_time", self.action_report_time.as_ref())?;
        list(&mut params, "filtering", &self.filtering)?;
        list(&mut params, "sort", &self.sort)?;
        list(&mut params, "summary", &self.summary)?;
        option(&mut params, "default_summary", self.default_summary.as_ref())?;
        option(
            &mut params,
            "use_account_attribution_setting",
            self.use_account_attribution_setting.as_ref(),
        )?;
        option(
            &mut params,
            "use_unified_attribution_setting",
            self.use_unified_attribution_setting.as_ref(),
        )?;
        option(&mut params, "product_id_limit", self.product_id_limit.as_ref())?;
        params.finish()
    }
}

fn option<T: Serialize>(
    params: &mut Params<'_>,
    name: &'static str,
    value: Option<&T>,
) -> Result<(), InvalidRequest> {
    value.map_or(Ok(()), |value| params.put(name, value))
}

fn list<T: Serialize>(
    params: &mut Params<'_>,
    name: &'static str,
    values: &[T],
) -> Result<(), InvalidRequest> {
    if values.is_empty() { Ok(()) } else { params.put(name, values) }
}
