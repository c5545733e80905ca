//! Words of insights, audiences and states (Marketing API: Insights, Custom Audience).

use sociogram_api_core::open_enum;

open_enum! {
    /// Whether a campaign, ad set or ad runs, everything above it considered.
    pub enum EffectiveStatus {
        /// It runs.
        Active = "ACTIVE",
        /// It is paused.
        Paused = "PAUSED",
        /// It is deleted.
        Deleted = "DELETED",
        /// It is archived.
        Archived = "ARCHIVED",
        /// A change is being carried out.
        InProcess = "IN_PROCESS",
        /// Something keeps it from running.
        WithIssues = "WITH_ISSUES",
        /// Its campaign is paused.
        CampaignPaused = "CAMPAIGN_PAUSED",
        /// Its ad set is paused.
        AdSetPaused = "ADSET_PAUSED",
        /// Meta's review refused it.
        Disapproved = "DISAPPROVED",
        /// Payment is not set up.
        PendingBillingInfo = "PENDING_BILLING_INFO",
        /// Meta's review is not done.
        PendingReview = "PENDING_REVIEW",
        /// Approved for a later start.
        Preapproved = "PREAPPROVED",
    }
}

open_enum! {
    /// What rows of ads insights are split by; Meta knows more than 80.
    pub enum AdsBreakdown {
        /// Age.
        Age = "age",
        /// Gender.
        Gender = "gender",
        /// Country.
        Country = "country",
        /// Region.
        Region = "region",
        /// Dma.
        Dma = "dma",
        /// Publisher platform.
        PublisherPlatform = "publisher_platform",
        /// Platform position.
        PlatformPosition = "platform_position",
        /// Device platform.
        DevicePlatform = "device_platform",
        /// Impression device.
        ImpressionDevice = "impression_device",
        /// Hourly stats aggregated by advertiser time zone.
        HourlyStatsAggregatedByAdvertiserTimeZone = "hourly_stats_aggregated_by_advertiser_time_zone",
        /// Hourly stats aggregated by audience time zone.
        HourlyStatsAggregatedByAudienceTimeZone = "hourly_stats_aggregated_by_audience_time_zone",
        /// Product id.
        ProductId = "product_id",
        /// Frequency value.
        FrequencyValue = "frequency_value",
        /// Place page id.
        PlacePageId = "place_page_id",
        /// Image asset.
        ImageAsset = "image_asset",
        /// Video asset.
        VideoAsset = "video_asset",
        /// Title asset.
        TitleAsset = "title_asset",
        /// Body asset.
        BodyAsset = "body_asset",
        /// Description asset.
        DescriptionAsset = "description_asset",
        /// Link url asset.
        LinkUrlAsset = "link_url_asset",
        /// Call to action asset.
        CallToActionAsset = "call_to_action_asset",
        /// Ad format asset.
        AdFormatAsset = "ad_format_asset",
        /// App id.
        AppId = "app_id",
        /// Media type.
        MediaType = "media_type",
        /// Media format.
        MediaFormat = "media_format",
        /// Landing destination.
        LandingDestination = "landing_destination",
        /// User persona id.
        UserPersonaId = "user_persona_id",
        /// User persona name.
        UserPersonaName = "user_persona_name",
    }
}

open_enum! {
    /// What actions of ads insights are split by.
    pub enum ActionBreakdown {
        /// Action type.
        ActionType = "action_type",
        /// Action device.
        ActionDevice = "action_device",
        /// Action destination.
        ActionDestination = "action_destination",
        /// Action target id.
        ActionTargetId = "action_target_id",
        /// Action reaction.
        ActionReaction = "action_reaction",
        /// Action carousel card id.
        ActionCarouselCardId = "action_carousel_card_id",
        /// Action carousel card name.
        ActionCarouselCardName = "action_carousel_card_name",
        /// Action canvas component name.
        ActionCanvasComponentName = "action_canvas_component_name",
        /// Action video sound.
        ActionVideoSound = "action_video_sound",
        /// Action video type.
        ActionVideoType = "action_video_type",
        /// Conversion destination.
        ConversionDestination = "conversion_destination",
        /// Is business ai assisted.
        IsBusinessAiAssisted = "is_business_ai_assisted",
        /// Matched persona id.
        MatchedPersonaId = "matched_persona_id",
        /// Matched persona name.
        MatchedPersonaName = "matched_persona_name",
        /// Signal source bucket.
        SignalSourceBucket = "signal_source_bucket",
        /// Standard event content type.
        StandardEventContentType = "standard_event_content_type",
    }
}

open_enum! {
    /// Where an audience comes from.
    pub enum AudienceSubtype {
        /// From a list of customers.
        Custom = "CUSTOM",
        /// People who are like another audience.
        Lookalike = "LOOKALIKE",
        /// Visitors of a website.
        Website = "WEBSITE",
        /// People who dealt with something on Meta.
        Engagement = "ENGAGEMENT",
        /// Users of an app.
        App = "APP",
        /// People who watched videos.
        Video = "VIDEO",
        /// People with conversions elsewhere.
        OfflineConversion = "OFFLINE_CONVERSION",
        /// The account's primary audience.
        Primary = "PRIMARY",
    }
}

open_enum! {
    /// Who gathered the customers' data.
    pub enum CustomerFileSource {
        /// The advertiser, from the customers.
        UserProvidedOnly = "USER_PROVIDED_ONLY",
        /// A partner.
        PartnerProvidedOnly = "PARTNER_PROVIDED_ONLY",
        /// Both.
        BothUserAndPartnerProvided = "BOTH_USER_AND_PARTNER_PROVIDED",
    }
}

open_enum! {
    /// What an audience is to the business (since v26.0).
    pub enum AudienceLabel {
        /// App users.
        AppUsers = "APP_USERS",
        /// At risk.
        AtRisk = "AT_RISK",
        /// Cart abandoners.
        CartAbandoners = "CART_ABANDONERS",
        /// Disengaged.
        Disengaged = "DISENGAGED",
        /// Disqualified leads.
        DisqualifiedLeads = "DISQUALIFIED_LEADS",
        /// Engaged users.
        EngagedUsers = "ENGAGED_USERS",
        /// General customers.
        GeneralCustomers = "GENERAL_CUSTOMERS",
        /// High value customers.
        HighValueCustomers = "HIGH_VALUE_CUSTOMERS",
        /// Low value customers.
        LowValueCustomers = "LOW_VALUE_CUSTOMERS",
        /// Other 1.
        Other1 = "OTHER_1",
        /// Other 2.
        Other2 = "OTHER_2",
        /// Other 3.
        Other3 = "OTHER_3",
        /// Qualified leads.
        QualifiedLeads = "QUALIFIED_LEADS",
        /// Recent purchasers.
        RecentPurchasers = "RECENT_PURCHASERS",
        /// Trial users.
        TrialUsers = "TRIAL_USERS",
    }
}

open_enum! {
    /// What a person may do in an ad account.
    pub enum AdsTask {
        /// Everything.
        Manage = "MANAGE",
        /// Make ads.
        Advertise = "ADVERTISE",
        /// See figures.
        Analyze = "ANALYZE",
        /// Make drafts.
        Draft = "DRAFT",
        /// See figures, as some accounts call it.
        AaAnalyze = "AA_ANALYZE",
    }
}
