//! Objects by id: a Page, a post, a lead.

use serde_json::{Map, Value, json};

use super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted},
    feed, fields,
};
use crate::{
    token::{Claims, Kind},
    world::FacebookPage,
};

/// Fields of a Page. Those the sandbox has no value for are accepted and left out.
pub(crate) const PAGE_FIELDS: [&str; 22] = [
    "id",
    "name",
    "username",
    "category",
    "category_list",
    "access_token",
    "picture",
    "link",
    "about",
    "fan_count",
    "followers_count",
    "instagram_business_account",
    "connected_instagram_account",
    "has_transitioned_to_new_page_experience",
    "is_published",
    "verification_status",
    "business",
    "owner_business",
    "leadgen_tos_accepted",
    "has_lead_access",
    "is_webhooks_subscribed",
    "whatsapp_number",
];

/// Fields of a lead the sandbox knows.
const LEAD_FIELDS: [&str; 8] = [
    "id",
    "created_time",
    "form_id",
    "field_data",
    "ad_id",
    "is_organic",
    "platform",
    "custom_disclaimer_responses",
];

/// Whether a path part is an object id: digits, or two groups of them joined by an underscore.
pub(crate) fn looks_like_id(segment: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match segment.split_once('_') {
        Some((page, post)) => digits(page) && digits(post),
        None => digits(segment),
    }
}

/// The fields of a Page, with a token derived from the caller's.
pub(crate) fn page_fields(call: &Call<'_>, page: &FacebookPage, claims: &Claims) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("id".to_owned(), json!(page.id));
    out.insert("name".to_owned(), json!(page.name));
    out.insert("category".to_owned(), json!(page.category));
    out.insert("category_list".to_owned(), json!([{"id": "2500", "name": page.category}]));
    out.insert("link".to_owned(), json!(format!("https://www.facebook.com/{}", page.id)));
    out.insert("fan_count".to_owned(), json!(0));
    out.insert("followers_count".to_owned(), json!(0));
    out.insert("is_published".to_owned(), json!(true));
    out.insert("is_webhooks_subscribed".to_owned(), json!(call.state.subscriptions.contains_key(&page.id)));
    out.insert(
        "picture".to_owned(),
        json!({"data": {"url": "https://scontent.example.com/p.jpg", "is_silhouette": true}}),
    );
    if let Some(account) = super::areas::instagram::linked_account(call, page, claims) {
        out.insert("instagram_business_account".to_owned(), account);
    }
    if page.gives_token() {
        out.insert("access_token".to_owned(), json!(call.shared.signer.write(&page_claims(page, claims))));
    }
    out
}

/// The Page's token: as old as the user's, so that it dies with it; from a person's long-lived one it does not expire.
fn page_claims(page: &FacebookPage, parent: &Claims) -> Claims {
    let expires = match parent.kind {
        Kind::MetaUserShort | Kind::MetaSystemUser => parent.expires,
        Kind::MetaPage => return parent.clone(),
        _ => None,
    };
    Claims { kind: Kind::MetaPage, page: Some(page.id.clone()), expires, ..parent.clone() }
}

pub(crate) fn page(call: &Call<'_>, caller: &Caller, id: &str) -> Outcome {
    let world = &call.shared.config.world;
    let hidden = || GraphError::unsupported(&call.request.method, id);
    let page = world.pages.iter().find(|page| page.id == id).ok_or_else(hidden)?;
    let claims = match caller {
        Caller::User(claims)
            if world.has_pages(&claims.person) && granted(call, claims, "pages_show_list") =>
        {
            claims
        }
        Caller::Page { page, claims } if page == id => claims,
        _ => return Err(hidden()),
    };
    fields::select(call, "Page", &page_fields(call, page, claims), &PAGE_FIELDS, &["name", "id"])
}

/// A post of the Page whose token is used, or a lead.
pub(crate) fn read(call: &Call<'_>, caller: &Caller, id: &str) -> Outcome {
    let hidden = || GraphError::unsupported(&call.request.method, id);
    if let Some(post) = call.state.posts.iter().find(|post| post.id == id && !post.deleted) {
        caller.page(call, &post.page_id, &["pages_read_engagement"])?;
        return feed::select(call, post);
    }
    let lead = call.state.leads.get(id).ok_or_else(hidden)?;
    let claims = match caller {
        Caller::User(claims) => claims,
        Caller::Page { page, claims } if *page == lead.page_id => claims,
        _ => return Err(hidden()),
    };
    if !granted(call, claims, "leads_retrieval") {
        return Err(GraphError::permission("Requires leads_retrieval permission to manage the object"));
    }
    let mut fields = Map::new();
    fields.insert("id".to_owned(), json!(id));
    fields.insert("created_time".to_owned(), json!(crate::clock::graph_time(lead.created_at)));
    fields.insert("form_id".to_owned(), json!(lead.form_id));
    fields.insert("is_organic".to_owned(), json!(true));
    fields.insert("platform".to_owned(), json!("fb"));
    fields.insert("field_data".to_owned(), lead.answers.clone());
    fields::select(call, "UserLeadGenInfo", &fields, &LEAD_FIELDS, &["created_time", "id", "field_data"])
}
