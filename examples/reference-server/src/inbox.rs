//! Received webhook events: each counted once, however often it is delivered. In memory.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Serialize;
use sociogram::{
    api_core::Timestamp,
    webhook_verify::{DedupeKey, Event, EventKind, Strength},
};

/// How long a key is remembered: Meta repeats for up to seven days.
const MEMORY: Duration = Duration::from_secs(8 * 24 * 3600);
/// How many keys are remembered, some 50 MB. When that many are younger than eight days, events are refused,
/// which the platforms answer by sending them again later; forgetting early would count events twice.
const MAX_KEYS: usize = 500_000;
/// How many events are kept to be shown.
const SHOWN: usize = 200;

/// What is known of one event. Ids only, no text of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Recorded {
    pub(crate) received_at: Timestamp,
    /// When it happened, or was sent, by the platform.
    pub(crate) time: Option<Timestamp>,
    /// `meta` or `linkedin`.
    pub(crate) provider: &'static str,
    pub(crate) kind: &'static str,
    /// What the platform calls it.
    pub(crate) field: String,
    /// The Page or organization it is about.
    pub(crate) account: Option<String>,
    /// The post or lead it is about.
    pub(crate) subject: Option<String>,
    pub(crate) key: DedupeKey,
    /// Whether a repeat is certain to be recognised.
    pub(crate) strength: Strength,
}

/// How many events of which sort came in since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    /// New events.
    pub(crate) recorded: u64,
    /// Events that were known already.
    pub(crate) repeated: u64,
    /// Deliveries whose signature was not right.
    pub(crate) refused: u64,
    /// Deliveries with a right signature that are not readable.
    pub(crate) unreadable: u64,
}

/// No room for another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// How many events of one delivery were new, and how many known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Receipt {
    pub(crate) recorded: u64,
    pub(crate) repeated: u64,
}

/// The events of both platforms.
#[derive(Debug)]
pub(crate) struct Inbox {
    state: Mutex<State>,
    max_keys: usize,
}

#[derive(Debug, Default)]
struct State {
    known: HashSet<DedupeKey>,
    /// The known keys by age, oldest first.
    ages: VecDeque<(Timestamp, DedupeKey)>,
    latest: VecDeque<Recorded>,
    counts: Counts,
}

impl Default for Inbox {
    fn default() -> Self {
        Self { state: Mutex::default(), max_keys: MAX_KEYS }
    }
}

impl Inbox {
    /// Records the events of one delivery: all of them, or none when there is no room.
    pub(crate) fn record(&self, events: &[Event], now: Timestamp) -> Result<Receipt, Full> {
        let mut state = self.lock();
        state.forget_old(now);
        if state.known.len().saturating_add(events.len()) > self.max_keys {
            return Err(Full);
        }
        let before = state.counts;
        for event in events {
            state.take(event, now);
        }
        Ok(Receipt {
            recorded: state.counts.recorded - before.recorded,
            repeated: state.counts.repeated - before.repeated,
        })
    }

    /// Counts a delivery whose signature was not right.
    pub(crate) fn refused(&self) {
        self.lock().counts.refused += 1;
    }

    /// Counts a delivery that was signed and cannot be read.
    pub(crate) fn unreadable(&self) {
        self.lock().counts.unreadable += 1;
    }

    /// The latest events, newest first, and the counts.
    pub(crate) fn latest(&self) -> (Vec<Recorded>, Counts) {
        let state = self.lock();
        (state.latest.iter().cloned().collect(), state.counts)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic between the steps of a change could at worst show an event twice.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget_old(&mut self, now: Timestamp) {
        while let Some((since, key)) = self.ages.front() {
            if now.saturating_duration_since(*since) <= MEMORY {
                break;
            }
            self.known.remove(key);
            self.ages.pop_front();
        }
    }

    fn take(&mut self, event: &Event, now: Timestamp) {
        let key = event.key();
        if !self.known.insert(key) {
            self.counts.repeated += 1;
            return;
        }
        self.ages.push_back((now, key));
        self.counts.recorded += 1;
        self.latest.push_front(describe(event, now));
        self.latest.truncate(SHOWN);
    }
}

fn describe(event: &Event, now: Timestamp) -> Recorded {
    Recorded {
        received_at: now,
        time: event.time().map(|time| Timestamp::from_unix_millis(time.as_unix_millis())),
        provider: event.provider().as_str(),
        kind: event.kind().name(),
        field: event.field().to_owned(),
        account: event.account().map(str::to_owned),
        subject: subject(event.kind()),
        key: event.key(),
        strength: event.strength(),
    }
}

/// The id of the post or lead.
fn subject(kind: &EventKind) -> Option<String> {
    match kind {
        EventKind::PageFeed(change) => change.post_id.clone(),
        EventKind::PageLeadgen(change) => change.leadgen_id.clone(),
        EventKind::LinkedInSocialAction(action) => action.source_post.clone(),
        EventKind::LinkedInLeadAction(action) => action.response.clone(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use sociogram::webhook_verify::{MetaVerifier, Secret, parse_meta, testing};

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000_000);

    fn leads(ids: &[u64]) -> Vec<Event> {
        let changes: Vec<String> = ids
            .iter()
            .map(|id| format!(r#"{{"field":"leadgen","value":{{"leadgen_id":{id},"page_id":"1"}}}}"#))
            .collect();
        let body = format!(
            r#"{{"object":"page","entry":[{{"id":"1","time":5,"changes":[{}]}}]}}"#,
            changes.join(",")
        );
        let secret = Secret::new("app").unwrap();
        let meta = MetaVerifier::builder().secret("app", secret.clone()).build().unwrap();
        let body = Bytes::from(body);
        let verified = meta.verify([testing::sign_meta(&secret, &body)], body).unwrap();
        parse_meta(&verified).unwrap().into_events()
    }

    #[test]
    fn an_event_counts_once_for_eight_days_however_it_is_batched() {
        let inbox = Inbox::default();
        assert_eq!(inbox.record(&leads(&[1, 2]), NOW), Ok(Receipt { recorded: 2, repeated: 0 }));
        let almost = NOW.saturating_add(MEMORY);
        assert_eq!(inbox.record(&leads(&[2, 3]), almost), Ok(Receipt { recorded: 1, repeated: 1 }));
        let later = almost.saturating_add(Duration::from_secs(1));
        assert_eq!(inbox.record(&leads(&[1, 3]), later), Ok(Receipt { recorded: 1, repeated: 1 }));
        let (latest, counts) = inbox.latest();
        assert_eq!((counts.recorded, counts.repeated, latest.len()), (4, 2, 4));
        assert_eq!(latest[0].subject.as_deref(), Some("1"));
        assert_eq!((latest[0].kind, latest[0].account.as_deref()), ("page_leadgen", Some("1")));
    }

    #[test]
    fn a_full_memory_refuses_whole_deliveries_and_forgets_nothing() {
        let inbox = Inbox { max_keys: 3, ..Inbox::default() };
        assert!(inbox.record(&leads(&[1, 2]), NOW).is_ok());
        assert_eq!(inbox.record(&leads(&[3, 4]), NOW), Err(Full));
        assert_eq!(inbox.latest().1.recorded, 2, "nothing of the refused delivery is there");
        assert_eq!(inbox.record(&leads(&[1]), NOW), Ok(Receipt { recorded: 0, repeated: 1 }));
        let later = NOW.saturating_add(MEMORY + Duration::from_secs(1));
        assert!(inbox.record(&leads(&[3, 4]), later).is_ok());
    }

    #[test]
    fn only_the_latest_are_shown() {
        let inbox = Inbox::default();
        let ids: Vec<u64> = (1..=SHOWN as u64 + 5).collect();
        assert!(inbox.record(&leads(&ids), NOW).is_ok());
        let (latest, counts) = inbox.latest();
        assert_eq!((latest.len(), counts.recorded), (SHOWN, SHOWN as u64 + 5));
        assert_eq!(latest[0].subject.as_deref(), Some("205"));
    }
}
