//! The things that are in the ad account from the start: a campaign that has run for a while.

use serde_json::{Map, Value, json};

use super::{AD, AD_ACCOUNT, AD_SET, CAMPAIGN, CREATIVE, Kind, Thing};
use crate::clock::{graph_time, wall_millis};

/// How long the campaign has run, in seconds: half a year.
const AGE: i64 = 180 * 86_400;

pub(super) fn things() -> Vec<Thing> {
    let made = wall_millis().div_euclid(1000).saturating_sub(AGE);
    let since = graph_time(made);
    let thing = |id: &str, kind, parent: Option<&str>, fields: Value| Thing {
        id: id.to_owned(),
        kind,
        account: AD_ACCOUNT,
        parent: parent.map(str::to_owned),
        made,
        delivered: true,
        fields: with_times(fields, &since),
    };
    vec![
        thing(
            CAMPAIGN,
            Kind::Campaign,
            None,
            json!({
                "name": "Sandbox campaign", "objective": "OUTCOME_TRAFFIC", "status": "ACTIVE",
                "special_ad_categories": [], "daily_budget": "2000", "budget_remaining": "1250",
                "bid_strategy": "LOWEST_COST_WITHOUT_CAP", "buying_type": "AUCTION", "start_time": since,
            }),
        ),
        thing(
            AD_SET,
            Kind::AdSet,
            Some(CAMPAIGN),
            json!({
                "name": "Sandbox ad set", "campaign_id": CAMPAIGN, "status": "ACTIVE",
                "billing_event": "IMPRESSIONS", "optimization_goal": "LINK_CLICKS", "start_time": since,
                "targeting": {"geo_locations": {"countries": ["US"]}},
            }),
        ),
        thing(
            CREATIVE,
            Kind::Creative,
            None,
            json!({
                "name": "Sandbox creative", "status": "ACTIVE", "object_story_id": "102030405060701_900000000000001",
                "effective_object_story_id": "102030405060701_900000000000001",
            }),
        ),
        thing(
            AD,
            Kind::Ad,
            Some(AD_SET),
            json!({
                "name": "Sandbox ad", "adset_id": AD_SET, "campaign_id": CAMPAIGN, "status": "ACTIVE",
                "creative": {"id": CREATIVE},
            }),
        ),
    ]
}

fn with_times(fields: Value, since: &str) -> Map<String, Value> {
    let Value::Object(mut fields) = fields else { return Map::new() };
    fields.insert("created_time".to_owned(), json!(since));
    fields.insert("updated_time".to_owned(), json!(since));
    fields
}
