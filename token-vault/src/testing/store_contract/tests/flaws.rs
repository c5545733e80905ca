//! Every clause has a store that fails it: a clause without one would prove nothing.

use std::collections::BTreeSet;

use super::bent::{Bend, Call, bent};

mod attempts;
mod commits;
mod descriptions;
mod ends;
mod histories;
mod keys;
mod links;

const FLAWS: [&[Flaw]; 13] = [
    commits::COMMITS,
    attempts::CLAIMS,
    attempts::FAILURES,
    ends::ENDS,
    ends::DUE,
    descriptions::VIEWS,
    descriptions::WRITES,
    descriptions::ACROSS,
    links::LINKS,
    links::ASSETS,
    histories::AUDITS,
    histories::QUEUES,
    keys::KEYS,
];

/// A store that breaks one promise, and the clauses that must notice.
#[derive(Clone)]
pub(super) struct Flaw {
    name: &'static str,
    before: Bend,
    after: Bend,
    clauses: &'static [&'static str],
}

const fn as_it_is(_: &mut Call<'_>) {}

/// A flaw in what the store takes.
pub(super) const fn takes(name: &'static str, before: Bend, clauses: &'static [&'static str]) -> Flaw {
    Flaw { name, before, after: as_it_is, clauses }
}

/// A flaw in what the store does afterwards, or gives back.
pub(super) const fn gives(name: &'static str, after: Bend, clauses: &'static [&'static str]) -> Flaw {
    Flaw { name, before: as_it_is, after, clauses }
}

macro_rules! with_clauses {
    ($($part:ident { $($clause:ident)* })*) => {
        const CLAUSES: &[&str] = &[$($(stringify!($clause)),*),*];

        /// Whether a clause holds for a store that is bent like this.
        async fn holds(clause: &str, before: Bend, after: Bend) -> bool {
            let open = async move |handles| bent(handles, before, after);
            let outcome = match clause {
                $($(stringify!($clause) => {
                    tokio::spawn(crate::testing::store_contract::$part::$clause(open)).await
                })*)*
                unknown => panic!("there is no clause {unknown}"),
            };
            outcome.is_ok()
        }
    };
}

crate::vault_store_clauses! { [with_clauses] }

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_breaks_a_promise_fails_the_clauses_of_that_promise() {
    let mut unnoticed = Vec::new();
    for flaw in FLAWS.concat() {
        for clause in flaw.clauses {
            if holds(clause, flaw.before, flaw.after).await {
                unnoticed.push((flaw.name, *clause));
            }
        }
    }
    assert_eq!(unnoticed, [], "these stores got away with it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_is_not_bent_passes() {
    for clause in CLAUSES {
        assert!(holds(clause, as_it_is, as_it_is).await, "{clause}");
    }
}

#[test]
fn every_clause_is_failed_by_some_store() {
    let failed: BTreeSet<_> = FLAWS.concat().into_iter().flat_map(|flaw| flaw.clauses).collect();
    let idle: Vec<_> = CLAUSES.iter().filter(|clause| !failed.contains(clause)).collect();
    assert_eq!(idle, [] as [&&str; 0]);
}
