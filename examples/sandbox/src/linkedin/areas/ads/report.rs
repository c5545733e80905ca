//! `/rest/adAnalytics` (LinkedIn: Reporting).

use std::collections::BTreeMap;

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{
    super::super::{
        answer::{ApiError, entity},
        api::{Call, expect_method},
        calendar::{day_of, range, record},
    },
    Kind, id_of,
    metrics::{self, USUAL, decimal},
    periods::Granularity,
    pivots::{Leaf, is_demographic, is_known, is_object},
    role,
};
use crate::graph::areas::insights::figure;

const RESOURCE: &str = "adAnalytics";
const FINDERS: [&str; 3] = ["analytics", "statistics", "attributedRevenueMetrics"];
/// The most fields of one report.
const MOST_FIELDS: usize = 20;
/// The most pivots of `q=statistics`.
const MOST_PIVOTS: usize = 3;
/// The most elements of one answer: the rest is cut off, and nothing tells.
const MOST_ELEMENTS: usize = 15_000;
/// Reach is counted for this many days at most.
const REACH_DAYS: i64 = 92;
/// How long figures are kept, in days; those of kinds of members shorter.
const KEPT: i64 = 3650;
const DEMOGRAPHICS_KEPT: i64 = 730;
/// Filters, and the kinds of URN in each.
const FILTERS: [(&str, &[&str]); 6] = [
    ("accounts", &["urn:li:sponsoredAccount:"]),
    ("campaignGroups", &["urn:li:sponsoredCampaignGroup:"]),
    ("campaigns", &["urn:li:sponsoredCampaign:"]),
    ("creatives", &["urn:li:sponsoredCreative:"]),
    ("shares", &["urn:li:share:", "urn:li:ugcPost:"]),
    ("companies", &["urn:li:organization:"]),
];

/// A report that was asked for.
struct Report {
    /// Names of the mask; `None` means the usual metrics.
    fields: Option<Vec<String>>,
    pivots: Vec<String>,
    granularity: Granularity,
    start: i64,
    /// The day after the last.
    end: i64,
    revenue: bool,
}

pub(super) fn find(call: &mut Call<'_>) -> Result<Response, ApiError> {
    expect_method(call, "finder")?;
    let finder = call.query.required("q")?;
    if !FINDERS.contains(&finder.as_str()) {
        return Err(ApiError::illegal_argument("Parameter 'q' is invalid"));
    }
    let report = read(call, &finder)?;
    let filters = filters(call)?;
    if !call.claims.has_scope("r_ads_reporting") {
        return Err(super::denied(call, RESOURCE, &format!("FINDER-{finder}")));
    }
    let leaves: Vec<Leaf> = leaves(call).into_iter().filter(|leaf| passes(leaf, &filters)).collect();
    let elements = report.elements(&leaves);
    let body = json!({"elements": elements, "paging": {"start": 0, "count": 10, "links": []}});
    Ok(entity(call.state, &body))
}

fn read(call: &Call<'_>, finder: &str) -> Result<Report, ApiError> {
    let mut known = vec!["q", "dateRange", "timeGranularity"];
    known.extend(FILTERS.iter().map(|(name, _)| *name));
    known.push(if finder == "analytics" { "pivot" } else { "pivots" });
    call.query.only(&known)?;
    let revenue = finder == "attributedRevenueMetrics";
    let pivots = pivots(call, finder)?;
    let granularity = match word(call, "timeGranularity")? {
        Some(word) => Granularity::read(&word)
            .ok_or_else(|| ApiError::illegal_argument("Parameter 'timeGranularity' is invalid"))?,
        None if revenue => Granularity::All,
        None => return Err(ApiError::illegal_argument("Parameter 'timeGranularity' is required")),
    };
    let (start, end) = range(call, "dateRange")?
        .ok_or_else(|| ApiError::illegal_argument("Parameter 'dateRange' is required"))?;
    let today = day_of(call.state.now());
    let demographic = pivots.iter().any(|pivot| is_demographic(pivot));
    // The last day is part of the range; kinds of members are known a day later.
    let (known_until, kept) = if demographic { (today, DEMOGRAPHICS_KEPT) } else { (today + 1, KEPT) };
    let end = end.map_or(known_until, |last| last.saturating_add(1));
    let fields = fields(call)?;
    let asks_reach = fields.iter().flatten().any(|field| field == "approximateMemberReach");
    if asks_reach && (demographic || end.saturating_sub(start) > REACH_DAYS) {
        let message = "approximateMemberReach is for 92 days at most, and for no MEMBER_ pivot";
        return Err(ApiError::new(400, message).code("FIELD_INVALID"));
    }
    let start = start.max(today.saturating_sub(kept));
    Ok(Report { fields, pivots, granularity, start, end: end.min(known_until), revenue })
}

/// A word, alone or as `(value:…)`.
fn word(call: &Call<'_>, name: &str) -> Result<Option<String>, ApiError> {
    let Some(element) = call.query.element(name)? else { return Ok(None) };
    let text = element.as_text().or_else(|| match element.union() {
        Some(("value", value)) => value.as_text(),
        _ => None,
    });
    let invalid = || ApiError::illegal_argument(format!("Parameter '{name}' is invalid"));
    text.map(|text| Some(text.to_owned())).ok_or_else(invalid)
}

fn pivots(call: &Call<'_>, finder: &str) -> Result<Vec<String>, ApiError> {
    let pivots = if finder == "analytics" {
        let pivot = word(call, "pivot")?;
        vec![pivot.ok_or_else(|| ApiError::illegal_argument("Parameter 'pivot' is required"))?]
    } else {
        call.query.texts("pivots")?.unwrap_or_default()
    };
    let missing = finder == "statistics" && pivots.is_empty();
    if missing || pivots.len() > MOST_PIVOTS {
        return Err(ApiError::illegal_argument("Parameter 'pivots' is invalid: one to three"));
    }
    match pivots.iter().find(|pivot| !is_known(pivot)) {
        Some(unknown) => Err(ApiError::illegal_argument(format!("Parameter 'pivot' is invalid: {unknown}"))),
        None => Ok(pivots),
    }
}

/// The names of the mask, without what is said of the inside of each.
fn fields(call: &Call<'_>) -> Result<Option<Vec<String>>, ApiError> {
    let Some(mask) = call.query.mask() else { return Ok(None) };
    let names = names(mask).ok_or_else(|| ApiError::illegal_argument("Parameter 'fields' is invalid"))?;
    if names.len() > MOST_FIELDS {
        let message = format!("Parameter 'fields' is invalid: at most {MOST_FIELDS} fields");
        return Err(ApiError::illegal_argument(message));
    }
    Ok(Some(names))
}

fn names(mask: &str) -> Option<Vec<String>> {
    let (mut depth, mut names, mut name) = (0_i32, Vec::new(), String::new());
    for letter in mask.chars().chain([',']) {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => names.push(std::mem::take(&mut name)),
            ':' if depth == 0 => {}
            letter if depth == 0 && (letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$' | '*')) => {
                name.push(letter);
            }
            // Nothing in a mask is escaped.
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    (depth == 0 && names.iter().all(|name| !name.is_empty())).then_some(names)
}

/// The filters, at least one.
fn filters(call: &Call<'_>) -> Result<Vec<(&'static str, Vec<String>)>, ApiError> {
    let mut filters = Vec::new();
    for (name, kinds) in FILTERS {
        let Some(urns) = call.query.texts(name)? else { continue };
        if urns.iter().any(|urn| !kinds.iter().any(|kind| urn.starts_with(kind))) {
            let message = format!("Parameter '{name}' is invalid: another kind of URN");
            return Err(ApiError::new(400, message).code("INVALID_URN_TYPE"));
        }
        if !urns.is_empty() {
            filters.push((name, urns));
        }
    }
    if filters.is_empty() {
        return Err(ApiError::illegal_argument("At least one of the filters is required"));
    }
    Ok(filters)
}

/// The creatives the caller may see figures of. What is not the caller's is silently missing.
fn leaves(call: &Call<'_>) -> Vec<Leaf> {
    let ads = &call.state.linkedin.ads;
    let text = |body: &Map<String, Value>, name: &str| {
        body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let creatives = ads.things.iter().filter(|thing| thing.kind == Kind::Creative);
    let seen = creatives.filter(|thing| role(call, &thing.account).is_some());
    seen.filter_map(|thing| {
        let account = ads.accounts.iter().find(|account| account.id == thing.account)?;
        let campaign = text(&thing.body, "campaign");
        let found =
            ads.things.iter().find(|known| known.kind == Kind::Campaign && known.id == id_of(&campaign))?;
        let share = thing.body.get("content").and_then(|content| content.get("reference"));
        Some(Leaf {
            creative: thing.urn(),
            group: text(&found.body, "campaignGroup"),
            account: account.urn(),
            share: share.and_then(Value::as_str).unwrap_or_default().to_owned(),
            company: text(&account.body, "reference"),
            campaign,
        })
    })
    .collect()
}

fn passes(leaf: &Leaf, filters: &[(&str, Vec<String>)]) -> bool {
    filters.iter().all(|(name, urns)| {
        let urn = match *name {
            "accounts" => &leaf.account,
            "campaignGroups" => &leaf.group,
            "campaigns" => &leaf.campaign,
            "creatives" => &leaf.creative,
            "shares" => &leaf.share,
            _ => &leaf.company,
        };
        urns.contains(urn)
    })
}

impl Report {
    fn elements(&self, leaves: &[Leaf]) -> Vec<Value> {
        let mut groups: BTreeMap<Vec<String>, Vec<&Leaf>> = BTreeMap::new();
        for leaf in leaves {
            for values in leaf.combinations(&self.pivots) {
                groups.entry(values).or_default().push(leaf);
            }
        }
        let periods = self.granularity.cut(self.start, self.end);
        let rows = periods
            .iter()
            .flat_map(|period| groups.iter().map(move |(values, leaves)| (period, values, leaves)));
        rows.take(MOST_ELEMENTS)
            .map(|(period, values, leaves)| self.element(*period, values, leaves))
            .collect()
    }

    fn element(&self, (start, end): (i64, i64), values: &[String], leaves: &[&Leaf]) -> Value {
        // What the figures are split over is part of what they are figures of.
        let split: String = self
            .pivots
            .iter()
            .zip(values)
            .filter(|(pivot, _)| !is_object(pivot))
            .map(|(_, value)| value.as_str())
            .collect();
        let sum = |name: &str| -> i64 {
            let of_leaf = |leaf: &&Leaf| -> i64 {
                let id = format!("{}{split}", leaf.creative);
                (start..end).map(|day| figure(name, &id, day)).sum()
            };
            leaves.iter().map(of_leaf).sum()
        };
        let usual: Vec<String> = if self.revenue {
            vec!["revenueAttributionMetrics".to_owned()]
        } else {
            USUAL.iter().map(|name| (*name).to_owned()).collect()
        };
        let mut element = Map::new();
        for name in self.fields.as_ref().unwrap_or(&usual) {
            let value = match name.as_str() {
                "dateRange" => Some(json!({"start": record(start), "end": record(end - 1)})),
                "pivotValues" => Some(json!(values)),
                "revenueAttributionMetrics" if self.revenue => Some(json!({
                    "closedWonOpportunities": sum("won") / 40,
                    "openOpportunities": sum("open") / 20,
                    "returnOnAdSpend": 1.5,
                    "revenueWonInUsd": decimal(sum("revenue") * 1000),
                })),
                _ if self.revenue => None,
                name => metrics::value(name, sum(name)),
            };
            if let Some(value) = value {
                element.insert(name.clone(), value);
            }
        }
        Value::Object(element)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_counted_by_its_outer_names() {
        for (mask, expected) in [
            ("clicks", Some(vec!["clicks"])),
            ("dateRange:(start:(year,month),end),clicks", Some(vec!["dateRange", "clicks"])),
            ("clicks,", None),
            ("a,,b", None),
            ("a(b", None),
            ("clicks%2Cimpressions", None),
            ("", None),
        ] {
            let expected = expected.map(|names| names.into_iter().map(str::to_owned).collect());
            assert_eq!(names(mask), expected, "{mask}");
        }
    }
}
