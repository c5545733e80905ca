//! The suite finds stores that break a promise.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

use super::*;

/// A store that keeps every promise but one.
#[derive(Clone)]
struct Flawed {
    flaw: Flaw,
    rows: Arc<Mutex<Vec<NewSession>>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Flaw {
    None,
    CutsBlobs,
    ReadsBlobsAsText,
    TakesEmptyForNothing,
    GivesTwice,
    FindsThenDeletes,
    GivesExpired,
    GivesAtTheEnd,
    ComparesHalfTheKey,
    ReplacesSessions,
    ChecksThenInserts,
    HasNoShare,
    DropsTheYoungest,
    CountsExpired,
    TrustsClocks,
    SharesAmongAll,
    ComparesHalfTheOwner,
    LivesInOneProcess,
    ShowsBlobs,
    ShowsKeys,
}

impl Flawed {
    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn with<T>(&self, change: impl FnOnce(&mut Vec<NewSession>) -> T) -> T {
        change(&mut self.rows.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn finds(&self, row: &NewSession, key: &SessionKey) -> bool {
        let bytes = if self.is(Flaw::ComparesHalfTheKey) { 16 } else { 32 };
        row.key.as_bytes()[..bytes] == key.as_bytes()[..bytes]
    }

    fn counts(&self, row: &NewSession, new: &NewSession) -> bool {
        let bytes = if self.is(Flaw::ComparesHalfTheOwner) { 16 } else { 32 };
        let same = row.owner.as_bytes()[..bytes] == new.owner.as_bytes()[..bytes];
        (same || self.is(Flaw::SharesAmongAll))
            && (row.expires_at > new.created_at || self.is(Flaw::CountsExpired))
    }

    fn keep_the_share(&self, rows: &mut Vec<NewSession>, new: &NewSession) {
        let mut mine: Vec<_> = rows.iter().filter(|row| self.counts(row, new)).cloned().collect();
        if self.is(Flaw::TrustsClocks) {
            mine.sort_by_key(|row| row.created_at);
        }
        if self.is(Flaw::DropsTheYoungest) {
            mine.reverse();
        }
        let surplus = mine.len().saturating_sub(MAX_OPEN_SESSIONS);
        for gone in &mine[..surplus] {
            rows.retain(|row| row.key != gone.key);
        }
    }
}

impl fmt::Debug for Flawed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with(|rows| match self.flaw {
            Flaw::ShowsBlobs => f.debug_list().entries(rows.iter().map(|row| &row.blob)).finish(),
            Flaw::ShowsKeys => f.debug_list().entries(rows.iter().map(|row| row.key.as_bytes())).finish(),
            _ => f.write_str("Flawed"),
        })
    }
}

#[async_trait]
impl SessionStore for Flawed {
    async fn put(&self, mut new: NewSession) -> Result<(), SessionStoreError> {
        match self.flaw {
            Flaw::CutsBlobs => new.blob.truncate(1 << 15),
            Flaw::ReadsBlobsAsText => new.blob = String::from_utf8_lossy(&new.blob).into_owned().into_bytes(),
            Flaw::ReplacesSessions => self.with(|rows| rows.retain(|row| row.key != new.key)),
            _ => {}
        }
        let used = SessionStoreError::new("the key is in use");
        if self.is(Flaw::ChecksThenInserts) {
            if self.with(|rows| rows.iter().any(|row| row.key == new.key)) {
                return Err(used);
            }
            tokio::task::yield_now().await;
            self.with(|rows| rows.push(new));
            return Ok(());
        }
        self.with(|rows| {
            if rows.iter().any(|row| row.key == new.key) {
                return Err(used);
            }
            rows.push(new.clone());
            if !self.is(Flaw::HasNoShare) {
                self.keep_the_share(rows, &new);
            }
            Ok(())
        })
    }

    async fn take(&self, key: &SessionKey, now: Timestamp) -> Result<Option<Vec<u8>>, SessionStoreError> {
        let end = if self.is(Flaw::GivesAtTheEnd) { now.saturating_sub(Duration::from_secs(1)) } else { now };
        let fits =
            |row: &NewSession| self.finds(row, key) && (row.expires_at > end || self.is(Flaw::GivesExpired));
        let found = if self.is(Flaw::FindsThenDeletes) {
            let found = self.with(|rows| rows.iter().find(|row| fits(row)).cloned());
            tokio::task::yield_now().await;
            self.with(|rows| rows.retain(|row| row.key != *key));
            found
        } else {
            self.with(|rows| {
                let place = rows.iter().position(fits)?;
                Some(if self.is(Flaw::GivesTwice) { rows[place].clone() } else { rows.remove(place) })
            })
        };
        let blob = found.map(|row| row.blob);
        Ok(blob.filter(|blob| !blob.is_empty() || !self.is(Flaw::TakesEmptyForNothing)))
    }
}

/// Names of the clauses that do not hold.
async fn broken(flaw: Flaw) -> Vec<&'static str> {
    macro_rules! broken_of {
        ($($clause:ident)*) => {{
            let mut broken = Vec::new();
            $(
                let open = async move |handles: usize| {
                    let store = || Flawed { flaw, rows: Arc::default() };
                    let one: Handle = Arc::new(store());
                    let next = |_| match flaw {
                        Flaw::LivesInOneProcess => Arc::new(store()) as Handle,
                        _ => Arc::clone(&one),
                    };
                    (0..handles).map(next).collect()
                };
                if tokio::spawn($clause(open)).await.is_err() {
                    broken.push(stringify!($clause));
                }
            )*
            broken
        }};
    }
    // The same list as in the macro: a clause without a store that fails it would prove nothing.
    broken_of! {
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
}

#[tokio::test]
async fn a_store_that_breaks_a_promise_fails_the_clause_of_that_promise() {
    assert_eq!(broken(Flaw::None).await, Vec::<&str>::new());
    for (flaw, clause) in [
        (Flaw::CutsBlobs, "a_session_comes_back_byte_for_byte"),
        (Flaw::ReadsBlobsAsText, "a_session_comes_back_byte_for_byte"),
        (Flaw::TakesEmptyForNothing, "an_empty_blob_is_a_session_too"),
        (Flaw::GivesTwice, "a_session_is_taken_once"),
        (Flaw::GivesTwice, "what_one_handle_took_is_gone_for_all"),
        (Flaw::FindsThenDeletes, "one_of_fifty_concurrent_takes_wins"),
        (Flaw::GivesExpired, "an_expired_session_is_never_given"),
        (Flaw::GivesAtTheEnd, "an_expired_session_is_never_given"),
        (Flaw::ComparesHalfTheKey, "an_unknown_key_gives_nothing"),
        (Flaw::ReplacesSessions, "a_used_key_is_refused_and_the_first_session_kept"),
        (Flaw::ChecksThenInserts, "one_of_fifty_concurrent_puts_with_one_key_wins"),
        (Flaw::HasNoShare, "the_twenty_first_of_an_owner_drops_the_oldest"),
        (Flaw::DropsTheYoungest, "the_twenty_first_of_an_owner_drops_the_oldest"),
        (Flaw::CountsExpired, "expired_sessions_do_not_count"),
        (Flaw::TrustsClocks, "the_session_just_put_is_kept_even_if_its_clock_is_behind"),
        (Flaw::SharesAmongAll, "other_owners_are_left_alone"),
        (Flaw::ComparesHalfTheOwner, "other_owners_are_left_alone"),
        (Flaw::LivesInOneProcess, "every_handle_sees_what_one_has_put"),
        (Flaw::ShowsBlobs, "debug_shows_neither_blob_nor_key"),
        (Flaw::ShowsKeys, "debug_shows_neither_blob_nor_key"),
    ] {
        let broken = broken(flaw).await;
        assert!(broken.contains(&clause), "{flaw:?} fails {broken:?} only");
    }
}
