//! People whose messages the business does not want.

use http::Method;
use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, paging},
    MESSAGING, json_only, people, permitted, product,
    shape::Shape,
};

/// `/{phone}/block_users`
pub(super) fn route(call: &mut Call<'_>, id: &str) -> Outcome {
    permitted(call, id, &[MESSAGING])?;
    match call.request.method {
        Method::GET => {
            let blocked = &call.state.areas.whatsapp.number(id)?.blocked;
            let one = |person: &String| json!({"messaging_product": "whatsapp", "wa_id": person});
            let items: Vec<Value> = blocked.iter().map(one).collect();
            paging::page(call, &format!("{id}/block_users"), &items)
        }
        Method::POST => change(call, id, true),
        Method::DELETE => change(call, id, false),
        _ => Err(GraphError::unsupported(&call.request.method, id)),
    }
}

/// Blocking works for people who wrote within 24 hours only; the answer tells each failure.
fn change(call: &mut Call<'_>, id: &str, block: bool) -> Outcome {
    json_only(call)?;
    call.params.only(&["messaging_product", "block_users"])?;
    product(call)?;
    let list = call.params.value("block_users").unwrap_or_default();
    let now = call.state.now_seconds();
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for person in persons("block_users", &list, 1000)? {
        let held = &mut call.state.areas.whatsapp;
        let phone = people::phone_of(&person.id).to_owned();
        let open = held.window_is_open(&phone, now);
        let blocked = &mut held.number_mut(id)?.blocked;
        let at = blocked.iter().position(|known| *known == phone);
        let error = match (block, at) {
            (true, None) if open => {
                blocked.push(phone);
                None
            }
            (true, None) => Some((139_100, "The user has not messaged the business in the last 24 hours")),
            (true, Some(_)) => Some((139_100, "The user is blocked already")),
            (false, Some(at)) => {
                blocked.remove(at);
                None
            }
            (false, None) => Some((139_100, "The user is not blocked")),
        };
        let mut entry = person.entry();
        match error {
            None => done.push(entry),
            Some((code, message)) => {
                let errors = json!([{"code": code, "message": message, "error_data": {"details": message}}]);
                entry.insert("errors".to_owned(), errors);
                failed.push(entry);
            }
        }
    }
    let name = if block { "added_users" } else { "removed_users" };
    let mut answer = Map::from_iter([(name.to_owned(), json!(done))]);
    if !failed.is_empty() {
        answer.insert("failed_users".to_owned(), json!(failed));
    }
    Ok(json!({"messaging_product": "whatsapp", "block_users": answer}))
}

/// A person in a list, named by number or by user id.
pub(super) struct Person {
    input: String,
    pub(super) id: String,
    by_user_id: bool,
}

impl Person {
    pub(super) fn entry(&self) -> Map<String, Value> {
        let name = if self.by_user_id { "user_id" } else { "wa_id" };
        let pairs = [("input".to_owned(), json!(self.input)), (name.to_owned(), json!(self.id))];
        pairs.into_iter().collect()
    }
}

/// `[{user}]` or `[{user_id}]`.
pub(super) fn persons(name: &str, list: &Value, most: usize) -> Result<Vec<Person>, GraphError> {
    let wrong = || GraphError::parameter(format!("Param {name} must be an array of 1 to {most} users."));
    let list = list.as_array().filter(|list| (1..=most).contains(&list.len())).ok_or_else(wrong)?;
    let mut persons = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let shape = Shape::plain(entry, &format!("{name}[{index}]"))?;
        shape.only(&["user", "user_id"])?;
        persons.push(match (shape.text("user", 30)?, shape.text("user_id", 160)?) {
            (Some(user), _) => {
                let id = people::digits(user).ok_or_else(|| shape.wrong("user", "is no phone number"))?;
                Person { input: user.to_owned(), id, by_user_id: false }
            }
            (None, Some(user)) if people::is_user_id(user) => {
                Person { input: user.to_owned(), id: user.to_owned(), by_user_id: true }
            }
            (None, Some(_)) => return Err(shape.wrong("user_id", "is no business-scoped user id")),
            (None, None) => return Err(shape.missing("user")),
        });
    }
    Ok(persons)
}
