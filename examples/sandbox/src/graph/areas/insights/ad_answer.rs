//! The rows of a report. All numbers are text, and what had no delivery has no row.

use serde_json::{Map, Value, json};

use super::super::super::Call;
use super::super::ads::{Kind, Thing};
use super::{ad_query::Plan, dates, figure, range};

/// The delivered things that the report has rows for.
pub(super) fn subjects<'a>(call: &'a Call<'_>, plan: &Plan) -> Vec<&'a Thing> {
    let held = &call.state.areas.ads;
    let kind = match plan.level.as_str() {
        "campaign" => Kind::Campaign,
        "adset" => Kind::AdSet,
        _ => Kind::Ad,
    };
    let below = |thing: &Thing| {
        let parent = thing.parent.as_deref().unwrap_or_default();
        let above = held.thing(parent).and_then(|parent| parent.parent.as_deref()).unwrap_or_default();
        thing.id == plan.object
            || thing.account == plan.object
            || parent == plan.object
            || above == plan.object
    };
    held.things.iter().filter(|thing| thing.kind == kind && thing.delivered && below(thing)).collect()
}

pub(super) fn rows(call: &Call<'_>, plan: &Plan) -> Vec<Value> {
    let mut subjects = subjects(call, plan);
    if plan.level == "account" {
        subjects.truncate(1);
    }
    let mut out = Vec::new();
    for (since, until) in &plan.spans {
        for thing in &subjects {
            let first_day = thing.made.div_euclid(range::DAY);
            if *until < first_day {
                continue;
            }
            for cell in cells(&plan.breakdowns) {
                out.push(row(call, plan, thing, ((*since).max(first_day), *until), &cell));
            }
        }
    }
    out
}

/// Two values of each breakdown.
fn cells(breakdowns: &[String]) -> Vec<Vec<(&str, &'static str)>> {
    let mut out = vec![Vec::new()];
    for name in breakdowns {
        let values = match name.as_str() {
            "age" => ["25-34", "35-44"],
            "gender" => ["female", "male"],
            "country" => ["US", "CA"],
            "region" => ["California", "New York"],
            "publisher_platform" => ["facebook", "instagram"],
            "platform_position" => ["feed", "story"],
            "device_platform" => ["mobile", "desktop"],
            "impression_device" => ["iphone", "android_smartphone"],
            _ => ["1", "2"],
        };
        out = out
            .into_iter()
            .flat_map(|cell: Vec<(&str, &'static str)>| {
                values.map(|value| {
                    let mut cell = cell.clone();
                    cell.push((name.as_str(), value));
                    cell
                })
            })
            .collect();
    }
    out
}

fn row(
    call: &Call<'_>,
    plan: &Plan,
    thing: &Thing,
    (since, until): (i64, i64),
    parts: &[(&str, &str)],
) -> Value {
    let days = until.saturating_sub(since).saturating_add(1);
    let part: String = parts.iter().map(|(_, value)| *value).collect();
    let impressions = figure(&format!("impressions{part}"), &thing.id, since) * 10 * days;
    let clicks = impressions / 20;
    let cents = impressions / 2;
    let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    let mut out = Map::new();
    let mut set = |name: &str, value: Value| {
        // Without fields only these are answered.
        let by_default = ["account_id", "campaign_id", "adset_id", "ad_id", "impressions", "spend"];
        let wanted = match plan.fields.as_slice() {
            [] => by_default.contains(&name),
            fields => fields.iter().any(|field| field == name),
        };
        if wanted {
            out.insert(name.to_owned(), value);
        }
    };
    set("account_id", json!(thing.account.trim_start_matches("act_")));
    set("account_currency", json!("EUR"));
    set("account_name", json!("Sandbox ads"));
    for (kind, id_name, text_name) in [
        (Kind::Campaign, "campaign_id", "campaign_name"),
        (Kind::AdSet, "adset_id", "adset_name"),
        (Kind::Ad, "ad_id", "ad_name"),
    ] {
        if plan.level == "account" {
            break;
        }
        if let Some(found) = up_to(call, thing, kind) {
            set(id_name, json!(found.id));
            set(text_name, json!(found.text("name")));
        }
    }
    for (name, number) in [
        ("impressions", impressions),
        ("reach", impressions * 2 / 3),
        ("clicks", clicks),
        ("unique_clicks", clicks * 3 / 4),
        ("inline_link_clicks", clicks / 2),
    ] {
        set(name, json!(number.to_string()));
    }
    set("spend", json!(money(cents)));
    set("cpc", json!(money(cents / clicks.max(1))));
    set("cpm", json!(money(cents * 1000 / impressions.max(1))));
    set("ctr", json!("5.000000"));
    set("frequency", json!("1.500000"));
    set("objective", json!("OUTCOME_TRAFFIC"));
    let mut action = Map::new();
    action.insert("action_type".to_owned(), json!("link_click"));
    action.insert("value".to_owned(), json!((clicks / 2).to_string()));
    for window in plan.windows.iter().filter(|window| *window != "default") {
        action.insert(window.clone(), json!((clicks / 4).to_string()));
    }
    set("actions", json!([action]));
    set(
        "cost_per_action_type",
        json!([{"action_type": "link_click", "value": money(cents / (clicks / 2).max(1))}]),
    );
    // The days and the breakdowns are there whether asked for or not.
    out.insert("date_start".to_owned(), json!(dates::date(since)));
    out.insert("date_stop".to_owned(), json!(dates::date(until)));
    for (name, value) in parts {
        out.insert((*name).to_owned(), json!(value));
    }
    Value::Object(out)
}

/// The thing itself, or what is above it, of this kind.
fn up_to<'a>(call: &'a Call<'_>, thing: &'a Thing, kind: Kind) -> Option<&'a Thing> {
    let mut at = thing;
    loop {
        if at.kind == kind {
            return Some(at);
        }
        at = call.state.areas.ads.thing(at.parent.as_deref()?)?;
    }
}
