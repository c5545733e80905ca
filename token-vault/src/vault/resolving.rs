//! Token sets on their way out.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, TenantId, TokenSource};

use super::{ConnectionKey, Inner, Vault};
use crate::{
    AuditAction, AuditActor, AuditEntry, Generation, ResolveOptions, Resolved, StoreErrorKind, VaultError,
    attempt::Wish,
    cache::Epoch,
    meter::ResolveOutcome,
    read_audit::Recorded,
    resolve::{Efforts, Entry, Seen, Step, refusal},
    token_source::VaultTokenSource,
    within::within,
};

/// What the store gave; the same for all who waited for it.
#[derive(Clone, Debug)]
pub(crate) enum Reading {
    Seen(Arc<Seen>),
    /// The store does not answer.
    Away(VaultError),
    Failed(VaultError),
}

/// What a caller gets, and how it came about.
struct Found {
    resolved: Resolved,
    generation: Generation,
    from_memory: bool,
}

impl Vault {
    /// The token to use now. In memory for as long as [`max_staleness`](crate::VaultBuilder::max_staleness); read
    /// once for all callers that wait for the same one. When it is time for a renewal, the token is handed out and
    /// renewed in the background; a caller waits for a renewal only if there is no usable token.
    ///
    /// While the store does not answer, a token that was handed out shortly before is handed out further, with
    /// [`Warning::Stale`](crate::Warning::Stale)
    /// ([`VaultBuilder::outage_grace`](crate::VaultBuilder::outage_grace)).
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection (whether another has is not told),
    /// `Reauthorize` when the person must connect the account again, `Misconfigured` or `Decode` when the
    /// stored token cannot be opened (see [`VaultError::seal_fault`]), `Unavailable` when a store or the key
    /// provider does not answer, or when the token has ended and could not be renewed yet: see
    /// [`VaultError::unusable`] and [`VaultError::retry_after`].
    pub async fn resolve(&self, tenant: TenantId, connection: ConnectionId) -> Result<Resolved, VaultError> {
        self.resolve_with(tenant, connection, &ResolveOptions::new()).await
    }

    /// The same for a caller who needs more of it.
    ///
    /// # Errors
    ///
    /// See [`resolve`](Self::resolve).
    pub async fn resolve_with(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        options: &ResolveOptions,
    ) -> Result<Resolved, VaultError> {
        let key = (tenant, connection);
        let recorded = self.0.reads.next(tenant);
        if recorded == Recorded::No
            && let Some(answer) = self.0.hit(&key, options)
        {
            return answer;
        }
        Box::pin(self.0.resolve_slowly(key, *options, recorded)).await
    }

    /// A token source for the clients of one connection; asks the vault for every call.
    pub fn token_source(&self, tenant: TenantId, connection: ConnectionId) -> Arc<dyn TokenSource> {
        Arc::new(VaultTokenSource::new(self.clone(), tenant, connection))
    }
}

impl Inner {
    /// What is in memory, if it takes nothing but handing it out.
    #[inline]
    pub(crate) fn hit(
        &self,
        key: &ConnectionKey,
        options: &ResolveOptions,
    ) -> Option<Result<Resolved, VaultError>> {
        if options.force {
            return None;
        }
        let now = self.timer.now();
        let answer = self.cache.read(key, |entry| entry.hit(options.min_validity, now))??;
        self.resolves.count(match &answer {
            Ok(resolved) if resolved.warnings.tell_of_trouble() => ResolveOutcome::StaleServed,
            Ok(_) => ResolveOutcome::Hit,
            Err(_) => ResolveOutcome::Blocked,
        });
        Some(answer)
    }

    async fn resolve_slowly(
        self: &Arc<Self>,
        key: ConnectionKey,
        options: ResolveOptions,
        recorded: Recorded,
    ) -> Result<Resolved, VaultError> {
        let found = match self.find(key, &options).await {
            Ok(found) => self.record(key, found, recorded).await,
            Err(error) => Err(error),
        };
        self.resolves.count(match &found {
            Ok(found) if found.resolved.warnings.tell_of_trouble() => ResolveOutcome::StaleServed,
            Ok(Found { from_memory: true, .. }) => ResolveOutcome::Hit,
            Ok(_) => ResolveOutcome::Miss,
            Err(error) if error.unusable().is_some() => ResolveOutcome::Blocked,
            Err(_) => ResolveOutcome::Error,
        });
        Ok(found?.resolved)
    }

    async fn find(
        self: &Arc<Self>,
        key: ConnectionKey,
        options: &ResolveOptions,
    ) -> Result<Found, VaultError> {
        let wait = options.wait.unwrap_or(self.config.wait);
        let deadline = self.timer.monotonic().saturating_add(wait);
        let mut efforts = Efforts::None;
        let mut from_memory = true;
        loop {
            let seen = if let Some(seen) = self.remembered(&key) {
                seen
            } else {
                from_memory = false;
                match self.read_for_all(key).await {
                    Reading::Seen(seen) => seen,
                    Reading::Failed(error) => return Err(error),
                    Reading::Away(error) => return self.serve_stale(&key, options.min_validity).ok_or(error),
                }
            };
            let now = self.timer.now();
            match seen.step(options, &efforts, now) {
                Step::Serve { resolved, renew } => {
                    if renew {
                        self.renew_behind(key, &seen, now);
                    }
                    return Ok(Found { resolved, generation: seen.generation(), from_memory });
                }
                Step::Refuse(error) => return Err(error),
                Step::Renew => {
                    from_memory = false;
                    efforts = self.wait_for_renewal(key, options, efforts, deadline).await;
                }
            }
        }
    }

    fn remembered(&self, key: &ConnectionKey) -> Option<Arc<Seen>> {
        let now = self.timer.now();
        self.cache.read(key, |entry| entry.fresh(now))?
    }

    /// Reads what is stored, once for all callers who wait for the same, and keeps it.
    async fn read_for_all(&self, key: ConnectionKey) -> Reading {
        // Who comes after something was forgotten does not join those who came before.
        let epoch = self.cache.epoch(&key);
        self.readings.fly((key, epoch), || self.read_and_keep(key, epoch)).await
    }

    async fn read_and_keep(&self, key: ConnectionKey, epoch: Epoch) -> Reading {
        let read_at = self.timer.now();
        match self.read_and_open(key).await {
            Ok(seen) => {
                let seen = Arc::new(seen);
                let entry = Entry::new(Arc::clone(&seen), self.config.limits(), read_at, self.timer.now());
                self.cache.insert(key, entry, epoch);
                Reading::Seen(seen)
            }
            Err(reading) => {
                if let Reading::Failed(_) = reading {
                    // It is gone or cannot be opened any more: an outage must not bring it back.
                    self.cache.drop_one(&key);
                }
                reading
            }
        }
    }

    async fn read_and_open(&self, (tenant, id): ConnectionKey) -> Result<Seen, Reading> {
        let stored = match self.stores.tokens.read(tenant, id).await {
            Ok(Some(stored)) => stored,
            Ok(None) => return Err(Reading::Failed(VaultError::not_found())),
            Err(error) if error.kind() == StoreErrorKind::Unavailable => {
                return Err(Reading::Away(error.into()));
            }
            Err(error) => return Err(Reading::Failed(error.into())),
        };
        let token = match refusal(&stored, self.config.require_oauth) {
            Some(unusable) => Err(unusable),
            None => Ok(self.open_access(tenant, id, &stored).await.map_err(Reading::Failed)?),
        };
        Ok(Seen::new(self.life(id, &stored, None), &stored, token))
    }

    fn serve_stale(&self, key: &ConnectionKey, min_validity: Duration) -> Option<Found> {
        let now = self.timer.now();
        self.cache.change(key, |entry| {
            let resolved = entry.serve_stale(min_validity, now)?;
            Some(Found { resolved, generation: entry.generation(), from_memory: true })
        })?
    }

    /// Starts a renewal that no caller waits for; not for every caller, nor again right after the last one.
    fn renew_behind(self: &Arc<Self>, key: ConnectionKey, seen: &Arc<Seen>, now: Timestamp) {
        let turn = (seen.generation(), seen.revision());
        let pause = self.config.lease;
        let taken = self.turns.take(key, turn, pause, self.timer.monotonic());
        let quiet_for = taken.err().unwrap_or(pause);
        self.cache.change(&key, |entry| {
            if (entry.generation(), entry.revision()) == turn {
                entry.keep_quiet(now.saturating_add(quiet_for), now);
            }
        });
        if taken.is_err() {
            return;
        }
        let inner = Arc::clone(self);
        self.attempts.spawn(Box::pin(async move {
            // What it failed with is stored, or comes again with the next attempt.
            let _ = inner.renew(key, Wish { force: false }).await;
        }));
    }

    async fn wait_for_renewal(
        self: &Arc<Self>,
        key: ConnectionKey,
        options: &ResolveOptions,
        efforts: Efforts,
        deadline: Duration,
    ) -> Efforts {
        let wish = Wish { force: options.force && matches!(efforts, Efforts::None) };
        let left = deadline.saturating_sub(self.timer.monotonic());
        match within(&*self.timer, left, self.renew(key, wish)).await {
            None => Efforts::TooSlow,
            Some(Err(error)) => Efforts::Failed(error),
            // An attempt that ends makes this process forget what is in memory, whoever renewed it.
            Some(Ok(())) => efforts.one_more(),
        }
    }

    /// Writes down that a token is handed out, if that is to be written down.
    async fn record(
        &self,
        (tenant, id): ConnectionKey,
        found: Found,
        recorded: Recorded,
    ) -> Result<Found, VaultError> {
        if recorded == Recorded::No {
            return Ok(found);
        }
        let entry = AuditEntry::new(AuditAction::TokenRead).with_generation(found.generation);
        let written = self.stores.audit.append(tenant, AuditActor::Service, Some(id), vec![entry]).await;
        match written {
            Err(error) if recorded == Recorded::Always => Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, "a sampled read of a token could not be written into the audit");
                Ok(found)
            }
            Ok(()) => Ok(found),
        }
    }
}

#[cfg(test)]
mod tests;
