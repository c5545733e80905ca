//! Token sets on their way in.

use sociogram_oauth_core::{ConnectionId, ScopeSet, TenantId, TokenSet};

use super::{ATTEMPTS, Vault, contended};
use crate::{
    AuditAction, AuditActor, AuditEntry, Committed, Connect, Connection, Generation, NewConnection, Notes,
    SealedTokens, Success, TokenRecord, VaultError,
    envelope::{Field, Place},
    new_connection_id,
    resolve::parent_first,
};

impl Vault {
    /// Stores the outcome of a login: under the existing connection if this tenant has connected the account
    /// before, else under a new one. Connection, token set and audit entry are stored in one step.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `Unavailable` when a store or the key provider does not answer, `Conflict` when other
    /// writers were faster several times in a row, `Reauthorize` when the connection that the token is derived
    /// from is not connected (any more).
    pub async fn connect(&self, new: NewConnection, tokens: &TokenSet) -> Result<Connection, VaultError> {
        for _ in 0..ATTEMPTS {
            let known = self.0.repo.find_account(new.tenant, &new.account).await?;
            let (id, generation) = match &known {
                Some(known) => match self.0.store.read(new.tenant, known.id).await? {
                    Some(stored) => (known.id, stored.generation),
                    None => continue, // removed a moment ago: its account is free now
                },
                None => (new_connection_id()?, Generation::NONE),
            };
            let action = if known.is_some() { AuditAction::Reconnected } else { AuditAction::Connected };
            let entry = AuditEntry::new(action).with_generation(generation.next());
            let connect = Connect {
                account: new.account.clone(),
                parent: new.parent.or(known.as_ref().and_then(|known| known.parent)),
                details: new.details(known.as_ref()),
            };
            let before = known.as_ref().and_then(|known| known.token.scopes.as_ref());
            let sealed = self.seal(new.tenant, id, generation.next(), tokens).await?;
            let token = record(tokens, before);
            let success = Success::new(generation, sealed, token, Notes::by(new.actor()).entry(entry))
                .with_connect(connect);
            match self.0.store.commit_success(new.tenant, id, success).await? {
                Committed::Done { .. } => return self.connected(new.tenant, id).await,
                Committed::ParentGone => return Err(parent_first()),
                Committed::Superseded(_) | Committed::AccountTaken { .. } | Committed::Missing => {}
            }
        }
        Err(contended())
    }

    /// Stores a token set of an existing connection and marks it connected.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection, `Invalid` for an empty token,
    /// `Unavailable` when a store or the key provider does not answer, `Conflict` when other writers were
    /// faster several times in a row.
    pub async fn put(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        tokens: &TokenSet,
    ) -> Result<Connection, VaultError> {
        for _ in 0..ATTEMPTS {
            let stored = self.stored(tenant, connection).await?;
            let generation = stored.generation.next();
            let sealed = self.seal(tenant, connection, generation, tokens).await?;
            let token = record(tokens, stored.token.scopes.as_ref());
            let entry = AuditEntry::new(AuditAction::Refreshed).with_generation(generation);
            let notes = Notes::by(AuditActor::Service).entry(entry);
            let success = Success::new(stored.generation, sealed, token, notes);
            match self.0.store.commit_success(tenant, connection, success).await? {
                Committed::Done { .. } => return self.connected(tenant, connection).await,
                Committed::Missing => return Err(VaultError::not_found()),
                _ => {}
            }
        }
        Err(contended())
    }

    async fn connected(&self, tenant: TenantId, id: ConnectionId) -> Result<Connection, VaultError> {
        self.0.cache.forget_one(&(tenant, id));
        self.find(tenant, id).await
    }

    async fn seal(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        generation: Generation,
        tokens: &TokenSet,
    ) -> Result<SealedTokens, VaultError> {
        let with = self.0.keys.sealer(tenant, self.0.clock.now()).await?;
        let place = |field| Place { tenant, connection, field, generation };
        let access = with.seal(&place(Field::Access), tokens.access().expose())?;
        let refresh = match tokens.refresh() {
            Some(refresh) => Some(with.seal(&place(Field::Refresh), refresh.expose())?),
            None => None,
        };
        Ok(SealedTokens::new(access, refresh))
    }
}

/// What is known of the new token set. A provider that does not repeat the scopes has not changed them.
fn record(tokens: &TokenSet, before: Option<&ScopeSet>) -> TokenRecord {
    let mut token = TokenRecord::of(tokens);
    token.scopes = token.scopes.or_else(|| before.cloned());
    token
}
