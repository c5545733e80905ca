#![allow(clippy::disallowed_methods, reason = "these tests hold tokio's time")]

use std::{
    collections::HashMap,
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::time::{Instant, sleep, timeout};

use super::*;
use crate::{
    Event, Scheme, Verified,
    inbox::{
        Claimed, Entry, EntryFilter, EntryId, EntryState, HandleError, Handled, MemoryInbox, RecordEvents,
    },
    parse_meta,
};
use spy::{Fault, Spy, StoreCall};

mod faults;
mod handling;
mod log;
mod order;
mod spy;
mod stopping;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Comments on posts, as (post, comment).
pub(crate) fn comments(comments: impl IntoIterator<Item = (usize, usize)>) -> Vec<Event> {
    let changes: Vec<_> = comments
        .into_iter()
        .map(|(post, comment)| {
            format!(
                r#"{{"field":"feed","value":{{"item":"comment","verb":"add","post_id":"1_{post}","comment_id":"{post}_{comment}","created_time":1712000000,"from":{{"id":"7"}},"message":"private words"}}}}"#
            )
        })
        .collect();
    let changes = changes.join(",");
    let body =
        format!(r#"{{"object":"page","entry":[{{"id":"1","time":1712000001,"changes":[{changes}]}}]}}"#);
    parse_meta(&Verified::new(Bytes::from(body), "main".into(), Scheme::MetaSha256)).unwrap().into_events()
}

/// As many comments, each on its own post.
pub(crate) fn events(count: usize) -> Vec<Event> {
    comments((0..count).map(|number| (number, 0)))
}

struct Does<F>(F);

#[async_trait]
impl<F, Work> Handler for Does<F>
where
    F: Fn(Claimed) -> Work + Send + Sync,
    Work: Future<Output = Result<Handled, HandleError>> + Send,
{
    async fn handle(&self, claimed: &Claimed) -> Result<Handled, HandleError> {
        (self.0)(claimed.clone()).await
    }
}

/// A handler that does this.
pub(crate) fn handler<F, Work>(work: F) -> Arc<dyn Handler>
where
    F: Fn(Claimed) -> Work + Send + Sync + 'static,
    Work: Future<Output = Result<Handled, HandleError>> + Send + 'static,
{
    Arc::new(Does(work))
}

/// Which events were handled, when, and how many at once.
#[derive(Clone)]
struct Diary(Arc<Mutex<Pages>>);

struct Pages {
    start: Instant,
    /// Entry, attempt and time of each call.
    calls: Vec<(EntryId, u32, Duration)>,
    at_work: Vec<Claimed>,
    most_at_work: usize,
    /// Handlers that came to their end.
    ended: Vec<Claimed>,
}

impl Diary {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Pages {
            start: Instant::now(),
            calls: Vec::new(),
            at_work: Vec::new(),
            most_at_work: 0,
            ended: Vec::new(),
        })))
    }

    /// Works for that long, unless it is dropped before. No event may be worked on twice at a time.
    async fn work(&self, claimed: &Claimed, time: Duration) {
        let token = claimed.token;
        {
            let mut pages = self.0.lock().unwrap();
            assert!(
                pages.at_work.iter().all(|other| other.token.id() != token.id()),
                "{token:?} twice at a time"
            );
            pages.at_work.push(claimed.clone());
            pages.most_at_work = pages.most_at_work.max(pages.at_work.len());
            let at = pages.start.elapsed();
            pages.calls.push((token.id(), claimed.attempt, at));
        }
        let leave = Leave(self, claimed);
        sleep(time).await;
        self.0.lock().unwrap().ended.push(claimed.clone());
        drop(leave);
    }

    /// A handler that works for that long and is done.
    fn handler(&self, time: Duration) -> Arc<dyn Handler> {
        let diary = self.clone();
        handler(move |claimed| {
            let diary = diary.clone();
            async move {
                diary.work(&claimed, time).await;
                Ok(Handled::Done)
            }
        })
    }

    fn calls(&self) -> Vec<(EntryId, u32, Duration)> {
        self.0.lock().unwrap().calls.clone()
    }

    fn calls_of_each(&self) -> HashMap<EntryId, usize> {
        let mut calls = HashMap::new();
        for (id, ..) in self.calls() {
            *calls.entry(id).or_default() += 1;
        }
        calls
    }

    fn at_work(&self) -> usize {
        self.0.lock().unwrap().at_work.len()
    }

    fn most_at_work(&self) -> usize {
        self.0.lock().unwrap().most_at_work
    }

    fn ended(&self) -> Vec<Claimed> {
        self.0.lock().unwrap().ended.clone()
    }
}

struct Leave<'a>(&'a Diary, &'a Claimed);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().at_work.retain(|other| other.token != self.1.token);
    }
}

/// A log with these events.
async fn inbox(events: &[Event]) -> Arc<MemoryInbox> {
    let inbox = Arc::new(MemoryInbox::new());
    inbox.record(events).await.unwrap();
    inbox
}

/// Every event, the first recorded first.
async fn entries(inbox: &dyn InboxStore) -> Vec<Entry> {
    let mut entries = inbox.list(&EntryFilter::all(), None, 500).await.unwrap().entries;
    entries.reverse();
    entries
}

async fn states(inbox: &dyn InboxStore) -> Vec<EntryState> {
    entries(inbox).await.into_iter().map(|entry| entry.state).collect()
}

async fn only(inbox: &dyn InboxStore) -> Entry {
    let mut entries = entries(inbox).await;
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

/// Lets a worker work for that long and ends it without a stop, as a crash does.
async fn crash_after(worker: Worker, time: Duration) {
    timeout(time, worker.run(pending())).await.unwrap_err();
}
