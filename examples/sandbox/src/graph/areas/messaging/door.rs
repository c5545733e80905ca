//! The two ways to an inbox: a Page's token at `graph.facebook.com`, and an account's own at `graph.instagram.com`.

use super::{
    super::super::{
        Call,
        answer::GraphError,
        caller::{Caller, granted},
    },
    Channel,
};
use crate::token::Claims;

/// Whose inbox is used, and by whom.
#[derive(Debug, Clone)]
pub(super) enum Door {
    /// A Page: Messenger, and the Instagram account that is linked to it.
    Page {
        /// Its id.
        page: String,
        /// Who calls.
        caller: Caller,
    },
    /// An Instagram account by itself. Whether the token is good was checked by the site.
    Account {
        /// Its id.
        account: String,
        /// Who calls.
        claims: Claims,
    },
}

impl Door {
    pub(super) fn page(page: &str, caller: Caller) -> Self {
        Self::Page { page: page.to_owned(), caller }
    }

    /// Of the Page or the account.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Page { page, .. } => page,
            Self::Account { account, .. } => account,
        }
    }

    /// Whether these people can be written to here.
    pub(super) fn reaches(&self, call: &Call<'_>, channel: Channel) -> bool {
        match self {
            Self::Page { page, .. } => has_inbox(call, page),
            Self::Account { account, .. } => channel == Channel::Instagram && is_linked(call, account),
        }
    }

    /// Refuses a token that is not the Page's, or lacks a permission of this inbox or one of the others named.
    pub(super) fn allow(&self, call: &Call<'_>, channel: Channel, others: &[&str]) -> Result<(), GraphError> {
        let (page, caller) = match self {
            Self::Page { page, caller } => (page, caller),
            Self::Account { claims, .. } => return allow_account(claims, others),
        };
        let claims = caller.page(call, page, &[])?;
        if channel == Channel::Messenger {
            if !granted(call, claims, "pages_messaging") {
                let message = "(#230) Requires pages_messaging permission to manage the object";
                return Err(GraphError::new(403, 230, message));
            }
        } else {
            caller.page(call, page, &["instagram_basic", "instagram_manage_messages"])?;
        }
        caller.page(call, page, others).map(|_| ())
    }

    /// Whether the token has a permission.
    pub(super) fn has(&self, call: &Call<'_>, permission: &str) -> bool {
        match self {
            Self::Page { caller: Caller::Page { claims, .. }, .. } => granted(call, claims, permission),
            Self::Page { .. } => false,
            Self::Account { claims, .. } => claims.has_scope(permission),
        }
    }
}

/// Refuses a token of Instagram Login that may not read messages, or comments where that is asked.
fn allow_account(claims: &Claims, others: &[&str]) -> Result<(), GraphError> {
    let comments =
        others.contains(&"instagram_manage_comments").then_some("instagram_business_manage_comments");
    for permission in ["instagram_business_manage_messages"].into_iter().chain(comments) {
        if !claims.has_scope(permission) {
            let message = format!("Requires {permission} permission to manage the object");
            return Err(GraphError::permission(message));
        }
    }
    Ok(())
}

/// Whether the inbox of the world belongs to this Page: the first one that gives out tokens.
pub(super) fn has_inbox(call: &Call<'_>, page: &str) -> bool {
    let mut pages = call.shared.config.world.pages.iter();
    pages.find(|known| known.gives_token()).is_some_and(|known| known.id == page)
}

/// Whether this is the Instagram account with the inbox: the first one of the world, by either of its ids.
pub(super) fn is_linked(call: &Call<'_>, account: &str) -> bool {
    let first = call.shared.config.world.instagram.first();
    first.is_some_and(|known| account == known.user_id || account == known.id)
}
