//! What a person does other than writing (Messenger Platform: `messaging_postbacks`, `messaging_optins`,
//! `messaging_account_linking`; Instagram Platform: `messaging_postbacks`, `messaging_optins`).

use super::Referral;
use crate::{EventTime, fields::Fields, open_enum::open_enum};

/// A person pressed a button, an icebreaker or an entry of the menu.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Postback {
    /// Id of the message that the press became.
    pub mid: Option<String>,
    /// What was written on it.
    pub title: Option<String>,
    /// What you gave the button. Absent in `standby`.
    pub payload: Option<String>,
    /// What brought the person here, where the button was "get started".
    pub referral: Option<Referral>,
}

open_enum! {
    /// What a person agreed to.
    pub enum OptinType {
        /// Marketing messages.
        NotificationMessages = "notification_messages",
        /// One message later; retired.
        OneTimeNotification = "one_time_notif_req",
    }
}

open_enum! {
    /// What a person changed about marketing messages.
    pub enum NotificationStatus {
        /// They are stopped.
        Stop = "STOP_NOTIFICATIONS",
        /// They go on.
        Resume = "RESUME_NOTIFICATIONS",
    }
}

open_enum! {
    /// Whether the token of an opt-in was renewed.
    pub enum UserTokenStatus {
        /// It was renewed.
        Refreshed = "REFRESHED",
        /// It was not.
        NotRefreshed = "NOT_REFRESHED",
    }
}

/// A person agreed to be written to, or changed that.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Optin {
    /// What the person agreed to (`type`); absent for plugins of websites.
    pub kind: Option<OptinType>,
    /// What you gave the plugin (`ref`).
    pub reference: Option<String>,
    /// What stands for the person, who has no id yet: your own reference.
    pub user_ref: Option<String>,
    /// What you gave the request.
    pub payload: Option<String>,
    /// The topic of the messages.
    pub topic: Option<String>,
    /// The title of the request.
    pub title: Option<String>,
    /// With what the person can be written to.
    pub notification_messages_token: Option<String>,
    /// How often: `DAILY`, `WEEKLY`, `MONTHLY` in older deliveries.
    pub notification_messages_frequency: Option<String>,
    /// The person's time zone.
    pub notification_messages_timezone: Option<String>,
    /// Whether the person stopped or resumed the messages.
    pub notification_messages_status: Option<NotificationStatus>,
    /// When the token ends.
    pub token_expiry_timestamp: Option<EventTime>,
    /// Whether the token was renewed.
    pub user_token_status: Option<UserTokenStatus>,
    /// With what the person can be written to once; retired.
    pub one_time_notif_token: Option<String>,
}

open_enum! {
    /// Whether accounts are linked.
    pub enum LinkingStatus {
        /// They are now.
        Linked = "linked",
        /// They are no longer.
        Unlinked = "unlinked",
    }
}

/// A person linked an account at the business, or unlinked it.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountLinking {
    /// Whether the accounts are linked.
    pub status: Option<LinkingStatus>,
    /// What your login page passed on.
    pub authorization_code: Option<String>,
}

impl Postback {
    pub(super) fn read(postback: &Fields<'_>) -> Self {
        Self {
            mid: postback.id("mid"),
            title: postback.text("title"),
            payload: postback.text("payload"),
            referral: postback.object("referral").map(|referral| Referral::read(&referral)),
        }
    }
}

impl Optin {
    pub(super) fn read(optin: &Fields<'_>) -> Self {
        let status = optin.text("notification_messages_status");
        Self {
            kind: optin.text("type").as_deref().map(OptinType::from),
            reference: optin.id("ref"),
            user_ref: optin.id("user_ref"),
            payload: optin.text("payload"),
            topic: optin.text("topic"),
            title: optin.text("title"),
            notification_messages_token: optin.id("notification_messages_token"),
            notification_messages_frequency: optin.text("notification_messages_frequency"),
            notification_messages_timezone: optin.text("notification_messages_timezone"),
            notification_messages_status: status.as_deref().map(NotificationStatus::from),
            token_expiry_timestamp: optin.time("token_expiry_timestamp"),
            user_token_status: optin.text("user_token_status").as_deref().map(UserTokenStatus::from),
            one_time_notif_token: optin.id("one_time_notif_token"),
        }
    }
}

impl AccountLinking {
    pub(super) fn read(linking: &Fields<'_>) -> Self {
        Self {
            status: linking.text("status").as_deref().map(LinkingStatus::from),
            authorization_code: linking.id("authorization_code"),
        }
    }
}
