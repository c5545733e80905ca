//! What else may be wrong around a process: its clock, the key provider.

use std::{future::Future, pin::Pin, time::Duration};

use sociogram_api_core::{Clock, SystemClock, Timer, Timestamp};
use sociogram_token_vault::{
    DataKey, KekId, KeyError, KeyErrorKind, KeyHealth, KeyProvider, RewrapRequest, UnwrapRequest,
    WrapRequest, async_trait,
};

/// A wall clock that is wrong by some seconds. Intervals are right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WrongClock {
    seconds: i64,
    right: SystemClock,
}

impl WrongClock {
    pub(crate) const fn by(seconds: i64) -> Self {
        Self { seconds, right: SystemClock::new() }
    }
}

impl Clock for WrongClock {
    fn now(&self) -> Timestamp {
        let off = Duration::from_secs(self.seconds.unsigned_abs());
        let right = self.right.now();
        if self.seconds < 0 { right.saturating_sub(off) } else { right.saturating_add(off) }
    }
}

impl Timer for WrongClock {
    fn monotonic(&self) -> Duration {
        self.right.monotonic()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.right.sleep(duration)
    }
}

/// A key service that does not answer.
#[derive(Debug)]
pub(crate) struct AwayKeys;

fn away() -> KeyError {
    KeyError::new(KeyErrorKind::Unavailable, "the key service does not answer")
}

#[async_trait]
impl KeyProvider for AwayKeys {
    fn id(&self) -> KekId {
        KekId::new("away")
    }

    async fn wrap_many(&self, requests: &[WrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>> {
        requests.iter().map(|_| Err(away())).collect()
    }

    async fn unwrap_many(&self, requests: &[UnwrapRequest<'_>]) -> Vec<Result<DataKey, KeyError>> {
        requests.iter().map(|_| Err(away())).collect()
    }

    async fn rewrap_many(&self, requests: &[RewrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>> {
        requests.iter().map(|_| Err(away())).collect()
    }

    async fn health(&self) -> Result<KeyHealth, KeyError> {
        Err(away())
    }
}
