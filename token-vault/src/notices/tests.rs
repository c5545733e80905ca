use std::collections::BTreeSet;

use proptest::{prelude::*, sample::select};

use super::*;

/// A day, as a time.
fn day(days: i64) -> Timestamp {
    hour(24 * days)
}

fn hour(hours: i64) -> Timestamp {
    Timestamp::from_unix_seconds(1_700_000_000 + 3600 * hours)
}

fn token_ends(end: Timestamp) -> LoginEnds {
    LoginEnds { token: Some(end), token_life: Some(60 * DAY), ..LoginEnds::default() }
}

/// What is told when somebody looks at these times.
fn told(ends: &LoginEnds, times: impl IntoIterator<Item = Timestamp>) -> Vec<NoticeStage> {
    let mut notified = Notified::NONE;
    let mut told = Vec::new();
    for now in times {
        for notice in ends.due(notified, now) {
            notified = notified.with(notice.stage);
            told.push(notice.stage);
        }
    }
    told
}

#[test]
fn a_token_that_nothing_renews_is_announced_four_times() {
    use NoticeStage::{TokenIn1Day, TokenIn3Days, TokenIn7Days, TokenIn14Days};
    let ends = token_ends(day(60));
    let mut notified = Notified::NONE;
    for (stage, at) in [(TokenIn14Days, 46), (TokenIn7Days, 53), (TokenIn3Days, 57), (TokenIn1Day, 59)] {
        assert_eq!(ends.next_at(notified, day(0)), Some(day(at)));
        assert_eq!(ends.due(notified, day(at).saturating_sub(Duration::from_millis(1))), []);
        assert_eq!(ends.due(notified, day(at)), [Notice { stage, end: day(60) }]);
        notified = notified.with(stage);
    }
    assert_eq!((ends.next_at(notified, day(59)), ends.due(notified, day(60))), (None, vec![]));
}

#[test]
fn after_an_outage_the_closest_stage_alone_is_told() {
    let ends = token_ends(day(60));
    assert_eq!(
        told(&ends, [day(58), day(58), hour(24 * 59 + 1)]),
        [NoticeStage::TokenIn3Days, NoticeStage::TokenIn1Day]
    );
    assert_eq!(told(&ends, [day(60), day(70)]), []);
    assert_eq!(ends.next_at(Notified::NONE, day(58)), Some(day(46)));
}

#[test]
fn each_end_has_its_own_clock() {
    use NoticeStage::{DataAccessIn14Days, RefreshIn30Days, TokenIn14Days};
    let ends = LoginEnds { refresh: Some(day(76)), data_access: Some(day(60)), ..token_ends(day(60)) };
    assert_eq!(told(&ends, (0..=46).map(day)), [RefreshIn30Days, TokenIn14Days, DataAccessIn14Days]);
    // The refresh token's end is told once; what follows is the last access token's.
    let refresh = LoginEnds { refresh: Some(day(365)), ..LoginEnds::default() };
    assert_eq!(refresh.next_at(Notified::NONE, day(0)), Some(day(335)));
    assert_eq!(told(&refresh, (0..=400).map(day)), [RefreshIn30Days]);
}

#[test]
fn a_short_life_skips_the_stages_that_are_longer() {
    let ends = |life| LoginEnds {
        token: Some(hour(life)),
        token_life: Some(hour(life).saturating_duration_since(hour(0))),
        ..LoginEnds::default()
    };
    let every_hour = || (0..400).map(hour);
    assert_eq!(told(&ends(1), every_hour()), []);
    assert_eq!(told(&ends(24), every_hour()), []);
    assert_eq!(told(&ends(25), every_hour()), [NoticeStage::TokenIn1Day]);
    assert_eq!(told(&ends(5 * 24), every_hour()), [NoticeStage::TokenIn3Days, NoticeStage::TokenIn1Day]);
}

#[test]
fn an_end_that_moved_is_announced_anew_and_one_that_did_not_is_not() {
    let clocks = |token| Clocks { token, refresh: Expiry::At(day(300)), data_access: Expiry::Unknown };
    let given = Notified::from_stages([NoticeStage::TokenIn7Days, NoticeStage::RefreshIn30Days]);
    let before = clocks(Expiry::At(day(60)));
    for (after, kept) in [
        (Expiry::At(day(60)), true),
        (Expiry::At(day(61)), true),
        (Expiry::At(day(50)), true),
        (Expiry::Unknown, true),
        (Expiry::At(hour(24 * 61 + 1)), false),
        (Expiry::Never, false),
    ] {
        let notified = given.carried_over(&before, &clocks(after));
        assert_eq!(notified.has(NoticeStage::TokenIn7Days), kept, "{after:?}");
        assert!(notified.has(NoticeStage::RefreshIn30Days), "{after:?}");
    }
}

#[test]
fn notices_are_stored_by_name_and_unknown_names_are_dropped() {
    let names: BTreeSet<_> = NoticeStage::ALL.iter().map(|stage| stage.as_str()).collect();
    assert_eq!(names.len(), NoticeStage::ALL.len());
    for stage in NoticeStage::ALL {
        assert_eq!(NoticeStage::from_name(&stage.to_string()), Some(*stage));
        assert_eq!(serde_json::to_string(stage).unwrap(), format!("\"{stage}\""));
        assert!(stage.as_str().ends_with(&format!("_{}d", stage.days())), "{stage}");
        let json = serde_json::to_string(&Notified::NONE.with(*stage)).unwrap();
        assert_eq!(json, format!("[\"{stage}\"]"));
    }
    let read: Notified = serde_json::from_str(r#"["token_90d","refresh_30d","token_3d"]"#).unwrap();
    assert_eq!(read, Notified::from_stages([NoticeStage::TokenIn3Days, NoticeStage::RefreshIn30Days]));
    assert_eq!(serde_json::to_string(&Notified::NONE).unwrap(), "[]");
}

proptest! {
    /// Clocks may jump as they like: no stage comes twice, and none after a closer one of the same end.
    #[test]
    fn each_stage_comes_once_and_never_backwards(
        hours in proptest::collection::vec(-100_i64..1600, 0..200),
        ends in [0_i64..1500, 0..1500, 0..1500],
    ) {
        let [token, refresh, data_access] = ends.map(|end| Some(hour(end)));
        let ends = LoginEnds { token, token_life: Some(60 * DAY), refresh, data_access };
        let told = told(&ends, hours.into_iter().map(hour));
        for ending in [Ending::Token, Ending::Refresh, Ending::DataAccess] {
            let of_end: Vec<_> = told.iter().filter(|stage| stage.ending() == ending).collect();
            prop_assert!(of_end.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", told);
        }
    }

    #[test]
    fn whoever_looks_when_told_to_misses_no_stage(end in 400_i64..1500) {
        let ends = LoginEnds { data_access: Some(hour(end)), ..token_ends(hour(end)) };
        let (mut notified, mut now, mut count) = (Notified::NONE, hour(0), 0);
        while let Some(next) = ends.next_at(notified, now) {
            prop_assert!(next > now, "no progress");
            now = next;
            for notice in ends.due(notified, now) {
                notified = notified.with(notice.stage);
                count += 1;
            }
        }
        prop_assert_eq!(count, 8);
    }

    #[test]
    fn a_closer_stage_covers_the_ones_before(stages in proptest::collection::vec(select(NoticeStage::ALL), 0..9)) {
        let notified = Notified::from_stages(stages.iter().copied());
        for stage in NoticeStage::ALL {
            let covered = stages.iter().any(|given| given.ending() == stage.ending() && given.days() <= stage.days());
            prop_assert_eq!(notified.has(*stage), covered);
        }
        prop_assert_eq!(Notified::from_stages(notified.stages()), notified);
        let json = serde_json::to_string(&notified).unwrap();
        prop_assert_eq!(serde_json::from_str::<Notified>(&json).unwrap(), notified);
    }
}
