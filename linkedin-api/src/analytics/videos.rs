//! Videos of organizations.

use serde::Deserialize;
use sociogram_api_core::http::Page;
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use crate::collection::whole;
use crate::endpoint::endpoint;
use crate::lenient;
use crate::restli::restli_words;
use crate::time_range::TimeRange;
use crate::urn::{PostUrn, Urn};

open_enum! {
    /// What is counted of an organization's video.
    pub enum VideoMetric {
        /// Views of at least 3 seconds; kept for six months.
        View = "VIDEO_VIEW",
        /// Different viewers; kept for six months.
        Viewer = "VIEWER",
        /// Time watched, in milliseconds.
        TimeWatched = "TIME_WATCHED",
        /// Time watched in views of at least 3 seconds, in milliseconds; kept for six months.
        TimeWatchedForVideoViews = "TIME_WATCHED_FOR_VIDEO_VIEWS",
    }
}

open_enum! {
    /// The steps of a video's figures.
    pub enum VideoAggregation {
        /// One element in all.
        All = "ALL",
        /// One element for each day.
        Day = "DAY",
        /// One element for each week.
        Week = "WEEK",
    }
}

restli_words!(VideoMetric, VideoAggregation);

endpoint! {
    /// Reads one figure of an organization's video: `GET /rest/videoAnalytics?q=entity` (LinkedIn: Video Analytics API).
    ///
    /// The post must be a `urn:li:ugcPost` with a video. Needs `r_organization_social` and the role of administrator or
    /// direct sponsored content poster.
    pub struct GetVideoAnalytics -> Page<VideoFigure>;
    "linkedin.video_analytics.get": Finder "/rest/videoAnalytics", Safe, [scope::R_ORGANIZATION_SOCIAL];
    fixed { q: "entity" }
    new { post as "entity": PostUrn, metric as "type": VideoMetric }
    with {
        /// In steps; all together unless told.
        aggregation: VideoAggregation,
        /// Only this time; the video's whole life unless told.
        time_range as "timeRange": TimeRange,
    }
    subject post;
    checked by check;
    read by whole;
}

impl GetVideoAnalytics {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        self.time_range.iter().filter_map(|range| range.check("timeRange")).collect()
    }
}

/// A figure of a video.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VideoFigure {
    /// The post.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub entity: Option<Urn>,
    /// What was counted.
    #[serde(default, rename = "statisticsType", deserialize_with = "lenient::or_none")]
    pub metric: Option<VideoMetric>,
    /// The figure: a number of views or viewers, or milliseconds.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub value: Option<i64>,
    /// The step.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub time_range: Option<TimeRange>,
}
