//! Bad input of every sort: each case has a name and an advice of its own, leaves nothing behind, and never costs
//! a second redeem.

use std::collections::{BTreeMap, BTreeSet};

use sociogram_oauth_core::Reason;

use crate::cases::{Case, answers, callbacks, checks, own};

/// What holds for every case.
fn assert_sound(cases: &[Case]) {
    for case in cases {
        let what = &case.what;
        assert_eq!(case.reason, case.expected, "{what}: {}", case.message);
        assert!(!case.message.is_empty() && !case.message.contains('\n'), "{what}: {}", case.message);
        assert!(case.advice.len() > 10 && !case.advice.contains('\n'), "{what}: {}", case.advice);
        assert!(case.codes_sent <= 1, "{what}: the code was sent {} times", case.codes_sent);
        assert!(case.puts <= 2, "{what}: something was stored");
    }
}

/// Reasons whose advice is the same, so that they are no help to tell apart what happened.
fn sharing_an_advice(cases: &[Case]) -> Vec<BTreeSet<&'static str>> {
    let mut advices: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
    for case in cases {
        advices.entry(case.advice).or_default().insert(case.reason.as_str());
    }
    advices.into_values().filter(|reasons| reasons.len() > 1).collect()
}

#[tokio::test]
async fn a_callback_that_cannot_be_read_has_its_own_reason_and_advice() {
    let cases = callbacks::unreadable().await;
    assert_sound(&cases);
    assert_eq!(sharing_an_advice(&cases), Vec::<BTreeSet<_>>::new());
    for case in &cases {
        assert_eq!((case.codes_sent, case.puts), (0, 1), "{}", case.what);
        assert_eq!(case.open, 1, "{}: nobody was asked for, so the login is still open", case.what);
    }
    let reasons: BTreeSet<_> = cases.iter().map(|case| case.reason.as_str()).collect();
    assert_eq!(reasons.len(), 6, "{reasons:?}");
}

#[tokio::test]
async fn a_callback_of_no_open_login_gets_one_and_the_same_answer_and_uses_the_login_up() {
    let cases = callbacks::foreign().await;
    assert_sound(&cases);
    for case in &cases {
        assert!(case.reason.is_session_mismatch(), "{}", case.what);
        assert_eq!((case.message.as_str(), case.advice), (cases[0].message.as_str(), cases[0].advice));
        assert_eq!(case.codes_sent, 0, "{}", case.what);
        let was_found = case.reason != Reason::SessionUnknown;
        assert!(!was_found || case.open < case.puts, "{}: the login is still open", case.what);
    }
    let reasons: BTreeSet<_> = cases.iter().map(|case| case.reason.as_str()).collect();
    assert_eq!(reasons.len(), 7, "{reasons:?}");
}

#[tokio::test]
async fn a_denial_is_told_apart_by_its_advice() {
    let cases = callbacks::denied().await;
    assert_sound(&cases);
    let advices: BTreeSet<_> = cases.iter().map(|case| case.advice).collect();
    assert_eq!(advices.len(), cases.len(), "{advices:?}");
    assert!(cases.iter().all(|case| case.codes_sent == 0 && case.open == 0));
}

#[tokio::test]
async fn an_answer_that_is_no_token_has_its_own_reason_and_advice() {
    let cases = answers::all().await;
    assert_sound(&cases);
    for case in &cases {
        assert_eq!(case.advice, case.reason.user_action(), "{}", case.what);
        assert_eq!(case.open, 0, "{}: the login is still open", case.what);
        let reached = case.reason != Reason::NotReached;
        assert_eq!(case.codes_sent, usize::from(reached), "{}", case.what);
    }
    // A shape that nobody knows and a life that makes no sense are both for the authors to hear of.
    let shared = [BTreeSet::from(["answer_not_readable", "lifetime_senseless"])];
    assert_eq!(sharing_an_advice(&cases), shared);
}

#[tokio::test]
async fn a_token_that_must_not_be_kept_has_its_own_reason_and_advice() {
    let cases = checks::all().await;
    assert_sound(&cases);
    assert_eq!(sharing_an_advice(&cases), Vec::<BTreeSet<_>>::new());
    for case in &cases {
        assert_eq!(case.open, 0, "{}: the login is still open", case.what);
        let sent = usize::from(case.reason != Reason::CodeTooOld);
        assert_eq!(case.codes_sent, sent, "{}", case.what);
    }
}

#[tokio::test]
async fn a_mistake_of_the_product_is_named_before_anything_is_sent() {
    let cases = own::all().await;
    assert_sound(&cases);
    assert!(cases.iter().all(|case| case.codes_sent == 0));
}
