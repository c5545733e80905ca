//! Where sealed tokens are kept, and the claims to renew them.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use sociogram_oauth_core::{ConnectionId, TenantId};

use crate::{
    Amendment, Committed, DataKeyId, Failure, Fence, Generation, Lease, LeaseOwner, Phase, Retire, Retired,
    Revision, StoreError, StoredToken, Success,
};

/// The wish to be the only one who renews a token set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// Who claims.
    pub owner: LeaseOwner,
    /// The token set that is to be replaced.
    pub generation: Generation,
    /// For how long. Longer than the call to the provider and the commit after it can take.
    pub ttl: Duration,
    /// How far the attempt is.
    pub phase: Phase,
}

impl Claim {
    /// Before anything is sent.
    pub const fn new(owner: LeaseOwner, generation: Generation, ttl: Duration) -> Self {
        Self { owner, generation, ttl, phase: Phase::Claimed }
    }

    /// The same claim again, right before the request is sent.
    pub const fn sent(mut self) -> Self {
        self.phase = Phase::Sent;
        self
    }
}

/// What became of a [`Claim`].
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// The claim holds.
    Won {
        /// Which claim it is; a failure of the attempt names it.
        fence: Fence,
        /// What is stored, the new lease included.
        stored: Box<StoredToken>,
        /// The lease that had run out without an end: its holder died, or is late. Its phase says whether the
        /// refresh token may be spent.
        prior: Option<Lease>,
    },
    /// Somebody else holds a claim, another token set is stored, or the state allows no attempt. Nothing
    /// changed; this is what is stored.
    Lost(Box<StoredToken>),
    /// The tenant has no such connection.
    Missing,
}

/// A connection that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Due {
    /// Whose it is.
    pub tenant: TenantId,
    /// Which one.
    pub connection: ConnectionId,
    /// The token set that is stored.
    pub generation: Generation,
}

impl Due {
    /// All of it.
    pub const fn new(tenant: TenantId, connection: ConnectionId, generation: Generation) -> Self {
        Self { tenant, connection, generation }
    }
}

/// Keeps one token set per connection, with the state of the connection. Sees no secret in clear.
///
/// Promises of every implementation:
///
/// * Every method names the tenant, [`due_batch`](Self::due_batch) apart; a row of another tenant does not exist
///   for it.
/// * Every write is one atomic, durable step: it is stored as a whole, with its [`Notes`](crate::Notes), or not
///   at all. Of
///   concurrent writers that expect the same row exactly one gets it, also across processes.
/// * A read sees every write that was answered before it began.
/// * **The generation decides about tokens.** A new token set is stored if the generation is still the expected
///   one, whatever the state and whoever holds a claim: a late success heals. Generations of a connection never
///   come twice.
/// * **The revision decides about everything else.** It rises with every change of what
///   [`read`](Self::read) gives, but for claims and due times.
/// * **Claims are politeness.** They spare the provider a second call, and keep no commit from being stored. Times
///   of claims are reckoned by the store's own clock (a database: its own, not that of the process), as are all
///   times that a store stamps.
#[async_trait]
pub trait TokenStore: fmt::Debug + Send + Sync + 'static {
    /// What is stored.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: `Corrupt` when the row cannot be read back, `Unavailable` when the store does not answer.
    async fn read(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
    ) -> Result<Option<StoredToken>, StoreError>;

    /// Claims the stored token set, if it has the expected generation and still its secrets, if the state is
    /// [one that allows attempts](crate::ConnectionState::allows_attempts), and if nobody else holds a claim. Raises
    /// the fence by one and writes a lease that runs from now for `ttl`.
    ///
    /// An owner whose lease has not run out may claim again: that extends it to `ttl` from now and may move its
    /// phase up, never down; fence and start stay, and `prior` is `None`. For zero it ends the claim.
    ///
    /// A claim that takes over one of the same token set that is [`Phase::Sent`] keeps that phase and that start: what
    /// may have been sent stays known until a commit ends the lease, whoever dies in between.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not certain who holds the claim: act as if it were somebody else.
    async fn claim(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        claim: Claim,
    ) -> Result<Claimed, StoreError>;

    /// Stores a new token set if the stored generation is the expected one, and nothing otherwise. State, leases
    /// and revision do not matter. Failures, last error and strikes start again, and every lease ends.
    ///
    /// With [`connect`](Success::connect) it stores the connection as well: a new row if the expected generation
    /// is [`Generation::NONE`] and there was never one with this id, else new details and a new parent of the
    /// row that is there. A new row is refused when another connection of the tenant has the account, any row
    /// when the parent is not one of the tenant's connections that are neither disconnected nor revoked.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: `Conflict` when `connect` names another account than the row has, nothing changed then;
    /// `Unavailable` when it is not certain whether it was stored. The same call again is safe: if it was
    /// stored, the answer is [`Committed::Superseded`] with that very token set.
    async fn commit_success(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        success: Success,
    ) -> Result<Committed, StoreError>;

    /// Stores what a failed attempt means, if the stored generation and revision are the expected ones, and
    /// nobody has claimed since `fence`. With a fence it ends the lease; without, a lease stays.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not certain whether it was stored.
    async fn commit_failure(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        failure: Failure,
    ) -> Result<Committed, StoreError>;

    /// Stores what was learnt otherwise, if the stored generation and revision are the expected ones. Leases,
    /// failures and the last error stay.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not certain whether it was stored.
    async fn amend(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        amendment: Amendment,
    ) -> Result<Committed, StoreError>;

    /// Ends the connection whatever is stored: deletes the secrets, raises the generation by one so that a commit
    /// under way fails, ends every lease, makes it never due, and unlinks its assets. Generation and row stay.
    /// Secrets that are to be revoked move to the revocation queue in the same step.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not certain that the secrets are gone.
    async fn retire(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        retire: Retire,
    ) -> Result<Retired, StoreError>;

    /// Up to `limit` connections of all tenants whose due time has come by the store's clock, the longest due
    /// first. Their due time is moved to `visibility` from now in the same step, so that nobody else gets them
    /// meanwhile, and so that they come again if nothing is committed. For the vault's worker, never for a
    /// request of a tenant.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the rows cannot be read.
    async fn due_batch(&self, limit: usize, visibility: Duration) -> Result<Vec<Due>, StoreError>;

    /// The revisions of these connections, in any order; those that the tenant does not have are left out. One
    /// cheap read, to see which of many cached connections are still as they were.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when they cannot be read.
    async fn revisions(
        &self,
        tenant: TenantId,
        connections: &[ConnectionId],
    ) -> Result<Vec<(ConnectionId, Revision)>, StoreError>;

    /// How many token sets of the tenant hold a secret that is sealed under this data key
    /// ([`Sealed::key_id`](crate::Sealed::key_id)), those that wait to be revoked and unreadable rows included.
    /// Before the key is destroyed; it may take a look at every row of the tenant.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when they cannot be counted.
    async fn rows_under(&self, tenant: TenantId, key: DataKeyId) -> Result<u64, StoreError>;
}
