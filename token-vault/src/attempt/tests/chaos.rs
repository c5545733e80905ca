//! Whatever goes wrong, in whatever order.

use proptest::prelude::*;
use sociogram_oauth_core::RefreshErrorKind;

use super::{world::Process, *};
use crate::testing::Fault;

const PROCESSES: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    /// A process renews, and nobody waits for it.
    Renew {
        process: usize,
        force: bool,
    },
    /// A process asks whether the token is good.
    Check {
        process: usize,
    },
    /// The next answer of the provider.
    Answer(usize),
    /// The store fails for a process.
    Fault {
        process: usize,
        method: &'static str,
        fault: Fault,
        spared: usize,
        times: usize,
    },
    /// The store answers everybody again.
    Heal,
    /// A process dies and another one takes its place.
    Kill {
        process: usize,
    },
    Pass(u64),
}

fn answers() -> [Answer; 6] {
    [
        Answer::Lost,
        Answer::Silence,
        Answer::Stuck,
        Answer::Panic,
        Answer::Error(RefreshErrorKind::InDoubt),
        Answer::Error(RefreshErrorKind::Transient),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let process = 0..PROCESSES;
    let method = prop::sample::select(vec!["read", "claim", "commit_success", "commit_failure", "amend"]);
    let fault = prop::sample::select(vec![
        Fault::NothingDone,
        Fault::AnswerLost,
        Fault::KilledBefore,
        Fault::KilledAfter,
    ]);
    prop_oneof![
        6 => (process.clone(), any::<bool>()).prop_map(|(process, force)| Step::Renew { process, force }),
        1 => process.clone().prop_map(|process| Step::Check { process }),
        3 => (0..answers().len()).prop_map(Step::Answer),
        3 => (process.clone(), method, fault, 0..2_usize, prop::sample::select(vec![1, 4, 1000])).prop_map(
            |(process, method, fault, spared, times)| Step::Fault { process, method, fault, spared, times }
        ),
        1 => Just(Step::Heal),
        1 => process.prop_map(|process| Step::Kill { process }),
        6 => prop::sample::select(vec![0, 1, 5, 31, 70, 400, 3000]).prop_map(Step::Pass),
    ]
}

struct Chaos {
    world: World,
    processes: Vec<Process>,
    id: ConnectionId,
}

impl Chaos {
    async fn new(rotation: Rotation) -> Self {
        let world = World::new(rotation);
        let id = world.due().await;
        let processes = (0..PROCESSES).map(|_| world.process()).collect();
        Self { world, processes, id }
    }

    async fn take(&mut self, step: Step) {
        let id = self.id;
        match step {
            Step::Renew { process, force } => {
                let vault = self.processes[process].vault.clone();
                tokio::spawn(async move { vault.0.renew((TENANT, id), Wish { force }).await });
                self.world.pass(Duration::from_millis(1)).await;
            }
            Step::Check { process } => {
                let vault = self.processes[process].vault.clone();
                tokio::spawn(async move { vault.0.check((TENANT, id)).await });
                self.world.pass(Duration::from_millis(1)).await;
            }
            Step::Answer(number) => self.world.provider.plan(Call::Refresh, answers()[number].clone()),
            Step::Fault { process, method, fault, spared, times } => {
                self.processes[process].store.fail_after(spared, method, fault, times);
            }
            Step::Heal => self.heal(),
            Step::Kill { process } => {
                self.processes[process].store.kill();
                self.processes[process] = self.world.process();
            }
            Step::Pass(seconds) => self.world.pass(Duration::from_secs(seconds)).await,
        }
    }

    fn heal(&self) {
        for process in &self.processes {
            for method in ["read", "claim", "commit_success", "commit_failure", "amend"] {
                process.store.fail(method, Fault::NothingDone, 0);
            }
        }
    }

    /// What must hold at any time.
    async fn look(&self) {
        let provider = &self.world.provider;
        assert_eq!(provider.reused_early(), 0, "a grant was thrown away while there was something to lose");
        let row = self.world.row(self.id);
        assert!(self.processes[0].vault.0.open_tokens(TENANT, self.id, &row).await.is_ok());
        if row.state == ConnectionState::Connected {
            assert_eq!(row.last_error.is_some(), row.failures > 0);
        }
    }

    /// When all is well again, the connection works, or the person is told.
    async fn end(mut self) {
        self.heal();
        self.processes = vec![self.world.process()];
        self.world.provider.forget_plans();
        for answer in 0..100 {
            self.world.pass(Duration::from_secs(3600)).await;
            self.processes[0].renew(self.id).await.unwrap();
            let state = self.world.state(self.id);
            if state.reason().is_some() {
                break;
            }
            let token = self.processes[0].vault.resolve(TENANT, self.id).await;
            if state == ConnectionState::Connected
                && token.is_ok_and(|token| self.world.provider.accepts(token.token.expose()))
            {
                break;
            }
            assert!(answer < 99, "it never ends: {state}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_grant_is_thrown_away(
        rotation in prop::sample::select(vec![Rotation::None, world::GRACE, Rotation::Strict]),
        steps in prop::collection::vec(step(), 1..25),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(async {
            let mut chaos = Chaos::new(rotation).await;
            for step in steps {
                chaos.take(step).await;
                chaos.look().await;
            }
            chaos.end().await;
        });
    }
}
