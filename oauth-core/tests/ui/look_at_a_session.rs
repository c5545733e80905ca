//! Nobody can look at an open login without using it up.

use sociogram_oauth_core::{SessionKey, SessionStore};

async fn look(store: &dyn SessionStore, key: &SessionKey) {
    let _ = store.get(key).await;
}

fn main() {}
