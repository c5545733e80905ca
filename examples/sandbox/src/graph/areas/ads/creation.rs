//! New campaigns, ad sets, creatives and ads, with what Meta checks.

use serde_json::{Map, Value, json};

use super::super::super::{Call, Outcome, answer::GraphError};
use super::{
    Kind, Thing,
    forms::{self, Form, Table},
    new_id, rows,
    words::{
        BID_STRATEGIES, BILLING_EVENTS, CATEGORIES, DESTINATIONS, EU, FIRST_STATUSES, GOALS, OBJECTIVES,
    },
};

const CAMPAIGN: &Table = &[
    ("name", Form::Text),
    ("objective", Form::Word(OBJECTIVES)),
    ("status", Form::Word(FIRST_STATUSES)),
    ("special_ad_categories", Form::Words(CATEGORIES)),
    ("special_ad_category_country", Form::Json),
    ("buying_type", Form::Word(&["AUCTION", "RESERVED"])),
    ("daily_budget", Form::Money),
    ("lifetime_budget", Form::Money),
    ("spend_cap", Form::Money),
    ("bid_strategy", Form::Word(BID_STRATEGIES)),
    ("is_adset_budget_sharing_enabled", Form::Flag),
    ("start_time", Form::Moment),
    ("stop_time", Form::Moment),
    ("promoted_object", Form::Json),
    ("adlabels", Form::Json),
];
const AD_SET: &Table = &[
    ("name", Form::Text),
    ("campaign_id", Form::Text),
    ("status", Form::Word(FIRST_STATUSES)),
    ("billing_event", Form::Word(BILLING_EVENTS)),
    ("optimization_goal", Form::Word(GOALS)),
    ("destination_type", Form::Word(DESTINATIONS)),
    ("daily_budget", Form::Money),
    ("lifetime_budget", Form::Money),
    ("bid_amount", Form::Integer),
    ("bid_strategy", Form::Word(BID_STRATEGIES)),
    ("bid_constraints", Form::Json),
    ("targeting", Form::Json),
    ("promoted_object", Form::Json),
    ("attribution_spec", Form::Json),
    ("frequency_control_specs", Form::Json),
    ("is_dynamic_creative", Form::Flag),
    ("start_time", Form::Moment),
    ("end_time", Form::Moment),
    ("dsa_beneficiary", Form::Text),
    ("dsa_payor", Form::Text),
    ("adlabels", Form::Json),
];
const AD: &Table = &[
    ("name", Form::Text),
    ("adset_id", Form::Text),
    ("creative", Form::Json),
    ("status", Form::Word(FIRST_STATUSES)),
    ("tracking_specs", Form::Json),
    ("conversion_domain", Form::Text),
    ("adlabels", Form::Json),
];
const CREATIVE: &Table = &[
    ("name", Form::Text),
    ("object_story_spec", Form::Json),
    ("object_story_id", Form::Text),
    ("source_instagram_media_id", Form::Text),
    ("instagram_user_id", Form::Text),
    ("asset_feed_spec", Form::Json),
    ("degrees_of_freedom_spec", Form::Json),
    ("url_tags", Form::Text),
    ("call_to_action", Form::Json),
    ("adlabels", Form::Json),
];

/// Whatever the edge is for.
pub(super) fn create(call: &mut Call<'_>, account: &'static str, kind: Kind) -> Outcome {
    let (table, options): (&Table, &[&str]) = match kind {
        Kind::Campaign => (CAMPAIGN, &["validate_only", "include_recommendations"]),
        Kind::AdSet => (AD_SET, &["validate_only", "include_recommendations"]),
        Kind::Ad => (AD, &["validate_only", "include_recommendations", "synchronous_ad_review"]),
        _ => (CREATIVE, &["validate_only"]),
    };
    let mut fields = forms::read(call, table, &["execution_options"])?;
    let mut parent = None;
    match kind {
        Kind::Campaign => {
            forms::need(&fields, &["name", "objective", "special_ad_categories"])?;
            check_campaign(&fields)?;
        }
        Kind::AdSet => {
            forms::need(
                &fields,
                &["name", "campaign_id", "billing_event", "optimization_goal", "targeting"],
            )?;
            check_ad_set(call, &fields)?;
            parent = fields.get("campaign_id").and_then(Value::as_str).map(str::to_owned);
        }
        Kind::Ad => {
            forms::need(&fields, &["name", "adset_id", "creative"])?;
            let ad_set = above(call, &fields, "adset_id", Kind::AdSet)?;
            parent = Some(ad_set.id.clone());
            let campaign = json!(ad_set.text("campaign_id"));
            fields.insert("campaign_id".to_owned(), campaign);
            let creative = fields.remove("creative").unwrap_or_default();
            fields.insert("creative".to_owned(), creative_of_ad(call, account, &creative)?);
        }
        _ => check_creative(call, account, &fields)?,
    }
    let is_dry = forms::is_dry_run(call, options)?;
    if is_dry {
        return Ok(json!({"success": true}));
    }
    if !fields.contains_key("status") {
        fields.insert("status".to_owned(), json!("ACTIVE"));
    }
    Ok(json!({"id": keep(call, account, kind, parent, fields)}))
}

/// Keeps a new thing and gives its id.
pub(super) fn keep(
    call: &mut Call<'_>,
    account: &'static str,
    kind: Kind,
    parent: Option<String>,
    mut fields: Map<String, Value>,
) -> String {
    let id = new_id(call, kind);
    let now = rows::now(call);
    fields.insert("created_time".to_owned(), now.clone());
    fields.insert("updated_time".to_owned(), now);
    let made = call.state.now_seconds();
    let thing = Thing { id: id.clone(), kind, account, parent, made, delivered: false, fields };
    call.state.areas.ads.things.push(thing);
    id
}

/// The thing that a field names.
fn above(call: &Call<'_>, fields: &Map<String, Value>, field: &str, kind: Kind) -> Result<Thing, GraphError> {
    let id = fields.get(field).and_then(Value::as_str).unwrap_or_default();
    let found = call
        .state
        .areas
        .ads
        .thing(id)
        .filter(|thing| thing.kind == kind && !matches!(thing.text("status"), "DELETED" | "ARCHIVED"));
    found.cloned().ok_or_else(|| GraphError::parameter(format!("Invalid parameter: {field}")))
}

pub(super) fn check_campaign(fields: &Map<String, Value>) -> Result<(), GraphError> {
    check_budget(fields, "stop_time")?;
    let has_budget = has(fields, "daily_budget") || has(fields, "lifetime_budget");
    if !has_budget && !has(fields, "is_adset_budget_sharing_enabled") && !has(fields, "created_time") {
        let error = GraphError::parameter("Invalid parameter");
        return Err(error.user_text(
            "Must specify True or False in is_adset_budget_sharing_enabled field",
            "If you are not using campaign budget you must specify whether ad sets share it.",
        ));
    }
    if !has_budget && has(fields, "bid_strategy") {
        return Err(GraphError::parameter("A bid strategy of a campaign needs a budget of the campaign."));
    }
    let categories = fields.get("special_ad_categories").and_then(Value::as_array);
    if categories.is_some_and(|list| list.len() > 1 && list.iter().any(|category| category == "NONE")) {
        return Err(GraphError::parameter("special_ad_categories: NONE cannot be combined."));
    }
    Ok(())
}

fn has(fields: &Map<String, Value>, name: &str) -> bool {
    fields.contains_key(name)
}

fn check_budget(fields: &Map<String, Value>, end: &str) -> Result<(), GraphError> {
    if has(fields, "daily_budget") && has(fields, "lifetime_budget") {
        return Err(GraphError::parameter("Send either daily_budget or lifetime_budget."));
    }
    if has(fields, "lifetime_budget") && !has(fields, end) {
        return Err(GraphError::parameter(format!("A lifetime_budget needs {end}.")));
    }
    let time = |name: &str| fields.get(name).and_then(Value::as_str);
    // Both are written the same way, so that the texts compare as the moments do.
    if let (Some(start), Some(end)) = (time("start_time"), time(end))
        && end <= start
    {
        return Err(GraphError::parameter("The end must be after the start."));
    }
    Ok(())
}

pub(super) fn check_ad_set(call: &mut Call<'_>, fields: &Map<String, Value>) -> Result<(), GraphError> {
    let campaign = above(call, fields, "campaign_id", Kind::Campaign)?;
    check_budget(fields, "end_time")?;
    let own = has(fields, "daily_budget") || has(fields, "lifetime_budget");
    let shared = ["daily_budget", "lifetime_budget"].iter().any(|name| has(&campaign.fields, name));
    if own && shared {
        let message = "Invalid parameter: the campaign has a budget, the ad set cannot have one too.";
        return Err(GraphError::parameter(message).subcode(1_885_621));
    }
    if !own && !shared {
        return Err(GraphError::parameter("A budget is needed: daily_budget or lifetime_budget."));
    }
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let strategy = text("bid_strategy").unwrap_or_else(|| campaign.text("bid_strategy"));
    let capped = matches!(strategy, "LOWEST_COST_WITH_BID_CAP" | "COST_CAP");
    let bid = fields.get("bid_amount").and_then(Value::as_i64);
    match bid {
        None if capped => return Err(GraphError::parameter("bid_amount is required for this bid strategy.")),
        Some(_) if strategy == "LOWEST_COST_WITHOUT_CAP" => {
            return Err(GraphError::parameter("bid_amount does not go with LOWEST_COST_WITHOUT_CAP."));
        }
        Some(amount) if amount <= 0 => {
            return Err(GraphError::parameter("Param bid_amount must be a positive amount."));
        }
        _ => {}
    }
    check_promoted(call, fields)?;
    check_targeting(call, fields)
}

/// Some goals are for a certain object.
fn check_promoted(call: &Call<'_>, fields: &Map<String, Value>) -> Result<(), GraphError> {
    let object = fields.get("promoted_object");
    let id = |name: &str| {
        let value = object.and_then(|object| object.get(name));
        value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    let world = &call.shared.config.world;
    let wanted = match fields.get("optimization_goal").and_then(Value::as_str) {
        Some("OFFSITE_CONVERSIONS" | "VALUE") => "pixel_id",
        Some("LEAD_GENERATION" | "QUALITY_LEAD" | "PAGE_LIKES") => "page_id",
        _ => "",
    };
    if !wanted.is_empty() && id(wanted).is_none() {
        return Err(GraphError::parameter(format!("This optimization_goal needs promoted_object.{wanted}.")));
    }
    let unknown_page = id("page_id").is_some_and(|id| !world.pages.iter().any(|page| page.id == id));
    let unknown_pixel = id("pixel_id").is_some_and(|id| !world.datasets.contains(&id));
    if unknown_page || unknown_pixel {
        return Err(GraphError::parameter("Invalid parameter: promoted_object names an unknown object."));
    }
    Ok(())
}

fn check_targeting(call: &mut Call<'_>, fields: &Map<String, Value>) -> Result<(), GraphError> {
    let targeting = fields.get("targeting").cloned().unwrap_or_default();
    let places = targeting.get("geo_locations").and_then(Value::as_object).cloned().unwrap_or_default();
    let audiences = targeting.get("custom_audiences").and_then(Value::as_array).cloned().unwrap_or_default();
    if places.is_empty() && audiences.is_empty() {
        return Err(GraphError::parameter("The targeting needs geo_locations or custom_audiences."));
    }
    for audience in &audiences {
        let id = audience.get("id").and_then(Value::as_str).unwrap_or_default();
        if !call.state.areas.ads.thing(id).is_some_and(|thing| thing.kind == Kind::Audience) {
            return Err(GraphError::parameter(format!("The targeting names an unknown audience: {id}")));
        }
    }
    let age = |name: &str| targeting.get(name).and_then(Value::as_i64);
    let (least, most) = (age("age_min").unwrap_or(18), age("age_max").unwrap_or(65));
    if !(13..=65).contains(&least) || !(13..=65).contains(&most) || least > most {
        return Err(GraphError::parameter("The ages of the targeting are out of range: 13 to 65."));
    }
    let countries = places.get("countries").and_then(Value::as_array).cloned().unwrap_or_default();
    let in_eu = countries.iter().filter_map(Value::as_str).any(|country| EU.contains(&country));
    if in_eu && !(has(fields, "dsa_beneficiary") && has(fields, "dsa_payor")) {
        let message = "Ads in the European Union need dsa_beneficiary and dsa_payor.";
        return Err(GraphError::parameter(message));
    }
    if targeting.pointer("/targeting_automation/advantage_audience").is_none() {
        // Meta decides then, and not the same everywhere.
        call.state.violation("advantage-audience-left-open", call.request);
    }
    Ok(())
}

/// The creative an ad names, or one made from what it holds.
pub(super) fn creative_of_ad(
    call: &mut Call<'_>,
    account: &'static str,
    given: &Value,
) -> Result<Value, GraphError> {
    let id = given.get("creative_id").or_else(|| given.get("id"));
    if let Some(id) = id {
        let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        let known = call.state.areas.ads.thing(&id);
        return match known {
            Some(known) if known.kind == Kind::Creative && known.text("status") != "DELETED" => {
                Ok(json!({"id": id}))
            }
            _ => Err(GraphError::parameter("Invalid parameter: the creative does not exist.")),
        };
    }
    let Value::Object(fields) = given else {
        return Err(GraphError::parameter("Param creative must be {creative_id} or a whole creative."));
    };
    check_creative(call, account, fields)?;
    let mut fields = fields.clone();
    fields.insert("status".to_owned(), json!("ACTIVE"));
    Ok(json!({"id": keep(call, account, Kind::Creative, None, fields)}))
}

fn check_creative(call: &Call<'_>, account: &str, fields: &Map<String, Value>) -> Result<(), GraphError> {
    let sources = ["object_story_spec", "object_story_id", "source_instagram_media_id", "asset_feed_spec"];
    if !sources.iter().any(|name| has(fields, name)) {
        return Err(GraphError::parameter("A creative needs object_story_spec, or a post that exists."));
    }
    let Some(spec) = fields.get("object_story_spec") else { return Ok(()) };
    let text = |path: &str| spec.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let world = &call.shared.config.world;
    if !world.pages.iter().any(|page| page.id == text("/page_id")) {
        return Err(GraphError::parameter("object_story_spec needs a page_id of a Page you may advertise."));
    }
    let kinds = ["link_data", "video_data", "photo_data", "text_data", "template_data"];
    let given = kinds.iter().filter(|name| spec.get(**name).is_some()).count();
    if given != 1 && !has(fields, "asset_feed_spec") {
        return Err(GraphError::parameter(
            "object_story_spec needs one of link_data, video_data, photo_data.",
        ));
    }
    if spec.get("link_data").is_some() && !text("/link_data/link").starts_with("http") {
        return Err(GraphError::parameter("link_data needs a link."));
    }
    let held = |kind: Kind, matches: &dyn Fn(&Thing) -> bool| {
        let mut things = call.state.areas.ads.things.iter();
        things.any(|thing| {
            thing.kind == kind
                && thing.account == account
                && thing.text("status") != "DELETED"
                && matches(thing)
        })
    };
    for path in ["/link_data/image_hash", "/video_data/image_hash", "/photo_data/image_hash"] {
        let hash = text(path);
        if !hash.is_empty() && !held(Kind::Image, &|image| image.text("hash") == hash) {
            return Err(GraphError::parameter("Invalid parameter: there is no image with this hash."));
        }
    }
    if spec.get("video_data").is_some() {
        if !held(Kind::Video, &|video| video.id == text("/video_data/video_id")) {
            return Err(GraphError::parameter(
                "Invalid parameter: video_data needs a video of this account.",
            ));
        }
        if text("/video_data/image_hash").is_empty() && text("/video_data/image_url").is_empty() {
            return Err(GraphError::parameter("video_data needs image_hash or image_url."));
        }
    }
    Ok(())
}
