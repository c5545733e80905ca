//! The sandbox's controls: time that passes, and answers that get lost.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use serde_json::{Value, json};
use sociogram::api_core::http::{Body, Limits, ReqwestTransport, Transport as _};

use sociogram_sandbox::Sandbox;

use super::{Outcome, expect};

/// Lets time pass in the sandbox, and for nobody else.
pub(crate) async fn pass(sandbox: &Sandbox, time: Duration) -> Outcome {
    control(sandbox, "clock", &json!({"advance_seconds": time.as_secs()})).await
}

/// Has the next call whose path contains this do what it is asked for, and be answered with a server error.
pub(crate) async fn lose_answer(sandbox: &Sandbox, path_contains: &str) -> Outcome {
    let fault = json!({
        "match": {"path_contains": path_contains, "method": "POST"},
        "kind": "server_error",
        "after_effect": true,
    });
    control(sandbox, "faults", &fault).await
}

/// Calls one of the controls.
pub(crate) async fn control(sandbox: &Sandbox, name: &str, body: &Value) -> Outcome {
    let url = format!("{}/_sandbox/{name}", sandbox.url());
    let request = Request::post(url).header(header::CONTENT_TYPE, "application/json");
    let request = request.body(Body::from(Bytes::from(body.to_string())))?;
    let answer = ReqwestTransport::new()?.send(request, &Limits::default()).await?;
    expect(answer.status().is_success(), "the sandbox to obey")
}
