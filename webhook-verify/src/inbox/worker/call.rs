//! A call to the store that is under way.

use std::{future::pending, pin::Pin, time::Duration};

use super::clock;
use crate::inbox::{InboxError, InboxErrorKind};

/// A call that goes on while others are answered.
pub(super) type Call<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Waits for the answer and takes the call away; without a call for ever. The call goes on when this is dropped.
pub(super) async fn answer<T>(call: &mut Option<Call<T>>) -> T {
    let Some(running) = call else { return pending().await };
    let answer = running.await;
    *call = None;
    answer
}

/// Gives a call up that takes longer, so that a store which never answers does not hold the worker up for ever.
pub(super) async fn within<T>(
    time: Duration,
    call: impl Future<Output = Result<T, InboxError>>,
) -> Result<T, InboxError> {
    let late = clock::until(Some(clock::after(clock::now(), time)));
    tokio::select! {
        biased;
        answer = call => answer,
        () = late => Err(InboxError::new(InboxErrorKind::Unavailable, "the store did not answer in time")),
    }
}
