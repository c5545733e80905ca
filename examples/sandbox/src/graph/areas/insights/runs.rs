//! Asynchronous reports: a job that takes a few polls, then rows.

use serde_json::{Map, Value, json};

use super::super::super::{Call, Outcome, answer::GraphError, fields, paging};
use super::super::ads;
use super::{ad_answer, ad_query::Plan, dates, only_reading};

/// How long a job can be asked for, in seconds: 30 days.
const LIFE: i64 = 30 * 86_400;
/// Most rows a job can write; beyond it fails.
const MOST_ROWS: i64 = 20_000;
const FIELDS: &[&str] = &[
    "id",
    "account_id",
    "async_percent_completion",
    "async_report_url",
    "async_status",
    "date_start",
    "date_stop",
    "error_code",
    "error_message",
    "error_subcode",
    "error_user_msg",
    "error_user_title",
    "friendly_name",
    "is_async_export",
    "is_bookmarked",
    "is_running",
    "schedule_id",
    "time_completed",
    "time_ref",
];
const DEFAULT: &[&str] = &[
    "id",
    "account_id",
    "async_status",
    "async_percent_completion",
    "time_ref",
    "time_completed",
    "is_running",
    "date_start",
    "date_stop",
    "error_code",
    "error_subcode",
    "error_message",
];

/// A job.
#[derive(Debug, Clone)]
pub(super) struct Run {
    plan: Plan,
    begun: i64,
    polls: u32,
    fails: bool,
}

impl Run {
    /// 100 percent come before the end: only the status tells.
    fn status(&self) -> (&'static str, i64) {
        match self.polls {
            0 => ("Job Not Started", 0),
            1 => ("Job Started", 0),
            2 => ("Job Running", 45),
            _ if self.fails => ("Job Failed", 60),
            3 => ("Job Running", 100),
            _ => ("Job Completed", 100),
        }
    }
}

/// Begins a job and gives its number: a number, not text.
pub(super) fn begin(call: &mut Call<'_>, plan: Plan) -> u64 {
    let fails = plan.size(call) > MOST_ROWS;
    let id = 6_020_000_000_000_u64.saturating_add(call.state.number());
    let run = Run { plan, begun: call.state.now_seconds(), polls: 0, fails };
    call.state.areas.insights.runs.insert(id.to_string(), run);
    id
}

fn held(call: &mut Call<'_>, id: &str) -> Result<Run, GraphError> {
    only_reading(call, id)?;
    ads::reader(call)?;
    let now = call.state.now_seconds();
    let run = call.state.areas.insights.runs.get(id).filter(|run| now.saturating_sub(run.begun) < LIFE);
    run.cloned().ok_or_else(|| GraphError::unsupported(&call.request.method, id))
}

/// `GET /{report_run}`: each look moves the job on.
pub(super) fn poll(call: &mut Call<'_>, id: &str) -> Outcome {
    held(call, id)?;
    if let Some(run) = call.state.areas.insights.runs.get_mut(id) {
        run.polls = run.polls.saturating_add(1);
    }
    let run = held(call, id)?;
    let (status, percent) = run.status();
    let mut out = Map::new();
    let mut set = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    set("id", json!(id));
    set("account_id", json!(ads::AD_ACCOUNT.trim_start_matches("act_")));
    set("async_status", json!(status));
    set("async_percent_completion", json!(percent));
    set("is_running", json!(status == "Job Running"));
    set("time_ref", json!(run.begun));
    if let (Some((since, _)), Some((_, until))) = (run.plan.spans.first(), run.plan.spans.last()) {
        set("date_start", json!(dates::date(*since)));
        set("date_stop", json!(dates::date(*until)));
    }
    match status {
        "Job Completed" => set("time_completed", json!(run.begun.saturating_add(1))),
        "Job Failed" => {
            set("error_code", json!(-3));
            set("error_subcode", json!(1_504_045));
            set("error_message", json!("The report is too big."));
        }
        _ => {}
    }
    fields::select(call, "AdReportRun", &out, FIELDS, DEFAULT)
}

/// `GET /{report_run}/insights`.
pub(super) fn rows(call: &mut Call<'_>, id: &str) -> Outcome {
    let run = held(call, id)?;
    call.params.only(&["limit", "after", "before"])?;
    if run.status().0 != "Job Completed" {
        let message = "(#2601) The report is not ready: ask for it when the job is complete.";
        return Err(GraphError::new(400, 2601, message).subcode(1_815_107));
    }
    let rows = ad_answer::rows(call, &run.plan);
    paging::page(call, &format!("{id}/insights"), &rows)
}
