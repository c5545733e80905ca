//! The one thread that starts the servers and talks to them as their administrator.
//!
//! A parent death signal is sent when the thread that started the child ends, so servers must not be started from the
//! thread of a test. A connection belongs to the runtime that opened it, and every test has one of its own.

use std::future::{Future, pending};
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::thread;

use tokio::runtime::{Builder, Handle};

/// The runtime of the thread, which lives as long as the process.
pub(crate) fn keeper() -> &'static Handle {
    static KEEPER: OnceLock<Handle> = OnceLock::new();
    KEEPER.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.unwrap_or_else(|error| panic!("no runtime for the test servers: {error}"));
        let handle = runtime.handle().clone();
        let thread = thread::Builder::new().name("postgres-keeper".into());
        if let Err(error) = thread.spawn(move || runtime.block_on(pending::<()>())) {
            panic!("no thread for the test servers: {error}");
        }
        handle
    })
}

/// Runs the work on the keeper's thread, to its end even when the caller goes away.
pub(crate) async fn keep<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    match keeper().spawn(work).await {
        Ok(done) => done,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
