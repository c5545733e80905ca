//! A thing as it is answered, and lists of things.

use serde_json::{Map, Value, json};

use super::super::super::{Call, Outcome, answer::GraphError, fields, paging};
use super::{Kind, Thing, fieldsets, words::EFFECTIVE};
use crate::clock::graph_time;

/// How long a new ad is under review, and a video or image is being worked on, in seconds.
const REVIEW: i64 = 2;

/// Filters and windows of the list edges; those without an effect here are accepted.
const LIST: &[&str] = &[
    "limit",
    "after",
    "before",
    "effective_status",
    "filtering",
    "date_preset",
    "time_range",
    "is_completed",
    "summary",
    "ad_draft_id",
    "ids",
    "hashes",
    "name",
    "pixel_id",
    "business_id",
];

/// Every field that has a value.
pub(super) fn whole(call: &Call<'_>, thing: &Thing) -> Map<String, Value> {
    let mut out = thing.fields.clone();
    let mut set = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    let id = match thing.kind {
        // The id of an image is its account and its hash.
        Kind::Image => format!("{}:{}", bare(thing.account), thing.text("hash")),
        _ => thing.id.clone(),
    };
    set("id", json!(id));
    set("account_id", json!(bare(thing.account)));
    match thing.kind {
        Kind::Campaign | Kind::AdSet | Kind::Ad => {
            set("configured_status", json!(thing.text("status")));
            set("effective_status", json!(effective(call, thing)));
        }
        Kind::Audience => {
            set("operation_status", json!({"code": 200, "description": "Normal"}));
            set("delivery_status", json!({"code": 200, "description": "This audience is ready for use."}));
        }
        Kind::Video => {
            let state = if is_worked_on(call, thing) { "processing" } else { "ready" };
            set("status", json!({"video_status": state}));
        }
        Kind::Creative | Kind::Image => {}
    }
    let things = &call.state.areas.ads;
    if thing.kind == Kind::Ad {
        set("preview_shareable_link", json!(format!("https://fb.me/{}", thing.id)));
        if let Some(ad_set) = thing.parent.as_deref().and_then(|id| things.thing(id)) {
            set("adset", json!({"id": ad_set.id, "name": ad_set.text("name")}));
            set("campaign", json!({"id": ad_set.text("campaign_id")}));
        }
    }
    if thing.kind == Kind::AdSet
        && let Some(campaign) = thing.parent.as_deref().and_then(|id| things.thing(id))
    {
        set("campaign", json!({"id": campaign.id, "name": campaign.text("name")}));
    }
    out
}

/// Whether a video is still being worked on, or an ad under review.
pub(super) fn is_worked_on(call: &Call<'_>, thing: &Thing) -> bool {
    call.state.now_seconds() < thing.made.saturating_add(REVIEW)
}

/// The number of an account without its prefix.
pub(super) fn bare(account: &str) -> &str {
    account.strip_prefix("act_").unwrap_or(account)
}

/// What really holds: a paused parent pauses what is below.
pub(super) fn effective(call: &Call<'_>, thing: &Thing) -> &'static str {
    let own = match thing.text("status") {
        "DELETED" => "DELETED",
        "ARCHIVED" => "ARCHIVED",
        "PAUSED" => "PAUSED",
        _ => "ACTIVE",
    };
    let parent = thing.parent.as_deref().and_then(|id| call.state.areas.ads.thing(id));
    if own != "ACTIVE" {
        return own;
    }
    match (thing.kind, parent.map(|parent| (parent, effective(call, parent)))) {
        (Kind::AdSet | Kind::Ad, Some((_, gone @ ("DELETED" | "ARCHIVED")))) => gone,
        (Kind::AdSet, Some((_, "PAUSED"))) | (Kind::Ad, Some((_, "CAMPAIGN_PAUSED"))) => "CAMPAIGN_PAUSED",
        (Kind::Ad, Some((_, "PAUSED"))) => "ADSET_PAUSED",
        (Kind::Ad, _) if is_worked_on(call, thing) => "PENDING_REVIEW",
        _ => "ACTIVE",
    }
}

/// The fields asked for.
pub(super) fn node(call: &Call<'_>, thing: &Thing) -> Outcome {
    let (name, known, default) = fieldsets::of(thing.kind);
    fields::select(call, name, &whole(call, thing), known, default)
}

/// A list; what is archived or deleted comes only when its state is asked for.
pub(super) fn list(call: &Call<'_>, path: &str, kind: Kind, belongs: impl Fn(&Thing) -> bool) -> Outcome {
    call.params.only(LIST)?;
    let wanted = call.params.list("effective_status")?;
    if let Some(unknown) = wanted.iter().flatten().find(|word| !EFFECTIVE.contains(&word.as_str())) {
        return Err(GraphError::parameter(format!(
            "Param effective_status must be one of {{{}}} - got {unknown}",
            EFFECTIVE.join(", ")
        )));
    }
    let filters = filters(call)?;
    let hashes = call.params.list("hashes")?;
    let mut rows = Vec::new();
    for thing in call.state.areas.ads.things.iter().filter(|thing| thing.kind == kind && belongs(thing)) {
        let all = whole(call, thing);
        let status = all.get("effective_status").and_then(Value::as_str).unwrap_or_default();
        let by_status = filters.iter().any(|filter| filter.field.ends_with("effective_status"));
        let shown = match &wanted {
            Some(wanted) => wanted.iter().any(|word| word == status),
            None => by_status || !matches!(thing.text("status"), "ARCHIVED" | "DELETED"),
        };
        let named = hashes.as_ref().is_none_or(|hashes| hashes.iter().any(|hash| hash == thing.text("hash")));
        if shown && named && filters.iter().all(|filter| filter.holds(&all)) {
            rows.push(node(call, thing)?);
        }
    }
    paging::page(call, path, &rows)
}

struct Filter {
    field: String,
    operator: String,
    value: Value,
}

const OPERATORS: &[&str] = &[
    "EQUAL",
    "NOT_EQUAL",
    "GREATER_THAN",
    "GREATER_THAN_OR_EQUAL",
    "LESS_THAN",
    "LESS_THAN_OR_EQUAL",
    "IN_RANGE",
    "NOT_IN_RANGE",
    "CONTAIN",
    "NOT_CONTAIN",
    "IN",
    "NOT_IN",
    "STARTS_WITH",
    "ENDS_WITH",
    "ANY",
    "ALL",
    "NONE",
    "AFTER",
    "BEFORE",
    "ON_OR_AFTER",
    "ON_OR_BEFORE",
    "TOP",
];

fn filters(call: &Call<'_>) -> Result<Vec<Filter>, GraphError> {
    let wrong = || GraphError::parameter("Param filtering must be an array of {field, operator, value}.");
    let Some(list) = call.params.structure("filtering")? else { return Ok(Vec::new()) };
    let list = list.as_array().ok_or_else(wrong)?;
    let mut out = Vec::new();
    for entry in list {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(wrong);
        let (field, operator) = (text("field")?, text("operator")?);
        if !OPERATORS.contains(&operator.as_str()) {
            return Err(GraphError::parameter(format!("Param filtering: unknown operator {operator}")));
        }
        out.push(Filter { field, operator, value: entry.get("value").cloned().ok_or_else(wrong)? });
    }
    Ok(out)
}

impl Filter {
    /// Operators without a meaning here let everything pass.
    fn holds(&self, fields: &Map<String, Value>) -> bool {
        let name = self.field.rsplit('.').next().unwrap_or_default();
        let found = plain(fields.get(name).unwrap_or(&Value::Null));
        let wanted = plain(&self.value);
        let many = || self.value.as_array().is_some_and(|list| list.iter().any(|one| plain(one) == found));
        let number = |text: &str| text.parse::<i64>().or_else(|_| moment(text));
        let order = || number(&found).ok().zip(number(&wanted).ok()).map(|(left, right)| left.cmp(&right));
        match self.operator.as_str() {
            "EQUAL" => found == wanted,
            "NOT_EQUAL" => found != wanted,
            "IN" | "ANY" => many(),
            "NOT_IN" | "NONE" => !many(),
            "CONTAIN" => found.to_lowercase().contains(&wanted.to_lowercase()),
            "NOT_CONTAIN" => !found.to_lowercase().contains(&wanted.to_lowercase()),
            "STARTS_WITH" => found.starts_with(&wanted),
            "GREATER_THAN" | "AFTER" => order().is_some_and(std::cmp::Ordering::is_gt),
            "GREATER_THAN_OR_EQUAL" | "ON_OR_AFTER" => order().is_some_and(std::cmp::Ordering::is_ge),
            "LESS_THAN" | "BEFORE" => order().is_some_and(std::cmp::Ordering::is_lt),
            "LESS_THAN_OR_EQUAL" | "ON_OR_BEFORE" => order().is_some_and(std::cmp::Ordering::is_le),
            _ => true,
        }
    }
}

fn moment(text: &str) -> Result<i64, ()> {
    super::super::insights::dates::moment(text).ok_or(())
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The moment as the API writes it.
pub(super) fn now(call: &Call<'_>) -> Value {
    json!(graph_time(call.state.now_seconds()))
}
