//! Waiting for something, and not for ever.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use sociogram_api_core::Timer;

/// What the work gives, or `None` if `time` passes first; the work is dropped then.
pub(crate) async fn within<F>(timer: &dyn Timer, time: Duration, work: F) -> Option<F::Output>
where
    F: Future + Send,
{
    let mut work = pin!(work);
    // A timer is set only for what really waits.
    if let Poll::Ready(output) = poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
        return Some(output);
    }
    let mut alarm = timer.sleep(time);
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => alarm.as_mut().poll(context).map(|()| None),
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use sociogram_api_core::testing::ManualClock;

    use super::*;

    #[tokio::test]
    async fn work_that_is_done_in_time_is_not_waited_for_longer() {
        let clock = ManualClock::default();
        assert_eq!(within(&clock, Duration::ZERO, ready(7)).await, Some(7));
        let (soon, late) = (clock.sleep(Duration::from_secs(5)), clock.sleep(Duration::from_secs(11)));
        let ten = Duration::from_secs(10);
        let advance = async {
            tokio::task::yield_now().await;
            clock.advance(ten);
        };
        let (soon, late, never, ()) = tokio::join!(
            within(&clock, ten, soon),
            within(&clock, ten, late),
            within(&clock, ten, pending::<()>()),
            advance
        );
        assert_eq!((soon, late, never), (Some(()), None, None));
    }
}
