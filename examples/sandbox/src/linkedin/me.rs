//! `/rest/me`: the member behind a token, for apps without OpenID.

use axum::response::Response;
use serde_json::{Value, json};

use super::{
    answer::{ApiError, entity},
    api::Call,
};
use crate::world::LinkedInMember;

pub(crate) fn read(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    if !call.claims.has_scope("r_basicprofile") {
        return Err(ApiError::denied("me", "GET", Some(&call.version)));
    }
    Ok(entity(call.state, &represent(call.member)))
}

/// The last part of the address of a member's profile.
pub(crate) fn vanity(member: &LinkedInMember) -> String {
    member.name().to_lowercase().replace(' ', "-")
}

/// A member as others see them.
pub(crate) fn represent(member: &LinkedInMember) -> Value {
    let localized = |text: &str| json!({"localized": {"en_US": text}, "preferredLocale": {"country": "US", "language": "en"}});
    let headline = headline(member);
    json!({
        "id": member.id,
        "firstName": localized(&member.given_name),
        "lastName": localized(&member.family_name),
        "localizedFirstName": member.given_name,
        "localizedLastName": member.family_name,
        "headline": localized(&headline),
        "localizedHeadline": headline,
        "vanityName": vanity(member),
        "profilePicture": {"displayImage": format!("urn:li:digitalmediaAsset:{}", member.id)},
    })
}

/// What a member says of themselves.
pub(crate) fn headline(member: &LinkedInMember) -> String {
    format!("{} of the sandbox", member.given_name)
}
