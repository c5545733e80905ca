//! Answers that only say that it was done.

use serde_json::Value;
use sociogram_api_core::http::{DecodeError, RawResponse};

use crate::lenient;

/// `{"success":true}`, or `true` alone.
pub(crate) fn read(response: &RawResponse) -> Result<(), DecodeError> {
    let answer: Value = response.json()?;
    if lenient::bool_of(answer.get("success").unwrap_or(&answer)) == Some(true) {
        Ok(())
    } else {
        Err(DecodeError::new("success", "the answer does not say that it was done"))
    }
}
