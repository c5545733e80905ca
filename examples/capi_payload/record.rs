//! One event of the input, as JSON text.

use std::fmt;

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::{Value, value::RawValue};

use crate::target::Target;

/// An event that was read, or why it was not.
pub(crate) struct Record {
    /// The line on which it begins, counted from 1.
    pub(crate) line: usize,
    /// JSON with Meta's member names, or the reason, which repeats no value.
    pub(crate) json: Result<String, String>,
}

/// What whole numbers in a column of times are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TimeUnit {
    #[default]
    Seconds,
    Milliseconds,
}

/// A member for all events that do not have it.
pub(crate) struct Constant {
    pub(crate) target: Target,
    pub(crate) json: String,
}

/// Adds what the event does not have. What is no JSON object comes back as it is: reading it tells why.
pub(crate) fn with_constants(json: String, constants: &[Constant]) -> String {
    if constants.is_empty() {
        return json;
    }
    let Some(mut event) = members(&json) else { return json };
    for Constant { target, json } in constants {
        if target.parent.is_empty() {
            add(&mut event, &target.name, json);
            continue;
        }
        let parent = event.iter_mut().find(|(name, value)| name == target.parent && value != "null");
        if let Some((_, parent)) = parent {
            // A parent that is no object is refused with the event.
            let Some(mut inner) = members(parent) else { continue };
            add(&mut inner, &target.name, json);
            *parent = written(&inner);
        } else {
            let inner = written(&[(target.name.clone(), json.clone())]);
            add(&mut event, target.parent, &inner);
        }
    }
    written(&event)
}

/// `null` says the same as leaving a member out.
fn add(members: &mut Vec<(String, String)>, name: &str, json: &str) {
    match members.iter_mut().find(|(other, _)| other == name) {
        Some((_, value)) if value == "null" => json.clone_into(value),
        Some(_) => {}
        None => members.push((name.to_owned(), json.to_owned())),
    }
}

/// The object with these members.
pub(crate) fn written(members: &[(String, String)]) -> String {
    let members: Vec<String> =
        members.iter().map(|(name, json)| format!("{}:{json}", Value::from(name.as_str()))).collect();
    format!("{{{}}}", members.join(","))
}

/// The members of an object in their order, also those given twice, with their JSON.
pub(crate) fn members(json: &str) -> Option<Vec<(String, String)>> {
    struct Pairs;

    impl<'de> Visitor<'de> for Pairs {
        type Value = Vec<(String, String)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                members.push((name, value.get().to_owned()));
            }
            Ok(members)
        }
    }

    let mut reader = serde_json::Deserializer::from_str(json);
    let members = reader.deserialize_map(Pairs).ok()?;
    reader.end().ok().map(|()| members)
}
