//! Reading the answer of a batch.

use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, FaultClass, Operation, RawResponse};

use super::request::Items;
use crate::graph_error::GraphError;
use crate::lenient::{int_of, text_of};

/// The answer of one item.
#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    code: Value,
    #[serde(default)]
    headers: Value,
    #[serde(default)]
    body: Value,
}

impl Item {
    fn status(&self) -> Option<StatusCode> {
        StatusCode::from_u16(int_of(&self.code)?.try_into().ok()?).ok()
    }

    /// The body is text that holds JSON; JSON itself is taken as well.
    fn body(self) -> String {
        match self.body {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    /// The item as an answer of its own. One without a status is a failure.
    fn into_response(self) -> Response<String> {
        let status = self.status().unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers: Vec<_> = self.headers.as_array().into_iter().flatten().filter_map(header).collect();
        let mut response = Response::new(self.body());
        *response.status_mut() = status;
        response.headers_mut().extend(headers);
        response
    }
}

fn header(entry: &Value) -> Option<(HeaderName, HeaderValue)> {
    let name = entry.get("name")?.as_str()?.parse().ok()?;
    let value = HeaderValue::try_from(text_of(entry.get("value")?)?).ok()?;
    Some((name, value))
}

/// The answers in the order of the items; `None` where Meta gave none.
pub(super) fn read(response: &RawResponse) -> Result<Vec<Option<Response<String>>>, DecodeError> {
    let items: Vec<Option<Item>> = response.json()?;
    Ok(items.into_iter().map(|item| item.map(Item::into_response)).collect())
}

/// The error of a batch whose items were all refused for their token: the road then asks for another token and
/// sends the batch once more. As nothing was done, that is safe.
pub(crate) fn refused_token(operation: &Operation, body: &[u8]) -> Option<GraphError> {
    operation.get::<Items>()?;
    let items: Vec<Item> = serde_json::from_slice(body).ok()?;
    let mut refused = items.into_iter().map(|item| {
        let status = item.status()?;
        let error = GraphError::from_body(status.as_u16(), item.body().as_bytes())?;
        (error.class().fault_class() == FaultClass::AuthRejected).then_some(error)
    });
    let first = refused.next()??;
    refused.all(|refused| refused.is_some()).then_some(first)
}
