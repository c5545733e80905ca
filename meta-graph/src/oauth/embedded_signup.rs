//! WhatsApp Embedded Signup (WhatsApp Business Platform: Embedded Signup): what the browser says, and whether it
//! is true.
//!
//! The window of the sign-up sends the product's page a message that names the business's WhatsApp account. The
//! page passes it on together with the code, so the person can change every word of it. It becomes true by
//! [`confirm`]: the token that the code bought must have been granted for that account.
//!
//! ```
//! use sociogram_meta_graph::oauth::embedded_signup::{SignupMessage, SignupOutcome, confirm};
//! use sociogram_oauth_core::{ScopeLimit, TokenFacts, scope};
//!
//! let message = SignupMessage::parse(
//!     r#"{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","version":3,
//!         "data":{"phone_number_id":"106540352242922","waba_id":"524126980791429","business_id":"2729063490586005"}}"#,
//! )?;
//! assert_eq!(message.outcome(), SignupOutcome::Finished);
//! let account = message.waba_id.expect("the default flow names one");
//!
//! // What `OAuthClient::log_in` or `FacebookHooks::inspect` found out about the token.
//! let mut facts = TokenFacts::new(true);
//! # let granted = vec!["524126980791429".to_owned()];
//! facts.limits.push(ScopeLimit::new(scope::WHATSAPP_BUSINESS_MANAGEMENT.into(), granted));
//! assert!(confirm(&facts, &account).is_ok());
//! # Ok::<(), sociogram_meta_graph::oauth::embedded_signup::SignupMessageError>(())
//! ```

use serde_json::{Map, Value};
use sociogram_api_core::{ErrorKind, open_enum};
use sociogram_oauth_core::{OAuthError, TokenFacts, scope};

use crate::id::{BusinessId, PhoneNumberId, WhatsAppAccountId};
use crate::lenient::text_of;

/// The longest message read, in bytes; real ones have a few hundred.
const MAX_BYTES: usize = 16 * 1024;
/// Most accounts taken out of one message.
const MAX_ACCOUNTS: usize = 100;
/// The longest event, step, error id or session id, in bytes.
const MAX_WORD: usize = 64;

/// The message of the sign-up's window, as the browser passed it on. **Untrusted:** anyone can write it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignupMessage {
    /// What happened.
    pub event: SignupEvent,
    /// The WhatsApp business account the person chose or made. A claim until [`confirm`] says so.
    pub waba_id: Option<WhatsAppAccountId>,
    /// The accounts, where the person chose several; at most 100. Claims as well.
    pub waba_ids: Vec<WhatsAppAccountId>,
    /// The phone number; missing where the flow ends without one. A claim: look it up among the numbers of the
    /// confirmed account.
    pub phone_number_id: Option<PhoneNumberId>,
    /// The business portfolio. A claim as well.
    pub business_id: Option<BusinessId>,
    /// The screen on which the person gave up, such as `PHONE_NUMBER_SETUP`.
    pub current_step: Option<String>,
    /// Meta's number of the error that the person reported, for Meta's support.
    pub error_id: Option<String>,
    /// Meta's id of the attempt, for Meta's support.
    pub session_id: Option<String>,
}

open_enum! {
    /// What happened in the sign-up's window.
    pub enum SignupEvent {
        /// Done.
        Finish = "FINISH",
        /// Done, without a phone number.
        FinishOnlyWaba = "FINISH_ONLY_WABA",
        /// Done, with a number that stays in the WhatsApp Business app.
        FinishBusinessAppOnboarding = "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING",
        /// Done: the account was moved from another partner's ownership.
        FinishOboMigration = "FINISH_OBO_MIGRATION",
        /// Done: the app may use the account, and no system user was made.
        FinishGrantOnlyApiAccess = "FINISH_GRANT_ONLY_API_ACCESS",
        /// Given up, or an error was reported.
        Cancel = "CANCEL",
        /// An error.
        Error = "ERROR",
    }
}

/// What became of the sign-up.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignupOutcome {
    /// The person went to the end. Exchange the code at once: it lives 30 seconds.
    Finished,
    /// The person gave up; [`SignupMessage::current_step`] says where.
    Abandoned,
    /// Meta failed, or the person reported an error.
    Failed,
    /// An event this version does not know.
    Unknown,
}

/// Text that is no message of the sign-up's window. Such windows send others too, which are to be ignored.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignupMessageError {
    /// Longer than any message of the sign-up.
    #[error("the message of the sign-up is longer than 16 KiB")]
    TooLong,
    /// Not a JSON object.
    #[error("the message of the sign-up is not a JSON object")]
    NotJson,
    /// Of another type.
    #[error("the message does not have the type WA_EMBEDDED_SIGNUP")]
    OtherType,
    /// Without an event, or one that is no plain word.
    #[error("the message of the sign-up names no event")]
    NoEvent,
}

impl SignupMessage {
    /// Reads the message: the `data` of the browser's event, which is JSON text. Fields that are missing or of an
    /// unexpected shape are `None`; nothing in it is believed.
    ///
    /// The page must take messages from `https://www.facebook.com` and its sibling hosts only.
    ///
    /// # Errors
    /// [`SignupMessageError`] when it is none.
    pub fn parse(json: &str) -> Result<Self, SignupMessageError> {
        if json.len() > MAX_BYTES {
            return Err(SignupMessageError::TooLong);
        }
        let message = match serde_json::from_str(json) {
            Ok(Value::Object(message)) => message,
            // Pages like to turn the text into JSON once more.
            Ok(Value::String(inner)) => {
                serde_json::from_str(&inner).map_err(|_| SignupMessageError::NotJson)?
            }
            _ => return Err(SignupMessageError::NotJson),
        };
        if message.get("type").and_then(Value::as_str) != Some("WA_EMBEDDED_SIGNUP") {
            return Err(SignupMessageError::OtherType);
        }
        let event = word(&message, &["event"]).ok_or(SignupMessageError::NoEvent)?;
        let nothing = Map::new();
        let data = message.get("data").and_then(Value::as_object).unwrap_or(&nothing);
        let accounts = data.get("waba_ids").and_then(Value::as_array).into_iter().flatten();
        let accounts = accounts.filter_map(|id| WhatsAppAccountId::new(text_of(id)?).ok());
        let id = |name| data.get(name).and_then(text_of);
        Ok(Self {
            event: SignupEvent::from(event.as_str()),
            waba_id: id("waba_id").and_then(|id| WhatsAppAccountId::new(id).ok()),
            waba_ids: accounts.take(MAX_ACCOUNTS).collect(),
            phone_number_id: id("phone_number_id").and_then(|id| PhoneNumberId::new(id).ok()),
            business_id: id("business_id").and_then(|id| BusinessId::new(id).ok()),
            current_step: word(data, &["current_step"]),
            error_id: word(data, &["error_code", "error_id"]),
            session_id: word(data, &["session_id"]),
        })
    }

    /// What became of the sign-up. An error that the person reports comes as a cancellation with an error id.
    pub fn outcome(&self) -> SignupOutcome {
        match &self.event {
            SignupEvent::Finish
            | SignupEvent::FinishOnlyWaba
            | SignupEvent::FinishBusinessAppOnboarding
            | SignupEvent::FinishOboMigration
            | SignupEvent::FinishGrantOnlyApiAccess => SignupOutcome::Finished,
            SignupEvent::Unknown(event) if event.starts_with("FINISH_") => SignupOutcome::Finished,
            SignupEvent::Error => SignupOutcome::Failed,
            SignupEvent::Cancel if self.error_id.is_some() => SignupOutcome::Failed,
            SignupEvent::Cancel => SignupOutcome::Abandoned,
            SignupEvent::Unknown(_) => SignupOutcome::Unknown,
        }
    }
}

/// Whether the token was granted for the account that the browser names: it must stand among the objects that
/// `whatsapp_business_management` or `whatsapp_business_messaging` is limited to. A permission without a limit
/// confirms nothing, because it does not say whose account it is.
///
/// # Errors
/// With kind [`ErrorKind::Reauthorize`] when the token is not valid, and [`ErrorKind::Rejected`] when the account
/// is not among those granted. Store nothing then.
pub fn confirm(facts: &TokenFacts, account: &WhatsAppAccountId) -> Result<(), OAuthError> {
    const SCOPES: [&str; 2] = [scope::WHATSAPP_BUSINESS_MANAGEMENT, scope::WHATSAPP_BUSINESS_MESSAGING];
    if !facts.active {
        return Err(OAuthError::new(ErrorKind::Reauthorize, "the token of the sign-up is not valid"));
    }
    let mut limits = facts.limits.iter().filter(|limit| SCOPES.contains(&limit.scope.as_str()));
    if limits.any(|limit| limit.targets.iter().any(|target| target == account.as_str())) {
        return Ok(());
    }
    Err(OAuthError::new(
        ErrorKind::Rejected,
        "the token was not granted for the WhatsApp account that the browser names",
    )
    .with_action("do not connect the account; start the sign-up again and choose it in Meta's window"))
}

/// A plain word: an event, a step, an id. Anything else in its place is text of unknown origin and left out.
fn word(from: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.' | b':');
    let found = names.iter().find_map(|name| text_of(from.get(*name)?))?;
    (found.len() <= MAX_WORD && found.bytes().all(plain)).then_some(found)
}

#[cfg(test)]
mod tests;
