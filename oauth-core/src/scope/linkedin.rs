//! Scopes of LinkedIn (LinkedIn: Getting Access to APIs, and each product's permission table).
//!
//! LinkedIn's consent is all-or-nothing: a person cannot untick one scope. A scope whose product the app
//! does not hold ends the login with `unauthorized_scope_error`.

use super::catalog::scopes;

scopes! {
    // ---- identity: Sign In with LinkedIn using OpenID Connect (self-serve) ----
    /// An id token, and the userinfo endpoint.
    OPENID = "openid", [OpenId, LinkedIn, Facebook];
    /// Name and picture in userinfo. Meant together with `openid`.
    PROFILE = "profile", [OpenId, LinkedIn];
    /// The primary e-mail address. Meta has a permission of the same name.
    EMAIL = "email", [OpenId, LinkedIn, Facebook];

    // ---- the member: Share on LinkedIn (self-serve) or Community Management ----
    /// Create and delete posts as the member; upload media for them.
    W_MEMBER_SOCIAL = "w_member_social", [LinkedIn];
    /// Comment and react as the member. Community Management.
    W_MEMBER_SOCIAL_FEED = "w_member_social_feed", [LinkedIn];
    /// Read the member's posts. Closed to new apps.
    R_MEMBER_SOCIAL = "r_member_social", [LinkedIn], state Closed;
    /// Read comments and reactions on the member's posts. Selected developers.
    R_MEMBER_SOCIAL_FEED = "r_member_social_feed", [LinkedIn];
    /// The member's follower count. Community Management.
    R_MEMBER_PROFILE_ANALYTICS = "r_member_profileAnalytics", [LinkedIn];
    /// Analytics of the member's posts. Community Management.
    R_MEMBER_POST_ANALYTICS = "r_member_postAnalytics", [LinkedIn];
    /// The number of first-degree connections. Community Management or Advertising.
    R_1ST_CONNECTIONS_SIZE = "r_1st_connections_size", [LinkedIn];
    /// Name, headline, picture and vanity name. Community Management or Advertising.
    R_BASICPROFILE = "r_basicprofile", [LinkedIn];

    // ---- organizations: Community Management (posts and reads also Advertising) ----
    /// Post as the organization. The member must be administrator, content administrator or direct sponsored
    /// content poster of the page.
    W_ORGANIZATION_SOCIAL = "w_organization_social", [LinkedIn];
    /// Comment and react as the organization.
    W_ORGANIZATION_SOCIAL_FEED = "w_organization_social_feed", [LinkedIn];
    /// Read the organization's posts.
    R_ORGANIZATION_SOCIAL = "r_organization_social", [LinkedIn];
    /// Read comments and reactions on the organization's posts.
    R_ORGANIZATION_SOCIAL_FEED = "r_organization_social_feed", [LinkedIn];
    /// Find followers by name, for mentions.
    R_ORGANIZATION_FOLLOWERS = "r_organization_followers", [LinkedIn];
    /// Page data, statistics, roles and notifications. The member must be administrator of the page.
    RW_ORGANIZATION_ADMIN = "rw_organization_admin", [LinkedIn];
    /// The read-only part of `rw_organization_admin`. Advertising.
    R_ORGANIZATION_ADMIN = "r_organization_admin", [LinkedIn];

    // ---- ads, leads, conversions, events ----
    /// Read ad accounts. Advertising API.
    R_ADS = "r_ads", [LinkedIn];
    /// Manage ad accounts. Advertising API.
    RW_ADS = "rw_ads", [LinkedIn];
    /// Read ad analytics. Advertising API.
    R_ADS_REPORTING = "r_ads_reporting", [LinkedIn];
    /// Lead forms, responses and notifications. Lead Sync API.
    R_MARKETING_LEADGEN_AUTOMATION = "r_marketing_leadgen_automation", [LinkedIn], needs [R_ADS];
    /// Conversion rules and events. Conversions API.
    RW_CONVERSIONS = "rw_conversions", [LinkedIn], needs [R_ADS];
    /// Matched audiences. Audiences (private).
    RW_DMP_SEGMENTS = "rw_dmp_segments", [LinkedIn];
    /// Read events. Event Management API.
    R_EVENTS = "r_events", [LinkedIn];
    /// Manage events. Event Management API.
    RW_EVENTS = "rw_events", [LinkedIn];

    // ---- legacy and closed programmes ----
    /// Deprecated since 2023; newer apps are refused.
    R_LITEPROFILE = "r_liteprofile", [LinkedIn], state Legacy, now [OPENID, PROFILE];
    /// Deprecated since 2023; newer apps are refused.
    R_EMAILADDRESS = "r_emailaddress", [LinkedIn], state Legacy, now [OPENID, EMAIL];
    /// Data portability for third parties (members in the EU and Switzerland).
    R_DMA_PORTABILITY_3RD_PARTY = "r_dma_portability_3rd_party", [LinkedIn];
    /// Data portability for the member's own use (members in the EU and Switzerland).
    R_DMA_PORTABILITY_SELF_SERVE = "r_dma_portability_self_serve", [LinkedIn];
    /// Read the compliance archive (closed).
    R_COMPLIANCE = "r_compliance", [LinkedIn], state Closed;
    /// Write for compliance (closed).
    W_COMPLIANCE = "w_compliance", [LinkedIn], state Closed;
}

/// What only Community Management gives; an app that has it can hold no other product (LinkedIn: Community Management
/// App Review).
#[cfg(feature = "client")]
const COMMUNITY_MANAGEMENT: [&str; 6] = [
    W_MEMBER_SOCIAL_FEED,
    R_MEMBER_PROFILE_ANALYTICS,
    R_MEMBER_POST_ANALYTICS,
    W_ORGANIZATION_SOCIAL_FEED,
    R_ORGANIZATION_SOCIAL_FEED,
    R_ORGANIZATION_FOLLOWERS,
];

/// The sign-in scopes of a set that also has scopes of Community Management: no one app is given both.
#[cfg(feature = "client")]
pub(crate) fn apart(asked: &crate::ScopeSet) -> crate::ScopeSet {
    let sign_in = [OPENID, PROFILE, EMAIL];
    let together = COMMUNITY_MANAGEMENT.iter().any(|scope| asked.contains(scope));
    sign_in
        .into_iter()
        .filter(|scope| together && asked.contains(scope))
        .map(crate::Scope::from_static)
        .collect()
}
