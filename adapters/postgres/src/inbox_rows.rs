//! Rows as the inbox knows them.

use sociogram_api_core::Timestamp;
use sociogram_webhook_verify::{
    DedupeKey, Event, EventTime, Provider, Strength,
    inbox::{ClaimToken, Claimed, Entry, EntryId, EntryState},
};
use sqlx::postgres::PgRow;

use crate::{
    fault::Fault,
    values::{Columns as _, Time},
};

/// A time as it is stored.
pub(crate) fn time(time: EventTime) -> Time {
    Time(Timestamp::from_unix_millis(time.as_unix_millis()))
}

/// How far a key can be trusted, as it is stored.
pub(crate) fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Exact => "exact",
        _ => "best_effort",
    }
}

/// A position.
pub(crate) fn id(row: &PgRow, name: &'static str) -> Result<EntryId, Fault> {
    Ok(EntryId::new(row.count(name)?))
}

fn event_time(name: &'static str, time: Time) -> Result<EventTime, Fault> {
    EventTime::from_unix_millis(time.0.as_unix_millis()).ok_or(Fault::Unreadable(name))
}

/// A time that is always there.
pub(crate) fn at(row: &PgRow, name: &'static str) -> Result<EventTime, Fault> {
    event_time(name, row.get(name)?)
}

/// A time that may not be there.
pub(crate) fn maybe_at(row: &PgRow, name: &'static str) -> Result<Option<EventTime>, Fault> {
    row.get::<Option<Time>>(name)?.map(|time| event_time(name, time)).transpose()
}

/// A claim. What the event itself is may be unknown to this version.
pub(crate) fn token(row: &PgRow) -> Result<ClaimToken, Fault> {
    Ok(ClaimToken::new(id(row, "id")?, row.count("fence")?))
}

/// An event that was taken.
pub(crate) fn claimed(row: &PgRow) -> Result<Claimed, Fault> {
    Ok(Claimed::new(
        token(row)?,
        event(row)?.ok_or(Fault::Unreadable("event"))?,
        row.count("attempts")?,
        at(row, "received_at")?,
        at(row, "claimed_at")?,
    ))
}

/// `None`: its payload is gone.
fn event(row: &PgRow) -> Result<Option<Event>, Fault> {
    let stored: Option<&str> = row.get("event")?;
    stored.map(|stored| serde_json::from_str(stored).map_err(|_| Fault::Unreadable("event"))).transpose()
}

/// The smallest event there is. An [`Entry`] begins with an event, also where this one is gone or cannot be read.
const NO_EVENT: &str = r#"{"version":1,"provider":"meta","object":"","account":null,"field":"","sent_at":null,
    "key":"0000000000000000000000000000000000000000000000000000000000000000","strength":"exact","raw":null}"#;

/// An event with its state.
pub(crate) fn entry(row: &PgRow) -> Result<Entry, Fault> {
    let none: Event = serde_json::from_str(NO_EVENT).map_err(|_| Fault::Unreadable("event"))?;
    let mut entry = Entry::new(id(row, "position")?, none, at(row, "received_at")?);
    let key: &[u8] = row.get("key")?;
    entry.key = DedupeKey::from_bytes(key.try_into().map_err(|_| Fault::Unreadable("key"))?);
    entry.strength = match row.get("strength")? {
        "exact" => Strength::Exact,
        "best_effort" => Strength::BestEffort,
        _ => return Err(Fault::Unreadable("strength")),
    };
    entry.provider = match row.get("provider")? {
        "meta" => Provider::Meta,
        "linkedin" => Provider::LinkedIn,
        _ => return Err(Fault::Unreadable("provider")),
    };
    entry.object = row.get("object")?;
    entry.account = row.get("account")?;
    entry.subject = row.get("subject")?;
    entry.field = row.get("field")?;
    entry.kind = row.get("kind")?;
    entry.state = EntryState::parse(row.get("state")?).ok_or(Fault::Unreadable("state"))?;
    entry.attempts = row.count("attempts")?;
    entry.replays = row.count("replays")?;
    entry.occurred_at = maybe_at(row, "occurred_at")?;
    entry.due_at = maybe_at(row, "due_at")?;
    entry.finished_at = maybe_at(row, "finished_at")?;
    // What a newer version tells of an attempt is no reason to hide the event.
    let errors: Vec<String> = row.get("errors")?;
    entry.errors = errors.iter().filter_map(|error| serde_json::from_str(error).ok()).collect();
    entry.event = event(row).unwrap_or_default();
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_an_event_to_begin_with() {
        let event: Event = serde_json::from_str(NO_EVENT).unwrap();
        assert_eq!((event.object(), event.account(), event.subject(), event.raw()), ("", None, None, "null"));
    }

    #[test]
    fn strengths_are_stored_as_they_are_serialized() {
        for each in [Strength::Exact, Strength::BestEffort] {
            assert_eq!(serde_json::to_value(each).unwrap(), strength(each));
        }
    }
}
