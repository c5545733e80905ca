//! Storing a new token set: from the answer on, nothing comes before that.

use std::{sync::Arc, time::Duration};

use sociogram_oauth_core::{Expiry, ProviderId, Renewal, TokenSet};

use super::{
    failure::Fault,
    run::{Held, Next, Plan},
};
use crate::{
    Amendment, AuditAction, AuditActor, AuditEntry, Committed, ConnectionState, EventKind, FailureClass,
    Generation, Notes, Revision, SealedTokens, StoredToken, Strikes, Success, TokenRecord, VaultError,
    check::{Learnt, tell_scopes},
    decision::tell,
    meter::{self, RefreshOutcome},
    notices::Clocks,
    random,
    schedule::{is_extended, settled},
    state::Transition,
    vault::{ConnectionKey, Inner, contended, seal},
    within::within,
};

/// For how long a new token set is held on to while the store is away.
const PATIENCE: Duration = Duration::from_secs(60);
/// The first wait between two writes, doubled each time...
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// ...up to this.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// What became of a new token set.
enum Stored {
    /// It is stored.
    Ours(Revision),
    /// Another one is.
    Theirs,
    /// The connection is gone.
    Gone,
}

impl Inner {
    pub(super) async fn succeed(
        self: &Arc<Self>,
        plan: Plan,
        held: Held,
        transition: Transition,
        tokens: TokenSet,
        took: Duration,
    ) -> Result<Next, VaultError> {
        let key = plan.key;
        let stored = &held.stored;
        let token = plan.record(stored, &tokens);
        let provider = &plan.app.provider;
        if plan.renewal == Renewal::MayExtend && !is_extended(stored.token.expiry, token.expiry) {
            return self.keep(&plan, &held, took).await;
        }
        let generation = stored.generation.next();
        let sealed = seal(&plan.sealer, key.0, key.1, generation, &tokens);
        drop(tokens);
        let sealed = match sealed {
            Ok(sealed) => sealed,
            Err(error) => {
                // What cannot be sealed now cannot be sealed later either.
                self.count_loss(&plan, generation).await;
                let class = if plan.spends() { FailureClass::Ambiguous } else { FailureClass::Transient };
                let fault = Fault::new(class, self.timer.now());
                self.fail_held(&plan, held, fault.after(took)).await?;
                return Err(error);
            }
        };
        let success = self.success(&plan, &held, sealed, token, &transition);
        let ended = success.token.expiry.is_past(self.timer.now());
        match self.store_success(key, &success).await {
            Ok(Stored::Ours(revision)) => {
                meter::refreshed(provider, RefreshOutcome::Success, Some(took));
                tracing::debug!(%provider, "a token set was renewed");
                self.follow_up(key, transition.effects);
                self.tell_late_recovery(key, stored, generation, revision).await;
                if ended {
                    self.keep_from_renewing_at_once(key, provider, generation).await?;
                }
            }
            Ok(Stored::Theirs) => {
                meter::refreshed(provider, RefreshOutcome::Superseded, Some(took));
                tracing::warn!(%provider, "a token set was renewed, and another one is stored by now");
                self.append(key, AuditAction::Superseded, generation).await;
            }
            Ok(Stored::Gone) => {}
            Err(error) => {
                self.attempts.leave_alone(key, self.timer.monotonic());
                self.count_loss(&plan, generation).await;
                return Err(error);
            }
        }
        Ok(Next::Done)
    }

    /// The write.
    fn success(
        &self,
        plan: &Plan,
        held: &Held,
        sealed: SealedTokens,
        token: TokenRecord,
        transition: &Transition,
    ) -> Success {
        let (stored, now) = (&held.stored, self.timer.now());
        let generation = stored.generation.next();
        let notified = stored.notified.carried_over(&Clocks::of(&stored.token), &Clocks::of(&token));
        let entry = AuditEntry::new(AuditAction::Refreshed).with_generation(generation);
        let notes = Notes::by(AuditActor::Service).entry(entry);
        let notes = tell_scopes(stored, generation, token.scopes.as_ref(), notes);
        let notes = tell(stored, transition, notes);

        let mut after = stored.clone();
        (after.generation, after.state) = (generation, transition.state);
        (after.sealed, after.token) = (Some(sealed.clone()), token.clone());
        (after.failures, after.last_error, after.strikes) = (0, None, Strikes::NONE);
        (after.succeeded_at, after.checked_at, after.due_at) = (now, now, None);
        let due_at = self.life(plan.key.1, &after, plan.parent_stored_at).due_at(notified, now);
        let mut success = Success::new(stored.generation, sealed, token, notes);
        success.state = transition.state;
        success.with_due_at(due_at).with_notified(notified)
    }

    /// The same call again is safe, so an answer that is lost costs nothing.
    async fn store_success(
        &self,
        (tenant, id): ConnectionKey,
        success: &Success,
    ) -> Result<Stored, VaultError> {
        let began = self.timer.monotonic();
        let mut wait = FIRST_WAIT;
        loop {
            let write = self.stores.tokens.commit_success(tenant, id, success.clone());
            let error: VaultError = match within(&*self.timer, self.config.commit_budget, write).await {
                Some(Ok(Committed::Done { revision })) => return Ok(Stored::Ours(revision)),
                Some(Ok(Committed::Superseded(current))) => {
                    let ours = current.sealed.as_ref() == Some(&success.sealed);
                    return Ok(if ours { Stored::Ours(current.revision) } else { Stored::Theirs });
                }
                Some(Ok(_)) => return Ok(Stored::Gone),
                Some(Err(error)) => error.into(),
                None => contended(),
            };
            if self.timer.monotonic().saturating_sub(began).saturating_add(wait) >= PATIENCE {
                // It may be stored all the same.
                self.cache.forget_one(&(tenant, id));
                return Err(error);
            }
            self.timer.sleep(wait / 2 + wait.saturating_mul(random::number() % 512) / 1024).await;
            wait = wait.saturating_mul(2).min(MAX_WAIT);
        }
    }

    /// The token that may be extended was not: it is as good as before, and no new one is stored.
    async fn keep(self: &Arc<Self>, plan: &Plan, held: &Held, took: Duration) -> Result<Next, VaultError> {
        self.learn(plan.key, held.stored.generation, &Learnt::Alive(None)).await?;
        self.release(plan.key, held).await;
        meter::refreshed(&plan.app.provider, RefreshOutcome::Success, Some(took));
        Ok(Next::Done)
    }

    /// The provider was paid with a refresh token, and what it gave could not be kept.
    async fn count_loss(&self, plan: &Plan, generation: Generation) {
        if !plan.spends() {
            return;
        }
        let provider = &plan.app.provider;
        meter::refreshed(provider, RefreshOutcome::ChainLost, None);
        tracing::error!(%provider, "a renewed token set could not be stored; its refresh token is lost");
        self.append(plan.key, AuditAction::ChainLost, generation).await;
    }

    /// Says in the audit what changed nothing. The store may be away: then the metric is all there is.
    async fn append(&self, (tenant, id): ConnectionKey, action: AuditAction, generation: Generation) {
        let entry = AuditEntry::new(action).with_generation(generation);
        let append = self.stores.audit.append(tenant, AuditActor::Service, Some(id), vec![entry]);
        let _ = within(&*self.timer, self.config.commit_budget, append).await;
    }

    /// A success counts whatever was decided while it was under way. If the person was sent to the login
    /// meanwhile, the product hears that this is not needed any more.
    async fn tell_late_recovery(
        &self,
        key: ConnectionKey,
        seen: &StoredToken,
        generation: Generation,
        revision: Revision,
    ) {
        if revision == seen.revision.next() || !seen.state.serves() {
            return;
        }
        let recovered = |stored: &StoredToken| {
            // Stamped together: this very write changed the state.
            let healed = stored.generation == generation
                && stored.state == ConnectionState::Connected
                && stored.state_since == stored.succeeded_at;
            let mut notes = Notes::by(AuditActor::Service).event(EventKind::Recovered);
            if seen.state == ConnectionState::Connected {
                notes = notes.entry(AuditEntry::new(AuditAction::StateChanged).with_generation(generation));
            }
            Ok(healed.then(|| Amendment::of(stored, notes)))
        };
        let _ = self.amend(key, recovered).await;
    }

    /// The new token has ended by the time it arrives. It was stored for its refresh token; the next try waits.
    async fn keep_from_renewing_at_once(
        self: &Arc<Self>,
        key: ConnectionKey,
        provider: &ProviderId,
        generation: Generation,
    ) -> Result<(), VaultError> {
        let stored = self.stored(key).await?;
        let fault = Fault::new(FailureClass::Transient, self.timer.now());
        self.fail(key, provider, generation, stored, None, fault).await
    }
}

impl Plan {
    /// What is known of the new token set. What the provider does not repeat has not changed.
    fn record(&self, stored: &StoredToken, tokens: &TokenSet) -> TokenRecord {
        let before = Clocks::of(&stored.token);
        let mut token = TokenRecord::of(tokens);
        if self.spends() {
            token.kind = stored.token.kind;
        }
        if token.data_access_expiry == Expiry::Unknown {
            token.data_access_expiry = before.data_access;
        }
        let Clocks { token: expiry, refresh, data_access } = settled(token.kind, &before, Clocks::of(&token));
        (token.expiry, token.refresh_expiry, token.data_access_expiry) = (expiry, refresh, data_access);
        token.scopes = token.scopes.or_else(|| stored.token.scopes.clone());
        token
    }
}
