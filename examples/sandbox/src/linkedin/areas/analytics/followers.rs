//! Followers of an organization: who they are, and how many came (LinkedIn: Organization Follower Statistics).

use serde_json::{Map, Value, json};

use super::{
    super::super::{answer::ApiError, api::Call},
    administered, finder,
    intervals::{self, Span, time_range},
    sum, today,
};
use crate::graph::areas::insights::figure;

const RESOURCE: &str = "organizationalEntityFollowerStatistics";
/// Gains of the last days are not known yet.
const LAG: i64 = 2;

/// Facets, the field that names the group, and some groups.
const FACETS: [(&str, &str, &[&str]); 7] = [
    ("AssociationType", "associationType", &["EMPLOYEE"]),
    ("Function", "function", &["urn:li:function:8", "urn:li:function:15", "urn:li:function:25"]),
    ("Geo", "geo", &["urn:li:geo:106967730", "urn:li:geo:90009735"]),
    ("GeoCountry", "geo", &["urn:li:geo:101282230", "urn:li:geo:103883259"]),
    ("Industry", "industry", &["urn:li:industry:91", "urn:li:industry:27"]),
    ("Seniority", "seniority", &["urn:li:seniority:3", "urn:li:seniority:4", "urn:li:seniority:5"]),
    ("StaffCountRange", "staffCountRange", &["SIZE_2_TO_10", "SIZE_11_TO_50"]),
];

pub(super) fn find(call: &Call<'_>) -> Result<Vec<Value>, ApiError> {
    finder(call, &["organizationalEntity"])?;
    call.query.only(&["q", "organizationalEntity", "timeIntervals"])?;
    let spans = intervals::read(call, &["DAY", "WEEK", "MONTH"])?;
    let urn = administered(call, RESOURCE, "organizationalEntity")?;
    let Some(spans) = spans else { return Ok(vec![lifetime(&urn)]) };
    let known_before = today(call).saturating_sub(LAG);
    let gains = |(start, end): Span| {
        let known = (start, end.min(known_before));
        json!({
            "organizationalEntity": urn,
            "timeRange": time_range((start, end)),
            "followerGains": {
                "organicFollowerGain": sum("organic-gain", &urn, known) - 8 * (known.1 - known.0),
                "paidFollowerGain": sum("paid-gain", &urn, known) / 9,
            },
        })
    };
    Ok(spans.into_iter().filter(|(start, _)| *start < known_before).map(gains).collect())
}

fn lifetime(urn: &str) -> Value {
    let mut element = Map::new();
    element.insert("organizationalEntity".to_owned(), json!(urn));
    for (facet, field, groups) in FACETS {
        let group = |group: &&str| {
            let counts = json!({
                "organicFollowerCount": figure(facet, group, 0) * 7,
                "paidFollowerCount": figure(facet, group, 1),
            });
            json!({field: group, "followerCounts": counts})
        };
        let list: Vec<Value> = groups.iter().map(group).collect();
        element.insert(format!("followerCountsBy{facet}"), json!(list));
    }
    Value::Object(element)
}
