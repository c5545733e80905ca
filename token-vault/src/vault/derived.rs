//! Connections whose token is derived from another one's.

use std::sync::Arc;

use sociogram_api_core::ErrorKind;
use sociogram_oauth_core::{ReauthReason, RefreshError, TokenSet};

use super::{Inner, Vault};
use crate::{
    Connection, NewConnection, Origin, VaultError, app::App, app_gate::Outcome, attempt::outcome_of,
    state::Effects, vault::ConnectionKey, within::within,
};

impl Vault {
    /// Connects an account whose token is derived from that of a connection, such as a Page from the person's: asks
    /// the provider for the token and stores it, so that the product never touches it. It is derived anew whenever the
    /// person's token changes. `new` names the connection it is [derived from](NewConnection::derived_from) and the
    /// account (for a Page: its id as [`external_user_id`](crate::Account::external_user_id)).
    ///
    /// Permissions: those that the provider asks for to list the account (a Page: `pages_show_list`).
    ///
    /// ```
    /// # use sociogram_oauth_core::ProviderId;
    /// # use sociogram_token_vault::{Account, Connection, NewConnection, Vault, VaultError};
    /// # async fn example(vault: Vault, person: Connection) -> Result<(), VaultError> {
    /// let page = Account::new(ProviderId::FACEBOOK, person.account.app_id.as_str(), "page id");
    /// let new = NewConnection::new(person.tenant, page).derived_from(person.id).with_display_name("Bakery");
    /// let page = vault.connect_derived(new).await?;
    /// let token = vault.resolve(page.tenant, page.id).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`VaultError`]: those of [`connect`](Self::connect); those of [`resolve`](Self::resolve) for the connection it
    /// is derived from; `Invalid` when `new` names none or one of another app; `Misconfigured` when the vault does not
    /// know the app ([`VaultBuilder::app`](crate::VaultBuilder::app)); `Reauthorize` when the person does not reach the
    /// account (any more); what the provider failed with. Nothing is stored then.
    pub async fn connect_derived(&self, new: NewConnection) -> Result<Connection, VaultError> {
        let Some(parent) = new.parent else {
            return Err(invalid("a derived connection needs the one that it is derived from"));
        };
        let key = (new.tenant, parent);
        self.resolve(new.tenant, parent).await?;
        let stored = self.0.stored(key).await?;
        let Some(app) = self.0.apps.of(&stored.account) else {
            return Err(VaultError::new(ErrorKind::Misconfigured, "the vault does not know the app"));
        };
        if (&new.account.provider, &new.account.app_id) != (&app.provider, &app.id) {
            return Err(invalid("a derived connection has the app of the one that it is derived from"));
        }
        let from = self.0.open_tokens(new.tenant, parent, &stored).await?;
        let tokens = self.0.derive(app, key, &from, &new.account.external_user_id).await?;
        self.store_login(new, &tokens, Origin::OAuth).await
    }
}

impl Inner {
    async fn derive(
        self: &Arc<Self>,
        app: &App,
        parent: ConnectionKey,
        from: &TokenSet,
        account_id: &str,
    ) -> Result<TokenSet, VaultError> {
        let permit = app.gate.enter(parent.1, &*self.timer, self.config.wait).await?;
        let call = app.refresh.derive(from, account_id);
        let answer = within(&*self.timer, self.config.provider_timeout, call).await;
        let outcome = match &answer {
            Some(Ok(_)) => Outcome::Answered,
            Some(Err(error)) => outcome_of(error),
            None => Outcome::NoAnswer,
        };
        permit.settle(outcome, self.timer.monotonic());
        match answer {
            Some(Ok(tokens)) => Ok(tokens),
            Some(Err(error)) => {
                if is_the_parents(&error) {
                    // Whatever it is, every account that is derived from it has it.
                    self.follow_up(parent, Effects { check: true, ..Effects::default() });
                }
                Err(VaultError::of_refresh(error))
            }
            None => Err(VaultError::new(ErrorKind::Server, "the provider did not answer in time")),
        }
    }
}

/// Whether it may be the person's grant that is lost, and not just the way to this account.
fn is_the_parents(error: &RefreshError) -> bool {
    error.reauth_reason().is_some_and(|reason| reason != ReauthReason::PermissionsLost)
}

fn invalid(message: &'static str) -> VaultError {
    VaultError::new(ErrorKind::Invalid, message)
}
