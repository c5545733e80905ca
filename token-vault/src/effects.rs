//! What a stored change asks for beyond its own row.

use std::sync::Arc;

use sociogram_oauth_core::ConnectionId;

use crate::{
    AuditActor, ConnectionState, Notes, StoredToken, VaultError,
    attempt::Wish,
    check::Answer,
    state::{Cascade, Effects, StateEvent},
    vault::{ConnectionKey, Inner},
};

/// How far news travels from a connection to those derived from it. Persons have Pages, and Pages have nothing.
const MAX_DEPTH: u8 = 4;

impl Inner {
    /// Does what a transition asks for beyond the row itself, now that the row is stored: tells derived
    /// connections, checks, renews. Runs beside the caller. What is lost with the process is made up for by the
    /// next look at the rows: everything here may be done twice.
    pub(crate) fn follow_up(self: &Arc<Self>, key: ConnectionKey, effects: Effects) {
        self.follow_up_at(key, effects, 0);
    }

    fn follow_up_at(self: &Arc<Self>, key: ConnectionKey, effects: Effects, depth: u8) {
        if effects.alarm {
            tracing::error!(
                "a renewal was made wrongly: this is a defect, the connection is as good as before"
            );
        }
        let Effects { cascade, check, check_parent, renew, .. } = effects;
        if depth >= MAX_DEPTH || !(cascade.is_some() || check || check_parent || renew) {
            return;
        }
        let vault = Arc::clone(self);
        self.attempts.spawn(Box::pin(async move {
            if let Err(error) = vault.carry_out(key, effects, depth).await {
                tracing::warn!(kind = error.kind().as_str(), "what follows from a change was left for later");
            }
        }));
    }

    async fn carry_out(
        self: &Arc<Self>,
        key: ConnectionKey,
        effects: Effects,
        depth: u8,
    ) -> Result<(), VaultError> {
        let told = match effects.cascade {
            Some(cascade) => self.tell_children(key, cascade, depth).await,
            None => Ok(()),
        };
        if effects.check {
            self.check(key).await?;
        }
        if effects.check_parent {
            self.check_parent(key).await?;
        }
        if effects.renew {
            self.renew(key, Wish { force: false }).await?;
        }
        told
    }

    /// Tells the connections derived from this one; those that were blocked get a new token at once, one after
    /// the other.
    async fn tell_children(
        self: &Arc<Self>,
        key: ConnectionKey,
        cascade: Cascade,
        depth: u8,
    ) -> Result<(), VaultError> {
        let children = self.stores.connections.children(key.0, key.1).await?;
        let parent = self.stored(key).await?;
        let mut outcome = Ok(());
        for child in children {
            let told = match cascade {
                Cascade::Lost => self.tell_child_lost((key.0, child), &parent, depth).await,
                Cascade::Back => self.tell_child_back((key.0, child), &parent).await,
            };
            // One child's trouble is not the others'.
            outcome = outcome.and(told);
        }
        outcome
    }

    async fn tell_child_lost(
        self: &Arc<Self>,
        key: ConnectionKey,
        parent: &StoredToken,
        depth: u8,
    ) -> Result<(), VaultError> {
        let now = self.timer.now();
        let event = StateEvent::ParentLost;
        let decide = |stored: &StoredToken| {
            // It may have come back while this was on its way.
            let Ok(transition) = self.transition(key.1, stored, event, stored.strikes, now) else {
                return Ok(None);
            };
            let news = !parent.state.serves() && transition.state != stored.state;
            let notes = Notes::by(AuditActor::Service);
            Ok(news.then(|| self.amendment(key.1, stored, &transition, notes, now)))
        };
        if let Some(before) = self.amend(key, decide).await? {
            let transition = self.transition(key.1, &before, event, before.strikes, now)?;
            self.follow_up_at(key, transition.effects, depth + 1);
        }
        Ok(())
    }

    /// Makes it due; if it was blocked, renews it.
    async fn tell_child_back(
        self: &Arc<Self>,
        key: ConnectionKey,
        parent: &StoredToken,
    ) -> Result<(), VaultError> {
        let now = self.timer.now();
        let decide = |stored: &StoredToken| {
            let event = StateEvent::ParentBack;
            let Ok(transition) = self.transition(key.1, stored, event, stored.strikes, now) else {
                return Ok(None);
            };
            // One that is derived from what the parent has now is as it should be.
            let is_derived =
                stored.state == ConnectionState::Connected && stored.succeeded_at > parent.succeeded_at;
            let is_due = stored.due_at.is_some_and(|due| due <= now);
            if !transition.effects.renew || is_derived || is_due {
                return Ok(None);
            }
            Ok(Some(self.amendment(key.1, stored, &transition, Notes::by(AuditActor::Service), now)))
        };
        self.amend(key, decide).await?;
        if self.stored(key).await?.state == ConnectionState::BlockedByParent {
            // It is due by now, so no back-off is in the way.
            self.renew(key, Wish { force: false }).await?;
        }
        Ok(())
    }

    /// Asks whether the connection that this one is derived from is good. Only then is it worth deriving again:
    /// what fails then is lost.
    async fn check_parent(self: &Arc<Self>, key: ConnectionKey) -> Result<(), VaultError> {
        let Some(parent) = self.stored(key).await?.parent else { return Ok(()) };
        let parent_key: (_, ConnectionId) = (key.0, parent);
        if self.ask(parent_key).await? == Answer::Alive {
            let parent = self.stored(parent_key).await?;
            self.tell_child_back(key, &parent).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
