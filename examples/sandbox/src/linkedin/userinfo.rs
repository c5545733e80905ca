//! `/v2/userinfo`.

use axum::response::Response;
use serde_json::{Map, json};

use super::answer::{ApiError, entity};
use crate::{state::State, token::Claims, world::LinkedInMember};

pub(crate) fn read(
    state: &mut State,
    member: &LinkedInMember,
    claims: &Claims,
) -> Result<Response, ApiError> {
    if !claims.has_scope("openid") {
        return Err(ApiError::denied("userinfo", "GET", None));
    }
    let mut body = Map::new();
    body.insert("sub".to_owned(), json!(member.id));
    if claims.has_scope("profile") {
        body.insert("name".to_owned(), json!(member.name()));
        body.insert("given_name".to_owned(), json!(member.given_name));
        body.insert("family_name".to_owned(), json!(member.family_name));
        body.insert("picture".to_owned(), json!("https://media.example.com/member.jpg"));
        body.insert("locale".to_owned(), json!({"country": "US", "language": "en"}));
    }
    if claims.has_scope("email") {
        body.insert("email".to_owned(), json!(member.email));
        body.insert("email_verified".to_owned(), json!(true));
    }
    Ok(entity(state, &body.into()))
}
