//! The words of ads.

use serde_json::Value;
use sociogram_api_core::open_enum;

use crate::restli::restli_words;

open_enum! {
    /// Whether an ad account may be used.
    pub enum AdAccountStatus {
        /// In use.
        Active = "ACTIVE",
        /// Closed.
        Canceled = "CANCELED",
        /// Not finished.
        Draft = "DRAFT",
        /// Waiting to be deleted.
        PendingDeletion = "PENDING_DELETION",
        /// Deleted.
        Removed = "REMOVED",
    }
}

open_enum! {
    /// Who uses an ad account.
    pub enum AdAccountType {
        /// An advertiser on their own.
        Business = "BUSINESS",
        /// An enterprise; only LinkedIn makes these.
        Enterprise = "ENTERPRISE",
    }
}

open_enum! {
    /// What a member may do in an ad account.
    pub enum AdAccountRole {
        /// Everything, and pays for it.
        AccountBillingAdmin = "ACCOUNT_BILLING_ADMIN",
        /// Everything but billing; manages the users.
        AccountManager = "ACCOUNT_MANAGER",
        /// Campaigns and ads.
        CampaignManager = "CAMPAIGN_MANAGER",
        /// Ads.
        CreativeManager = "CREATIVE_MANAGER",
        /// Reads only.
        Viewer = "VIEWER",
    }
}

open_enum! {
    /// Whether a campaign or campaign group runs.
    pub enum CampaignStatus {
        /// Runs within its schedule.
        Active = "ACTIVE",
        /// Stopped for now.
        Paused = "PAUSED",
        /// Not finished; costs nothing.
        Draft = "DRAFT",
        /// Put away.
        Archived = "ARCHIVED",
        /// Its schedule is over.
        Completed = "COMPLETED",
        /// Stopped for ever.
        Canceled = "CANCELED",
        /// Waiting to be deleted.
        PendingDeletion = "PENDING_DELETION",
        /// Deleted.
        Removed = "REMOVED",
    }
}

open_enum! {
    /// What kind of ads a campaign shows.
    pub enum CampaignType {
        /// Sponsored posts in the feed.
        SponsoredUpdates = "SPONSORED_UPDATES",
        /// Text beside the feed.
        TextAd = "TEXT_AD",
        /// Messages.
        SponsoredInmails = "SPONSORED_INMAILS",
        /// Ads made for each member.
        Dynamic = "DYNAMIC",
    }
}

open_enum! {
    /// What is paid for.
    pub enum CostType {
        /// A thousand impressions.
        Cpm = "CPM",
        /// A click.
        Cpc = "CPC",
        /// A view of a video.
        Cpv = "CPV",
    }
}

open_enum! {
    /// Whether a creative is meant to be shown.
    pub enum CreativeStatus {
        /// Shown if all else allows it.
        Active = "ACTIVE",
        /// Stopped for now.
        Paused = "PAUSED",
        /// Not finished.
        Draft = "DRAFT",
        /// Put away.
        Archived = "ARCHIVED",
        /// Stopped for ever.
        Canceled = "CANCELED",
        /// Waiting to be deleted.
        PendingDeletion = "PENDING_DELETION",
        /// Deleted.
        Removed = "REMOVED",
    }
}

open_enum! {
    /// The steps of the figures of ads.
    pub enum AdGranularity {
        /// One element for the whole range.
        All = "ALL",
        /// One for each day.
        Daily = "DAILY",
        /// One for each month.
        Monthly = "MONTHLY",
        /// One for each year.
        Yearly = "YEARLY",
    }
}

open_enum! {
    /// By what the figures of ads are split. Those of members are approximate, 12 to 24 hours late, need at least 3 events,
    /// list only the largest values, and are kept for 2 years.
    pub enum AdPivot {
        /// Ad account.
        Account = "ACCOUNT",
        /// Campaign group.
        CampaignGroup = "CAMPAIGN_GROUP",
        /// Campaign.
        Campaign = "CAMPAIGN",
        /// Creative.
        Creative = "CREATIVE",
        /// Sponsored post.
        Share = "SHARE",
        /// Advertised company.
        Company = "COMPANY",
        /// Conversion rule.
        Conversion = "CONVERSION",
        /// Where it was shown.
        PlacementName = "PLACEMENT_NAME",
        /// On what it was shown.
        ImpressionDeviceType = "IMPRESSION_DEVICE_TYPE",
        /// Before, during or after an event.
        EventStage = "EVENT_STAGE",
        /// The members' company.
        MemberCompany = "MEMBER_COMPANY",
        /// The size of it.
        MemberCompanySize = "MEMBER_COMPANY_SIZE",
        /// The members' industry.
        MemberIndustry = "MEMBER_INDUSTRY",
        /// The members' seniority.
        MemberSeniority = "MEMBER_SENIORITY",
        /// The members' job title.
        MemberJobTitle = "MEMBER_JOB_TITLE",
        /// The members' job function.
        MemberJobFunction = "MEMBER_JOB_FUNCTION",
        /// The members' country.
        MemberCountryV2 = "MEMBER_COUNTRY_V2",
        /// The members' region.
        MemberRegionV2 = "MEMBER_REGION_V2",
        /// The members' county.
        MemberCounty = "MEMBER_COUNTY",
    }
}

impl AdPivot {
    /// Whether it tells who the members are.
    pub fn is_demographic(&self) -> bool {
        self.as_str().starts_with("MEMBER_")
    }
}

restli_words!(
    AdAccountStatus,
    AdAccountType,
    CampaignStatus,
    CampaignType,
    CreativeStatus,
    AdGranularity,
    AdPivot
);

/// Fields of a body are JSON.
macro_rules! json_words {
    ($($name:ty),+) => {$(
        impl From<$name> for Value {
            fn from(word: $name) -> Self {
                word.as_str().into()
            }
        }
    )+};
}

json_words!(CampaignStatus, CampaignType, CostType, CreativeStatus);
