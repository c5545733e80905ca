//! Figures of ads (Marketing API: Insights).

mod query;
mod row;
#[cfg(test)]
mod tests;

use http::Method;
use serde::Deserialize;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{
    CoreError, Cursor, DecodeError, Endpoint, ListEndpoint, Page, RawResponse, Replay, RequestParts,
};
use sociogram_oauth_core::scope;

pub use query::{AdsInsightsQuery, AdsPeriod, AttributionWindow, ReportLevel, ReportTime, TimeIncrement};
pub use row::{ActionStat, AdsInsightsRow, Figure};

use crate::endpoint::{Encoding, Params};
use crate::page_envelope::{self, Position};
use crate::report_run::StartedReport;

/// The most rows of one page. Meta may ask for less: it then answers with
/// [`ErrorClass::Transient`](crate::ErrorClass::Transient) or [`DataTooLarge`](crate::ErrorClass::DataTooLarge).
const MAX_ROWS: u32 = 1000;

/// Reads figures of ads at once: `GET /{object_id}/insights` (Marketing API: Insights).
///
/// The object is an ad account, a campaign, an ad set or an ad. Needs `ads_read` or `ads_management`. Rows without
/// delivery are left out. An error of the class [`DataTooLarge`](crate::ErrorClass::DataTooLarge) means: ask for fewer
/// fields or days, or give the same query to [`StartAdsInsights`].
#[derive(Clone, Debug)]
pub struct ListAdsInsights {
    query: AdsInsightsQuery,
    page: Position,
}

impl ListAdsInsights {
    /// The first page.
    pub fn new(query: AdsInsightsQuery) -> Self {
        Self { query, page: Position::default() }
    }

    /// How many rows one page holds, at most 1000; Meta gives 25 unless told.
    pub fn limit(mut self, limit: u32) -> Self {
        self.page.limit = Some(limit);
        self
    }

    /// The summary row of an answer, if the query asked for one; `with_meta` gives the raw answer.
    pub fn summary(response: &RawResponse) -> Option<AdsInsightsRow> {
        #[derive(Deserialize)]
        struct Answer {
            summary: AdsInsightsRow,
        }
        response.json().ok().map(|answer: Answer| answer.summary)
    }
}

impl Endpoint for ListAdsInsights {
    type Output = Page<AdsInsightsRow>;

    const NAME: &'static str = "ads.insights.list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{object_id}/insights";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::ADS_READ];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.query.write(Params::new(parts, Encoding::Form))?;
        self.page.write(parts, MAX_ROWS)
    }

    fn subject(&self) -> Option<&str> {
        Some(self.query.object().as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<Page<AdsInsightsRow>, DecodeError> {
        page_envelope::read(response)
    }
}

impl ListEndpoint for ListAdsInsights {
    type Item = AdsInsightsRow;

    fn after(mut self, cursor: &Cursor) -> Self {
        self.page.after = Some(cursor.clone());
        self
    }

    fn smaller(&self, error: &CoreError) -> Option<Self> {
        Some(Self { page: self.page.smaller(error)?, ..self.clone() })
    }
}

/// Has Meta put the figures together in the background: `POST /{object_id}/insights` (Marketing API: Insights,
/// asynchronous jobs).
///
/// Needs `ads_read` or `ads_management`. The rows are there only when the run is completed:
/// [`ReportRun::start`](crate::report_run::ReportRun::start) sends this and waits for that. A run takes up to an hour and is kept for 30 days.
#[derive(Clone, Debug)]
pub struct StartAdsInsights {
    query: AdsInsightsQuery,
}

impl StartAdsInsights {
    /// The same query as for [`ListAdsInsights`].
    pub const fn new(query: AdsInsightsQuery) -> Self {
        Self { query }
    }
}

impl Endpoint for StartAdsInsights {
    type Output = StartedReport;

    const NAME: &'static str = "ads.insights.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{object_id}/insights";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[scope::ADS_READ];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.query.write(Params::new(parts, Encoding::Form))
    }

    fn subject(&self) -> Option<&str> {
        Some(self.query.object().as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<StartedReport, DecodeError> {
        response.json()
    }
}
