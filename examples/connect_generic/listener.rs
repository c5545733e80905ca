//! Waits for the browser to come back (RFC 8252 section 7.3: a redirect to the person's own machine).

use std::time::Duration;

use axum::{
    Router,
    http::{Method, StatusCode, Uri},
    response::{Html, IntoResponse, Response},
};
use sociogram::{
    api_core::{SystemClock, Timer},
    oauth_core::CALLBACK_HEADERS,
};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use url::{Host, Url};

const PAGE: &str =
    "<!doctype html><title>Done</title><p>The answer has arrived. You can close this window.</p>";
/// How long the browser may take to read that.
const GOODBYE: Duration = Duration::from_secs(1);

/// A server for one request: the callback.
pub(crate) struct Listener {
    queries: mpsc::Receiver<String>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Listener {
    /// Listens where the redirect URI leads to: on loopback, and nowhere else.
    ///
    /// # Errors
    ///
    /// One line saying why it cannot listen there.
    pub(crate) async fn open(redirect_uri: &Url) -> Result<Self, String> {
        let port = redirect_uri.port_or_known_default().unwrap_or_default();
        let bound = match redirect_uri.host() {
            Some(Host::Ipv4(address)) => TcpListener::bind((address, port)).await,
            Some(Host::Ipv6(address)) => TcpListener::bind((address, port)).await,
            _ => TcpListener::bind(("localhost", port)).await,
        };
        let socket = bound.map_err(|error| {
            format!(
                "listen: port {port} of the redirect URI cannot be used ({}); end the program that has it, or \
                 register a redirect URI with another port",
                error.kind(),
            )
        })?;

        let (sender, queries) = mpsc::channel(1);
        let path = redirect_uri.path().to_owned();
        let router = Router::new().fallback(move |method: Method, uri: Uri| {
            let answer = answer(&method, &uri, &path, &sender);
            async { answer }
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { drop(stopped.await) };
        let server = tokio::spawn(axum::serve(socket, router).with_graceful_shutdown(stopped).into_future());
        Ok(Self { queries, stop, server })
    }

    /// The raw query of the first request to the redirect URI, once the browser has its page.
    ///
    /// # Errors
    ///
    /// One line if the server stopped.
    pub(crate) async fn callback(mut self) -> Result<String, String> {
        let query = self.queries.recv().await.ok_or("callback: the listener stopped; run it again")?;
        drop(self.stop);
        // A browser may keep connections open that it does not use.
        tokio::select! {
            _ = self.server => {}
            () = SystemClock::new().sleep(GOODBYE) => {}
        }
        Ok(query)
    }
}

fn answer(method: &Method, uri: &Uri, path: &str, sender: &mpsc::Sender<String>) -> Response {
    if method != Method::GET || uri.path() != path {
        return StatusCode::NOT_FOUND.into_response();
    }
    // Nothing is checked here: that is `OAuthClient::complete`'s work.
    match sender.try_send(uri.query().unwrap_or_default().to_owned()) {
        Ok(()) => (CALLBACK_HEADERS, Html(PAGE)).into_response(),
        Err(_) => StatusCode::CONFLICT.into_response(),
    }
}
