//! Figures of Threads (Threads API: Insights). For a client of [`GraphHost::Threads`](crate::GraphHost::Threads).

use sociogram_oauth_core::scope;

use super::answer::Insights;
use super::checks;
use super::metrics::ObjectKind;
use super::request::{MetricContext, insights_request};
use super::words::{MetricBreakdown, Metrics};
use crate::UnixTime;
use crate::endpoint::endpoint;
use crate::id::{MediaId, ThreadsUserId};

endpoint! {
    /// Reads figures of a post on Threads: `GET /{media_id}/insights` (Threads API: Insights).
    ///
    /// Needs `threads_basic` and `threads_manage_insights`.
    pub struct GetThreadsPostInsights -> Insights;
    "threads.post_insights.get": GET "/{media_id}/insights", Safe, [scope::THREADS_BASIC, scope::THREADS_MANAGE_INSIGHTS];
    new { media_id: MediaId, metric: Metrics }
    checked by check;
    decode Insights::read;
}

insights_request!(GetThreadsPostInsights, |_request| MetricContext::of(ObjectKind::ThreadsPost), None);

endpoint! {
    /// Reads figures of a Threads account: `GET /{threads_user_id}/threads_insights` (Threads API: Insights).
    ///
    /// Needs `threads_basic` and `threads_manage_insights`. There are figures since Unix time 1712991600 (13 April 2024).
    pub struct GetThreadsProfileInsights -> Insights;
    "threads.profile_insights.get": GET "/{threads_user_id}/threads_insights", Safe, [scope::THREADS_BASIC, scope::THREADS_MANAGE_INSIGHTS];
    new { threads_user_id: ThreadsUserId, metric: Metrics }
    with {
        /// From then on.
        since: UnixTime,
        /// Until then.
        until: UnixTime,
        /// What `follower_demographics` is split by; it needs it.
        breakdown: MetricBreakdown,
    }
    subject threads_user_id;
    checked by check;
    decode Insights::read;
}

insights_request!(
    GetThreadsProfileInsights,
    |request| MetricContext {
        breakdown: request.breakdown.clone(),
        ..MetricContext::of(ObjectKind::ThreadsProfile)
    },
    checks::threads_range(request.since, request.until)
);
