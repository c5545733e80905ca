//! `/api/conversions`: events on their way to the platforms, what became of them, and sending them again.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::json;
use sociogram::{
    api_core::Timestamp,
    capi::{
        Hashed, PrepareOptions,
        outbox::{EntryFilter, EntryId, EntryState, Platform, Replay, Route},
    },
    meta_graph::DatasetId,
    oauth_core::ConnectionId,
};

use super::{connections::connection_id, json as answer};
use crate::{
    app::{App, to_its_end},
    conversions::{ACCEPTED, Form, Intake, LIMIT, Recorded, platform_from, sender},
    idempotency::{self, Begin},
    incoming::{self, Query, Segment},
    problem::Problem,
};

const TAKEN: [&str; 4] = ["platform", "dataset", "connection", "wait"];
const FILTERS: [&str; 10] =
    ["state", "platform", "connection", "target", "name", "event_id", "since", "until", "after", "limit"];
/// How long a caller may wait for fates, in seconds.
const MAX_WAIT: u64 = 30;
/// How many events are listed unless said otherwise, and at most.
const USUAL: usize = 50;
const MOST: usize = 500;
/// How many events one replay makes due at most, and how many it may name.
const MOST_REPLAYED: usize = 1000;
const MOST_NAMED: usize = 100;

const DOUBT_WARNING: &str =
    "what was in doubt is sent again: the platform counts those events twice that it had taken";

/// Takes events with plain customer data, at most 10 000 and 10 MiB: NDJSON (`application/x-ndjson`) or a JSON list
/// (`application/json`), in the form of the platform that `?platform=` names (`meta` unless it is there, or `linkedin`).
/// `?dataset=` names another dataset of Meta than the configured one, `?connection=` the connection whose token is used,
/// and an `Idempotency-Key` makes repeating the call safe for a day.
///
/// Events that would be refused are, at once; the others are recorded, and sent from there. Gives 202
/// `{"platform","dataset","counts","accepted":[{"index","id","state"}],"duplicates":[{"index","id"}],"rejected":[{"index",
/// "reason","findings"}],"warnings":[{"index","reason"}]}`; `index` counts from 0. A duplicate has the name and the
/// `event_id` of the recorded event that it names. With `?wait=` seconds (to 30) the answer waits for the fates: 200 with
/// `fate` when all are known, else 202.
pub(super) async fn create(
    State(app): State<Arc<App>>,
    query: Query,
    request: Request,
) -> Result<Response, Problem> {
    let query = query.only(&TAKEN)?;
    let key = idempotency::key(request.headers())?;
    let platform = query.get("platform").map_or(Ok(Platform::Meta), platform_from)?;
    let connection = query.get("connection").map(connection_id).transpose()?;
    let wait = query.get("wait").map(patience).transpose()?;
    let media_type = incoming::media_type(request.headers(), ACCEPTED)?;
    let form = Form::from_media_type(&media_type)?;
    let dataset = dataset(&app, platform, query.get("dataset"))?;
    let body = incoming::body(&*app.timer, request, LIMIT).await?;
    let text = incoming::text(&body)?;
    let whole = format!("{platform} {connection:?} {dataset:?} {media_type}\n{text}");
    if let Some(key) = &key
        && let Begin::Replay(recorded) = app.recorded.begin(key, &Hashed::digest(&whole), app.timer.now())?
    {
        let mut answer = told(&app, &*recorded?, wait).await?;
        let name = HeaderName::from_static("idempotency-replayed");
        answer.headers_mut().insert(name, HeaderValue::from_static("true"));
        return Ok(answer);
    }
    let work = Arc::clone(&app);
    let recorded = to_its_end(async move {
        let worker = Arc::clone(&work);
        let recorded =
            tokio::spawn(async move { record(&worker, platform, connection, dataset, form, &body).await });
        // A key must not stay taken for work that broke off.
        let broke_off = |_| Err(Problem::internal("the work broke off"));
        let recorded = recorded.await.unwrap_or_else(broke_off);
        if let Some(key) = key {
            work.recorded.finish(&key, &recorded);
        }
        recorded
    });
    told(&app, &*recorded.await?, wait).await
}

async fn record(
    app: &App,
    platform: Platform,
    connection: Option<ConnectionId>,
    dataset: Option<DatasetId>,
    form: Form,
    body: &[u8],
) -> Result<Arc<Recorded>, Problem> {
    let texts = form.split(incoming::text(body)?)?;
    let connection = sender(app, platform, connection).await?.id;
    let now = app.timer.now();
    let (route, intake) = if let Some(dataset) = dataset {
        let options = PrepareOptions::new(now);
        let route = Route::meta(app.tenant(), connection, dataset.to_string());
        (route.with_envelope(options.envelope()), Intake::of_meta(&texts, &options))
    } else {
        let rule = app.leads.usual_rule();
        (Route::linkedin(app.tenant(), connection), Intake::of_linkedin(&texts, rule, now))
    };
    let recorded = app.outbox.record(route, intake).await?;
    let (accepted, refused) = (recorded.ids().len(), recorded.refused());
    tracing::info!(%platform, accepted, refused, "conversions");
    Ok(Arc::new(recorded))
}

/// The answer, after waiting if that is wanted.
async fn told(app: &App, recorded: &Recorded, wait: Option<Duration>) -> Result<Response, Problem> {
    let entries = match wait {
        None => HashMap::new(),
        Some(wait) => app.outbox.fates(&*app.timer, app.tenant(), &recorded.ids(), wait).await?,
    };
    let said = recorded.answer(&entries);
    let status = if wait.is_some() && said.is_final() { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok((status, answer(&said)?).into_response())
}

fn patience(text: &str) -> Result<Duration, Problem> {
    let seconds = text.parse().ok().filter(|seconds| *seconds <= MAX_WAIT);
    seconds.map(Duration::from_secs).ok_or_else(|| {
        Problem::invalid(
            format!("wait: {} is not from 0 to {MAX_WAIT}", incoming::shown(text)),
            "wait for fewer seconds, and look again with GET /api/conversions",
        )
    })
}

/// Where events for Meta go; `None` for LinkedIn.
fn dataset(app: &App, platform: Platform, named: Option<&str>) -> Result<Option<DatasetId>, Problem> {
    match (platform, named) {
        (Platform::Meta, Some(id)) => DatasetId::new(id).map(Some).map_err(|error| {
            Problem::bad_request(format!("the dataset is not one: {error}"), "name the dataset by its number")
        }),
        (Platform::Meta, None) => match &app.facebook.dataset {
            Some(dataset) => Ok(Some(dataset.clone())),
            None => Err(Problem::invalid(
                "no dataset is named",
                "add ?dataset= to the address, or set META_DATASET_ID",
            )),
        },
        (_, Some(_)) => Err(Problem::invalid(
            "dataset: only Meta has datasets",
            "leave it out; events for LinkedIn name their conversion rule themselves",
        )),
        (_, None) => Ok(None),
    }
}

/// Takes any of `state` (some of `pending`, `claimed`, `sending`, `sent`, `rejected`, `in_doubt`, separated by commas),
/// `platform`, `connection`, `target` (a dataset), `name`, `event_id`, `since` and `until` (RFC 3339, when they were added),
/// `limit` (1 to 500) and `after`, the `next` of the answer before. Gives 200 `{"conversions":[…],"next"}`, the latest added
/// first: id, where to, name, state, fate with reason and advice, attempts, history and times; never what is in the event.
pub(super) async fn list(State(app): State<Arc<App>>, query: Query) -> Result<Response, Problem> {
    let query = query.only(&FILTERS)?;
    let own = |name: &str| query.get(name).map(str::to_owned);
    let wanted = Wanted {
        platform: own("platform"),
        connection: own("connection"),
        target: own("target"),
        name: own("name"),
        event_id: own("event_id"),
        since: query.get("since").map(|text| incoming::time("since", text)).transpose()?,
        until: query.get("until").map(|text| incoming::time("until", text)).transpose()?,
    };
    let mut filter = wanted.filter()?;
    if let Some(states) = query.get("state") {
        filter = filter.states(states.split(',').map(state).collect::<Result<Vec<_>, _>>()?);
    }
    let after = query.get("after").map(|text| incoming::number("after", text)).transpose()?;
    let limit = incoming::limit(&query, USUAL, MOST)?;
    answer(&app.outbox.list(app.tenant(), &filter, after.map(EntryId::new), limit).await?)
}

/// Takes the event's id in the path. Gives 200 with the event as in the list.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Segment(id): Segment,
    query: Query,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let id: EntryId = id
        .parse()
        .map_err(|_| Problem::bad_request("the id is not a number", "take an id of GET /api/conversions"))?;
    answer(&app.outbox.find(app.tenant(), id).await?)
}

/// Which events to send again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    of: Of,
    ids: Option<Vec<u64>>,
    limit: Option<usize>,
    platform: Option<String>,
    connection: Option<String>,
    target: Option<String>,
    name: Option<String>,
    event_id: Option<String>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Of {
    /// What the platform refused, after its cause was put right.
    Rejected,
    /// What may have been counted.
    InDoubt,
    /// The events with these ids.
    Entries,
}

/// Takes `{"of":"rejected"|"in_doubt","platform"?,"connection"?,"target"?,"name"?,"event_id"?,"since"?,"until"?,"limit"?}`,
/// or `{"of":"entries","ids":[…]}` with at most 100 ids, in JSON. Makes these events due again if they were refused or are
/// in doubt, their content is still there and the platform still takes them. Gives 200
/// `{"replayed","too_late","more","warning"?}`; `more` when the limit (1 to 1000) was reached. What was in doubt may be
/// counted twice: the `warning` says so.
pub(super) async fn replay(
    State(app): State<Arc<App>>,
    query: Query,
    request: Request,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let wish: Wish = incoming::json(&*app.timer, request).await?;
    let of = wish.of;
    let done = app.outbox.replay(app.tenant(), &wish.replay()?).await?;
    let (replayed, too_late, more) = (done.replayed, done.too_late, done.more);
    tracing::info!(replayed, too_late, more, "conversions are sent again");
    let mut told = json!({"replayed": replayed, "too_late": too_late, "more": more});
    if of != Of::Rejected
        && let Some(members) = told.as_object_mut()
    {
        members.insert("warning".to_owned(), json!(DOUBT_WARNING));
    }
    answer(&told)
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
            platform: self.platform,
            connection: self.connection,
            target: self.target,
            name: self.name,
            event_id: self.event_id,
            since: self.since,
            until: self.until,
        };
        match (self.of, self.ids) {
            (Of::Entries, Some(ids))
                if (1..=MOST_NAMED).contains(&ids.len()) && wanted == Wanted::default() =>
            {
                Ok(Replay::entries(ids.into_iter().map(EntryId::new)).limit(limit))
            }
            (Of::Entries, _) => Err(Problem::invalid(
                format!("of: \"entries\" takes 1 to {MOST_NAMED} ids and nothing that chooses among them"),
                "name the events as {\"of\":\"entries\",\"ids\":[…]}",
            )),
            (_, Some(_)) => Err(Problem::invalid(
                "ids: only of \"entries\" takes ids",
                "leave ids out, or send {\"of\":\"entries\",\"ids\":[…]}",
            )),
            (Of::Rejected, None) => Ok(Replay::rejected(wanted.filter()?).limit(limit)),
            (Of::InDoubt, None) => Ok(Replay::in_doubt(wanted.filter()?).limit(limit)),
        }
    }
}

/// What chooses among events.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    platform: Option<String>,
    connection: Option<String>,
    target: Option<String>,
    name: Option<String>,
    event_id: Option<String>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Wanted {
    fn filter(self) -> Result<EntryFilter, Problem> {
        let mut filter = EntryFilter::all();
        filter.platform = self.platform.as_deref().map(platform_from).transpose()?;
        filter.connection = self.connection.as_deref().map(connection_id).transpose()?;
        filter.target = self.target;
        filter.name = self.name;
        filter.event_id = self.event_id;
        filter.since = self.since;
        filter.until = self.until;
        Ok(filter)
    }
}

fn state(word: &str) -> Result<EntryState, Problem> {
    EntryState::parse(word).ok_or_else(|| {
        let words = EntryState::ALL.map(EntryState::as_str).join(", ");
        Problem::invalid(format!("state: {} is none", incoming::shown(word)), format!("take some of {words}"))
    })
}
