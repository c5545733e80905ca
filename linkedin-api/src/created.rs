//! What an answer says of things that were created, changed or removed.

use std::str::FromStr;

use http::header::LOCATION;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sociogram_api_core::http::{DecodeError, RawResponse};

use crate::restli::{RestliValue, normal_key};

/// The id of what was created. It stands in a header; which one depends on the protocol version, and some gateways drop
/// both, so the address and the body are looked at as well.
pub(crate) fn id<T: FromStr>(response: &RawResponse) -> Result<T, DecodeError> {
    let body = || {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Id {
            Text(String),
            Number(i64),
        }
        #[derive(Deserialize)]
        struct Body {
            id: Id,
        }
        match response.json::<Body>().ok()?.id {
            Id::Text(id) => normal_key(id.trim()).parse().ok(),
            Id::Number(id) => id.to_string().parse().ok(),
        }
    };
    id_in_headers(response)
        .or_else(body)
        .ok_or_else(|| DecodeError::new("x-restli-id", "the answer does not name what was created"))
}

/// The id as far as the headers name it. Compound ids are text in the full form.
pub(crate) fn id_in_headers<T: FromStr>(response: &RawResponse) -> Option<T> {
    let header = |name: &str| normal_key(response.header_str(name)?.trim()).parse().ok();
    let location = || id_in_address(response.header_str(LOCATION)?)?.parse().ok();
    header("x-restli-id").or_else(|| header("x-linkedin-id")).or_else(location)
}

/// The last segment of a path or URL, decoded.
pub(crate) fn id_in_address(address: &str) -> Option<String> {
    let (_, key) = address.rsplit_once('/')?;
    match RestliValue::decode(key.split('?').next().unwrap_or(key)).ok()? {
        RestliValue::Text(id) => Some(id),
        compound => Some(compound.encode()),
    }
}

/// The same for an endpoint whose answer is the id alone.
pub(crate) fn read<E, T: FromStr>(_endpoint: &E, response: &RawResponse) -> Result<T, DecodeError> {
    id(response)
}

/// For an endpoint that only succeeds or fails.
#[allow(clippy::unnecessary_wraps, reason = "the macro calls it like any other reader")]
pub(crate) const fn nothing<E>(_endpoint: &E, _response: &RawResponse) -> Result<(), DecodeError> {
    Ok(())
}

/// What an ACTION gives: its answer wraps it in `value`.
pub(crate) fn value<E, T: DeserializeOwned>(_endpoint: &E, response: &RawResponse) -> Result<T, DecodeError> {
    #[derive(Deserialize)]
    struct Action<T> {
        value: T,
    }
    Ok(response.json::<Action<T>>()?.value)
}

#[cfg(test)]
mod tests;
