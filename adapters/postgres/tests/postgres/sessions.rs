//! What only this store of logins does.

use sociogram_api_core::{Clock as _, SystemClock};
use sociogram_oauth_core::{NewSession, SessionKey, SessionOwner, SessionStore as _};
use sociogram_test_postgres::require_postgres;
use std::time::Duration;

use crate::bench::{connection, migrated, store};

#[tokio::test]
async fn what_expired_long_ago_is_purged_in_batches() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    let now = SystemClock::new().now();
    // Two that expired more than an hour ago, one that did a while ago, one that is open.
    for (number, minutes) in [(1, 200), (2, 61), (3, 59)] {
        let end = now.saturating_sub(Duration::from_secs(60 * minutes));
        let begin = end.saturating_sub(Duration::from_secs(600));
        let (key, owner) = (SessionKey::from_bytes([number; 32]), SessionOwner::from_bytes([number; 32]));
        store.put(NewSession::new(key, owner, vec![number], begin, end)).await.unwrap();
    }
    let (key, owner) = (SessionKey::from_bytes([4; 32]), SessionOwner::from_bytes([4; 32]));
    store
        .put(NewSession::new(key, owner, vec![4], now, now.saturating_add(Duration::from_secs(600))))
        .await
        .unwrap();
    assert_eq!(store.purge_sessions(1).await.unwrap(), 1);
    assert_eq!(store.purge_sessions(9).await.unwrap(), 1);
    assert_eq!(store.purge_sessions(9).await.unwrap(), 0);
    let left: Vec<Vec<u8>> = sqlx::query_scalar("select blob from sociogram.session order by 1")
        .fetch_all(&mut connection(&database.owner_url()).await)
        .await
        .unwrap();
    assert_eq!(left, [vec![3], vec![4]]);
    assert_eq!(store.take(&key, now).await.unwrap(), Some(vec![4]));
}

#[tokio::test]
async fn a_key_is_free_again_once_its_session_has_expired() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    let now = SystemClock::new().now();
    let session = |owner, seconds| {
        let begin = now.saturating_add(Duration::from_secs(seconds));
        let end = begin.saturating_add(Duration::from_secs(600));
        NewSession::new(
            SessionKey::from_bytes([1; 32]),
            SessionOwner::from_bytes([owner; 32]),
            vec![owner],
            begin,
            end,
        )
    };
    store.put(session(1, 0)).await.unwrap();
    let error = store.put(session(2, 599)).await.unwrap_err();
    assert_eq!(error.to_string(), "a login with this state is already open");
    store.put(session(2, 600)).await.unwrap();
}
