use sociogram_oauth_core::ConnectionId;

use super::*;
use crate::{
    Generation, LocalKeys, MemoryStore,
    envelope::Field,
    scripted_keys::{Mood, NEW, OLD, ScriptedKeys, ScriptedTable},
};

mod cache;
mod faults;
mod rotation;
mod shred;

const TENANT: TenantId = TenantId::from_bytes([1; 16]);
const OTHER: TenantId = TenantId::from_bytes([2; 16]);

/// One process over a store that others may share.
struct World {
    store: Arc<MemoryStore>,
    table: Arc<ScriptedTable>,
    provider: Arc<ScriptedKeys>,
    keys: DataKeys,
}

impl World {
    fn new() -> Self {
        Self::over(Arc::new(MemoryStore::new()))
    }

    fn over(store: Arc<MemoryStore>) -> Self {
        let table = ScriptedTable::over(Arc::clone(&store));
        let provider = ScriptedKeys::over(LocalKeys::parse(OLD).unwrap());
        let keys = DataKeys::new(provider.clone(), table.clone());
        Self { store, table, provider, keys }
    }

    /// Another process over the same store.
    fn process(&self) -> Self {
        Self::over(Arc::clone(&self.store))
    }

    async fn seal(&self, tenant: TenantId, now: i64) -> Sealed {
        self.try_seal(tenant, now).await.unwrap()
    }

    async fn try_seal(&self, tenant: TenantId, now: i64) -> Result<Sealed, VaultError> {
        self.keys.sealer(tenant, at(now)).await?.seal(&place(tenant), "EAAB")
    }

    async fn open(&self, tenant: TenantId, sealed: &Sealed, now: i64) -> Result<(), VaultError> {
        let secret = self.keys.open(sealed, &place(tenant), at(now)).await?;
        assert_eq!(**secret, *"EAAB");
        Ok(())
    }

    async fn active(&self) -> WrappedDataKey {
        self.store.active_key(TENANT).await.unwrap().unwrap()
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn place(tenant: TenantId) -> Place {
    let connection = ConnectionId::from_bytes([9; 16]);
    Place { tenant, connection, field: Field::Access, generation: Generation::new(1) }
}

#[tokio::test]
async fn what_is_sealed_opens_here_and_in_another_process() {
    let world = World::new();
    let sealed = world.seal(TENANT, 0).await;
    assert_eq!(sealed.key_id(), world.keys.active_key_id(TENANT).await.unwrap());
    assert_eq!(world.keys.active_key_id(OTHER).await.unwrap(), None);
    world.open(TENANT, &sealed, 0).await.unwrap();
    world.process().open(TENANT, &sealed, 0).await.unwrap();
    let clone = world.keys.clone();
    assert_eq!(**clone.open(&sealed, &place(TENANT), at(0)).await.unwrap(), *"EAAB");
}

#[tokio::test]
async fn no_ciphertext_opens_for_another_tenant_or_under_another_key() {
    let world = World::new();
    // Two tenants with two keys each; of all sixteen pairs, the four of one row open.
    let mut rows = Vec::new();
    for tenant in [TENANT, OTHER] {
        rows.push((tenant, world.seal(tenant, 0).await));
        world.keys.rotate(tenant, at(0)).await.unwrap();
        rows.push((tenant, world.seal(tenant, 0).await));
    }
    for (from, (_, sealed)) in rows.iter().enumerate() {
        for (to, (tenant, other)) in rows.iter().enumerate() {
            let mut renamed = sealed.as_bytes().to_vec();
            renamed[2..6].copy_from_slice(&other.as_bytes()[2..6]);
            let opened = world.open(*tenant, &Sealed::from_bytes(renamed), 0).await;
            let fault = opened.err().and_then(|error| error.seal_fault());
            assert_eq!(fault, (from != to).then_some(SealFault::Tampered), "{from} at {to}");
        }
        let foreign = if from < 2 { OTHER } else { TENANT };
        let error = world.open(foreign, sealed, 0).await.unwrap_err();
        assert_eq!(error.seal_fault(), Some(SealFault::WrongKey));
    }
}

#[tokio::test]
async fn debug_shows_no_key() {
    let world = World::new();
    world.seal(TENANT, 0).await;
    let text = format!("{:?} {:?}", world.keys, world.keys.sealer(TENANT, at(0)).await.unwrap());
    assert!(text.contains("HeldKey([redacted])") && !text.contains(OLD), "{text}");
}
