use proptest::prelude::*;

use super::*;

fn set(list: &str) -> ScopeSet {
    ScopeSet::parse(list)
}

fn compare(request: &ScopeRequest, granted: &str, declined: &str, expired: &str) -> ScopeReport {
    ScopeReport::compare(request, &set(granted), &set(declined), &set(expired))
}

#[test]
fn every_missing_scope_is_told_with_its_reason() {
    let request = ScopeRequest::new(set("a b")).with_optional(set("c d"));
    let cases = [
        // granted, declined, expired, the line, sufficient, complete
        ("a b c d", "", "", "everything asked for was granted", true, true),
        ("a b c", "", "", "d (optional) was not granted", true, false),
        ("b c d", "a", "", "a was declined", false, false),
        ("c d", "a b", "", "a and b were declined", false, false),
        ("", "a b c", "d", "a, b and c (optional) were declined; d (optional) has expired", false, false),
        ("c", "a", "b d", "a was declined; b and d (optional) have expired", false, false),
        ("c d", "a", "", "a was declined; b was not granted", false, false),
        ("a", "", "b", "b has expired; c (optional) and d (optional) were not granted", false, false),
    ];
    for (granted, declined, expired, line, sufficient, complete) in cases {
        let report = compare(&request, granted, declined, expired);
        assert_eq!(report.to_string(), line);
        assert_eq!((report.is_sufficient(), report.is_complete()), (sufficient, complete), "{line}");
    }
}

#[test]
fn what_was_not_asked_for_is_extra_and_never_missing() {
    let report = compare(&set("a").into(), "a x", "y", "z");
    assert_eq!(report.extra, set("x"));
    assert!(report.is_complete() && report.declined.is_empty() && report.expired.is_empty());
}

#[test]
fn a_granted_scope_is_granted_whatever_else_is_said_of_it() {
    let report = compare(&set("a b").into(), "a", "a b", "a b");
    assert_eq!((report.missing, report.declined), (set("b"), set("b")));
    assert_eq!(report.expired, set(""));
}

#[test]
fn a_scope_asked_for_as_both_is_required() {
    let request = ScopeRequest::new(set("a")).with_optional(set("a b"));
    let report = compare(&request, "", "", "");
    assert_eq!((report.missing_required(), report.missing_optional()), (set("a"), set("b")));
    assert_eq!(report.to_string(), "a and b (optional) were not granted");
}

#[test]
fn a_report_survives_storage() {
    let report = compare(&ScopeRequest::new(set("a b")).with_optional(set("c")), "a x", "b", "c");
    let stored = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<ScopeReport>(&stored).unwrap(), report);
}

fn any_set() -> impl Strategy<Value = ScopeSet> {
    proptest::collection::btree_set("[a-h]", 0..8)
        .prop_map(|names| names.into_iter().map(Scope::new).collect())
}

fn is_subset(part: &ScopeSet, whole: &ScopeSet) -> bool {
    whole.missing(part).is_empty()
}

fn are_disjoint(one: &ScopeSet, other: &ScopeSet) -> bool {
    one.intersection(other).is_empty()
}

proptest! {
    #[test]
    fn the_parts_of_a_report_add_up(
        required in any_set(), optional in any_set(), granted in any_set(), declined in any_set(), expired in any_set(),
    ) {
        let request = ScopeRequest::new(required.clone()).with_optional(optional);
        let report = ScopeReport::compare(&request, &granted, &declined, &expired);
        let asked = request.all();

        prop_assert!(are_disjoint(&report.granted, &report.missing));
        prop_assert!(are_disjoint(&report.declined, &report.expired));
        prop_assert!(are_disjoint(&report.extra, &asked));
        prop_assert!(is_subset(&report.declined, &report.missing) && is_subset(&report.declined, &declined));
        prop_assert!(is_subset(&report.expired, &report.missing) && is_subset(&report.expired, &expired));
        prop_assert!(is_subset(&report.extra, &report.granted));
        prop_assert_eq!(report.missing.union(&asked.intersection(&granted)), asked.clone());
        prop_assert_eq!(report.granted.union(&report.missing), asked.union(&report.extra));
        prop_assert!(are_disjoint(&report.missing_required(), &report.missing_optional()));
        prop_assert_eq!(report.missing_required().union(&report.missing_optional()), report.missing.clone());
        prop_assert_eq!(report.is_sufficient(), is_subset(&required, &granted));
        prop_assert_eq!(report.is_complete(), is_subset(&asked, &granted));
        let line = report.to_string();
        for scope in &report.missing {
            prop_assert!(line.contains(scope.as_str()));
        }
    }

    #[test]
    fn a_change_leads_from_one_look_to_the_other(before in any_set(), after in any_set()) {
        let change = ScopeChange::between(&before, &after);
        prop_assert!(are_disjoint(&change.lost, &change.gained));
        prop_assert_eq!(change.lost.missing(&before).union(&change.gained), after.clone());
        prop_assert_eq!(change.has_lost(), !is_subset(&before, &after));
        prop_assert_eq!(change.is_empty(), before == after);
        prop_assert!(ScopeChange::between(&after, &after).is_empty());
    }
}
