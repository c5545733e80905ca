//! Asking a provider whether a token is good.

use std::sync::Arc;

use sociogram_api_core::{ErrorKind, Timestamp};
use sociogram_oauth_core::{
    AccessToken, ConnectionId, Expiry, ReauthReason, RefreshErrorKind, Renewal, ScopeSet, TenantId,
    TokenCheck, TokenFacts,
};

use crate::{
    Amendment, AuditAction, AuditActor, AuditEntry, Checked, EventKind, Generation, NextLook, Notes,
    StoredToken, Strikes, Vault, VaultError,
    app::App,
    app_gate::Outcome,
    attempt::outcome_of,
    notices::Clocks,
    schedule::settled,
    state::{StateEvent, Transition, Verdict},
    vault::{ConnectionKey, Inner},
    within::within,
};

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The token is good.
    Alive,
    /// It is not; what that means is stored.
    Dead,
    /// Nobody says.
    Unknown,
}

/// What was learnt about a stored token.
#[derive(Clone, Debug)]
pub(crate) enum Learnt {
    /// It is good; with what the provider says about it, if that was the question.
    Alive(Option<Box<TokenFacts>>),
    /// It is not.
    Dead(ReauthReason),
    /// The provider answers no such questions.
    NotOffered,
}

impl Learnt {
    fn of(check: TokenCheck) -> Self {
        match check {
            TokenCheck::Good(facts) if facts.active => Self::Alive(Some(facts)),
            TokenCheck::Good(facts) => Self::Dead(facts.reauth_reason.unwrap_or(ReauthReason::TokenRejected)),
            TokenCheck::Dead(reason) => Self::Dead(reason),
            _ => Self::NotOffered,
        }
    }

    const fn verdict(&self) -> Verdict {
        match self {
            Self::Alive(_) => Verdict::Alive,
            Self::Dead(reason) => Verdict::Dead(*reason),
            Self::NotOffered => Verdict::Unknown,
        }
    }
}

impl Vault {
    /// The provider refused this token, so it is asked whether the token is good. If it is, it is handed out as
    /// before; if not, it is renewed with the refresh token, or the person must log in again. Comes back when the
    /// answer is stored. Where the provider answers no such questions, the first refusal of the current token is a
    /// warning ([`Warning::Refused`](crate::Warning::Refused)); another one, between a minute and a day later, is
    /// believed. A refusal of an older token changes nothing.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when the state could not be written; the token is no longer served from memory all the
    /// same. A provider that cannot be reached is no error: nothing is known then.
    pub async fn reject(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        used: &AccessToken,
    ) -> Result<(), VaultError> {
        let vault = &self.0;
        let key = (tenant, connection);
        vault.cache.forget_one(&key);
        let current = vault.stored(key).await?;
        if !vault.open_access(tenant, connection, &current).await?.ct_eq(used) {
            return Ok(());
        }
        let now = vault.timer.now();
        let event = match vault.apps.of(&current.account) {
            Some(_) => StateEvent::Rejected,
            None => StateEvent::Checked(Verdict::Unknown),
        };
        let decide = |stored: &StoredToken| {
            if stored.generation != current.generation {
                return Ok(None);
            }
            let Some(strikes) = stored.strikes.after_rejection(now) else { return Ok(None) };
            let transition = vault.transition(connection, stored, event, strikes, now)?;
            let entry = AuditEntry::new(AuditAction::TokenRejected).with_generation(stored.generation);
            let notes = Notes::by(AuditActor::Provider).entry(entry);
            Ok(Some(vault.amendment(connection, stored, &transition, notes, now).with_strikes(strikes)))
        };
        // Whether the provider could be asked or not, the refusal is stored.
        match vault.amend(key, decide).await? {
            Some(before) => {
                let strikes = before.strikes.after_rejection(now).unwrap_or(before.strikes);
                let mut effects = vault.transition(connection, &before, event, strikes, now)?.effects;
                if std::mem::take(&mut effects.check) {
                    let _ = vault.ask(key).await;
                }
                vault.follow_up(key, effects);
            }
            // The same refusal again: a call that ran beside the one that was counted.
            None => {
                if let Some(check) = vault.attempts.check_under_way(&key) {
                    let _ = check.await;
                }
            }
        }
        Ok(())
    }
}

impl Inner {
    /// Asks the provider whether the stored access token is good, stores the answer and does what follows from it.
    /// Joins the question that is under way in this process. Dropping the future stops nothing.
    pub(crate) async fn check(self: &Arc<Self>, key: ConnectionKey) -> Result<(), VaultError> {
        self.ask(key).await.map(|_| ())
    }

    /// The question itself.
    pub(crate) async fn look(self: &Arc<Self>, key: ConnectionKey) -> Result<Answer, VaultError> {
        let stored = self.stored(key).await?;
        if !stored.state.serves() {
            return Ok(Answer::Unknown);
        }
        let learnt = match self.apps.of(&stored.account).map(Arc::clone) {
            Some(app) => self.ask_provider(key, &app, &stored).await?,
            None => Learnt::NotOffered,
        };
        self.learn(key, stored.generation, &learnt).await
    }

    async fn ask_provider(
        &self,
        key: ConnectionKey,
        app: &App,
        stored: &StoredToken,
    ) -> Result<Learnt, VaultError> {
        let tokens = self.open_tokens(key.0, key.1, stored).await?;
        let permit = app.gate.enter(key.1, &*self.timer, self.config.wait).await?;
        let answer = within(&*self.timer, self.config.provider_timeout, app.refresh.check(&tokens)).await;
        let now = self.timer.monotonic();
        let error = match answer {
            Some(Ok(check)) => {
                let outcome = match check {
                    TokenCheck::NotOffered => Outcome::NoAnswer,
                    _ => Outcome::Answered,
                };
                permit.settle(outcome, now);
                return Ok(Learnt::of(check));
            }
            Some(Err(error)) => error,
            None => return Err(unanswered()),
        };
        permit.settle(outcome_of(&error), now);
        match error.kind() {
            RefreshErrorKind::NotOffered => Ok(Learnt::NotOffered),
            RefreshErrorKind::Revoked => {
                Ok(Learnt::Dead(error.reauth_reason().unwrap_or(ReauthReason::TokenRejected)))
            }
            kind => {
                tracing::debug!(provider = %app.provider, kind = ?kind, "a token could not be checked");
                Err(error.into())
            }
        }
    }

    /// Stores what was learnt about the token set of this generation, and does what follows from it.
    pub(crate) async fn learn(
        self: &Arc<Self>,
        key: ConnectionKey,
        generation: Generation,
        learnt: &Learnt,
    ) -> Result<Answer, VaultError> {
        let now = self.timer.now();
        let parent_stored_at = self.parent_stored_at(key).await?;
        let decide = |stored: &StoredToken| {
            if stored.generation != generation || !stored.state.serves() {
                return Ok(None);
            }
            let transition = self.judge(key.1, stored, learnt, now)?;
            Ok(Some(self.lesson(key.1, stored, learnt, &transition, parent_stored_at, now)))
        };
        let Some(before) = self.amend(key, decide).await? else { return Ok(Answer::Unknown) };
        let transition = self.judge(key.1, &before, learnt, now)?;
        self.follow_up(key, transition.effects);
        Ok(match learnt {
            Learnt::Alive(_) => Answer::Alive,
            Learnt::Dead(_) => Answer::Dead,
            Learnt::NotOffered => Answer::Unknown,
        })
    }

    fn judge(
        &self,
        id: ConnectionId,
        stored: &StoredToken,
        learnt: &Learnt,
        now: Timestamp,
    ) -> Result<Transition, VaultError> {
        let event = StateEvent::Checked(learnt.verdict());
        let mut transition = self.transition(id, stored, event, strikes_after(stored, learnt), now)?;
        // A renewal that has just failed for the second time is not tried again because of the question that its
        // failure gave rise to.
        if stored.failures > 1 && self.life(id, stored, None).is_backing_off(now) {
            transition.effects.renew = false;
        }
        Ok(transition)
    }

    fn lesson(
        &self,
        id: ConnectionId,
        stored: &StoredToken,
        learnt: &Learnt,
        transition: &Transition,
        parent_stored_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Amendment {
        let notes = Notes::by(AuditActor::Service);
        let strikes = strikes_after(stored, learnt);
        let is_dead = match learnt {
            Learnt::Alive(_) => false,
            Learnt::Dead(_) => true,
            Learnt::NotOffered => strikes.is_rejected_for_good(),
        };
        if is_dead {
            let mut checked = Checked::unchanged(&stored.token);
            // Whatever its end was said to be: it is not handed out any more, and nothing is lost by a renewal.
            checked.expiry = Expiry::At(checked.expiry.at().map_or(now, |end| end.min(now)));
            let amendment = self.amendment(id, stored, transition, notes, now).with_strikes(strikes);
            return if transition.state.serves() { amendment.with_checked(checked) } else { amendment };
        }
        let facts = match learnt {
            Learnt::Alive(Some(facts)) => Some(&**facts),
            _ => None,
        };
        let checked = checked(stored, facts);
        let notes = tell_scopes(stored, stored.generation, checked.scopes.as_ref(), notes);
        let mut after = stored.clone();
        (after.token.expiry, after.token.data_access_expiry) = (checked.expiry, checked.data_access_expiry);
        (after.strikes, after.checked_at) = (strikes, now);
        let notified = stored.notified.carried_over(&Clocks::of(&stored.token), &Clocks::of(&after.token));
        let life = self.life(id, &after, parent_stored_at);
        let due = if life.is_backing_off(now) {
            life.due_with(stored.due_at, notified, now)
        } else {
            life.due_at(notified, now)
        };
        Amendment::of(stored, notes)
            .with_strikes(strikes)
            .with_notified(notified)
            .with_checked(checked)
            .with_next_look(due.map_or(NextLook::Never, NextLook::At))
    }

    /// When the token set was stored that this connection's is derived from.
    async fn parent_stored_at(&self, key: ConnectionKey) -> Result<Option<Timestamp>, VaultError> {
        let stored = self.stored(key).await?;
        match (self.renewal(&stored), stored.parent) {
            (Renewal::FromParent, Some(parent)) => {
                Ok(self.stores.tokens.read(key.0, parent).await?.map(|parent| parent.succeeded_at))
            }
            _ => Ok(None),
        }
    }
}

fn strikes_after(stored: &StoredToken, learnt: &Learnt) -> Strikes {
    match learnt {
        Learnt::Alive(_) => stored.strikes.after_proof(),
        _ => stored.strikes,
    }
}

/// What is known now. What the provider does not say has not changed.
fn checked(stored: &StoredToken, facts: Option<&TokenFacts>) -> Checked {
    let before = Clocks::of(&stored.token);
    let mut checked = Checked::unchanged(&stored.token);
    let Some(facts) = facts else { return checked };
    let or_before = |now, before| if now == Expiry::Unknown { before } else { now };
    let after = Clocks {
        token: or_before(facts.expiry, before.token),
        data_access: or_before(facts.data_access_expiry, before.data_access),
        ..before
    };
    let after = settled(stored.token.kind, &before, after);
    (checked.expiry, checked.data_access_expiry) = (after.token, after.data_access);
    checked.scopes = facts.scopes.clone().or(checked.scopes);
    checked
}

/// Says that the provider grants more or less than before. `now`: what it says it grants; `None` if it does not say.
pub(crate) fn tell_scopes(
    stored: &StoredToken,
    generation: Generation,
    now: Option<&ScopeSet>,
    notes: Notes,
) -> Notes {
    let (Some(before), Some(now)) = (&stored.token.scopes, now) else { return notes };
    if before == now {
        return notes;
    }
    let entry = AuditEntry::new(AuditAction::ScopesChanged).with_generation(generation);
    let notes = notes.entry(entry);
    let lost = now.missing(before);
    if lost.is_empty() { notes } else { notes.event(EventKind::ScopesLost { lost }) }
}

fn unanswered() -> VaultError {
    VaultError::new(ErrorKind::Server, "the provider did not answer in time")
}

#[cfg(test)]
mod tests;
