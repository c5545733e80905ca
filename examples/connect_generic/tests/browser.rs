//! The browser against servers that lead it astray.

use std::sync::Arc;

use axum::{Router, extract::Request, response::IntoResponse};
use http::{StatusCode, header::LOCATION};
use sociogram::api_core::http::ReqwestTransport;
use tokio::net::TcpListener;
use url::Url;

use crate::browser::Browser;

/// Follows a server that sends every visitor to the same place.
async fn follow(location: &'static str) -> String {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let start =
        Url::parse(&format!("http://{}/authorize?state=CANARY", socket.local_addr().unwrap())).unwrap();
    let router = Router::new().fallback(move |_: Request| async move {
        (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
    });
    tokio::spawn(axum::serve(socket, router).into_future());
    let browser = Browser::new(Arc::new(ReqwestTransport::new().unwrap()));
    let failure = browser.follow(&start, &Url::parse("http://127.0.0.1:1/cb").unwrap()).await.unwrap_err();
    assert!(!failure.contains("CANARY"), "{failure}");
    failure
}

#[tokio::test]
async fn circles_are_left() {
    assert!(follow("/again").await.starts_with("authorize: no callback after 20 redirects"));
}

#[tokio::test]
async fn only_http_and_https_are_followed() {
    for location in ["myapp://cb?code=CANARY", "file:///etc/passwd", "javascript:alert(1)"] {
        assert!(follow(location).await.ends_with("only http and https are followed"), "{location}");
    }
}

#[tokio::test]
async fn a_callback_that_nobody_listens_to_is_told() {
    let failure = follow("http://127.0.0.1:1/cb?code=CANARY").await;
    assert!(failure.starts_with("authorize: http://127.0.0.1:1: could not connect"), "{failure}");
}
