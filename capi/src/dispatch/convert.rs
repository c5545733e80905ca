//! From events to what the log keeps.

use std::time::Duration;

use sociogram_api_core::Timestamp;

use crate::{ActionSource, Event, PrepareOptions, Prepared, Rejected, outbox::OutboxEvent, prepare};

const DAY: Duration = Duration::from_secs(24 * 3600);

impl OutboxEvent {
    /// Normalises, hashes and checks events for Meta, and gives what the log keeps of each that passes, with its number.
    /// Those that Meta would refuse are rejected, and never get into the log. Warnings are in
    /// [`Prepared::warnings`]: use [`prepare()`] and [`of_prepared`](Self::of_prepared) for those.
    ///
    /// An event expires 7 days after it happened, one of a physical store 62 days (Conversions API: server event
    /// parameters, `event_time`).
    ///
    /// Give the route the [`envelope`](PrepareOptions::envelope) of the same options.
    pub fn prepare(events: &[Event], options: &PrepareOptions) -> (Vec<(usize, Self)>, Vec<Rejected>) {
        let prepared = prepare(events, options);
        (Self::of_prepared(&prepared, events), prepared.rejected().to_vec())
    }

    /// The same of events that are prepared already: `events` are those that [`prepare()`] was given, in their order.
    pub fn of_prepared(prepared: &Prepared, events: &[Event]) -> Vec<(usize, Self)> {
        let bodies = prepared.bodies().iter();
        let written = bodies.flat_map(|body| body.indexes().zip(body.events()));
        written.filter_map(|(index, json)| Some((index, Self::of_event(events.get(index)?, json)))).collect()
    }

    fn of_event(event: &Event, json: &str) -> Self {
        let days = if event.action_source() == Some(&ActionSource::PhysicalStore) { 62 } else { 7 };
        // Whole seconds are sent.
        let event_time = Timestamp::from_unix_seconds(event.event_time().as_unix_seconds());
        Self {
            name: event.event_name().to_owned(),
            event_id: event.event_id().map(str::to_owned),
            event_time,
            expires_at: event_time.saturating_add(days * DAY),
            json: json.into(),
        }
    }
}

impl PrepareOptions {
    /// What stands in a request beside the events: see [`Route::envelope`](crate::outbox::Route::envelope).
    pub fn envelope(&self) -> String {
        let close = self.close();
        close.strip_prefix(']').unwrap_or(&close).to_owned()
    }
}
