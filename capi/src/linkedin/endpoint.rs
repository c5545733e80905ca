//! The endpoint for many events.

use http::{HeaderValue, Method};
use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{Body, DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_linkedin_api::RestliMethod;

use crate::prepare::RequestBody;

/// `POST /rest/conversionEvents` with `X-RestLi-Method: BATCH_CREATE` (LinkedIn: Conversions API, "Batch"), with events
/// that are written already. It has the name of [`SendConversionEvents`](sociogram_linkedin_api::conversions::SendConversionEvents),
/// so that both count against the same limits.
///
/// Its errors keep LinkedIn's text, which names the events at fault: they must not leave this module.
#[derive(Debug)]
pub(super) struct SendElements {
    body: Body,
    count: usize,
}

impl SendElements {
    pub(super) fn new(body: &RequestBody) -> Self {
        Self { body: body.to_bytes().into(), count: body.len() }
    }
}

/// What the answer says of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Taken,
    Refused { status: Option<i64>, code: Option<i64> },
    Unknown,
}

impl Endpoint for SendElements {
    /// One for each event, in their order.
    type Output = Vec<Element>;

    const NAME: &'static str = "linkedin.conversion_events.batch_create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/rest/conversionEvents";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &["rw_conversions", "r_ads"];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        RestliMethod::BatchCreate.mark(parts);
        parts.body(self.body.clone(), HeaderValue::from_static("application/json"));
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Vec<Element>, DecodeError> {
        #[derive(Deserialize)]
        struct Answer {
            elements: Vec<Value>,
        }
        // Created, and nothing to say about it.
        if matches!(response.status(), 200 | 201) && response.body().trim_ascii().is_empty() {
            return Ok(vec![Element::Taken; self.count]);
        }
        let answer: Answer = response.json()?;
        let told = answer.elements.iter().map(Element::read).chain(std::iter::repeat(Element::Unknown));
        Ok(told.take(self.count).collect())
    }
}

impl Element {
    fn read(element: &Value) -> Self {
        let error = element.get("error").filter(|error| !error.is_null());
        let number = |of: Option<&Value>, name: &str| of?.get(name)?.as_i64();
        let status = number(Some(element), "status").or_else(|| number(error, "status"));
        match status {
            Some(200..=299) if error.is_none() => Self::Taken,
            // A failure or a throttle in the middle of a request that was taken: nobody knows.
            Some(408 | 429 | 500..) => Self::Unknown,
            Some(400..) => Self::Refused { status, code: number(error, "serviceErrorCode") },
            None if error.is_some() => Self::Refused { status, code: number(error, "serviceErrorCode") },
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_told_is_known() {
        let refused = |status, code| Element::Refused { status, code };
        for (element, expected) in [
            (json!({"status": 201}), Element::Taken),
            (json!({"status": 201, "error": null}), Element::Taken),
            (json!({"status": 422}), refused(Some(422), None)),
            (
                json!({"status": 422, "error": {"serviceErrorCode": 7, "message": "m"}}),
                refused(Some(422), Some(7)),
            ),
            (json!({"error": {"status": 400}}), refused(Some(400), None)),
            (json!({"error": {"message": "m"}}), refused(None, None)),
            (json!({"status": 500}), Element::Unknown),
            (json!({"status": 429}), Element::Unknown),
            (json!({"status": 201, "error": {"message": "m"}}), Element::Unknown),
            (json!({"status": "201"}), Element::Unknown),
            (json!({}), Element::Unknown),
            (json!(7), Element::Unknown),
        ] {
            assert_eq!(Element::read(&element), expected, "{element}");
        }
    }
}
