//! `/v2/connections/{member}`: how many people a member is connected with. Of the API's old, unversioned part.

use axum::response::Response;
use serde_json::json;

use super::{
    answer::{ApiError, entity},
    restli::decode_text,
};
use crate::{graph::areas::insights::figure, state::State, token::Claims, world::LinkedInMember};

pub(crate) fn read(
    state: &mut State,
    member: &LinkedInMember,
    claims: &Claims,
    key: &str,
) -> Result<Response, ApiError> {
    // The old protocol takes the URN as it is, the new one wants it encoded.
    let urn = decode_text(key).unwrap_or_else(|| key.to_owned());
    if !urn.starts_with("urn:li:person:") {
        return Err(ApiError::illegal_argument("Syntax exception in path variables"));
    }
    if !claims.has_scope("r_1st_connections_size") || urn != member.urn() {
        return Err(ApiError::denied("connections", "GET", None));
    }
    Ok(entity(state, &json!({"firstDegreeSize": figure("connections", &urn, 0)})))
}
