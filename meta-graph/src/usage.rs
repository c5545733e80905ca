//! The usage headers: how much of Meta's limits is used (Graph API: Rate Limits, Headers).

use std::time::Duration;

use http::HeaderMap;
use serde_json::{Map, Value};
use sociogram_api_core::http::{BudgetKey, UsageReading};

use crate::lenient::{amount_of, int_of, text_of};
use crate::limits::{Limits, object_id};
use crate::use_case::UseCase;

/// Calls and times of the app, in percent.
const APP: &str = "x-app-usage";
/// The same of a Page; legacy, still sent.
const PAGE: &str = "x-page-usage";
/// The score of an ad account.
const AD_ACCOUNT: &str = "x-ad-account-usage";
/// All business use cases the call counted against; the docs also shorten the name.
const USE_CASES: [&str; 2] = ["x-business-use-case-usage", "x-business-use-case"];

/// Reads all usage headers of an answer. A header that cannot be read is left out.
pub(crate) fn readings(headers: &HeaderMap, limits: &Limits) -> Vec<UsageReading> {
    let mut found = Vec::new();
    if let Some(app) = object(headers, APP) {
        found.extend(busiest(&app).map(|percent| UsageReading::new(limits.app.clone(), percent)));
    }
    if let (Some(page), Some(key)) = (object(headers, PAGE), &limits.object) {
        found.extend(busiest(&page).map(|percent| UsageReading::new(key.clone(), percent)));
    }
    if let (Some(account), Some(key)) = (object(headers, AD_ACCOUNT), &limits.ad_account) {
        found.extend(ad_account(&account, key));
    }
    for name in USE_CASES {
        if let Some(objects) = object(headers, name) {
            for (id, entries) in &objects {
                let entries = entries.as_array().map_or(&[][..], Vec::as_slice);
                found.extend(entries.iter().filter_map(|entry| use_case(object_id(id), entry)));
            }
        }
    }
    found
}

fn object(headers: &HeaderMap, name: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(headers.get(name)?.as_bytes()).ok()
}

/// The largest of the percentages; one of them at 100 is enough to be throttled.
fn busiest(usage: &Map<String, Value>) -> Option<f64> {
    ["call_count", "total_time", "total_cputime"]
        .iter()
        .filter_map(|name| amount_of(usage.get(*name)?))
        .reduce(f64::max)
}

fn ad_account(usage: &Map<String, Value>, key: &BudgetKey) -> Option<UsageReading> {
    let percent = amount_of(usage.get("acc_id_util_pct")?)?;
    let reading = UsageReading::new(key.clone(), percent);
    // Seconds until the score decays; sent all the time, so it means a stop only at the limit.
    let reset = usage.get("reset_time_duration").and_then(amount_of).filter(|_| percent >= 100.0);
    Some(match reset.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) {
        Some(after) => reading.regain_after(after),
        None => reading,
    })
}

fn use_case(id: &str, entry: &Value) -> Option<UsageReading> {
    let entry = entry.as_object()?;
    let name = entry.get("type").and_then(text_of).unwrap_or_default();
    let key = match UseCase::from_header(&name) {
        UseCase::Other => BudgetKey::new(UseCase::Other.as_str(), format!("{name}/{id}")),
        known => BudgetKey::new(known.as_str(), id),
    };
    // Minutes, unlike the ad account's reset time.
    let minutes =
        entry.get("estimated_time_to_regain_access").and_then(int_of).filter(|minutes| *minutes > 0);
    let percent = busiest(entry).unwrap_or_default();
    Some(match minutes.and_then(|minutes| u64::try_from(minutes).ok()) {
        // A time to regain access means that there is none now, whatever the percentages say.
        Some(minutes) => UsageReading::new(key, percent.max(100.0))
            .regain_after(Duration::from_secs(minutes.saturating_mul(60))),
        None => UsageReading::new(key, percent),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sociogram_api_core::http::{Operation, Replay};

    use super::*;

    fn limits(name: &'static str, subject: &str) -> Limits {
        Limits::of(Some("7"), &Operation::new(name, "meta", Replay::Safe).subject(subject))
    }

    fn read(name: &'static str, header: &'static str, value: &str) -> Vec<(String, f64, Option<u64>)> {
        let mut headers = HeaderMap::new();
        headers.insert(header, value.parse().unwrap());
        readings(&headers, &limits(name, "act_42"))
            .into_iter()
            .map(|reading| {
                (reading.key.to_string(), reading.percent, reading.regain_after.map(|after| after.as_secs()))
            })
            .collect()
    }

    #[test]
    fn app_and_page_usage_take_the_largest_percentage() {
        let value = r#"{"call_count":28,"total_time":"25.5","total_cputime":31.7}"#;
        assert_eq!(read("page.posts.create", "x-app-usage", value), [("app:7".to_owned(), 31.7, None)]);
        assert_eq!(read("page.posts.create", "x-page-usage", value), [("pages:42".to_owned(), 31.7, None)]);
    }

    #[test]
    fn the_ad_account_counts_in_seconds_and_only_at_the_limit() {
        let value =
            r#"{"acc_id_util_pct":100,"reset_time_duration":300,"ads_api_access_tier":"standard_access"}"#;
        assert_eq!(
            read("ads.campaigns.list", "x-ad-account-usage", value),
            [("ad_account:42".to_owned(), 100.0, Some(300))]
        );
        let value = r#"{"acc_id_util_pct":9.67,"reset_time_duration":300}"#;
        assert_eq!(
            read("ads.campaigns.list", "x-ad-account-usage", value),
            [("ad_account:42".to_owned(), 9.67, None)]
        );
        assert_eq!(read("page.posts.create", "x-ad-account-usage", value), [], "no ad account is concerned");
    }

    #[test]
    fn use_cases_are_read_per_object_and_type_in_minutes() {
        let value = r#"{
            "112130216863063":[
                {"type":"pages","call_count":1,"total_cputime":1,"total_time":2,"estimated_time_to_regain_access":0},
                {"type":"messenger","call_count":95,"total_cputime":10,"total_time":20,"estimated_time_to_regain_access":19}],
            "act_10153848260347724":[{"type":"ads_insights","call_count":12,"total_cputime":3,"total_time":4,
                "ads_api_access_tier":"development_access"}],
            "3":[{"type":"brand_new","call_count":"77.5"}]}"#;
        let value: String = value.split('\n').map(str::trim).collect();
        let mut found = read("page.posts.create", "x-business-use-case-usage", &value);
        found.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(
            found,
            [
                ("ads_insights:10153848260347724".to_owned(), 12.0, None),
                ("messenger:112130216863063".to_owned(), 100.0, Some(19 * 60)),
                ("other:brand_new/3".to_owned(), 77.5, None),
                ("pages:112130216863063".to_owned(), 2.0, None),
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        for value in ["", "no json", "[]", "{}", r#"{"call_count":"many"}"#, r#"{"call_count":-5}"#] {
            assert_eq!(read("page.posts.create", "x-app-usage", value), [], "{value}");
        }
        for value in ["{\"1\":{}}", "{\"1\":[5,null]}", "{\"1\":\"x\"}"] {
            assert_eq!(read("page.posts.create", "x-business-use-case-usage", value), [], "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_a_panic(value in "[ -~]{0,80}", number in any::<f64>()) {
            read("ads.insights.read", "x-business-use-case-usage", &value);
            let entry = format!(r#"{{"1":[{{"type":"pages","call_count":{number:?},"estimated_time_to_regain_access":{number:?}}}]}}"#);
            for (_, percent, _) in read("ads.insights.read", "x-business-use-case-usage", &entry) {
                prop_assert!(percent.is_finite() && percent >= 0.0);
            }
        }
    }
}
