//! Visits of an organization's page, or a brand's (LinkedIn: Organization Page Statistics).

use serde_json::{Map, Value, json};

use super::{
    super::super::{answer::ApiError, api::Call},
    administered, finder,
    intervals::{self, REACH, Span, time_range},
    sum, today, with,
};

/// Parts of a page that are counted apart.
const VIEWS: [&str; 9] = [
    "allPageViews",
    "allDesktopPageViews",
    "allMobilePageViews",
    "overviewPageViews",
    "aboutPageViews",
    "careersPageViews",
    "peoplePageViews",
    "jobsPageViews",
    "insightsPageViews",
];
/// Groups of visitors: facet, field, one group.
const FACETS: [(&str, &str, &str); 6] = [
    ("GeoCountry", "geo", "urn:li:geo:101282230"),
    ("Geo", "geo", "urn:li:geo:106967730"),
    ("Function", "function", "urn:li:function:8"),
    ("IndustryV2", "industryV2", "urn:li:industry:91"),
    ("Seniority", "seniority", "urn:li:seniority:3"),
    ("StaffCountRange", "staffCountRange", "SIZE_2_TO_10"),
];

pub(super) fn find(call: &Call<'_>, resource: &str, parameter: &str) -> Result<Vec<Value>, ApiError> {
    finder(call, &[parameter])?;
    call.query.only(&["q", parameter, "timeIntervals"])?;
    let spans = intervals::read(call, &["DAY", "WEEK", "MONTH"])?;
    let urn = administered(call, resource, parameter)?;
    let owner = [(parameter, json!(urn))];
    if let Some(spans) = spans {
        let element = |span: Span| {
            with(json!({"totalPageStatistics": total(&urn, span), "timeRange": time_range(span)}), &owner)
        };
        return Ok(spans.into_iter().map(element).collect());
    }
    let today = today(call);
    let lifetime = (today.saturating_sub(REACH), today.saturating_add(1));
    let mut element = json!({"totalPageStatistics": total(&urn, lifetime)});
    for (facet, field, group) in FACETS {
        let statistics = json!({"views": views(&format!("{urn}{group}"), lifetime)});
        let list = json!([{field: group, "pageStatistics": statistics}]);
        element = with(element, &[(&format!("pageStatisticsBy{facet}"), list)]);
    }
    Ok(vec![with(element, &owner)])
}

fn views(id: &str, span: Span) -> Value {
    let mut views = Map::new();
    for name in VIEWS {
        let seen = sum(name, id, span);
        views.insert(name.to_owned(), json!({"pageViews": seen, "uniquePageViews": seen * 2 / 3}));
    }
    Value::Object(views)
}

fn total(id: &str, span: Span) -> Value {
    let clicks = json!({
        "careersPageClicks": {"careersPageJobsClicks": sum("jobs-clicks", id, span) / 9},
        "desktopCustomButtonClickCounts": [
            {"customButtonType": "VISIT_WEBSITE", "clicks": sum("button-clicks", id, span) / 5},
        ],
    });
    json!({"views": views(id, span), "clicks": clicks})
}
