use std::{collections::BTreeSet, time::Duration};

use proptest::prelude::*;
use sociogram_api_core::Timestamp;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(1_000_000 + seconds)
}

fn refused_at(times: &[i64]) -> Strikes {
    times.iter().fold(Strikes::NONE, |strikes, time| strikes.after_failure(FailureClass::Refused, at(*time)))
}

#[test]
fn every_kind_of_failed_renewal_has_its_class() {
    let cases = [
        (RefreshErrorKind::NotSent, FailureClass::NotSent),
        (RefreshErrorKind::Throttled, FailureClass::Throttled),
        (RefreshErrorKind::Transient, FailureClass::Transient),
        (RefreshErrorKind::InDoubt, FailureClass::Ambiguous),
        (RefreshErrorKind::Refused, FailureClass::Refused),
        (RefreshErrorKind::Revoked, FailureClass::Terminal(ReauthReason::GrantRevoked)),
        (RefreshErrorKind::Misconfigured, FailureClass::AppConfig),
        (RefreshErrorKind::Defect, FailureClass::Defect),
        (RefreshErrorKind::NotOffered, FailureClass::Defect),
    ];
    assert_eq!(cases.len(), RefreshErrorKind::ALL.len());
    for (kind, class) in cases {
        assert!(RefreshErrorKind::ALL.contains(&kind));
        assert_eq!(FailureClass::from(&RefreshError::new(kind, "failed")), class);
    }
    for reason in ReauthReason::ALL {
        let error = RefreshError::revoked(*reason, "gone");
        assert_eq!(FailureClass::from(&error), FailureClass::Terminal(*reason));
    }
}

#[test]
fn classes_are_stored_by_name_and_reason() {
    let names: BTreeSet<_> = FailureClass::all().into_iter().map(FailureClass::as_str).collect();
    assert_eq!(names.len(), 8);
    for class in FailureClass::all() {
        assert_eq!(FailureClass::from_parts(class.as_str(), class.reason()), Some(class));
        let json = serde_json::to_string(&class).unwrap();
        assert_eq!(serde_json::from_str::<FailureClass>(&json).unwrap(), class);
        assert!(json.contains(class.as_str()), "{json}");
    }
    assert_eq!(FailureClass::from_parts("terminal", None), None);
    assert_eq!(FailureClass::from_parts("refused", Some(ReauthReason::Checkpoint)), None);
    assert_eq!(FailureClass::from_parts("unheard_of", None), None);
    assert_eq!(FailureClass::Terminal(ReauthReason::Checkpoint).to_string(), "terminal");
}

#[test]
fn an_unknown_refusal_is_believed_after_three_times_and_an_hour() {
    let cases: [(&[i64], bool); 7] = [
        (&[], false),
        (&[0], false),
        (&[0, 3600], false),
        (&[0, 1800, 3599], false),
        (&[0, 1800, 3600], true),
        (&[0, 1, 2, 3, 4, 5], false),
        (&[0, 1, 2, 3, 4, 5, 4000], true),
    ];
    for (times, believed) in cases {
        assert_eq!(refused_at(times).is_refused_for_good(), believed, "{times:?}");
    }
}

#[test]
fn trouble_of_another_sort_neither_counts_as_a_refusal_nor_forgives_one() {
    for class in FailureClass::all() {
        let strikes = refused_at(&[0, 1800]).after_failure(class, at(2000));
        assert_eq!(strikes.refused, if class == FailureClass::Refused { 3 } else { 2 }, "{class}");
        let strikes = strikes.after_failure(FailureClass::Refused, at(3600));
        assert!(strikes.is_refused_for_good(), "{class}");
    }
}

#[test]
fn a_clock_that_steps_back_believes_neither_sooner_nor_never() {
    // The first refusal seemed to be tomorrow; the clock was set right then.
    let strikes = refused_at(&[86_400, 0, 1800]);
    assert!(!strikes.is_refused_for_good());
    assert!(strikes.after_failure(FailureClass::Refused, at(3600)).is_refused_for_good());
}

#[test]
fn refusals_that_clients_report_at_once_are_one_and_old_ones_do_not_count() {
    let first = Strikes::NONE.after_rejection(at(0)).unwrap();
    assert_eq!((first.rejected, first.is_rejected_for_good()), (1, false));
    for seconds in [0, 1, 59] {
        assert_eq!(first.after_rejection(at(seconds)), None, "{seconds}");
    }
    for seconds in [60, 3600, 86_399] {
        assert!(first.after_rejection(at(seconds)).unwrap().is_rejected_for_good(), "{seconds}");
    }
    for seconds in [86_400, 1_000_000, -1] {
        assert_eq!(first.after_rejection(at(seconds)).unwrap().rejected, 1, "{seconds}");
    }
}

#[test]
fn a_token_that_was_found_good_has_no_rejections() {
    let strikes = refused_at(&[0]).after_rejection(at(0)).unwrap().after_rejection(at(60)).unwrap();
    let proven = strikes.after_proof();
    assert!(!proven.is_rejected_for_good());
    assert_eq!(proven.refused, 1);
    assert!(proven.after_rejection(at(120)).is_some_and(|strikes| strikes.rejected == 1));
}

#[test]
fn the_third_defect_stops_quick_tries() {
    let defect = |strikes: Strikes| strikes.after_failure(FailureClass::Defect, at(0));
    let two = defect(defect(Strikes::NONE));
    assert!(!two.is_stopped());
    assert!(defect(two).is_stopped());
}

#[test]
fn strikes_can_be_stored_and_read_by_versions_that_count_less() {
    let strikes = refused_at(&[0, 5]).after_rejection(at(7)).unwrap();
    let json = serde_json::to_string(&strikes).unwrap();
    assert_eq!(serde_json::from_str::<Strikes>(&json).unwrap(), strikes);
    assert!(serde_json::from_str::<Strikes>("{}").unwrap().is_none());
    assert!(serde_json::from_str::<Strikes>(r#"{"counted_later":1}"#).unwrap().is_none());
    assert!(!strikes.is_none());
}

proptest! {
    #[test]
    fn refusals_within_an_hour_are_never_believed(mut times in proptest::collection::vec(0_i64..3600, 0..50)) {
        times.sort_unstable();
        prop_assert!(!refused_at(&times).is_refused_for_good());
    }

    #[test]
    fn counting_never_overflows(count in any::<u32>()) {
        let strikes = Strikes { refused: count, defects: count, ..Strikes::NONE };
        let late = at(0).saturating_add(Duration::MAX);
        for class in FailureClass::all() {
            let after = strikes.after_failure(class, late);
            prop_assert!(after.refused >= count && after.defects >= count);
        }
    }
}
