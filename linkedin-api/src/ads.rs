//! Ad accounts, campaigns and creatives, and what they came to (LinkedIn: Campaign Management; Ads Reporting).
//!
//! Lists of accounts, campaign groups, campaigns and creatives come page by page. Figures come whole: one call is
//! [`GetAdAnalytics`], and [`AdAnalyticsReport`] asks for any number of metrics over any range in as many calls as it takes.
//!
//! ```no_run
//! use sociogram_linkedin_api::ads::{AdAnalyticsReport, AdGranularity, AdMetric, AdPivot, GetAdAnalytics};
//! use sociogram_linkedin_api::{AdAccountUrn, Client, Date, DateRange, Error};
//!
//! async fn costs_of_a_year(client: &Client, account: AdAccountUrn) -> Result<(), Error> {
//!     let year = DateRange::new(Date::new(2025, 1, 1).unwrap(), Date::new(2025, 12, 31).unwrap());
//!     let request = GetAdAnalytics::new(AdPivot::Campaign, year, AdGranularity::Daily)
//!         .accounts([account])
//!         .metrics([AdMetric::Impressions, AdMetric::CostInUsd]);
//!     let figures = AdAnalyticsReport::new(request).run(client, |_| {}).await?;
//!     for row in &figures.rows {
//!         println!("{:?} {:?}: {:?} USD", row.date_range, row.pivot_values, row.decimal(&AdMetric::CostInUsd));
//!     }
//!     for finding in &figures.findings {
//!         println!("beware: {finding}");
//!     }
//!     Ok(())
//! }
//! ```

mod accounts;
mod analytics;
mod audit;
mod campaign_groups;
mod campaigns;
mod creatives;
mod id;
mod merge;
mod metrics;
mod report;
mod row;
mod search;
mod slices;
mod users;
mod words;
mod write;

pub use accounts::{AdAccount, AdAccountSearch, CreateTestAdAccount, GetAdAccount, ListAdAccounts};
pub use analytics::GetAdAnalytics;
pub use audit::AuditStamps;
pub use campaign_groups::{
    CampaignGroup, CampaignGroupSearch, CreateCampaignGroup, GetCampaignGroup, ListCampaignGroups,
    UpdateCampaignGroup,
};
pub use campaigns::{
    Campaign, CampaignSearch, CreateCampaign, GetCampaign, ListCampaigns, RunSchedule, UpdateCampaign,
};
pub use creatives::{CreateCreative, Creative, GetCreative, ListCreatives, UpdateCreative};
pub use id::{AdAccountId, CampaignGroupId, CampaignId};
pub use metrics::AdMetric;
pub use report::{AdAnalytics, AdAnalyticsReport};
pub use row::{AdAnalyticsRow, MetricValue};
pub use users::{AdAccountUser, AdAccountUserKey, GetAdAccountUser, ListAdAccountUsers, ListMyAdAccounts};
pub use words::{
    AdAccountRole, AdAccountStatus, AdAccountType, AdGranularity, AdPivot, CampaignStatus, CampaignType,
    CostType, CreativeStatus,
};
