//! The world of one run, and what must be true of it at every moment and in the end.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use sociogram_api_core::{ErrorKind, Timer as _};
use sociogram_oauth_core::{ConnectionId, Rotation, TenantId};
use sociogram_token_vault::{
    Account, ConnectionState, MemoryStore, NewConnection, TokenStore as _, Vault,
    testing::seed_ids_and_jitter,
};

use crate::{
    chance::Chance,
    clock::VirtualTime,
    process::{APP, PROVIDER, Process, Surroundings},
    provider::{LIFE, Provider},
};

const TENANT: TenantId = TenantId::from_bytes([7; 16]);
const PEOPLE: usize = 4;
const PROCESSES: usize = 3;
const HOURS: u32 = 8;

/// What became of one run, or of many.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    pub(crate) resolved: usize,
    pub(crate) unavailable: usize,
    pub(crate) renewals: usize,
    pub(crate) crashes: usize,
    pub(crate) reconnects: usize,
    pub(crate) reuses: usize,
}

impl Sums {
    pub(crate) fn add(&mut self, other: &Self) {
        self.resolved += other.resolved;
        self.unavailable += other.unavailable;
        self.renewals += other.renewals;
        self.crashes += other.crashes;
        self.reconnects += other.reconnects;
        self.reuses += other.reuses;
    }
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} tokens resolved, {} times none, {} provider calls, {} crashes, {} logins, {} families revoked",
            self.resolved, self.unavailable, self.renewals, self.crashes, self.reconnects, self.reuses
        )
    }
}

pub(crate) struct World {
    around: Surroundings,
    chance: Chance,
    processes: Vec<Process>,
    /// Where people log in: it never fails, so that it is known which grant is stored.
    desk: Vault,
    people: BTreeMap<String, ConnectionId>,
    rotation: Rotation,
    sums: Sums,
    violations: Vec<String>,
}

impl World {
    pub(crate) fn new(rotation: Rotation, seed: u64) -> Self {
        seed_ids_and_jitter(seed);
        let time = VirtualTime::new();
        let chance = Chance::new(seed);
        let around = Surroundings {
            time,
            store: Arc::new(MemoryStore::with_clock(Arc::new(time))),
            provider: Provider::new(rotation, time, chance.number()),
            waiting: crate::provider::Waiting::default(),
        };
        let processes = (0..PROCESSES).map(|_| Process::start(&around, &chance)).collect();
        let desk = crate::process::vault(&around, time);
        let (people, sums, violations) = (BTreeMap::new(), Sums::default(), Vec::new());
        Self { around, chance, processes, desk, people, rotation, sums, violations }
    }

    /// Hours of trouble, then two of peace, then the reckoning.
    pub(crate) async fn live_through(mut self) -> Result<Sums, Vec<String>> {
        for number in 0..PEOPLE {
            self.log_in(&format!("person {number}")).await;
        }
        self.pass(LIFE * HOURS, true).await;
        self.around.provider.calm_down();
        self.pass(LIFE * 2, false).await;
        self.reckon().await;
        self.violations.extend(self.around.provider.violations());
        self.sums.renewals = self.around.provider.calls();
        self.sums.reuses = self.around.provider.reuses();
        if self.rotation == Rotation::None && self.sums.reuses > 0 {
            self.violations.push("a refresh token that stays good was called used".to_owned());
        }
        if self.violations.is_empty() { Ok(self.sums) } else { Err(self.violations) }
    }

    async fn pass(&mut self, time: Duration, trouble: bool) {
        let end = self.around.time.monotonic() + time;
        while self.around.time.monotonic() < end {
            let pause = self.chance.between(Duration::from_millis(1), Duration::from_secs(40));
            self.around.time.sleep(pause).await;
            match self.chance.below(100) {
                0..2 if trouble => self.crash(),
                2..8 if trouble => self.any_process().stumble(&self.chance),
                8..9 if trouble => {
                    let person = self.any_person();
                    self.around.provider.withdraw(&person);
                }
                9..40 => self.work().await,
                40..45 => self.think_again().await,
                _ => self.ask().await,
            }
        }
    }

    fn any_process(&self) -> &Process {
        &self.processes[usize::try_from(self.chance.below(PROCESSES as u64)).unwrap()]
    }

    fn any_person(&self) -> String {
        let number = self.chance.below(PEOPLE as u64);
        format!("person {number}")
    }

    fn crash(&mut self) {
        let number = usize::try_from(self.chance.below(PROCESSES as u64)).unwrap();
        self.processes[number].die();
        self.processes[number] = Process::start(&self.around, &self.chance);
        self.sums.crashes += 1;
    }

    async fn work(&self) {
        // A store that stumbles ends the pass; the next one goes on.
        let _passing = self.any_process().worker.tick().await;
    }

    async fn log_in(&mut self, person: &str) {
        let tokens = self.around.provider.log_in(person);
        let new = NewConnection::new(TENANT, Account::new(PROVIDER, APP, person));
        let connection = self.desk.connect(new, &tokens).await.unwrap();
        self.people.insert(person.to_owned(), connection.id);
        self.sums.reconnects += 1;
    }

    /// Who is asked to log in again does so.
    async fn think_again(&mut self) {
        let person = self.any_person();
        let lost = match self.people.get(&person) {
            Some(id) => self.state(*id).await.is_some_and(|state| state.reason().is_some()),
            None => true,
        };
        if lost {
            self.log_in(&person).await;
        }
    }

    async fn state(&self, id: ConnectionId) -> Option<ConnectionState> {
        self.around.store.read(TENANT, id).await.unwrap().map(|stored| stored.state)
    }

    /// Asks a process for somebody's token: if there is one, it is that person's and good.
    async fn ask(&mut self) {
        let person = self.any_person();
        let Some(id) = self.people.get(&person).copied() else { return };
        let resolved = self.any_process().vault.resolve(TENANT, id).await;
        match resolved {
            Ok(resolved) => {
                self.sums.resolved += 1;
                if !self.around.provider.is_good(&person, resolved.token.expose()) {
                    self.violations.push(format!("{person}: an ended or foreign token was handed out"));
                }
            }
            Err(error) => {
                self.sums.unavailable += 1;
                if error.seal_fault().is_some() || error.kind() == ErrorKind::Internal {
                    self.violations.push(format!("{person}: {error}"));
                }
            }
        }
    }

    /// In peace everything that can work works, and nothing is lost but what somebody took away or a crash cost.
    async fn reckon(&mut self) {
        for (person, id) in self.people.clone() {
            let stored = self.around.store.read(TENANT, id).await.unwrap().unwrap();
            let resolved = self.any_process().vault.resolve(TENANT, id).await;
            match (stored.state.reason(), resolved) {
                (None, Ok(resolved)) => {
                    if !resolved.warnings.is_empty() {
                        self.violations.push(format!("{person}: warnings in peace: {:?}", resolved.warnings));
                    }
                }
                (Some(_), Err(_)) if self.around.provider.is_gone(&person) => {}
                (state, resolved) => {
                    let answer = resolved.map(|_| "a token").map_err(|error| error.to_string());
                    self.violations.push(format!("{person} in the end: {state:?}, {answer:?}"));
                }
            }
        }
    }
}
