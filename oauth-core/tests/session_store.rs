//! The contract of session stores, for the store in memory.

use std::sync::Arc;

use sociogram_oauth_core::{MemorySessionStore, SessionStore, session_store_contract};

async fn open(handles: usize) -> Vec<Arc<dyn SessionStore>> {
    let store: Arc<dyn SessionStore> = Arc::new(MemorySessionStore::new());
    vec![store; handles]
}

session_store_contract!(open);
