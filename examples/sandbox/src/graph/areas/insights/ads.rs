//! `/{object}/insights` of an ad account, a campaign, an ad set or an ad.

use http::Method;
use serde_json::json;

use super::super::super::{Call, Outcome, answer::GraphError, paging};
use super::super::ads::{self, Kind};
use super::{ad_answer, ad_query, runs};

/// Most rows that are answered at once.
const MOST_AT_ONCE: i64 = 2_000;
/// Most rows that a report is begun for.
const MOST_EVER: i64 = 100_000;

/// Whether there are reports about it.
pub(super) fn is_object(call: &Call<'_>, id: &str) -> bool {
    let has = |kind: Kind| matches!(kind, Kind::Campaign | Kind::AdSet | Kind::Ad);
    ads::account(id).is_some() || call.state.areas.ads.thing(id).is_some_and(|thing| has(thing.kind))
}

pub(super) fn route(call: &mut Call<'_>, object: &str) -> Outcome {
    ads::reader(call)?;
    let method = call.request.method.clone();
    let plan = match method {
        Method::GET | Method::POST => ad_query::read(call, object)?,
        _ => return Err(GraphError::unsupported(&method, object)),
    };
    let size = plan.size(call);
    let most = if method == Method::GET { MOST_AT_ONCE } else { MOST_EVER };
    if size > most {
        let message = "(#100) Please reduce the amount of data you're asking for, then retry your request";
        return Err(GraphError::new(400, 100, message).subcode(1_487_534));
    }
    if method == Method::POST {
        return Ok(json!({"report_run_id": runs::begin(call, plan)}));
    }
    let rows = ad_answer::rows(call, &plan);
    paging::page(call, &format!("{object}/insights"), &rows)
}
