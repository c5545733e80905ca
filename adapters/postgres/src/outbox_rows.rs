//! Rows as the outbox knows them.

use std::borrow::Cow;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sociogram_api_core::Timestamp;
use sociogram_capi::outbox::{
    Attempt, BatchEvent, Census, ClaimToken, Entry, EntryId, EntryState, Fate, OutboxEvent, Platform, Route,
};
use sociogram_oauth_core::{ConnectionId, TenantId};
use sqlx::{postgres::PgRow, types::Uuid};

use crate::{
    fault::Fault,
    values::{Columns as _, Time},
};

/// A noncharacter of Unicode, which stands before what stands for something else: Postgres keeps no NUL.
const ESCAPE: char = '\u{FDD0}';

/// A text as it is stored. [`given`] gives back the same, whatever it holds.
pub(crate) fn kept(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', ESCAPE]) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len() + 8);
    for one in text.chars() {
        match one {
            '\0' => kept.extend([ESCAPE, '0']),
            ESCAPE => kept.extend([ESCAPE, ESCAPE]),
            other => kept.push(other),
        }
    }
    Cow::Owned(kept)
}

/// A text as it was before it was stored.
fn given(text: String) -> String {
    if !text.contains(ESCAPE) {
        return text;
    }
    let mut given = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(one) = rest.next() {
        match one {
            ESCAPE => given.extend(rest.next().map(|next| if next == '0' { '\0' } else { next })),
            other => given.push(other),
        }
    }
    given
}

/// The first bytes of keys are a hash of the event id.
const OF_ID: usize = 8;
const KEY: usize = 32;

/// By what an event with an id is known. Tenants have keys of their own.
pub(crate) fn key(route: &Route, event: &OutboxEvent) -> Option<Vec<u8>> {
    let id = event.event_id.as_deref()?;
    let whole = hash(&[route.platform.as_str(), &route.target, &event.name, id]);
    Some(key_of(id, &whole))
}

/// Between what the keys of events with this id are.
pub(crate) fn keys_with(id: &str) -> (Vec<u8>, Vec<u8>) {
    (key_of(id, &[0; KEY]), key_of(id, &[0xFF; KEY]))
}

fn key_of(id: &str, whole: &[u8; KEY]) -> Vec<u8> {
    let of_id = hash(&[id]);
    of_id.iter().take(OF_ID).chain(whole.iter().take(KEY - OF_ID)).copied().collect()
}

/// Where an index finds the events of a route.
pub(crate) fn route_hash(route: &Route) -> i64 {
    let ids = [route.tenant.to_string(), route.connection.to_string()];
    let [tenant, connection] = &ids;
    let hash = hash(&[tenant, connection, route.platform.as_str(), &route.target, &route.envelope]);
    hash.iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte))
}

/// Each part with its length, so that none runs into the next.
fn hash(parts: &[&str]) -> [u8; KEY] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// A position.
pub(crate) fn id(row: &PgRow, name: &'static str) -> Result<EntryId, Fault> {
    Ok(EntryId::new(row.count(name)?))
}

fn at(row: &PgRow, name: &'static str) -> Result<Timestamp, Fault> {
    Ok(row.get::<Time>(name)?.0)
}

fn maybe_at(row: &PgRow, name: &'static str) -> Result<Option<Timestamp>, Fault> {
    Ok(row.get::<Option<Time>>(name)?.map(|time| time.0))
}

/// When it was claimed.
pub(crate) fn claimed_at(row: &PgRow) -> Result<Timestamp, Fault> {
    at(row, "claimed_at")
}

/// A claim. What the event itself is may be unknown to this version.
pub(crate) fn token(row: &PgRow) -> Result<ClaimToken, Fault> {
    Ok(ClaimToken::new(id(row, "id")?, row.count("fence")?))
}

/// An event that was taken.
pub(crate) fn claimed(row: &PgRow) -> Result<BatchEvent, Fault> {
    Ok(BatchEvent::new(
        token(row)?,
        given(row.get("json")?).into(),
        row.get("has_event_id")?,
        at(row, "expires_at")?,
        row.count("attempts")?,
        at(row, "added_at")?,
    ))
}

/// Where an event goes.
pub(crate) fn route(row: &PgRow) -> Result<Route, Fault> {
    Ok(Route {
        tenant: TenantId::from_bytes(row.get::<Uuid>("tenant_id")?.into_bytes()),
        connection: ConnectionId::from_bytes(row.get::<Uuid>("connection_id")?.into_bytes()),
        platform: Platform::parse(row.get("platform")?).ok_or(Fault::Unreadable("platform"))?,
        target: given(row.get("target")?),
        envelope: given(row.get("envelope")?),
    })
}

/// An event with its state.
pub(crate) fn entry(row: &PgRow) -> Result<Entry, Fault> {
    let event = OutboxEvent {
        name: given(row.get("name")?),
        event_id: row.get::<Option<String>>("event_id")?.map(given),
        event_time: at(row, "event_time")?,
        expires_at: at(row, "expires_at")?,
        json: row.get::<Option<String>>("json")?.map(given).unwrap_or_default().into(),
    };
    let mut entry = Entry::new(id(row, "position")?, route(row)?, event, at(row, "added_at")?);
    entry.state = EntryState::parse(row.get("state")?).ok_or(Fault::Unreadable("state"))?;
    let fate: Option<&str> = row.get("fate")?;
    entry.fate =
        fate.map(|fate| serde_json::from_str(fate).map_err(|_| Fault::Unreadable("fate"))).transpose()?;
    entry.attempts = row.count("attempts")?;
    entry.replays = row.count("replays")?;
    // What a newer version tells of an attempt is no reason to hide the event.
    let history: Vec<String> = row.get("history")?;
    entry.history = history.iter().filter_map(|attempt| read_attempt(attempt)).collect();
    entry.due_at = maybe_at(row, "due_at")?;
    entry.finished_at = maybe_at(row, "finished_at")?;
    Ok(entry)
}

fn read_attempt(stored: &str) -> Option<Attempt> {
    let stored: Value = serde_json::from_str(stored).ok()?;
    let at = Timestamp::from_unix_millis(stored.get("at")?.as_i64()?);
    Some(Attempt::new(at, stored.get("reason")?.as_str()?))
}

/// A fate as it is stored.
pub(crate) fn fate(fate: &Fate) -> Result<String, Fault> {
    serde_json::to_string(fate).map_err(|_| Fault::Unsendable)
}

/// How many events are in which state.
pub(crate) fn census(row: &PgRow) -> Result<Census, Fault> {
    let mut census = Census::default();
    census.pending = row.count("pending")?;
    census.claimed = row.count("claimed")?;
    census.sending = row.count("sending")?;
    census.sent = row.count("sent")?;
    census.rejected = row.count("rejected")?;
    census.in_doubt = row.count("in_doubt")?;
    census.oldest_due = maybe_at(row, "oldest_due")?;
    census.now = Some(at(row, "now")?);
    Ok(census)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(name: &str, id: Option<&str>) -> OutboxEvent {
        OutboxEvent {
            name: name.to_owned(),
            event_id: id.map(str::to_owned),
            event_time: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
            json: "{}".into(),
        }
    }

    fn to(target: &str) -> Route {
        Route::meta(TenantId::from_bytes([1; 16]), ConnectionId::from_bytes([2; 16]), target)
    }

    proptest! {
        #[test]
        fn a_text_comes_back_as_it_was(text in "[\\x00\u{FDD0}0aé]{0,12}|.*") {
            let stored = kept(&text).into_owned();
            prop_assert!(!stored.contains('\0'));
            prop_assert_eq!(given(stored), text);
        }

        #[test]
        fn different_texts_are_stored_differently(one in "[\\x00\u{FDD0}0]{0,6}", other in "[\\x00\u{FDD0}0]{0,6}") {
            prop_assert_eq!(kept(&one) == kept(&other), one == other);
        }
    }

    #[test]
    fn what_differs_in_any_part_has_another_key() {
        let known = key(&to("1"), &event("Purchase", Some("a"))).unwrap();
        assert_eq!(known.len(), KEY);
        assert_eq!(key(&to("1"), &event("Purchase", Some("a"))), Some(known.clone()));
        let elsewhere = Route { platform: Platform::LinkedIn, ..to("1") };
        for other in [
            key(&to("2"), &event("Purchase", Some("a"))),
            key(&elsewhere, &event("Purchase", Some("a"))),
            key(&to("1"), &event("Lead", Some("a"))),
            key(&to("1"), &event("Purchase", Some("b"))),
            key(&to("1P"), &event("urchase", Some("a"))),
            key(&to("1"), &event("Purchasea", Some(""))),
        ] {
            assert!(other.is_some_and(|other| other != known));
        }
        assert_eq!(key(&to("1"), &event("Purchase", None)), None);
    }

    #[test]
    fn keys_are_found_by_their_event_id() {
        let (from, to_key) = keys_with("a");
        let inside = |key: &Vec<u8>| *key >= from && *key <= to_key;
        for known in ["Purchase", "Lead"] {
            assert!(inside(&key(&to("1"), &event(known, Some("a"))).unwrap()));
            assert!(!inside(&key(&to("1"), &event(known, Some("b"))).unwrap()));
        }
    }

    #[test]
    fn what_makes_a_route_makes_its_hash() {
        let route = to("1");
        assert_eq!(route_hash(&route), route_hash(&to("1")));
        for other in [
            to("2"),
            to("1").with_envelope(r#","test_event_code":"T"}"#),
            Route { platform: Platform::LinkedIn, ..to("1") },
            Route { tenant: TenantId::from_bytes([9; 16]), ..to("1") },
            Route { connection: ConnectionId::from_bytes([9; 16]), ..to("1") },
        ] {
            assert_ne!(route_hash(&route), route_hash(&other), "{other:?}");
        }
    }
}
