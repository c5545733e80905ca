//! Meta's ends: tokens that may be extended, and the access to data with a clock of its own.

use super::*;

fn person() -> Life {
    life(TokenKind::MetaUserLong, Renewal::MayExtend, Expiry::At(after(60 * DAY)))
}

#[test]
fn an_extension_is_tried_before_the_first_notice_and_weekly_after() {
    let life = person();
    let first = life.renew_at().unwrap();
    assert!(first >= after(44 * DAY) && first <= after(45 * DAY), "{first}");
    assert!(life.todo(Notified::NONE, first).renew);
    // It gave back the same end: the token was proven, and kept.
    let second = Life { checked_at: first, ..life };
    assert!(!second.todo(Notified::NONE, first).renew);
    assert_eq!(second.renew_at(), Some(first.saturating_add(7 * DAY)));
    let third = Life { checked_at: first.saturating_add(14 * DAY), ..life };
    assert_eq!(third.renew_at(), None);
    // A proof long before changes nothing.
    assert_eq!(Life { checked_at: after(10 * DAY), ..life }.renew_at(), Some(first));
}

#[test]
fn an_extension_is_judged_by_the_end_having_moved() {
    let before = Expiry::At(after(60 * DAY));
    for (end, extended) in [
        (Expiry::At(after(60 * DAY)), false),
        (Expiry::At(after(60 * DAY + HOUR)), false),
        (Expiry::At(after(50 * DAY)), false),
        (Expiry::Unknown, false),
        (Expiry::At(after(104 * DAY)), true),
        (Expiry::Never, true),
    ] {
        assert_eq!(is_extended(before, end), extended, "{end:?}");
    }
}

#[test]
fn a_token_that_may_be_extended_is_announced_as_one_that_ends() {
    let life = person();
    let mut notified = Notified::NONE;
    for (day, stage) in [
        (46, NoticeStage::TokenIn14Days),
        (53, NoticeStage::TokenIn7Days),
        (57, NoticeStage::TokenIn3Days),
        (59, NoticeStage::TokenIn1Day),
    ] {
        let todo = life.todo(notified, after(day * DAY));
        assert_eq!(todo.notices.iter().map(|notice| notice.stage).collect::<Vec<_>>(), [stage]);
        notified = notified.with(stage);
    }
    let todo = life.todo(notified, after(60 * DAY));
    assert_eq!((todo.lost, todo.renew), (Some(ReauthReason::GrantExpired), false));
}

#[test]
fn the_access_to_data_ends_by_its_own_clock_and_is_looked_at_first() {
    let mut page = life(TokenKind::MetaUserLong, Renewal::NotNeeded, Expiry::At(after(365 * DAY)));
    page.clocks.data_access = Expiry::At(after(90 * DAY));
    // A day before the first notice the provider is asked: the person may have used the app since.
    let look = page.due_at(Notified::NONE, start()).unwrap();
    assert_eq!(look, after(75 * DAY));
    assert!(page.todo(Notified::NONE, look).check);
    page.checked_at = look;
    assert_eq!(page.due_at(Notified::NONE, look), Some(after(76 * DAY)));
    let todo = page.todo(Notified::NONE, after(76 * DAY));
    assert!(todo.check);
    let notices: Vec<_> = todo.notices.iter().map(|notice| (notice.stage, notice.end)).collect();
    assert_eq!(notices, [(NoticeStage::DataAccessIn14Days, after(90 * DAY))]);
    // It moved: nothing to tell.
    let moved = Clocks { data_access: Expiry::At(after(165 * DAY)), ..page.clocks };
    let used = Life { clocks: moved, checked_at: after(76 * DAY), ..page };
    assert_eq!(used.due_at(Notified::NONE, after(76 * DAY)), Some(after(150 * DAY)));
    // Nobody has asked for weeks: that comes first, also when the end has passed.
    let todo = page.todo(Notified::NONE, after(91 * DAY));
    assert_eq!((todo.lost, todo.check), (None, true));
    // It did not move: access is lost although the token is good.
    page.checked_at = after(89 * DAY);
    assert_eq!(page.todo(Notified::NONE, after(90 * DAY)).lost, Some(ReauthReason::DataAccessExpired));
    assert!(!page.is_ended(after(90 * DAY)));
}

#[test]
fn a_renewal_that_is_given_up_is_announced_like_a_token_without_one() {
    let mut life = generic(LASTING, 60 * DAY);
    let late = after(55 * DAY);
    assert_eq!(life.login_ends(late).token, None);
    life.strikes = [0, 1, 2]
        .into_iter()
        .map(|hour| after(54 * DAY + HOUR * hour))
        .fold(Strikes::NONE, |strikes, time| strikes.after_failure(crate::FailureClass::Refused, time));
    assert_eq!(life.login_ends(late).token, Some(after(60 * DAY)));
    // It is not lost with its end: there is one more try.
    life.state = ConnectionState::RefreshFailing;
    let todo = life.todo(Notified::NONE, after(60 * DAY));
    assert_eq!((todo.lost, todo.renew), (None, true));
}

#[test]
fn a_clock_that_jumps_an_hour_moves_nothing_but_the_moment() {
    let life = generic(LASTING, 60 * DAY);
    let due = life.renew_at().unwrap();
    for now in [after(54 * DAY).saturating_sub(HOUR), after(54 * DAY), after(54 * DAY + HOUR)] {
        assert_eq!(life.due_at(Notified::NONE, now), Some(due));
    }
    // Back before the token was asked for: it is as good as it was.
    let before = start().saturating_sub(HOUR);
    assert_eq!(life.window(Duration::ZERO, before), Window::Fresh);
    assert!(!life.todo(Notified::NONE, before).renew);
    // Beyond its end and back: no harm was stored.
    assert_eq!(life.window(Duration::ZERO, after(61 * DAY)), Window::Ended);
    assert_eq!(life.window(Duration::ZERO, after(DAY)), Window::Fresh);
}

#[test]
fn a_token_that_is_renewed_with_itself_can_be_from_the_day_it_is_ripe_until_it_counts_as_ended() {
    let token = Expiry::At(after(60 * DAY));
    let ripens = Renewal::WhileValid { min_age: DAY };
    let moment = Duration::from_millis(1);
    let cases = [
        (ripens, DAY.saturating_sub(moment), false),
        (ripens, DAY, true),
        (ripens, (60 * DAY).saturating_sub(MINUTE + moment), true),
        (ripens, (60 * DAY).saturating_sub(MINUTE), false),
        (Renewal::MayExtend, (60 * DAY).saturating_sub(MINUTE + moment), true),
        (Renewal::MayExtend, (60 * DAY).saturating_sub(MINUTE), false),
        (Renewal::ExchangeNow, (60 * DAY).saturating_sub(MINUTE), false),
        // These do not need the token itself.
        (LASTING, 61 * DAY, true),
        (Renewal::FromParent, 61 * DAY, true),
        (Renewal::FromApp, 61 * DAY, true),
        (Renewal::Login, DAY, false),
        (Renewal::NotNeeded, DAY, false),
    ];
    for (renewal, age, expected) in cases {
        let life = life(TokenKind::Generic, renewal, token);
        assert_eq!(life.can_renew(after(age)), expected, "{renewal:?} {age:?}");
    }
}
