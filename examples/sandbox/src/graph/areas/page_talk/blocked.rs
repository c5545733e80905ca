//! People a Page has banned.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields, paging},
    WRITE, allow,
};

const KINDS: [&str; 3] = ["asid", "psid", "user"];
const ACTIONS: [&str; 5] = ["BAN_USER", "BLOCK_USER", "MOVE_TO_SPAM", "UNBAN_USER", "UNBLOCK_USER"];

/// The people the call names, by one kind of id.
fn named(call: &Call<'_>) -> Result<Vec<String>, GraphError> {
    call.params.only(&KINDS)?;
    let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| call.params.value(kind).is_some()).collect();
    let [kind] = kinds.as_slice() else {
        return Err(GraphError::parameter("People are named by one of {asid, psid, user}."));
    };
    ids(kind, call.params.value(kind))
}

/// A list of ids: JSON, text of it, or separated by commas; each one text, a number, or `{id}`.
fn ids(name: &str, value: Option<Value>) -> Result<Vec<String>, GraphError> {
    let wrong = || GraphError::parameter(format!("Param {name} must be a list of ids."));
    let entries = match value {
        Some(Value::Array(entries)) => entries,
        Some(Value::String(text)) if text.starts_with(['[', '{']) => match serde_json::from_str(&text) {
            Ok(Value::Array(entries)) => entries,
            _ => return Err(wrong()),
        },
        Some(Value::String(text)) => text.split(',').map(|part| json!(part.trim())).collect(),
        Some(number @ Value::Number(_)) => vec![number],
        _ => return Err(wrong()),
    };
    let read = |entry: &Value| {
        let id = match entry.get("id").unwrap_or(entry) {
            Value::String(id) => id.clone(),
            Value::Number(id) => id.to_string(),
            _ => return Err(wrong()),
        };
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        if is_id { Ok(id) } else { Err(wrong()) }
    };
    let ids = entries.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    if ids.is_empty() { Err(wrong()) } else { Ok(ids) }
}

pub(super) fn list(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &WRITE)?;
    let only = call.params.text("user")?;
    let all = call.state.areas.page_talk.blocked.iter().filter(|(of, _)| of == page);
    let wanted = all.filter(|(_, person)| only.as_ref().is_none_or(|only| only == person));
    let entries = wanted.map(|(_, person)| {
        let mut object = Map::new();
        object.insert("id".to_owned(), json!(person));
        object.insert("name".to_owned(), json!("Sandbox Visitor"));
        fields::select(call, "Profile", &object, &["id", "name"], &["name", "id"])
    });
    let entries = entries.collect::<Result<Vec<_>, _>>()?;
    paging::page(call, &format!("{page}/blocked"), &entries)
}

pub(super) fn add(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &WRITE)?;
    let people = named(call)?;
    let mut answer = Map::new();
    for person in people {
        call.state.areas.page_talk.blocked.insert((page.to_owned(), person.clone()));
        answer.insert(person, json!(true));
    }
    Ok(Value::Object(answer))
}

pub(super) fn remove(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &WRITE)?;
    let people = named(call)?;
    let [person] = people.as_slice() else {
        return Err(GraphError::parameter("One person is let in again at a time."));
    };
    if !call.state.areas.page_talk.blocked.remove(&(page.to_owned(), person.clone())) {
        return Err(GraphError::parameter("The person is not blocked."));
    }
    Ok(json!({"success": true}))
}

pub(super) fn moderate(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &["pages_messaging"])?;
    call.params.only(&["user_ids", "actions"])?;
    call.params
        .value("user_ids")
        .ok_or_else(|| GraphError::parameter("The parameter user_ids is required."))?;
    let people = ids("user_ids", call.params.value("user_ids"))?;
    let actions = call.params.list("actions")?.unwrap_or_default();
    if actions.is_empty() || actions.iter().any(|action| !ACTIONS.contains(&action.as_str())) {
        let message = format!("Param actions must be a list of {{{}}}.", ACTIONS.join(", "));
        return Err(GraphError::parameter(message));
    }
    let blocked = &mut call.state.areas.page_talk.blocked;
    for entry in people.into_iter().map(|person| (page.to_owned(), person)) {
        for action in &actions {
            match action.as_str() {
                "BAN_USER" | "BLOCK_USER" => {
                    blocked.insert(entry.clone());
                }
                "UNBAN_USER" | "UNBLOCK_USER" => {
                    blocked.remove(&entry);
                }
                _ => {}
            }
        }
    }
    Ok(json!({"success": true}))
}
