//! The names of the figures of ads.

use sociogram_api_core::open_enum;

open_enum! {
    /// A figure of an ad (LinkedIn: Ads Reporting Schema). Every other one is `AdMetric::from("name")`.
    pub enum AdMetric {
        /// How often an ad was shown.
        Impressions = "impressions",
        /// Clicks that are paid for.
        Clicks = "clicks",
        /// Cost in the account's currency, decimal.
        CostInLocalCurrency = "costInLocalCurrency",
        /// Cost in US dollars, decimal.
        CostInUsd = "costInUsd",
        /// Likes.
        Likes = "likes",
        /// Reactions.
        Reactions = "reactions",
        /// Comments.
        Comments = "comments",
        /// Likes of comments.
        CommentLikes = "commentLikes",
        /// Reshares.
        Shares = "shares",
        /// Followers gained.
        Follows = "follows",
        /// Engagements of all kinds.
        TotalEngagements = "totalEngagements",
        /// Engagements that are counted nowhere else.
        OtherEngagements = "otherEngagements",
        /// Clicks that led to the landing page.
        LandingPageClicks = "landingPageClicks",
        /// Clicks that led to the company's page.
        CompanyPageClicks = "companyPageClicks",
        /// Clicks on links in the text.
        TextUrlClicks = "textUrlClicks",
        /// Clicks on the button of a message.
        ActionClicks = "actionClicks",
        /// Clicks on the ad beside a message.
        AdUnitClicks = "adUnitClicks",
        /// Clicks on cards of a carousel.
        CardClicks = "cardClicks",
        /// How often cards of a carousel were shown.
        CardImpressions = "cardImpressions",
        /// Clicks that downloaded a document.
        DownloadClicks = "downloadClicks",
        /// Clicks on a headline.
        HeadlineClicks = "headlineClicks",
        /// How often a headline was shown.
        HeadlineImpressions = "headlineImpressions",
        /// Messages opened.
        Opens = "opens",
        /// Messages sent.
        Sends = "sends",
        /// Plays in full screen.
        FullScreenPlays = "fullScreenPlays",
        /// Views of a video of at least 2 seconds.
        VideoViews = "videoViews",
        /// Starts of a video.
        VideoStarts = "videoStarts",
        /// Videos watched to a quarter.
        VideoFirstQuartileCompletions = "videoFirstQuartileCompletions",
        /// Videos watched to the middle.
        VideoMidpointCompletions = "videoMidpointCompletions",
        /// Videos watched to three quarters.
        VideoThirdQuartileCompletions = "videoThirdQuartileCompletions",
        /// Videos watched nearly to the end.
        VideoCompletions = "videoCompletions",
        /// Documents read to a quarter.
        DocumentFirstQuartileCompletions = "documentFirstQuartileCompletions",
        /// Documents read to the middle.
        DocumentMidpointCompletions = "documentMidpointCompletions",
        /// Documents read to three quarters.
        DocumentThirdQuartileCompletions = "documentThirdQuartileCompletions",
        /// Documents read to the end.
        DocumentCompletions = "documentCompletions",
        /// Conversions on a website.
        ExternalWebsiteConversions = "externalWebsiteConversions",
        /// Conversions on a website after a click.
        ExternalWebsitePostClickConversions = "externalWebsitePostClickConversions",
        /// Conversions on a website after a view.
        ExternalWebsitePostViewConversions = "externalWebsitePostViewConversions",
        /// Value of conversions in the account's currency, decimal.
        ConversionValueInLocalCurrency = "conversionValueInLocalCurrency",
        /// Leads from forms.
        OneClickLeads = "oneClickLeads",
        /// Lead forms opened.
        OneClickLeadFormOpens = "oneClickLeadFormOpens",
        /// Contact details shared from a message.
        LeadGenerationMailContactInfoShares = "leadGenerationMailContactInfoShares",
        /// Interest shown in a message.
        LeadGenerationMailInterestedClicks = "leadGenerationMailInterestedClicks",
        /// Leads that were marked as qualified.
        QualifiedLeads = "qualifiedLeads",
        /// Registrations.
        Registrations = "registrations",
        /// Job applications.
        JobApplications = "jobApplications",
        /// Clicks on the button to apply.
        JobApplyClicks = "jobApplyClicks",
        /// Different members reached, approximate; at most 92 days and no demographic pivot.
        ApproximateMemberReach = "approximateMemberReach",
        /// How long an ad was looked at on average.
        AverageDwellTime = "averageDwellTime",
        /// How often it was shown because somebody shared it.
        ViralImpressions = "viralImpressions",
        /// Clicks on what somebody shared.
        ViralClicks = "viralClicks",
        /// Likes of what somebody shared.
        ViralLikes = "viralLikes",
        /// Reactions to what somebody shared.
        ViralReactions = "viralReactions",
        /// Comments on what somebody shared.
        ViralComments = "viralComments",
        /// Reshares of what somebody shared.
        ViralShares = "viralShares",
        /// Followers gained by what somebody shared.
        ViralFollows = "viralFollows",
        /// Engagements of all kinds with what somebody shared.
        ViralTotalEngagements = "viralTotalEngagements",
        /// Clicks to the landing page from what somebody shared.
        ViralLandingPageClicks = "viralLandingPageClicks",
        /// Views of a video that somebody shared.
        ViralVideoViews = "viralVideoViews",
        /// Starts of a video that somebody shared.
        ViralVideoStarts = "viralVideoStarts",
        /// Videos watched nearly to the end that somebody shared.
        ViralVideoCompletions = "viralVideoCompletions",
        /// Conversions on a website from what somebody shared.
        ViralExternalWebsiteConversions = "viralExternalWebsiteConversions",
        /// Leads from forms in what somebody shared.
        ViralOneClickLeads = "viralOneClickLeads",
    }
}

impl AdMetric {
    /// Whether the name can be one of a metric, so that it cannot change the rest of the request.
    pub(super) fn is_plain(&self) -> bool {
        let name = self.as_str();
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }

    /// Whether it is no metric but a part of every row.
    pub(super) fn is_part_of_the_key(&self) -> bool {
        matches!(self.as_str(), "dateRange" | "pivotValues")
    }
}
