//! Which webhooks a Page sends to the app (Graph API: Page Subscribed Apps).

use http::Method;
use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, open_enum};
use sociogram_oauth_core::scope;

use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{AppId, PageId};
use crate::{acknowledged, lenient};

list_endpoint! {
    /// Lists the apps that get webhooks of a Page, with their fields: `GET /{page_id}/subscribed_apps`.
    ///
    /// Needs the Page's token and `pages_manage_metadata`.
    pub struct ListPageSubscriptions -> PageSubscription;
    "page.subscriptions.list": "/{page_id}/subscribed_apps", [scope::PAGES_MANAGE_METADATA, scope::PAGES_SHOW_LIST], limit 100;
    new { page_id: PageId }
    fields "id,name,link,category,subscribed_fields";
    subject page_id;
}

/// An app that gets webhooks of a Page.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PageSubscription {
    /// The app.
    pub id: AppId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub link: Option<String>,
    /// Its category.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub category: Option<String>,
    /// What it gets. Some answers wrap each name in an object, and both forms are read.
    #[serde(default, deserialize_with = "fields")]
    pub subscribed_fields: Vec<PageField>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum NamedField {
    Plain(PageField),
    Wrapped { name: PageField },
}

fn fields<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<PageField>, D::Error> {
    let fields = lenient::list::<_, NamedField>(from)?.into_iter();
    Ok(fields
        .map(|field| match field {
            NamedField::Plain(field) | NamedField::Wrapped { name: field } => field,
        })
        .collect())
}

/// Subscribes the app to webhooks of a Page: `POST /{page_id}/subscribed_apps`.
///
/// **Replaces the whole list of fields of this app and Page.** A Page that several tenants connected has one
/// list: pass the fields of all of them. Needs the Page's token and `pages_manage_metadata`, and the
/// permission of each field. Repeating it changes nothing.
#[derive(Clone, Debug)]
pub struct SubscribePage {
    page: PageId,
    fields: Vec<PageField>,
}

impl SubscribePage {
    /// Subscribes to exactly these fields.
    pub fn new(page: PageId, fields: impl IntoIterator<Item = PageField>) -> Self {
        let mut fields: Vec<PageField> = fields.into_iter().collect();
        fields.sort();
        fields.dedup();
        Self { page, fields }
    }
}

impl Endpoint for SubscribePage {
    type Output = ();

    const NAME: &'static str = "page.subscriptions.set";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{page_id}/subscribed_apps";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::PAGES_MANAGE_METADATA, scope::PAGES_SHOW_LIST];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let named =
            |field: &PageField| field.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if self.fields.is_empty()
            || !self.fields.iter().all(|field| !field.as_str().is_empty() && named(field))
        {
            return Err(Finding::error(
                "page.subscription.fields",
                "subscribed_fields",
                "no field, or not a field's name",
            )
            .advice("name at least one field such as leadgen; to end the subscription use `UnsubscribePage`")
            .into());
        }
        let fields: Vec<&str> = self.fields.iter().map(PageField::as_str).collect();
        parts.path("page_id", &self.page).form_field("subscribed_fields", fields.join(","));
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.page.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<(), DecodeError> {
        acknowledged::read(response)
    }
}

endpoint! {
    /// Ends all webhooks of a Page for the app: `DELETE /{page_id}/subscribed_apps`.
    ///
    /// It concerns the app that issued the token, and **every tenant of this app that connected the Page**. Needs the
    /// Page's token and `pages_manage_metadata`. Repeating it changes nothing.
    pub struct UnsubscribePage -> ();
    "page.subscriptions.remove": DELETE "/{page_id}/subscribed_apps", Safe, [scope::PAGES_MANAGE_METADATA, scope::PAGES_SHOW_LIST];
    new { page_id: PageId }
    subject page_id;
    decode acknowledged::read;
}

open_enum! {
    /// A kind of webhook of a Page. Meta has about a hundred; any other is made with
    /// `PageField::from("its_name")`.
    pub enum PageField {
        /// Posts, comments and reactions.
        Feed = "feed",
        /// The Page is mentioned.
        Mention = "mention",
        /// Recommendations.
        Ratings = "ratings",
        /// Videos.
        Videos = "videos",
        /// Live videos.
        LiveVideos = "live_videos",
        /// The Page is followed.
        Follow = "follow",
        /// New leads.
        Leadgen = "leadgen",
        /// Changed leads.
        LeadgenUpdate = "leadgen_update",
        /// Conversations in the Page's inbox.
        Conversations = "conversations",
        /// Messages to the Page.
        Messages = "messages",
        /// Messages the Page sent.
        MessageEchoes = "message_echoes",
        /// Edited messages.
        MessageEdits = "message_edits",
        /// Reactions to messages.
        MessageReactions = "message_reactions",
        /// Messages were read.
        MessageReads = "message_reads",
        /// Messages were delivered.
        MessageDeliveries = "message_deliveries",
        /// A button was pressed.
        MessagingPostbacks = "messaging_postbacks",
        /// A person opted in.
        MessagingOptins = "messaging_optins",
        /// A person came through a link or an ad.
        MessagingReferrals = "messaging_referrals",
        /// Control of a conversation changed.
        MessagingHandovers = "messaging_handovers",
        /// An account was linked or unlinked.
        MessagingAccountLinking = "messaging_account_linking",
        /// Feedback from a form.
        MessagingFeedback = "messaging_feedback",
        /// Messenger was blocked or unblocked for policy.
        MessagingPolicyEnforcement = "messaging_policy_enforcement",
        /// Messages while another app has control.
        Standby = "standby",
        /// State of the business account.
        BusinessIntegrity = "business_integrity",
        /// Where a message came from.
        MessageContext = "message_context",
        /// The state of a message template changed.
        MessageTemplateStatusUpdate = "message_template_status_update",
        /// Calls through Messenger.
        Calls = "calls",
        /// Labels in the inbox.
        InboxLabels = "inbox_labels",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{client, exchange, line};
    use sociogram_api_core::ErrorKind;
    use sociogram_api_core::testing::ScriptedTransport;

    #[tokio::test]
    async fn subscribing_sends_the_whole_list_once() {
        let fields = [PageField::Leadgen, PageField::Feed, PageField::from("brand_new"), PageField::Feed];
        let (done, request) =
            exchange(SubscribePage::new(PageId::from(42), fields), r#"{"success":true}"#).await;
        done.unwrap();
        assert_eq!(line(&request), "POST /v26.0/42/subscribed_apps");
        assert_eq!(request.text(), "subscribed_fields=feed%2Cleadgen%2Cbrand_new");
    }

    #[tokio::test]
    async fn unsubscribing_has_no_body() {
        let (done, request) = exchange(UnsubscribePage::new(PageId::from(42)), "true").await;
        done.unwrap();
        assert_eq!(line(&request), "DELETE /v26.0/42/subscribed_apps");
        assert!(request.body.is_empty());
    }

    #[tokio::test]
    async fn the_fields_of_a_subscription_may_be_wrapped() {
        let (page, _) = exchange(
            ListPageSubscriptions::new(42),
            r#"{"data":[{"id":7,"subscribed_fields":["feed",{"name":"brand_new"},5]},{"name":"no id"}]}"#,
        )
        .await;
        let page = page.unwrap();
        assert_eq!(page.items[0].subscribed_fields, [PageField::Feed, PageField::from("brand_new")]);
        assert_eq!((page.items[0].id.as_str(), page.malformed.len()), ("7", 1));
    }

    #[tokio::test]
    async fn only_a_yes_is_a_yes() {
        for (body, kind) in [
            (r#"{"success":false}"#, ErrorKind::Rejected),
            ("false", ErrorKind::Rejected),
            ("{}", ErrorKind::Decode),
            ("[]", ErrorKind::Decode),
        ] {
            let (done, _) = exchange(UnsubscribePage::new(PageId::from(42)), body).await;
            assert_eq!(done.unwrap_err().kind(), kind, "{body}");
        }
    }

    #[tokio::test]
    async fn an_empty_or_joined_list_is_not_sent() {
        for fields in [vec![], vec![PageField::from("feed,leadgen")], vec![PageField::from("")]] {
            let transport = ScriptedTransport::new();
            let error =
                client(&transport).send(SubscribePage::new(PageId::from(42), fields)).await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
        }
    }
}
