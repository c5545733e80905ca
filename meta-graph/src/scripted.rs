//! What the tests of endpoints share: a client on a script.

use std::sync::Arc;

use sociogram_api_core::http::Endpoint;
use sociogram_api_core::testing::{RecordedRequest, ScriptedTransport};

use crate::{Client, Error};

/// A client with the token `TOKEN` and no secret.
pub(crate) fn client(transport: &ScriptedTransport) -> Client {
    Client::builder().transport(Arc::new(transport.clone())).access_token("TOKEN").build().unwrap()
}

/// Sends one endpoint that is answered with 200 and `body`.
pub(crate) async fn exchange<E: Endpoint>(
    endpoint: E,
    body: &str,
) -> (Result<E::Output, Error>, RecordedRequest) {
    let transport = ScriptedTransport::new().json(body.to_owned());
    let result = client(&transport).send(endpoint).await;
    let request = transport.requests().pop().unwrap();
    (result, request)
}

/// The request line without the host: `GET /v26.0/me?fields=id`.
pub(crate) fn line(request: &RecordedRequest) -> String {
    format!("{} {}", request.method, request.uri.path_and_query().unwrap())
}

/// An error answer of the Graph API.
pub(crate) fn error_body(code: i64, subcode: i64) -> String {
    format!(
        r#"{{"error":{{"message":"CANARYmessage","code":{code},"error_subcode":{subcode},"fbtrace_id":"AbC1"}}}}"#
    )
}
