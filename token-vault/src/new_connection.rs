//! A completed login on its way into the vault.

use sociogram_oauth_core::{ConnectionId, Expiry, ScopeRequest, TenantId};

use crate::{Account, AuditActor, Connection, Details, Origin};

/// A completed login, before it is known whether the account was connected before.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewConnection {
    /// Whose it becomes.
    pub tenant: TenantId,
    /// Which account it is.
    pub account: Account,
    /// What to call it in a list.
    pub display_name: Option<String>,
    /// The product's own id of the person who connected it.
    pub connected_by: Option<String>,
    /// What the login was to bring.
    pub requested: Option<ScopeRequest>,
    /// The connection that the token is derived from: the person's, for a Page.
    pub parent: Option<ConnectionId>,
    /// The connection that the person was sent to connect again, if it was a certain one.
    pub replacing: Option<ConnectionId>,
    /// When the access to the person's data ends.
    pub data_access_expiry: Expiry,
}

impl NewConnection {
    /// Without a name, derived from none.
    pub const fn new(tenant: TenantId, account: Account) -> Self {
        Self {
            tenant,
            account,
            display_name: None,
            connected_by: None,
            requested: None,
            parent: None,
            replacing: None,
            data_access_expiry: Expiry::Unknown,
        }
    }

    /// Sets what to call it in a list.
    pub fn with_display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }

    /// Sets the product's own id of the person who connected it.
    pub fn with_connected_by(mut self, app_user: impl Into<String>) -> Self {
        self.connected_by = Some(app_user.into());
        self
    }

    /// Sets what the login was to bring, so that what is missing can be told.
    pub fn with_requested(mut self, requested: ScopeRequest) -> Self {
        self.requested = Some(requested);
        self
    }

    /// Sets the connection that the token is derived from.
    pub fn derived_from(mut self, parent: ConnectionId) -> Self {
        self.parent = Some(parent);
        self
    }

    /// Takes the login for this connection only: if the person came back with another account, it is refused
    /// ([`Refusal::AccountMismatch`](crate::Refusal::AccountMismatch)). For the button "connect again".
    pub fn replacing(mut self, connection: ConnectionId) -> Self {
        self.replacing = Some(connection);
        self
    }

    /// Sets when the access to the person's data ends
    /// ([`TokenFacts::data_access_expiry`](sociogram_oauth_core::TokenFacts::data_access_expiry)), which Meta counts
    /// apart from the token ("Facebook Login: Auth vs. Data Access").
    pub fn with_data_access_expiry(mut self, end: Expiry) -> Self {
        self.data_access_expiry = end;
        self
    }

    /// Who connects it.
    pub(crate) fn actor(&self) -> AuditActor {
        self.connected_by.clone().map_or(AuditActor::Service, AuditActor::User)
    }

    /// The details to store; what the login does not tell stays as it was.
    pub(crate) fn details(&self, known: Option<&Connection>, origin: Origin) -> Details {
        let mut details = known.map(|known| known.details.clone()).unwrap_or_default();
        details.origin = origin;
        if self.display_name.is_some() {
            details.display_name.clone_from(&self.display_name);
        }
        if self.connected_by.is_some() {
            details.connected_by.clone_from(&self.connected_by);
        }
        if let Some(requested) = &self.requested {
            details.requested.clone_from(requested);
        }
        details
    }
}
