//! Changing some fields of an entity (Rest.li protocol, "Partial update").

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// What a partial update sets and removes. Serialises to `{"patch":{…}}`.
///
/// ```
/// use sociogram_linkedin_api::Patch;
///
/// let patch = Patch::new().set("commentary", "New text").remove("contentLandingPage").inside("adContext", "dscName", "Spring");
/// assert_eq!(
///     serde_json::to_string(&patch).unwrap(),
///     r#"{"patch":{"$delete":["contentLandingPage"],"$set":{"commentary":"New text"},"adContext":{"$set":{"dscName":"Spring"}}}}"#
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "a patch does nothing until it is sent"]
pub struct Patch {
    set: Map<String, Value>,
    removed: Vec<String>,
    inside: Map<String, Value>,
}

impl Patch {
    /// Changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field.
    pub fn set(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.set.insert(field.into(), value.into());
        self
    }

    /// Sets a field if there is a value.
    pub fn set_some(self, field: impl Into<String>, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.set(field, value),
            None => self,
        }
    }

    /// Removes a field.
    pub fn remove(mut self, field: impl Into<String>) -> Self {
        self.removed.push(field.into());
        self
    }

    /// Sets a field of a record inside, and leaves the record's other fields as they are.
    pub fn inside(
        mut self,
        record: impl Into<String>,
        field: impl Into<String>,
        value: impl Into<Value>,
    ) -> Self {
        let record = self.inside.entry(record).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(record) = record {
            let set = record.entry("$set").or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(set) = set {
                set.insert(field.into(), value.into());
            }
        }
        self
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.removed.is_empty() && self.inside.is_empty()
    }

    /// Without the outer `patch`, as a batch wants it beside other members.
    fn to_value(&self) -> Value {
        let mut patch = self.inside.clone();
        if !self.set.is_empty() {
            patch.insert("$set".to_owned(), Value::Object(self.set.clone()));
        }
        if !self.removed.is_empty() {
            patch.insert("$delete".to_owned(), self.removed.clone().into());
        }
        Value::Object(patch)
    }
}

impl Serialize for Patch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from(self).serialize(serializer)
    }
}

/// With the outer `patch`.
impl From<&Patch> for Value {
    fn from(patch: &Patch) -> Self {
        Self::Object(Map::from_iter([("patch".to_owned(), patch.to_value())]))
    }
}

impl From<Patch> for Value {
    fn from(patch: Patch) -> Self {
        Self::from(&patch)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wire(patch: &Patch) -> Value {
        serde_json::to_value(patch).unwrap()
    }

    #[test]
    fn sets_removes_and_reaches_inside() {
        let patch = Patch::new()
            .set("a", 1)
            .set_some("b", Some("x"))
            .set_some("c", None::<i64>)
            .remove("d")
            .remove("e")
            .inside("message", "text", "New")
            .inside("message", "attributes", json!([]));
        assert_eq!(
            wire(&patch),
            json!({"patch": {
                "$set": {"a": 1, "b": "x"},
                "$delete": ["d", "e"],
                "message": {"$set": {"text": "New", "attributes": []}},
            }})
        );
        assert_eq!(Value::from(patch.clone()), wire(&patch));
    }

    #[test]
    fn the_last_word_on_a_field_counts() {
        assert_eq!(wire(&Patch::new().set("a", 1).set("a", 2)), json!({"patch": {"$set": {"a": 2}}}));
    }

    #[test]
    fn an_empty_patch_says_so() {
        assert!(Patch::new().set_some("a", None::<i64>).is_empty());
        assert_eq!(wire(&Patch::new()), json!({"patch": {}}));
        for patch in [Patch::new().set("a", 1), Patch::new().remove("a"), Patch::new().inside("a", "b", 1)] {
            assert!(!patch.is_empty());
        }
    }
}
