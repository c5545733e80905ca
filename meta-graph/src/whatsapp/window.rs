//! The time after a person's message in which anything may be sent.

use std::time::Duration;

use sociogram_api_core::{Finding, Timestamp};

use super::message::Message;
use crate::guard::rules;

/// How long after a person's last message or call anything may be sent: 24 hours. After a click on an ad that leads
/// to WhatsApp, templates are free of charge for 72 hours; that changes nothing here.
pub const WINDOW: Duration = Duration::from_secs(rules::W13_WINDOW_SECONDS.unsigned_abs());

/// How far apart messages to the same person should be in the long run: 6 seconds. Beyond it Meta refuses with
/// 131056 ([`RateLimitScope::Pair`](crate::RateLimitScope::Pair)); wait 4 seconds, then 16, then 64 and so on. Other
/// recipients are not touched by it.
pub const PAIR_INTERVAL: Duration = Duration::from_secs(rules::W14_PAIR_SECONDS.unsigned_abs());

/// How many messages to the same person may be sent at once, before [`PAIR_INTERVAL`] counts.
pub const PAIR_BURST: u32 = 45;

/// When the window closes. `last_inbound`: when the person last wrote or called, from the webhook.
pub fn window_end(last_inbound: Timestamp) -> Timestamp {
    last_inbound.saturating_add(WINDOW)
}

/// Whether this message may be sent now. `last_inbound`: when the person last wrote or called, from the webhook;
/// `None` if never. A template always may (131047 otherwise).
pub fn check_window(message: &Message, last_inbound: Option<Timestamp>, now: Timestamp) -> Option<Finding> {
    let open = last_inbound.is_some_and(|time| now < window_end(time));
    (!open && !message.opens_conversation()).then(|| {
        let measured = last_inbound.map_or_else(
            || "the person never wrote".to_owned(),
            |time| format!("{} hours ago", now.saturating_duration_since(time).as_secs() / 3_600),
        );
        rules::W13.finding("message").measured(measured)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whatsapp::TemplateMessage;

    #[test]
    fn after_a_day_only_a_template_may_be_sent() {
        let (text, template) =
            (Message::text("hello"), Message::from(TemplateMessage::new("hello_world", "en_US")));
        let wrote = Timestamp::from_unix_seconds(1_800_000_000);
        let day = Duration::from_secs(86_400);
        let just_before = wrote.saturating_add(day).saturating_sub(Duration::from_millis(1));
        for (last, now, allowed) in [
            (Some(wrote), wrote, true),
            (Some(wrote), just_before, true),
            (Some(wrote), wrote.saturating_add(day), false),
            (None, wrote, false),
            // A clock that is a little behind the webhook's.
            (Some(wrote), wrote.saturating_sub(Duration::from_secs(5)), true),
        ] {
            assert_eq!(check_window(&text, last, now).is_none(), allowed, "{last:?} {now}");
            assert_eq!(check_window(&template, last, now), None);
        }
        let finding = check_window(&text, Some(wrote), wrote.saturating_add(day)).unwrap();
        assert_eq!((finding.rule(), finding.measured_value()), (rules::W13.name, Some("24 hours ago")));
    }
}
