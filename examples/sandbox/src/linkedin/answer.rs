//! Answers of LinkedIn's API: the headers every one carries, and the error shape.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use crate::state::{Dead, Shared, State};

/// An error answer of the API.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    status: u16,
    message: String,
    code: Option<&'static str>,
    service_code: Option<i64>,
    input: Option<Value>,
}

impl ApiError {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), code: None, service_code: None, input: None }
    }

    pub(crate) fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    pub(crate) fn service_code(mut self, code: i64) -> Self {
        self.service_code = Some(code);
        self
    }

    /// Details naming the field of the body that is wrong.
    pub(crate) fn input(mut self, code: &str, field: &str) -> Self {
        self.input = Some(json!({"inputErrors": [{
            "code": code,
            "description": self.message,
            "input": {"inputPath": {"fieldPath": field}},
        }]}));
        self
    }

    /// A field of the body is wrong.
    pub(crate) fn field(code: &'static str, field: &str, why: &str) -> Self {
        Self::new(400, format!("Invalid value for field {field}: {why}")).code(code).input(code, field)
    }

    pub(crate) fn illegal_argument(message: impl Into<String>) -> Self {
        Self::new(400, message).code("ILLEGAL_ARGUMENT")
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "Could not find entity").code("NOT_FOUND").service_code(0)
    }

    pub(crate) fn no_resource(path: &str) -> Self {
        Self::new(404, format!("No virtual resource found for: {path}"))
            .code("RESOURCE_NOT_FOUND")
            .service_code(0)
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(405, "The method is not allowed for this resource").code("METHOD_NOT_ALLOWED")
    }

    /// A scope, a role or a product is missing.
    pub(crate) fn denied(resource: &str, method: &str, version: Option<&str>) -> Self {
        let version = version.filter(|version| !version.is_empty());
        let version = version.map_or_else(|| "NO_VERSION".to_owned(), |version| format!("{version}01"));
        Self::new(403, format!("Not enough permissions to access: {resource}.{method}.{version}"))
            .code("ACCESS_DENIED")
            .service_code(100)
    }

    pub(crate) fn empty_token() -> Self {
        Self::new(401, "Empty oauth2 access token").code("EMPTY_ACCESS_TOKEN").service_code(65_604)
    }

    pub(crate) fn invalid_token() -> Self {
        Self::new(401, "Invalid access token").code("INVALID_ACCESS_TOKEN").service_code(65_600)
    }

    pub(crate) fn expired_token() -> Self {
        Self::new(401, "The token used in the request has expired")
            .code("EXPIRED_ACCESS_TOKEN")
            .service_code(65_602)
    }

    pub(crate) fn dead_token(why: Dead) -> Self {
        match why {
            Dead::Expired => Self::expired_token(),
            Dead::Revoked | Dead::AppRemoved | Dead::PasswordChanged => {
                Self::new(401, "The token used in the request has been revoked by the user")
                    .code("REVOKED_ACCESS_TOKEN")
                    .service_code(65_601)
            }
        }
    }

    /// The answer, when the state is not locked.
    pub(crate) fn respond(&self, shared: &Shared) -> Response {
        self.respond_with(&mut shared.lock())
    }

    /// What the error looks like in a body, also among others in a batch.
    pub(crate) fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("status".to_owned(), json!(self.status));
        body.insert("message".to_owned(), json!(self.message));
        if let Some(code) = self.code {
            body.insert("code".to_owned(), json!(code));
        }
        if let Some(code) = self.service_code {
            body.insert("serviceErrorCode".to_owned(), json!(code));
        }
        if let Some(input) = &self.input {
            body.insert("errorDetailType".to_owned(), json!("com.linkedin.common.error.BadRequest"));
            body.insert("errorDetails".to_owned(), input.clone());
        }
        Value::Object(body)
    }

    pub(crate) fn respond_with(&self, state: &mut State) -> Response {
        let mut headers = frame(state);
        headers.insert(HeaderName::from_static("x-restli-error-response"), HeaderValue::from_static("true"));
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, headers, self.body().to_string()).into_response()
    }
}

/// The headers every answer carries.
pub(crate) fn frame(state: &mut State) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(HeaderName::from_static("x-restli-protocol-version"), HeaderValue::from_static("2.0.0"));
    headers.insert(HeaderName::from_static("x-li-fabric"), HeaderValue::from_static("sandbox-loopback"));
    for name in ["x-li-uuid", "x-li-request-id"] {
        if let Ok(value) = HeaderValue::from_str(&state.tracking_id()) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers
}

/// 200 with a body.
pub(crate) fn entity(state: &mut State, value: &Value) -> Response {
    (StatusCode::OK, frame(state), value.to_string()).into_response()
}

/// The answer to several keys at once: each has its own fate.
pub(crate) fn batch(state: &mut State, fates: Vec<(String, Result<Value, ApiError>)>) -> Response {
    let (mut results, mut statuses, mut errors) = (Map::new(), Map::new(), Map::new());
    for (key, fate) in fates {
        match fate {
            Ok(value) => {
                statuses.insert(key.clone(), json!(200));
                results.insert(key, value);
            }
            Err(error) => {
                statuses.insert(key.clone(), json!(error.status));
                errors.insert(key, error.body());
            }
        }
    }
    entity(state, &json!({"results": results, "statuses": statuses, "errors": errors}))
}

/// An answer without a body.
pub(crate) fn bare(state: &mut State, status: StatusCode) -> Response {
    let mut headers = frame(state);
    headers.remove(header::CONTENT_TYPE);
    (status, headers).into_response()
}

/// 200 without a body, as actions without a result answer.
pub(crate) fn ok(state: &mut State) -> Response {
    bare(state, StatusCode::OK)
}

/// 204.
pub(crate) fn no_content(state: &mut State) -> Response {
    bare(state, StatusCode::NO_CONTENT)
}

/// 201 with the id in a header and no body, as LinkedIn creates things.
pub(crate) fn created(state: &mut State, collection: &str, urn: &str) -> Response {
    created_at(state, urn, &format!("/{collection}/{}", super::restli::encode(urn)))
}

/// 201 with the thing that was made, too.
pub(crate) fn created_entity(
    state: &mut State,
    id_header: &'static str,
    id: &str,
    place: &str,
    value: &Value,
) -> Response {
    let mut answer = (StatusCode::CREATED, frame(state), value.to_string()).into_response();
    name(&mut answer, id_header, id, place);
    answer
}

/// 201 without a body, with an id and a place that are encoded already.
pub(crate) fn created_at(state: &mut State, id: &str, place: &str) -> Response {
    let mut answer = bare(state, StatusCode::CREATED);
    name(&mut answer, "x-restli-id", id, place);
    answer
}

fn name(answer: &mut Response, id_header: &'static str, id: &str, place: &str) {
    if let (Ok(id), Ok(place)) = (HeaderValue::from_str(id), HeaderValue::from_str(place)) {
        answer.headers_mut().insert(HeaderName::from_static(id_header), id);
        answer.headers_mut().insert(header::LOCATION, place);
    }
}
