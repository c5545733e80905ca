use std::time::Duration;

use super::*;
use crate::cache::Cached as _;

const LIMITS: Limits =
    Limits { max_staleness: Duration::from_secs(10), outage_grace: Duration::from_secs(300) };

fn entry_of(stored: &StoredToken, renewal: Renewal, now: Timestamp) -> Entry {
    Entry::new(Arc::new(seen(stored, renewal)), LIMITS, now, now)
}

fn is_hit(entry: &Entry, now: Timestamp) -> bool {
    entry.hit(Duration::ZERO, now).is_some()
}

fn seconds(seconds: u64) -> Timestamp {
    after(Duration::from_secs(seconds))
}

#[test]
fn an_entry_ages_out_and_a_clock_stepping_back_makes_none_younger() {
    let entry = entry_of(&generic(DAY), LASTING, start());
    for (now, expected) in [
        (start().saturating_sub(MINUTE), false),
        (start(), true),
        (seconds(9), true),
        (seconds(10), false),
        (after(DAY), false),
    ] {
        assert_eq!(is_hit(&entry, now), expected, "{now}");
        assert_eq!(entry.fresh(now).is_some(), expected, "{now}");
    }
    let limits = Limits { max_staleness: Duration::ZERO, ..LIMITS };
    let entry = Entry::new(Arc::new(seen(&generic(DAY), LASTING)), limits, start(), start());
    assert!(!is_hit(&entry, start()) && entry.fresh(start()).is_none());
}

#[test]
fn the_age_counts_from_before_the_reading() {
    let seen = Arc::new(seen(&generic(DAY), LASTING));
    let entry = Entry::new(seen, LIMITS, start(), seconds(8));
    assert!(is_hit(&entry, seconds(9)) && !is_hit(&entry, seconds(10)));
    assert!(!is_hit(&entry, seconds(7)), "what was said at eight seconds need not hold at seven");
}

#[test]
fn a_token_is_not_kept_open_for_long_however_often_it_is_confirmed() {
    let mut entry = entry_of(&generic(DAY), LASTING, start());
    for now in (8..300).step_by(8) {
        assert!(entry.revalidate(seconds(now), seconds(now)));
        assert!(is_hit(&entry, seconds(now)));
        assert_eq!(is_hit(&entry, seconds(now + 9)), now + 9 < 300, "{now}");
    }
    assert!(!entry.revalidate(seconds(300), seconds(300)));
    let limits = Limits { max_staleness: HOUR, ..LIMITS };
    let entry = Entry::new(Arc::new(seen(&generic(DAY), LASTING)), limits, start(), start());
    assert!(is_hit(&entry, seconds(299)) && !is_hit(&entry, seconds(300)));
    let mut entry = entry_of(&generic(DAY), LASTING, start());
    let earlier = start().saturating_sub(MINUTE);
    assert!(!entry.revalidate(earlier, earlier), "a clock that stepped back says nothing about its age");
}

#[test]
fn a_confirmation_that_was_asked_for_before_the_reading_makes_nothing_older() {
    let mut entry = entry_of(&generic(DAY), LASTING, seconds(5));
    assert!(entry.revalidate(start(), seconds(6)));
    assert!(is_hit(&entry, seconds(14)));
}

#[test]
fn once_a_renewal_is_seen_to_the_others_are_served_without_a_thought() {
    let due = after(58 * MINUTE);
    let later = |seconds| due.saturating_add(Duration::from_secs(seconds));
    let mut entry = entry_of(&generic(HOUR), LASTING, due);
    assert!(!is_hit(&entry, due), "somebody has to start it");
    entry.keep_quiet(later(5), due);
    assert!(is_hit(&entry, due) && is_hit(&entry, later(4)));
    assert!(!is_hit(&entry, later(5)), "it is not renewed yet");
    entry.keep_quiet(later(30), later(5));
    assert!(is_hit(&entry, later(9)) && !is_hit(&entry, later(10)));
    entry.renew_with(entry_of(&generic(HOUR), LASTING, later(10)));
    assert!(!is_hit(&entry, later(10)));
}

#[test]
fn an_older_reading_never_takes_the_place_of_a_newer_one() {
    let numbered = |generation, revision| {
        let mut stored = generic(DAY);
        (stored.generation, stored.revision) = (Generation::new(generation), Revision::new(revision));
        stored
    };
    let at = |generation, revision, now| entry_of(&numbered(generation, revision), LASTING, now);
    let cases = [
        ((2, 7), (2, 7), true),
        ((2, 7), (2, 8), true),
        ((2, 7), (3, 8), true),
        ((2, 7), (2, 6), false),
        ((2, 7), (1, 9), false),
    ];
    for (before, read, replaced) in cases {
        let mut entry = at(before.0, before.1, start());
        entry.renew_with(at(read.0, read.1, seconds(5)));
        let expected = if replaced { read } else { before };
        assert_eq!((entry.generation().get(), entry.revision().get()), expected);
    }
    // Once it would have to be looked up anyway: the database was restored.
    let mut entry = at(2, 7, start());
    entry.renew_with(at(2, 6, seconds(10)));
    assert_eq!(entry.revision().get(), 6);
}

#[test]
fn while_the_store_is_away_a_token_is_served_for_a_bounded_time() {
    let serve = |entry: &mut Entry, now| entry.serve_stale(Duration::ZERO, now).is_some();
    let mut entry = entry_of(&generic(DAY), LASTING, start());
    for (now, expected) in [(10, true), (309, true), (310, false), (9_999, false)] {
        assert_eq!(serve(&mut entry, seconds(now)), expected, "{now}");
    }
    assert!(!serve(&mut entry, start().saturating_sub(MINUTE)));
    // For a second the store is left alone; not beyond the bound.
    assert!(serve(&mut entry, seconds(20)));
    let hit = entry.hit(Duration::ZERO, seconds(20)).unwrap().unwrap();
    assert_eq!(hit.warnings, [Warning::Stale]);
    assert!(!is_hit(&entry, seconds(21)) && entry.fresh(seconds(20)).is_none());
    let almost = seconds(309).saturating_add(Duration::from_millis(500));
    assert!(serve(&mut entry, almost) && is_hit(&entry, almost) && !is_hit(&entry, seconds(310)));

    for limits in [
        Limits { outage_grace: Duration::ZERO, ..LIMITS },
        Limits { max_staleness: Duration::ZERO, ..LIMITS },
    ] {
        let seen = Arc::new(seen(&generic(DAY), LASTING));
        let mut entry = Entry::new(seen, limits, start(), start());
        assert!(!serve(&mut entry, seconds(10)), "{limits:?}");
    }
}

#[test]
fn an_answer_holds_until_the_next_thing_happens() {
    let hour = generic(HOUR);
    let due = life(&hour, LASTING).renew_at().unwrap();
    let person = stored(TokenKind::MetaUserLong, 60 * DAY);
    let (mut refresh, mut data) = (generic(60 * DAY), stored(TokenKind::MetaUserLong, None));
    refresh.token.refresh_expiry = Expiry::At(after(5 * DAY));
    data.token.data_access_expiry = Expiry::At(after(5 * DAY));
    let retry = after(2 * DAY);
    let failing = failed(generic(60 * DAY), FailureClass::Transient, ConnectionState::RefreshFailing, retry);
    let young = failed(generic(60 * DAY), FailureClass::Transient, ConnectionState::RefreshFailing, start());
    let cases = [
        ("a renewal is due", &hour, LASTING, due),
        ("it ends", &hour, LASTING, after(59 * MINUTE)),
        ("the refresh token ends", &refresh, STRICT, after(5 * DAY)),
        ("the person is told", &person, Renewal::MayExtend, after(46 * DAY)),
        ("the data access ends", &data, Renewal::NotNeeded, after(5 * DAY)),
        ("the back-off is over", &failing, LASTING, retry),
        ("it has ripened", &young, RIPENS, after(DAY)),
    ];
    for (what, stored, renewal, at) in cases {
        let just_before = at.saturating_sub(Duration::from_secs(5));
        let mut entry = entry_of(stored, renewal, just_before);
        entry.keep_quiet(after(1000 * DAY), just_before);
        assert!(is_hit(&entry, at.saturating_sub(Duration::from_millis(1))), "{what}");
        assert!(!is_hit(&entry, at), "{what}");
    }
}

#[test]
fn a_refusal_is_remembered_like_a_token_and_a_wait_is_not() {
    let mut lost = generic(DAY);
    lost.state = ConnectionState::NeedsReauth(ReauthReason::AppRemoved);
    let entry = entry_of(&lost, LASTING, start());
    let error = entry.hit(30 * DAY, seconds(9)).unwrap().unwrap_err();
    assert_eq!(error.unusable(), Some(Unusable::NeedsReauth(ReauthReason::AppRemoved)));
    assert!(!is_hit(&entry, seconds(10)));

    let ended = entry_of(&generic(DAY), Renewal::Login, after(DAY));
    assert_eq!(ended.hit(Duration::ZERO, after(DAY)).unwrap().unwrap_err().kind(), ErrorKind::Reauthorize);
    let failing =
        failed(generic(DAY), FailureClass::Transient, ConnectionState::RefreshFailing, after(2 * DAY));
    assert!(!is_hit(&entry_of(&failing, LASTING, after(DAY)), after(DAY)));
}

fn renewals() -> impl Strategy<Value = Renewal> {
    select(vec![
        LASTING,
        STRICT,
        RIPENS,
        Renewal::RefreshToken(Rotation::Grace(HOUR)),
        Renewal::MayExtend,
        Renewal::ExchangeNow,
        Renewal::FromApp,
        Renewal::FromParent,
        Renewal::NotNeeded,
        Renewal::Login,
    ])
}

const SERVING: [ConnectionState; 3] =
    [ConnectionState::Connected, ConnectionState::RefreshFailing, ConnectionState::RefreshUnknown];

prop_compose! {
    /// Any token set, in any state, after any failure.
    fn any_stored()(
        kind in select(vec![TokenKind::Generic, TokenKind::LinkedInMember, TokenKind::MetaUserLong]),
        state in prop_oneof![select(ConnectionState::all()), select(SERVING.to_vec())],
        ends in prop::array::uniform4(prop::option::weighted(0.8, 0..100_u32)),
        failures in 0..2_u32,
        class in select(FailureClass::all()),
        legacy in any::<bool>(),
    ) -> StoredToken {
        let hours = |at: Option<u32>| at.map(|hours| after(hours * HOUR));
        let mut stored = stored(kind, ends[0].map(|hours| hours * HOUR));
        let expiry = |at| hours(at).map_or(Expiry::Unknown, Expiry::At);
        (stored.token.refresh_expiry, stored.token.data_access_expiry) = (expiry(ends[1]), expiry(ends[2]));
        (stored.state, stored.failures, stored.due_at) = (state, failures, hours(ends[3]));
        stored.last_error = (failures > 0).then(|| LastError::new(class, start()));
        stored.origin = if legacy { Origin::Legacy } else { Origin::OAuth };
        stored
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    /// What an entry answers without thinking is what thinking would have given, at every moment.
    #[test]
    fn a_hit_never_differs_from_the_rules(
        stored in any_stored(),
        renewal in renewals(),
        // Most things happen on the hour.
        hour in 1..110_u64,
        before in 0..300_u64,
        later in 0..400_u64,
        min_validity in select(vec![0, 60, 3600, 100_000_u64]),
    ) {
        let limits = Limits { max_staleness: HOUR, ..LIMITS };
        let seen = Arc::new(seen(&stored, renewal));
        let read_at = hour * 3600 - before;
        let (read_at, now) = (seconds(read_at), seconds(read_at + later));
        let min_validity = Duration::from_secs(min_validity);
        let entry = Entry::new(Arc::clone(&seen), limits, read_at, read_at);
        if let Some(hit) = entry.hit(min_validity, now) {
            let options = ResolveOptions::new().with_min_validity(min_validity);
            match (hit, seen.step(&options, &Efforts::None, now)) {
                (Ok(hit), Step::Serve { resolved, renew: false }) => {
                    prop_assert_eq!(hit.warnings, resolved.warnings);
                    prop_assert!(Arc::ptr_eq(&hit.token, &resolved.token));
                }
                (Err(hit), Step::Refuse(error)) => {
                    prop_assert_eq!(hit.unusable(), error.unusable());
                    prop_assert_eq!(error.retry_after(), None);
                }
                (hit, step) => prop_assert!(false, "{hit:?} {step:?}"),
            }
        }
    }

    /// A caller is never told to wait for a renewal when there is one that it need not wait for.
    #[test]
    fn a_caller_waits_only_for_what_it_needs(
        stored in any_stored(),
        renewal in renewals(),
        now in 0..100 * 3600_u64,
    ) {
        let (seen, life) = (seen(&stored, renewal), life(&stored, renewal));
        let now = seconds(now);
        match plain(&seen, now) {
            Told::Renew | Told::NotNow(_) => prop_assert!(life.is_ended(now)),
            Told::Serve(_) | Told::ServeAndRenew(_) => {
                prop_assert!(!life.is_ended(now) && stored.state.serves());
            }
            Told::Refuse(_) => prop_assert!(!stored.state.serves() || life.is_ended(now)),
            Told::Fault(kind) => prop_assert!(false, "{kind:?}"),
        }
    }
}
