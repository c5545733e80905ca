//! The stores of a vault.

use std::sync::Arc;

use crate::{AssetRepo, AuditLog, ConnectionRepo, CrossTenant, EventQueue, RevocationQueue, TokenStore};

/// What the vault needs for the requests of tenants: one store, seen through its traits.
#[derive(Clone, Debug)]
pub(crate) struct Stores {
    pub(crate) tokens: Arc<dyn TokenStore>,
    pub(crate) connections: Arc<dyn ConnectionRepo>,
    pub(crate) assets: Arc<dyn AssetRepo>,
    pub(crate) audit: Arc<dyn AuditLog>,
}

impl Stores {
    pub(crate) fn of<S>(store: Arc<S>) -> Self
    where
        S: TokenStore + ConnectionRepo + AssetRepo + AuditLog,
    {
        Self {
            tokens: Arc::<S>::clone(&store),
            connections: Arc::<S>::clone(&store),
            assets: Arc::<S>::clone(&store),
            audit: store,
        }
    }
}

/// What only a worker may see: the same store across tenants.
#[derive(Clone, Debug)]
pub(crate) struct WorkerStores {
    pub(crate) tokens: Arc<dyn TokenStore>,
    pub(crate) events: Arc<dyn EventQueue>,
    pub(crate) revocations: Arc<dyn RevocationQueue>,
    pub(crate) across: Arc<dyn CrossTenant>,
}

impl WorkerStores {
    pub(crate) fn of<S>(store: Arc<S>) -> Self
    where
        S: TokenStore + EventQueue + RevocationQueue + CrossTenant,
    {
        Self {
            tokens: Arc::<S>::clone(&store),
            events: Arc::<S>::clone(&store),
            revocations: Arc::<S>::clone(&store),
            across: store,
        }
    }
}
