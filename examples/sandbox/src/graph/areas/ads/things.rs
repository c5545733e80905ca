//! One campaign, ad set, ad, creative or video: reading, changing, deleting.

use http::Method;
use serde_json::{Value, json};

use super::super::super::{Call, Outcome, answer::GraphError, paging};
use super::{
    Kind, Thing, audiences, copies, creation,
    forms::{self, Form, Table},
    reader, rows,
    words::{BID_STRATEGIES, CATEGORIES, PREVIEWS, STATUSES},
    writer,
};

const CAMPAIGN: &Table = &[
    ("name", Form::Text),
    ("status", Form::Word(STATUSES)),
    ("special_ad_categories", Form::Words(CATEGORIES)),
    ("special_ad_category_country", Form::Json),
    ("daily_budget", Form::Money),
    ("lifetime_budget", Form::Money),
    ("spend_cap", Form::Money),
    ("bid_strategy", Form::Word(BID_STRATEGIES)),
    ("is_adset_budget_sharing_enabled", Form::Flag),
    ("start_time", Form::Moment),
    ("stop_time", Form::Moment),
];
const AD_SET: &Table = &[
    ("name", Form::Text),
    ("status", Form::Word(STATUSES)),
    ("daily_budget", Form::Money),
    ("lifetime_budget", Form::Money),
    ("bid_amount", Form::Integer),
    ("bid_strategy", Form::Word(BID_STRATEGIES)),
    ("targeting", Form::Json),
    ("promoted_object", Form::Json),
    ("start_time", Form::Moment),
    ("end_time", Form::Moment),
    ("dsa_beneficiary", Form::Text),
    ("dsa_payor", Form::Text),
    ("attribution_spec", Form::Json),
];
const AD: &Table = &[
    ("name", Form::Text),
    ("status", Form::Word(STATUSES)),
    ("creative", Form::Json),
    ("tracking_specs", Form::Json),
    ("conversion_domain", Form::Text),
];
const CREATIVE: &Table = &[("name", Form::Text), ("status", Form::Word(STATUSES))];
const VIDEO: &Table = &[("name", Form::Text), ("title", Form::Text), ("description", Form::Text)];

pub(super) fn route(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Outcome {
    let method = call.request.method.clone();
    let hidden = || GraphError::unsupported(&method, id);
    let thing = call.state.areas.ads.thing(id).cloned().ok_or_else(hidden)?;
    if thing.kind == Kind::Audience {
        return audiences::route(call, &thing, rest);
    }
    match rest {
        [] => match method {
            Method::GET => {
                reader(call)?;
                rows::node(call, &thing)
            }
            Method::POST => change(call, &thing),
            Method::DELETE => delete(call, &thing),
            _ => Err(hidden()),
        },
        ["copies"] if method == Method::POST => copies::copy(call, &thing),
        ["previews"] if method == Method::GET && matches!(thing.kind, Kind::Ad | Kind::Creative) => {
            preview(call, &thing)
        }
        [edge] => {
            let kind = match (thing.kind, *edge) {
                (Kind::Campaign, "adsets") => Kind::AdSet,
                (Kind::Campaign | Kind::AdSet, "ads") => Kind::Ad,
                _ => return Err(GraphError::unknown_path(rest)),
            };
            if method != Method::GET {
                return Err(hidden());
            }
            reader(call)?;
            rows::list(call, &format!("{id}/{edge}"), kind, |below| {
                below.parent.as_deref() == Some(id) || below.text("campaign_id") == id
            })
        }
        _ => Err(GraphError::unknown_path(rest)),
    }
}

/// What it looks like in one place.
fn preview(call: &mut Call<'_>, thing: &Thing) -> Outcome {
    reader(call)?;
    call.params.only(&["ad_format", "limit", "after", "before", "locale", "width", "height"])?;
    let format = call.params.required("ad_format")?;
    if !PREVIEWS.contains(&format.as_str()) {
        return Err(GraphError::parameter(format!(
            "Param ad_format must be one of {{{}}}",
            PREVIEWS.join(", ")
        )));
    }
    let address =
        format!("https://www.facebook.com/ads/api/preview_iframe.php?d={}&amp;t={format}", thing.id);
    let frame = format!("<iframe src=\"{address}\" width=\"540\" height=\"690\" scrolling=\"yes\"></iframe>");
    paging::page(call, &format!("{}/previews", thing.id), &[json!({"body": frame})])
}

fn change(call: &mut Call<'_>, thing: &Thing) -> Outcome {
    writer(call, thing.account)?;
    let (table, options): (&Table, &[&str]) = match thing.kind {
        Kind::Campaign => (CAMPAIGN, &["validate_only", "include_recommendations"]),
        Kind::AdSet => (AD_SET, &["validate_only", "include_recommendations"]),
        Kind::Ad => (AD, &["validate_only", "include_recommendations", "synchronous_ad_review"]),
        Kind::Creative => (CREATIVE, &["validate_only"]),
        Kind::Video => (VIDEO, &[]),
        Kind::Audience | Kind::Image => {
            return Err(GraphError::unsupported(&call.request.method, &thing.id));
        }
    };
    let mut sent = forms::read(call, table, &["execution_options"])?;
    match thing.text("status") {
        "DELETED" => return Err(GraphError::parameter("A deleted object cannot be changed.")),
        "ARCHIVED" => {
            let revives =
                sent.get("status").is_some_and(|status| status != "ARCHIVED" && status != "DELETED");
            if revives || sent.keys().any(|name| !matches!(name.as_str(), "status" | "name")) {
                let message = "An archived object can only be renamed or deleted.";
                return Err(GraphError::parameter(message));
            }
        }
        _ => {}
    }
    let mut merged = thing.fields.clone();
    // The other kind of budget goes when one is set, so that both in one call are still seen as a mistake.
    for (given, other) in [("daily_budget", "lifetime_budget"), ("lifetime_budget", "daily_budget")] {
        if sent.contains_key(given) && !sent.contains_key(other) {
            merged.remove(other);
        }
    }
    if thing.kind == Kind::Ad
        && let Some(creative) = sent.remove("creative")
    {
        sent.insert("creative".to_owned(), creation::creative_of_ad(call, thing.account, &creative)?);
    }
    merged.append(&mut sent);
    match thing.kind {
        Kind::Campaign => creation::check_campaign(&merged)?,
        Kind::AdSet => creation::check_ad_set(call, &merged)?,
        _ => {}
    }
    if forms::is_dry_run(call, options)? {
        return Ok(json!({"success": true}));
    }
    merged.insert("updated_time".to_owned(), rows::now(call));
    store(call, &thing.id, |known| known.fields = merged);
    Ok(json!({"success": true}))
}

fn delete(call: &mut Call<'_>, thing: &Thing) -> Outcome {
    writer(call, thing.account)?;
    call.params.only(&[])?;
    if thing.text("status") == "DELETED" {
        return Err(GraphError::unsupported(&call.request.method, &thing.id));
    }
    let in_use = call.state.areas.ads.things.iter().any(|ad| {
        let creative = ad.fields.get("creative").and_then(|creative| creative.get("id"));
        ad.kind == Kind::Ad
            && ad.text("status") != "DELETED"
            && creative.and_then(Value::as_str) == Some(&thing.id)
    });
    if in_use {
        return Err(GraphError::parameter("The creative cannot be deleted: an ad still shows it."));
    }
    let now = rows::now(call);
    store(call, &thing.id, |known| {
        known.fields.insert("status".to_owned(), json!("DELETED"));
        known.fields.insert("updated_time".to_owned(), now);
    });
    Ok(json!({"success": true}))
}

/// Changes what is held.
pub(super) fn store(call: &mut Call<'_>, id: &str, change: impl FnOnce(&mut Thing)) {
    if let Some(known) = call.state.areas.ads.things.iter_mut().find(|thing| thing.id == id) {
        change(known);
    }
}
