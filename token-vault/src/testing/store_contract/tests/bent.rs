//! A store in memory that breaks a promise.

use std::{any::Any, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use sociogram_api_core::{Clock as _, Timestamp};
use sociogram_oauth_core::{ConnectionId, TenantId};

use super::{Bench, Handle, StoreControl, TestClock};
use crate::{
    Account, Amendment, Asset, AssetFilter, AssetKey, AssetPage, AssetRepo, AuditActor, AuditEntry, AuditLog,
    AuditPage, AuditQuery, Census, Claim, Claimed, Committed, Connection, ConnectionFilter, ConnectionPage,
    ConnectionRepo, CrossTenant, DataKeyId, DataKeyPosition, DataKeyState, DataKeyTable, Details, Due, Event,
    EventId, EventQueue, Failure, Generation, Holder, KekId, Link, Linked, MemoryStore, Notes, Removed,
    Retire, Retired, Revision, Revocation, RevocationQueue, Standing, StoreError, StoredToken, Success,
    TokenStore, Updated, Version, Wrapped, WrappedDataKey, testing::store_methods::store_methods,
};

/// One call of a method, before and after it.
pub(super) struct Call<'a> {
    /// Which method.
    pub(super) method: &'static str,
    /// The connection that it names, if it names one.
    pub(super) key: Option<(TenantId, ConnectionId)>,
    /// The store that it goes to.
    pub(super) store: &'a MemoryStore,
    values: Vec<&'a mut dyn Any>,
}

impl Call<'_> {
    pub(super) fn is(&self, methods: &[&str]) -> bool {
        methods.contains(&self.method)
    }

    /// The first argument of this type; or, after the call, the answer.
    pub(super) fn value<T: 'static>(&mut self) -> Option<&mut T> {
        self.values.iter_mut().find_map(|value| value.downcast_mut())
    }

    /// The answer, if the call went well.
    pub(super) fn answer<T: 'static>(&mut self) -> Option<&mut T> {
        self.value::<Result<T, StoreError>>().and_then(|answer| answer.as_mut().ok())
    }

    /// What is stored of the connection.
    pub(super) fn stored(&self) -> Option<StoredToken> {
        self.store.peek(self.key?)
    }

    /// Changes what is stored of the connection.
    pub(super) fn overwrite(&self, change: impl Fn(&mut StoredToken)) {
        if let Some(key) = self.key {
            self.store.overwrite(key, change);
        }
    }
}

pub(super) type Bend = fn(&mut Call<'_>);

/// Bends every call.
pub(super) struct Bent {
    store: Arc<MemoryStore>,
    before: Bend,
    after: Bend,
}

/// Handles on one store that is bent like this.
pub(super) fn bent(handles: usize, before: Bend, after: Bend) -> Bench {
    let clock = Arc::new(TestClock::new());
    let store = Arc::new(MemoryStore::with_clock(clock.clone()));
    let handle: Handle = Arc::new(Bent { store: store.clone(), before, after });
    Bench::new(vec![handle; handles], Arc::new(Control { clock, store }))
}

struct Control {
    clock: Arc<TestClock>,
    store: Arc<MemoryStore>,
}

#[async_trait]
impl StoreControl for Control {
    async fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    async fn spoil(&self, tenant: TenantId, connection: ConnectionId) {
        self.store.spoil(tenant, connection);
    }
}

impl fmt::Debug for Bent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = "Bent".to_owned();
        self.bend(self.before, "fmt", None, vec![&mut text]);
        f.write_str(&text)
    }
}

impl Bent {
    fn bend(
        &self,
        bend: Bend,
        method: &'static str,
        key: Option<(TenantId, ConnectionId)>,
        values: Vec<&mut dyn Any>,
    ) {
        bend(&mut Call { method, key, store: &self.store, values });
    }
}

fn key_of(values: &[&mut dyn Any]) -> Option<(TenantId, ConnectionId)> {
    let tenant = values.iter().find_map(|value| value.downcast_ref())?;
    Some((*tenant, values.iter().find_map(|value| value.downcast_ref()).copied()?))
}

macro_rules! bending {
    ($($trait:ident {
        $(fn $method:ident($($argument:ident: $type:ty),*) [$($owned:ident)*] -> $answer:ty;)*
    })*) => {$(
        #[async_trait]
        impl $trait for Bent {
            $(
                #[allow(unused_mut, reason = "borrowed arguments are not bent")]
                async fn $method(&self, $(mut $argument: $type),*) -> Result<$answer, StoreError> {
                    let key = {
                        let values: Vec<&mut dyn Any> = vec![$(&mut $owned),*];
                        let key = key_of(&values);
                        self.bend(self.before, stringify!($method), key, values);
                        key
                    };
                    let mut answer = self.store.$method($($argument),*).await;
                    self.bend(self.after, stringify!($method), key, vec![&mut answer]);
                    answer
                }
            )*
        }
    )*};
}

store_methods!(bending);
