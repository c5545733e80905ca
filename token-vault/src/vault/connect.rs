//! Token sets on their way in.

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, TenantId, TokenKind, TokenSet};

use super::{ATTEMPTS, Vault, contended, seal};
use crate::{
    Account, AuditAction, AuditActor, AuditEntry, Committed, Connect, Connection, ConnectionState,
    Generation, NewConnection, Notes, Notified, Origin, Refusal, SealedTokens, StoredToken, Success,
    TokenRecord, Unusable, VaultError,
    check::tell_scopes,
    decision::tell,
    new_connection_id,
    notices::Clocks,
    schedule::settled,
    state::{Effects, Gate, StateEvent, gate},
};

impl Vault {
    /// Stores the outcome of a login: under the existing connection if this tenant has connected the account
    /// before, else under a new one. Connection, token set and audit entries are stored in one step. Connections
    /// that are derived from it get new tokens afterwards.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `Invalid` for a token that is never stored, `Conflict` when the login was for another account
    /// than the one it was to replace (see [`VaultError::refusal`]) or when other writers were faster several times
    /// in a row, `NotFound` when the tenant has no such connection to replace, `Reauthorize` when the connection that
    /// the token is derived from is not connected (any more), `Unavailable` when a store or the key provider does
    /// not answer.
    pub async fn connect(&self, new: NewConnection, tokens: &TokenSet) -> Result<Connection, VaultError> {
        self.store_login(new, tokens, Origin::OAuth).await
    }

    pub(super) async fn store_login(
        &self,
        new: NewConnection,
        tokens: &TokenSet,
        origin: Origin,
    ) -> Result<Connection, VaultError> {
        storable(tokens.kind())?;
        for _ in 0..ATTEMPTS {
            let known = self.0.stores.connections.find_account(new.tenant, &new.account).await?;
            self.admit(&new, known.as_ref(), origin).await?;
            let (id, before) = match &known {
                Some(known) => match self.0.stores.tokens.read(new.tenant, known.id).await? {
                    Some(stored) => (known.id, Some(stored)),
                    None => continue, // removed a moment ago: its account is free now
                },
                None => (new_connection_id()?, None),
            };
            let prepared = self.prepare(&new, tokens, origin, id, known.as_ref(), before.as_ref()).await?;
            let (success, effects) = prepared;
            let key = (new.tenant, id);
            let committed = self.0.stores.tokens.commit_success(new.tenant, id, success).await;
            self.0.cache.forget_one(&key);
            match committed? {
                Committed::Done { .. } => {
                    self.0.follow_up(key, effects);
                    return self.0.connection(key).await;
                }
                Committed::ParentGone => return Err(VaultError::unusable_because(Unusable::BlockedByParent)),
                Committed::Superseded(_) | Committed::AccountTaken { .. } | Committed::Missing => {}
            }
        }
        Err(contended())
    }

    /// The write, and what is to be done after it.
    async fn prepare(
        &self,
        new: &NewConnection,
        tokens: &TokenSet,
        origin: Origin,
        id: ConnectionId,
        known: Option<&Connection>,
        before: Option<&StoredToken>,
    ) -> Result<(Success, Effects), VaultError> {
        let expected = before.map_or(Generation::NONE, |stored| stored.generation);
        let generation = expected.next();
        let connect = Connect {
            account: new.account.clone(),
            parent: new.parent.or(before.and_then(|stored| stored.parent)),
            details: new.details(known, origin),
        };
        let now = self.0.timer.now();
        let with = self.0.keys.sealer(new.tenant, now).await?;
        let sealed = seal(&with, new.tenant, id, generation, tokens)?;
        let token = logged_in(new, tokens, before);
        let entry = AuditEntry::new(action(before, origin)).with_generation(generation);
        let mut notes = Notes::by(new.actor()).entry(entry);
        let mut effects = Effects::default();
        if let Some(before) = before {
            let event = StateEvent::Reconnected;
            effects = self.0.transition(id, before, event, before.strikes, now)?.effects;
            notes = tell_scopes(before, generation, token.scopes.as_ref(), notes);
            // The person is there and sees what was granted.
            notes.events.clear();
        }
        let mut after = fresh(&new.account, generation, &sealed, &token, now);
        after.parent = connect.parent;
        let due_at = self.0.life(id, &after, None).due_at(Notified::NONE, now);
        let success = Success::new(expected, sealed, token, notes).with_due_at(due_at).with_connect(connect);
        Ok((success, effects))
    }

    /// Whether this login may take the place of what is stored.
    async fn admit(
        &self,
        new: &NewConnection,
        known: Option<&Connection>,
        origin: Origin,
    ) -> Result<(), VaultError> {
        if let Some(wanted) = new.replacing
            && known.is_none_or(|known| known.id != wanted)
        {
            self.0.connection((new.tenant, wanted)).await?;
            return Err(VaultError::refused(Refusal::AccountMismatch));
        }
        let by_login =
            |known: &Connection| known.details.origin == Origin::OAuth && !known.state.is_retired();
        if origin == Origin::Legacy && known.is_some_and(by_login) {
            return Err(VaultError::refused(Refusal::ConnectedByLogin));
        }
        Ok(())
    }

    /// Stores a token set of an existing connection that was renewed elsewhere, and marks it connected. A connection
    /// that was disconnected or revoked stays so: only a login leads out.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection, `Reauthorize` when it has ended,
    /// `Invalid` for an empty token or one that is never stored, `Unavailable` when a store or the key provider does
    /// not answer, `Conflict` when other writers were faster several times in a row.
    pub async fn put(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        tokens: &TokenSet,
    ) -> Result<Connection, VaultError> {
        storable(tokens.kind())?;
        let key = (tenant, connection);
        for _ in 0..ATTEMPTS {
            let stored = self.0.stored(key).await?;
            if let (true, Gate::Refuse(ended)) = (stored.state.is_retired(), gate(stored.state)) {
                return Err(VaultError::unusable_because(ended));
            }
            let generation = stored.generation.next();
            let now = self.0.timer.now();
            let with = self.0.keys.sealer(tenant, now).await?;
            let sealed = seal(&with, tenant, connection, generation, tokens)?;
            let (token, notified) = renewed(&stored, tokens);
            let transition =
                self.0.transition(connection, &stored, StateEvent::Refreshed, stored.strikes, now)?;
            let entry = AuditEntry::new(AuditAction::Refreshed).with_generation(generation);
            let notes = tell(&stored, &transition, Notes::by(AuditActor::Service).entry(entry));
            let notes = tell_scopes(&stored, generation, token.scopes.as_ref(), notes);
            let mut after = fresh(&stored.account, generation, &sealed, &token, now);
            after.parent = stored.parent;
            let due_at = self.0.life(connection, &after, None).due_at(notified, now);
            let success = Success::new(stored.generation, sealed, token, notes)
                .with_due_at(due_at)
                .with_notified(notified);
            let committed = self.0.stores.tokens.commit_success(tenant, connection, success).await;
            self.0.cache.forget_one(&key);
            match committed? {
                Committed::Done { .. } => {
                    self.0.follow_up(key, transition.effects);
                    return self.0.connection(key).await;
                }
                Committed::Missing => return Err(VaultError::not_found()),
                _ => {}
            }
        }
        Err(contended())
    }
}

fn action(before: Option<&StoredToken>, origin: Origin) -> AuditAction {
    match (origin, before) {
        (Origin::Legacy, _) => AuditAction::Imported,
        (Origin::OAuth, None) => AuditAction::Connected,
        (Origin::OAuth, Some(_)) => AuditAction::Reconnected,
    }
}

/// A token set as it is right after it is stored, as far as it decides about the next look.
fn fresh(
    account: &Account,
    generation: Generation,
    sealed: &SealedTokens,
    token: &TokenRecord,
    now: Timestamp,
) -> StoredToken {
    let (sealed, state) = (Some(sealed.clone()), ConnectionState::Connected);
    StoredToken::new(account.clone(), generation, sealed, token.clone(), state, now)
}

/// What is known of the token set of a login. A provider that does not repeat the scopes has not changed them.
fn logged_in(new: &NewConnection, tokens: &TokenSet, before: Option<&StoredToken>) -> TokenRecord {
    let mut token = TokenRecord::of(tokens);
    token.data_access_expiry = new.data_access_expiry;
    token.scopes = token.scopes.or_else(|| before?.token.scopes.clone());
    token
}

/// What is known of a renewed token set, and the notices that hold for it as well.
fn renewed(before: &StoredToken, tokens: &TokenSet) -> (TokenRecord, Notified) {
    let mut token = TokenRecord::of(tokens);
    token.scopes = token.scopes.or_else(|| before.token.scopes.clone());
    token.data_access_expiry = before.token.data_access_expiry;
    let clocks = settled(token.kind, &Clocks::of(&before.token), Clocks::of(&token));
    (token.expiry, token.refresh_expiry) = (clocks.token, clocks.refresh);
    (token, before.notified.carried_over(&Clocks::of(&before.token), &clocks))
}

/// Short-lived tokens are worth nothing an hour later, and an app makes its own token when it needs one.
fn storable(kind: TokenKind) -> Result<(), VaultError> {
    match kind {
        TokenKind::MetaUserShort | TokenKind::MetaApp | TokenKind::LinkedInApp => {
            Err(VaultError::refused(Refusal::NeverStored))
        }
        _ => Ok(()),
    }
}
