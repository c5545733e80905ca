//! Metrics of Threads (Threads API: Insights).

use super::super::words::MetricBreakdown as B;
use super::{MetricInfo, ObjectKind, THREADS};

const DEMOGRAPHIC: &[B] = &[B::Age, B::City, B::Country, B::Gender];

const fn post(name: &'static str) -> MetricInfo {
    MetricInfo::new(ObjectKind::ThreadsPost, name).hosts(THREADS)
}

const fn profile(name: &'static str) -> MetricInfo {
    MetricInfo::new(ObjectKind::ThreadsProfile, name).hosts(THREADS)
}

pub(super) const METRICS: &[MetricInfo] = &[
    post("views"),
    post("likes"),
    post("replies"),
    post("reposts"),
    post("quotes"),
    post("shares"),
    profile("views"),
    profile("likes"),
    profile("replies"),
    profile("reposts"),
    profile("quotes"),
    profile("clicks"),
    profile("followers_count"),
    profile("follower_demographics").breakdowns(DEMOGRAPHIC),
];
