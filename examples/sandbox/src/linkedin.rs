//! Plays `www.linkedin.com` (OAuth) and `api.linkedin.com`.

mod access;
pub(crate) mod answer;
pub(crate) mod api;
pub(crate) mod areas;
mod authorization;
mod calendar;
mod connections;
pub(crate) mod known_posts;
mod little_text;
mod me;
mod organizations;
mod post_answers;
mod post_content;
mod post_rules;
mod post_update;
mod posts;
mod restli;
pub(crate) mod token;
mod token_status;
mod tunnel;
mod userinfo;

use axum::response::Response;
use http::{Method, StatusCode};

use self::authorization::Flow;
use crate::{html, request::Incoming, state::Shared};

/// Answers a call to `www.linkedin.com`.
pub(crate) fn handle(shared: &Shared, request: &Incoming) -> Response {
    match (request.segments().as_slice(), &request.method) {
        (["oauth", "v2", "authorization"], &Method::GET | &Method::POST) => {
            authorization::handle(shared, request, Flow::Standard)
        }
        (["oauth", "native-pkce", "authorization"], &Method::GET | &Method::POST) => {
            authorization::handle(shared, request, Flow::Native)
        }
        (["oauth", "v2", "accessToken"], _) => token::exchange(shared, request),
        (["oauth", "v2", "introspectToken"], _) => token_status::introspect(shared, request),
        (["oauth", "v2", "revoke"], _) => token_status::revoke(shared, request),
        (["dms-uploads", ..], _) => areas::media::receive(shared, request),
        // A client with one base address for everything of LinkedIn comes here with its API calls too.
        (["v2" | "rest", ..], _) => api::handle(shared, request),
        _ => html::page(StatusCode::NOT_FOUND, "Page not found", "<p>This page doesn't exist.</p>"),
    }
}
