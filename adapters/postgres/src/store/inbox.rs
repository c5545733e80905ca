//! Events on their way into the inbox.

use std::borrow::Cow;

use async_trait::async_trait;
use sociogram_webhook_verify::{
    Event,
    inbox::{InboxError, RecordEvents, Recorded},
};

use super::PostgresStore;
use crate::{
    database::Call,
    fault::Fault,
    inbox_rows::{id, strength, time},
    values::{Columns as _, shown},
};

/// On the app's login, which writes events and reads none.
#[async_trait]
impl RecordEvents for PostgresStore {
    async fn record(&self, events: &[Event]) -> Result<Vec<Recorded>, InboxError> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<_> = events.iter().map(Event::key).collect();
        let kinds: Vec<_> = events.iter().map(|event| event.kind().name()).collect();
        let stored: Vec<String> = events
            .iter()
            .map(|event| serde_json::to_string(event).map_err(|_| Fault::Unsendable))
            .collect::<Result<_, _>>()?;
        let call = Call::write(&self.inbox.record)
            .bind(keys.iter().map(|key| key.as_bytes().as_slice()).collect::<Vec<_>>())
            .bind(events.iter().map(|event| strength(event.strength())).collect::<Vec<_>>())
            .bind(events.iter().map(|event| event.provider().as_str()).collect::<Vec<_>>())
            .bind(texts(events, Event::object))
            .bind(maybe_texts(events, Event::account))
            .bind(maybe_texts(events, Event::subject))
            .bind(texts(events, Event::field))
            .bind(kinds)
            .bind(stored)
            .bind(events.iter().map(|event| event.occurred_at().map(time)).collect::<Vec<_>>());
        let mut recorded = vec![Recorded::Duplicate; events.len()];
        for row in self.lane.rows(call).await? {
            // Places count from 1.
            let place: usize = row.count("place")?;
            let new = recorded.get_mut(place.wrapping_sub(1)).ok_or(Fault::Unreadable("place"))?;
            *new = Recorded::New(id(&row, "id")?);
        }
        Ok(recorded)
    }
}

fn texts(events: &[Event], text: fn(&Event) -> &str) -> Vec<Cow<'_, str>> {
    events.iter().map(|event| shown(text(event))).collect()
}

fn maybe_texts(events: &[Event], text: fn(&Event) -> Option<&str>) -> Vec<Option<Cow<'_, str>>> {
    events.iter().map(|event| text(event).map(shown)).collect()
}
