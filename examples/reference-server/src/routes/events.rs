//! `/api/events`: what came in, what became of it, and having it handled again.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;
use sociogram::{
    api_core::Timestamp,
    webhook_verify::{
        EventTime, Provider,
        inbox::{EntryFilter, EntryId, EntryState, Replay},
    },
};

use super::json as answer;
use crate::{
    app::App,
    inbox::TenantInbox,
    incoming::{self, Query, Segment},
    problem::Problem,
};

const PARAMETERS: [&str; 8] = ["state", "kind", "provider", "account", "since", "until", "after", "limit"];
/// How many events are listed unless said otherwise, and at most.
const USUAL: usize = 50;
const MOST: usize = 500;
/// How many events one replay makes due at most, and how many it may name.
const MOST_REPLAYED: usize = 1000;
const MOST_NAMED: usize = 100;

/// Takes any of `state` (some of `pending`, `running`, `done`, `skipped`, `dead`, separated by commas), `kind`, `provider`
/// (`meta` or `linkedin`), `account`, `since` and `until` (RFC 3339), `limit` (1 to 500) and `after`, the `next` of the
/// answer before. Gives 200 `{"events":[…],"next"}`: events of the accounts that are connected, the latest recorded first,
/// with id, kind, account, state, attempts, times and errors. Ids only, no content. 503 in a process without a worker.
pub(super) async fn list(State(app): State<Arc<App>>, query: Query) -> Result<Response, Problem> {
    let query = query.only(&PARAMETERS)?;
    let mut filter = EntryFilter::all();
    if let Some(states) = query.get("state") {
        filter = filter.states(states.split(',').map(state).collect::<Result<Vec<_>, _>>()?);
    }
    let wanted = Wanted {
        kind: query.get("kind").map(str::to_owned),
        provider: query.get("provider").map(str::to_owned),
        account: query.get("account").map(str::to_owned),
        since: query.get("since").map(|text| incoming::time("since", text)).transpose()?,
        until: query.get("until").map(|text| incoming::time("until", text)).transpose()?,
    };
    let after = query.get("after").map(|text| incoming::number("after", text)).transpose()?;
    let limit = incoming::limit(&query, USUAL, MOST)?;
    let inbox = TenantInbox::open(&app).await?;
    answer(&inbox.list(wanted.narrow(filter)?, after.map(EntryId::new), limit).await?)
}

/// Takes the event's id in the path. Gives 200 with the event as in the list; 404 for one of an account that is not
/// connected.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Segment(id): Segment,
    query: Query,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let id: EntryId = id
        .parse()
        .map_err(|_| Problem::bad_request("the event id is not a number", "take an id of GET /api/events"))?;
    answer(&TenantInbox::open(&app).await?.find(id).await?)
}

/// Which events to handle again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    of: Of,
    ids: Option<Vec<u64>>,
    kind: Option<String>,
    provider: Option<String>,
    account: Option<String>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    limit: Option<usize>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Of {
    /// What was given up.
    Failed,
    /// What nobody wanted when it came.
    NeverDelivered,
    /// The events with these ids, also those that were handled.
    Entries,
}

/// Takes `{"of":"failed"|"never_delivered","since"?,"until"?,"kind"?,"provider"?,"account"?,"limit"?}`, or
/// `{"of":"entries","ids":[…]}` with at most 100 ids, in JSON. Makes these events due again, if they are finished and
/// their payload is still there. Gives 200 `{"replayed","without_payload","more"}`; `more` when the limit (1 to 1000) was
/// reached.
pub(super) async fn replay(
    State(app): State<Arc<App>>,
    query: Query,
    request: Request,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let wish: Wish = incoming::json(&*app.timer, request).await?;
    let replay = wish.replay()?;
    let done = TenantInbox::open(&app).await?.replay(replay).await?;
    if let Some(wake) = &app.wake {
        wake.notify();
    }
    let (replayed, without_payload, more) = (done.replayed, done.without_payload, done.more);
    tracing::info!(replayed, without_payload, more, "replay");
    answer(&json!({"replayed": replayed, "without_payload": without_payload, "more": more}))
}

impl Wish {
    fn replay(self) -> Result<Replay, Problem> {
        let limit = self.limit.unwrap_or(MOST_REPLAYED);
        if !(1..=MOST_REPLAYED).contains(&limit) {
            return Err(Problem::invalid(
                format!("limit: not from 1 to {MOST_REPLAYED}"),
                "replay in several calls while the answer says more",
            ));
        }
        let wanted = Wanted {
            kind: self.kind,
            provider: self.provider,
            account: self.account,
            since: self.since,
            until: self.until,
        };
        match (self.of, self.ids) {
            (Of::Entries, Some(ids))
                if (1..=MOST_NAMED).contains(&ids.len()) && wanted == Wanted::default() =>
            {
                Ok(Replay::entries(ids.into_iter().map(EntryId::new)))
            }
            (Of::Entries, _) => Err(Problem::invalid(
                format!("of: \"entries\" takes 1 to {MOST_NAMED} ids and nothing that chooses among them"),
                "name the events as {\"of\":\"entries\",\"ids\":[…]}",
            )),
            (_, Some(_)) => Err(Problem::invalid(
                "ids: only of \"entries\" takes ids",
                "leave ids out, or send {\"of\":\"entries\",\"ids\":[…]}",
            )),
            (Of::Failed, None) => Ok(Replay::failed(wanted.narrow(EntryFilter::all())?).limit(limit)),
            (Of::NeverDelivered, None) => {
                Ok(Replay::never_delivered(wanted.narrow(EntryFilter::all())?).limit(limit))
            }
        }
    }
}

/// What chooses among events.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    kind: Option<String>,
    provider: Option<String>,
    account: Option<String>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Wanted {
    fn narrow(self, mut filter: EntryFilter) -> Result<EntryFilter, Problem> {
        filter.kind = self.kind;
        filter.provider = self.provider.as_deref().map(provider).transpose()?;
        filter.accounts = self.account.map(|account| vec![account]);
        filter.since = self.since.map(|time| moment("since", time)).transpose()?;
        filter.until = self.until.map(|time| moment("until", time)).transpose()?;
        Ok(filter)
    }
}

fn state(word: &str) -> Result<EntryState, Problem> {
    EntryState::parse(word).ok_or_else(|| {
        let words = EntryState::ALL.map(EntryState::as_str).join(", ");
        Problem::invalid(format!("state: {} is none", incoming::shown(word)), format!("take some of {words}"))
    })
}

fn provider(word: &str) -> Result<Provider, Problem> {
    [Provider::Meta, Provider::LinkedIn].into_iter().find(|provider| provider.as_str() == word).ok_or_else(
        || Problem::invalid(format!("provider: {} is none", incoming::shown(word)), "take meta or linkedin"),
    )
}

fn moment(name: &str, time: Timestamp) -> Result<EventTime, Problem> {
    EventTime::from_unix_millis(time.as_unix_millis()).ok_or_else(|| {
        Problem::invalid(
            format!("{name}: not between the years 1970 and 9999"),
            "name a time of this century",
        )
    })
}
