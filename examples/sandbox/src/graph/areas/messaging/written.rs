//! What people write of their own accord, when the control API has them do so.

use super::{Channel, INSTAGRAM_PERSON, PERSON, inbox::Owner};
use crate::state::State;

/// A message of a person, which is in the conversation by now.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) id: String,
    pub(crate) person: String,
    /// Whether the app has the conversation; otherwise it only listens.
    pub(crate) is_ours: bool,
}

/// Somebody writes to the Page; the one with an open conversation unless named. `None` when nobody like that can.
pub(crate) fn on_messenger(state: &mut State, person: Option<&str>, text: &str) -> Option<Written> {
    write(state, Channel::Messenger, person.unwrap_or(PERSON), text)
}

/// The same to the Instagram account.
pub(crate) fn on_instagram(state: &mut State, person: Option<&str>, text: &str) -> Option<Written> {
    write(state, Channel::Instagram, person.unwrap_or(INSTAGRAM_PERSON), text)
}

fn write(state: &mut State, channel: Channel, person: &str, text: &str) -> Option<Written> {
    let id = format!("m_{}", state.random_hex());
    let now = state.now_seconds();
    let thread = state.areas.messaging.threads.get_mut(person)?;
    if thread.person.channel != channel || thread.blocked {
        return None;
    }
    thread.person_writes(id.clone(), now, text.to_owned());
    Some(Written { id, person: person.to_owned(), is_ours: !matches!(thread.owner, Owner::App(_)) })
}
