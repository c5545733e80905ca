//! Writing JSON members one by one, in a fixed order.

use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::value::{RawValue, to_raw_value};
use sociogram_api_core::{Finding, InvalidRequest};

/// Writes the member if there is a value.
pub(crate) fn put<M: SerializeMap>(
    map: &mut M,
    name: &str,
    value: Option<impl Serialize>,
) -> Result<(), M::Error> {
    match value {
        Some(value) => map.serialize_entry(name, &value),
        None => Ok(()),
    }
}

/// A caller's value as JSON text.
pub(crate) fn json(value: &impl Serialize, path: String) -> Result<Box<RawValue>, InvalidRequest> {
    to_raw_value(value).map_err(|_| {
        Finding::error("capi.property.value", path, "the value cannot be written as JSON")
            .advice("use text, numbers, booleans, lists, or maps with text keys")
            .into()
    })
}
