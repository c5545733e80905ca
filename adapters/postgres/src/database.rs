//! Statements on their way to the server.

use std::{fmt, pin::pin, sync::Arc, time::Duration};

use futures_util::{
    TryStreamExt as _,
    future::{Either, select},
};
use sociogram_api_core::Timer;
use sqlx::{
    Arguments as _, Encode, Executor as _, PgConnection, PgPool, Postgres, Type,
    postgres::{PgArguments, PgRow},
    query_with,
};

use crate::{fault::Fault, statements::Sql};

/// How often a statement is tried that others got in the way of.
const ATTEMPTS: u32 = 3;

/// One statement with its values.
pub(crate) struct Call {
    sql: Sql,
    arguments: Option<PgArguments>,
    reads: bool,
}

impl Call {
    /// One that changes something: it is not sent again when the connection breaks, unless it is certain that nothing
    /// was done.
    pub(crate) fn write(sql: &Sql) -> Self {
        Self { sql: sql.clone(), arguments: Some(PgArguments::default()), reads: false }
    }

    /// One that changes nothing.
    pub(crate) fn read(sql: &Sql) -> Self {
        Self { reads: true, ..Self::write(sql) }
    }

    /// The next value.
    pub(crate) fn bind<'q, T>(mut self, value: T) -> Self
    where
        T: Encode<'q, Postgres> + Type<Postgres>,
    {
        // What cannot be encoded shows when the statement is to be sent.
        self.arguments = self.arguments.take().and_then(|mut all| all.add(value).is_ok().then_some(all));
        self
    }
}

/// Why a statement gave nothing, and whether it is certain that it did nothing.
struct Failed {
    fault: Fault,
    undone: bool,
}

/// A pool of connections under one login.
#[derive(Clone)]
pub(crate) struct Lane {
    pool: PgPool,
    timer: Arc<dyn Timer>,
    patience: Duration,
}

impl Lane {
    pub(crate) fn new(pool: PgPool, timer: Arc<dyn Timer>, patience: Duration) -> Self {
        Self { pool, timer, patience }
    }

    /// Another pool, with the same timer and patience.
    #[cfg(any(feature = "token-vault", feature = "webhook-verify", feature = "capi"))]
    pub(crate) fn over(&self, pool: PgPool) -> Self {
        Self { pool, ..self.clone() }
    }

    /// The same pool with another patience.
    pub(crate) fn with_patience(&self, patience: Duration) -> Self {
        Self { patience, ..self.clone() }
    }

    /// Every row that a statement gives. One statement is one transaction: it is stored as a whole or not at all.
    pub(crate) async fn rows(&self, call: Call) -> Result<Vec<PgRow>, Fault> {
        let arguments = call.arguments.ok_or(Fault::Unsendable)?;
        let began = self.timer.monotonic();
        // One statement may meet every connection that lay idle while the server was restarted, and needs a new one then.
        let connections = self.pool.options().get_max_connections();
        let (mut collisions, mut losses) = (0, 0);
        let mut left = self.patience;
        loop {
            let Failed { fault, undone } = match self.send(&call.sql, arguments.clone(), left).await {
                Ok(rows) => return Ok(rows),
                Err(failed) => failed,
            };
            let again = if fault.is_collision() {
                collisions += 1;
                collisions < ATTEMPTS
            } else {
                losses += 1;
                fault.is_lost_connection() && (call.reads || undone) && losses <= connections
            };
            left = self.patience.saturating_sub(self.timer.monotonic().saturating_sub(began));
            if !again || left.is_zero() {
                return Err(fault);
            }
        }
    }

    /// The first row that a statement gives.
    pub(crate) async fn row(&self, call: Call) -> Result<Option<PgRow>, Fault> {
        Ok(self.rows(call).await?.into_iter().next())
    }

    /// The one row that a statement always gives.
    pub(crate) async fn one(&self, call: Call) -> Result<PgRow, Fault> {
        self.row(call).await?.ok_or(Fault::Unreadable("the answer"))
    }

    async fn send(
        &self,
        sql: &Sql,
        arguments: PgArguments,
        patience: Duration,
    ) -> Result<Vec<PgRow>, Failed> {
        let mut connection = match self.pool.acquire().await {
            Ok(connection) => connection,
            Err(error) => return Err(Failed { fault: error.into(), undone: true }),
        };
        let answer = {
            let answer = pin!(answer(&mut connection, sql, arguments));
            match select(answer, self.timer.sleep(patience)).await {
                Either::Left((answer, _)) => answer,
                Either::Right(_) => Err(Failed { fault: Fault::NoAnswer, undone: false }),
            }
        };
        if answer.as_ref().is_err_and(|failed| failed.fault.spoils_connection()) {
            connection.close_on_drop();
        }
        answer
    }
}

async fn answer(
    connection: &mut PgConnection,
    sql: &Sql,
    arguments: PgArguments,
) -> Result<Vec<PgRow>, Failed> {
    let mut parts = connection.fetch_many(query_with(sql.text(), arguments));
    let (mut rows, mut begun) = (Vec::new(), false);
    loop {
        match parts.try_next().await {
            Ok(Some(part)) => {
                begun = true;
                rows.extend(part.right());
            }
            Ok(None) => return Ok(rows),
            Err(error) => {
                let fault = Fault::from(error);
                // The server commits after the last part of the answer: before the first one nothing is stored.
                let undone = !begun && fault.is_ended_session();
                return Err(Failed { fault, undone });
            }
        }
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane")
            .field("connections", &self.pool.size())
            .field("idle", &self.pool.num_idle())
            .finish_non_exhaustive()
    }
}
