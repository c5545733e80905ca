//! What a conversation shows before and around messages.

use serde::{Deserialize, Serialize};
use sociogram_api_core::open_enum;

use super::button::Button;
use crate::lenient;

open_enum! {
    /// A part of the [`MessengerProfile`](super::MessengerProfile).
    pub enum ProfileField {
        /// The button that begins a conversation.
        GetStarted = "get_started",
        /// The text before a conversation.
        Greeting = "greeting",
        /// Questions to tap.
        IceBreakers = "ice_breakers",
        /// The menu that is always there.
        PersistentMenu = "persistent_menu",
        /// Commands to type.
        Commands = "commands",
        /// The web sites that may use the extensions of Messenger.
        WhitelistedDomains = "whitelisted_domains",
        /// The page that links accounts.
        AccountLinkingUrl = "account_linking_url",
    }
}

/// What the webhook gets when a person begins a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetStarted {
    /// The payload, at most 1000 characters.
    pub payload: String,
}

impl<T: Into<String>> From<T> for GetStarted {
    fn from(payload: T) -> Self {
        Self { payload: payload.into() }
    }
}

/// The text before a conversation, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// The language, such as `en_US`; `default` for all others.
    pub locale: String,
    /// The text, at most 160 characters; `{{user_first_name}}` stands for the person's name.
    pub text: String,
}

impl Greeting {
    /// For all languages that have none of their own.
    pub fn new(text: impl Into<String>) -> Self {
        Self::localized("default", text)
    }

    /// For one language.
    pub fn localized(locale: impl Into<String>, text: impl Into<String>) -> Self {
        Self { locale: locale.into(), text: text.into() }
    }
}

/// Questions to tap, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceBreakers {
    /// The questions, at most 4.
    #[serde(default, deserialize_with = "lenient::list")]
    pub call_to_actions: Vec<IceBreaker>,
    /// The language, such as `en_US`; `default` for all others.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::or_none")]
    pub locale: Option<String>,
}

impl IceBreakers {
    /// For all languages that have none of their own; at most 4 questions.
    pub fn new(questions: impl IntoIterator<Item = IceBreaker>) -> Self {
        Self::localized("default", questions)
    }

    /// For one language; at most 4 questions.
    pub fn localized(locale: impl Into<String>, questions: impl IntoIterator<Item = IceBreaker>) -> Self {
        Self { call_to_actions: questions.into_iter().collect(), locale: Some(locale.into()) }
    }
}

/// A question to tap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceBreaker {
    /// The question.
    pub question: String,
    /// What the webhook gets.
    pub payload: String,
}

impl IceBreaker {
    /// The question, and what the webhook gets.
    pub fn new(question: impl Into<String>, payload: impl Into<String>) -> Self {
        Self { question: question.into(), payload: payload.into() }
    }
}

/// The menu that is always there, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersistentMenu {
    /// The language, such as `en_US`; `default` for all others.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::or_none")]
    pub locale: Option<String>,
    /// Whether the person can only use the menu and not write.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub composer_input_disabled: bool,
    /// The items, at most 3: links and postbacks.
    #[serde(default, deserialize_with = "lenient::list")]
    pub call_to_actions: Vec<Button>,
}

impl PersistentMenu {
    /// For all languages that have none of their own; at most 3 items.
    pub fn new(items: impl IntoIterator<Item = Button>) -> Self {
        Self::localized("default", items)
    }

    /// For one language; at most 3 items.
    pub fn localized(locale: impl Into<String>, items: impl IntoIterator<Item = Button>) -> Self {
        Self {
            locale: Some(locale.into()),
            composer_input_disabled: false,
            call_to_actions: items.into_iter().collect(),
        }
    }

    /// Leaves the person only the menu, no text field.
    pub fn only(mut self) -> Self {
        self.composer_input_disabled = true;
        self
    }
}

/// Commands to type, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commands {
    /// The language, such as `en_US`; `default` for all others.
    pub locale: String,
    /// The commands.
    #[serde(default, deserialize_with = "lenient::list")]
    pub commands: Vec<Command>,
}

impl Commands {
    /// For all languages that have none of their own.
    pub fn new(commands: impl IntoIterator<Item = Command>) -> Self {
        Self { locale: "default".to_owned(), commands: commands.into_iter().collect() }
    }
}

/// A command to type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Its name, without the slash.
    pub name: String,
    /// What it does.
    pub description: String,
}

impl Command {
    /// Its name, and what it does.
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self { name: name.into(), description: description.into() }
    }
}
