use super::*;
use crate::state::{Gate, gate};

/// When the renewal of such a token begins.
fn due(stored: &StoredToken, renewal: Renewal) -> Timestamp {
    life(stored, renewal).renew_at().unwrap()
}

fn with(min_validity: Duration) -> ResolveOptions {
    ResolveOptions::new().with_min_validity(min_validity)
}

#[test]
fn the_windows_decide_who_waits() {
    let stored = generic(HOUR);
    let seen = seen(&stored, LASTING);
    let (due, hard) = (due(&stored, LASTING), after(59 * MINUTE));
    let (asked, moment) = (5 * MINUTE, Duration::from_millis(1));
    let mandatory = after(54 * MINUTE);
    assert!(due < mandatory);
    let cases = [
        (start(), Duration::ZERO, FINE),
        (due.saturating_sub(moment), Duration::ZERO, FINE),
        (due, Duration::ZERO, RENEWING),
        (mandatory.saturating_sub(moment), asked, RENEWING),
        (mandatory, asked, Told::Renew),
        (mandatory, Duration::ZERO, RENEWING),
        (hard.saturating_sub(moment), Duration::ZERO, RENEWING),
        (hard, Duration::ZERO, Told::Renew),
        (after(DAY), asked, Told::Renew),
    ];
    for (now, min_validity, expected) in cases {
        assert_eq!(step(&seen, &with(min_validity), now), expected, "{now} {min_validity:?}");
    }
}

#[test]
fn a_caller_who_asks_for_more_than_a_whole_life_gets_what_there_is() {
    let less = || Told::Serve(vec![Warning::LessThanAsked]);
    let seen = seen(&generic(HOUR), LASTING);
    // One moment more than it had when it was new.
    assert_eq!(step(&seen, &with(59 * MINUTE), start()), less());
    assert_eq!(step(&seen, &with(30 * DAY), after(30 * MINUTE)), less());
    let renewing = Told::ServeAndRenew(vec![Warning::LessThanAsked]);
    assert_eq!(step(&seen, &with(30 * DAY), after(58 * MINUTE)), renewing, "it is due anyway");
}

#[test]
fn a_caller_who_waited_in_vain_gets_what_there_is() {
    let seen = seen(&generic(HOUR), LASTING);
    let unavailable = VaultError::new(ErrorKind::Unavailable, "away");
    for efforts in [Efforts::Done(1), Efforts::TooSlow, Efforts::Failed(unavailable)] {
        let step = seen.step(&with(10 * MINUTE), &efforts, after(55 * MINUTE));
        assert_eq!(told(step), Told::Serve(vec![Warning::LessThanAsked]), "{efforts:?}");
    }
}

#[test]
fn without_a_token_a_caller_is_told_when_to_come_back() {
    let unavailable = VaultError::new(ErrorKind::Unavailable, "away");
    let held = VaultError::held_back("held", 7 * MINUTE);
    let ended = seen(&generic(HOUR), LASTING);
    let soon = Duration::from_secs(1);
    for (efforts, expected) in [
        (Efforts::None, Told::Renew),
        (Efforts::Done(1), Told::Renew),
        (Efforts::Done(2), Told::Renew),
        (Efforts::Done(3), Told::NotNow(soon)),
        (Efforts::TooSlow, Told::NotNow(soon)),
        (Efforts::Failed(held), Told::NotNow(7 * MINUTE)),
        (Efforts::Failed(unavailable), Told::Fault(ErrorKind::Unavailable)),
    ] {
        let step = ended.step(&ResolveOptions::new(), &efforts, after(HOUR));
        assert_eq!(told(step), expected, "{efforts:?}");
    }
    let held = Efforts::Failed(VaultError::held_back("held", MINUTE));
    let Step::Refuse(error) = ended.step(&ResolveOptions::new(), &held, after(HOUR)) else { panic!() };
    assert_eq!(error.source().unwrap().to_string(), "held");
}

#[test]
fn a_back_off_is_waited_for_unless_it_is_forced() {
    let due = after(2 * HOUR);
    let failing = ConnectionState::RefreshFailing;
    let stored = failed(generic(HOUR), FailureClass::Transient, failing, due);
    let seen = seen(&stored, LASTING);
    let (warned, forced) = (Warning::RefreshFailing { since: start() }, ResolveOptions::new().forced());
    let now = after(55 * MINUTE);
    assert_eq!(plain(&seen, now), Told::Serve(vec![warned]));
    assert_eq!(step(&seen, &with(10 * MINUTE), now), Told::Serve(vec![warned, Warning::LessThanAsked]));
    assert_eq!(plain(&seen, after(HOUR)), Told::NotNow(HOUR));
    for now in [now, after(HOUR)] {
        assert_eq!(step(&seen, &forced, now), Told::Renew);
        let again = told(seen.step(&forced, &Efforts::Done(1), now));
        assert_ne!(again, Told::Renew, "only once");
    }
    assert_eq!(plain(&seen, due), Told::Renew);
}

#[test]
fn a_forced_renewal_is_made_of_a_fresh_token_too() {
    let forced = ResolveOptions::new().forced();
    let seen = seen(&generic(HOUR), LASTING);
    assert_eq!(step(&seen, &forced, start()), Told::Renew);
    assert_eq!(told(seen.step(&forced, &Efforts::Done(1), start())), FINE);
}

#[test]
fn what_a_program_cannot_renew_is_never_tried() {
    let mut last_refresh = stored(TokenKind::LinkedInMember, DAY);
    last_refresh.token.refresh_expiry = last_refresh.token.expiry;
    let mut spent_refresh = generic(60 * DAY);
    spent_refresh.token.refresh_expiry = Expiry::At(start());
    let mut failing = generic(DAY);
    failing.state = ConnectionState::RefreshFailing;
    let mut in_doubt = generic(DAY);
    in_doubt.state = ConnectionState::RefreshUnknown;
    let cases = [
        (generic(DAY), Renewal::Login, DAY),
        (failing, Renewal::Login, DAY),
        (generic(None), Renewal::NotNeeded, 100 * DAY),
        (generic(HOUR), RIPENS, HOUR),
        (last_refresh, LASTING, DAY),
        (spent_refresh, LASTING, 60 * DAY),
        // Its refresh token is not at stake while the access token lives.
        (in_doubt, STRICT, DAY.saturating_sub(MINUTE + Duration::from_millis(1))),
    ];
    for (stored, renewal, until) in cases {
        let seen = seen(&stored, renewal);
        for part in 0..=20 {
            let now = after(until * part / 20);
            for options in [ResolveOptions::new(), with(HOUR), ResolveOptions::new().forced()] {
                let told = step(&seen, &options, now);
                assert!(matches!(told, Told::Serve(_) | Told::Refuse(_)), "{renewal:?} {now} {told:?}");
            }
        }
    }
}

#[test]
fn what_nothing_but_a_login_helps_is_said_so() {
    let mut last_refresh = stored(TokenKind::LinkedInMember, DAY);
    last_refresh.token.refresh_expiry = last_refresh.token.expiry;
    let cases = [
        (generic(DAY), Renewal::Login),
        (generic(DAY), Renewal::MayExtend),
        (generic(DAY), Renewal::ExchangeNow),
        (generic(DAY), RIPENS),
        (last_refresh, LASTING),
    ];
    for (stored, renewal) in cases {
        let seen = seen(&stored, renewal);
        for options in [ResolveOptions::new(), with(HOUR), ResolveOptions::new().forced()] {
            assert_eq!(step(&seen, &options, after(DAY)), OVER, "{renewal:?}");
        }
    }
}

#[test]
fn an_extension_that_may_not_come_is_waited_for_only_when_it_is_due() {
    let stored = stored(TokenKind::MetaUserLong, 60 * DAY);
    let seen = seen(&stored, Renewal::MayExtend);
    let due = due(&stored, Renewal::MayExtend);
    let before = due.saturating_sub(MINUTE);
    let asked = with(30 * DAY);
    assert_eq!(step(&seen, &asked, before), Told::Serve(vec![Warning::LessThanAsked]));
    assert_eq!(step(&seen, &asked, due), Told::Renew);
    assert_eq!(step(&seen, &asked.forced(), before), Told::Renew);
}

#[test]
fn a_token_in_doubt_is_sent_again_when_there_is_nothing_to_lose() {
    let mut in_doubt = generic(DAY);
    in_doubt.state = ConnectionState::RefreshUnknown;
    let strict = seen(&in_doubt, STRICT);
    assert_eq!(
        step(&strict, &with(2 * HOUR), after(23 * HOUR)),
        Told::Serve(vec![Warning::RefreshInDoubt, Warning::LessThanAsked])
    );
    assert_eq!(plain(&strict, after(DAY)), Told::Renew);
    let grace = seen(&in_doubt, Renewal::RefreshToken(Rotation::Grace(MINUTE)));
    assert_eq!(plain(&grace, start()), Told::ServeAndRenew(vec![Warning::RefreshInDoubt]));
    assert_eq!(plain(&grace, after(MINUTE)), Told::Serve(vec![Warning::RefreshInDoubt]));
}

#[test]
fn a_state_that_hands_out_nothing_is_not_argued_with() {
    for state in ConnectionState::all() {
        let Gate::Refuse(unusable) = gate(state) else { continue };
        let mut stored = generic(DAY);
        stored.state = state;
        let seen = seen(&stored, LASTING);
        for now in [start(), after(DAY)] {
            for options in [ResolveOptions::new(), with(HOUR), ResolveOptions::new().forced()] {
                assert_eq!(step(&seen, &options, now), Told::Refuse(unusable), "{state:?}");
            }
        }
    }
}

#[test]
fn tokens_from_before_the_login_are_refused_where_that_is_asked_for() {
    let mut legacy = generic(DAY);
    legacy.origin = Origin::Legacy;
    assert_eq!(refusal(&legacy, false), None);
    assert_eq!(refusal(&legacy, true), Some(Unusable::OAuthRequired));
    assert_eq!(refusal(&generic(DAY), true), None);
    legacy.state = ConnectionState::Disconnected;
    assert_eq!(refusal(&legacy, true), Some(Unusable::Disconnected), "the state says more");
}

#[test]
fn while_the_store_is_away_nothing_is_renewed_and_nothing_that_ended_is_served() {
    let seen = seen(&generic(HOUR), LASTING);
    let warnings = |min_validity, now| seen.serve_stale(min_validity, now).map(|resolved| resolved.warnings);
    let stale = Warnings::NONE.with(Warning::Stale);
    assert_eq!(warnings(Duration::ZERO, start()), Some(stale));
    assert_eq!(warnings(Duration::ZERO, after(58 * MINUTE)), Some(stale));
    assert_eq!(warnings(HOUR, start()), Some(stale.with(Warning::LessThanAsked)));
    assert_eq!(warnings(Duration::ZERO, after(59 * MINUTE)), None);
    let mut refused = generic(HOUR);
    refused.state = ConnectionState::Revoked;
    assert!(super::seen(&refused, LASTING).serve_stale(Duration::ZERO, start()).is_none());
}
