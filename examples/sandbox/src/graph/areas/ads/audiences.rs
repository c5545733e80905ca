//! Customer lists: audiences, and the sessions that fill them.

mod rows;

use http::Method;
use serde_json::{Map, Value, json};

use super::super::super::{Call, Outcome, answer::GraphError, paging};
use super::{
    Kind, Thing, creation,
    forms::{self, Form, Table},
    reader, rows as answers, things,
    words::{FILE_SOURCES, LABELS, SUBTYPES},
    writer,
};
use crate::clock::graph_time;

const NEW: &Table = &[
    ("name", Form::Text),
    ("description", Form::Text),
    ("subtype", Form::Word(SUBTYPES)),
    ("customer_file_source", Form::Word(FILE_SOURCES)),
    ("audience_labels", Form::Words(LABELS)),
    ("retention_days", Form::Integer),
    ("is_value_based", Form::Flag),
    ("rule", Form::Json),
    ("origin_audience_id", Form::Text),
    ("lookalike_spec", Form::Json),
    ("opt_out_link", Form::Text),
];
const CHANGE: &Table = &[
    ("name", Form::Text),
    ("description", Form::Text),
    ("audience_labels", Form::Words(LABELS)),
    ("customer_file_source", Form::Word(FILE_SOURCES)),
    ("retention_days", Form::Integer),
    ("opt_out_link", Form::Text),
    ("rule", Form::Json),
];
/// How long a session may take, in seconds.
const WINDOW: i64 = 90 * 60;

/// Batches that belong together.
#[derive(Debug, Clone)]
pub(super) struct Session {
    edge: &'static str,
    started: i64,
    last: u64,
    is_over: bool,
    received: u64,
    invalid: u64,
}

/// `POST /{ad_account}/customaudiences`.
pub(super) fn create(call: &mut Call<'_>, account: &'static str) -> Outcome {
    writer(call, account)?;
    let mut fields = forms::read(call, NEW, &[])?;
    forms::need(&fields, &["name", "subtype"])?;
    match fields.get("subtype").and_then(Value::as_str) {
        Some("CUSTOM") => forms::need(&fields, &["customer_file_source"])?,
        Some("LOOKALIKE") => {
            forms::need(&fields, &["lookalike_spec"])?;
            let spec = fields.get("lookalike_spec").cloned().unwrap_or_default();
            let origin = fields.get("origin_audience_id").and_then(Value::as_str);
            let origin = origin.or_else(|| spec.pointer("/origin/0/id").and_then(Value::as_str));
            let known = origin.and_then(|id| call.state.areas.ads.thing(id));
            if !known.is_some_and(|thing| thing.kind == Kind::Audience && thing.text("status") != "DELETED") {
                return Err(GraphError::parameter("Invalid parameter: origin_audience_id"));
            }
            check_lookalike(&spec)?;
        }
        _ => {}
    }
    fields.insert("status".to_owned(), json!("ACTIVE"));
    set_times(call, &mut fields, &["time_created", "time_updated", "time_content_updated"]);
    fields.insert("approximate_count_lower_bound".to_owned(), json!(0));
    fields.insert("approximate_count_upper_bound".to_owned(), json!(0));
    let id = creation::keep(call, account, Kind::Audience, None, fields);
    Ok(json!({"id": id}))
}

fn check_lookalike(spec: &Value) -> Result<(), GraphError> {
    let ratio = spec.get("ratio").and_then(Value::as_f64);
    if ratio.is_some_and(|ratio| !(0.01..=0.2).contains(&ratio)) {
        return Err(GraphError::parameter("lookalike_spec: ratio must be from 0.01 to 0.2."));
    }
    let has_place = spec.get("country").is_some() || spec.get("location_spec").is_some();
    if !has_place {
        return Err(GraphError::parameter("lookalike_spec needs a country."));
    }
    Ok(())
}

fn set_times(call: &Call<'_>, fields: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        fields.insert((*name).to_owned(), json!(call.state.now_seconds()));
    }
}

pub(super) fn route(call: &mut Call<'_>, audience: &Thing, rest: &[&str]) -> Outcome {
    let method = call.request.method.clone();
    if audience.text("status") == "DELETED" {
        return Err(GraphError::unsupported(&method, &audience.id));
    }
    match (rest, &method) {
        ([], &Method::GET) => {
            reader(call)?;
            answers::node(call, audience)
        }
        ([], &Method::POST) => change(call, audience),
        ([], &Method::DELETE) => {
            writer(call, audience.account)?;
            call.params.only(&[])?;
            things::store(call, &audience.id, |known| {
                known.fields.insert("status".to_owned(), json!("DELETED"));
            });
            Ok(json!({"success": true}))
        }
        (["users"], &Method::POST) => users(call, audience, "add"),
        (["users"], &Method::DELETE) => users(call, audience, "remove"),
        (["usersreplace"], &Method::POST) => users(call, audience, "replace"),
        (["sessions"], &Method::GET) => sessions(call, audience),
        ([] | ["users" | "usersreplace" | "sessions"], _) => {
            Err(GraphError::unsupported(&method, &audience.id))
        }
        _ => Err(GraphError::unknown_path(rest)),
    }
}

fn change(call: &mut Call<'_>, audience: &Thing) -> Outcome {
    writer(call, audience.account)?;
    let mut sent = forms::read(call, CHANGE, &[])?;
    let now = json!(call.state.now_seconds());
    things::store(call, &audience.id, |known| {
        known.fields.append(&mut sent);
        known.fields.insert("time_updated".to_owned(), now);
    });
    Ok(json!({"success": true}))
}

/// A batch of people.
fn users(call: &mut Call<'_>, audience: &Thing, edge: &'static str) -> Outcome {
    writer(call, audience.account)?;
    call.params.only(&["payload", "session"])?;
    if !matches!(audience.text("subtype"), "CUSTOM") {
        return Err(GraphError::parameter("Only customer lists take people."));
    }
    let payload = call.params.structure("payload")?;
    let payload = payload.ok_or_else(|| GraphError::parameter("The parameter payload is required."))?;
    let counted = rows::check(&payload)?;
    if counted.unhashed > 0 {
        call.state.violation("unhashed-audience-row", call.request);
    }
    let session = call.params.structure("session")?;
    if session.is_none() && edge == "replace" {
        return Err(GraphError::parameter("The parameter session is required."));
    }
    let session_id = match &session {
        Some(session) => take_batch(call, audience, edge, session, &counted)?,
        None => call.state.number(),
    };
    let now = call.state.now_seconds();
    let good = counted.received.saturating_sub(counted.invalid);
    things::store(call, &audience.id, |known| {
        let bound = known.fields.get("approximate_count_upper_bound").and_then(Value::as_u64).unwrap_or(0);
        let bound = if edge == "remove" { bound.saturating_sub(good) } else { bound.saturating_add(good) };
        known.fields.insert("approximate_count_upper_bound".to_owned(), json!(bound));
        known.fields.insert("time_content_updated".to_owned(), json!(now));
    });
    // An empty list of samples is `[]`, any other an object: Meta's own writing of a map.
    let samples = if counted.samples.is_empty() { json!([]) } else { Value::Object(counted.samples) };
    Ok(json!({
        "audience_id": audience.id, "session_id": session_id.to_string(), "num_received": counted.received,
        "num_invalid_entries": counted.invalid, "invalid_entry_samples": samples,
    }))
}

/// Takes a batch into its session: 1 opens it, each next number follows, the last one closes it.
fn take_batch(
    call: &mut Call<'_>,
    audience: &Thing,
    edge: &'static str,
    session: &Value,
    counted: &rows::Counted,
) -> Result<u64, GraphError> {
    let wrong = |what: &str| GraphError::parameter(format!("Param session: {what}"));
    let number = |name: &str| {
        let value = session.get(name);
        value.and_then(|value| value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok())))
    };
    let known = ["session_id", "batch_seq", "last_batch_flag", "estimated_num_total"];
    let members = session.as_object().ok_or_else(|| wrong("must be an object."))?;
    if let Some(unknown) = members.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(wrong(&format!("unknown member {unknown}")));
    }
    let id = number("session_id").filter(|id| *id > 0);
    let id = id.ok_or_else(|| wrong("session_id must be a positive number of 64 bits."))?;
    let batch = number("batch_seq").filter(|batch| *batch > 0);
    let batch = batch.ok_or_else(|| wrong("batch_seq counts from 1."))?;
    let is_last = match session.get("last_batch_flag") {
        None => false,
        Some(Value::Bool(flag)) => *flag,
        Some(_) => return Err(wrong("last_batch_flag must be a boolean.")),
    };
    let now = call.state.now_seconds();
    let key = (audience.id.clone(), id);
    let fresh = Session { edge, started: now, last: 0, is_over: false, received: 0, invalid: 0 };
    let held = call.state.areas.ads.sessions.get(&key).cloned().unwrap_or(fresh);
    if held.edge != edge {
        return Err(wrong("the session was opened for something else."));
    }
    if held.is_over {
        return Err(wrong("the session is closed: its last batch has arrived."));
    }
    if now.saturating_sub(held.started) > WINDOW {
        return Err(wrong("the session has expired: it was opened more than 90 minutes ago."));
    }
    if batch != held.last.saturating_add(1) {
        return Err(wrong(&format!("batch_seq must be {}", held.last.saturating_add(1))));
    }
    let session = Session {
        last: batch,
        is_over: is_last,
        received: held.received.saturating_add(counted.received),
        invalid: held.invalid.saturating_add(counted.invalid),
        ..held
    };
    if edge == "replace" && batch == 1 {
        things::store(call, &audience.id, |known| {
            known.fields.insert("approximate_count_upper_bound".to_owned(), json!(0));
        });
    }
    call.state.areas.ads.sessions.insert(key, session);
    Ok(id)
}

fn sessions(call: &mut Call<'_>, audience: &Thing) -> Outcome {
    reader(call)?;
    call.params.only(&["session_id", "limit", "after", "before"])?;
    let wanted = call.params.text("session_id")?;
    let now = call.state.now_seconds();
    let mut out = Vec::new();
    for ((of, id), session) in &call.state.areas.ads.sessions {
        if *of != audience.id || wanted.as_ref().is_some_and(|wanted| *wanted != id.to_string()) {
            continue;
        }
        let stage = match (session.is_over, now.saturating_sub(session.started) > WINDOW) {
            (true, _) => "complete",
            (false, true) => "expired",
            (false, false) => "uploading",
        };
        out.push(json!({
            "session_id": id.to_string(), "start_time": graph_time(session.started), "stage": stage,
            "num_received": session.received.to_string(), "num_invalid_entries": session.invalid.to_string(),
            "num_matched": session.received.saturating_sub(session.invalid).to_string(),
            "progress": if session.is_over { "100" } else { "50" },
        }));
    }
    paging::page(call, &format!("{}/sessions", audience.id), &out)
}
