//! Members, for mentions: by id, by the beginning of a name, by the address of the profile (LinkedIn: People Typeahead API).

use axum::response::Response;
use serde_json::{Value, json};

use super::{
    super::super::{
        answer::{ApiError, batch, entity},
        api::{Call, collection, expect_method},
        me, organizations,
        restli::Element,
    },
    compound_key, sees_pages,
};
use crate::world::LinkedInMember;

/// Most members one search by name gives.
const MOST: usize = 10;
/// Roles that may look for followers.
const ROLES: [&str; 2] = ["ADMINISTRATOR", "DIRECT_SPONSORED_CONTENT_POSTER"];

/// Everyone there is: who can log in, and the member who comments.
fn everyone(call: &Call<'_>) -> Vec<LinkedInMember> {
    let visitor = LinkedInMember {
        id: "sbx-Visitor_1".to_owned(),
        given_name: "Vera".to_owned(),
        family_name: "Visitor".to_owned(),
        email: "vera@example.com".to_owned(),
    };
    call.shared.config.world.linkedin_members().cloned().chain([visitor]).collect()
}

/// Who follows the organizations of this world: everyone but the member who runs them.
fn followers(call: &Call<'_>) -> impl Iterator<Item = LinkedInMember> {
    let first = call.shared.config.world.member.id.clone();
    everyone(call).into_iter().filter(move |member| member.id != first)
}

fn permit(call: &Call<'_>, method: &str) -> Result<(), ApiError> {
    if call.claims.has_scope("r_basicprofile") || sees_pages(call) {
        return Ok(());
    }
    Err(ApiError::denied("people", method, Some(&call.version)))
}

/// `GET /people/(id:…)`.
pub(super) fn one(call: &mut Call<'_>, key: &str) -> Result<Response, ApiError> {
    expect_method(call, "get")?;
    call.query.only(&[])?;
    let [id] = compound_key(key, ["id"])?;
    permit(call, "GET")?;
    let member = everyone(call).into_iter().find(|member| member.id == id).ok_or_else(ApiError::not_found)?;
    Ok(entity(call.state, &me::represent(&member)))
}

/// `GET /people?ids=List((id:…))`.
pub(super) fn many(call: &mut Call<'_>) -> Result<Response, ApiError> {
    expect_method(call, "batch_get")?;
    call.query.only(&["ids"])?;
    let invalid = || ApiError::illegal_argument("Parameter 'ids' is invalid");
    let keys = call.query.element("ids")?.ok_or_else(ApiError::method_not_allowed)?;
    let id = |key: &Element| match key {
        Element::Record(fields) if fields.len() == 1 => fields.get("id")?.as_text().map(str::to_owned),
        _ => None,
    };
    let ids = keys.as_list().and_then(|keys| keys.iter().map(id).collect::<Option<Vec<_>>>());
    let ids = ids.ok_or_else(invalid)?;
    permit(call, "BATCH_GET")?;
    let everyone = everyone(call);
    let fate = |id: &str| {
        let found = everyone.iter().find(|member| member.id == id);
        found.map(me::represent).ok_or_else(ApiError::not_found)
    };
    let fates = ids.iter().map(|id| (format!("(id:{id})"), fate(id))).collect();
    Ok(batch(call.state, fates))
}

fn may_search(call: &Call<'_>, resource: &str, finder: &str) -> Result<(), ApiError> {
    let organization = call.query.text("organization")?;
    let fits = organization
        .is_none_or(|urn| organizations::role(call, &urn).is_some_and(|role| ROLES.contains(&role)));
    if fits && call.claims.has_scope("r_organization_followers") {
        return Ok(());
    }
    Err(ApiError::denied(resource, &format!("FINDER-{finder}"), Some(&call.version)))
}

/// `GET /peopleTypeahead?q=organizationFollowers&organization=…&keywords=…`.
pub(super) fn typeahead(call: &mut Call<'_>) -> Result<Response, ApiError> {
    expect_method(call, "finder")?;
    if call.query.required("q")? != "organizationFollowers" {
        return Err(ApiError::illegal_argument("Parameter 'q' is invalid"));
    }
    call.query.only(&["q", "organization", "keywords"])?;
    call.query.required("organization")?;
    let keywords = call.query.required("keywords")?.to_lowercase();
    may_search(call, "peopleTypeahead", "organizationFollowers")?;
    let fits = |member: &LinkedInMember| {
        [&member.given_name, &member.family_name]
            .iter()
            .any(|name| name.to_lowercase().starts_with(&keywords))
    };
    let elements: Vec<Value> = followers(call)
        .filter(fits)
        .take(MOST)
        .map(|member| {
            json!({
                "member": member.urn(),
                "firstName": member.given_name,
                "lastName": member.family_name,
                "headline": me::headline(&member),
                "photo": format!("urn:li:image:{}", member.id),
            })
        })
        .collect();
    collection(call, &elements)
}

/// `GET /vanityUrl?q=vanityUrlAsOrganization&vanityUrl=…`.
pub(super) fn by_vanity_url(call: &mut Call<'_>) -> Result<Response, ApiError> {
    expect_method(call, "finder")?;
    if call.query.required("q")? != "vanityUrlAsOrganization" {
        return Err(ApiError::illegal_argument("Parameter 'q' is invalid"));
    }
    call.query.only(&["q", "organization", "vanityUrl"])?;
    let address = call.query.required("vanityUrl")?;
    may_search(call, "vanityUrl", "vanityUrlAsOrganization")?;
    let name = address.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let elements: Vec<Value> = followers(call)
        .filter(|member| me::vanity(member) == name)
        .map(|member| json!({"member": member.urn(), "vanityUrl": address}))
        .collect();
    collection(call, &elements)
}
