use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{ActionSource, Event, PrepareOptions, Timestamp, UserData, prepare};

fn bodies(count: usize) -> Vec<RequestBody> {
    let event = Event::builder("Lead", Timestamp::from_unix_seconds(1))
        .action_source(ActionSource::Other)
        .user_data(UserData::new().external_id("5"))
        .build();
    prepare(std::iter::repeat_n(&event, count), &PrepareOptions::without_clock()).bodies().to_vec()
}

fn taken(received: Option<u64>) -> RequestOutcome {
    RequestOutcome::Taken {
        received,
        refused: Vec::new(),
        unknown: Vec::new(),
        trace: None,
        messages: Vec::new(),
    }
}

/// Plays a platform: refuses a body that has a bad event in it. Counts the calls.
fn play(count: usize, bad: &[usize], extra_calls: u32, names_them: bool) -> (BTreeMap<usize, Outcome>, u32) {
    let mut isolation = Isolation::new(bodies(count), extra_calls);
    let (mut calls, mut outcomes) = (0, Vec::new());
    while let Some(body) = isolation.next() {
        calls += 1;
        let indexes = body.indexes().enumerate().filter(|(_, index)| bad.contains(index));
        let places: Vec<usize> = indexes.map(|(place, _)| place).collect();
        let outcome = if places.is_empty() {
            taken(None)
        } else {
            let blamed = if names_them { places } else { Vec::new() };
            RequestOutcome::Refused { refusal: Refusal::default(), blamed }
        };
        assert!(isolation.answered(&body, outcome).is_continue());
        outcomes.extend(isolation.take_decided());
    }
    outcomes.extend(isolation.take_decided());
    let map: BTreeMap<usize, Outcome> = outcomes.iter().cloned().collect();
    assert_eq!(map.len(), outcomes.len(), "no event has two fates");
    assert_eq!(map.len(), count, "every event has a fate");
    (map, calls)
}

fn is_sent(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Sent { .. })
}

#[test]
fn one_bad_event_of_1000_is_found_in_21_calls() {
    let (outcomes, calls) = play(1000, &[617], u32::MAX, false);
    assert!(calls <= 21, "{calls}");
    assert!(outcomes.iter().all(|(index, outcome)| is_sent(outcome) == (*index != 617)));
    let (outcomes, calls) = play(1000, &[5, 617], u32::MAX, true);
    assert_eq!(calls, 2);
    assert_eq!(outcomes.values().filter(|outcome| is_sent(outcome)).count(), 998);
}

#[test]
fn what_the_calls_do_not_suffice_for_is_not_sent() {
    let (outcomes, calls) = play(8, &[0, 1, 2, 3, 4, 5, 6, 7], 4, false);
    assert_eq!(calls, 5);
    let rejected = outcomes.values().filter(|outcome| matches!(outcome, Outcome::Rejected(_))).count();
    let open = Outcome::NotSent { kind: ErrorKind::Invalid, retry_after: None };
    assert_eq!((rejected, outcomes.values().filter(|outcome| **outcome == open).count()), (2, 6));
}

#[test]
fn fates_are_known_after_the_answer_that_decides_them() {
    let mut isolation = Isolation::new(bodies(4), 10);
    let whole = isolation.next().unwrap();
    let refused =
        |blamed: &[usize]| RequestOutcome::Refused { refusal: Refusal::default(), blamed: blamed.to_vec() };
    assert!(isolation.answered(&whole, refused(&[3, 4])).is_continue());
    let known: Vec<usize> = isolation.take_decided().iter().map(|(index, _)| *index).collect();
    assert_eq!(known, [3], "the named one is decided before the others are sent again");
    let rest = isolation.next().unwrap();
    assert_eq!(rest.indexes().collect::<Vec<_>>(), [0, 1, 2]);
    assert!(isolation.take_decided().is_empty());
    assert!(isolation.answered(&rest, taken(Some(3))).is_continue());
    assert!(isolation.take_decided().iter().all(|(_, outcome)| is_sent(outcome)));
    assert_eq!(isolation.next(), None);
}

#[test]
fn names_beyond_the_request_blame_nobody() {
    let mut isolation = Isolation::new(bodies(2), 10);
    let body = isolation.next().unwrap();
    let outcome = RequestOutcome::Refused { refusal: Refusal::default(), blamed: vec![2, 999] };
    assert!(isolation.answered(&body, outcome).is_continue());
    assert!(isolation.take_decided().is_empty());
    assert_eq!(isolation.next().unwrap().len(), 1, "halved instead");
}

#[test]
fn fewer_events_than_sent_leave_all_in_doubt() {
    for (told, sent) in [(Some(2), true), (Some(3), true), (None, true), (Some(1), false), (Some(0), false)] {
        let mut isolation = Isolation::new(bodies(2), 0);
        let body = isolation.next().unwrap();
        assert!(isolation.answered(&body, taken(told)).is_continue());
        let outcomes = isolation.take_decided();
        assert_eq!(outcomes.len(), 2);
        assert!(outcomes.iter().all(|(_, outcome)| is_sent(outcome) == sent), "{told:?}");
    }
}

#[test]
fn events_are_judged_one_by_one_where_the_platform_tells() {
    for (received, last) in [(Some(2), "sent"), (Some(1), "fewer_taken"), (None, "sent")] {
        let mut isolation = Isolation::new(bodies(4), 0);
        let body = isolation.next().unwrap();
        let outcome = RequestOutcome::Taken {
            received,
            refused: vec![(1, Refusal { code: Some(422), ..Refusal::default() })],
            unknown: vec![2],
            trace: Some("T".to_owned()),
            messages: Vec::new(),
        };
        assert!(isolation.answered(&body, outcome).is_continue());
        let outcomes: BTreeMap<usize, Outcome> = isolation.take_decided().into_iter().collect();
        let word = |index: usize| match &outcomes[&index] {
            Outcome::Sent { .. } => "sent",
            Outcome::Rejected(_) => "rejected",
            Outcome::InDoubt { reason, .. } => reason,
            Outcome::NotSent { .. } => "not_sent",
        };
        assert_eq!([word(0), word(1), word(2), word(3)], [last, "rejected", "not_mentioned", last]);
    }
}

#[test]
fn stopping_leaves_the_rest_unsent() {
    let wait = std::time::Duration::from_secs(7);
    let mut isolation = Isolation::new(bodies(2001), 10);
    let body = isolation.next().unwrap();
    let doubt = RequestOutcome::doubt(ErrorKind::InDoubt, None, None);
    assert!(isolation.answered(&body, doubt).is_break());
    let body = isolation.next().unwrap();
    let throttled = RequestOutcome::NotProcessed {
        kind: ErrorKind::Throttled,
        retry_after: Some(wait),
        reason: "slow down".to_owned(),
    };
    let ControlFlow::Break(stopped) = isolation.answered(&body, throttled) else { panic!("it breaks") };
    isolation.stop(&stopped);
    assert_eq!(isolation.next(), None);
    let outcomes = isolation.take_decided();
    let doubt = outcomes.iter().filter(|(_, outcome)| matches!(outcome, Outcome::InDoubt { .. })).count();
    let unsent = Outcome::NotSent { kind: ErrorKind::Throttled, retry_after: Some(wait) };
    assert_eq!((doubt, outcomes.iter().filter(|(_, outcome)| *outcome == unsent).count()), (1000, 1001));
}

proptest! {
    #[test]
    fn exactly_the_bad_events_are_rejected(
        count in 1usize..200,
        bad in prop::collection::btree_set(0usize..200, 0..6),
        names_them: bool,
    ) {
        let bad: Vec<usize> = bad.into_iter().filter(|index| *index < count).collect();
        let (outcomes, calls) = play(count, &bad, u32::MAX, names_them);
        for (index, outcome) in &outcomes {
            prop_assert_eq!(matches!(outcome, Outcome::Rejected(_)), bad.contains(index));
            prop_assert_eq!(is_sent(outcome), !bad.contains(index));
        }
        prop_assert!(calls as usize <= 1 + bad.len() * 16);
    }

    #[test]
    fn the_limit_on_calls_holds(count in 1usize..60, bad in prop::collection::vec(0usize..60, 0..60), extra in 0u32..20) {
        let (_, calls) = play(count, &bad, extra, false);
        prop_assert!(calls <= 1 + extra);
    }
}
