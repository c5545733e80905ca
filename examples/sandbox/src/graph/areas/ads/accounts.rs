//! The account itself and its edges.

use http::Method;
use serde_json::{Map, Value, json};

use super::super::super::{Call, Outcome, answer::GraphError, fields, paging};
use super::{AD_ACCOUNT, CLIENT_AD_ACCOUNT, Kind, audiences, creation, media, reader, rows, writer};

/// Fields of an ad account. Those without a value here are accepted and left out.
const FIELDS: &[&str] = &[
    "id",
    "account_id",
    "account_status",
    "age",
    "amount_spent",
    "balance",
    "business",
    "business_name",
    "capabilities",
    "created_time",
    "currency",
    "disable_reason",
    "end_advertiser",
    "end_advertiser_name",
    "funding_source",
    "funding_source_details",
    "is_personal",
    "is_prepay_account",
    "media_agency",
    "min_campaign_group_spend_cap",
    "min_daily_budget",
    "name",
    "owner",
    "owner_business",
    "partner",
    "spend_cap",
    "timezone_id",
    "timezone_name",
    "timezone_offset_hours_utc",
    "tos_accepted",
    "user_access_expire_time",
    "user_tasks",
    "user_tos_accepted",
];

pub(super) fn route(call: &mut Call<'_>, account: &'static str, rest: &[&str]) -> Outcome {
    let method = call.request.method.clone();
    let path = format!("{account}/{}", rest.join("/"));
    let kind = match rest {
        [] if method == Method::GET => {
            reader(call)?;
            return node(call, account);
        }
        ["subscribed_apps"] => return subscribed(call, account),
        ["adimages"] if method == Method::POST => return media::add_image(call, account),
        ["adimages"] if method == Method::DELETE => return media::remove_image(call, account),
        ["adimages"] => Kind::Image,
        ["advideos"] if method == Method::POST => return media::add_video(call, account),
        ["advideos"] => Kind::Video,
        ["customaudiences"] if method == Method::POST => return audiences::create(call, account),
        ["customaudiences"] => Kind::Audience,
        ["campaigns"] => Kind::Campaign,
        ["adsets"] => Kind::AdSet,
        ["ads"] => Kind::Ad,
        ["adcreatives"] => Kind::Creative,
        [] => return Err(GraphError::unsupported(&method, account)),
        _ => return Err(GraphError::unknown_path(rest)),
    };
    match method {
        Method::GET => {
            reader(call)?;
            rows::list(call, &path, kind, |thing| thing.account == account)
        }
        Method::POST => {
            writer(call, account)?;
            creation::create(call, account, kind)
        }
        _ => Err(GraphError::unsupported(&method, account)),
    }
}

/// The accounts of whoever calls; nobody reads those of another person.
pub(super) fn of_person(call: &mut Call<'_>, who: &str, edge: &str) -> Outcome {
    if call.request.method != Method::GET {
        return Err(GraphError::unsupported(&call.request.method, who));
    }
    let claims = super::super::businesses::person(call)?;
    if who != "me" && who != claims.person {
        return Err(GraphError::unsupported(&call.request.method, who));
    }
    let has_any = call.shared.config.world.has_pages(&claims.person);
    let accounts: &[&str] = match edge {
        _ if !has_any => &[],
        // Only a system user is given things one by one.
        "assigned_ad_accounts" => &[AD_ACCOUNT],
        _ => &[AD_ACCOUNT, CLIENT_AD_ACCOUNT],
    };
    if has_any {
        reader(call)?;
    }
    list(call, &format!("{who}/{edge}"), accounts)
}

/// A page of these accounts.
pub(super) fn list(call: &Call<'_>, path: &str, accounts: &[&str]) -> Outcome {
    call.params.only(&["limit", "after", "before", "search_query", "include_shared_ad_accounts"])?;
    let search = call.params.text("search_query")?.unwrap_or_default().to_lowercase();
    let mut out = Vec::new();
    for account in accounts {
        if name(account).to_lowercase().contains(&search) {
            out.push(node(call, account)?);
        }
    }
    paging::page(call, path, &out)
}

fn name(account: &str) -> &'static str {
    if account == AD_ACCOUNT { "Sandbox ads" } else { "Sandbox client ads" }
}

fn node(call: &Call<'_>, account: &str) -> Outcome {
    let business = &call.shared.config.world.business;
    let own = account == AD_ACCOUNT;
    let mut out = Map::new();
    let mut set = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    set("id", json!(account));
    set("account_id", json!(rows::bare(account)));
    set("name", json!(name(account)));
    set("account_status", json!(if own { 1 } else { 3 }));
    set("disable_reason", json!(0));
    set("currency", json!("EUR"));
    set("timezone_id", json!(47));
    set("timezone_name", json!("Europe/Berlin"));
    set("timezone_offset_hours_utc", json!(1));
    set("amount_spent", json!("123450"));
    set("balance", json!("1250"));
    set("spend_cap", json!("0"));
    set("min_daily_budget", json!(100));
    set("is_prepay_account", json!(false));
    set("created_time", json!("2024-01-15T09:00:00+0000"));
    set("capabilities", json!(["CAN_CREATE_CALL_ADS", "BULK_CHANGES_TO_ADS_ENABLED"]));
    set("tos_accepted", json!({"web_custom_audience_tos": 1}));
    let tasks: &[&str] = if own { &["MANAGE", "ADVERTISE", "ANALYZE", "DRAFT"] } else { &["ANALYZE"] };
    set("user_tasks", json!(tasks));
    if own {
        set("business", json!({"id": business.id, "name": super::super::businesses::BUSINESS_NAME}));
        set("owner", json!(business.id));
    }
    fields::select(call, "AdAccount", &out, FIELDS, &["id", "account_id"])
}

fn subscribed(call: &mut Call<'_>, account: &'static str) -> Outcome {
    let method = call.request.method.clone();
    if method == Method::GET {
        reader(call)?;
        let apps = call.state.areas.ads.subscribed.get(account).cloned().unwrap_or_default();
        let name = &call.shared.config.meta.name;
        let apps: Vec<_> = apps.into_iter().map(|id| json!({"id": id, "name": name})).collect();
        return paging::page(call, &format!("{account}/subscribed_apps"), &apps);
    }
    writer(call, account)?;
    call.params.only(&["app_id"])?;
    let own = call.shared.config.meta.id.clone();
    let app = call.params.text("app_id")?.unwrap_or_else(|| own.clone());
    if app != own {
        return Err(GraphError::parameter("Param app_id must be the app of this call."));
    }
    let apps = call.state.areas.ads.subscribed.entry(account.to_owned()).or_default();
    match method {
        Method::POST if !apps.contains(&app) => apps.push(app),
        Method::POST => {}
        Method::DELETE => apps.retain(|known| *known != app),
        _ => return Err(GraphError::unsupported(&method, account)),
    }
    Ok(json!({"success": true}))
}
