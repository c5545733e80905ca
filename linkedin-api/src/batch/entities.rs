//! The bodies of batches that change things.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::restli::RestliValue;

/// The body of a BATCH_UPDATE or BATCH_PARTIAL_UPDATE: entities or patches by key. Its [`ids`](Self::ids) stand in the
/// query as well.
///
/// ```
/// use sociogram_linkedin_api::{Entities, Patch};
///
/// let entities = Entities::new().put("urn:li:share:1", Patch::new().set("f", 1));
/// assert_eq!(entities.ids().encode(), "List(urn%3Ali%3Ashare%3A1)");
/// assert_eq!(
///     serde_json::to_string(&entities).unwrap(),
///     r#"{"entities":{"urn%3Ali%3Ashare%3A1":{"patch":{"$set":{"f":1}}}}}"#
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "entities do nothing until they are sent"]
pub struct Entities {
    raw_keys: bool,
    /// By the reduced form of the key.
    entities: BTreeMap<String, (RestliValue, Value)>,
}

impl Entities {
    /// None yet. Keys are written in the reduced form, as the protocol says.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes simple keys as they are, for resources that do not decode them. Compound keys stay encoded.
    pub fn raw_keys(mut self) -> Self {
        self.raw_keys = true;
        self
    }

    /// Adds one. The same key again replaces it.
    pub fn put(mut self, key: impl Into<RestliValue>, entity: impl Into<Value>) -> Self {
        let key = key.into();
        self.entities.insert(key.encode_reduced(), (key, entity.into()));
        self
    }

    /// The keys, for the parameter `ids`.
    pub fn ids(&self) -> RestliValue {
        RestliValue::list(self.entities.values().map(|(key, _)| key))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }
}

impl Serialize for Entities {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = BTreeMap::new();
        for (reduced, (key, entity)) in &self.entities {
            let key = key.as_text().filter(|_| self.raw_keys).unwrap_or(reduced);
            all.insert(key, entity);
        }
        let mut body = serializer.serialize_map(Some(1))?;
        body.serialize_entry("entities", &all)?;
        body.end()
    }
}
