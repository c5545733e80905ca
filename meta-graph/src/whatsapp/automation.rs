//! What people see before they write (WhatsApp Cloud API: Conversational Components).

use serde::{Deserialize, Serialize};
use sociogram_api_core::Finding;
use sociogram_oauth_core::scope;

use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::PhoneNumberId;
use crate::lenient;

endpoint! {
    /// Sets welcome, prompts and commands: `POST /{phone_number_id}/conversational_automation`. **Each list is replaced as a
    /// whole.** Needs `whatsapp_business_management`.
    pub struct SetConversationalAutomation -> ();
    "whatsapp.automation.set": POST "/{phone_number_id}/conversational_automation", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT], Json;
    new { phone_number_id: PhoneNumberId }
    with {
        /// Whether a webhook tells of a person who opens the conversation for the first time.
        enable_welcome_message: bool,
        /// Questions to tap: up to 4 of 80 characters.
        prompts: Vec<String>,
        /// Commands that begin with `/`: up to 30.
        commands: Vec<Command>,
    }
    subject phone_number_id;
    checked by check;
    decode acknowledged::read;
}

impl SetConversationalAutomation {
    /// What may be wrong with it. Meta's pages contradict each other about these limits, so all of it are warnings.
    pub fn check(&self) -> Vec<Finding> {
        let rule = "whatsapp.automation";
        let finding = |field: &'static str, measured: usize, allowed: &'static str| {
            Finding::warning(rule, field, "there may be too many, or one is too long")
                .measured(measured)
                .allowed(allowed)
        };
        let mut found = Vec::new();
        let (prompts, commands) = (self.prompts.iter().flatten(), self.commands.iter().flatten());
        if prompts.clone().count() > 4 {
            found.push(finding("prompts", prompts.clone().count(), "at most 4"));
        }
        if commands.clone().count() > 30 {
            found.push(finding("commands", commands.clone().count(), "at most 30"));
        }
        let longest = prompts.map(|prompt| prompt.chars().count()).max().unwrap_or_default();
        if longest > 80 {
            found.push(finding("prompts", longest, "at most 80 characters each"));
        }
        let longest =
            commands.clone().map(|command| command.command_name.chars().count()).max().unwrap_or_default();
        if longest > 32 {
            found.push(finding("commands.command_name", longest, "at most 32 characters each"));
        }
        let longest =
            commands.map(|command| command.command_description.chars().count()).max().unwrap_or_default();
        if longest > 256 {
            found.push(finding("commands.command_description", longest, "at most 256 characters each"));
        }
        found
    }
}

/// A command that begins with `/`.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Its name, without the `/`.
    pub command_name: String,
    /// What it does, at most 256 characters.
    pub command_description: String,
}

impl Command {
    /// A name without the `/`, and what it does.
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self { command_name: name.into(), command_description: description.into() }
    }
}

endpoint! {
    /// Welcome, prompts and commands as they are: `GET /{phone_number_id}?fields=conversational_automation`. Needs
    /// `whatsapp_business_management`.
    pub struct GetConversationalAutomation -> NumberAutomation;
    "whatsapp.automation.get": GET "/{phone_number_id}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId }
    fields "id,conversational_automation";
    subject phone_number_id;
}

/// A number with its automation.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NumberAutomation {
    /// The number's id.
    pub id: PhoneNumberId,
    /// The automation, if anything was set.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub conversational_automation: Option<ConversationalAutomation>,
}

/// Welcome, prompts and commands.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ConversationalAutomation {
    /// Whether a webhook tells of a person who opens the conversation for the first time.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub enable_welcome_message: Option<bool>,
    /// Questions to tap.
    #[serde(default, deserialize_with = "lenient::list")]
    pub prompts: Vec<String>,
    /// Commands.
    #[serde(default, deserialize_with = "lenient::list")]
    pub commands: Vec<Command>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_are_not_certain_only_warn() {
        let set = || SetConversationalAutomation::new(106);
        let commands = |number: usize| vec![Command::new("tickets", "Book flight tickets"); number];
        for (set, fields) in [
            (set().prompts(vec!["Book a flight".to_owned(); 4]).commands(commands(30)), &[][..]),
            (set().prompts(vec!["p".to_owned(); 5]), &["prompts"]),
            (set().prompts(vec!["p".repeat(81)]), &["prompts"]),
            (set().commands(commands(31)), &["commands"]),
            (set().commands(vec![Command::new("n".repeat(33), "d")]), &["commands.command_name"]),
            (set().commands(vec![Command::new("n", "d".repeat(257))]), &["commands.command_description"]),
        ] {
            let found = set.check();
            assert_eq!(found.iter().map(Finding::field).collect::<Vec<_>>(), fields);
            assert!(found.iter().all(|finding| finding.severity() == sociogram_api_core::Severity::Warning));
        }
    }
}
