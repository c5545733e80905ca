//! Counts asked for among the fields of a post: `comments.limit(0).summary(true)`,
//! `reactions.type(LOVE).limit(0).summary(total_count).as(love)`.

use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    comment, reactions,
};

/// Adds them to a post that was read.
pub(crate) fn with_counts(call: &Call<'_>, post: &str, mut answer: Value) -> Outcome {
    let Some(text) = call.params.text("fields")? else { return Ok(answer) };
    for part in parts(&text) {
        let name = part.split(['.', '{', '(']).next().unwrap_or_default();
        let kind = argument(part, "type");
        let summary = match name {
            "comments" => json!({
                "order": "chronological", "total_count": comment::count(call, post), "can_comment": true,
            }),
            "reactions" | "likes" => {
                if kind.is_some_and(|kind| !reactions::TYPES.contains(&kind)) {
                    return Err(GraphError::parameter("Param type must be a kind of reaction."));
                }
                let kind = if name == "likes" { Some("LIKE") } else { kind };
                json!({"total_count": reactions::count(call, post, kind)})
            }
            _ => continue,
        };
        let alias = argument(part, "as").unwrap_or(name);
        let mut value = json!({"data": []});
        if let (Some(_), Some(fields)) = (argument(part, "summary"), value.as_object_mut()) {
            fields.insert("summary".to_owned(), summary);
        }
        if let Some(fields) = answer.as_object_mut() {
            fields.insert(alias.to_owned(), value);
        }
    }
    Ok(answer)
}

/// What stands between the brackets of `.name(…)`.
fn argument<'t>(part: &'t str, name: &str) -> Option<&'t str> {
    let rest = part.split_once(&format!(".{name}("))?.1;
    rest.split_once(')').map(|(argument, _)| argument)
}

/// The fields, each with its brackets.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0_u32;
    let split = text.split(|c: char| {
        match c {
            '{' | '(' => depth = depth.saturating_add(1),
            '}' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    split.map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::{argument, parts};

    #[test]
    fn a_comma_in_brackets_ends_no_field() {
        assert_eq!(parts("id,a{b,c},d.x(1,2)"), ["id", "a{b,c}", "d.x(1,2)"]);
        assert_eq!(argument("reactions.type(LOVE).as(love)", "as"), Some("love"));
        assert_eq!(argument("reactions", "as"), None);
    }
}
