//! Keeping people away from a Page (Page Moderate Conversations, Page Blocked).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{PageId, ScopedUserId, UserId};
use crate::{acknowledged, lenient};

open_enum! {
    /// What happens to the people of a conversation.
    pub enum ModerationAction {
        /// They can neither write to the Page nor use it.
        BanUser = "BAN_USER",
        /// They cannot write to the Page.
        BlockUser = "BLOCK_USER",
        /// Their conversation goes to spam.
        MoveToSpam = "MOVE_TO_SPAM",
        /// The opposite of [`BanUser`](Self::BanUser).
        UnbanUser = "UNBAN_USER",
        /// The opposite of [`BlockUser`](Self::BlockUser).
        UnblockUser = "UNBLOCK_USER",
    }
}

/// A person of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModeratedUser {
    id: ScopedUserId,
}

impl<T: Into<ScopedUserId>> From<T> for ModeratedUser {
    fn from(id: T) -> Self {
        Self { id: id.into() }
    }
}

endpoint! {
    /// Blocks, bans or frees people who write to a Page, or moves them to spam: `POST /{page_id}/moderate_conversations`
    /// (Page Moderate Conversations).
    ///
    /// Needs the Page's token, the tasks `MODERATE` and `MESSAGING`, `pages_messaging` and `pages_manage_metadata`.
    /// Repeating it changes nothing.
    pub struct ModerateConversations -> ();
    "page.conversations.moderate": POST "/{page_id}/moderate_conversations", Safe, [scope::PAGES_MESSAGING, scope::PAGES_MANAGE_METADATA, scope::PAGES_SHOW_LIST];
    new { page_id: PageId, user_ids: Vec<ModeratedUser>, actions: Vec<ModerationAction> }
    subject page_id;
    checked by check;
    decode acknowledged::read;
}

impl ModerateConversations {
    /// What is wrong with it, as far as that can be told without asking Meta.
    pub fn check(&self) -> Vec<Finding> {
        let empty = |field: &'static str| {
            Finding::error("page.moderation.empty", field, "the list is empty").advice("name at least one")
        };
        let lists = [("user_ids", self.user_ids.is_empty()), ("actions", self.actions.is_empty())];
        lists.into_iter().filter(|(_, is_empty)| *is_empty).map(|(field, _)| empty(field)).collect()
    }
}

list_endpoint! {
    /// Lists the people a Page blocked: `GET /{page_id}/blocked` (Page Blocked).
    ///
    /// Needs the Page's token, the task `MODERATE` and `pages_manage_engagement`.
    pub struct ListBlocked -> BlockedProfile;
    "page.blocked.list": "/{page_id}/blocked", [scope::PAGES_MANAGE_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST], limit 100;
    new { page_id: PageId }
    with {
        /// Only this person, to see whether they are blocked.
        user: UserId,
    }
    fields "id,name";
    subject page_id;
}

/// Somebody a Page blocked.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BlockedProfile {
    /// Who.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// The name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
}

endpoint! {
    /// Blocks people on a Page: `POST /{page_id}/blocked` (Page Blocked). They are named by exactly one kind of id.
    ///
    /// Needs the Page's token, the task `MODERATE` and `pages_manage_engagement`. Repeating it changes nothing.
    pub struct BlockUsers -> BlockedUsers;
    "page.blocked.set": POST "/{page_id}/blocked", Safe, [scope::PAGES_MANAGE_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST];
    new { page_id: PageId }
    with {
        /// By their ids for this app.
        app_scoped_ids as "asid": Vec<UserId>,
        /// By their ids for this Page.
        page_scoped_ids as "psid": Vec<ScopedUserId>,
        /// By their ids.
        users as "user": Vec<UserId>,
    }
    subject page_id;
    checked by check;
    decode blocked;
}

impl BlockUsers {
    /// What is wrong with it, as far as that can be told without asking Meta.
    pub fn check(&self) -> Vec<Finding> {
        let named = |list: &Option<Vec<UserId>>| list.as_ref().is_some_and(|ids| !ids.is_empty());
        let by_page = self.page_scoped_ids.as_ref().is_some_and(|ids| !ids.is_empty());
        one_kind([named(&self.app_scoped_ids), by_page, named(&self.users)])
    }
}

endpoint! {
    /// Lets somebody back to a Page: `DELETE /{page_id}/blocked` (Page Blocked). They are named by exactly one kind of
    /// id.
    ///
    /// Needs the Page's token, the task `MODERATE` and `pages_manage_engagement`.
    pub struct UnblockUser -> ();
    "page.blocked.delete": DELETE "/{page_id}/blocked", Safe, [scope::PAGES_MANAGE_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST];
    new { page_id: PageId }
    with {
        /// By the id for this app.
        app_scoped_id as "asid": UserId,
        /// By the id for this Page.
        page_scoped_id as "psid": ScopedUserId,
        /// By the id.
        user: UserId,
    }
    subject page_id;
    checked by check;
    decode acknowledged::read;
}

impl UnblockUser {
    /// What is wrong with it, as far as that can be told without asking Meta.
    pub fn check(&self) -> Vec<Finding> {
        one_kind([self.app_scoped_id.is_some(), self.page_scoped_id.is_some(), self.user.is_some()])
    }
}

fn one_kind(named: [bool; 3]) -> Vec<Finding> {
    let count = named.into_iter().filter(|is| *is).count();
    let wrong = Finding::error("page.blocked.who", "user", "people are named by one kind of id")
        .measured(format_args!("{count} kinds"))
        .allowed("one of asid, psid and user")
        .advice("name them by one kind of id");
    if count == 1 { Vec::new() } else { vec![wrong] }
}

/// Who is blocked now.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockedUsers {
    /// Each person with whether they are blocked. Empty where Meta only says that it was done.
    pub users: BTreeMap<String, bool>,
}

/// `{"<id>":true,…}`, or only `{"success":true}`.
fn blocked(response: &RawResponse) -> Result<BlockedUsers, DecodeError> {
    let answer: Value = response.json()?;
    match answer.as_object() {
        Some(people) if !people.is_empty() && !people.contains_key("success") => {
            let read = |(id, value): (&String, &Value)| Some((id.clone(), lenient::bool_of(value)?));
            Ok(BlockedUsers { users: people.iter().filter_map(read).collect() })
        }
        _ => acknowledged::read(response).map(|()| BlockedUsers::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[test]
    fn findings_name_the_rule() {
        let person = || vec![UserId::from(5)];
        for (block, wrong) in [
            (BlockUsers::new(42), true),
            (BlockUsers::new(42).users(Vec::new()), true),
            (BlockUsers::new(42).users(person()), false),
            (BlockUsers::new(42).page_scoped_ids([ScopedUserId::from(5)]), false),
            (BlockUsers::new(42).users(person()).app_scoped_ids(person()), true),
        ] {
            assert_eq!(!block.check().is_empty(), wrong, "{block:?}");
        }
        assert_eq!(UnblockUser::new(42).check()[0].rule(), "page.blocked.who");
        assert!(UnblockUser::new(42).user(5).check().is_empty());
        let none = ModerateConversations::new(42, [], []);
        let fields: Vec<String> = none.check().iter().map(|finding| finding.field().to_owned()).collect();
        assert_eq!(fields, ["user_ids", "actions"]);
    }

    #[tokio::test]
    async fn who_is_blocked_comes_by_person_or_not_at_all() {
        let block = || BlockUsers::new(42).users([UserId::from(5), UserId::from(6)]);
        let told = exchange(block(), r#"{"5":true,"6":"false","7":[]}"#).await.0.unwrap();
        assert_eq!(told.users, BTreeMap::from([("5".to_owned(), true), ("6".to_owned(), false)]));
        assert!(exchange(block(), r#"{"success":true}"#).await.0.unwrap().users.is_empty());
        for no in [r#"{"success":false}"#, "{}", "[]"] {
            assert!(exchange(block(), no).await.0.is_err(), "{no}");
        }
    }
}
