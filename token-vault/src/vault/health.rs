//! How connections are, for people.

use serde::Serialize;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, ReauthReason, ScopeSet, TenantId};

use super::{Inner, Vault};
use crate::{
    Connection, ConnectionFilter, Ending, FailureClass, Generation, Notified, Origin, StoredToken, Unusable,
    VaultError, Warning, Warnings,
    notices::Clocks,
    resolve::{Seen, refusal},
    schedule::Life,
};

const DAY: u64 = 24 * 3600;

/// How a connection is, and what a person should do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ConnectionHealth {
    /// The connection: its state and why, its last success and last check, its last failure, the next look.
    #[serde(flatten)]
    pub connection: Connection,
    /// Whether its token is handed out now.
    pub usable: bool,
    /// Whether no token is handed out until the person logs in again: the place for the button "connect again". Not
    /// set while the connection that this one's token is derived from comes first.
    pub needs_login: bool,
    /// The ends that are known, each by its own clock.
    pub ends: Vec<KnownEnd>,
    /// Scopes without which the connection is of no use, and which are not granted. Empty if the provider did not say
    /// what it granted.
    pub missing_required: ScopeSet,
    /// Scopes that the product can do without, and which are not granted.
    pub missing_optional: ScopeSet,
    /// What should be known before it is too late.
    pub warnings: Warnings,
    /// What a person should do, in one line; `None` if there is nothing to do.
    pub action: Option<&'static str>,
}

/// An end that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KnownEnd {
    /// What ends.
    pub ending: Ending,
    /// When.
    pub at: Timestamp,
    /// How many whole days are left; 0 once it is past.
    pub days_left: u64,
    /// Whether only a login moves it.
    pub needs_login: bool,
}

/// A page of connections and how they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HealthPage {
    /// The connections in the order of their ids.
    pub connections: Vec<ConnectionHealth>,
    /// Those in between that could not be read back. They can be disconnected and removed.
    pub unreadable: Vec<ConnectionId>,
    /// What to ask for to get the next page; `None` on the last one.
    pub next: Option<ConnectionId>,
}

impl Vault {
    /// How a connection is, as far as is stored: one read, no call to the provider.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection, `Decode` when it cannot be read back,
    /// `Unavailable` when the store does not answer.
    pub async fn health(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
    ) -> Result<ConnectionHealth, VaultError> {
        let found = self.0.connection((tenant, connection)).await?;
        Ok(self.0.health_of(found, self.0.timer.now()))
    }

    /// How the tenant's connections are: up to `limit` (at least one) in the order of their ids, those behind `after`
    /// only.
    ///
    /// # Errors
    ///
    /// [`VaultError`] of kind `Unavailable` when the store does not answer.
    pub async fn health_of_all(
        &self,
        tenant: TenantId,
        filter: &ConnectionFilter,
        after: Option<ConnectionId>,
        limit: usize,
    ) -> Result<HealthPage, VaultError> {
        let page = self.0.stores.connections.list(tenant, filter, after, limit).await?;
        let now = self.0.timer.now();
        let connections = page.connections.into_iter().map(|one| self.0.health_of(one, now)).collect();
        Ok(HealthPage { connections, unreadable: page.unreadable, next: page.next })
    }

    /// Asks the provider whether the token is good, stores what it says, and tells how the connection is then. One
    /// call to the provider, where it answers such questions.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: those of [`health`](Self::health); what the provider could not be asked for.
    pub async fn probe(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
    ) -> Result<ConnectionHealth, VaultError> {
        self.0.check((tenant, connection)).await?;
        self.health(tenant, connection).await
    }
}

impl Inner {
    fn health_of(&self, connection: Connection, now: Timestamp) -> ConnectionHealth {
        let stored = as_stored(&connection);
        let renewal = self.renewal_of(&stored, connection.has_refresh_token);
        let life = Life::of(connection.id, &stored, renewal, None);
        let refused = refusal(&stored, self.config.require_oauth);
        let over = life.is_ended(now) && connection.state.serves();
        let needs_login = match refused {
            Some(refused) => refused != Unusable::BlockedByParent,
            None => over && life.todo(Notified::NONE, now).lost.is_some(),
        };
        let lives = !connection.state.is_retired();
        let ends = if lives { known_ends(&life, now) } else { Vec::new() };
        let (missing_required, missing_optional) = missing(&connection);
        let warnings = match refused {
            None if !over => Seen::new(life, &stored, Err(Unusable::NotNow)).warnings_at(now),
            _ => Warnings::NONE,
        };
        let mut health = ConnectionHealth {
            connection,
            usable: refused.is_none() && !over,
            needs_login,
            ends,
            missing_required,
            missing_optional,
            warnings,
            action: None,
        };
        health.action = action(&health, refused);
        health
    }
}

/// The row of a connection, as far as a description tells it.
fn as_stored(connection: &Connection) -> StoredToken {
    let Connection { account, token, state, succeeded_at, .. } = connection;
    let (generation, token) = (Generation::NONE, token.clone());
    let mut stored = StoredToken::new(account.clone(), generation, None, token, *state, *succeeded_at);
    stored.origin = connection.details.origin;
    stored.state_since = connection.state_since;
    stored.due_at = connection.due_at;
    stored.failures = connection.failures;
    stored.last_error = connection.last_error;
    stored.strikes = connection.strikes;
    stored.parent = connection.parent;
    stored.checked_at = connection.checked_at;
    stored
}

fn known_ends(life: &Life, now: Timestamp) -> Vec<KnownEnd> {
    let by_login = life.login_ends(now);
    let Clocks { token, refresh, data_access } = life.clocks;
    let ends = [
        (Ending::Token, token.at(), by_login.token),
        (Ending::Refresh, refresh.at(), by_login.refresh),
        (Ending::DataAccess, data_access.at(), by_login.data_access),
    ];
    let known = ends.into_iter().filter_map(|(ending, at, by_login)| {
        let at = at?;
        let days_left = at.saturating_duration_since(now).as_secs() / DAY;
        Some(KnownEnd { ending, at, days_left, needs_login: by_login.is_some() })
    });
    known.collect()
}

fn missing(connection: &Connection) -> (ScopeSet, ScopeSet) {
    let requested = &connection.details.requested;
    let missing = connection.missing_scopes().unwrap_or_default();
    let required = missing.intersection(&requested.required);
    let optional = required.missing(&missing);
    (required, optional)
}

fn action(health: &ConnectionHealth, refused: Option<Unusable>) -> Option<&'static str> {
    match refused {
        Some(Unusable::NeedsReauth(reason)) => return Some(after(reason)),
        Some(Unusable::BlockedByParent) => {
            return Some("connect the account that gives access to it again first");
        }
        Some(Unusable::Revoked) => return Some("access was withdrawn: connect the account again"),
        Some(Unusable::Disconnected) => return Some("connect the account again if it is still needed"),
        Some(Unusable::OAuthRequired) => return Some("connect the account by a login"),
        Some(Unusable::NotNow) | None => {}
    }
    if health.needs_login {
        return Some("the token has ended: connect the account again");
    }
    if !health.missing_required.is_empty() {
        return Some("connect the account again and allow what is missing");
    }
    let ends_soon = |warning| {
        matches!(
            warning,
            Warning::EndsSoon { .. } | Warning::RefreshEndsSoon { .. } | Warning::DataAccessEndsSoon { .. }
        )
    };
    if health.warnings.iter().any(ends_soon) {
        return Some("connect the account again before access ends");
    }
    if health.connection.last_error.is_some_and(|error| error.class == FailureClass::AppConfig) {
        return Some("check the app's id, secret and status at the provider");
    }
    if !health.usable {
        return Some("wait: the token has ended and is being renewed");
    }
    if health.connection.details.origin == Origin::Legacy {
        return Some("replace the pasted token: connect the account by a login");
    }
    None
}

const fn after(reason: ReauthReason) -> &'static str {
    match reason {
        ReauthReason::PermissionsLost => "connect the account again and allow what is missing",
        ReauthReason::Checkpoint => {
            "log in at the provider and confirm what it asks for, then connect the account again"
        }
        ReauthReason::AccountMismatch => "connect it again with the right account",
        ReauthReason::LegacyToken => "connect the account by a login",
        _ => "connect the account again",
    }
}
