//! Plays `www.facebook.com`: the login dialog.

pub(crate) mod ask;
pub(crate) mod consent;
mod dialog;

use axum::response::Response;
use http::{Method, StatusCode};

use crate::{html, request::Incoming, state::Shared};

/// Answers a call to `www.facebook.com`.
pub(crate) fn handle(shared: &Shared, request: &Incoming) -> Response {
    match (request.segments().as_slice(), &request.method) {
        ([version, "dialog", "oauth"], &Method::GET | &Method::POST) => {
            dialog::handle(shared, request, version)
        }
        _ => html::page(
            StatusCode::NOT_FOUND,
            "Page Not Found",
            "<p>The link you followed may be broken. The login dialog is at /v26.0/dialog/oauth.</p>",
        ),
    }
}
