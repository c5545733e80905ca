//! Hearing at once of what must not be used from memory any more.

use std::{fmt, pin::pin, sync::Arc, time::Duration};

use futures_util::future::{Either, select};
use sociogram_api_core::{SystemClock, Timer};
use sociogram_oauth_core::{ConnectionId, TenantId};
use sqlx::{Executor as _, postgres::PgListener};

use crate::ConnectOptions;

/// How often the connection is tried when nothing is heard.
const PING_EVERY: Duration = Duration::from_secs(30);
/// How long such a try may take.
const PING_WAIT: Duration = Duration::from_secs(5);
/// How long to wait before connecting again: first, and at most.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// What a [`Listener`] hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Heard {
    /// It listens from now on. What happened before was not heard: forget everything that is in memory.
    Listening,
    /// It does not listen any more, and is connecting again.
    Lost,
    /// This connection was ended, or the person must log in again.
    Connection {
        /// Whose it is.
        tenant: TenantId,
        /// Which one.
        connection: ConnectionId,
    },
    /// The tenant's keys were destroyed, or everything of it was erased.
    Tenant(TenantId),
}

/// Hears of changes that forbid the use of a token: a connection that was ended, erased, or needs a login; keys that
/// were destroyed. Renewals are not told: the database would slow down by a factor of three or four, and nobody is
/// harmed by a token that was replaced.
///
/// It takes one connection for itself, which must be a direct one: through a pooler in transaction mode nothing is
/// heard. Any login will do; what is told are ids. Without a listener a cache finds out by itself, after as long as it
/// keeps what it has.
pub struct Listener {
    options: ConnectOptions,
    timer: Arc<dyn Timer>,
}

impl Listener {
    /// On this server and schema. Does not connect yet.
    pub fn new(options: ConnectOptions) -> Self {
        Self { options, timer: Arc::new(SystemClock::new()) }
    }

    /// Listens until the future is dropped, and connects again whenever the connection is lost. `heard` should return
    /// soon: while it runs, nothing else is heard.
    ///
    /// ```no_run
    /// # use sociogram_postgres::{ConnectOptions, Heard, Listener};
    /// # async fn run(options: ConnectOptions) {
    /// Listener::new(options)
    ///     .run(|heard| match heard {
    ///         Heard::Connection { tenant, connection } => println!("forget {connection} of {tenant}"),
    ///         Heard::Tenant(tenant) => println!("forget everything of {tenant}"),
    ///         _ => println!("forget everything"),
    ///     })
    ///     .await;
    /// # }
    /// ```
    pub async fn run(&self, mut heard: impl FnMut(Heard) + Send) {
        let mut backoff = BACKOFF.0;
        loop {
            if let Ok(mut listener) = self.listen().await {
                heard(Heard::Listening);
                backoff = BACKOFF.0;
                self.hear(&mut listener, &mut heard).await;
                heard(Heard::Lost);
            }
            self.timer.sleep(backoff).await;
            backoff = (backoff * 2).min(BACKOFF.1);
        }
    }

    async fn listen(&self) -> Result<PgListener, sqlx::Error> {
        // A pool of its own each time: a broken connection would keep its place.
        let mut listener = PgListener::connect_with(&self.options.listening_pool()).await?;
        listener.ignore_pool_close_event(true);
        listener.eager_reconnect(false);
        listener.listen(self.options.schema.as_str()).await?;
        Ok(listener)
    }

    /// Hears until the connection is lost.
    async fn hear(&self, listener: &mut PgListener, heard: &mut (impl FnMut(Heard) + Send)) {
        loop {
            match self.in_time(listener.try_recv(), PING_EVERY).await {
                Some(Ok(Some(told))) => {
                    // Anybody may tell anything on a channel: what cannot be read is nothing of ours.
                    if let Some(what) = read(told.payload()) {
                        heard(what);
                    }
                }
                Some(Ok(None) | Err(_)) => return,
                // A connection that broke without a word is found out by asking.
                None => match self.in_time((&mut *listener).execute("select 1"), PING_WAIT).await {
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return,
                },
            }
        }
    }

    async fn in_time<T>(&self, work: impl Future<Output = T> + Send, wait: Duration) -> Option<T> {
        match select(pin!(work), self.timer.sleep(wait)).await {
            Either::Left((done, _)) => Some(done),
            Either::Right(_) => None,
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").field("options", &self.options).finish_non_exhaustive()
    }
}

fn read(payload: &str) -> Option<Heard> {
    match payload.split_once(' ') {
        Some((tenant, connection)) => {
            Some(Heard::Connection { tenant: tenant.parse().ok()?, connection: connection.parse().ok()? })
        }
        None => payload.parse().ok().map(Heard::Tenant),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_read_and_nothing_else() {
        let (tenant, connection) = (TenantId::from_bytes([1; 16]), ConnectionId::from_bytes([2; 16]));
        let both = format!("{tenant} {connection}");
        assert_eq!(read(&both), Some(Heard::Connection { tenant, connection }));
        assert_eq!(read(&tenant.to_string()), Some(Heard::Tenant(tenant)));
        for noise in ["", " ", "x", &format!("{both} {tenant}"), &format!("{tenant} x")] {
            assert_eq!(read(noise), None, "{noise}");
        }
    }
}
