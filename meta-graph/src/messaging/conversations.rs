//! Conversations.

use std::borrow::Cow;

use http::Method;
use serde::Deserialize;
use sociogram_api_core::http::{
    CoreError, Cursor, DecodeError, Endpoint, ListEndpoint, Page, RawResponse, Replay, RequestParts,
};
use sociogram_api_core::{InvalidRequest, Timestamp};
use sociogram_oauth_core::scope;

use super::Platform;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{ConversationId, InstagramAccountId, ObjectId, PageId, ScopedUserId};
use crate::lenient;
use crate::page_envelope::{self, Position};

list_endpoint! {
    /// The conversations of a Page, the newest first: `GET /{page_id}/conversations` (Messenger Platform: Conversations
    /// API).
    ///
    /// Needs the Page's token and `pages_messaging`, `pages_read_engagement` and `pages_manage_metadata`. At most 2 calls
    /// a second for a Page. Requests that are idle for 30 days are not in it.
    pub struct ListConversations -> Conversation;
    "messenger.conversations.list": "/{page_id}/conversations", [scope::PAGES_MESSAGING, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_MANAGE_METADATA], limit 500;
    new { page_id: PageId }
    with {
        /// Of this platform; Messenger unless set.
        platform: Platform,
        /// Of this person only.
        user_id: ScopedUserId,
        /// In this folder of the inbox, such as `inbox`, `page_done`, `other`, `pending` or `spam`.
        folder: String,
        /// With these tags only.
        tags: Vec<String>,
    }
    fields "id,updated_time,participants,unread_count,message_count,can_reply,snippet,link";
    subject page_id;
}

/// The conversations of an Instagram account, the newest first: `GET /{page_id}/conversations`, or
/// `GET /{ig_id}/conversations` with Instagram Login, for `platform=instagram` (Instagram Platform: Conversations API).
///
/// Needs `instagram_manage_messages` and `pages_manage_metadata`, or with Instagram Login
/// `instagram_business_manage_messages`. At most 2 calls a second for an account. Requests that are idle for 30 days are
/// not in it.
#[derive(Clone, Debug)]
pub struct ListInstagramConversations {
    owner: ObjectId,
    person: Option<ScopedUserId>,
    fields: Cow<'static, str>,
    page: Position,
}

impl ListInstagramConversations {
    fn of(owner: ObjectId) -> Self {
        let fields = Cow::Borrowed("id,updated_time,participants");
        Self { owner, person: None, fields, page: Position::default() }
    }

    /// Of the account that is linked to this Page.
    pub fn of_page(page: PageId) -> Self {
        Self::of(page.into())
    }

    /// Of this account, with Instagram Login.
    pub fn of_account(account: InstagramAccountId) -> Self {
        Self::of(account.into())
    }

    /// With this person only.
    pub fn user_id(mut self, person: ScopedUserId) -> Self {
        self.person = Some(person);
        self
    }

    /// Other fields than usual, in Meta's syntax.
    pub fn fields(mut self, fields: impl Into<Cow<'static, str>>) -> Self {
        self.fields = fields.into();
        self
    }

    /// How many conversations one page holds, at most 500; Meta gives 25 unless told.
    pub fn limit(mut self, limit: u32) -> Self {
        self.page.limit = Some(limit);
        self
    }
}

impl Endpoint for ListInstagramConversations {
    type Output = Page<Conversation>;

    const NAME: &'static str = "instagram.message.conversations.list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{owner_id}/conversations";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] =
        &[scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_MESSAGES, scope::PAGES_MANAGE_METADATA];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("owner_id", &self.owner).query("platform", Platform::Instagram.as_str());
        if let Some(person) = &self.person {
            parts.query("user_id", person);
        }
        parts.query("fields", &self.fields);
        self.page.write(parts, 500)
    }

    fn subject(&self) -> Option<&str> {
        Some(self.owner.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<Page<Conversation>, DecodeError> {
        page_envelope::read(response)
    }
}

impl ListEndpoint for ListInstagramConversations {
    type Item = Conversation;

    fn after(mut self, cursor: &Cursor) -> Self {
        self.page.after = Some(cursor.clone());
        self
    }

    fn smaller(&self, error: &CoreError) -> Option<Self> {
        Some(Self { page: self.page.smaller(error)?, ..self.clone() })
    }
}

endpoint! {
    /// One conversation of Messenger: `GET /{conversation_id}` (Messenger Platform: Conversations API). Permissions as for
    /// [`ListConversations`].
    pub struct GetConversation -> Conversation;
    "messenger.conversations.get": GET "/{conversation_id}", Safe, [scope::PAGES_MESSAGING, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_MANAGE_METADATA];
    new { conversation_id: ConversationId }
    fields "id,updated_time,participants";
}

endpoint! {
    /// One conversation of Instagram: `GET /{conversation_id}` (Instagram Platform: Conversations API), for both logins.
    /// Permissions as for [`ListInstagramConversations`].
    pub struct GetInstagramConversation -> Conversation;
    "instagram.message.conversations.get": GET "/{conversation_id}", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_MESSAGES, scope::PAGES_MANAGE_METADATA];
    new { conversation_id: ConversationId }
    fields "id,updated_time,participants";
}

/// A conversation. Everything but its id may be missing, by platform and age.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// When something last happened in it.
    #[serde(default, deserialize_with = "lenient::time")]
    pub updated_time: Option<Timestamp>,
    /// Who takes part, the business among them.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub participants: Vec<Participant>,
    /// Who wrote in it.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub senders: Vec<Participant>,
    /// Who left it.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub former_participants: Vec<Participant>,
    /// How many messages were not read.
    #[serde(default, deserialize_with = "lenient::count")]
    pub unread_count: Option<u64>,
    /// How many messages there are; only the 20 newest can be read.
    #[serde(default, deserialize_with = "lenient::count")]
    pub message_count: Option<u64>,
    /// Whether the Page may answer now.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub can_reply: Option<bool>,
    /// Whether the app controls the conversation.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_owner: Option<bool>,
    /// The folder of the inbox.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub folder: Option<String>,
    /// Its address in the inbox, without the host.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub link: Option<String>,
    /// The beginning of the newest message.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub snippet: Option<String>,
    /// The key of the conversation for this Page.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub scoped_thread_key: Option<String>,
}

/// Someone in a conversation.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Participant {
    /// Their id in this inbox.
    pub id: ScopedUserId,
    /// Their name, on Messenger.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Their user name, on Instagram.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// An address of e-mail that Meta made up for them.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub email: Option<String>,
}
