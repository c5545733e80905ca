//! Waiting for something, and not for ever.

use std::{future::Future, pin::pin, time::Duration};

use sociogram_api_core::Timer;

/// What the work gives, or `None` if `time` passes first; the work is dropped then.
pub(super) async fn within<F>(timer: &dyn Timer, time: Duration, work: F) -> Option<F::Output>
where
    F: Future + Send,
{
    let mut work = pin!(work);
    // A timer is set only for what really waits.
    tokio::select! {
        biased;
        output = &mut work => return Some(output),
        () = std::future::ready(()) => {}
    }
    tokio::select! {
        biased;
        output = &mut work => Some(output),
        () = timer.sleep(time) => None,
    }
}
