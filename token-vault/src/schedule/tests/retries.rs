//! After a failure.

use super::*;
use crate::FailureClass;

const MOST: u32 = u32::MAX;

fn setback(class: FailureClass) -> Setback {
    Setback { class, retry_after: None, random: MOST }
}

fn wait(life: &Life, setback: &Setback, now: Timestamp) -> Duration {
    life.retry_at(setback, now).unwrap().saturating_duration_since(now)
}

/// Half a day into the advisory window of a token of 60 days.
fn failing(failures: u32) -> (Life, Timestamp) {
    let life = Life { failures, state: ConnectionState::RefreshFailing, ..generic(LASTING, 60 * DAY) };
    (life, after(54 * DAY))
}

#[test]
fn waits_double_from_five_seconds_to_a_quarter_of_an_hour() {
    let seconds = [5, 10, 20, 40, 80, 160, 320, 640, 900, 900];
    for class in
        [FailureClass::NotSent, FailureClass::Transient, FailureClass::Throttled, FailureClass::Ambiguous]
    {
        for (failures, most) in (0..).zip(seconds) {
            let (life, now) = failing(failures);
            let most = Duration::from_secs(most);
            let longest = wait(&life, &setback(class), now);
            assert!(longest <= most && most.saturating_sub(longest) < Duration::from_millis(5), "{class}");
            // Full jitter: anything down to the floor.
            let half = wait(&life, &Setback { random: MOST / 2, ..setback(class) }, now);
            assert!(half <= most / 2 && half >= most * 2 / 5, "{class} {half:?}");
            assert_eq!(wait(&life, &Setback { random: 0, ..setback(class) }, now), Duration::from_secs(1));
        }
    }
    let (life, now) = failing(u32::MAX);
    assert!(wait(&life, &setback(FailureClass::Transient), now) <= 15 * MINUTE);
}

#[test]
fn something_of_the_margin_is_left_for_another_try() {
    let (mut life, _) = failing(9);
    let hard = life.hard_end().unwrap();
    let in_time = hard.saturating_sub(7 * DAY / 10);
    let transient = setback(FailureClass::Transient);
    let retry = |life: &Life, now| life.retry_at(&transient, now).unwrap();
    assert_eq!(retry(&life, in_time.saturating_sub(MINUTE)), in_time);
    // After that moment the next bound is the end itself, and after the end there is none.
    assert_eq!(retry(&life, hard.saturating_sub(MINUTE)), hard);
    assert!(retry(&life, hard) > hard.saturating_add(14 * MINUTE));
    // The daily tries of what is given up are bound by it too.
    life.strikes.defects = 5;
    assert_eq!(life.retry_at(&setback(FailureClass::Defect), in_time.saturating_sub(HOUR)), Some(in_time));
    // An hour-long token has little to leave.
    let short = Life { failures: 9, ..generic(LASTING, HOUR) };
    let in_time = after(59 * MINUTE).saturating_sub(12 * MINUTE / 10);
    assert_eq!(retry(&short, after(50 * MINUTE)), in_time);
}

#[test]
fn what_the_provider_asks_for_is_kept_up_to_an_hour() {
    let (life, now) = failing(0);
    let asks = |seconds| Setback {
        retry_after: Some(Duration::from_secs(seconds)),
        ..setback(FailureClass::Throttled)
    };
    for (seconds, expected) in [(0, 5), (1, 5), (60, 60), (3600, 3600), (3601, 3600), (u64::MAX, 3600)] {
        let waited = wait(&life, &asks(seconds), now);
        assert!(waited.as_millis().abs_diff(u128::from(expected * 1000_u64)) < 5, "{seconds}: {waited:?}");
    }
    // Also where the token ends before: it would be refused again.
    let short = generic(LASTING, HOUR);
    assert_eq!(wait(&short, &asks(3600), after(50 * MINUTE)), HOUR);
}

#[test]
fn a_lost_grant_is_not_tried_again() {
    let (life, now) = failing(0);
    assert_eq!(life.retry_at(&setback(FailureClass::Terminal(ReauthReason::GrantRevoked)), now), None);
}

#[test]
fn three_unknown_refusals_take_an_hour_and_the_next_one_a_day() {
    let (mut life, mut now) = failing(0);
    let began = now;
    let refused = Setback { random: 0, ..setback(FailureClass::Refused) };
    for count in 1..=3 {
        let due = life.retry_at(&refused, now).unwrap();
        life.strikes = life.strikes.after_failure(FailureClass::Refused, now);
        assert_eq!(life.strikes.is_refused_for_good(), count == 3);
        assert_eq!(due.saturating_duration_since(now), if count == 3 { DAY } else { 30 * MINUTE });
        now = due;
    }
    assert!(now.saturating_duration_since(began) >= HOUR);
    let latest = wait(&failing(0).0, &Setback { random: MOST, ..refused }, began);
    assert!(latest > 35 * MINUTE && latest <= 36 * MINUTE);
}

#[test]
fn the_same_mistake_is_made_three_times_and_then_once_a_day() {
    let (mut life, now) = failing(0);
    let mut waits = Vec::new();
    for _ in 0..4 {
        waits.push(wait(&life, &setback(FailureClass::Defect), now) < MINUTE);
        life.strikes = life.strikes.after_failure(FailureClass::Defect, now);
    }
    assert_eq!(waits, [true, true, false, false]);
    assert_eq!(wait(&life, &setback(FailureClass::Defect), now), DAY);
}

#[test]
fn a_broken_app_is_looked_at_every_quarter_of_an_hour_at_most() {
    let (life, now) = failing(0);
    let least = wait(&life, &Setback { random: 0, ..setback(FailureClass::AppConfig) }, now);
    let most = wait(&life, &setback(FailureClass::AppConfig), now);
    assert_eq!(least, 15 * MINUTE / 2);
    assert!(most > 14 * MINUTE && most <= 15 * MINUTE);
}

#[test]
fn a_refresh_token_that_is_good_once_waits_for_the_end_of_the_access_token() {
    let ambiguous = setback(FailureClass::Ambiguous);
    let life = generic(STRICT, HOUR);
    let (now, hard) = (after(50 * MINUTE), after(59 * MINUTE));
    assert_eq!(life.retry_at(&ambiguous, now), Some(hard));
    // Nothing is left to lose: tried as usual.
    assert_eq!(life.retry_at(&ambiguous, hard).unwrap().saturating_duration_since(hard).as_secs(), 4);
    // A failure of another sort does not end the doubt.
    let doubt = Life { state: ConnectionState::RefreshUnknown, state_since: now, ..life };
    for class in
        [FailureClass::NotSent, FailureClass::Throttled, FailureClass::Refused, FailureClass::AppConfig]
    {
        assert_eq!(doubt.retry_at(&setback(class), now), Some(hard), "{class}");
    }
    // Where nobody knows the end, the daily check has to show it.
    let endless = Life { clocks: Clocks { token: Expiry::Unknown, ..life.clocks }, ..doubt };
    assert_eq!(endless.retry_at(&ambiguous, now), Some(now.saturating_add(DAY)));
    assert!(!endless.may_send_in_doubt(after(99 * DAY)));
}

#[test]
fn a_refresh_token_with_a_grace_is_sent_again_within_it() {
    let grace = Renewal::RefreshToken(Rotation::Grace(Duration::from_secs(10)));
    let life = generic(grace, HOUR);
    let (now, hard) = (after(50 * MINUTE), after(59 * MINUTE));
    let ambiguous = setback(FailureClass::Ambiguous);
    assert!(life.retry_at(&ambiguous, now).unwrap() <= now.saturating_add(Duration::from_secs(5)));
    let doubt = Life { state: ConnectionState::RefreshUnknown, state_since: now, failures: 1, ..life };
    let early = now.saturating_add(Duration::from_secs(2));
    let random = Setback { random: MOST / 4, ..ambiguous };
    assert!(doubt.retry_at(&random, early).unwrap() < now.saturating_add(Duration::from_secs(10)));
    // The grace is over before the next try.
    assert_eq!(doubt.retry_at(&ambiguous, early), Some(hard));
    assert!(doubt.may_send_in_doubt(early) && !doubt.may_send_in_doubt(now.saturating_add(MINUTE)));
    assert!(doubt.may_send_in_doubt(hard));
    // A clock that stepped back makes no grace.
    assert!(!doubt.may_send_in_doubt(now.saturating_sub(MINUTE)));
}

#[test]
fn the_attempt_of_a_dead_process_is_in_doubt_if_it_may_have_spent_the_refresh_token() {
    let grace = Renewal::RefreshToken(Rotation::Grace(Duration::from_secs(10)));
    let later = |seconds| after(Duration::from_secs(seconds));
    let cases = [
        (LASTING, true, 60, Takeover::GoOn),
        (AT_ONCE, true, 60, Takeover::GoOn),
        (Renewal::FromParent, true, 60, Takeover::GoOn),
        (STRICT, false, 60, Takeover::GoOn),
        (STRICT, true, 0, Takeover::InDoubt),
        (grace, false, 60, Takeover::GoOn),
        (grace, true, 9, Takeover::GoOn),
        (grace, true, 10, Takeover::InDoubt),
    ];
    for (renewal, sent, seconds, expected) in cases {
        assert_eq!(
            takeover(renewal, sent, start(), later(seconds)),
            expected,
            "{renewal:?} {sent} {seconds}"
        );
    }
    assert_eq!(takeover(grace, true, start(), start().saturating_sub(HOUR)), Takeover::InDoubt);
}

proptest! {
    #[test]
    fn no_failure_leads_to_a_busy_loop(
        class in select(FailureClass::all()),
        renewal in select(vec![LASTING, STRICT, AT_ONCE, Renewal::MayExtend]),
        failures: u32,
        random: u32,
        hint in proptest::option::of(any::<u64>().prop_map(Duration::from_secs)),
        seconds in 0_u64..120 * 86_400,
    ) {
        let life = Life { failures, ..generic(renewal, 60 * DAY) };
        let now = after(Duration::from_secs(seconds));
        let Some(due) = life.retry_at(&Setback { class, retry_after: hint, random }, now) else { return Ok(()) };
        let hard = life.hard_end().unwrap();
        prop_assert!(due > now);
        prop_assert!(due <= now.saturating_add(DAY) || due == hard, "{due}");
        if now < hard && hint.is_none() {
            prop_assert!(due <= hard);
        }
    }
}
