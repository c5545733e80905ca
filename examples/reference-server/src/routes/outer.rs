//! Around every route: who may name this server, what is logged, headers that all answers have.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, uri::Authority};
use sociogram::api_core::redact::sanitize_text;
use url::Url;

use crate::{app::App, problem::Problem};

/// Refuses requests for another host name. There is no sign-in yet, so without this a page on the web could
/// make its own name point here and use the API from the visitor's browser (DNS rebinding).
pub(super) async fn host(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if is_ours(request.headers(), &app.base) {
        return next.run(request).await;
    }
    Problem::new(
        StatusCode::MISDIRECTED_REQUEST,
        "wrong-host",
        "this server has another name",
        "the Host header names neither this machine nor the host of PUBLIC_URL",
        format!("use {}, or set PUBLIC_URL to the address you use", app.base),
    )
    .into_response()
}

/// An address cannot be made to point elsewhere; a name must be this machine's or the one that was
/// configured.
fn is_ours(headers: &HeaderMap, base: &str) -> bool {
    let is_configured = |host: &str| Url::parse(base).is_ok_and(|url| url.host_str() == Some(host));
    headers.get_all(header::HOST).iter().all(|value| {
        let Ok(authority) = Authority::try_from(value.as_bytes()) else { return false };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        host == "localhost" || host.parse::<IpAddr>().is_ok() || is_configured(&host)
    })
}

/// Logs method, path and status, never queries, bodies or headers; and adds headers to every answer.
pub(super) async fn log(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = sanitize_text(request.uri().path(), 200);
    let begun = app.timer.monotonic();
    let mut answer = next.run(request).await;
    let took = app.timer.monotonic().saturating_sub(begun).as_millis();
    let status = answer.status().as_u16();
    if answer.status().is_server_error() {
        tracing::warn!(%method, path, status, took_ms = took, "request");
    } else {
        tracing::info!(%method, path, status, took_ms = took, "request");
    }
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
    ] {
        answer.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_are_refused() {
        let ours = |hosts: &[&str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, host.parse().unwrap());
            }
            is_ours(&headers, "https://social.example.com")
        };
        for host in ["127.0.0.1:8080", "localhost:8080", "[::1]:80", "192.168.1.5", "Social.example.com:443"]
        {
            assert!(ours(&[host]), "{host}");
        }
        for host in ["evil.example", "social.example.com.evil.example", "localhost.evil.example", ""] {
            assert!(!ours(&[host]), "{host}");
        }
        assert!(ours(&[]), "only browsers can be led here, and they always send it");
        assert!(!ours(&["127.0.0.1", "evil.example"]));
    }
}
