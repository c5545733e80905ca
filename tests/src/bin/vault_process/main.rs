//! One process of a product: a vault over Postgres that resolves tokens when it is told to, and may die at a chosen
//! point.
//!
//! It says `ready` when it could begin, waits for a line, resolves, and says what came of it in one line of JSON. At a
//! SIGTERM it shuts the vault down and says whether everything had ended.

mod dying_store;
mod provider;
mod settings;
mod surroundings;

use std::{
    collections::{BTreeSet, HashMap},
    error::Error,
    io::{Write, stdin, stdout},
    sync::Arc,
    time::Duration,
};

use futures_util::{StreamExt as _, future::try_join_all, stream};
use serde_json::{Value, json};
use sociogram_api_core::{SystemClock, Timer as _};
use sociogram_oauth_core::{ConnectionId, ProviderId};
use sociogram_postgres::{ConnectOptions, PostgresStore};
use sociogram_tests::{APP, PROVIDER};
use sociogram_token_vault::{DataKeys, KeyProvider, LocalKeys, TokenStore as _, Vault};
use tokio::signal::unix::{SignalKind, signal};

use dying_store::DyingStore;
use provider::FarProvider;
use settings::Settings;
use surroundings::{AwayKeys, WrongClock};

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Fallible<()> {
    let settings = Settings::from_arguments(std::env::args().skip(1))?;
    let (vault, store) = open(&settings).await?;
    let mut asked_to_stop = signal(SignalKind::terminate())?;
    say("ready")?;
    stdin().read_line(&mut String::new())?;
    let report = tokio::select! {
        report = work(&vault, &store, &settings) => report,
        _ = asked_to_stop.recv() => json!({ "shutdown": vault.shutdown().await }),
    };
    say(&report.to_string())
}

fn say(line: &str) -> Fallible<()> {
    let mut stdout = stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}

/// To the database: several such processes share it, and two cores.
const CONNECTIONS: u32 = 4;

async fn open(settings: &Settings) -> Fallible<(Vault, Arc<DyingStore>)> {
    let options = ConnectOptions::parse(&settings.database)?.connections(CONNECTIONS);
    let store = PostgresStore::connect(&options).await?;
    // As in a process that has served for a while.
    let unknown = ConnectionId::from_bytes([0; 16]);
    try_join_all((0..CONNECTIONS).map(|_| store.read(settings.tenant, unknown))).await?;
    let provider: Arc<dyn KeyProvider> = if settings.keys_are_away {
        Arc::new(AwayKeys)
    } else {
        Arc::new(LocalKeys::parse(&settings.encryption_key)?)
    };
    let keys = DataKeys::new(provider, Arc::new(store.clone()));
    let refresh = FarProvider::new(settings.provider, settings.rotation, settings.die_at);
    let store = Arc::new(DyingStore::new(store, settings.die_at));
    let builder = Vault::builder(store.clone(), keys)
        .app(ProviderId::from_static(PROVIDER), APP, Arc::new(refresh))
        .timer(Arc::new(WrongClock::by(settings.clock_wrong_by)))
        .provider_timeout(settings.provider_timeout)
        .commit_budget(settings.commit_budget)
        .lease(settings.lease);
    Ok((builder.build()?, store))
}

/// Rounds of concurrent calls, one round after the other.
async fn work(vault: &Vault, store: &DyingStore, settings: &Settings) -> Value {
    let mut rounds = Vec::new();
    for _ in 0..settings.rounds {
        rounds.push(Round::of(vault, settings).await);
    }
    let mut took: Vec<Duration> = rounds.iter().flat_map(|round| round.took.iter().copied()).collect();
    took.sort_unstable();
    let tokens: BTreeSet<&String> = rounds.iter().flat_map(|round| round.tokens.values().flatten()).collect();
    let connections: BTreeSet<&ConnectionId> = rounds.iter().flat_map(|round| round.tokens.keys()).collect();
    json!({
        "ok": rounds.iter().map(|round| round.ok).collect::<Vec<_>>(),
        "failed": rounds.iter().map(|round| round.failures.len()).collect::<Vec<_>>(),
        "failures": rounds.iter().flat_map(|round| round.failures.iter()).collect::<BTreeSet<_>>(),
        "tokens": tokens.len(),
        "connections": connections.len(),
        "statements": store.calls(),
        "p50_ms": percentile(&took, 50),
        "p99_ms": percentile(&took, 99),
    })
}

fn percentile(sorted: &[Duration], percent: usize) -> u64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(0, |took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX))
}

#[derive(Default)]
struct Round {
    ok: usize,
    failures: Vec<String>,
    /// What was handed out, by connection.
    tokens: HashMap<ConnectionId, BTreeSet<String>>,
    took: Vec<Duration>,
}

impl Round {
    async fn of(vault: &Vault, settings: &Settings) -> Self {
        let clock = SystemClock::new();
        let which = settings.connections.iter().copied().cycle().take(settings.resolves);
        let resolve = |connection: ConnectionId| async move {
            let began = clock.monotonic();
            let resolved = vault.resolve(settings.tenant, connection).await;
            (connection, resolved, clock.monotonic().saturating_sub(began))
        };
        let mut resolved = stream::iter(which.map(resolve)).buffer_unordered(settings.concurrency);
        let mut round = Self::default();
        while let Some((connection, resolved, took)) = resolved.next().await {
            round.took.push(took);
            match resolved {
                Ok(resolved) => {
                    round.ok += 1;
                    let tokens = round.tokens.entry(connection).or_default();
                    tokens.insert(resolved.token.expose().to_owned());
                }
                Err(error) => round.failures.push(error.to_string()),
            }
        }
        round
    }
}
