//! Statistics of pages, of their followers and posts, and of a member's own posts and followers.
//!
//! Figures of ads are in [`ads`](crate::ads). All figures are optional: LinkedIn leaves out what it does not count. Each
//! answer comes whole, without pages; one element with an unexpected shape is set aside.
//!
//! ```no_run
//! use sociogram_api_core::Timestamp;
//! use sociogram_linkedin_api::analytics::{GetShareStatistics, TimeGranularity, TimeIntervals};
//! use sociogram_linkedin_api::{Client, Error, OrganizationUrn};
//!
//! async fn likes_by_day(client: &Client, page: OrganizationUrn, from: Timestamp, to: Timestamp) -> Result<(), Error> {
//!     let days = TimeIntervals::new(TimeGranularity::Day, from, to);
//!     for day in client.send(GetShareStatistics::new(page).intervals(days)).await?.items {
//!         println!("{:?}: {:?}", day.time_range, day.totals.like_count);
//!     }
//!     Ok(())
//! }
//! ```

mod facets;
mod followers;
mod intervals;
mod members;
mod page_views;
mod shares;
mod videos;

pub use facets::Facet;
pub use followers::{
    FollowerCounts, FollowerFacet, FollowerGains, FollowerStatistics, GetFollowerGains, GetFollowerStatistics,
};
pub use intervals::{TimeGranularity, TimeIntervals};
pub use members::{
    GetMemberAnalytics, GetMemberFollowerCount, GetMemberFollowersByDay, GetMemberPostAnalytics,
    GetMemberVideoAnalytics, MemberAggregation, MemberFigure, MemberFollowers, MemberPostMetric,
    MemberVideoMetric,
};
pub use page_views::{
    GetBrandPageStatistics, GetPageStatistics, PageFacet, PageFigures, PageStatistics, PageViews,
};
pub use shares::{GetShareStatistics, ShareStatistics, ShareTotals};
pub use videos::{GetVideoAnalytics, VideoAggregation, VideoFigure, VideoMetric};
