//! Waits, settings, and what the log keeps of an event.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::{ErrorKind, Timestamp};

use super::world::{World, millis, route, seconds};
use crate::{
    ActionSource, Event, PrepareOptions, UserData,
    dispatch::{
        Dispatcher, DispatcherConfigError,
        waits::{Waits, full_jitter},
    },
    outbox::{MemoryOutbox, OutboxEvent},
    prepare,
};

fn waits() -> Waits {
    Waits { base: seconds(1), cap: seconds(60), person: seconds(300), jitter: |most| most }
}

#[test]
fn back_off_doubles_up_to_its_cap() {
    let waits = waits();
    let seen: Vec<u64> = [0, 1, 2, 3, 6, 7, 33, u32::MAX].map(|n| waits.back_off(n).as_secs()).into();
    assert_eq!(seen, [1, 1, 2, 4, 32, 60, 60, 60]);
}

#[test]
fn jitter_stays_within_the_back_off_and_never_means_no_wait() {
    let waits = Waits { jitter: full_jitter, ..waits() };
    let seen: Vec<Duration> = (0..200).map(|_| waits.back_off(3)).collect();
    assert!(seen.iter().all(|wait| *wait >= millis(100) && *wait <= seconds(4)));
    assert!(seen.iter().max() > seen.iter().min());
    let none = Waits { jitter: |_| Duration::ZERO, ..waits };
    assert_eq!(none.back_off(9), millis(100));
}

#[test]
fn platforms_are_waited_for_as_told_up_to_a_day() {
    let waits = waits();
    assert_eq!(waits.after(ErrorKind::Throttled, Some(seconds(7)), 5), seconds(7));
    assert_eq!(waits.after(ErrorKind::Throttled, Some(Duration::MAX), 1), seconds(86_400));
    assert_eq!(waits.after(ErrorKind::Throttled, None, 2), seconds(2));
    assert_eq!(waits.after(ErrorKind::Connect, Some(seconds(9)), 1), seconds(9));
    assert_eq!(waits.after(ErrorKind::Reauthorize, None, 9), seconds(300));
}

#[tokio::test(start_paused = true)]
async fn settings_with_which_nothing_is_sent_are_refused() {
    let world = World::new();
    let refused = |dispatcher: Result<Dispatcher, DispatcherConfigError>| dispatcher.unwrap_err();
    assert_eq!(refused(world.builder().concurrency(0).build()), DispatcherConfigError::Zero("concurrency"));
    assert_eq!(refused(world.builder().per_route(0).build()), DispatcherConfigError::Zero("per_route"));
    assert_eq!(refused(world.builder().batch_events(0).build()), DispatcherConfigError::Zero("batch_events"));
    assert_eq!(refused(world.builder().batch_bytes(0).build()), DispatcherConfigError::Zero("batch_bytes"));
    assert_eq!(refused(world.builder().poll(Duration::ZERO).build()), DispatcherConfigError::Zero("poll"));
    assert_eq!(refused(world.builder().lease(millis(999)).build()), DispatcherConfigError::ShortLease);
    assert!(Dispatcher::builder(Arc::new(MemoryOutbox::new()), world.table.clone()).build().is_ok());
}

fn event_of(source: ActionSource, time: Timestamp) -> Event {
    Event::builder("Lead", time)
        .action_source(source)
        .event_id("e1")
        .user_data(UserData::new().email("canary@example.com"))
        .build()
}

#[test]
fn what_the_log_keeps_is_what_is_sent_and_knows_when_it_expires() {
    let time = Timestamp::from_unix_millis(1_795_000_000_999);
    let bad = Event::builder("Lead", time).action_source(ActionSource::Email).build();
    let events = [event_of(ActionSource::Email, time), bad, event_of(ActionSource::PhysicalStore, time)];
    let options = PrepareOptions::new(Timestamp::from_unix_seconds(1_795_000_600));
    let (kept, rejected) = OutboxEvent::prepare(&events, &options);
    assert_eq!(kept.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(rejected[0].index, 1);
    let (online, store) = (&kept[0].1, &kept[1].1);
    assert_eq!((online.name.as_str(), online.event_id.as_deref()), ("Lead", Some("e1")));
    assert_eq!(online.event_time, Timestamp::from_unix_seconds(1_795_000_000));
    assert_eq!(online.expires_at.saturating_duration_since(online.event_time), seconds(7 * 86_400));
    assert_eq!(store.expires_at.saturating_duration_since(store.event_time), seconds(62 * 86_400));
    let body = prepare(&events[..1], &options).bodies()[0].to_json();
    assert_eq!(body, format!(r#"{{"data":[{}]}}"#, online.json));
    assert!(!online.json.contains("canary"));
}

#[test]
fn the_envelope_is_what_follows_the_list() {
    let options = PrepareOptions::without_clock();
    assert_eq!(options.envelope(), "}");
    assert_eq!(options.test_event_code("T\"1").envelope(), r#","test_event_code":"T\"1"}"#);
}

#[test]
fn waits_of_lanes_are_kept_apart_by_dataset() {
    use crate::dispatch::lanes::{Entrance, Lanes};
    let lanes: Arc<Lanes> = Arc::default();
    let Entrance::Open(seat) = lanes.enter(&route("one"), 1, seconds(0)) else { panic!("open") };
    assert!(matches!(lanes.enter(&route("one"), 1, seconds(0)), Entrance::Busy));
    assert!(matches!(lanes.enter(&route("two"), 1, seconds(0)), Entrance::Open(_)));
    let left =
        seat.failed(seconds(0), seconds(1), "throttled", false, |failures| seconds(u64::from(failures)));
    assert_eq!(left, seconds(1));
    drop(seat);
    // Another envelope is the same dataset.
    let test = route("one").with_envelope(r#","test_event_code":"T"}"#);
    let Entrance::Paused(pause) = lanes.enter(&test, 1, millis(1500)) else { panic!("paused") };
    assert_eq!((pause.left, pause.reason), (millis(500), "throttled"));
    let Entrance::Open(seat) = lanes.enter(&test, 9, seconds(2)) else { panic!("open") };
    assert!(matches!(lanes.enter(&test, 9, seconds(2)), Entrance::Busy), "one probe at a time");
    seat.well(seconds(2));
    assert!(matches!(lanes.enter(&test, 9, seconds(2)), Entrance::Open(_)));
}
