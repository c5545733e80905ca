//! One answer for one key: a client that did not see the answer may ask again without doing it twice.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::{HeaderMap, StatusCode};
use sociogram::api_core::{ErrorKind, Timestamp};

use crate::problem::Problem;

/// The header that carries the key.
pub(crate) const HEADER: &str = "idempotency-key";

/// How long an answer is kept.
const LIFE: Duration = Duration::from_secs(24 * 3600);
/// How many keys are kept; beyond it the oldest go.
const MAX_KEYS: usize = 10_000;
const MAX_KEY_LEN: usize = 255;

/// The answers `A` given so far to requests `Q`. In memory: a restart forgets them.
#[derive(Debug)]
pub(crate) struct Idempotency<Q, A>(Mutex<HashMap<String, Entry<Q, A>>>);

#[derive(Debug)]
struct Entry<Q, A> {
    request: Q,
    since: Timestamp,
    /// `None` while it is under way.
    outcome: Option<Result<A, Problem>>,
}

/// What to do with a request that carries a key.
#[derive(Debug)]
pub(crate) enum Begin<A> {
    /// Carry it out, then call [`Idempotency::finish`].
    Run,
    /// It was carried out before: give the same answer.
    Replay(Result<A, Problem>),
}

impl<Q, A> Default for Idempotency<Q, A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Q: Clone + PartialEq, A: Clone> Idempotency<Q, A> {
    /// Takes the key for this request.
    pub(crate) fn begin(&self, key: &str, request: &Q, now: Timestamp) -> Result<Begin<A>, Problem> {
        let mut entries = self.lock();
        entries
            .retain(|_, entry| entry.outcome.is_none() || now.saturating_duration_since(entry.since) < LIFE);
        if let Some(entry) = entries.get(key) {
            if entry.request != *request {
                return Err(Problem::invalid(
                    "this Idempotency-Key was used for another request",
                    "take a new key for every request; repeat a key only with the same body",
                ));
            }
            return entry.outcome.clone().map(Begin::Replay).ok_or_else(under_way);
        }
        if entries.len() >= MAX_KEYS {
            drop_oldest(&mut entries);
        }
        entries.insert(key.to_owned(), Entry { request: request.clone(), since: now, outcome: None });
        Ok(Begin::Run)
    }

    /// Keeps the answer. A failure after which certainly nothing was done frees the key instead, so that
    /// the same request can be sent again once its cause is gone.
    pub(crate) fn finish(&self, key: &str, outcome: &Result<A, Problem>) {
        let mut entries = self.lock();
        if outcome.as_ref().is_err_and(|problem| !problem.concerns_a_post()) {
            entries.remove(key);
        } else if let Some(entry) = entries.get_mut(key) {
            entry.outcome = Some(outcome.clone());
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Entry<Q, A>>> {
        // Every change above is a single map operation, so a poisoned map is still a sound one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the key of a request.
pub(crate) fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let refuse = || {
        Problem::bad_request(
            "the Idempotency-Key is not usable",
            format!("send it once, with 1 to {MAX_KEY_LEN} visible ASCII characters such as a UUID"),
        )
    };
    let mut values = headers.get_all(HEADER).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let visible = value.as_bytes().iter().all(u8::is_ascii_graphic);
    let fits = (1..=MAX_KEY_LEN).contains(&value.len());
    match value.to_str() {
        Ok(text) if visible && fits && values.next().is_none() => Ok(Some(text.to_owned())),
        _ => Err(refuse()),
    }
}

/// The answer for a post whose work broke off.
pub(crate) fn broke_off() -> Problem {
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        Problem::IN_DOUBT,
        "the outcome is unknown",
        "the work broke off while the post was under way",
        ErrorKind::InDoubt.user_action(),
    )
}

fn under_way() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "under-way",
        "the request is under way",
        "a request with this Idempotency-Key has not been answered yet",
        "wait for its answer, or send the same request again in a few seconds",
    )
}

fn drop_oldest<Q, A>(entries: &mut HashMap<String, Entry<Q, A>>) {
    let done = entries.iter().filter(|(_, entry)| entry.outcome.is_some());
    if let Some(key) = done.min_by_key(|(_, entry)| entry.since).map(|(key, _)| key.clone()) {
        entries.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000);

    type Store = Idempotency<&'static str, &'static str>;

    #[test]
    fn a_key_has_one_answer_until_it_is_a_day_old() {
        let store = Store::default();
        assert!(matches!(store.begin("k", &"a", NOW), Ok(Begin::Run)));
        assert_eq!(store.begin("k", &"a", NOW).unwrap_err().status(), 409, "it is under way");
        assert_eq!(store.begin("k", &"b", NOW).unwrap_err().status(), 422, "another body");
        store.finish("k", &Ok("7"));
        let Ok(Begin::Replay(Ok(again))) = store.begin("k", &"a", NOW) else { panic!("no replay") };
        assert_eq!(again, "7");
        assert_eq!(store.begin("k", &"b", NOW).unwrap_err().status(), 422);
        let tomorrow = NOW.saturating_add(LIFE);
        assert!(matches!(store.begin("k", &"a", tomorrow), Ok(Begin::Run)));
    }

    #[test]
    fn only_failures_that_posted_nothing_free_the_key() {
        let store = Store::default();
        for (problem, kept) in [(Problem::invalid("too long", "shorten it"), false), (broke_off(), true)] {
            assert!(matches!(store.begin("k", &"a", NOW), Ok(Begin::Run)));
            store.finish("k", &Err(problem));
            assert_eq!(matches!(store.begin("k", &"a", NOW), Ok(Begin::Replay(Err(_)))), kept);
            store.lock().clear();
        }
    }

    #[test]
    fn the_number_of_keys_is_bounded_and_what_is_under_way_stays() {
        let store = Store::default();
        assert!(store.begin("running", &"a", NOW).is_ok());
        for number in 0..=MAX_KEYS {
            let key = number.to_string();
            assert!(store.begin(&key, &"a", NOW.saturating_add(Duration::from_millis(1))).is_ok());
            store.finish(&key, &Ok("1"));
        }
        assert_eq!(store.lock().len(), MAX_KEYS);
        assert!(store.lock().contains_key("running"));
    }

    #[test]
    fn keys_are_short_visible_text() {
        let read = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(HEADER, value.parse().unwrap());
            }
            key(&headers)
        };
        assert_eq!(read(&[]).unwrap(), None);
        assert_eq!(read(&["order-7"]).unwrap().as_deref(), Some("order-7"));
        for bad in [&[""][..], &["a b"], &["a", "a"], &["ä"], &[&"x".repeat(256)]] {
            assert_eq!(read(bad).unwrap_err().status(), 400, "{bad:?}");
        }
    }
}
