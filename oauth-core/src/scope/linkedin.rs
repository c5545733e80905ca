//! Scopes of LinkedIn (LinkedIn: Getting Access to APIs, and each product's permission table).
//!
//! LinkedIn's consent is all-or-nothing: a person cannot untick one scope. A scope whose product the app
//! does not hold ends the login with `unauthorized_scope_error`.

// ---- identity: Sign In with LinkedIn using OpenID Connect (self-serve) ----

/// An id token, and the userinfo endpoint.
pub const OPENID: &str = "openid";
/// Name and picture in userinfo. Meant together with `openid`.
pub const PROFILE: &str = "profile";
/// The primary e-mail address. Meta has a permission of the same name, granted by default.
pub const EMAIL: &str = "email";

// ---- the member: Share on LinkedIn (self-serve) or Community Management ----

/// Create and delete posts as the member; upload media for them.
pub const W_MEMBER_SOCIAL: &str = "w_member_social";
/// Comment and react as the member. Community Management.
pub const W_MEMBER_SOCIAL_FEED: &str = "w_member_social_feed";
/// Read the member's posts. Closed to new apps.
pub const R_MEMBER_SOCIAL: &str = "r_member_social";
/// Read comments and reactions on the member's posts. Selected developers.
pub const R_MEMBER_SOCIAL_FEED: &str = "r_member_social_feed";
/// The member's follower count. Community Management.
pub const R_MEMBER_PROFILE_ANALYTICS: &str = "r_member_profileAnalytics";
/// Analytics of the member's posts. Community Management.
pub const R_MEMBER_POST_ANALYTICS: &str = "r_member_postAnalytics";
/// The number of first-degree connections. Community Management or Advertising.
pub const R_1ST_CONNECTIONS_SIZE: &str = "r_1st_connections_size";
/// Name, headline, picture and vanity name. Community Management or Advertising.
pub const R_BASICPROFILE: &str = "r_basicprofile";

// ---- organizations: Community Management (posts and reads also Advertising) ----

/// Post as the organization. The member must be administrator, content administrator or direct
/// sponsored content poster of the page.
pub const W_ORGANIZATION_SOCIAL: &str = "w_organization_social";
/// Comment and react as the organization.
pub const W_ORGANIZATION_SOCIAL_FEED: &str = "w_organization_social_feed";
/// Read the organization's posts.
pub const R_ORGANIZATION_SOCIAL: &str = "r_organization_social";
/// Read comments and reactions on the organization's posts.
pub const R_ORGANIZATION_SOCIAL_FEED: &str = "r_organization_social_feed";
/// Find followers by name, for mentions.
pub const R_ORGANIZATION_FOLLOWERS: &str = "r_organization_followers";
/// Page data, statistics, roles and notifications. The member must be administrator of the page.
pub const RW_ORGANIZATION_ADMIN: &str = "rw_organization_admin";
/// The read-only part of `rw_organization_admin`. Advertising.
pub const R_ORGANIZATION_ADMIN: &str = "r_organization_admin";

// ---- ads, leads, conversions, events ----

/// Read ad accounts. Advertising API.
pub const R_ADS: &str = "r_ads";
/// Manage ad accounts. Advertising API.
pub const RW_ADS: &str = "rw_ads";
/// Read ad analytics. Advertising API.
pub const R_ADS_REPORTING: &str = "r_ads_reporting";
/// Lead forms, responses and notifications. Lead Sync API; also needs `r_ads`.
pub const R_MARKETING_LEADGEN_AUTOMATION: &str = "r_marketing_leadgen_automation";
/// Conversion rules and events. Conversions API; also needs `r_ads`.
pub const RW_CONVERSIONS: &str = "rw_conversions";
/// Matched audiences. Audiences (private).
pub const RW_DMP_SEGMENTS: &str = "rw_dmp_segments";
/// Read events. Event Management API.
pub const R_EVENTS: &str = "r_events";
/// Manage events. Event Management API.
pub const RW_EVENTS: &str = "rw_events";

// ---- legacy and closed programmes ----

/// Deprecated since 2023; newer apps are refused. Use `openid profile`.
pub const R_LITEPROFILE: &str = "r_liteprofile";
/// Deprecated since 2023; newer apps are refused. Use `email`.
pub const R_EMAILADDRESS: &str = "r_emailaddress";
/// Data portability for third parties (members in the EU and Switzerland).
pub const R_DMA_PORTABILITY_3RD_PARTY: &str = "r_dma_portability_3rd_party";
/// Data portability for the member's own use (members in the EU and Switzerland).
pub const R_DMA_PORTABILITY_SELF_SERVE: &str = "r_dma_portability_self_serve";
/// Read the compliance archive (closed).
pub const R_COMPLIANCE: &str = "r_compliance";
/// Write for compliance (closed).
pub const W_COMPLIANCE: &str = "w_compliance";
