//! A rotation of the wrapping key in two processes that serve all the while.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
};

use sociogram_oauth_core::ConnectionId;

use super::*;
use crate::{
    Generation, KeyFile, Sealed, VaultError,
    envelope::{Field, Place},
};

/// A process with its keys in a file, and what its callers did.
struct Process {
    file: Arc<KeyFile>,
    keys: DataKeys,
    done: AtomicU64,
    stop: Arc<AtomicBool>,
    clock: Arc<AtomicI64>,
}

impl Process {
    /// One caller: seals for one tenant after the other, opens it, and opens what was sealed first.
    async fn serve(&self) -> Result<(), VaultError> {
        let mut first: Vec<(Place, Sealed)> = Vec::new();
        while !self.stop.load(Ordering::Relaxed) {
            let done = self.done.fetch_add(1, Ordering::Relaxed);
            // Every round is more than ten minutes after the last: nothing is served from memory.
            let now = Timestamp::from_unix_seconds(self.clock.fetch_add(601, Ordering::Relaxed));
            let place = place(u8::try_from(done % 40).unwrap());
            let sealed = self.keys.sealer(place.tenant, now).await?.seal(&place, "EAAB")?;
            let new = (place, sealed);
            for (place, sealed) in [&new].into_iter().chain(&first) {
                assert_eq!(**self.keys.open(sealed, place, now).await?, *"EAAB");
            }
            if first.len() < 3 {
                first.push(new);
            }
            tokio::task::yield_now().await;
        }
        Ok(())
    }
}

fn place(number: u8) -> Place {
    Place {
        tenant: tenant(number),
        connection: ConnectionId::from_bytes([9; 16]),
        field: Field::Refresh,
        generation: Generation::new(1),
    }
}

/// Every caller has begun and ended a whole round since.
async fn a_while(processes: &[Arc<Process>]) {
    for process in processes {
        let before = process.done.load(Ordering::Relaxed);
        while process.done.load(Ordering::Relaxed) < before + 100 {
            tokio::task::yield_now().await;
        }
    }
}

fn write(path: &PathBuf, text: &str) {
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_kek_rotation_with_rewrap_during_traffic() {
    let path = std::env::temp_dir().join(format!("sociogram-rotation-{}", std::process::id()));
    write(&path, OLD);
    let store = Arc::new(MemoryStore::new());
    let (stop, clock) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)));
    let process = || {
        let file = Arc::new(KeyFile::open(&path).unwrap());
        let keys = DataKeys::new(file.clone(), store.clone());
        let (stop, clock) = (Arc::clone(&stop), Arc::clone(&clock));
        Arc::new(Process { file, keys, done: AtomicU64::new(0), stop, clock })
    };
    let processes = [process(), process()];
    let callers: Vec<_> = processes
        .iter()
        .flat_map(|process| (0..4).map(|_| Arc::clone(process)))
        .map(|process| tokio::spawn(async move { process.serve().await }))
        .collect();
    a_while(&processes).await;

    // Every process learns the new key before any process wraps with it.
    for text in [format!("{OLD},{NEW}"), format!("{NEW},{OLD}")] {
        write(&path, &text);
        for process in &processes {
            process.file.reload().unwrap();
            a_while(&processes).await;
        }
    }
    let keys = &processes[0].keys;
    let (mut moved, mut job) = (0, keys.rewrap(3));
    while let Some(progress) = job.next().await.unwrap() {
        assert_eq!(progress.failed, []);
        moved += progress.moved;
        tokio::task::yield_now().await;
    }
    assert!(moved >= 40, "{moved}");
    let status = keys.status().await.unwrap();
    let old = status.keys.iter().find(|key| key.id == id(OLD)).unwrap();
    assert!(old.is_removable(), "{old:?}");
    write(&path, NEW);
    for process in &processes {
        assert_eq!(process.file.reload().unwrap().removed, [id(OLD)]);
    }
    a_while(&processes).await;

    stop.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(keys.status().await.unwrap().keys.len(), 1);
}
