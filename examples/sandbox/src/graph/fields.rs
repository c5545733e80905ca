//! The `fields` parameter: which fields of an object are answered.

use serde_json::{Map, Value};

use super::{Call, answer::GraphError};

/// Keeps the fields asked for, or the default ones; the id always stays.
///
/// # Errors
///
/// When a field does not exist on this kind of object.
pub(crate) fn select(
    call: &Call<'_>,
    kind: &str,
    object: &Map<String, Value>,
    known: &[&str],
    default: &[&str],
) -> Result<Value, GraphError> {
    let asked = call.params.text("fields")?;
    let names = match &asked {
        Some(text) => {
            names(text).ok_or_else(|| GraphError::parameter("Syntax error in the fields parameter."))?
        }
        None => default.to_vec(),
    };
    if has_no_date_format(call.version) && call.params.value("date_format").is_some() {
        return Err(GraphError::parameter("date_format is no longer supported."));
    }
    let mut out = Map::new();
    for name in names.into_iter().chain(["id"]) {
        if !known.contains(&name) {
            let message = format!("Tried accessing nonexisting field ({name}) on node type ({kind})");
            return Err(GraphError::parameter(message));
        }
        // A field that exists but has no value here is left out, not null.
        if let Some(value) = object.get(name) {
            out.insert(name.to_owned(), value.clone());
        }
    }
    Ok(Value::Object(out))
}

/// `date_format` went away with v26.0.
fn has_no_date_format(version: &str) -> bool {
    let major =
        version.trim_start_matches('v').split('.').next().and_then(|digits| digits.parse::<u32>().ok());
    major.is_some_and(|major| major >= 26)
}

/// The names before any expansion: `id,picture.width(5){url,height}` names `id` and `picture`.
pub(crate) fn names(text: &str) -> Option<Vec<&str>> {
    let mut depth = 0_u32;
    let mut start = 0;
    let mut names = Vec::new();
    let mut push = |from: usize, to: usize| {
        let part = text.get(from..to)?.trim();
        let end = part.find(['{', '.', '(']).unwrap_or(part.len());
        names.push(part.get(..end)?);
        Some(())
    };
    for (position, c) in text.char_indices() {
        match c {
            '{' | '(' => depth = depth.saturating_add(1),
            '}' | ')' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => {
                push(start, position)?;
                start = position.saturating_add(1);
            }
            _ => {}
        }
    }
    push(start, text.len())?;
    names.retain(|name| !name.is_empty());
    (depth == 0).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_stop_at_an_expansion() {
        let cases: [(&str, Option<&[&str]>); 6] = [
            ("id,name", Some(&["id", "name"])),
            ("id, picture.width(5){url,height},name", Some(&["id", "picture", "name"])),
            ("instagram_business_account{id,username}", Some(&["instagram_business_account"])),
            ("", Some(&[])),
            ("a{b", None),
            ("a}b", None),
        ];
        for (text, expected) in cases {
            assert_eq!(names(text).as_deref(), expected, "{text}");
        }
    }
}
