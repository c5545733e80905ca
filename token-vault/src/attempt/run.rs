//! One attempt, from the stored row to the claim.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, Renewal, Rotation, TokenSet};

use super::{Wish, worth};
use crate::{
    Claim, Claimed, Fence, Lease, LeaseOwner, Phase, StoredToken, VaultError,
    app::App,
    app_gate::Permit,
    data_keys::Sealer,
    meter,
    vault::{ConnectionKey, Inner, contended},
};

/// How an attempt goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Not at all: what came of it is stored.
    Done,
    /// What is stored may have changed: from the beginning.
    Again,
    /// The refresh token may be spent and there is nothing left to lose.
    LastTry,
}

/// What is known of an attempt from one beginning to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    /// No back-off is waited for.
    pub(super) force: bool,
    /// From when on somebody else's attempt was waited for.
    pub(super) waits_since: Option<Duration>,
    /// The claim is tried for although the row shows one that seems to hold: the store's clock decides.
    pub(super) claims: bool,
}

/// Everything that an attempt needs beyond the claim, got before anything is at stake.
pub(super) struct Plan {
    pub(super) key: ConnectionKey,
    pub(super) app: Arc<App>,
    pub(super) renewal: Renewal,
    pub(super) sealer: Sealer,
    pub(super) material: Material,
    /// When the token set that this one is derived from was stored.
    pub(super) parent_stored_at: Option<Timestamp>,
}

/// What a new token set is made from.
pub(super) enum Material {
    /// The one before it.
    Own(TokenSet),
    /// That of the parent.
    Parents(TokenSet),
}

impl Plan {
    /// Whether an unknown outcome may have used the refresh token up.
    pub(super) fn spends(&self) -> bool {
        matches!(self.renewal, Renewal::RefreshToken(Rotation::Grace(_) | Rotation::Strict))
    }
}

/// A claim that was won.
pub(super) struct Held {
    pub(super) claim: Claim,
    pub(super) fence: Fence,
    /// The row at that moment.
    pub(super) stored: StoredToken,
    /// From when on the lease runs, at the latest ([`Timer::monotonic`](sociogram_api_core::Timer::monotonic)).
    pub(super) since: Duration,
    /// Set while the refresh token may have been spent by an attempt that was taken over.
    pub(super) inherited: Option<Inherited>,
}

/// A doubt that is older than this attempt and stays, whatever this one fails with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inherited {
    /// Until then the provider takes the refresh token a second time
    /// ([`Timer::monotonic`](sociogram_api_core::Timer::monotonic)).
    pub(super) send_by: Duration,
}

impl Inner {
    pub(super) async fn attempt(self: &Arc<Self>, key: ConnectionKey, wish: Wish) -> Result<(), VaultError> {
        let began = self.timer.monotonic();
        let patience = self.config.lease.saturating_mul(2);
        let mut course = Course { force: wish.force, waits_since: None, claims: false };
        let outcome = loop {
            match Box::pin(self.try_once(key, &mut course)).await {
                Ok(Next::Done) => break Ok(()),
                Ok(Next::Again) => {}
                Ok(Next::LastTry) => course.force = true,
                Err(error) => break Err(error),
            }
            if self.timer.monotonic().saturating_sub(began) > patience {
                break Err(contended());
            }
        };
        if let Some(since) = course.waits_since {
            meter::lease_waited(self.timer.monotonic().saturating_sub(since));
        }
        outcome
    }

    async fn try_once(self: &Arc<Self>, key: ConnectionKey, course: &mut Course) -> Result<Next, VaultError> {
        if let Some(left) = self.attempts.left_alone_for(&key, self.timer.monotonic()) {
            return Err(VaultError::held_back("the last attempt failed a moment ago", left));
        }
        let stored = self.stored(key).await?;
        let Some(app) = self.apps.of(&stored.account).map(Arc::clone) else { return Ok(Next::Done) };
        if !stored.state.allows_attempts() {
            return Ok(Next::Done);
        }
        let renewal = self.renewal(&stored);
        let parent = match renewal {
            Renewal::FromParent => match self.usable_parent(key, &stored).await? {
                Some(parent) => Some(parent),
                None => return Ok(Next::Done),
            },
            _ => None,
        };
        let parent_stored_at = parent.as_ref().map(|(_, parent)| parent.succeeded_at);
        if !self.is_worth_trying(key.1, &stored, parent_stored_at, course.force) {
            return Ok(Next::Done);
        }
        let claimed = stored.lease.filter(|lease| lease.generation == stored.generation);
        let is_held = claimed.is_some_and(|lease| lease.until > self.timer.now());
        if is_held && !std::mem::take(&mut course.claims) {
            return self.follow(key, &app.provider, stored.generation, stored, course).await;
        }
        let permit = app.gate.enter(key.1, &*self.timer, self.config.wait).await?;
        // The keys come before the claim: while the key provider is away, nothing is spent.
        let sealer = self.keys.sealer(key.0, self.timer.now()).await?;
        let material = match &parent {
            Some((id, parent)) => Material::Parents(self.open_tokens(key.0, *id, parent).await?),
            None => Material::Own(self.open_tokens(key.0, key.1, &stored).await?),
        };
        let plan = Plan { key, app, renewal, sealer, material, parent_stored_at };
        self.bid(plan, stored, permit, course).await
    }

    fn is_worth_trying(
        &self,
        id: ConnectionId,
        stored: &StoredToken,
        parent_stored_at: Option<Timestamp>,
        force: bool,
    ) -> bool {
        let life = self.life(id, stored, parent_stored_at);
        worth::is_worth_trying(&life, stored, force, self.call_time(), self.timer.now())
    }

    /// How long a call and writing down what came of it may take.
    pub(super) fn call_time(&self) -> Duration {
        self.config.provider_timeout.saturating_add(self.config.commit_budget)
    }

    async fn bid(
        self: &Arc<Self>,
        plan: Plan,
        seen: StoredToken,
        permit: Permit,
        course: &mut Course,
    ) -> Result<Next, VaultError> {
        let (tenant, id) = plan.key;
        let claim = Claim::new(LeaseOwner::generate()?, seen.generation, self.config.lease);
        let since = self.timer.monotonic();
        let (fence, stored, prior) = match self.stores.tokens.claim(tenant, id, claim).await? {
            Claimed::Won { fence, stored, prior } => (fence, *stored, prior),
            Claimed::Lost(current) => {
                drop(permit);
                let app = Arc::clone(&plan.app);
                drop(plan);
                return self.follow((tenant, id), &app.provider, seen.generation, *current, course).await;
            }
            Claimed::Missing => return Ok(Next::Done),
        };
        let held = Held { claim, fence, stored, since, inherited: None };
        if let Some(prior) = prior {
            if !self.was_given_back(&prior) {
                meter::lease_taken_over();
                let (provider, phase) = (&plan.app.provider, prior.phase.as_str());
                tracing::warn!(%provider, phase, "an attempt was taken over");
            }
            let sent = prior.phase == Phase::Sent && prior.generation == held.stored.generation;
            if plan.spends() && sent && !self.has_nothing_to_lose(&plan, &held) {
                return self.take_over(plan, held, &prior, permit).await;
            }
        }
        // Whoever was faster may have failed a moment ago.
        let changed = held.stored.revision != seen.revision;
        if changed && !self.is_worth_trying(id, &held.stored, plan.parent_stored_at, course.force) {
            self.release(plan.key, &held).await;
            return Ok(Next::Done);
        }
        self.call(plan, held, permit).await
    }

    /// Whether the lease ended before a call could have: [`release`](Self::release) does that.
    fn was_given_back(&self, prior: &Lease) -> bool {
        prior.until < prior.started_at.saturating_add(self.call_time())
    }

    /// Gives a claim back. How far it got stays known.
    pub(super) async fn release(&self, (tenant, id): ConnectionKey, held: &Held) {
        // It runs out by itself if this fails.
        let over = Claim { ttl: Duration::ZERO, ..held.claim };
        let _ = self.stores.tokens.claim(tenant, id, over).await;
    }
}
