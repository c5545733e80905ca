//! Cutting ranges of days without cutting a step.

use super::words::AdGranularity;
use crate::date::{Date, DateRange};

/// The ranges that are asked for one by one: days by the month, all other steps at once.
pub(super) fn slices(range: DateRange, granularity: &AdGranularity, today: Date) -> Vec<DateRange> {
    let mut slices = Vec::new();
    let mut rest = range;
    if *granularity == AdGranularity::Daily {
        let last = last_day(&range, today);
        while rest.start().last_of_month() < last {
            let (first, second) = cut_after(&rest, rest.start().last_of_month());
            slices.push(first);
            rest = second;
        }
    }
    slices.push(rest);
    slices
}

/// Two halves of a range, each of whole steps; nothing when it is one step, or cannot be cut.
pub(super) fn halves(
    range: &DateRange,
    granularity: &AdGranularity,
    today: Date,
) -> Option<(DateRange, DateRange)> {
    let (first, last) = (range.start(), last_day(range, today));
    let day = match granularity {
        AdGranularity::Daily => {
            let days = first.days_until(last);
            (days > 0).then(|| first.plus_days((days - 1) / 2))?
        }
        AdGranularity::Monthly => {
            let months = months(last) - months(first);
            (months > 0).then(|| first.first_of_month_after((months - 1) / 2).last_of_month())?
        }
        AdGranularity::Yearly => {
            let years = i32::from(last.year()) - i32::from(first.year());
            (years > 0).then(|| first.first_of_month_after(12 * ((years - 1) / 2)).last_of_year())?
        }
        // One step for the whole range: its figures are no sums of shorter ranges.
        _ => return None,
    };
    Some(cut_after(range, day))
}

/// The last day that can have figures. An open range stays open at its end.
fn last_day(range: &DateRange, today: Date) -> Date {
    range.end().unwrap_or_else(|| today.max(range.start()))
}

fn cut_after(range: &DateRange, day: Date) -> (DateRange, DateRange) {
    (DateRange::new(range.start(), day), DateRange::with_end(day.plus_days(1), range.end()))
}

fn months(date: Date) -> i32 {
    i32::from(date.year()) * 12 + i32::from(date.month())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn range(start: &str, end: &str) -> DateRange {
        DateRange::new(day(start), day(end))
    }

    #[test]
    fn days_are_asked_for_by_the_month() {
        let today = day("2026-03-10");
        let year = range("2025-11-15", "2026-02-28");
        assert_eq!(
            slices(year, &AdGranularity::Daily, today),
            [
                range("2025-11-15", "2025-11-30"),
                range("2025-12-01", "2025-12-31"),
                range("2026-01-01", "2026-01-31"),
                range("2026-02-01", "2026-02-28"),
            ]
        );
        let open = DateRange::since(day("2026-02-20"));
        assert_eq!(
            slices(open, &AdGranularity::Daily, today),
            [range("2026-02-20", "2026-02-28"), DateRange::since(day("2026-03-01"))]
        );
        for granularity in [AdGranularity::All, AdGranularity::Monthly, AdGranularity::from("NEW")] {
            assert_eq!(slices(year, &granularity, today), [year]);
        }
        let future = DateRange::since(day("2027-01-20"));
        assert_eq!(slices(future, &AdGranularity::Daily, today), [future]);
    }

    #[test]
    fn a_step_is_never_cut() {
        let today = day("2026-03-10");
        let cut = |range, granularity: &str| halves(&range, &AdGranularity::from(granularity), today);
        assert_eq!(
            cut(range("2026-01-01", "2026-01-31"), "DAILY"),
            Some((range("2026-01-01", "2026-01-15"), range("2026-01-16", "2026-01-31")))
        );
        assert_eq!(
            cut(range("2026-01-01", "2026-01-02"), "DAILY"),
            Some((range("2026-01-01", "2026-01-01"), range("2026-01-02", "2026-01-02")))
        );
        assert_eq!(cut(range("2026-01-01", "2026-01-01"), "DAILY"), None);
        assert_eq!(
            cut(range("2025-11-15", "2026-02-10"), "MONTHLY"),
            Some((range("2025-11-15", "2025-12-31"), range("2026-01-01", "2026-02-10")))
        );
        assert_eq!(cut(range("2026-02-01", "2026-02-28"), "MONTHLY"), None);
        assert_eq!(
            cut(range("2024-05-05", "2025-01-01"), "YEARLY"),
            Some((range("2024-05-05", "2024-12-31"), range("2025-01-01", "2025-01-01")))
        );
        assert_eq!(cut(range("2026-01-01", "2026-12-31"), "YEARLY"), None);
        assert_eq!(cut(range("2020-01-01", "2026-12-31"), "ALL"), None);
        assert_eq!(
            cut(DateRange::since(day("2026-03-09")), "DAILY"),
            Some((range("2026-03-09", "2026-03-09"), DateRange::since(day("2026-03-10"))))
        );
        assert_eq!(cut(DateRange::since(day("2026-03-10")), "DAILY"), None);
    }

    proptest! {
        #[test]
        fn halves_are_the_whole(start in 0_i64..4000, length in 0_i64..3000, which in 0_usize..3) {
            let granularity = [AdGranularity::Daily, AdGranularity::Monthly, AdGranularity::Yearly][which].clone();
            let first = day("2018-01-01").plus_days(start);
            let whole = DateRange::new(first, first.plus_days(length));
            let pieces = slices(whole, &granularity, day("2026-03-10"));
            for pair in pieces.windows(2) {
                prop_assert_eq!(pair[0].end().unwrap().plus_days(1), pair[1].start());
            }
            prop_assert_eq!((pieces[0].start(), pieces[pieces.len() - 1].end()), (whole.start(), whole.end()));
            if let Some((one, two)) = halves(&whole, &granularity, day("2026-03-10")) {
                prop_assert_eq!((one.start(), two.end()), (whole.start(), whole.end()));
                prop_assert_eq!(one.end().unwrap().plus_days(1), two.start());
                prop_assert!(one.start() <= one.end().unwrap() && two.start() <= two.end().unwrap());
            }
        }
    }
}
