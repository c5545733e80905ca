//! Token sets that are derived from another connection's.

use std::{sync::Arc, time::Duration};

use sociogram_oauth_core::{ConnectionId, Renewal};

use super::Wish;
use crate::{
    AuditActor, NextLook, Notes, StoredToken, VaultError,
    schedule::Window,
    state::StateEvent,
    vault::{ConnectionKey, Inner},
};

/// How long a parent's token must live on to be worth deriving from.
const ENOUGH: Duration = Duration::from_secs(60);
/// When to ask again for a token whose parent has none at the moment.
const ASK_AGAIN: Duration = Duration::from_secs(10);

impl Inner {
    /// The connection that a token is derived from, with a token that is good now. `None`: it hands out none, and
    /// that is stored.
    pub(super) async fn usable_parent(
        self: &Arc<Self>,
        key: ConnectionKey,
        stored: &StoredToken,
    ) -> Result<Option<(ConnectionId, StoredToken)>, VaultError> {
        let Some(id) = stored.parent else { return Ok(None) };
        let mut parent = self.stores.tokens.read(key.0, id).await?;
        if parent.as_ref().is_some_and(|parent| self.should_renew_first(id, parent)) {
            self.renew((key.0, id), Wish { force: false }).await?;
            parent = self.stores.tokens.read(key.0, id).await?;
        }
        let Some(parent) = parent.filter(|parent| parent.state.serves()) else {
            self.lose_parent(key).await?;
            return Ok(None);
        };
        if self.life(id, &parent, None).is_ended(self.timer.now()) {
            return Err(VaultError::not_now(ASK_AGAIN));
        }
        Ok(Some((id, parent)))
    }

    fn should_renew_first(&self, id: ConnectionId, parent: &StoredToken) -> bool {
        let life = self.life(id, parent, None);
        let window = life.window(ENOUGH, self.timer.now());
        // One that is derived itself is not waited for: nothing here may go round in a circle.
        parent.state.serves()
            && life.renewal != Renewal::FromParent
            && matches!(window, Window::Mandatory | Window::Ended)
    }

    /// Stores that the parent hands out nothing, and looks for it again later.
    async fn lose_parent(self: &Arc<Self>, key: ConnectionKey) -> Result<(), VaultError> {
        let now = self.timer.now();
        let decide = |stored: &StoredToken| {
            let transition = self.transition(key.1, stored, StateEvent::ParentLost, stored.strikes, now)?;
            let notes = Notes::by(AuditActor::Service);
            let amendment = self.amendment(key.1, stored, &transition, notes, now);
            if transition.state != stored.state {
                return Ok(Some(amendment));
            }
            let is_due = stored.due_at.is_some_and(|due| due <= now);
            let next = self.life(key.1, stored, None).due_with(None, stored.notified, now);
            Ok(is_due.then(|| amendment.with_next_look(next.map_or(NextLook::Never, NextLook::At))))
        };
        if let Some(before) = self.amend(key, decide).await? {
            let transition = self.transition(key.1, &before, StateEvent::ParentLost, before.strikes, now)?;
            self.follow_up(key, transition.effects);
        }
        Ok(())
    }
}
