//! The apps whose tokens a vault renews.

use std::sync::Arc;

use sociogram_oauth_core::{ProviderId, Refresh};

use crate::{Account, app_gate::AppGate};

/// One app at one provider.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) provider: ProviderId,
    pub(crate) id: String,
    pub(crate) refresh: Arc<dyn Refresh>,
    /// Whether its token calls may be made at the moment.
    pub(crate) gate: AppGate,
}

/// A vault has a handful of them.
#[derive(Debug, Default)]
pub(crate) struct Apps(Vec<Arc<App>>);

impl Apps {
    pub(crate) fn add(&mut self, provider: ProviderId, id: String, refresh: Arc<dyn Refresh>) {
        self.0.retain(|app| app.provider != provider || app.id != id);
        let gate = AppGate::new(provider.clone());
        self.0.push(Arc::new(App { provider, id, refresh, gate }));
    }

    /// The app that an account is connected with.
    pub(crate) fn of(&self, account: &Account) -> Option<&Arc<App>> {
        self.0.iter().find(|app| app.provider == account.provider && app.id == account.app_id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<App>> {
        self.0.iter()
    }
}
