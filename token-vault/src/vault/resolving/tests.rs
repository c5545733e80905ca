use std::task::{Context, Poll, Waker};

use sociogram_api_core::{Clock as _, ErrorKind, Timer as _};
use sociogram_oauth_core::{Expiry, ReauthReason, RefreshErrorKind, Rotation, TokenKind, TokenSet};
use tokio::task::JoinSet;

use super::*;
use crate::{
    ConnectionState, Generation, Unusable, Warning,
    attempt::tests::world::{LIFE, Process, TENANT, World},
    testing::{Answer, Call},
};

#[cfg(feature = "metrics")]
mod counts;
mod memory;
mod outages;
mod reads;
mod renewals;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// A token set that nobody can renew, and that ends after this long.
fn pasted(text: &str, life: Duration) -> TokenSet {
    let end = crate::virtual_clock::VirtualClock::START.saturating_add(life);
    TokenSet::new(text.into(), TokenKind::LinkedInMember).with_expiry(Expiry::At(end))
}

impl Process {
    async fn get(&self, id: ConnectionId) -> Result<Resolved, VaultError> {
        self.vault.resolve(TENANT, id).await
    }

    async fn get_with(&self, id: ConnectionId, options: ResolveOptions) -> Result<Resolved, VaultError> {
        self.vault.resolve_with(TENANT, id, &options).await
    }

    /// The names of the calls to the store since the last time.
    fn calls(&self) -> Vec<&'static str> {
        self.store.take_calls()
    }
}

fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test(start_paused = true)]
async fn futures_are_small_enough_to_be_kept_on_a_stack() {
    let world = World::new(Rotation::None);
    let future = world.here.vault.resolve(TENANT, ConnectionId::from_bytes([7; 16]));
    assert!(size_of_val(&future) < 512, "{}", size_of_val(&future));
    assert_eq!(future.await.unwrap_err().kind(), ErrorKind::NotFound);
}
