use std::{sync::Arc, time::Duration};

use super::{FaultyInbox, InboxBench, MemoryBench, async_trait};
use crate::inbox::{InboxStore, MemoryInbox};

/// Its clock goes with tokio's time.
struct Paused(MemoryInbox);

#[async_trait]
impl InboxBench for Paused {
    fn store(&self) -> Arc<dyn InboxStore> {
        Arc::new(self.0.clone())
    }

    async fn advance(&self, by: Duration) {
        tokio::time::advance(by).await;
    }
}

/// Every call passes through a store that fails nothing.
struct Decorated(MemoryBench);

#[async_trait]
impl InboxBench for Decorated {
    fn store(&self) -> Arc<dyn InboxStore> {
        FaultyInbox::over(self.0.store())
    }

    async fn advance(&self, by: Duration) {
        self.0.advance(by).await;
    }
}

async fn open_paused() -> Paused {
    tokio::time::pause();
    Paused(MemoryInbox::new())
}

async fn open_running() -> MemoryBench {
    MemoryBench::new()
}

async fn open_decorated() -> Decorated {
    Decorated(MemoryBench::new())
}

mod paused {
    crate::inbox_store_contract!(super::open_paused);
}

mod running {
    crate::inbox_store_contract!(super::open_running);
}

mod decorated {
    crate::inbox_store_contract!(super::open_decorated);
}
