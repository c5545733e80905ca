//! `{result=name:$.path}`: what an earlier item answered, in the address or body of a later one.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::super::answer::GraphError;

const OPEN: &str = "{result=";

/// The names that a text refers to.
pub(super) fn names(text: &str) -> Vec<&str> {
    let pieces = text.split(OPEN).skip(1);
    pieces.filter_map(|piece| piece.split_once(':').map(|(name, _)| name)).collect()
}

/// The text with every reference replaced by what it stands for.
pub(super) fn resolve(text: &str, results: &BTreeMap<&str, &Value>) -> Result<String, GraphError> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let wrong = || GraphError::parameter("A reference in a batch item cannot be read.");
        let (inside, behind) = after.split_once('}').ok_or_else(wrong)?;
        let (name, path) = inside.split_once(':').ok_or_else(wrong)?;
        let found = select(results.get(name).ok_or_else(wrong)?, path).ok_or_else(wrong)?;
        out.push_str(before);
        out.push_str(&found);
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

/// What a JSONPath of names, positions and `*` selects, several values separated by commas.
fn select(result: &Value, path: &str) -> Option<String> {
    let path = path.strip_prefix('$')?.replace('[', ".").replace(']', "");
    let mut found = vec![result];
    for step in path.split('.').filter(|step| !step.is_empty()) {
        let mut next = Vec::new();
        for value in found {
            match (value, step) {
                (Value::Array(entries), "*") => next.extend(entries),
                (Value::Object(fields), "*") => next.extend(fields.values()),
                (Value::Array(entries), _) => next.extend(entries.get(step.parse::<usize>().ok()?)),
                _ => next.extend(value.get(step)),
            }
        }
        found = next;
    }
    let texts: Vec<String> = found
        .into_iter()
        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        .collect();
    (!texts.is_empty()).then(|| texts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_are_replaced() {
        let result = json!({"id": "7", "data": [{"id": "1"}, {"id": 2}]});
        let results = BTreeMap::from([("a", &result)]);
        let text = "?ids={result=a:$.data.*.id}&one={result=a:$.data[1].id}&id={result=a:$.id}";
        assert_eq!(names(text), ["a", "a", "a"]);
        assert_eq!(resolve(text, &results).unwrap(), "?ids=1,2&one=2&id=7");
        for wrong in ["{result=b:$.id}", "{result=a:$.x}", "{result=a", "{result=a:id}"] {
            assert!(resolve(wrong, &results).is_err(), "{wrong}");
        }
    }
}
