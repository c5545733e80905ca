//! Sending messages.

use std::time::Duration;

use http::Method;
use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::Platform;
use super::outgoing::OutgoingMessage;
use crate::id::{InstagramAccountId, MessageId, ObjectId, PageId, ScopedUserId};
use crate::lenient;

/// Meta fetches a file for up to 75 seconds before it answers; giving up earlier leaves the outcome open.
const FETCHING: Duration = Duration::from_secs(90);

fn describe(message: &OutgoingMessage, operation: Operation) -> Operation {
    if message.takes_long() { operation.attempt_timeout(FETCHING) } else { operation }
}

/// Sends a message of Messenger: `POST /{page_id}/messages` (Messenger Platform: Send API).
///
/// Needs the Page's token, the task `MESSAGING` and `pages_messaging`; utility messages `pages_utility_messaging`,
/// marketing messages `marketing_messages_messenger` besides. Without advanced access only people with a role in the
/// app get it. **Nothing repeats it:** Meta may answer with an error although the message arrived (1/1357046), so look
/// into the conversation before sending again. With a file by address or upload one attempt takes up to 90 seconds.
#[derive(Clone, Debug)]
pub struct SendMessage {
    page: PageId,
    message: OutgoingMessage,
}

impl SendMessage {
    /// As this Page.
    pub const fn new(page: PageId, message: OutgoingMessage) -> Self {
        Self { page, message }
    }

    /// What is wrong with it. Sending checks the same.
    pub fn check(&self) -> Vec<Finding> {
        self.message.check(&Platform::Messenger)
    }
}

impl Endpoint for SendMessage {
    type Output = SentMessage;

    const NAME: &'static str = "messenger.messages.send";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{page_id}/messages";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] =
        &[scope::PAGES_MESSAGING, scope::PAGES_MANAGE_METADATA, scope::PAGES_SHOW_LIST];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("page_id", &self.page);
        self.message.write(&Platform::Messenger, parts)
    }

    fn subject(&self) -> Option<&str> {
        Some(self.page.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        describe(&self.message, operation)
    }

    fn decode(&self, response: &RawResponse) -> Result<SentMessage, DecodeError> {
        response.json()
    }
}

/// Sends a message of Instagram: `POST /{page_id}/messages`, or `POST /{ig_id}/messages` with Instagram Login (Instagram
/// Platform: Send messages).
///
/// Through the Page it needs the Page's token and `instagram_basic`, `instagram_manage_messages` and
/// `pages_manage_metadata`; with Instagram Login a client of [`GraphHost::Instagram`](crate::GraphHost::Instagram) and
/// `instagram_business_basic` and `instagram_business_manage_messages`. A private reply needs
/// `instagram_manage_comments` or `instagram_business_manage_comments` besides. **Nothing repeats it.**
#[derive(Clone, Debug)]
pub struct SendInstagramMessage {
    sender: ObjectId,
    message: OutgoingMessage,
}

impl SendInstagramMessage {
    /// As the account that is linked to this Page.
    pub fn from_page(page: PageId, message: OutgoingMessage) -> Self {
        Self { sender: page.into(), message }
    }

    /// As this account, with Instagram Login.
    pub fn from_account(account: InstagramAccountId, message: OutgoingMessage) -> Self {
        Self { sender: account.into(), message }
    }

    /// What is wrong with it. Sending checks the same.
    pub fn check(&self) -> Vec<Finding> {
        self.message.check(&Platform::Instagram)
    }
}

impl Endpoint for SendInstagramMessage {
    type Output = SentMessage;

    const NAME: &'static str = "instagram.message.send";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{sender_id}/messages";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] =
        &[scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_MESSAGES, scope::PAGES_MANAGE_METADATA];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("sender_id", &self.sender);
        self.message.write(&Platform::Instagram, parts)
    }

    fn subject(&self) -> Option<&str> {
        Some(self.sender.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        describe(&self.message, operation)
    }

    fn decode(&self, response: &RawResponse) -> Result<SentMessage, DecodeError> {
        response.json()
    }
}

/// A message that was sent.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SentMessage {
    /// Its id, which webhooks name as well.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message_id: Option<MessageId>,
    /// Who gets it. Missing for those addressed by phone number or by the check box plugin.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub recipient_id: Option<ScopedUserId>,
    /// The id of a file that was marked as reusable.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub attachment_id: Option<ObjectId>,
}
