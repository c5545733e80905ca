//! Webhooks of one account (Instagram Platform: Webhooks). Instagram Login only.

use serde::Deserialize;
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use crate::acknowledged;
use crate::endpoint::{Joined, endpoint, list_endpoint};
use crate::id::{AppId, InstagramAccountId};
use crate::lenient;

open_enum! {
    /// What an account's webhooks can tell.
    pub enum SubscriptionField {
        /// Answers to polls in comments.
        CommentPollResponse = "comment_poll_response",
        /// Comments on media.
        Comments = "comments",
        /// Invitations of the creator marketplace.
        CreatorMarketplaceInvitedCreatorOnboarding = "creator_marketplace_invited_creator_onboarding",
        /// Projects of the creator marketplace.
        CreatorMarketplaceProjects = "creator_marketplace_projects",
        /// Changes.
        Delta = "delta",
        /// New followers.
        Follow = "follow",
        /// Comments on live videos.
        LiveComments = "live_comments",
        /// Mentions of the account.
        Mentions = "mentions",
        /// Messages that were edited.
        MessageEdit = "message_edit",
        /// Reactions to messages.
        MessageReactions = "message_reactions",
        /// Messages.
        Messages = "messages",
        /// Conversations handed to another app.
        MessagingHandover = "messaging_handover",
        /// People who agreed to get messages.
        MessagingOptins = "messaging_optins",
        /// Buttons that were pressed.
        MessagingPostbacks = "messaging_postbacks",
        /// How somebody came into a conversation.
        MessagingReferral = "messaging_referral",
        /// Messages that were read.
        MessagingSeen = "messaging_seen",
        /// Steps of a series of welcome messages.
        OnboardingWelcomeMessageSeries = "onboarding_welcome_message_series",
        /// Media shared to a story.
        ShareToStory = "share_to_story",
        /// Conversations that another app controls.
        Standby = "standby",
        /// Figures of a story that has ended.
        StoryInsights = "story_insights",
        /// Answers to polls in stories.
        StoryPollResponse = "story_poll_response",
        /// Reactions to stories.
        StoryReactions = "story_reactions",
    }
}

impl AsRef<str> for SubscriptionField {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

endpoint! {
    /// Switches the account's webhooks on, for these fields and no others: `POST /{account_id}/subscribed_apps`.
    /// Instagram Login only; under Facebook Login the Page is subscribed.
    ///
    /// Needs `instagram_business_basic` and the permission of each field.
    pub struct SubscribeApp -> ();
    "instagram.subscribed_apps.create": POST "/{account_id}/subscribed_apps", Safe, [scope::INSTAGRAM_BUSINESS_BASIC];
    new { account_id: InstagramAccountId, subscribed_fields: Joined }
    subject account_id;
    checked by check;
    decode acknowledged::read;
}

impl SubscribeApp {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        super::empty_text(
            "instagram.subscribed_apps.empty",
            "subscribed_fields",
            self.subscribed_fields.as_str(),
        )
    }
}

/// An app that gets the account's webhooks.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SubscribedApp {
    /// The app.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<AppId>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// What it is told.
    #[serde(default, deserialize_with = "lenient::list")]
    pub subscribed_fields: Vec<SubscriptionField>,
}

list_endpoint! {
    /// Lists the apps that get the account's webhooks: `GET /{account_id}/subscribed_apps`. Instagram Login only.
    ///
    /// Needs `instagram_business_basic`.
    pub struct ListSubscribedApps -> SubscribedApp;
    "instagram.subscribed_apps.list": "/{account_id}/subscribed_apps", [scope::INSTAGRAM_BUSINESS_BASIC], limit 100;
    new { account_id: InstagramAccountId }
    subject account_id;
}

endpoint! {
    /// Switches the account's webhooks off for the calling app: `DELETE /{account_id}/subscribed_apps`. Instagram Login
    /// only.
    ///
    /// Needs `instagram_business_basic`.
    pub struct UnsubscribeApp -> ();
    "instagram.subscribed_apps.delete": DELETE "/{account_id}/subscribed_apps", Safe, [scope::INSTAGRAM_BUSINESS_BASIC];
    new { account_id: InstagramAccountId }
    subject account_id;
    decode acknowledged::read;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instagram::testing::at_instagram;
    use crate::scripted::line;
    use sociogram_api_core::testing::ScriptedTransport;

    #[tokio::test]
    async fn fields_are_joined_and_never_empty() {
        let transport = ScriptedTransport::new().json(r#"{"success":true}"#);
        let fields = [SubscriptionField::Comments, SubscriptionField::Messages];
        at_instagram(&transport).send(SubscribeApp::new(17, fields)).await.unwrap();
        let request = transport.requests().pop().unwrap();
        assert_eq!(line(&request), "POST /v26.0/17/subscribed_apps");
        assert_eq!(request.text(), "subscribed_fields=comments%2Cmessages");
        let none: [SubscriptionField; 0] = [];
        assert_eq!(SubscribeApp::new(17, none).check()[0].rule(), "instagram.subscribed_apps.empty");
    }

    #[tokio::test]
    async fn unknown_fields_survive() {
        let body = r#"{"data":[{"id":1,"name":"App","subscribed_fields":["comments","dreams"]}]}"#;
        let transport = ScriptedTransport::new().json(body);
        let page = at_instagram(&transport).send(ListSubscribedApps::new(17)).await.unwrap();
        let fields: Vec<&str> =
            page.items[0].subscribed_fields.iter().map(SubscriptionField::as_str).collect();
        assert_eq!(fields, ["comments", "dreams"]);
    }
}
