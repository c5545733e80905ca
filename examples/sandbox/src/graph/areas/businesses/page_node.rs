//! A Page itself: what it says about itself, and changing that.

use http::Method;
use serde_json::{Map, Value, json};

use super::super::super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted},
    fields as node_fields, object,
};
use crate::{token::Claims, world::FacebookPage};

/// Fields besides those that `me/accounts` has.
const MORE: &[&str] = &[
    "bio",
    "business_account_manager",
    "can_checkin",
    "can_post",
    "checkins",
    "company_overview",
    "contact_address",
    "cover",
    "current_location",
    "description",
    "display_subtext",
    "emails",
    "engagement",
    "founded",
    "general_info",
    "global_brand_page_name",
    "has_added_app",
    "has_whatsapp_business_number",
    "has_whatsapp_number",
    "hours",
    "is_community_page",
    "is_owned",
    "is_permanently_closed",
    "is_unclaimed",
    "is_verified",
    "location",
    "merchant_id",
    "messaging_feature_status",
    "mission",
    "new_like_count",
    "overall_star_rating",
    "page_token",
    "parent_page",
    "phone",
    "place_type",
    "privacy_info_url",
    "products",
    "promotion_eligible",
    "rating_count",
    "single_line_address",
    "supports_instant_articles",
    "talking_about_count",
    "unread_message_count",
    "unread_notif_count",
    "unseen_message_count",
    "user_access_expire_time",
    "website",
    "were_here_count",
];
/// What can be changed.
const WRITABLE: [&str; 13] = [
    "about",
    "bio",
    "company_overview",
    "description",
    "emails",
    "general_info",
    "hours",
    "location",
    "mission",
    "phone",
    "price_range",
    "privacy_info_url",
    "website",
];
/// Every field of a Page.
pub(super) fn fields() -> Vec<&'static str> {
    object::PAGE_FIELDS.iter().chain(MORE).copied().collect()
}

/// Every field that has a value.
pub(super) fn whole(call: &Call<'_>, page: &FacebookPage, claims: &Claims) -> Map<String, Value> {
    let world = &call.shared.config.world;
    let mut out = object::page_fields(call, page, claims);
    let mut set = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    let business = json!({"id": world.business.id, "name": super::BUSINESS_NAME});
    set("verification_status", json!("not_verified"));
    set("has_transitioned_to_new_page_experience", json!(true));
    set("promotion_eligible", json!(true));
    set("can_post", json!(true));
    set("new_like_count", json!(0));
    set("talking_about_count", json!(0));
    // Only with business_management is the owner told.
    if granted(call, claims, "business_management") {
        set("business", business.clone());
        set("owner_business", business);
    }
    if let Some(account) = super::super::instagram::linked_account(call, page, claims) {
        set("instagram_business_account", account.clone());
        set("connected_instagram_account", account);
    }
    if let Some(changed) = call.state.areas.businesses.pages.get(&page.id) {
        out.extend(changed.clone());
    }
    out
}

/// Reading the Page, or changing it.
pub(super) fn route(call: &mut Call<'_>, page: &str) -> Option<Outcome> {
    match call.request.method {
        // Whether leads may be read is told by the area of leads, with the other fields of the call.
        Method::GET if asks_about_leads(call) => None,
        Method::GET => Some(read(call, page)),
        Method::POST => Some(change(call, page)),
        _ => None,
    }
}

fn asks_about_leads(call: &Call<'_>) -> bool {
    let asked = call.params.text("fields").ok().flatten().unwrap_or_default();
    let names = node_fields::names(&asked).unwrap_or_default();
    names.iter().any(|name| *name == "has_lead_access" || name.starts_with("leadgen_tos_"))
}

fn read(call: &mut Call<'_>, id: &str) -> Outcome {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    let world = &call.shared.config.world;
    let hidden = || GraphError::unsupported(&call.request.method, id);
    let page = world.pages.iter().find(|page| page.id == id).ok_or_else(hidden)?;
    let claims = match &caller {
        Caller::User(claims)
            if world.has_pages(&claims.person) && granted(call, claims, "pages_show_list") =>
        {
            claims
        }
        Caller::Page { page, claims } if page == id => claims,
        _ => return Err(hidden()),
    };
    node_fields::select(call, "Page", &whole(call, page, claims), &fields(), &["name", "id"])
}

fn change(call: &mut Call<'_>, id: &str) -> Outcome {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    caller.page(call, id, &["pages_manage_metadata"])?;
    call.params.only(&WRITABLE)?;
    let mut changed = Map::new();
    for name in WRITABLE {
        let Some(value) = call.params.value(name) else { continue };
        let value = match name {
            "emails" | "hours" | "location" => call.params.structure(name)?.unwrap_or_default(),
            _ => value,
        };
        changed.insert(name.to_owned(), value);
    }
    if changed.is_empty() {
        return Err(GraphError::parameter("There is nothing to change."));
    }
    call.state.areas.businesses.pages.entry(id.to_owned()).or_default().extend(changed);
    Ok(json!({"success": true}))
}
