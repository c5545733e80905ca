//! Ids and times that Meta would take, but not understand.

use sociogram_api_core::{Finding, Timestamp};

use super::MILLISECONDS_FROM;
use crate::event::Event;
use crate::fbc;
use crate::field::Field;
use crate::user_data::CustomerValue;

/// Meta documents no limit of event ids. Longer ones are more likely a mistake than an id.
const EVENT_ID_MAX: usize = 128;

pub(super) fn check(event: &Event, findings: &mut Vec<Finding>) {
    if let Some(id) = event.id.as_deref() {
        event_id(id, findings);
    }
    for (field, value) in event.user_data.entries() {
        if let CustomerValue::Plain(text) = value {
            customer_id(*field, text.trim(), findings);
        }
    }
    original_event(event, findings);
    attribution(event, findings);
}

fn event_id(id: &str, findings: &mut Vec<Finding>) {
    let warning = |message: &'static str| Finding::warning("capi.event_id", "event_id", message);
    if id.trim().is_empty() {
        findings.push(
            warning("empty, so the event of the browser is counted beside this one")
                .advice("leave it out, or pass the eventID of the pixel"),
        );
    } else if id.contains(|c: char| c.is_whitespace() || c.is_control()) {
        findings.push(
            warning("white space or a control character in it")
                .advice("make sure that the pixel sends exactly the same text as eventID"),
        );
    }
    if id.len() > EVENT_ID_MAX {
        findings.push(
            warning("unusually long")
                .measured(format_args!("{} bytes", id.len()))
                .allowed(format_args!("{EVENT_ID_MAX} bytes"))
                .advice("pass a short id, such as the one of event_id::stable"),
        );
    }
}

fn customer_id(field: Field, text: &str, findings: &mut Vec<Finding>) {
    match field {
        Field::LeadId
            if !text.is_empty()
                && (!(15..=17).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit())) =>
        {
            findings.push(
                Finding::warning(
                    "capi.lead_id",
                    "user_data.lead_id",
                    "it does not look like the id of a lead",
                )
                .allowed("15 to 17 digits")
                .advice("pass the id that lead ads gave, without l: in front"),
            );
        }
        Field::Madid if text.len() == 36 && text.bytes().all(|b| matches!(b, b'0' | b'-')) => {
            findings.push(
                Finding::warning("capi.madid.zero", "user_data.madid", "all zeros match nobody")
                    .advice("leave it out when the person did not allow tracking"),
            );
        }
        Field::Fbc | Field::Fbp if fbc::is_in_seconds(text) => {
            let path = if field == Field::Fbc { "user_data.fbc" } else { "user_data.fbp" };
            findings.push(
                Finding::warning("capi.fb_cookie.seconds", path, "its time looks like seconds")
                    .advice("give milliseconds since 1970, or build it with Fbc and Fbp"),
            );
        }
        _ => {}
    }
}

fn original_event(event: &Event, findings: &mut Vec<Finding>) {
    let Some(time) = event.original_event_data.as_ref().and_then(|original| original.event_time) else {
        return;
    };
    let path = "original_event_data.event_time";
    if is_in_milliseconds(time, path, findings) {
        return;
    }
    if time > event.time {
        findings.push(
            Finding::warning("capi.original_event_data", path, "after the event that completes it")
                .measured(time)
                .advice("give the time of the earlier event"),
        );
    }
}

fn attribution(event: &Event, findings: &mut Vec<Finding>) {
    let data = event.attribution_data.as_deref();
    let rule = "capi.attribution_data";
    if event.name == "AppendAttribution" {
        for (is_there, path) in [
            (data.is_some_and(|data| data.ad_id.is_some()), "attribution_data.ad_id"),
            (data.is_some_and(|data| data.touchpoint_ts.is_some()), "attribution_data.touchpoint_ts"),
            (data.is_some_and(|data| data.attribution_share.is_some()), "attribution_data.attribution_share"),
            (data.is_some_and(|data| data.attribution_value.is_some()), "attribution_data.attribution_value"),
        ] {
            if !is_there {
                findings.push(Finding::warning(rule, path, "an AppendAttribution event should have it"));
            }
        }
    }
    let Some(data) = data else { return };
    let share = data.attribution_share.as_ref().and_then(|share| share.as_str().parse::<f64>().ok());
    if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        findings.push(
            Finding::warning(rule, "attribution_data.attribution_share", "not a share").allowed("0 to 1"),
        );
    }
    for (time, path) in [
        (data.visit_time, "attribution_data.visit_time"),
        (data.touchpoint_ts, "attribution_data.touchpoint_ts"),
    ] {
        if let Some(time) = time {
            is_in_milliseconds(time, path, findings);
        }
    }
}

fn is_in_milliseconds(time: Timestamp, path: &'static str, findings: &mut Vec<Finding>) -> bool {
    let is = time.as_unix_seconds() >= MILLISECONDS_FROM;
    if is {
        findings.push(
            Finding::warning("capi.time.milliseconds", path, "looks like milliseconds")
                .advice("give whole seconds since 1970"),
        );
    }
    is
}
