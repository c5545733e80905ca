//! How the vault itself is, for whoever runs it.

use serde::Serialize;
use sociogram_oauth_core::{ProviderId, TenantId};

use super::Vault;
use crate::{AppState, Census, CrossTenant, VaultError, new_connection_id, random};

/// How a vault is, in this process. Holds no secret and names no tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct VaultHealth {
    /// Whether tokens can be read and opened: the store and the key provider answer. A suspended app does not count:
    /// its stored tokens are handed out.
    pub is_healthy: bool,
    /// The store.
    pub store: PartHealth,
    /// The key provider and its wrapping keys.
    pub keys: KeysHealth,
    /// The apps that tokens are renewed with, as this process sees them.
    pub apps: Vec<AppHealth>,
    /// How many connections are in memory.
    pub cached: usize,
    /// What is stored of all tenants; `None` unless it was asked for.
    pub census: Option<Census>,
    /// For how many seconds the longest due connection has been due; `None` unless a census was taken.
    pub refresh_lag_seconds: Option<u64>,
}

/// How something is that the vault depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PartHealth {
    /// Whether it answers.
    pub answers: bool,
    /// What is wrong with it, in one line.
    pub problem: Option<String>,
}

/// How the key provider is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KeysHealth {
    /// Whether it answers, and its keys can be used.
    #[serde(flatten)]
    pub provider: PartHealth,
    /// The key that wraps new data keys.
    pub primary: Option<String>,
    /// Every wrapping key that it holds.
    pub held: Vec<KeyCheckValue>,
}

/// A wrapping key and its key-check value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KeyCheckValue {
    /// Its id.
    pub id: String,
    /// Tells two keys of one name apart, in hexadecimal digits, where the provider can.
    pub check: Option<String>,
}

/// How an app is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AppHealth {
    /// The provider.
    pub provider: ProviderId,
    /// The app (Meta: app id; LinkedIn: client id).
    pub app_id: String,
    /// Whether its token calls are made at the moment.
    #[serde(flatten)]
    pub state: AppState,
}

impl PartHealth {
    fn of<T>(outcome: Result<T, VaultError>) -> Self {
        let problem = outcome.err().map(|error| error.to_string());
        Self { answers: problem.is_none(), problem }
    }
}

impl Vault {
    /// How the vault is: one read of the store for a connection that does not exist, and one question to the key
    /// provider. For a health endpoint, every few seconds at most: a key service may cost a call.
    pub async fn system_health(&self) -> VaultHealth {
        let store = PartHealth::of(self.read_nothing().await);
        let keys = self.keys_health().await;
        let apps = self.0.apps.iter().map(|app| AppHealth {
            provider: app.provider.clone(),
            app_id: app.id.clone(),
            state: app.gate.state(&*self.0.timer),
        });
        VaultHealth {
            is_healthy: store.answers && keys.provider.answers,
            apps: apps.collect(),
            cached: self.cached_len(),
            census: None,
            refresh_lag_seconds: None,
            store,
            keys,
        }
    }

    /// The same with a census of all tenants. For the operator, never for a request of a tenant.
    pub async fn system_health_across(&self, store: &dyn CrossTenant) -> VaultHealth {
        let mut health = self.system_health().await;
        match store.census().await {
            Ok(census) => {
                let lag = census.oldest_due.map(|due| self.0.timer.now().saturating_duration_since(due));
                health.refresh_lag_seconds = Some(lag.unwrap_or_default().as_secs());
                health.census = Some(census);
            }
            Err(error) if health.store.answers => {
                health.store = PartHealth::of::<()>(Err(error.into()));
                health.is_healthy = false;
            }
            Err(_) => {}
        }
        health
    }

    async fn read_nothing(&self) -> Result<(), VaultError> {
        let mut tenant = [0; 16];
        random::fill(&mut tenant)?;
        let nowhere = new_connection_id()?;
        self.0.stores.tokens.read(TenantId::from_bytes(tenant), nowhere).await?;
        Ok(())
    }

    async fn keys_health(&self) -> KeysHealth {
        let (health, problem) = match self.0.keys.health().await {
            Ok(health) => (Some(health), Ok(())),
            Err(error) => (None, Err(VaultError::from(error))),
        };
        let primary = health.as_ref().map(|health| health.primary.as_str().to_owned());
        let keys = health.map(|health| health.keys).unwrap_or_default();
        let held = keys.into_iter().map(|key| KeyCheckValue {
            id: key.id.as_str().to_owned(),
            check: key.check.map(|check| check.to_string()),
        });
        KeysHealth { provider: PartHealth::of(problem), primary, held: held.collect() }
    }
}
