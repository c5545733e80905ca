//! Figures by a facet: industry, seniority, place.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The figures of one value of a facet. LinkedIn lists at most the 100 largest values of a facet.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct Facet<T> {
    /// The name of the member that holds the value: `industry`, `seniority`, `geo`.
    pub name: Option<String>,
    /// The value: a URN (`urn:li:industry:4`) or a word (`SIZE_2_TO_10`).
    pub value: Option<String>,
    /// Its figures.
    pub figures: Option<T>,
}

/// All members `{prefix}{Facet}` of an element, each a list of `{name: value, figures: {…}}`.
pub(super) fn read<K: From<String> + Ord, T: DeserializeOwned>(
    element: &Map<String, Value>,
    prefix: &str,
    figures: &str,
) -> BTreeMap<K, Vec<Facet<T>>> {
    let facets = element.iter().filter_map(|(member, values)| {
        let facet = member.strip_prefix(prefix).filter(|facet| !facet.is_empty())?;
        let values = values.as_array()?.iter().filter_map(Value::as_object);
        Some((K::from(facet.to_owned()), values.map(|value| one(value, figures)).collect()))
    });
    facets.collect()
}

fn one<T: DeserializeOwned>(value: &Map<String, Value>, figures: &str) -> Facet<T> {
    let named = value.iter().find_map(|(name, value)| match value {
        Value::String(text) if name != figures => Some((name.clone(), text.clone())),
        _ => None,
    });
    let (name, text) = named.unzip();
    let figures = value.get(figures).and_then(|figures| T::deserialize(figures).ok());
    Facet { name, value: text, figures }
}
