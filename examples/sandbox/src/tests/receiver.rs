//! A webhook receiver, as careful or as broken as a test wants it.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use serde_json::json;

use crate::{
    mac::{hex, hmac_sha256},
    request::Form,
};

#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Signature and body of every delivery.
    pub(super) deliveries: Vec<(String, Bytes)>,
    /// Statuses answered to the next deliveries; then 200.
    pub(super) answers: Vec<u16>,
    /// Whether the handshakes are answered wrongly.
    pub(super) broken: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Receiver {
    pub(super) url: String,
    pub(super) seen: Arc<Mutex<Seen>>,
}

impl Receiver {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let app = Router::new().route("/hook", get(handshake).post(delivery)).with_state(seen.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, seen }
    }

    pub(super) fn deliveries(&self) -> Vec<(String, Bytes)> {
        self.seen.lock().unwrap().deliveries.clone()
    }
}

async fn handshake(
    State(seen): State<Arc<Mutex<Seen>>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let form = Form(pairs);
    let broken = seen.lock().unwrap().broken;
    if let Some(code) = form.get("challengeCode") {
        let secret: &[u8] = if broken { b"wrong" } else { b"sandbox-linkedin-client-secret" };
        let response = hex(&hmac_sha256(secret, &[code.as_bytes()]));
        return axum::Json(json!({"challengeCode": code, "challengeResponse": response})).into_response();
    }
    if form.get("hub.mode") != Some("subscribe")
        || form.get("hub.verify_token") != Some("sandbox-verify-token")
    {
        return StatusCode::FORBIDDEN.into_response();
    }
    let challenge = form.get("hub.challenge").unwrap().to_owned();
    if broken { format!("{challenge}\n").into_response() } else { challenge.into_response() }
}

async fn delivery(State(seen): State<Arc<Mutex<Seen>>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers.get("x-hub-signature-256").or_else(|| headers.get("x-li-signature")).unwrap();
    let mut seen = seen.lock().unwrap();
    seen.deliveries.push((signature.to_str().unwrap().to_owned(), body));
    let status = if seen.answers.is_empty() { 200 } else { seen.answers.remove(0) };
    StatusCode::from_u16(status).unwrap()
}
