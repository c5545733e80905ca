//! Leads: of a form, of an ad, and one by its id.

use serde_json::{Map, Value, json};

use super::{
    super::{
        super::{
            Call, Outcome,
            answer::GraphError,
            caller::{Caller, granted},
            fields, paging,
        },
        ads::{AD_SET, CAMPAIGN},
    },
    AD, FORM, RETENTION, first_page, forms,
};
use crate::{clock::graph_time, token::Claims};

const FIELDS: [&str; 20] = [
    "id",
    "created_time",
    "field_data",
    "custom_disclaimer_responses",
    "form_id",
    "ad_id",
    "ad_name",
    "adset_id",
    "adset_name",
    "campaign_id",
    "campaign_name",
    "is_organic",
    "platform",
    "partner_name",
    "retailer_item_id",
    "post",
    "home_listing",
    "vehicle",
    "post_submission_check_result",
    "rejection_reason",
];
const READING: [&str; 4] =
    ["leads_retrieval", "pages_manage_ads", "pages_read_engagement", "pages_show_list"];

/// A lead that did not come through a webhook.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) form: String,
    /// Unix seconds.
    pub(super) at: i64,
    pub(super) of_ad: bool,
    /// Made by hand to try the form.
    pub(super) is_test: bool,
    pub(super) answers: Value,
    pub(super) disclaimer: Value,
}

impl Record {
    /// A lead of before the start.
    pub(super) fn furnished(at: i64, of_ad: bool) -> Self {
        let answers = json!([
            {"name": "full_name", "values": ["Hedy Visitor"]},
            {"name": "email", "values": ["hedy@example.com"]},
            {"name": "phone_number", "values": ["+4915112345679"]},
        ]);
        let disclaimer = json!([{"checkbox_key": "newsletter", "is_checked": "1"}]);
        Self { form: FORM.to_owned(), at, of_ad, is_test: false, answers, disclaimer }
    }
}

/// A lead, however it came in.
fn record(call: &Call<'_>, id: &str) -> Option<Record> {
    if let Some(record) = call.state.areas.leads.leads.get(id) {
        return Some(record.clone());
    }
    call.state.leads.get(id).map(|lead| Record {
        form: lead.form_id.clone(),
        at: lead.created_at,
        of_ad: false,
        is_test: false,
        answers: lead.answers.clone(),
        disclaimer: json!([]),
    })
}

/// The Page a lead belongs to.
fn page_of(call: &Call<'_>, id: &str, record: &Record) -> String {
    if let Some(lead) = call.state.leads.get(id) {
        return lead.page_id.clone();
    }
    let form = call.state.areas.leads.forms.get(&record.form);
    form.map_or_else(|| first_page(call), |form| form.page(call)).to_owned()
}

pub(super) fn read(call: &mut Call<'_>, caller: &Caller, id: &str) -> Outcome {
    let call = &*call;
    let hidden = || GraphError::unsupported(&call.request.method, id);
    let record = record(call, id).ok_or_else(hidden)?;
    let claims = match caller {
        Caller::User(claims) => claims,
        Caller::Page { page, claims } if *page == page_of(call, id, &record) => claims,
        _ => return Err(hidden()),
    };
    if !granted(call, claims, "leads_retrieval") {
        return Err(GraphError::permission("Requires leads_retrieval permission to manage the object"));
    }
    if call.state.now_seconds() - record.at > RETENTION {
        return Err(hidden());
    }
    select(call, claims, id, &record)
}

pub(super) fn of_form(call: &mut Call<'_>, caller: &Caller, form: &str) -> Outcome {
    let call = &*call;
    let page = forms::find(call, caller, form, &READING)?.page(call).to_owned();
    let claims = caller.page(call, &page, &[])?;
    let own = |id: &str, record: &Record| record.form == form && page_of(call, id, record) == page;
    listed(call, claims, &format!("{form}/leads"), own)
}

pub(super) fn of_ad(call: &mut Call<'_>, caller: &Caller, ad: &str) -> Outcome {
    let call = &*call;
    let claims = match caller {
        Caller::User(claims) => claims,
        Caller::Page { page, claims } if page == first_page(call) => claims,
        _ => return Err(GraphError::unsupported(&call.request.method, ad)),
    };
    for permission in READING.into_iter().chain(["ads_management"]) {
        if !granted(call, claims, permission) {
            let message = format!("Requires {permission} permission to manage the object");
            return Err(GraphError::permission(message));
        }
    }
    listed(call, claims, &format!("{ad}/leads"), |_, record| record.of_ad && ad == AD)
}

/// The leads that can still be read, newest first.
fn listed(call: &Call<'_>, claims: &Claims, path: &str, wanted: impl Fn(&str, &Record) -> bool) -> Outcome {
    let filters = filters(call)?;
    let now = call.state.now_seconds();
    let ids = call.state.areas.leads.leads.keys().chain(call.state.leads.keys());
    let mut found: Vec<(&String, Record)> = ids.filter_map(|id| Some((id, record(call, id)?))).collect();
    found.retain(|(id, record)| {
        wanted(id, record)
            && now - record.at <= RETENTION
            && filters.iter().all(|(operator, value)| passes(operator, record.at, *value))
    });
    found.sort_by_key(|(_, record)| std::cmp::Reverse(record.at));
    let items = found.iter().map(|(id, record)| select(call, claims, id, record));
    paging::page(call, path, &items.collect::<Result<Vec<_>, _>>()?)
}

fn passes(operator: &str, at: i64, value: i64) -> bool {
    match operator {
        "GREATER_THAN" => at > value,
        "GREATER_THAN_OR_EQUAL" => at >= value,
        "LESS_THAN" => at < value,
        _ => at <= value,
    }
}

/// The parameter `filtering`: operators and unix seconds.
fn filters(call: &Call<'_>) -> Result<Vec<(String, i64)>, GraphError> {
    let Some(filters) = call.params.structure("filtering")? else { return Ok(Vec::new()) };
    let wrong = || {
        GraphError::parameter(
            "Param filtering must be an array of {field: time_created, operator, value} with unix seconds.",
        )
    };
    let mut out = Vec::new();
    for filter in filters.as_array().ok_or_else(wrong)? {
        let text = |name: &str| filter.get(name).and_then(Value::as_str).unwrap_or_default();
        let operator = text("operator");
        let known =
            matches!(operator, "GREATER_THAN" | "GREATER_THAN_OR_EQUAL" | "LESS_THAN" | "LESS_THAN_OR_EQUAL");
        let value = filter.get("value").and_then(|value| match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        });
        match value {
            Some(value) if known && text("field") == "time_created" => out.push((operator.to_owned(), value)),
            _ => return Err(wrong()),
        }
    }
    Ok(out)
}

pub(super) fn select(call: &Call<'_>, claims: &Claims, id: &str, record: &Record) -> Outcome {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("id", json!(id));
    put("created_time", json!(graph_time(record.at)));
    put("form_id", json!(record.form));
    put("is_organic", json!(!record.of_ad));
    put("platform", json!(if record.of_ad { "ig" } else { "fb" }));
    put("field_data", record.answers.clone());
    put("custom_disclaimer_responses", record.disclaimer.clone());
    // Who may not see the ads does not see which one it was.
    if record.of_ad && granted(call, claims, "ads_management") {
        for (kind, thing) in [("ad", AD), ("adset", AD_SET), ("campaign", CAMPAIGN)] {
            put(&format!("{kind}_id"), json!(thing));
            let name = call.state.areas.ads.thing(thing).map(|thing| thing.text("name"));
            put(&format!("{kind}_name"), json!(name));
        }
    }
    fields::select(call, "UserLeadGenInfo", &object, &FIELDS, &["created_time", "id", "field_data"])
}
