//! What is known about metrics, as data. A new or retired metric is one row.

mod instagram;
mod page;
mod threads;
mod video;

use serde::{Deserialize, Serialize};

use super::words::{MediaProduct, Metric, MetricBreakdown, MetricType, Period};
use crate::host::GraphHost;

/// What figures are of. Each kind has metrics of its own.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// A Page.
    Page,
    /// A post of a Page.
    Post,
    /// A video of a Page.
    Video,
    /// A reel of a Page.
    Reel,
    /// An Instagram account.
    InstagramAccount,
    /// A medium of an Instagram account.
    InstagramMedia,
    /// A post on Threads.
    ThreadsPost,
    /// A Threads account.
    ThreadsProfile,
}

/// Whether a metric is served.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MetricState {
    /// It is served.
    Live,
    /// It stands in some document, but it is not certain that it is still served.
    Uncertain,
    /// It is refused, in all versions of the API.
    Retired {
        /// Since this day, `YYYY-MM-DD`.
        since: &'static str,
    },
}

/// One metric of one kind of object.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricInfo {
    /// The name.
    pub name: &'static str,
    /// What it is a figure of.
    pub kind: ObjectKind,
    /// The kinds of media that have it; empty when that does not matter.
    pub products: &'static [MediaProduct],
    /// The periods it is counted by; empty when no period is given with it.
    pub periods: &'static [Period],
    /// The forms it is given in; empty when no form is given with it.
    pub types: &'static [MetricType],
    /// What it can be split by.
    pub breakdowns: &'static [MetricBreakdown],
    /// The APIs that serve it.
    pub hosts: &'static [GraphHost],
    /// Whether it is served.
    pub state: MetricState,
    /// The metric to ask for in its place.
    pub replacement: Option<&'static str>,
}

impl MetricInfo {
    const fn new(kind: ObjectKind, name: &'static str) -> Self {
        Self {
            name,
            kind,
            products: &[],
            periods: &[],
            types: &[],
            breakdowns: &[],
            hosts: FACEBOOK,
            state: MetricState::Live,
            replacement: None,
        }
    }

    const fn products(mut self, products: &'static [MediaProduct]) -> Self {
        self.products = products;
        self
    }

    const fn periods(mut self, periods: &'static [Period]) -> Self {
        self.periods = periods;
        self
    }

    const fn types(mut self, types: &'static [MetricType]) -> Self {
        self.types = types;
        self
    }

    const fn breakdowns(mut self, breakdowns: &'static [MetricBreakdown]) -> Self {
        self.breakdowns = breakdowns;
        self
    }

    const fn hosts(mut self, hosts: &'static [GraphHost]) -> Self {
        self.hosts = hosts;
        self
    }

    const fn uncertain(mut self) -> Self {
        self.state = MetricState::Uncertain;
        self
    }

    const fn retired(mut self, since: &'static str) -> Self {
        self.state = MetricState::Retired { since };
        self
    }

    const fn instead(mut self, replacement: &'static str) -> Self {
        self.replacement = Some(replacement);
        self
    }

    /// Whether it is known to be served today.
    pub fn is_live(&self) -> bool {
        self.state == MetricState::Live
    }

    /// The name as a metric to ask for.
    pub const fn metric(&self) -> Metric {
        Metric::from_static(self.name)
    }
}

const FACEBOOK: &[GraphHost] = &[GraphHost::Facebook];
/// Instagram is served to tokens of both logins.
const BOTH: &[GraphHost] = &[GraphHost::Facebook, GraphHost::Instagram];
const THREADS: &[GraphHost] = &[GraphHost::Threads];

const TABLES: &[&[MetricInfo]] = &[
    page::METRICS,
    page::POST_METRICS,
    video::METRICS,
    instagram::ACCOUNT,
    instagram::MEDIA,
    threads::METRICS,
];

/// All metrics known of this kind of object, retired ones among them.
///
/// ```
/// use sociogram_meta_graph::insights::{MetricInfo, ObjectKind, metrics_for};
///
/// let live: Vec<&str> =
///     metrics_for(ObjectKind::Page).filter(|metric| metric.is_live()).map(|metric| metric.name).collect();
/// assert!(live.contains(&"page_follows") && !live.contains(&"page_fans"));
/// ```
pub fn metrics_for(kind: ObjectKind) -> impl Iterator<Item = &'static MetricInfo> {
    TABLES.iter().copied().flatten().filter(move |info| info.kind == kind)
}

/// The metrics that are served for this kind of Instagram medium by this API: what to ask for unless something
/// special is wanted. Metrics that need a breakdown to say more are among them.
pub fn metrics_for_media(
    product: &MediaProduct,
    host: GraphHost,
) -> impl Iterator<Item = &'static MetricInfo> {
    metrics_for(ObjectKind::InstagramMedia)
        .filter(move |info| info.is_live() && info.products.contains(product) && info.hosts.contains(&host))
}

/// What is known of a metric; `None` for a name that is not in the tables.
pub fn metric_info(kind: ObjectKind, name: &str) -> Option<&'static MetricInfo> {
    metrics_for(kind).find(|info| info.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_metric_stands_in_the_tables_once_for_each_kind() {
        let mut seen = BTreeSet::new();
        for info in TABLES.iter().copied().flatten() {
            assert!(seen.insert((info.kind, info.name)), "{info:?}");
            assert!(!info.hosts.is_empty(), "{info:?}");
        }
    }

    #[test]
    fn what_replaces_a_metric_is_live() {
        for info in TABLES.iter().copied().flatten() {
            if let Some(replacement) = info.replacement {
                let replacement = metric_info(info.kind, replacement);
                assert!(replacement.is_some_and(MetricInfo::is_live), "{info:?}");
                assert!(!info.is_live(), "{info:?}");
            }
        }
    }

    #[test]
    fn lists_differ_by_kind_of_medium_and_api() {
        let names = |product: MediaProduct, host| -> BTreeSet<&str> {
            metrics_for_media(&product, host).map(|info| info.name).collect()
        };
        let feed = names(MediaProduct::Feed, GraphHost::Facebook);
        let reels = names(MediaProduct::Reels, GraphHost::Facebook);
        let story = names(MediaProduct::Story, GraphHost::Facebook);
        for (metric, expected) in [
            ("views", [true, true, true]),
            ("saved", [true, true, false]),
            ("profile_visits", [true, false, true]),
            ("ig_reels_avg_watch_time", [false, true, false]),
            ("navigation", [false, false, true]),
            ("impressions", [false, false, false]),
            ("total_views", [true, true, false]),
        ] {
            let found = [feed.contains(metric), reels.contains(metric), story.contains(metric)];
            assert_eq!(found, expected, "{metric}");
        }
        assert!(!names(MediaProduct::Feed, GraphHost::Instagram).contains("total_views"));
    }

    #[test]
    fn the_calendar_of_retirement_is_kept() {
        for (kind, name, since, replacement) in [
            (ObjectKind::Page, "page_fans", "2025-11-15", Some("page_follows")),
            (ObjectKind::Page, "page_impressions", "2025-11-15", Some("page_media_view")),
            (ObjectKind::Page, "page_impressions_unique", "2026-06-15", Some("page_total_media_view_unique")),
            (ObjectKind::Post, "post_impressions", "2025-11-15", Some("post_media_view")),
            (ObjectKind::Post, "post_engaged_users", "2024-09-16", None),
            (ObjectKind::InstagramAccount, "impressions", "2025-04-21", Some("views")),
            (ObjectKind::InstagramAccount, "profile_views", "2025-01-08", None),
            (ObjectKind::InstagramMedia, "engagement", "2023-12-11", Some("total_interactions")),
            (ObjectKind::InstagramMedia, "video_views", "2025-01-08", Some("views")),
        ] {
            let info = metric_info(kind, name).unwrap();
            assert_eq!(
                (info.state, info.replacement),
                (MetricState::Retired { since }, replacement),
                "{name}"
            );
        }
    }
}
