//! Permissions of Meta's apps (Meta: Permissions Reference).

use super::catalog::scopes;

scopes! {
    // ---- Pages and Messenger ----
    /// List the Pages a person manages.
    PAGES_SHOW_LIST = "pages_show_list", [Facebook];
    /// Read a Page's content, followers and metadata.
    PAGES_READ_ENGAGEMENT = "pages_read_engagement", [Facebook], needs [PAGES_SHOW_LIST];
    /// Read visitors' posts, comments and ratings; delete visitors' comments.
    PAGES_READ_USER_CONTENT = "pages_read_user_content", [Facebook], needs [PAGES_SHOW_LIST];
    /// Create, edit and delete a Page's posts, photos and videos.
    PAGES_MANAGE_POSTS = "pages_manage_posts", [Facebook], needs [PAGES_READ_ENGAGEMENT, PAGES_SHOW_LIST];
    /// Comment and like as the Page.
    PAGES_MANAGE_ENGAGEMENT = "pages_manage_engagement", [Facebook],
        needs [PAGES_READ_USER_CONTENT, PAGES_SHOW_LIST];
    /// Subscribe webhooks and change a Page's settings.
    PAGES_MANAGE_METADATA = "pages_manage_metadata", [Facebook], needs [PAGES_SHOW_LIST];
    /// Manage ads tied to the Page, and its lead forms.
    PAGES_MANAGE_ADS = "pages_manage_ads", [Facebook], needs [PAGES_SHOW_LIST];
    /// Manage a Page's call-to-action buttons (legacy surface).
    PAGES_MANAGE_CTA = "pages_manage_cta", [Facebook], needs [PAGES_SHOW_LIST];
    /// Manage Instant Articles (legacy surface).
    PAGES_MANAGE_INSTANT_ARTICLES = "pages_manage_instant_articles", [Facebook], needs [PAGES_SHOW_LIST];
    /// Log events on behalf of a Page.
    PAGE_EVENTS = "page_events", [Facebook], needs [PAGES_SHOW_LIST];
    /// Send and receive in Messenger as the Page.
    PAGES_MESSAGING = "pages_messaging", [Facebook], needs [PAGES_MANAGE_METADATA, PAGES_SHOW_LIST];
    /// Send utility messages in Messenger.
    PAGES_UTILITY_MESSAGING = "pages_utility_messaging", [Facebook], needs [PAGES_MESSAGING];
    /// Send marketing messages in Messenger.
    MARKETING_MESSAGES_MESSENGER = "marketing_messages_messenger", [Facebook], needs [PAGES_MESSAGING];
    /// Read the gender of people who message the Page.
    PAGES_USER_GENDER = "pages_user_gender", [Facebook], needs [PAGES_MESSAGING];
    /// Read the locale of people who message the Page.
    PAGES_USER_LOCALE = "pages_user_locale", [Facebook], needs [PAGES_MESSAGING];
    /// Read the time zone of people who message the Page.
    PAGES_USER_TIMEZONE = "pages_user_timezone", [Facebook], needs [PAGES_MESSAGING];
    /// Read insights of Pages and apps.
    READ_INSIGHTS = "read_insights", [Facebook], needs [PAGES_READ_ENGAGEMENT, PAGES_SHOW_LIST];
    /// Publish live video.
    PUBLISH_VIDEO = "publish_video", [Facebook];
    /// Send a person the first message from a Page.
    USER_MESSENGER_CONTACT = "user_messenger_contact", [Facebook];

    // ---- Instagram through Facebook Login (graph.facebook.com); never mixed with the family below ----
    /// Read an Instagram account's profile and media.
    INSTAGRAM_BASIC = "instagram_basic", [Facebook], needs [PAGES_READ_ENGAGEMENT, PAGES_SHOW_LIST];
    /// Publish to Instagram. A person whose role on the Page comes from a business portfolio must also grant
    /// `ads_read` or `ads_management`.
    INSTAGRAM_CONTENT_PUBLISH = "instagram_content_publish", [Facebook],
        needs [INSTAGRAM_BASIC, PAGES_READ_ENGAGEMENT, PAGES_SHOW_LIST];
    /// Manage comments.
    INSTAGRAM_MANAGE_COMMENTS = "instagram_manage_comments", [Facebook],
        needs [INSTAGRAM_BASIC, PAGES_READ_ENGAGEMENT, PAGES_SHOW_LIST];
    /// Read insights.
    INSTAGRAM_MANAGE_INSIGHTS = "instagram_manage_insights", [Facebook],
        needs [INSTAGRAM_BASIC, PAGES_READ_ENGAGEMENT, PAGES_SHOW_LIST];
    /// Read and send direct messages.
    INSTAGRAM_MANAGE_MESSAGES = "instagram_manage_messages", [Facebook],
        needs [INSTAGRAM_BASIC, PAGES_READ_ENGAGEMENT, PAGES_SHOW_LIST];
    /// Delete media.
    INSTAGRAM_MANAGE_CONTENTS = "instagram_manage_contents", [Facebook];
    /// Manage likes.
    INSTAGRAM_MANAGE_ENGAGEMENT = "instagram_manage_engagement", [Facebook];
    /// Log events of an Instagram account.
    INSTAGRAM_MANAGE_EVENTS = "instagram_manage_events", [Facebook];
    /// Manage upcoming events.
    INSTAGRAM_MANAGE_UPCOMING_EVENTS = "instagram_manage_upcoming_events", [Facebook];
    /// Tag products in posts.
    INSTAGRAM_SHOPPING_TAG_PRODUCTS = "instagram_shopping_tag_products", [Facebook];
    /// Branded content as the brand.
    INSTAGRAM_BRANDED_CONTENT_BRAND = "instagram_branded_content_brand", [Facebook];
    /// Branded content as the creator.
    INSTAGRAM_BRANDED_CONTENT_CREATOR = "instagram_branded_content_creator", [Facebook];
    /// Branded content ads as the brand.
    INSTAGRAM_BRANDED_CONTENT_ADS_BRAND = "instagram_branded_content_ads_brand", [Facebook];
    /// Find creators in the creator marketplace.
    INSTAGRAM_CREATOR_MARKETPLACE_DISCOVERY = "instagram_creator_marketplace_discovery", [Facebook];
    /// Message creators in the creator marketplace.
    INSTAGRAM_CREATOR_MARKETPLACE_MESSAGING = "instagram_creator_marketplace_messaging", [Facebook];
    /// Branded content ads on Facebook as the brand.
    FACEBOOK_BRANDED_CONTENT_ADS_BRAND = "facebook_branded_content_ads_brand", [Facebook];
    /// Find creators on Facebook.
    FACEBOOK_CREATOR_MARKETPLACE_DISCOVERY = "facebook_creator_marketplace_discovery", [Facebook];

    // ---- Instagram through Instagram Login (graph.instagram.com); never mixed with the family above ----
    /// Base of the Instagram Login family: profile and media.
    INSTAGRAM_BUSINESS_BASIC = "instagram_business_basic", [Instagram];
    /// Publish.
    INSTAGRAM_BUSINESS_CONTENT_PUBLISH = "instagram_business_content_publish", [Instagram],
        needs [INSTAGRAM_BUSINESS_BASIC];
    /// Manage comments.
    INSTAGRAM_BUSINESS_MANAGE_COMMENTS = "instagram_business_manage_comments", [Instagram],
        needs [INSTAGRAM_BUSINESS_BASIC];
    /// Read insights.
    INSTAGRAM_BUSINESS_MANAGE_INSIGHTS = "instagram_business_manage_insights", [Instagram],
        needs [INSTAGRAM_BUSINESS_BASIC];
    /// Read and send direct messages.
    INSTAGRAM_BUSINESS_MANAGE_MESSAGES = "instagram_business_manage_messages", [Instagram],
        needs [INSTAGRAM_BUSINESS_BASIC];

    // ---- Ads, leads, business, commerce ----
    /// Read ads and their insights; send server events.
    ADS_READ = "ads_read", [Facebook];
    /// Manage ads.
    ADS_MANAGEMENT = "ads_management", [Facebook], needs [PAGES_READ_ENGAGEMENT, PAGES_SHOW_LIST];
    /// Manage a business portfolio's assets; also needed to see Pages that a portfolio owns.
    BUSINESS_MANAGEMENT = "business_management", [Facebook], needs [PAGES_READ_ENGAGEMENT, PAGES_SHOW_LIST];
    /// Read leads.
    LEADS_RETRIEVAL = "leads_retrieval", [Facebook],
        needs [ADS_MANAGEMENT, ADS_READ, BUSINESS_MANAGEMENT, PAGES_MANAGE_ADS, PAGES_READ_ENGAGEMENT, PAGES_SHOW_LIST];
    /// Manage catalogs.
    CATALOG_MANAGEMENT = "catalog_management", [Facebook], needs [BUSINESS_MANAGEMENT];
    /// Manage commerce accounts.
    COMMERCE_MANAGE_ACCOUNTS = "commerce_manage_accounts", [Facebook],
        needs [BUSINESS_MANAGEMENT, CATALOG_MANAGEMENT];
    /// Manage a commerce account's orders.
    COMMERCE_ACCOUNT_MANAGE_ORDERS = "commerce_account_manage_orders", [Facebook],
        needs [BUSINESS_MANAGEMENT, CATALOG_MANAGEMENT];
    /// Read a commerce account's orders.
    COMMERCE_ACCOUNT_READ_ORDERS = "commerce_account_read_orders", [Facebook],
        needs [BUSINESS_MANAGEMENT, CATALOG_MANAGEMENT];
    /// Read a commerce account's reports.
    COMMERCE_ACCOUNT_READ_REPORTS = "commerce_account_read_reports", [Facebook],
        needs [BUSINESS_MANAGEMENT, CATALOG_MANAGEMENT];
    /// Read a commerce account's settings.
    COMMERCE_ACCOUNT_READ_SETTINGS = "commerce_account_read_settings", [Facebook],
        needs [BUSINESS_MANAGEMENT, CATALOG_MANAGEMENT];
    /// Read attribution data.
    ATTRIBUTION_READ = "attribution_read", [Facebook];
    /// Use private computation.
    PRIVATE_COMPUTATION_ACCESS = "private_computation_access", [Facebook];
    /// Read insights of Audience Network.
    READ_AUDIENCE_NETWORK_INSIGHTS = "read_audience_network_insights", [Facebook];
    /// Manage app solutions.
    MANAGE_APP_SOLUTIONS = "manage_app_solutions", [Facebook];
    /// Manage fundraisers.
    MANAGE_FUNDRAISERS = "manage_fundraisers", [Facebook];
    /// Manage ads through Meta's own MCP server.
    ADS_MCP_MANAGEMENT = "ads_mcp_management", [Facebook];
    /// Read the app's settings through Meta's own MCP server for developers.
    DEVELOPER_TOOLS_MCP_APP_READ = "developer_tools_mcp_app_read", [Facebook];
    /// Change the app's settings through Meta's own MCP server for developers.
    DEVELOPER_TOOLS_MCP_APP_MANAGEMENT = "developer_tools_mcp_app_management", [Facebook];

    // ---- WhatsApp ----
    /// Manage WhatsApp business accounts, phone numbers and templates.
    WHATSAPP_BUSINESS_MANAGEMENT = "whatsapp_business_management", [Facebook];
    /// Send and receive WhatsApp messages.
    WHATSAPP_BUSINESS_MESSAGING = "whatsapp_business_messaging", [Facebook],
        needs [WHATSAPP_BUSINESS_MANAGEMENT];
    /// Send conversion events for WhatsApp.
    WHATSAPP_BUSINESS_MANAGE_EVENTS = "whatsapp_business_manage_events", [Facebook],
        needs [WHATSAPP_BUSINESS_MANAGEMENT];

    // ---- Threads ----
    /// Base of all Threads permissions.
    THREADS_BASIC = "threads_basic", [Threads];
    /// Publish on Threads.
    THREADS_CONTENT_PUBLISH = "threads_content_publish", [Threads], needs [THREADS_BASIC];
    /// Manage replies.
    THREADS_MANAGE_REPLIES = "threads_manage_replies", [Threads], needs [THREADS_BASIC];
    /// Read replies.
    THREADS_READ_REPLIES = "threads_read_replies", [Threads], needs [THREADS_BASIC];
    /// Read insights.
    THREADS_MANAGE_INSIGHTS = "threads_manage_insights", [Threads], needs [THREADS_BASIC];
    /// Read mentions.
    THREADS_MANAGE_MENTIONS = "threads_manage_mentions", [Threads], needs [THREADS_BASIC];
    /// Search by keyword.
    THREADS_KEYWORD_SEARCH = "threads_keyword_search", [Threads], needs [THREADS_BASIC];
    /// Look up profiles.
    THREADS_PROFILE_DISCOVERY = "threads_profile_discovery", [Threads], needs [THREADS_BASIC];
    /// Tag locations.
    THREADS_LOCATION_TAGGING = "threads_location_tagging", [Threads], needs [THREADS_BASIC];
    /// Delete posts.
    THREADS_DELETE = "threads_delete", [Threads], needs [THREADS_BASIC];
    /// Share Threads posts to Instagram.
    THREADS_SHARE_TO_INSTAGRAM = "threads_share_to_instagram", [Threads], needs [THREADS_BASIC];
    /// Business features of Threads.
    THREADS_BUSINESS_BASIC = "threads_business_basic", [Threads], needs [THREADS_BASIC];

    // ---- identity ----
    /// The person's public profile; granted by default.
    PUBLIC_PROFILE = "public_profile", [Facebook];
}
