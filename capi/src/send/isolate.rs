//! Finds the bad events of a refused request without I/O: which body to send next, and what each answer
//! means for the events in it.
//!
//! Meta refuses a request as a whole for one bad event and processes nothing of it, so parts of it may be
//! sent again.

use std::collections::VecDeque;

use sociogram_api_core::ErrorKind;

use crate::prepare::RequestBody;
use crate::send::endpoint::EventsReceived;
use crate::send::report::{Outcome, Rejection};

/// What there is still to send, and what is known already.
#[derive(Debug)]
pub(super) struct Isolation {
    queue: VecDeque<Part>,
    extra_calls: u32,
    outcomes: Vec<(usize, Outcome)>,
}

#[derive(Debug)]
struct Part {
    body: RequestBody,
    /// Cut out of a refused request: sending it counts against the limit.
    extra: bool,
}

impl Isolation {
    pub(super) fn new(bodies: impl IntoIterator<Item = RequestBody>, extra_calls: u32) -> Self {
        let queue = bodies.into_iter().map(|body| Part { body, extra: false }).collect();
        Self { queue, extra_calls, outcomes: Vec::new() }
    }

    /// The next body to send.
    pub(super) fn next(&mut self) -> Option<RequestBody> {
        while let Some(part) = self.queue.pop_front() {
            if !part.extra {
                return Some(part.body);
            }
            if let Some(left) = self.extra_calls.checked_sub(1) {
                self.extra_calls = left;
                return Some(part.body);
            }
            self.all(&part.body, &Outcome::NotSent { kind: ErrorKind::Invalid });
        }
        None
    }

    /// Meta took it. Whether it took every event is known only if it says so.
    pub(super) fn taken(&mut self, body: &RequestBody, answer: &EventsReceived) {
        let fbtrace_id = answer.fbtrace_id.clone();
        let fewer = answer.events_received.is_some_and(|count| count < body.len() as u64);
        let outcome = if fewer {
            Outcome::InDoubt { kind: ErrorKind::InDoubt, fbtrace_id }
        } else {
            Outcome::Sent { fbtrace_id }
        };
        self.all(body, &outcome);
    }

    /// Meta refused it because of its content, perhaps naming events by their place in it.
    pub(super) fn refused(&mut self, body: RequestBody, why: &Rejection, blamed: &[usize]) {
        if body.len() == 1 {
            return self.all(&body, &Outcome::Rejected(why.clone()));
        }
        if blamed.iter().any(|place| *place < body.len()) {
            let (bad, good) = body.partition(|place| blamed.contains(&place));
            if let Some(bad) = bad {
                self.all(&bad, &Outcome::Rejected(why.clone()));
            }
            return self.again(good);
        }
        let half = body.len() / 2;
        let (first, second) = body.partition(|place| place < half);
        self.again(second);
        self.again(first);
    }

    /// Nobody knows what became of it.
    pub(super) fn in_doubt(&mut self, body: &RequestBody, kind: ErrorKind, fbtrace_id: Option<&str>) {
        self.all(body, &Outcome::InDoubt { kind, fbtrace_id: fbtrace_id.map(str::to_owned) });
    }

    /// It was not processed.
    pub(super) fn not_sent(&mut self, body: &RequestBody, kind: ErrorKind) {
        self.all(body, &Outcome::NotSent { kind });
    }

    /// Gives up on what is left.
    pub(super) fn stop(&mut self, kind: ErrorKind) {
        for part in std::mem::take(&mut self.queue) {
            self.not_sent(&part.body, kind);
        }
    }

    /// What became of every event, in the order in which it became known.
    pub(super) fn into_outcomes(self) -> Vec<(usize, Outcome)> {
        self.outcomes
    }

    fn again(&mut self, body: Option<RequestBody>) {
        if let Some(body) = body {
            self.queue.push_front(Part { body, extra: true });
        }
    }

    fn all(&mut self, body: &RequestBody, outcome: &Outcome) {
        self.outcomes.extend(body.indexes().map(|index| (index, outcome.clone())));
    }
}

/// The places of events that error paths such as `data.3.user_data` or `data[3]` name.
pub(super) fn places<'a>(paths: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
    paths
        .into_iter()
        .filter_map(|path| {
            let rest = path.strip_prefix("data")?.strip_prefix(['.', '['])?;
            let digits =
                rest.find(|c: char| !c.is_ascii_digit()).map_or(rest, |end| rest.get(..end).unwrap_or(""));
            digits.parse().ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
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

    /// Plays Meta: refuses a body that has a bad event in it. Counts the calls.
    fn play(
        count: usize,
        bad: &[usize],
        extra_calls: u32,
        names_them: bool,
    ) -> (BTreeMap<usize, Outcome>, u32) {
        let mut isolation = Isolation::new(bodies(count), extra_calls);
        let mut calls = 0;
        while let Some(body) = isolation.next() {
            calls += 1;
            let places: Vec<usize> = body
                .indexes()
                .enumerate()
                .filter(|(_, index)| bad.contains(index))
                .map(|(place, _)| place)
                .collect();
            if places.is_empty() {
                isolation.taken(&body, &EventsReceived::default());
            } else {
                isolation.refused(body, &Rejection::default(), if names_them { &places } else { &[] });
            }
        }
        let outcomes = isolation.into_outcomes();
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
        let open = Outcome::NotSent { kind: ErrorKind::Invalid };
        assert_eq!((rejected, outcomes.values().filter(|outcome| **outcome == open).count()), (2, 6));
    }

    #[test]
    fn fewer_events_than_sent_leave_all_in_doubt() {
        for (told, sent) in
            [(Some(2), true), (Some(3), true), (None, true), (Some(1), false), (Some(0), false)]
        {
            let mut isolation = Isolation::new(bodies(2), 0);
            let body = isolation.next().unwrap();
            isolation.taken(&body, &EventsReceived { events_received: told, ..EventsReceived::default() });
            assert!(
                isolation.into_outcomes().iter().all(|(_, outcome)| is_sent(outcome) == sent),
                "{told:?}"
            );
        }
    }

    #[test]
    fn stopping_leaves_the_rest_unsent() {
        let mut isolation = Isolation::new(bodies(2001), 10);
        let body = isolation.next().unwrap();
        isolation.in_doubt(&body, ErrorKind::InDoubt, Some("AbC"));
        isolation.stop(ErrorKind::InDoubt);
        assert_eq!(isolation.next(), None);
        let outcomes = isolation.into_outcomes();
        let doubt = outcomes.iter().filter(|(_, outcome)| matches!(outcome, Outcome::InDoubt { .. })).count();
        let unsent =
            outcomes.iter().filter(|(_, outcome)| matches!(outcome, Outcome::NotSent { .. })).count();
        assert_eq!((doubt, unsent), (1000, 1001));
    }

    #[test]
    fn paths_name_places() {
        let paths =
            ["data.3.user_data", "data[4]", "data[5].custom_data.value", "data", "data.x", "database.1", "x"];
        assert_eq!(places(paths), [3, 4, 5]);
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
}
