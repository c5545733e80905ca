//! Permissions of Meta that no login grants any more (Meta: Permissions Reference; Graph API and Instagram
//! changelogs). They are here so that an old setting or a stored grant is recognised.

use super::{
    catalog::scopes,
    meta::{
        INSTAGRAM_BUSINESS_BASIC, INSTAGRAM_BUSINESS_CONTENT_PUBLISH, INSTAGRAM_BUSINESS_MANAGE_COMMENTS,
        INSTAGRAM_BUSINESS_MANAGE_MESSAGES, PAGES_MANAGE_ADS, PAGES_MANAGE_ENGAGEMENT, PAGES_MANAGE_METADATA,
        PAGES_MANAGE_POSTS, PAGES_READ_ENGAGEMENT, PAGES_READ_USER_CONTENT, PAGES_SHOW_LIST,
    },
};

scopes! {
    /// Everything about a Page. Split up in 2020.
    MANAGE_PAGES = "manage_pages", [Facebook], state Removed,
        now [
            PAGES_SHOW_LIST, PAGES_READ_ENGAGEMENT, PAGES_READ_USER_CONTENT, PAGES_MANAGE_METADATA, PAGES_MANAGE_ADS
        ];
    /// Publish as a Page. Split up in 2020.
    PUBLISH_PAGES = "publish_pages", [Facebook], state Removed, now [PAGES_MANAGE_POSTS, PAGES_MANAGE_ENGAGEMENT];
    /// Publish to a person's timeline. Gone in 2018.
    PUBLISH_ACTIONS = "publish_actions", [Facebook], state Removed;
    /// Read a person's feed.
    READ_STREAM = "read_stream", [Facebook], state Removed;
    /// List the groups a person manages.
    USER_MANAGED_GROUPS = "user_managed_groups", [Facebook], state Removed;
    /// Answer invitations to events.
    RSVP_EVENT = "rsvp_event", [Facebook], state Removed;
    /// Publish to groups. Gone on 2024-04-22.
    PUBLISH_TO_GROUPS = "publish_to_groups", [Facebook], state Removed;
    /// Read who wrote in a group. Gone on 2024-04-22.
    GROUPS_ACCESS_MEMBER_INFO = "groups_access_member_info", [Facebook], state Removed;
    /// Send regular content in Messenger.
    PAGES_MESSAGING_SUBSCRIPTIONS = "pages_messaging_subscriptions", [Facebook], state Removed;
    /// Find people in Messenger by phone number.
    PAGES_MESSAGING_PHONE_NUMBER = "pages_messaging_phone_number", [Facebook], state Removed;
    /// Take payments in Messenger.
    PAGES_MESSAGING_PAYMENTS = "pages_messaging_payments", [Facebook], state Removed;

    /// Instagram Login's first name of its base. Ended on 2025-01-27.
    BUSINESS_BASIC = "business_basic", [Instagram], state Removed, now [INSTAGRAM_BUSINESS_BASIC];
    /// Ended on 2025-01-27.
    BUSINESS_CONTENT_PUBLISH = "business_content_publish", [Instagram], state Removed,
        now [INSTAGRAM_BUSINESS_CONTENT_PUBLISH];
    /// Ended on 2025-01-27.
    BUSINESS_MANAGE_COMMENTS = "business_manage_comments", [Instagram], state Removed,
        now [INSTAGRAM_BUSINESS_MANAGE_COMMENTS];
    /// Ended on 2025-01-27.
    BUSINESS_MANAGE_MESSAGES = "business_manage_messages", [Instagram], state Removed,
        now [INSTAGRAM_BUSINESS_MANAGE_MESSAGES];
    /// Instagram Basic Display, which ended on 2024-12-04; personal accounts have no successor.
    USER_PROFILE = "user_profile", [Instagram], state Removed;
    /// Instagram Basic Display, which ended on 2024-12-04; personal accounts have no successor.
    USER_MEDIA = "user_media", [Instagram], state Removed;
    /// Instagram Basic Display, which ended on 2024-12-04; personal accounts have no successor.
    INSTAGRAM_GRAPH_USER_PROFILE = "instagram_graph_user_profile", [Instagram], state Removed;
    /// Instagram Basic Display, which ended on 2024-12-04; personal accounts have no successor.
    INSTAGRAM_GRAPH_USER_MEDIA = "instagram_graph_user_media", [Instagram], state Removed;
}
