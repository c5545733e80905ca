//! PARTIAL_UPDATE: `{"patch":{"$set":{…},"$delete":[…],"field":{"$set":{…}}}}`.

use serde_json::{Map, Value};

use super::super::super::{
    answer::ApiError,
    api::{Call, json_object},
    post_rules::{object, wrong},
    post_update::patch_of,
};

/// Fields nobody changes.
const FIXED: [&str; 6] = ["id", "account", "test", "isTest", "changeAuditStamps", "version"];

/// Reads the patch of a call and applies it.
pub(super) fn apply(call: &Call<'_>, body: &mut Map<String, Value>) -> Result<(), ApiError> {
    let sent = json_object(call)?;
    change(body, patch_of(&sent)?, "/patch", &FIXED)
}

fn change(
    body: &mut Map<String, Value>,
    changes: &Map<String, Value>,
    path: &str,
    fixed: &[&str],
) -> Result<(), ApiError> {
    let refuse = |name: &str| {
        let path = format!("{path}/{name}");
        ApiError::field("INVALID_VALUE_FOR_FIELD", &path, "it cannot be changed")
    };
    for (name, value) in changes {
        match name.as_str() {
            "$set" => {
                for (name, value) in object(value, &format!("{path}/$set"))? {
                    if fixed.contains(&name.as_str()) {
                        return Err(refuse(name));
                    }
                    body.insert(name.clone(), value.clone());
                }
            }
            "$delete" => {
                let path = format!("{path}/$delete");
                for name in value.as_array().ok_or_else(|| wrong(&path, "must be an array"))? {
                    let name = name.as_str().ok_or_else(|| wrong(&path, "must hold names of fields"))?;
                    if fixed.contains(&name) {
                        return Err(refuse(name));
                    }
                    body.remove(name);
                }
            }
            name if name.starts_with('$') => return Err(wrong(&format!("{path}/{name}"), "is no operation")),
            name if fixed.contains(&name) => return Err(refuse(name)),
            name => {
                let path = format!("{path}/{name}");
                let inner = object(value, &path)?;
                let Some(Value::Object(nested)) = body.get_mut(name) else {
                    return Err(wrong(&path, "there is no such record"));
                };
                change(nested, inner, &path, &[])?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changed(patch: &Value) -> Option<Value> {
        let mut body = json!({"id": 1, "name": "a", "old": true, "runSchedule": {"start": 1, "end": 2}});
        let fields = body.as_object_mut().unwrap();
        change(fields, patch.as_object().unwrap(), "/patch", &FIXED).ok()?;
        Some(body)
    }

    #[test]
    fn a_patch_sets_deletes_and_reaches_into_records() {
        let patch = json!({"$set": {"name": "b"}, "$delete": ["old"], "runSchedule": {"$set": {"end": 3}}});
        let expected = json!({"id": 1, "name": "b", "runSchedule": {"start": 1, "end": 3}});
        assert_eq!(changed(&patch), Some(expected));
        for bad in [
            json!({"$set": {"id": 2}}),
            json!({"$delete": ["id"]}),
            json!({"$delete": "old"}),
            json!({"$add": {"name": "b"}}),
            json!({"name": "b"}),
            json!({"nobody": {"$set": {"x": 1}}}),
        ] {
            assert_eq!(changed(&bad), None, "{bad}");
        }
    }
}
