//! Businesses and what they own; the Pages themselves; where an app's webhooks go.

mod page_node;
mod people;
mod subscriptions;

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value, json};

use self::people::SystemUser;
use super::super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted},
    fields, object, paging,
};
use super::ads;
use crate::token::Claims;

/// Name of the business.
pub(crate) const BUSINESS_NAME: &str = "Sandbox portfolio";
/// A Page of another business, which has let this one work on it.
pub(crate) const CLIENT_PAGE: &str = "102030405060711";
/// A Page whose business has not answered yet.
pub(crate) const PENDING_PAGE: &str = "102030405060712";

const FIELDS: &[&str] = &[
    "id",
    "block_offline_analytics",
    "created_by",
    "created_time",
    "is_hidden",
    "link",
    "name",
    "primary_page",
    "profile_picture_uri",
    "timezone_id",
    "two_factor_type",
    "updated_by",
    "updated_time",
    "user_access_expire_time",
    "verification_status",
    "vertical",
    "vertical_id",
];
const INSTAGRAM_FIELDS: &[&str] = &[
    "id",
    "ig_id",
    "username",
    "name",
    "biography",
    "followers_count",
    "follows_count",
    "media_count",
    "profile_picture_url",
    "profile_pic",
    "website",
    "is_private",
    "is_published",
    "has_profile_picture",
    "follow_count",
    "followed_by_count",
    "legacy_instagram_user_id",
];
const WHATSAPP_FIELDS: &[&str] = &[
    "id",
    "name",
    "currency",
    "timezone_id",
    "message_template_namespace",
    "account_review_status",
    "business_verification_status",
    "ownership_type",
    "country",
    "status",
    "owner_business_info",
    "on_behalf_of_business_info",
];

/// What the platform holds of it.
#[derive(Debug, Default)]
pub(crate) struct Held {
    system_users: Vec<SystemUser>,
    /// What was changed about each Page.
    pages: BTreeMap<String, Map<String, Value>>,
    subscriptions: BTreeMap<String, subscriptions::Subscription>,
}

/// Answers the call if it is one of these.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    let world = &call.shared.config.world;
    let is_me =
        |who: &str| who == "me" || world.facebook_user(who).is_some() || who == world.business.system_user;
    match path {
        [who, "businesses"] if is_me(who) => Some(of_person(call, who)),
        [who, "assigned_pages"] if is_me(who) => Some(assigned_pages(call, who)),
        // Tokens of system users are played with the logins.
        [id, "system_user_access_tokens"] if *id == world.business.id => None,
        [id, rest @ ..] if *id == world.business.id => Some(of_business(call, rest)),
        [app, "subscriptions"] if *app == call.shared.config.meta.id => Some(subscriptions::route(call)),
        [page] if world.pages.iter().any(|known| known.id == *page) => page_node::route(call, page),
        _ => None,
    }
}

/// The person or system user who calls.
pub(crate) fn person(call: &mut Call<'_>) -> Result<Claims, GraphError> {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token_for_me)?;
    Ok(caller.user()?.clone())
}

fn of_person(call: &mut Call<'_>, who: &str) -> Outcome {
    let claims = person(call)?;
    if call.request.method != Method::GET || (who != "me" && who != claims.person) {
        return Err(GraphError::unsupported(&call.request.method, who));
    }
    require(call, &claims, &["business_management"])?;
    call.params.only(&["limit", "after", "before"])?;
    let has_it = call.shared.config.world.has_pages(&claims.person);
    let rows = if has_it { vec![node(call)?] } else { Vec::new() };
    paging::page(call, &format!("{who}/businesses"), &rows)
}

fn require(call: &Call<'_>, claims: &Claims, permissions: &[&str]) -> Result<(), GraphError> {
    match permissions.iter().find(|permission| !granted(call, claims, permission)) {
        Some(missing) => {
            Err(GraphError::permission(format!("Requires {missing} permission to manage the object")))
        }
        None => Ok(()),
    }
}

fn node(call: &Call<'_>) -> Outcome {
    let world = &call.shared.config.world;
    let mut out = Map::new();
    let mut set = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    set("id", json!(world.business.id));
    set("name", json!(BUSINESS_NAME));
    set("verification_status", json!("verified"));
    set("timezone_id", json!(47));
    set("two_factor_type", json!("admin_required"));
    set("created_time", json!("2024-01-10T09:00:00+0000"));
    set("link", json!(format!("https://www.facebook.com/{}", world.business.id)));
    set("vertical", json!("RETAIL"));
    if let Some(page) = world.pages.first() {
        set("primary_page", json!({"id": page.id, "name": page.name}));
    }
    fields::select(call, "Business", &out, FIELDS, &["id", "name"])
}

fn of_business(call: &mut Call<'_>, rest: &[&str]) -> Outcome {
    let method = call.request.method.clone();
    let business = call.shared.config.world.business.clone();
    let claims = person(call)?;
    if !call.shared.config.world.has_pages(&claims.person) {
        return Err(GraphError::unsupported(&method, &business.id));
    }
    require(call, &claims, &["business_management"])?;
    let edge = match rest {
        [] if method == Method::GET => return node(call),
        ["system_users"] if method == Method::POST => return people::create(call, &claims),
        [edge] => *edge,
        [] => return Err(GraphError::unsupported(&method, &business.id)),
        _ => return Err(GraphError::unknown_path(rest)),
    };
    let path = format!("{}/{edge}", business.id);
    let known = [
        "owned_pages",
        "client_pages",
        "pending_client_pages",
        "owned_ad_accounts",
        "client_ad_accounts",
        "owned_instagram_accounts",
        "instagram_accounts",
        "owned_whatsapp_business_accounts",
        "client_whatsapp_business_accounts",
        "system_users",
        "business_users",
    ];
    if !known.contains(&edge) {
        return Err(GraphError::unknown_path(rest));
    }
    if method != Method::GET {
        return Err(GraphError::unsupported(&method, &business.id));
    }
    match edge {
        "owned_ad_accounts" => {
            ads::reader(call)?;
            ads::list_accounts(call, &path, &[ads::AD_ACCOUNT])
        }
        "client_ad_accounts" => {
            ads::reader(call)?;
            ads::list_accounts(call, &path, &[ads::CLIENT_AD_ACCOUNT])
        }
        _ => {
            call.params.only(&["limit", "after", "before"])?;
            let rows = rows(call, &claims, edge)?;
            paging::page(call, &path, &rows)
        }
    }
}

fn rows(call: &mut Call<'_>, claims: &Claims, edge: &str) -> Result<Vec<Value>, GraphError> {
    let world = &call.shared.config.world;
    match edge {
        "owned_pages" => {
            require(call, claims, &["pages_show_list"])?;
            own_pages(call, claims)
        }
        "client_pages" => {
            require(call, claims, &["pages_show_list"])?;
            // A client's Page comes without a token.
            let page = json!({"id": CLIENT_PAGE, "name": "Sandbox client", "category": "Cafe"});
            selected(call, "Page", vec![page], &object::PAGE_FIELDS, &["name", "id"])
        }
        "pending_client_pages" => {
            let page = json!({"id": PENDING_PAGE, "page": {"id": PENDING_PAGE, "name": "Sandbox waiting"}});
            selected(call, "BusinessPageRequest", vec![page], &["id", "page"], &["id", "page"])
        }
        "owned_instagram_accounts" | "instagram_accounts" => {
            require(call, claims, &["instagram_basic"])?;
            let account = |known: &crate::world::InstagramAccount| {
                json!({
                    "id": known.user_id, "username": known.username, "name": known.name, "followers_count": 120,
                    "follows_count": 12, "media_count": 0, "is_private": false, "is_published": true,
                })
            };
            let accounts = world.instagram.first().map(account).into_iter().collect();
            selected(call, "InstagramUser", accounts, INSTAGRAM_FIELDS, &["id"])
        }
        "owned_whatsapp_business_accounts" => {
            require(call, claims, &["whatsapp_business_management"])?;
            let account = json!({
                "id": world.business.whatsapp_account, "name": "Sandbox WhatsApp", "currency": "EUR",
                "timezone_id": "47", "message_template_namespace": "sandbox_namespace",
                "account_review_status": "APPROVED", "business_verification_status": "verified",
                "ownership_type": "SELF",
            });
            let default = ["id", "name", "currency", "timezone_id", "message_template_namespace"];
            selected(call, "WhatsAppBusinessAccount", vec![account], WHATSAPP_FIELDS, &default)
        }
        "client_whatsapp_business_accounts" => {
            require(call, claims, &["whatsapp_business_management"])?;
            Ok(Vec::new())
        }
        "system_users" => people::system_users(call),
        _ => people::business_users(call),
    }
}

fn selected(
    call: &Call<'_>,
    kind: &str,
    rows: Vec<Value>,
    known: &[&str],
    default: &[&str],
) -> Result<Vec<Value>, GraphError> {
    let mut out = Vec::new();
    for row in rows {
        let Value::Object(row) = row else { continue };
        out.push(fields::select(call, kind, &row, known, default)?);
    }
    Ok(out)
}

fn own_pages(call: &Call<'_>, claims: &Claims) -> Result<Vec<Value>, GraphError> {
    let mut out = Vec::new();
    for page in &call.shared.config.world.pages {
        let all = page_node::whole(call, page, claims);
        out.push(fields::select(call, "Page", &all, &page_node::fields(), &["name", "id"])?);
    }
    Ok(out)
}

/// The Pages a system user was given.
fn assigned_pages(call: &mut Call<'_>, who: &str) -> Outcome {
    let claims = person(call)?;
    let system_user = call.shared.config.world.business.system_user.clone();
    let is_own = who == "me" || who == claims.person;
    // The edge is a system user's; somebody of the business may look too.
    let may_look = who == system_user && call.shared.config.world.has_pages(&claims.person);
    if call.request.method != Method::GET || !(is_own || may_look) {
        return Err(GraphError::unsupported(&call.request.method, who));
    }
    require(call, &claims, &["pages_show_list"])?;
    call.params.only(&["limit", "after", "before", "pages"])?;
    let is_system_user = who == system_user || claims.person == system_user;
    let mut rows = Vec::new();
    if is_system_user {
        for page in &call.shared.config.world.pages {
            let mut all = page_node::whole(call, page, &claims);
            all.insert("tasks".to_owned(), json!(page.tasks));
            let mut known = page_node::fields();
            known.push("tasks");
            rows.push(fields::select(call, "Page", &all, &known, &["name", "id"])?);
        }
    }
    paging::page(call, &format!("{who}/assigned_pages"), &rows)
}
