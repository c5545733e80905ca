//! Getting events into the log, and from the log to the platforms.
//!
//! A [`Recorder`] stores what many callers hand in at the same time with few writes. A [`Dispatcher`] claims events of
//! one [route](crate::outbox::Route) after the other, records that they are about to be sent, sends them, and records what
//! became of each. Any number of dispatchers in any number of processes share one store.
//!
//! # What the log says when a process dies
//!
//! | the process dies | the log says then | and that is true because |
//! |---|---|---|
//! | before [`Recorder::record`] returned | nothing, or `pending` | nobody was told that the events are stored; recording them again stores none with an `event_id` twice |
//! | after the claim, before `begin` was stored | `claimed`; due again when the lease is over | nothing had left |
//! | after `begin` was stored, before the request left | `sending`, then `in_doubt` when the lease is over | nobody knows any more whether it left; the doubt is on the safe side |
//! | while the request is under way | the same | the platform may have taken it |
//! | after the answer, before it was stored | the same | the answer died with the process |
//! | while bad events of a refused request are searched for | fates for what is decided; `in_doubt` for the rest when the lease is over | a part may have been under way |
//! | after the answer was stored | the fate | |
//!
//! A store that fails is the same as a process that dies, except that the dispatcher goes on trying to store the answer.
//! Nothing is ever sent that was not recorded as begun before, and nothing is sent twice, unless
//! [`InDoubtPolicy::RetryOnce`](crate::InDoubtPolicy::RetryOnce) asks for it or a person
//! [replays](crate::outbox::AddEvents::replay) an event.
//!
//! # Metrics
//!
//! With the feature `metrics`. No tenant, connection, dataset or event becomes a label. `platform` is `meta` or
//! `linked_in`.
//!
//! | name | kind | labels |
//! |---|---|---|
//! | `sociogram_conversions_accepted_total` | counter, events | result (`new`, `duplicate`) |
//! | `sociogram_conversions_record_failures_total` | counter, events | |
//! | `sociogram_conversions_record_queue` | gauge, events | |
//! | `sociogram_conversions_sent_total` | counter, events | platform |
//! | `sociogram_conversions_rejected_total` | counter, events | platform, reason (`expired`, `gone`, `refused`), code (`none` without one) |
//! | `sociogram_conversions_in_doubt_total` | counter, events | platform, reason |
//! | `sociogram_conversions_not_processed_total` | counter, events | platform, reason |
//! | `sociogram_conversions_superseded_total` | counter, events: somebody else had them when their outcome was to be stored | platform |
//! | `sociogram_conversions_unsettled_total` | counter, events: the store did not take their outcome | platform |
//! | `sociogram_conversions_batch_events` | histogram, events in a request | platform |
//! | `sociogram_conversions_request_seconds` | histogram, seconds | platform, outcome (`taken`, `refused`, `in_doubt`, `not_processed`) |
//! | `sociogram_conversions_lag_seconds` | histogram, seconds from added to sent | platform |
//! | `sociogram_conversions_store_failures_total` | counter | call (`claim`, `begin`, `renew`, `settle`) |
//! | `sociogram_conversions_log_events` | gauge, by [`report`] | state |
//! | `sociogram_conversions_log_oldest_due_seconds` | gauge, by [`report`] | |

mod builder;
mod convert;
mod delivery;
mod dispatcher;
mod lanes;
mod lease;
mod meter;
mod recorder;
mod requests;
mod routes;
#[cfg(test)]
mod tests;
mod waits;
mod within;

pub use builder::{DispatcherBuilder, DispatcherConfigError};
pub use dispatcher::Dispatcher;
pub use recorder::{QueueFull, Recorder, RecorderBuilder, Recording};
pub use routes::{RouteError, Routes};

use crate::outbox::Census;

/// Sets the gauges of the log to these counts (see [the list](self#metrics)); call it every minute or so with
/// [`OutboxStore::census`](crate::outbox::OutboxStore::census). Without the feature `metrics` it does nothing.
pub fn report(census: &Census) {
    meter::census(census);
}
