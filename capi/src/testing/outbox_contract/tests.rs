use std::{collections::BTreeSet, sync::Arc, time::Duration};

use super::{MemoryBench, OutboxBench, async_trait};
use crate::{outbox::OutboxStore, testing::FaultyOutbox};

/// Every call passes through a store that fails nothing.
struct Decorated(MemoryBench);

#[async_trait]
impl OutboxBench for Decorated {
    fn store(&self) -> Arc<dyn OutboxStore> {
        FaultyOutbox::over(self.0.store())
    }

    async fn advance(&self, by: Duration) {
        self.0.advance(by).await;
    }
}

async fn open_memory() -> MemoryBench {
    MemoryBench::new()
}

async fn open_decorated() -> Decorated {
    Decorated(MemoryBench::new())
}

mod memory {
    crate::outbox_store_contract!(super::open_memory);
}

mod decorated {
    crate::outbox_store_contract!(super::open_decorated);
}

macro_rules! named {
    ($($part:ident { $($clause:ident)* })*) => { [$($(concat!(stringify!($part), " ", stringify!($clause))),*),*] };
}

#[test]
fn every_clause_is_a_test() {
    let named: BTreeSet<&str> = crate::outbox_store_clauses!([named]).into();
    let sources = [
        ("adding", include_str!("adding.rs")),
        ("claims", include_str!("claims.rs")),
        ("settling", include_str!("settling.rs")),
        ("lapses", include_str!("lapses.rs")),
        ("replays", include_str!("replays.rs")),
        ("lists", include_str!("lists.rs")),
        ("retention", include_str!("retention.rs")),
    ];
    let mut written = 0;
    for (part, source) in sources {
        for line in source.lines().filter_map(|line| line.strip_prefix("pub async fn ")) {
            let clause = line.split('<').next().unwrap();
            assert!(named.contains(&*format!("{part} {clause}")), "{part}::{clause} is no test");
            written += 1;
        }
    }
    assert_eq!(named.len(), written);
}
