//! Plays Instagram Login and the login of Threads, which differ in names and shapes only.

mod api;
mod debug_token;
mod dialog;
mod exchange;
mod site;

use axum::response::Response;
use http::{Method, StatusCode};

pub(crate) use self::{
    exchange::{FlatError, issue_directly},
    site::Site,
};
use crate::{html, request::Incoming, state::Shared};

/// Answers a call to `www.instagram.com` or `threads.net`.
pub(crate) fn handle(shared: &Shared, request: &Incoming, site: Site) -> Response {
    match (request.segments().as_slice(), &request.method) {
        (["oauth", "authorize"], &Method::GET | &Method::POST) => dialog::handle(shared, request, site),
        _ => html::page(StatusCode::NOT_FOUND, "Page not found", "<p>Sorry, this page isn't available.</p>"),
    }
}

/// Answers a call to `api.instagram.com` and `graph.instagram.com`, or to `graph.threads.net`.
pub(crate) fn handle_api(shared: &Shared, request: &Incoming, site: Site) -> Response {
    if is_exchange(request) {
        exchange::handle(shared, request, site)
    } else {
        api::handle(shared, request, site)
    }
}

/// Whether the call exchanges a code, which is answered with flat errors.
pub(crate) fn is_exchange(request: &Incoming) -> bool {
    request.segments().as_slice() == ["oauth", "access_token"]
}
