//! What people write of their own accord, and what becomes of what they are sent, when the control API says so.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{people, settle};
use crate::state::{Inner, State};

/// A message of a person.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) id: String,
    /// Digits of the phone number.
    pub(crate) from: String,
    /// In seconds.
    pub(crate) at: i64,
}

/// The number of the business, as deliveries name it.
#[derive(Debug)]
pub(crate) struct Metadata {
    pub(crate) display_phone_number: String,
    pub(crate) phone_number_id: String,
}

/// A message to a person, and its category where it was made from a template.
#[derive(Debug)]
pub(crate) struct Outbound {
    pub(crate) id: String,
    pub(crate) to: String,
    pub(crate) from: Metadata,
    pub(crate) is_template: bool,
}

/// The id that is valid for this business only, of those who have one.
pub(crate) fn user_id(phone: &str) -> Option<&'static str> {
    match phone {
        people::CUSTOMER => Some(people::CUSTOMER_ID),
        people::STRANGER => Some(people::STRANGER_ID),
        _ => None,
    }
}

/// Where webhooks go.
#[derive(Debug)]
pub(crate) enum Callback {
    /// To the app's own address.
    OfTheApp,
    /// To another one.
    Elsewhere(String),
}

/// Where the app gets the account's webhooks; `None` when it does not.
pub(crate) fn callback(state: &State) -> Option<Callback> {
    state.areas.whatsapp.account.callback()
}

/// Somebody writes to the number of the business; the customer unless named. `None` when they cannot: their number is
/// none or is blocked, or that of the business is not registered.
pub(crate) fn write(shared: &Inner, state: &mut State, from: Option<&str>) -> Option<(Metadata, Written)> {
    let business = &shared.config.world.business;
    settle(business, state);
    let from = people::digits(from.unwrap_or(people::CUSTOMER))?;
    let to = metadata(state, &business.phone_number)?;
    let number = state.areas.whatsapp.numbers.get(&business.phone_number)?;
    if !number.is_registered() || number.blocked.contains(&from) || number.digits() == from {
        return None;
    }
    let id = format!("wamid.{}", STANDARD.encode(format!("SBX-IN-{from}-{:06}", state.number())));
    let written = Written { id, from, at: state.now_seconds() };
    state.areas.whatsapp.written.push(written.clone());
    Some((to, written))
}

/// The message with this id that was sent to a person, or else the newest.
pub(crate) fn outbound(state: &State, id: Option<&str>) -> Option<Outbound> {
    let held = &state.areas.whatsapp;
    let sent = held.sent.iter().rev().find(|sent| id.is_none_or(|id| id == sent.id))?;
    Some(Outbound {
        id: sent.id.clone(),
        to: sent.to.clone(),
        from: metadata(state, &sent.from)?,
        is_template: sent.template.is_some(),
    })
}

fn metadata(state: &State, number: &str) -> Option<Metadata> {
    let display_phone_number = state.areas.whatsapp.numbers.get(number)?.digits();
    Some(Metadata { display_phone_number, phone_number_id: number.to_owned() })
}
