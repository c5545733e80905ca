//! What is decided about a stored token set, and what is told about it.

use sociogram_api_core::{ErrorKind, Timestamp};
use sociogram_oauth_core::{ConnectionId, Renewal, Rotation};

use crate::{
    Amendment, AuditAction, AuditEntry, ConnectionState, EventKind, NextLook, Notes, ReauthReason,
    StoredToken, Strikes, VaultError,
    schedule::Life,
    state::{Context, StateEvent, Transition, next},
    vault::Inner,
};

impl Inner {
    /// How a stored token set is renewed.
    pub(crate) fn renewal(&self, stored: &StoredToken) -> Renewal {
        self.renewal_of(stored, stored.sealed.as_ref().is_some_and(|sealed| sealed.refresh.is_some()))
    }

    /// The same for one whose secrets are not at hand.
    pub(crate) fn renewal_of(&self, stored: &StoredToken, has_refresh_token: bool) -> Renewal {
        // Nobody to ask, or nothing to derive it from: only the person can do something.
        let Some(app) = self.apps.of(&stored.account) else { return Renewal::Login };
        let rotation: Rotation = app.refresh.rotation();
        match Renewal::of(stored.token.kind, stored.token.expiry, has_refresh_token, rotation) {
            Renewal::FromParent if stored.parent.is_none() => Renewal::Login,
            renewal => renewal,
        }
    }

    /// When something has to be done about a stored token set. `parent_stored_at`: when the token set that it is
    /// derived from was stored, if that is known.
    pub(crate) fn life(
        &self,
        id: ConnectionId,
        stored: &StoredToken,
        parent_stored_at: Option<Timestamp>,
    ) -> Life {
        Life::of(id, stored, self.renewal(stored), parent_stored_at)
    }

    /// Where an event leads. `strikes`: what happened so far, this event included.
    pub(crate) fn transition(
        &self,
        id: ConnectionId,
        stored: &StoredToken,
        event: StateEvent,
        strikes: Strikes,
        now: Timestamp,
    ) -> Result<Transition, VaultError> {
        let life = self.life(id, stored, None);
        let context = Context { renewal: life.renewal, ended: life.is_ended(now), strikes };
        next(stored.state, event, &context)
            .map_err(|error| VaultError::new(ErrorKind::Internal, error.to_string()))
    }

    /// The change as it is stored, with what is to be told about it and the time of the next look.
    pub(crate) fn amendment(
        &self,
        id: ConnectionId,
        stored: &StoredToken,
        transition: &Transition,
        notes: Notes,
        now: Timestamp,
    ) -> Amendment {
        let amendment = Amendment::of(stored, tell(stored, transition, notes)).with_state(transition.state);
        if transition.effects.renew {
            return amendment.with_next_look(NextLook::At(now));
        }
        if transition.state == stored.state {
            return amendment;
        }
        let mut after = stored.clone();
        (after.state, after.state_since) = (transition.state, now);
        let due = self.life(id, &after, None).due_at(stored.notified, now);
        amendment.with_next_look(due.map_or(NextLook::Never, NextLook::At))
    }
}

/// Adds what a transition has to tell the audit and the product.
pub(crate) fn tell(stored: &StoredToken, transition: &Transition, mut notes: Notes) -> Notes {
    let Transition { state, effects } = transition;
    if effects.chain_lost {
        let entry = AuditEntry::new(AuditAction::ChainLost).with_generation(stored.generation);
        notes = notes.entry(entry).event(EventKind::ChainLost);
    }
    if *state != stored.state {
        let mut entry = AuditEntry::new(AuditAction::StateChanged).with_generation(stored.generation);
        if let Some(reason) = state.reason() {
            entry = entry.with_reason(reason);
        }
        notes = notes.entry(entry);
    }
    if !effects.notify {
        return notes;
    }
    match state {
        ConnectionState::NeedsReauth(reason) => {
            if *reason == ReauthReason::TokenReuse {
                notes = notes.event(EventKind::TokenReuse);
            }
            notes.event(EventKind::NeedsReauth { reason: *reason })
        }
        ConnectionState::BlockedByParent => notes.event(EventKind::Blocked),
        ConnectionState::Connected => notes.event(EventKind::Recovered),
        ConnectionState::Revoked => notes.event(EventKind::Revoked),
        ConnectionState::Disconnected => notes.event(EventKind::Disconnected),
        ConnectionState::RefreshFailing | ConnectionState::RefreshUnknown => notes,
    }
}
