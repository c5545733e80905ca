//! The inbox as one tenant sees it: the events of the accounts that are linked to its connections. Ids only, no content.

use serde::Serialize;
use sociogram::{
    api_core::Timestamp,
    token_vault::{AssetFilter, AssetKey},
    webhook_verify::{
        DedupeKey, EventTime, Strength,
        inbox::{
            AttemptError, Entry, EntryFilter, EntryId, EntryState, InboxStore, Replay, ReplayOf, Replayed,
        },
    },
};

use crate::{app::App, problem::Problem};

/// What is known of one event.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Shown {
    pub(crate) id: EntryId,
    /// `meta` or `linkedin`.
    pub(crate) provider: &'static str,
    pub(crate) object: String,
    /// The Page, organization or other account it is about.
    pub(crate) account: Option<String>,
    pub(crate) kind: String,
    /// What the platform calls it.
    pub(crate) field: String,
    /// The post, lead or person it is about.
    pub(crate) subject: Option<String>,
    pub(crate) key: DedupeKey,
    /// Whether a repeat is certain to be recognised.
    pub(crate) strength: Strength,
    pub(crate) state: EntryState,
    pub(crate) attempts: u32,
    pub(crate) replays: u32,
    pub(crate) occurred_at: Option<Timestamp>,
    pub(crate) received_at: Timestamp,
    /// When it is tried next, or its lease ends.
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) finished_at: Option<Timestamp>,
    /// The latest failed attempts, the last one last.
    pub(crate) errors: Vec<Failure>,
    /// Whether it can be replayed.
    pub(crate) has_payload: bool,
}

/// A failed attempt.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Failure {
    pub(crate) at: Timestamp,
    pub(crate) attempt: u32,
    /// The cause last.
    pub(crate) error: Vec<String>,
}

impl From<Entry> for Shown {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            provider: entry.provider.as_str(),
            object: entry.object,
            account: entry.account,
            kind: entry.kind,
            field: entry.field,
            subject: entry.subject,
            key: entry.key,
            strength: entry.strength,
            state: entry.state,
            attempts: entry.attempts,
            replays: entry.replays,
            occurred_at: entry.occurred_at.map(timestamp),
            received_at: timestamp(entry.received_at),
            due_at: entry.due_at.map(timestamp),
            finished_at: entry.finished_at.map(timestamp),
            errors: entry.errors.into_iter().map(Failure::from).collect(),
            has_payload: entry.event.is_some(),
        }
    }
}

impl From<AttemptError> for Failure {
    fn from(failed: AttemptError) -> Self {
        Self { at: timestamp(failed.at), attempt: failed.attempt, error: failed.error }
    }
}

/// A time of the inbox as the API writes it.
pub(crate) fn timestamp(time: EventTime) -> Timestamp {
    Timestamp::from_unix_millis(time.as_unix_millis())
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub(crate) struct Listing {
    pub(crate) events: Vec<Shown>,
    /// What to send as `after` for the next page.
    pub(crate) next: Option<EntryId>,
}

/// The events of one tenant.
pub(crate) struct TenantInbox<'a> {
    store: &'a dyn InboxStore,
    /// The accounts that are linked to connections of the tenant.
    accounts: Vec<String>,
}

impl<'a> TenantInbox<'a> {
    /// Of the tenant of the app.
    pub(crate) async fn open(app: &'a App) -> Result<Self, Problem> {
        let store = app.inbox.as_deref().ok_or_else(no_worker)?;
        Ok(Self { store, accounts: accounts(app).await? })
    }

    /// Events, the latest recorded first. Of all accounts of the filter, only those of the tenant are looked at.
    pub(crate) async fn list(
        &self,
        filter: EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Listing, Problem> {
        let page = self.store.list(&self.own(filter), after, limit).await?;
        Ok(Listing { events: page.entries.into_iter().map(Shown::from).collect(), next: page.next })
    }

    /// One event, if it is the tenant's.
    pub(crate) async fn find(&self, id: EntryId) -> Result<Shown, Problem> {
        let found = self.store.find(id).await?;
        let own = found
            .filter(|entry| entry.account.as_ref().is_some_and(|account| self.accounts.contains(account)));
        own.map(Shown::from).ok_or_else(|| {
            Problem::not_found("there is no event with this id", "take an id of GET /api/events")
        })
    }

    /// Has finished events handled again.
    pub(crate) async fn replay(&self, mut replay: Replay) -> Result<Replayed, Problem> {
        replay.of = match replay.of {
            ReplayOf::Failed(filter) => ReplayOf::Failed(self.own(filter)),
            ReplayOf::NeverDelivered(filter) => ReplayOf::NeverDelivered(self.own(filter)),
            ReplayOf::Entries(ids) => {
                for id in &ids {
                    self.find(*id).await?;
                }
                ReplayOf::Entries(ids)
            }
            _ => return Err(Problem::internal("the server does not know this sort of replay")),
        };
        Ok(self.store.replay(&replay).await?)
    }

    fn own(&self, mut filter: EntryFilter) -> EntryFilter {
        filter.accounts = Some(match filter.accounts.take() {
            None => self.accounts.clone(),
            Some(asked) => asked.into_iter().filter(|account| self.accounts.contains(account)).collect(),
        });
        filter
    }
}

/// The ids of everything that is linked with the two apps.
async fn accounts(app: &App) -> Result<Vec<String>, Problem> {
    const STEP: usize = 500;
    let apps = [app.facebook.oauth.client_id(), app.linkedin.oauth.client_id()];
    let mut accounts = Vec::new();
    let mut after: Option<AssetKey> = None;
    loop {
        let page = app.vault.assets(app.tenant(), &AssetFilter::all(), after.as_ref(), STEP).await?;
        let own = page.assets.into_iter().filter(|asset| apps.contains(&asset.key.app_id.as_str()));
        accounts.extend(own.map(|asset| asset.key.external_id));
        if page.next.is_none() {
            return Ok(accounts);
        }
        after = page.next;
    }
}

/// This process records events and may not look at them.
fn no_worker() -> Problem {
    Problem::new(
        http::StatusCode::SERVICE_UNAVAILABLE,
        "no-worker",
        "this process has no worker",
        "events are read with the login of the worker, and WORKER_DATABASE_URL is not set here",
        "ask a process that has it, or set it",
    )
}
