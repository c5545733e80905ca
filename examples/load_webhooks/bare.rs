//! The least that a receiver can do and still keep what it got: check the signature, insert the body, say 200. It reads
//! nothing, knows no repeats, and logs nothing.

use std::{net::Ipv4Addr, sync::Arc, thread};

use axum::{Router, extract::State, routing::post};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use sqlx::{Executor as _, PgPool, postgres::PgPoolOptions};
use tokio::{net::TcpListener, runtime::Builder, sync::oneshot};

use crate::{
    Outcome,
    deliveries::{SIGNATURE, Signer},
};

/// As many as the server has for recording.
const CONNECTIONS: u32 = 10;

struct Handler {
    signer: Signer,
    pool: PgPool,
}

/// The handler, on threads of its own as the server has. It stops when this is dropped.
#[derive(Debug)]
pub(crate) struct Bare {
    pub(crate) url: String,
    _stop: oneshot::Sender<()>,
}

impl Bare {
    /// Makes its table in this database.
    pub(crate) async fn start(database: String, signer: Signer) -> Outcome<Self> {
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, started) = oneshot::channel();
        thread::Builder::new().name("bare".to_owned()).spawn(move || {
            let runtime = match Builder::new_multi_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(ready.send(Err(error.into()))),
            };
            runtime.block_on(async {
                match prepare(&database, signer).await {
                    Ok((listener, router)) => {
                        let url = listener.local_addr().map(|address| format!("http://{address}/webhook"));
                        let _gone = ready.send(url.map_err(Into::into));
                        tokio::select! {
                            _ = axum::serve(listener, router) => {}
                            _ = stopped => {}
                        }
                    }
                    Err(error) => drop(ready.send(Err(error))),
                }
            });
            runtime.shutdown_background();
        })?;
        let url: Outcome<String> = started.await?;
        Ok(Self { url: url?, _stop: stop })
    }
}

async fn prepare(database: &str, signer: Signer) -> Outcome<(TcpListener, Router)> {
    // As the server's: a test of the connection would be a second round trip.
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(false);
    let pool = pool.connect(database).await?;
    pool.execute(
        "create table bare (id bigint generated always as identity primary key, body text not null)",
    )
    .await?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let router = Router::new().route("/webhook", post(take)).with_state(Arc::new(Handler { signer, pool }));
    Ok((listener, router))
}

async fn take(State(handler): State<Arc<Handler>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers.get(SIGNATURE).map(http::HeaderValue::as_bytes).unwrap_or_default();
    if !handler.signer.accepts(signature, &body) {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(text) = std::str::from_utf8(&body) else { return StatusCode::BAD_REQUEST };
    let insert = sqlx::query("insert into bare (body) values ($1)").bind(text);
    match insert.execute(&handler.pool).await {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
