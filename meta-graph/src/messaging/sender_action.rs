//! Typing, seen, reactions.

use http::Method;
use serde::Deserialize;
use serde_json::{Map, json};
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_oauth_core::scope;

use crate::id::{InstagramAccountId, MessageId, ObjectId, PageId, ScopedUserId};
use crate::lenient;

/// What the person sees beside messages.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SenderAction {
    /// Marks what they wrote as seen.
    MarkSeen,
    /// Shows that somebody writes, for up to 20 seconds.
    TypingOn,
    /// Ends it.
    TypingOff,
    /// Reacts to a message; another reaction takes the place of an earlier one.
    React {
        /// Which one.
        message: MessageId,
        /// An emoji, or `love`.
        reaction: String,
    },
    /// Takes the reaction back.
    Unreact {
        /// Of which message.
        message: MessageId,
    },
}

impl SenderAction {
    const fn wire(&self) -> &'static str {
        match self {
            Self::MarkSeen => "mark_seen",
            Self::TypingOn => "typing_on",
            Self::TypingOff => "typing_off",
            Self::React { .. } => "react",
            Self::Unreact { .. } => "unreact",
        }
    }
}

fn write(
    parts: &mut RequestParts,
    person: &ScopedUserId,
    action: &SenderAction,
    persona: Option<&ObjectId>,
) -> Result<(), InvalidRequest> {
    let mut body = Map::new();
    body.insert("recipient".to_owned(), json!({ "id": person }));
    body.insert("sender_action".to_owned(), json!(action.wire()));
    match action {
        SenderAction::React { message, reaction } => {
            body.insert("payload".to_owned(), json!({ "message_id": message, "reaction": reaction }));
        }
        SenderAction::Unreact { message } => {
            body.insert("payload".to_owned(), json!({ "message_id": message }));
        }
        SenderAction::MarkSeen | SenderAction::TypingOn | SenderAction::TypingOff => {}
    }
    if let Some(persona) = persona {
        body.insert("persona_id".to_owned(), json!(persona));
    }
    parts.json(&body).map(|_| ())
}

/// Shows the person typing, seen or a reaction on Messenger: `POST /{page_id}/messages` (Messenger Platform: Sender
/// Actions). Needs the Page's token and `pages_messaging`. Repeating it changes nothing.
#[derive(Clone, Debug)]
pub struct SendAction {
    page: PageId,
    person: ScopedUserId,
    action: SenderAction,
    persona: Option<ObjectId>,
}

impl SendAction {
    /// To one person.
    pub const fn new(page: PageId, person: ScopedUserId, action: SenderAction) -> Self {
        Self { page, person, action, persona: None }
    }

    /// As this persona.
    pub fn persona(mut self, persona: ObjectId) -> Self {
        self.persona = Some(persona);
        self
    }
}

impl Endpoint for SendAction {
    type Output = SentAction;

    const NAME: &'static str = "messenger.actions.send";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{page_id}/messages";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::PAGES_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("page_id", &self.page);
        write(parts, &self.person, &self.action, self.persona.as_ref())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.page.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<SentAction, DecodeError> {
        response.json()
    }
}

/// The same on Instagram: `POST /{page_id}/messages`, or `POST /{ig_id}/messages` with Instagram Login. Permissions as
/// for [`SendInstagramMessage`](super::SendInstagramMessage).
#[derive(Clone, Debug)]
pub struct SendInstagramAction {
    sender: ObjectId,
    person: ScopedUserId,
    action: SenderAction,
}

impl SendInstagramAction {
    /// As the account that is linked to this Page.
    pub fn from_page(page: PageId, person: ScopedUserId, action: SenderAction) -> Self {
        Self { sender: page.into(), person, action }
    }

    /// As this account, with Instagram Login.
    pub fn from_account(account: InstagramAccountId, person: ScopedUserId, action: SenderAction) -> Self {
        Self { sender: account.into(), person, action }
    }
}

impl Endpoint for SendInstagramAction {
    type Output = SentAction;

    const NAME: &'static str = "instagram.message.actions.send";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{sender_id}/messages";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_MESSAGES];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("sender_id", &self.sender);
        write(parts, &self.person, &self.action, None)
    }

    fn subject(&self) -> Option<&str> {
        Some(self.sender.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<SentAction, DecodeError> {
        response.json()
    }
}

/// The person who sees it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SentAction {
    /// Their id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub recipient_id: Option<ScopedUserId>,
}
