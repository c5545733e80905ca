//! Connections that lose their grant.

use sociogram_oauth_core::{ConnectionId, ReauthReason, TenantId};

use super::Vault;
use crate::{AuditActor, Connection, Notes, VaultError, state::StateEvent};

impl Vault {
    /// Stops handing out the token until the account is connected again, for a reason learnt elsewhere: an error
    /// code of the provider, the product's own judgement. A deauthorize callback is for
    /// [`Callbacks::deauthorized`](crate::Callbacks::deauthorized).
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection, `Unavailable` or `Conflict` when
    /// the state could not be written.
    pub async fn mark_needs_reauth(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        reason: ReauthReason,
    ) -> Result<Connection, VaultError> {
        let key = (tenant, connection);
        let now = self.0.timer.now();
        let event = StateEvent::GrantLost(reason);
        let before = self
            .0
            .amend(key, |stored| {
                let transition = self.0.transition(connection, stored, event, stored.strikes, now)?;
                let notes = Notes::by(AuditActor::Service);
                let changes = transition.state != stored.state;
                Ok(changes.then(|| self.0.amendment(connection, stored, &transition, notes, now)))
            })
            .await?;
        if let Some(before) = before {
            let transition = self.0.transition(connection, &before, event, before.strikes, now)?;
            self.0.follow_up(key, transition.effects);
        }
        self.0.connection(key).await
    }
}
