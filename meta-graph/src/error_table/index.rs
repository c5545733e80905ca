//! The rows in the order of their numbers, put so by the compiler, to be found without looking at all of them.

#![allow(clippy::indexing_slicing, reason = "the compiler runs it: an index out of bounds does not compile")]

use super::{Key, Row, SECTIONS};

/// In which of the lists a row stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Pairs by their subcode, and unique ids.
    Exact,
    Code,
    Range,
}

const EXACT: [&Row; count(Kind::Exact)] = sorted(Kind::Exact);
const CODES: [&Row; count(Kind::Code)] = sorted(Kind::Code);
const RANGES: [&Row; count(Kind::Range)] = sorted(Kind::Range);

const fn is_of(row: &Row, kind: Kind) -> bool {
    match row.key {
        Key::Pair(..) | Key::Id(_) => matches!(kind, Kind::Exact),
        Key::Code(_) => matches!(kind, Kind::Code),
        Key::Range(..) => matches!(kind, Kind::Range),
    }
}

const fn number(row: &Row) -> i64 {
    match row.key {
        Key::Pair(_, number) | Key::Id(number) | Key::Code(number) | Key::Range(number, _) => number,
    }
}

const fn count(kind: Kind) -> usize {
    let (mut section, mut found) = (0, 0);
    while section < SECTIONS.len() {
        let mut row = 0;
        while row < SECTIONS[section].len() {
            found += is_of(&SECTIONS[section][row], kind) as usize;
            row += 1;
        }
        section += 1;
    }
    found
}

const fn sorted<const N: usize>(kind: Kind) -> [&'static Row; N] {
    let mut rows = [&SECTIONS[0][0]; N];
    let (mut section, mut length) = (0, 0);
    while section < SECTIONS.len() {
        let mut at = 0;
        while at < SECTIONS[section].len() {
            let row = &SECTIONS[section][at];
            if is_of(row, kind) {
                let mut place = length;
                while place > 0 && number(rows[place - 1]) > number(row) {
                    rows[place] = rows[place - 1];
                    place -= 1;
                }
                rows[place] = row;
                length += 1;
            }
            at += 1;
        }
        section += 1;
    }
    rows
}

fn equal(rows: &'static [&'static Row], wanted: i64) -> impl Iterator<Item = &'static Row> {
    let start = rows.partition_point(|row| number(row) < wanted);
    rows.iter().skip(start).take_while(move |row| number(row) == wanted).copied()
}

/// Pairs with this subcode, and the row of this unique id.
pub(super) fn exact(id: i64) -> impl Iterator<Item = &'static Row> {
    equal(&EXACT, id)
}

/// Rows of this code.
pub(super) fn code(code: i64) -> impl Iterator<Item = &'static Row> {
    equal(&CODES, code)
}

/// The narrowest range that holds `number`.
pub(super) fn range(number: i64) -> Option<&'static Row> {
    let width = |row: &Row| match row.key {
        Key::Range(from, to) if (from..=to).contains(&number) => Some(to - from),
        _ => None,
    };
    let holding = RANGES.iter().filter_map(|row| Some((width(row)?, *row)));
    holding.min_by_key(|(width, _)| *width).map(|(_, row)| row)
}
