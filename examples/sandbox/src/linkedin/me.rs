//! `/rest/me`: the member behind a token, for apps without OpenID.

use axum::response::Response;
use serde_json::json;

use super::{
    answer::{ApiError, entity},
    api::Call,
};

pub(crate) fn read(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    if !call.claims.has_scope("r_basicprofile") {
        return Err(ApiError::denied("me", "GET", Some(&call.version)));
    }
    let localized = |text: &str| json!({"localized": {"en_US": text}, "preferredLocale": {"country": "US", "language": "en"}});
    let member = call.member;
    let body = json!({
        "id": member.id,
        "firstName": localized(&member.given_name),
        "lastName": localized(&member.family_name),
        "localizedFirstName": member.given_name,
        "localizedLastName": member.family_name,
    });
    Ok(entity(call.state, &body))
}
