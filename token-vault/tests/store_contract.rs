//! The contract of stores, for the store in memory: from outside, as the authors of other stores use it.

use sociogram_token_vault::{testing::store_contract::Bench, vault_store_contract};

async fn open(handles: usize) -> Bench {
    Bench::in_memory(handles)
}

vault_store_contract!(open);
