//! The whole function as a table to read.

use std::fmt::Write as _;

use super::*;

/// One of each state; the reason of the loss makes no difference.
const STATES: [ConnectionState; 7] = [
    ConnectionState::Connected,
    ConnectionState::RefreshFailing,
    ConnectionState::RefreshUnknown,
    ConnectionState::NeedsReauth(ReauthReason::Checkpoint),
    ConnectionState::BlockedByParent,
    ConnectionState::Revoked,
    ConnectionState::Disconnected,
];

/// One event of each sort that is treated differently.
const EVENTS: [(&str, StateEvent); 23] = [
    ("reconnected", StateEvent::Reconnected),
    ("refreshed", StateEvent::Refreshed),
    ("failed: app_removed", failed(FailureClass::Terminal(ReauthReason::AppRemoved))),
    ("failed: grant_revoked", failed(FailureClass::Terminal(ReauthReason::GrantRevoked))),
    ("failed: permissions_lost", failed(FailureClass::Terminal(ReauthReason::PermissionsLost))),
    ("failed: app_config", failed(FailureClass::AppConfig)),
    ("failed: throttled", failed(FailureClass::Throttled)),
    ("failed: not_sent", failed(FailureClass::NotSent)),
    ("failed: transient", failed(FailureClass::Transient)),
    ("failed: ambiguous", failed(FailureClass::Ambiguous)),
    ("failed: refused", failed(FailureClass::Refused)),
    ("failed: defect", failed(FailureClass::Defect)),
    ("taken over", StateEvent::TakenOver),
    ("rejected", StateEvent::Rejected),
    ("checked: alive", StateEvent::Checked(Verdict::Alive)),
    ("checked: dead, expired", StateEvent::Checked(Verdict::Dead(ReauthReason::GrantExpired))),
    ("checked: dead, checkpoint", StateEvent::Checked(Verdict::Dead(ReauthReason::Checkpoint))),
    ("checked: unknown", StateEvent::Checked(Verdict::Unknown)),
    ("grant lost: app_removed", StateEvent::GrantLost(ReauthReason::AppRemoved)),
    ("parent lost", StateEvent::ParentLost),
    ("parent back", StateEvent::ParentBack),
    ("withdrawn", StateEvent::Withdrawn),
    ("disconnect", StateEvent::Disconnect),
];

const fn failed(class: FailureClass) -> StateEvent {
    StateEvent::RefreshFailed(class)
}

fn cell(state: ConnectionState, event: StateEvent, context: &Context) -> String {
    let Ok(Transition { state: after, effects }) = next(state, event, context) else {
        return "illegal".to_owned();
    };
    let mut words = Vec::new();
    words.push(match after {
        _ if after == state => "=".to_owned(),
        ConnectionState::NeedsReauth(reason) => format!("needs_reauth({reason})"),
        other => other.to_string(),
    });
    let flags = [
        (effects.shred, "shred"),
        (effects.notify, "notify"),
        (effects.cascade == Some(Cascade::Lost), "children_lost"),
        (effects.cascade == Some(Cascade::Back), "children_back"),
        (effects.check, "check"),
        (effects.check_parent, "check_parent"),
        (effects.renew, "renew"),
        (effects.report_app, "report_app"),
        (effects.alarm, "alarm"),
        (effects.chain_lost, "chain_lost"),
    ];
    words.extend(flags.into_iter().filter(|(set, _)| *set).map(|(_, word)| word.to_owned()));
    words.join(" +")
}

/// The table of one context; of the ones after the first only what differs from it.
fn table(title: &str, context: &Context, first: Option<&Context>) -> String {
    let mut text = format!("# {title}\n");
    for state in STATES {
        let mut rows = String::new();
        for (name, event) in EVENTS {
            let outcome = cell(state, event, context);
            if first.is_none_or(|first| cell(state, event, first) != outcome) {
                let _ = writeln!(rows, "  {name:<26} {outcome}");
            }
        }
        if !rows.is_empty() {
            let _ = write!(text, "\n{state}\n{rows}");
        }
    }
    text
}

#[test]
fn the_whole_matrix_is_as_written_down() {
    let lasting = Context::new(LASTING);
    let [_, refused, rejected] = strikes().try_into().unwrap();
    let ended = Context { ended: true, strikes: refused, ..lasting };
    let tables = [
        table("A refresh token that stays good (LinkedIn)", &lasting, None),
        table("Different: a refresh token that is good once", &Context::new(STRICT), Some(&lasting)),
        table(
            "Different: no refresh token (Facebook person)",
            &Context::new(Renewal::MayExtend),
            Some(&lasting),
        ),
        table("Different: derived from a parent (Page)", &Context::new(Renewal::FromParent), Some(&lasting)),
        table("Different: refused for good", &Context { strikes: refused, ..lasting }, Some(&lasting)),
        table("Different: refused for good, and ended", &ended, Some(&lasting)),
        table("Different: rejected for good", &Context { strikes: rejected, ..lasting }, Some(&lasting)),
    ];
    let legend =
        "`=`: the state stays. A row has the event, the state after it, and what is done about it.\n";
    let actual = format!("{legend}\n{}", tables.join("\n"));
    assert!(actual == include_str!("matrix.txt"), "the matrix is now:\n{actual}");
}
