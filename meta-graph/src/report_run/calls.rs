//! The calls about a report.

use std::fmt;
use std::marker::PhantomData;

use http::Method;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::{Map, Value};
use sociogram_api_core::http::{
    Cursor, DecodeError, Endpoint, ListEndpoint, Page, RawResponse, Replay, RequestParts,
};
use sociogram_api_core::{InvalidRequest, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use crate::graph_error::GraphError;
use crate::id::ReportRunId;
use crate::lenient;
use crate::page_envelope::{self, Position};

/// The fields of a run that say how it stands.
const FIELDS: &str = "id,account_id,async_status,async_percent_completion,date_start,date_stop,time_completed,\
                      time_ref,error_code,error_subcode,error_message,error_user_title,error_user_msg";

open_enum! {
    /// Where a job stands.
    pub enum ReportStatus {
        /// It waits.
        NotStarted = "Job Not Started",
        /// It has begun.
        Started = "Job Started",
        /// It runs.
        Running = "Job Running",
        /// It is over.
        Completed = "Job Completed",
        /// It failed.
        Failed = "Job Failed",
        /// It was dropped unmade; start it again.
        Skipped = "Job Skipped",
    }
}

/// What starting a report answers.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StartedReport {
    /// The run, which Meta keeps for 30 days.
    pub report_run_id: ReportRunId,
}

/// Asks how a report stands: `GET /{report_run_id}`. Needs `ads_read`.
#[derive(Clone, Debug)]
pub struct GetReportRun {
    id: ReportRunId,
    subject: Option<String>,
}

impl GetReportRun {
    /// Of this run.
    pub const fn new(id: ReportRunId) -> Self {
        Self { id, subject: None }
    }

    /// The object whose rate limit it counts against: mostly the ad account.
    pub fn counted_against(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }
}

impl Endpoint for GetReportRun {
    type Output = ReportRunState;

    const NAME: &'static str = "ads.insights.run.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{report_run_id}";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::ADS_READ];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("report_run_id", &self.id).query("fields", FIELDS);
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    fn decode(&self, response: &RawResponse) -> Result<ReportRunState, DecodeError> {
        response.json()
    }
}

/// How a report stands.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ReportRunState {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<ReportRunId>,
    /// The ad account, without `act_`.
    #[serde(default, deserialize_with = "text")]
    pub account_id: Option<String>,
    /// Where the job stands.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub async_status: Option<ReportStatus>,
    /// How much is done, in percent.
    #[serde(default, deserialize_with = "lenient::count")]
    pub async_percent_completion: Option<u64>,
    /// First day of the report, as `2026-01-31`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub date_start: Option<String>,
    /// Last day of the report.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub date_stop: Option<String>,
    /// When it was over.
    #[serde(default, deserialize_with = "lenient::time")]
    pub time_completed: Option<Timestamp>,
    /// When it was asked for.
    #[serde(default, deserialize_with = "lenient::time")]
    pub time_ref: Option<Timestamp>,
    /// Meta's number for what went wrong.
    #[serde(default, deserialize_with = "int")]
    pub error_code: Option<i64>,
    /// Meta's second number.
    #[serde(default, deserialize_with = "int")]
    pub error_subcode: Option<i64>,
    /// Meta's text for developers.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub error_message: Option<String>,
    /// A title to show to a person.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub error_user_title: Option<String>,
    /// A text to show to a person.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub error_user_msg: Option<String>,
}

impl ReportRunState {
    /// What went wrong, judged like any other error of Meta's.
    pub fn failure(&self) -> GraphError {
        let mut error = Map::new();
        let numbers = [("code", self.error_code), ("error_subcode", self.error_subcode)];
        for (name, number) in numbers {
            number.map(|number| error.insert(name.to_owned(), number.into()));
        }
        let texts = [
            ("message", &self.error_message),
            ("error_user_title", &self.error_user_title),
            ("error_user_msg", &self.error_user_msg),
        ];
        for (name, text) in texts {
            text.as_ref().map(|text| error.insert(name.to_owned(), text.as_str().into()));
        }
        GraphError::from_object(&error)
    }
}

fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(lenient::text_of(&Value::deserialize(from)?))
}

fn int<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(lenient::int_of(&Value::deserialize(from)?))
}

/// The rows of a report, page by page: `GET /{report_run_id}/insights`. Needs `ads_read`. `T` is what one row is read
/// as; rows of another shape are set aside.
pub struct ListReportRows<T> {
    id: ReportRunId,
    subject: Option<String>,
    page: Position,
    row: PhantomData<fn() -> T>,
}

impl<T> ListReportRows<T> {
    /// Of this run, from the first row.
    pub fn new(id: ReportRunId) -> Self {
        Self { id, subject: None, page: Position::default(), row: PhantomData }
    }

    /// How many rows one page holds; Meta gives 25 unless told.
    pub fn limit(mut self, limit: u32) -> Self {
        self.page.limit = Some(limit);
        self
    }

    /// The object whose rate limit it counts against: mostly the ad account.
    pub fn counted_against(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }
}

impl<T> Clone for ListReportRows<T> {
    fn clone(&self) -> Self {
        Self { id: self.id.clone(), subject: self.subject.clone(), page: self.page.clone(), row: PhantomData }
    }
}

impl<T> fmt::Debug for ListReportRows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListReportRows")
            .field("id", &self.id)
            .field("page", &self.page)
            .finish_non_exhaustive()
    }
}

impl<T: DeserializeOwned + Send> Endpoint for ListReportRows<T> {
    type Output = Page<T>;

    const NAME: &'static str = "ads.insights.rows.list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{report_run_id}/insights";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::ADS_READ];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("report_run_id", &self.id);
        // No upper bound is documented.
        self.page.write(parts, u32::MAX)
    }

    fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    fn decode(&self, response: &RawResponse) -> Result<Page<T>, DecodeError> {
        page_envelope::read(response)
    }
}

impl<T: DeserializeOwned + Send> ListEndpoint for ListReportRows<T> {
    type Item = T;

    fn after(mut self, cursor: &Cursor) -> Self {
        self.page.after = Some(cursor.clone());
        self
    }
}
