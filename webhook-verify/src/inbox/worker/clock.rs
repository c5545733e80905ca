//! When things are due, by the runtime's clock: it never goes back, and tests can hold it. The only part of a worker
//! that looks at a clock; the times in the log are the store's.

use std::time::Duration;

pub(super) use tokio::time::Instant;

/// As good as for ever.
const YEARS: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

#[allow(
    clippy::disallowed_methods,
    reason = "a worker has no Timer: it runs on tokio, and waits by its clock"
)]
pub(super) fn now() -> Instant {
    Instant::now()
}

/// That much later, and years later when there is no such time.
pub(super) fn after(start: Instant, time: Duration) -> Instant {
    start + time.min(YEARS)
}

/// Waits until then; without a time for ever.
#[allow(
    clippy::disallowed_methods,
    reason = "a worker has no Timer: it runs on tokio, and waits by its clock"
)]
pub(super) async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
