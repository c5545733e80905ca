//! Words that campaigns, ad sets and ads are made of (Marketing API: Campaign, Ad Set, Ad).

use sociogram_api_core::open_enum;

open_enum! {
    /// What a campaign is for. Those that do not begin with `OUTCOME_` are old: they can be read, not made.
    pub enum Objective {
        /// Installs and use of an app.
        AppPromotion = "OUTCOME_APP_PROMOTION",
        /// Being seen.
        Awareness = "OUTCOME_AWARENESS",
        /// Messages, reactions, video views.
        Engagement = "OUTCOME_ENGAGEMENT",
        /// Leads.
        Leads = "OUTCOME_LEADS",
        /// Sales.
        Sales = "OUTCOME_SALES",
        /// Visits.
        Traffic = "OUTCOME_TRAFFIC",
        /// Old: installs.
        AppInstalls = "APP_INSTALLS",
        /// Old: brand awareness.
        BrandAwareness = "BRAND_AWARENESS",
        /// Old: conversions.
        Conversions = "CONVERSIONS",
        /// Old: answers to events.
        EventResponses = "EVENT_RESPONSES",
        /// Old: leads.
        LeadGeneration = "LEAD_GENERATION",
        /// Old: clicks on links.
        LinkClicks = "LINK_CLICKS",
        /// Old: being seen nearby.
        LocalAwareness = "LOCAL_AWARENESS",
        /// Old: messages.
        Messages = "MESSAGES",
        /// Old: offers taken.
        OfferClaims = "OFFER_CLAIMS",
        /// Old: likes of the Page.
        PageLikes = "PAGE_LIKES",
        /// Old: engagement with posts.
        PostEngagement = "POST_ENGAGEMENT",
        /// Old: sales from a catalog.
        ProductCatalogSales = "PRODUCT_CATALOG_SALES",
        /// Old: reach.
        Reach = "REACH",
        /// Old: visits of shops.
        StoreVisits = "STORE_VISITS",
        /// Old: video views.
        VideoViews = "VIDEO_VIEWS",
    }
}

open_enum! {
    /// What a campaign, ad set or ad was set to.
    pub enum AdStatus {
        /// It runs, unless something above it does not.
        Active = "ACTIVE",
        /// It does not run.
        Paused = "PAUSED",
        /// Put away; it can be read.
        Archived = "ARCHIVED",
        /// Deleted; its figures can still be read by its id.
        Deleted = "DELETED",
    }
}

open_enum! {
    /// What a campaign is about, where the law wants to know.
    pub enum SpecialAdCategory {
        /// Credit.
        Credit = "CREDIT",
        /// Jobs.
        Employment = "EMPLOYMENT",
        /// Financial products and services.
        FinancialProductsServices = "FINANCIAL_PRODUCTS_SERVICES",
        /// Housing.
        Housing = "HOUSING",
        /// Social issues, elections, politics.
        IssuesElectionsPolitics = "ISSUES_ELECTIONS_POLITICS",
        /// Gambling and gaming online.
        OnlineGamblingAndGaming = "ONLINE_GAMBLING_AND_GAMING",
        /// None of these.
        None = "NONE",
    }
}

open_enum! {
    /// How bids are made.
    pub enum BidStrategy {
        /// As much as the budget gives.
        LowestCostWithoutCap = "LOWEST_COST_WITHOUT_CAP",
        /// No bid above `bid_amount`.
        LowestCostWithBidCap = "LOWEST_COST_WITH_BID_CAP",
        /// `bid_amount` for a result on average.
        CostCap = "COST_CAP",
        /// A least return on ad spend.
        LowestCostWithMinRoas = "LOWEST_COST_WITH_MIN_ROAS",
    }
}

open_enum! {
    /// What is paid for.
    pub enum BillingEvent {
        /// Installs.
        AppInstalls = "APP_INSTALLS",
        /// Clicks.
        Clicks = "CLICKS",
        /// Impressions.
        Impressions = "IMPRESSIONS",
        /// Clicks on links.
        LinkClicks = "LINK_CLICKS",
        /// Dealing with a listing.
        ListingInteraction = "LISTING_INTERACTION",
        /// Nothing.
        None = "NONE",
        /// Offers taken.
        OfferClaims = "OFFER_CLAIMS",
        /// Likes of the Page.
        PageLikes = "PAGE_LIKES",
        /// Engagement with the post.
        PostEngagement = "POST_ENGAGEMENT",
        /// Purchases.
        Purchase = "PURCHASE",
        /// Videos watched to the end or for 15 seconds.
        ThruPlay = "THRUPLAY",
    }
}

open_enum! {
    /// What delivery is tuned for.
    pub enum OptimizationGoal {
        /// Advertiser siloed value.
        AdvertiserSiloedValue = "ADVERTISER_SILOED_VALUE",
        /// Ad recall lift.
        AdRecallLift = "AD_RECALL_LIFT",
        /// App installs.
        AppInstalls = "APP_INSTALLS",
        /// App installs and offsite conversions.
        AppInstallsAndOffsiteConversions = "APP_INSTALLS_AND_OFFSITE_CONVERSIONS",
        /// Automatic objective.
        AutomaticObjective = "AUTOMATIC_OBJECTIVE",
        /// Conversations.
        Conversations = "CONVERSATIONS",
        /// Derived events.
        DerivedEvents = "DERIVED_EVENTS",
        /// Engaged page views.
        EngagedPageViews = "ENGAGED_PAGE_VIEWS",
        /// Engaged users.
        EngagedUsers = "ENGAGED_USERS",
        /// Event responses.
        EventResponses = "EVENT_RESPONSES",
        /// Impressions.
        Impressions = "IMPRESSIONS",
        /// In app value.
        InAppValue = "IN_APP_VALUE",
        /// Landing page views.
        LandingPageViews = "LANDING_PAGE_VIEWS",
        /// Lead generation.
        LeadGeneration = "LEAD_GENERATION",
        /// Link clicks.
        LinkClicks = "LINK_CLICKS",
        /// Meaningful call attempt.
        MeaningfulCallAttempt = "MEANINGFUL_CALL_ATTEMPT",
        /// Messaging appointment conversion.
        MessagingAppointmentConversion = "MESSAGING_APPOINTMENT_CONVERSION",
        /// Messaging deep conversation and follow.
        MessagingDeepConversationAndFollow = "MESSAGING_DEEP_CONVERSATION_AND_FOLLOW",
        /// Messaging purchase conversion.
        MessagingPurchaseConversion = "MESSAGING_PURCHASE_CONVERSION",
        /// None.
        None = "NONE",
        /// Offsite conversions.
        OffsiteConversions = "OFFSITE_CONVERSIONS",
        /// Page likes.
        PageLikes = "PAGE_LIKES",
        /// Post engagement.
        PostEngagement = "POST_ENGAGEMENT",
        /// Profile and page engagement.
        ProfileAndPageEngagement = "PROFILE_AND_PAGE_ENGAGEMENT",
        /// Profile visit.
        ProfileVisit = "PROFILE_VISIT",
        /// Quality call.
        QualityCall = "QUALITY_CALL",
        /// Quality lead.
        QualityLead = "QUALITY_LEAD",
        /// Reach.
        Reach = "REACH",
        /// Reminders set.
        RemindersSet = "REMINDERS_SET",
        /// Subscribers.
        Subscribers = "SUBSCRIBERS",
        /// Thruplay.
        ThruPlay = "THRUPLAY",
        /// Value.
        Value = "VALUE",
        /// Visit instagram profile.
        VisitInstagramProfile = "VISIT_INSTAGRAM_PROFILE",
    }
}

open_enum! {
    /// Where the ads of an ad set lead.
    pub enum DestinationType {
        /// App.
        App = "APP",
        /// Applinks automatic.
        ApplinksAutomatic = "APPLINKS_AUTOMATIC",
        /// Facebook.
        Facebook = "FACEBOOK",
        /// Facebook live.
        FacebookLive = "FACEBOOK_LIVE",
        /// Facebook page.
        FacebookPage = "FACEBOOK_PAGE",
        /// Imagine.
        Imagine = "IMAGINE",
        /// Instagram direct.
        InstagramDirect = "INSTAGRAM_DIRECT",
        /// Instagram live.
        InstagramLive = "INSTAGRAM_LIVE",
        /// Instagram profile.
        InstagramProfile = "INSTAGRAM_PROFILE",
        /// Instagram profile and facebook page.
        InstagramProfileAndFacebookPage = "INSTAGRAM_PROFILE_AND_FACEBOOK_PAGE",
        /// Messaging instagram direct messenger.
        MessagingInstagramDirectMessenger = "MESSAGING_INSTAGRAM_DIRECT_MESSENGER",
        /// Messaging instagram direct messenger whatsapp.
        MessagingInstagramDirectMessengerWhatsapp = "MESSAGING_INSTAGRAM_DIRECT_MESSENGER_WHATSAPP",
        /// Messaging instagram direct whatsapp.
        MessagingInstagramDirectWhatsapp = "MESSAGING_INSTAGRAM_DIRECT_WHATSAPP",
        /// Messaging messenger whatsapp.
        MessagingMessengerWhatsapp = "MESSAGING_MESSENGER_WHATSAPP",
        /// Messenger.
        Messenger = "MESSENGER",
        /// On ad.
        OnAd = "ON_AD",
        /// On event.
        OnEvent = "ON_EVENT",
        /// On page.
        OnPage = "ON_PAGE",
        /// On post.
        OnPost = "ON_POST",
        /// On video.
        OnVideo = "ON_VIDEO",
        /// Shop automatic.
        ShopAutomatic = "SHOP_AUTOMATIC",
        /// Website.
        Website = "WEBSITE",
        /// Whatsapp.
        Whatsapp = "WHATSAPP",
    }
}

open_enum! {
    /// The button of an ad; Meta knows about a hundred.
    pub enum CallToActionType {
        /// Learn more.
        LearnMore = "LEARN_MORE",
        /// Shop now.
        ShopNow = "SHOP_NOW",
        /// Sign up.
        SignUp = "SIGN_UP",
        /// Book now.
        BookNow = "BOOK_NOW",
        /// Book travel.
        BookTravel = "BOOK_TRAVEL",
        /// Contact us.
        ContactUs = "CONTACT_US",
        /// Call now.
        CallNow = "CALL_NOW",
        /// Download.
        Download = "DOWNLOAD",
        /// Get offer.
        GetOffer = "GET_OFFER",
        /// Get quote.
        GetQuote = "GET_QUOTE",
        /// Subscribe.
        Subscribe = "SUBSCRIBE",
        /// Apply now.
        ApplyNow = "APPLY_NOW",
        /// Order now.
        OrderNow = "ORDER_NOW",
        /// Message page.
        MessagePage = "MESSAGE_PAGE",
        /// Whatsapp message.
        WhatsappMessage = "WHATSAPP_MESSAGE",
        /// Watch video.
        WatchVideo = "WATCH_VIDEO",
        /// Get directions.
        GetDirections = "GET_DIRECTIONS",
        /// Buy tickets.
        BuyTickets = "BUY_TICKETS",
        /// View product.
        ViewProduct = "VIEW_PRODUCT",
        /// No button.
        NoButton = "NO_BUTTON",
    }
}

open_enum! {
    /// What a copy is set to.
    pub enum CopyStatus {
        /// It runs.
        Active = "ACTIVE",
        /// It is paused.
        Paused = "PAUSED",
        /// As what it was copied from.
        InheritedFromSource = "INHERITED_FROM_SOURCE",
    }
}
