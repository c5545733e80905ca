//! The call to the provider, and how far the claim covers it.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{RefreshError, RefreshErrorKind, RefreshToken, TokenKind, TokenSet};

use super::{
    failure::Fault,
    run::{Held, Material, Next, Plan},
};
use crate::{
    Claimed, FailureClass, Strikes, VaultError,
    app_gate::{Outcome, Permit},
    state::StateEvent,
    vault::Inner,
    within::within,
};

/// How often the mark that the request is about to be sent is tried, and the wait in between.
const MARKS: u32 = 3;
const MARK_WAIT: Duration = Duration::from_millis(100);

impl Inner {
    pub(super) async fn call(
        self: &Arc<Self>,
        plan: Plan,
        mut held: Held,
        permit: Permit,
    ) -> Result<Next, VaultError> {
        // What can fail comes before the call.
        let (stored, now) = (&held.stored, self.timer.now());
        let transition = self.transition(plan.key.1, stored, StateEvent::Refreshed, Strikes::NONE, now)?;
        if plan.spends()
            && let Some(next) = self.mark_sent(&plan, &mut held).await?
        {
            return match next {
                Next::Done => self.give_up_unsent(&plan, held).await,
                next => Ok(next),
            };
        }
        let gone = self.timer.monotonic().saturating_sub(held.since);
        // Else somebody could claim it while the call is under way.
        let in_time = self.config.lease.saturating_sub(gone) >= self.call_time();
        if !in_time || !self.may_still_send(&plan, &held) {
            return self.give_up_unsent(&plan, held).await;
        }
        let (sent_at, began) = (self.timer.now(), self.timer.monotonic());
        let answer = within(&*self.timer, self.config.provider_timeout, plan.ask(&held)).await;
        let ended = self.timer.monotonic();
        let result = match answer {
            Some(Ok(tokens)) => plan.accept(&held, tokens, self.timer.now()),
            Some(Err(error)) => Err(Fault::of(&error, sent_at)),
            None => Err(plan.unheard(sent_at)),
        };
        match &result {
            Ok(_) => permit.settle(Outcome::Answered, ended),
            Err(fault) => permit.settle(fault.outcome(), ended),
        }
        let took = ended.saturating_sub(began);
        match result {
            Ok(tokens) => Box::pin(self.succeed(plan, held, transition, tokens, took)).await,
            Err(fault) => {
                self.fail_held(&plan, held, fault.after(took)).await?;
                Ok(Next::Done)
            }
        }
    }

    /// Stores that the refresh token is about to be sent. Gives how to go on if it must not be: from the beginning if
    /// the claim is somebody else's by now, not at all if the store does not answer.
    async fn mark_sent(self: &Arc<Self>, plan: &Plan, held: &mut Held) -> Result<Option<Next>, VaultError> {
        let (tenant, id) = plan.key;
        for tried in 1..=MARKS {
            let since = self.timer.monotonic();
            match self.stores.tokens.claim(tenant, id, held.claim.sent()).await {
                Ok(Claimed::Won { fence, stored, prior }) => {
                    (held.fence, held.stored, held.since) = (fence, *stored, since);
                    // It had run out, and somebody else has been there since.
                    if prior.is_some_and(|prior| prior.owner != held.claim.owner) {
                        self.release(plan.key, held).await;
                        return Ok(Some(Next::Again));
                    }
                    return Ok(None);
                }
                Ok(Claimed::Lost(_) | Claimed::Missing) => return Ok(Some(Next::Again)),
                Err(_) => self.timer.sleep(MARK_WAIT.saturating_mul(tried)).await,
            }
        }
        Ok(Some(Next::Done))
    }

    /// Writes down that nothing was sent, so that nobody has to fear that something was.
    async fn give_up_unsent(self: &Arc<Self>, plan: &Plan, held: Held) -> Result<Next, VaultError> {
        let fault = Fault::new(FailureClass::NotSent, self.timer.now());
        self.fail_held(plan, held, fault).await?;
        Ok(Next::Done)
    }
}

impl Plan {
    async fn ask(&self, held: &Held) -> Result<TokenSet, RefreshError> {
        match &self.material {
            Material::Own(tokens) => self.app.refresh.refresh(tokens).await,
            Material::Parents(tokens) => {
                self.app.refresh.derive(tokens, &held.stored.account.external_user_id).await
            }
        }
    }

    /// What it means that no answer came in time.
    fn unheard(&self, sent_at: Timestamp) -> Fault {
        let class = if self.spends() { FailureClass::Ambiguous } else { FailureClass::Transient };
        Fault::new(class, sent_at)
    }

    /// Whether an answer can be stored.
    fn accept(&self, held: &Held, tokens: TokenSet, now: Timestamp) -> Result<TokenSet, Fault> {
        let tokens = self.with_refresh_token(tokens);
        if tokens.access().is_empty() {
            return Err(self.unheard(now));
        }
        // The one that was sent may be spent by now: what came for it is kept, whatever is wrong with it.
        if self.spends() {
            return Ok(tokens);
        }
        let (before, after) = (held.stored.token.kind, tokens.kind());
        if after != before && (before, after) != (TokenKind::MetaUserShort, TokenKind::MetaUserLong) {
            return Err(Fault::new(FailureClass::Defect, now));
        }
        if tokens.expiry().is_past(now) {
            return Err(Fault::new(FailureClass::Transient, now));
        }
        Ok(tokens)
    }

    /// A refresh token is not lost because an answer leaves it out.
    fn with_refresh_token(&self, tokens: TokenSet) -> TokenSet {
        let Material::Own(old) = &self.material else { return tokens };
        match old.refresh() {
            Some(refresh) if tokens.refresh().is_none_or(RefreshToken::is_empty) => {
                tokens.with_refresh(refresh.clone(), old.refresh_expiry())
            }
            _ => tokens,
        }
    }
}

impl Fault {
    /// What a failed call says about the app.
    pub(super) fn outcome(&self) -> Outcome {
        match self.class {
            FailureClass::Terminal(_) => Outcome::Answered,
            FailureClass::AppConfig => Outcome::AppConfig,
            FailureClass::Throttled => Outcome::Throttled(self.retry_after),
            _ => Outcome::NoAnswer,
        }
    }
}

/// What a failed question says about the app.
pub(crate) fn outcome_of(error: &RefreshError) -> Outcome {
    match error.kind() {
        RefreshErrorKind::NotOffered => Outcome::NoAnswer,
        _ => Fault::of(error, Timestamp::UNIX_EPOCH).outcome(),
    }
}
