//! Which app may write to a person: passing, taking and giving up the control.

use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    Channel, DAY, PAGE_INBOX,
    door::Door,
    inbox::{Owner, Thread},
    recipient, success,
};
use crate::state::State;

/// Longest extension, in seconds.
const LONGEST: i64 = 7 * DAY;

fn recipient_id(call: &Call<'_>, door: &Door) -> Result<&'static str, GraphError> {
    let value = call.params.structure("recipient")?;
    let id = value.as_ref().and_then(|value| value.get("id")).and_then(Value::as_str);
    let id = id.ok_or_else(|| GraphError::parameter("The parameter recipient[id] is required."))?;
    check(call, door, id)
}

/// Somebody the caller may write to.
fn check(call: &Call<'_>, door: &Door, id: &str) -> Result<&'static str, GraphError> {
    if let Door::Page { page, caller } = door {
        caller.page(call, page, &[])?;
    }
    let person = recipient::person(call, door, id)?;
    let thread = call.state.areas.messaging.threads.get(person);
    door.allow(call, thread.map_or(Channel::Messenger, |thread| thread.person.channel), &[])?;
    Ok(person)
}

fn thread<'s>(state: &'s mut State, person: &str) -> Result<&'s mut Thread, GraphError> {
    let unknown = || GraphError::parameter("No matching user found").subcode(2_018_001);
    state.areas.messaging.threads.get_mut(person).ok_or_else(unknown)
}

/// Refuses what only the app in control may do.
fn must_own(thread: &Thread) -> Result<(), GraphError> {
    if thread.owner == Owner::Us {
        return Ok(());
    }
    let message = "The app does not own the thread.";
    Err(match thread.person.channel {
        Channel::Messenger => GraphError::new(400, 10, format!("(#10) {message}")).subcode(2_018_300),
        Channel::Instagram => GraphError::parameter(message).subcode(2_534_037),
    })
}

pub(super) fn owner(call: &Call<'_>, door: &Door) -> Outcome {
    let asked = call.params.required("recipient")?;
    let person = check(call, door, &asked)?;
    let thread = call.state.areas.messaging.threads.get(person);
    let Some(thread) = thread else { return Ok(json!({"data": []})) };
    let app = match &thread.owner {
        Owner::Us => call.shared.config.meta.id.as_str(),
        Owner::App(app) => app,
        Owner::Nobody => return Ok(json!({"data": []})),
    };
    let expiration = thread.wrote_at.unwrap_or_default() + DAY + thread.extended;
    Ok(json!({"data": [{"thread_owner": {"app_id": app, "expiration": expiration}}]}))
}

pub(super) fn pass(call: &mut Call<'_>, door: &Door) -> Outcome {
    call.params.only(&["recipient", "target_app_id", "metadata"])?;
    let person = recipient_id(call, door)?;
    let target = call.params.required("target_app_id")?;
    // Apps other than the Page's inbox are unknown here: what looks like one is taken for one.
    let is_app = target == PAGE_INBOX || (target.len() >= 10 && target.bytes().all(|b| b.is_ascii_digit()));
    if !is_app {
        return Err(GraphError::parameter("Param target_app_id must be a valid app id.").subcode(2_018_164));
    }
    let ours = target == call.shared.config.meta.id;
    let thread = thread(call.state, person)?;
    must_own(thread)?;
    thread.owner = if ours { Owner::Us } else { Owner::App(target) };
    thread.extended = 0;
    Ok(success())
}

pub(super) fn take(call: &mut Call<'_>, door: &Door) -> Outcome {
    call.params.only(&["recipient", "metadata"])?;
    let person = recipient_id(call, door)?;
    thread(call.state, person)?.owner = Owner::Us;
    Ok(success())
}

/// The other app is told; nothing changes until it agrees.
pub(super) fn request(call: &mut Call<'_>, door: &Door) -> Outcome {
    call.params.only(&["recipient", "metadata"])?;
    recipient_id(call, door)?;
    Ok(success())
}

pub(super) fn release(call: &mut Call<'_>, door: &Door) -> Outcome {
    call.params.only(&["recipient"])?;
    let person = recipient_id(call, door)?;
    let thread = thread(call.state, person)?;
    must_own(thread)?;
    thread.owner = Owner::Nobody;
    Ok(success())
}

pub(super) fn extend(call: &mut Call<'_>, door: &Door) -> Outcome {
    call.params.only(&["recipient", "duration"])?;
    let person = recipient_id(call, door)?;
    let duration = call.params.integer("duration")?.unwrap_or(DAY);
    if !(1..=LONGEST).contains(&duration) {
        return Err(GraphError::parameter("Param duration must be at most 7 days, in seconds."));
    }
    let thread = thread(call.state, person)?;
    must_own(thread)?;
    thread.extended = duration;
    Ok(success())
}
