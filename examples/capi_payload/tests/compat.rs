//! What Meta's Python SDK would send. The expected events were written by `facebook_business` 26.0.3 itself.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{data, program};

/// Makes equal what means the same: the SDK writes lists in any order, flags of `app_data` as `true` for our `1`, and
/// prices as floating point numbers.
fn comparable(value: &Value, path: &str) -> Value {
    match value {
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                (name.clone(), comparable(value, &format!("{path}.{name}")))
            };
            Value::Object(members.iter().map(member).collect())
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|item| comparable(item, path)).collect();
            if path.starts_with(".user_data") {
                items.sort_by_key(Value::to_string);
            }
            Value::Array(items)
        }
        Value::Bool(flag) if path.starts_with(".app_data") && path.ends_with("_tracking_enabled") => {
            Value::from(f64::from(u8::from(*flag)))
        }
        Value::Number(number) => Value::from(number.as_f64().unwrap()),
        other => other.clone(),
    }
}

fn paths(value: &Value, path: &str, into: &mut BTreeSet<String>) {
    if let Value::Object(members) = value {
        for (name, value) in members {
            let path = format!("{path}.{name}");
            paths(value, &path, into);
            into.insert(path);
        }
    }
}

#[tokio::test]
async fn python_compat_sends_what_the_python_sdk_sends() {
    let outcome = program(&["--mode", "python-compat", &data("python_compat/events.ndjson")]).await;
    assert_eq!((outcome.status, outcome.err.as_str()), (0, ""));
    let events = outcome.events();
    let expected = std::fs::read_to_string(data("python_compat/expected.json")).unwrap();
    let expected: Vec<Value> = serde_json::from_str(&expected).unwrap();
    assert_eq!(events.len(), expected.len());
    for (ours, theirs) in events.iter().zip(&expected) {
        assert_eq!(comparable(ours, ""), comparable(theirs, ""), "{}", theirs["event_id"]);
    }
}

#[tokio::test]
async fn the_comparison_covers_every_member_that_the_sdk_writes() {
    let mut found = BTreeSet::new();
    let expected = std::fs::read_to_string(data("python_compat/expected.json")).unwrap();
    for event in serde_json::from_str::<Vec<Value>>(&expected).unwrap() {
        paths(&event, "", &mut found);
    }
    let members = [
        (
            "",
            "event_name event_time event_source_url opt_out event_id data_processing_options \
             data_processing_options_country data_processing_options_state advanced_measurement_table referrer_url \
             user_data custom_data app_data action_source messaging_channel original_event_data attribution_data",
        ),
        (
            ".user_data",
            "em ph ge db ln fn ct st zp country external_id client_ip_address client_user_agent fbc fbp \
             subscription_id fb_login_id lead_id f5first f5last fi dobd dobm doby madid anon_id ctwa_clid page_id",
        ),
        (
            ".custom_data",
            "value net_revenue currency content_name content_category content_ids content_type order_id \
             predicted_ltv num_items status search_string item_number delivery_category contents",
        ),
        (
            ".app_data",
            "application_tracking_enabled advertiser_tracking_enabled campaign_ids consider_views \
             include_dwell_data include_video_data install_referrer installer_package receipt_data url_schemes \
             windows_attribution_id extinfo",
        ),
        (".original_event_data", "event_name event_time order_id event_id"),
    ];
    for (parent, names) in members {
        for name in names.split_whitespace() {
            assert!(found.contains(&format!("{parent}.{name}")), "{parent}.{name}");
        }
    }
}

#[tokio::test]
async fn the_policy_compat_gives_the_same_values_as_the_mode() {
    let file = data("python_compat/events.ndjson");
    let mode = program(&["--mode", "python-compat", &file]).await;
    let policy = program(&["--policy", "compat", &file]).await;
    assert_eq!(mode.events()[0]["user_data"], policy.events()[0]["user_data"]);
    let canonical = program(&[&file]).await;
    assert_ne!(mode.events()[0]["user_data"]["ln"], canonical.events()[0]["user_data"]["ln"]);
}
