//! Organizations: lookup, followers, people, notifications and event subscriptions.

mod authorizations;
pub(crate) mod directory;
mod lookup;
pub(crate) mod notifications;
mod people;
pub(crate) mod subscriptions;

use axum::response::Response;
use http::Method;
use serde_json::Value;

use super::super::{answer::ApiError, api::Call, restli::Element};

/// What the platform holds here.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// What happened on organizations' posts, oldest first.
    notifications: Vec<Value>,
    subscriptions: Vec<subscriptions::Subscription>,
}

/// Answers what is its own.
pub(super) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Result<Response, ApiError>> {
    let reading = call.request.method == Method::GET;
    let answer = match path {
        ["eventSubscriptions", rest @ ..] if rest.len() <= 1 => {
            return Some(subscriptions::route(call, rest));
        }
        ["organizationAuthorizations"] if reading => authorizations::find(call),
        ["organizations"] if reading => lookup::many(call),
        ["organizationsLookup"] if reading => lookup::public(call),
        ["organizations", key] if reading => lookup::one(call, key, false),
        ["organizationBrands", key] if reading => lookup::one(call, key, true),
        ["networkSizes", key] if reading => lookup::followers(call, key),
        ["peopleTypeahead"] if reading => people::typeahead(call),
        ["vanityUrl"] if reading => people::by_vanity_url(call),
        ["people"] if reading => people::many(call),
        ["people", key] if reading => people::one(call, key),
        ["organizationalEntityNotifications"] if reading => notifications::find(call),
        [
            "organizationAuthorizations"
            | "organizations"
            | "organizationsLookup"
            | "peopleTypeahead"
            | "vanityUrl"
            | "people"
            | "organizationalEntityNotifications",
        ]
        | ["organizations" | "organizationBrands" | "networkSizes" | "people", _] => {
            Err(ApiError::method_not_allowed())
        }
        _ => return None,
    };
    Some(answer)
}

/// Scopes of which one opens what everybody can see on an organization's page.
const PUBLIC_SCOPES: [&str; 5] = [
    "rw_organization_admin",
    "r_organization_admin",
    "r_organization_social",
    "w_organization_social",
    "r_organization_followers",
];

fn sees_pages(call: &Call<'_>) -> bool {
    PUBLIC_SCOPES.iter().any(|scope| call.claims.has_scope(scope))
}

/// A path key that is a record of exactly these members.
fn compound_key<const N: usize>(key: &str, names: [&str; N]) -> Result<[String; N], ApiError> {
    let invalid = || ApiError::illegal_argument("Syntax exception in path variables");
    let element = Element::parse(key).ok_or_else(invalid)?;
    let Element::Record(fields) = &element else { return Err(invalid()) };
    if fields.len() != N {
        return Err(invalid());
    }
    let mut values = [const { String::new() }; N];
    for (value, name) in values.iter_mut().zip(names) {
        fields.get(name).and_then(Element::as_text).ok_or_else(invalid)?.clone_into(value);
    }
    Ok(values)
}
