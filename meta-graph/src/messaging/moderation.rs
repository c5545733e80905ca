//! Blocking people on Instagram.

use serde::Serialize;
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use super::recipient::PersonRef;
use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::{PageId, ScopedUserId};

const MAX_PEOPLE: usize = 10;
const MAX_ACTIONS: usize = 2;

open_enum! {
    /// What happens to a person and their conversation.
    pub enum ModerationAction {
        /// They and the business cannot write to or find each other on Instagram.
        BlockUser = "block_user",
        /// Ends that.
        UnblockUser = "unblock_user",
        /// Their conversation goes to the spam folder.
        MoveToSpam = "move_to_spam",
    }
}

endpoint! {
    /// Blocks people on Instagram or moves their conversations to spam: `POST /{page_id}/moderate_conversations` (Instagram
    /// Messaging: Moderate Conversations). Through Facebook Login only. Needs the token of the linked Page with
    /// `business_management`, `instagram_basic` and `instagram_manage_messages`, and a conversation with the person. At most
    /// 10 people and 2 actions in a call. Repeating it changes nothing.
    pub struct ModerateConversations -> ();
    "instagram.message.conversations.moderate": POST "/{page_id}/moderate_conversations", Safe, [scope::BUSINESS_MANAGEMENT, scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_MESSAGES], Json;
    new { page_id: PageId, user_ids: People, actions: Vec<ModerationAction> }
    subject page_id;
    checked by check;
    decode acknowledged::read;
}

impl ModerateConversations {
    /// What is wrong with it. Sending checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let people = self.user_ids.0.len();
        if !(1..=MAX_PEOPLE).contains(&people) {
            findings.push(
                Finding::error(
                    "instagram.message.moderate.people",
                    "user_ids",
                    "the number of people is wrong",
                )
                .measured(people)
                .allowed(format_args!("1 to {MAX_PEOPLE}"))
                .advice("make several calls"),
            );
        }
        if self.actions.is_empty() {
            findings.push(
                Finding::error("instagram.message.moderate.actions", "actions", "there is nothing to do")
                    .advice("name at least one action"),
            );
        }
        let both = [ModerationAction::BlockUser, ModerationAction::UnblockUser];
        if self.actions.len() > MAX_ACTIONS || both.iter().all(|action| self.actions.contains(action)) {
            let message = "these actions do not go together";
            findings.push(
                Finding::error("instagram.message.moderate.actions", "actions", message)
                    .measured(self.actions.len())
                    .allowed(format_args!("at most {MAX_ACTIONS}, and not both of block and unblock"))
                    .advice("make several calls"),
            );
        }
        findings
    }
}

/// People, as moderation names them. Made from a list of ids.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct People(Vec<PersonRef>);

impl<I: IntoIterator<Item = ScopedUserId>> From<I> for People {
    fn from(people: I) -> Self {
        Self(people.into_iter().map(PersonRef::from).collect())
    }
}
