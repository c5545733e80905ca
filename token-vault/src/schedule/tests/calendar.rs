//! LinkedIn's year ("Programmatic Refresh Tokens"): access tokens of 60 days, and a refresh token whose end 365
//! days after the login never moves.

use super::*;

const YEAR: Duration = DAY.saturating_mul(365);

/// What LinkedIn answers to a refresh at this time.
fn answer(now: Timestamp) -> Clocks {
    let access = after(YEAR).saturating_duration_since(now).min(60 * DAY);
    Clocks {
        token: Expiry::At(now.saturating_add(access)),
        refresh: Expiry::At(after(YEAR)),
        data_access: Expiry::Unknown,
    }
}

fn partner() -> Life {
    let mut life = life(TokenKind::LinkedInMember, LASTING, answer(start()).token);
    life.clocks = answer(start());
    life
}

fn days_left(expiry: Expiry, now: Timestamp) -> u64 {
    expiry.remaining(now).unwrap().as_secs() / 86_400
}

/// What happens at a time.
#[derive(Debug, PartialEq, Eq)]
enum Entry {
    Refreshed { day: u64, access_left: u64, refresh_left: u64 },
    Notice { day: u64, stage: NoticeStage },
    Lost { day: u64, reason: ReauthReason },
}

/// A year of a worker that comes when it was told to.
fn year(mut life: Life) -> Vec<Entry> {
    let (mut notified, mut diary, mut now) = (Notified::NONE, Vec::new(), start());
    while let Some(due) = life.due_at(notified, now) {
        assert!(
            due > now,
            "it is called again at once, on day {}",
            now.saturating_duration_since(start()).as_secs() / 86_400
        );
        now = due;
        let day = now.saturating_duration_since(start()).as_secs() / 86_400;
        let todo = life.todo(notified, now);
        for notice in todo.notices {
            notified = notified.with(notice.stage);
            diary.push(Entry::Notice { day, stage: notice.stage });
        }
        if let Some(reason) = todo.lost {
            diary.push(Entry::Lost { day, reason });
            life.state = ConnectionState::NeedsReauth(reason);
        }
        if todo.renew {
            let clocks = settled(life.kind, &life.clocks, answer(now));
            notified = notified.carried_over(&life.clocks, &clocks);
            life =
                Life { clocks, issued_at: now, stored_at: now, generation: life.generation.next(), ..life };
            diary.push(Entry::Refreshed {
                day,
                access_left: days_left(clocks.token, now),
                refresh_left: days_left(clocks.refresh, now),
            });
        }
    }
    diary
}

#[test]
fn the_arithmetic_is_linkedins_own() {
    let before = partner().clocks;
    // Day 59: a new access token of 60 days, and 306 days left of the refresh token.
    let day = after(59 * DAY);
    let clocks = settled(TokenKind::LinkedInMember, &before, answer(day));
    assert_eq!((days_left(clocks.token, day), days_left(clocks.refresh, day)), (60, 306));
    // Day 360: both end in five days.
    let day = after(360 * DAY);
    let clocks = settled(TokenKind::LinkedInMember, &before, answer(day));
    assert_eq!((days_left(clocks.token, day), days_left(clocks.refresh, day)), (5, 5));
}

#[test]
fn the_end_of_linkedins_refresh_token_never_moves_and_no_access_token_passes_it() {
    let before = partner().clocks;
    let day = after(360 * DAY);
    let later = |days: u32| Expiry::At(day.saturating_add(DAY * days));
    let answers = [
        Clocks { token: later(60), refresh: later(365), data_access: Expiry::Unknown },
        Clocks { token: later(60), refresh: Expiry::Unknown, data_access: Expiry::Unknown },
        Clocks { token: Expiry::Unknown, refresh: Expiry::Never, data_access: Expiry::Unknown },
    ];
    for answer in answers {
        let clocks = settled(TokenKind::LinkedInMember, &before, answer);
        assert_eq!((clocks.token, clocks.refresh), (later(5), later(5)), "{answer:?}");
        // Other providers' refresh tokens may live anew with each use.
        assert_eq!(settled(TokenKind::Generic, &before, answer), answer);
    }
    let sooner = Clocks { refresh: later(2), ..answers[0] };
    assert_eq!(settled(TokenKind::LinkedInMember, &before, sooner).refresh, later(2));
}

#[test]
fn a_year_has_its_refreshes_its_notices_and_its_end() {
    for number in 0..200 {
        let diary = year(Life { connection: connection(number), ..partner() });
        let refreshes: Vec<_> = diary
            .iter()
            .filter_map(|entry| match entry {
                Entry::Refreshed { day, access_left, refresh_left } => {
                    Some((*day, *access_left, *refresh_left))
                }
                _ => None,
            })
            .collect();
        // Six of 53 to 55 days; the last one ends with the refresh token.
        assert_eq!(refreshes.len(), 6, "{diary:?}");
        for (day, access_left, refresh_left) in &refreshes {
            assert!(*day < 365 && (364..=365).contains(&(day + refresh_left)), "{diary:?}");
            assert_eq!(*access_left, (*refresh_left).min(60), "{diary:?}");
        }
        let rest: Vec<_> =
            diary.into_iter().filter(|entry| !matches!(entry, Entry::Refreshed { .. })).collect();
        let notice = |day, stage| Entry::Notice { day, stage };
        let expected = [
            notice(335, NoticeStage::RefreshIn30Days),
            notice(351, NoticeStage::TokenIn14Days),
            notice(358, NoticeStage::TokenIn7Days),
            notice(362, NoticeStage::TokenIn3Days),
            notice(364, NoticeStage::TokenIn1Day),
            Entry::Lost { day: 364, reason: ReauthReason::GrantExpired },
        ];
        assert_eq!(rest, expected);
    }
}

#[test]
fn a_refresh_that_would_change_nothing_is_not_made() {
    let mut life = partner();
    life.clocks = answer(after(360 * DAY));
    life.issued_at = after(360 * DAY);
    assert_eq!((life.renew_at(), life.is_renewable(life.issued_at)), (None, false));
    assert!(!life.todo(Notified::NONE, after(364 * DAY)).renew);
    // The same clocks elsewhere: a refresh there brings a new refresh token.
    assert!(Life { kind: TokenKind::Generic, ..life }.renew_at().is_some());
}

#[test]
fn no_refresh_is_made_with_a_refresh_token_that_has_ended() {
    // The access token was forgotten for a year.
    let mut life = partner();
    life.clocks.token = Expiry::At(after(60 * DAY));
    let todo = life.todo(Notified::NONE, after(366 * DAY));
    assert_eq!((todo.lost, todo.renew), (Some(ReauthReason::GrantExpired), false));
    // Another provider's refresh token that ends before the access token is used before it ends.
    let mut other = generic(STRICT, 60 * DAY);
    other.clocks.refresh = Expiry::At(after(30 * DAY));
    let due = other.renew_at().unwrap();
    assert!(due >= after(24 * DAY) && due < after(30 * DAY), "{due}");
}

#[test]
fn without_a_refresh_token_the_person_is_told_four_times() {
    let member = life(TokenKind::LinkedInMember, Renewal::Login, Expiry::At(after(60 * DAY)));
    let stages = [
        (46, NoticeStage::TokenIn14Days),
        (53, NoticeStage::TokenIn7Days),
        (57, NoticeStage::TokenIn3Days),
        (59, NoticeStage::TokenIn1Day),
    ];
    let mut expected: Vec<_> = stages.into_iter().map(|(day, stage)| Entry::Notice { day, stage }).collect();
    expected.push(Entry::Lost { day: 59, reason: ReauthReason::GrantExpired });
    assert_eq!(year(member), expected);
}

#[test]
fn a_refresh_token_with_a_fixed_end_is_not_used_faster_and_faster_towards_it() {
    let end = after(30 * DAY);
    for ttl in [HOUR, DAY, 60 * DAY] {
        let mut life = generic(STRICT, ttl);
        life.clocks.refresh = Expiry::At(end);
        let mut count = 0;
        while let Some(due) = life.renew_at().filter(|due| *due < end) {
            assert!(due >= life.issued_at.saturating_add(10 * MINUTE), "{ttl:?}: {due}");
            let token = Expiry::At(due.saturating_add(ttl));
            life = Life { issued_at: due, clocks: Clocks { token, ..life.clocks }, ..life };
            count += 1;
        }
        let usual = 30 * DAY.as_secs() / (ttl.as_secs() * 4 / 5);
        assert!(count <= usual + 6, "{ttl:?}: {count}");
        // Close to the end, so that the last access token lasts.
        assert!(end.saturating_duration_since(life.issued_at) < 2 * HOUR, "{ttl:?}");
    }
}
