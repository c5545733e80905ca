//! A store in whose calls the process dies.

use std::{
    pin::pin,
    process::exit,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use sociogram_api_core::{SystemClock, Timer as _};
use sociogram_oauth_core::{ConnectionId, TenantId};
use sociogram_postgres::PostgresStore;
use sociogram_tests::DIED_AS_TOLD;
use sociogram_token_vault::{
    Account, Amendment, Asset, AssetFilter, AssetKey, AssetPage, AssetRepo, AuditActor, AuditEntry, AuditLog,
    AuditPage, AuditQuery, Claim, Claimed, Committed, Connection, ConnectionFilter, ConnectionPage,
    ConnectionRepo, DataKeyId, Details, Due, Failure, Link, Linked, Notes, Phase, Removed, Retire, Retired,
    Revision, Standing, StoreError, StoredToken, Success, TokenStore, Updated, Version, async_trait,
};

use crate::settings::KillPoint;

/// How long a commit is on its way before the process dies. The test sees to it that it takes longer.
const ON_THE_WAY: Duration = Duration::from_millis(300);

#[derive(Debug)]
pub(crate) struct DyingStore {
    inner: PostgresStore,
    die_at: Option<KillPoint>,
    calls: AtomicU64,
}

impl DyingStore {
    pub(crate) fn new(inner: PostgresStore, die_at: Option<KillPoint>) -> Self {
        Self { inner, die_at, calls: AtomicU64::new(0) }
    }

    /// How often it was called, which is how many statements it sent.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// The store, for one more call.
    fn next(&self) -> &PostgresStore {
        self.calls.fetch_add(1, Ordering::Relaxed);
        &self.inner
    }

    fn dies_at(&self, point: KillPoint) {
        if self.die_at == Some(point) {
            exit(DIED_AS_TOLD);
        }
    }
}

macro_rules! passing {
    ($trait:ident {
        $(fn $method:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*
    } { $($own:tt)* }) => {
        #[async_trait]
        impl $trait for DyingStore {
            $(
                async fn $method(&self, $($argument: $type),*) -> Result<$answer, StoreError> {
                    self.next().$method($($argument),*).await
                }
            )*
            $($own)*
        }
    };
}

passing! {
    TokenStore {
        fn read(tenant: TenantId, connection: ConnectionId) -> Option<StoredToken>;
        fn commit_failure(tenant: TenantId, connection: ConnectionId, failure: Failure) -> Committed;
        fn amend(tenant: TenantId, connection: ConnectionId, amendment: Amendment) -> Committed;
        fn retire(tenant: TenantId, connection: ConnectionId, retire: Retire) -> Retired;
        fn due_batch(limit: usize, visibility: Duration) -> Vec<Due>;
        fn revisions(tenant: TenantId, connections: &[ConnectionId]) -> Vec<(ConnectionId, Revision)>;
        fn rows_under(tenant: TenantId, key: DataKeyId) -> u64;
    }
    {
        async fn claim(
            &self,
            tenant: TenantId,
            connection: ConnectionId,
            claim: Claim,
        ) -> Result<Claimed, StoreError> {
            self.dies_at(KillPoint::BeforeClaim);
            let claimed = self.next().claim(tenant, connection, claim).await?;
            if matches!(claimed, Claimed::Won { .. }) {
                let sent = claim.phase == Phase::Sent;
                self.dies_at(if sent { KillPoint::AfterMark } else { KillPoint::AfterClaim });
            }
            Ok(claimed)
        }

        async fn commit_success(
            &self,
            tenant: TenantId,
            connection: ConnectionId,
            success: Success,
        ) -> Result<Committed, StoreError> {
            self.dies_at(KillPoint::AfterAnswer);
            let mut commit = pin!(self.next().commit_success(tenant, connection, success));
            let committed = tokio::select! {
                committed = &mut commit => committed?,
                () = SystemClock::new().sleep(ON_THE_WAY), if self.die_at.is_some() => {
                    self.dies_at(KillPoint::CommitSent);
                    commit.await?
                }
            };
            self.dies_at(KillPoint::AfterCommit);
            Ok(committed)
        }
    }
}

passing! {
    ConnectionRepo {
        fn find(tenant: TenantId, id: ConnectionId) -> Option<Connection>;
        fn find_account(tenant: TenantId, account: &Account) -> Option<Connection>;
        fn list(
            tenant: TenantId,
            filter: &ConnectionFilter,
            after: Option<ConnectionId>,
            limit: usize
        ) -> ConnectionPage;
        fn children(tenant: TenantId, parent: ConnectionId) -> Vec<ConnectionId>;
        fn update(tenant: TenantId, id: ConnectionId, seen: Version, details: Details, notes: Notes) -> Updated;
        fn remove(tenant: TenantId, id: ConnectionId, notes: Notes) -> Removed;
    }
    {}
}

passing! {
    AssetRepo {
        fn link_assets(tenant: TenantId, link: Link) -> Linked;
        fn unlink_assets(tenant: TenantId, assets: &[AssetKey], actor: AuditActor) -> Vec<Asset>;
        fn find_asset(tenant: TenantId, asset: &AssetKey) -> Option<Asset>;
        fn standings(tenant: TenantId, assets: &[AssetKey]) -> Vec<Standing>;
        fn list_assets(
            tenant: TenantId,
            filter: &AssetFilter,
            after: Option<&AssetKey>,
            limit: usize
        ) -> AssetPage;
    }
    {}
}

passing! {
    AuditLog {
        fn append(
            tenant: TenantId,
            actor: AuditActor,
            connection: Option<ConnectionId>,
            entries: Vec<AuditEntry>
        ) -> ();
        fn query(tenant: TenantId, query: AuditQuery) -> AuditPage;
    }
    {}
}
