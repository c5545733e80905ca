//! Which app answers in a conversation.
//!
//! Meta documents all of it for a Page's token, for conversations of Messenger and of the Instagram account that is linked
//! to the Page; for the latter `instagram_basic` and `instagram_manage_messages` take the place of `pages_messaging`. Not
//! confirmed: that Instagram Login has it. Meta's own libraries name passing and releasing there, its documentation does
//! not, so nothing here takes an Instagram account.

use http::Method;
use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};
use sociogram_oauth_core::scope;

use super::recipient::PersonRef;
use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::{AppId, PageId, ScopedUserId};
use crate::lenient;

/// The app of the inbox on facebook.com, to which a conversation is passed for humans.
pub const PAGE_INBOX_APP: u64 = 263_902_037_430_900;

/// The longest time by which control is kept longer, in seconds: 7 days.
const MAX_EXTENSION: u32 = 7 * 86_400;

endpoint! {
    /// Gives a conversation to another app: `POST /{page_id}/pass_thread_control` (Messenger Platform: Conversation
    /// Routing). Needs the Page's token and `pages_messaging`. Works for Messenger and for Instagram through its Page.
    pub struct PassThreadControl -> ();
    "messenger.thread_control.pass": POST "/{page_id}/pass_thread_control", Never, [scope::PAGES_MESSAGING], Json;
    new { page_id: PageId, recipient: PersonRef, target_app_id: AppId }
    with {
        /// A note for the other app.
        metadata: String,
    }
    subject page_id;
    decode acknowledged::read;
}

endpoint! {
    /// Takes a conversation from the app that has it: `POST /{page_id}/take_thread_control` (Messenger Platform:
    /// Conversation Routing). Only the default app may. Needs the Page's token and `pages_messaging`.
    pub struct TakeThreadControl -> ();
    "messenger.thread_control.take": POST "/{page_id}/take_thread_control", Safe, [scope::PAGES_MESSAGING], Json;
    new { page_id: PageId, recipient: PersonRef }
    with {
        /// A note for the other app.
        metadata: String,
    }
    subject page_id;
    decode acknowledged::read;
}

endpoint! {
    /// Asks the app that has a conversation for it: `POST /{page_id}/request_thread_control` (Messenger Platform:
    /// Conversation Routing). Needs the Page's token and `pages_messaging`.
    pub struct RequestThreadControl -> ();
    "messenger.thread_control.request": POST "/{page_id}/request_thread_control", Never, [scope::PAGES_MESSAGING], Json;
    new { page_id: PageId, recipient: PersonRef }
    with {
        /// A note for the other app.
        metadata: String,
    }
    subject page_id;
    decode acknowledged::read;
}

endpoint! {
    /// Gives a conversation up: `POST /{page_id}/release_thread_control` (Messenger Platform: Conversation Routing).
    /// Needs the Page's token and `pages_messaging`.
    pub struct ReleaseThreadControl -> ();
    "messenger.thread_control.release": POST "/{page_id}/release_thread_control", Never, [scope::PAGES_MESSAGING], Json;
    new { page_id: PageId, recipient: PersonRef }
    subject page_id;
    decode acknowledged::read;
}

endpoint! {
    /// Keeps a conversation longer: `POST /{page_id}/extend_thread_control` (Messenger Platform: Conversation Routing).
    /// Needs the Page's token and `pages_messaging`.
    pub struct ExtendThreadControl -> ();
    "messenger.thread_control.extend": POST "/{page_id}/extend_thread_control", Safe, [scope::PAGES_MESSAGING], Json;
    new { page_id: PageId, recipient: PersonRef }
    with {
        /// For how many seconds, at most 7 days.
        duration: u32,
    }
    subject page_id;
    checked by check;
    decode acknowledged::read;
}

impl ExtendThreadControl {
    /// What is wrong with it. Sending checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let seconds = self.duration.filter(|seconds| *seconds > MAX_EXTENSION);
        let finding = |seconds| {
            Finding::warning(
                "messenger.thread_control.duration",
                "duration",
                "the time is longer than Meta documents",
            )
            .measured(format_args!("{seconds} seconds"))
            .allowed(format_args!("{MAX_EXTENSION} seconds"))
            .advice("extend it again before it ends")
        };
        seconds.map(finding).into_iter().collect()
    }
}

/// Which app has a conversation: `GET /{page_id}/thread_owner` (Messenger Platform: Conversation Routing). Needs the
/// Page's token and `pages_messaging`; only the app that has it and the default app get an answer.
#[derive(Clone, Debug)]
pub struct GetThreadOwner {
    page: PageId,
    person: ScopedUserId,
}

impl GetThreadOwner {
    /// Of the conversation with this person.
    pub const fn new(page: PageId, person: ScopedUserId) -> Self {
        Self { page, person }
    }
}

impl Endpoint for GetThreadOwner {
    type Output = Option<ThreadOwner>;

    const NAME: &'static str = "messenger.thread_owner.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{page_id}/thread_owner";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::PAGES_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("page_id", &self.page).query("recipient", &self.person);
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.page.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<Option<ThreadOwner>, DecodeError> {
        let answer: Owners = response.json()?;
        Ok(answer.data.into_iter().next().map(|owner| owner.thread_owner))
    }
}

#[derive(Deserialize)]
struct Owners {
    #[serde(deserialize_with = "lenient::edge")]
    data: Vec<Owner>,
}

#[derive(Deserialize)]
struct Owner {
    thread_owner: ThreadOwner,
}

/// The app that has a conversation.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ThreadOwner {
    /// Its id.
    pub app_id: AppId,
    /// When it loses it again.
    #[serde(default, deserialize_with = "lenient::time")]
    pub expiration: Option<Timestamp>,
}
