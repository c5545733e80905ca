//! The accounts a connection may act for: Pages, organizations, the member. What was listed is remembered, so
//! that a post needs no listing of its own.

mod facebook;
mod linkedin;
mod linking;

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use serde::Serialize;
use sociogram::{oauth_core::ConnectionId, token_vault::Connection};

use crate::{
    app::{App, login_of},
    platforms::Login,
    problem::Problem,
};

pub(crate) use facebook::page_client;

/// What sort of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountKind {
    /// A Facebook Page.
    Page,
    /// A LinkedIn organization.
    Organization,
    /// The LinkedIn member itself.
    Member,
}

/// An account as the API shows it. Holds no token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Account {
    /// What `account` of a post names: a Page id, or a URN.
    pub(crate) id: String,
    pub(crate) kind: AccountKind,
    pub(crate) name: Option<String>,
    /// What the person may do on it, in the platform's words.
    pub(crate) roles: Vec<String>,
    pub(crate) can_publish: bool,
    /// Why not, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) blocked: Option<Blocked>,
    /// Kinds of webhooks the Page sends to this app.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) webhooks: Vec<&'static str>,
    /// Why the Page sends none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) webhooks_problem: Option<String>,
}

/// Why an account cannot be published to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Blocked {
    pub(crate) reason: String,
    pub(crate) action: &'static str,
}

impl Blocked {
    fn new(reason: impl Into<String>, action: &'static str) -> Self {
        Self { reason: reason.into(), action }
    }
}

/// All accounts of a connection.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Listing {
    pub(crate) accounts: Vec<Account>,
    /// Entries of the provider that could not be read.
    pub(crate) unreadable: usize,
    /// What is not in the list, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<&'static str>,
}

/// What was listed last, for each connection.
#[derive(Debug, Default)]
pub(crate) struct AccountBook(Mutex<HashMap<ConnectionId, Vec<Account>>>);

impl AccountBook {
    fn of(&self, connection: ConnectionId) -> Vec<Account> {
        self.lock().get(&connection).cloned().unwrap_or_default()
    }

    fn remember(&self, connection: ConnectionId, accounts: Vec<Account>) {
        self.lock().insert(connection, accounts);
    }

    /// After a disconnect, and before a login is listed anew.
    pub(crate) fn forget(&self, connection: ConnectionId) {
        self.lock().remove(&connection);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ConnectionId, Vec<Account>>> {
        // Every change above is a single map operation, so a poisoned map is still a sound one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks the provider for the accounts, and links the Pages and organizations to their connections, so that their events
/// find them. For Facebook it also stores the Pages' tokens and subscribes the Pages that are not subscribed yet.
pub(crate) async fn list(app: &App, connection: &Connection) -> Result<Listing, Problem> {
    let listing = match login_of(connection)? {
        Login::Facebook => facebook::list(app, connection).await?,
        Login::LinkedIn => linkedin::list(app, connection).await?,
    };
    app.accounts.remember(connection.id, listing.accounts.clone());
    Ok(listing)
}

/// The account with this id, if it may be published to. An unknown or blocked one is asked for once more,
/// since a role may have been given in the meantime.
pub(crate) async fn publishable(app: &App, connection: &Connection, id: &str) -> Result<Account, Problem> {
    let remembered = app.accounts.of(connection.id).into_iter().find(|account| account.id == id);
    let account = match remembered.filter(|account| account.can_publish) {
        Some(account) => Some(account),
        None => list(app, connection).await?.accounts.into_iter().find(|account| account.id == id),
    };
    let account = account.ok_or_else(|| {
        Problem::not_found(
            "the connection has no such account",
            format!("take an id of GET /api/connections/{}/accounts", connection.id),
        )
    })?;
    match account.blocked {
        None => Ok(account),
        Some(Blocked { reason, action }) => Err(Problem::new(
            http::StatusCode::FORBIDDEN,
            "account-blocked",
            "this account cannot be published to",
            reason,
            action,
        )),
    }
}
