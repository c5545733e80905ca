use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Enter(u16),
    /// Of the calls under way, which one, and how.
    Settle(prop::sample::Index, Outcome),
    Pass(u64),
    Reset,
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        3 => Just(Outcome::Answered),
        4 => Just(Outcome::AppConfig),
        2 => prop::option::of(0_u64..5_000).prop_map(|wait| Outcome::Throttled(wait.map(at))),
        1 => Just(Outcome::NoAnswer),
    ]
}

fn steps(connections: u16) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        20 => (0..connections).prop_map(Step::Enter),
        14 => (any::<prop::sample::Index>(), outcome()).prop_map(|(which, how)| Step::Settle(which, how)),
        8 => prop_oneof![0_u64..20, 50_u64..400, 900_u64..4_000].prop_map(Step::Pass),
        1 => Just(Step::Reset),
    ];
    prop::collection::vec(step, 1..200)
}

/// What a reader of the answers knows, without the gate's books.
#[derive(Default)]
struct Run {
    now: Duration,
    calls: Vec<(Permit, Duration)>,
    last_word: Option<(Outcome, Duration)>,
    suspended_at: Option<Duration>,
}

impl Run {
    /// Does one step; gives whether a call was let in, if one asked.
    fn step(&mut self, gate: &AppGate, step: &Step) -> Option<bool> {
        match step {
            Step::Enter(number) => {
                let entered = gate.try_enter(id(*number), self.now);
                let is_in = entered.is_ok();
                self.calls.extend(entered.map(|permit| (permit, self.now)));
                return Some(is_in);
            }
            Step::Settle(which, outcome) if !self.calls.is_empty() => {
                let (permit, _) = self.calls.remove(which.index(self.calls.len()));
                permit.settle(*outcome, self.now);
                if matches!(outcome, Outcome::Answered | Outcome::AppConfig) {
                    self.last_word = Some((*outcome, self.now));
                }
            }
            Step::Settle(..) => {}
            Step::Pass(seconds) => self.now += at(*seconds),
            Step::Reset => {
                gate.reset();
                self.last_word = None;
            }
        }
        let suspended = matches!(gate.0.lock().standing(self.now), Standing::Suspended { .. });
        self.suspended_at = suspended.then(|| self.suspended_at.unwrap_or(self.now));
        None
    }

    fn is_proven(&self) -> bool {
        self.last_word
            .is_some_and(|(word, since)| word == Outcome::Answered && self.now.saturating_sub(since) < at(60))
    }
}

proptest! {
    #[test]
    fn an_app_without_a_fresh_proof_never_makes_more_than_seven_calls(steps in steps(12)) {
        let (gate, mut run) = (gate(), Run::default());
        for step in &steps {
            let (under_way, proven) = (run.calls.len(), run.is_proven());
            if run.step(&gate, step) == Some(true) {
                prop_assert!(proven || under_way < 7 || run.suspended_at.is_some());
            }
        }
    }

    #[test]
    fn a_suspended_app_makes_one_call_at_a_time_and_none_in_the_first_minute(steps in steps(12)) {
        let (gate, mut run) = (gate(), Run::default());
        for step in &steps {
            let since = run.suspended_at;
            if let (Some(true), Some(since)) = (run.step(&gate, step), since) {
                prop_assert!(run.now >= since + at(60));
                let probes = run.calls.iter().filter(|(_, entered)| *entered > since);
                prop_assert_eq!(probes.count(), 1);
            }
        }
    }

    #[test]
    fn two_connections_are_never_the_app(steps in steps(2)) {
        let (gate, mut run) = (gate(), Run::default());
        for step in &steps {
            run.step(&gate, step);
            prop_assert_eq!(gate.0.lock().standing(run.now), Standing::Open);
        }
    }

    #[test]
    fn no_history_closes_an_app_for_good(steps in steps(12)) {
        let (gate, mut run) = (gate(), Run::default());
        for step in &steps {
            run.step(&gate, step);
        }
        run.calls.clear();
        // The longest hold is an hour, the longest wait for a probe a quarter of one.
        run.now += at(3_601);
        let probe = gate.try_enter(id(1), run.now);
        prop_assert!(probe.is_ok());
        probe.unwrap().settle(Outcome::Answered, run.now);
        let all: Result<Vec<_>, _> = (0..50).map(|number| gate.try_enter(id(number), run.now)).collect();
        prop_assert!(all.is_ok());
    }

    #[test]
    fn a_refusal_says_when_it_is_worth_asking_again(steps in steps(12)) {
        let (gate, mut run) = (gate(), Run::default());
        for step in &steps {
            run.step(&gate, step);
        }
        run.calls.clear();
        if let Err(held) = gate.try_enter(id(1), run.now) {
            prop_assert!(held.retry_after > Duration::ZERO && held.retry_after <= at(3_600));
            prop_assert!(gate.try_enter(id(1), run.now + held.retry_after).is_ok());
        }
    }
}
