//! Every method of every trait, passed on.

use std::time::Duration;

use async_trait::async_trait;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, TenantId};

use super::{super::store_methods::store_methods, FaultyStore};
use crate::{
    Account, Amendment, Asset, AssetFilter, AssetKey, AssetPage, AssetRepo, AuditActor, AuditEntry, AuditLog,
    AuditPage, AuditQuery, Census, Claim, Claimed, Committed, Connection, ConnectionFilter, ConnectionPage,
    ConnectionRepo, CrossTenant, DataKeyId, DataKeyPosition, DataKeyState, DataKeyTable, Details, Due, Event,
    EventId, EventQueue, Failure, Generation, Holder, KekId, Link, Linked, Notes, Removed, Retire, Retired,
    Revision, Revocation, RevocationQueue, Standing, StoreError, StoredToken, Success, TokenStore, Updated,
    Version, Wrapped, WrappedDataKey,
};

macro_rules! passing {
    ($($trait:ident {
        $(fn $method:ident($($argument:ident: $type:ty),*) [$($owned:ident)*] -> $answer:ty;)*
    })*) => {
        /// Every method there is.
        pub(super) const METHODS: &[&str] = &[$($(stringify!($method)),*),*];

        $(
            #[async_trait]
            impl $trait for FaultyStore {
                $(
                    async fn $method(&self, $($argument: $type),*) -> Result<$answer, StoreError> {
                        self.pass(stringify!($method), self.inner.$method($($argument),*)).await
                    }
                )*
            }
        )*
    };
}

store_methods!(passing);
