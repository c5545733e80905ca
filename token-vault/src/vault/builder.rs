//! Setting a vault up.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::{SystemClock, Timer};
use sociogram_oauth_core::{ProviderId, Refresh, TenantId};

use super::{Inner, Vault};
use crate::{
    AssetRepo, AuditLog, ConnectionRepo, DataKeys, ReadAudit, TokenStore, app::Apps, attempt::Attempts,
    cache::Cache, flights::Flights, meter::Resolves, read_audit::ReadAudits, resolve::Limits, stores::Stores,
    turns::Turns,
};

/// What a lease has to spare beyond the call and the commit: clocks, scheduling, the way to the store.
const SLACK: Duration = Duration::from_secs(5);
const MAX_CACHED: usize = 100_000;

/// Times and limits of a vault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Config {
    /// How long what is in memory is used without looking at the store.
    pub(crate) max_staleness: Duration,
    /// How much longer than that while the store does not answer.
    pub(crate) outage_grace: Duration,
    /// How long a claim to renew a token set holds.
    pub(crate) lease: Duration,
    /// How long one call to a provider may take.
    pub(crate) provider_timeout: Duration,
    /// How long the commit after it may take while the claim holds.
    pub(crate) commit_budget: Duration,
    /// How long a caller waits for a renewal that it needs.
    pub(crate) wait: Duration,
    /// From how many failures in a row on the product is told.
    pub(crate) alert_after: u32,
    /// Whether tokens from before the login are refused.
    pub(crate) require_oauth: bool,
}

impl Config {
    pub(crate) const fn limits(&self) -> Limits {
        Limits { max_staleness: self.max_staleness, outage_grace: self.outage_grace }
    }
}

/// Sets up a [`Vault`].
#[derive(Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct VaultBuilder {
    stores: Stores,
    keys: DataKeys,
    timer: Arc<dyn Timer>,
    apps: Apps,
    reads: ReadAudits,
    config: Config,
}

/// The settings of a vault contradict each other.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultConfigError {
    /// Somebody else could claim a token set while its renewal is still under way, and spend its refresh token a
    /// second time.
    #[error(
        "a lease of {lease:?} is too short: the call ({provider_timeout:?}), the commit ({commit_budget:?}) and 5 s \
         to spare must fit into it"
    )]
    LeaseTooShort {
        /// The lease that was asked for.
        lease: Duration,
        /// The time for a call.
        provider_timeout: Duration,
        /// The time for a commit.
        commit_budget: Duration,
    },
    /// No call can be made in no time.
    #[error("the provider timeout must be longer than zero")]
    NoTimeForCalls,
}

impl VaultBuilder {
    pub(super) fn new<S>(store: Arc<S>, keys: DataKeys) -> Self
    where
        S: TokenStore + ConnectionRepo + AssetRepo + AuditLog,
    {
        let config = Config {
            max_staleness: Duration::from_secs(10),
            outage_grace: Duration::from_secs(300),
            lease: Duration::from_secs(30),
            provider_timeout: Duration::from_secs(10),
            commit_budget: Duration::from_secs(5),
            wait: Duration::from_secs(20),
            alert_after: 5,
            require_oauth: false,
        };
        let timer = Arc::new(SystemClock::new());
        Self {
            stores: Stores::of(store),
            keys,
            timer,
            apps: Apps::default(),
            reads: ReadAudits::default(),
            config,
        }
    }

    /// Who renews the tokens of an app: usually an `OAuthClient`. Connections of an app without one are handed out
    /// until they end. Of two for one app the last one counts.
    pub fn app(mut self, provider: ProviderId, app_id: impl Into<String>, refresh: Arc<dyn Refresh>) -> Self {
        self.apps.add(provider, app_id.into(), refresh);
        self
    }

    /// Where the time comes from; the system's clock unless set.
    pub fn timer(mut self, timer: Arc<dyn Timer>) -> Self {
        self.timer = timer;
        self
    }

    /// How long a token is handed out from memory without looking at the store, and so how long a disconnect
    /// in another process may go unnoticed in this one. 10 seconds unless set; zero looks every time, and more than
    /// five minutes count as five minutes.
    pub fn max_staleness(mut self, age: Duration) -> Self {
        self.config.max_staleness = age;
        self
    }

    /// For how much longer than [`max_staleness`](Self::max_staleness) a token is handed out from memory while the
    /// store does not answer, with [`Warning::Stale`](crate::Warning::Stale): 5 minutes unless set. So an outage of
    /// the store is not one of the product at once, and so long may a disconnect in another process go unnoticed
    /// in this one during an outage. What was changed or forgotten in this process is never handed out so, nor
    /// anything if this is zero or `max_staleness` is.
    pub fn outage_grace(mut self, grace: Duration) -> Self {
        self.config.outage_grace = grace;
        self
    }

    /// Which reads of tokens are written into the audit: none unless set.
    pub fn audit_reads(mut self, audit: ReadAudit) -> Self {
        self.reads = ReadAudits::same(audit);
        self
    }

    /// The same for each tenant by itself. Asked at every read: it must be quick.
    pub fn audit_reads_by_tenant(
        mut self,
        audit: impl Fn(TenantId) -> ReadAudit + Send + Sync + 'static,
    ) -> Self {
        self.reads = ReadAudits::by_tenant(audit);
        self
    }

    /// How long a claim to renew a token set holds: 30 seconds unless set. When its holder dies, nobody renews the
    /// token for that long.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.config.lease = lease;
        self
    }

    /// How long one call to a provider may take, from connecting to the last byte: 10 seconds unless set.
    pub fn provider_timeout(mut self, timeout: Duration) -> Self {
        self.config.provider_timeout = timeout;
        self
    }

    /// How long storing a renewed token set may take before another process may claim it: 5 seconds unless set. It
    /// is tried for longer than that; a late success counts.
    pub fn commit_budget(mut self, budget: Duration) -> Self {
        self.config.commit_budget = budget;
        self
    }

    /// How long [`Vault::resolve`] waits for a renewal when there is no usable token: 20 seconds unless set.
    pub fn wait(mut self, wait: Duration) -> Self {
        self.config.wait = wait;
        self
    }

    /// After how many failures in a row the product is told
    /// ([`RefreshFailingOften`](crate::EventKind::RefreshFailingOften)): 5 unless set.
    pub fn alert_after(mut self, failures: u32) -> Self {
        self.config.alert_after = failures.max(1);
        self
    }

    /// Refuses tokens that were pasted by hand ([`Origin::Legacy`](crate::Origin::Legacy)): they are kept, and not
    /// handed out any more. Off unless set.
    pub fn require_oauth(mut self, require: bool) -> Self {
        self.config.require_oauth = require;
        self
    }

    /// The vault. Touches neither the stores nor the keys.
    ///
    /// # Errors
    ///
    /// [`VaultConfigError`] when the lease is shorter than the provider timeout, the commit budget and 5 seconds
    /// together.
    pub fn build(self) -> Result<Vault, VaultConfigError> {
        let Config { lease, provider_timeout, commit_budget, .. } = self.config;
        if provider_timeout.is_zero() {
            return Err(VaultConfigError::NoTimeForCalls);
        }
        let needed = provider_timeout.saturating_add(commit_budget).saturating_add(SLACK);
        if lease < needed {
            return Err(VaultConfigError::LeaseTooShort { lease, provider_timeout, commit_budget });
        }
        let Self { stores, keys, timer, apps, reads, config } = self;
        let (cache, readings, turns) = (Cache::new(MAX_CACHED), Flights::new(), Turns::new());
        let (resolves, attempts) = (Resolves::new(), Attempts::default());
        Ok(Vault(Arc::new(Inner {
            stores,
            keys,
            timer,
            apps,
            config,
            reads,
            cache,
            readings,
            turns,
            resolves,
            attempts,
        })))
    }
}
