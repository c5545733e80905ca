//! `/api/leads` and `/api/conversations`: what was made of events. All of it is personal data.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde::Serialize;
use serde_json::json;

use super::json as answer;
use crate::{
    app::App,
    incoming::{self, Query},
    problem::Problem,
    records::Kept,
};

const PARAMETERS: [&str; 2] = ["after", "limit"];
/// How many records are listed unless said otherwise, and at most.
const USUAL: usize = 50;
const MOST: usize = 500;

/// Takes `limit` (1 to 500) and `after`, the `next` of the answer before. Gives 200 `{"leads":[…],"next"}`, newest first:
/// platform, account, lead, form, ad, name, email, phone, and all answers as the platform gave them.
pub(super) async fn leads(State(app): State<Arc<App>>, query: Query) -> Result<Response, Problem> {
    let (after, limit) = place(query)?;
    let leads = app.records.leads(app.tenant(), after, limit).await?;
    answer(&json!({"next": next(&leads, limit), "leads": leads}))
}

/// Takes the same. Gives 200 `{"entries":[…],"next"}`, newest first: platform, account, person, direction (`in` or `out`),
/// kind (`message` or `comment`), text, time and id.
pub(super) async fn conversations(State(app): State<Arc<App>>, query: Query) -> Result<Response, Problem> {
    let (after, limit) = place(query)?;
    let entries = app.records.utterances(app.tenant(), after, limit).await?;
    answer(&json!({"next": next(&entries, limit), "entries": entries}))
}

fn place(query: Query) -> Result<(Option<i64>, usize), Problem> {
    let query = query.only(&PARAMETERS)?;
    let after = query.get("after").map(|text| incoming::number("after", text)).transpose()?;
    Ok((after.map(|after| i64::try_from(after).unwrap_or(i64::MAX)), incoming::limit(&query, USUAL, MOST)?))
}

/// A full page may be the last one; the next is empty then.
fn next<T: Serialize>(page: &[Kept<T>], limit: usize) -> Option<i64> {
    page.last().filter(|_| page.len() == limit).map(|last| last.id)
}
