//! The conversion events of the demo: a file of good and bad lines, made fresh.

use sociogram::api_core::Timestamp;

/// Events with their age at the time the file was written, and some lines that are not good on purpose.
const FILE: &str = include_str!("../../../data/events.ndjson");

/// How old the youngest event is made, in seconds.
const YOUNGEST: i64 = 180;

/// The file with every `event_time` moved so that the youngest event happened three minutes before `now`. The
/// text is changed and not parsed: some lines are not JSON, and numbers must stay as they are written.
pub(super) fn fresh(now: Timestamp) -> String {
    let newest = times(FILE).map(|(_, _, time)| time).max().unwrap_or_default();
    let shift = now.as_unix_seconds() - YOUNGEST - newest;
    let mut out = String::with_capacity(FILE.len());
    let mut done = 0;
    for (start, end, time) in times(FILE) {
        out.push_str(FILE.get(done..start).unwrap_or_default());
        out.push_str(&(time + shift).to_string());
        done = end;
    }
    out.push_str(FILE.get(done..).unwrap_or_default());
    out
}

/// What the good lines have in common and the bad ones lack: an id such as `demo-0042`, in the order of the
/// file. `None` marks a bad line.
pub(super) fn expected() -> Vec<Option<String>> {
    let id = |line: &str| {
        let (_, rest) = line.split_once("\"event_id\": \"demo-")?;
        let (number, _) = rest.split_once('"')?;
        number.bytes().all(|byte| byte.is_ascii_digit()).then(|| format!("demo-{number}"))
    };
    FILE.lines().map(id).collect()
}

/// Where the numbers after `"event_time":` start and end, and what they are.
fn times(text: &str) -> impl Iterator<Item = (usize, usize, i64)> + '_ {
    const MEMBER: &str = "\"event_time\":";
    text.match_indices(MEMBER).filter_map(move |(at, _)| {
        let after = at + MEMBER.len();
        let rest = text.get(after..)?;
        let start = after + (rest.len() - rest.trim_start_matches(' ').len());
        let digits = text.get(start..)?.bytes().take_while(u8::is_ascii_digit).count();
        let number = text.get(start..start + digits)?.parse().ok()?;
        Some((start, start + digits, number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_move_together_and_nothing_else_changes() {
        let now = Timestamp::from_unix_seconds(1_900_000_000);
        let text = fresh(now);
        let (old, new): (Vec<i64>, Vec<i64>) =
            times(FILE).zip(times(&text)).map(|((_, _, old), (_, _, new))| (old, new)).unzip();
        assert_eq!(new.iter().max(), Some(&(1_900_000_000 - YOUNGEST)));
        assert!(old.iter().zip(&new).all(|(old, new)| new - old == new.max(&0) - old), "one shift for all");
        assert_eq!(text.lines().count(), FILE.lines().count());
        let blank = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
        assert_eq!(blank(&text), blank(FILE));
    }

    #[test]
    fn the_file_has_good_and_bad_lines() {
        let expected = expected();
        assert!(expected.iter().filter(|id| id.is_some()).count() > 30);
        assert!(expected.iter().filter(|id| id.is_none()).count() > 3);
    }
}
