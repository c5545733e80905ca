//! One process: a vault with its worker, which may die at any moment.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sociogram_oauth_core::ProviderId;
use sociogram_token_vault::{
    AssetRepo, AuditLog, ConnectionRepo, DataKeyTable, DataKeys, LocalKeys, MemoryStore, TokenStore, Vault,
    Worker,
    testing::{Fault, FaultyStore},
};

use crate::{
    chance::Chance,
    clock::VirtualTime,
    provider::{Line, Provider, Waiting},
};

pub(crate) const APP: &str = "app";
pub(crate) const PROVIDER: ProviderId = ProviderId::from_static("example");
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// What a process needs of the world.
pub(crate) struct Surroundings {
    pub(crate) time: VirtualTime,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) provider: Arc<Provider>,
    pub(crate) waiting: Waiting,
}

pub(crate) struct Process {
    pub(crate) vault: Vault,
    pub(crate) worker: Worker,
    store: Arc<FaultyStore>,
    dead: Arc<AtomicBool>,
}

impl Surroundings {
    fn line(&self, dead: &Arc<AtomicBool>) -> Line {
        Line {
            provider: Arc::clone(&self.provider),
            dead: Arc::clone(dead),
            waiting: Arc::clone(&self.waiting),
        }
    }
}

/// A vault that nothing happens to.
pub(crate) fn vault(around: &Surroundings, time: VirtualTime) -> Vault {
    vault_over(around.store.clone(), around.line(&Arc::default()), time)
}

fn vault_over<S>(store: Arc<S>, line: Line, time: VirtualTime) -> Vault
where
    S: TokenStore + ConnectionRepo + AssetRepo + AuditLog + DataKeyTable,
{
    let keys = DataKeys::new(Arc::new(LocalKeys::parse(KEY).unwrap()), store.clone());
    let builder = Vault::builder(store, keys).app(PROVIDER, APP, Arc::new(line));
    builder.timer(Arc::new(time)).build().unwrap()
}

impl Process {
    /// Started, on a machine whose clock is wrong by up to 20 seconds.
    pub(crate) fn start(around: &Surroundings, chance: &Chance) -> Self {
        let wrong = chance.between(Duration::ZERO, Duration::from_secs(20));
        let time = match chance.below(2) {
            0 => around.time.off_by(wrong, Duration::ZERO),
            _ => around.time.off_by(Duration::ZERO, wrong),
        };
        let store = FaultyStore::over(around.store.clone());
        let dead = Arc::new(AtomicBool::new(false));
        let line = around.line(&dead);
        let vault = vault_over(store.clone(), line, time);
        let worker = vault.worker(store.clone()).build().unwrap();
        Self { vault, worker, store, dead }
    }

    /// From now on nothing that it does has an effect, and it learns of nothing.
    pub(crate) fn die(&self) {
        self.dead.store(true, Ordering::Relaxed);
        self.store.kill();
    }

    /// Its way to the store breaks for a few calls.
    pub(crate) fn stumble(&self, chance: &Chance) {
        let methods = ["read", "claim", "commit_success", "commit_failure", "amend", "due_batch"];
        let method = methods[usize::try_from(chance.below(6)).unwrap()];
        let fault = if chance.percent(50) { Fault::NothingDone } else { Fault::AnswerLost };
        self.store.fail(method, fault, usize::try_from(1 + chance.below(3)).unwrap());
    }
}
