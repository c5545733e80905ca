use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn every_sort() -> [Warning; 9] {
    [
        Warning::EndsSoon { at: at(1) },
        Warning::RefreshEndsSoon { at: at(2) },
        Warning::DataAccessEndsSoon { at: at(3) },
        Warning::RefreshFailing { since: at(4) },
        Warning::RefreshInDoubt,
        Warning::Refused,
        Warning::LessThanAsked,
        Warning::Legacy,
        Warning::Stale,
    ]
}

#[test]
fn warnings_compare_with_lists_and_print_like_them() {
    let none = Warnings::NONE;
    assert_eq!(none, []);
    assert!(none.is_empty() && !none.contains(Warning::Stale));
    let two: Warnings = [Warning::Refused, Warning::EndsSoon { at: at(9) }].into_iter().collect();
    assert_eq!(two, [Warning::EndsSoon { at: at(9) }, Warning::Refused]);
    assert_ne!(two, [Warning::EndsSoon { at: at(8) }, Warning::Refused]);
    assert_ne!(two, [Warning::EndsSoon { at: at(9) }]);
    assert_eq!(two.len(), 2);
    assert!(two.contains(Warning::Refused) && !two.contains(Warning::EndsSoon { at: at(8) }));
    assert_eq!(format!("{two:?}"), format!("{:?}", [Warning::EndsSoon { at: at(9) }, Warning::Refused]));
    assert_eq!(two.into_iter().collect::<Vec<_>>(), (&two).into_iter().collect::<Vec<_>>());
}

#[test]
fn times_are_kept_to_the_second() {
    let precise = Warning::EndsSoon { at: Timestamp::from_unix_millis(1_800_000_000_999) };
    let set = Warnings::NONE.with(precise);
    assert_eq!(set.iter().next(), Some(Warning::EndsSoon { at: at(1_800_000_000) }));
    assert!(set.contains(precise) && !set.contains(Warning::EndsSoon { at: at(1_800_000_001) }));
    assert_eq!(set, [precise]);
    for (time, kept) in [(-5, 0), (i64::MAX, i64::from(u32::MAX))] {
        let set = Warnings::NONE.with(Warning::RefreshFailing { since: at(time) });
        assert_eq!(set, [Warning::RefreshFailing { since: at(kept) }]);
    }
}

#[test]
fn only_what_is_wrong_with_renewals_or_the_store_is_trouble() {
    let trouble: Vec<_> =
        every_sort().into_iter().filter(|one| Warnings::NONE.with(*one).tell_of_trouble()).collect();
    assert_eq!(trouble, [Warning::RefreshFailing { since: at(4) }, Warning::RefreshInDoubt, Warning::Stale]);
}

proptest! {
    #[test]
    fn a_set_gives_back_what_was_put_in_once_and_in_order(picked in prop::sample::subsequence(every_sort().to_vec(), 0..=9).prop_shuffle()) {
        let set: Warnings = picked.iter().chain(&picked).copied().collect();
        let expected: Vec<_> = every_sort().into_iter().filter(|one| picked.contains(one)).collect();
        prop_assert_eq!(set.iter().collect::<Vec<_>>(), expected);
        prop_assert_eq!(set.len(), picked.len());
        for one in every_sort() {
            prop_assert_eq!(set.contains(one), picked.contains(&one));
        }
    }
}

#[test]
fn ends_that_only_a_login_can_move_are_told_in_time() {
    let mut person = stored(TokenKind::MetaUserLong, 60 * DAY);
    person.token.data_access_expiry = Expiry::At(after(90 * DAY));
    let mut member = stored(TokenKind::LinkedInMember, 60 * DAY);
    member.token.refresh_expiry = Expiry::At(after(70 * DAY));
    let ends = Warning::EndsSoon { at: after(60 * DAY) };
    let data = Warning::DataAccessEndsSoon { at: after(90 * DAY) };
    let refresh = Warning::RefreshEndsSoon { at: after(70 * DAY) };
    let just_before = |time: Duration| time.saturating_sub(Duration::from_millis(1));
    let cases = [
        (&person, Renewal::MayExtend, just_before(46 * DAY), vec![]),
        (&person, Renewal::MayExtend, 46 * DAY, vec![ends]),
        (&person, Renewal::MayExtend, 59 * DAY, vec![ends]),
        (&member, LASTING, just_before(40 * DAY), vec![]),
        (&member, LASTING, 40 * DAY, vec![refresh]),
        // Its end is moved by a renewal.
        (&member, LASTING, 50 * DAY, vec![refresh]),
    ];
    for (stored, renewal, time, expected) in cases {
        let seen = seen(stored, renewal);
        match plain(&seen, after(time)) {
            Told::Serve(warnings) | Told::ServeAndRenew(warnings) => assert_eq!(warnings, expected),
            other => panic!("{time:?} {other:?}"),
        }
    }
    person.token.expiry = Expiry::Never;
    let endless = seen(&person, Renewal::NotNeeded);
    assert_eq!(plain(&endless, after(just_before(76 * DAY))), FINE);
    assert_eq!(plain(&endless, after(76 * DAY)), Told::Serve(vec![data]));
}

#[test]
fn a_token_that_is_renewed_by_itself_is_no_concern_of_a_person() {
    for renewal in [LASTING, STRICT, RIPENS, Renewal::FromApp, Renewal::FromParent] {
        let seen = seen(&generic(60 * DAY), renewal);
        assert_eq!(plain(&seen, after(59 * DAY)), RENEWING, "{renewal:?}");
    }
}

#[test]
fn states_strikes_and_origins_are_told() {
    let failing = ConnectionState::RefreshFailing;
    let due = after(DAY);
    let mut refused = generic(60 * DAY);
    refused.strikes.rejected = 1;
    let mut legacy = refused.clone();
    legacy.origin = Origin::Legacy;
    let mut unknown = generic(60 * DAY);
    unknown.state = ConnectionState::RefreshUnknown;
    let since = after(MINUTE);
    let cases = [
        (
            failed(generic(60 * DAY), FailureClass::Transient, failing, due),
            vec![Warning::RefreshFailing { since: start() }],
        ),
        // These leave the state as it is; the renewal fails all the same.
        (
            failed(generic(60 * DAY), FailureClass::Throttled, ConnectionState::Connected, due),
            vec![Warning::RefreshFailing { since }],
        ),
        (failed(generic(60 * DAY), FailureClass::AppConfig, ConnectionState::Connected, start()), vec![]),
        (unknown, vec![Warning::RefreshInDoubt]),
        (refused, vec![Warning::Refused]),
        (legacy, vec![Warning::Refused, Warning::Legacy]),
    ];
    for (stored, expected) in cases {
        assert_eq!(plain(&seen(&stored, STRICT), after(HOUR)), Told::Serve(expected), "{stored:?}");
    }
    let hoped_for = failed(generic(60 * DAY), FailureClass::Transient, ConnectionState::Connected, due);
    assert_eq!(plain(&seen(&hoped_for, Renewal::MayExtend), after(HOUR)), FINE);
}
