//! `/{page}/moderate_conversations`: blocking people on Instagram, and moving what they wrote to spam.

use serde_json::Value;

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    Channel,
    door::Door,
    recipient, success,
};

/// Most people of one call.
const PEOPLE: usize = 10;
/// Most actions of one call.
const ACTIONS: usize = 2;

/// Whether one of the people named is on Instagram.
pub(super) fn is_of_instagram(call: &Call<'_>) -> bool {
    let users = call.params.structure("user_ids").ok().flatten();
    let users = users.as_ref().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    users.iter().filter_map(|user| user.get("id").unwrap_or(user).as_str()).any(|id| {
        let thread = call.state.areas.messaging.threads.get(id);
        thread.is_some_and(|thread| thread.person.channel == Channel::Instagram)
    })
}

pub(super) fn moderate(call: &mut Call<'_>, door: &Door) -> Outcome {
    door.allow(call, Channel::Instagram, &["business_management"])?;
    call.params.only(&["user_ids", "actions"])?;
    let wrong = || GraphError::parameter("Param user_ids must be an array of 1 to 10 {id}.");
    let users = call.params.structure("user_ids")?;
    let users = users.as_ref().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if !(1..=PEOPLE).contains(&users.len()) {
        return Err(wrong());
    }
    let mut people = Vec::new();
    for user in users {
        let id = user.get("id").unwrap_or(user).as_str().ok_or_else(wrong)?;
        people.push(recipient::person(call, door, id)?);
    }
    let actions = call.params.list("actions")?.unwrap_or_default();
    let actions: Vec<String> = actions.iter().map(|action| action.to_ascii_uppercase()).collect();
    let known = |action: &String| matches!(action.as_str(), "BLOCK_USER" | "UNBLOCK_USER" | "MOVE_TO_SPAM");
    if actions.is_empty() || !actions.iter().all(known) {
        return Err(GraphError::parameter(
            "Param actions must be of {block_user, unblock_user, move_to_spam}.",
        ));
    }
    let named = |action: &str| actions.iter().any(|known| known == action);
    if actions.len() > ACTIONS || named("BLOCK_USER") && named("UNBLOCK_USER") {
        return Err(GraphError::parameter("Param actions: at most 2, and not both of block and unblock."));
    }
    for person in people {
        let Some(thread) = call.state.areas.messaging.threads.get_mut(person) else { continue };
        for action in &actions {
            match action.as_str() {
                "BLOCK_USER" => thread.blocked = true,
                "UNBLOCK_USER" => thread.blocked = false,
                _ => thread.folder = "spam",
            }
        }
    }
    Ok(success())
}
