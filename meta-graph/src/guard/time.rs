//! When something may be published or sent.

use sociogram_api_core::{Finding, Timestamp};

use super::rules::{self, Rule};

/// Whether a post of a Page can be scheduled for this time (Page Posts: Publish a Scheduled Post).
///
/// Less than 10 minutes ahead is refused, less than 12 may be when the request is slow. How far ahead it may be,
/// Meta's pages contradict each other: more than 30 days is a warning, more than 75 days an error.
pub fn schedule(at: Timestamp, now: Timestamp) -> Vec<Finding> {
    let ahead = seconds_between(now, at);
    let rule = if ahead < rules::F3_MIN_SECONDS {
        rules::F3
    } else if ahead < rules::F3_SAFE_SECONDS {
        rules::F3_SAFE
    } else if ahead > rules::F4_HARD_SECONDS {
        rules::F4_HARD
    } else if ahead > rules::F4_MAX_SECONDS {
        rules::F4
    } else {
        return Vec::new();
    };
    vec![rule.finding("scheduled_publish_time").measured(from_now(ahead))]
}

/// Whether a reel of a Page can be scheduled for this time: as [`schedule`], but more than 29 days ahead is
/// already a warning (Reels Publishing).
pub fn schedule_reel(at: Timestamp, now: Timestamp) -> Vec<Finding> {
    let findings = schedule(at, now);
    let ahead = seconds_between(now, at);
    if ahead <= rules::F19_MAX_SECONDS || super::blocks(&findings) {
        return findings;
    }
    vec![rules::F19.finding("scheduled_publish_time").measured(from_now(ahead))]
}

/// What is to be sent to a person, and thereby how long after their last message it may be.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyWindow {
    /// A free message of WhatsApp: 24 hours. A template may be sent at any time.
    WhatsApp,
    /// A message of Messenger or Instagram: 24 hours.
    Messenger,
    /// A message of Messenger or Instagram written by a human, with the tag `HUMAN_AGENT`: 7 days. Needs the
    /// feature Human Agent.
    HumanAgent,
}

/// Whether a person can be answered now (Cloud API: Customer service windows; Messenger Platform: Policy).
///
/// Without a last message from them there is no window at all.
pub fn messaging_window(
    last_inbound: Option<Timestamp>,
    now: Timestamp,
    window: ReplyWindow,
) -> Vec<Finding> {
    let (rule, lasts) = match window {
        ReplyWindow::WhatsApp => (rules::W13, rules::W13_WINDOW_SECONDS),
        ReplyWindow::Messenger => (rules::M6, rules::M6_WINDOW_SECONDS),
        ReplyWindow::HumanAgent => (rules::M6, rules::M6_HUMAN_WINDOW_SECONDS),
    };
    let Some(last) = last_inbound else {
        return vec![rule.finding("recipient").measured("they have never written")];
    };
    within(rule, "recipient", last, now, lasts)
}

/// Whether a comment can still be answered in private: once, within 7 days (Messenger Platform: Private Replies).
pub fn private_reply(commented_at: Timestamp, now: Timestamp, already_replied: bool) -> Vec<Finding> {
    let mut findings =
        within(rules::M11, "recipient.comment_id", commented_at, now, rules::M11_WINDOW_SECONDS);
    if already_replied {
        findings.push(rules::M11_ONCE.finding("recipient.comment_id"));
    }
    findings
}

fn within(rule: Rule, field: &'static str, from: Timestamp, now: Timestamp, lasts: i64) -> Vec<Finding> {
    let passed = seconds_between(from, now);
    if passed <= lasts { Vec::new() } else { vec![rule.finding(field).measured(ago(passed))] }
}

fn seconds_between(from: Timestamp, to: Timestamp) -> i64 {
    to.as_unix_seconds().saturating_sub(from.as_unix_seconds())
}

fn from_now(seconds: i64) -> String {
    match seconds {
        ..0 => "in the past".to_owned(),
        0..7_200 => format!("{} minutes from now", seconds / 60),
        _ => format!("{} days from now", seconds / 86_400),
    }
}

fn ago(seconds: i64) -> String {
    format!("{} hours ago", seconds / 3_600)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);
    const MINUTE: i64 = 60;
    const DAY: i64 = 86_400;

    fn after(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(NOW.as_unix_seconds() + seconds)
    }

    fn names(findings: &[Finding]) -> Vec<&'static str> {
        findings.iter().map(Finding::rule).collect()
    }

    #[test]
    fn a_post_is_scheduled_from_ten_minutes_to_thirty_days_ahead() {
        for (ahead, expected) in [
            (-1, Some(rules::F3)),
            (10 * MINUTE - 1, Some(rules::F3)),
            (10 * MINUTE, Some(rules::F3_SAFE)),
            (12 * MINUTE - 1, Some(rules::F3_SAFE)),
            (12 * MINUTE, None),
            (30 * DAY, None),
            (30 * DAY + 1, Some(rules::F4)),
            (75 * DAY, Some(rules::F4)),
            (75 * DAY + 1, Some(rules::F4_HARD)),
        ] {
            let expected: Vec<_> = expected.iter().map(|rule| rule.name).collect();
            assert_eq!(names(&schedule(after(ahead), NOW)), expected, "{ahead}");
        }
    }

    #[test]
    fn a_reel_is_scheduled_up_to_twenty_nine_days_ahead() {
        for (ahead, expected) in [
            (10 * MINUTE - 1, Some(rules::F3)),
            (12 * MINUTE, None),
            (29 * DAY, None),
            (29 * DAY + 1, Some(rules::F19)),
            (31 * DAY, Some(rules::F19)),
            (76 * DAY, Some(rules::F4_HARD)),
        ] {
            let expected: Vec<_> = expected.iter().map(|rule| rule.name).collect();
            assert_eq!(names(&schedule_reel(after(ahead), NOW)), expected, "{ahead}");
        }
    }

    #[test]
    fn findings_of_time_say_how_far_it_is() {
        let measured = |at| schedule(at, NOW)[0].measured_value().unwrap().to_owned();
        assert_eq!(measured(after(-5)), "in the past");
        assert_eq!(measured(after(300)), "5 minutes from now");
        assert_eq!(measured(after(40 * DAY)), "40 days from now");
        assert_eq!(measured(Timestamp::from_unix_seconds(i64::MIN / 2_000)), "in the past");
    }

    #[test]
    fn a_window_closes_one_second_after_it_lasts() {
        for (window, lasts, rule) in [
            (ReplyWindow::WhatsApp, DAY, rules::W13),
            (ReplyWindow::Messenger, DAY, rules::M6),
            (ReplyWindow::HumanAgent, 7 * DAY, rules::M6),
        ] {
            assert_eq!(messaging_window(Some(after(-lasts)), NOW, window), []);
            let closed = messaging_window(Some(after(-lasts - 1)), NOW, window);
            assert_eq!(names(&closed), [rule.name]);
            assert_eq!(names(&messaging_window(None, NOW, window)), [rule.name]);
            let ahead_of_our_clock = messaging_window(Some(after(100)), NOW, window);
            assert_eq!(ahead_of_our_clock, []);
        }
    }

    #[test]
    fn a_private_reply_is_sent_once_within_a_week() {
        assert_eq!(private_reply(after(-7 * DAY), NOW, false), []);
        assert_eq!(names(&private_reply(after(-7 * DAY - 1), NOW, false)), [rules::M11.name]);
        assert_eq!(names(&private_reply(NOW, NOW, true)), [rules::M11_ONCE.name]);
        assert_eq!(private_reply(after(-8 * DAY), NOW, true).len(), 2);
    }
}
