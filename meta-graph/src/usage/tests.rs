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
        .map(|Reading { usage: reading, .. }| {
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
fn insights_of_ads_count_for_the_app_and_for_the_account() {
    let value =
        r#"{"app_id_util_pct":93.5,"acc_id_util_pct":"40","ads_api_access_tier":"development_access"}"#;
    assert_eq!(
        read("ads.insights.read", "x-fb-ads-insights-throttle", value),
        [("app_insights:7".to_owned(), 93.5, None), ("ads_insights:42".to_owned(), 40.0, None)]
    );
    assert_eq!(
        read("ads.campaigns.list", "x-fb-ads-insights-throttle", value),
        [],
        "it is about insights only"
    );
}

#[test]
fn two_headers_about_one_limit_make_one_reading_with_the_worse_figure() {
    let mut headers = HeaderMap::new();
    let throttle = r#"{"app_id_util_pct":1,"acc_id_util_pct":95,"ads_api_access_tier":"standard_access"}"#;
    headers.insert("x-fb-ads-insights-throttle", throttle.parse().unwrap());
    let usage = r#"{"42":[{"type":"ads_insights","call_count":20,"estimated_time_to_regain_access":2}]}"#;
    headers.insert("x-business-use-case-usage", usage.parse().unwrap());
    let found = readings(&headers, &limits("ads.insights.read", "act_42"));
    let found: Vec<_> = found.iter().filter(|reading| reading.usage.key.kind() == "ads_insights").collect();
    assert_eq!(found.len(), 1);
    assert!((found[0].usage.percent - 100.0).abs() < f64::EPSILON);
    assert_eq!(found[0].usage.regain_after, Some(Duration::from_secs(120)));
    assert_eq!(found[0].tier, Some(AccessTier::Standard));
}

#[test]
fn the_access_tier_is_read_with_the_figures_of_ads() {
    for (header, value) in [
        ("x-ad-account-usage", r#"{"acc_id_util_pct":1,"ads_api_access_tier":"development_access"}"#),
        (
            "x-business-use-case-usage",
            r#"{"42":[{"type":"ads_management","call_count":1,"ads_api_access_tier":"development_access"}]}"#,
        ),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header, value.parse().unwrap());
        let found = readings(&headers, &limits("ads.campaigns.list", "act_42"));
        assert_eq!(found[0].tier, Some(AccessTier::Development), "{header}");
    }
    assert_eq!(AccessTier::from("gold").to_string(), "gold");
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
