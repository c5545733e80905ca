//! What every [`SessionStore`] promises, one function per clause. Exempt from semantic versioning.
//!
//! Each clause gets a function that opens a number of handles on **one fresh, empty backing store**. The
//! handles stand for processes: give each its own connection pool, not clones of one. A clause panics when it
//! does not hold. Time is passed in, so nothing waits.
//!
//! [`session_store_contract!`](crate::session_store_contract) makes a test of each clause:
//!
//! ```
//! use std::sync::Arc;
//!
//! use sociogram_oauth_core::{MemorySessionStore, SessionStore};
//!
//! /// A store in memory has one process only, so its handles are one store.
//! async fn open(handles: usize) -> Vec<Arc<dyn SessionStore>> {
//!     let store: Arc<dyn SessionStore> = Arc::new(MemorySessionStore::new());
//!     vec![store; handles]
//! }
//!
//! mod memory {
//!     sociogram_oauth_core::session_store_contract!(super::open);
//! }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! # use sociogram_oauth_core::testing::session_store;
//! # session_store::a_session_comes_back_byte_for_byte(open).await;
//! # });
//! ```
//!
//! Attributes before the factory go to every test: `session_store_contract!(#[ignore = "needs a database"] open);`.
//! The crate that calls the macro needs `tokio` with its features `macros` and `rt-multi-thread`.

use std::{future::Future, sync::Arc, time::Duration};

use sociogram_api_core::Timestamp;
use tokio::{sync::Barrier, task::JoinSet};

use crate::{MAX_OPEN_SESSIONS, NewSession, SessionKey, SessionOwner, SessionStore, SessionStoreError};

type Handle = Arc<dyn SessionStore>;

/// 2026-01-01T00:00:00Z.
const START: Timestamp = Timestamp::from_unix_seconds(1_767_225_600);
const LIFE: u64 = 600;

/// Makes one `#[tokio::test]` of each clause of the [contract](crate::testing::session_store).
///
/// The factory is an `async fn(usize) -> Vec<Arc<dyn SessionStore>>`: that many handles on one fresh, empty
/// backing store.
#[macro_export]
macro_rules! session_store_contract {
    ($(#[$attribute:meta])* $factory:expr) => {
        $crate::session_store_contract! { @clauses $factory; [$(#[$attribute])*]
            a_session_comes_back_byte_for_byte
            an_empty_blob_is_a_session_too
            a_session_is_taken_once
            one_of_fifty_concurrent_takes_wins
            an_expired_session_is_never_given
            an_unknown_key_gives_nothing
            a_used_key_is_refused_and_the_first_session_kept
            one_of_fifty_concurrent_puts_with_one_key_wins
            the_twenty_first_of_an_owner_drops_the_oldest
            expired_sessions_do_not_count
            the_session_just_put_is_kept_even_if_its_clock_is_behind
            other_owners_are_left_alone
            every_handle_sees_what_one_has_put
            what_one_handle_took_is_gone_for_all
            debug_shows_neither_blob_nor_key
        }
    };
    (@clauses $factory:expr; $attributes:tt $($clause:ident)*) => {
        $($crate::session_store_contract! { @test $factory; $attributes $clause })*
    };
    (@test $factory:expr; [$(#[$attribute:meta])*] $clause:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        $(#[$attribute])*
        async fn $clause() {
            $crate::testing::session_store::$clause($factory).await;
        }
    };
}

/// Whatever the bytes are, and however many: 64 KiB of every value come back as they were.
pub async fn a_session_comes_back_byte_for_byte(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let store = one(open).await;
    let blob: Vec<u8> = (0..=u8::MAX).cycle().take(64 * 1024).collect();
    kept(store.put(NewSession { blob: blob.clone(), ..session(1, 1, 0) }).await);
    let taken = take(&store, 1, 1).await;
    assert!(taken == Some(blob), "the blob changed: {:?} bytes came back", taken.map(|blob| blob.len()));
}

/// A session without content is still one.
pub async fn an_empty_blob_is_a_session_too(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let store = one(open).await;
    kept(store.put(NewSession { blob: Vec::new(), ..session(1, 1, 0) }).await);
    assert_eq!(take(&store, 1, 1).await, Some(Vec::new()), "an empty blob is not the same as no session");
}

/// The second `take` finds nothing.
pub async fn a_session_is_taken_once(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let store = one(open).await;
    kept(store.put(session(1, 1, 0)).await);
    assert_eq!(take(&store, 1, 1).await, Some(blob(1)));
    assert_eq!(take(&store, 1, 1).await, None, "a session was given twice");
}

/// Fifty callbacks at once, in several processes: one of them goes on.
pub async fn one_of_fifty_concurrent_takes_wins(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let handles: [_; 5] = several(open).await;
    for round in 0..5 {
        kept(handles[0].put(session(round, 1, 0)).await);
        let results = race(&handles, move |store, _| async move { take(&store, round, 1).await }).await;
        let winners: Vec<_> = results.into_iter().flatten().collect();
        assert_eq!(winners, [blob(round)], "of fifty concurrent takes exactly one must get the session");
    }
}

/// From `expires_at` on a session is not given any more.
pub async fn an_expired_session_is_never_given(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let store = one(open).await;
    for key in 1..=3 {
        kept(store.put(session(key, 1, 0)).await);
    }
    assert_eq!(take(&store, 1, LIFE).await, None, "at `expires_at` a session has expired");
    assert_eq!(take(&store, 2, LIFE * 1000).await, None, "an expired session was given");
    assert_eq!(take(&store, 3, LIFE - 1).await, Some(blob(3)), "until `expires_at` a session is good");
}

/// A key that differs in a single bit is another key.
pub async fn an_unknown_key_gives_nothing(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let store = one(open).await;
    assert_eq!(take(&store, 1, 1).await, None, "an empty store gave a session");
    kept(store.put(session(1, 1, 0)).await);
    for (place, near) in near(*key(1).as_bytes()) {
        let taken = store.take(&SessionKey::from_bytes(near), at(1)).await;
        assert_eq!(answered(taken), None, "byte {place} of the key is not compared");
    }
    assert_eq!(take(&store, 1, 1).await, Some(blob(1)));
}

/// Whoever puts a second session under one key gets an error, also through another handle and for another
/// owner, and the first session stays as it was.
pub async fn a_used_key_is_refused_and_the_first_session_kept(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let [first, second] = several(open).await;
    kept(first.put(session(1, 1, 0)).await);
    for store in [&first, &second] {
        for owner in [1, 2] {
            let again = NewSession { blob: b"again".to_vec(), ..session(1, owner, 1) };
            assert!(store.put(again).await.is_err(), "a second session was kept under one key");
        }
    }
    assert_eq!(take(&first, 1, 2).await, Some(blob(1)), "the first session must stay");
}

/// Of fifty sessions put at once under one key, one is kept, and it is the one whose `put` succeeded.
pub async fn one_of_fifty_concurrent_puts_with_one_key_wins(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let handles: [_; 5] = several(open).await;
    let results = race(&handles, |store, number| async move {
        let mine = NewSession { blob: vec![number], ..session(1, number, 0) };
        store.put(mine).await.ok().map(|()| vec![number])
    })
    .await;
    let winners: Vec<_> = results.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1, "of fifty puts with one key exactly one must succeed");
    assert_eq!(take(&handles[0], 1, 1).await.as_ref(), winners.first());
}

/// Twenty open logins are one person's share; the next one drops the oldest, and only that one.
pub async fn the_twenty_first_of_an_owner_drops_the_oldest(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let [first, second] = several(open).await;
    for number in 0..=CAP {
        let store = if number % 2 == 0 { &first } else { &second };
        kept(store.put(session(number, 1, u64::from(number))).await);
    }
    assert_eq!(take(&first, 0, 60).await, None, "the oldest of 21 must be dropped");
    for number in 1..=CAP {
        assert_eq!(take(&second, number, 60).await, Some(blob(number)), "number {number} was dropped too");
    }
}

/// Sessions that have expired take nobody's place, even if nothing has removed them yet.
pub async fn expired_sessions_do_not_count(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let store = one(open).await;
    let long = NewSession { expires_at: at(100_000), ..session(0, 1, 0) };
    kept(store.put(long).await);
    for number in 1..CAP {
        kept(store.put(session(number, 1, u64::from(number))).await);
    }
    // The nineteen younger ones have expired by now; nineteen more make twenty with the old one.
    let later = LIFE + 1_000;
    for number in 1..CAP {
        kept(store.put(session(100 + number, 1, later + u64::from(number))).await);
    }
    for number in 1..CAP {
        assert_eq!(take(&store, 100 + number, later + 60).await, Some(blob(100 + number)));
    }
    assert_eq!(
        take(&store, 0, later + 60).await,
        Some(blob(0)),
        "an expired session took an open one's place"
    );
}

/// A process whose clock is behind must not lose every login that it starts.
pub async fn the_session_just_put_is_kept_even_if_its_clock_is_behind(
    open: impl AsyncFnOnce(usize) -> Vec<Handle>,
) {
    let [first, second] = several(open).await;
    for number in 0..CAP {
        kept(first.put(session(number, 1, 60)).await);
    }
    kept(second.put(session(CAP, 1, 0)).await);
    assert_eq!(take(&second, CAP, 1).await, Some(blob(CAP)), "a session was dropped by its own `put`");
}

/// The share is counted per owner. An owner is a hash of tenant and person, so the same person in two tenants
/// is two owners; owners that differ in a single bit are two as well.
pub async fn other_owners_are_left_alone(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let store = one(open).await;
    let near = near(*owner(1).as_bytes());
    for (number, (_, bytes)) in (200..).zip(near) {
        let owner = SessionOwner::from_bytes(bytes);
        kept(store.put(NewSession { owner, ..session(number, 1, 0) }).await);
    }
    for number in 0..=CAP {
        kept(store.put(session(number, 1, 1 + u64::from(number))).await);
    }
    assert_eq!(take(&store, 0, 60).await, None, "the oldest of 21 must be dropped");
    for (number, (place, _)) in (200..).zip(near) {
        let taken = take(&store, number, 60).await;
        assert_eq!(taken, Some(blob(number)), "an owner that differs in byte {place} lost a session");
    }
}

/// What one process keeps, another one can take.
pub async fn every_handle_sees_what_one_has_put(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let handles: [_; 3] = several(open).await;
    for (number, store) in (0..).zip(&handles) {
        kept(store.put(session(number, 1, 0)).await);
    }
    for (number, store) in (0..).zip(handles.iter().cycle().skip(1).take(3)) {
        assert_eq!(
            take(store, number, 1).await,
            Some(blob(number)),
            "a handle does not see another one's session"
        );
    }
}

/// What one process took, no other one gets.
pub async fn what_one_handle_took_is_gone_for_all(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let handles: [_; 3] = several(open).await;
    kept(handles[0].put(session(1, 1, 0)).await);
    assert_eq!(take(&handles[1], 1, 1).await, Some(blob(1)));
    for store in &handles {
        assert_eq!(take(store, 1, 1).await, None, "a session was given twice");
    }
}

/// `Debug` of a store, of a session and of an error is for logs: it shows neither blob nor key, as text, as
/// numbers, in hexadecimal or in base64.
pub async fn debug_shows_neither_blob_nor_key(open: impl AsyncFnOnce(usize) -> Vec<Handle>) {
    let store = one(open).await;
    let secret = NewSession {
        key: SessionKey::from_bytes(*b"KEYKEYKEYKEYKEYKEYKEYKEYKEYKEYKE"),
        blob: b"CAN".repeat(20),
        ..session(1, 1, 0)
    };
    kept(store.put(secret.clone()).await);
    let mut text = format!("{store:?} {store:#?} {secret:?} {secret:#?}");
    if let Err(error) = store.put(secret).await {
        text = format!("{text} {error} {error:?} {error:#?}");
    }
    // Without spaces, so that lists in one line and in many look the same.
    text.retain(|c| !c.is_whitespace());
    for trace in ["CANCAN", "67,65,78", "43414e", "43414E", "43,41,4e", "Q0FOQ0FO"] {
        assert!(!text.contains(trace), "the blob shows as {trace}");
    }
    for trace in ["KEYKEY", "75,69,89", "4b4559", "4B4559", "4b,45,59", "S0VZS0VZ"] {
        assert!(!text.contains(trace), "the key shows as {trace}");
    }
}

/// The share of one owner; also the number of the session that is one too many.
#[allow(clippy::cast_possible_truncation, reason = "it is 20")]
const CAP: u8 = MAX_OPEN_SESSIONS as u8;

fn at(seconds: u64) -> Timestamp {
    START.saturating_add(Duration::from_secs(seconds))
}

fn key(number: u8) -> SessionKey {
    SessionKey::from_bytes([number; 32])
}

fn owner(number: u8) -> SessionOwner {
    SessionOwner::from_bytes([number; 32])
}

fn blob(number: u8) -> Vec<u8> {
    vec![0, number, 0xFF]
}

fn session(number: u8, whose: u8, created: u64) -> NewSession {
    NewSession::new(key(number), owner(whose), blob(number), at(created), at(created + LIFE))
}

/// The same bytes with one bit changed: at the start, in the middle, at the end.
fn near(bytes: [u8; 32]) -> [(usize, [u8; 32]); 3] {
    [0, 15, 31].map(|place| {
        let mut near = bytes;
        near.iter_mut().skip(place).take(1).for_each(|byte| *byte ^= 1);
        (place, near)
    })
}

async fn one(open: impl AsyncFnOnce(usize) -> Vec<Handle>) -> Handle {
    let [store] = several(open).await;
    store
}

async fn several<const N: usize>(open: impl AsyncFnOnce(usize) -> Vec<Handle>) -> [Handle; N] {
    match open(N).await.try_into() {
        Ok(handles) => handles,
        Err(handles) => panic!("the factory was asked for {N} handles and opened {}", handles.len()),
    }
}

/// Runs the work fifty times at once, spread over the handles.
async fn race<T, F>(handles: &[Handle], work: impl Fn(Handle, u8) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    const RUNNERS: u8 = 50;
    let gate = Arc::new(Barrier::new(RUNNERS.into()));
    let mut tasks = JoinSet::new();
    for (number, store) in (0..RUNNERS).zip(handles.iter().cycle()) {
        let (work, gate) = (work(Arc::clone(store), number), Arc::clone(&gate));
        tasks.spawn(async move {
            gate.wait().await;
            work.await
        });
    }
    tasks.join_all().await
}

fn answered<T>(result: Result<T, SessionStoreError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("the store failed: {error:?}"),
    }
}

fn kept(result: Result<(), SessionStoreError>) {
    answered(result);
}

async fn take(store: &Handle, number: u8, seconds: u64) -> Option<Vec<u8>> {
    answered(store.take(&key(number), at(seconds)).await)
}

#[cfg(test)]
mod tests;
