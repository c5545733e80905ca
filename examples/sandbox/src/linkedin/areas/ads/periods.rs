//! The periods of a report: `timeGranularity`.

use super::super::super::calendar::{month_start, year_start};

/// How the range of a report is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Granularity {
    All,
    Daily,
    Monthly,
    Yearly,
}

impl Granularity {
    pub(super) fn read(word: &str) -> Option<Self> {
        match word {
            "ALL" => Some(Self::All),
            "DAILY" => Some(Self::Daily),
            "MONTHLY" => Some(Self::Monthly),
            "YEARLY" => Some(Self::Yearly),
            _ => None,
        }
    }

    /// The periods from `start` to before `end`; the first and the last may be cut short.
    pub(super) fn cut(self, start: i64, end: i64) -> Vec<(i64, i64)> {
        let mut periods = Vec::new();
        let mut from = start;
        while from < end {
            let to = match self {
                Self::All => end,
                Self::Daily => from.saturating_add(1),
                Self::Monthly => month_start(from, 1),
                Self::Yearly => year_start(from, 1),
            };
            periods.push((from, to.min(end)));
            from = to;
        }
        periods
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_where_the_calendar_turns() {
        // 2025-12-30 to 2026-01-02.
        let (start, end) = (20_452, 20_455);
        for (word, periods) in [
            ("ALL", vec![(20_452, 20_455)]),
            ("DAILY", vec![(20_452, 20_453), (20_453, 20_454), (20_454, 20_455)]),
            ("MONTHLY", vec![(20_452, 20_454), (20_454, 20_455)]),
            ("YEARLY", vec![(20_452, 20_454), (20_454, 20_455)]),
        ] {
            assert_eq!(Granularity::read(word).unwrap().cut(start, end), periods, "{word}");
        }
        assert_eq!(Granularity::read("WEEKLY"), None);
        assert!(Granularity::Daily.cut(end, start).is_empty());
    }
}
