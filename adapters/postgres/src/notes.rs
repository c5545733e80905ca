//! What a change tells about itself, on its way into the audit and the queue of events.

use serde_json::{Value, json};
use sociogram_token_vault::{AuditActor, AuditEntry, EventKind, Generation, Notes};
use sqlx::types::Json;

use crate::{fault::Fault, values::shown};

/// The form that the function `add_notes` takes.
pub(crate) fn of(notes: Notes) -> Result<Json<Value>, Fault> {
    let Notes { actor, audit, events, .. } = notes;
    let events = events.iter().map(event).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(json!({ "actor": self::actor(&actor), "audit": entries(&audit), "events": events })))
}

/// The same without events.
pub(crate) fn of_entries(actor: &AuditActor, audit: &[AuditEntry]) -> Json<Value> {
    Json(json!({ "actor": self::actor(actor), "audit": entries(audit) }))
}

/// Who it was, as it is stored.
pub(crate) fn actor(actor: &AuditActor) -> String {
    shown(&actor.to_string()).into_owned()
}

fn entries(audit: &[AuditEntry]) -> Vec<Value> {
    let entry = |entry: &AuditEntry| {
        let asset = entry.asset.as_ref();
        json!({
            "action": shown(entry.action.as_str()),
            "generation": entry.generation.map(Generation::get),
            "reason": entry.reason.as_ref().map(|reason| shown(reason.as_str())),
            "asset": asset.map(|asset| json!({
                "app_id": shown(&asset.app_id),
                "kind": shown(asset.kind.as_str()),
                "external_id": shown(&asset.external_id),
            })),
        })
    };
    audit.iter().map(entry).collect()
}

fn event(kind: &EventKind) -> Result<Value, Fault> {
    let mut event = serde_json::to_value(kind).map_err(|_| Fault::Unsendable)?;
    clean(&mut event);
    Ok(event)
}

/// Postgres keeps no NUL in JSON either.
fn clean(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = shown(text).into_owned(),
        Value::Array(list) => list.iter_mut().for_each(clean),
        Value::Object(fields) => fields.values_mut().for_each(clean),
        _ => {}
    }
}
