//! Permissions of Meta's apps (Meta: Permissions Reference).

// ---- Pages and Messenger ----

/// List the Pages a person manages.
pub const PAGES_SHOW_LIST: &str = "pages_show_list";
/// Read a Page's content, followers and metadata. Depends on `pages_show_list`.
pub const PAGES_READ_ENGAGEMENT: &str = "pages_read_engagement";
/// Read visitors' posts, comments and ratings; delete visitors' comments. Depends on `pages_show_list`.
pub const PAGES_READ_USER_CONTENT: &str = "pages_read_user_content";
/// Create, edit and delete a Page's posts, photos and videos. Depends on `pages_read_engagement` and
/// `pages_show_list`.
pub const PAGES_MANAGE_POSTS: &str = "pages_manage_posts";
/// Comment and like as the Page. Depends on `pages_read_user_content` and `pages_show_list`.
pub const PAGES_MANAGE_ENGAGEMENT: &str = "pages_manage_engagement";
/// Subscribe webhooks and change a Page's settings. Depends on `pages_show_list`.
pub const PAGES_MANAGE_METADATA: &str = "pages_manage_metadata";
/// Manage ads tied to the Page, and its lead forms. Depends on `pages_show_list`.
pub const PAGES_MANAGE_ADS: &str = "pages_manage_ads";
/// Manage a Page's call-to-action buttons (legacy surface). Depends on `pages_show_list`.
pub const PAGES_MANAGE_CTA: &str = "pages_manage_cta";
/// Manage Instant Articles (legacy surface). Depends on `pages_show_list`.
pub const PAGES_MANAGE_INSTANT_ARTICLES: &str = "pages_manage_instant_articles";
/// Log events on behalf of a Page. Depends on `pages_show_list`.
pub const PAGE_EVENTS: &str = "page_events";
/// Send and receive in Messenger as the Page. Depends on `pages_manage_metadata` and `pages_show_list`.
pub const PAGES_MESSAGING: &str = "pages_messaging";
/// Send utility messages in Messenger. Depends on `pages_messaging`.
pub const PAGES_UTILITY_MESSAGING: &str = "pages_utility_messaging";
/// Send marketing messages in Messenger. Depends on `pages_messaging`.
pub const MARKETING_MESSAGES_MESSENGER: &str = "marketing_messages_messenger";
/// Read the gender of people who message the Page. Depends on `pages_messaging`.
pub const PAGES_USER_GENDER: &str = "pages_user_gender";
/// Read the locale of people who message the Page. Depends on `pages_messaging`.
pub const PAGES_USER_LOCALE: &str = "pages_user_locale";
/// Read the time zone of people who message the Page. Depends on `pages_messaging`.
pub const PAGES_USER_TIMEZONE: &str = "pages_user_timezone";
/// Read insights of Pages and apps. Depends on `pages_read_engagement` and `pages_show_list`.
pub const READ_INSIGHTS: &str = "read_insights";
/// Publish live video.
pub const PUBLISH_VIDEO: &str = "publish_video";
/// Send a person the first message from a Page.
pub const USER_MESSENGER_CONTACT: &str = "user_messenger_contact";

// ---- Instagram through Facebook Login (graph.facebook.com); never mixed with the family below ----

/// Read an Instagram account's profile and media. Depends on `pages_read_engagement` and
/// `pages_show_list`.
pub const INSTAGRAM_BASIC: &str = "instagram_basic";
/// Publish to Instagram. Depends on `instagram_basic`, `pages_read_engagement` and `pages_show_list`.
pub const INSTAGRAM_CONTENT_PUBLISH: &str = "instagram_content_publish";
/// Manage comments. Depends on `instagram_basic`, `pages_read_engagement` and `pages_show_list`.
pub const INSTAGRAM_MANAGE_COMMENTS: &str = "instagram_manage_comments";
/// Read insights. Depends on `instagram_basic`, `pages_read_engagement` and `pages_show_list`.
pub const INSTAGRAM_MANAGE_INSIGHTS: &str = "instagram_manage_insights";
/// Read and send direct messages. Depends on `instagram_basic`, `pages_read_engagement` and
/// `pages_show_list`.
pub const INSTAGRAM_MANAGE_MESSAGES: &str = "instagram_manage_messages";
/// Delete media.
pub const INSTAGRAM_MANAGE_CONTENTS: &str = "instagram_manage_contents";
/// Manage likes.
pub const INSTAGRAM_MANAGE_ENGAGEMENT: &str = "instagram_manage_engagement";
/// Log events of an Instagram account.
pub const INSTAGRAM_MANAGE_EVENTS: &str = "instagram_manage_events";
/// Manage upcoming events.
pub const INSTAGRAM_MANAGE_UPCOMING_EVENTS: &str = "instagram_manage_upcoming_events";
/// Tag products in posts.
pub const INSTAGRAM_SHOPPING_TAG_PRODUCTS: &str = "instagram_shopping_tag_products";
/// Branded content as the brand.
pub const INSTAGRAM_BRANDED_CONTENT_BRAND: &str = "instagram_branded_content_brand";
/// Branded content as the creator.
pub const INSTAGRAM_BRANDED_CONTENT_CREATOR: &str = "instagram_branded_content_creator";
/// Branded content ads as the brand.
pub const INSTAGRAM_BRANDED_CONTENT_ADS_BRAND: &str = "instagram_branded_content_ads_brand";
/// Find creators in the creator marketplace.
pub const INSTAGRAM_CREATOR_MARKETPLACE_DISCOVERY: &str = "instagram_creator_marketplace_discovery";
/// Message creators in the creator marketplace.
pub const INSTAGRAM_CREATOR_MARKETPLACE_MESSAGING: &str = "instagram_creator_marketplace_messaging";
/// Branded content ads on Facebook as the brand.
pub const FACEBOOK_BRANDED_CONTENT_ADS_BRAND: &str = "facebook_branded_content_ads_brand";
/// Find creators on Facebook.
pub const FACEBOOK_CREATOR_MARKETPLACE_DISCOVERY: &str = "facebook_creator_marketplace_discovery";

// ---- Instagram through Instagram Login (graph.instagram.com); never mixed with the family above ----

/// Base of the Instagram Login family: profile and media.
pub const INSTAGRAM_BUSINESS_BASIC: &str = "instagram_business_basic";
/// Publish. Depends on `instagram_business_basic`.
pub const INSTAGRAM_BUSINESS_CONTENT_PUBLISH: &str = "instagram_business_content_publish";
/// Manage comments. Depends on `instagram_business_basic`.
pub const INSTAGRAM_BUSINESS_MANAGE_COMMENTS: &str = "instagram_business_manage_comments";
/// Read insights. Depends on `instagram_business_basic`.
pub const INSTAGRAM_BUSINESS_MANAGE_INSIGHTS: &str = "instagram_business_manage_insights";
/// Read and send direct messages. Depends on `instagram_business_basic`.
pub const INSTAGRAM_BUSINESS_MANAGE_MESSAGES: &str = "instagram_business_manage_messages";

// ---- Ads, leads, business, commerce ----

/// Read ads and their insights; send server events.
pub const ADS_READ: &str = "ads_read";
/// Manage ads. Depends on `pages_read_engagement` and `pages_show_list`.
pub const ADS_MANAGEMENT: &str = "ads_management";
/// Manage a business portfolio's assets; also needed to see Pages that a portfolio owns. Depends on
/// `pages_read_engagement` and `pages_show_list`.
pub const BUSINESS_MANAGEMENT: &str = "business_management";
/// Read leads. Depends on `ads_management`, `ads_read`, `business_management`, `pages_manage_ads`,
/// `pages_read_engagement` and `pages_show_list`.
pub const LEADS_RETRIEVAL: &str = "leads_retrieval";
/// Manage catalogs. Depends on `business_management`.
pub const CATALOG_MANAGEMENT: &str = "catalog_management";
/// Manage commerce accounts.
pub const COMMERCE_MANAGE_ACCOUNTS: &str = "commerce_manage_accounts";
/// Manage a commerce account's orders.
pub const COMMERCE_ACCOUNT_MANAGE_ORDERS: &str = "commerce_account_manage_orders";
/// Read a commerce account's orders.
pub const COMMERCE_ACCOUNT_READ_ORDERS: &str = "commerce_account_read_orders";
/// Read a commerce account's reports.
pub const COMMERCE_ACCOUNT_READ_REPORTS: &str = "commerce_account_read_reports";
/// Read a commerce account's settings.
pub const COMMERCE_ACCOUNT_READ_SETTINGS: &str = "commerce_account_read_settings";
/// Read attribution data.
pub const ATTRIBUTION_READ: &str = "attribution_read";
/// Use private computation.
pub const PRIVATE_COMPUTATION_ACCESS: &str = "private_computation_access";
/// Read insights of Audience Network.
pub const READ_AUDIENCE_NETWORK_INSIGHTS: &str = "read_audience_network_insights";
/// Manage app solutions.
pub const MANAGE_APP_SOLUTIONS: &str = "manage_app_solutions";
/// Manage fundraisers.
pub const MANAGE_FUNDRAISERS: &str = "manage_fundraisers";

// ---- WhatsApp ----

/// Manage WhatsApp business accounts, phone numbers and templates.
pub const WHATSAPP_BUSINESS_MANAGEMENT: &str = "whatsapp_business_management";
/// Send and receive WhatsApp messages. Depends on `whatsapp_business_management`.
pub const WHATSAPP_BUSINESS_MESSAGING: &str = "whatsapp_business_messaging";
/// Send conversion events for WhatsApp. Depends on `whatsapp_business_management`.
pub const WHATSAPP_BUSINESS_MANAGE_EVENTS: &str = "whatsapp_business_manage_events";

// ---- Threads ----

/// Base of all Threads permissions.
pub const THREADS_BASIC: &str = "threads_basic";
/// Publish on Threads. Depends on `threads_basic`.
pub const THREADS_CONTENT_PUBLISH: &str = "threads_content_publish";
/// Manage replies. Depends on `threads_basic`.
pub const THREADS_MANAGE_REPLIES: &str = "threads_manage_replies";
/// Read replies. Depends on `threads_basic`.
pub const THREADS_READ_REPLIES: &str = "threads_read_replies";
/// Read insights. Depends on `threads_basic`.
pub const THREADS_MANAGE_INSIGHTS: &str = "threads_manage_insights";
/// Read mentions. Depends on `threads_basic`.
pub const THREADS_MANAGE_MENTIONS: &str = "threads_manage_mentions";
/// Search by keyword. Depends on `threads_basic`.
pub const THREADS_KEYWORD_SEARCH: &str = "threads_keyword_search";
/// Look up profiles. Depends on `threads_basic`.
pub const THREADS_PROFILE_DISCOVERY: &str = "threads_profile_discovery";
/// Tag locations. Depends on `threads_basic`.
pub const THREADS_LOCATION_TAGGING: &str = "threads_location_tagging";
/// Delete posts. Depends on `threads_basic`.
pub const THREADS_DELETE: &str = "threads_delete";
/// Share Threads posts to Instagram. Depends on `threads_basic`.
pub const THREADS_SHARE_TO_INSTAGRAM: &str = "threads_share_to_instagram";
/// Business features of Threads. Depends on `threads_basic`.
pub const THREADS_BUSINESS_BASIC: &str = "threads_business_basic";

// ---- identity ----

/// The person's public profile; granted by default.
pub const PUBLIC_PROFILE: &str = "public_profile";
