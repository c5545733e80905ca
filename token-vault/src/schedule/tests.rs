use proptest::{prelude::*, sample::select};
use sociogram_oauth_core::{ConnectionId, Expiry, ProviderId};

use super::*;
use crate::{Account, NoticeStage, TokenRecord};

mod calendar;
mod ends;
mod retries;

const STRICT: Renewal = Renewal::RefreshToken(Rotation::Strict);
const LASTING: Renewal = Renewal::RefreshToken(Rotation::None);
const AT_ONCE: Renewal = Renewal::WhileValid { min_age: Duration::ZERO };

fn start() -> Timestamp {
    Timestamp::from_unix_seconds(1_800_000_000)
}

fn after(time: Duration) -> Timestamp {
    start().saturating_add(time)
}

fn account() -> Account {
    Account::new(ProviderId::FACEBOOK, "app", "person")
}

fn connection(number: u32) -> ConnectionId {
    ConnectionId::from_bytes(u128::from(number).to_be_bytes())
}

/// A token set that was just stored.
fn life(kind: TokenKind, renewal: Renewal, expiry: Expiry) -> Life {
    let mut token = TokenRecord::new(kind);
    token.expiry = expiry;
    token.issued_at = Some(start());
    let stored = StoredToken::new(
        account(),
        Generation::NONE.next(),
        None,
        token,
        ConnectionState::Connected,
        start(),
    );
    let mut life = Life::of(connection(1), &stored, renewal, None);
    life.due_at = life.due_at(Notified::NONE, start());
    life
}

fn generic(renewal: Renewal, ttl: Duration) -> Life {
    life(TokenKind::Generic, renewal, Expiry::At(after(ttl)))
}

/// How long before its end the renewal of each of many such tokens begins.
fn leads(life: &Life, end: Timestamp) -> Vec<Duration> {
    let of = |number| Life { connection: connection(number), ..*life };
    (0..2000).map(|number| end.saturating_duration_since(of(number).renew_at().unwrap())).collect()
}

#[test]
fn renewals_begin_a_fifth_of_the_life_ahead_and_up_to_a_quarter_of_that_later() {
    let cases = [
        (60 * DAY, 7 * DAY, DAY * 21 / 4),
        (365 * DAY, 7 * DAY, DAY * 21 / 4),
        (DAY, HOUR * 24 / 5, HOUR * 18 / 5),
        (HOUR, 12 * MINUTE, 9 * MINUTE),
        (20 * MINUTE, 5 * MINUTE, 5 * MINUTE * 3 / 4),
    ];
    for (ttl, earliest, latest) in cases {
        for renewal in [LASTING, STRICT, AT_ONCE, Renewal::FromApp] {
            let leads = leads(&generic(renewal, ttl), after(ttl));
            assert!(leads.iter().all(|lead| *lead <= earliest && *lead > latest), "{ttl:?} {renewal:?}");
        }
    }
}

#[test]
fn a_fleet_that_connected_in_one_hour_spreads_over_a_quarter_of_the_margin() {
    let end = after(60 * DAY);
    let leads = leads(&generic(LASTING, 60 * DAY), end);
    let spread = 7 * DAY / 4;
    let mut shares = [0_u32; 10];
    for lead in leads {
        let tenth = (7 * DAY).saturating_sub(lead).as_millis() * 10 / spread.as_millis();
        shares[usize::try_from(tenth).unwrap()] += 1;
    }
    // 200 each; a fair die stays within four standard deviations.
    assert!(shares.iter().all(|share| (146..=254).contains(share)), "{shares:?}");
}

#[test]
fn every_process_comes_to_the_same_time_and_the_next_generation_to_another() {
    let one = generic(LASTING, 60 * DAY);
    assert_eq!(one.renew_at(), generic(LASTING, 60 * DAY).renew_at());
    let next = Life { generation: one.generation.next(), ..one };
    assert_ne!(one.renew_at(), next.renew_at());
    // Written down, so that a release does not move the times of a running fleet.
    let lead = after(60 * DAY).saturating_duration_since(one.renew_at().unwrap());
    assert_eq!(lead, Duration::from_millis(571_905_941));
}

#[test]
fn a_life_too_short_for_the_margin_is_halved() {
    for seconds in [1, 30, 59, 60, 119, 299, 301, 599] {
        let ttl = Duration::from_secs(seconds);
        let life = generic(LASTING, ttl);
        let (due, hard) = (life.renew_at().unwrap(), life.hard_end().unwrap());
        assert!(due >= after(ttl / 2).min(hard) && due <= hard, "{seconds}: {due}");
        assert!(hard >= after(ttl / 2), "{seconds}");
        assert_eq!(life.window(Duration::ZERO, start()), Window::Fresh, "{seconds}");
    }
}

#[test]
fn the_windows_follow_each_other() {
    let life = generic(LASTING, HOUR);
    let due = life.renew_at().unwrap();
    let hard = after(59 * MINUTE);
    let window = |now| life.window(Duration::ZERO, now);
    let moment = Duration::from_millis(1);
    assert_eq!(life.hard_end(), Some(hard));
    assert_eq!(window(due.saturating_sub(moment)), Window::Fresh);
    assert_eq!(window(due), Window::Advisory);
    assert_eq!(window(hard.saturating_sub(moment)), Window::Advisory);
    assert_eq!(window(hard), Window::Ended);
    // A caller that needs more has less.
    let needs = 10 * MINUTE;
    assert_eq!(life.window(needs, hard.saturating_sub(needs).saturating_sub(moment)), Window::Advisory);
    assert_eq!(life.window(needs, hard.saturating_sub(needs)), Window::Mandatory);
    assert_eq!(life.window(needs, hard), Window::Ended);
}

#[test]
fn a_back_off_and_a_worker_close_the_advisory_window() {
    let due = generic(LASTING, HOUR).renew_at().unwrap();
    let mut life = Life { due_at: Some(due.saturating_add(MINUTE)), ..generic(LASTING, HOUR) };
    assert_eq!(life.window(Duration::ZERO, due), Window::Fresh);
    assert!(!life.is_backing_off(due));
    life.failures = 1;
    life.state = ConnectionState::RefreshFailing;
    assert!(life.is_backing_off(due));
    assert_eq!(life.window(Duration::ZERO, due.saturating_add(MINUTE)), Window::Advisory);
    assert!(!life.is_backing_off(due.saturating_add(MINUTE)));
}

#[test]
fn a_refresh_token_in_doubt_opens_no_window_while_the_access_token_lives() {
    let life = Life { state: ConnectionState::RefreshUnknown, ..generic(STRICT, HOUR) };
    let hard = life.hard_end().unwrap();
    assert_eq!(life.window(Duration::ZERO, after(58 * MINUTE)), Window::Fresh);
    assert!(!life.todo(Notified::NONE, after(58 * MINUTE)).renew);
    assert_eq!(life.due_at(Notified::NONE, after(50 * MINUTE)), Some(hard));
    assert_eq!(life.window(Duration::ZERO, hard), Window::Ended);
    assert!(life.todo(Notified::NONE, hard).renew);
}

#[test]
fn tokens_without_an_end_are_looked_at_every_day() {
    for (kind, renewal, expiry) in [
        (TokenKind::MetaSystemUser, Renewal::NotNeeded, Expiry::Never),
        (TokenKind::MetaPage, Renewal::FromParent, Expiry::Never),
        (TokenKind::MetaSystemUser, AT_ONCE, Expiry::Unknown),
        (TokenKind::Generic, LASTING, Expiry::Unknown),
        (TokenKind::Generic, Renewal::Login, Expiry::Unknown),
    ] {
        let life = life(kind, renewal, expiry);
        let looks: Vec<_> = (0..100)
            .map(|number| Life { connection: connection(number), ..life }.check_at().unwrap())
            .collect();
        let (first, last) = (looks.iter().min().unwrap(), looks.iter().max().unwrap());
        assert!(*first >= after(DAY * 9 / 10) && *last < after(DAY * 11 / 10), "{kind}");
        assert!(last.saturating_duration_since(*first) > 3 * HOUR, "{kind}");
        assert!(life.due_at(Notified::NONE, start()).unwrap() <= after(DAY * 11 / 10), "{kind}");
        let later = Life { checked_at: after(DAY), ..life };
        assert_eq!(later.check_at(), Some(life.check_at().unwrap().saturating_add(DAY)), "{kind}");
        assert_eq!((life.hard_end(), life.is_ended(after(9999 * DAY))), (None, false));
    }
    // Others tell by themselves when they end.
    assert_eq!(generic(LASTING, HOUR).check_at(), None);
    assert_eq!(life(TokenKind::LinkedInApp, Renewal::FromApp, Expiry::Unknown).check_at(), None);
}

#[test]
fn an_end_that_nobody_named_is_assumed_and_never_for_ever() {
    let unknown = |kind, renewal| life(kind, renewal, Expiry::Unknown).renew_at();
    let day = unknown(TokenKind::Generic, LASTING).unwrap();
    assert_eq!(day, after(DAY));
    let months = unknown(TokenKind::InstagramUser, AT_ONCE).unwrap();
    assert!(months >= after(53 * DAY) && months < after(55 * DAY));
    assert_eq!(unknown(TokenKind::Generic, Renewal::Login), None);
}

#[test]
fn a_token_of_a_day_must_be_a_day_old_before_it_is_renewed() {
    let young = Renewal::WhileValid { min_age: DAY };
    // 60 days leave time.
    let long = life(TokenKind::InstagramUser, young, Expiry::At(after(60 * DAY)));
    assert!(long.renew_at().unwrap() > after(53 * DAY));
    // 26 hours leave two.
    let short = life(TokenKind::ThreadsUser, young, Expiry::At(after(26 * HOUR)));
    assert_eq!(short.renew_at(), Some(after(DAY)));
    // An hour leaves none: then the person is told in time, as far as there is time.
    let hour = life(TokenKind::ThreadsUser, young, Expiry::At(after(HOUR)));
    assert_eq!((hour.renew_at(), hour.is_renewable(start())), (None, false));
    assert_eq!(hour.todo(Notified::NONE, after(HOUR)).lost, Some(ReauthReason::GrantExpired));
}

#[test]
fn derived_tokens_follow_their_parent() {
    let page = life(TokenKind::MetaPage, Renewal::FromParent, Expiry::Never);
    assert_eq!(page.renew_at(), None);
    let older = Life { parent_stored_at: Some(after(HOUR)), ..page };
    assert_eq!(older.renew_at(), Some(after(HOUR)));
    assert!(older.todo(Notified::NONE, after(HOUR)).renew);
    let newer = Life { stored_at: after(2 * HOUR), ..older };
    assert_eq!(newer.renew_at(), None);
    // Without word from the parent a blocked one looks by itself.
    let blocked = Life { state: ConnectionState::BlockedByParent, due_at: None, ..page };
    let look = blocked.due_at(Notified::NONE, start()).unwrap();
    assert!(look >= after(HOUR) && look <= after(HOUR * 5 / 4));
    assert!(blocked.todo(Notified::NONE, look).renew);
    assert!(!blocked.todo(Notified::NONE, look).check);
}

#[test]
fn nothing_is_due_where_nothing_is_handed_out() {
    for state in ConnectionState::all().into_iter().filter(|state| !state.allows_attempts()) {
        let life = Life { state, ..generic(LASTING, HOUR) };
        let late = after(DAY);
        assert_eq!(life.due_at(Notified::NONE, late), None, "{state}");
        let todo = life.todo(Notified::NONE, late);
        assert_eq!(todo, Todo { lost: None, renew: false, check: false, notices: vec![] }, "{state}");
        assert_eq!(life.window(Duration::ZERO, after(50 * MINUTE)), Window::Fresh, "{state}");
    }
}

proptest! {
    /// Wherever clocks point: no panic, nothing beyond the end, and what is due says what to do.
    #[test]
    fn the_schedule_holds_for_all_times(
        now: i64,
        issued in any::<i64>(),
        end in any::<i64>(),
        refresh in proptest::option::of(any::<i64>()),
        renewal in select(vec![LASTING, STRICT, AT_ONCE, Renewal::MayExtend, Renewal::FromParent, Renewal::Login]),
        kind in select(vec![TokenKind::Generic, TokenKind::LinkedInMember]),
    ) {
        let (now, end) = (Timestamp::from_unix_millis(now), Timestamp::from_unix_millis(end));
        let mut life = life(kind, renewal, Expiry::At(end));
        life.issued_at = Timestamp::from_unix_millis(issued);
        life.clocks.refresh = refresh.map_or(Expiry::Unknown, |end| Expiry::At(Timestamp::from_unix_millis(end)));
        let hard = life.hard_end().unwrap();
        prop_assert!(hard <= end);
        if let Some(due) = life.renew_at() {
            prop_assert!(due <= hard);
        }
        let todo = life.todo(Notified::NONE, now);
        prop_assert!(todo.lost.is_none() || (!todo.renew && !todo.check && todo.notices.is_empty()));
        prop_assert_eq!(life.window(Duration::ZERO, now) == Window::Ended, hard <= now);
        // Whoever has done what there was to do is not called again at once.
        if todo == (Todo { lost: None, renew: false, check: false, notices: vec![] }) {
            prop_assert!(life.due_at(Notified::NONE, now).is_none_or(|due| due > now));
        }
    }
}
